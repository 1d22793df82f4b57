"""Quickest paths between points on edges, with scipy's Dijkstra.

A point is left through the arcs of its edge (what remains of them) and reached through them (what
comes before it): one-way streets, both sides of a street and copies of nodes need nothing more.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geo.roads.network import FORBIDDEN, ModeGraph, RoadNetwork
from geo.roads.snap import Snapped
from geo.roads.weights import combine

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_FEW = 8
"""Below this many points, bounding the searches costs more than it saves."""
_ROUNDING = float(combine(np.int64(4), np.int64(4)))
"""Both halves of an edge may each be rounded up."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Nodes through which points are left or reached.

    Attributes:
        point: which point each door belongs to, ascending, shape (doors,).
        node: the node.
        arc: the arc between the point and the node.
        ms: time between them; ``m`` the distance.
        count: of points.
    """

    point: Ints
    node: Ints
    arc: Ints
    ms: Ints
    m: Ints
    count: int

    def of(self, chosen: Ints) -> "Doors":
        """Doors of those points, renumbered in that order."""
        first = np.searchsorted(self.point, chosen, "left")
        counts = np.searchsorted(self.point, chosen, "right") - first
        rows = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        point = np.repeat(np.arange(len(chosen)), counts)
        return Doors(
            point, self.node[rows], self.arc[rows], self.ms[rows], self.m[rows], len(chosen)
        )

    @property
    def weight(self) -> Ints:
        """Both figures in one number."""
        return np.asarray(combine(self.ms, self.m))

    def best(self, at_nodes: Floats) -> Floats:
        """Least of « value at the node + way to the door », per point.

        Args:
            at_nodes: shape (rows, nodes).

        Returns:
            shape (rows, points); infinite where a point has no door.
        """
        found = np.full((len(at_nodes), self.count), np.inf)
        if len(self.point):
            reach = at_nodes[:, self.node] + self.weight
            begin = np.flatnonzero(np.r_[True, self.point[1:] != self.point[:-1]])
            found[:, self.point[begin]] = np.minimum.reduceat(reach, begin, axis=1)
        return found


class Graph:
    """One mode's arcs, ready to search in both directions.

    Attributes:
        searches: how many were made, for whoever counts what a new stop costs.
    """

    def __init__(self, network: RoadNetwork, graph: ModeGraph) -> None:
        self.graph = graph
        self.nodes = network.node_count + len(graph.copies)
        self.searches = 0
        self.edge_m = network.edge_m
        self.arc_ms = graph.arc_ms
        self.weight = combine(self.arc_ms, self.edge_m[graph.edge])
        # csr_matrix would sum parallel arcs: only the best of each pair is given to it.
        order = np.lexsort((self.weight, graph.head, graph.tail))
        tail, head = graph.tail[order], graph.head[order]
        first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
        self.best_arc = order[first & (tail != head)]
        self._pairs: dict[int, int] | None = None
        self._by_edge = np.argsort(graph.edge, kind="stable")
        self._edge_sorted = graph.edge[self._by_edge]

    def exits(self, snapped: Snapped) -> Doors:
        """Doors through which points are left."""
        return self._doors(snapped, leaving=True)

    def entries(self, snapped: Snapped) -> Doors:
        """Doors through which points are reached."""
        return self._doors(snapped, leaving=False)

    def _doors(self, snapped: Snapped, *, leaving: bool) -> Doors:
        first = np.searchsorted(self._edge_sorted, snapped.edge, "left")
        counts = np.searchsorted(self._edge_sorted, snapped.edge, "right") - first
        rows = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        point = np.repeat(np.arange(len(counts)), counts)
        arc = self._by_edge[rows]
        length = self.edge_m[self.graph.edge[arc]]
        along = snapped.along_m[point]
        # From the point to the arc's head, or from its tail to the point.
        to_end = self.graph.forward[arc] == leaving
        m = np.where(to_end, length - along, along)
        ms = np.rint(self.arc_ms[arc] * (m / length)).astype(np.int64)
        node = (self.graph.head if leaving else self.graph.tail)[arc]
        return Doors(point, node, arc, ms, m, len(counts))

    def square(self, snapped: Snapped) -> Floats:
        """Weights between all pairs of points, shape (points, points)."""
        exits, entries = self.exits(snapped), self.entries(snapped)
        count = exits.count
        bounds = np.full(count, np.inf)
        if count >= _FEW:
            # Through any one place there is a path: no search needs to look farther than that.
            middle = _middle(snapped)
            there = self._run(entries.of(middle), exits, reverse=True)[0]
            back = self._run(exits.of(middle), entries)[0]
            bounds = there + back.max() + _ROUNDING
        result = self._run(exits, entries, limits=bounds)
        return self.shorten(result, snapped)

    def shorten(self, found: Floats, snapped: Snapped) -> Floats:
        """Take the way along the edge between points that share one."""
        return self._along_one_edge(found, snapped, snapped)

    def rows(self, sources: Snapped, targets: Snapped) -> Floats:
        """Weights from a few points to many, one search a source."""
        found = self._run(self.exits(sources), self.entries(targets))
        return self._along_one_edge(found, sources, targets)

    def columns(self, sources: Snapped, targets: Snapped) -> Floats:
        """Weights from many points to a few, one search a target; shape (sources, targets)."""
        found = self._run(self.entries(targets), self.exits(sources), reverse=True).T
        return self._along_one_edge(found, sources, targets)

    def _run(
        self, starts: Doors, ends: Doors, *, reverse: bool = False, limits: Floats | None = None
    ) -> Floats:
        matrix = self._matrix(starts, reverse=reverse)
        result = np.full((starts.count, ends.count), np.inf)
        for row in range(starts.count):
            self.searches += 1
            limit = np.inf if limits is None else limits[row] + 1
            # One at a time: scipy holds the interpreter, and other sessions want to run.
            at_nodes = dijkstra(matrix, indices=self.nodes + row, limit=limit)
            result[row] = ends.best(at_nodes[None, :])[0] - 1
            if np.isfinite(limit) and np.isinf(result[row]).any():
                # A half-turn at the middle point, where turns are restricted, is no bound.
                self.searches += 1
                at_nodes = dijkstra(matrix, indices=self.nodes + row)
                result[row] = ends.best(at_nodes[None, :])[0] - 1
        return result

    def _matrix(self, starts: Doors, *, reverse: bool = False) -> csr_matrix:
        """The arcs, and after them one node a start, linked to its doors."""
        tail, head = self.graph.tail[self.best_arc], self.graph.head[self.best_arc]
        if reverse:
            tail, head = head, tail
        size = self.nodes + starts.count
        order = np.lexsort((starts.weight, starts.node, starts.point))
        point, node = starts.point[order], starts.node[order]
        first = np.r_[True, (point[1:] != point[:-1]) | (node[1:] != node[:-1])][: len(order)]
        # A point on a node has a weight of 0, which a sparse matrix could forget: one is added,
        # and taken away from every result.
        weights = np.concatenate((self.weight[self.best_arc], starts.weight[order][first] + 1))
        tails = np.concatenate((tail, self.nodes + point[first]))
        heads = np.concatenate((head, node[first]))
        return csr_matrix((weights.astype(np.float64), (tails, heads)), shape=(size, size))

    def path(
        self, source: Snapped, target: Snapped, limit: float = np.inf
    ) -> tuple[float, int, list[int], int] | None:
        """Arcs from one point to another.

        Args:
            source: one place.
            target: one place.
            limit: weight known not to be exceeded.

        Returns:
            weight, arc on which the source is left, arcs in between, arc on which the target is
            reached; ``None`` without a path. Points of one edge joined along it have no arcs: see
            :meth:`straight`.
        """
        exits, entries = self.exits(source), self.entries(target)
        self.searches += 1
        at_nodes, before = dijkstra(
            self._matrix(exits), indices=self.nodes, limit=limit + 1, return_predecessors=True
        )
        reach = at_nodes[entries.node] + entries.weight
        if not len(reach) or not np.isfinite(reach.min()):
            return None
        door = int(np.argmin(reach))
        nodes = [int(entries.node[door])]
        while before[nodes[-1]] != self.nodes:
            nodes.append(int(before[nodes[-1]]))
        nodes.reverse()
        lookup = self._lookup()
        size = self.nodes
        between = [lookup[a * size + b] for a, b in pairwise(nodes)]
        candidates = np.flatnonzero(exits.node == nodes[0])
        leave = candidates[np.argmin(exits.weight[candidates])]
        weight = float(reach[door]) - 1
        return weight, int(exits.arc[leave]), between, int(entries.arc[door])

    def straight(self, source: Snapped, target: Snapped) -> Floats:
        """Weight along one edge, shape (1, 1); infinite when it is not possible."""
        return self._along_one_edge(np.full((1, 1), np.inf), source, target)

    def _lookup(self) -> dict[int, int]:
        if self._pairs is None:
            arcs = self.best_arc
            keys = self.graph.tail[arcs] * self.nodes + self.graph.head[arcs]
            self._pairs = dict(zip(keys.tolist(), arcs.tolist(), strict=True))
        return self._pairs

    def _along_one_edge(self, found: Floats, sources: Snapped, targets: Snapped) -> Floats:
        """Points of one edge may be joined along it, where its direction allows."""
        row, column = np.nonzero(sources.edge[:, None] == targets.edge[None, :])
        edge = sources.edge[row]
        gap = targets.along_m[column] - sources.along_m[row]
        whole = np.where(gap >= 0, self.graph.forward_ms[edge], self.graph.backward_ms[edge])
        ms = np.rint(whole * (np.abs(gap) / self.edge_m[edge])).astype(np.int64)
        open_ = (whole != FORBIDDEN) | (gap == 0)
        weight = np.where(open_, combine(np.where(gap == 0, 0, ms), np.abs(gap)), np.inf)
        result = found.copy()
        result[row, column] = np.minimum(result[row, column], weight)
        return result


def _middle(snapped: Snapped) -> Ints:
    """The most central point, as an array of one index."""
    x = snapped.lon * np.cos(np.radians(snapped.lat.mean()))
    far = np.hypot(x - np.median(x), snapped.lat - np.median(snapped.lat))
    return np.array([int(np.argmin(far))])
