"""Puts places on the nearest road that a mode can use, and says how far that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from data.model import TravelMode
from geo.projection import GEOGRAPHIC_CRS
from geo.roads.network import DEGREE, RoadNetwork

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapped:
    """Places once on roads.

    Attributes:
        edge: shape (places,).
        along_m: metres from the edge's first point, as drawn.
        offset_m: distance from the place to the road.
        lon: of the point on the road, degrees; ``lat`` likewise.
    """

    edge: Ints
    along_m: Ints
    offset_m: Floats
    lon: Floats
    lat: Floats

    def taking(self, chosen: Ints) -> "Snapped":
        """Those places only."""
        return Snapped(
            edge=self.edge[chosen],
            along_m=self.along_m[chosen],
            offset_m=self.offset_m[chosen],
            lon=self.lon[chosen],
            lat=self.lat[chosen],
        )


class Snapper:
    """Finds the nearest usable edge of one mode; the tree is made once."""

    def __init__(self, network: RoadNetwork, mode: TravelMode) -> None:
        west, south, east, north = network.info.bounds
        # Metres around the middle of the network, wherever in the world it is.
        local = f"+proj=aeqd +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +units=m"
        self._project = Transformer.from_crs(GEOGRAPHIC_CRS, local, always_xy=True)
        self._edges = np.unique(network.modes[mode].edge)
        self._length_m = network.edge_m
        counts = np.diff(network.edge_start)[self._edges]
        rows = np.repeat(
            network.edge_start[:-1][self._edges] - np.cumsum(counts) + counts, counts
        ) + np.arange(counts.sum())
        x, y = self._project.transform(
            network.point_lon[rows] / DEGREE, network.point_lat[rows] / DEGREE
        )
        lines: Any = shapely.linestrings(
            np.column_stack((x, y)), indices=np.repeat(np.arange(len(counts)), counts)
        )
        self._lines = lines
        self._tree = shapely.STRtree(lines)

    def snap(self, places: Sequence[tuple[float, float]]) -> Snapped:
        """Put places (lon, lat in degrees) on roads."""
        lonlat = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        x, y = self._project.transform(lonlat[:, 0], lonlat[:, 1])
        points = shapely.points(x, y)
        if not len(self._edges):
            return _nowhere(lonlat)
        nearest = np.asarray(self._tree.nearest(points), dtype=np.int64)
        lines = self._lines[nearest]
        share = shapely.line_locate_point(lines, points, normalized=True)
        on_road = shapely.line_interpolate_point(lines, share, normalized=True)
        lon, lat = self._project.transform(
            shapely.get_x(on_road), shapely.get_y(on_road), direction="INVERSE"
        )
        edge = self._edges[nearest]
        return Snapped(
            edge=edge,
            along_m=np.rint(share * self._length_m[edge]).astype(np.int64),
            offset_m=shapely.distance(lines, points),
            lon=np.asarray(lon),
            lat=np.asarray(lat),
        )


def _nowhere(lonlat: Floats) -> Snapped:
    """Places of a mode that has no road at all."""
    none = np.zeros(len(lonlat), np.int64)
    far = np.full(len(lonlat), np.inf)
    return Snapped(edge=none, along_m=none, offset_m=far, lon=lonlat[:, 0], lat=lonlat[:, 1])
