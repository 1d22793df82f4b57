"""All shifts that could be part of a better plan, the cheapest of each set of stops.

Labels are extended from place to place as in ``kernel``, but a stop is never visited twice, and a
label is dropped only if another one at the same place has visited the very same stops at no
disadvantage, or if no ending (see ``endings``) completes it below the limit.
"""

import numpy as np
from numpy.typing import NDArray

from optimization.bounding.instance import Floats
from optimization.bounding.kernel import DONE, PAUSE_AFTER, PAUSED, SLICE_S, TOO_MANY
from optimization.routing.problem import Ints
from optimization.routing.ruin_recreate.compiled import entrance

MIX = np.uint64(0x9E3779B97F4A7C15)
"""Golden ratio, by which sets are spread over the table."""


@entrance
def list_shifts(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one compiled loop, no call inside
    seconds: Ints,
    legs: Floats,
    prices: Floats,
    rideable: NDArray[np.bool_],
    opens: Ints,
    closes: Ints,
    grams: Ints,
    boxes: Ints,
    outlets: int,
    scalars: Floats,
    limits: Ints,
    first_end: Ints,
    end_costs: Floats,
    end_state: Ints,
    costs: Floats,
    state: Ints,
    queue: Ints,
    table: Ints,
    found: Ints,
    found_cost: Floats,
    found_table: Ints,
    position: Ints,
) -> int:
    """Fill ``found`` and ``found_cost``; return how the call ended.

    Args:
        seconds: stay at the tail and leg, shape (places, places).
        legs: euros of each leg, idem.
        prices: of visiting each place, shape (places,).
        rideable: shape (places,).
        opens: windows, shape (places, windows).
        closes: idem.
        grams: shape (places,).
        boxes: idem.
        outlets: how many.
        scalars: fixed euros, euros a second, most reduced cost of a shift.
        limits: grams, boxes, shift start, shift end.
        first_end: endings of each place begin there, shape (places + 1,).
        end_costs: endings, shape (endings, 3): least, busy, back; rising by least in each place.
        end_state: idem, shape (endings, 4): last, grams, boxes, memory.
        costs: work space of labels, shape (labels, 2): busy, late.
        state: idem, shape (labels, 8): clock, grams, boxes, stops, place, next of its key, next of
            its slice, alive.
        queue: first label of each slice.
        table: first label by key, shape (power of two,).
        found: stops of each shift, a bit each.
        found_cost: its reduced cost.
        found_table: shift by key, plus one, shape (power of two, more than shifts).
        position: slice, labels used and shifts found, all 0 at first.
    """
    places = len(grams)
    fixed, rate, most = scalars[0], scalars[1], scalars[2]
    most_g, most_mc, begin, end = limits[0], limits[1], limits[2], limits[3]
    slots, found_slots = np.uint64(len(table) - 1), np.uint64(len(found_table) - 1)
    if position[1] == 0:
        queue[:] = -1
        table[:] = -1
        found_table[:] = 0
        costs[0, 0] = fixed
        costs[0, 1] = fixed - rate * end
        state[0, 0] = begin
        state[0, 1:5] = 0
        state[0, 5:7] = -1
        state[0, 7] = 1
        queue[0] = 0
        position[1] = 1
    used, shifts, compared = position[1], position[2], 0
    for now in range(position[0], len(queue)):
        while queue[now] >= 0:
            if compared > PAUSE_AFTER:
                position[0], position[1], position[2] = now, used, shifts
                return PAUSED
            label = queue[now]
            queue[now] = state[label, 6]
            if state[label, 7] == 0:
                continue
            here, clock, stops = state[label, 4], state[label, 0], state[label, 3]
            if 0 < here <= outlets:
                back = clock + seconds[here, 0]
                busy = costs[label, 0] + legs[here, 0] + rate * seconds[here, 0]
                total = max(busy, costs[label, 1] + legs[here, 0] + rate * back)
                if back <= end and total <= most:
                    slot = (np.uint64(stops) * MIX >> np.uint64(20)) & found_slots
                    while found_table[slot] > 0 and found[found_table[slot] - 1] != stops:
                        slot = (slot + np.uint64(1)) & found_slots
                    if found_table[slot] == 0:
                        if shifts >= len(found):
                            return TOO_MANY
                        found[shifts] = stops
                        found_cost[shifts] = total
                        shifts += 1
                        found_table[slot] = shifts
                    elif total < found_cost[found_table[slot] - 1]:
                        found_cost[found_table[slot] - 1] = total
            low = 1
            if here <= outlets:
                low = 1 + outlets
            for there in range(low, places):
                if there == here or not rideable[there]:
                    continue
                load_g, load_mc, visited, bit = np.int64(0), np.int64(0), stops, np.int64(0)
                if there > outlets:
                    bit = np.int64(1) << np.int64(there - 1 - outlets)
                    if stops & bit:
                        continue
                    load_g = state[label, 1] + grams[there]
                    load_mc = state[label, 2] + boxes[there]
                    if load_g > most_g or load_mc > most_mc:
                        continue
                    visited = stops | bit
                arrival = clock + seconds[here, there]
                start = np.int64(-1)
                last_close = np.int64(-1)
                for window in range(opens.shape[1]):
                    if closes[there, window] >= 0:
                        last_close = closes[there, window]
                        if start < 0 and arrival <= last_close:
                            start = max(arrival, opens[there, window])
                if start < 0 or start > end:
                    continue
                step = legs[here, there] - prices[there]
                busy = costs[label, 0] + step + rate * seconds[here, there]
                late = max(costs[label, 1] + step, busy - rate * last_close)
                ahead = max(busy, late + rate * start)
                hopeful = False
                for ending in range(first_end[there], first_end[there + 1]):
                    compared += 1
                    if busy + end_costs[ending, 0] > most:
                        break
                    if (
                        ahead + end_costs[ending, 1] <= most
                        and late + end_costs[ending, 2] <= most
                        and start <= end_state[ending, 0]
                        and load_g + end_state[ending, 1] <= most_g + grams[there]
                        and load_mc + end_state[ending, 2] <= most_mc + boxes[there]
                        and visited & end_state[ending, 3] == bit
                    ):
                        hopeful = True
                        break
                if not hopeful:
                    continue
                mixed = np.uint64(visited) * MIX + np.uint64(there) * np.uint64(0x632BE59BD9B4E019)
                slot = (mixed >> np.uint64(20)) & slots
                dominated = False
                before = np.int64(-1)
                other = table[slot]
                while other >= 0:
                    following = state[other, 5]
                    kept = True
                    if state[other, 3] == visited and state[other, 4] == there:
                        if (
                            costs[other, 0] <= busy
                            and costs[other, 1] <= late
                            and state[other, 0] <= start
                            and state[other, 1] <= load_g
                            and state[other, 2] <= load_mc
                        ):
                            dominated = True
                            break
                        if (
                            busy <= costs[other, 0]
                            and late <= costs[other, 1]
                            and start <= state[other, 0]
                            and load_g <= state[other, 1]
                            and load_mc <= state[other, 2]
                        ):
                            kept = False
                            state[other, 7] = 0
                            if before < 0:
                                table[slot] = following
                            else:
                                state[before, 5] = following
                    if kept:
                        before = other
                    other = following
                if dominated:
                    continue
                if used >= len(state):
                    return TOO_MANY
                costs[used, 0] = busy
                costs[used, 1] = late
                state[used, 0] = start
                state[used, 1] = load_g
                state[used, 2] = load_mc
                state[used, 3] = visited
                state[used, 4] = there
                state[used, 5] = table[slot]
                state[used, 7] = 1
                table[slot] = used
                moment = min(len(queue) - 1, max(now, (start - begin) // SLICE_S))
                state[used, 6] = queue[moment]
                queue[moment] = used
                used += 1
    position[2] = shifts
    return DONE
