"""The ends of flows: actors, communes, EPCI, gates, and the two that have no address.

One row a place, indexed by id (``actor:…``, ``commune:…``, ``epci:…``, ``gate:…``, ``territory``,
``outside``, ``unknown``), with these columns:

- ``kind`` (:class:`PlaceKind`), ``name``;
- ``lon``, ``lat``: where it is drawn, degrees; NaN when nothing can be drawn;
- ``true_lon``, ``true_lat``: where it really is; NaN when a distance would mean nothing;
- ``inside``: within the territory; False for both outside and unknown (see ``kind``);
- ``actor_id``, ``commune_code``, ``epci_code``: empty where they have no meaning;
- ``at_commune``, ``at_epci``: the place that stands for it at these two levels.
"""

import math
from collections.abc import Iterable
from enum import StrEnum

import pandas as pd
import shapely

from data.model import Actor, Commune, Territory
from data.text import slug
from geo.flows.gates import (
    OUTSIDE_BEARING_DEG,
    UNKNOWN_BEARING_DEG,
    Border,
    OutsidePlace,
    load_names,
    load_outside_places,
)

TERRITORY = "territory"
OUTSIDE = "outside"
UNKNOWN = "unknown"

COLUMNS = (
    "id",
    "kind",
    "name",
    "lon",
    "lat",
    "true_lon",
    "true_lat",
    "inside",
    "actor_id",
    "commune_code",
    "epci_code",
    "at_commune",
    "at_epci",
)


class PlaceKind(StrEnum):
    """What stands at the end of a flow."""

    ACTOR = "actor"
    COMMUNE = "commune"
    EPCI = "epci"
    TERRITORY = "territory"
    """Somewhere inside, not said where (protected aggregates only)."""
    GATE = "gate"
    """A place outside, drawn on the border in its direction."""
    OUTSIDE = "outside"
    """« Hors territoire », no place given."""
    UNKNOWN = "unknown"
    """« Partenaire inconnu »: inside or outside, nobody knows."""


class PlaceBook:
    """Finds the place of each end of a flow, and keeps the table of all places met.

    Args:
        territory: its communes and EPCI are places from the start; neighbours are known outside
            places.
        actors: every actor that a flow may name.
        outside_places: the known places outside; the project's table by default.
    """

    def __init__(
        self,
        territory: Territory,
        actors: Iterable[Actor],
        outside_places: Iterable[OutsidePlace] | None = None,
    ) -> None:
        self._border = Border(territory)
        self._actors = {actor.id: actor for actor in actors}
        self._rows: dict[str, tuple[object, ...]] = {}
        self._by_text: dict[str, str] = {}
        self._resolved: dict[str, str] = {}
        self._communes = {commune.code: commune for commune in territory.communes}
        self._vague = {slug(name) for name in load_names("vague")}
        self._here = {slug(name) for name in load_names("here")}
        known = load_outside_places() if outside_places is None else tuple(outside_places)
        # Names inside win over names outside: a territory that holds Bordeaux has no such gate.
        self._outside: dict[str, OutsidePlace] = {}
        for commune in territory.neighbours:
            self._learn_outside(_neighbour(commune))
        for place in known:
            self._learn_outside(place)
        self._add_fixed(territory)

    def of_actor(self, actor_id: str) -> str | None:
        """Place id of an actor; ``None`` when there is no such actor."""
        actor = self._actors.get(actor_id)
        if actor is None:
            return None
        place_id = f"actor:{actor_id}"
        if place_id not in self._rows:
            self._add_actor(place_id, actor)
        return place_id

    def of_text(self, text: str) -> str:
        """Place id of a commune code or of a place name; empty text is an unknown partner."""
        text = text.strip()
        if text not in self._resolved:
            self._resolved[text] = self._resolve(text)
        return self._resolved[text]

    def partner_of(self, own: str, partner_id: str | None, partner_place: str) -> str:
        """Place id of the other side of a flow of the place ``own``."""
        found = self.of_actor(partner_id) if partner_id else None
        if found is not None:
            return found
        return own if slug(partner_place) in self._here else self.of_text(partner_place)

    def table(self) -> pd.DataFrame:
        """Every place met so far, indexed by id, in order of id."""
        frame = pd.DataFrame([self._rows[key] for key in sorted(self._rows)], columns=COLUMNS)
        numbers = dict.fromkeys(("lon", "lat", "true_lon", "true_lat"), "float64")
        return frame.astype({**numbers, "inside": "bool"}).set_index("id")

    def _resolve(self, text: str) -> str:
        key = slug(text)
        if not key or key in self._vague:
            return UNKNOWN
        if key in self._by_text:
            return self._by_text[key]
        place = self._outside.get(key)
        return self._gate(place) if place else OUTSIDE

    def _learn_outside(self, place: OutsidePlace) -> None:
        for text in (place.name, place.code, *place.aliases):
            if text:
                self._outside.setdefault(slug(text), place)

    def _gate(self, place: OutsidePlace) -> str:
        gate_id = f"gate:{place.id}"
        if gate_id not in self._rows:
            lon, lat = self._border.towards(place.lon, place.lat)
            true = (math.nan, math.nan) if place.area else (place.lon, place.lat)
            self._add(gate_id, PlaceKind.GATE, place.name, (lon, lat), true)
        return gate_id

    def _add_actor(self, place_id: str, actor: Actor) -> None:
        true = (actor.lon, actor.lat)
        commune = self._communes.get(actor.commune_code)
        if commune is not None:
            self._add(
                place_id,
                PlaceKind.ACTOR,
                actor.name,
                true,
                true,
                commune=commune,
                actor_id=actor.id,
                at=(f"commune:{commune.code}", f"epci:{commune.epci_code}"),
            )
            return
        gate = self._gate_of_outsider(actor)
        self._add(
            place_id,
            PlaceKind.ACTOR,
            actor.name,
            self._border.towards(*true),
            true,
            actor_id=actor.id,
            at=(gate, gate),
        )

    def _gate_of_outsider(self, actor: Actor) -> str:
        """Gate of an actor outside: of its commune, named when the commune is known."""
        if not actor.commune_code:
            return OUTSIDE
        place = self._outside.get(slug(actor.commune_code)) or OutsidePlace(
            id=actor.commune_code,
            name=f"Hors territoire ({actor.commune_code})",
            lon=actor.lon,
            lat=actor.lat,
        )
        return self._gate(place)

    def _add_fixed(self, territory: Territory) -> None:
        """Add what exists without any flow: EPCI, communes, and the three places of no address."""
        shapes = shapely.from_wkb([c.boundary_wkb for c in territory.communes])
        for epci in territory.epcis:
            members = [c.epci_code == epci.code for c in territory.communes]
            middle = shapely.union_all(shapes[members]).representative_point() if members else None
            where = (middle.x, middle.y) if middle and not middle.is_empty else (math.nan, math.nan)
            place_id = f"epci:{epci.code}"
            self._add(place_id, PlaceKind.EPCI, epci.name, where, epci_code=epci.code, inside=True)
            self._by_text |= {slug(t): place_id for t in (epci.code, epci.name, epci.short_name)}
        for commune in territory.communes:
            place_id = f"commune:{commune.code}"
            where = (commune.town_hall_lon, commune.town_hall_lat)
            self._add(
                place_id,
                PlaceKind.COMMUNE,
                commune.name,
                where,
                where,
                commune=commune,
                at=(place_id, f"epci:{commune.epci_code}"),
            )
            self._by_text |= {slug(commune.name): place_id, slug(commune.code): place_id}
        centre = self._border.centre or (math.nan, math.nan)
        name = territory.name or "Territoire"
        self._add(TERRITORY, PlaceKind.TERRITORY, name, centre, inside=True)
        where = self._border.at_bearing(OUTSIDE_BEARING_DEG)
        self._add(OUTSIDE, PlaceKind.OUTSIDE, "Hors territoire", where)
        where = self._border.beyond(UNKNOWN_BEARING_DEG)
        self._add(UNKNOWN, PlaceKind.UNKNOWN, "Partenaire inconnu", where)

    def _add(
        self,
        place_id: str,
        kind: PlaceKind,
        name: str,
        drawn: tuple[float, float],
        true: tuple[float, float] = (math.nan, math.nan),
        *,
        commune: Commune | None = None,
        actor_id: str = "",
        epci_code: str = "",
        inside: bool = False,
        at: tuple[str, str] | None = None,
    ) -> None:
        self._rows[place_id] = (
            place_id,
            kind.value,
            name,
            *drawn,
            *true,
            inside or commune is not None,
            actor_id,
            commune.code if commune else "",
            commune.epci_code if commune else epci_code,
            *(at or (place_id, place_id)),
        )


def _neighbour(commune: Commune) -> OutsidePlace:
    return OutsidePlace(
        id=commune.code,
        name=commune.name,
        code=commune.code,
        lon=commune.town_hall_lon,
        lat=commune.town_hall_lat,
        source="Territoire : communes voisines",
    )
