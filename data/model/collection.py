"""What a collection round is made of."""

import math
from dataclasses import dataclass
from enum import StrEnum

from data.model.common import Origin


class TravelMode(StrEnum):
    """How a vehicle moves; decides which travel matrix applies."""

    BIKE = "bike"
    VAN = "van"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """Seconds since midnight; service must *start* within ``[start_s, end_s]``."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An actor's pickup need.

    Attributes:
        windows: empty means any time of day.
        longest_storage_days: longest time between two pickups that hygiene allows.
        skip_value_eur: what leaving the stop out costs; ``None`` = must be served if possible.
        service_s: time on the spot, whatever the number of containers.
        service_s_per_container: added for each container of a visit.
        priority: 0 … 9; when not all can be served, leaving out a stop of priority p weighs as
            much as leaving out 1 + p ordinary ones. Without effect on a stop with a stated value.
        modes: how a vehicle may come; empty = any (« vélo seulement », « interdit aux
            utilitaires »).
        vehicle_ids: the only vehicles that may come; empty = all.
    """

    id: str
    actor_id: str | None
    resource_id: str
    name: str
    commune_code: str
    lon: float
    lat: float
    kg_per_visit: float
    containers_per_visit: float = 1.0
    visits_per_week: float = 1.0
    service_s: int = 300
    windows: tuple[TimeWindow, ...] = ()
    longest_storage_days: int = 7
    skip_value_eur: float | None = None
    address: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0
    service_s_per_container: float = 0.0
    priority: int = 0
    modes: tuple[TravelMode, ...] = ()
    vehicle_ids: tuple[str, ...] = ()

    @property
    def stay_s(self) -> int:
        """Seconds a visit takes once service has begun."""
        return self.service_s + math.ceil(
            self.service_s_per_container * self.containers_per_visit - 1e-6
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A kind of vehicle of which ``count`` are available for one shift each.

    Attributes:
        range_m: distance one battery or tank allows in a shift; ``None`` = no limit.
        cost_eur_per_shift: fixed cost when used at all.
        co2e_uncertainty: relative half-width of ``co2e_kg_per_km``.
        depot_id: where its shift starts; empty = the scenario's depot.
        end_depot_id: where its shift ends; empty = where it starts.
        max_stops: most stops in a shift; ``None`` = no limit.
        max_trips: most unloadings in a shift; ``None`` = no limit.
        break_s: length of the pause, 0 = none. It is taken at a place of the round, outside
            service, and is paid like the rest of the shift. A round that is back by
            ``break_until_s``, or leaves after the pause could be over, needs none on the way.
        break_from_s, break_until_s: the pause must start between them.
        recharge_s: how long a full recharge takes at an outlet where one can.
    """

    id: str
    name: str
    mode: TravelMode
    capacity_kg: float
    capacity_containers: float
    speed_kmh: float
    shift_start_s: int
    shift_end_s: int
    count: int = 1
    range_m: int | None = None
    cost_eur_per_shift: float = 0.0
    cost_eur_per_hour: float = 0.0
    cost_eur_per_km: float = 0.0
    co2e_kg_per_km: float = 0.0
    co2e_uncertainty: float = 0.5
    origin: Origin = Origin.FIELD
    revision: int = 0
    depot_id: str = ""
    end_depot_id: str = ""
    max_stops: int | None = None
    max_trips: int | None = None
    break_s: int = 0
    break_from_s: int = 0
    break_until_s: int = 0
    recharge_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Where vehicles start and end their shift."""

    id: str
    name: str
    commune_code: str
    lon: float
    lat: float
    address: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where collected matter is unloaded.

    Attributes:
        resource_ids: what it accepts.
        windows: opening hours; unloading must *start* within one of them. Empty = always.
        weekly_capacity_kg: for example 1 000 for a local composting site; ``None`` = no limit.
        unload_s: time one unloading takes.
        charging: whether a vehicle can recharge while it unloads; it then stays the longer of
            both, and leaves with its whole range. A depot with a charging point is an outlet too.
        vehicle_ids: the only vehicles that may unload there; empty = all.
    """

    id: str
    actor_id: str | None
    name: str
    commune_code: str
    lon: float
    lat: float
    resource_ids: tuple[str, ...]
    windows: tuple[TimeWindow, ...] = ()
    weekly_capacity_kg: float | None = None
    unload_s: int = 600
    treatment: str = ""
    """Key of the treatment factor in the figures table (for example ``composting_local``)."""
    address: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0
    charging: bool = False
    vehicle_ids: tuple[str, ...] = ()
