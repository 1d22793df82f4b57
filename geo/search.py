"""Find actors by what they are called and what they do; accents and typos forgiven."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from data.model import Actor
from data.text import fold, words

# Where a word counts most: a name first, then skills, activity, place.
_WEIGHTS = {"name": 1.0, "competences": 0.8, "activity": 0.7, "commune": 0.6}
_PREFIX_SCORE = 0.95
_PART_SCORE = 0.8
_SHORTEST_PART = 3
_SHORTEST_TYPO = 4
# One wrong letter in four to seven, two in eight: swapped neighbours count as one.
_CLOSEST_TYPO = 0.75
_TYPO_SCORE = 0.75


@dataclass(slots=True)
class ActorIndex:
    """The words of a directory, ready to be searched.

    Args:
        actors: in the order that breaks ties.
        commune_names: INSEE code → name, to find actors by place.
    """

    actors: tuple[Actor, ...]
    commune_names: Mapping[str, str] = field(default_factory=dict)
    _postings: dict[str, list[tuple[int, float]]] = field(init=False, repr=False)
    _vocabulary: list[str] = field(init=False, repr=False)
    _names: list[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Many actors share an activity or a commune: each distinct text is cut into words once.
        cut: dict[str, tuple[str, ...]] = {}
        postings: dict[str, dict[int, float]] = defaultdict(dict)
        for number, actor in enumerate(self.actors):
            texts = {
                "name": actor.name,
                "competences": " ".join(actor.competences),
                "activity": actor.activity,
                "commune": self.commune_names.get(actor.commune_code, ""),
            }
            for part, text in texts.items():
                if text not in cut:
                    cut[text] = words(text)
                for word in cut[text]:
                    held = postings[word]
                    held[number] = max(held.get(number, 0.0), _WEIGHTS[part])
        self._postings = {word: list(held.items()) for word, held in postings.items()}
        self._vocabulary = list(self._postings)
        self._names = [fold(actor.name) for actor in self.actors]

    def search(self, text: str) -> tuple[Actor, ...]:
        """Actors that have every word of ``text``, best first; all of them for a blank text."""
        wanted = tuple(dict.fromkeys(words(text)))
        if not wanted:
            return self.actors if not text.strip() else ()
        total: dict[int, float] | None = None
        for word in wanted:
            found: dict[int, float] = {}
            for known, closeness in self._close(word).items():
                for number, weight in self._postings[known]:
                    found[number] = max(found.get(number, 0.0), closeness * weight)
            total = (
                found
                if total is None
                else {n: total[n] + score for n, score in found.items() if n in total}
            )
        scores = total or {}
        phrase = fold(text)
        for number in scores:
            if phrase in self._names[number]:
                scores[number] += 1.0 + (self._names[number] == phrase)
        return tuple(self.actors[n] for n in sorted(scores, key=lambda n: (-scores[n], n)))

    def _close(self, word: str) -> dict[str, float]:
        """Known words that ``word`` may stand for, with a closeness in (0, 1]."""
        close: dict[str, float] = {}
        if len(word) >= _SHORTEST_TYPO:
            for known, score, _ in process.extract(
                word,
                self._vocabulary,
                scorer=OSA.normalized_similarity,
                score_cutoff=_CLOSEST_TYPO,
                limit=None,
            ):
                close[known] = score * _TYPO_SCORE
        for known in self._vocabulary:
            if known == word:
                close[known] = 1.0
            elif known.startswith(word):
                close[known] = _PREFIX_SCORE
            elif len(word) >= _SHORTEST_PART and word in known:
                close[known] = max(close.get(known, 0.0), _PART_SCORE)
        return close


_latest: tuple[tuple[Actor, ...], Mapping[str, str] | None, ActorIndex] | None = None


def search_actors(
    actors: tuple[Actor, ...], text: str, commune_names: Mapping[str, str] | None = None
) -> tuple[Actor, ...]:
    """Actors that have every word of ``text`` in their name, skills, activity or commune.

    The index of the latest directory is kept: give the same objects again (not equal copies) for
    a search in a few milliseconds.

    Returns:
        Best first; all actors in their order for a blank text; none when nothing matches.
    """
    global _latest  # noqa: PLW0603 (one assignment of an immutable tuple: safe between threads)
    latest = _latest
    if latest is None or latest[0] is not actors or latest[1] is not commune_names:
        latest = (actors, commune_names, ActorIndex(actors, commune_names or {}))
        _latest = latest
    return latest[2].search(text)
