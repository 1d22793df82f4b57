"""A small vector map of a round: commune outlines, route, numbered halts, scale and north.

Everything is computed here in millimetres on paper (x to the right, y down), so that the
template only draws. Positions are projected on the plane that touches the globe at the middle
of the sketch: north is exactly up and lengths are right within 1 % over 100 km.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely

from data import french
from data.model import Commune

Position = tuple[float, float]
"""Longitude, latitude in degrees; or x, y in millimetres once on paper."""

_METRES_PER_DEGREE = 111_195.0  # mean Earth radius 6 371.0 km
_SMALLEST_EXTENT_M = 600.0
_PADDING = 0.08
_DISC_MM = 2.4
_GAP_MM = 0.4
_PUSHES = 120
_MOVED_MM = 1.2
_ARROW_FROM_MM = 7.0
_ZOOM_BELOW = 0.45
_ZOOM_STOPS = 3
_LETTER_MM = 1.35
_LABEL_HEIGHT_MM = 3.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A halt to show: what its disc says and where it is (degrees)."""

    label: str
    position: Position
    is_stop: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    """Degrees to millimetres."""

    west: float
    north: float
    mm_per_lon: float
    mm_per_lat: float
    width_mm: float
    height_mm: float

    def on_paper(self, position: Position) -> Position:
        return (
            round((position[0] - self.west) * self.mm_per_lon, 2),
            round((self.north - position[1]) * self.mm_per_lat, 2),
        )

    def holds(self, point: Position, margin_mm: float = 0.0) -> bool:
        across = margin_mm <= point[0] <= self.width_mm - margin_mm
        return across and margin_mm <= point[1] <= self.height_mm - margin_mm


def sketches(
    marks: Sequence[Mark],
    legs: Sequence[Sequence[Position]],
    communes: Sequence[Commune],
    *,
    width_mm: float,
    height_mm: float,
) -> list[dict[str, object]]:
    """Draw a round once, or twice side by side when its stops huddle in a corner of it.

    Args:
        marks: halts in visiting order; a place visited twice may appear twice.
        legs: route geometry between one halt and the next, in degrees.
        communes: those to outline; the ones outside the frame cost little.
        width_mm: room available on paper.
        height_mm: idem.

    Returns:
        JSON-ready drawings, the whole round first.
    """
    everything = [mark.position for mark in marks] + [p for leg in legs for p in leg]
    stops = [mark.position for mark in marks if mark.is_stop]
    crowded = len(set(stops)) >= _ZOOM_STOPS and _extent_m(stops) < _ZOOM_BELOW * _extent_m(
        everything
    )
    if not crowded:
        frame = _frame(everything, width_mm, height_mm)
        return [_drawing(frame, marks, legs, communes, caption="")]
    half = (width_mm - 4) / 2
    overview = _frame(everything, half, height_mm)
    close = _frame(stops, half, height_mm)
    return [
        _drawing(overview, marks, legs, communes, caption="Toute la tournée"),
        _drawing(close, marks, legs, communes, caption="Agrandissement sur les arrêts"),
    ]


def _extent_m(positions: Sequence[Position]) -> float:
    lons, lats = [p[0] for p in positions], [p[1] for p in positions]
    squeeze = math.cos(math.radians((min(lats) + max(lats)) / 2))
    wide, high = (max(lons) - min(lons)) * squeeze, max(lats) - min(lats)
    return max(wide, high) * _METRES_PER_DEGREE


def _frame(positions: Sequence[Position], width_mm: float, height_mm: float) -> _Frame:
    lons, lats = [p[0] for p in positions], [p[1] for p in positions]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    squeeze = math.cos(math.radians(lat))
    room = 1 - 2 * _PADDING
    wide_m = max((max(lons) - min(lons)) * squeeze * _METRES_PER_DEGREE, _SMALLEST_EXTENT_M)
    high_m = max((max(lats) - min(lats)) * _METRES_PER_DEGREE, _SMALLEST_EXTENT_M)
    mm_per_m = min(width_mm * room / wide_m, height_mm * room / high_m)
    mm_per_lat = mm_per_m * _METRES_PER_DEGREE
    mm_per_lon = mm_per_lat * squeeze
    return _Frame(
        west=lon - width_mm / 2 / mm_per_lon,
        north=lat + height_mm / 2 / mm_per_lat,
        mm_per_lon=mm_per_lon,
        mm_per_lat=mm_per_lat,
        width_mm=width_mm,
        height_mm=height_mm,
    )


def _drawing(
    frame: _Frame,
    marks: Sequence[Mark],
    legs: Sequence[Sequence[Position]],
    communes: Sequence[Commune],
    *,
    caption: str,
) -> dict[str, object]:
    lines = [[frame.on_paper(point) for point in leg] for leg in legs]
    discs = _discs(frame, marks)
    areas, names = _background(frame, communes, [disc["at"] for disc in discs])
    return {
        "width": frame.width_mm,
        "height": frame.height_mm,
        "caption": caption,
        "areas": areas,
        "names": names,
        "lines": lines,
        "arrows": [arrow for line in lines if (arrow := _arrow(line)) and frame.holds(arrow[0])],
        "discs": discs,
        "radius": _DISC_MM,
        "scale": _scale(frame),
    }


def _discs(frame: _Frame, marks: Sequence[Mark]) -> list[dict[str, Position | str | bool]]:
    """Number the places once each, pushed apart until no disc hides another."""
    labels: dict[Position, list[str]] = {}
    stops: set[Position] = set()
    for mark in marks:
        place = frame.on_paper(mark.position)
        if frame.holds(place, _DISC_MM) and mark.label not in labels.setdefault(place, []):
            labels[place].append(mark.label)
        if mark.is_stop:
            stops.add(place)
    # Two stops at one place keep a disc each: the rider must see both numbers.
    named = [(label, place) for place, here in labels.items() for label in here]
    shown = _apart([place for _, place in named], frame)
    return [
        {
            "label": label,
            "at": at,
            "true": place,
            "moved": math.dist(at, place) > _MOVED_MM,
            "stop": place in stops,
        }
        for (label, place), at in zip(named, shown, strict=True)
    ]


def _apart(true: Sequence[Position], frame: _Frame) -> list[Position]:
    places = [
        # A tiny turn each, so that discs at the very same place have a direction to flee.
        [x + 0.01 * math.cos(index), y + 0.01 * math.sin(index)]
        for index, (x, y) in enumerate(true)
    ]
    wanted = 2 * _DISC_MM + _GAP_MM
    for _ in range(_PUSHES):
        calm = True
        for i, first in enumerate(places):
            for second in places[i + 1 :]:
                dx, dy = second[0] - first[0], second[1] - first[1]
                length = math.hypot(dx, dy)
                if length < wanted:
                    calm = False
                    push = (wanted - length) / 2 / length
                    first[0], first[1] = first[0] - dx * push, first[1] - dy * push
                    second[0], second[1] = second[0] + dx * push, second[1] + dy * push
        for place in places:
            place[0] = min(max(place[0], _DISC_MM), frame.width_mm - _DISC_MM)
            place[1] = min(max(place[1], _DISC_MM), frame.height_mm - _DISC_MM)
        if calm:
            break
    return [(round(x, 2), round(y, 2)) for x, y in places]


def _arrow(line: Sequence[Position]) -> list[Position] | None:
    """Return an arrow head half way along a line (tip, left, right), if it is long enough."""
    lengths = [math.dist(a, b) for a, b in pairwise(line)]
    total = sum(lengths)
    if total < _ARROW_FROM_MM:
        return None
    left = total / 2
    for (x1, y1), (x2, y2), length in zip(line, line[1:], lengths, strict=False):
        if length >= left and length > 0:
            ux, uy = (x2 - x1) / length, (y2 - y1) / length
            x, y = x1 + ux * left, y1 + uy * left
            tip = (x + ux, y + uy)
            back = (x - ux * 1.2, y - uy * 1.2)
            sides = [(back[0] - uy * 0.9, back[1] + ux * 0.9)]
            sides.append((back[0] + uy * 0.9, back[1] - ux * 0.9))
            return [(round(px, 2), round(py, 2)) for px, py in (tip, *sides)]
        left -= length
    return None


def _background(
    frame: _Frame, communes: Sequence[Commune], taken: Sequence[object]
) -> tuple[list[list[Position]], list[dict[str, object]]]:
    """Outline the communes in view and name those with room for their name."""
    east = frame.west + frame.width_mm / frame.mm_per_lon
    south = frame.north - frame.height_mm / frame.mm_per_lat
    areas: list[list[Position]] = []
    names: list[dict[str, object]] = []
    boxes = [_box(at, 2 * _DISC_MM, 2 * _DISC_MM) for at in taken if isinstance(at, tuple)]
    for commune in communes:
        inside = shapely.clip_by_rect(
            shapely.from_wkb(commune.boundary_wkb), frame.west, south, east, frame.north
        )
        polygons = [part for part in shapely.get_parts(inside) if part.geom_type == "Polygon"]
        areas += [
            [frame.on_paper((x, y)) for x, y in polygon.exterior.coords] for polygon in polygons
        ]
        if not polygons:
            continue
        middle = max(polygons, key=lambda part: part.area).representative_point()
        at = frame.on_paper((middle.x, middle.y))
        width = _LETTER_MM * len(commune.name)
        box = _box(at, width, _LABEL_HEIGHT_MM)
        fits = box[0] >= 1 and box[2] <= frame.width_mm - 1
        if fits and not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            names.append({"text": commune.name, "at": at, "width": width})
    return areas, names


def _box(at: Position, width: float, height: float) -> tuple[float, float, float, float]:
    x, y = at
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _scale(frame: _Frame) -> dict[str, object]:
    """Return the longest bar of 1, 2 or 5 × 10ⁿ metres under a third of the width."""
    mm_per_m = frame.mm_per_lat / _METRES_PER_DEGREE
    longest_m = frame.width_mm / 3 / mm_per_m
    power = 10.0 ** math.floor(math.log10(longest_m))
    metres = max(step * power for step in (1, 2, 5) if step * power <= longest_m)
    label = (
        french.quantity(metres / 1000, "km") if metres >= 1000 else french.quantity(metres, "m")  # noqa: PLR2004 - metres in a kilometre
    )
    return {"mm": round(metres * mm_per_m, 2), "label": label}
