"""What the rest of a shift costs at least, from any place: labels extended back from the depot.

The mirror of ``kernel``: a label stands at a place whose service is about to start. Starting it at
``t``, no later than ``last``, the rest costs ``busy``, or ``back`` less what ``t`` is worth when
windows make the vehicle wait; see ``left_to_pay`` for how both ends of a shift add up.
"""

import numpy as np
from numpy.typing import NDArray

from optimization.bounding.instance import Floats
from optimization.bounding.kernel import DONE, PAUSE_AFTER, PAUSED, SLICE_S, TOO_MANY
from optimization.routing.problem import Ints
from optimization.routing.ruin_recreate.compiled import entrance


@entrance
def endings(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one compiled loop, no call inside
    seconds: Ints,
    legs: Floats,
    prices: Floats,
    rideable: NDArray[np.bool_],
    first_open: Ints,
    last_close: Ints,
    grams: Ints,
    boxes: Ints,
    near: Ints,
    outlets: int,
    rate: float,
    limits: Ints,
    costs: Floats,
    state: Ints,
    lists: Ints,
    queue: Ints,
    position: Ints,
) -> int:
    """Fill ``costs`` and ``state``; return how the call ended.

    Args:
        seconds: stay at the tail and leg, shape (places, places).
        legs: euros of each leg, idem.
        prices: of visiting each place, shape (places,).
        rideable: shape (places,).
        first_open: first moment at which a service can start, shape (places,).
        last_close: last one, idem.
        grams: shape (places,).
        boxes: idem.
        near: bit set remembered at each place.
        outlets: how many.
        rate: euros a second.
        limits: grams, boxes, shift start, shift end, time after which endings are extended.
        costs: labels, shape (labels, 2): busy, back.
        state: idem, shape (labels, 9): last, grams, boxes, memory, place, child, next of its
            place, next of its slice, alive.
        lists: first label of each place.
        queue: first label of each slice of time, the latest first.
        position: slice and labels used, both 0 at first.
    """
    places = len(grams)
    most_g, most_mc, begin, end = limits[0], limits[1], limits[2], limits[3]
    middle = limits[4]
    if position[1] == 0:
        lists[:] = -1
        queue[:] = -1
        costs[0, 0] = 0.0
        costs[0, 1] = rate * begin
        state[0, 0] = end
        state[0, 1:5] = 0
        state[0, 5:8] = -1
        state[0, 8] = 1
        queue[0] = 0
        position[1] = 1
    used, compared = position[1], 0
    for now in range(position[0], len(queue)):
        while queue[now] >= 0:
            if compared > PAUSE_AFTER:
                position[0], position[1] = now, used
                return PAUSED
            label = queue[now]
            queue[now] = state[label, 7]
            if state[label, 8] == 0 or state[label, 0] <= middle:
                continue
            here, memory = state[label, 4], state[label, 3]
            low, high = 1, places
            if here == 0:
                high = 1 + outlets
            elif here <= outlets:
                low = 1 + outlets
            for there in range(low, high):
                if there == here or not rideable[there]:
                    continue
                load_g, load_mc, kept = np.int64(0), np.int64(0), memory
                if there > outlets:
                    bit = np.int64(1) << np.int64(there - 1 - outlets)
                    if memory & bit:
                        continue
                    load_g = state[label, 1] + grams[there]
                    load_mc = state[label, 2] + boxes[there]
                    if load_g > most_g or load_mc > most_mc:
                        continue
                    kept = (memory & near[there]) | bit
                last = min(last_close[there], state[label, 0] - seconds[there, here])
                if last < max(begin, first_open[there]):
                    continue
                step = legs[there, here] - prices[here]
                busy = costs[label, 0] + step + rate * seconds[there, here]
                back = step + max(costs[label, 1], rate * first_open[here] + costs[label, 0])
                dominated = False
                before = np.int64(-1)
                other = lists[there]
                while other >= 0:
                    following = state[other, 6]
                    compared += 1
                    if (
                        costs[other, 0] <= busy
                        and costs[other, 1] <= back
                        and state[other, 0] >= last
                        and state[other, 1] <= load_g
                        and state[other, 2] <= load_mc
                        and state[other, 3] & ~kept == 0
                    ):
                        dominated = True
                        break
                    if (
                        busy <= costs[other, 0]
                        and back <= costs[other, 1]
                        and last >= state[other, 0]
                        and load_g <= state[other, 1]
                        and load_mc <= state[other, 2]
                        and kept & ~state[other, 3] == 0
                    ):
                        state[other, 8] = 0
                        if before < 0:
                            lists[there] = following
                        else:
                            state[before, 6] = following
                    else:
                        before = other
                    other = following
                if dominated:
                    continue
                if used >= len(state):
                    return TOO_MANY
                costs[used, 0] = busy
                costs[used, 1] = back
                state[used, 0] = last
                state[used, 1] = load_g
                state[used, 2] = load_mc
                state[used, 3] = kept
                state[used, 4] = there
                state[used, 5] = label
                state[used, 6] = lists[there]
                state[used, 8] = 1
                lists[there] = used
                moment = min(len(queue) - 1, max(now, (end - last) // SLICE_S))
                state[used, 7] = queue[moment]
                queue[moment] = used
                used += 1
    position[1] = used
    return DONE
