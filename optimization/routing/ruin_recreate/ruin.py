"""Which stops to take out.

Slack-induced string removals (Christiaens and Vanden Berghe, 2020): runs of stops out of routes
that pass near one another, at times with some stops kept in their middle. Now and then whole
routes go, which is how a vehicle disappears.
"""

import numpy as np

from optimization.routing.ruin_recreate.compiled import compiled
from optimization.routing.ruin_recreate.insertion import claim, release, touched
from optimization.routing.ruin_recreate.instance import Instance
from optimization.routing.ruin_recreate.random_numbers import Random, below, uniform
from optimization.routing.ruin_recreate.schedule import refresh
from optimization.routing.ruin_recreate.state import (
    ABSENT,
    CHANGED,
    ROUTES,
    SERVED_NOWHERE,
    State,
)

SPLIT_CHANCE = 0.5
LONGER_MIDDLE_CHANCE = 0.01


@compiled
def ruin(
    inst: Instance, st: State, rng: Random, average: float, longest: float, whole_chance: float
) -> bool:
    """Take out about ``average`` stops by strings of at most ``longest``; False if it cannot be."""
    routes = st.counts[ROUTES]
    first = 1 + inst.outlets
    stops = len(inst.stay) - first
    if routes == 0:
        return True
    mean = (stops - st.counts[ABSENT]) / routes
    most = min(np.float64(longest), mean)
    strings = 4.0 * average / (1.0 + most) - 1.0
    wanted = np.int64(uniform(rng) * strings + 1.0)
    whole = uniform(rng) < whole_chance
    if whole:
        wanted = 1 + below(rng, 2)
    centre = first + below(rng, stops)
    near = inst.near[centre]
    for q in range(stops):
        if st.counts[CHANGED] >= wanted:
            break
        v = near[q]
        i = st.where[v]
        if i == SERVED_NOWHERE or _is_changed(st, i):
            continue
        s = touched(st, i)
        visits = _stops_of(inst, st, s)
        if whole:
            _take(st, s, 0, visits, 0, 0, inst.outlets)
        else:
            _take_string(inst, st, rng, s, v, visits, most)
        release(inst, st, s)
        _close_up(inst, st, s)
        if st.size[s] == 0:
            st.used[st.kind[s]] -= 1
        elif not refresh(inst, st, s, i):
            claim(inst, st, s)
            return False
        claim(inst, st, s)
    return True


@compiled
def _is_changed(st: State, i: int) -> bool:
    for c in range(st.counts[CHANGED]):
        if st.changed[c, 0] == i:
            return True
    return False


@compiled
def _stops_of(inst: Instance, st: State, s: int) -> int:
    visits = 0
    for p in range(1, st.size[s] + 1):
        visits += 1 if st.node[s, p] > inst.outlets else 0
    return visits


@compiled
def _take_string(
    inst: Instance, st: State, rng: Random, s: int, v: int, visits: int, most: float
) -> None:
    """Take out a run of stops around ``v``, at times but its middle."""
    at, rank = 0, 0
    for p in range(1, st.size[s] + 1):
        if st.node[s, p] == v:
            at = rank
        rank += 1 if st.node[s, p] > inst.outlets else 0
    length = np.int64(uniform(rng) * min(most, np.float64(visits)) + 1.0)
    length = min(length, visits)
    kept = 0
    if 1 < length < visits and uniform(rng) < SPLIT_CHANCE:
        kept = 1
        while length + kept < visits and uniform(rng) < LONGER_MIDDLE_CHANCE:
            kept += 1
    span = length + kept
    low, high = max(0, at - span + 1), min(at, visits - span)
    start = low + below(rng, high - low + 1)
    hole = start + (1 + below(rng, length - 1) if kept > 0 else length)
    _take(st, s, start, start + span, hole, hole + kept, inst.outlets)


@compiled
def _take(st: State, s: int, start: int, end: int, hole: int, hole_end: int, outlets: int) -> None:
    """Leave out the stops of ranks start … end - 1, those of hole … hole_end - 1 excepted."""
    rank = 0
    for p in range(1, st.size[s] + 1):
        v = st.node[s, p]
        if v <= outlets:
            continue
        if start <= rank < end and not hole <= rank < hole_end:
            st.where[v] = SERVED_NOWHERE
            st.absent[st.counts[ABSENT]] = v
            st.counts[ABSENT] += 1
        rank += 1


@compiled
def _close_up(inst: Instance, st: State, s: int) -> None:
    """Drop stops taken out, and outlets with nothing to unload, from a route's visits."""
    node = st.node[s]
    size = 0
    for p in range(1, st.size[s] + 1):
        v = node[p]
        if v > inst.outlets:
            keep = st.where[v] != SERVED_NOWHERE
        else:
            keep = size > 0 and node[size] > inst.outlets
        if keep:
            size += 1
            node[size] = v
    st.size[s] = size
    if size == 0:
        st.price[s] = 0
        st.delivered[s, :] = 0
