"""Rules that one engine does not know: planned with margins, then by OR-Tools from there."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from data.errors import InputError
from data.model import Scenario
from optimization.planning import fit_engine, propose
from optimization.routing import Limits, build_problem
from optimization.routing.cautious import Cautious, with_margins
from optimization.routing.ortools_engine import OrToolsEngine
from optimization.routing.portfolio import PortfolioEngine
from optimization.routing.pricing import objective
from optimization.routing.problem import Feature
from tests.optimization.cases import GRID, HOUR, TEN_STOPS, bike
from tests.optimization.rich_cases import rich_scenarios
from tests.optimization.test_engine import _optimum

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
PAUSE = bike(count=2, break_s=1800, break_from_s=9 * HOUR, break_until_s=11 * HOUR)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(case=rich_scenarios(most_stops=8))
def test_checker_accepts_every_plan(case: Scenario) -> None:
    """Whatever rules meet, the independent judge finds no fault."""
    try:
        propose(case, GRID, solutions=300)
    except InputError:
        return


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(case=rich_scenarios(most_stops=4, balanced=False))
def test_never_cheaper_than_possible_and_as_good_as_or_tools(case: Scenario) -> None:
    """A few stops: no better than the best of all plans, no worse than OR-Tools from nothing."""
    problem = build_problem(case, GRID)
    told = with_margins(problem)
    if not told.features <= PortfolioEngine.features:
        return
    limits = Limits(seconds=600.0, solutions=400, seed=1)
    found = objective(problem, Cautious(PortfolioEngine(), told).solve(problem, limits))
    assert found >= _optimum(problem)
    assert found <= objective(problem, OrToolsEngine().solve(problem, limits))


def test_a_pause_is_planned_for_by_the_portfolio_first() -> None:
    """Ten stops and a pause: both engines are named, and the same count gives the same plan."""
    case = replace(TEN_STOPS, vehicles=(PAUSE,))
    problem = build_problem(case, GRID)
    assert problem.features == {Feature.BREAKS}
    assert isinstance(fit_engine(None, problem), Cautious)
    plan, again = (propose(case, GRID, solutions=600) for _ in range(2))
    assert plan.rounds == again.rounds
    assert not plan.unserved
    assert plan.solutions <= 600
    assert "CP-SAT" in plan.engine
    assert "OR-Tools" in plan.engine


def test_or_tools_goes_on_from_a_plan() -> None:
    """With almost no budget the plan given is still there, missing stops put in."""
    problem = build_problem(TEN_STOPS, GRID)
    good = OrToolsEngine().solve(problem, Limits(seconds=600.0, solutions=200))
    little = Limits(seconds=600.0, solutions=1)
    assert objective(problem, OrToolsEngine(good.routes).solve(problem, little)) <= objective(
        problem, good
    )
    part = OrToolsEngine(good.routes[:1]).solve(problem, little)
    assert not part.unserved


@pytest.mark.parametrize("cancelled_at", [1, 40])
def test_giving_up_stops_either_engine(cancelled_at: int) -> None:
    """Whichever is at work, the person does not wait."""
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > cancelled_at

    problem = build_problem(replace(TEN_STOPS, vehicles=(PAUSE,)), GRID)
    limits = Limits(seconds=600.0, solutions=10**9)
    found = fit_engine(None, problem).solve(problem, limits, None, should_stop)
    assert found.solutions < 10**8


def test_no_time_at_all_still_gives_a_plan() -> None:
    """The first part took it all: OR-Tools still puts everybody in."""
    problem = build_problem(replace(TEN_STOPS, vehicles=(PAUSE,)), GRID)
    found = fit_engine(None, problem).solve(problem, Limits(seconds=0.001))
    assert not found.unserved
