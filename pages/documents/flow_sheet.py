"""The sheet a flow map is drawn on: where places are, and which boxes are taken by words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from data.model import Stream, Territory
from geo.flows import LevelMap, PlaceKind
from geo.layers import bounds
from pages.documents import flow_bands, svg
from pages.documents.flow_bands import Band, Path, Point
from pages.ui.palette import LIGHT, stream_line

_MARGIN_X: Final = 74.0
_MARGIN_Y: Final = 46.0
AWAY: Final = (PlaceKind.GATE, PlaceKind.OUTSIDE, PlaceKind.UNKNOWN)
"""Kinds of places that are not in the territory, or nobody knows where."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Degrees to units of the drawing (Mercator, as on screen)."""

    width: float
    height: float
    scale: float
    left: float
    top: float

    @classmethod
    def around(cls, territory: Territory, width: float, height: float) -> "Frame":
        """Fit a territory, with room for the labels of the gates."""
        west, south, east, north = bounds(territory)
        wide, high = math.radians(east - west), _mercator(north) - _mercator(south)
        scale = min((width - 2 * _MARGIN_X) / wide, (height - 2 * _MARGIN_Y) / high)
        return cls(
            width=width,
            height=height,
            scale=scale,
            left=math.radians((west + east) / 2) * scale - width / 2,
            top=(_mercator(north) + _mercator(south)) / 2 * scale + height / 2,
        )

    def at(self, lon: float, lat: float) -> Point:
        """Place a position on the drawing."""
        return (math.radians(lon) * self.scale - self.left, self.top - _mercator(lat) * self.scale)


def _mercator(lat: float) -> float:
    return math.asinh(math.tan(math.radians(lat)))


@dataclass(slots=True)
class Sheet:
    """What is being drawn.

    Attributes:
        at: places drawn, units of the drawing; likewise ``kind`` and ``radius``.
        taken: boxes of the words written so far.
    """

    frame: Frame
    level: LevelMap
    names: Mapping[str, str]
    at: dict[str, Point] = field(default_factory=dict)
    kind: dict[str, str] = field(default_factory=dict)
    radius: dict[str, float] = field(default_factory=dict)
    taken: list[svg.Box] = field(default_factory=list)

    def name(self, place: str) -> str:
        """Name of a place, the short one if there is one."""
        return self.names.get(place) or str(self.level.nodes["name"].get(place, place))


def laid(sheet: Sheet, band: Band) -> Path | None:
    """Lay a band on the sheet; ``None`` for a ring, or when an end is drawn nowhere."""
    start, end = sheet.at.get(band.origin), sheet.at.get(band.destination)
    if start is None or end is None or band.is_ring:
        return None
    radii = (sheet.radius[band.origin], sheet.radius[band.destination])
    return flow_bands.lay(band, start, end, radii)


def color_of(stream: str) -> str:
    """Colour of a stream; grey for a sum that does not tell."""
    return stream_line(Stream(stream)) if stream else LIGHT.muted
