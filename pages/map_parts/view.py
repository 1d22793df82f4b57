"""What the map page may show: the public part of the store, with what is costly kept ready."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from data.model import Actor, Direction, Flow, Stream, Territory, Visibility
from data.units import Mass, annual_mass
from geo.layers import spread_positions
from geo.select import Selected, Selection
from pages.ui.session import Snapshot


@dataclass(frozen=True, kw_only=True)
class PublicView:
    """One revision of the store without what is reserved to the network or to the team.

    Nobody signs in on this page, so every visitor is the public.
    """

    snapshot: Snapshot
    territory: Territory

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """Public actors, by name."""
        public = (a for a in self.snapshot.actors if a.visibility is Visibility.PUBLIC)
        return tuple(sorted(public, key=lambda actor: (actor.name.casefold(), actor.id)))

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Public flows of public actors."""
        known = {actor.id for actor in self.actors}
        return tuple(
            flow
            for flow in self.snapshot.flows
            if flow.visibility is Visibility.PUBLIC and flow.actor_id in known
        )

    @cached_property
    def reserved(self) -> int:
        """How many flows the public does not see."""
        return len(self.snapshot.flows) - len(self.flows)

    @cached_property
    def flows_of(self) -> dict[str, list[Flow]]:
        """Public flows by actor id."""
        grouped: dict[str, list[Flow]] = defaultdict(list)
        for flow in self.flows:
            grouped[flow.actor_id].append(flow)
        return dict(grouped)

    @cached_property
    def mass(self) -> dict[str, Mass]:
        """Yearly mass by flow id; a flow of unknown mass is absent."""
        resources, figures = self.snapshot.resource, self.snapshot.figures
        masses = {
            flow.id: annual_mass(flow, resources[flow.resource_id], figures)
            for flow in self.flows
            if flow.resource_id in resources
        }
        return {flow_id: mass for flow_id, mass in masses.items() if mass is not None}

    @cached_property
    def position(self) -> dict[str, tuple[float, float]]:
        """Longitude and latitude each actor is drawn at; a filter moves nobody."""
        return spread_positions(self.actors)

    def select(self, selection: Selection) -> Selected:
        """Actors and flows that the filters keep."""
        return selection.apply(self.actors, self.flows, self.territory, self.snapshot.nomenclature)

    def tonnes(self, flows: Iterable[Flow], direction: Direction) -> float | None:
        """Tonnes a year of these flows in one direction; ``None`` when no mass is known."""
        known = [
            self.mass[flow.id].t_per_year
            for flow in flows
            if flow.direction is direction and flow.id in self.mass
        ]
        return sum(known) if known else None

    def tonnes_by_commune(self, flows: Iterable[Flow], direction: Direction) -> dict[str, float]:
        """Tonnes a year by commune code; a commune without known mass is absent."""
        total: dict[str, float] = defaultdict(float)
        for flow in flows:
            if flow.direction is direction and flow.id in self.mass:
                code = self.snapshot.actor[flow.actor_id].commune_code
                total[code] += self.mass[flow.id].t_per_year
        return dict(total)

    def tonnes_by_stream(
        self, flows: Iterable[Flow], direction: Direction
    ) -> list[tuple[Stream, float]]:
        """Tonnes a year by stream, the heaviest first."""
        total: dict[Stream, float] = defaultdict(float)
        for flow in flows:
            if flow.direction is direction and flow.id in self.mass:
                stream = self.snapshot.resource[flow.resource_id].stream
                total[stream] += self.mass[flow.id].t_per_year
        return sorted(total.items(), key=lambda item: -item[1])

    def commune_name(self, actor: Actor) -> str:
        """Name of the actor's commune, or its code outside the territory."""
        commune = self.snapshot.commune.get(actor.commune_code)
        return commune.name if commune else actor.commune_code

    def epci_name(self, actor: Actor) -> str:
        """Short name of the actor's EPCI, empty outside the territory."""
        commune = self.snapshot.commune.get(actor.commune_code)
        return self.snapshot.epci[commune.epci_code].short_name if commune else ""


_views: dict[str, PublicView] = {}
_lock = threading.Lock()
_KEPT = 4


def public_view(snapshot: Snapshot) -> PublicView | None:
    """Return the view of this revision, shared by all sessions; ``None`` without a territory."""
    if snapshot.territory is None:
        return None
    with _lock:
        view = _views.get(snapshot.key)
        if view is None:
            view = PublicView(snapshot=snapshot, territory=snapshot.territory)
            while len(_views) >= _KEPT:
                _views.pop(next(iter(_views)))
            _views[snapshot.key] = view
        return view
