"""Small worlds of roads: OpenStreetMap files written by hand, and large random networks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from data.model import TravelMode
from geo.roads.assemble import assemble
from geo.roads.contract import Segments, contract, segment_metres
from geo.roads.network import RoadNetwork

LAT, LON = 44.85, 0.48
"""Where the small worlds lie: Bergerac."""
METRE_LAT, METRE_LON = 1 / 111_128.8, 1 / 79_052.3
"""Degrees in a metre there."""


def place(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point given in metres east and north of the origin."""
    return float(LON + x * METRE_LON), float(LAT + y * METRE_LAT)


@dataclass
class World:
    """An OpenStreetMap file in the making; points are in metres."""

    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    node_tags: dict[int, Mapping[str, str]] = field(default_factory=dict)
    ways: list[tuple[int, list[int], Mapping[str, str]]] = field(default_factory=list)
    bans: list[tuple[int, int, int, Mapping[str, str]]] = field(default_factory=list)

    def node(self, id_: int, x: float, y: float, **tags: str) -> None:
        """Add a point."""
        self.nodes[id_] = (x, y)
        if tags:
            self.node_tags[id_] = tags

    def way(self, nodes: Iterable[int], highway: str = "residential", **tags: str) -> int:
        """Add a way and return its id; ``__`` in a tag's name stands for « : »."""
        id_ = 1_000 + len(self.ways)
        named = {key.replace("__", ":"): value for key, value in tags.items()}
        self.ways.append((id_, list(nodes), {"highway": highway, **named}))
        return id_

    def ban(self, from_way: int, via: int, to_way: int, **tags: str) -> None:
        """Add a turn restriction."""
        self.bans.append((from_way, via, to_way, tags))

    def write(self, path: Path, date: str = "2026-03-01T00:00:00Z") -> Path:
        """Write the file; its suffix decides the format."""
        header = osmium.io.Header()
        header.set("osmosis_replication_timestamp", date)
        with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
            for id_, (x, y) in self.nodes.items():
                writer.add_node(
                    osmium.osm.mutable.Node(
                        id=id_, location=place(x, y), tags=self.node_tags.get(id_, {})
                    )
                )
            for id_, nodes, tags in self.ways:
                writer.add_way(osmium.osm.mutable.Way(id=id_, nodes=nodes, tags=tags))
            for number, (from_way, via, to_way, tags) in enumerate(self.bans):
                writer.add_relation(
                    osmium.osm.mutable.Relation(
                        id=9_000 + number,
                        members=[("w", from_way, "from"), ("n", via, "via"), ("w", to_way, "to")],
                        tags={"type": "restriction", **tags},
                    )
                )
        return path


def grid(side: int, step: float = 200.0, origin: tuple[float, float] = (0.0, 0.0)) -> World:
    """A town of ``side`` × ``side`` crossings, ``step`` metres apart; ids row by row from 1."""
    world = World()
    for row in range(side):
        for column in range(side):
            world.node(row * side + column + 1, origin[0] + column * step, origin[1] + row * step)
    for row in range(side):
        world.way([row * side + column + 1 for column in range(side)])
        world.way([column * side + row + 1 for column in range(side)])
    return world


def random_network(count: int, seed: int = 1) -> RoadNetwork:
    """A network of ``count`` junctions scattered as in the country, some roads faster."""
    rng = np.random.default_rng(seed)
    side = 180.0 * count**0.5
    x, y = rng.uniform(0, side, count), rng.uniform(0, side, count)
    lon, lat = LON + x * METRE_LON, LAT + y * METRE_LAT
    corners = Delaunay(np.column_stack((x, y))).simplices
    pairs = np.sort(np.vstack((corners[:, :2], corners[:, 1:], corners[:, [0, 2]])), axis=1)
    a, b = np.unique(pairs, axis=0).T
    metres = segment_metres(lon[a], lat[a], lon[b], lat[b])
    tree = minimum_spanning_tree(csr_matrix((metres, (a, b)), shape=(count, count))).tocoo()
    spanning = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    in_tree = np.array([pair in spanning for pair in zip(a.tolist(), b.tolist(), strict=True)])
    kept = in_tree | (rng.random(len(a)) < 0.15)
    a, b, metres = a[kept].astype(np.int64), b[kept].astype(np.int64), metres[kept]
    fast = rng.choice([25.0, 45.0, 60.0], len(a), p=[0.6, 0.25, 0.15])
    one_way = rng.random(len(a)) < 0.05
    seconds = {
        ("bike", "forward"): metres * 3.6 / 15,
        ("bike", "backward"): metres * 3.6 / 15,
        ("van", "forward"): metres * 3.6 / fast,
        ("van", "backward"): np.where(one_way, np.inf, metres * 3.6 / fast),
    }
    segments = Segments(
        a, b, np.arange(len(a)), metres, seconds, lon, lat, np.arange(count, dtype=np.int64)
    )
    network = assemble(segments, contract(segments, np.arange(count)), ())
    assert network is not None
    return network


def places_in(network: RoadNetwork, count: int, seed: int = 2) -> list[tuple[float, float]]:
    """Places some tens of metres from junctions of the network."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(network.node_count, count, replace=False)
    lon = network.node_lon[chosen] / 1e7 + rng.uniform(-40, 40, count) * METRE_LON
    lat = network.node_lat[chosen] / 1e7 + rng.uniform(-40, 40, count) * METRE_LAT
    return list(zip(lon.tolist(), lat.tolist(), strict=True))


MODES = tuple(TravelMode)
