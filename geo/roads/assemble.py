"""Numbers junctions and edges, and keeps what each mode can both reach and leave."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.model import TravelMode
from geo.roads.contract import Chains, Segments
from geo.roads.network import (
    DEGREE,
    FORBIDDEN,
    ModeGraph,
    ModeStats,
    NetworkInfo,
    RoadNetwork,
)
from geo.roads.turns import Arcs, Ban, arcs_of, forbid_turns, largest_component

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Old numbers → new ones.

    Attributes:
        used: edges that stay.
        edge: new number of each edge, −1 where it goes; ``node`` of each junction.
        old_nodes: count of junctions before; copies come after them.
        nodes: count of junctions that stay.
    """

    used: Ints
    edge: Ints
    node: Ints
    old_nodes: int
    nodes: int

    def renumber(self, nodes: Ints) -> Ints:
        """New numbers of junctions and of copies."""
        copy = nodes >= self.old_nodes
        return np.where(
            copy, nodes - self.old_nodes + self.nodes, self.node[np.where(copy, 0, nodes)]
        )


def assemble(segments: Segments, chains: Chains, bans: Sequence[Ban]) -> RoadNetwork | None:
    """Build the network; ``None`` when nothing is left of it.

    Args:
        segments: positions of the points.
        chains: edges between junctions.
        bans: forbidden turns; their nodes are indices of the segments' points.
    """
    junctions = np.unique(np.concatenate((chains.start, chains.end)))
    start, end = np.searchsorted(junctions, chains.start), np.searchsorted(junctions, chains.end)
    number = {int(point): at for at, point in enumerate(junctions)}
    known = [
        Ban(node=number[ban.node], from_way=ban.from_way, to_way=ban.to_way, only=ban.only)
        for ban in bans
        if ban.node in number
    ]
    found: dict[TravelMode, tuple[Arcs, Ints]] = {}
    applied = 0
    for mode in TravelMode:
        arcs = arcs_of(
            start,
            end,
            (chains.first_way, chains.last_way),
            np.isfinite(chains.seconds[mode, "forward"]),
            np.isfinite(chains.seconds[mode, "backward"]),
        )
        copies = np.empty(0, np.int64)
        if mode is TravelMode.VAN:  # a rider may always get off and push
            arcs, copies, applied = forbid_turns(arcs, len(junctions), known)
        kept = largest_component(arcs, len(junctions) + len(copies))
        found[mode] = (arcs.taking(kept), copies)
    used = np.unique(np.concatenate([arcs.edge for arcs, _ in found.values()]))
    if not len(used):
        return None
    left = np.unique(np.concatenate((start[used], end[used])))
    numbers = _Numbers(
        used, _ranks(used, len(start)), _ranks(left, len(junctions)), len(junctions), len(left)
    )
    modes = {
        mode: _mode_graph(arcs, copies, numbers, chains, mode)
        for mode, (arcs, copies) in found.items()
    }
    return _network(segments, chains, junctions[left], numbers, (modes, applied))


def _network(
    segments: Segments,
    chains: Chains,
    junctions: Ints,
    numbers: _Numbers,
    graphs: tuple[dict[TravelMode, ModeGraph], int],
) -> RoadNetwork:
    modes, applied = graphs
    lengths = np.diff(chains.offsets)[numbers.used]
    rows = np.repeat(chains.offsets[:-1][numbers.used], lengths) + _counting(lengths)
    points = chains.points[rows]
    lon, lat = _fixed(segments.lon[points]), _fixed(segments.lat[points])
    metres = np.maximum(np.rint(chains.metres[numbers.used]), 1).astype(np.int64)
    west, south, east, north = (
        float(value) / DEGREE for value in (lon.min(), lat.min(), lon.max(), lat.max())
    )
    info = NetworkInfo(
        key="",
        name="",
        date="",
        bounds=(west, south, east, north),
        stats={str(mode): _stats(graph, metres) for mode, graph in modes.items()},
        restrictions=applied,
        elevation="",
        clipped=False,
    )
    return RoadNetwork(
        info=info,
        node_lon=_fixed(segments.lon[junctions]),
        node_lat=_fixed(segments.lat[junctions]),
        edge_m=metres,
        edge_start=np.concatenate(([0], np.cumsum(lengths))),
        point_lon=lon,
        point_lat=lat,
        modes=modes,
    )


def _mode_graph(
    arcs: Arcs, copies: Ints, numbers: _Numbers, chains: Chains, mode: TravelMode
) -> ModeGraph:
    edge = numbers.edge[arcs.edge]
    times = {}
    for direction, ahead in (("forward", True), ("backward", False)):
        seconds = chains.seconds[mode, direction][numbers.used]
        # What lies outside this mode's component is closed to it.
        open_ = np.zeros(len(seconds), bool)
        open_[edge[arcs.forward == ahead]] = True
        whole = np.maximum(np.rint(np.where(open_, seconds, 0.0) * 1000), 1).astype(np.int64)
        times[direction] = np.where(open_, whole, FORBIDDEN)
    return ModeGraph(
        tail=numbers.renumber(arcs.tail),
        head=numbers.renumber(arcs.head),
        edge=edge,
        forward=arcs.forward,
        copies=np.maximum(numbers.node[copies], 0),
        forward_ms=times["forward"],
        backward_ms=times["backward"],
    )


def _stats(graph: ModeGraph, metres: Ints) -> ModeStats:
    edges = np.unique(graph.edge)
    nodes = len(np.unique(np.concatenate((graph.tail, graph.head))))
    km = float(metres[edges].sum()) / 1000
    return ModeStats(nodes=nodes, edges=len(edges), km=km)


def _ranks(kept: Ints, count: int) -> Ints:
    ranks = np.full(count, -1, np.int64)
    ranks[kept] = np.arange(len(kept))
    return ranks


def _counting(lengths: Ints) -> Ints:
    """0 … n−1 for each length, one after the other."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _fixed(degrees: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.rint(degrees * DEGREE).astype(np.int32)
