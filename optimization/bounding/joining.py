"""The cheapest shifts made of a beginning (see ``kernel``) and an ending (see ``endings``).

Each only goes to the middle of the day: there are far fewer of them than of whole shifts.
"""

from optimization.bounding.instance import Floats
from optimization.bounding.kernel import DONE, PAUSE_AFTER, PAUSED
from optimization.routing.problem import Ints
from optimization.routing.ruin_recreate.compiled import entrance


@entrance
def join(  # noqa: PLR0917 - one compiled loop, no call inside
    grams: Ints,
    boxes: Ints,
    outlets: int,
    rate: float,
    limits: Ints,
    costs: Floats,
    state: Ints,
    first_end: Ints,
    end_costs: Floats,
    end_state: Ints,
    best: Floats,
    best_pair: Ints,
    position: Ints,
) -> int:
    """Fill ``best`` and ``best_pair`` by place where both meet; return how the call ended.

    Args:
        grams: shape (places,).
        boxes: idem.
        outlets: how many.
        rate: euros a second.
        limits: grams, boxes.
        costs: beginnings, as ``kernel`` leaves them.
        state: idem.
        first_end: endings of each place begin there, shape (places + 1,).
        end_costs: endings, shape (endings, 3): least, busy, back; rising by least in each place.
        end_state: idem, shape (endings, 4): last, grams, boxes, memory.
        best: least reduced cost by place.
        best_pair: its beginning and its ending, shape (places, 2).
        position: next beginning, and how many there are.
    """
    if position[0] == 0:
        best[:] = 1e18
        best_pair[:] = -1
    compared = 0
    for label in range(position[0], position[1]):
        if compared > PAUSE_AFTER:
            position[0] = label
            return PAUSED
        place = state[label, 4]
        if state[label, 8] == 0 or place == 0:
            continue
        bit = 1 << (place - 1 - outlets) if place > outlets else 0
        busy, late, clock = costs[label, 0], costs[label, 1], state[label, 0]
        ahead = max(busy, late + rate * clock)
        for ending in range(first_end[place], first_end[place + 1]):
            compared += 1
            if busy + end_costs[ending, 0] >= best[place]:
                break
            total = max(
                busy + end_costs[ending, 0],
                ahead + end_costs[ending, 1],
                late + end_costs[ending, 2],
            )
            if (
                total < best[place]
                and clock <= end_state[ending, 0]
                and state[label, 1] + end_state[ending, 1] <= limits[0] + grams[place]
                and state[label, 2] + end_state[ending, 2] <= limits[1] + boxes[place]
                and state[label, 3] & end_state[ending, 3] == bit
            ):
                best[place] = total
                best_pair[place, 0] = label
                best_pair[place, 1] = ending
    return DONE
