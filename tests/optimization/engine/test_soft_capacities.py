"""Capacities overrun at a price while searching: what is found keeps them all."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from optimization.routing import Limits, Problem, Route
from optimization.routing.portfolio import PortfolioEngine
from optimization.routing.pricing import route_cost, skip_price, unserved
from optimization.routing.ruin_recreate.core import Core
from optimization.routing.ruin_recreate.engine import RuinRecreateEngine
from optimization.vrplib_files import read_textbook_case
from tests.optimization.engine.textbook import write_cvrp, write_vrptw

FREE = 1.0
"""n€ for a load of twice the capacity: nothing, beside any leg."""


def textbook(stops: int, seed: int, *, timed: bool = False) -> Problem:
    """Independent trips, about six stops each."""
    with TemporaryDirectory() as folder:
        if timed:
            path = write_vrptw(Path(folder) / "made.txt", stops=stops, seed=seed)
        else:
            path = write_cvrp(Path(folder) / "made.vrp", stops=stops, seed=seed)
        return read_textbook_case(path).problem


def loads_fit(problem: Problem, routes: tuple[Route, ...]) -> bool:
    """Whether every trip is within its vehicle's capacity."""
    return all(
        problem.demand_g[list(trip.stops)].sum() <= problem.kinds[route.kind].capacity_g
        for route in routes
        for trip in route.trips
    )


def overrun(core: Core) -> bool:
    """Whether the routes being worked on carry too much somewhere."""
    instance, state = core._instance, core._state
    slots = state.order[: state.counts[0]]
    return bool((state.load[slots] > instance.capacity[state.kind[slots]]).any())


@settings(max_examples=60, deadline=None)
@given(
    stops=st.integers(2, 25),
    seed=st.integers(0, 10_000),
    heats=st.lists(st.sampled_from([0.02, 0.5, 5.0]), min_size=1, max_size=6),
    softness=st.sampled_from([FREE, 1e9, 1e16]),
)
def test_the_best_plan_keeps_every_capacity(
    stops: int, seed: int, heats: list[float], softness: float
) -> None:
    """Whatever loads cost on the way; its price, and those of routes told, are without penalty."""
    problem = textbook(stops, seed)
    core = Core(problem, seed)
    core.run(1, 1.0)
    core._state.softness[0] = softness
    least = core.objective
    for heat in heats:
        core.run(200, heat)
        best = core.best()
        assert loads_fit(problem, best)
        cost = sum(route_cost(problem, route) for route in best)
        assert core.objective == cost + skip_price(problem, unserved(problem, best)) <= least
        least = core.objective
        for route, price in core.good_routes():
            assert loads_fit(problem, (route,))
            assert price == route_cost(problem, route)


def test_loads_are_overrun_on_the_way_and_not_taken_over_as_the_best() -> None:
    """Free of charge, one trip takes all; another search stands there but keeps its own best."""
    problem = textbook(40, 3)
    bold, careful = Core(problem, 1), Core(problem, 2)
    for core in (bold, careful):
        core.run(1, 1.0)
    bold._state.softness[0] = FREE
    bold.run(2_000, 0.02)
    assert overrun(bold)
    before = careful.objective
    standing = bold.standing()
    assert standing.price[0] < before
    careful.stand_at(standing)
    assert overrun(careful)
    assert careful.objective == before
    assert loads_fit(problem, careful.best())


def test_a_fresh_start_has_a_plan_at_once_however_soft() -> None:
    """The first plan after a fresh start serves all within capacities."""
    problem = textbook(30, 5)
    core = Core(problem, 1)
    core.run(1, 1.0)
    core._state.softness[0] = FREE
    core.run(500, 0.02)
    core.start_from(())
    best = core.best()
    assert loads_fit(problem, best)
    assert sorted(stop for route in best for stop in route.trips[0].stops) == list(range(30))
    assert core._state.softness[0] > 0


def test_the_price_of_loads_follows_how_many_plans_hold() -> None:
    """Too cheap, it rises until plans hold again; windows keep capacities hard."""
    problem = textbook(40, 7)
    core = Core(problem, 1)
    core.run(1, 1.0)
    core._state.softness[0] = FREE
    for _ in range(400):
        core.run(100, 0.3)
    assert core._state.softness[0] > 1_000 * FREE
    timed = Core(textbook(40, 7, timed=True), 1)
    timed.run(500, 1.0)
    assert timed._state.softness[0] == 0


def test_a_stop_that_no_vehicle_can_take_is_left_out() -> None:
    """However cheap too great a load is, only stops that fit alone are put in."""
    problem = textbook(12, 1)
    demand = problem.demand_g.copy()
    demand[4] = 2 * problem.kinds[0].capacity_g
    heavy = replace(problem, demand_g=demand)
    for engine in (RuinRecreateEngine(), PortfolioEngine()):
        found = engine.solve(heavy, Limits(seconds=600.0, solutions=2_000))
        assert found.unserved == (4,)
        assert loads_fit(heavy, found.routes)
