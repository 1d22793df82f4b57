"""The OR-Tools routing model of a problem, built for a given fleet and number of unloadings.

Nodes: 0 is where every vehicle starts; 1 … m are *ends*, « unload at outlet o, then return »; then
the n stops; then copies of the outlets for the unloadings on the way, all optional. Merging the
last unloading with the return spares a copy per vehicle, and opening a vehicle then takes one
insertion instead of two. A physical vehicle is represented once per outlet it can end with; at
most ``count`` of them are active.

Loads fall back to zero at a copy: its demand is minus the largest capacity and its slack takes up
the difference. All transits are matrices and vectors, never Python callbacks.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from ortools.constraint_solver import pywrapcp

from optimization.routing.problem import ALWAYS, NO_LIMIT, Ints, Problem
from optimization.routing.solution import Route, Trip

MUST_SERVE_NEUR = 10**15
"""Penalty of a stop that must be served: a million euros, more than any plan costs."""

HORIZON_S = 1_000_000


class OrToolsModel:
    """One routing model; solve it as often as wanted from different starts.

    Args:
        problem: what to plan.
        fleet: how many vehicles of each kind may be used.
        reloads: how many unloadings on the way are possible at each outlet.
        parameters: search parameters the model is closed with.
    """

    def __init__(
        self, problem: Problem, fleet: Sequence[int], reloads: Sequence[int], parameters: object
    ) -> None:
        self._problem = problem
        outlets, stops = problem.n_outlets, problem.n_stops
        copies = [o for o, count in enumerate(reloads) for _ in range(count)]
        self._copies = np.array(copies, dtype=np.int64)
        self._first_copy = 1 + outlets + stops
        self._vehicles = [
            (kind, outlet)
            for kind, count in enumerate(fleet)
            for _ in range(count)
            for outlet in range(outlets)
        ]
        nodes = self._first_copy + len(copies)
        self._manager = pywrapcp.RoutingIndexManager(
            nodes,
            len(self._vehicles),
            [0] * len(self._vehicles),
            [1 + o for _, o in self._vehicles],
        )
        self.routing = pywrapcp.RoutingModel(self._manager)
        self._add_costs_and_time()
        self._add_loads()
        self._add_choices(fleet)
        if (problem.outlet_weekly_g < NO_LIMIT).any():
            self._add_weekly_capacities()
        self.routing.CloseModelWithParameters(parameters)

    def assignment(self, routes: Sequence[Route]) -> pywrapcp.Assignment | None:
        """A warm start; ``None`` when the routes do not fit this model."""
        free: dict[tuple[int, int], list[int]] = {}
        for vehicle, key in enumerate(self._vehicles):
            free.setdefault(key, []).append(vehicle)
        copies = {
            outlet: [self._first_copy + int(c) for c in np.flatnonzero(self._copies == outlet)]
            for outlet in range(self._problem.n_outlets)
        }
        paths: list[list[int]] = [[] for _ in self._vehicles]
        for route in routes:
            vehicles = free.get((route.kind, route.trips[-1].outlet))
            if not vehicles:
                return None
            path: list[int] = []
            for trip in route.trips[:-1]:
                if not copies[trip.outlet]:
                    return None
                path += [self._problem.stop_location(stop) for stop in trip.stops]
                path.append(copies[trip.outlet].pop())
            path += [self._problem.stop_location(stop) for stop in route.trips[-1].stops]
            paths[vehicles.pop()] = [self._manager.NodeToIndex(node) for node in path]
        return self.routing.ReadAssignmentFromRoutes(paths, True)

    def routes(self, assignment: pywrapcp.Assignment) -> tuple[Route, ...]:
        """The routes of a solution, without the copies and vehicles left unused."""
        found = []
        for vehicle, (kind, outlet) in enumerate(self._vehicles):
            trips: list[Trip] = []
            stops: list[int] = []
            index = self.routing.Start(vehicle)
            while not self.routing.IsEnd(index):
                node = self._manager.IndexToNode(index)
                if node >= self._first_copy:
                    trips.append(Trip(tuple(stops), int(self._copies[node - self._first_copy])))
                    stops = []
                elif node > self._problem.n_outlets:
                    stops.append(node - 1 - self._problem.n_outlets)
                index = assignment.Value(self.routing.NextVar(index))
            trips.append(Trip(tuple(stops), outlet))
            trips = [trip for trip in trips if trip.stops]
            if trips:
                found.append(Route(kind, tuple(trips)))
        return tuple(found)

    def _add_costs_and_time(self) -> None:
        problem, routing = self._problem, self.routing
        matrices = [
            self._transits(metres, seconds)
            for metres, seconds in zip(problem.distance_m, problem.duration_s, strict=True)
        ]
        distance = [routing.RegisterTransitMatrix(metres.tolist()) for metres, _ in matrices]
        time = [routing.RegisterTransitMatrix(seconds.tolist()) for _, seconds in matrices]
        cost = []
        for vehicle_kind in problem.kinds:
            metres, seconds = matrices[vehicle_kind.profile]
            arcs = vehicle_kind.metre_neur * metres + vehicle_kind.second_neur * seconds
            cost.append(routing.RegisterTransitMatrix(arcs.tolist()))
        profiles = [problem.kinds[kind].profile for kind, _ in self._vehicles]
        for vehicle, (kind, _) in enumerate(self._vehicles):
            routing.SetArcCostEvaluatorOfVehicle(cost[kind], vehicle)
            routing.SetFixedCostOfVehicle(problem.kinds[kind].fixed_neur, vehicle)
        routing.AddDimensionWithVehicleTransits(
            [time[profile] for profile in profiles], HORIZON_S, HORIZON_S, False, "time"
        )
        self._add_windows(routing.GetDimensionOrDie("time"))
        if any(kind.range_m < NO_LIMIT for kind in problem.kinds):
            routing.AddDimensionWithVehicleTransitAndCapacity(
                [distance[profile] for profile in profiles],
                0,
                [problem.kinds[kind].range_m for kind, _ in self._vehicles],
                True,
                "distance",
            )

    def _transits(self, metres: Ints, seconds: Ints) -> tuple[Ints, Ints]:
        """Metres and seconds between nodes; seconds include the stay at the node left.

        Reaching an end means reaching its outlet, unloading and driving back to the depot.
        """
        problem = self._problem
        ends = np.arange(1, 1 + problem.n_outlets)
        stops = np.arange(1 + problem.n_outlets, self._first_copy)
        at = np.concatenate(([0], ends, stops, 1 + self._copies))
        none = np.zeros(1 + problem.n_outlets, dtype=np.int64)
        stay = np.concatenate((none, problem.service_s, problem.unload_s[self._copies]))
        node_m, node_s = metres[np.ix_(at, at)], seconds[np.ix_(at, at)] + stay[:, None]
        node_m[:, ends] += metres[ends, 0]
        node_s[:, ends] += problem.unload_s + seconds[ends, 0]
        node_m[0, ends] = node_s[0, ends] = 0  # a vehicle that stays at the depot
        return node_m, node_s

    def _add_windows(self, time: pywrapcp.RoutingDimension) -> None:
        problem, routing = self._problem, self.routing
        for stop, windows in enumerate(problem.windows):
            index = self._manager.NodeToIndex(problem.stop_location(stop))
            _restrict(time.CumulVar(index), windows)
        for copy, outlet in enumerate(self._copies):
            index = self._manager.NodeToIndex(self._first_copy + copy)
            _restrict(time.CumulVar(index), problem.outlet_windows[outlet])
        for vehicle, (number, outlet) in enumerate(self._vehicles):
            kind = problem.kinds[number]
            back = problem.duration_s[kind.profile, problem.outlet_location(outlet), 0]
            later = int(problem.unload_s[outlet] + back)
            end = time.CumulVar(routing.End(vehicle))
            _restrict(end, [(a + later, b + later) for a, b in problem.outlet_windows[outlet]])
            end.SetMax(kind.shift_end_s)
            time.CumulVar(routing.Start(vehicle)).SetRange(kind.shift_start_s, kind.shift_end_s)
            if kind.second_neur:
                time.SetSlackCostCoefficientForVehicle(kind.second_neur, vehicle)

    def _add_loads(self) -> None:
        problem, routing = self._problem, self.routing
        kinds = [problem.kinds[kind] for kind, _ in self._vehicles]
        for name, demand, capacities in (
            ("grams", problem.demand_g, [kind.capacity_g for kind in kinds]),
            ("containers", problem.demand_mc, [kind.capacity_mc for kind in kinds]),
        ):
            # A capacity that the whole demand cannot fill is no capacity: keeps numbers small.
            most = int(demand.sum())
            limits = [min(capacity, most) for capacity in capacities]
            largest = max(limits, default=0)
            vector = [0] * (1 + problem.n_outlets) + demand.tolist()
            vector += [-largest] * len(self._copies)
            routing.AddDimensionWithVehicleCapacity(
                routing.RegisterUnaryTransitVector(vector), largest, limits, True, name
            )
            load = routing.GetDimensionOrDie(name)
            for stop in range(problem.n_stops):
                index = self._manager.NodeToIndex(problem.stop_location(stop))
                load.SlackVar(index).SetValue(0)
            for vehicle in range(len(self._vehicles)):
                load.SlackVar(routing.Start(vehicle)).SetValue(0)

    def _add_choices(self, fleet: Sequence[int]) -> None:
        problem, routing = self._problem, self.routing
        for stop, skip in enumerate(problem.skip_neur.tolist()):
            index = self._manager.NodeToIndex(problem.stop_location(stop))
            routing.AddDisjunction([index], min(skip, MUST_SERVE_NEUR))
        for copy in range(len(self._copies)):
            routing.AddDisjunction([self._manager.NodeToIndex(self._first_copy + copy)], 0)
        if problem.n_outlets > 1:
            solver = routing.solver()
            for kind, count in enumerate(fleet):
                twins = [v for v, (number, _) in enumerate(self._vehicles) if number == kind]
                active = [routing.ActiveVehicleVar(vehicle) for vehicle in twins]
                solver.Add(solver.Sum(active) <= count)

    def _add_weekly_capacities(self) -> None:
        problem, routing = self._problem, self.routing
        vector = [0] * (1 + problem.n_outlets) + problem.weekly_g.tolist()
        most = int(problem.weekly_g.sum())
        vector += [-most] * len(self._copies)
        routing.AddDimension(routing.RegisterUnaryTransitVector(vector), most, most, True, "weekly")
        weekly = routing.GetDimensionOrDie("weekly")
        for stop in range(problem.n_stops):
            index = self._manager.NodeToIndex(problem.stop_location(stop))
            weekly.SlackVar(index).SetValue(0)
        for vehicle in range(len(self._vehicles)):
            weekly.SlackVar(routing.Start(vehicle)).SetValue(0)
        solver = routing.solver()
        for outlet, limit in enumerate(problem.outlet_weekly_g.tolist()):
            if limit >= NO_LIMIT:
                continue
            unloaded = [
                weekly.CumulVar(routing.End(vehicle))
                for vehicle, (_, end) in enumerate(self._vehicles)
                if end == outlet
            ]
            for copy in np.flatnonzero(self._copies == outlet):
                index = self._manager.NodeToIndex(self._first_copy + int(copy))
                unloaded.append(weekly.CumulVar(index) * routing.ActiveVar(index))
            solver.Add(solver.Sum(unloaded) <= limit)


def _restrict(variable: pywrapcp.IntVar, windows: Sequence[tuple[int, int]]) -> None:
    """Keep a time variable within its windows."""
    if tuple(windows) == ALWAYS:
        return
    variable.SetRange(windows[0][0], windows[-1][1])
    for (_, closes), (opens, _) in pairwise(windows):
        variable.RemoveInterval(closes + 1, opens - 1)
