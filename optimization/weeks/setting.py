"""A week's arrays: one problem for all stops, one visit each, and who can be visited when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from data.model import Lock, Outlet, Scenario, UnservedStop
from geo.travel.source import TravelSource
from optimization.feasibility import alone
from optimization.inspection import usable_outlets
from optimization.routing.problem import Problem, build_problem
from optimization.weeks.model import DAY_NAMES, Pattern, WeekChoices, visits_of
from optimization.weeks.patterns import even_patterns
from optimization.weeks.travel import WeekTravel


@dataclass(frozen=True)
class Week:
    """A week to plan.

    Attributes:
        travel: distances of all its places, asked for once.
    """

    scenario: Scenario
    choices: WeekChoices
    travel: TravelSource

    @classmethod
    def of(cls, scenario: Scenario, choices: WeekChoices, source: TravelSource) -> "Week":
        """With the matrices of all its places."""
        days = tuple(sorted(choices.days))
        return cls(scenario, replace(choices, days=days), WeekTravel(source, scenario))

    @cached_property
    def problem(self) -> Problem:
        """All stops, one visit each; outlets without the weekly limit, which days share."""
        whole = replace(
            self.scenario,
            stops=tuple(replace(stop, visits_per_week=1.0) for stop in self.scenario.stops),
            vehicles=tuple(
                replace(
                    vehicle,
                    count=max(
                        self.choices.count(day, vehicle.id, vehicle.count)
                        for day in self.choices.days
                    ),
                )
                for vehicle in self.scenario.vehicles
            ),
            outlets=tuple(
                replace(outlet, weekly_capacity_kg=None) for outlet in usable_outlets(self.scenario)
            ),
        )
        return build_problem(whole, self.travel)

    @cached_property
    def limits_g(self) -> dict[int, int]:
        """Weekly grams of each outlet that has a limit, by its number."""
        limits = {outlet.id: outlet.weekly_capacity_kg for outlet in self.scenario.outlets}
        return {
            number: int(1000 * limit + 1e-6)
            for number, id_ in enumerate(self.problem.outlet_ids)
            if (limit := limits[id_]) is not None
        }

    def kinds_on(self, day: int) -> Problem:
        """The problem with the vehicles of that day."""
        usual = {vehicle.id: vehicle.count for vehicle in self.scenario.vehicles}
        kinds = tuple(
            replace(
                kind,
                count=min(
                    kind.count, self.choices.count(day, kind.vehicle_id, usual[kind.vehicle_id])
                ),
            )
            for kind in self.problem.kinds
        )
        return replace(self.problem, kinds=kinds)

    @cached_property
    def possible(self) -> tuple[dict[int, tuple[Pattern, ...]], tuple[UnservedStop, ...]]:
        """Patterns of each stop (by number) that vehicles of their days can serve; who has none."""
        reasons: dict[int, dict[int, UnservedStop | None]] = {}
        seen: dict[tuple[int, ...], list[UnservedStop | None]] = {}
        for day in self.choices.days:
            problem = self.kinds_on(day)
            counts = tuple(kind.count for kind in problem.kinds)
            if counts not in seen:
                seen[counts] = [_reason(problem, stop) for stop in range(problem.n_stops)]
            for stop, reason in enumerate(seen[counts]):
                reasons.setdefault(stop, {})[day] = reason
        patterns: dict[int, tuple[Pattern, ...]] = {}
        without = []
        for number, place in enumerate(self.scenario.stops):
            open_days = [day for day, reason in reasons[number].items() if reason is None]
            found = even_patterns(
                open_days,
                visits_of(place.visits_per_week),
                place.longest_storage_days,
                self.choices.allowed.get(place.id),
            )
            if found:
                patterns[number] = found
                continue
            closed = next(r for r in reasons[number].values() if r is not None)
            names = ", ".join(DAY_NAMES[d] for d, r in reasons[number].items() if r is not None)
            detail = closed.detail if not open_days else f"{closed.detail} (impossible : {names})"
            without.append(replace(closed, detail=detail))
        return patterns, tuple(without)


def day_scenario(
    scenario: Scenario,
    choices: WeekChoices,
    day: int,
    stop_ids: frozenset[str],
    left_g: Mapping[str, int] | None = None,
) -> Scenario:
    """That day's stops, one visit each, and that day's vehicles.

    Args:
        scenario: the week's.
        choices: idem.
        day: number.
        stop_ids: who is visited.
        left_g: grams that an outlet may get that day, where less than its week.
    """
    return replace(
        scenario,
        id=f"{scenario.id}-{DAY_NAMES[day]}",
        name=f"{scenario.name}, {DAY_NAMES[day]}",
        day=choices.date_of(day),
        stops=tuple(
            replace(stop, visits_per_week=1.0) for stop in scenario.stops if stop.id in stop_ids
        ),
        vehicles=tuple(
            replace(vehicle, count=choices.count(day, vehicle.id, vehicle.count))
            for vehicle in scenario.vehicles
        ),
        outlets=tuple(_capped(outlet, left_g or {}) for outlet in scenario.outlets),
        locks=tuple(_of_day(lock, stop_ids) for lock in scenario.locks),
    )


def _capped(outlet: Outlet, left_g: Mapping[str, int]) -> Outlet:
    if outlet.id not in left_g:
        return outlet
    return replace(outlet, weekly_capacity_kg=left_g[outlet.id] / 1000)


def _of_day(lock: Lock, stop_ids: frozenset[str]) -> Lock:
    return replace(lock, stop_ids=tuple(id_ for id_ in lock.stop_ids if id_ in stop_ids))


def _reason(problem: Problem, stop: int) -> UnservedStop | None:
    why = alone(problem, stop)
    if why is None:
        return None
    return UnservedStop(stop_id=problem.stop_ids[stop], reason=why[0], detail=why[1])


def shift_seconds(problem: Problem) -> int:
    """Paid time at hand on a day, seconds."""
    return sum(kind.count * (kind.shift_end_s - kind.shift_start_s) for kind in problem.kinds)


def estimated_work_s(problem: Problem) -> list[int]:
    """Seconds that a visit of each stop is expected to take: service and nearby driving."""
    if problem.n_stops == 1:
        return [int(problem.service_s[0]) + 60]
    first = 1 + problem.n_outlets
    between = problem.duration_s[0, first:, first:].astype(float)
    np.fill_diagonal(between, np.inf)
    nearest = np.sort(between, axis=1)[:, : min(3, problem.n_stops - 1)].mean(axis=1)
    return [
        int(service + min(float(road), 7200.0)) + 60
        for service, road in zip(problem.service_s, nearest, strict=True)
    ]
