"""The Bilan page: periods, figures, lists, events written and taken back."""

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.model import Event, EventKind
from data.store import Store
from pages.ui import localtime
from tests.pages.data_visit import click, filled, messages, run, store, visit

__all__ = ["filled", "store"]

pytestmark = pytest.mark.usefixtures("store")


def texts(app: AppTest) -> str:
    """Return all that the page says in HTML, with ordinary blanks."""
    said = "\n".join(str(one.proto.body) for one in app.get("html"))
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def test_year_of_the_workshop() -> None:
    """The year of the example workshop shows its cards, ideas and kept ideas."""
    app = visit("bilan", annee="2022")
    said = texts(app)
    for number in ("278", "510", "87"):
        assert f"<strong>{number}</strong>" in said
    assert "Année 2022" in messages(app.markdown)


def test_another_year_has_no_workshop() -> None:
    """Figures follow the period: another year has none of the workshop's cards."""
    app = visit("bilan", annee="2024")
    assert "<strong>278</strong>" not in texts(app)
    app.segmented_control(key="periode").set_value("Tout")
    run(app)
    assert "<strong>278</strong>" in texts(app)


def test_quarter_in_the_address() -> None:
    """A link to a quarter shows that quarter beside the one before."""
    app = visit("bilan", periode="Trimestre", annee="2022", trimestre="T4")
    assert "4e trimestre 2022" in messages(app.markdown)
    table = app.dataframe[0].value
    assert list(table.columns[1:3]) == ["4e trimestre 2022", "3e trimestre 2022"]


def test_dates_upside_down_are_refused() -> None:
    """Two dates in the wrong order give a sentence, not figures."""
    app = visit("bilan", periode="Dates")
    tomorrow = localtime.today() + dt.timedelta(days=1)
    app.date_input(key="du").set_value(tomorrow)
    run(app)
    assert "inversez les deux dates" in messages(app.error)


def test_a_figure_lists_what_it_counts() -> None:
    """A press on a figure opens the list behind it, as long as the figure says."""
    app = visit("bilan", annee="2022")
    app.button(key="report-open-events").click()
    run(app)
    events = next(one.value for one in app.dataframe if "Temps fort" in one.value.columns)
    assert len(events) == 8


def test_epci_narrows() -> None:
    """An EPCI chosen in the address counts its own actors."""
    whole = visit("bilan", annee="2022")
    one = visit("bilan", annee="2022", epci="CCMMG")
    assert "CCMMG" in str(one.pills(key="epci").value)
    assert texts(whole) != texts(one)


def test_event_added_then_taken_back(store: Store) -> None:
    """An event typed in is kept with its attendance, and « Annuler » takes it away."""
    before = store.count(Event)
    app = visit("bilan", annee="2026")
    widgets = (*app.text_input, *app.selectbox, *app.number_input)
    fields = {str(one.key).rpartition("-new-")[0]: one for one in widgets}
    fields["report-event-name"].set_value("Visite de la scierie")
    fields["report-event-kind"].set_value(EventKind.VISIT)
    fields["report-event-commune"].set_value("24037")
    fields["report-event-people"].set_value(17)
    click(app, "report-event-save")
    added = next(one for one in store.list(Event) if one.name == "Visite de la scierie")
    assert (added.attendance, added.kind) == (17, EventKind.VISIT)
    assert store.count(Event) == before + 1
    click(app, "data-undo")
    assert store.count(Event) == before


def test_event_without_a_name_is_refused(store: Store) -> None:
    """An event without a name is refused in a sentence, and nothing is written."""
    before = store.count(Event)
    app = click(visit("bilan", annee="2026"), "report-event-save")
    assert "nom" in messages(app.error)
    assert store.count(Event) == before


def test_presentation_is_figures_only() -> None:
    """On a projector only the figures remain."""
    app = visit("bilan", annee="2022", presentation="1")
    assert "cf-wall" in texts(app)
    assert not app.dataframe


def test_empty_store_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the demonstration the page still opens, with zeros."""
    monkeypatch.setenv("CARTOFLUX_DEMO", "0")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    app = visit("bilan")
    assert "Aucun temps fort" in messages(app.caption)
