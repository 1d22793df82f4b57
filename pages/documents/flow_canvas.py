"""The flow map as a drawing: territory, bands, rings, places, gates, and their names."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from data.french import quantity, significant
from data.model import Stream, Territory
from geo.flows import Level, LevelMap, PlaceKind
from geo.layers import bounds, communes_layer, epcis_layer, neighbours_layer
from pages.documents import flow_bands, svg
from pages.documents.flow_bands import Band, Path, Point
from pages.ui import wording
from pages.ui.palette import LIGHT, stream_line

_MARGIN_X: Final = 74.0
_MARGIN_Y: Final = 46.0
_DETAILED: Final = 260
"""Bands drawn in full; lighter ones beyond become plain curves."""
_NAMED: Final = {Level.EPCI: 12, Level.COMMUNE: 22, Level.ACTOR: 22}
_GATES: Final = 14
_SAID: Final = {Level.EPCI: 7, Level.COMMUNE: 6, Level.ACTOR: 6}
"""Bands whose stream and amount are written beside them."""
_TOWNS: Final = 2500
_PALE: Final = 0.5
_FAINT: Final = 0.45
_AWAY: Final = (PlaceKind.GATE, PlaceKind.OUTSIDE, PlaceKind.UNKNOWN)
_BOLD: Final = 700
_MOVED: Final = 6.0


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
class _Sheet:
    """What is being drawn: where places are, and which boxes are taken by words."""

    frame: Frame
    level: LevelMap
    names: Mapping[str, str]
    at: dict[str, Point] = field(default_factory=dict)
    kind: dict[str, str] = field(default_factory=dict)
    radius: dict[str, float] = field(default_factory=dict)
    taken: list[svg.Box] = field(default_factory=list)

    def name(self, place: str) -> str:
        return self.names.get(place) or str(self.level.nodes["name"].get(place, place))


def draw(
    parent: ET.Element,
    territory: Territory,
    level: LevelMap,
    *,
    size: tuple[float, float],
    selection: LevelMap | None = None,
    names: Mapping[str, str],
    positions: Mapping[str, Point],
) -> list[Band]:
    """Draw the map of one level into ``parent``; nothing overflows ``size``.

    Args:
        parent: an element of a drawing.
        territory: the background.
        level: all that the filters keep, gathered by stream.
        size: width and height, units of the drawing.
        selection: its selected part; the rest is then drawn as grey shadows.
        names: shorter names by place id.
        positions: places drawn beside their own point (longitude, latitude).

    Returns:
        The bands drawn in colour, the heaviest first.
    """
    width, height = size
    frame = Frame.around(territory, width, height)
    sheet = _Sheet(frame=frame, level=level, names=names)
    for place, kind, inside, lon, lat in zip(
        [str(p) for p in level.nodes.index],
        *(level.nodes[c].tolist() for c in ("kind", "inside", "lon", "lat")),
        strict=True,
    ):
        lon_lat = positions.get(place, (lon, lat))
        if math.isfinite(lon_lat[0] + lon_lat[1]):
            sheet.at[place] = frame.at(*lon_lat)
            elsewhere = kind == PlaceKind.ACTOR and not inside
            sheet.kind[place] = PlaceKind.GATE.value if elsewhere else str(kind)
            sheet.radius[place] = flow_bands.DOTS[level.level]
    _background(parent, territory, frame)
    everything = flow_bands.bands(level)
    most = everything[0].value if everything else 0.0
    if selection is None:
        shown = everything
    else:
        ghosts = svg.make(parent, "g", fill=LIGHT.muted, opacity=0.22)
        for band in everything[:_DETAILED]:
            _ghost(ghosts, sheet, band)
        shown = flow_bands.bands(selection, most)
    _colored(parent, sheet, shown)
    _places(parent, sheet)
    _words(parent, sheet, selection or level, shown, territory)
    return shown


@lru_cache(maxsize=4)
def _background_paths(territory: Territory, frame: Frame) -> tuple[tuple[str, str], ...]:
    layers = (
        ("neighbour", neighbours_layer(territory)),
        ("commune", communes_layer(territory)),
        ("epci", epcis_layer(territory)),
    )
    return tuple(
        (kind, "".join(_outline(ring, frame) for ring in _rings(feature["geometry"])))
        for kind, layer in layers
        for feature in _features(layer)
    )


def _features(layer: Any) -> list[Any]:
    return list(layer["features"])


def _rings(geometry: Any) -> list[Any]:
    if geometry["type"] == "Polygon":
        return list(geometry["coordinates"])
    return [ring for polygon in geometry["coordinates"] for ring in polygon]


def _outline(ring: Iterable[Any], frame: Frame) -> str:
    points: list[tuple[float, float]] = []
    for position in ring:
        x, y = frame.at(position[0], position[1])
        point = (round(x, 1), round(y, 1))
        if not points or point != points[-1]:
            points.append(point)
    return svg.polygon(points) if len(points) > 2 else ""  # noqa: PLR2004 - an area


def _background(parent: ET.Element, territory: Territory, frame: Frame) -> None:
    svg.make(parent, "rect", width=frame.width, height=frame.height, fill=LIGHT.map_outside)
    styles = {
        "neighbour": {
            "fill": LIGHT.map_neighbour,
            "stroke": LIGHT.map_neighbour_line,
            "stroke-width": "0.5",
        },
        "commune": {
            "fill": LIGHT.map_land,
            "stroke": LIGHT.map_commune_line,
            "stroke-width": "0.5",
        },
        "epci": {
            "fill": "none",
            "stroke": LIGHT.map_epci_line,
            "stroke-width": "1.5",
            "stroke-opacity": "0.75",
            "stroke-linejoin": "round",
        },
    }
    groups = {kind: svg.make(parent, "g", **style) for kind, style in styles.items()}
    for kind, path in _background_paths(territory, frame):
        if path:
            svg.make(groups[kind], "path", d=path)


def _laid(sheet: _Sheet, band: Band) -> Path | None:
    start, end = sheet.at.get(band.origin), sheet.at.get(band.destination)
    if start is None or end is None or band.is_ring:
        return None
    radii = (sheet.radius[band.origin], sheet.radius[band.destination])
    return flow_bands.lay(band, start, end, radii)


def _ghost(parent: ET.Element, sheet: _Sheet, band: Band) -> None:
    half = band.width / 2
    path = _laid(sheet, band)
    if path is not None:
        outline = svg.polygon(path.strip(-half, half)) + svg.polygon(path.arrow(-half, half, half))
        svg.make(parent, "path", d=outline)


def _color(stream: str) -> str:
    return stream_line(Stream(stream)) if stream else LIGHT.muted


def _colored(parent: ET.Element, sheet: _Sheet, shown: list[Band]) -> None:
    lines = svg.make(parent, "g", fill="none", stroke_width=0.8, stroke_opacity=0.55)
    group = svg.make(parent, "g")
    for band in shown:
        if band.is_ring and band.origin in sheet.at:
            sheet.radius[band.origin] = band.reach + band.width / 2
    drawn = 0
    for band in shown:
        path = _laid(sheet, band)
        if path is None:
            continue
        drawn += 1
        if drawn > _DETAILED:
            _plain(lines, band, path)
        else:
            _band(group, sheet, band, path)
    for band in shown:
        if band.is_ring and band.origin in sheet.at:
            _ring(group, band, sheet.at[band.origin])


def _plain(parent: ET.Element, band: Band, path: Path) -> None:
    first, middle, last = (path.points[i] for i in (0, len(path.points) // 2, -1))
    control = 2 * middle - (first + last) / 2
    ends = [f"{x:.1f},{y:.1f}" for x, y in (first, control, last)]
    svg.make(
        parent, "path", d=f"M{ends[0]}Q{ends[1]} {ends[2]}", stroke=_color(band.lanes[0].stream)
    )


def _band(parent: ET.Element, sheet: _Sheet, band: Band, path: Path) -> None:
    half = band.width / 2
    vague = PlaceKind.UNKNOWN.value in {sheet.kind[band.origin], sheet.kind[band.destination]}
    group = svg.make(parent, "g", opacity=_FAINT) if vague else parent
    if not vague and band.width > 2:  # noqa: PLR2004 - a hairline needs no halo
        edge = half + 0.8
        halo = svg.polygon(path.strip(-edge, edge)) + svg.polygon(path.arrow(-edge, edge, half))
        svg.make(group, "path", d=halo, fill=LIGHT.map_land)
    a = -half
    for lane, wide in zip(band.lanes, band.widths, strict=True):
        b = a + wide
        color = _color(lane.stream)
        whole, tip = svg.polygon(path.strip(a, b)), svg.polygon(path.arrow(a, b, half))
        if lane.style == "protected":
            svg.make(
                group, "path", d=whole + tip, fill=color, fill_opacity=0.3, stroke=color,
                stroke_width=0.7,
            )  # fmt: skip
        elif lane.style == "unknown":
            svg.make(group, "path", d=path.dashes(a, b, flow_bands.UNKNOWN_DASH) + tip, fill=color)
        elif dash := flow_bands.DASHES.get(lane.style):
            svg.make(group, "path", d=whole, fill=color, fill_opacity=_PALE)
            svg.make(group, "path", d=path.dashes(a, b, dash) + tip, fill=color)
        else:
            svg.make(group, "path", d=whole + tip, fill=color)
        a = b


def _ring(parent: ET.Element, band: Band, center: Point) -> None:
    x, y = center
    group = svg.make(parent, "g", fill="none", stroke_width=band.width)
    svg.make(
        group,
        "circle",
        cx=x,
        cy=y,
        r=band.reach,
        stroke=LIGHT.map_land,
        stroke_width=band.width + 2,
    )
    for lane, arc in flow_bands.arcs(band, center):
        color = _color(lane.stream)
        dash = flow_bands.DASHES.get(lane.style)
        if lane.style == "unknown":
            dash = flow_bands.UNKNOWN_DASH
        elif lane.style != "measured":
            svg.make(group, "path", d=arc, stroke=color, stroke_opacity=_PALE)
        if lane.style != "protected":
            pattern = {"stroke_dasharray": f"{dash[0]} {dash[1]}"} if dash else {}
            svg.make(group, "path", d=arc, stroke=color, **pattern)
    wide = band.width / 2 + 2.2
    head = [(x - 1.5, y - band.reach - wide), (x + wide * 1.3, y - band.reach)]
    head.append((x - 1.5, y - band.reach + wide))
    svg.make(
        group, "path", d=svg.polygon(head), fill=_color(band.lanes[0].stream),
        stroke=LIGHT.map_land, stroke_width=0.7,
    )  # fmt: skip


def _places(parent: ET.Element, sheet: _Sheet) -> None:
    r = flow_bands.DOTS[sheet.level.level]
    group = svg.make(parent, "g", stroke_width=1.2)
    for place, (x, y) in sheet.at.items():
        kind = sheet.kind[place]
        if kind in {PlaceKind.GATE, PlaceKind.OUTSIDE}:
            svg.make(
                group, "rect", x=x - r, y=y - r, width=2 * r, height=2 * r,
                fill=LIGHT.map_epci_line, stroke=LIGHT.map_land,
            )  # fmt: skip
        elif kind == PlaceKind.UNKNOWN:
            svg.make(
                group, "circle", cx=x, cy=y, r=r, fill=LIGHT.map_land, stroke=LIGHT.map_label,
                stroke_dasharray="2 2",
            )  # fmt: skip
        else:
            svg.make(group, "circle", cx=x, cy=y, r=r, fill=LIGHT.map_label, stroke=LIGHT.map_land)
        reach = max(r, sheet.radius[place])
        sheet.taken.append((x - reach, y - reach, x + reach, y + reach))


def short(value: float, unit: str) -> str:
    """Two or three figures and the unit, a year understood: « 820 t »."""
    return quantity(significant(value, 2 if value < 100 else 3), unit.removesuffix("/an"))  # noqa: PLR2004


def _words(
    parent: ET.Element, sheet: _Sheet, level: LevelMap, shown: list[Band], territory: Territory
) -> None:
    group = svg.make(parent, "g")
    gates = svg.make(parent, "g")
    _gate_labels(gates, sheet, level)
    _names(group, sheet, level)
    _amounts(group, sheet, shown, level.unit)
    _towns(group, sheet, territory)


def _gate_labels(parent: ET.Element, sheet: _Sheet, level: LevelMap) -> None:
    nodes = level.nodes
    sums = {
        str(place): (float(came), float(went))
        for place, came, went in zip(nodes.index, nodes["inflow"], nodes["outflow"], strict=True)
        if sheet.kind.get(str(place)) in _AWAY
    }
    ordered = sorted(sums, key=lambda p: (-sum(sums[p]), p))[:_GATES]
    for place in ordered:
        came, went = sums[place]
        lines = [(svg.shorten(sheet.name(place), 150, 11, _BOLD), 11.0, _BOLD)]
        if came > 0:
            lines.append((f"reçoit {short(came, level.unit)}", 10.0, 400))
        if went > 0:
            lines.append((f"envoie {short(went, level.unit)}", 10.0, 400))
        wide = max(svg.width(words, size, weight) for words, size, weight in lines) + 10
        high = sum(size + 2.5 for _, size, _ in lines) + 5
        box = _room(sheet, sheet.at[place], wide, high)
        sheet.taken.append(box)
        _leader(parent, sheet.at[place], box)
        unknown = sheet.kind[place] == PlaceKind.UNKNOWN
        frame = svg.make(
            parent, "rect", x=box[0], y=box[1], width=wide, height=high, rx=3.5,
            fill=LIGHT.background, fill_opacity=0.94,
            stroke=LIGHT.muted if unknown else LIGHT.map_epci_line, stroke_width=1.1,
        )  # fmt: skip
        if unknown:
            frame.set("stroke-dasharray", "3 2")
        y = box[1] + 2.0
        for words, size, weight in lines:
            y += size + 2.5
            svg.text(parent, words, box[0] + 5, y - 2, size=size, fill=LIGHT.text, weight=weight)


def _room(sheet: _Sheet, at: Point, wide: float, high: float) -> svg.Box:
    """Find a free place outwards from the territory, inside the frame."""
    frame = sheet.frame
    x, y = at
    across = abs(x - frame.width / 2) > abs(y - frame.height / 2) * 1.4
    shifts = [step * 9.0 * sign for step in range(26) for sign in ((1, -1) if step else (1,))]
    best: svg.Box | None = None
    for shift in shifts:
        if across:
            left = x - wide - 8 if x < frame.width / 2 else x + 8
            top = y - high / 2 + shift
        else:
            left = x - wide / 2 + shift
            top = y - high - 8 if y < frame.height / 2 else y + 8
        left = max(3.0, min(frame.width - wide - 3, left))
        top = max(3.0, min(frame.height - high - 3, top))
        box = (left, top, left + wide, top + high)
        best = best or box
        if svg.is_free(box, sheet.taken):
            return box
    return best or (x, y, x + wide, y + high)


def _leader(parent: ET.Element, at: Point, box: svg.Box) -> None:
    """Join a label to its place when it had to stand aside."""
    nearest = (min(max(at[0], box[0]), box[2]), min(max(at[1], box[1]), box[3]))
    if math.dist(at, nearest) > _MOVED:
        svg.make(
            parent, "line", x1=at[0], y1=at[1], x2=nearest[0], y2=nearest[1],
            stroke=LIGHT.map_epci_line, stroke_width=0.8,
        )  # fmt: skip


def _label(
    parent: ET.Element, sheet: _Sheet, lines: list[tuple[str, float, int, str]], spots: list[Point]
) -> bool:
    """Write centred lines at the first free spot (top of the first line); False without room."""
    wide = max(svg.width(words, size, weight) for words, size, weight, _ in lines)
    high = sum(size + 1.5 for _, size, _, _ in lines)
    frame = sheet.frame
    for x, y in spots:
        box = (x - wide / 2 - 1, y, x + wide / 2 + 1, y + high)
        outside = box[0] < 2 or box[1] < 2 or box[2] > frame.width - 2 or box[3] > frame.height - 2  # noqa: PLR2004
        if outside or not svg.is_free(box, sheet.taken):
            continue
        sheet.taken.append(box)
        for words, size, weight, fill in lines:
            y += size + 1.5  # noqa: PLW2901 - one line lower
            svg.text(
                parent, words, x, y - 2.5, size=size, fill=fill, weight=weight, anchor="middle",
                halo=LIGHT.map_label_halo,
            )  # fmt: skip
        return True
    return False


def _names(parent: ET.Element, sheet: _Sheet, level: LevelMap) -> None:
    nodes = level.nodes
    size = {Level.EPCI: 13.0, Level.COMMUNE: 11.0, Level.ACTOR: 10.0}[level.level]
    busy = nodes["inflow"] + nodes["outflow"] + nodes["ring"]
    inside = [
        str(p)
        for p in busy.sort_values(ascending=False, kind="stable").index
        if str(p) in sheet.at and sheet.kind[str(p)] not in _AWAY
    ]
    for place in inside[: _NAMED[level.level]]:
        lines = [(svg.shorten(sheet.name(place), 170, size, _BOLD), size, _BOLD, LIGHT.map_label)]
        stays = float(nodes["ring"].get(place, 0.0))
        if level.level is Level.EPCI and stays > 0:
            lines.append((f"{short(stays, level.unit)} sur place", 10.5, 500, LIGHT.map_label))
        high = sum(size + 1.5 for _, size, _, _ in lines)
        x, y = sheet.at[place]
        r = sheet.radius[place] + 2
        wide = max(svg.width(words, size, weight) for words, size, weight, _ in lines) / 2
        sides = [(x, y + r), (x, y - r - high), (x + r + wide, y - high / 2)]
        _label(parent, sheet, lines, [*sides, (x - r - wide, y - high / 2)])


def _amounts(parent: ET.Element, sheet: _Sheet, shown: list[Band], unit: str) -> None:
    """Write stream and amount beside the heaviest bands: colour never speaks alone."""
    said = 0
    for band in shown:
        path = _laid(sheet, band)
        if said >= _SAID[sheet.level.level] or path is None or band.value <= 0:
            continue
        lane = band.lanes[0]
        words = f"{stream_name(lane.stream)} {short(lane.value, unit)}"
        if len(band.lanes) > 1:
            words += f" + {len(band.lanes) - 1}"
        spots = []
        for part in (0.5, 0.62, 0.38, 0.74):
            x, y = path.points[int(part * (len(path.points) - 1))]
            spots += [(float(x), float(y) - 6), (float(x), float(y) + band.width / 2)]
        said += _label(parent, sheet, [(words, 10.0, 600, LIGHT.map_label)], spots)


def _towns(parent: ET.Element, sheet: _Sheet, territory: Territory) -> None:
    wanted = sorted(territory.communes, key=lambda c: -c.population)
    for commune in wanted:
        if commune.population < _TOWNS or sheet.level.level is Level.COMMUNE:
            return
        x, y = sheet.frame.at(commune.town_hall_lon, commune.town_hall_lat)
        lines = [(commune.name, 10.0, 400, LIGHT.muted)]
        if _label(parent, sheet, lines, [(x, y + 1), (x, y - 13)]):
            svg.make(parent, "circle", cx=x, cy=y, r=1.2, fill=LIGHT.muted)


def stream_name(stream: str) -> str:
    """Name of a stream; « Filière non dite » for a sum that does not tell."""
    return wording.STREAM[Stream(stream)] if stream else "Filière non dite"
