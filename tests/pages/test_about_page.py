"""À propos, through the frame: every figure sourced, hypotheses editable, texts complete."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.exchange.tables import typed_text
from data.figures import SETTING_PREFIX, load_figures
from data.french import number
from data.store import Store
from pages.about_parts.hypotheses import bounds, read_value
from pages.about_parts.presentation import version
from pages.about_parts.sources import software
from pages.ui.session import get_figures
from tests.pages.data_visit import click, filled, messages, run, store, visit

__all__ = ["filled", "store"]

KEY = "bike_range"


def _choose(key: str) -> object:
    app = visit("a-propos", sujet="Hypothèses")
    app.selectbox(key="about-figure").set_value(key)
    return run(app)


def _type(app: object, value: str) -> None:
    field = next(w for w in app.text_input if str(w.key).startswith("about-value-"))
    field.set_value(value)
    click(app, "about-value-save")


def test_every_figure_is_listed_with_its_source(store: Store) -> None:
    """The table has one row a figure, with value, range, source, date and confidence."""
    del store
    table = visit("a-propos", sujet="Hypothèses").dataframe[0].value
    figures = load_figures()
    assert list(table["Chiffre"]) == [figure.label_fr for figure in figures.values()]
    assert (table["Source"] != "").all()
    doubtful = [f.label_fr for f in figures.values() if f.is_hypothesis]
    assert list(table[table["Statut"] == "hypothèse"]["Chiffre"]) == doubtful


def test_an_edited_hypothesis_is_used_then_undone(store: Store) -> None:
    """A value changed here is the one every page reads; undo and reset put it back."""
    published = load_figures()[KEY].value
    app = _choose(KEY)
    _type(app, "45,5")
    assert "Les calculs s’en servent dès maintenant" in messages(app.success)
    assert get_figures().value(KEY) == 45.5
    assert "hypothèse, modifiée ici" in list(app.dataframe[0].value["Statut"])
    click(app, "about-value-reset")
    assert get_figures().value(KEY) == published
    assert store.setting(f"{SETTING_PREFIX}{KEY}") is None
    click(app, "data-undo")
    assert get_figures().value(KEY) == 45.5


@pytest.mark.parametrize("typed", ["beaucoup", "-3", "100000", ""])
def test_a_wild_value_is_refused_and_kept_on_screen(store: Store, typed: str) -> None:
    """Out of bounds or not a number: a French sentence, nothing written, the field as typed."""
    before = store.revision()
    app = _choose(KEY)
    _type(app, typed)
    assert "nombre" in messages(app.error) or "plausibles" in messages(app.error)
    field = next(w for w in app.text_input if str(w.key).startswith("about-value-"))
    assert field.value == typed
    assert store.revision() == before


def test_a_value_out_of_the_published_range_is_pointed_out(store: Store) -> None:
    """A bold but possible value is accepted with a warning."""
    del store
    app = _choose(KEY)
    _type(app, "70")
    assert "sort de la fourchette publiée" in messages(app.warning)


def test_official_figures_cannot_be_chosen(store: Store) -> None:
    """What was read in an official source is shown but not offered for change."""
    del store
    offered = visit("a-propos", sujet="Hypothèses").selectbox(key="about-figure").options
    official = {f.label_fr for f in load_figures().values() if not f.is_hypothesis}
    assert not official & set(offered)


@settings(deadline=None)
@given(st.sampled_from(sorted(load_figures())), st.floats(0, 1))
def test_bounds_hold_the_published_range(key: str, share: float) -> None:
    """Bounds are positive, hold the value and its range, and accept all that lies between."""
    figure = load_figures()[key]
    low, high = bounds(figure)
    assert 0 <= low <= figure.low <= figure.value <= figure.high <= high
    value = low + share * (high - low)
    assert read_value(typed_text(min(value, high)), figure) == min(value, high)
    assert read_value(number(low), figure) == low
    with pytest.raises(InputError):
        read_value(typed_text(high * 2 + 1), figure)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Cartoflux", f"version {version()}"),
        ("Sources et licences", "Licence Ouverte 2.0"),
        ("Données personnelles", "Registre des traitements"),
        ("Accessibilité", "non conforme"),
    ],
)
def test_each_subject_says_what_it_must(store: Store, subject: str, expected: str) -> None:
    """Each subject opens by its address and holds its essential words."""
    del store
    app = visit("a-propos", sujet=subject)
    texts = messages([*app.markdown, *app.caption, *app.subheader])
    assert expected in texts


def test_sources_carry_the_vintages_of_the_territory(store: Store) -> None:
    """Vintages come from the territory, never from the page's own words."""
    territory = store.territory()
    assert territory is not None
    texts = messages(visit("a-propos", sujet="Sources et licences").markdown)
    assert territory.population_vintage in texts
    assert territory.boundary_vintage.replace("\u202f", " ") in texts


def test_every_software_listed_is_installed() -> None:
    """The list names what is really at work, with its version."""
    table = software()
    assert (table["Version"] != "").all()
    assert table["Logiciel"].is_unique
