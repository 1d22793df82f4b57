"""The search: ruin, recreate, accept or go back."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimization.routing.problem import Ints
from optimization.routing.ruin_recreate.compiled import compiled, entrance
from optimization.routing.ruin_recreate.insertion import (
    NOWHERE,
    cheapest_new_route,
    cheapest_place,
    put,
)
from optimization.routing.ruin_recreate.instance import Instance
from optimization.routing.ruin_recreate.pool import Pool, register
from optimization.routing.ruin_recreate.random_numbers import Random, below, uniform
from optimization.routing.ruin_recreate.ruin import ruin
from optimization.routing.ruin_recreate.schedule import excess, refresh
from optimization.routing.ruin_recreate.state import (
    ABSENT,
    CHANGED,
    FREE,
    ROUTES,
    SERVED_NOWHERE,
    Flags,
    Plan,
    State,
)
from optimization.routing.ruin_recreate.unloads import Board, place_unloads

Keys = NDArray[np.float64]


class Parameters(NamedTuple):
    """How a stretch of the search behaves.

    Attributes:
        temperature: n€ of the simulated annealing.
        whole: chance to take out whole routes.
        average: stops taken out in a step, on average.
        longest: length of a string of stops.
        blink: chance to overlook an insertion.
        reluctance: chance, by step, that each kind of vehicle is opened as a last resort only.
        register: routes of plans within this factor of the best are kept for the recombination.
        slack: n€ by which a plan may miss acceptance and still have its unloadings placed.
    """

    temperature: float
    whole: float
    average: float = 10.0
    longest: float = 10.0
    blink: float = 0.01
    reluctance: float = 0.2
    register: float = 1.02
    slack: float = 0.0


class Memory(NamedTuple):
    """Scratch arrays of a step."""

    absent: Ints
    spare: Ints
    key: Keys
    closed: Flags


def new_memory(instance: Instance) -> Memory:
    """Arrays large enough for any step."""
    return Memory(
        absent=np.zeros(len(instance.stay), np.int64),
        spare=np.zeros(len(instance.weekly), np.int64),
        key=np.zeros(2 * len(instance.stay), np.float64),
        closed=np.zeros(len(instance.vehicles), np.bool_),
    )


@entrance
def search(
    inst: Instance,
    st: State,
    best: Plan,
    pool: Pool,
    board: Board,
    memory: Memory,
    rng: Random,
    parameters: Parameters,
    steps: int,
) -> int:
    """Do ``steps`` steps from the current routes; the best plan goes to ``best``.

    Where capacities may be overrun at a price, only a plan that keeps them all is ever the best.
    """
    price = total(inst, st)
    accepted = 0
    soft = st.softness[0] > 0.0
    over = overfull(inst, st) if soft else np.int64(0)
    for _ in range(steps):
        absent_before = _remember(st, memory)
        limit = price - parameters.temperature * np.log(1.0 - uniform(rng))
        possible = ruin(inst, st, rng, parameters.average, parameters.longest, parameters.whole)
        new = price
        if possible:
            # Unloading elsewhere than where insertions put it gains at most so much, as a rule.
            room = limit - price - _change(inst, st, memory, absent_before, False)
            if inst.outlets > 0:
                room += parameters.slack
            possible = recreate(
                inst, st, rng, memory, parameters.blink, parameters.reluctance, room
            )
        if possible:
            if inst.outlets > 0:
                for c in range(st.counts[CHANGED]):
                    i = st.changed[c, 0]
                    if st.size[st.order[i]] > 0:
                        place_unloads(inst, st, board, st.order[i], i)
            new += _change(inst, st, memory, absent_before, True)
        if not possible or new >= limit:
            _go_back(st, memory, absent_before)
            continue
        accepted += 1
        price = new
        if soft:
            over += _more_overfull(inst, st)
            st.tally[0] += 1
            if over == 0:
                st.tally[1] += 1
        if new <= best.price[0] * parameters.register:
            for c in range(st.counts[CHANGED]):
                s = st.order[st.changed[c, 0]]
                if st.size[s] > 0 and (over == 0 or _excess(inst, st, s) == 0.0):
                    register(inst, st, pool, s)
        _go_on(st)
        if new < best.price[0] and over == 0:
            save(st, best, new)
    return accepted


@compiled
def recreate(
    inst: Instance,
    st: State,
    rng: Random,
    memory: Memory,
    blink: float,
    reluctance: float,
    room: float,
) -> bool:
    """Put the stops left out back in, one after the other, where it is cheapest.

    Given up, and False, as soon as that costs more than ``room``: insertions do not pay.
    """
    _order(inst, st, rng, memory.key)
    closed = memory.closed
    any_closed = False
    if reluctance > 0.0 and uniform(rng) < 0.5:
        for k in range(len(closed)):
            closed[k] = uniform(rng) < reluctance
            any_closed = any_closed or closed[k]
    else:
        closed[:] = False
    left = 0
    for q in range(st.counts[ABSENT]):
        v = st.absent[q]
        place = cheapest_place(inst, st, rng, blink, v, room)
        fresh = cheapest_new_route(inst, st, v, closed)
        if any_closed and place[0] >= NOWHERE and fresh[0] >= NOWHERE:
            closed[:] = False
            any_closed = False
            fresh = cheapest_new_route(inst, st, v, closed)
        if fresh[0] < place[0]:
            place = fresh
        if place[0] < inst.value[v]:
            put(inst, st, v, place)
            room -= place[0]
        else:
            st.absent[left] = v
            left += 1
            room -= inst.value[v]
        if room < 0.0:
            return False
    st.counts[ABSENT] = left
    return True


@compiled
def _order(inst: Instance, st: State, rng: Random, key: Keys) -> None:
    """Random, biggest, farthest, nearest, or by windows; an insertion sort, they are few."""
    how = below(rng, 17 if inst.timed else 11)
    absent = st.absent
    n = st.counts[ABSENT]
    for q in range(n):
        v = absent[q]
        if how < 4:
            key[q] = uniform(rng)
        elif how < 8:
            key[q] = -(
                inst.demand[v, 0] / inst.capacity[0, 0] + inst.demand[v, 1] / inst.capacity[0, 1]
            )
        elif how < 10:
            key[q] = -inst.near_cost[0, 0, v, 1]
        elif how < 11:
            key[q] = inst.near_cost[0, 0, v, 1]
        elif how < 13:
            key[q] = inst.closes[v, inst.windows[v] - 1] - inst.opens[v, 0]
        elif how < 15:
            key[q] = inst.opens[v, 0]
        else:
            key[q] = -inst.closes[v, inst.windows[v] - 1]
    for q in range(1, n):
        v, own = absent[q], key[q]
        at = q - 1
        while at >= 0 and key[at] > own:
            absent[at + 1], key[at + 1] = absent[at], key[at]
            at -= 1
        absent[at + 1], key[at + 1] = v, own


@entrance
def total(inst: Instance, st: State) -> int:
    """Price of the current plan, stops left out and loads too great included."""
    price = 0
    for i in range(st.counts[ROUTES]):
        price += st.price[st.order[i]] + _penalty(inst, st, st.order[i])
    for q in range(st.counts[ABSENT]):
        price += inst.value[st.absent[q]]
    return price


@entrance
def overfull(inst: Instance, st: State) -> int:
    """How many routes without outlets carry too much."""
    routes = np.int64(0)
    for i in range(st.counts[ROUTES]):
        if _excess(inst, st, st.order[i]) > 0.0:
            routes += 1
    return routes


@compiled
def _more_overfull(inst: Instance, st: State) -> int:
    """How many more than before this step."""
    more = np.int64(0)
    for c in range(st.counts[CHANGED]):
        s, old = st.order[st.changed[c, 0]], st.changed[c, 1]
        if st.size[s] > 0 and _excess(inst, st, s) > 0.0:
            more += 1
        if old >= 0 and _excess(inst, st, old) > 0.0:
            more -= 1
    return more


@compiled
def _excess(inst: Instance, st: State, s: int) -> float:
    return excess(inst, st.kind[s], st.load[s, 0], st.load[s, 1])


@compiled
def _penalty(inst: Instance, st: State, s: int) -> int:
    if st.softness[0] <= 0.0:
        return np.int64(0)
    return np.int64(st.softness[0] * _excess(inst, st, s))


@compiled
def _change(
    inst: Instance, st: State, memory: Memory, absent_before: int, with_absent: bool
) -> int:
    """How much dearer the plan became in this step, with or without the stops left out now."""
    change = 0
    for c in range(st.counts[CHANGED]):
        s, old = st.order[st.changed[c, 0]], st.changed[c, 1]
        if st.size[s] > 0:
            change += st.price[s] + _penalty(inst, st, s)
        if old >= 0:
            change -= st.price[old] + _penalty(inst, st, old)
    if with_absent:
        for q in range(st.counts[ABSENT]):
            change += inst.value[st.absent[q]]
    for q in range(absent_before):
        change -= inst.value[memory.absent[q]]
    return change


@compiled
def _remember(st: State, memory: Memory) -> int:
    st.counts[CHANGED] = 0
    for q in range(st.counts[ABSENT]):
        memory.absent[q] = st.absent[q]
    for u in range(len(st.spare)):
        memory.spare[u] = st.spare[u]
    return st.counts[ABSENT]


@compiled
def _go_back(st: State, memory: Memory, absent_before: int) -> None:
    """Undo the step."""
    for c in range(st.counts[CHANGED] - 1, -1, -1):
        i, old = st.changed[c, 0], st.changed[c, 1]
        s = st.order[i]
        if st.size[s] > 0:
            st.used[st.kind[s]] -= 1
        st.free[st.counts[FREE]] = s
        st.counts[FREE] += 1
        if old < 0:
            st.counts[ROUTES] -= 1
            continue
        st.order[i] = old
        st.used[st.kind[old]] += 1
        for p in range(1, st.size[old] + 1):
            st.where[st.node[old, p]] = i
    for q in range(absent_before):
        st.absent[q] = memory.absent[q]
        st.where[memory.absent[q]] = SERVED_NOWHERE
    for u in range(len(st.spare)):
        st.spare[u] = memory.spare[u]
    st.counts[ABSENT] = absent_before


@compiled
def _go_on(st: State) -> None:
    """Make the step final: free the slots no longer used, close the gaps among routes."""
    empty = False
    for c in range(st.counts[CHANGED]):
        i, old = st.changed[c, 0], st.changed[c, 1]
        empty = empty or st.size[st.order[i]] == 0
        if old >= 0:
            st.free[st.counts[FREE]] = old
            st.counts[FREE] += 1
    if not empty:
        return
    kept = 0
    for i in range(st.counts[ROUTES]):
        s = st.order[i]
        if st.size[s] == 0:
            st.free[st.counts[FREE]] = s
            st.counts[FREE] += 1
            continue
        if kept < i:
            st.order[kept] = s
            for p in range(1, st.size[s] + 1):
                st.where[st.node[s, p]] = kept
        kept += 1
    st.counts[ROUTES] = kept


@entrance
def save(st: State, plan: Plan, price: int) -> None:
    """Copy the current routes to a plan."""
    routes = st.counts[ROUTES]
    for i in range(len(plan.size)):
        plan.size[i] = 0
    for i in range(routes):
        s = st.order[i]
        plan.size[i] = st.size[s]
        plan.kind[i] = st.kind[s]
        for p in range(st.size[s] + 2):
            plan.node[i, p] = st.node[s, p]
    plan.price[0] = price


@entrance
def load(inst: Instance, st: State, plan: Plan) -> bool:
    """Make a plan's routes the current ones; False if one is infeasible."""
    feasible = True
    st.counts[CHANGED] = 0
    st.counts[ROUTES] = 0
    st.counts[FREE] = len(st.free)
    for s in range(len(st.free)):
        st.free[s] = s
    st.used[:] = 0
    for u in range(len(st.spare)):
        st.spare[u] = inst.weekly[u]
    st.where[:] = SERVED_NOWHERE
    for i in range(len(plan.size)):
        if plan.size[i] == 0:
            continue
        st.counts[FREE] -= 1
        s = st.free[st.counts[FREE]]
        number = st.counts[ROUTES]
        st.order[number] = s
        st.counts[ROUTES] += 1
        st.size[s], st.kind[s] = plan.size[i], plan.kind[i]
        st.used[plan.kind[i]] += 1
        for p in range(plan.size[i] + 2):
            st.node[s, p] = plan.node[i, p]
        feasible = refresh(inst, st, s, number) and feasible
        if inst.limited:
            for u in range(inst.outlets):
                st.spare[u] -= st.delivered[s, u]
    st.counts[ABSENT] = 0
    for v in range(1 + inst.outlets, len(inst.stay)):
        if st.where[v] == SERVED_NOWHERE:
            st.absent[st.counts[ABSENT]] = v
            st.counts[ABSENT] += 1
    return feasible
