"""From what people write to an entry of the vocabulary, or to nothing when unsure.

Words are compared exactly, by their sound in French and within a slip or two of the keyboard;
rare words weigh more than common ones. Quantities, units and containers in the text are set
aside first: « 3 palettes de cartons » is cardboard, « 200 L de soude » is soda.
"""

import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from data.model import Resource
from data.settings import ROOT
from data.text import fold, words

WORDS_PATH: Final = ROOT / "data" / "reference" / "words.toml"
_WORDS: Final[Mapping[str, list[str]]] = tomllib.loads(WORDS_PATH.read_text(encoding="utf-8"))

SURE: Final = 0.57
"""Least confidence for an answer; below it the classifier abstains."""
_LEAD: Final = 0.08
"""Least lead over the next resource."""
_PLAUSIBLE: Final = 0.25
"""Least confidence of an alternative."""
_MOST_ALTERNATIVES: Final = 5
_SOUND: Final = 0.95
_PER_SLIP: Final = 0.05
"""Lost by each further letter that differs between two words that sound alike."""
_MOST_SLIPS: Final = 0.4
"""Most letters that may differ between them, over the length (« paille », « pellet »)."""
_SLIP: Final = 0.9
_TWO_SLIPS: Final = 0.85
_SHORTEST_SOUND: Final = 3
_SHORTEST_SLIP: Final = 4
_SHORTEST_TWO_SLIPS: Final = 8
_UNKNOWN_WEIGHT: Final = 3.0
"""Weight of a word that no entry has: about that of a word of several entries."""
_UNKNOWN_HEAD_WEIGHT: Final = 5.0
"""Idem for the first word, which in French is what the thing is (« cuiseur vapeur »)."""
_DECOY_TOLD: Final = 0.8
"""Least share of a decoy that a text must tell: « plaquettes » is not « plaquettes de frein »."""
_STATE_WEIGHT: Final = 1.2
_RARITY: Final = 5.0
"""Most that rarity may weigh, so that one odd word does not decide alone."""

_MEASURE: Final = (
    r"kgs?|g|tonnes?|to|t|litres?|[lc]|cl|hl|ml|m3|m2|m|cm|mm|kwh|mwh|kw|h|heures?|jours?|j|"
    r"semaines?|mois|ans?|annees?|pieces?|unites?|places?|%"
)
_AMOUNTS: Final = re.compile(
    rf"(?<![\w])~?\d+(?:[.,]\d+)?(?:\s*[x-]\s*\d+(?:[.,]\d+)?)*\s*(?:(?:{_MEASURE})(?![\w]))?"
    r"(?=\W|$)"
)
_PACKED: Final = re.compile(
    r"\ben (?:vrac|bottes?|balles?|sacs?|palettes?|bidons?|futs?|big[ -]?bags?|rolls?|bennes?|"
    r"bacs?)(?!\w)"
)
_LEADING_LINK: Final = re.compile(r"^(?:de |d')+")
_RHYTHMS: Final = re.compile(
    r"(?:(?:par|chaque|tous les|/)\s*(?:jour|semaine|mois|trimestre|ans?|annee)s?)(?!\w)"
)
_CONTAINERS: Final = re.compile(
    r"^\W*(?:(?:environ|un|une|des|quelques|lots?|de|plusieurs)\s+)*"
    r"(?:demi-?)?(?P<box>palettes?|caisses?|cagettes?|cageots?|cartons?|"
    r"big[ -]?bags?|bidons?|futs?|bacs?|bennes?|cuves?|seaux?|sacs?|bouteilles?|rolls?|conteneurs?|"
    r"camions?|poubelles?|pots?|heures?|rouleaux?|bottes?|boites?|tonnes?|stocks?|surplus)\s+(?:de\s+|d')(?P<what>.+)$"
)
_MATERIALS: Final = frozenset(_WORDS["materials"])
"""« caisses de bois »: what the container is made of, not what it holds."""
_EMPTY: Final = frozenset({"vide", "perdu", "perdue", "casse", "cassee"})
_STATES: Final = frozenset(_WORDS["states"])
"""Words about a state: they tell entries apart without being what is looked for."""
_CHATTER: Final = frozenset(_WORDS["chatter"])
_PIECES: Final = re.compile(r"[,;+/&()]|\bet\b|\bou\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What a text is about.

    Attributes:
        resource_id: entry of the nomenclature; ``None`` when unsure.
        confidence: of the best entry, 0 to 1, whether or not it was sure enough.
        alternatives: other entries that are plausible, best first; all of them when unsure.
    """

    resource_id: str | None
    confidence: float
    alternatives: tuple[str, ...] = ()


class Classifier:
    """Finds the entry a text is about; the same text always gets the same answer.

    Args:
        resources: the vocabulary.
        decoys: phrases that look like an entry and are something else (« fer à repasser »).
    """

    def __init__(self, resources: Iterable[Resource], decoys: Iterable[str] | None = None) -> None:
        self._terms: list[tuple[str | None, tuple[str, ...]]] = []
        self._exact: dict[str, str | None] = {}
        self._codes: dict[str, str] = {}
        for resource in resources:
            self._codes.setdefault(resource.id, resource.id)
            for code in resource.waste_codes:
                self._codes.setdefault(code.replace(" ", ""), resource.id)
            for term in (resource.name, *resource.synonyms):
                self._add(resource.id, term)
        for phrase in _WORDS["decoys"] if decoys is None else decoys:
            self._add(None, phrase)
        holders: defaultdict[str, set[str | None]] = defaultdict(set)
        self._holding: defaultdict[str, list[int]] = defaultdict(list)
        for position, (owner, term_words) in enumerate(self._terms):
            for word in term_words:
                holders[word].add(owner)
                self._holding[word].append(position)
        count = len({owner for owner, _ in self._terms})
        self._weight = {
            word: _STATE_WEIGHT
            if word in _STATES
            else min(_RARITY, 1 + math.log(max(count, 1) / len(owners)))
            for word, owners in holders.items()
        }
        self._sounds: defaultdict[str, list[str]] = defaultdict(list)
        for word in holders:
            self._sounds[sound(word)].append(word)
        self._known: dict[str, dict[str, float]] = {}

    def classify(self, text: str) -> Classification:
        """Entry that a text is about, or abstention."""
        folded = fold(text)
        code = self._codes.get(folded.replace(" ", ""))
        if code is not None:
            return Classification(resource_id=code, confidence=1.0)
        first: Classification | None = None
        for candidate in _readings(folded):
            found = self._one(candidate)
            if found.resource_id is not None:
                return found
            first = first or found
        return self._pieces(folded) or first or Classification(resource_id=None, confidence=0.0)

    def _add(self, owner: str | None, term: str) -> None:
        term_words = words(term)
        self._terms.append((owner, tuple(dict.fromkeys(term_words))))
        key = " ".join(sorted(term_words))
        # A phrase of two entries is no one's.
        self._exact[key] = owner if self._exact.get(key, owner) == owner else None

    def _pieces(self, folded: str) -> Classification | None:
        """« voliges et planches »: the one entry that the pieces agree upon."""
        pieces = [piece for piece in _PIECES.split(folded) if piece.strip()]
        if len(pieces) < 2:  # noqa: PLR2004
            return None
        found = [self._one(_without_amounts(piece)) for piece in pieces]
        sure = {one.resource_id for one in found if one.resource_id is not None}
        if len(sure) != 1:
            return None
        best = max((one for one in found if one.resource_id), key=lambda one: one.confidence)
        return Classification(
            resource_id=best.resource_id,
            confidence=best.confidence * len(sure) / len(pieces),
            alternatives=best.alternatives,
        )

    def _one(self, text: str) -> Classification:
        asked = _content(text)
        if not asked:
            return Classification(resource_id=None, confidence=0.0)
        key = " ".join(sorted(asked))
        if self._exact.get(key) is not None:
            others = self._ranked(asked)
            return Classification(
                resource_id=self._exact[key],
                confidence=1.0,
                alternatives=_others(others, self._exact[key]),
            )
        ranked = self._ranked(asked)
        if not ranked:
            return Classification(resource_id=None, confidence=0.0)
        best, confidence = ranked[0]
        after = ranked[1][1] if len(ranked) > 1 else 0.0
        sure = best is not None and confidence >= SURE and confidence - after >= _LEAD
        return Classification(
            resource_id=best if sure else None,
            confidence=0.0 if best is None else confidence,
            alternatives=_others(ranked, best if sure else None),
        )

    def _ranked(self, asked: Sequence[str]) -> list[tuple[str | None, float]]:
        """Best confidence of each entry (``None`` for the decoys together), best first."""
        likeness = [self._likeness(word) for word in asked]
        weights = [
            max((self._weight[word] for word in like), default=_lone_weight(word, place))
            for place, (word, like) in enumerate(zip(asked, likeness, strict=True))
        ]
        total = sum(weights)
        near = {word for like in likeness for word in like}
        scores: dict[str | None, float] = {}
        for position in {place for word in near for place in self._holding[word]}:
            owner, term = self._terms[position]
            found = [max((like.get(word, 0.0) for word in term), default=0.0) for like in likeness]
            covered = sum(w * f for w, f in zip(weights, found, strict=True)) / total
            mass = sum(self._weight[word] for word in term)
            told = (
                sum(
                    self._weight[word] * max(like.get(word, 0.0) for like in likeness)
                    for word in term
                )
                / mass
            )
            if owner is None and told < _DECOY_TOLD:
                continue
            score = covered * (0.5 + 0.5 * told)
            scores[owner] = max(scores.get(owner, 0.0), score)
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0] or ""))

    def _likeness(self, word: str) -> dict[str, float]:
        """Words of the vocabulary that this one may be, with how likely (0-1)."""
        if word not in self._known:
            if len(self._known) > 50_000:  # noqa: PLR2004 - whatever people type, memory stays small
                self._known.clear()
            self._known[word] = self._compare(word)
        return self._known[word]

    def _compare(self, word: str) -> dict[str, float]:
        if word in self._weight:
            return {word: 1.0}
        if len(word) < _SHORTEST_SOUND:
            return {}
        alike = {}
        for other in self._sounds.get(sound(word), ()):
            slips = OSA.distance(word, other)
            if slips <= _MOST_SLIPS * max(len(word), len(other)):
                alike[other] = _SOUND - _PER_SLIP * max(0, slips - 1)
        for other in self._weight:
            shortest = min(len(word), len(other))
            if shortest < _SHORTEST_SLIP or other in alike:
                continue
            most = 2 if shortest >= _SHORTEST_TWO_SLIPS else 1
            slips = OSA.distance(word, other, score_cutoff=most)
            # A short word that begins otherwise is another word: « perche », « drêche ».
            same_start = word[0] == other[0] or shortest >= _SHORTEST_TWO_SLIPS
            if slips <= most and same_start:
                alike[other] = _SLIP if slips <= 1 else _TWO_SLIPS
        return alike


_SOUNDS: Final = (
    (re.compile(r"ille$"), "il"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"qu?|c(?=[^eiyh]|$)"), "k"),
    (re.compile(r"ss|c(?=[eiy])"), "s"),
    (re.compile(r"y"), "i"),
    (re.compile(r"h"), ""),
    (re.compile(r"eau|au"), "o"),
    (re.compile(r"ai|ei"), "e"),
    (re.compile(r"an|am(?=[pb])|em(?=[pb])|en(?=[^aeiouy])"), "an"),
    (re.compile(r"z"), "s"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?<=..)[stdxp]$"), ""),
)


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """Rough French sound of a folded word: « plastic » and « plastique » are alike.

    >>> sound("barique") == sound("barrique")
    True
    """
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return re.sub(r"(?<=k)ue$|(?<=k)e$", "", word)


def content_words(text: str) -> tuple[str, ...]:
    """Folded words that say what a thing is: without amounts, states and chatter, in order.

    >>> content_words("200 kg de pneus usagés à donner")
    ('pneu',)
    """
    return tuple(word for word in _content(_without_amounts(fold(text))) if word not in _STATES)


def _readings(folded: str) -> Iterable[str]:
    """The text without its amounts; then what the container holds, when there is one."""
    bare = _without_amounts(folded)
    held = _CONTAINERS.match(bare)
    counted = held is not None and bare.strip() != folded.strip()
    inside = held["what"] if held is not None and _holds(held["what"]) else ""
    # « 3 palettes de cartons » counts containers; « cartons d'emballage » names a thing.
    return (inside, bare) if inside and counted else tuple(one for one in (bare, inside) if one)


def _holds(what: str) -> bool:
    inside = set(words(what))
    return not inside <= _MATERIALS and not inside & _EMPTY


def _without_amounts(folded: str) -> str:
    bare = _PACKED.sub(" ", _AMOUNTS.sub(" ", _RHYTHMS.sub(" ", folded)))
    return _LEADING_LINK.sub("", " ".join(bare.split()))


def _content(text: str) -> tuple[str, ...]:
    """Words that say what it is, without repetition."""
    found = [word for word in words(text) if not word.isdigit()]
    kept = [word for word in found if word not in _CHATTER] or found
    return tuple(dict.fromkeys(kept))


def _lone_weight(word: str, place: int) -> float:
    if word in _STATES:
        return _STATE_WEIGHT
    return _UNKNOWN_WEIGHT if place else _UNKNOWN_HEAD_WEIGHT


def _others(ranked: Iterable[tuple[str | None, float]], best: str | None) -> tuple[str, ...]:
    plausible = [
        owner
        for owner, confidence in ranked
        if owner is not None and owner != best and confidence >= _PLAUSIBLE
    ]
    return tuple(plausible[:_MOST_ALTERNATIVES])
