"""Times, loads and price of a route, recomputed after each change."""

import numpy as np

from optimization.routing.ruin_recreate.compiled import compiled
from optimization.routing.ruin_recreate.instance import Instance
from optimization.routing.ruin_recreate.state import VERSION, State, Stretch

CLOSED = -(2**40)
"""Stands for « no such moment »."""


@compiled
def first_moment(inst: Instance, v: int, t: int) -> int:
    """First moment at or after ``t`` when service may start at ``v``; ``CLOSED`` if none."""
    for w in range(inst.windows[v]):
        if t <= inst.closes[v, w]:
            return max(t, inst.opens[v, w])
    return CLOSED


@compiled
def last_moment(inst: Instance, v: int, t: int) -> int:
    """Last moment at or before ``t`` when service may start at ``v``; ``CLOSED`` if none."""
    for w in range(inst.windows[v] - 1, -1, -1):
        if t >= inst.opens[v, w]:
            return min(t, inst.closes[v, w])
    return CLOSED


@compiled
def excess(inst: Instance, k: int, grams: int, boxes: int) -> float:
    """What a load is beyond a vehicle's capacities, in whole capacities."""
    over = 0.0
    if grams > inst.capacity[k, 0]:
        over += grams / inst.capacity[k, 0] - 1.0
    if boxes > inst.capacity[k, 1]:
        over += boxes / inst.capacity[k, 1] - 1.0
    return over


@compiled
def refresh(inst: Instance, st: State, s: int, i: int) -> bool:
    """Recompute all about the route in slot ``s``, number ``i``; False if it is infeasible.

    Loads and weekly capacities are the insertions' business; they are summed, not checked.
    """
    st.counts[VERSION] += 1
    st.version[s] = st.counts[VERSION]
    if inst.outlets == 0:
        return _one_trip(inst, st, s, i)
    k = st.kind[s]
    price, seconds, metres = _legs(inst, st, s, i)
    st.price[s] = inst.fixed[k] + price
    st.seconds[s] = seconds
    st.metres[s] = metres
    st.wait[s] = 0
    _loads(inst, st, s)
    if metres > inst.range_m[k]:
        return False
    if inst.timed:
        if not _times(inst, st, s):
            return False
        if inst.paid and inst.second[k] > 0:
            _segments(inst, st, s)
            st.wait[s] = _paid_wait(inst, st, s)
            st.price[s] += inst.second[k] * st.wait[s]
    return True


@compiled
def _one_trip(inst: Instance, st: State, s: int, i: int) -> bool:
    """The same without outlets: no trips to tell apart, no hours to pay (see ``is_direct``)."""
    k = st.kind[s]
    tariff = inst.tariff[k]
    size = st.size[s]
    node, arc, leave = st.node[s], st.arc[s], st.leave[s]
    legs, times = inst.exact_cost[tariff], inst.near_time[tariff]
    node[0], node[size + 1] = 0, 0
    price, metres, grams, boxes = inst.fixed[k], 0, 0, 0
    t = inst.shift[k, 0]
    leave[0] = t
    a = np.int64(0)
    for p in range(1, size + 1):
        v = np.int64(node[p])
        leg = legs[a, v]
        price += leg
        arc[p - 1] = leg
        grams += inst.demand[v, 0]
        boxes += inst.demand[v, 1]
        if inst.ranged:
            metres += inst.metres[tariff, a, v]
        st.where[v] = i
        if inst.timed:
            t = first_moment(inst, v, t + times[a, v, 1])
            if t == CLOSED:
                return False
            t += inst.stay[v]
            leave[p] = t
        a = v
    leg = legs[a, 0]
    arc[size] = leg
    st.price[s] = price + leg
    st.load[s, 0], st.load[s, 1] = grams, boxes
    st.stops[s] = size
    if inst.ranged:
        metres += inst.metres[tariff, a, 0]
        st.metres[s] = metres
        if metres > inst.range_m[k]:
            return False
    return not inst.timed or _latest(inst, st, s, t)


@compiled
def lengthened(inst: Instance, st: State, s: int, i: int, at: int) -> bool:
    """Bring a route without outlets up to date once a stop was put in at index ``at``.

    Only what differs is computed again: three legs, and the times until they are as they were.
    """
    k = st.kind[s]
    tariff = inst.tariff[k]
    size = st.size[s]
    node, arc, leave, late = st.node[s], st.arc[s], st.leave[s], st.late[s]
    legs, times = inst.exact_cost[tariff], inst.near_time[tariff]
    a, v, b = np.int64(node[at - 1]), np.int64(node[at]), np.int64(node[at + 1])
    st.counts[VERSION] += 1
    st.version[s] = st.counts[VERSION]
    st.where[v] = i
    st.stops[s] = size
    st.load[s, 0] += inst.demand[v, 0]
    st.load[s, 1] += inst.demand[v, 1]
    st.price[s] += legs[a, v] + legs[v, b] - legs[a, b]
    for q in range(size, at, -1):
        arc[q] = arc[q - 1]
    arc[at - 1], arc[at] = legs[a, v], legs[v, b]
    if inst.ranged:
        metres = inst.metres[tariff]
        st.metres[s] += metres[a, v] + metres[v, b] - metres[a, b]
        if st.metres[s] > inst.range_m[k]:
            return False
    if not inst.timed:
        return True
    for q in range(size + 1, at, -1):
        leave[q], late[q] = leave[q - 1], late[q - 1]
    t = leave[at - 1]
    for q in range(at, size + 1):
        v = np.int64(node[q])
        t = first_moment(inst, v, t + times[a, v, 1])
        if t == CLOSED:
            return False
        t += inst.stay[v]
        if q > at and t == leave[q]:
            break
        leave[q] = t
        a = v
    leave[size + 1] = leave[size] + times[np.int64(node[size]), 0, 1]
    if leave[size + 1] > inst.shift[k, 1]:
        return False
    t, b = late[at + 1], np.int64(node[at + 1])
    for q in range(at, 0, -1):
        v = np.int64(node[q])
        t = last_moment(inst, v, t - times[v, b, 1] - inst.stay[v])
        if q < at and t == late[q]:
            return True
        late[q] = t
        b = v
    late[0] = t - times[0, b, 1]
    return True


@compiled
def _legs(inst: Instance, st: State, s: int, i: int) -> tuple[int, int, int]:
    """Price without waiting, seconds without waiting, and metres."""
    k = st.kind[s]
    tariff = inst.tariff[k]
    size = st.size[s]
    node, arc = st.node[s], st.arc[s]
    node[0] = 0
    node[size + 1] = 0
    price, stays, driving, metres = 0, 0, 0, 0
    a = 0
    for p in range(1, size + 2):
        b = node[p]
        arc[p - 1] = inst.near_cost[tariff, a, b, 1]
        price += inst.exact_cost[tariff, a, b]
        stays += inst.stay[b]
        if inst.paid:
            driving += inst.near_time[tariff, a, b, 1]
        if inst.ranged:
            metres += inst.metres[tariff, a, b]
        st.where[b] = i
        a = b
    return price + inst.second[k] * stays, driving + stays, metres


@compiled
def _loads(inst: Instance, st: State, s: int) -> None:
    size, outlets = st.size[s], inst.outlets
    node, aboard, trip = st.node[s], st.aboard[s], st.trip[s]
    grams, boxes, week, trips = 0, 0, 0, 0
    aboard[0, 0], aboard[0, 1], aboard[0, 2] = 0, 0, 0
    if inst.limited:
        st.delivered[s, :] = 0
    for p in range(1, size + 1):
        v = node[p]
        if v <= outlets:
            if inst.limited:
                st.delivered[s, v - 1] += week
            grams, boxes, week = 0, 0, 0
            trips += 1
        else:
            grams += inst.demand[v, 0]
            boxes += inst.demand[v, 1]
            week += inst.demand[v, 2]
        aboard[p, 0], aboard[p, 1], aboard[p, 2] = grams, boxes, week
    st.stops[s], st.trips[s] = size - trips, trips
    outlet = 0
    for p in range(size, -1, -1):
        v = node[p + 1]
        if v <= outlets and v > 0:
            outlet = v
            grams, boxes = aboard[p, 0], aboard[p, 1]
        trip[p, 0], trip[p, 1], trip[p, 2] = grams, boxes, outlet


@compiled
def _times(inst: Instance, st: State, s: int) -> bool:
    k = st.kind[s]
    tariff = inst.tariff[k]
    size = st.size[s]
    node, leave = st.node[s], st.leave[s]
    t = inst.shift[k, 0]
    leave[0] = t
    a = 0
    for p in range(1, size + 1):
        v = node[p]
        t = first_moment(inst, v, t + inst.near_time[tariff, a, v, 1])
        if t == CLOSED:
            return False
        t += inst.stay[v]
        leave[p] = t
        a = v
    return _latest(inst, st, s, t)


@compiled
def _latest(inst: Instance, st: State, s: int, t: int) -> bool:
    """Latest arrivals; ``t`` is when the last visit ends. False if the return is too late."""
    k = st.kind[s]
    tariff = inst.tariff[k]
    size = st.size[s]
    node, leave, late = st.node[s], st.leave[s], st.late[s]
    t += inst.near_time[tariff, node[size], 0, 1]
    leave[size + 1] = t
    if t > inst.shift[k, 1]:
        return False
    t = inst.shift[k, 1]
    late[size + 1] = t
    b = np.int64(0)
    for p in range(size, 0, -1):
        v = np.int64(node[p])
        t = last_moment(inst, v, t - inst.near_time[tariff, v, b, 1] - inst.stay[v])
        late[p] = t
        b = v
    late[0] = t - inst.near_time[tariff, 0, b, 1]
    return True


@compiled
def joined(
    first: Stretch, leg: int, second_time: int, second_early: int, second_late: int
) -> Stretch:
    """One after the other two stretches of a route, ``leg`` seconds apart.

    A stretch is (least time it takes, earliest and latest departure for that least time), as in
    Vidal et al. (2013).
    """
    time, early, late = first
    offset = time + leg
    wait = max(second_early - offset - late, 0)
    return (
        offset + second_time + wait,
        max(second_early - offset, early) - wait,
        min(second_late - offset, late) + wait,
    )


@compiled
def opening(inst: Instance, v: int, t: int) -> int:
    """The window of ``v`` that somebody who arrives at ``t`` would use."""
    for w in range(inst.windows[v] - 1):
        if t <= inst.closes[v, w]:
            return w
    return inst.windows[v] - 1


@compiled
def _segments(inst: Instance, st: State, s: int) -> None:
    """Least times from the departure to each visit and from each visit to the return."""
    k = st.kind[s]
    tariff = inst.tariff[k]
    size = st.size[s]
    node, before, after = st.node[s], st.before[s], st.after[s]
    start, end = inst.shift[k, 0], inst.shift[k, 1]
    stretch = (np.int64(0), start, end)
    before[0, 0], before[0, 1], before[0, 2] = stretch
    for p in range(1, size + 1):
        a, v = node[p - 1], node[p]
        leg = np.int64(inst.near_time[tariff, a, v, 1])
        w = opening(inst, v, st.leave[s, p - 1] + leg)
        stretch = joined(stretch, leg, inst.stay[v], inst.opens[v, w], inst.closes[v, w])
        before[p, 0], before[p, 1], before[p, 2] = stretch
    after[size + 1, 0], after[size + 1, 1], after[size + 1, 2] = 0, start, end
    for p in range(size, 0, -1):
        v, b = node[p], node[p + 1]
        w = opening(inst, v, st.leave[s, p] - inst.stay[v])
        own = (inst.stay[v], inst.opens[v, w], inst.closes[v, w])
        leg = np.int64(inst.near_time[tariff, v, b, 1])
        stretch = joined(own, leg, after[p + 1, 0], after[p + 1, 1], after[p + 1, 2])
        after[p, 0], after[p, 1], after[p, 2] = stretch


@compiled
def _paid_wait(inst: Instance, st: State, s: int) -> int:
    """Seconds waited when leaving as late as the earliest return allows, or better still.

    With one window a day at every visit that is the least. With several, every departure for
    which a window is met exactly at its opening or its end is tried.
    """
    size = st.size[s]
    several = False
    for p in range(1, size + 1):
        several = several or inst.windows[st.node[s, p]] > 1
    if not several:
        return max(st.leave[s, size + 1] - st.late[s, 0] - st.seconds[s], 0)
    k = st.kind[s]
    tariff = inst.tariff[k]
    best = _wait_from(inst, st, s, inst.shift[k, 0])
    offset = 0
    for p in range(1, size + 1):
        if best == 0:
            break
        a, v = st.node[s, p - 1], st.node[s, p]
        offset += inst.near_time[tariff, a, v, 1]
        for w in range(inst.windows[v]):
            for moment in (inst.opens[v, w], inst.closes[v, w]):
                wait = _wait_from(inst, st, s, moment - offset)
                if 0 <= wait < best:
                    best = wait
        offset += inst.stay[v]
    return best


@compiled
def _wait_from(inst: Instance, st: State, s: int, departure: int) -> int:
    """Seconds waited after a departure; -1 when it is not possible."""
    k = st.kind[s]
    tariff = inst.tariff[k]
    if departure < inst.shift[k, 0]:
        return -1
    t = departure
    for p in range(1, st.size[s] + 1):
        v = st.node[s, p]
        t = first_moment(inst, v, t + inst.near_time[tariff, st.node[s, p - 1], v, 1])
        if t == CLOSED:
            return -1
        t += inst.stay[v]
    t += inst.near_time[tariff, st.node[s, st.size[s]], 0, 1]
    if t > inst.shift[k, 1]:
        return -1
    return t - departure - st.seconds[s]
