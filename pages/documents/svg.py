"""Small helpers to write SVG with ElementTree: texts are escaped by the library, never by hand."""

import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from typing import Final

NAMESPACE: Final = "http://www.w3.org/2000/svg"
FONTS: Final = "'Source Sans 3', 'Source Sans', 'Segoe UI', 'Libertinus Serif', sans-serif"
"""The last named one is inside the typst wheel: it draws the PNG and PDF pictures."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_FIXED: Final = "\u00a0\u202f"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_NARROW: Final = frozenset("iIljftr.,;:'’!|()[] \u00a0\u202f·-")
_WIDE: Final = frozenset("mwMWŒœÆ—→@%")


def root(width: float, height: float, title: str, description: str) -> ET.Element:
    """Return an empty drawing of this size, named for screen readers."""
    ET.register_namespace("", NAMESPACE)
    top = ET.Element(
        f"{{{NAMESPACE}}}svg",
        {
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "width": number(width),
            "height": number(height),
            "role": "img",
            "font-family": FONTS,
        },
    )
    make(top, "title").text = clean(title)
    make(top, "desc").text = clean(description)
    return top


def make(parent: ET.Element, tag: str, **attributes: str | float) -> ET.Element:
    """Add an element; ``stroke_width=2`` becomes ``stroke-width="2"``."""
    written = {
        name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else number(value)
        for name, value in attributes.items()
    }
    return ET.SubElement(parent, f"{{{NAMESPACE}}}{tag}", written)


def text(
    parent: ET.Element,
    words: str,
    x: float,
    y: float,
    *,
    size: float,
    fill: str,
    weight: int = 400,
    anchor: str = "start",
    halo: str = "",
) -> ET.Element:
    """Add one line of text; ``halo`` is the colour of its outline."""
    node = make(
        parent, "text", x=x, y=y, font_size=size, fill=fill, font_weight=weight, text_anchor=anchor
    )
    if halo:
        node.set("stroke", halo)
        node.set("stroke-width", number(size * 0.24))
        node.set("stroke-linejoin", "round")
        node.set("paint-order", "stroke")
    node.text = clean(words)
    return node


def clean(words: str) -> str:
    """Drop what XML cannot hold and what draws nothing."""
    kept = (
        char if char in _FIXED or not char.isspace() else " "
        for char in words
        if char.isspace() or unicodedata.category(char) not in _UNSEEN
    )
    return " ".join("".join(kept).split(" ")).strip()


def number(value: float) -> str:
    """Write a coordinate, two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def polygon(points: Iterable[Sequence[float]]) -> str:
    """Return path data of a closed outline, to a tenth of a unit."""
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + "Z"


def width(words: str, size: float, weight: int = 400) -> float:
    """Estimate the width of a line of text, on the generous side."""
    ems = sum(
        0.3 if char in _NARROW else 0.9 if char in _WIDE else 0.68 if char.isupper() else 0.53
        for char in words
    )
    return ems * size * (1.08 if weight >= 600 else 1.0)  # noqa: PLR2004 - bold is wider


def wrap(words: str, room: float, size: float) -> list[str]:
    """Cut a text in lines no wider than ``room``."""
    lines: list[str] = []
    for word in clean(words).split(" "):
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def shorten(words: str, room: float, size: float, weight: int = 400) -> str:
    """Cut a text with an ellipsis so that it fits."""
    words = clean(words)
    if width(words, size, weight) <= room:
        return words
    while len(words) > 1 and width(words + "…", size, weight) > room:
        words = words[:-1].rstrip()
    return words + "…"


def is_free(box: Box, taken: Iterable[Box]) -> bool:
    """Whether a box overlaps none of the others."""
    return all(
        box[2] <= other[0] or box[0] >= other[2] or box[3] <= other[1] or box[1] >= other[3]
        for other in taken
    )


def written(top: ET.Element) -> bytes:
    """Return the drawing as a file, the same bytes for the same drawing."""
    body: bytes = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return body
