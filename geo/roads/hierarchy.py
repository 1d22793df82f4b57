"""The same searches a hundred times faster, where ``routingkit-cch`` is installed.

Its weights have 31 bits, too few for both figures. It is asked twice: for the time alone, and for
time × 64 + metres. The difference is the length of a path that is quickest to within a sixty-fourth
of a millisecond a metre (0.16 s over 10 km), and at most that of the quickest.
"""

import importlib.util
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.roads.network import DEGREE, RoadNetwork, write_arrays
from geo.roads.search import Doors, Graph
from geo.roads.snap import Snapped

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_SCALE: Final = 64
_MOST: Final = 2**31 - 2


def is_installed() -> bool:
    """Whether the accelerator can be imported."""
    return importlib.util.find_spec("routingkit_cch") is not None


def save_order(network: RoadNetwork, graph: Graph, path: Path) -> None:
    """Compute the order in which nodes are contracted, the slow part, and keep it."""
    import routingkit_cch  # noqa: PLC0415 (optional)

    copies = graph.graph.copies
    lon = np.concatenate((network.node_lon, network.node_lon[copies])) / DEGREE
    lat = np.concatenate((network.node_lat, network.node_lat[copies])) / DEGREE
    tail, head = _ends(graph)
    order = routingkit_cch.compute_order_inertial(
        graph.nodes, tail.tolist(), head.tolist(), lat.tolist(), lon.tolist()
    )
    write_arrays(path, {"order": np.array(order, dtype=np.int32)})


class Hierarchy:
    """Answers for squares of points only: a few rows are as quick without it.

    Args:
        graph: the arcs.
        order: file written by :func:`save_order`.
    """

    def __init__(self, graph: Graph, order: Path) -> None:
        import routingkit_cch  # noqa: PLC0415 (optional)

        self._library: Any = routingkit_cch
        self._graph = graph
        with order.open("rb") as content, np.load(content, allow_pickle=False) as file:
            ranks = file["order"].tolist()
        tail, head = _ends(graph)
        structure = routingkit_cch.CCH(ranks, tail.tolist(), head.tolist(), False)
        arcs = graph.best_arc
        times = graph.arc_ms[arcs] * _SCALE
        metres = graph.edge_m[graph.graph.edge[arcs]]
        self._quick = routingkit_cch.CCHMetric(structure, np.minimum(times, _MOST).tolist())
        self._both = routingkit_cch.CCHMetric(structure, np.minimum(times + metres, _MOST).tolist())

    def square(self, snapped: Snapped) -> tuple[Ints, Ints] | None:
        """Milliseconds and metres between all pairs through the nodes.

        Points joined along their common edge are not looked at. ``None`` when a path is too long
        for the accelerator's numbers, or missing.
        """
        exits, entries = self._graph.exits(snapped), self._graph.entries(snapped)
        quick = self._table(self._quick, exits, entries, metres=False)
        both = self._table(self._both, exits, entries, metres=True)
        if quick is None or both is None:
            return None
        return quick // _SCALE, both - quick

    def _table(self, metric: Any, exits: Doors, entries: Doors, *, metres: bool) -> Ints | None:
        leaving = exits.ms * _SCALE + (exits.m if metres else 0)
        reaching = entries.ms * _SCALE + (entries.m if metres else 0)
        search = self._library.CCHOneToMany(metric, entries.node.tolist())
        begin = np.flatnonzero(np.r_[True, entries.point[1:] != entries.point[:-1]])
        first = np.searchsorted(exits.point, np.arange(exits.count + 1)).tolist()
        nodes, weights = exits.node.tolist(), leaving.tolist()
        result = np.empty((exits.count, entries.count), dtype=np.int64)
        for row in range(exits.count):
            part = slice(first[row], first[row + 1])
            found = search.distances_from_multi(list(zip(nodes[part], weights[part], strict=True)))
            if None in found:
                return None
            result[row] = np.minimum.reduceat(np.array(found) + reaching, begin)
        return result


def _ends(graph: Graph) -> tuple[Ints, Ints]:
    return graph.graph.tail[graph.best_arc], graph.graph.head[graph.best_arc]
