"""A problem as the pricing kernel reads it: locations, legs and one entry per kind of vehicle."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimization.routing.problem import ALWAYS, NANO_PER_EURO, Ints, Problem

MOST_STOPS = 63
"""Stops that a label's memory can hold, one bit each."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fleet:
    """One kind of vehicle, its legs priced in euros.

    Attributes:
        seconds: stay at the tail and leg, shape (places, places).
        euros: metres of each leg, shape (places, places).
        second_eur: euros per paid second.
        rideable: stops and outlets open to that kind, shape (places,).
    """

    number: int
    count: int
    fixed_eur: float
    second_eur: float
    capacity_g: int
    capacity_mc: int
    shift: tuple[int, int]
    seconds: Ints
    euros: Floats
    rideable: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """What all kinds share; the places are those of the problem.

    Attributes:
        opens, closes: windows, padded by empty ones, shape (places, windows).
        grams, boxes: demand at each place, 0 at the depot and outlets, shape (places,).
        near: bit set of the stops that each stop remembers, shape (places,).
    """

    outlets: int
    stops: int
    opens: Ints
    closes: Ints
    grams: Ints
    boxes: Ints
    near: Ints
    fleets: tuple[Fleet, ...]


def instance_of(problem: Problem, neighbours: int) -> Instance:
    """Read a problem; every stop remembers its ``neighbours`` nearest stops.

    Pauses, ranges, recharges, locks, resources, most stops or trips, weekly capacities and
    balance are left out: they can only cost more.
    """
    outlets, stops = problem.n_outlets, problem.n_stops
    first = 1 + outlets
    windows = (ALWAYS, *problem.outlet_windows, *problem.windows)
    most = max(len(opening) for opening in windows)
    opens = np.full((first + stops, most), 2**40, np.int64)
    closes = np.full((first + stops, most), -1, np.int64)
    for place, opening in enumerate(windows):
        for number, (start, end) in enumerate(opening):
            opens[place, number], closes[place, number] = start, end
    nothing = np.zeros(first, np.int64)
    stay = np.concatenate((np.zeros(1, np.int64), problem.unload_s, problem.service_s))
    fleets = []
    for number, kind in enumerate(problem.kinds):
        if kind.count <= 0:
            continue
        rideable = np.ones(first + stops, np.bool_)
        if problem.outlet_allowed is not None:
            rideable[1:first] = problem.outlet_allowed[:, number]
        if problem.allowed is not None:
            rideable[first:] = problem.allowed[:, number]
        fleets.append(
            Fleet(
                number=number,
                count=kind.count,
                fixed_eur=kind.fixed_neur / NANO_PER_EURO,
                second_eur=kind.second_neur / NANO_PER_EURO,
                capacity_g=kind.capacity_g,
                capacity_mc=kind.capacity_mc,
                shift=(kind.shift_start_s, kind.shift_end_s),
                seconds=problem.duration_s[kind.profile] + stay[:, None],
                euros=kind.metre_neur * problem.distance_m[kind.profile] / NANO_PER_EURO,
                rideable=rideable,
            )
        )
    return Instance(
        outlets=outlets,
        stops=stops,
        opens=opens,
        closes=closes,
        grams=np.concatenate((nothing, problem.demand_g)),
        boxes=np.concatenate((nothing, problem.demand_mc)),
        near=_near(problem, neighbours),
        fleets=tuple(fleets),
    )


def _near(problem: Problem, neighbours: int) -> Ints:
    first = 1 + problem.n_outlets
    seconds = problem.duration_s.min(axis=0)[first:, first:]
    nearest = np.argsort(seconds + seconds.T, axis=1, kind="stable")[:, :neighbours]
    near = np.zeros(first + problem.n_stops, np.int64)
    for stop, others in enumerate(nearest):
        for other in {stop, *others.tolist()}:
            near[first + stop] |= np.int64(1 << other)
    return near
