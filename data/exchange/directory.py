"""What the cells of a file may refer to: communes, actors, resources."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process

from data.errors import InputError
from data.french import NNBSP, quote
from data.model import Actor, Commune, Resource, Territory
from data.nomenclature import Nomenclature
from data.text import fold

_CLOSE_ENOUGH = 70


@dataclass(frozen=True, kw_only=True)
class Directory:
    """Names and codes known when a file or a form is read.

    Attributes:
        outside: says in French that a position is outside the territory, or ``None``
            (``geo.locate.describe_outside``; this floor knows no geometry).
        commune_at: code of the commune that holds a position, or ``None``.
    """

    territory: Territory | None
    actors: tuple[Actor, ...] = ()
    resources: tuple[Resource, ...] = ()
    outside: Callable[[float, float], str | None] | None = None
    commune_at: Callable[[float, float], str | None] | None = None

    @cached_property
    def commune(self) -> dict[str, Commune]:
        """Communes by code."""
        return {c.code: c for c in (self.territory.communes if self.territory else ())}

    @cached_property
    def actor(self) -> dict[str, Actor]:
        """Actors by id."""
        return {actor.id: actor for actor in self.actors}

    @cached_property
    def resource(self) -> dict[str, Resource]:
        """Resources by id."""
        return {resource.id: resource for resource in self.resources}

    def communes_called(self, text: str) -> tuple[str, ...]:
        """Codes of the communes that a code or a name stands for.

        Raises:
            InputError: none is known; close names are suggested.
        """
        code = text.strip().upper()
        padded = code.zfill(5) if code.isdigit() else code
        if padded in self.commune:
            return (padded,)
        found = self._commune_names.get(_place(text))
        if found:
            return found
        raise InputError(
            f"la commune {quote(text)} n’est pas dans le territoire. "
            f"{_suggest(text, [c.name for c in self.commune.values()])}"
        )

    def actors_called(self, text: str) -> tuple[str, ...]:
        """Ids of the actors that an id or a name stands for.

        Raises:
            InputError: none is known; close names are suggested.
        """
        if text in self.actor:
            return (text,)
        found = self._actor_names.get(fold(text))
        if found:
            return found
        raise InputError(
            f"l’acteur {quote(text)} n’existe pas. {_suggest(text, [a.name for a in self.actors])}"
        )

    def resources_called(self, text: str) -> tuple[str, ...]:
        """Ids of the resources that an id, a name, a synonym or a waste code stands for.

        Raises:
            InputError: none is known; close names are suggested.
        """
        if text in self.resource:
            return (text,)
        found = self._resource_names.get(fold(text))
        if found:
            return found
        hint = self._hints.get(text)
        if hint is None:
            near = [resource.name for resource in self._nomenclature.search(text, limit=3)]
            hint = f"Peut-être{NNBSP}: {', '.join(map(quote, near))}." if near else _LOOK_IT_UP
            self._hints[text] = hint
        raise InputError(f"la ressource {quote(text)} n’est pas dans la nomenclature. {hint}")

    @cached_property
    def _hints(self) -> dict[str, str]:
        """Suggestions already looked for: a mistake often fills a column."""
        return {}

    def actors_named(self, text: str) -> tuple[str, ...]:
        """Ids of the actors with this very name, whatever its case and accents."""
        return self._actor_names.get(fold(text), ())

    @cached_property
    def actor_of_siret(self) -> dict[str, str]:
        """Ids of actors by SIRET."""
        return {actor.siret: actor.id for actor in self.actors if actor.siret}

    @cached_property
    def actor_communes(self) -> frozenset[str]:
        """Commune codes of the actors, inside the territory or not."""
        return frozenset(actor.commune_code for actor in self.actors)

    @cached_property
    def _commune_names(self) -> dict[str, tuple[str, ...]]:
        return _group((_place(c.name), c.code) for c in self.commune.values())

    @cached_property
    def _actor_names(self) -> dict[str, tuple[str, ...]]:
        return _group((fold(actor.name), actor.id) for actor in self.actors)

    @cached_property
    def _resource_names(self) -> dict[str, tuple[str, ...]]:
        # A name is more precise than a synonym, which several resources may share.
        names = _group((fold(r.name), r.id) for r in self.resources)
        synonyms = _group((fold(s), r.id) for r in self.resources for s in r.synonyms)
        return {**synonyms, **names}

    @cached_property
    def _nomenclature(self) -> Nomenclature:
        return Nomenclature(self.resources)


_LOOK_IT_UP = "Choisissez un nom de la liste des ressources."


def only(found: tuple[str, ...], text: str, what: str) -> str:
    """Return the single id found.

    Raises:
        InputError: several answer the same words.
    """
    if len(found) > 1:
        raise InputError(
            f"{quote(text)} désigne plusieurs {what}. Écrivez l’identifiant{NNBSP}: "
            f"{', '.join(sorted(found))}."
        )
    return found[0]


def _place(name: str) -> str:
    """A commune's name without its hyphens: « St Pierre d'Eyraud » is Saint-Pierre-d'Eyraud."""
    words = fold(name).replace("-", " ").replace("'", " ").split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def _group(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for name, record_id in pairs:
        if record_id not in grouped[name]:
            grouped[name].append(record_id)
    return {name: tuple(ids) for name, ids in grouped.items()}


def _suggest(text: str, names: list[str]) -> str:
    near = process.extract(text, names, processor=fold, limit=2, score_cutoff=_CLOSE_ENOUGH)
    if not near:
        return "Vérifiez l’orthographe ou créez-le d’abord."
    return f"Peut-être{NNBSP}: {', '.join(quote(name) for name, _, _ in near)}{NNBSP}?"
