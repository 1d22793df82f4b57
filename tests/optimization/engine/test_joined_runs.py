"""Imposed runs told as single stops: the same plans, found by an engine that knows no runs."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.model import Lock, Scenario
from optimization.planning import fit_engine, propose
from optimization.routing import Limits, build_problem
from optimization.routing.joined_runs import RunsJoined, join_runs
from optimization.routing.ortools_engine import OrToolsEngine
from optimization.routing.portfolio import PortfolioEngine
from optimization.routing.pricing import objective
from optimization.routing.problem import ALWAYS, Feature
from tests.optimization.cases import GRID, TEN_STOPS, bike, scenario, scenarios, stop, window
from tests.optimization.test_engine import _optimum

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
LIMITS = Limits(seconds=600.0, solutions=2_000, seed=1)


def _with_runs(case: Scenario, *lengths: int) -> Scenario:
    """The first stops run after run, backwards."""
    ids = [one.id for one in case.stops]
    locks = []
    for length in lengths:
        run, ids = ids[:length], ids[length:]
        locks.append(Lock(stop_ids=tuple(reversed(run))))
    return replace(case, locks=tuple(locks))


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(case=scenarios(most_stops=4), length=st.integers(2, 3))
def test_plans_are_possible_and_as_good_as_any(case: Scenario, length: int) -> None:
    """Never below the least of all plans tried, and equal to it where no window is closed."""
    assume(len(case.stops) >= length)
    problem = build_problem(_with_runs(case, length), GRID)
    joined = join_runs(problem)
    assume(joined is not None)
    assert joined is not None
    found = objective(problem, RunsJoined(PortfolioEngine(), joined).solve(problem, LIMITS))
    least = _optimum(problem)
    assert found >= least
    if all(hours == ALWAYS for hours in problem.windows):
        assert found == least


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(case=scenarios(most_stops=9), lengths=st.lists(st.integers(2, 3), min_size=1, max_size=2))
def test_checker_accepts_plans_with_runs(case: Scenario, lengths: list[int]) -> None:
    """The independent judge finds every run whole, in its order, in one trip."""
    assume(len(case.stops) >= sum(lengths))
    try:
        propose(_with_runs(case, *lengths), GRID, engine=PortfolioEngine(), solutions=400)
    except InputError:
        return


def test_a_day_with_runs_is_planned_by_the_portfolio() -> None:
    """Ten stops, two runs: the engine of days without runs, and the runs are there."""
    case = _with_runs(TEN_STOPS, 3, 2)
    problem = build_problem(case, GRID)
    assert problem.features == {Feature.LOCKS}
    assert isinstance(fit_engine(None, problem), RunsJoined)
    plan = propose(case, GRID, solutions=2_000)
    assert plan.engine == PortfolioEngine().name
    assert not plan.unserved
    ways = [[visit.place_id for visit in trip.visits] for trip in plan.rounds]
    for lock in case.locks:
        assert any(
            tuple(way[at : at + len(lock.stop_ids)]) == lock.stop_ids
            for way in ways
            for at in range(len(way))
        )


@pytest.mark.parametrize(
    "case",
    [
        scenario([stop(1, 0, 1), stop(2, 0, 2)], vehicles=(bike(max_stops=5),)),
        scenario(
            [
                stop(1, 0, 1, windows=(window(11, 12),)),
                stop(2, 0, 2, windows=(window(8, 9),)),
            ]
        ),
        scenario([stop(1, 0, 1, kg_per_visit=60.0), stop(2, 0, 2, kg_per_visit=60.0)]),
    ],
    ids=["stops are counted", "the second would wait", "too heavy together"],
)
def test_runs_that_cannot_be_one_stop_are_left_to_or_tools(case: Scenario) -> None:
    """Where one stop would not mean the same, the engine that knows runs plans."""
    problem = build_problem(_with_runs(case, 2), GRID)
    assert join_runs(problem) is None
    assert isinstance(fit_engine(None, problem), OrToolsEngine)


def test_a_run_begins_when_none_of_its_stops_waits() -> None:
    """From 9 h to 10 h at the second stop: as much sooner as the first and the way there last."""
    stops = [
        stop(1, 0, 1, windows=(window(9, 10),)),
        stop(2, 0, 2, service_s=300),
    ]
    problem = build_problem(_with_runs(scenario(stops), 2), GRID)
    joined = join_runs(problem)
    assert joined is not None
    assert joined.runs == ((1, 0),)
    leg = int(problem.duration_s[0, 3, 2])
    ((opens, closes),) = joined.problem.windows[0]
    assert (opens, closes) == (9 * 3600 - 300 - leg, 10 * 3600 - 300 - leg)
    assert joined.problem.service_s[0] == problem.service_s.sum()
