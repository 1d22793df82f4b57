"""What the demonstration holds."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from data.model import (
    Actor,
    Attendance,
    Card,
    Depot,
    Event,
    Flow,
    FlowStudy,
    Idea,
    Letter,
    Listing,
    Outlet,
    Record,
    Scenario,
    Stop,
    Subscriber,
    Synergy,
    SynergyNote,
    Vehicle,
    Workshop,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoData:
    """All records of the demonstration, parents before children."""

    actors: tuple[Actor, ...]
    studies: tuple[FlowStudy, ...]
    flows: tuple[Flow, ...]
    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    depots: tuple[Depot, ...]
    outlets: tuple[Outlet, ...]
    scenarios: tuple[Scenario, ...]
    workshops: tuple[Workshop, ...]
    attendances: tuple[Attendance, ...]
    cards: tuple[Card, ...]
    ideas: tuple[Idea, ...]
    listings: tuple[Listing, ...]
    synergies: tuple[Synergy, ...]
    notes: tuple[SynergyNote, ...]
    events: tuple[Event, ...]
    subscribers: tuple[Subscriber, ...]
    letters: tuple[Letter, ...]

    def records(self) -> Iterator[Record]:
        """Every record, kind by kind."""
        for field in fields(self):
            yield from getattr(self, field.name)
