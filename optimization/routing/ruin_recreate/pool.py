"""Good routes met on the way, for the recombination."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimization.routing.problem import Ints
from optimization.routing.ruin_recreate.compiled import entrance
from optimization.routing.ruin_recreate.instance import Instance
from optimization.routing.ruin_recreate.random_numbers import mixed
from optimization.routing.ruin_recreate.state import State

TABLE = 2**17
MOST_ROUTES = 20_000
MOST_NODES = 400_000
LONGEST_PROBE = 16


class Pool(NamedTuple):
    """Routes one after the other; each set of stops and kind again only when it got cheaper.

    Attributes:
        key, least: open-addressed table of sets of stops met, and their least n€.
        kind, price: of each route.
        start: where each route begins in ``node``, and where the last one ends.
        node: locations.
        size: how many routes, shape (1,).
    """

    key: NDArray[np.uint64]
    least: Ints
    kind: Ints
    price: Ints
    start: Ints
    node: NDArray[np.int32]
    size: Ints


def new_pool() -> Pool:
    """An empty pool."""
    return Pool(
        key=np.zeros(TABLE, np.uint64),
        least=np.zeros(TABLE, np.int64),
        kind=np.zeros(MOST_ROUTES, np.int64),
        price=np.zeros(MOST_ROUTES, np.int64),
        start=np.zeros(MOST_ROUTES + 1, np.int64),
        node=np.zeros(MOST_NODES, np.int32),
        size=np.zeros(1, np.int64),
    )


@entrance
def register(inst: Instance, st: State, pool: Pool, s: int) -> None:
    """Add the route in slot ``s`` unless its stops were already served as cheaply."""
    key = np.uint64(st.kind[s] + 1)
    size = st.size[s]
    for p in range(1, size + 1):
        v = st.node[s, p]
        if v > inst.outlets:
            key += mixed(np.uint64(v) * np.uint64(0x9E3779B97F4A7C15))
    at = np.int64(key & np.uint64(TABLE - 1))
    for _ in range(LONGEST_PROBE):
        if pool.key[at] == key and pool.least[at] <= st.price[s]:
            return
        if pool.key[at] == key or pool.key[at] == 0:
            break
        at = (at + 1) & (TABLE - 1)
    else:
        return
    number = pool.size[0]
    start = pool.start[number]
    if number >= MOST_ROUTES or start + size > MOST_NODES:
        return
    pool.key[at], pool.least[at] = key, st.price[s]
    pool.kind[number], pool.price[number] = st.kind[s], st.price[s]
    for p in range(size):
        pool.node[start + p] = st.node[s, p + 1]
    pool.start[number + 1] = start + size
    pool.size[0] = number + 1
