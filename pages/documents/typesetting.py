"""The one place where typst runs.

The template is a file of ours and never changes; what people typed reaches it as JSON in
``sys.inputs``, where it can only ever be text. Only the fonts inside the typst wheel are used
(Libertinus Serif, New Computer Modern, DejaVu Sans Mono), so that a sheet looks the same on
every machine and needs no network.
"""

import datetime as dt
import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import typst

_FOLDER = Path(__file__).resolve().parent
_LONGEST_TEXT = 160
_LONGEST_WORD = 22
_ZERO_WIDTH_SPACE = "\u200b"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


@cache
def _template(name: str) -> bytes:
    return (_FOLDER / f"{name}.typ").read_bytes()


def typeset(template: str, content: Mapping[str, object], when: dt.date) -> bytes:
    """Return the PDF of a template of this folder filled with ``content``.

    Args:
        template: file name without ``.typ``.
        content: anything JSON can write; strings are shown as they are.
        when: creation date written in the file; the same arguments give the same bytes.
    """
    written = json.dumps(content, ensure_ascii=False)
    midnight = dt.datetime(when.year, when.month, when.day, tzinfo=dt.UTC)
    try:
        pdf = _compile(template, written, midnight, accessible=True)
    except typst.TypstError:
        # The accessible standard refuses characters our fonts do not draw (emoji, some scripts);
        # better a sheet with a box in a name than no sheet.
        pdf = _compile(template, written, midnight, accessible=False)
    if not isinstance(pdf, bytes):  # several pages give a list for images only
        raise TypeError(f"typst returned {type(pdf).__name__} instead of bytes")
    return pdf


def rasterize(
    template: str, content: Mapping[str, object], when: dt.date, dots_per_inch: float
) -> bytes:
    """Return the only page of a template of this folder as a PNG picture.

    Args:
        template: file name without ``.typ``.
        content: as in :func:`typeset`.
        when: as in :func:`typeset`.
        dots_per_inch: 72 gives one pixel a typographic point.
    """
    midnight = dt.datetime(when.year, when.month, when.day, tzinfo=dt.UTC)
    compiler = _compiler(template, json.dumps(content, ensure_ascii=False))
    picture = compiler.compile(format="png", ppi=dots_per_inch, timestamp=midnight)
    if not isinstance(picture, bytes):  # several pages give a list
        raise TypeError(f"typst returned {type(picture).__name__} instead of bytes")
    return picture


def _compile(template: str, written: str, when: dt.datetime, *, accessible: bool) -> object:
    return _compiler(template, written).compile(
        format="pdf", timestamp=when, pdf_standards="ua-1" if accessible else []
    )


def _compiler(template: str, written: str) -> typst.Compiler:
    return typst.Compiler(
        _template(template),
        root=_FOLDER,
        font_paths=_fonts(),
        sys_inputs={"content": written},
    )


def printable(text: str) -> str:
    """Make a text someone typed fit a table cell.

    Control and bidirectional-override characters go, blanks are collapsed, very long texts are
    cut with an ellipsis, and very long words get invisible places to break.
    """
    kept = "".join(
        " " if char.isspace() and char not in "\u00a0\u202f" else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    kept = " ".join(word for word in kept.split(" ") if word)
    if len(kept) > _LONGEST_TEXT:
        kept = kept[: _LONGEST_TEXT - 1].rstrip() + "…"
    return " ".join(_breakable(word) for word in kept.split(" "))


def _breakable(word: str) -> str:
    pieces = (word[i : i + _LONGEST_WORD] for i in range(0, len(word), _LONGEST_WORD))
    return _ZERO_WIDTH_SPACE.join(pieces)
