"""Metres and square metres: the legal projection, and distances on the sphere.

Positions elsewhere are longitude and latitude in degrees (EPSG:4326). Lengths and areas are
computed here in RGF93 Lambert-93 (EPSG:2154): areas around 45° north are 0.1 % below the
ellipsoid's, lengths 0.05 %.
"""

from functools import lru_cache
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

GEOGRAPHIC_CRS = "EPSG:4326"
METRIC_CRS = "EPSG:2154"
EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS 84 ellipsoid (IUGG), metres."""

# Legal projections outside mainland France and Corsica, by first characters of the INSEE code
# (décret n° 2000-1276 modifié, annexe): area in Lambert-93 would be meaningless there.
_OVERSEAS_CRS = {
    "971": "EPSG:5490",
    "972": "EPSG:5490",
    "973": "EPSG:2972",
    "974": "EPSG:2975",
    "976": "EPSG:4471",
}

Located = TypeVar("Located")


def legal_crs(commune_code: str) -> str:
    """Return the legal projection in force where the commune of this INSEE code lies."""
    return _OVERSEAS_CRS.get(commune_code[:3], METRIC_CRS)


def to_metric(located: Located, crs: str = METRIC_CRS) -> Located:
    """Project to metres.

    Args:
        located: a GeoDataFrame or GeoSeries with its CRS, or a shapely geometry (or an array of
            them) in EPSG:4326.
        crs: target projection.

    Returns:
        The same kind of object, in metres.
    """
    if hasattr(located, "to_crs"):
        return cast("Located", located.to_crs(crs))
    return cast("Located", _transform(located, crs))


def area_km2(geometry: BaseGeometry, crs: str = METRIC_CRS) -> float:
    """Area of an EPSG:4326 geometry, square kilometres, measured in ``crs``."""
    return float(to_metric(geometry, crs).area) / 1e6


def great_circle_m(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Great-circle distances in metres (haversine formula).

    Args:
        lon1: longitudes of the first places, degrees; all four arguments broadcast together.
        lat1: latitudes of the first places, degrees.
        lon2: longitudes of the second places, degrees.
        lat2: latitudes of the second places, degrees.

    Returns:
        Float64 array of the broadcast shape (zero-dimensional for four numbers).
    """
    x1, y1, x2, y2 = (np.radians(np.asarray(v, dtype=float)) for v in (lon1, lat1, lon2, lat2))
    h = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    # Rounding can push h a hair above 1 for antipodes, where arcsin is undefined.
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0))))


@lru_cache(maxsize=8)
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs(GEOGRAPHIC_CRS, crs, always_xy=True)


def _transform(geometry: Any, crs: str) -> Any:
    transformer = _transformer(crs)

    def project(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return shapely.transform(geometry, project)
