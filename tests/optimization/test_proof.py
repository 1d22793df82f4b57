"""Laws of the proved minimum: never above what is possible, whatever the prices."""

from dataclasses import replace
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimization.bounding.instance import instance_of
from optimization.bounding.partition import least_cost
from optimization.bounding.pricing import Column, Pricer
from optimization.bounding.prove import lagrangian, prove
from optimization.routing import Limits, Problem, Solution
from optimization.routing.ortools_engine import OrToolsEngine
from optimization.routing.portfolio import PortfolioEngine, Second
from optimization.routing.pricing import assembled, route_cost
from optimization.routing.problem import NANO_PER_EURO
from optimization.routing.pyvrp_engine import PyvrpEngine
from optimization.routing.ruin_recreate.engine import RuinRecreateEngine
from optimization.routing.solution import Route, Trip
from optimization.routing.timetable import timetable
from tests.benchmarks.rich_files import made_rich

if TYPE_CHECKING:
    from optimization.bounding.proof import Proof

CENT = 0.01


def _paid_hours(problem: Problem) -> Problem:
    """The same with hours that cost, so that waiting does."""
    kinds = (replace(kind, second_neur=2 * NANO_PER_EURO) for kind in problem.kinds)
    return replace(problem, kinds=tuple(kinds))


def _trips(problem: Problem, stops: tuple[int, ...], kind: int) -> list[tuple[Trip, ...]]:
    """All ways to cut an order of stops into trips that fit."""
    if not stops:
        return [()]
    vehicle = problem.kinds[kind]
    found = []
    for size in range(1, len(stops) + 1):
        head = list(stops[:size])
        if (
            problem.demand_g[head].sum() > vehicle.capacity_g
            or problem.demand_mc[head].sum() > vehicle.capacity_mc
        ):
            break
        rest = _trips(problem, stops[size:], kind)
        found += [(Trip(stops[:size], 0), *other) for other in rest]
    return found


def _cheapest_shifts(problem: Problem) -> list[list[tuple[int, Route]]]:
    """For each set of stops (a bit each), the cheapest shift of each kind, every order tried."""
    sets = 1 << problem.n_stops
    best: list[list[tuple[int, Route]]] = [[] for _ in range(sets)]
    for code in range(1, sets):
        stops = [stop for stop in range(problem.n_stops) if code >> stop & 1]
        for kind in range(len(problem.kinds)):
            priced = [
                (table.cost_neur, Route(kind, trips))
                for order in permutations(stops)
                for trips in _trips(problem, order, kind)
                if (table := timetable(problem, Route(kind, trips))) is not None
            ]
            if priced:
                best[code].append(min(priced, key=lambda pair: pair[0]))
    return best


def _best(problem: Problem) -> Solution:
    """The optimum by trying everything: each set of stops as one shift, then sets together."""
    sets = 1 << problem.n_stops
    best = _cheapest_shifts(problem)
    plans: dict[tuple[int, tuple[int, ...]], tuple[int, tuple[Route, ...]]] = {
        (0, (0,) * len(problem.kinds)): (0, ())
    }
    for code in range(1, sets):
        first = code & -code
        for part in range(code, 0, -1):
            if part & code != part or not part & first:
                continue
            for (rest, used), (cost, routes) in list(plans.items()):
                if rest != code ^ part:
                    continue
                for price, route in best[part]:
                    if used[route.kind] >= problem.kinds[route.kind].count:
                        continue
                    after = tuple(u + (k == route.kind) for k, u in enumerate(used))
                    known = plans.get((code, after))
                    if known is None or cost + price < known[0]:
                        plans[code, after] = cost + price, (*routes, route)
    _, routes = min(
        (plan for (code, _), plan in plans.items() if code == sets - 1), key=lambda plan: plan[0]
    )
    return assembled(problem, routes, 1)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), stops=st.integers(1, 4), paid=st.booleans())
def test_bound_is_never_above_the_optimum(*, seed: int, stops: int, paid: bool) -> None:
    """All plans of a few stops are tried: the best is proved to be, and nothing above it."""
    problem = made_rich(stops=stops, seed=seed)
    problem = _paid_hours(problem) if paid else problem
    best = _best(problem)
    proof = prove(problem, best, seconds=600.0)
    assert proof is not None
    assert proof.complete
    assert proof.bound_eur <= best.cost_neur / NANO_PER_EURO + CENT
    assert proof.optimal


def _least_week(problem: Problem, visits: tuple[int, ...]) -> int:
    """n€ of the cheapest shifts that make those visits, each stop once a shift at most."""
    shifts = [min((cost for cost, _ in each), default=None) for each in _cheapest_shifts(problem)]
    least = {(0,) * len(visits): 0}
    for left in product(*(range(count + 1) for count in visits)):
        for code, cost in enumerate(shifts):
            served = [code >> stop & 1 for stop in range(len(visits))]
            before = tuple(count - one for count, one in zip(left, served, strict=True))
            if code and cost is not None and min(before) >= 0 and before in least:
                least[left] = min(least.get(left, 2**62), least[before] + cost)
    return least[visits]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), visits=st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_bound_of_a_week_is_never_above_the_cheapest(seed: int, visits: list[int]) -> None:
    """Several visits a stop: all mixes of shifts are tried, the bound is below, and reaches it."""
    made = made_rich(stops=len(visits), seed=seed)
    kinds = tuple(replace(kind, count=20) for kind in made.kinds)
    problem = replace(made, kinds=kinds)
    cost = _least_week(problem, tuple(visits))
    week = Solution(routes=(), unserved=(), cost_neur=cost, solutions=1)
    proof = prove(problem, week, visits=visits, seconds=600.0)
    if not any(visits):
        assert proof is None
        return
    assert proof is not None
    assert proof.bound_eur <= cost / NANO_PER_EURO + CENT
    assert proof.optimal


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), scale=st.floats(-3.0, 3.0))
def test_wrong_prices_never_give_an_invalid_bound(seed: int, scale: float) -> None:
    """Whatever the prices of the stops, even absurd ones, Lagrange's bound stays below a plan."""
    problem = _paid_hours(made_rich(stops=4, seed=seed))
    cost = _best(problem).cost_neur / NANO_PER_EURO
    instance = instance_of(problem, problem.n_stops)
    prices = scale * cost * np.random.default_rng(seed).random(problem.n_stops)
    pricer = Pricer(instance, 100_000)
    least = [pricer.cheapest(rank, prices, rough=False)[0] for rank in range(len(instance.fleets))]
    fleets = [(0, fleet.count) for fleet in instance.fleets]
    everything = (1, sum(most for _, most in fleets))
    assert lagrangian(float(prices.sum()), least, fleets, everything) <= cost + CENT


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), paid=st.booleans(), scale=st.floats(0.0, 1.0))
def test_every_useful_shift_is_listed(*, seed: int, paid: bool, scale: float) -> None:
    """Whatever the prices, the shifts of the best plan are listed at their cost, and none twice."""
    problem = made_rich(stops=4, seed=seed)
    problem = _paid_hours(problem) if paid else problem
    best = _best(problem)
    instance = instance_of(problem, problem.n_stops)
    cost = best.cost_neur / NANO_PER_EURO
    prices = scale * cost * np.random.default_rng(seed).random(problem.n_stops)
    pricer = Pricer(instance, 100_000)
    rank = {fleet.number: place for place, fleet in enumerate(instance.fleets)}
    for route in best.routes:
        euros = route_cost(problem, route) / NANO_PER_EURO
        stops = tuple(sorted(stop for trip in route.trips for stop in trip.stops))
        reduced = euros - prices[list(stops)].sum()
        listed = pricer.list_shifts(rank[route.kind], prices, reduced + CENT)
        assert listed is not None
        found = [column.euros for column in listed if column.stops == stops]
        assert found == [pytest.approx(euros, abs=CENT)]
        above = [c for c in listed if c.euros - prices[list(c.stops)].sum() > reduced + 2 * CENT]
        assert not above


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fifteen_stops_are_proved(seed: int) -> None:
    """A good plan of fifteen stops is proved to be the best; a worse one is not told so."""
    problem = made_rich(stops=15, seed=seed)
    good = PortfolioEngine(Second.RUIN).solve(
        problem, Limits(seconds=600.0, solutions=40_000, seed=1)
    )
    proof = prove(problem, good, seconds=600.0)
    assert proof is not None
    assert proof.optimal
    poor = OrToolsEngine().solve(problem, Limits(seconds=600.0, solutions=1, seed=1))
    if not poor.unserved and poor.cost_neur > good.cost_neur + NANO_PER_EURO:
        other = prove(problem, poor, seconds=600.0)
        assert other is not None
        assert not other.optimal
        assert other.bound_eur <= good.cost_neur / NANO_PER_EURO + CENT


@pytest.mark.parametrize(("stops", "seed"), [(15, 3), (30, 4), (60, 5)])
def test_bound_is_below_every_engine(stops: int, seed: int) -> None:
    """No engine goes below, however short the proof; only a finished one may say « optimal »."""
    problem = made_rich(stops=stops, seed=seed)
    engines = (
        (PortfolioEngine(Second.RUIN), 2_000),
        (RuinRecreateEngine(), 500),
        (PyvrpEngine(), 20),
        (OrToolsEngine(), 3),
    )
    plans = [
        engine.solve(problem, Limits(seconds=600.0, solutions=count, seed=1))
        for engine, count in engines
    ]
    whole = [plan for plan in plans if not plan.unserved]
    proof = prove(problem, whole[0], seconds=600.0, iterations=15, labels=20_000)
    assert proof is not None
    for plan in whole:
        assert proof.bound_eur <= plan.cost_neur / NANO_PER_EURO + CENT


def test_same_iterations_same_bound() -> None:
    """With a budget in prices tried, the proof is repeatable."""
    problem = made_rich(stops=15, seed=2)
    plan = RuinRecreateEngine().solve(problem, Limits(seconds=600.0, solutions=500, seed=1))
    proofs = [prove(problem, plan, seconds=600.0, iterations=20) for _ in range(2)]
    assert proofs[0] == proofs[1]


def test_told_to_stop_it_returns_what_it_has_proved() -> None:
    """Cancelled at once, the combinatorial bound remains, and nothing is told optimal."""
    problem = made_rich(stops=15, seed=2)
    plan = RuinRecreateEngine().solve(problem, Limits(seconds=600.0, solutions=500, seed=1))
    told: list[Proof] = []
    stopped = prove(problem, plan, seconds=600.0, should_stop=lambda: True)
    full = prove(problem, plan, seconds=600.0, on_progress=told.append)
    assert stopped is not None
    assert full is not None
    assert not stopped.complete
    assert not stopped.optimal
    assert 0 < stopped.bound_eur < full.bound_eur
    assert [proof.bound_eur for proof in told] == sorted(proof.bound_eur for proof in told)


def test_a_long_search_gives_up_when_told() -> None:
    """In the middle of a search among very many shifts, and then claims nothing."""
    problem = made_rich(stops=60, seed=1)
    instance = instance_of(problem, 8)
    van = next(n for n, fleet in enumerate(instance.fleets) if fleet.capacity_g == 900)
    prices = np.full(problem.n_stops, 3_000.0)
    asked: list[bool] = []
    pricer = Pricer(instance, 1_000_000, lambda: asked.append(True) or len(asked) > 2)
    assert pricer.list_shifts(van, prices, most=0.0) is None
    assert len(asked) == 3


def test_deciding_stops_when_told_and_claims_no_more_than_it_knows() -> None:
    """Thousands of shifts of three stops at nearly the same price: asked to stop, no proof."""
    random = np.random.default_rng(1)
    columns = [
        Column(0, stops, 1.0 + float(random.random())) for stops in combinations(range(39), 3)
    ]
    ceiling = sum(c.euros for c in columns if c.stops[0] % 3 == 0 and c.stops[2] - c.stops[0] == 2)
    asked: list[bool] = []
    bound = least_cost(
        columns,
        [1] * 39,
        [(0, 39)],
        (1, 39),
        ceiling,
        seconds=600.0,
        should_stop=lambda: asked.append(True) or True,
    )
    assert asked
    assert bound < ceiling


def test_a_plan_that_serves_nothing_has_no_bound() -> None:
    """Nothing to prove."""
    problem = made_rich(stops=3, seed=1)
    assert prove(problem, assembled(problem, (), 1), seconds=1.0) is None
