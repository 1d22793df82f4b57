"""What is known of the gaps of a line, kept as a table so that all gaps are tried at once.

A gap is the place between two consecutive locations ``u`` and ``w`` of a line.
"""

from functools import lru_cache

import numpy as np

from optimization.routing.problem import NO_LIMIT, Ints, Kind, Problem
from optimization.routing.timetable import Ride, earliest_start, latest_arrival, ride_of

Flat = tuple[int, ...]
"""Locations of a line between its two depot ends."""

Time = Ints | int
Segment = tuple[Time, Time, Time]
"""Seconds a run of visits takes, and the first and last start for which it takes no longer."""


class Row:
    """Rows of the table; one column per gap."""

    U = 0
    """Location before the gap."""
    W = 1
    """Location after it."""
    LEAVE = 2
    """Earliest departure from u."""
    LATE = 3
    """Latest arrival at w."""
    BEFORE_G = 4
    """Grams on board when leaving u."""
    BEFORE_MC = 5
    """Thousandths of containers, idem."""
    BEFORE_WEEK = 6
    """Weekly grams, idem."""
    AFTER_G = 7
    """Grams still to come before the next outlet."""
    AFTER_MC = 8
    """Thousandths of containers, idem."""
    OUTLET = 9
    """Outlet that ends the trip of w; -1 when no outlet follows."""
    SPARE = 10
    """Metres left in the range."""
    KIND = 11
    """Kind of vehicle."""
    FRESH = 12
    """1 when the vehicle is not used yet."""
    PAID = 13
    """Seconds paid now."""
    HEAD = 14
    """Segment from the depot to u, service there included: three rows."""
    TAIL = 17
    """Segment from w to the depot: three rows."""
    COUNT = 20


def gap_table(problem: Problem, kind: int, flat: Flat) -> Ints | None:
    """Everything known of the gaps of a line, shape (Row.COUNT, gaps).

    Times are those without pause nor recharge: nothing that could be done is missed.

    Returns:
        ``None`` when the line breaks its loads, windows, shift or range.
    """
    vehicle = problem.kinds[kind]
    nodes = (0, *flat, 0)
    ride, metres = ride_of(problem, vehicle, nodes)
    # Where one can recharge on the way, only the timetable knows how far the range goes.
    spare = vehicle.range_m - metres if problem.charging is None else NO_LIMIT
    table = np.empty((Row.COUNT, len(nodes) - 1), dtype=np.int64)
    table[Row.U], table[Row.W] = nodes[:-1], nodes[1:]
    table[Row.SPARE], table[Row.KIND], table[Row.FRESH] = spare, kind, not flat
    if spare < 0 or not _fill_times(table, vehicle, ride):
        return None
    if not _fill_loads(table, problem, vehicle, nodes):
        return None
    return table


def join(first: Segment, leg: Time, second: Segment) -> Segment:
    """Two segments with a leg between them."""
    gap = first[0] + leg
    wait = np.maximum(second[1] - gap - first[2], 0)
    late = np.maximum(first[1] + gap - second[2], 0)
    return (
        gap + second[0] + wait,
        np.maximum(second[1] - gap, first[1]) - wait,
        np.minimum(second[2] - gap, first[2]) + late,
    )


def _fill_segments(table: Ints, legs: list[int], visits: list[Segment]) -> None:
    """Heads and tails of each gap, from each visit's own segment."""
    head, heads = visits[0], [visits[0]]
    for leg, visit in zip(legs, visits[1:], strict=True):
        head = _join_one(head, leg, visit)
        heads.append(head)
    tail, tails = visits[-1], [visits[-1]]
    for leg, visit in zip(reversed(legs[1:]), reversed(visits[1:-1]), strict=True):
        tail = _join_one(visit, leg, tail)
        tails.append(tail)
    table[Row.HEAD : Row.HEAD + 3] = np.array(heads[:-1]).T
    table[Row.TAIL : Row.TAIL + 3] = np.array(tails[::-1]).T
    table[Row.PAID] = 0 if table[Row.FRESH, 0] else heads[-1][0]


def _join_one(first: Segment, leg: int, second: Segment) -> Segment:
    """:func:`join` for plain numbers, ten times faster on them."""
    gap = first[0] + leg
    wait = max(second[1] - gap - first[2], 0)
    late = max(first[1] + gap - second[2], 0)
    return (
        gap + second[0] + wait,
        max(second[1] - gap, first[1]) - wait,
        min(second[2] - gap, first[2]) + late,
    )


def _fill_times(table: Ints, vehicle: Kind, ride: Ride) -> bool:
    """Earliest and latest times around each gap; False when a window or the shift is missed."""
    leave = vehicle.shift_start_s
    leaves, starts = [leave], [leave]
    for leg, opening, stay in ride.arrivals():
        start = earliest_start(opening, leave + leg)
        if start is None:
            return False
        leave = start + stay
        leaves.append(leave)
        starts.append(start)
    table[Row.LEAVE] = leaves[:-1]
    spans = [
        next(span for span in opening if start <= span[1])
        for opening, start in zip(ride.windows, starts, strict=True)
    ]
    visits: list[Segment] = [
        (stay, *span) for stay, span in zip(ride.services_s, spans, strict=True)
    ]
    _fill_segments(table, ride.travels_s, visits)
    late_w = vehicle.shift_end_s
    lates = [late_w]
    for leg, opening, stay in zip(
        reversed(ride.travels_s[1:]),
        reversed(ride.windows[1:-1]),
        reversed(ride.services_s[1:-1]),
        strict=True,
    ):
        last = latest_arrival(opening, late_w - leg - stay)
        if last is None:
            return False
        late_w = last
        lates.append(late_w)
    table[Row.LATE] = lates[::-1]
    return leaves[-1] <= vehicle.shift_end_s


def _fill_loads(table: Ints, problem: Problem, vehicle: Kind, nodes: Flat) -> bool:
    """Loads around each gap; False when a trip is too heavy or too bulky."""
    outlets = problem.n_outlets
    demands = _demands(problem)
    grams = boxes = week = 0
    carried = []
    for node in nodes[:-1]:
        if node > outlets:
            kg, mc, weekly = demands[node - 1 - outlets]
            grams, boxes, week = grams + kg, boxes + mc, week + weekly
        else:
            grams = boxes = week = 0
        carried.append((grams, boxes, week))
    table[Row.BEFORE_G : Row.BEFORE_WEEK + 1] = np.array(carried).T
    outlet, total_g, total_mc = -1, 0, 0
    after = []
    for node, (grams, boxes, _) in zip(reversed(nodes[1:]), reversed(carried), strict=True):
        if 0 < node <= outlets:
            outlet, total_g, total_mc = node - 1, grams, boxes
            if total_g > vehicle.capacity_g or total_mc > vehicle.capacity_mc:
                return False
        after.append((total_g - grams, total_mc - boxes, outlet))
    table[Row.AFTER_G : Row.OUTLET + 1] = np.array(after[::-1]).T
    return nodes[-2] <= outlets  # unloaded before the return (or never left)


@lru_cache(maxsize=4)
def _demands(problem: Problem) -> list[tuple[int, int, int]]:
    """Grams, thousandths of containers and weekly grams of each stop, as plain numbers."""
    columns = problem.demand_g.tolist(), problem.demand_mc.tolist(), problem.weekly_g.tolist()
    return list(zip(*columns, strict=True))
