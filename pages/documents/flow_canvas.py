"""The flow map as a drawing: territory, bands, rings and places."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from data.model import Territory
from geo.flows import LevelMap, PlaceKind
from geo.layers import communes_layer, epcis_layer, neighbours_layer
from pages.documents import flow_bands, flow_labels, svg
from pages.documents.flow_bands import Band, Path, Point
from pages.documents.flow_sheet import Frame, Sheet, color_of, laid
from pages.ui.palette import LIGHT

_DETAILED: Final = 260
"""Bands drawn in full; lighter ones beyond become plain curves."""
_PALE: Final = 0.5
_FAINT: Final = 0.45


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
    sheet = Sheet(frame=frame, level=level, names=names)
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
    flow_labels.write(parent, sheet, selection or level, shown, territory)
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


def _ghost(parent: ET.Element, sheet: Sheet, band: Band) -> None:
    half = band.width / 2
    path = laid(sheet, band)
    if path is not None:
        outline = svg.polygon(path.strip(-half, half)) + svg.polygon(path.arrow(-half, half, half))
        svg.make(parent, "path", d=outline)


def _colored(parent: ET.Element, sheet: Sheet, shown: list[Band]) -> None:
    lines = svg.make(parent, "g", fill="none", stroke_width=0.8, stroke_opacity=0.55)
    group = svg.make(parent, "g")
    for band in shown:
        if band.is_ring and band.origin in sheet.at:
            sheet.radius[band.origin] = band.reach + band.width / 2
    drawn = 0
    for band in shown:
        path = laid(sheet, band)
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
        parent, "path", d=f"M{ends[0]}Q{ends[1]} {ends[2]}", stroke=color_of(band.lanes[0].stream)
    )


def _band(parent: ET.Element, sheet: Sheet, band: Band, path: Path) -> None:
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
        color = color_of(lane.stream)
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
        color = color_of(lane.stream)
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
        group, "path", d=svg.polygon(head), fill=color_of(band.lanes[0].stream),
        stroke=LIGHT.map_land, stroke_width=0.7,
    )  # fmt: skip


def _places(parent: ET.Element, sheet: Sheet) -> None:
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
