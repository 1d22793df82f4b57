"""Files where a vehicle brings what it took elsewhere, or delivers and collects on one route.

The planner's stops only fill a vehicle up; here its load goes up and down. OR-Tools' routing
library knows pickups and deliveries: it starts from the planner's simpler plan and improves it by
guided local search. What it may not improve, and what is refused, stays as it was.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from optimization.formats.instance import NO_ROAD, Id, Instance, Ints, Task, Vehicle, durations_of
from optimization.formats.modelling import Model, Run
from optimization.formats.schedule import HORIZON, Schedule, schedule_of
from optimization.formats.tariffs import tariff_of
from optimization.formats.writing import Writer
from optimization.routing.engine import Limits, ShouldStop

DEAREST_LEG = 1_000_000
"""Legs are rounded to that part of the dearest one."""

NO_WAY = 10**10
LEAVING_OUT = 10**8
"""What leaving a task of priority 0 out costs: more than any route that serves it."""

FAILURES_A_PLAN = 1_000
"""Moves tried in vain for each plan that may still be examined, when plans are counted."""

MILLI = 1000

Rank = tuple[int, Fraction]
"""Priorities left out (each task counts one more), then what is paid: the lower the better."""


def is_carried(model: Model) -> bool:
    """Whether the planner's stops are simpler than the file, and this module knows all of it."""
    simpler = bool(model.stops.pieces) or model.stops.mixed
    return (
        simpler
        and not model.instance.outlets
        and not any(v.breaks for v in model.instance.vehicles)
    )


def served_by(runs: Sequence[Run]) -> set[tuple[str, Id]]:
    """Kinds and identifiers of the tasks of a plan."""
    return {(step.kind, step.id) for run in runs for step in run.steps if isinstance(step, Task)}


def rank_of(instance: Instance, runs: Sequence[Run]) -> Rank:
    """How good a plan of the file is."""
    served = served_by(runs)
    missing = [t for t in instance.tasks if (t.kind, t.id) not in served and t.kind != "delivery"]
    writer = Writer(instance)
    paid = sum((writer.price(run) for run in runs), start=Fraction(0))
    paid += sum((Fraction(str(t.value)) for t in missing if t.value is not None), start=Fraction(0))
    return sum(1 + task.priority for task in missing if task.value is None), paid


def carried(
    model: Model, runs: Sequence[Run], limits: Limits, should_stop: ShouldStop | None = None
) -> tuple[Run, ...] | None:
    """A plan better than ``runs``, where vehicles carry several things at once.

    Args:
        model: of the file.
        runs: a feasible plan of it, where the search begins.
        limits: when to stop; a count of plans makes the result repeatable.
        should_stop: asked now and then.

    Returns:
        A better plan, ``None`` when none was found. The file's own checker must still judge it.
    """
    if not model.instance.tasks or not model.instance.vehicles:
        return None
    search = _Search(model, limits)
    found = search.run(runs, should_stop)
    if found is None or rank_of(model.instance, found) >= rank_of(model.instance, runs):
        return None
    return found


@dataclass(frozen=True, slots=True)
class _Node:
    """A task, or an end of vehicles; ``row`` is ``None`` where routes are open."""

    row: int | None
    task: Task | None = None


class _Search:
    """OR-Tools' model of one file."""

    def __init__(self, model: Model, limits: Limits) -> None:
        self._instance = model.instance
        self._vehicles = model.instance.vehicles
        self._limits = limits
        self._clock: Schedule = schedule_of(model.instance, paid=False)
        tasks = model.instance.tasks
        ends = dict.fromkeys(row for v in model.instance.vehicles for row in (v.start, v.end))
        self._nodes = [*(_Node(task.row, task) for task in tasks), *(_Node(row) for row in ends)]
        at = {row: len(tasks) + number for number, row in enumerate(ends)}
        self._manager = pywrapcp.RoutingIndexManager(
            len(self._nodes),
            len(self._vehicles),
            [at[v.start] for v in self._vehicles],
            [at[v.end] for v in self._vehicles],
        )
        self._routing = pywrapcp.RoutingModel(self._manager)
        self._solver = self._routing.solver()
        self._matrices: dict[bytes, int] = {}
        self._index = {
            (task.kind, task.id): self._manager.NodeToIndex(number)
            for number, task in enumerate(tasks)
        }
        self._pay()
        self._count()
        if self._clock.timed:
            self._time()
        self._limit_roads()
        self._load()
        self._pair()
        self._choose()

    def run(self, runs: Sequence[Run], should_stop: ShouldStop | None) -> tuple[Run, ...] | None:
        """Search from a plan."""
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        if math.isfinite(self._limits.seconds):
            parameters.time_limit.FromMilliseconds(max(1, int(1000 * self._limits.seconds)))
        if self._limits.solutions is not None:
            parameters.solution_limit = self._limits.solutions
        self._routing.CloseModelWithParameters(parameters)
        start = self._routing.ReadAssignmentFromRoutes(self._written(runs), True)
        if start is None:
            return None
        if self._limits.solutions is not None:
            failures = FAILURES_A_PLAN * self._limits.solutions
            self._routing.AddSearchMonitor(self._solver.FailuresLimit(failures))
        if should_stop is not None:
            self._routing.AddSearchMonitor(self._solver.CustomLimit(should_stop))
        found = self._routing.SolveFromAssignmentWithParameters(start, parameters)
        return None if found is None else self._read(found)

    def _written(self, runs: Sequence[Run]) -> list[list[int]]:
        number = {vehicle.id: place for place, vehicle in enumerate(self._vehicles)}
        routes: list[list[int]] = [[] for _ in self._vehicles]
        for run in runs:
            routes[number[run.vehicle.id]] = [
                self._index[step.kind, step.id] for step in run.steps if isinstance(step, Task)
            ]
        return routes

    def _read(self, found: pywrapcp.Assignment) -> tuple[Run, ...]:
        runs = []
        for place, vehicle in enumerate(self._vehicles):
            steps: list[Task] = []
            index = found.Value(self._routing.NextVar(self._routing.Start(place)))
            while not self._routing.IsEnd(index):
                task = self._nodes[self._manager.IndexToNode(index)].task
                if task is not None:
                    steps.append(task)
                index = found.Value(self._routing.NextVar(index))
            if steps:
                runs.append(Run(vehicle=vehicle, steps=tuple(steps)))
        return tuple(runs)

    def _grid(self, legs: Ints, missing: int) -> Ints:
        """Legs between nodes; 0 at an open end, ``missing`` where there is no way."""
        rows = np.array([0 if node.row is None else node.row for node in self._nodes])
        opened = np.array([node.row is None for node in self._nodes])
        grid = legs[np.ix_(rows, rows)]
        grid = np.where(grid >= NO_ROAD, missing, grid)
        grid[opened, :] = 0
        grid[:, opened] = 0
        return grid

    def _matrix(self, grid: Ints) -> int:
        """Tell OR-Tools a matrix, once: vehicles often share theirs."""
        key = grid.tobytes()
        if key not in self._matrices:
            self._matrices[key] = self._routing.RegisterTransitMatrix(grid.tolist())
        return self._matrices[key]

    def _alike(self) -> list[list[int]]:
        """Places of vehicles that may stand in for one another."""
        groups: dict[Vehicle, list[int]] = {}
        for place, vehicle in enumerate(self._vehicles):
            groups.setdefault(vehicle.alike, []).append(place)
        return list(groups.values())

    def _pay(self) -> None:
        """Legs and vehicles, in the same part of money."""
        groups = self._alike()
        tariffs = [
            tariff_of(self._instance, self._vehicles[group[0]], limited=False) for group in groups
        ]
        fixed = [Fraction(str(vehicle.costs.fixed)) for vehicle in self._vehicles]
        dearest = max(
            float(tariff.rate) * int(tariff.legs[tariff.legs < NO_ROAD].max(initial=0))
            for tariff in tariffs
        )
        dearest = max(dearest, float(max(fixed)) / MILLI)
        self._unit = DEAREST_LEG / dearest if dearest > 0 else 1.0
        for group, tariff in zip(groups, tariffs, strict=True):
            legs = self._grid(tariff.legs, NO_ROAD).astype(np.float64)
            prices = np.rint(float(tariff.rate) * self._unit * legs)
            paid = np.where(legs >= NO_ROAD, NO_WAY, prices).astype(np.int64)
            evaluator = self._matrix(paid)
            for place in group:
                self._routing.SetArcCostEvaluatorOfVehicle(evaluator, place)
                price = round(float(fixed[place]) * self._unit)
                self._routing.SetFixedCostOfVehicle(price, place)

    def _count(self) -> None:
        """Tasks of each vehicle; their ranks also tell what comes first."""
        one = [0 if node.task is None else 1 for node in self._nodes]
        most = len(self._instance.tasks)
        capacities = [_least(vehicle.max_tasks, most) for vehicle in self._vehicles]
        evaluator = self._routing.RegisterUnaryTransitVector(one)
        self._routing.AddDimensionWithVehicleCapacity(evaluator, 0, capacities, True, "tasks")
        self._rank = self._routing.GetDimensionOrDie("tasks")

    def _time(self) -> None:
        """Hours of vehicles and tasks. Setups are always counted: never too little."""
        stays = np.array(
            [0 if n.task is None else n.task.setup + n.task.service for n in self._nodes]
        )
        evaluators = [0] * len(self._vehicles)
        for group in self._alike():
            seconds = self._grid(
                durations_of(self._instance, self._vehicles[group[0]]), 2 * HORIZON
            )
            number = self._matrix(seconds + stays[:, None])
            for place in group:
                evaluators[place] = number
        self._routing.AddDimensionWithVehicleTransits(evaluators, HORIZON, HORIZON, False, "time")
        time = self._routing.GetDimensionOrDie("time")
        for place, vehicle in enumerate(self._vehicles):
            start, end = self._clock.shift(vehicle)
            time.CumulVar(self._routing.Start(place)).SetRange(start, end)
            time.CumulVar(self._routing.End(place)).SetRange(start, end)
        for task in self._instance.tasks:
            windows = self._clock.windows(task.windows)
            variable = time.CumulVar(self._index[task.kind, task.id])
            variable.SetRange(min(windows[0][0], HORIZON), min(windows[-1][1], HORIZON))
            for (_, end), (start, _) in pairwise(windows):
                variable.RemoveInterval(end + 1, start - 1)

    def _limit_roads(self) -> None:
        """Longest and farthest routes."""
        limits = {
            "travel": [v.max_travel_time for v in self._vehicles],
            "distance": [v.max_distance for v in self._vehicles],
        }
        for name, most in limits.items():
            if all(limit is None for limit in most):
                continue
            evaluators = []
            for vehicle in self._vehicles:
                roads = self._instance.roads[vehicle.profile]
                durations = durations_of(self._instance, vehicle)
                legs = durations if name == "travel" or roads.distances is None else roads.distances
                evaluators.append(self._matrix(self._grid(legs, NO_ROAD)))
            capacities = [_least(limit, NO_ROAD) for limit in most]
            self._routing.AddDimensionWithVehicleTransitAndCapacity(
                evaluators, 0, capacities, True, name
            )

    def _load(self) -> None:
        """What is aboard: deliveries of jobs from the start on, the rest as it comes and goes."""
        for k in range(self._instance.amounts):
            net = [_change(node.task, k) for node in self._nodes]
            left = [_brought(node.task, k) for node in self._nodes]
            capacities = [math.floor(MILLI * v.capacity[k] + 1e-6) for v in self._vehicles]
            if sum(map(abs, net)) + sum(left) <= min(capacities):
                continue
            name = f"load {k}"
            evaluator = self._routing.RegisterUnaryTransitVector(net)
            brought = any(left)
            self._routing.AddDimensionWithVehicleCapacity(
                evaluator, 0, capacities, not brought, name
            )
            if not brought:
                continue
            remaining = self._routing.RegisterUnaryTransitVector([-amount for amount in left])
            self._routing.AddDimensionWithVehicleCapacity(
                remaining, 0, capacities, False, f"{name} to deliver"
            )
            aboard = self._routing.GetDimensionOrDie(name)
            to_deliver = self._routing.GetDimensionOrDie(f"{name} to deliver")
            for place in range(len(self._vehicles)):
                start, end = self._routing.Start(place), self._routing.End(place)
                to_deliver.CumulVar(end).SetValue(0)
                self._solver.Add(aboard.CumulVar(start) == to_deliver.CumulVar(start))

    def _pair(self) -> None:
        """Both ends of a shipment: same vehicle, pickup first."""
        for shipment in self._instance.shipments:
            taken = self._index["pickup", shipment.pickup.id]
            left = self._index["delivery", shipment.delivery.id]
            self._routing.AddPickupAndDelivery(taken, left)
            vehicles = self._routing.VehicleVar(taken), self._routing.VehicleVar(left)
            self._solver.Add(vehicles[0] == vehicles[1])
            self._solver.Add(self._rank.CumulVar(taken) <= self._rank.CumulVar(left))

    def _choose(self) -> None:
        """Who may serve what, and what leaving it out costs."""
        for job in self._instance.jobs:
            self._routing.AddDisjunction([self._index["job", job.id]], self._leaving_out(job))
        for shipment in self._instance.shipments:
            ends = [
                self._index["pickup", shipment.pickup.id],
                self._index["delivery", shipment.delivery.id],
            ]
            self._routing.AddDisjunction(ends, self._leaving_out(shipment.pickup), 2)
        for task in self._instance.tasks:
            able = [n for n, v in enumerate(self._vehicles) if task.skills <= v.skills]
            if len(able) < len(self._vehicles):
                variable = self._routing.VehicleVar(self._index[task.kind, task.id])
                variable.SetValues([-1, *able])

    def _leaving_out(self, task: Task) -> int:
        if task.value is not None:
            return round(min(float(task.value) * self._unit, LEAVING_OUT))
        return LEAVING_OUT * (1 + task.priority)


def _change(task: Task | None, k: int) -> int:
    """Thousandths more aboard once a task is done."""
    return 0 if task is None else _milli(task.pickup, k) - _milli(task.delivery, k)


def _brought(task: Task | None, k: int) -> int:
    """Thousandths aboard from the start on, for a job's delivery."""
    return 0 if task is None or task.kind != "job" else _milli(task.delivery, k)


def _milli(amounts: Sequence[float], k: int) -> int:
    return math.ceil(MILLI * amounts[k] - 1e-6) if k < len(amounts) else 0


def _least(limit: int | None, most: int) -> int:
    return most if limit is None else min(limit, most)
