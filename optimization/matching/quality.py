"""Qualities in plain words, turned into what can be compared: what is asked, what is offered."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from data.text import words

AXES: Final[tuple[tuple[str, frozenset[str], frozenset[str]], ...]] = (
    (
        "propreté",
        frozenset({"propre", "lave", "nettoye", "vide", "net"}),
        frozenset({"souille", "sale", "contamine", "gras", "terreux", "boueux"}),
    ),
    (
        "tri",
        frozenset({"trie", "separe", "homogene", "pur"}),
        frozenset({"melange", "vrac", "trier", "heterogene"}),
    ),
    (
        "état",
        frozenset({"neuf", "neuve", "bon", "intact", "entier", "reparable", "reutilisable"}),
        frozenset({"casse", "abime", "hors", "use", "usee", "fendu", "perce", "rouille"}),
    ),
    (
        "absence de traitement",
        frozenset({"brut", "naturel", "bio"}),
        frozenset({"traite", "peint", "verni", "colle", "autoclave", "creosote"}),
    ),
    (
        "humidité",
        frozenset({"sec", "seche", "abri"}),
        frozenset({"humide", "mouille", "detrempe"}),
    ),
    (
        "aptitude alimentaire",
        frozenset({"alimentaire", "consommable"}),
        frozenset({"impropre", "perime"}),
    ),
)
"""Name of the axis, words that promise it, words that deny it (folded, singular)."""

_NEGATIONS: Final = frozenset({"non", "pas", "sans", "jamais", "ni"})


@dataclass(frozen=True, slots=True)
class Quality:
    """What a text says on each axis: 1 promised, -1 denied, 0 nothing; and the rest of it.

    Attributes:
        stated: whether the text says anything at all.
        other: words that no axis knows.
    """

    axes: tuple[int, ...]
    stated: bool
    other: frozenset[str]


@lru_cache(maxsize=65_536)
def read_quality(text: str) -> Quality:
    """Read a quality as people write it: « propre, non traité », « en vrac, à trier »."""
    found = [0] * len(AXES)
    other: set[str] = set()
    turned = False
    for word in words(text) if text.strip() else ():
        if word in _NEGATIONS:
            turned = True
            continue
        masculine = word[:-1] if word.endswith("ee") else word
        known = False
        for axis, (_, promises, denials) in enumerate(AXES):
            sign = (masculine in promises) - (masculine in denials)
            if sign:
                # One denial outweighs any promise: « propre, quelques-unes cassées ».
                value = -sign if turned else sign
                found[axis] = value if found[axis] == 0 else min(found[axis], value)
                known = True
        if not known:
            other.add(word)
        turned = False
    return Quality(axes=tuple(found), stated=bool(text.strip()), other=frozenset(other))


def compatibility(offered: Quality, wanted: Quality) -> tuple[float, str]:
    """Share of the quality points (1, ½ or 0), and the axis that decided (or an empty text).

    Nothing asked: 1. Asked and denied by the offer: 0. Asked on some axis, or in words that no
    axis knows, and not said by the offer: ½, to be checked. Otherwise 1.
    """
    if not wanted.stated:
        return 1.0, ""
    for (name, _, _), offer, want in zip(AXES, offered.axes, wanted.axes, strict=True):
        if want > 0 > offer:
            return 0.0, name
    for (name, _, _), offer, want in zip(AXES, offered.axes, wanted.axes, strict=True):
        if want > 0 and offer == 0:
            return 0.5, name
    return (1.0, "") if wanted.other <= offered.other else (0.5, "")
