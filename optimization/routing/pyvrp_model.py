"""A problem in PyVRP's terms, and back.

PyVRP knows trips that reload at a depot, but ends every route straight at a depot, where ours
unload first. Each route therefore ends at a made-up place whose legs are « to the outlet, unload,
back to the depot », by the outlet that is best for the last stop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd
from typing import Any

import numpy as np
import pyvrp

from optimization.routing.problem import ALWAYS, NO_LIMIT, Ints, Kind, Problem
from optimization.routing.ruin_recreate.instance import is_direct
from optimization.routing.solution import Route, Trip
from optimization.routing.timetable import timetable

SMALLEST_RATE = 50
"""PyVRP counts in whole units of money: no rate is rounded by more than a hundredth."""

HUGE = 10**9
"""Loads and metres beyond every limit, small enough for PyVRP's penalties not to overflow."""


def supports(problem: Problem) -> bool:
    """Whether PyVRP can be told everything that matters.

    It is told of none of the problem's ``features`` and of no weekly capacity, and of no opening
    hours for an outlet that a made-up end stands for unless there is one outlet open once a day.
    """
    if problem.features or (problem.outlet_weekly_g < NO_LIMIT).any():
        return False
    always = all(windows == ALWAYS for windows in problem.outlet_windows)
    return always or (problem.n_outlets == 1 and len(problem.outlet_windows[0]) == 1)


@dataclass(frozen=True, slots=True)
class _Tariff:
    profile: int
    metre_neur: int
    second_neur: int


class PyvrpModel:
    """One problem translated.

    Args:
        problem: one that :func:`supports` accepts, with a stop, an outlet and a vehicle.

    PyVRP's locations are ours, then one made-up end by tariff. Its depots are the depot, the
    outlets, the ends; its clients are the stops, once for each of their windows.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._direct = is_direct(problem)
        self._tariffs = list(dict.fromkeys(_tariff(kind) for kind in problem.kinds))
        self._kinds = [number for number, kind in enumerate(problem.kinds) if kind.count]
        self._unit = _unit(problem)
        self._client_stop: list[int] = []
        self._first_client: list[int] = []
        self._last_outlet = [self._best_end(tariff) for tariff in self._tariffs]
        self.data = self._data()

    def routes(self, solution: pyvrp.Solution) -> tuple[Route, ...]:
        """The routes of a PyVRP solution, empty trips left out."""
        found = []
        for route in solution.routes():
            kind = self._kinds[route.vehicle_type()]
            tariff = self._tariffs.index(_tariff(self._problem.kinds[kind]))
            trips: list[Trip] = []
            stops: list[int] = []
            for activity in route:
                if activity.is_client():
                    stops.append(self._client_stop[activity.idx])
                elif stops:
                    outlet = activity.idx - 1
                    if outlet >= self._problem.n_outlets or self._direct:
                        outlet = int(self._last_outlet[tariff][stops[-1]])
                    trips.append(Trip(tuple(stops), outlet))
                    stops = []
            if trips:
                found.append(Route(kind, tuple(trips)))
        return tuple(found)

    def solution(self, routes: Sequence[Route]) -> pyvrp.Solution:
        """Those routes in PyVRP's terms, each stop in the window it is visited in.

        Raises:
            ValueError: a route is infeasible.
        """
        return pyvrp.Solution(self.data, [self._translated(route) for route in routes])

    def _translated(self, route: Route) -> pyvrp.Route:
        table = timetable(self._problem, route)
        if table is None:
            raise ValueError(f"infeasible route: {route}")
        starts = dict(zip(table.locations, table.starts_s, strict=True))
        activities: list[pyvrp.Activity] = []
        for number, trip in enumerate(route.trips):
            if number and not self._direct:
                before = 1 + route.trips[number - 1].outlet
                activities.append(pyvrp.Activity(pyvrp.ActivityType.DEPOT, before))
            for stop in trip.stops:
                client = self._client(stop, starts[self._problem.stop_location(stop)])
                activities.append(pyvrp.Activity(pyvrp.ActivityType.CLIENT, client))
        return pyvrp.Route(self.data, activities, self._kinds.index(route.kind))

    def _client(self, stop: int, start_s: int) -> int:
        windows = self._problem.windows[stop]
        which = next(number for number, (_, end) in enumerate(windows) if start_s <= end)
        return self._first_client[stop] + which

    def _data(self) -> pyvrp.ProblemData:
        problem = self._problem
        outlets = 0 if self._direct else problem.n_outlets
        ends = [] if self._direct else range(len(self._tariffs))
        locations = 1 + problem.n_outlets + problem.n_stops + len(ends)
        clients, groups = self._clients()
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in range(locations)],
            clients=clients,
            depots=[
                pyvrp.Depot(0),
                *(self._outlet(outlet) for outlet in range(outlets)),
                *(self._end(end) for end in ends),
            ],
            vehicle_types=[self._vehicle(problem.kinds[number], outlets) for number in self._kinds],
            distance_matrices=[
                self._legs(problem.distance_m, t, stay=False) for t in self._tariffs
            ],
            duration_matrices=[self._legs(problem.duration_s, t, stay=True) for t in self._tariffs],
            groups=groups,
        )

    def _clients(self) -> tuple[list[pyvrp.Client], list[pyvrp.ClientGroup]]:
        problem = self._problem
        scale_g, scale_mc = self._load_scale()
        clients: list[pyvrp.Client] = []
        groups: list[pyvrp.ClientGroup] = []
        for stop, windows in enumerate(problem.windows):
            must = bool(problem.skip_neur[stop] >= NO_LIMIT)
            group = None
            if len(windows) > 1:
                numbers = list(range(len(clients), len(clients) + len(windows)))
                group = len(groups)
                groups.append(pyvrp.ClientGroup(numbers, required=must))
            load = [
                -(-int(problem.demand_g[stop]) // scale_g),
                -(-int(problem.demand_mc[stop]) // scale_mc),
            ]
            self._first_client.append(len(clients))
            for start, end in windows:
                clients.append(
                    pyvrp.Client(
                        location=problem.stop_location(stop),
                        pickup=load,
                        service_duration=int(problem.service_s[stop]),
                        tw_early=start,
                        tw_late=end,
                        prize=0 if must else round(int(problem.skip_neur[stop]) / self._unit),
                        required=must and group is None,
                        group=group,
                    )
                )
                self._client_stop.append(stop)
        return clients, groups

    def _outlet(self, outlet: int) -> pyvrp.Depot:
        problem = self._problem
        windows = problem.outlet_windows[outlet]
        return pyvrp.Depot(
            problem.outlet_location(outlet),
            tw_early=windows[0][0],
            tw_late=windows[-1][1],
            service_duration=int(problem.unload_s[outlet]),
        )

    def _end(self, number: int) -> pyvrp.Depot:
        problem = self._problem
        location = 1 + problem.n_outlets + problem.n_stops + number
        if problem.outlet_windows[0] == ALWAYS:
            return pyvrp.Depot(location)
        ((start, end),) = problem.outlet_windows[0]
        back = int(problem.duration_s[self._tariffs[number].profile, 1, 0])
        later = back + int(problem.unload_s[0])
        return pyvrp.Depot(location, tw_early=start + later, tw_late=end + later)

    def _vehicle(self, kind: Kind, outlets: int) -> pyvrp.VehicleType:
        problem = self._problem
        tariff = self._tariffs.index(_tariff(kind))
        scale_g, scale_mc = self._load_scale()
        options: dict[str, Any] = {}
        if kind.range_m < NO_LIMIT:
            options["max_distance"] = kind.range_m
        if outlets:
            options["end_depot"] = 1 + outlets + tariff
            options["reload_depots"] = list(range(1, 1 + outlets))
        return pyvrp.VehicleType(
            num_available=min(kind.count, problem.n_stops),
            capacity=[
                min(kind.capacity_g // scale_g, HUGE),
                min(kind.capacity_mc // scale_mc, HUGE),
            ],
            fixed_cost=round(kind.fixed_neur / self._unit),
            tw_early=kind.shift_start_s,
            tw_late=kind.shift_end_s,
            unit_distance_cost=round(kind.metre_neur / self._unit),
            unit_duration_cost=round(kind.second_neur / self._unit),
            profile=tariff,
            **options,
        )

    def _legs(self, matrix: Ints, tariff: _Tariff, *, stay: bool) -> Any:
        """Legs between PyVRP's locations; ``stay`` adds the unloading to the made-up ends."""
        problem = self._problem
        legs = matrix[tariff.profile]
        if self._direct:
            return legs
        ends = len(self._tariffs)
        size = len(legs) + ends
        whole = np.zeros((size, size), np.int64)
        whole[: len(legs), : len(legs)] = legs
        first = 1 + problem.n_outlets
        last = 1 + self._last_outlet[self._tariffs.index(tariff)]
        stops = np.arange(first, len(legs))
        to_end = legs[stops, last] + legs[last, 0]
        if stay:
            to_end = to_end + problem.unload_s[last - 1]
        whole[first : len(legs), len(legs) :] = to_end[:, None]
        whole[1:first, len(legs) :] = legs[1:first, :1]  # just unloaded: straight back
        return whole

    def _best_end(self, tariff: _Tariff) -> Ints:
        """For each stop, the outlet that makes the way back cheapest."""
        problem = self._problem
        metres = problem.distance_m[tariff.profile]
        seconds = problem.duration_s[tariff.profile]
        price = tariff.metre_neur * metres + tariff.second_neur * seconds
        first = 1 + problem.n_outlets
        back = price[1:first, 0] + tariff.second_neur * problem.unload_s
        ends = np.argmin(price[first:, 1:first] + back[None, :], axis=1)
        return np.asarray(ends, dtype=np.int64)

    def _load_scale(self) -> tuple[int, int]:
        problem = self._problem
        kinds = problem.kinds
        return (
            _common(problem.demand_g, [kind.capacity_g for kind in kinds]),
            _common(problem.demand_mc, [kind.capacity_mc for kind in kinds]),
        )


def _tariff(kind: Kind) -> _Tariff:
    return _Tariff(kind.profile, kind.metre_neur, kind.second_neur)


def _unit(problem: Problem) -> int:
    """n€ in PyVRP's unit of money."""
    rates = [k.metre_neur for k in problem.kinds] + [k.second_neur for k in problem.kinds]
    rates = [rate for rate in rates if rate]
    prices = [*rates, *(kind.fixed_neur for kind in problem.kinds)]
    common = reduce(gcd, prices, 0)
    return max(1, common, min(rates, default=1) // SMALLEST_RATE)


def _common(demands: Ints, capacities: list[int]) -> int:
    """Greatest unit in which every load is a whole number."""
    limits = [capacity for capacity in capacities if capacity < NO_LIMIT]
    return max(1, reduce(gcd, [*demands.tolist(), *limits], 0))
