"""What a person chose to see: filters, selection and view, kept in the address bar."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from data.model import (
    Actor,
    ActorKind,
    College,
    Direction,
    Flow,
    ResourceFamily,
    Stream,
    Territory,
)
from data.nomenclature import Nomenclature
from geo.layers.choropleth import Measure
from geo.search import search_actors

_LONGEST_TEXT = 200
_LONGEST_ID = 100
_CLOSEST_ZOOM = 22
_DECIMALS = 5
_ZOOM_DECIMALS = 2
_EPCI = re.compile(r"\d{9}")
_COMMUNE = re.compile(r"\d[\dAB]\d{3}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# Words of the address bar: short, French, and kept for ever, since links are pasted in e-mails.
_KINDS = {
    ActorKind.COMPANY: "entreprise",
    ActorKind.SSE: "ess",
    ActorKind.PUBLIC_BODY: "public",
    ActorKind.FARM: "ferme",
    ActorKind.RESIDENTS: "habitants",
}
_COLLEGES = {
    College.PUBLIC: "public",
    College.PRIVATE: "prive",
    College.POPULATION: "population",
}
_FAMILIES = {
    ResourceFamily.MATERIAL: "matieres",
    ResourceFamily.WASTE: "dechets",
    ResourceFamily.ENERGY: "energie",
    ResourceFamily.WATER: "eau",
    ResourceFamily.EQUIPMENT: "equipements",
    ResourceFamily.SPACE: "espaces",
    ResourceFamily.SKILL: "competences",
    ResourceFamily.LOGISTICS: "logistique",
}
_STREAMS = {
    Stream.BIOWASTE: "biodechets",
    Stream.WOOD: "bois",
    Stream.PAPER_CARDBOARD: "papier-carton",
    Stream.PLASTIC: "plastique",
    Stream.METAL: "metal",
    Stream.GLASS: "verre",
    Stream.MINERAL: "mineraux",
    Stream.TEXTILE: "textile",
    Stream.CHEMICAL: "chimie",
    Stream.FOOD: "alimentation",
    Stream.ENERGY: "energie",
    Stream.WATER: "eau",
    Stream.SHARED_MEANS: "moyens-partages",
}
_DIRECTIONS = {Direction.IN: "entrant", Direction.OUT: "sortant"}
_MEASURES = {
    Measure.POPULATION: "population",
    Measure.DENSITY: "densite",
    Measure.ACTORS: "acteurs",
    Measure.TONNES: "tonnes",
}

QUERY_KEYS = (
    "epci",
    "commune",
    "type",
    "college",
    "famille",
    "filiere",
    "sens",
    "q",
    "acteur",
    "fond",
    "indicateur",
    "vue",
)
"""Every key :meth:`Selection.to_query` may use, in the order it writes them."""

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class View:
    """Centre and zoom of a map, as the address bar writes them.

    Degrees are kept to five decimals (a metre), the zoom to two (the map stops at quarters).
    """

    lat: float
    lon: float
    zoom: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "lat", round(self.lat, _DECIMALS) + 0.0)
        object.__setattr__(self, "lon", round(self.lon, _DECIMALS) + 0.0)
        object.__setattr__(self, "zoom", round(self.zoom, _ZOOM_DECIMALS) + 0.0)


@dataclass(frozen=True, slots=True)
class Selected:
    """What a selection keeps."""

    actors: tuple[Actor, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Filters (empty = no filter), the actor whose card is open, and how the map is shown.

    Attributes:
        epci: SIREN code.
        commune: INSEE code.
        text: words searched in actors' names, skills, activity and commune.
        actor: id of the actor whose card is open; it filters nothing.
        background: name of the base map (lower-case letters, digits, hyphens).
        measure: what communes are shaded by.
        view: centre and zoom; None = the whole territory.
    """

    epci: str | None = None
    commune: str | None = None
    kinds: frozenset[ActorKind] = field(default_factory=frozenset)
    colleges: frozenset[College] = field(default_factory=frozenset)
    families: frozenset[ResourceFamily] = field(default_factory=frozenset)
    streams: frozenset[Stream] = field(default_factory=frozenset)
    direction: Direction | None = None
    text: str = ""
    actor: str | None = None
    background: str | None = None
    measure: Measure | None = None
    view: View | None = None

    @property
    def filters_flows(self) -> bool:
        """Whether actors are kept for the flows they have."""
        return bool(self.families or self.streams or self.direction)

    def apply(
        self,
        actors: Iterable[Actor],
        flows: Iterable[Flow],
        territory: Territory,
        nomenclature: Nomenclature,
    ) -> Selected:
        """Keep the matching actors and, among their flows, the matching ones.

        With a filter on flows, an actor is kept when at least one of its flows matches. Order:
        best match first when there is a text, otherwise as given.
        """
        # Searching first lets the word index of the whole directory serve every other filter.
        directory = actors if isinstance(actors, tuple) else tuple(actors)
        kept = (
            search_actors(directory, self.text, _commune_names(territory))
            if self.text.strip()
            else directory
        )
        communes = self._communes(territory)
        kept = tuple(
            a
            for a in kept
            if (communes is None or a.commune_code in communes)
            and (not self.kinds or a.kind in self.kinds)
            and (not self.colleges or a.college in self.colleges)
        )
        ids = {a.id for a in kept}
        matching = tuple(f for f in flows if f.actor_id in ids)
        if self.filters_flows:
            wanted = self._resources({f.resource_id for f in matching}, nomenclature)
            matching = tuple(
                f
                for f in matching
                if f.resource_id in wanted and self.direction in (None, f.direction)
            )
            having = {f.actor_id for f in matching}
            kept = tuple(a for a in kept if a.id in having)
        return Selected(actors=kept, flows=matching)

    def to_query(self) -> dict[str, str]:
        """Address-bar parameters; what is not chosen is left out. Keys: ``QUERY_KEYS``."""
        view = self.view
        words = {
            "epci": self.epci or "",
            "commune": self.commune or "",
            "type": _join(self.kinds, _KINDS),
            "college": _join(self.colleges, _COLLEGES),
            "famille": _join(self.families, _FAMILIES),
            "filiere": _join(self.streams, _STREAMS),
            "sens": _DIRECTIONS[self.direction] if self.direction else "",
            "q": self.text,
            "acteur": self.actor or "",
            "fond": self.background or "",
            "indicateur": _MEASURES[self.measure] if self.measure else "",
            "vue": f"{view.lat:.5f},{view.lon:.5f},{view.zoom:g}" if view else "",
        }
        return {key: word for key, word in words.items() if word}

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], territory: Territory | None = None
    ) -> "Selection":
        """Read address-bar parameters; whatever is unknown or malformed is ignored.

        Args:
            query: one text a key.
            territory: when given, codes that are not in it are ignored too, so that a link made
                for another territory shows this one whole rather than empty.
        """
        epci = _matching(query.get("epci", ""), _EPCI)
        commune = _matching(query.get("commune", ""), _COMMUNE)
        if territory is not None:
            if epci not in {e.code for e in territory.epcis}:
                epci = None
            if commune not in {c.code for c in territory.communes}:
                commune = None
        actor = query.get("acteur", "")
        return cls(
            epci=epci,
            commune=commune,
            kinds=_split(query.get("type", ""), _KINDS),
            colleges=_split(query.get("college", ""), _COLLEGES),
            families=_split(query.get("famille", ""), _FAMILIES),
            streams=_split(query.get("filiere", ""), _STREAMS),
            direction=_one(query.get("sens", ""), _DIRECTIONS),
            text=query.get("q", "")[:_LONGEST_TEXT],
            actor=actor if 0 < len(actor) <= _LONGEST_ID else None,
            background=_matching(query.get("fond", ""), _SLUG),
            measure=_one(query.get("indicateur", ""), _MEASURES),
            view=_view(query.get("vue", "")),
        )

    def _communes(self, territory: Territory) -> frozenset[str] | None:
        """Codes of the communes asked for; None when the whole territory is."""
        if self.commune is None and self.epci is None:
            return None
        return frozenset(
            c.code
            for c in territory.communes
            if self.commune in (None, c.code) and self.epci in (None, c.epci_code)
        )

    def _resources(self, ids: set[str], nomenclature: Nomenclature) -> set[str]:
        wanted = set()
        for resource_id in ids:
            resource = nomenclature.get(resource_id)
            if (not self.families or resource.family in self.families) and (
                not self.streams or resource.stream in self.streams
            ):
                wanted.add(resource_id)
        return wanted


_names: tuple[Territory, dict[str, str]] | None = None


def _commune_names(territory: Territory) -> dict[str, str]:
    """Same object for the same territory: it is part of the key of the search index."""
    global _names  # noqa: PLW0603 (one assignment of an immutable tuple: safe between threads)
    names = _names
    if names is None or names[0] is not territory:
        names = (territory, {c.code: c.name for c in territory.communes})
        _names = names
    return names[1]


def _join(chosen: frozenset[Word], words: Mapping[Word, str]) -> str:
    return ",".join(word for member, word in words.items() if member in chosen)


def _split(text: str, words: Mapping[Word, str]) -> frozenset[Word]:
    asked = set(text.split(","))
    return frozenset(member for member, word in words.items() if word in asked)


def _one(text: str, words: Mapping[Word, str]) -> Word | None:
    return next((member for member, word in words.items() if word == text), None)


def _matching(text: str, pattern: re.Pattern[str]) -> str | None:
    return text if len(text) <= _LONGEST_ID and pattern.fullmatch(text) else None


def _view(text: str) -> View | None:
    try:
        lat, lon, zoom = text.split(",")
        view = View(float(lat), float(lon), float(zoom))
    except (ValueError, OverflowError):
        return None
    sound = (
        math.isfinite(view.lat)
        and math.isfinite(view.lon)
        and abs(view.lat) <= 90  # noqa: PLR2004 (degrees)
        and abs(view.lon) <= 180  # noqa: PLR2004 (degrees)
        and 0 <= view.zoom <= _CLOSEST_ZOOM  # false for « nan » too
    )
    return view if sound else None
