"""The map page through the frame: filters, number found, empty state, table, address bar."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.model import Actor, ActorKind, Direction, Flow
from pages.ui.session import shared_store

FRAME = Path(__file__).resolve().parent.parent.parent / "pages" / "frame.py"
CAB = "200070647"


@pytest.fixture(scope="module")
def shared_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one runtime folder for the whole file: these tests write nothing."""
    return tmp_path_factory.mktemp("map")


@pytest.fixture(autouse=True)
def _one_store(shared_var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTOFLUX_VAR", str(shared_var))


@pytest.fixture
def app() -> AppTest:
    """Return the application on demonstration data, not run yet."""
    return AppTest.from_file(str(FRAME), default_timeout=60)


def found(app: AppTest) -> str:
    """Return the sentence that says how many actors are found."""
    return next(one.value for one in app.markdown if one.value.startswith("**"))


def address(app: AppTest) -> dict[str, str]:
    """Return the address bar; AppTest gives a text or a list, after who wrote it last."""
    params = dict(app.query_params)
    return {key: value if isinstance(value, str) else value[0] for key, value in params.items()}


def rows(app: AppTest) -> list[str]:
    """Return the names in the table, in order."""
    return list(app.dataframe[0].value["Nom"])


def test_whole_territory_at_first(app: AppTest) -> None:
    """Nothing chosen: everybody is in the sentence and in the table."""
    app.run()
    count = shared_store().count(Actor)
    assert found(app).startswith(f"**{count} acteurs**")
    assert len(rows(app)) == count


def test_epci_filter_keeps_its_actors(app: AppTest) -> None:
    """Choosing an EPCI keeps its actors, says how many are hidden, and is in the address."""
    app.run()
    app.pills(key="map-epci").set_value(CAB).run()
    assert not app.exception
    assert set(app.dataframe[0].value["EPCI"]) == {"CAB"}
    hidden = shared_store().count(Actor) - len(rows(app))
    assert f"masquent {hidden} acteurs" in found(app)
    assert address(app)["epci"] == CAB


def test_filters_add_up(app: AppTest) -> None:
    """Kind and direction together keep actors that satisfy both."""
    app.run()
    app.pills(key="map-kinds").set_value([ActorKind.FARM])
    app.pills(key="map-direction").set_value(Direction.OUT).run()
    store = shared_store()
    giving = {flow.actor_id for flow in store.list(Flow, direction=Direction.OUT)}
    expected = {a.name for a in store.list(Actor) if a.kind is ActorKind.FARM and a.id in giving}
    assert set(rows(app)) == expected
    assert address(app)["type"] == "ferme"
    assert address(app)["sens"] == "sortant"


def test_typos_are_forgiven(app: AppTest) -> None:
    """« boulengerie » finds the bakeries."""
    app.run()
    app.text_input(key="map-text").set_value("boulengerie").run()
    assert rows(app)
    assert all("oulangerie" in activity for activity in app.dataframe[0].value["Activité"])


def test_empty_state_names_a_filter_to_drop(app: AppTest) -> None:
    """When nobody matches, one click on the filter at fault brings actors back."""
    app.query_params["q"] = "zzzz"
    app.query_params["epci"] = CAB
    app.run()
    assert not app.dataframe
    assert any("Aucun acteur" in one.value for one in app.markdown)
    way = next(b for b in app.button if (b.key or "").startswith("map-relax-"))
    assert "zzzz" in way.label
    way.click().run()
    assert rows(app)
    assert "q" not in address(app)
    assert address(app)["epci"] == CAB


def test_empty_store_says_where_to_begin(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nobody in the store, no filter is blamed: the page says where actors are added."""
    monkeypatch.setenv("CARTOFLUX_VAR", str(tmp_path))
    monkeypatch.setenv("CARTOFLUX_DEMO", "0")
    app.run()
    assert not app.exception
    assert "page **Données**" in app.info[0].value
    assert not any("Retirer" in button.label for button in app.button)


def test_clear_all(app: AppTest) -> None:
    """« Tout effacer » shows everybody again and empties the address."""
    app.query_params["type"] = "ferme"
    app.query_params["epci"] = CAB
    app.query_params["indicateur"] = "densite"
    app.run()
    next(b for b in app.button if b.label == "Tout effacer").click().run()
    assert len(rows(app)) == shared_store().count(Actor)
    assert address(app) == {"indicateur": "densite"}


def test_pasted_link_restores_everything(app: AppTest) -> None:
    """A link gives back filters, colours and card, and leaves the view to the browser."""
    link = {
        "epci": CAB,
        "type": "entreprise",
        "filiere": "biodechets",
        "sens": "sortant",
        "q": "restaurant",
        "indicateur": "tonnes",
        "vue": "44.85,0.48,12",
    }
    for key, value in link.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert rows(app)
    assert set(app.dataframe[0].value["Type"]) == {"Entreprise"}
    assert address(app) == link


def test_back_puts_the_filters_of_the_address_back(app: AppTest) -> None:
    """When the address changes behind our back, the widgets follow it."""
    app.run()
    app.pills(key="map-epci").set_value(CAB).run()
    app.query_params.clear()
    app.run()
    assert app.pills(key="map-epci").value is None
    assert len(rows(app)) == shared_store().count(Actor)


def test_nonsense_in_the_address_is_ignored(app: AppTest) -> None:
    """A broken link shows the whole territory rather than an error."""
    for key in ("epci", "commune", "type", "indicateur", "acteur", "vue"):
        app.query_params[key] = "<script>"
    app.run()
    assert not app.exception
    assert len(rows(app)) == shared_store().count(Actor)


def test_card_of_the_address(app: AppTest) -> None:
    """« acteur= » opens the card; closing it brings the summary back."""
    actor = shared_store().list(Actor)[0]
    app.query_params["acteur"] = actor.id
    app.run()
    assert any("<article" in one.body and "Position" in one.body for one in app.html)
    next(b for b in app.button if b.label == "Fermer la fiche").click().run()
    assert "acteur" not in address(app)
    assert any("habitants" in one.body for one in app.html)


def test_commune_of_another_epci_is_left(app: AppTest) -> None:
    """Changing EPCI drops a commune that is not in it."""
    app.query_params["epci"] = CAB
    app.query_params["commune"] = "24037"
    app.run()
    assert app.selectbox(key="map-commune").value == "24037"
    app.pills(key="map-epci").set_value("200034833").run()
    assert not app.exception
    assert app.selectbox(key="map-commune").value is None
    assert "commune" not in address(app)


def test_presentation_has_a_way_back(app: AppTest) -> None:
    """A projector gets the map and the EPCI, no table, and a visible way back."""
    app.query_params["presentation"] = "1"
    app.run()
    assert not app.exception
    assert not app.dataframe
    assert app.pills(key="map-epci").options
    app.button(key="map-leave-presentation").click().run()
    assert "presentation" not in address(app)
    assert app.dataframe


def test_four_downloads(app: AppTest) -> None:
    """The four formats are on offer."""
    app.run()
    labels = [one.label for one in app.get("download_button")]
    assert labels == ["GeoJSON", "GeoPackage", "CSV", "Excel"]


def test_without_territory_says_what_to_do(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store whose territory is missing gives the command that builds one."""
    monkeypatch.setenv("CARTOFLUX_VAR", str(tmp_path))
    monkeypatch.setattr("pages.ui.session.prepare", lambda _store, _settings: None)
    app.run()
    assert not app.exception
    assert "build-territory" in app.warning[0].value
