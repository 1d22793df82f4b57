"""Where a stop fits best, and putting it there.

In a gap between ``a`` and ``b`` a stop ``v`` goes in one of three ways: ``a v b``; ``a v u b``,
which ends the trip at outlet ``u`` after it; ``a u v b``, which ends the trip before it. Each
trial is exact for loads, windows, shift, range and weekly capacities, and for the price as long
as places have one window a day. In routes without outlets, loads may be too great where that has
a price (``State.softness``).

A *blink* (Christiaens and Vanden Berghe, 2020) skips a trial with a small chance. Only a trial
that would be the best so far need be drawn for: the outcome has the same law, faster.
"""

import numpy as np

from optimization.routing.ruin_recreate.compiled import compiled
from optimization.routing.ruin_recreate.instance import NEVER, Instance
from optimization.routing.ruin_recreate.random_numbers import Random, uniform
from optimization.routing.ruin_recreate.schedule import (
    CLOSED,
    excess,
    first_moment,
    joined,
    lengthened,
    opening,
    refresh,
)
from optimization.routing.ruin_recreate.state import (
    CHANGED,
    FREE,
    GAP_BITS,
    OUTLET_BITS,
    ROUTES,
    WAY_BITS,
    Flags,
    Place,
    State,
)

PLAIN, UNLOAD_AFTER, UNLOAD_BEFORE, NEW_ROUTE = range(4)
NOWHERE = np.float64(NEVER)
KNOWN_BITS = GAP_BITS + WAY_BITS + OUTLET_BITS


@compiled
def cheapest_place(
    inst: Instance, st: State, rng: Random, blink: float, v: int, room: float
) -> Place:
    """Where a stop fits best among the routes; price ``NEVER`` if it fits nowhere.

    Loads that alone would cost more than ``room`` need not be tried.
    """
    if inst.outlets > 0:
        return _among_trips(inst, st, rng, blink, v)
    return _in_one_trip(inst, st, rng, blink, v, room)


@compiled
def cheapest_new_route(inst: Instance, st: State, v: int, closed: Flags) -> Place:
    """Like :func:`cheapest_place`, for a vehicle not used yet, kinds ``closed`` excepted."""
    best = (NOWHERE, np.int64(-1), np.int64(0), np.int64(NEW_ROUTE), np.int64(0))
    for k in range(len(inst.vehicles)):
        if st.used[k] >= inst.vehicles[k] or closed[k]:
            continue
        for u in range(max(1, inst.outlets)):
            price = inst.alone[k, v, u]
            if price < best[0] and (not inst.limited or inst.demand[v, 2] <= st.spare[u]):
                best = (np.float64(price), np.int64(k), np.int64(0), np.int64(NEW_ROUTE), u + 1)
    return best


@compiled
def _in_one_trip(
    inst: Instance, st: State, rng: Random, blink: float, v: int, room: float
) -> Place:
    """In routes without outlets: from the depot and back."""
    best, best_i, best_p = NOWHERE, -1, 0
    softness = st.softness[0]
    stay, grams, boxes = inst.stay[v], inst.demand[v, 0], inst.demand[v, 1]
    closes = inst.closes[v, inst.windows[v] - 1]
    known, known_price = st.known[v], st.known_price[v]
    for i in range(st.counts[ROUTES]):
        s = st.order[i]
        k, size = st.kind[s], st.size[s]
        if size == 0 or st.stops[s] >= inst.most[k, 0] or not inst.allowed[k, v]:
            continue
        load_g, load_b = st.load[s, 0], st.load[s, 1]
        extra = 0.0
        if load_g + grams > inst.capacity[k, 0] or load_b + boxes > inst.capacity[k, 1]:
            if softness <= 0.0 or grams > inst.capacity[k, 0] or boxes > inst.capacity[k, 1]:
                continue
            more_full = excess(inst, k, load_g + grams, load_b + boxes)
            extra = softness * (more_full - excess(inst, k, load_g, load_b))
            if extra >= best or extra > room:
                continue
        if known[s] >> KNOWN_BITS == st.version[s]:
            price = known_price[s] + extra
            if price < best and uniform(rng) >= blink:
                best, best_i, best_p = price, i, known[s] & (2**GAP_BITS - 1)
            continue
        least, least_p = NOWHERE, 0
        tariff = inst.tariff[k]
        node, arc, leave, late = st.node[s], st.arc[s], st.leave[s], st.late[s]
        legs, times = inst.near_cost[tariff, v], inst.near_time[tariff, v]
        to_v, a = legs[0, 0], 0
        for p in range(size + 1):
            b = node[p + 1]
            more = to_v + legs[b, 1] - arc[p]
            to_v = legs[b, 0]
            if more < least:
                fits = True
                if inst.timed:
                    if leave[p] > closes:
                        break
                    start = first_moment(inst, v, leave[p] + times[a, 0])
                    if start == CLOSED:
                        break
                    fits = start + stay + times[b, 1] <= late[p + 1]
                if fits and inst.ranged:
                    longer = inst.metres[tariff, a, v] + inst.metres[tariff, v, b]
                    longer -= inst.metres[tariff, a, b]
                    fits = st.metres[s] + longer <= inst.range_m[k]
                if fits:
                    least, least_p = np.float64(more), p
            a = b
        known[s] = (st.version[s] << KNOWN_BITS) | least_p
        known_price[s] = least
        least += extra
        if least < best and uniform(rng) >= blink:
            best, best_i, best_p = least, i, least_p
    return (best, np.int64(best_i), np.int64(best_p), np.int64(PLAIN), np.int64(0))


@compiled
def _among_trips(inst: Instance, st: State, rng: Random, blink: float, v: int) -> Place:
    """In routes with outlets, the three ways."""
    best, best_i, best_p, best_way, best_u = NOWHERE, -1, 0, PLAIN, 0
    outlets, stay, week = inst.outlets, inst.stay[v], inst.demand[v, 2]
    opens, closes = inst.opens[v, 0] + stay, inst.closes[v, inst.windows[v] - 1]
    known, known_price = st.known[v], st.known_price[v]
    for i in range(st.counts[ROUTES]):
        s = st.order[i]
        k, size = st.kind[s], st.size[s]
        tariff = inst.tariff[k]
        room_g = inst.capacity[k, 0] - inst.demand[v, 0]
        room_b = inst.capacity[k, 1] - inst.demand[v, 1]
        if size == 0 or room_g < 0 or room_b < 0:
            continue
        if st.stops[s] >= inst.most[k, 0] or not inst.allowed[k, v]:
            continue
        if not inst.limited and known[s] >> KNOWN_BITS == st.version[s]:
            if known_price[s] < best and uniform(rng) >= blink:
                best, best_i = known_price[s], i
                best_p = known[s] & (2**GAP_BITS - 1)
                best_way = known[s] >> GAP_BITS & (2**WAY_BITS - 1)
                best_u = known[s] >> (GAP_BITS + WAY_BITS) & (2**OUTLET_BITS - 1)
            continue
        # What outlets still accept changes with every route: only what beats the best is sought.
        least = best if inst.limited else NOWHERE
        least_p, least_way, least_u = 0, PLAIN, 0
        more_trips = st.trips[s] < inst.most[k, 1]
        node, arc, aboard, trip = st.node[s], st.arc[s], st.aboard[s], st.trip[s]
        leave, late = st.leave[s], st.late[s]
        legs, times = inst.near_cost[tariff, v], inst.near_time[tariff, v]
        second = np.float64(inst.second[k])
        # The most that a trial may be cheaper than its legs.
        saving = second * (st.wait[s] - stay)
        a = np.int64(0)
        for p in range(size + 1):
            if leave[p] > closes:
                break
            b = np.int64(node[p + 1])
            if late[p + 1] < opens:
                a = b
                continue
            start = CLOSED
            base = np.float64(legs[a, 0]) - arc[p] - saving
            more = base + legs[b, 1]
            if more < least and p < size and trip[p, 0] <= room_g and trip[p, 1] <= room_b:
                start = first_moment(inst, v, leave[p] + times[a, 0])
                if start == CLOSED:
                    break
                if (
                    start + stay + times[b, 1] <= late[p + 1]
                    and _allowed(inst, st, s, a, v, 0, v, b)
                    and (not inst.limited or week <= st.spare[trip[p, 2] - 1])
                ):
                    if second > 0:
                        more += saving + _wait_price(inst, st, s, p, a, v, 0, v, b)
                    if more < least:
                        least, least_p, least_way, least_u = more, p, PLAIN, 0
            if (
                more_trips
                and (b == 0 or b > outlets)
                and aboard[p, 0] <= room_g
                and aboard[p, 1] <= room_b
            ):
                for u in range(1, outlets + 1):
                    more = base + legs[u, 1] + inst.near_cost[tariff, u, b, 1]
                    if more >= least or not inst.allowed[k, u]:
                        continue
                    if start == CLOSED:
                        start = first_moment(inst, v, leave[p] + times[a, 0])
                        if start == CLOSED:
                            break
                    at = first_moment(inst, u, start + stay + times[u, 1])
                    if (
                        at == CLOSED
                        or at + inst.stay[u] + inst.near_time[tariff, u, b, 1] > late[p + 1]
                        or not _allowed(inst, st, s, a, v, u, u, b)
                        or (inst.limited and week + _moved(st, s, p, u) > st.spare[u - 1])
                    ):
                        continue
                    if second > 0:
                        more += second * inst.stay[u] + saving
                        more += _wait_price(inst, st, s, p, a, v, u, u, b)
                    if more < least:
                        least, least_p, least_way, least_u = more, p, UNLOAD_AFTER, u
            if (
                a > outlets
                and more_trips
                and trip[p, 0] - aboard[p, 0] <= room_g
                and trip[p, 1] - aboard[p, 1] <= room_b
            ):
                for u in range(1, outlets + 1):
                    more = np.float64(inst.near_cost[tariff, u, a, 0]) + legs[u, 0]
                    more += legs[b, 1] - arc[p] - saving
                    if more >= least or not inst.allowed[k, u]:
                        continue
                    at = first_moment(inst, u, leave[p] + inst.near_time[tariff, u, a, 0])
                    if at == CLOSED:
                        continue
                    begun = first_moment(inst, v, at + inst.stay[u] + times[u, 0])
                    if (
                        begun == CLOSED
                        or begun + stay + times[b, 1] > late[p + 1]
                        or not _allowed(inst, st, s, a, u, v, v, b)
                        or (
                            inst.limited
                            and (
                                _moved(st, s, p, u) > st.spare[u - 1]
                                or week > st.spare[trip[p, 2] - 1]
                            )
                        )
                    ):
                        continue
                    if second > 0:
                        more += second * inst.stay[u] + saving
                        more += _wait_price(inst, st, s, p, a, u, v, v, b)
                    if more < least:
                        least, least_p, least_way, least_u = more, p, UNLOAD_BEFORE, u
            a = b
        if not inst.limited:
            known[s] = (st.version[s] << KNOWN_BITS) | (
                least_u << (GAP_BITS + WAY_BITS) | least_way << GAP_BITS | least_p
            )
            known_price[s] = least
        if least < best and uniform(rng) >= blink:
            best, best_i, best_p, best_way, best_u = least, i, least_p, least_way, least_u
    return (best, np.int64(best_i), np.int64(best_p), np.int64(best_way), np.int64(best_u))


@compiled
def _moved(st: State, s: int, p: int, u: int) -> int:
    """Weekly grams on board that would go to outlet ``u`` instead of the trip's."""
    return np.int64(0) if st.trip[s, p, 2] == u else st.aboard[s, p, 2]


@compiled
def _allowed(inst: Instance, st: State, s: int, a: int, x: int, y: int, z: int, b: int) -> bool:
    """Whether the range allows ``a x [y] b``; ``z`` is the last of those put in, ``y`` 0 if one."""
    if not inst.ranged:
        return True
    k = st.kind[s]
    metres = inst.metres[inst.tariff[k]]
    longer = metres[a, x] + metres[z, b] - metres[a, b]
    if y > 0:
        longer += metres[x, y]
    return st.metres[s] + longer <= inst.range_m[k]


@compiled
def _wait_price(
    inst: Instance, st: State, s: int, p: int, a: int, x: int, y: int, z: int, b: int
) -> float:
    """What waiting, and the stay at the stop, cost more with ``x`` and ``y`` (0 if none) put in.

    The caller has counted legs and, for an outlet, its stay; ``saving`` was added back.
    """
    k = st.kind[s]
    tariff = inst.tariff[k]
    times = inst.near_time[tariff]
    before, after = st.before[s], st.after[s]
    seconds = st.seconds[s]
    stretch = (before[p, 0], before[p, 1], before[p, 2])
    leg = np.int64(times[a, x, 1])
    seconds += leg + times[z, b, 1] - times[a, b, 1] + inst.stay[x]
    w = opening(inst, x, st.leave[s, p] + leg)
    stretch = joined(stretch, leg, inst.stay[x], inst.opens[x, w], inst.closes[x, w])
    if y > 0:
        leg = np.int64(times[x, y, 1])
        seconds += leg + inst.stay[y]
        w = opening(inst, y, stretch[1] + stretch[0] + leg)
        stretch = joined(stretch, leg, inst.stay[y], inst.opens[y, w], inst.closes[y, w])
    leg = np.int64(times[z, b, 1])
    whole = joined(stretch, leg, after[p + 1, 0], after[p + 1, 1], after[p + 1, 2])
    return inst.second[k] * np.float64(whole[0] - seconds - st.wait[s] + _stop_stay(inst, x, y))


@compiled
def _stop_stay(inst: Instance, x: int, y: int) -> int:
    return inst.stay[x] if x > inst.outlets else inst.stay[y]


@compiled
def put(inst: Instance, st: State, v: int, place: Place) -> bool:
    """Insert stop ``v`` at a place found by the functions above."""
    _, i, p, way, u = place
    if way == NEW_ROUTE:
        s = _open(st, i)
        i, p = st.counts[ROUTES] - 1, 0
    else:
        old = st.order[i]
        s = touched(st, i)
        if s != old and inst.outlets == 0:
            _copy_schedule(inst, st, old, s)
    size = st.size[s]
    node = st.node[s]
    added = 1 if way == PLAIN or u == 0 or inst.outlets == 0 else 2
    for q in range(size, p, -1):
        node[q + added] = node[q]
    if added == 1:
        node[p + 1] = v
    elif way == UNLOAD_BEFORE:
        node[p + 1], node[p + 2] = u, v
    else:
        node[p + 1], node[p + 2] = v, u
    st.size[s] = size + added
    if inst.outlets == 0 and way == PLAIN:
        node[size + 2] = 0
        return lengthened(inst, st, s, i, p + 1)
    release(inst, st, s)
    feasible = refresh(inst, st, s, i)
    claim(inst, st, s)
    return feasible


@compiled
def release(inst: Instance, st: State, s: int) -> None:
    """Give back what a route delivers to the outlets' weekly capacities."""
    if inst.limited:
        for u in range(inst.outlets):
            st.spare[u] += st.delivered[s, u]


@compiled
def claim(inst: Instance, st: State, s: int) -> None:
    """Count what a route delivers against the outlets' weekly capacities."""
    if inst.limited:
        for u in range(inst.outlets):
            st.spare[u] -= st.delivered[s, u]


@compiled
def touched(st: State, i: int) -> int:
    """The slot of route ``i`` that this step may write to, a copy of the route's slot at first."""
    for c in range(st.counts[CHANGED]):
        if st.changed[c, 0] == i:
            return st.order[i]
    old = st.order[i]
    s = _take_slot(st, i, old)
    size = st.size[old]
    st.size[s] = size
    st.kind[s] = st.kind[old]
    for p in range(size + 1):
        st.node[s, p] = st.node[old, p]
    for u in range(st.delivered.shape[1]):
        st.delivered[s, u] = st.delivered[old, u]
    return s


@compiled
def _copy_schedule(inst: Instance, st: State, old: int, s: int) -> None:
    """What :func:`lengthened` goes on from."""
    size = st.size[s]
    st.node[s, size + 1] = 0
    st.price[s], st.metres[s] = st.price[old], st.metres[old]
    st.load[s, 0], st.load[s, 1] = st.load[old, 0], st.load[old, 1]
    for p in range(size + 1):
        st.arc[s, p] = st.arc[old, p]
    if inst.timed:
        for p in range(size + 2):
            st.leave[s, p], st.late[s, p] = st.leave[old, p], st.late[old, p]


@compiled
def _open(st: State, k: int) -> int:
    """A slot for a new route of kind ``k``."""
    i = st.counts[ROUTES]
    st.counts[ROUTES] += 1
    s = _take_slot(st, i, -1)
    st.size[s] = 0
    st.kind[s] = k
    st.delivered[s, :] = 0
    st.used[k] += 1
    return s


@compiled
def _take_slot(st: State, i: int, old: int) -> int:
    st.counts[FREE] -= 1
    s = st.free[st.counts[FREE]]
    st.order[i] = s
    c = st.counts[CHANGED]
    st.changed[c, 0], st.changed[c, 1] = i, old
    st.counts[CHANGED] += 1
    return s
