"""What the demonstration holds."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from data.model import Actor, Depot, Flow, Outlet, Record, Scenario, Stop, Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoData:
    """All records of the demonstration, parents before children."""

    actors: tuple[Actor, ...]
    flows: tuple[Flow, ...]
    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    depots: tuple[Depot, ...]
    outlets: tuple[Outlet, ...]
    scenarios: tuple[Scenario, ...]

    def records(self) -> Iterator[Record]:
        """Every record, kind by kind."""
        for field in fields(self):
            yield from getattr(self, field.name)
