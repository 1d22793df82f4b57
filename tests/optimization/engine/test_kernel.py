"""The compiled kernel against the timetable and the independent checker."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.model import Scenario
from optimization.planning import propose
from optimization.routing import Limits, Problem, build_problem
from optimization.routing.pricing import objective, route_cost, skip_price, unserved
from optimization.routing.problem import ALWAYS, NO_LIMIT
from optimization.routing.ruin_recreate import core as core_module
from optimization.routing.ruin_recreate.core import Core
from optimization.routing.ruin_recreate.engine import RuinRecreateEngine
from optimization.routing.ruin_recreate.instance import build_instance, is_direct
from optimization.routing.ruin_recreate.pool import new_pool
from tests.benchmarks.rich_files import made_rich
from tests.optimization.cases import (
    GRID,
    TEN_STOPS,
    bike,
    outlet,
    scenario,
    scenarios,
    stop,
    van,
    window,
)
from tests.optimization.rich_cases import rich_scenarios
from tests.optimization.test_engine import _optimum

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
ENGINE = RuinRecreateEngine()
LIMITS = Limits(seconds=600.0, solutions=1_500, seed=1)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=scenarios(most_stops=12))
def test_checker_accepts_every_plan(case: Scenario) -> None:
    """Windows, ranges, loads, outlets' hours and weekly capacities hold in whatever is found."""
    try:
        propose(case, GRID, engine=ENGINE, solutions=400)
    except InputError:
        return  # nothing can be planned, and the person is told why


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=scenarios(most_stops=10), heat=st.sampled_from([0.1, 3.0, 50.0]))
def test_kernel_prices_plans_and_pool_like_the_timetable(case: Scenario, heat: float) -> None:
    """Incremental prices never drift: waits, several windows a day and shifts included."""
    problem = build_problem(case, GRID)
    core = Core(problem, seed=1)
    core.run(400, heat)
    best = core.best()
    left_out = unserved(problem, best)
    cost = sum(route_cost(problem, route) for route in best)
    assert core.objective == cost + skip_price(problem, left_out)
    assert core.summary() == (cost, len(left_out))
    for route, price in core.good_routes():
        assert price == route_cost(problem, route)
        _assert_loads_fit(problem, route)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=rich_scenarios(most_stops=8, balanced=False))
def test_checker_accepts_plans_with_finer_rules(case: Scenario) -> None:
    """Access, priorities, most stops and trips hold; OR-Tools plans what has other rules."""
    try:
        propose(case, GRID, engine=ENGINE, solutions=300)
    except InputError:
        return


def test_each_rule_known_is_kept() -> None:
    """Two stops at most, one trip at most, a bike kept out: as dear as it must be, not less."""
    problem = build_problem(TEN_STOPS, GRID)
    kinds = tuple(replace(k, max_stops=2, max_trips=1) for k in problem.kinds)
    allowed = np.ones((problem.n_stops, len(kinds)), np.bool_)
    allowed[0] = False
    ruled = replace(problem, kinds=kinds, allowed=allowed)
    assert ruled.features <= ENGINE.features
    solution = ENGINE.solve(ruled, LIMITS)
    assert 0 in solution.unserved
    for route in solution.routes:
        assert len(route.trips) == 1
        assert len(route.trips[0].stops) <= 2


def _assert_loads_fit(problem: Problem, route) -> None:  # noqa: ANN001
    kind = problem.kinds[route.kind]
    for trip in route.trips:
        assert problem.demand_g[list(trip.stops)].sum() <= kind.capacity_g
        assert problem.demand_mc[list(trip.stops)].sum() <= kind.capacity_mc


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(case=scenarios(most_stops=8))
def test_a_plan_given_back_is_the_same_plan(case: Scenario) -> None:
    """Going to a plan found elsewhere keeps its price, its stops left out and its routes."""
    problem = build_problem(case, GRID)
    found, other = Core(problem, seed=1), Core(problem, seed=2)
    found.run(200, 1.0)
    assert other.go_to(found.best())
    assert other.objective == found.objective
    assert set(other.best()) == set(found.best())


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(case=scenarios(most_stops=4))
def test_optimum_of_tiny_cases(case: Scenario) -> None:
    """As good as every possible plan tried one by one."""
    problem = build_problem(case, GRID)
    assert objective(problem, ENGINE.solve(problem, LIMITS)) == _optimum(problem)


def test_same_seed_and_count_same_plan() -> None:
    """Two runs agree to the last second; another seed takes another way."""
    problem = build_problem(TEN_STOPS, GRID)
    first, second = ENGINE.solve(problem, LIMITS), ENGINE.solve(problem, LIMITS)
    assert first == second
    assert first.solutions == LIMITS.solutions
    one, two = Core(problem, 1), Core(problem, 2)
    one.run(50, 30.0)
    two.run(50, 30.0)
    assert {r for r, _ in one.good_routes()} != {r for r, _ in two.good_routes()}


def test_more_steps_never_worsen_the_best_plan() -> None:
    """The best plan is only replaced by a better one, at any temperature."""
    core = Core(build_problem(TEN_STOPS, GRID), seed=1)
    prices = []
    for heat in (100.0, 1.0, 100.0, 0.1):
        core.run(100, heat)
        prices.append(core.objective)
    assert prices == sorted(prices, reverse=True)


def test_second_window_of_the_day_is_used() -> None:
    """Two stops open at eight only when one of them also opens at eleven: one bike does both."""
    case = scenario(
        [
            stop(1, 5.0, 0.0, windows=(window(8, 8.5),)),
            stop(2, -5.0, 0.0, windows=(window(8, 8.5), window(11, 11.5))),
        ],
        vehicles=(bike(count=1),),
    )
    plan = propose(case, GRID, engine=ENGINE, solutions=300)
    assert not plan.unserved
    assert len(plan.rounds) == 1


def test_range_splits_rounds() -> None:
    """What one long round would serve takes two once the battery is small."""
    stops = [stop(1, 6.0, 0.0), stop(2, -6.0, 0.0)]
    far = propose(scenario(stops, vehicles=(bike(count=2),)), GRID, engine=ENGINE, solutions=300)
    near = propose(
        scenario(stops, vehicles=(bike(count=2, range_m=15_000),)),
        GRID,
        engine=ENGINE,
        solutions=300,
    )
    assert (len(far.rounds), len(near.rounds)) == (1, 2)


def test_optional_stop_is_served_only_when_worth_it() -> None:
    """Its value is weighed against the detour; a stop without value is always served."""
    must = stop(1, 1.0, 1.0)
    worth = [stop(2, 9.0, 0.0, skip_value_eur=value) for value in (1.0, 100.0)]
    plans = [
        propose(scenario([must, other]), GRID, engine=ENGINE, solutions=300) for other in worth
    ]
    assert [len(plan.unserved) for plan in plans] == [1, 0]


def test_closed_outlet_sends_the_load_to_the_open_one() -> None:
    """The near outlet is closed in the morning: everything goes to the far one."""
    case = scenario(
        [stop(1, 0.0, 1.0), stop(2, 0.0, 2.0)],
        outlets=(outlet(1, 0.0, 3.0, windows=(window(14, 18),)), outlet(2, 3.0, 0.0)),
    )
    plan = propose(case, GRID, engine=ENGINE, solutions=300)
    unloadings = {v.place_id for r in plan.rounds for v in r.visits if v.kind == "unload"}
    assert unloadings == {"outlet-2"}


@pytest.mark.parametrize(
    ("weekly_kg", "expected"), [(40.0, {"outlet-1"}), (30.0, {"outlet-1", "outlet-2"})]
)
def test_full_outlet_shares_with_the_next(weekly_kg: float, expected: set[str]) -> None:
    """The near outlet takes both loads of 20 kg, or one of them when that is all it accepts."""
    case = scenario(
        [stop(1, 0.0, 1.0), stop(2, 0.0, 2.0)],
        vehicles=(bike(capacity_kg=20.0),),
        outlets=(outlet(1, 0.0, 3.0, weekly_capacity_kg=weekly_kg), outlet(2, 0.0, -3.0)),
    )
    plan = propose(case, GRID, engine=ENGINE, solutions=300)
    unloadings = {v.place_id for r in plan.rounds for v in r.visits if v.kind == "unload"}
    assert unloadings == expected
    assert not plan.unserved


def test_big_load_takes_the_van_of_a_mixed_fleet() -> None:
    """A stop too heavy for bikes goes by van; light ones nearby stay with the cheaper bike."""
    heavy = stop(1, 4.0, 4.0, kg_per_visit=300.0)
    light = [stop(n, 0.1 * n, 0.0) for n in range(2, 5)]
    only_light = scenario(light, vehicles=(bike(), van()))
    mixed = scenario([heavy, *light], vehicles=(bike(), van()))
    plans = [propose(case, GRID, engine=ENGINE, solutions=500) for case in (only_light, mixed)]
    assert {r.vehicle_id for r in plans[0].rounds} == {"bike"}
    assert "van" in {r.vehicle_id for r in plans[1].rounds}


def test_textbook_routing_is_recognised() -> None:
    """Free trips that end at the depot are independent routes; anything dearer is not."""
    problem = build_problem(
        scenario(
            [stop(1, 1.0, 0.0), stop(2, 0.0, 1.0)],
            outlets=(outlet(1, 0.0, 0.0, unload_s=0),),
            vehicles=(bike(cost_eur_per_shift=0.0, cost_eur_per_hour=0.0),),
        ),
        GRID,
    )
    assert is_direct(problem)
    assert build_instance(problem).outlets == 0
    assert not is_direct(replace(problem, unload_s=np.array([1])))
    assert not is_direct(replace(problem, outlet_windows=(((0, 40_000),),)))
    assert not is_direct(replace(problem, outlet_weekly_g=np.array([10])))
    for change in ({"fixed_neur": 1}, {"second_neur": 1}, {"count": 1}):
        dearer = replace(problem, kinds=(replace(problem.kinds[0], **change),))
        assert not is_direct(dearer)
    solution = ENGINE.solve(problem, LIMITS)
    assert objective(problem, solution) == _optimum(problem)


def test_nothing_to_plan_is_an_empty_solution() -> None:
    """No stop, no vehicle: an answer all the same."""
    problem = build_problem(TEN_STOPS, GRID)
    nobody = problem.restricted(stops=[], outlets=[0])
    assert ENGINE.solve(nobody, LIMITS).routes == ()
    on_foot = replace(problem, kinds=tuple(replace(k, count=0) for k in problem.kinds))
    assert len(ENGINE.solve(on_foot, LIMITS).unserved) == problem.n_stops


def test_stops_when_told() -> None:
    """A person who gives up gets the best plan so far at once."""
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    limits = Limits(seconds=600.0, solutions=10**9, seed=1)
    solution = ENGINE.solve(build_problem(TEN_STOPS, GRID), limits, should_stop=should_stop)
    assert solution.solutions < 10**6
    assert not solution.unserved


def test_asymmetric_roads_are_priced_in_their_direction() -> None:
    """One-way streets: the round goes with them."""
    legs = np.array([[0, 1, 1, 9], [1, 0, 9, 1], [9, 9, 0, 1], [1, 1, 9, 0]], np.int64)[None] * 100
    problem = build_problem(
        scenario([stop(1, 1.0, 0.0), stop(2, 0.0, 1.0)], vehicles=(bike(count=1),)), GRID
    )
    one_way = replace(problem, distance_m=legs, duration_s=legs)
    solution = ENGINE.solve(one_way, LIMITS)
    assert [trip.stops for route in solution.routes for trip in route.trips] == [(0, 1)]


@pytest.mark.parametrize("windows", [ALWAYS, ((0, 3_000), (40_000, 50_000))])
def test_instance_keeps_every_window(windows: tuple[tuple[int, int], ...]) -> None:
    """The kernel's padded windows are the problem's."""
    problem = build_problem(scenario([stop(1, 1.0, 0.0)]), GRID)
    instance = build_instance(replace(problem, windows=(windows,)))
    count = int(instance.windows[2])
    pairs = zip(instance.opens[2, :count], instance.closes[2, :count], strict=True)
    assert tuple((int(a), int(b)) for a, b in pairs) == windows
    assert instance.value[2] < NO_LIMIT


def test_a_full_pool_lets_the_oldest_routes_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search itself does not change; what is left is right, and is told once."""
    problem = made_rich(stops=20, seed=3)
    everything = Core(problem, 1)
    with monkeypatch.context() as small:
        small.setattr(core_module, "new_pool", lambda places: new_pool(places, most=8))
        few = Core(problem, 1)
    for core in (everything, few):
        core.run(5_000, 1.0)
    assert everything.best() == few.best()
    met, kept = everything.good_routes(), few.good_routes()
    assert len(met) > len(kept) == 8
    assert all(price == route_cost(problem, route) for route, price in kept)
    assert few.good_routes() == []
