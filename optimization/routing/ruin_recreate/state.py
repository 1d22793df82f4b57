"""The routes being worked on, kept so that trying an insertion takes a few operations.

A route lives in a *slot*: a row of every array below. Changing a route writes it in a fresh slot,
so that refusing a step only means going back to the old ones. ``order`` gives the slots of the
current routes; its index is the route's number.

In a row, index 0 is the depot, 1 … size the visits, size + 1 the depot again; *gap* p lies
between the indices p and p + 1.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimization.routing.problem import Ints
from optimization.routing.ruin_recreate.instance import Instance

SERVED_NOWHERE = -1

UNKNOWN = 2**62
"""n€ of no plan at all."""

Place = tuple[float, int, int, int, int]
"""Where a stop can go: n€, route (or kind for a new one), gap, way and outlet."""

Stretch = tuple[int, int, int]
"""Part of a route: least seconds it takes, earliest and latest departure for that."""

Flags = NDArray[np.bool_]


# Places of the counters in ``State.counts``.
ROUTES, FREE, ABSENT, CHANGED, VERSION = range(5)

GAP_BITS, WAY_BITS, OUTLET_BITS = 16, 2, 14
"""Of a place in ``State.known``, below the version of the route it was found in (from 1; beyond
2³¹, a quarter of an hour, nothing is remembered any more)."""


class State(NamedTuple):
    """S slots of M places for n stops, K kinds, m outlets.

    Attributes:
        node: locations, shape (S, M).
        arc: n€ of the leg of each gap, single precision.
        leave: earliest departure.
        late: latest arrival.
        aboard: grams, thousandths of containers, weekly grams when leaving, shape (S, M, 3).
        trip: grams, thousandths of containers and outlet of the trip a gap lies in, (S, M, 3).
        before: least time from departure to here, earliest and latest such departure, (S, M, 3).
        after: idem from here to the return.
        size, kind, price, metres, seconds, stops, trips, wait: of a slot's route; ``seconds``
            without waiting, ``stops`` and ``trips`` counted.
        load: grams and thousandths of containers of a route without outlets, shape (S, 2).
        delivered: weekly grams by outlet, shape (S, max(1, m)).
        order, free: current slots and unused ones.
        where: route of each location, ``SERVED_NOWHERE`` if none.
        absent: stops left out.
        changed: routes changed in this step, and the slots they had (-1 for a new route).
        used: routes by kind.
        spare: weekly grams that outlets still accept.
        version: changes whenever a slot's route does.
        known, known_price: cheapest place of each location in each slot's route, with the version
            it was found in, and its n€; shape (N, S). Routes live through thousands of steps.
        counts: how many entries of these lists are in use, and the last version given.
        softness: n€ for a load of twice the capacity, shape (1,); 0 where capacities are kept.
        tally: plans accepted, and those among them that keep every capacity.
    """

    node: NDArray[np.int32]
    arc: NDArray[np.float32]
    leave: Ints
    late: Ints
    aboard: Ints
    trip: Ints
    before: Ints
    after: Ints
    size: Ints
    kind: Ints
    price: Ints
    metres: Ints
    seconds: Ints
    stops: Ints
    trips: Ints
    wait: Ints
    load: Ints
    delivered: Ints
    order: Ints
    free: Ints
    where: Ints
    absent: Ints
    changed: Ints
    used: Ints
    spare: Ints
    version: Ints
    known: Ints
    known_price: NDArray[np.float64]
    counts: Ints
    softness: NDArray[np.float64]
    tally: Ints


class Plan(NamedTuple):
    """Routes at rest: a starting point, or the best plan found.

    Attributes:
        node: locations of each route, shape (R, M).
        size: how many; 0 for no route.
        kind: of each route.
        price: n€ of the whole, stops left out included, shape (1,).
    """

    node: NDArray[np.int32]
    size: Ints
    kind: Ints
    price: Ints


def new_plan(instance: Instance) -> Plan:
    """A plan without any route, dearer than any other."""
    routes, places = _most_routes(instance), _most_places(instance)
    return Plan(
        node=np.zeros((routes, places), np.int32),
        size=np.zeros(routes, np.int64),
        kind=np.zeros(routes, np.int64),
        price=np.full(1, UNKNOWN, np.int64),
    )


def new_state(instance: Instance) -> State:
    """A state without any route and all stops left out."""
    routes, places = _most_routes(instance), _most_places(instance)
    slots, locations = 3 * routes + 4, len(instance.stay)
    segments = slots if instance.paid else 1
    with_outlets = slots if instance.outlets > 0 else 1

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, np.int64)

    stops = np.arange(1 + instance.outlets, locations, dtype=np.int64)
    state = State(
        node=np.zeros((slots, places), np.int32),
        arc=np.zeros((slots, places), np.float32),
        leave=ints(slots, places),
        late=ints(slots, places),
        aboard=ints(with_outlets, places, 3),
        trip=ints(with_outlets, places, 3),
        before=ints(segments, places, 3),
        after=ints(segments, places, 3),
        size=ints(slots),
        kind=ints(slots),
        price=ints(slots),
        metres=ints(slots),
        seconds=ints(slots),
        stops=ints(slots),
        trips=ints(slots),
        wait=ints(slots),
        load=ints(slots, 2),
        delivered=ints(slots, max(1, instance.outlets)),
        order=ints(2 * routes + 2),
        free=np.arange(slots, dtype=np.int64),
        where=np.full(locations, SERVED_NOWHERE, np.int64),
        absent=np.concatenate((stops, ints(locations))),
        changed=ints(2 * routes + 2, 2),
        used=ints(len(instance.vehicles)),
        spare=instance.weekly.copy(),
        version=ints(slots),
        known=ints(locations, slots),
        known_price=np.zeros((locations, slots), np.float64),
        counts=ints(5),
        softness=np.zeros(1, np.float64),
        tally=ints(2),
    )
    state.counts[FREE] = slots
    state.counts[ABSENT] = len(stops)
    return state


def _most_routes(instance: Instance) -> int:
    stops = len(instance.stay) - 1 - instance.outlets
    return max(1, min(stops, int(instance.vehicles.sum())))


def _most_places(instance: Instance) -> int:
    stops = len(instance.stay) - 1 - instance.outlets
    return (2 * stops if instance.outlets > 0 else stops) + 6
