"""Engines that are not ours, told the same problems: VROOM, and OR-Tools as its textbook says.

Both are used as their own documentation shows, so that the table says what a planner would get
from them. ``pyvroom`` is optional: ``pip install .[bench]``.
"""

import datetime as dt
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise, product
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from optimization.routing import Limits, OnProgress, Problem, Route, ShouldStop, Solution, Trip
from optimization.routing.pricing import assembled
from optimization.routing.problem import NO_LIMIT, Ints, Kind
from optimization.routing.ruin_recreate.instance import is_direct
from optimization.routing.watch import Watch

MILLI_EURO = 1_000_000
"""n€ in the unit that both engines count in."""

MOST = 2**31
"""No limit, for engines that add up loads."""

MISSED = 10**10
"""Price of a stop left out by the textbook model."""

EXPLORATION = 5
"""VROOM's most thorough search."""


class VroomEngine:
    """VROOM; it knows no unloading on the way, so that trips must be independent."""

    name = "VROOM"

    @staticmethod
    def knows(problem: Problem) -> bool:
        """Whether VROOM can be told all of the problem."""
        return is_direct(problem) and len(problem.kinds) == 1

    def solve(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None = None,  # noqa: ARG002 (it tells nothing)
        should_stop: ShouldStop | None = None,  # noqa: ARG002 (it asks nothing)
    ) -> Solution:
        """Return VROOM's plan, on two threads."""
        vroom = import_module("vroom")
        kind = problem.kinds[0]
        asked = vroom.Input()
        places = [0, *range(2, 2 + problem.n_stops)]
        square = np.ix_(places, places)
        asked.set_durations_matrix("car", problem.duration_s[0][square].astype(np.uint32))
        costs = problem.distance_m[0][square] * (kind.metre_neur // MILLI_EURO)
        asked.set_costs_matrix("car", costs.astype(np.uint32))
        hours = vroom.TimeWindow(kind.shift_start_s, kind.shift_end_s)
        for number in range(kind.count):
            asked.add_vehicle(
                vroom.Vehicle(
                    number, start=0, end=0, capacity=[min(kind.capacity_g, MOST)], time_window=hours
                )
            )
        for stop in range(problem.n_stops):
            asked.add_job(
                vroom.Job(
                    stop,
                    location=1 + stop,
                    default_service=int(problem.service_s[stop]),
                    delivery=[int(problem.demand_g[stop])],
                    time_windows=[vroom.TimeWindow(*span) for span in problem.windows[stop]],
                )
            )
        found = asked.solve(
            exploration_level=EXPLORATION,
            nb_threads=2,
            timeout=dt.timedelta(seconds=limits.seconds),
        )
        steps = found.routes[found.routes.type == "job"]
        routes = [
            Route(0, (Trip(tuple(int(stop) for stop in own["id"]), 0),))
            for _, own in steps.groupby("vehicle_id", sort=True)
        ]
        return assembled(problem, routes, 0)


class TextbookEngine:
    """OR-Tools routing with reload nodes, automatic first solution and guided local search."""

    name = "OR-Tools (manuel)"

    def solve(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,  # noqa: ARG002 (not asked of a textbook)
    ) -> Solution:
        """Return the plan found, on one thread: it has no other. Each solution is told."""
        watch = Watch(limits, on_progress, None)
        model = _Textbook(problem)

        def met() -> None:
            missed, cost = divmod(model.routing.CostVar().Value(), MISSED)
            watch.tell(cost * MILLI_EURO, missed)

        model.routing.AddAtSolutionCallback(met)
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.AUTOMATIC
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        if limits.solutions is not None:
            parameters.solution_limit = limits.solutions
        parameters.time_limit.FromMilliseconds(int(1000 * min(limits.seconds, 1e6)))
        found = model.routing.SolveWithParameters(parameters)
        routes = [] if found is None else list(model.routes(found))
        return assembled(problem, routes, 0)


class _Textbook:
    """Nodes: the depot, the stops, then copies of each outlet where a vehicle may reload."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._kinds = [
            number
            for number, kind in enumerate(problem.kinds)
            for _ in range(min(kind.count, problem.n_stops))
        ]
        copies = 0 if is_direct(problem) else problem.n_stops // 2
        self._reloads = list(product(range(problem.n_outlets), range(copies)))
        nodes = 1 + problem.n_stops + len(self._reloads)
        self._manager = pywrapcp.RoutingIndexManager(nodes, len(self._kinds), 0)
        self.routing = pywrapcp.RoutingModel(self._manager)
        self._places = [
            0,
            *(problem.stop_location(stop) for stop in range(problem.n_stops)),
            *(problem.outlet_location(outlet) for outlet, _ in self._reloads),
        ]
        legs = [self._legs(kind) for kind in problem.kinds]
        costs = [self.routing.RegisterTransitMatrix(cost.tolist()) for cost, _ in legs]
        times = [self.routing.RegisterTransitMatrix(time.tolist()) for _, time in legs]
        for vehicle, number in enumerate(self._kinds):
            self.routing.SetArcCostEvaluatorOfVehicle(costs[number], vehicle)
            self.routing.SetFixedCostOfVehicle(
                problem.kinds[number].fixed_neur // MILLI_EURO, vehicle
            )
        ends = [kind.shift_end_s for kind in problem.kinds]
        self.routing.AddDimensionWithVehicleTransits(
            [times[number] for number in self._kinds], max(ends), max(ends), False, "time"
        )
        self._add_hours()
        self._add_loads(problem.demand_g, [kind.capacity_g for kind in problem.kinds], "grams")
        self._add_loads(problem.demand_mc, [kind.capacity_mc for kind in problem.kinds], "boxes")
        for number in range(len(self._reloads)):
            node = 1 + problem.n_stops + number
            self.routing.AddDisjunction([self._manager.NodeToIndex(node)], 0)
        for stop in range(
            problem.n_stops
        ):  # else no first solution is found where vehicles are few
            self.routing.AddDisjunction([self._manager.NodeToIndex(1 + stop)], MISSED)

    def routes(self, found: Any) -> Iterator[Route]:
        """The routes of a solution; the last trip ends at the outlet that is best for it."""
        problem = self._problem
        for vehicle, number in enumerate(self._kinds):
            index = self.routing.Start(vehicle)
            trips: list[Trip] = []
            stops: list[int] = []
            while not self.routing.IsEnd(index):
                node = self._manager.IndexToNode(index)
                if node > problem.n_stops:
                    if stops:
                        outlet = self._reloads[node - 1 - problem.n_stops][0]
                        trips.append(Trip(tuple(stops), outlet))
                        stops = []
                elif node:
                    stops.append(node - 1)
                index = found.Value(self.routing.NextVar(index))
            if stops:
                last = problem.stop_location(stops[-1])
                trips.append(Trip(tuple(stops), int(self._home(number)[1][last])))
            if trips:
                yield Route(number, tuple(trips))

    def _legs(self, kind: Kind) -> tuple[Ints, Ints]:
        """Milli-euros and seconds between nodes; going home passes by the best outlet."""
        problem = self._problem
        metres = problem.distance_m[kind.profile].astype(np.int64).copy()
        seconds = problem.duration_s[kind.profile].astype(np.int64).copy()
        stay = np.concatenate(([0], problem.unload_s, problem.service_s))
        via = self._home(problem.kinds.index(kind))[1]
        first = 1 + problem.n_outlets
        for place in range(first, len(metres)):
            outlet = 1 + via[place]
            metres[place, 0] = metres[place, outlet] + metres[outlet, 0]
            seconds[place, 0] = (
                seconds[place, outlet] + problem.unload_s[via[place]] + seconds[outlet, 0]
            )
        square = np.ix_(self._places, self._places)
        cost = (metres * kind.metre_neur + seconds * kind.second_neur) // MILLI_EURO
        return cost[square], (seconds + stay[:, None])[square]

    def _home(self, number: int) -> tuple[Ints, Ints]:
        """Metres home by the best outlet from each place, and that outlet."""
        metres = self._problem.distance_m[self._problem.kinds[number].profile]
        outlets = range(1, 1 + self._problem.n_outlets)
        by = np.stack([metres[:, outlet] + metres[outlet, 0] for outlet in outlets])
        return by.min(axis=0), by.argmin(axis=0)

    def _add_hours(self) -> None:
        problem, clock = self._problem, self.routing.GetDimensionOrDie("time")
        for vehicle, number in enumerate(self._kinds):
            kind = problem.kinds[number]
            for index in (self.routing.Start(vehicle), self.routing.End(vehicle)):
                clock.CumulVar(index).SetRange(kind.shift_start_s, kind.shift_end_s)
        for stop, spans in enumerate(problem.windows):
            moment = clock.CumulVar(self._manager.NodeToIndex(1 + stop))
            moment.SetRange(max(0, spans[0][0]), min(spans[-1][1], moment.Max()))
            for (_, closed), (opens, _) in pairwise(spans):
                moment.RemoveInterval(closed + 1, opens - 1)

    def _add_loads(self, demand: Ints, capacities: list[int], name: str) -> None:
        """A reload may take off any load, up to the largest capacity."""
        capped = [min(capacity, MOST) for capacity in capacities]
        if max(capacities) >= NO_LIMIT or not demand.any():
            return
        loads = [0, *demand.tolist(), *([-max(capped)] * len(self._reloads))]
        transit = self.routing.RegisterUnaryTransitVector(loads)
        self.routing.AddDimensionWithVehicleCapacity(
            transit, max(capped), [capped[number] for number in self._kinds], True, name
        )
        dimension = self.routing.GetDimensionOrDie(name)
        for stop in range(self._problem.n_stops):
            dimension.SlackVar(self._manager.NodeToIndex(1 + stop)).SetValue(0)
