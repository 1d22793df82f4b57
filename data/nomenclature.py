"""The controlled vocabulary of resources and its forgiving search."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from rapidfuzz import fuzz

from data.classifier import Classification, Classifier
from data.errors import NotFoundError
from data.french import quote
from data.model import Resource, ResourceFamily, Stream
from data.settings import ROOT
from data.text import fold, words

RESOURCES_PATH: Final = ROOT / "data" / "reference" / "resources.toml"

_EXACT = 100.0
_PREFIX = 92.0
_TYPO_FLOOR = 80.0
"""Lowest similarity (0-100) at which two words may still be one word with a typo."""
_TYPO_WEIGHT = 0.9
_SHORTEST_TYPO = 4
"""Words shorter than this must match exactly or as a beginning."""
_SHORTEST_PREFIX = 2
_BREVITY = 8.0
"""How much a wordy term loses against one that says just what was asked."""


class Nomenclature:
    """Resources by id, and found by whatever words people use for them."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = {resource.id: resource for resource in resources}
        self._terms = [
            (resource, [words(term) for term in (resource.name, *resource.synonyms)])
            for resource in self._resources.values()
        ]
        self._classifier = Classifier(self._resources.values())

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._resources.values())

    def __len__(self) -> int:
        return len(self._resources)

    def __contains__(self, resource_id: object) -> bool:
        return resource_id in self._resources

    def get(self, resource_id: str) -> Resource:
        """Resource of that id.

        Raises:
            NotFoundError: no such resource.
        """
        try:
            return self._resources[resource_id]
        except KeyError as error:
            raise NotFoundError(
                f"La ressource {quote(resource_id)} n’est pas dans la nomenclature."
            ) from error

    def classify(self, text: str) -> Classification:
        """Entry that a text is about; none when unsure, with the plausible ones beside."""
        return self._classifier.classify(text)

    def search(self, text: str, limit: int | None = None) -> list[Resource]:
        """Resources that answer ``text``, best first; forgives accents, case, plurals and typos.

        First what the text is about when that is sure (« 3 palettes de cartons » is cardboard);
        then those of which one name or synonym has every word asked, in any order, begun or with
        a typo; when there are none, the plausible ones. A waste code (« 20 01 08 ») or an id also
        answers. An empty text gives every resource in order.
        """
        asked = words(text)
        if not asked:
            return list(self._resources.values())[:limit]
        code = fold(text).replace(" ", "")
        scored = []
        for position, (resource, terms) in enumerate(self._terms):
            codes = {waste.replace(" ", "") for waste in resource.waste_codes}
            exact = code == resource.id or code in codes
            score = _EXACT + 1 if exact else max(_score(asked, term) for term in terms)
            if score > 0:
                scored.append((-score, position, resource))
        found = [resource for _, _, resource in sorted(scored, key=lambda s: s[:2])]
        about = self.classify(text)
        if about.resource_id is not None:
            sure = self._resources[about.resource_id]
            found = [sure, *(one for one in found if one.id != sure.id)]
        elif not found:
            found = [self._resources[one] for one in about.alternatives]
        return found[:limit]


def read_resources(path: Path) -> tuple[Resource, ...]:
    """Read a nomenclature file.

    Raises:
        ValueError: an entry is incomplete or names an unknown family, stream or substitute.
    """
    with path.open("rb") as file:
        tables: dict[str, dict[str, Any]] = tomllib.load(file)
    resources = tuple(_resource(key, table) for key, table in tables.items())
    for resource in resources:
        unknown = set(resource.substitutes) - tables.keys()
        if unknown:
            raise ValueError(f"{resource.id}: unknown substitutes {sorted(unknown)}")
    return resources


@cache
def load_resources() -> tuple[Resource, ...]:
    """Read the project's nomenclature (once per process)."""
    return read_resources(RESOURCES_PATH)


@cache
def load_nomenclature() -> Nomenclature:
    """Build the project's nomenclature, ready to search (once per process)."""
    return Nomenclature(load_resources())


def _resource(key: str, table: Mapping[str, Any]) -> Resource:
    density = table.get("density", (None, None, None))
    return Resource(
        id=key,
        family=ResourceFamily(table["family"]),
        stream=Stream(table["stream"]),
        name=table["name"],
        synonyms=tuple(table.get("synonyms", ())),
        waste_codes=tuple(table.get("waste_codes", ())),
        unit=table.get("unit", "t"),
        density_kg_per_l=density[0],
        density_low_kg_per_l=density[1],
        density_high_kg_per_l=density[2],
        unit_mass_kg=table.get("unit_mass"),
        co2e_kg_per_t=table.get("co2e_kg_per_t"),
        substitutes=tuple(table.get("substitutes", ())),
        source=table["source"],
        hypothesis=table.get("hypothesis", False),
    )


def _score(asked: tuple[str, ...], term: tuple[str, ...]) -> float:
    """Mean over the words asked of their best match in the term; 0 when one finds none."""
    best = [max((_word_score(word, other) for other in term), default=0.0) for word in asked]
    if not all(best):
        return 0.0
    surplus = max(0, len(term) - len(asked)) / max(1, len(term))
    return sum(best) / len(best) - _BREVITY * surplus


def _word_score(asked: str, other: str) -> float:
    if asked == other:
        return _EXACT
    if len(asked) >= _SHORTEST_PREFIX and other.startswith(asked):
        return _PREFIX
    if min(len(asked), len(other)) < _SHORTEST_TYPO:
        return 0.0
    likeness = fuzz.ratio(asked, other)
    return _TYPO_WEIGHT * likeness if likeness >= _TYPO_FLOOR else 0.0
