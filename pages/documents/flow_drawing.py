"""The flow map and the diagram as SVG and PNG files, drawn without a browser.

SVG keeps texts as texts, so that a designer can edit them; the PNG is the same drawing through
typst, with fonts of its wheel only: the same picture on every machine, no network.
"""

import datetime as dt
import math
import xml.etree.ElementTree as ET
from typing import Any, Final

from data.french import quantity, significant
from data.model import Reliability, Stream
from geo.flows import Level
from pages.documents import flow_bands, flow_canvas, flow_labels, svg
from pages.documents.flow_bands import Band
from pages.documents.flow_taken import Taken
from pages.documents.typesetting import rasterize
from pages.flows_parts import sankey_chart, state
from pages.ui.palette import LIGHT, stream_line
from pages.ui.wording import RELIABILITY as _KNOWN

WIDTH: Final = 900.0
_PAD: Final = 16.0
_BODY: Final = WIDTH - 2 * _PAD
_MAP: Final = (666.0, 396.0)
_LEGEND_X: Final = 680.0
_LINE: Final = 15.5
_BOLD: Final = 700
_BAR: Final = 13.0
_PNG_DPI: Final = 220.0
_LEVELS: Final = {
    Level.EPCI: "entre EPCI",
    Level.COMMUNE: "entre communes",
    Level.ACTOR: "entre acteurs",
}


def map_svg(taken: Taken) -> bytes:
    """Return the map as an SVG file: title, filters, territory, flows, gates, legend, sources."""
    top, body, y = _sheet(taken, f"Dessin {_LEVELS[taken.level]}.", _height(taken))
    _map_with_legend(svg.make(body, "g", transform=f"translate({_PAD} {svg.number(y)})"), taken)
    return svg.written(top)


def map_picture(taken: Taken) -> bytes:
    """Return map and legend alone, without title or sources, for a document that says them."""
    top = svg.root(_BODY, _height(taken), taken.title, taken.total)
    _map_with_legend(top, taken)
    return svg.written(top)


def sankey_svg(taken: Taken) -> bytes:
    """Return the diagram as an SVG file, with title, filters and sources."""
    stages = state.DIAGRAMS[taken.asked.diagram]
    data = sankey_chart.payload(taken.view, taken.kept, taken.selection, stages, "light")
    top, body, y = _sheet(taken, f"Largeurs en {taken.shown.measured.unit}.", float(data["height"]))
    diagram = svg.make(body, "g", transform=f"translate({_PAD} {svg.number(y)})")
    _diagram(diagram, data, _BODY)
    return svg.written(top)


def png(drawing: bytes, day: dt.date) -> bytes:
    """Return an SVG file of ours as PNG, about 2 700 pixels wide.

    Args:
        drawing: from :func:`map_svg` or :func:`sankey_svg`.
        day: as in the drawing.
    """
    return rasterize("picture", {"svg": drawing.decode()}, day, _PNG_DPI)


def _height(taken: Taken) -> float:
    return max(_MAP[1], _legend_height(taken))


def _sheet(taken: Taken, note: str, high: float) -> tuple[ET.Element, ET.Element, float]:
    """Return a page with title and sources around ``high`` units of room from the third value."""
    room = _BODY
    head = svg.wrap(taken.title, room, 22)
    said = [*svg.wrap(taken.total, room, 13), *svg.wrap(taken.filter_sentence, room, 12)]
    warning = svg.wrap(taken.warning, room, 12.5) if taken.warning else []
    foot = [line for text in _foot(taken, note) for line in svg.wrap(text, room, 10.5)]
    start = _PAD + 27 * len(head) + 17 * (len(said) + len(warning)) + 10
    whole = start + high + 14 + 14 * len(foot) + _PAD
    top = svg.root(WIDTH, whole, taken.title, f"{taken.total}. {taken.filter_sentence}")
    svg.make(top, "rect", width=WIDTH, height=whole, fill=LIGHT.background)
    y = _PAD
    for line in head:
        y += 27
        svg.text(top, line, _PAD, y - 7, size=22, fill=LIGHT.text, weight=_BOLD)
    for line in said:
        y += 17
        svg.text(top, line, _PAD, y - 4, size=12.5, fill=LIGHT.muted)
    for line in warning:
        y += 17
        svg.text(top, line, _PAD, y - 4, size=12.5, fill=LIGHT.error, weight=_BOLD)
    y = start + high + 14
    for line in foot:
        y += 14
        svg.text(top, line, _PAD, y - 4, size=10.5, fill=LIGHT.muted)
    return top, top, start


def _foot(taken: Taken, note: str) -> list[str]:
    return [
        f"Établi le {taken.date} avec Cartoflux. {note} {' '.join(taken.sources)}",
        *([" ".join(taken.hidden)] if taken.hidden else []),
    ]


def _map_with_legend(parent: ET.Element, taken: Taken) -> None:
    level = taken.level
    selection = taken.selection
    frame = svg.make(parent, "svg", width=_MAP[0], height=_MAP[1], overflow="hidden")
    bands = flow_canvas.draw(
        frame,
        taken.view.territory,
        taken.kept.levels[level],
        size=_MAP,
        selection=selection.levels[level] if selection else None,
        names=taken.view.names,
        positions=taken.view.positions,
    )
    svg.make(
        parent, "rect", width=_MAP[0], height=_MAP[1], fill="none", stroke=LIGHT.border,
        stroke_width=1,
    )  # fmt: skip
    _legend(parent, taken, bands)


def _streams(taken: Taken) -> list[tuple[str, float]]:
    """Streams drawn, the heaviest first (NaN = nothing known)."""
    level = taken.shown.levels[Level.EPCI]
    totals = level.edges.groupby("stream")["value"].sum(min_count=1)
    rows = [(str(stream), float(value)) for stream, value in totals.items()]
    return sorted(rows, key=lambda row: (-row[1] if math.isfinite(row[1]) else 1.0, row[0]))


def _styles(bands: list[Band]) -> list[tuple[str, str]]:
    words = {
        "measured": _KNOWN[Reliability.MEASURED],
        "declared": _KNOWN[Reliability.DECLARED],
        "estimated": _KNOWN[Reliability.ESTIMATED],
        "unknown": "quantité inconnue",
        "protected": "somme confidentielle",
    }
    met = {lane.style for band in bands for lane in band.lanes}
    return [(style, text) for style, text in words.items() if style in met]


_NOTES: Final = (
    "La flèche va du fournisseur au destinataire.",
    "Anneau : ce qui reste sur place.",
    "Carré au bord : hors du territoire.",
)
_SEVERAL: Final = "« + 2 » : deux autres filières sur le même trajet."


def _legend_height(taken: Taken) -> float:
    rows = len(_streams(taken)) + 3 + 5
    return 14.0 * rows + 3 * 24 + 13 * 7


def _legend(parent: ET.Element, taken: Taken, bands: list[Band]) -> None:
    unit = taken.shown.measured.unit
    room = _BODY - _LEGEND_X
    group = svg.make(parent, "g", transform=f"translate({_LEGEND_X} 0)")
    y = _heading(group, f"Filières ({unit})", 0.0)
    for stream, value in _streams(taken):
        y += 14
        color = stream_line(Stream(stream)) if stream else LIGHT.muted
        svg.make(group, "rect", x=0, y=y - 10, width=12, height=10, rx=2, fill=color)
        amount = quantity(significant(value, 3), "").strip() if math.isfinite(value) else "inconnu"
        space = room - 22 - svg.width(amount, 11)
        name = svg.shorten(flow_labels.stream_name(stream), space, 11)
        svg.text(group, name, 17, y - 1, size=11, fill=LIGHT.text)
        svg.text(group, amount, room, y - 1, size=11, fill=LIGHT.muted, anchor="end")
    y = _widths(group, bands, taken.level, unit, y + 10)
    y = _heading(group, "Comment c’est connu", y + 10)
    for style, words in _styles(bands):
        y += 14
        _sample(group, style, y - 5)
        svg.text(group, words, 50, y - 1, size=11, fill=LIGHT.text)
    y += 8
    several = any(len(band.lanes) > 1 for band in bands)
    for note in [*_NOTES, *([_SEVERAL] if several else [])]:
        for line in svg.wrap(note, room, 10):
            y += 12
            svg.text(group, line, 0, y, size=10, fill=LIGHT.muted)


def _heading(group: ET.Element, words: str, y: float) -> float:
    svg.text(group, words, 0, y + 12, size=11.5, fill=LIGHT.text, weight=_BOLD)
    return y + _LINE


def _widths(group: ET.Element, bands: list[Band], level: Level, unit: str, y: float) -> float:
    most = bands[0].value if bands else 0.0
    if most <= 0:
        return y
    y = _heading(group, "Largeur", y)
    largest = significant(most, 1)
    for value in (largest, largest / 10, largest / 100):
        wide = flow_bands.band_width(value, level, most)
        y += max(14.0, wide + 3)
        middle = y - max(wide / 2, 5) - 0.5
        ends = [(0, middle - wide / 4), (42, middle - wide / 2)]
        ends += [(42, middle + wide / 2), (0, middle + wide / 4)]
        svg.make(group, "path", d=svg.polygon(ends), fill=LIGHT.muted)
        svg.text(group, quantity(value, unit), 50, middle + 4, size=11, fill=LIGHT.text)
    return y


def _sample(group: ET.Element, style: str, y: float) -> None:
    line = svg.make(group, "line", x1=0, y1=y, x2=42, y2=y, stroke=LIGHT.muted, stroke_width=5)
    dash = flow_bands.UNKNOWN_DASH if style == "unknown" else flow_bands.DASHES.get(style)
    if style == "protected":
        line.set("stroke-opacity", "0.35")
    if dash:
        line.set("stroke-dasharray", f"{dash[0]} {dash[1]}")
        if style != "unknown":
            svg.make(
                group, "line", x1=0, y1=y, x2=42, y2=y, stroke=LIGHT.muted, stroke_width=5,
                stroke_opacity=0.5,
            )  # fmt: skip


def _diagram(parent: ET.Element, data: dict[str, Any], width: float) -> None:
    """Draw what ``assets/sankey.js`` draws, from the same payload."""
    last = len(data["headings"]) - 1

    def x(stage: int) -> float:
        return stage * (width - _BAR) / last

    for stage, heading in enumerate(data["headings"]):
        anchor = "start" if stage == 0 else "end" if stage == last else "middle"
        at = 0.0 if stage == 0 else width if stage == last else x(stage) + _BAR / 2
        svg.text(parent, heading, at, 14, size=12.5, fill=LIGHT.muted, weight=_BOLD, anchor=anchor)
    nodes = data["nodes"]
    for ribbon in data["ribbons"]:
        stage = nodes[ribbon["source"]]["stage"]
        _ribbon(parent, ribbon, x(stage) + _BAR, x(stage + 1))
    room = width / last * 0.46
    for node in nodes:
        left, high = x(node["stage"]), max(2.0, node["y1"] - node["y0"])
        group = svg.make(parent, "g", opacity=1.0 if node["on"] else 0.35)
        svg.make(
            group, "rect", x=left, y=node["y0"], width=_BAR, height=high, rx=2, fill=node["color"]
        )
        end = node["stage"] == last
        words = svg.shorten(f"{node['label']} · {node['amount']}", room, 12)
        svg.text(
            group,
            words,
            left - 6 if end else left + _BAR + 6,
            (node["y0"] + node["y1"]) / 2 + 4,
            size=12,
            fill=LIGHT.text,
            anchor="end" if end else "start",
            halo=LIGHT.background,
        )


def _ribbon(parent: ET.Element, ribbon: dict[str, Any], x0: float, x1: float) -> None:
    middle = (x0 + x1) / 2
    y0, y1, ty0, ty1 = (ribbon[key] for key in ("y0", "y1", "ty0", "ty1"))
    a, m, b = (svg.number(v) for v in (x0, middle, x1))
    path = f"M{a},{y0}C{m},{y0} {m},{ty0} {b},{ty0}V{ty1}C{m},{ty1} {m},{y1} {a},{y1}Z"
    if not ribbon["on"]:
        node = svg.make(parent, "path", d=path, fill=LIGHT.muted, fill_opacity=0.13)
    elif ribbon["unknown"]:
        node = svg.make(
            parent, "path", d=path, fill="none", stroke=ribbon["color"], stroke_width=1.4,
            stroke_dasharray="2 5",
        )  # fmt: skip
    else:
        node = svg.make(parent, "path", d=path, fill=ribbon["color"], fill_opacity=0.55)
    svg.make(node, "title").text = svg.clean(ribbon["title"])
