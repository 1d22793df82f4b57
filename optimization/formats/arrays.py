"""The arrays of a file's problem: legs, stays, loads and rules, place by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from optimization.formats.instance import (
    NO_ROAD,
    Instance,
    Ints,
    Outlet,
    Task,
    Vehicle,
    durations_of,
)
from optimization.formats.loads import Loads, Shipping, carries
from optimization.formats.schedule import HORIZON, Schedule
from optimization.formats.stops import Stops
from optimization.formats.tariffs import Tariff
from optimization.routing.problem import ALWAYS, NO_LIMIT, Booleans, Kind, Problem

DEAREST = 10**14
"""n€ of the dearest detour, far below the price of leaving a stop out."""

LEVELS = 9
"""Highest priority of the planner; the lowest is 0."""

TOO_LONG = 2 * HORIZON
"""Seconds of a leg that cannot be ridden."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """What all versions of the problem share."""

    instance: Instance
    stops: Stops
    fleet: tuple[tuple[Vehicle, ...], ...]
    clock: Schedule
    loads: Loads
    money: Fraction

    def problem(self, tariffs: Sequence[Tariff], *, relaxed: bool = False) -> Problem:
        """The arrays."""
        tasks, outlets = self.stops.tasks, self.stops.outlets
        demand = self.loads.relaxed if relaxed else self.loads.demand
        profiles: dict[tuple[object, ...], int] = {}
        legs, seconds, kinds = [], [], []
        single = not outlets and not self._as_many_as_stops(tariffs)
        for group, tariff in zip(self.fleet, tariffs, strict=True):
            first = group[0]
            key = (*tariff.key, first.profile, first.speed_factor, first.start, first.end)
            if key not in profiles:
                profiles[key] = len(profiles)
                dear = max(self._whole(t.rate) for t in tariffs)
                legs.append(self._grid(tariff.legs, first, cap=4 * DEAREST // max(1, dear)))
                seconds.append(self._seconds(first, tariff))
            kinds.append(self._kind(group, tariff, profiles[key], single=single, relaxed=relaxed))
        weekly = _weekly(tasks, self.loads)
        return Problem(
            stop_ids=tuple(str(number) for number in range(len(tasks))),
            outlet_ids=tuple(str(outlet.id) for outlet in outlets) or ("end",),
            kinds=tuple(kinds),
            distance_m=np.stack(legs),
            duration_s=np.stack(seconds),
            demand_g=demand[:, 0],
            demand_mc=demand[:, 1],
            weekly_g=weekly,
            service_s=self._stays([task.setup + task.service for task in tasks]),
            windows=tuple(self.clock.windows(task.windows) for task in tasks),
            skip_neur=_array(
                NO_LIMIT if task.value is None else self._whole(Fraction(str(task.value)))
                for task in tasks
            ),
            unload_s=self._stays([outlet.unload for outlet in outlets] or [0]),
            outlet_windows=tuple(self.clock.windows(o.windows) for o in outlets) or (ALWAYS,),
            outlet_weekly_g=_array(
                NO_LIMIT if o.weekly is None else floor(self.loads.scale * o.weekly)
                for o in outlets
            )
            if outlets
            else np.full(1, NO_LIMIT, np.int64),
            allowed=self._allowed(),
            locks=self.stops.pieces,
            priority=_priorities(tasks),
            **_resources(tasks, outlets),
        )

    def _whole(self, price: Fraction) -> int:
        return round(price * self.money)

    def _as_many_as_stops(self, tariffs: Sequence[Tariff]) -> bool:
        """Whether vehicles are so many, and shifts so free, that one trip each is no limit."""
        free = all(not t.second for t in tariffs)
        return free and all(
            len(group) >= len(self.stops.tasks) and group[0].costs.fixed == 0
            for group in self.fleet
        )

    def _kind(
        self,
        group: Sequence[Vehicle],
        tariff: Tariff,
        profile: int,
        *,
        single: bool,
        relaxed: bool,
    ) -> Kind:
        first = group[0]
        opens, closes = self.clock.shift(first)
        length, earliest, latest = self.clock.pause(first)
        capacity = self.loads.capacity(first, relaxed=relaxed)
        trips = 1 if single else first.max_trips
        return Kind(
            vehicle_id=str(first.id),
            count=len(group),
            profile=profile,
            capacity_g=capacity[0],
            capacity_mc=capacity[1],
            range_m=NO_LIMIT if tariff.most is None else tariff.most,
            shift_start_s=opens,
            shift_end_s=closes,
            fixed_neur=self._whole(Fraction(str(first.costs.fixed))),
            second_neur=self._whole(tariff.second),
            metre_neur=self._whole(tariff.rate),
            max_stops=NO_LIMIT if first.max_tasks is None else self._most_stops(first.max_tasks),
            max_trips=NO_LIMIT if trips is None else trips,
            break_s=length,
            break_from_s=earliest,
            break_until_s=latest,
        )

    def _most_stops(self, tasks: int) -> int:
        """Stops of a route: in a hub's file, each is two tasks."""
        return tasks // 2 if self.stops.shipping is Shipping.HUB else tasks

    def _grid(self, legs: Ints, vehicle: Vehicle, *, cap: int) -> Ints:
        """Legs between the problem's locations for a vehicle that starts and ends where it does.

        Where outlets are none of the file's, the only one is where the vehicle ends.
        """
        places = [task.row for task in self.stops.tasks]
        outlets = [outlet.row for outlet in self.stops.outlets]
        inner = len(outlets) or 1
        capped = np.where(legs >= NO_ROAD, cap, np.minimum(legs, cap))
        size = 1 + inner + len(places)
        grid = np.zeros((size, size), np.int64)
        inside = [*outlets, *places]
        at = np.arange(size)[size - len(inside) :]
        grid[np.ix_(at, at)] = capped[np.ix_(inside, inside)]
        if vehicle.start is not None:
            grid[0, at] = capped[vehicle.start, inside]
        if vehicle.end is not None:
            grid[at, 0] = capped[inside, vehicle.end]
        if not outlets:
            grid[:, 1] = grid[:, 0]
            if vehicle.end is not None:
                grid[1, 2:] = capped[vehicle.end, places]
        return grid

    def _seconds(self, vehicle: Vehicle, tariff: Tariff) -> Ints:
        durations = durations_of(self.instance, vehicle)
        closed = (durations >= NO_ROAD) | (tariff.legs >= NO_ROAD)
        open_legs = durations if self.clock.timed else np.zeros_like(durations)
        return self._grid(np.where(closed, TOO_LONG, open_legs), vehicle, cap=TOO_LONG)

    def _stays(self, seconds: Sequence[int]) -> Ints:
        stays = np.array(seconds, dtype=np.int64)
        return stays if self.clock.timed else np.zeros_like(stays)

    def _allowed(self) -> Booleans | None:
        """Skills, and room for shipments that weigh nothing with the rest."""
        paired = self.stops.shipping is Shipping.PAIRED
        allowed = np.array(
            [
                [
                    task.skills <= group[0].skills
                    and (not paired or task.kind == "job" or carries(group[0], task.pickup))
                    for group in self.fleet
                ]
                for task in self.stops.tasks
            ],
            dtype=np.bool_,
        ).reshape(len(self.stops.tasks), len(self.fleet))
        return None if allowed.all() else allowed


def _priorities(tasks: Sequence[Task]) -> Ints | None:
    """Priorities 0 … 100 in the same order, 0 … 9 at most; fewer where tasks are many.

    The price of leaving everything out must stay within 64 bits.
    """
    levels = sorted({task.priority for task in tasks})
    if levels in ([], [0]):
        return None
    most = min(LEVELS, max(1, 8_000 // len(tasks) - 1), len(levels) - (levels[0] == 0))
    ranks = {level: rank for rank, level in enumerate(levels, start=levels[0] > 0)}
    top = max(ranks.values())
    return _array(-(-ranks[task.priority] * most // top) for task in tasks)


def _weekly(tasks: Sequence[Task], loads: Loads) -> Ints:
    amounts = [(task.pickup[0] if task.pickup else 0) * max(1.0, task.visits) for task in tasks]
    return np.ceil(loads.scale * np.array(amounts, dtype=np.float64) - 1e-6).astype(np.int64)


def _resources(tasks: Sequence[Task], outlets: Sequence[Outlet]) -> dict[str, Any]:
    names = list(dict.fromkeys(task.resource for task in tasks))
    accepts = np.array(
        [[not o.accepts or name in o.accepts for name in names] for o in outlets], dtype=np.bool_
    ).reshape(len(outlets), len(names))
    if not outlets or accepts.all():
        return {}
    return {
        "resource": _array(names.index(task.resource) for task in tasks),
        "accepts": accepts,
        "together": np.ones((len(names), len(names)), dtype=np.bool_),
    }


def _array(values: object) -> Ints:
    return np.fromiter(values, dtype=np.int64)  # type: ignore[call-overload, no-any-return]
