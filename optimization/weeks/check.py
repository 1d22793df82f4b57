"""The independent judge of a week: counts, spacing, storage, outlets' week, and every day's plan.

It shares no code with what chooses days and rounds; each day is judged by ``check_plan``.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from data.french import number, quote, tidy
from data.model import Plan, Scenario, VisitKind
from geo.travel.source import TravelSource
from optimization.check import check_plan
from optimization.faults import Fault, FaultKind, Finding
from optimization.weeks.model import DAY_NAMES, WeekPlan

TOLERANCE_KG = 1e-5
TOLERANCE_EUR = 0.05
"""A day's cost is rounded to the cent."""


def check_week(week: WeekPlan, travel: TravelSource) -> list[Fault]:
    """Verify a week against its scenario and choices.

    Returns:
        every fault found; empty when the week holds.
    """
    faults = [
        Fault(kind=kind, message=tidy(text))
        for kind, text in (*_visits(week), *_outlets(week), *_cost(week))
    ]
    for one in week.days:
        scenario = _day(week, one.day, one.plan)
        faults += [
            replace(fault, message=f"{DAY_NAMES[one.day].capitalize()}, {fault.message}")
            for fault in check_plan(one.plan, scenario, travel)
        ]
    return faults


def _day(week: WeekPlan, day: int, plan: Plan) -> Scenario:
    """What that day's plan has to answer: its pattern's stops, one visit each."""
    due = {id_ for id_, pattern in week.patterns.items() if day in pattern}
    return replace(
        week.scenario,
        id=plan.scenario_id,
        stops=tuple(
            replace(stop, visits_per_week=1.0) for stop in week.scenario.stops if stop.id in due
        ),
        vehicles=tuple(
            replace(
                vehicle,
                count=week.choices.vehicles.get(day, {}).get(vehicle.id, vehicle.count),
            )
            for vehicle in week.scenario.vehicles
        ),
        locks=tuple(
            replace(lock, stop_ids=tuple(id_ for id_ in lock.stop_ids if id_ in due))
            for lock in week.scenario.locks
        ),
    )


def _visits(week: WeekPlan) -> Iterator[Finding]:
    """Each stop has its visits, far enough apart and soon enough, or is listed without any."""
    worked = sorted(set(week.choices.days))
    if [one.day for one in week.days] != worked:
        yield FaultKind.COVERAGE, "les jours planifiés ne sont pas les jours de travail."
    without = [left.stop_id for left in week.without]
    known = {stop.id for stop in week.scenario.stops}
    if set(without) - known or set(week.patterns) - known:
        yield FaultKind.REFERENCE, "un point est inconnu."
    for stop in week.scenario.stops:
        days = sorted(week.patterns.get(stop.id, ()))
        if bool(days) == (stop.id in without) or without.count(stop.id) > 1:
            yield FaultKind.COVERAGE, f"{quote(stop.name)} doit avoir ses jours, ou être signalé."
        if not days:
            continue
        wanted = -int(-stop.visits_per_week // 1)
        if len(days) != wanted or not set(days) <= set(worked):
            yield (
                FaultKind.COUNT,
                f"{quote(stop.name)} a {len(days)} visites, pour {wanted} demandées.",
            )
        apart = [(days[(at + 1) % len(days)] - day - 1) % 7 + 1 for at, day in enumerate(days)]
        if max(apart) > stop.longest_storage_days:
            yield (
                FaultKind.COVERAGE,
                f"{quote(stop.name)} attend {max(apart)} jours, trop longtemps.",
            )
        allowed = week.choices.allowed.get(stop.id)
        if allowed is not None and frozenset(days) not in allowed:
            yield FaultKind.COVERAGE, f"{quote(stop.name)} n’a pas l’un de ses jours imposés."


def _outlets(week: WeekPlan) -> Iterator[Finding]:
    """What each outlet really gets in the week."""
    mass = {stop.id: stop.kg_per_visit for stop in week.scenario.stops}
    got: dict[str, float] = defaultdict(float)
    for one in week.days:
        for round_ in one.plan.rounds:
            aboard = 0.0
            for visit in round_.visits:
                if visit.kind is VisitKind.STOP:
                    aboard += mass.get(visit.place_id, 0.0)
                elif visit.kind is VisitKind.UNLOAD:
                    got[visit.place_id] += aboard
                    aboard = 0.0
    for outlet in week.scenario.outlets:
        limit = outlet.weekly_capacity_kg
        if limit is not None and got[outlet.id] > limit + TOLERANCE_KG:
            yield (
                FaultKind.OUTLET,
                f"{quote(outlet.name)} reçoit {number(got[outlet.id])} kg pour {number(limit)}.",
            )


def _cost(week: WeekPlan) -> Iterator[Finding]:
    total = sum(one.plan.cost_eur for one in week.days)
    if abs(total - week.cost_eur) > TOLERANCE_EUR:
        yield FaultKind.COST, "le coût de la semaine n’est pas celui de ses jours."
