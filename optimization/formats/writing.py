"""A plan as VROOM's solution JSON, with what we add to it."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from optimization.formats.instance import (
    METRES_PER_KM,
    SECONDS_PER_HOUR,
    Amounts,
    Break,
    Instance,
    Outlet,
    Task,
    durations_of,
)
from optimization.formats.modelling import Run
from optimization.formats.timing import Step

Json = dict[str, Any]


class Writer:
    """Writes the runs of one file.

    Args:
        instance: the file; its scale is undone in what is written.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def route(self, run: Run, steps: Sequence[Step]) -> Json:
        """One route, with loads, lengths and cost."""
        written = list(self._steps(run, steps))
        tasks = [step for step in run.steps if isinstance(step, Task)]
        totals: Json = {
            "vehicle": run.vehicle.id,
            "cost": self.money(self.price(run)),
            **self._description(run.vehicle.description),
            "delivery": _total(self._instance, (task.delivery for task in tasks)),
            "pickup": _total(self._instance, (task.pickup for task in tasks)),
            "setup": self.time(sum(step.setup for step in steps)),
            "service": self.time(sum(step.service for step in steps)),
            "duration": self.time(steps[-1].travelled),
            "waiting_time": self.time(sum(step.waiting for step in steps)),
            "priority": sum(task.priority for task in tasks if task.kind != "delivery"),
        }
        if self._instance.roads[run.vehicle.profile].distances is not None:
            totals["distance"] = self.time(steps[-1].metres)
        return {**totals, "steps": written, "violations": []}

    def price(self, run: Run) -> Fraction:
        """What a run costs: the vehicle, its roads and its services; times the scale."""
        vehicle, roads = run.vehicle, self._instance.roads[run.vehicle.profile]
        path = self._path(run)
        legs = list(pairwise(path))
        total = Fraction(str(vehicle.costs.fixed))
        if roads.costs is not None:
            total += sum(int(roads.costs[leg]) for leg in legs)
        else:
            durations = durations_of(self._instance, vehicle)
            seconds = sum(int(durations[leg]) for leg in legs)
            total += Fraction(str(vehicle.costs.per_hour)) * seconds / SECONDS_PER_HOUR
            if vehicle.costs.per_km and roads.distances is not None:
                metres = sum(int(roads.distances[leg]) for leg in legs)
                total += Fraction(str(vehicle.costs.per_km)) * metres / METRES_PER_KM
        stays = sum(step.service for step in run.steps if isinstance(step, Task))
        return total + Fraction(str(vehicle.costs.per_task_hour)) * stays / SECONDS_PER_HOUR

    def totals(self, routes: Sequence[Json]) -> Json:
        """Sums over the routes."""
        size = range(self._instance.amounts)
        sums: Json = {
            key: [_summed(route[key][k] for route in routes) for k in size]
            for key in ("delivery", "pickup")
        }
        for key in ("setup", "service", "duration", "waiting_time", "priority", "distance"):
            if key != "distance" or (routes and all(key in route for route in routes)):
                sums[key] = _summed(route[key] for route in routes)
        return sums

    def money(self, value: Fraction) -> float:
        """In the file's unit: whole if it is, else to the thousandth."""
        return _plain(value / self._instance.scale)

    def time(self, value: int) -> float:
        """In the file's unit."""
        return _plain(Fraction(value, self._instance.scale))

    def task(self, task: Task) -> Json:
        """How a task is named."""
        return {"id": task.id, **self._place(task.row), **self._description(task.description)}

    def _path(self, run: Run) -> list[int]:
        ends = run.vehicle.start, run.vehicle.end
        rows = [ends[0], *(step.row for step in run.steps), ends[1]]
        return [row for row in rows if row is not None]

    def _steps(self, run: Run, steps: Sequence[Step]) -> Iterable[Json]:
        load = list(_total(self._instance, (job.delivery for job in _jobs(run))))
        measured = self._instance.roads[run.vehicle.profile].distances is not None
        for number, step in enumerate(steps):
            load = _after(load, step.what)
            one: Json = {"type": "start" if number == 0 else "end"}
            if isinstance(step.what, Task):
                one = {"type": step.what.kind, "id": step.what.id}
                one |= self._description(step.what.description)
            elif isinstance(step.what, Outlet):
                one = {"type": "unload", "id": step.what.id}
                one |= self._description(step.what.description)
            elif isinstance(step.what, Break):
                one = {"type": "break", "id": step.what.id}
            if step.row is not None:
                one |= self._place(step.row)
            one |= {
                "setup": self.time(step.setup),
                "service": self.time(step.service),
                "waiting_time": self.time(step.waiting),
                "load": [_plain(Fraction(str(amount))) for amount in load],
                "arrival": self.time(step.arrival),
                "duration": self.time(step.travelled),
                "violations": [],
            }
            if measured:
                one["distance"] = self.time(step.metres)
            yield one

    def _place(self, row: int) -> Json:
        found: Json = {}
        locations = self._instance.locations
        if row < len(locations) and locations[row] is not None:
            found["location"] = list(locations[row] or ())
        if self._instance.indexed:
            found["location_index"] = row
        return found

    def _description(self, text: str) -> Json:
        return {"description": text} if text else {}


def _jobs(run: Run) -> Iterable[Task]:
    return (step for step in run.steps if isinstance(step, Task) and step.kind == "job")


def _after(load: list[float], what: Task | Outlet | Break | None) -> list[float]:
    """What is aboard once a step is done."""
    if isinstance(what, Outlet):
        return [0] * len(load)
    if not isinstance(what, Task):
        return load
    pickup, delivery = (_filled(part, len(load)) for part in (what.pickup, what.delivery))
    return [
        round(aboard + more - less, 6)
        for aboard, more, less in zip(load, pickup, delivery, strict=True)
    ]


def _total(instance: Instance, amounts: Iterable[Amounts]) -> list[float]:
    totals = [Fraction(0)] * instance.amounts
    for amount in amounts:
        for k, value in enumerate(amount):
            totals[k] += Fraction(str(value))
    return [_plain(total) for total in totals]


def _filled(amounts: Amounts, size: int) -> Amounts:
    return (*amounts, *(0,) * (size - len(amounts)))


def _summed(values: Iterable[float]) -> float:
    return _plain(sum((Fraction(str(value)) for value in values), start=Fraction(0)))


def _plain(value: Fraction) -> float:
    return int(value) if value.denominator == 1 else round(float(value), 3)
