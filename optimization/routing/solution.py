"""What an engine returns: who goes where in which order; times are derived (``timetable``)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trip:
    """Stops collected one after the other, then unloaded at ``outlet`` (numbers, not ids)."""

    stops: tuple[int, ...]
    outlet: int


@dataclass(frozen=True, slots=True)
class Route:
    """One shift of one vehicle of kind ``kind``: at least one trip, no empty trip."""

    kind: int
    trips: tuple[Trip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Routes of a problem and the stops that none serves.

    Attributes:
        cost_neur: shifts, hours and metres of the routes, n€; without the value of stops left out.
        solutions: how many candidate plans were examined.
    """

    routes: tuple[Route, ...]
    unserved: tuple[int, ...]
    cost_neur: int
    solutions: int
