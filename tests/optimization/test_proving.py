"""The proof of a whole plan: valid under every rule, told as it rises, and stopped in time."""

from dataclasses import replace
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from data.errors import CartofluxError, InputError
from data.model import Plan, Scenario
from optimization.bounding.proof import is_optimal
from optimization.planning import propose
from optimization.proving import prove_job, prove_plan
from optimization.routing.problem import NANO_PER_EURO, Problem, build_problem
from optimization.routing.rules import line_keeps_rules
from optimization.routing.solution import Route, Trip
from optimization.routing.timetable import locations_of, timetable
from tests.optimization.cases import GRID, TEN_STOPS, bike, outlet, scenario, stop, van, window
from tests.optimization.rich_cases import NORTH, rich_scenarios

CENT = 0.01
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]


def _cuts(problem: Problem, order: tuple[int, ...], kind: int) -> list[tuple[Trip, ...]]:
    """All ways to cut an order of stops into trips that fit, each to any outlet."""
    if not order:
        return [()]
    vehicle, found = problem.kinds[kind], []
    for size in range(1, len(order) + 1):
        head = list(order[:size])
        if (
            problem.demand_g[head].sum() > vehicle.capacity_g
            or problem.demand_mc[head].sum() > vehicle.capacity_mc
        ):
            break
        found += [
            (Trip(order[:size], o), *rest)
            for o in range(problem.n_outlets)
            for rest in _cuts(problem, order[size:], kind)
        ]
    return found


def _shift_cost(problem: Problem, stops: list[int], kind: int) -> int | None:
    """Least n€ of one shift serving just those stops, every order and cut tried."""
    costs = []
    for order in permutations(stops):
        for trips in _cuts(problem, order, kind):
            route = Route(kind, trips)
            if line_keeps_rules(problem, kind, locations_of(problem, route)[1:-1]):
                table = timetable(problem, route)
                if table is not None:
                    costs.append(table.cost_neur)
    return min(costs, default=None)


def cheapest(problem: Problem) -> int | None:
    """Least n€ that serves every stop by trying everything (outlets' weeks and balance apart)."""
    sets = 1 << problem.n_stops
    stops_of = [[s for s in range(problem.n_stops) if code >> s & 1] for code in range(sets)]
    shift = {
        (code, kind): cost
        for code, kind in product(range(1, sets), range(len(problem.kinds)))
        if (cost := _shift_cost(problem, stops_of[code], kind)) is not None
    }
    start = (0, tuple(kind.count for kind in problem.kinds))
    plans: dict[tuple[int, tuple[int, ...]], int] = {start: 0}
    for code in range(1, sets):
        for (part, kind), price in shift.items():
            if part & code != part or not part & code & -code:
                continue
            for (rest, left), cost in list(plans.items()):
                if rest == code ^ part and left[kind]:
                    after = tuple(n - (k == kind) for k, n in enumerate(left))
                    known = plans.get((code, after))
                    if known is None or cost + price < known:
                        plans[code, after] = cost + price
    return min((cost for (code, _), cost in plans.items() if code == sets - 1), default=None)


def _served_only(plan: Plan, case: Scenario) -> Problem:
    left = {unserved.stop_id for unserved in plan.unserved}
    return build_problem(case, GRID, stops=[s for s in case.stops if s.id not in left])


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(case=rich_scenarios(most_stops=4))
def test_under_every_rule_no_plan_costs_less_than_what_is_proved(case: Scenario) -> None:
    """Depots, windows, waits paid, pauses, ranges, locks…: all plans of a few stops are tried."""
    try:
        plan = propose(case, GRID, solutions=10)
    except InputError:
        return
    if not plan.rounds:
        return
    proof = prove_plan(plan, case, GRID, seconds=600.0)
    least = cheapest(_served_only(plan, case))
    assert least is not None
    assert proof.bound_eur <= least / NANO_PER_EURO + CENT
    if proof.optimal:
        assert plan.cost_eur == pytest.approx(least / NANO_PER_EURO, abs=2 * CENT)


SEVEN = scenario(
    [
        stop(
            n,
            (n * 5) % 7 - 3,
            (n * 4) % 9 - 4,
            windows=((window(8, 8.5), window(10, 11)), ())[n % 2],
        )
        for n in range(7)
    ],
    vehicles=(bike(count=2, cost_eur_per_hour=40.0), van(depot_id="north")),
    outlets=(outlet(1), outlet(2, -2.0, 3.0, windows=(window(9, 10), window(10.5, 12)))),
    depots=(NORTH,),
)
"""Seven stops, paid waits between two windows a day, two outlets, two depots."""


@pytest.mark.parametrize("case", [SEVEN, TEN_STOPS], ids=["seven", "ten"])
def test_small_plans_are_proved_within_a_few_percent(case: Scenario) -> None:
    """The proof is far above the first minimum, and below every plan found with more time."""
    plan = propose(case, GRID, solutions=20)
    proof = prove_plan(plan, case, GRID, seconds=600.0)
    better = propose(replace(case, seed=4), GRID, solutions=3_000)
    assert proof.complete
    assert proof.bound_eur <= better.cost_eur + CENT
    assert proof.bound_eur > (plan.bound_eur or 0.0) + 1.0
    assert better.cost_eur / proof.bound_eur < 1.04


def test_left_out_stops_are_not_in_the_minimum() -> None:
    """A stop out of reach changes nothing: the minimum is that of the stops served."""
    near = [stop(n, n, 1) for n in range(3)]
    far = stop(9, 0, 90)
    plan = propose(scenario(near), GRID, solutions=20)
    wider = scenario([*near, far])
    kept = propose(wider, GRID, solutions=20)
    assert [left.stop_id for left in kept.unserved] == ["stop-9"]
    proofs = [
        prove_plan(plan, scenario(near), GRID, seconds=600.0),
        prove_plan(kept, wider, GRID, seconds=600.0),
    ]
    assert proofs[0].bound_eur == proofs[1].bound_eur > 0


def test_the_job_tells_a_rising_minimum_and_stops_when_asked() -> None:
    """What is told never falls; asked to stop at once, the first minimum is returned."""
    plan = propose(TEN_STOPS, GRID, solutions=20)
    told: list[dict[str, Any]] = []
    proof = prove_job(told.append, lambda: False, plan, TEN_STOPS, GRID, 600.0)
    bounds = [news["bound_eur"] for news in told if "bound_eur" in news]
    assert bounds == sorted(bounds)
    assert bounds[-1] <= proof.bound_eur
    assert all(news["message"].startswith("Preuve") for news in told)
    stopped = prove_job(told.append, lambda: True, plan, TEN_STOPS, GRID, 600.0)
    assert stopped.bound_eur == plan.bound_eur
    assert not stopped.complete


def test_a_plan_that_no_longer_holds_is_refused_in_french() -> None:
    """Without its vehicle, or serving nothing, a plan has nothing to prove."""
    plan = propose(TEN_STOPS, GRID, solutions=20)
    gone = replace(TEN_STOPS, vehicles=(bike(id="other", count=9),))
    with pytest.raises(CartofluxError, match="ne tient plus"):
        prove_plan(plan, gone, GRID, seconds=1.0)
    with pytest.raises(CartofluxError, match="rien à prouver"):
        prove_plan(replace(plan, rounds=()), TEN_STOPS, GRID, seconds=1.0)


def test_optimal_is_said_to_the_cent_only() -> None:
    """Two cents of rounding are forgiven, nothing more; without a minimum nothing is claimed."""
    assert is_optimal(100.0, 99.98)
    assert not is_optimal(100.0, 99.97)
    assert not is_optimal(100.0, None)
    assert not is_optimal(0.0, 0.0)
