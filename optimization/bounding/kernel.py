"""The cheapest shift for given prices of the stops: labels extended from place to place.

A label holds two cost forms, as hours are paid from a departure that is chosen afterwards: ``busy``
pays the time that is ridden and worked, ``late`` all the time since the latest possible departure
(less the clock). The shift costs the larger: max(busy, late + rate × return), which is exact for
one window a place and never too much for several. A label is dominated by one that is no worse in
both forms, clock, two loads and remembered stops.
"""

import numpy as np
from numpy.typing import NDArray

from optimization.bounding.instance import Floats
from optimization.routing.problem import Ints
from optimization.routing.ruin_recreate.compiled import entrance

SLICE_S = 120
"""Labels are extended slice of time by slice of time."""

DONE, PAUSED, TOO_MANY = 1, 0, -1
"""How a call ends: a paused one is called again, with the same arrays, to go on."""

PAUSE_AFTER = 30_000_000
"""Comparisons of labels in a call, a fraction of a second: then somebody may say stop."""


@entrance
def price(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one compiled loop, no call inside
    seconds: Ints,
    legs: Floats,
    prices: Floats,
    rideable: NDArray[np.bool_],
    opens: Ints,
    closes: Ints,
    grams: Ints,
    boxes: Ints,
    near: Ints,
    outlets: int,
    scalars: Floats,
    limits: Ints,
    costs: Floats,
    state: Ints,
    lists: Ints,
    queue: Ints,
    best: Floats,
    best_label: Ints,
    position: Ints,
) -> int:
    """Fill ``best`` and ``best_label`` by last stop; return how the call ended.

    Args:
        seconds: stay at the tail and leg, shape (places, places).
        legs: euros of each leg, idem.
        prices: of visiting each place, shape (places,).
        rideable: shape (places,).
        opens: windows, shape (places, windows).
        closes: idem.
        grams: shape (places,).
        boxes: idem.
        near: bit set remembered at each place.
        outlets: how many.
        scalars: fixed euros, euros a second.
        limits: grams, boxes, shift start, shift end, latest start of a service that is kept,
            1 = rough dominance (not exact).
        costs: work space of labels, shape (labels, 2): busy, late.
        state: idem, shape (labels, 9): clock, grams, boxes, memory, place, parent, next of its
            place, next of its slice, alive.
        lists: first label of each place.
        queue: first label of each slice.
        best: least reduced cost by last stop.
        best_label: its label at the outlet.
        position: slice and labels used, both 0 at first.
    """
    places = len(grams)
    fixed, rate = scalars[0], scalars[1]
    most_g, most_mc, begin, end = limits[0], limits[1], limits[2], limits[3]
    middle, rough = limits[4], limits[5]
    if position[1] == 0:
        lists[:] = -1
        best[:] = 1e18
        best_label[:] = -1
        queue[:] = -1
        costs[0, 0] = fixed
        costs[0, 1] = fixed - rate * end
        state[0, 0] = begin
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
            if state[label, 8] == 0:
                continue
            here, clock, memory = state[label, 4], state[label, 0], state[label, 3]
            if 0 < here <= outlets:
                back = clock + seconds[here, 0]
                if back <= end:
                    busy = costs[label, 0] + legs[here, 0] + rate * seconds[here, 0]
                    late = costs[label, 1] + legs[here, 0] + rate * back
                    total = max(busy, late)
                    last = state[state[label, 5], 4]
                    if total < best[last]:
                        best[last] = total
                        best_label[last] = label
            low = 1
            if here <= outlets:
                low = 1 + outlets
            for there in range(low, places):
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
                arrival = clock + seconds[here, there]
                start = np.int64(-1)
                last_close = np.int64(-1)
                for window in range(opens.shape[1]):
                    if closes[there, window] >= 0:
                        last_close = closes[there, window]
                        if start < 0 and arrival <= last_close:
                            start = max(arrival, opens[there, window])
                if start < 0 or start > middle:
                    continue
                step = legs[here, there] - prices[there]
                busy = costs[label, 0] + step + rate * seconds[here, there]
                late = max(costs[label, 1] + step, busy - rate * last_close)
                dominated = False
                before = np.int64(-1)
                other = lists[there]
                while other >= 0:
                    following = state[other, 6]
                    compared += 1
                    if (
                        costs[other, 0] <= busy
                        and costs[other, 1] <= late
                        and state[other, 0] <= start
                        and (
                            rough == 1
                            or (
                                state[other, 1] <= load_g
                                and state[other, 2] <= load_mc
                                and state[other, 3] & ~kept == 0
                            )
                        )
                    ):
                        dominated = True
                        break
                    if (
                        busy <= costs[other, 0]
                        and late <= costs[other, 1]
                        and start <= state[other, 0]
                        and (
                            rough == 1
                            or (
                                load_g <= state[other, 1]
                                and load_mc <= state[other, 2]
                                and kept & ~state[other, 3] == 0
                            )
                        )
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
                costs[used, 1] = late
                state[used, 0] = start
                state[used, 1] = load_g
                state[used, 2] = load_mc
                state[used, 3] = kept
                state[used, 4] = there
                state[used, 5] = label
                state[used, 6] = lists[there]
                state[used, 8] = 1
                lists[there] = used
                moment = min(len(queue) - 1, max(now, (start - begin) // SLICE_S))
                state[used, 7] = queue[moment]
                queue[moment] = used
                used += 1
    position[1] = used
    return DONE
