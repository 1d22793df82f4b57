"""Weeks: patterns, refusals, a whole week judged independently, and a judge that sees faults."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import CartofluxError, InputError, SolveCancelledError
from data.model import Scenario, UnservedReason, VisitKind
from optimization.faults import FaultKind
from optimization.routing import warming
from optimization.weeks import planning
from optimization.weeks.check import check_week
from optimization.weeks.grouping import on_fewer_days
from optimization.weeks.job import week_job
from optimization.weeks.model import MONDAY_TO_FRIDAY, WeekChoices, WeekPlan, visits_of
from optimization.weeks.patterns import even_patterns, gaps
from optimization.weeks.planning import propose_week
from optimization.weeks.proving import prove_week
from optimization.weeks.setting import Week
from optimization.weeks.validation import validate_week
from tests.optimization.cases import GRID, bike, outlet, scenario, stop
from tests.optimization.weeks.worlds import villages

SOLUTIONS = 5


def small(*, limit_kg: float | None = None, visits: tuple[float, ...] = (1, 2, 3, 2)) -> Scenario:
    """A few stops around the depot, two bikes."""
    return scenario(
        [stop(n, n - 2, n % 3, visits_per_week=float(v)) for n, v in enumerate(visits)],
        outlets=(outlet(weekly_capacity_kg=limit_kg),),
    )


def planned(asked: Scenario, choices: WeekChoices | None = None) -> WeekPlan:
    """Plan within a few candidate plans a day."""
    return propose_week(asked, choices or WeekChoices(), GRID, solutions=SOLUTIONS)


@given(st.sets(st.integers(0, 6), min_size=1).map(sorted), st.integers(1, 7), st.integers(1, 9))
def test_patterns_keep_their_laws(days: list[int], visits: int, longest: int) -> None:
    """Every pattern has its visits on working days, within the longest gap, over seven days."""
    for pattern in even_patterns(days, visits, longest):
        assert len(pattern) == visits
        assert pattern <= set(days)
        assert sum(gaps(pattern)) == 7
        assert max(gaps(pattern)) <= longest


def test_two_visits_are_three_and_four_days_apart() -> None:
    """From Monday to Friday, two visits leave gaps of three and four days."""
    found = even_patterns(MONDAY_TO_FRIDAY, 2, 7)
    assert found == (frozenset({0, 3}), frozenset({0, 4}), frozenset({1, 4}))
    assert even_patterns(MONDAY_TO_FRIDAY, 2, 3) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"visits_per_week": 0.0}, "Passages par semaine"),
        ({"visits_per_week": float("nan")}, "Passages par semaine"),
        ({"visits_per_week": 6.0}, "Passages par semaine"),
        ({"longest_storage_days": 3}, "Passages par semaine"),
    ],
)
def test_impossible_rhythms_are_refused(changes: dict[str, Any], field: str) -> None:
    """No visit, more visits than days, or too long a week-end: the row and the field are named."""
    asked = small(visits=(2, 2))
    first, second = asked.stops
    asked = replace(asked, stops=(first, replace(second, **changes)))
    asked = replace(asked, stops=(replace(first, longest_storage_days=7), asked.stops[1]))
    with pytest.raises(InputError) as refused:
        planned(asked)
    assert refused.value.field == field
    assert refused.value.row == 2


@settings(max_examples=5, deadline=None)
@given(st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.0]), min_size=1, max_size=4))
def test_any_week_passes_the_judge_and_repeats(visits: list[float]) -> None:
    """Every visit is made or told, the judge agrees, and the same budget gives the same week."""
    asked = small(visits=tuple(visits))
    week, again = planned(asked), planned(asked)
    assert check_week(week, GRID) == []
    made = sum(len(one.scenario.stops) - len(one.plan.unserved) for one in week.days)
    lost = sum(left.visits for left in week.left_out)
    assert made + lost == sum(visits_of(times) for times in visits)
    assert week.patterns == again.patterns
    assert [one.plan.rounds for one in week.days] == [one.plan.rounds for one in again.days]


@settings(max_examples=6, deadline=None)
@given(
    st.integers(3, 8),
    st.integers(0, 999),
    st.sampled_from([None, 60.0, 250.0]),
    st.sampled_from([MONDAY_TO_FRIDAY, (0, 2, 4), (0, 1, 2, 3, 4, 5)]),
)
def test_villages_keep_storage_spacing_and_outlets(
    count: int, seed: int, weekly_kg: float | None, days: tuple[int, ...]
) -> None:
    """No gap exceeds the storage, week-end included; none more even exists; outlets fit."""
    asked = villages(count, seed, weekly_kg=weekly_kg)
    week = propose_week(asked, WeekChoices(days=days), GRID, solutions=SOLUTIONS)
    assert check_week(week, GRID) == []
    for stop_ in asked.stops:
        if stop_.id not in week.patterns:
            assert stop_.id in {left.stop_id for left in week.without}
            continue
        chosen = sorted(week.patterns[stop_.id])
        apart = [(b - a - 1) % 7 + 1 for a, b in zip(chosen, chosen[1:] + chosen[:1], strict=True)]
        assert max(apart) <= stop_.longest_storage_days
        others = [
            [(b - a - 1) % 7 + 1 for a, b in zip(other, other[1:] + other[:1], strict=True)]
            for other in combinations(days, len(chosen))
        ]
        kept = [each for each in others if max(each) <= stop_.longest_storage_days]
        assert sum(gap**2 for gap in apart) == min(sum(gap**2 for gap in each) for each in kept)
    if weekly_kg is not None:
        assert _brought(week, "outlet-1") <= weekly_kg + 1e-6


def _brought(week: WeekPlan, outlet_id: str) -> float:
    got = 0.0
    for one in week.days:
        for round_ in one.plan.rounds:
            aboard = 0.0
            for visit in round_.visits:
                if visit.kind is VisitKind.UNLOAD:
                    got += aboard if visit.place_id == outlet_id else 0.0
                aboard = visit.load_kg
    return got


def test_stops_change_days_for_a_cheaper_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deciding days and rounds together beats the first choice of days, visits all made."""
    asked = villages(20, 1)
    week = propose_week(asked, WeekChoices(), GRID, solutions=60)
    assert week.improved_eur > 0
    monkeypatch.setattr(planning._Search, "_improved", lambda _, first: first)
    first = propose_week(asked, WeekChoices(), GRID, solutions=60)
    assert week.cost_eur < first.cost_eur
    assert first.improved_eur == 0
    assert not week.left_out


def test_sixty_stops_pass_the_judge() -> None:
    """A week of sixty stops and some hundred and twenty visits holds, none lost."""
    asked = villages(60, 2)
    week = propose_week(asked, WeekChoices(), GRID, solutions=20)
    assert check_week(week, GRID) == []
    assert not week.left_out
    assert week.improved_eur > 0


def test_progress_grows_and_tells_the_week() -> None:
    """The share told never goes back, and the cost told is that of a whole week."""
    told: list[planning.WeekProgress] = []
    week = propose_week(small(), WeekChoices(), GRID, on_progress=told.append, solutions=SOLUTIONS)
    assert [one.share for one in told] == sorted(one.share for one in told)
    costs = [one.cost_eur for one in told if one.cost_eur is not None]
    assert costs[-1] == pytest.approx(week.cost_eur + week.improved_eur)


def test_an_outlet_never_gets_more_than_its_week() -> None:
    """Eight visits of 20 kg and room for 100 kg: stops are left out with that reason."""
    week = planned(small(limit_kg=100.0))
    assert check_week(week, GRID) == []
    assert {left.reason for left in week.left_out} == {UnservedReason.OUTLET_FULL}
    assert 20 * sum(left.visits for left in week.left_out) >= 60


def test_days_without_vehicles_get_no_visit() -> None:
    """With no bike on Mondays, nothing is planned on Mondays."""
    week = planned(small(visits=(1, 1)), WeekChoices(vehicles={0: {"bike": 0}}))
    assert not week.days[0].scenario.stops
    assert not week.left_out


def test_imposed_days_are_kept() -> None:
    """A stop with one allowed pattern gets it."""
    only = frozenset({1, 4})
    week = planned(small(visits=(2, 1)), WeekChoices(allowed={"stop-0": (only,)}))
    assert week.patterns["stop-0"] == only


def test_a_cancelled_week_gives_nothing() -> None:
    """Once the person cancelled, there is no week."""
    with pytest.raises(SolveCancelledError):
        propose_week(small(), WeekChoices(), GRID, should_stop=lambda: True, solutions=SOLUTIONS)


def test_the_judge_sees_faults() -> None:
    """A missing day, a tighter outlet, a shorter storage and a wrong cost are all found."""
    week = planned(small(visits=(2, 1)))
    scenario_ = week.scenario
    tight = replace(scenario_, outlets=(outlet(weekly_capacity_kg=30.0),))
    short = replace(
        scenario_, stops=tuple(replace(s, longest_storage_days=2) for s in scenario_.stops)
    )
    fewer = {id_: frozenset(list(days)[:1]) for id_, days in week.patterns.items()}
    for wrong, kind in (
        (replace(week, patterns=fewer), FaultKind.COUNT),
        (replace(week, scenario=tight), FaultKind.OUTLET),
        (replace(week, scenario=short), FaultKind.COVERAGE),
        (replace(week, cost_eur=week.cost_eur + 1), FaultKind.COST),
        (replace(week, scenario=replace(scenario_, vehicles=(bike(count=0),))), FaultKind.FLEET),
    ):
        assert kind in {fault.kind for fault in check_week(wrong, GRID)}


@settings(max_examples=4, deadline=None)
@given(st.integers(3, 8), st.integers(0, 999))
def test_what_is_proved_of_a_week_is_below_any_week(count: int, seed: int) -> None:
    """No week of the same visits is under the minimum, found with more or less effort."""
    asked = villages(count, seed)
    week = propose_week(asked, WeekChoices(), GRID, solutions=SOLUTIONS)
    proof = prove_week(week, GRID, seconds=600.0, iterations=60)
    assert 0 < proof.bound_eur <= week.cost_eur + 0.01
    better = propose_week(asked, WeekChoices(), GRID, solutions=40)
    if not week.left_out and not better.left_out:
        assert proof.bound_eur <= better.cost_eur + 0.01


def test_a_week_of_one_stop_is_proved_optimal() -> None:
    """Two visits cost twice one shift, and no less."""
    week = planned(small(visits=(2,)))
    assert prove_week(week, GRID, seconds=60.0).optimal


def test_a_week_that_serves_nothing_has_nothing_to_prove() -> None:
    """Said in French."""
    week = planned(small(limit_kg=0.0))
    with pytest.raises(CartofluxError, match="rien à prouver"):
        prove_week(week, GRID, seconds=1.0)


@pytest.mark.parametrize(("warm", "engine"), [(True, "Destruction"), (False, "OR-Tools")])
def test_nobody_waits_for_compilation(
    monkeypatch: pytest.MonkeyPatch, *, warm: bool, engine: str
) -> None:
    """A week asked for while the search is being compiled is planned by OR-Tools."""
    monkeypatch.setattr(warming, "is_warm", lambda: warm)
    monkeypatch.setattr(warming, "start_warming", lambda: None)
    asked = replace(small(), time_limit_s=2.0)
    week = week_job(lambda _: None, lambda: False, asked, WeekChoices(), GRID)
    assert week.engine.startswith(engine)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(1, 6),
    st.integers(0, 999),
    st.sets(st.integers(0, 6), min_size=3).map(sorted),
)
def test_fewer_days_serve_the_same_stops(count: int, seed: int, days: list[int]) -> None:
    """Ever fewer of the week's days, never fewer than a stop's visits; nobody is lost."""
    asked, choices = villages(count, seed), WeekChoices(days=tuple(days))
    try:
        validate_week(asked, choices)
    except InputError:
        return  # refused before anything is planned
    week = Week.of(asked, choices, GRID)
    fewer = list(on_fewer_days(week))
    served = set(week.possible[0])
    needed = max((visits_of(week.scenario.stops[n].visits_per_week) for n in served), default=9)
    sizes = [len(one.choices.days) for one in fewer]
    assert sizes == sorted(set(sizes), reverse=True)
    for one in fewer:
        assert set(one.choices.days) < set(days)
        assert len(one.choices.days) >= needed
        assert set(one.possible[0]) == served


def test_fewer_days_keep_those_that_a_stop_asks_for() -> None:
    """A stop that takes Tuesdays only keeps its Tuesday."""
    asked = small(visits=(1, 1))
    choices = WeekChoices(allowed={asked.stops[0].id: (frozenset({1}),)})
    fewer = list(on_fewer_days(Week.of(asked, choices, GRID)))
    assert [len(one.choices.days) for one in fewer] == [4, 3, 2, 1]
    assert all(1 in one.choices.days for one in fewer)


@settings(max_examples=4, deadline=None)
@given(st.integers(3, 7), st.integers(0, 99))
def test_a_grouped_week_is_the_cheapest_tried_and_repeats(count: int, seed: int) -> None:
    """The judge agrees, no visit is lost for it, and it costs at most what was tried first."""
    asked = villages(count, seed)
    choices = WeekChoices(grouped=True)
    week = propose_week(asked, choices, GRID, solutions=SOLUTIONS)
    assert check_week(week, GRID) == []
    again = propose_week(asked, choices, GRID, solutions=SOLUTIONS)
    assert [one.plan.rounds for one in week.days] == [one.plan.rounds for one in again.days]
    assert week.tried == again.tried
    assert not week.choices.grouped
    assert week.tried[0].days == MONDAY_TO_FRIDAY
    kept = next(one for one in week.tried if one.days == week.choices.days)
    assert kept.cost_eur == min(one.cost_eur for one in week.tried)
    assert week.cost_eur <= kept.cost_eur
    made = {one.day for one in week.days for trip in one.plan.rounds if trip.visits}
    assert made <= set(week.choices.days)
    spread = propose_week(asked, WeekChoices(), GRID, solutions=SOLUTIONS)
    if not (week.left_out or spread.left_out):
        proof = prove_week(week, GRID, seconds=600.0, iterations=20)
        assert proof.bound_eur <= min(week.cost_eur, spread.cost_eur) + 0.01
    assert {id_: len(days) for id_, days in week.patterns.items()} == {
        id_: len(days) for id_, days in spread.patterns.items()
    }


def test_a_week_of_daily_visits_has_nothing_to_group() -> None:
    """No other number of days: the week is planned at once, and says nothing was tried."""
    asked = small(visits=(5, 1))
    week = planned(asked, WeekChoices(grouped=True))
    assert week.tried == ()
    assert check_week(week, GRID) == []
