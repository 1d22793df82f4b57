"""What a report counts, and what of it belongs to an EPCI."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from data.model import (
    Actor,
    Attendance,
    Card,
    Event,
    FlowStudy,
    Idea,
    Plan,
    Scenario,
    Synergy,
    Workshop,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Everything the figures are counted from."""

    actors: tuple[Actor, ...] = ()
    studies: tuple[FlowStudy, ...] = ()
    events: tuple[Event, ...] = ()
    workshops: tuple[Workshop, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    cards: tuple[Card, ...] = ()
    ideas: tuple[Idea, ...] = ()
    synergies: tuple[Synergy, ...] = ()
    plans: tuple[Plan, ...] = ()
    scenarios: tuple[Scenario, ...] = ()

    def within(self, communes: Collection[str]) -> "Records":
        """Keep what happens in these communes.

        A synergy or a plan belongs to every EPCI one of its actors or stops is in, so the
        figures of several EPCI do not add up to the territory's.

        Args:
            communes: INSEE codes.
        """
        inside = set(communes)
        actors = {one.id for one in self.actors if one.commune_code in inside}
        workshops = {one.id for one in self.workshops if one.commune_code in inside}
        scenarios = {
            one.id
            for one in self.scenarios
            if any(stop.commune_code in inside for stop in one.stops)
        }
        return replace(
            self,
            actors=tuple(one for one in self.actors if one.id in actors),
            studies=tuple(one for one in self.studies if one.actor_id in actors),
            events=tuple(one for one in self.events if one.commune_code in inside),
            workshops=tuple(one for one in self.workshops if one.id in workshops),
            attendances=tuple(one for one in self.attendances if one.workshop_id in workshops),
            cards=tuple(one for one in self.cards if one.workshop_id in workshops),
            ideas=tuple(one for one in self.ideas if one.workshop_id in workshops),
            synergies=tuple(
                one
                for one in self.synergies
                if any(party.actor_id in actors for party in one.parties)
            ),
            plans=tuple(one for one in self.plans if one.scenario_id in scenarios),
            scenarios=tuple(one for one in self.scenarios if one.id in scenarios),
        )
