"""The Flux page through the frame: counts, filters, selection, address bar, empty states."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.model import Direction, Flow
from pages.ui.session import shared_store
from tests.geo.conftest import make_actor

CAB = "200070647"


def page() -> None:
    """Draw the page alone (AppTest runs this source)."""
    from pages import flows_page  # noqa: PLC0415 (AppTest runs the body alone)

    flows_page.render()


@pytest.fixture(scope="module")
def shared_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one runtime folder for the tests that write nothing."""
    return tmp_path_factory.mktemp("flows")


@pytest.fixture
def app(shared_var: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the page on demonstration data, not run yet."""
    monkeypatch.setenv("CARTOFLUX_VAR", str(shared_var))
    return AppTest.from_function(page, default_timeout=60)


def sentence(app: AppTest) -> str:
    """Return the sentence that counts what is shown."""
    return next(one.value for one in app.markdown if " flux**" in one.value)


def address(app: AppTest) -> dict[str, str]:
    """Return the address bar."""
    params = dict(app.query_params)
    return {key: value if isinstance(value, str) else value[0] for key, value in params.items()}


def headings(app: AppTest) -> list[str]:
    """Return titles of the sections."""
    return [one.value for one in app.header]


def test_everything_at_first(app: AppTest) -> None:
    """Nothing chosen: counts with their range, four sections, a clean address."""
    app.run()
    assert not app.exception
    assert "t/an (de" in sentence(app).replace("\\", "")
    assert "de quantité inconnue" in sentence(app)
    assert headings(app) == [
        "Les mêmes flux en rubans",
        "Les mêmes flux en tableau",
        "Le bilan matière",
        "Dans le temps",
        "Emporter",
    ]
    assert address(app) == {}


def test_a_stream_filters_and_says_what_it_hides(app: AppTest) -> None:
    """Choosing wood writes the address, counts what is hidden, and can be dropped."""
    app.query_params["filiere"] = "wood"
    app.run()
    assert not app.exception
    assert "les filtres en masquent" in sentence(app)
    assert set(app.dataframe[0].value["Filière"]) == {"Bois"}
    app.button(key="flows-drop-streams").click().run()
    assert "masquent" not in sentence(app)
    assert address(app) == {}


def test_a_link_gives_the_same_page(app: AppTest) -> None:
    """Filters, measure, diagram and selection of an address are shown and kept."""
    query = {
        "epci": CAB,
        "mesure": "co2e",
        "diagramme": "epci",
        "choix": "lieu=gate:bordeaux",
        "mois": "6,7,8",
    }
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert any("Sélection" in one.value and "Bordeaux" in one.value for one in app.markdown)
    assert "kg CO₂e/an" in app.dataframe[0].value.columns[4]
    assert set(address(app)) == set(query)


def test_a_selection_is_cleared_and_brought_back(app: AppTest) -> None:
    """« Effacer la sélection » clears, and the table shows all again."""
    app.query_params["choix"] = "lieu=gate:bordeaux"
    app.run()
    few = len(app.dataframe[0].value)
    next(one for one in app.button if one.label == "Effacer la sélection").click().run()
    assert not any("Sélection" in one.value for one in app.markdown)
    assert len(app.dataframe[0].value) > few
    assert "choix" not in address(app)


def test_an_unreadable_address_is_said(app: AppTest) -> None:
    """A broken filter gives a French sentence and the whole page, not an error."""
    app.query_params["fiab"] = "sur"
    app.query_params["mesure"] = "lunes"
    app.run()
    assert not app.exception
    assert any("fiab" in one.value for one in app.warning)


def test_an_unknown_actor_is_said(app: AppTest) -> None:
    """A filter on an actor that this view does not show is left aside, and said."""
    app.query_params["acteur"] = "nobody"
    app.run()
    assert not app.exception
    assert any("laissé de côté" in one.value for one in app.warning)


def test_nothing_left_offers_a_way_out(app: AppTest) -> None:
    """Filters that keep nothing name themselves, each with a button to drop it."""
    app.query_params["filiere"] = "water"
    app.query_params["min"] = "99999.0"
    app.run()
    assert not app.exception
    assert any("Aucun flux ne répond" in one.value for one in app.markdown)
    app.button(key="flows-relax-streams").click().run()
    assert not app.exception


def test_the_viewer_is_never_in_the_address(app: AppTest) -> None:
    """From elsewhere only the public view is open; no choice of view reaches the address."""
    app.session_state["flows-viewer"] = "team"
    app.run()
    assert not app.exception
    assert not {"vue", "viewer"} & set(address(app))


def test_presentation_keeps_filters(app: AppTest) -> None:
    """On a projector the streams stay at hand and the filters of the link stay on."""
    app.query_params["presentation"] = "1"
    app.query_params["filiere"] = "wood"
    app.query_params["epci"] = CAB
    app.run()
    assert not app.exception
    assert headings(app) == []
    app.button_group(key="flows-streams").set_value(["biowaste"]).run()
    assert address(app)["epci"] == CAB
    assert address(app)["filiere"] == "biowaste"


def test_an_empty_territory_says_where_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any flow, the page says how to add some; with one, it draws it."""
    monkeypatch.setenv("CARTOFLUX_DEMO", "0")
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert any("Aucun flux n’est encore connu" in one.value for one in app.markdown)
    actor = make_actor(0, name="Scierie", commune="24037", lon=0.48, lat=44.85)
    with shared_store().transaction(who="test", what="one flow") as tx:
        tx.put(actor)
        tx.put(
            Flow(
                id="f",
                actor_id=actor.id,
                direction=Direction.OUT,
                resource_id="wood_offcuts",
                quantity=None,
            )
        )
    app.run()
    assert not app.exception
    assert "**1 flux**" in sentence(app)
