"""One day of a week: planned by an engine, or made of rounds already known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from data.model import Plan, Round, Scenario, VisitKind
from geo.travel.source import TravelSource
from optimization.planning import propose
from optimization.routing.engine import Engine, Limits, OnProgress, SearchProgress, ShouldStop
from optimization.routing.pricing import assembled
from optimization.routing.problem import Feature, Problem
from optimization.routing.solution import Route, Solution, Trip
from optimization.weeks.model import DayPlan, Pattern
from optimization.weeks.setting import Week, day_scenario

SHORTEST_S = 0.3
"""Seconds an engine gets for a day, at least."""


class DayPlanner:
    """Plans days of a week.

    Args:
        week: what is planned.
        engine: of each day, see ``optimization.planning.propose``.
        budget: candidate plans of each day; ``None`` = bounded by the clock.
        on_progress: told how the day being planned goes.
        should_stop: asked several times a second; yes means the person cancelled.
    """

    def __init__(
        self,
        week: Week,
        engine: Engine | None,
        budget: int | None,
        on_progress: OnProgress | None,
        should_stop: ShouldStop | None,
    ) -> None:
        self._week = week
        self._engine = engine
        self._budget = budget
        self._on_progress = on_progress
        self._should_stop = should_stop
        self.examined = 0
        self.name = ""

    def planned(
        self,
        day: int,
        patterns: Mapping[int, Pattern],
        seconds: float,
        left_g: Mapping[str, int],
    ) -> DayPlan:
        """Plan a day.

        Args:
            day: number.
            patterns: days of each stop, by its number.
            seconds: most wall time.
            left_g: grams that outlets may get that day, those with less than their week.
        """
        ids = self._due(day, patterns)
        scenario = day_scenario(self._week.scenario, self._week.choices, day, ids)
        if not ids:
            return DayPlan(day=day, scenario=scenario, plan=_nothing(scenario, self._week.travel))
        asked = replace(
            day_scenario(self._week.scenario, self._week.choices, day, ids, left_g),
            time_limit_s=max(SHORTEST_S, seconds),
        )
        plan = propose(
            asked,
            self._week.travel,
            on_progress=self._on_progress,
            should_stop=self._should_stop,
            engine=self._engine,
            solutions=self._budget,
        )
        self.examined += plan.solutions
        self.name = plan.engine
        return DayPlan(day=day, scenario=scenario, plan=plan)

    def made_of(
        self, day: int, patterns: Mapping[int, Pattern], routes: Sequence[Route]
    ) -> DayPlan:
        """Tell a day whose rounds are known; the checker judges them as any other's."""
        ids = self._due(day, patterns)
        scenario = day_scenario(self._week.scenario, self._week.choices, day, ids)
        if not ids:
            return DayPlan(day=day, scenario=scenario, plan=_nothing(scenario, self._week.travel))
        plan = propose(scenario, self._week.travel, engine=_Given(self._week.problem, routes))
        return DayPlan(day=day, scenario=scenario, plan=replace(plan, engine=self.name))

    def routes(self, plan: Plan) -> tuple[Route, ...]:
        """A plan's rounds in the week's numbers."""
        problem = self._week.problem
        kinds: dict[str, int] = {}
        for number, kind in enumerate(problem.kinds):
            kinds.setdefault(kind.vehicle_id, number)
        return tuple(Route(kinds[one.vehicle_id], _trips(problem, one)) for one in plan.rounds)

    def _due(self, day: int, patterns: Mapping[int, Pattern]) -> frozenset[str]:
        ids = self._week.problem.stop_ids
        return frozenset(ids[stop] for stop, days in patterns.items() if day in days)


class _Given:
    """An engine that proposes rounds already known."""

    features = frozenset(Feature)
    name = "CP-SAT"

    def __init__(self, problem: Problem, routes: Sequence[Route]) -> None:
        self._problem = problem
        self._routes = routes

    def solve(
        self,
        problem: Problem,
        limits: Limits,  # noqa: ARG002 (the Protocol's signature)
        on_progress: Callable[[SearchProgress], None] | None = None,  # noqa: ARG002
        should_stop: ShouldStop | None = None,  # noqa: ARG002
    ) -> Solution:
        """Return those rounds, in that problem's numbers."""
        whole = self._problem
        stops = {id_: number for number, id_ in enumerate(problem.stop_ids)}
        outlets = {id_: number for number, id_ in enumerate(problem.outlet_ids)}
        kinds = {kind.vehicle_id: number for number, kind in enumerate(problem.kinds)}
        routes = [
            Route(
                kinds[whole.kinds[route.kind].vehicle_id],
                tuple(
                    Trip(
                        stops=tuple(stops[whole.stop_ids[stop]] for stop in trip.stops),
                        outlet=outlets[whole.outlet_ids[trip.outlet]],
                    )
                    for trip in route.trips
                ),
            )
            for route in self._routes
        ]
        return assembled(problem, routes, 0)


def _trips(problem: Problem, one: Round) -> tuple[Trip, ...]:
    stops = {id_: number for number, id_ in enumerate(problem.stop_ids)}
    outlets = {id_: number for number, id_ in enumerate(problem.outlet_ids)}
    trips: list[Trip] = []
    aboard: list[int] = []
    for visit in one.visits:
        if visit.kind is VisitKind.STOP:
            aboard.append(stops[visit.place_id])
        elif visit.kind is VisitKind.UNLOAD:
            trips.append(Trip(stops=tuple(aboard), outlet=outlets[visit.place_id]))
            aboard = []
    return tuple(trips)


def _nothing(scenario: Scenario, travel: TravelSource) -> Plan:
    """The plan of a day without visits."""
    return Plan(
        id=scenario.id,
        scenario_id=scenario.id,
        name=scenario.name,
        created_at="",
        rounds=(),
        unserved=(),
        travel_source=travel.name,
        travel_margin=travel.margin,
        engine="",
        cost_eur=0.0,
        bound_eur=0.0,
    )
