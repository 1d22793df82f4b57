"""What a plan costs, emits and collects, against the same collection without pooling.

Two references, because each answers a different question:

* ``separate``, the one to show to officials: without a collection, every served actor drives its
  own waste by light van to the nearest outlet that accepts it, and back, as often as the van's
  payload requires. Roads are the shortest possible (no depot detour) and fuel is left out for
  want of a sourced price, so the savings shown are rather too low than too high. It mixes two
  effects, pooling and the change of vehicle; hence the second one:
* ``dedicated``: the very vehicle that serves a stop in the plan does so alone, from the depot,
  by the same outlet. What is saved against it is due to pooling alone.

Lengths carry the travel source's margin, driving times as well (service and waiting do not), and
emissions both that margin and the emission factor's. Extremes are combined with extremes, which
overstates the width: a difference of two ranges goes from the worst case to the best.

Treatment (composting, landfill, …) is told apart and never subtracted from transport.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from data.figures import Figures
from data.model import Depot, Outlet, Plan, Round, Scenario, Stop, TravelMode, Vehicle, VisitKind
from geo.travel.source import TravelMatrix, TravelSource

SEPARATE_LABEL = (
    "Sans mise en commun : chaque acteur porte ses déchets en utilitaire à l’exutoire le plus "
    "proche, aller-retour"
)
DEDICATED_LABEL = "Sans mise en commun : une tournée par point, avec le même véhicule"
LANDFILL = "landfill"
"""Figure of the local baseline: what becomes of the waste that is not collected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its plausible range, ``low <= value <= high``."""

    value: float
    low: float
    high: float

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(
            value=self.value + other.value, low=self.low + other.low, high=self.high + other.high
        )

    def __sub__(self, other: "Estimate") -> "Estimate":
        return Estimate(
            value=self.value - other.value, low=self.low - other.high, high=self.high - other.low
        )

    def times(self, factor: "Estimate") -> "Estimate":
        """Product of two ranges of positive numbers."""
        return Estimate(
            value=self.value * factor.value, low=self.low * factor.low, high=self.high * factor.high
        )


NOTHING = Estimate(value=0.0, low=0.0, high=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Effort of a round, a plan or a reference.

    Attributes:
        hours: from departure to return; in a reference, driving, loading and unloading.
        co2e_kg: of transport only.
    """

    km: Estimate
    hours: Estimate
    co2e_kg: Estimate
    cost_eur: Estimate

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            km=self.km + other.km,
            hours=self.hours + other.hours,
            co2e_kg=self.co2e_kg + other.co2e_kg,
            cost_eur=self.cost_eur + other.cost_eur,
        )

    def __sub__(self, other: "Totals") -> "Totals":
        return Totals(
            km=self.km - other.km,
            hours=self.hours - other.hours,
            co2e_kg=self.co2e_kg - other.co2e_kg,
            cost_eur=self.cost_eur - other.cost_eur,
        )


NO_EFFORT = Totals(km=NOTHING, hours=NOTHING, co2e_kg=NOTHING, cost_eur=NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class TripFill:
    """How full the vehicle is when it unloads; 1 is full."""

    outlet_id: str
    kg: float
    containers: float
    fill_kg: float
    fill_containers: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundIndicators:
    """One round; ``fill_kg`` and ``fill_containers`` are means over its trips."""

    vehicle_id: str
    vehicle_number: int
    stops: int
    kg: float
    effort: Totals
    trips: tuple[TripFill, ...]
    fill_kg: float
    fill_containers: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The same stops without pooling, and what the plan saves against it (negative = loses)."""

    label: str
    effort: Totals
    saved: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What becomes of the matter collected; impacts, kg CO₂e, apart from transport.

    Attributes:
        treated_kg: mass delivered, by key of the figures table (or '' when unknown).
        impact_kg: emissions of that treatment; ``None`` when an outlet's treatment is unknown.
        landfill_kg: emissions of the same mass in landfill, the local baseline.
    """

    treated_kg: tuple[tuple[str, float], ...]
    impact_kg: Estimate | None
    landfill_kg: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """Everything the screen and the rider's sheet say in figures about a plan."""

    rounds: tuple[RoundIndicators, ...]
    total: Totals
    stops_served: int
    stops_left_out: int
    kg: float
    fill_kg: float
    fill_containers: float
    separate: Reference
    dedicated: Reference
    treatment: Treatment
    travel_margin: float


def compare(plan: Plan, scenario: Scenario, travel: TravelSource, figures: Figures) -> Indicators:
    """Compute a plan's indicators and compare it with separate trips.

    Args:
        plan: a plan that the checker accepts.
        scenario: what it answers.
        travel: the source it was computed with.
        figures: emission factors, van's payload, speed and cost.
    """
    vehicles = {vehicle.id: vehicle for vehicle in scenario.vehicles}
    margin = plan.travel_margin
    rounds = tuple(_round(round_, vehicles[round_.vehicle_id], margin) for round_ in plan.rounds)
    total = sum((round_.effort for round_ in rounds), NO_EFFORT)
    trips = [trip for round_ in rounds for trip in round_.trips]
    roads = _Roads(scenario, travel, margin)
    separate = sum((_own_van(stop, roads, figures) for stop in _served(plan, scenario)), NO_EFFORT)
    dedicated = sum(_dedicated(plan, vehicles, roads), NO_EFFORT)
    return Indicators(
        rounds=rounds,
        total=total,
        stops_served=sum(round_.stops for round_ in rounds),
        stops_left_out=len(plan.unserved),
        kg=sum(round_.kg for round_ in rounds),
        fill_kg=_mean([trip.fill_kg for trip in trips]),
        fill_containers=_mean([trip.fill_containers for trip in trips]),
        separate=Reference(label=SEPARATE_LABEL, effort=separate, saved=separate - total),
        dedicated=Reference(label=DEDICATED_LABEL, effort=dedicated, saved=dedicated - total),
        treatment=_treatment(trips, scenario, figures),
        travel_margin=margin,
    )


def _round(round_: Round, vehicle: Vehicle, margin: float) -> RoundIndicators:
    visits = round_.visits
    driving_s = sum(visit.travel_s for visit in visits)
    still_s = visits[-1].arrival_s - visits[0].arrival_s - driving_s
    effort = _effort(sum(visit.distance_m for visit in visits), driving_s, still_s, vehicle, margin)
    trips = []
    for before, visit in pairwise(visits):
        if visit.kind is VisitKind.UNLOAD:
            kg, containers = before.load_kg, before.load_containers
            trips.append(
                TripFill(
                    outlet_id=visit.place_id,
                    kg=kg,
                    containers=containers,
                    fill_kg=kg / vehicle.capacity_kg,
                    fill_containers=containers / vehicle.capacity_containers,
                )
            )
    return RoundIndicators(
        vehicle_id=round_.vehicle_id,
        vehicle_number=round_.vehicle_number,
        stops=sum(visit.kind is VisitKind.STOP for visit in visits),
        kg=sum(trip.kg for trip in trips),
        effort=effort,
        trips=tuple(trips),
        fill_kg=_mean([trip.fill_kg for trip in trips]),
        fill_containers=_mean([trip.fill_containers for trip in trips]),
    )


def _effort(
    metres: float, driving_s: float, still_s: float, vehicle: Vehicle, margin: float
) -> Totals:
    """Effort of one shift of a vehicle."""
    km = _around(metres / 1000, margin)
    hours = _around(driving_s / 3600, margin) + _exactly(still_s / 3600)
    return Totals(
        km=km,
        hours=hours,
        co2e_kg=km.times(_around(vehicle.co2e_kg_per_km, vehicle.co2e_uncertainty)),
        cost_eur=_exactly(vehicle.cost_eur_per_shift)
        + hours.times(_exactly(vehicle.cost_eur_per_hour))
        + km.times(_exactly(vehicle.cost_eur_per_km)),
    )


class _Roads:
    """Distances and times between the scenario's places, for any vehicle."""

    def __init__(self, scenario: Scenario, travel: TravelSource, margin: float) -> None:
        self.margin = margin
        self._scenario = scenario
        self.outlets = [
            o for o in scenario.outlets if set(scenario.resources) & set(o.resource_ids)
        ]
        self.stops = {stop.id: stop for stop in scenario.stops}
        self._travel = travel
        sites: list[_Site] = [*scenario.all_depots, *scenario.stops, *scenario.outlets]
        self._row = {(type(site), site.id): row for row, site in enumerate(sites)}
        self._places = [(site.lon, site.lat) for site in sites]
        self._matrices: dict[tuple[TravelMode, float], TravelMatrix] = {}

    def ends_of(self, vehicle: Vehicle) -> tuple[Depot, Depot]:
        """Depots a vehicle leaves from and comes back to."""
        return self._scenario.ends_of(vehicle)

    def leg(self, a: "_Site", b: "_Site", mode: TravelMode, speed: float) -> tuple[int, int]:
        """Metres and seconds from one place to another."""
        if (mode, speed) not in self._matrices:
            self._matrices[mode, speed] = self._travel.matrix(self._places, mode, speed)
        matrix = self._matrices[mode, speed]
        pair = self._at(a), self._at(b)
        return int(matrix.distance_m[pair]), int(matrix.duration_s[pair])

    def _at(self, place: "_Site") -> int:
        return self._row[type(place), place.id]


_Site = Stop | Outlet | Depot


def _own_van(stop: Stop, roads: _Roads, figures: Figures) -> Totals:
    """The actor drives to the nearest outlet and back, once per van load."""
    speed = figures["van_speed"].value
    trips = max(1, math.ceil(stop.kg_per_visit / figures["van_payload"].value))

    def there_and_back(outlet: Outlet) -> tuple[int, int]:
        out = roads.leg(stop, outlet, TravelMode.VAN, speed)
        home = roads.leg(outlet, stop, TravelMode.VAN, speed)
        return out[0] + home[0], out[1] + home[1]

    accepting = [outlet for outlet in roads.outlets if stop.resource_id in outlet.resource_ids]
    nearest = min(accepting, key=there_and_back)
    metres, seconds = there_and_back(nearest)
    km = _around(trips * metres / 1000, roads.margin)
    still_s = stop.stay_s + trips * nearest.unload_s
    hours = _around(trips * seconds / 3600, roads.margin) + _exactly(still_s / 3600)
    return Totals(
        km=km,
        hours=hours,
        co2e_kg=km.times(_figure(figures, "van_co2e_per_km")),
        cost_eur=hours.times(_figure(figures, "van_cost_per_hour")),
    )


def _dedicated(plan: Plan, vehicles: dict[str, Vehicle], roads: _Roads) -> Iterator[Totals]:
    """Each stop alone: depot, stop, the outlet its trip unloads at, depot."""
    outlets = {outlet.id: outlet for outlet in roads.outlets}
    for round_ in plan.rounds:
        vehicle = vehicles[round_.vehicle_id]
        start, end = roads.ends_of(vehicle)
        aboard: list[Stop] = []
        for visit in round_.visits:
            if visit.kind is VisitKind.STOP:
                aboard.append(roads.stops[visit.place_id])
            elif visit.kind is VisitKind.UNLOAD:
                outlet = outlets[visit.place_id]
                for stop in aboard:
                    legs = [
                        roads.leg(a, b, vehicle.mode, vehicle.speed_kmh)
                        for a, b in ((start, stop), (stop, outlet), (outlet, end))
                    ]
                    yield _effort(
                        sum(metres for metres, _ in legs),
                        sum(seconds for _, seconds in legs),
                        stop.stay_s + outlet.unload_s,
                        vehicle,
                        roads.margin,
                    )
                aboard = []


def _treatment(trips: list[TripFill], scenario: Scenario, figures: Figures) -> Treatment:
    keys = {outlet.id: outlet.treatment for outlet in scenario.outlets}
    masses: dict[str, float] = {}
    for trip in trips:
        key = keys[trip.outlet_id] if keys[trip.outlet_id] in figures else ""
        masses[key] = masses.get(key, 0.0) + trip.kg
    impact: Estimate | None = None
    if "" not in masses:
        impact = sum(
            (_exactly(kg / 1000).times(_figure(figures, key)) for key, kg in masses.items()),
            NOTHING,
        )
    return Treatment(
        treated_kg=tuple(masses.items()),
        impact_kg=impact,
        landfill_kg=_exactly(sum(masses.values()) / 1000).times(_figure(figures, LANDFILL)),
    )


def _served(plan: Plan, scenario: Scenario) -> list[Stop]:
    served = {
        visit.place_id
        for round_ in plan.rounds
        for visit in round_.visits
        if visit.kind is VisitKind.STOP
    }
    return [stop for stop in scenario.stops if stop.id in served]


def _figure(figures: Figures, key: str) -> Estimate:
    figure = figures[key]
    return Estimate(value=figure.value, low=figure.low, high=figure.high)


def _around(value: float, margin: float) -> Estimate:
    return Estimate(value=value, low=value * max(0.0, 1 - margin), high=value * (1 + margin))


def _exactly(value: float) -> Estimate:
    return Estimate(value=value, low=value, high=value)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
