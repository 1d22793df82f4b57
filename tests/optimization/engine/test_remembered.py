"""What the kernel keeps from step to step is what computing it anew would give."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimization.routing import Problem
from optimization.routing.problem import ALWAYS, NANO_PER_EURO, NO_LIMIT
from optimization.routing.ruin_recreate.core import Core
from optimization.routing.ruin_recreate.insertion import (
    KNOWN_BITS,
    NOWHERE,
    PLAIN,
    UNLOAD_AFTER,
)
from optimization.routing.ruin_recreate.loop import load
from optimization.routing.ruin_recreate.state import (
    GAP_BITS,
    OUTLET_BITS,
    ROUTES,
    VERSION,
    WAY_BITS,
    Plan,
)
from optimization.routing.timetable import timetable
from optimization.vrplib_files import read_textbook_case
from tests.benchmarks.rich_files import made_rich
from tests.optimization.engine.textbook import write_cvrp, write_vrptw

HEATS = st.sampled_from([0.1, 1.0, 30.0])


@st.composite
def textbook_problems(draw: st.DrawFn) -> Problem:
    """Independent trips, with or without windows, with or without a range."""
    stops, seed = draw(st.integers(2, 14)), draw(st.integers(0, 10_000))
    with TemporaryDirectory() as folder:
        write = draw(st.sampled_from([write_cvrp, write_vrptw]))
        name = "made.vrp" if write is write_cvrp else "made.txt"
        problem = read_textbook_case(write(Path(folder) / name, stops=stops, seed=seed)).problem
    if draw(st.booleans()):
        farthest = int(problem.distance_m[0, 0].max())
        kinds = tuple(replace(kind, range_m=3 * farthest) for kind in problem.kinds)
        problem = replace(problem, kinds=kinds)
    return problem


@st.composite
def rich_problems(draw: st.DrawFn) -> Problem:
    """Trips to an outlet, bikes and vans; hours are paid at times, and the range may bind."""
    problem = made_rich(stops=draw(st.integers(3, 14)), seed=draw(st.integers(0, 10_000)))
    second = draw(st.sampled_from([0, NANO_PER_EURO // 2]))
    range_m = draw(st.sampled_from([NO_LIMIT, 3_000]))
    kinds = tuple(replace(k, second_neur=second, range_m=range_m) for k in problem.kinds)
    windows = (ALWAYS,) * problem.n_stops if draw(st.booleans()) else problem.windows
    return replace(problem, kinds=kinds, windows=windows)


def routes_as_kept(core: Core) -> list[dict[str, list[int]]]:
    """Times, loads, legs and prices of the routes being worked on."""
    state, timed = core._state, core._instance.timed
    kept = []
    for number in range(int(state.counts[ROUTES])):
        s = state.order[number]
        size = int(state.size[s])
        route = {
            "node": state.node[s, : size + 2].tolist(),
            "arc": state.arc[s, : size + 1].tolist(),
            "load": state.load[s].tolist(),
            "one": [int(state.price[s]), int(state.metres[s]), int(state.stops[s])],
        }
        if timed:
            route["leave"] = state.leave[s, : size + 2].tolist()
            route["late"] = state.late[s, : size + 2].tolist()
        kept.append(route)
    return kept


@settings(max_examples=60)
@given(problem=textbook_problems(), heat=HEATS, seed=st.integers(1, 50))
def test_routes_are_kept_up_to_date(problem: Problem, heat: float, seed: int) -> None:
    """A stop put in changes times, loads and price as reckoning the whole route would."""
    core = Core(problem, seed)
    core.run(60, heat)
    kept = routes_as_kept(core)
    assert load(core._instance, core._state, core.standing())
    assert routes_as_kept(core) == kept


@settings(max_examples=60)
@given(problem=textbook_problems(), heat=HEATS, seed=st.integers(1, 50))
def test_places_remembered_without_outlets(problem: Problem, heat: float, seed: int) -> None:
    """Whatever is remembered of a route that still stands is its cheapest place."""
    core = Core(problem, seed)
    core.run(200, heat)
    assert _remembered(problem, core, outlets=0) >= 0


@settings(max_examples=40)
@given(problem=rich_problems(), heat=HEATS, seed=st.integers(1, 50))
def test_places_remembered_among_trips(problem: Problem, heat: float, seed: int) -> None:
    """The same with unloading trips, two kinds of vehicles and, at times, hours to pay."""
    core = Core(problem, seed)
    core.run(200, heat)
    assert _remembered(problem, core, outlets=core._instance.outlets) >= 0


@settings(max_examples=40)
@given(problem=st.one_of(textbook_problems(), rich_problems()), heat=HEATS, seed=st.integers(1, 50))
def test_remembering_changes_nothing(problem: Problem, heat: float, seed: int) -> None:
    """A search that cannot remember, for its versions are too high, takes the same way."""
    one, other = Core(problem, seed), Core(problem, seed)
    other._state.counts[VERSION] = 2**31
    one.run(300, heat)
    other.run(300, heat)
    assert one.best() == other.best()
    assert routes_as_kept(one) == routes_as_kept(other)


def test_something_is_remembered(tmp_path: Path) -> None:
    """The laws above look at something, and versions tell routes apart."""
    textbook = read_textbook_case(write_cvrp(tmp_path / "a.vrp", stops=60, seed=3)).problem
    for problem in (textbook, made_rich(stops=25, seed=1)):
        core = Core(problem, 1)
        core.run(2_000, 1.0)
        assert _remembered(problem, core, outlets=core._instance.outlets) > 0
        state = core._state
        versions = state.version[state.order[: state.counts[ROUTES]]]
        assert len(set(versions.tolist())) == len(versions)
        assert versions.max() <= state.counts[VERSION]


def _remembered(problem: Problem, core: Core, *, outlets: int) -> int:
    """Check what is remembered; return of how many stops and routes."""
    state = core._state
    checked = 0
    for number in range(int(state.counts[ROUTES])):
        s = state.order[number]
        inside = state.node[s, 1 : state.size[s] + 1].tolist()
        kind = int(state.kind[s])
        for v in range(1 + outlets, len(core._instance.stay)):
            known = int(state.known[v, s])
            if v in inside or known >> KNOWN_BITS != state.version[s]:
                continue
            told = float(state.known_price[v, s])
            prices = _all_places(problem, core, inside, kind, v, outlets=outlets)
            least = min(prices.values(), default=None)
            checked += 1
            if told >= NOWHERE:
                assert least is None
                continue
            gap = known & (2**GAP_BITS - 1)
            way = known >> GAP_BITS & (2**WAY_BITS - 1)
            outlet = known >> (GAP_BITS + WAY_BITS) & (2**OUTLET_BITS - 1)
            near = 1e-5 * float(np.abs(core._instance.near_cost).max()) * 8 + 2
            assert told == pytest.approx(prices[gap, way, outlet], abs=near)
            assert told == pytest.approx(least, abs=near)
    return checked


def _all_places(
    problem: Problem, core: Core, inside: list[int], kind: int, v: int, *, outlets: int
) -> dict[tuple[int, int, int], int]:
    """What each feasible place costs, by the timetable."""
    before = _priced(problem, core, inside, kind)
    assert before is not None
    found = {}
    for gap in range(len(inside) + 1):
        ways = [((gap, PLAIN, 0), [v])]
        for u in range(1, outlets + 1):
            ways.append(((gap, UNLOAD_AFTER, u), [v, u]))
            ways.append(((gap, UNLOAD_AFTER + 1, u), [u, v]))
        for place, put_in in ways:
            nodes = inside[:gap] + put_in + inside[gap:]
            price = _priced(problem, core, nodes, kind)
            if price is not None:
                found[place] = price - before
    return found


def _priced(problem: Problem, core: Core, nodes: list[int], kind: int) -> int | None:
    """n€ of a route; ``None`` when it breaks a rule, or unloads nothing."""
    plan = Plan(
        node=np.array([[0, *nodes, 0]], np.int32),
        size=np.array([len(nodes)], np.int64),
        kind=np.array([kind], np.int64),
        price=np.zeros(1, np.int64),
    )
    outlets = core._instance.outlets
    if outlets and (nodes[-1] > outlets or nodes[0] <= outlets):
        return None
    route = core._route(kind, plan.node[0, 1:-1].tolist())
    vehicle = problem.kinds[kind]
    for trip in route.trips:
        if not trip.stops:
            return None
        if problem.demand_g[list(trip.stops)].sum() > vehicle.capacity_g:
            return None
        if problem.demand_mc[list(trip.stops)].sum() > vehicle.capacity_mc:
            return None
    table = timetable(problem, route)
    if table is None or table.distance_m > vehicle.range_m:
        return None
    return int(table.cost_neur)
