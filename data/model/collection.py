"""What a collection round is made of."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A kind of vehicle of which ``count`` are available for one shift each.

    Attributes:
        range_m: distance one battery or tank allows in a shift; ``None`` = no limit.
        cost_eur_per_shift: fixed cost when used at all.
        co2e_uncertainty: relative half-width of ``co2e_kg_per_km``.
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
