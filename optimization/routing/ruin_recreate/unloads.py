"""Where to unload along a given order of stops, by dynamic programming."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimization.routing.problem import Ints
from optimization.routing.ruin_recreate.compiled import compiled, entrance
from optimization.routing.ruin_recreate.insertion import claim, release
from optimization.routing.ruin_recreate.instance import NEVER, Instance
from optimization.routing.ruin_recreate.schedule import CLOSED, first_moment, refresh
from optimization.routing.ruin_recreate.state import State


class Board(NamedTuple):
    """Scratch arrays of the dynamic programme, for n stops and m outlets.

    Attributes:
        stops: the order of stops.
        price: least n€ of legs once the first j stops are unloaded at outlet u, (n + 1, m + 1).
        moment: when that is done; ties in price go to the earliest.
        from_stop, from_outlet: where the last trip began.
        route: the route as it was.
    """

    stops: NDArray[np.int32]
    price: Ints
    moment: Ints
    from_stop: Ints
    from_outlet: Ints
    route: NDArray[np.int32]


def new_board(instance: Instance) -> Board:
    """Arrays large enough for any route."""
    stops, outlets = len(instance.stay) - 1 - instance.outlets, instance.outlets
    shape = (stops + 2, outlets + 1)
    return Board(
        stops=np.zeros(stops + 2, np.int32),
        price=np.zeros(shape, np.int64),
        moment=np.zeros(shape, np.int64),
        from_stop=np.zeros(shape, np.int64),
        from_outlet=np.zeros(shape, np.int64),
        route=np.zeros(2 * stops + 6, np.int32),
    )


@entrance
def place_unloads(inst: Instance, st: State, board: Board, s: int, i: int) -> None:
    """Unload at the best moments of route ``i``; it stays as it was if that gains nothing."""
    n = 0
    for p in range(1, st.size[s] + 1):
        if st.node[s, p] > inst.outlets:
            board.stops[n] = st.node[s, p]
            n += 1
    outlet, price = _cheapest_trips(inst, st, board, s, n)
    k = st.kind[s]
    legs = st.price[s] - inst.fixed[k] - inst.second[k] * st.wait[s]
    for q in range(n):
        legs -= inst.second[k] * inst.stay[board.stops[q]]
    if outlet == 0 or price >= legs:
        return
    old_price, old_size = st.price[s], st.size[s]
    for p in range(old_size + 2):
        board.route[p] = st.node[s, p]
    release(inst, st, s)
    _write(st, board, s, n, outlet)
    feasible = refresh(inst, st, s, i) and st.trips[s] <= inst.most[k, 1]
    claim(inst, st, s)
    if inst.limited:
        for u in range(inst.outlets):
            feasible = feasible and st.spare[u] >= 0
    if feasible and st.price[s] < old_price:
        return
    release(inst, st, s)
    st.size[s] = old_size
    for p in range(old_size + 2):
        st.node[s, p] = board.route[p]
    refresh(inst, st, s, i)
    claim(inst, st, s)


@compiled
def _cheapest_trips(inst: Instance, st: State, board: Board, s: int, n: int) -> tuple[int, int]:
    """Last outlet (0 if impossible) and n€ of legs and unloadings, waits left aside."""
    k = st.kind[s]
    tariff = inst.tariff[k]
    legs, times = inst.exact_cost[tariff], inst.near_time[tariff]
    price, moment = board.price, board.moment
    price[: n + 1, :] = NEVER
    price[0, 0], moment[0, 0] = 0, inst.shift[k, 0]
    for j in range(n):
        for u0 in range(inst.outlets + 1):
            if price[j, u0] >= NEVER:
                continue
            a, t, cost = u0, moment[j, u0], price[j, u0]
            grams, boxes = 0, 0
            for q in range(j, n):
                v = np.int64(board.stops[q])
                grams += inst.demand[v, 0]
                boxes += inst.demand[v, 1]
                if grams > inst.capacity[k, 0] or boxes > inst.capacity[k, 1]:
                    break
                t = first_moment(inst, v, t + times[a, v, 1])
                if t == CLOSED:
                    break
                t += inst.stay[v]
                cost += legs[a, v]
                a = v
                for u in range(1, inst.outlets + 1):
                    total = cost + legs[v, u] + inst.second[k] * inst.stay[u]
                    if total > price[q + 1, u] or not inst.allowed[k, u]:
                        continue
                    done = first_moment(inst, u, t + times[v, u, 1])
                    if done == CLOSED:
                        continue
                    done += inst.stay[u]
                    if total < price[q + 1, u] or done < moment[q + 1, u]:
                        price[q + 1, u], moment[q + 1, u] = total, done
                        board.from_stop[q + 1, u], board.from_outlet[q + 1, u] = j, u0
    best, outlet = NEVER, 0
    for u in range(1, inst.outlets + 1):
        if price[n, u] < NEVER and moment[n, u] + times[u, 0, 1] <= inst.shift[k, 1]:
            total = price[n, u] + legs[u, 0]
            if total < best:
                best, outlet = total, u
    return outlet, best


@compiled
def _write(st: State, board: Board, s: int, n: int, outlet: int) -> None:
    """Write the route that the programme chose."""
    trips, j, u = 0, n, outlet
    while j > 0:
        trips += 1
        j, u = board.from_stop[j, u], board.from_outlet[j, u]
    node = st.node[s]
    place = n + trips
    st.size[s] = place
    j, u = n, outlet
    while j > 0:
        node[place] = u
        place -= 1
        start = board.from_stop[j, u]
        for q in range(j - 1, start - 1, -1):
            node[place] = board.stops[q]
            place -= 1
        j, u = start, board.from_outlet[j, u]
