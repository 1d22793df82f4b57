"""The line of a way along the roads."""

import numpy as np

from geo.roads.network import DEGREE, RoadNetwork
from geo.roads.search import Graph
from geo.roads.snap import Snapped

Place = tuple[float, float]


def line_of(
    network: RoadNetwork, graph: Graph, source: Snapped, target: Snapped, limit: float = np.inf
) -> list[Place]:
    """Points of the quickest way from one place on a road to another.

    Args:
        network: the roads.
        graph: of the mode.
        source: one place.
        target: one place.
        limit: weight known not to be exceeded.

    Returns:
        longitudes and latitudes, both ends included; empty where there is no way.
    """
    direct = float(graph.straight(source, target)[0, 0])
    found = graph.path(source, target, min(limit, direct))
    start, end = (_here(place) for place in (source, target))
    if found is None or direct <= found[0]:
        if not np.isfinite(direct):
            return []
        edge = int(source.edge[0])
        return [start, *_part(network, edge, _along(source), _along(target)), end]
    _, leave, between, reach = found
    arcs = graph.graph
    line = [start, *_part_of_arc(network, graph, leave, _along(source), leaving=True)]
    for arc in between:
        points = _points(network, int(arcs.edge[arc]))
        line += (points if arcs.forward[arc] else points[::-1])[1:]
    line += _part_of_arc(network, graph, reach, _along(target), leaving=False)
    return [*line, end]


def _here(place: Snapped) -> Place:
    return float(place.lon[0]), float(place.lat[0])


def _along(place: Snapped) -> int:
    return int(place.along_m[0])


def _part_of_arc(
    network: RoadNetwork, graph: Graph, arc: int, along: int, *, leaving: bool
) -> list[Place]:
    edge = int(graph.graph.edge[arc])
    length = int(network.edge_m[edge])
    forward = bool(graph.graph.forward[arc])
    first, last = (0, length) if forward else (length, 0)
    points = _points(network, edge)
    if leaving:
        inner = _part(network, edge, along, last)
        return [*inner, points[-1] if forward else points[0]]
    return _part(network, edge, first, along)


def _part(network: RoadNetwork, edge: int, begin: int, end: int) -> list[Place]:
    """Points of an edge strictly between two positions along it (metres), in that order."""
    points = np.array(_points(network, edge))
    x = points[:, 0] * np.cos(np.radians(points[:, 1].mean()))
    steps = np.hypot(np.diff(x), np.diff(points[:, 1]))
    share = np.concatenate(([0.0], np.cumsum(steps))) / max(steps.sum(), 1e-12)
    position = share * network.edge_m[edge]
    low, high = min(begin, end), max(begin, end)
    inner = points[(position > low) & (position < high)]
    if begin > end:
        inner = inner[::-1]
    return [(float(lon), float(lat)) for lon, lat in inner]


def _points(network: RoadNetwork, edge: int) -> list[Place]:
    rows = slice(int(network.edge_start[edge]), int(network.edge_start[edge + 1]))
    lon, lat = network.point_lon[rows] / DEGREE, network.point_lat[rows] / DEGREE
    return list(zip(lon.tolist(), lat.tolist(), strict=True))
