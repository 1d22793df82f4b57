"""Words on a flow map: gates, places, amounts, towns; none over another."""

import math
import xml.etree.ElementTree as ET
from typing import Final

from data.french import quantity, significant
from data.model import Stream, Territory
from geo.flows import Level, LevelMap, PlaceKind
from pages.documents import svg
from pages.documents.flow_bands import Band, Point
from pages.documents.flow_sheet import AWAY, Sheet, laid
from pages.ui import wording
from pages.ui.palette import LIGHT

_NAMED: Final = {Level.EPCI: 12, Level.COMMUNE: 22, Level.ACTOR: 22}
_GATES: Final = 14
_SAID: Final = {Level.EPCI: 7, Level.COMMUNE: 6, Level.ACTOR: 6}
"""Bands whose stream and amount are written beside them."""
_TOWNS: Final = 2500
_BOLD: Final = 700
_MOVED: Final = 6.0


def short(value: float, unit: str) -> str:
    """Two or three figures and the unit, a year understood: « 820 t »."""
    return quantity(significant(value, 2 if value < 100 else 3), unit.removesuffix("/an"))  # noqa: PLR2004


def write(
    parent: ET.Element, sheet: Sheet, level: LevelMap, shown: list[Band], territory: Territory
) -> None:
    """Write every word there is room for, what matters most first."""
    group = svg.make(parent, "g")
    gates = svg.make(parent, "g")
    _gate_labels(gates, sheet, level)
    _names(group, sheet, level)
    _amounts(group, sheet, shown, level.unit)
    _towns(group, sheet, territory)


def _gate_labels(parent: ET.Element, sheet: Sheet, level: LevelMap) -> None:
    nodes = level.nodes
    sums = {
        str(place): (float(came), float(went))
        for place, came, went in zip(nodes.index, nodes["inflow"], nodes["outflow"], strict=True)
        if sheet.kind.get(str(place)) in AWAY
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


def _room(sheet: Sheet, at: Point, wide: float, high: float) -> svg.Box:
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
    parent: ET.Element, sheet: Sheet, lines: list[tuple[str, float, int, str]], spots: list[Point]
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


def _names(parent: ET.Element, sheet: Sheet, level: LevelMap) -> None:
    nodes = level.nodes
    size = {Level.EPCI: 13.0, Level.COMMUNE: 11.0, Level.ACTOR: 10.0}[level.level]
    busy = nodes["inflow"] + nodes["outflow"] + nodes["ring"]
    inside = [
        str(p)
        for p in busy.sort_values(ascending=False, kind="stable").index
        if str(p) in sheet.at and sheet.kind[str(p)] not in AWAY
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


def _amounts(parent: ET.Element, sheet: Sheet, shown: list[Band], unit: str) -> None:
    """Write stream and amount beside the heaviest bands: colour never speaks alone."""
    said = 0
    for band in shown:
        path = laid(sheet, band)
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


def _towns(parent: ET.Element, sheet: Sheet, territory: Territory) -> None:
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
