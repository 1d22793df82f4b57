"""The three GeoJSON shapes every layer is made of."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

DECIMALS = 5
"""About a metre: finer would weigh more without showing."""

GeoJson = dict[str, Any]


def feature(geometry: Mapping[str, Any], properties: Mapping[str, Any]) -> GeoJson:
    """A feature; its ``id`` is the property of the same name, or ``code``."""
    key = properties.get("id", properties.get("code"))
    return {
        "type": "Feature",
        "id": key,
        "properties": dict(properties),
        "geometry": dict(geometry),
    }


def point(lon: float, lat: float) -> GeoJson:
    """A point geometry."""
    return {"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]}


def outline(geometry: BaseGeometry) -> GeoJson:
    """A polygon geometry; corners shared by two polygons stay shared after rounding."""
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, DECIMALS))
    parts = shapely.get_parts(rounded)
    return dict(mapping(parts[0] if len(parts) == 1 else rounded))


def collection(features: Iterable[GeoJson]) -> GeoJson:
    """A feature collection."""
    return {"type": "FeatureCollection", "features": list(features)}
