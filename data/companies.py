"""Companies by the name people type: found when there is no doubt, suggested otherwise."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz

from data.model import Actor, Visibility
from data.text import fold

_WORD: Final = re.compile(r"[^\W_]+")
_EXAMPLE: Final = "exemple"
_LEGAL: Final = frozenset(
    {
        *("association", "cooperative", "earl", "ei", "entreprise", "etablissements", "ets"),
        *("eurl", "gaec", "sa", "sarl", "sas", "sasu", "scea", "sci", "scic", "scop", "snc"),
        *("societe", "ste"),
    }
)
"""Words that say what a company is in law; people leave them out."""

_BEGINS: Final = 100.0
_INSIDE: Final = 95.0
_ALIKE: Final = 78.0
"""Likeness (0-100) from which a name is worth suggesting; never enough to link by itself."""


class Companies:
    """Actors, ready to be recognised and suggested by name."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self._actors = {actor.id: actor for actor in actors}
        self._by_key: defaultdict[str, list[str]] = defaultdict(list)
        self._by_core: defaultdict[str, list[str]] = defaultdict(list)
        for actor in self._actors.values():
            self._by_key[self.key(actor.name)].append(actor.id)
            self._by_core[_core(actor.name)].append(actor.id)
        self._public = [
            (self.key(actor.name), actor)
            for actor in self._actors.values()
            if actor.visibility is Visibility.PUBLIC
        ]

    @staticmethod
    def key(name: str) -> str:
        """Give what two spellings of one name share: case, accents and punctuation aside."""
        found = _WORD.findall(fold(name))
        if len(found) > 1 and found[-1] == _EXAMPLE:
            found.pop()
        return " ".join(found) or fold(name)

    def recognise(self, name: str, chosen: str | None = None) -> str | None:
        """Give the id of the actor a name stands for, or ``None`` at the least doubt.

        The same name, case and accents aside, borne by one actor only; or the same without its
        legal form (« Dupont » for « SARL Dupont ») when only one side states it and no other
        actor could be meant. A likeness is no proof: two neighbours may differ by a letter.

        Args:
            name: as typed.
            chosen: id of the actor picked in the suggestions; kept if it does bear that name.
        """
        key = self.key(name)
        if not key:
            return None
        same = self._by_key.get(key, [])
        if chosen in same:
            return chosen
        if same:
            return same[0] if len(same) == 1 else None
        alike = self._by_core.get(_core(name), [])
        if len(alike) != 1:
            return None
        one_bare = _core(name) == key or _core(self._actors[alike[0]].name) == self.key(
            self._actors[alike[0]].name
        )
        return alike[0] if one_bare else None

    def suggest(self, text: str, limit: int = 6) -> tuple[Actor, ...]:
        """Give the public actors whose name looks like ``text``, best first."""
        asked = self.key(text)
        if not asked:
            return ()
        scored = [(score, actor) for key, actor in self._public if (score := _score(asked, key))]
        scored.sort(key=lambda pair: (-pair[0], pair[1].name))
        return tuple(actor for _, actor in scored[:limit])


def _core(name: str) -> str:
    key = Companies.key(name)
    kept = [word for word in key.split() if word not in _LEGAL]
    return " ".join(kept) or key


def _score(asked: str, key: str) -> float:
    if key.startswith(asked):
        return _BEGINS
    if f" {asked}" in f" {key}":
        return _INSIDE
    likeness = fuzz.partial_ratio(asked, key) if len(asked) > 3 else 0.0  # noqa: PLR2004
    return likeness * 0.9 if likeness >= _ALIKE else 0.0
