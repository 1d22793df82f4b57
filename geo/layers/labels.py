"""Town names that do not collide: which ones to show from which zoom."""

import math
from dataclasses import dataclass

from data.model import Commune, Territory
from geo.layers.geojson import GeoJson, collection, feature, point

FIRST_ZOOM = 8
LAST_ZOOM = 14
FONT_PX = 12
"""Font size the boxes are computed for; a page may show smaller text, not larger."""

# A sans-serif face at 12 px averages under 6.6 px a character; the rest is breathing room.
_CHARACTER_PX = 6.6
_PADDING_PX = 10.0
_HEIGHT_PX = 18.0
_TILE_PX = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class TownLabel:
    """A town name centred on its town hall, shown at ``min_zoom`` and closer."""

    code: str
    name: str
    lon: float
    lat: float
    population: int
    min_zoom: int


def town_labels(territory: Territory) -> tuple[TownLabel, ...]:
    """Give every commune the zoom from which its name fits without touching another.

    Names are tried by falling population at each zoom from ``FIRST_ZOOM`` to ``LAST_ZOOM``; a name
    shown at one zoom stays at the next ones. A name that never fits gets ``LAST_ZOOM + 1``.

    Returns:
        Labels by rising ``min_zoom``, then falling population.
    """
    waiting = sorted(territory.communes, key=lambda c: (-c.population, c.code))
    placed: list[Commune] = []
    labels: list[TownLabel] = []
    for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
        boxes = [box(c.name, c.town_hall_lon, c.town_hall_lat, zoom) for c in placed]
        left = []
        for commune in waiting:
            mine = box(commune.name, commune.town_hall_lon, commune.town_hall_lat, zoom)
            if any(collide(mine, other) for other in boxes):
                left.append(commune)
                continue
            boxes.append(mine)
            placed.append(commune)
            labels.append(_label(commune, zoom))
        waiting = left
    labels.extend(_label(commune, LAST_ZOOM + 1) for commune in waiting)
    return tuple(labels)


def labels_layer(territory: Territory) -> GeoJson:
    """Town names as points. Properties: code, name, population, min_zoom."""
    return collection(
        feature(
            point(label.lon, label.lat),
            {
                "code": label.code,
                "name": label.name,
                "population": label.population,
                "min_zoom": label.min_zoom,
            },
        )
        for label in town_labels(territory)
    )


def box(name: str, lon: float, lat: float, zoom: int) -> tuple[float, float, float, float]:
    """Pixels (left, top, right, bottom) that a name covers in Web Mercator at a zoom."""
    side = _TILE_PX * 2.0**zoom
    x = (lon + 180) / 360 * side
    y = (0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)) * side
    half = (len(name) * _CHARACTER_PX + _PADDING_PX) / 2
    return x - half, y - _HEIGHT_PX / 2, x + half, y + _HEIGHT_PX / 2


def collide(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _label(commune: Commune, zoom: int) -> TownLabel:
    return TownLabel(
        code=commune.code,
        name=commune.name,
        lon=commune.town_hall_lon,
        lat=commune.town_hall_lat,
        population=commune.population,
        min_zoom=zoom,
    )
