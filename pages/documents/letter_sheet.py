"""The letter on paper: A4, with a map of where everything is."""

from collections.abc import Sequence
from typing import Any, Final

from data import french
from data.model import Side
from optimization.programme.letter import Item
from pages.documents.letter_edition import Edition, facts_of, one_line, paragraphs, who_of
from pages.documents.sketch import Mark, sketches
from pages.documents.typesetting import printable, typeset
from pages.ui import wording
from pages.ui.palette import LIGHT, STREAM

_WIDTH_MM: Final = 180.0
_HEIGHT_MM: Final = 74.0
_PIECE: Final = 120


def letter_pdf(edition: Edition) -> bytes:
    """Return the PDF."""
    content = {
        "title": printable(edition.title),
        "summary": edition.summary,
        "date": french.date(edition.day),
        "demo": edition.demo,
        "introduction": [whole(words) for words in edition.introduction],
        "groups": [
            {
                "name": name,
                "color": STREAM[stream] if stream else LIGHT.muted,
                "items": [_item(one) for one in group],
            }
            for stream, name, group in edition.groups
        ],
        "maps": _maps(edition),
        "how": [whole(words) for words in edition.how],
        "sender": printable(one_line(edition.sender.name)),
        "reply": printable(one_line(edition.sender.reply)),
        "goodbye": [
            whole(part)
            for part in (edition.consent, f"{edition.goodbye} {edition.leaving}".strip())
            if part
        ],
    }
    return typeset("letter_sheet", content, edition.day)


def _item(item: Item) -> dict[str, Any]:
    return {
        "number": str(item.number),
        "offer": item.side is Side.OFFER,
        "side": wording.SIDE[item.side],
        "resource": printable(item.resource),
        "words": whole(item.words),
        "facts": whole(facts_of(item)),
        "description": [whole(part) for part in paragraphs(item.description)],
        "who": whole(who_of(item)),
    }


def whole(words: str) -> str:
    """Make a long text fit without losing its end (``printable`` cuts at 160 characters)."""
    pieces: list[str] = [""]
    for word in words.split(" "):
        if len(pieces[-1]) + len(word) > _PIECE:
            pieces.append(word)
        else:
            pieces[-1] = f"{pieces[-1]} {word}".strip()
    return " ".join(printable(piece) for piece in pieces)


def _maps(edition: Edition) -> Sequence[dict[str, Any]]:
    """Draw where everything is; twice when most of it huddles in a corner."""
    if not edition.items:
        return []
    marks = [Mark(str(one.number), (one.lon, one.lat), is_stop=True) for one in edition.items]
    offers = {str(one.number) for one in edition.items if one.side is Side.OFFER}
    drawn: list[dict[str, Any]] = [
        dict(one)
        for one in sketches(marks, [], edition.communes, width_mm=_WIDTH_MM, height_mm=_HEIGHT_MM)
    ]
    for one in drawn:
        # A place may hold an offer and a need: each disc has its own shape.
        for disc in one["discs"]:
            disc["stop"] = disc["label"] in offers
    return drawn
