"""The round-planning problem, as plain arrays that any engine understands.

Units, once and for all: masses in grams, containers in thousandths, distances in metres, times
in seconds since midnight, money in nano-euros (n€), all int64. Demands are rounded up and
capacities down to the unit, so that a plan that fits here fits in reality. Money is that fine
so that an hourly rate divided by 3 600 loses nothing that shows.

Locations are numbered: 0 is the depot, 1 … m the outlets, m + 1 … m + n the stops. Outlets and
stops also have their own numbers, 0 … m - 1 and 0 … n - 1.

A round is depot → stops → outlet → [stops → outlet]* → depot: what was collected is unloaded
before the next trip, and the vehicle is empty when it comes back. A shift is paid once used, its
hours from departure to return (waiting included), and its kilometres.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.model import Outlet, Scenario, Stop, TimeWindow, TravelMode, Vehicle
from geo.travel.source import TravelSource

Ints = NDArray[np.int64]
Windows = tuple[tuple[int, int], ...]
"""Sorted, disjoint intervals in which service may start."""

NO_LIMIT = 2**53
"""Stands for « no limit » in capacities and ranges."""

ALWAYS: Windows = ((0, 1_000_000),)
"""Any time of day (and of a night shift that passes midnight)."""

NANO_PER_EURO = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of vehicle, ``count`` of them for one shift each.

    Attributes:
        profile: first index into the problem's matrices.
        fixed_neur: n€ for a shift used at all.
        second_neur: n€ per second from departure to return.
        metre_neur: n€ per metre.
    """

    vehicle_id: str
    count: int
    profile: int
    capacity_g: int
    capacity_mc: int
    range_m: int
    shift_start_s: int
    shift_end_s: int
    fixed_neur: int
    second_neur: int
    metre_neur: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Everything an engine needs, and nothing else; picklable.

    Attributes:
        stop_ids: identifiers of the n stops, in order.
        outlet_ids: identifiers of the m outlets, in order.
        distance_m: shape (profiles, 1 + m + n, 1 + m + n).
        duration_s: idem.
        demand_g: mass of one visit, shape (n,).
        demand_mc: thousandths of a container, shape (n,).
        weekly_g: what the stop brings to its outlet in a week, shape (n,): mass of a visit
            × visits a week (at least one); counts against the outlet's weekly capacity.
        service_s: shape (n,).
        windows: of each stop.
        skip_neur: n€ that leaving the stop out costs; ``NO_LIMIT`` = must be served, shape (n,).
        unload_s: shape (m,).
        outlet_windows: of each outlet.
        outlet_weekly_g: weekly capacity, ``NO_LIMIT`` if none, shape (m,).
    """

    stop_ids: tuple[str, ...]
    outlet_ids: tuple[str, ...]
    kinds: tuple[Kind, ...]
    distance_m: Ints
    duration_s: Ints
    demand_g: Ints
    demand_mc: Ints
    weekly_g: Ints
    service_s: Ints
    windows: tuple[Windows, ...]
    skip_neur: Ints
    unload_s: Ints
    outlet_windows: tuple[Windows, ...]
    outlet_weekly_g: Ints

    @property
    def n_stops(self) -> int:
        """Number of stops, n."""
        return len(self.stop_ids)

    @property
    def n_outlets(self) -> int:
        """Number of outlets, m."""
        return len(self.outlet_ids)

    def restricted(self, *, stops: Sequence[int], outlets: Sequence[int]) -> "Problem":
        """The same problem with those stops and outlets only, renumbered in the given order."""
        kept_stops, kept_outlets = list(stops), list(outlets)
        places = [0, *(self.outlet_location(o) for o in kept_outlets)]
        places += [self.stop_location(s) for s in kept_stops]
        square = np.ix_(range(len(self.distance_m)), places, places)
        return Problem(
            stop_ids=tuple(self.stop_ids[s] for s in kept_stops),
            outlet_ids=tuple(self.outlet_ids[o] for o in kept_outlets),
            kinds=self.kinds,
            distance_m=self.distance_m[square],
            duration_s=self.duration_s[square],
            demand_g=self.demand_g[kept_stops],
            demand_mc=self.demand_mc[kept_stops],
            weekly_g=self.weekly_g[kept_stops],
            service_s=self.service_s[kept_stops],
            windows=tuple(self.windows[s] for s in kept_stops),
            skip_neur=self.skip_neur[kept_stops],
            unload_s=self.unload_s[kept_outlets],
            outlet_windows=tuple(self.outlet_windows[o] for o in kept_outlets),
            outlet_weekly_g=self.outlet_weekly_g[kept_outlets],
        )

    def stop_location(self, stop: int) -> int:
        """Location number of a stop."""
        return 1 + self.n_outlets + stop

    def outlet_location(self, outlet: int) -> int:
        """Location number of an outlet."""
        return 1 + outlet


def build_problem(
    scenario: Scenario,
    travel: TravelSource,
    *,
    stops: Sequence[Stop] | None = None,
    outlets: Sequence[Outlet] | None = None,
) -> Problem:
    """Turn a scenario into arrays; one travel matrix per distinct (mode, speed).

    Args:
        scenario: assumed valid (see ``optimization.inspection.validate``).
        travel: where distances and times come from.
        stops: the stops to plan, all of the scenario's by default.
        outlets: the outlets to use, those that accept the scenario's resource by default.
    """
    chosen = tuple(scenario.stops if stops is None else stops)
    if outlets is None:
        outlets = [o for o in scenario.outlets if scenario.resource_id in o.resource_ids]
    places = [(scenario.depot.lon, scenario.depot.lat)]
    places += [(outlet.lon, outlet.lat) for outlet in outlets]
    places += [(stop.lon, stop.lat) for stop in chosen]
    profiles = _profiles(scenario.vehicles)
    matrices = [travel.matrix(places, mode, speed) for mode, speed in profiles]
    return Problem(
        stop_ids=tuple(stop.id for stop in chosen),
        outlet_ids=tuple(outlet.id for outlet in outlets),
        kinds=tuple(_kind(vehicle, profiles) for vehicle in scenario.vehicles),
        distance_m=np.stack([matrix.distance_m for matrix in matrices]),
        duration_s=np.stack([matrix.duration_s for matrix in matrices]),
        demand_g=_ints(_ceil(1000 * stop.kg_per_visit) for stop in chosen),
        demand_mc=_ints(_ceil(1000 * stop.containers_per_visit) for stop in chosen),
        weekly_g=_ints(weekly_grams(stop) for stop in chosen),
        service_s=_ints(stop.service_s for stop in chosen),
        windows=tuple(merge_windows(stop.windows) for stop in chosen),
        skip_neur=_ints(_money(stop.skip_value_eur, 1, default=NO_LIMIT) for stop in chosen),
        unload_s=_ints(outlet.unload_s for outlet in outlets),
        outlet_windows=tuple(merge_windows(outlet.windows) for outlet in outlets),
        outlet_weekly_g=_ints(
            NO_LIMIT
            if outlet.weekly_capacity_kg is None
            else _floor(1000 * outlet.weekly_capacity_kg)
            for outlet in outlets
        ),
    )


def weekly_grams(stop: Stop) -> int:
    """What a stop brings in a week: the round of the day is ridden as often as it asks."""
    return _ceil(1000 * stop.kg_per_visit * max(1.0, stop.visits_per_week))


def merge_windows(windows: Sequence[TimeWindow]) -> Windows:
    """Sort and merge overlapping windows; none at all means any time."""
    if not windows:
        return ALWAYS
    merged: list[tuple[int, int]] = []
    for window in sorted(windows, key=lambda w: w.start_s):
        if merged and window.start_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], window.end_s))
        else:
            merged.append((window.start_s, window.end_s))
    return tuple(merged)


def _profiles(vehicles: Sequence[Vehicle]) -> list[tuple[TravelMode, float]]:
    return list(dict.fromkeys((vehicle.mode, vehicle.speed_kmh) for vehicle in vehicles))


def _kind(vehicle: Vehicle, profiles: list[tuple[TravelMode, float]]) -> Kind:
    return Kind(
        vehicle_id=vehicle.id,
        count=vehicle.count,
        profile=profiles.index((vehicle.mode, vehicle.speed_kmh)),
        capacity_g=_floor(1000 * vehicle.capacity_kg),
        capacity_mc=_floor(1000 * vehicle.capacity_containers),
        range_m=NO_LIMIT if vehicle.range_m is None else vehicle.range_m,
        shift_start_s=vehicle.shift_start_s,
        shift_end_s=vehicle.shift_end_s,
        fixed_neur=_money(vehicle.cost_eur_per_shift, 1),
        second_neur=_money(vehicle.cost_eur_per_hour, 3600),
        metre_neur=_money(vehicle.cost_eur_per_km, 1000),
    )


def _money(euros: float | None, parts: int, *, default: int = 0) -> int:
    return default if euros is None else round(euros * NANO_PER_EURO / parts)


def _ints(values: object) -> Ints:
    return np.fromiter(values, dtype=np.int64)  # type: ignore[call-overload, no-any-return]


def _ceil(value: float) -> int:
    """Round up, forgiving the last bits of a decimal number (36.4 kg is 36 400 g)."""
    return math.ceil(value - 1e-6)


def _floor(value: float) -> int:
    return math.floor(value + 1e-6)
