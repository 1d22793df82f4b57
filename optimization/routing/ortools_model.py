"""The OR-Tools routing model of a problem, built for a given fleet and number of unloadings.

Nodes: 0 is where every vehicle starts; 1 … m are *ends*, « unload at outlet o, then return »; then
the n stops; then copies of the outlets for the unloadings on the way, all optional. Merging the
last unloading with the return spares a copy per vehicle, and opening a vehicle then takes one
insertion instead of two. A physical vehicle is represented once per outlet it can end with; at
most ``count`` of them are active.

Loads fall back to zero at a copy: its demand is minus the largest capacity and its slack takes up
the difference. All transits are matrices and vectors, never Python callbacks.

The rules in use become allowed vehicles (access), next variables (locked pieces), counting
dimensions (most stops, most trips), one load per resource that does not go everywhere, break
intervals, and copies of an outlet that recharge: there the distance starts again from zero. Two
things are left to whoever takes the routes: balance between rounds, and where exactly a pause
falls (here it may interrupt a leg).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from ortools.constraint_solver import pywrapcp

from optimization.routing.problem import ALWAYS, NO_LIMIT, Booleans, Feature, Ints, Problem
from optimization.routing.solution import Route, Trip
from optimization.routing.timetable import timetable

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
        self._features = problem.features
        copies = [(o, False) for o, count in enumerate(reloads) for _ in range(count)]
        if Feature.RECHARGE in self._features and problem.charging is not None:
            copies += [(o, True) for o, _ in copies if problem.charging[o]]
        self._copies = np.array([o for o, _ in copies], dtype=np.int64)
        self._charges = np.array([charges for _, charges in copies], dtype=np.bool_)
        self._first_copy = 1 + outlets + stops
        self._vehicles = [
            (kind, outlet)
            for kind, count in enumerate(fleet)
            for _ in range(count)
            for outlet in range(outlets)
            if problem.outlet_allowed is None or problem.outlet_allowed[outlet, kind]
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
        self._add_access()
        self._add_counts()
        self._add_resources()
        self._add_pieces()
        self._add_pauses()
        self.routing.CloseModelWithParameters(parameters)

    def assignment(self, routes: Sequence[Route]) -> pywrapcp.Assignment | None:
        """A warm start; ``None`` when the routes do not fit this model."""
        free: dict[tuple[int, int], list[int]] = {}
        for vehicle, key in enumerate(self._vehicles):
            free.setdefault(key, []).append(vehicle)
        copies: dict[tuple[int, bool], list[int]] = {}
        for copy, outlet in enumerate(self._copies.tolist()):
            sort = outlet, bool(self._charges[copy])
            copies.setdefault(sort, []).append(self._first_copy + copy)
        paths: list[list[int]] = [[] for _ in self._vehicles]
        for route in routes:
            vehicles = free.get((route.kind, route.trips[-1].outlet))
            if not vehicles:
                return None
            path = self._path(route, copies)
            if path is None:
                return None
            paths[vehicles.pop()] = [self._manager.NodeToIndex(node) for node in path]
        return self.routing.ReadAssignmentFromRoutes(paths, True)

    def _path(self, route: Route, copies: dict[tuple[int, bool], list[int]]) -> list[int] | None:
        """Nodes of a route, taking copies away; ``None`` when there are not enough."""
        charged: tuple[int, ...] = ()
        if self._charges.any():
            table = timetable(self._problem, route)
            charged = () if table is None else table.recharges
        path: list[int] = []
        entry = 0
        for trip in route.trips[:-1]:
            entry += len(trip.stops) + 1
            left = copies.get((trip.outlet, entry in charged))
            if not left:
                return None
            path += [self._problem.stop_location(stop) for stop in trip.stops]
            path.append(left.pop())
        return path + [self._problem.stop_location(stop) for stop in route.trips[-1].stops]

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
        # Vehicles of one profile ride alike, but where they recharge each at its own pace.
        looks = [
            (kind.profile, kind.recharge_s if self._charges.any() else 0) for kind in problem.kinds
        ]
        transits = {look: self._transits(*look) for look in dict.fromkeys(looks)}
        distance = {
            look: routing.RegisterTransitMatrix(metres.tolist())
            for look, (metres, _) in transits.items()
        }
        time = {
            look: routing.RegisterTransitMatrix(seconds.tolist())
            for look, (_, seconds) in transits.items()
        }
        cost = []
        for vehicle_kind, look in zip(problem.kinds, looks, strict=True):
            metres, seconds = transits[look]
            arcs = vehicle_kind.metre_neur * metres + vehicle_kind.second_neur * seconds
            cost.append(routing.RegisterTransitMatrix(arcs.tolist()))
        of_vehicle = [looks[kind] for kind, _ in self._vehicles]
        for vehicle, (kind, _) in enumerate(self._vehicles):
            routing.SetArcCostEvaluatorOfVehicle(cost[kind], vehicle)
            routing.SetFixedCostOfVehicle(problem.kinds[kind].fixed_neur, vehicle)
        routing.AddDimensionWithVehicleTransits(
            [time[look] for look in of_vehicle], HORIZON_S, HORIZON_S, False, "time"
        )
        self._add_windows(routing.GetDimensionOrDie("time"))
        ranges = [problem.kinds[kind].range_m for kind, _ in self._vehicles]
        if self._charges.any() and min(ranges) < NO_LIMIT:
            self._add_charged_range(ranges, {look: m for look, (m, _) in transits.items()})
        elif any(reach < NO_LIMIT for reach in ranges):
            routing.AddDimensionWithVehicleTransitAndCapacity(
                [distance[look] for look in of_vehicle], 0, ranges, True, "distance"
            )

    def _add_charged_range(self, ranges: list[int], metres: dict[tuple[int, int], Ints]) -> None:
        """Metres since the depot or the last recharge, never more than the range.

        A copy that recharges takes away the longest range, and its slack gives back what had not
        been used of it.
        """
        routing, problem = self.routing, self._problem
        most = max(reach for reach in ranges if reach < NO_LIMIT)
        if any(reach >= NO_LIMIT for reach in ranges):
            # Who has no limit may ride every leg there is.
            legs = max(int(matrix.max(axis=1).sum()) for matrix in metres.values())
            most = max(most, legs)
        registered = {}
        for look, matrix in metres.items():
            signed = matrix.copy()
            signed[self._first_copy :][self._charges] -= most
            registered[look] = routing.RegisterTransitMatrix(signed.tolist())
        looks = [
            (problem.kinds[kind].profile, problem.kinds[kind].recharge_s)
            for kind, _ in self._vehicles
        ]
        routing.AddDimensionWithVehicleTransitAndCapacity(
            [registered[look] for look in looks],
            most,
            [min(reach, most) for reach in ranges],
            True,
            "distance",
        )
        used, solver = routing.GetDimensionOrDie("distance"), routing.solver()
        for node in range(1 + problem.n_outlets, self._first_copy):
            used.SlackVar(self._manager.NodeToIndex(node)).SetValue(0)
        for vehicle in range(len(self._vehicles)):
            used.SlackVar(routing.Start(vehicle)).SetValue(0)
        for copy, charges in enumerate(self._charges):
            index = self._manager.NodeToIndex(self._first_copy + copy)
            if charges:
                solver.Add(used.SlackVar(index) + used.CumulVar(index) == most)
            else:
                used.SlackVar(index).SetValue(0)

    def _transits(self, profile: int, recharge_s: int) -> tuple[Ints, Ints]:
        """Metres and seconds between nodes; seconds include the stay at the node left.

        Reaching an end means reaching its outlet, unloading and driving back to the depot.
        """
        problem = self._problem
        metres, seconds = problem.distance_m[profile], problem.duration_s[profile]
        ends = np.arange(1, 1 + problem.n_outlets)
        stops = np.arange(1 + problem.n_outlets, self._first_copy)
        at = np.concatenate(([0], ends, stops, 1 + self._copies))
        unload = problem.unload_s[self._copies]
        unload = np.where(self._charges, np.maximum(unload, recharge_s), unload)
        none = np.zeros(1 + problem.n_outlets, dtype=np.int64)
        stay = np.concatenate((none, problem.service_s, unload))
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
        for stop, penalty in enumerate(problem.penalty_neur.tolist()):
            index = self._manager.NodeToIndex(problem.stop_location(stop))
            routing.AddDisjunction([index], penalty)
        for copy in range(len(self._copies)):
            routing.AddDisjunction([self._manager.NodeToIndex(self._first_copy + copy)], 0)
        for outlet in set(range(problem.n_outlets)) - {end for _, end in self._vehicles}:
            # The end of no vehicle is a place like another for OR-Tools: nobody goes there.
            index = self._manager.NodeToIndex(1 + outlet)
            routing.AddDisjunction([index], 0)
            routing.ActiveVar(index).SetValue(0)
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

    def _add_access(self) -> None:
        """Only vehicles that may go there."""
        problem = self._problem
        if problem.allowed is not None:
            for stop, kinds in enumerate(problem.allowed):
                self._allow(problem.stop_location(stop), kinds)
        if problem.outlet_allowed is not None:
            for copy, outlet in enumerate(self._copies):
                self._allow(self._first_copy + copy, problem.outlet_allowed[outlet])

    def _allow(self, node: int, kinds: Booleans) -> None:
        barred = [v for v, (kind, _) in enumerate(self._vehicles) if not kinds[kind]]
        index = self._manager.NodeToIndex(node)
        if len(barred) == len(self._vehicles):
            self.routing.ActiveVar(index).SetValue(0)
        elif barred:
            self.routing.VehicleVar(index).RemoveValues(barred)

    def _add_counts(self) -> None:
        """Most stops and most unloadings of a shift; the last one is the end itself."""
        problem, copies = self._problem, len(self._copies)
        ends, kinds = 1 + problem.n_outlets, [problem.kinds[kind] for kind, _ in self._vehicles]
        if Feature.MAX_STOPS in self._features:
            ones = [0] * ends + [1] * problem.n_stops + [0] * copies
            most = [min(kind.max_stops, problem.n_stops) for kind in kinds]
            self._add_count("stops", ones, most)
        if Feature.MAX_TRIPS in self._features:
            ones = [0] * (ends + problem.n_stops) + [1] * copies
            self._add_count("trips", ones, [min(kind.max_trips - 1, copies) for kind in kinds])

    def _add_count(self, name: str, vector: list[int], most: list[int]) -> None:
        transit = self.routing.RegisterUnaryTransitVector(vector)
        self.routing.AddDimensionWithVehicleCapacity(transit, 0, most, True, name)

    def _add_resources(self) -> None:
        """How many stops of each resource are aboard: none where it may not be."""
        problem, routing = self._problem, self.routing
        if problem.resource is None or problem.accepts is None or problem.together is None:
            return
        for resource in range(len(problem.together)):
            mine = problem.resource == resource
            refused = ~problem.accepts[:, resource]
            apart = ~problem.together[resource][problem.resource]
            if not mine.any() or not (refused.any() or apart.any()):
                continue
            most = int(mine.sum())
            vector = [0] * (1 + problem.n_outlets) + mine.astype(int).tolist()
            vector += [-most] * len(self._copies)
            name = f"aboard {resource}"
            transit = routing.RegisterUnaryTransitVector(vector)
            routing.AddDimension(transit, most, most, True, name)
            aboard = routing.GetDimensionOrDie(name)
            for stop in range(problem.n_stops):
                index = self._manager.NodeToIndex(problem.stop_location(stop))
                aboard.SlackVar(index).SetValue(0)
                if apart[stop]:
                    aboard.CumulVar(index).SetMax(0)
            for copy in np.flatnonzero(refused[self._copies]):
                index = self._manager.NodeToIndex(self._first_copy + int(copy))
                aboard.CumulVar(index).SetMax(0)
            for vehicle, (_, outlet) in enumerate(self._vehicles):
                aboard.SlackVar(routing.Start(vehicle)).SetValue(0)
                if refused[outlet]:
                    aboard.CumulVar(routing.End(vehicle)).SetMax(0)

    def _add_pieces(self) -> None:
        """A stop of a piece is followed by the next one, or both are left out."""
        problem, routing = self._problem, self.routing
        for piece in problem.locks:
            for stop, following in pairwise(piece):
                here = self._manager.NodeToIndex(problem.stop_location(stop))
                there = self._manager.NodeToIndex(problem.stop_location(following))
                routing.NextVar(here).SetValues([here, there])
                routing.solver().Add(routing.ActiveVar(here) == routing.ActiveVar(there))

    def _add_pauses(self) -> None:
        problem, routing = self._problem, self.routing
        if Feature.BREAKS not in self._features:
            return
        time = routing.GetDimensionOrDie("time")
        unload = problem.unload_s[self._copies].tolist()
        stay = [0] * (1 + problem.n_outlets) + problem.service_s.tolist() + unload
        visits = [stay[self._manager.IndexToNode(index)] for index in range(routing.Size())]
        for vehicle, (number, _) in enumerate(self._vehicles):
            kind = problem.kinds[number]
            if kind.break_s:
                pause = routing.solver().FixedDurationIntervalVar(
                    kind.break_from_s, kind.break_until_s, kind.break_s, False, f"pause {vehicle}"
                )
                time.SetBreakIntervalsOfVehicle([pause], vehicle, visits)


def _restrict(variable: pywrapcp.IntVar, windows: Sequence[tuple[int, int]]) -> None:
    """Keep a time variable within its windows."""
    if tuple(windows) == ALWAYS:
        return
    variable.SetRange(windows[0][0], windows[-1][1])
    for (_, closes), (opens, _) in pairwise(windows):
        variable.RemoveInterval(closes + 1, opens - 1)
