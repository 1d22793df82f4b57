"""Engines side by side, and what CP-SAT makes of their routes."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers

from data.errors import InputError
from data.model import Scenario
from optimization.planning import propose
from optimization.routing import (
    Limits,
    Problem,
    SearchProgress,
    build_problem,
    portfolio,
    warm_up,
)
from optimization.routing.crossing import crossed
from optimization.routing.portfolio import PortfolioEngine, Second
from optimization.routing.pricing import objective, route_cost, skip_price, unserved
from optimization.routing.recombination import RoutePool, recombine
from optimization.routing.ruin_recreate.core import Core
from optimization.routing.ruin_recreate.instance import is_direct
from optimization.routing.solution import Route, Trip
from optimization.vrplib_files import read_textbook_case
from tests.optimization.cases import GRID, TEN_STOPS, bike, outlet, scenario, scenarios, stop
from tests.optimization.engine.textbook import write_cvrp
from tests.optimization.test_engine import _optimum

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
LIMITS = Limits(seconds=600.0, solutions=3_000, seed=1)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(case=scenarios(most_stops=9))
def test_checker_accepts_every_plan(case: Scenario) -> None:
    """Whatever runs on the second core, the independent judge finds no fault."""
    for second in Second:
        try:
            propose(case, GRID, engine=PortfolioEngine(second), solutions=400)
        except InputError:
            return


@settings(max_examples=10, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(case=scenarios(most_stops=4))
def test_optimum_of_tiny_cases(case: Scenario) -> None:
    """As good as every possible plan tried one by one."""
    problem = build_problem(case, GRID)
    assert objective(problem, PortfolioEngine().solve(problem, LIMITS)) == _optimum(problem)


@pytest.mark.parametrize("second", list(Second))
def test_same_seed_and_count_same_plan(second: Second) -> None:
    """Two threads or one, the plan depends on the seed and the count only."""
    problem = build_problem(TEN_STOPS, GRID)
    engine = PortfolioEngine(second)
    assert engine.solve(problem, LIMITS) == engine.solve(problem, LIMITS)


def test_progress_only_gets_better_and_ends_with_the_plan() -> None:
    """What is told never goes up, and the last word is the plan."""
    told: list[SearchProgress] = []
    problem = build_problem(TEN_STOPS, GRID)
    solution = PortfolioEngine().solve(problem, LIMITS, told.append)
    ranks = [(report.unserved, report.best_cost_eur) for report in told]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[-1] == (0, solution.cost_neur / 1e9)


def test_giving_up_stops_both_threads() -> None:
    """The person does not wait for the second core's count."""
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    limits = Limits(seconds=600.0, solutions=10**10, seed=1)
    solution = PortfolioEngine().solve(build_problem(TEN_STOPS, GRID), limits, None, should_stop)
    assert not solution.unserved
    assert solution.solutions < 10**8


def test_warming_up_can_be_done_again() -> None:
    """Setting up twice is harmless."""
    warm_up()
    warm_up()


def test_recombination_mixes_two_plans() -> None:
    """Each plan is good on one side of the town: the best of both is better than either."""
    problem = build_problem(
        scenario(
            [stop(n, x, 0.0) for n, x in enumerate((4.0, 4.5, -4.0, -4.5))],
            vehicles=(bike(count=4, capacity_kg=40.0, shift_end_s=10 * 3600),),
        ),
        GRID,
    )
    good_east, bad_east = [_route((0, 1))], [_route((0,)), _route((1,))]
    good_west, bad_west = [_route((2, 3))], [_route((2,)), _route((3,))]
    pool = RoutePool(problem)
    for plan in (good_east + bad_west, bad_east + good_west):
        pool.add((route, route_cost(problem, route)) for route in plan)
    found = recombine(problem, pool, good_east + bad_west, seconds=60.0)
    assert found is not None
    assert set(found) == {*good_east, *good_west}


def _route(stops: tuple[int, ...]) -> Route:
    return Route(0, (Trip(stops, 0),))


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(case=scenarios(most_stops=5))
def test_recombination_is_the_best_choice_among_routes(case: Scenario) -> None:
    """Against every subset of a small pool: fleet, weekly capacities, stops left out."""
    problem = build_problem(case, GRID)
    core = Core(problem, seed=1)
    core.run(30, 100.0)
    pool = RoutePool(problem)
    met = core.good_routes()[:9]
    best = core.best()
    pool.add([*met, *((route, route_cost(problem, route)) for route in best)])
    routes = [route for _, route in pool.routes(best, 100)]
    found = recombine(problem, pool, best, seconds=60.0)
    assert found is not None
    plans = [p for size in range(len(routes) + 1) for p in combinations(routes, size)]
    least = min(_value(problem, plan) for plan in plans if _is_plan(problem, pool, plan))
    assert abs(_value(problem, found) - least) <= 1_000 * (len(found) + problem.n_stops)


def _value(problem, plan) -> int:  # noqa: ANN001
    cost = sum(route_cost(problem, route) for route in plan)
    return cost + skip_price(problem, unserved(problem, plan))


def _is_plan(problem, pool, plan) -> bool:  # noqa: ANN001
    stops = [stop for route in plan for trip in route.trips for stop in trip.stops]
    if len(stops) != len(set(stops)):
        return False
    for number, kind in enumerate(problem.kinds):
        if sum(route.kind == number for route in plan) > kind.count:
            return False
    brought = [sum(column) for column in zip(*map(pool.delivered, plan), strict=True)]
    return all(
        grams <= limit for grams, limit in zip(brought, problem.outlet_weekly_g, strict=False)
    )


def test_weekly_capacity_binds_the_recombination() -> None:
    """Two routes to the near outlet are cheapest, but it only takes one of them."""
    case = scenario(
        [stop(0, 4.0, 0.0), stop(1, -4.0, 0.0)],
        outlets=(outlet(1, weekly_capacity_kg=30.0), outlet(2, 0.0, 2.0)),
    )
    problem = build_problem(case, GRID)
    pool = RoutePool(problem)
    routes = [Route(0, (Trip((s,), o),)) for s in range(2) for o in range(2)]
    pool.add((route, route_cost(problem, route)) for route in routes)
    found = recombine(problem, pool, [routes[1], routes[3]], seconds=60.0)
    assert found is not None
    assert sorted(trip.outlet for route in found for trip in route.trips) == [0, 1]


def test_unlimited_copy_of_a_problem_is_not_worse() -> None:
    """Lifting a limit never makes the plan dearer."""
    problem = build_problem(TEN_STOPS, GRID)
    more = replace(problem, kinds=tuple(replace(k, count=k.count + 2) for k in problem.kinds))
    engine = PortfolioEngine()
    assert objective(more, engine.solve(more, LIMITS)) <= objective(
        problem, engine.solve(problem, LIMITS)
    )


def test_crossing_repeats_and_finds_the_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room enough plans are crossed: same seed and count, same plan, as good as any."""
    monkeypatch.setattr(portfolio, "ROOM_SOLUTIONS", 1)
    monkeypatch.setattr(portfolio, "LONG_TRIP", 0)
    problem = _independent(5, seed=3)
    assert is_direct(problem)
    found = PortfolioEngine().solve(problem, LIMITS)
    assert found == PortfolioEngine().solve(problem, LIMITS)
    assert objective(problem, found) == _optimum(problem)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(count=integers(1, 25), seed=integers(0, 999))
def test_a_crossed_plan_serves_nobody_twice(count: int, seed: int) -> None:
    """Any two plans: their child overloads no vehicle, repeats no stop and has no empty route."""
    problem = _independent(count, seed)
    plans = []
    for number in (1, 2):
        core = Core(problem, number)
        core.run(20, 1.0)
        plans.append(core.best())
    child = crossed(problem, *plans, np.random.default_rng(seed))
    stops = [stop for route in child for trip in route.trips for stop in trip.stops]
    assert len(stops) == len(set(stops))
    for route in child:
        served, kind = list(route.trips[0].stops), problem.kinds[route.kind]
        assert served
        assert problem.demand_g[served].sum() <= kind.capacity_g
        assert problem.demand_mc[served].sum() <= kind.capacity_mc


def test_a_plan_crossed_with_itself_is_itself() -> None:
    """Whatever is drawn: what the second plan gives is what the first gives up."""
    problem = _independent(12, seed=5)
    core = Core(problem, 1)
    core.run(200, 0.5)
    for seed in range(20):
        child = crossed(problem, core.best(), core.best(), np.random.default_rng(seed))
        assert {frozenset(route.trips[0].stops) for route in child} == {
            frozenset(route.trips[0].stops) for route in core.best()
        }


def _independent(count: int, seed: int) -> Problem:
    """Trips that stand alone: stops on a square, unloading at the depot, free vehicles."""
    with TemporaryDirectory() as folder:
        return read_textbook_case(
            write_cvrp(Path(folder) / "made.vrp", stops=count, seed=seed)
        ).problem
