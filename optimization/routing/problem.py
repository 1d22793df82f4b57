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

Several depots need no location of their own: a profile is a way of travelling *from one depot
back to one depot*, so that location 0 is where that profile starts (its row) and ends (its
column). Every engine therefore handles several depots, and ends elsewhere than starts.

The rules that an engine may not know are the problem's ``features``: each is absent by default.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from data.model import Depot, Outlet, Scenario, Stop, TimeWindow, TravelMode, Vehicle
from geo.travel.source import Place, TravelMatrix, TravelSource
from optimization.routing.choices import access_rules, resource_rules

Ints = NDArray[np.int64]
Windows = tuple[tuple[int, int], ...]
"""Sorted, disjoint intervals in which service may start."""

NO_LIMIT = 2**53
"""Stands for « no limit » in capacities and ranges."""

ALWAYS: Windows = ((0, 1_000_000),)
"""Any time of day (and of a night shift that passes midnight)."""

NANO_PER_EURO = 1_000_000_000

MUST_SERVE_NEUR = 10**15
"""Price of leaving out a stop that must be served: a million euros, more than any plan costs."""

Booleans = NDArray[np.bool_]


class Feature(StrEnum):
    """A rule that a problem may hold and an engine may not know."""

    ACCESS = "access"
    """Some vehicles may not visit some stops or outlets."""
    RESOURCES = "resources"
    """Some stops' matter may not go to some outlets, or not be aboard with others'."""
    LOCKS = "locks"
    """Some stops stay one after the other."""
    PRIORITIES = "priorities"
    """Some stops weigh more than others when not all can be served."""
    MAX_STOPS = "max_stops"
    MAX_TRIPS = "max_trips"
    BREAKS = "breaks"
    RECHARGE = "recharge"
    """Some outlets give the range back."""
    BALANCE = "balance"
    """Rounds should be, or must be, about as long as one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of vehicle, ``count`` of them for one shift each.

    Attributes:
        profile: first index into the problem's matrices.
        fixed_neur: n€ for a shift used at all.
        second_neur: n€ per second from departure to return.
        metre_neur: n€ per metre.
        first_number: number of the first of these vehicles among all of ``vehicle_id``.
        max_stops, max_trips: in a shift, ``NO_LIMIT`` if none.
        break_s: length of the pause, 0 = none; between two visits, it must start within
            ``break_from_s`` … ``break_until_s`` unless the vehicle is out neither before nor
            after (see ``timetable``).
        recharge_s: shortest stay that gives the range back, at an outlet where one can.
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
    first_number: int = 1
    max_stops: int = NO_LIMIT
    max_trips: int = NO_LIMIT
    break_s: int = 0
    break_from_s: int = 0
    break_until_s: int = 0
    recharge_s: int = 0


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
        allowed: whether each kind of vehicle may visit each stop, shape (n, kinds);
            ``None`` = everywhere.
        outlet_allowed: idem, shape (m, kinds).
        resource: number of each stop's resource, shape (n,); ``None`` = one resource only.
        accepts: whether each outlet takes each resource, shape (m, resources).
        together: whether two resources may be aboard at once, shape (resources, resources).
        locks: stops visited one after the other in that order within a trip, or not at all.
        priority: of each stop, 0 … 9, shape (n,); ``None`` = all alike.
        charging: whether each outlet gives the range back, shape (m,); ``None`` = none does.
        balance_neur: n€ that each second between the longest and the shortest round weighs.
        max_spread_s: most seconds between them, ``NO_LIMIT`` if none.
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
    allowed: Booleans | None = None
    outlet_allowed: Booleans | None = None
    resource: Ints | None = None
    accepts: Booleans | None = None
    together: Booleans | None = None
    locks: tuple[tuple[int, ...], ...] = ()
    priority: Ints | None = None
    charging: Booleans | None = None
    balance_neur: int = 0
    max_spread_s: int = NO_LIMIT

    @property
    def features(self) -> frozenset[Feature]:
        """Rules that this problem really holds."""
        return frozenset(_features(self))

    @property
    def penalty_neur(self) -> Ints:
        """n€ that leaving each stop out weighs, priorities included, shape (n,)."""
        price = np.minimum(self.skip_neur, MUST_SERVE_NEUR)
        if self.priority is None:
            return price
        return np.where(self.skip_neur >= MUST_SERVE_NEUR, price * (1 + self.priority), price)

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
        now = {stop: number for number, stop in enumerate(kept_stops)}
        pieces = (tuple(now[s] for s in piece if s in now) for piece in self.locks)
        return replace(
            self,
            stop_ids=tuple(self.stop_ids[s] for s in kept_stops),
            outlet_ids=tuple(self.outlet_ids[o] for o in kept_outlets),
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
            allowed=None if self.allowed is None else self.allowed[kept_stops],
            outlet_allowed=(
                None if self.outlet_allowed is None else self.outlet_allowed[kept_outlets]
            ),
            resource=None if self.resource is None else self.resource[kept_stops],
            accepts=None if self.accepts is None else self.accepts[kept_outlets],
            locks=tuple(piece for piece in pieces if len(piece) > 1),
            priority=None if self.priority is None else self.priority[kept_stops],
            charging=None if self.charging is None else self.charging[kept_outlets],
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
        outlets = [o for o in scenario.outlets if set(scenario.resources) & set(o.resource_ids)]
    places = [(outlet.lon, outlet.lat) for outlet in outlets]
    places += [(stop.lon, stop.lat) for stop in chosen]
    profiles = _profiles(scenario)
    matrices = list(_matrices(profiles, places, travel))
    vehicles, kinds = _fleet(scenario, profiles)
    problem = Problem(
        stop_ids=tuple(stop.id for stop in chosen),
        outlet_ids=tuple(outlet.id for outlet in outlets),
        kinds=tuple(kinds),
        distance_m=np.stack([distance for distance, _ in matrices]),
        duration_s=np.stack([duration for _, duration in matrices]),
        demand_g=_ints(_ceil(1000 * stop.kg_per_visit) for stop in chosen),
        demand_mc=_ints(_ceil(1000 * stop.containers_per_visit) for stop in chosen),
        weekly_g=_ints(weekly_grams(stop) for stop in chosen),
        service_s=_ints(stop.stay_s for stop in chosen),
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
        balance_neur=_money(scenario.balance_eur_per_hour, 3600),
        max_spread_s=_limit(scenario.max_spread_s),
    )
    return replace(
        problem,
        **access_rules(scenario, chosen, outlets, vehicles),
        **resource_rules(scenario, chosen, outlets),
    )


def _features(problem: Problem) -> Iterator[Feature]:
    kinds = [kind for kind in problem.kinds if kind.count > 0]
    if not all(rule is None or rule.all() for rule in (problem.allowed, problem.outlet_allowed)):
        yield Feature.ACCESS
    if problem.resource is not None:
        yield Feature.RESOURCES
    if problem.locks:
        yield Feature.LOCKS
    if problem.priority is not None and problem.priority.any():
        yield Feature.PRIORITIES
    if any(kind.max_stops < NO_LIMIT for kind in kinds):
        yield Feature.MAX_STOPS
    if any(kind.max_trips < NO_LIMIT for kind in kinds):
        yield Feature.MAX_TRIPS
    if any(kind.break_s for kind in kinds):
        yield Feature.BREAKS
    limited = any(kind.range_m < NO_LIMIT for kind in kinds)
    if limited and problem.charging is not None and problem.charging.any():
        yield Feature.RECHARGE
    if problem.balance_neur or problem.max_spread_s < NO_LIMIT:
        yield Feature.BALANCE


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


Profile = tuple[TravelMode, float, Depot, Depot]


def _profile(scenario: Scenario, vehicle: Vehicle) -> Profile:
    return (vehicle.mode, vehicle.speed_kmh, *scenario.ends_of(vehicle))


def _profiles(scenario: Scenario) -> list[Profile]:
    return list(dict.fromkeys(_profile(scenario, vehicle) for vehicle in scenario.vehicles))


def _matrices(
    profiles: Sequence[Profile], places: Sequence[Place], travel: TravelSource
) -> Iterator[tuple[Ints, Ints]]:
    """Metres and seconds of each profile; one question to the source per way of travelling."""
    sites = list(dict.fromkeys((d.lon, d.lat) for _, _, *ends in profiles for d in ends))
    whole: dict[tuple[TravelMode, float], TravelMatrix] = {}
    inside = range(len(sites), len(sites) + len(places))
    for mode, speed, start, end in profiles:
        if (mode, speed) not in whole:
            whole[mode, speed] = travel.matrix([*sites, *places], mode, speed)
        matrix = whole[mode, speed]
        rows = [sites.index((start.lon, start.lat)), *inside]
        columns = [sites.index((end.lon, end.lat)), *inside]
        square = np.ix_(rows, columns)
        distance, duration = matrix.distance_m[square], matrix.duration_s[square]
        distance[0, 0] = duration[0, 0] = 0  # a vehicle that stays in
        yield distance, duration


def _fleet(
    scenario: Scenario, profiles: Sequence[Profile]
) -> tuple[list[tuple[Vehicle, int | None]], list[Kind]]:
    """Kinds of vehicle, those that a lock calls by number one by one, and whose they are."""
    numbered = {lock.vehicle_id for lock in scenario.locks if lock.vehicle_number is not None}
    vehicles: list[tuple[Vehicle, int | None]] = []
    for vehicle in scenario.vehicles:
        if vehicle.id in numbered:
            vehicles += [(vehicle, number) for number in range(1, vehicle.count + 1)]
        else:
            vehicles.append((vehicle, None))
    kinds = []
    for vehicle, number in vehicles:
        kind = _kind(vehicle, profiles.index(_profile(scenario, vehicle)))
        kinds.append(kind if number is None else replace(kind, count=1, first_number=number))
    return vehicles, kinds


def _kind(vehicle: Vehicle, profile: int) -> Kind:
    return Kind(
        vehicle_id=vehicle.id,
        count=vehicle.count,
        profile=profile,
        capacity_g=_floor(1000 * vehicle.capacity_kg),
        capacity_mc=_floor(1000 * vehicle.capacity_containers),
        range_m=_limit(vehicle.range_m),
        shift_start_s=vehicle.shift_start_s,
        shift_end_s=vehicle.shift_end_s,
        fixed_neur=_money(vehicle.cost_eur_per_shift, 1),
        second_neur=_money(vehicle.cost_eur_per_hour, 3600),
        metre_neur=_money(vehicle.cost_eur_per_km, 1000),
        max_stops=_limit(vehicle.max_stops),
        max_trips=_limit(vehicle.max_trips),
        break_s=vehicle.break_s,
        break_from_s=vehicle.break_from_s,
        break_until_s=vehicle.break_until_s,
        recharge_s=vehicle.recharge_s,
    )


def _limit(value: int | None) -> int:
    return NO_LIMIT if value is None else value


def _money(euros: float | None, parts: int, *, default: int = 0) -> int:
    return default if euros is None else round(euros * NANO_PER_EURO / parts)


def _ints(values: object) -> Ints:
    return np.fromiter(values, dtype=np.int64)  # type: ignore[call-overload, no-any-return]


def _ceil(value: float) -> int:
    """Round up, forgiving the last bits of a decimal number (36.4 kg is 36 400 g)."""
    return math.ceil(value - 1e-6)


def _floor(value: float) -> int:
    return math.floor(value + 1e-6)
