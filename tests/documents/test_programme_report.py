"""Reports of the programme and of a workshop, on the demonstration: figures, names, files."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from data.model import Actor, Card, Idea, Synergy, Visibility, Workshop
from data.settings import read_settings
from data.store import Store
from geo.flows import Viewer
from optimization.programme import ProgrammeFigures, Span
from pages.documents.programme_report import (
    Report,
    programme_report_pdf,
    programme_report_xlsx,
)
from pages.documents.workshop_report import (
    WorkshopDay,
    workshop_report_pdf,
    workshop_report_xlsx,
)
from pages.report_parts.view import RESERVED, ReportView, difference, report_view
from pages.ui.session import shared_store

TODAY = dt.date(2026, 11, 23)
WHOLE = Span(dt.date(2022, 1, 1), TODAY)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store with the demonstration, which no test changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARTOFLUX_VAR", str(tmp_path_factory.mktemp("report")))
        patch.delenv("DATABASE_URL", raising=False)
        yield shared_store(read_settings())


@pytest.fixture(autouse=True)
def _same_store(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every reading go to that store."""
    for module in ("pages.report_parts.view", "pages.ui.session"):
        monkeypatch.setattr(f"{module}.get_store", lambda: store)


def report(viewer: Viewer) -> Report:
    """Return the report of the whole programme for a viewer."""
    view = report_view(viewer)
    return Report(
        view=view,
        found=view.figures(WHOLE, None, TODAY),
        before=view.figures(WHOLE.previous, None, TODAY),
        place="Grand Bergeracois",
        day=TODAY,
    )


def words(pdf: bytes) -> str:
    """Return the words of a PDF, without any blank."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))


def squeezed(text: str) -> str:
    """Return a text without any blank."""
    return re.sub(r"[\s\u200b]", "", text)


def example(store: Store) -> WorkshopDay:
    """Return the example workshop of the demonstration."""
    return WorkshopDay.read(store, store.list(Workshop)[0].id, TODAY)


def test_example_workshop_shows_the_known_figures(store: Store) -> None:
    """34 companies and 2 represented, 12 facilitators, 278 cards, 510 ideas, 87 kept: counted."""
    figures = example(store).figures
    assert (figures.present.value, figures.represented.value) == (34, 2)
    assert (figures.facilitators.value, figures.cards.value) == (12, 278)
    assert (figures.ideas.value, figures.kept.value) == (510, 87)
    assert {row.label: row.value for row in figures.by_status.rows} == {
        "À approfondir": 64,
        "Sur le point de se concrétiser": 14,
        "Abandonnée": 9,
    }


def test_figures_follow_the_records(store: Store) -> None:
    """One card and one idea fewer give one fewer: nothing is typed in."""
    day = example(store)
    less = WorkshopDay(
        workshop=day.workshop, attendances=day.attendances[1:], cards=day.cards[1:],
        ideas=day.ideas[1:], synergies=day.synergies, resources=day.resources, place=day.place,
        day=day.day,
    ).figures  # fmt: skip
    assert (less.cards.value, less.ideas.value) == (277, 509)


def test_programme_holds_the_workshop(store: Store) -> None:
    """Over the whole programme the workshop's cards and ideas are those of the example."""
    found: ProgrammeFigures = report(Viewer.PUBLIC).found
    assert found.fact("cards").value == store.count(Card)
    assert found.fact("ideas").value == store.count(Idea)
    assert found.fact("actors").value == store.count(Actor)
    assert found.by_status.total == store.count(Synergy)


def test_every_fact_lists_its_records() -> None:
    """A click on any figure lists as many records as were counted."""
    made = report(Viewer.TEAM)
    for fact in made.found.facts:
        assert len(made.view.rows(fact.kind, fact.ids)) == len(fact.ids)
        if fact.low is None and fact.key not in {"attendance", "rounds"}:
            assert fact.value in {None, len(fact.ids)}


def test_workshop_pdf_says_figures_and_owners(store: Store) -> None:
    """The report of the day gives figures, kept ideas with owner and status, and companies."""
    day = example(store)
    said = words(workshop_report_pdf(day))
    for number in ("34", "278", "510", "87", "64", "14"):
        assert number in said
    assert "+2représentées" in said
    idea = day.kept[0]
    assert squeezed(idea.title)[:20] in said
    assert squeezed(day.followed[idea.id].owner) in said
    assert all(squeezed(one.name)[:15] in said for one in day.attendances)


def test_programme_pdf_is_the_same_twice() -> None:
    """Same records, same date: same bytes; figures and their explanation are in it."""
    made = report(Viewer.PUBLIC)
    pdf = programme_report_pdf(made)
    assert pdf == programme_report_pdf(made)
    said = words(pdf)
    assert "278" in said
    assert "Commentchaquechiffreestcompté" in said


def test_workbooks_hold_text_as_text(store: Store) -> None:
    """Every sheet opens, and no cell is a formula, whatever was typed."""
    day = example(store)
    hostile = WorkshopDay(
        workshop=day.workshop,
        attendances=day.attendances,
        cards=(Card(id="x", workshop_id=day.workshop.id, company='=HYPERLINK("x")',
                    side=day.cards[0].side, label="@SUM(1)", words="+1", quantity=2.0, unit="t"),),
        ideas=(Idea(id="y", workshop_id=day.workshop.id, title="=1+1", reason="-2"),),
        synergies=(), resources={}, place="=A1", day=day.day,
    )  # fmt: skip
    for content in (workshop_report_xlsx(hostile), programme_report_xlsx(report(Viewer.TEAM))):
        book = load_workbook(io.BytesIO(content))
        cells = [cell for page in book for row in page.iter_rows() for cell in row]
        assert cells
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    book = load_workbook(io.BytesIO(workshop_report_xlsx(hostile)))
    assert book["Idées"]["A2"].value == "=1+1"


def test_names_are_for_those_who_may_read_them(store: Store, tmp_path: Path) -> None:
    """The public's workbook names no card's company and no synergy of the network."""
    secret = [one for one in store.list(Synergy) if one.visibility is not Visibility.PUBLIC]
    assert secret
    (tmp_path / "b.xlsx").write_bytes(programme_report_xlsx(report(Viewer.PUBLIC)))
    book = load_workbook(tmp_path / "b.xlsx")
    texts = {str(cell.value) for page in book for row in page.iter_rows() for cell in row}
    assert RESERVED in texts
    assert not texts & {one.title for one in secret}
    assert not texts & {one.company for one in store.list(Card)} - {
        one.name for one in store.list(Actor)
    }


def test_an_epci_counts_its_own(store: Store) -> None:
    """The actors of the four EPCI are those of the territory."""
    view: ReportView = report_view(Viewer.PUBLIC)
    each = [
        view.figures(WHOLE, code, TODAY).fact("actors").value or 0 for code in view.snapshot.epci
    ]
    assert sum(each) == store.count(Actor)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [(12.0, 0.0, "+12"), (3.0, 6.0, "−3"), (4.0, 4.0, "="), (None, 1.0, ""), (2.54, 1.0, "+1,5")],
)
def test_differences_in_words(now: float | None, before: float | None, said: str) -> None:
    """A difference has a sign; equal is « = », unknown says nothing."""
    assert difference(now, before) == said
