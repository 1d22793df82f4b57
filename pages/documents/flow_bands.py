"""Shapes of flows on paper: the curved, tapered bands and rings of ``assets/flowdraw.js``.

A band joins two places; its lanes, side by side, are the streams it carries. Widths follow the
square root of the mass, so that 2 kg stay visible beside a million tonnes.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.flows import Level, LevelMap
from pages.documents import svg

Point = tuple[float, float]
Outline = list[Point]

WIDEST: Final = {Level.EPCI: 22.0, Level.COMMUNE: 17.0, Level.ACTOR: 12.0}
RINGS: Final = {Level.EPCI: (9.0, 22.0), Level.COMMUNE: (6.0, 16.0), Level.ACTOR: (5.0, 11.0)}
DOTS: Final = {Level.EPCI: 4.0, Level.COMMUNE: 3.0, Level.ACTOR: 2.4}
DASHES: Final = {"declared": (11.0, 3.0), "estimated": (3.2, 2.4)}
UNKNOWN_DASH: Final = (1.2, 3.6)
_THINNEST: Final = 1.1
_SAMPLES: Final = 22
_TAPER: Final = 0.5
_GAP: Final = 1.5
_SHORTEST: Final = 4.0


@dataclass(frozen=True, slots=True)
class Lane:
    """One stream in a band.

    Attributes:
        style: ``measured``, ``declared``, ``estimated``, ``unknown`` (no quantity) or
            ``protected`` (a confidential sum).
    """

    stream: str
    value: float
    style: str


@dataclass(slots=True)
class Band:
    """All that goes from one place to another."""

    origin: str
    destination: str
    lanes: list[Lane] = field(default_factory=list)
    value: float = 0.0
    width: float = 0.0
    widths: list[float] = field(default_factory=list)
    reach: float = 0.0

    @property
    def is_ring(self) -> bool:
        """Whether it stays in its place."""
        return self.origin == self.destination


def bands(level: LevelMap, most: float = 0.0) -> list[Band]:
    """Gather edges into bands, the heaviest first.

    Args:
        level: gathered by stream.
        most: value of the widest band; the heaviest one here when 0.
    """
    found: dict[tuple[str, str], Band] = {}
    edges = level.edges
    columns = ("origin", "destination", "stream", "value", "reliability", "protected")
    for origin, destination, stream, value, reliability, protected in zip(
        *(edges[column].tolist() for column in columns), strict=True
    ):
        band = found.setdefault((origin, destination), Band(origin, destination))
        known = not pd.isna(value)
        style = str(reliability) if known else "unknown"
        if not reliability and protected:
            style = "protected"
        band.lanes.append(Lane(str(stream), float(value) if known else 0.0, style))
        band.value += float(value) if known else 0.0
    ordered = sorted(found.values(), key=lambda b: (-b.value, b.origin, b.destination))
    widest = most or (ordered[0].value if ordered else 0.0)
    for band in ordered:
        band.lanes.sort(key=lambda lane: (-lane.value, lane.stream))
        _size(band, level.level, widest)
    return ordered


def band_width(value: float, level: Level, most: float) -> float:
    """Width of a band of this value, in units of the drawing."""
    share = min(1.0, math.sqrt(value / most)) if most > 0 else 0.0
    return max(_THINNEST, WIDEST[level] * share)


def _size(band: Band, level: Level, most: float) -> None:
    wide = band_width(band.value, level, most)
    if band.is_ring:
        share = math.sqrt(min(1.0, band.value / most)) if most > 0 else 0.0
        least, largest = RINGS[level]
        band.reach = least + (largest - least) * share
        wide = max(2.4, min(wide * 0.45, band.reach * 0.75))
    band.widths = [
        max(min(_THINNEST, wide), wide * lane.value / band.value if band.value > 0 else 0.0)
        for lane in band.lanes
    ]
    band.width = wide if band.is_ring else sum(band.widths)


@dataclass(frozen=True, slots=True)
class Path:
    """A band laid on paper: points along its middle, normals, lengths and how thick it is there."""

    points: npt.NDArray[np.float64]
    normals: npt.NDArray[np.float64]
    lengths: npt.NDArray[np.float64]
    taper: npt.NDArray[np.float64]
    head: float

    @property
    def middle(self) -> Point:
        """Half way."""
        x, y = self.points[len(self.points) // 2]
        return float(x), float(y)

    def strip(self, a: float, b: float) -> Outline:
        """Outline between two offsets from the middle line, tapered."""
        first = self.points + self.normals * (a * self.taper)[:, None]
        second = self.points + self.normals * (b * self.taper)[:, None]
        return [(float(x), float(y)) for x, y in np.concatenate([first, second[::-1]])]

    def arrow(self, a: float, b: float, half: float) -> Outline:
        """Arrow head of a lane, slightly wider than the band."""
        grow = (half + max(1.7, half * 0.5)) / half
        (x, y), (nx, ny) = self.points[-1], self.normals[-1]
        tip = (float(x + ny * self.head), float(y - nx * self.head))
        return [
            (float(x + nx * a * grow), float(y + ny * a * grow)),
            tip,
            (float(x + nx * b * grow), float(y + ny * b * grow)),
        ]

    def dashes(self, a: float, b: float, dash: tuple[float, float]) -> str:
        """Path data of the dashes of a lane."""
        starts = np.arange(0.0, float(self.lengths[-1]), dash[0] + dash[1])
        ends = np.minimum(starts + dash[0], self.lengths[-1])
        corners = [self._at(s, o) for s, o in ((starts, a), (ends, a), (ends, b), (starts, b))]
        return "".join(svg.polygon(four) for four in np.stack(corners, axis=1).tolist())

    def _at(self, along: npt.NDArray[np.float64], offset: float) -> npt.NDArray[np.float64]:
        def between(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            return np.asarray(np.interp(along, self.lengths, values))

        shift = offset * between(self.taper)
        x = between(self.points[:, 0]) + between(self.normals[:, 0]) * shift
        y = between(self.points[:, 1]) + between(self.normals[:, 1]) * shift
        return np.stack([x, y], axis=1)


def lay(band: Band, start: Point, end: Point, radii: tuple[float, float]) -> Path | None:
    """Lay a band between two places; ``None`` when they are too close to tell apart.

    Args:
        band: not a ring.
        start: where it leaves, units of the drawing (y down).
        end: where it arrives.
        radii: room to leave around both places.
    """
    (ax, ay), (bx, by) = start, end
    far = math.hypot(bx - ax, by - ay)
    if far < _SHORTEST:
        return None
    # Always bent to the same hand: the way there and the way back never overlap.
    bend = max(min(0.2 * far, 110.0), min(band.width + 4, far))
    cx = (ax + bx) / 2 + (by - ay) / far * bend
    cy = (ay + by) / 2 - (bx - ax) / far * bend
    head = min(max(5.0, band.width * 0.85), far * 0.4)
    since = (radii[0] + _GAP) / far
    until = 1 - (radii[1] + _GAP + head) / far
    if until - since < 0.15:  # noqa: PLR2004 - at least a sixth of the line stays visible
        since, until = 0.0, max(0.15, 1 - head / far)
    t = np.linspace(since, until, _SAMPLES + 1)
    u = 1 - t
    points = np.outer(u * u, (ax, ay)) + np.outer(2 * u * t, (cx, cy)) + np.outer(t * t, (bx, by))
    slope = np.outer(u, (cx - ax, cy - ay)) + np.outer(t, (bx - cx, by - cy))
    slope /= np.maximum(np.hypot(slope[:, 0], slope[:, 1]), 1e-9)[:, None]
    steps = np.hypot(*np.diff(points, axis=0).T)
    return Path(
        points=points,
        normals=np.column_stack([-slope[:, 1], slope[:, 0]]),
        lengths=np.concatenate([[0.0], np.cumsum(steps)]),
        taper=np.linspace(_TAPER, 1.0, _SAMPLES + 1),
        head=head,
    )


def arcs(band: Band, center: Point) -> Iterable[tuple[Lane, str]]:
    """Path data of each lane of a ring, clockwise from the top."""
    whole = band.value if band.value > 0 else float(len(band.lanes))
    angle = 0.0
    for lane in band.lanes:
        share = (lane.value if band.value > 0 else 1.0) / whole
        end = angle + min(max(2 * math.pi * share, 0.08), 2 * math.pi - 0.01)
        yield lane, _arc(center, band.reach, angle, end)
        angle = end


def _arc(center: Point, radius: float, start: float, end: float) -> str:
    def at(angle: float) -> str:
        x = center[0] + radius * math.sin(angle)
        return f"{x:.1f},{center[1] - radius * math.cos(angle):.1f}"

    # Through its middle: a full turn has its two ends at one point, which draws nothing.
    turns = ((start + end) / 2, end)
    return f"M{at(start)}" + "".join(f"A{radius:.1f},{radius:.1f} 0 0 1 {at(t)}" for t in turns)
