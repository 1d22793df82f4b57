"""Scenarios (the choices) and plans (what follows from them)."""

from dataclasses import dataclass
from enum import StrEnum

from data.model.collection import Depot, Outlet, Stop, Vehicle
from data.model.common import Origin


class VisitKind(StrEnum):
    """What happens at a visit."""

    START = "start"
    STOP = "stop"
    UNLOAD = "unload"
    END = "end"


class UnservedReason(StrEnum):
    """Why a stop is in no round; the screen explains each in French."""

    TOO_HEAVY = "too_heavy"
    """One pickup exceeds the capacity (kg) of every vehicle."""
    TOO_MANY_CONTAINERS = "too_many_containers"
    WINDOW_IMPOSSIBLE = "window_impossible"
    """No vehicle can be there within its windows and be back before its shift ends."""
    TOO_FAR = "too_far"
    """Even alone, the trip exceeds every vehicle's range or shift."""
    OUTLET_FULL = "outlet_full"
    """The outlets' remaining capacity is used up."""
    NO_TIME_LEFT = "no_time_left"
    """Feasible alone, but no room in the shifts at hand beside the other stops."""
    NOT_WORTH = "not_worth"
    """Serving it costs more than its stated value."""
    NO_ACCESS = "no_access"
    """No vehicle at hand may go there."""
    NO_OUTLET = "no_outlet"
    """No outlet within reach accepts its resource from a vehicle that may collect it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a person decided about some stops, kept whatever the engine would rather do.

    Attributes:
        stop_ids: visited one after the other in that order, with nothing in between; a single
            one may be visited at any place. Those that cannot be served are simply missing.
        vehicle_id: the vehicle that visits them; ``None`` = any.
        vehicle_number: which one of several alike, from 1; ``None`` = any.
    """

    stop_ids: tuple[str, ...]
    vehicle_id: str | None = None
    vehicle_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The choices behind a plan, kept whole so that the plan can be recomputed and explained.

    Attributes:
        assumptions: (key, value) pairs copied from the figures table when they were used.
        day: ISO date the round is meant for, or empty for « un jour type ».
        resource_ids: further resources collected in the same plan.
        depots: further depots, for the vehicles that name one.
        incompatible: pairs of resources that may not be aboard together. All others may, where
            one outlet accepts both: a trip is unloaded whole at a single outlet.
        balance_eur_per_hour: what an hour between the longest and the shortest round weighs
            when plans are compared; no money is paid for it.
        max_spread_s: most seconds between the longest and the shortest round; ``None`` = any.
    """

    id: str
    name: str
    resource_id: str
    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    depot: Depot
    outlets: tuple[Outlet, ...]
    travel_source: str = ""
    assumptions: tuple[tuple[str, float], ...] = ()
    day: str = ""
    seed: int = 1
    time_limit_s: float = 10.0
    origin: Origin = Origin.FIELD
    revision: int = 0
    resource_ids: tuple[str, ...] = ()
    depots: tuple[Depot, ...] = ()
    incompatible: tuple[tuple[str, str], ...] = ()
    locks: tuple[Lock, ...] = ()
    balance_eur_per_hour: float = 0.0
    max_spread_s: int | None = None

    @property
    def resources(self) -> tuple[str, ...]:
        """Every resource collected, the main one first."""
        return tuple(dict.fromkeys((self.resource_id, *self.resource_ids)))

    @property
    def all_depots(self) -> tuple[Depot, ...]:
        """Every depot, the main one first."""
        return (self.depot, *self.depots)

    def ends_of(self, vehicle: Vehicle) -> tuple[Depot, Depot]:
        """Depots a vehicle leaves from and comes back to.

        Raises:
            KeyError: it names a depot that the scenario does not have.
        """
        known = {depot.id: depot for depot in reversed(self.all_depots)}
        start = known[vehicle.depot_id] if vehicle.depot_id else self.depot
        return start, known[vehicle.end_depot_id] if vehicle.end_depot_id else start


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One halt of a round.

    Attributes:
        place_id: id of the stop, outlet or depot.
        distance_m: driven since the previous visit.
        travel_s: driving time since the previous visit.
        wait_s: waiting before service can start.
        load_kg: on board when leaving.
        pause_s: the rider's break taken here, 0 = none; before the service (part of
            ``wait_s``), or after it.
        pause_start_s: when that break begins.
    """

    kind: VisitKind
    place_id: str
    arrival_s: int
    wait_s: int
    service_s: int
    distance_m: int
    travel_s: int
    load_kg: float
    load_containers: float
    pause_s: int = 0
    pause_start_s: int = 0

    @property
    def departure_s(self) -> int:
        """When the vehicle leaves, seconds since midnight."""
        served = self.arrival_s + self.wait_s + self.service_s
        return max(served, self.pause_start_s + self.pause_s) if self.pause_s else served


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One vehicle's shift: depot, stops, unloadings, depot."""

    vehicle_id: str
    vehicle_number: int
    """1 … ``Vehicle.count`` when several alike are used."""
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedStop:
    """A stop left out, with the reason and the numbers behind it."""

    stop_id: str
    reason: UnservedReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All rounds of a scenario, plus the stops left out.

    Attributes:
        cost_eur: the objective: shifts used, hours and kilometres.
        bound_eur: a proven lower bound on that cost, or ``None`` when none is known.
        travel_margin: relative error (p90) of a round's length with this travel source.
    """

    id: str
    scenario_id: str
    name: str
    created_at: str
    rounds: tuple[Round, ...]
    unserved: tuple[UnservedStop, ...]
    travel_source: str
    travel_margin: float
    engine: str
    cost_eur: float
    bound_eur: float | None = None
    elapsed_s: float = 0.0
    solutions: int = 0
    origin: Origin = Origin.FIELD
    revision: int = 0
