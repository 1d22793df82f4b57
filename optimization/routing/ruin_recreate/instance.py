"""What the compiled kernel reads: a problem as flat arrays, and how dear everything is.

Locations keep the problem's numbers: 0 the depot, 1 … m the outlets, then the stops. When the
only outlet is the depot itself (textbook vehicle routing), trips are independent routes: the
instance then has no outlet at all (``outlets`` = 0) and stops are 1 … n.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimization.routing.problem import ALWAYS, NO_LIMIT, Booleans, Ints, Kind, Problem
from optimization.routing.solution import Route, Trip
from optimization.routing.timetable import timetable

NEVER = 2**60
"""n€ of what cannot be done."""

FAR = 2**40
"""Grams and metres beyond every limit."""


class Instance(NamedTuple):
    """Arrays of the kernel; P tariffs, K kinds, N locations, m outlets.

    Attributes:
        outlets: m, 0 when trips end at the depot.
        timed: whether windows or the shift can bind at all.
        paid: whether any kind is paid by the second (waiting then costs).
        ranged: whether any kind has a range.
        limited: whether any outlet has a weekly capacity.
        near_cost: n€ of the leg to and from each location, [p, v, a] = (a → v, v → a); single
            precision is enough to choose among insertions.
        near_time: seconds, idem.
        exact_cost: n€ of leg a → b, exact.
        metres: of leg a → b.
        stay: seconds at a location.
        opens, closes: windows of a location, shape (N, most windows).
        windows: number of windows of a location.
        demand: grams, thousandths of containers, weekly grams; shape (N, 3).
        value: n€ that leaving a stop out costs, shape (N,).
        alone: n€ of a shift for one stop, fixed cost included, shape (K, N, max(1, m)).
        near: the stops nearest to each location, itself first for a stop, shape (N, n).
        allowed: whether each kind may visit a location, shape (K, N).
        most: stops and trips in a shift, shape (K, 2).
        weekly: grams a week that outlets accept, shape (max(1, m),).
        tariff, capacity, fixed, second, shift, range_m, vehicles: of each kind; the tariff (roads
            and rates), grams and thousandths of containers, n€, n€ per second, first and last
            moment, metres, how many.
    """

    outlets: int
    timed: bool
    paid: bool
    ranged: bool
    limited: bool
    near_cost: NDArray[np.float32]
    near_time: NDArray[np.int32]
    exact_cost: Ints
    metres: Ints
    stay: Ints
    opens: Ints
    closes: Ints
    windows: Ints
    demand: Ints
    value: Ints
    alone: Ints
    near: NDArray[np.int32]
    allowed: Booleans
    most: Ints
    weekly: Ints
    tariff: Ints
    capacity: Ints
    fixed: Ints
    second: Ints
    shift: Ints
    range_m: Ints
    vehicles: Ints


def is_direct(problem: Problem) -> bool:
    """Whether trips are independent: unloading is at the depot, free, and shifts cost nothing.

    A shift of several trips then costs what as many shifts cost, so that one trip a shift loses
    nothing as long as vehicles are not scarce.
    """
    if problem.n_outlets != 1 or problem.outlet_weekly_g[0] < NO_LIMIT:
        return False
    here = (
        (problem.outlet_allowed is None or problem.outlet_allowed.all())
        and not problem.distance_m[:, 0, 1].any()
        and not problem.distance_m[:, 1, 0].any()
        and not problem.duration_s[:, 0, 1].any()
        and not problem.duration_s[:, 1, 0].any()
        and problem.unload_s[0] == 0
        and problem.outlet_windows[0] == ALWAYS
    )
    free = all(
        kind.fixed_neur == 0 and kind.second_neur == 0 and kind.count >= problem.n_stops
        for kind in problem.kinds
    )
    return bool(here and free)


def build_instance(problem: Problem) -> Instance:
    """Turn a problem into the kernel's arrays."""
    direct = is_direct(problem)
    outlets = 0 if direct else problem.n_outlets
    places = [0, *range(2 if direct else 1, 1 + problem.n_outlets + problem.n_stops)]
    tariffs = list(dict.fromkeys(_tariff(kind) for kind in problem.kinds))
    square = np.ix_(range(len(problem.distance_m)), places, places)
    metres, seconds = problem.distance_m[square], problem.duration_s[square]
    exact = np.stack([m * metres[p] + s * seconds[p] for p, m, s in tariffs])
    profiles = [profile for profile, _, _ in tariffs]
    opens, closes, windows = _hours(problem, direct=direct)
    return Instance(
        outlets=outlets,
        timed=outlets > 0 or is_timed(problem),
        paid=any(kind.second_neur for kind in problem.kinds),
        ranged=any(kind.range_m < NO_LIMIT for kind in problem.kinds),
        limited=bool((problem.outlet_weekly_g < NO_LIMIT).any()),
        near_cost=_pairs(exact).astype(np.float32),
        near_time=_pairs(seconds[profiles]).astype(np.int32),
        exact_cost=np.ascontiguousarray(exact),
        metres=np.ascontiguousarray(metres[profiles]),
        stay=_per_place(outlets, problem.unload_s, problem.service_s),
        opens=opens,
        closes=closes,
        windows=windows,
        demand=_demand(problem, outlets),
        value=_per_place(outlets, np.zeros(outlets, np.int64), problem.penalty_neur),
        alone=_alone(problem, direct=direct),
        near=_near(exact, outlets),
        allowed=_allowed(problem, outlets),
        most=np.array(
            [(min(k.max_stops, FAR), min(k.max_trips, FAR)) for k in problem.kinds], np.int64
        ).reshape(-1, 2),
        weekly=np.minimum(problem.outlet_weekly_g, FAR),
        tariff=_ints(tariffs.index(_tariff(kind)) for kind in problem.kinds),
        capacity=np.array(
            [(min(k.capacity_g, FAR), min(k.capacity_mc, FAR)) for k in problem.kinds], np.int64
        ).reshape(-1, 2),
        fixed=_ints(kind.fixed_neur for kind in problem.kinds),
        second=_ints(kind.second_neur for kind in problem.kinds),
        shift=np.array([(k.shift_start_s, k.shift_end_s) for k in problem.kinds], np.int64),
        range_m=_ints(min(kind.range_m, FAR) for kind in problem.kinds),
        vehicles=_ints(min(kind.count, problem.n_stops) for kind in problem.kinds),
    )


def _tariff(kind: Kind) -> tuple[int, int, int]:
    return kind.profile, kind.metre_neur, kind.second_neur


def _ints(values: object) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _pairs(legs: Ints) -> Ints:
    """Legs to and from a location side by side: [p, v, a] = (a → v, v → a)."""
    return np.ascontiguousarray(np.stack([legs.transpose(0, 2, 1), legs], axis=-1))


def _per_place(outlets: int, of_outlets: Ints, of_stops: Ints) -> Ints:
    return np.concatenate(([0], of_outlets[:outlets], of_stops)).astype(np.int64)


def _demand(problem: Problem, outlets: int) -> Ints:
    none = np.zeros(1 + outlets, np.int64)
    columns = (problem.demand_g, problem.demand_mc, problem.weekly_g)
    return np.stack([np.concatenate((none, column)) for column in columns], axis=1)


def _hours(problem: Problem, *, direct: bool) -> tuple[Ints, Ints, Ints]:
    rows = [ALWAYS, *(() if direct else problem.outlet_windows), *problem.windows]
    most = max(len(row) for row in rows)
    opens = np.zeros((len(rows), most), np.int64)
    closes = np.full((len(rows), most), -1, np.int64)
    for number, row in enumerate(rows):
        for column, (start, end) in enumerate(row):
            opens[number, column], closes[number, column] = start, end
    return opens, closes, _ints(len(row) for row in rows)


def is_timed(problem: Problem) -> bool:
    """Whether windows or the shift can bind at all."""
    hours = {*problem.windows, *problem.outlet_windows}
    longest = (problem.duration_s.max(initial=0) + problem.service_s.max(initial=0)) * 2
    total = int(longest) * (problem.n_stops + 1) + int(problem.unload_s.sum()) * problem.n_stops
    roomy = all(kind.shift_end_s - kind.shift_start_s >= total for kind in problem.kinds)
    ends = max((kind.shift_end_s for kind in problem.kinds), default=0)
    return not (roomy and hours <= {ALWAYS} and ends <= ALWAYS[0][1])


def _near(exact: Ints, outlets: int) -> NDArray[np.int32]:
    """Stops by the mean price of the legs both ways, over tariffs."""
    mean = exact.mean(axis=0)
    apart = (mean + mean.T)[:, 1 + outlets :]
    stops = np.arange(apart.shape[1])
    apart[1 + outlets + stops, stops] = -1.0
    order = np.argsort(apart, axis=1, kind="stable") + 1 + outlets
    return np.ascontiguousarray(order.astype(np.int32))


def _allowed(problem: Problem, outlets: int) -> Booleans:
    """Whether each kind may visit each location."""
    allowed = np.ones((len(problem.kinds), 1 + outlets + problem.n_stops), np.bool_)
    if problem.allowed is not None:
        allowed[:, 1 + outlets :] = problem.allowed.T
    if problem.outlet_allowed is not None and outlets > 0:
        allowed[:, 1 : 1 + outlets] = problem.outlet_allowed.T
    return allowed


def _alone(problem: Problem, *, direct: bool) -> Ints:
    """Price of a shift for each stop alone, by kind and outlet; ``NEVER`` when impossible."""
    outlets = 0 if direct else problem.n_outlets
    shape = (len(problem.kinds), 1 + outlets + problem.n_stops, max(1, outlets))
    alone = np.full(shape, NEVER, np.int64)
    for number, stop in product(range(len(problem.kinds)), range(problem.n_stops)):
        kind = problem.kinds[number]
        if problem.demand_g[stop] > kind.capacity_g or problem.demand_mc[stop] > kind.capacity_mc:
            continue
        if min(kind.max_stops, kind.max_trips) < 1 or not _may(problem.allowed, stop, number):
            continue
        for outlet in range(problem.n_outlets):
            if not _may(problem.outlet_allowed, outlet, number):
                continue
            table = timetable(problem, Route(number, (Trip((stop,), outlet),)))
            if table is not None and problem.weekly_g[stop] <= problem.outlet_weekly_g[outlet]:
                alone[number, 1 + outlets + stop, outlet] = table.cost_neur
    return alone


def _may(allowed: Booleans | None, place: int, kind: int) -> bool:
    return allowed is None or bool(allowed[place, kind])
