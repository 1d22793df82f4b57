"""What was clicked: one selection shared by the map, the diagram and the table."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final
from urllib.parse import quote, unquote

import numpy as np
import numpy.typing as npt

from geo.flows import Level, Links, PlaceKind
from geo.flows.levels import ends_at
from geo.flows.places import OUTSIDE

KEY: Final = "choix"
"""Key of the address bar."""

_LONGEST: Final = 8_000
"""Characters read: seven ids, each character of which may take twelve once quoted."""

_OUTSIDE_KINDS: Final = (PlaceKind.GATE, PlaceKind.OUTSIDE)
_WORDS: Final = {
    "place": "lieu",
    "origin": "de",
    "destination": "vers",
    "stream": "filiere",
    "family": "famille",
    "scope": "sens",
    "link": "flux",
    "whole_outside": "dehors",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Conditions that narrow each other; ``None`` = no condition.

    Attributes:
        place: place id at any level; links with either end there.
        origin: place id at any level that sends; likewise ``destination``.
        stream: value of the stream, empty = not told; likewise ``family`` and ``scope``.
        link: id of one link (a row of the table).
        whole_outside: ``outside`` stands for every place outside (the diagram gathers them).
    """

    place: str | None = None
    origin: str | None = None
    destination: str | None = None
    stream: str | None = None
    family: str | None = None
    scope: str | None = None
    link: str | None = None
    whole_outside: bool = False

    def __bool__(self) -> bool:
        return self != Choice()

    @property
    def without_link(self) -> "Choice":
        """The same choice without the row of the table."""
        return replace(self, link=None)

    def mask(self, links: Links) -> npt.NDArray[np.bool_]:
        """Which links answer, in the links' order."""
        frame = links.frame
        keep = np.ones(len(frame), dtype=bool)
        for name, column in (("stream", "stream"), ("family", "family"), ("scope", "scope")):
            value = getattr(self, name)
            if value is not None:
                keep &= (frame[column] == value).to_numpy(dtype=bool)
        if self.link is not None:
            keep &= (frame["link_id"] == self.link).to_numpy(dtype=bool)
        if self.origin is not None:
            keep &= self._at(links, self.origin)[0]
        if self.destination is not None:
            keep &= self._at(links, self.destination)[1]
        if self.place is not None:
            sends, receives = self._at(links, self.place)
            keep &= sends | receives
        return keep

    def _at(self, links: Links, place: str) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Whether the origin, and the destination, is this place, at any level."""
        places = links.places
        found = np.zeros((2, len(links)), dtype=bool)
        wanted = places.index == place
        if self.whole_outside and place == OUTSIDE:
            is_actor = (places["kind"] == PlaceKind.ACTOR) & ~places["inside"]
            wanted = (places["kind"].isin(_OUTSIDE_KINDS) | is_actor).to_numpy(dtype=bool)
        for level in Level:
            for end, rows in enumerate(ends_at(links, level)):
                found[end] |= wanted[rows]
        return found[0], found[1]

    def to_query(self) -> dict[str, str]:
        """Return the address-bar parameter, empty when nothing is chosen."""
        parts = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or value is False:
                continue
            text = "1" if value is True else quote(value, safe=":")
            parts.append(f"{_WORDS[field.name]}={text}")
        return {KEY: "!".join(parts)} if parts else {}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Choice":
        """Read the address-bar parameter; what is malformed is ignored."""
        names = {word: name for name, word in _WORDS.items()}
        found: dict[str, str] = {}
        for part in query.get(KEY, "")[:_LONGEST].split("!"):
            word, sign, text = part.partition("=")
            if sign and word in names:
                found[names[word]] = unquote(text)
        whole = found.pop("whole_outside", "") == "1"
        return cls(**found, whole_outside=whole)


def place_name(links: Links, place: str, names: Mapping[str, str]) -> str:
    """Name of a place on screen; « lieu inconnu » for one that is not there."""
    if place in names:
        return names[place]
    return str(links.places["name"].get(place, "lieu inconnu"))
