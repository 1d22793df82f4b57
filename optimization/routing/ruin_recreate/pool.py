"""Good routes met on the way, for the recombination."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimization.routing.problem import Ints
from optimization.routing.ruin_recreate.compiled import entrance
from optimization.routing.ruin_recreate.instance import Instance
from optimization.routing.ruin_recreate.random_numbers import mixed
from optimization.routing.ruin_recreate.state import State

TABLE = 2**16
MOST_ROUTES = 4_000
"""The latest are kept: a search that cools down meets its best routes last."""

FORGOTTEN = 2**62


class Pool(NamedTuple):
    """The latest routes met; each set of stops and kind again only when it got cheaper.

    Attributes:
        key, least: of sets of stops met, and their least n€; one entry for each hash.
        route: key of each route kept, shape (R,).
        kind, price, size: of each route.
        node: its locations, shape (R, M).
        met: how many routes were met since last asked, shape (1,); number ``i`` is in row
            ``i % R``.
    """

    key: NDArray[np.uint64]
    least: Ints
    route: NDArray[np.uint64]
    kind: Ints
    price: Ints
    size: Ints
    node: NDArray[np.int32]
    met: Ints


def new_pool(places: int, most: int = MOST_ROUTES) -> Pool:
    """An empty pool for routes of at most that many locations."""
    return Pool(
        key=np.zeros(TABLE, np.uint64),
        least=np.full(TABLE, FORGOTTEN, np.int64),
        route=np.zeros(most, np.uint64),
        kind=np.zeros(most, np.int64),
        price=np.zeros(most, np.int64),
        size=np.zeros(most, np.int64),
        node=np.zeros((most, places), np.int32),
        met=np.zeros(1, np.int64),
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
    if pool.key[at] == key and pool.least[at] <= st.price[s]:
        return
    row = pool.met[0] % len(pool.size)
    if pool.met[0] >= len(pool.size):
        # The oldest one goes: met again, it will be new.
        old = np.int64(pool.route[row] & np.uint64(TABLE - 1))
        if pool.key[old] == pool.route[row]:
            pool.least[old] = FORGOTTEN
    pool.key[at], pool.least[at] = key, st.price[s]
    pool.route[row] = key
    pool.kind[row], pool.price[row], pool.size[row] = st.kind[s], st.price[s], size
    for p in range(size):
        pool.node[row, p] = st.node[s, p + 1]
    pool.met[0] += 1
