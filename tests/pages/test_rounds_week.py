"""A week through the frame: one click, mistakes told, kept, opened, deleted and taken back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data import french
from data.errors import CartofluxError, InputError
from data.model import Lock, Scenario, Stop, Week
from data.store import Store
from optimization.bounding.proof import Proof
from optimization.weeks.model import DaysTried, WeekChoices, WeekPlan
from optimization.weeks.planning import propose_week
from optimization.weeks.proving import prove_week, prove_week_job
from optimization.weeks.record import from_record, to_record
from optimization.weeks.validation import DAYS, STORAGE, VISITS
from optimization.worker import JobState, Progress
from pages.rounds_parts import job as day_job
from pages.rounds_parts import tables, week_shelf
from pages.rounds_parts import week_job as job_module
from pages.rounds_parts.minimum import GROUP, grouping_hint
from pages.rounds_parts.week_tables import parse_days, write_days
from tests.optimization.cases import GRID
from tests.optimization.weeks.worlds import villages
from tests.pages.data_visit import click, filled, messages, run, store, visit

__all__ = ["filled", "store"]


@dataclass
class DoneJob:
    """A computation already over."""

    week: WeekPlan | None
    error: CartofluxError | None = None

    def progress(self) -> Progress:
        """Say that it is over."""
        return Progress(state=JobState.DONE if self.week else JobState.FAILED)

    def result(self) -> WeekPlan:
        """Return the week or raise what went wrong."""
        if self.week is None:
            assert self.error is not None
            raise self.error
        return self.week


@dataclass
class DoneProof:
    """A proof already over."""

    proof: Proof

    def progress(self) -> Progress:
        """Say that it is over."""
        return Progress(state=JobState.DONE, bound_eur=self.proof.bound_eur)

    def result(self) -> Proof:
        """Return what was proved."""
        return self.proof


class InlineWorker:
    """Plans in this process, bounded by solutions: no cluster, same result every time."""

    def start(self, function: Callable[..., Any], *args: Any) -> Any:
        """Compute at once."""
        if function is prove_week_job:
            week, travel, _ = args
            return DoneProof(prove_week(week, travel, seconds=60.0, iterations=30))
        return DoneJob(propose_week(*args, solutions=5))


@pytest.fixture
def week_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page in week mode with six stops, computing here."""
    monkeypatch.setattr(job_module, "get_worker", InlineWorker)
    monkeypatch.setattr(day_job, "get_worker", InlineWorker)
    monkeypatch.setattr(day_job, "PROOFS", [])
    with store.transaction(who="essai", what="moins de points") as tx:
        tx.delete_all(Stop, [stop.id for stop in tx.list(Stop)][6:])
    return visit("tournees", periode="semaine")


@pytest.mark.parametrize(
    ("text", "visits", "expected"),
    [
        ("", 2, None),
        ("lun mer", 2, [{0, 2}]),
        ("Lundi, jeudi / MAR ven", 2, [{0, 3}, {1, 4}]),
        ("lun mer ven", 2, [{0, 2}, {0, 4}, {2, 4}]),
        ("lundis et mercredis ou mar. ven.", 2, [{0, 2}, {1, 4}]),
    ],
)
def test_days_are_read_as_people_write_them(
    text: str, visits: int, expected: list[set[int]] | None
) -> None:
    """Short or long names, any separator, several rhythms; what is written back reads the same."""
    found = parse_days(text, visits)
    assert (None if found is None else [set(one) for one in found]) == expected
    if found is not None:
        assert parse_days(write_days(found, visits), visits) == found


@pytest.mark.parametrize(
    ("text", "visits"), [("lun xyz", 1), ("m", 1), ("lun", 2), ("ma me 12", 2)]
)
def test_days_that_cannot_be_read(text: str, visits: int) -> None:
    """A word that is no day, or too few days: the column and the row are named."""
    with pytest.raises(InputError) as refused:
        parse_days(text, visits, "Le point", 4)
    assert (refused.value.field, refused.value.row) == (DAYS, 4)


def test_a_kept_week_is_the_week(store: Store) -> None:
    """Saved, read and rebuilt, a week is the same; its name is taken, deletion is taken back."""
    asked = villages(6, 3)
    choices = WeekChoices(
        monday="2026-03-02",
        vehicles={1: {"bike": 2}},
        allowed={asked.stops[0].id: (frozenset({1}), frozenset({2}))},
    )
    once = replace(asked.stops[0], visits_per_week=1.0, longest_storage_days=7)
    asked = replace(asked, stops=(once, *asked.stops[1:]))
    week = propose_week(asked, choices, GRID, solutions=5)
    saved = week_shelf.save_week(store, week, "w", " Semaine  A ", who="Camille")
    assert saved.record.name == "Semaine A"
    [kept] = week_shelf.saved_weeks(store)
    again = from_record(kept.record, kept.scenario)
    assert again.patterns == week.patterns
    assert again.choices == week.choices
    assert [one.plan.rounds for one in again.days] == [one.plan.rounds for one in week.days]
    assert again.left_out == week.left_out
    week_shelf.keep_bound(store, "w", 12.5, who="Camille")
    week_shelf.keep_bound(store, "w", 11.0, who="Camille")
    week_shelf.keep_bound(store, "unknown", 12.5, who="Camille")
    [kept] = week_shelf.saved_weeks(store)
    assert from_record(kept.record, kept.scenario).bound_eur == 12.5
    other = replace(week, scenario=replace(week.scenario, id="other"))
    with pytest.raises(InputError, match="s’appelle déjà"):
        week_shelf.save_week(store, other, "v", "semaine a", who="Camille")
    assert store.find(Scenario, "other") is None
    number = week_shelf.delete_week(store, kept, who="Camille")
    assert store.count(Week) == 0
    assert store.find(Scenario, asked.id) is None
    store.undo(number, who="Camille")
    assert week_shelf.saved_weeks(store)[0].record.passages == kept.record.passages
    assert to_record(again, "w", "Semaine A").days == kept.record.days


def test_one_click_gives_a_week(week_page: AppTest, store: Store) -> None:
    """From the demonstration, a click proposes a week; it is saved and reopened."""
    at = click(week_page, "rounds-week-propose")
    assert not at.error
    assert any("La semaine" in header.value for header in at.header)
    assert any("passages" in block.value for block in at.markdown)
    next(one for one in at.text_input if one.label == "Nom de la semaine").set_value(
        "Semaine de mars"
    )
    next(one for one in at.button if one.label == "Enregistrer la semaine").click()
    at = run(at)
    [kept] = week_shelf.saved_weeks(store)
    assert kept.record.name == "Semaine de mars"
    proved = kept.record.bound_eur
    assert proved is not None
    assert 0.5 * kept.record.cost_eur < proved <= kept.record.cost_eur
    assert any("minimum possible" in block.value for block in at.markdown)
    at = click(at, "rounds-week-open")
    assert not at.error
    assert any("Semaine de mars" in header.value for header in at.header)
    at = click(at, "rounds-week-delete")
    assert store.count(Week) == 0
    click(at, "rounds-week-undo")
    assert store.count(Week) == 1


def test_mistakes_name_the_row_and_the_column(week_page: AppTest) -> None:
    """An unreadable day, then too long a week-end: the sentence says where, nothing starts."""
    weeks = week_page.session_state["rounds-week"]
    number = int(weeks.form.rhythm.edited[tables.NUMBER].iloc[0])
    _type(week_page, DAYS, "lundredi")
    click(week_page, "rounds-week-propose")
    assert "lundredi" in messages(week_page.error)
    assert f"ligne {number}" in messages(week_page.error)
    _type(week_page, DAYS, "")
    _type(week_page, STORAGE, 1.0)
    click(week_page, "rounds-week-propose")
    assert VISITS in messages(week_page.error)
    assert "week-end compris" in messages(week_page.error)


def _type(at: AppTest, column: str, value: object) -> None:
    """Type in every row of a column of the rhythm."""
    form = at.session_state["rounds-week"].form
    form.rhythm.base = form.rhythm.edited = form.rhythm.edited.assign(**{column: value})


def test_rules_and_imposed_choices_of_the_form_show_in_a_week(week_page: AppTest) -> None:
    """What a week is bound by is on its form: outlets, balance, and pieces kept from a day."""
    labels = [box.label for box in week_page.expander]
    assert any("Règles de plus" in label and "équilibre" in label for label in labels)
    state = week_page.session_state["rounds"]
    first = next(iter(state.form.known_stops))
    state.form.locks = (Lock(stop_ids=(first,), vehicle_id=None),)
    at = run(week_page)
    assert any("gardé" in one.value for one in at.caption)
    at = click(at, "rounds-free-all")
    assert at.session_state["rounds"].form.locks == ()


def test_a_week_spread_thin_is_told_to_try_fewer_days() -> None:
    """Only far from the minimum, with more days than the most frequent visits need."""
    week = propose_week(villages(6, 3), WeekChoices(), GRID, solutions=5)
    used = sum(bool(one.plan.rounds) for one in week.days)
    needed = max(map(len, week.patterns.values()))
    assert used > needed
    wide = replace(week, bound_eur=week.cost_eur / 2)
    assert f"sur {used} jours" in grouping_hint(wide)
    assert f"{needed} jours au moins" in grouping_hint(wide)
    assert not grouping_hint(week)
    assert not grouping_hint(
        replace(wide, tried=(DaysTried(days=week.choices.days, cost_eur=1.0, missed=0),))
    )
    assert not grouping_hint(replace(week, bound_eur=0.95 * week.cost_eur))
    every_day = dict.fromkeys(week.patterns, frozenset(range(used)))
    assert not grouping_hint(replace(wide, patterns=every_day))


def test_a_grouped_week_says_what_each_number_of_days_costs(week_page: AppTest) -> None:
    """Ticked, the form compares numbers of days; the week names the one kept and all costs."""
    [box] = [one for one in week_page.toggle if one.label == GROUP]
    box.set_value(True)
    at = click(run(week_page), "rounds-week-propose")
    assert not at.error
    week = at.session_state["rounds-week"].shown.week
    assert len(week.tried) >= 2
    [said] = [block.value for block in at.markdown if "Coûts comparés" in block.value]
    assert said.count("retenu") == 1
    assert all(french.euros(one.cost_eur) in said for one in week.tried)
    assert at.session_state["rounds-week"].form.days == [0, 1, 2, 3, 4]
