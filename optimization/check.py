"""The independent judge of a plan: everything is recomputed from the scenario and the roads.

It shares no code with the engines. A plan with a single fault is neither shown nor saved.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from data.french import clock, euros, kilometres, number, quote, tidy
from data.model import (
    Outlet,
    Plan,
    Round,
    Scenario,
    Stop,
    TimeWindow,
    TravelMode,
    UnservedReason,
    Vehicle,
    Visit,
    VisitKind,
)
from geo.travel.source import TravelMatrix, TravelSource
from optimization.check_rules import balance, counts, locks, may_visit, pause
from optimization.faults import Fault, FaultKind, Finding

__all__ = ["Fault", "FaultKind", "check_plan"]

LOAD_TOLERANCE = 1e-5
"""Kilograms or containers: sums of decimal numbers, nothing more."""

COST_TOLERANCE_EUR = 0.011
"""The plan's cost is rounded to the cent."""


def check_plan(plan: Plan, scenario: Scenario, travel: TravelSource) -> list[Fault]:
    """Verify a plan against its scenario.

    Args:
        plan: what an engine, a person or a file proposes.
        scenario: the choices it answers.
        travel: the source of distances and times it must have been computed with.

    Returns:
        Every fault found; empty when the plan holds.
    """
    findings = [*_references(plan, scenario), *_coverage(plan, scenario), *_fleet(plan, scenario)]
    faults = [Fault(kind=kind, message=tidy(text)) for kind, text in findings]
    if any(fault.kind is FaultKind.REFERENCE for fault in faults):
        return faults  # times and loads of unknown places mean nothing
    judge = _RoundJudge(scenario, travel)
    for row, round_ in enumerate(plan.rounds, start=1):
        faults += [
            Fault(kind=kind, message=tidy(f"Tournée {row} : {text}"), round_number=row)
            for kind, text in judge.findings(round_)
        ]
    if any(fault.kind is FaultKind.SHAPE for fault in faults):
        return faults  # totals of a round without beginning or end mean nothing
    findings = [*_outlets(plan, scenario), *_cost(plan, scenario), *locks(plan, scenario)]
    findings += balance(plan, scenario)
    return faults + [Fault(kind=kind, message=tidy(text)) for kind, text in findings]


def _references(plan: Plan, scenario: Scenario) -> Iterator[Finding]:
    if plan.scenario_id != scenario.id:
        yield FaultKind.REFERENCE, "Ce plan répond à un autre scénario."
    known = {
        VisitKind.STOP: {stop.id for stop in scenario.stops},
        VisitKind.UNLOAD: {outlet.id for outlet in scenario.outlets},
        VisitKind.START: {depot.id for depot in scenario.all_depots},
        VisitKind.END: {depot.id for depot in scenario.all_depots},
    }
    vehicles = {vehicle.id for vehicle in scenario.vehicles}
    for round_ in plan.rounds:
        if round_.vehicle_id not in vehicles:
            yield FaultKind.REFERENCE, f"Véhicule inconnu : {quote(round_.vehicle_id)}."
        for visit in round_.visits:
            if visit.place_id not in known[visit.kind]:
                yield FaultKind.REFERENCE, f"Lieu inconnu : {quote(visit.place_id)}."
    for unserved in plan.unserved:
        if unserved.stop_id not in known[VisitKind.STOP]:
            yield FaultKind.REFERENCE, f"Point inconnu : {quote(unserved.stop_id)}."


def _coverage(plan: Plan, scenario: Scenario) -> Iterator[Finding]:
    """Each stop is served once, or listed once with its reason; never both."""
    served = Counter(
        visit.place_id
        for round_ in plan.rounds
        for visit in round_.visits
        if visit.kind is VisitKind.STOP
    )
    listed = Counter(unserved.stop_id for unserved in plan.unserved)
    for stop in scenario.stops:
        times = served[stop.id] + listed[stop.id]
        if times == 0:
            yield FaultKind.COVERAGE, f"{quote(stop.name)} n’est ni desservi ni signalé."
        elif times > 1:
            yield FaultKind.COVERAGE, f"{quote(stop.name)} figure {times} fois."
    stops = {stop.id: stop for stop in scenario.stops}
    for unserved in plan.unserved:
        left_out = stops.get(unserved.stop_id)
        if left_out is not None:
            yield from _excuse(left_out, unserved.reason, scenario)


def _excuse(stop: Stop, reason: UnservedReason, scenario: Scenario) -> Iterator[Finding]:
    """Reasons that the scenario alone belies; the others depend on the whole plan."""
    coming = [
        vehicle
        for vehicle in scenario.vehicles
        if vehicle.count > 0 and may_visit(stop, vehicle, None, scenario)
    ]
    serving = [
        vehicle
        for vehicle in coming
        if all(  # of some outlets only, who may unload there may not reach them
            stop.resource_id in outlet.resource_ids
            and (not outlet.vehicle_ids or vehicle.id in outlet.vehicle_ids)
            for outlet in scenario.outlets
        )
    ]
    if reason is UnservedReason.NO_ACCESS and coming:
        yield FaultKind.COVERAGE, f"{quote(stop.name)} est pourtant accessible."
    if reason is UnservedReason.NO_OUTLET and serving:
        yield FaultKind.COVERAGE, f"un exutoire accepte pourtant {quote(stop.name)}."
    if reason in {UnservedReason.TOO_HEAVY, UnservedReason.TOO_MANY_CONTAINERS} and any(
        stop.kg_per_visit <= vehicle.capacity_kg
        and stop.containers_per_visit <= vehicle.capacity_containers
        for vehicle in serving
    ):
        yield FaultKind.COVERAGE, f"{quote(stop.name)} tient pourtant dans un véhicule."


def _fleet(plan: Plan, scenario: Scenario) -> Iterator[Finding]:
    counts = {vehicle.id: vehicle.count for vehicle in scenario.vehicles}
    names = {vehicle.id: vehicle.name for vehicle in scenario.vehicles}
    for (id_, number_), times in Counter(
        (round_.vehicle_id, round_.vehicle_number) for round_ in plan.rounds
    ).items():
        if times > 1:
            yield FaultKind.FLEET, f"{quote(names[id_])} n° {number_} fait deux services."
        if id_ in counts and not 1 <= number_ <= counts[id_]:
            yield (
                FaultKind.FLEET,
                f"{quote(names[id_])} n° {number_} : il n’y en a que {counts[id_]}.",
            )


def _outlets(plan: Plan, scenario: Scenario) -> Iterator[Finding]:
    """Weekly capacities: a stop brings its kg as often a week as it is visited, at least once."""
    stops = {stop.id: stop for stop in scenario.stops}
    weekly_kg: dict[str, float] = defaultdict(float)
    for round_ in plan.rounds:
        aboard = 0.0
        for visit in round_.visits:
            if visit.kind is VisitKind.STOP:
                stop = stops[visit.place_id]
                aboard += stop.kg_per_visit * max(1.0, stop.visits_per_week)
            elif visit.kind is VisitKind.UNLOAD:
                weekly_kg[visit.place_id] += aboard
                aboard = 0.0
    for outlet in scenario.outlets:
        limit = outlet.weekly_capacity_kg
        if limit is not None and weekly_kg[outlet.id] > limit + LOAD_TOLERANCE:
            yield (
                FaultKind.OUTLET,
                (
                    f"{quote(outlet.name)} recevrait {number(weekly_kg[outlet.id])} kg par "
                    f"semaine, il en accepte {number(limit)}."
                ),
            )


def _cost(plan: Plan, scenario: Scenario) -> Iterator[Finding]:
    vehicles = {vehicle.id: vehicle for vehicle in scenario.vehicles}
    cost = 0.0
    for round_ in plan.rounds:
        vehicle = vehicles[round_.vehicle_id]
        hours = (round_.visits[-1].arrival_s - round_.visits[0].arrival_s) / 3600
        km = sum(visit.distance_m for visit in round_.visits) / 1000
        cost += vehicle.cost_eur_per_shift
        cost += vehicle.cost_eur_per_hour * hours + vehicle.cost_eur_per_km * km
    if not abs(cost - plan.cost_eur) <= COST_TOLERANCE_EUR:
        yield FaultKind.COST, f"Coût annoncé {euros(plan.cost_eur)}, recalculé {euros(cost)}."
    if plan.bound_eur is not None and not plan.bound_eur <= cost + COST_TOLERANCE_EUR:
        yield FaultKind.COST, f"Minimum annoncé {euros(plan.bound_eur)}, coût {euros(cost)}."


class _RoundJudge:
    """Rides a round again, visit after visit."""

    def __init__(self, scenario: Scenario, travel: TravelSource) -> None:
        self._stops = {stop.id: stop for stop in scenario.stops}
        self._outlets = {outlet.id: outlet for outlet in scenario.outlets}
        self._vehicles = {vehicle.id: vehicle for vehicle in scenario.vehicles}
        self._travel = travel
        depots = {depot.id: depot for depot in reversed(scenario.all_depots)}
        self._positions = [
            *((stop.lon, stop.lat) for stop in scenario.stops),
            *((outlet.lon, outlet.lat) for outlet in scenario.outlets),
            *((depot.lon, depot.lat) for depot in depots.values()),
        ]
        keys = [
            *((VisitKind.STOP, stop.id) for stop in scenario.stops),
            *((VisitKind.UNLOAD, outlet.id) for outlet in scenario.outlets),
            *((VisitKind.START, depot_id) for depot_id in depots),
        ]
        self._index = {key: row for row, key in enumerate(keys)}
        for depot_id in depots:
            self._index[VisitKind.END, depot_id] = self._index[VisitKind.START, depot_id]
        self._scenario = scenario
        self._matrices: dict[tuple[TravelMode, float], TravelMatrix] = {}

    def findings(self, round_: Round) -> Iterator[Finding]:
        """Everything wrong with one round."""
        vehicle = self._vehicles[round_.vehicle_id]
        shape = list(_shape(round_))
        yield from shape
        if shape:
            return
        yield from self._legs(round_, vehicle)
        yield from self._range(round_, vehicle)
        yield from self._loads(round_, vehicle)
        yield from self._aboard(round_)
        yield from self._access(round_, vehicle)
        yield from counts(round_, vehicle)
        yield from pause(round_, vehicle)
        for visit in round_.visits:
            yield from self._halt(visit, vehicle)
        first, last = round_.visits[0], round_.visits[-1]
        if first.arrival_s < vehicle.shift_start_s:
            yield FaultKind.SHIFT, f"part à {clock(first.arrival_s)}, avant le service."
        if last.arrival_s > vehicle.shift_end_s:
            yield FaultKind.SHIFT, f"rentre à {clock(last.arrival_s)}, après le service."

    def _legs(self, round_: Round, vehicle: Vehicle) -> Iterator[Finding]:
        profile = (vehicle.mode, vehicle.speed_kmh)
        if profile not in self._matrices:
            self._matrices[profile] = self._travel.matrix(self._positions, *profile)
        matrix = self._matrices[profile]
        for before, visit in pairwise(round_.visits):
            leg = self._index[before.kind, before.place_id], self._index[visit.kind, visit.place_id]
            distance_m, travel_s = int(matrix.distance_m[leg]), int(matrix.duration_s[leg])
            if visit.distance_m != distance_m:
                yield (
                    FaultKind.DISTANCE,
                    (
                        f"{kilometres(visit.distance_m)} annoncés jusqu’à {self._name(visit)}, "
                        f"{kilometres(distance_m)} en réalité."
                    ),
                )
            if visit.travel_s != travel_s:
                yield FaultKind.TIME, f"durée du trajet fausse jusqu’à {self._name(visit)}."
            if visit.arrival_s != _leaves(before) + travel_s:
                yield (
                    FaultKind.TIME,
                    f"ne peut pas être à {clock(visit.arrival_s)} à {self._name(visit)}.",
                )

    def _range(self, round_: Round, vehicle: Vehicle) -> Iterator[Finding]:
        """Metres since the depot, or since the last recharge."""
        if vehicle.range_m is None:
            return
        ridden_m = most_m = 0
        for visit in round_.visits:
            ridden_m += visit.distance_m
            most_m = max(most_m, ridden_m)
            if visit.kind is VisitKind.UNLOAD and self._recharged(visit, vehicle):
                ridden_m = 0
        if most_m > vehicle.range_m:
            yield (
                FaultKind.RANGE,
                f"{kilometres(most_m)} pour {kilometres(vehicle.range_m)} d’autonomie.",
            )

    def _recharged(self, visit: Visit, vehicle: Vehicle) -> bool:
        return self._outlets[visit.place_id].charging and visit.service_s >= vehicle.recharge_s

    def _aboard(self, round_: Round) -> Iterator[Finding]:
        """Resources that may not be together, however far apart they were collected."""
        aboard: set[str] = set()
        apart = [set(pair) for pair in self._scenario.incompatible]
        for visit in round_.visits:
            if visit.kind is VisitKind.UNLOAD:
                aboard = set()
            elif visit.kind is VisitKind.STOP:
                aboard.add(self._stops[visit.place_id].resource_id)
                if any(len(pair) > 1 and pair <= aboard for pair in apart):
                    yield (
                        FaultKind.RESOURCE,
                        f"mélange des ressources incompatibles à {self._name(visit)}.",
                    )

    def _access(self, round_: Round, vehicle: Vehicle) -> Iterator[Finding]:
        """Who may go where, and from which depot to which."""
        start, end = self._scenario.ends_of(vehicle)
        if (round_.visits[0].place_id, round_.visits[-1].place_id) != (start.id, end.id):
            yield FaultKind.ACCESS, f"{quote(vehicle.name)} a un autre dépôt."
        for visit in round_.visits:
            allowed = True
            if visit.kind is VisitKind.STOP:
                stop = self._stops[visit.place_id]
                allowed = may_visit(stop, vehicle, round_.vehicle_number, self._scenario)
            elif visit.kind is VisitKind.UNLOAD:
                only = self._outlets[visit.place_id].vehicle_ids
                allowed = not only or vehicle.id in only
            if not allowed:
                yield (
                    FaultKind.ACCESS,
                    f"{quote(vehicle.name)} ne peut pas aller à {self._name(visit)}.",
                )

    def _loads(self, round_: Round, vehicle: Vehicle) -> Iterator[Finding]:
        kg = containers = 0.0
        resources: set[str] = set()
        for visit in round_.visits:
            if visit.kind is VisitKind.STOP:
                stop = self._stops[visit.place_id]
                kg += stop.kg_per_visit
                containers += stop.containers_per_visit
                resources.add(stop.resource_id)
            elif visit.kind is VisitKind.UNLOAD:
                if not resources <= set(self._outlets[visit.place_id].resource_ids):
                    yield FaultKind.OUTLET, f"{self._name(visit)} n’accepte pas cette ressource."
                kg = containers = 0.0
                resources = set()
            gaps = abs(visit.load_kg - kg), abs(visit.load_containers - containers)
            if not max(gaps) <= LOAD_TOLERANCE:
                yield FaultKind.LOAD, f"chargement faux en quittant {self._name(visit)}."
            if kg > vehicle.capacity_kg + LOAD_TOLERANCE:
                yield (
                    FaultKind.CAPACITY,
                    (
                        f"{number(kg)} kg en quittant {self._name(visit)}, "
                        f"pour {number(vehicle.capacity_kg)} kg de capacité."
                    ),
                )
            if containers > vehicle.capacity_containers + LOAD_TOLERANCE:
                yield (
                    FaultKind.CAPACITY,
                    (
                        f"{number(containers)} contenants en quittant {self._name(visit)}, "
                        f"pour {number(vehicle.capacity_containers)} au plus."
                    ),
                )

    def _halt(self, visit: Visit, vehicle: Vehicle) -> Iterator[Finding]:
        """Service time, wait and opening hours of one visit."""
        place: Stop | Outlet | None = None
        stays = {0}
        if visit.kind is VisitKind.STOP:
            place = self._stops[visit.place_id]
            by_container = place.service_s_per_container * place.containers_per_visit
            stays = {place.service_s + math.ceil(by_container - LOAD_TOLERANCE / 10)}
        elif visit.kind is VisitKind.UNLOAD:
            place = self._outlets[visit.place_id]
            stays = {place.unload_s}
            if place.charging and vehicle.range_m is not None:
                stays.add(max(place.unload_s, vehicle.recharge_s))
        if visit.service_s not in stays:
            yield FaultKind.TIME, f"durée sur place fausse à {self._name(visit)}."
        ready_s = visit.arrival_s
        if visit.pause_s and visit.pause_start_s < visit.arrival_s + visit.wait_s:
            ready_s = visit.pause_start_s + visit.pause_s
        opening = ready_s if place is None else _opening(place.windows, ready_s)
        if opening is None:
            yield (
                FaultKind.WINDOW,
                f"arrive à {clock(visit.arrival_s)} à {self._name(visit)}, après la fermeture.",
            )
        elif visit.wait_s != opening - visit.arrival_s:
            yield FaultKind.WINDOW, f"attente fausse à {self._name(visit)}."

    def _name(self, visit: Visit) -> str:
        if visit.kind is VisitKind.STOP:
            return quote(self._stops[visit.place_id].name)
        if visit.kind is VisitKind.UNLOAD:
            return quote(self._outlets[visit.place_id].name)
        return "au dépôt" if visit.kind is VisitKind.START else "le dépôt"


def _shape(round_: Round) -> Iterator[Finding]:
    """Depot, then at least a stop, then an outlet, and so on; empty when back at the depot."""
    kinds = [visit.kind for visit in round_.visits]
    inside = kinds[1:-1]
    if len(kinds) < 2 or kinds[0] is not VisitKind.START or kinds[-1] is not VisitKind.END:  # noqa: PLR2004 (two ends)
        yield FaultKind.SHAPE, "doit partir du dépôt et y revenir."
    elif VisitKind.START in inside or VisitKind.END in inside:
        yield FaultKind.SHAPE, "passe par le dépôt en cours de route."
    elif VisitKind.STOP not in inside:
        yield FaultKind.SHAPE, "ne dessert aucun point."
    elif inside[-1] is not VisitKind.UNLOAD:
        yield FaultKind.SHAPE, "rentre au dépôt sans avoir déchargé."
    elif any(a is not VisitKind.STOP and b is VisitKind.UNLOAD for a, b in pairwise(kinds)):
        yield FaultKind.SHAPE, "passe à l’exutoire à vide."
    elif round_.visits[0].distance_m or round_.visits[0].travel_s:
        yield FaultKind.SHAPE, "compte un trajet avant son départ."


def _leaves(visit: Visit) -> int:
    """When the vehicle is off again: service done, and pause over if one follows."""
    served = visit.arrival_s + visit.wait_s + visit.service_s
    return max(served, visit.pause_start_s + visit.pause_s) if visit.pause_s else served


def _opening(windows: tuple[TimeWindow, ...], arrival_s: int) -> int | None:
    """When service can start for someone who arrives then; ``None`` once closed for good."""
    if not windows:
        return arrival_s
    starts = [max(w.start_s, arrival_s) for w in windows if arrival_s <= w.end_s]
    return min(starts, default=None)
