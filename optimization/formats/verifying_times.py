"""Times and cost of one route, recomputed from the file."""

from itertools import pairwise

from data.french import number
from optimization.formats.instance import NO_ROAD, Instance, Outlet, Task, Vehicle, Window
from optimization.formats.told import ToldRoute, ToldStep

What = Task | Outlet | None


def time_faults(
    instance: Instance, vehicle: Vehicle, route: ToldRoute, whats: list[What]
) -> list[str]:
    """Faults of a route's hours, legs and limits; hours not told are those of who never waits
    without need.
    """  # noqa: D205
    walk = _Walk(instance, vehicle)
    for step, what in zip(route.steps, whats, strict=True):
        walk.visit(step, what)
    faults = walk.faults
    if vehicle.max_travel_time is not None and walk.travelled > vehicle.max_travel_time:
        faults.append(
            f"{vehicle.label} : {walk.travelled} s de trajet, {vehicle.max_travel_time} au plus."
        )
    if vehicle.max_distance is not None and walk.metres > vehicle.max_distance:
        faults.append(
            f"{vehicle.label} : {walk.metres} m parcourus, {vehicle.max_distance} au plus."
        )
    return faults


def route_cost(instance: Instance, vehicle: Vehicle, whats: list[Task | Outlet]) -> float:
    """In the file's unit: the vehicle, its roads, its services."""
    roads, rates = instance.roads[vehicle.profile], vehicle.costs
    rows = [vehicle.start, *(what.row for what in whats), vehicle.end]
    cost = 0.0
    for a, b in pairwise([row for row in rows if row is not None]):
        if roads.costs is not None:
            cost += float(roads.costs[a, b])
        else:
            cost += rates.per_hour * round(roads.durations[a, b] / vehicle.speed_factor) / 3600
            if rates.per_km and roads.distances is not None:
                cost += rates.per_km * float(roads.distances[a, b]) / 1000
    services = sum(what.service for what in whats if isinstance(what, Task))
    return (rates.fixed + cost + rates.per_task_hour * services / 3600) / instance.scale


class _Walk:
    """A vehicle on its way, times in the file's unit times its scale."""

    def __init__(self, instance: Instance, vehicle: Vehicle) -> None:
        self._instance = instance
        self._vehicle = vehicle
        self._roads = instance.roads[vehicle.profile]
        self._row: int | None = None
        self._free: float | None = None
        """When the last place was left, pauses since included."""
        self._steps = 0
        self.travelled = 0
        self.metres = 0
        self.faults: list[str] = []

    def visit(self, step: ToldStep, what: What) -> None:
        """Go there, and find what is wrong."""
        self._steps += 1
        where = f"{self._vehicle.label}, {step.type}{'' if step.id is None else f' {step.id}'}"
        if step.type == "break":
            self._pause(step, where)
            return
        ends = {"start": self._vehicle.start, "end": self._vehicle.end}
        row = ends.get(step.type) if what is None else what.row
        if row is None:
            if step.type == "end":
                self._stop_here(step, where)
            return
        moved = self._row != row
        expected = self._reach(row, where)
        arrival = self._told(step.arrival)
        if arrival is None:
            arrival = expected if expected is not None else self._opening()
        elif expected is not None and abs(arrival - expected) > self._slack():
            self.faults.append(
                f"{where} : arrivée annoncée à {self._plain(arrival)}, recalculée à "
                f"{self._plain(expected)}."
            )
        self._compare(step, where)
        start = self._start(step, what, arrival, where)
        self._hours(where, start, what)
        self._free = start + self._stay(step, what, where, moved=moved)
        self._row = row

    def _stop_here(self, step: ToldStep, where: str) -> None:
        """An open route ends at its last place, as soon as that is left."""
        arrival, expected = self._told(step.arrival), self._free
        if arrival is None or expected is None:
            return
        if abs(arrival - expected) > self._slack():
            self.faults.append(
                f"{where} : arrivée annoncée à {self._plain(arrival)}, recalculée à "
                f"{self._plain(expected)}."
            )
        self._hours(where, arrival, None)

    def _reach(self, row: int, where: str) -> float | None:
        """When that place is reached, ``None`` at the first one."""
        before, free = self._row, self._free
        if before is None or free is None:
            return None
        leg = int(self._roads.durations[before, row])
        if leg >= NO_ROAD:
            self.faults.append(f"{where} : il n’y a pas de chemin depuis l’étape d’avant.")
            return None
        ridden = round(leg / self._vehicle.speed_factor)
        self.travelled += ridden
        if self._roads.distances is not None:
            self.metres += int(self._roads.distances[before, row])
        return free + ridden

    def _start(self, step: ToldStep, what: What, arrival: float, where: str) -> float:
        """When what is done there begins."""
        waiting = self._told(step.waiting)
        if waiting is not None:
            if waiting < 0:
                self.faults.append(f"{where} : attente négative.")
            return arrival + waiting
        windows = () if what is None else what.windows
        return _earliest(windows, arrival)

    def _hours(self, where: str, start: float, what: What) -> None:
        windows = () if what is None else what.windows
        if windows and not any(opens <= start <= closes for opens, closes in windows):
            spans = " ou ".join(f"{self._plain(a)} – {self._plain(b)}" for a, b in windows)
            self.faults.append(f"{where} : commencé à {self._plain(start)}, hors de {spans}.")
        shift = self._vehicle.window
        if shift is not None and not shift[0] <= start <= shift[1]:
            self.faults.append(
                f"{where} : à {self._plain(start)}, hors des heures du véhicule "
                f"({self._plain(shift[0])} – {self._plain(shift[1])})."
            )

    def _stay(self, step: ToldStep, what: What, where: str, *, moved: bool) -> float:
        if what is None:
            return 0
        wanted = what.service if isinstance(what, Task) else what.unload
        setup = what.setup if isinstance(what, Task) and moved else 0
        for name, told, real in (("service", step.service, wanted), ("setup", step.setup, setup)):
            value = self._told(told)
            if value is not None and value != real:
                self.faults.append(
                    f"{where} : « {name} » annoncé {self._plain(value)}, le fichier demande "
                    f"{self._plain(real)}."
                )
        return wanted + setup

    def _pause(self, step: ToldStep, where: str) -> None:
        pause = next((p for p in self._vehicle.breaks if p.id == step.id), None)
        if pause is None or self._free is None:
            return
        told = self._told(step.arrival)
        arrival = self._free if told is None else told
        if arrival < self._free - self._slack():
            self.faults.append(f"{where} : commencée avant la fin de l’étape d’avant.")
        waiting = self._told(step.waiting)
        start = _earliest(pause.windows, arrival) if waiting is None else arrival + waiting
        if pause.windows and not any(a <= start <= b for a, b in pause.windows):
            self.faults.append(f"{where} : prise à {self._plain(start)}, hors de son créneau.")
        # The road ridden before it is counted at the next place.
        self._free += (start - arrival) + pause.service

    def _compare(self, step: ToldStep, where: str) -> None:
        for name, told, real in (
            ("duration", step.duration, self.travelled),
            ("distance", step.distance, self.metres if self._roads.distances is not None else None),
        ):
            value = self._told(told)
            if value is not None and real is not None and abs(value - real) > self._slack():
                self.faults.append(
                    f"{where} : « {name} » annoncée {self._plain(value)}, recalculée "
                    f"{self._plain(real)}."
                )

    def _opening(self) -> float:
        return 0 if self._vehicle.window is None else self._vehicle.window[0]

    def _told(self, value: float | None) -> float | None:
        return None if value is None else round(value * self._instance.scale, 3)

    def _plain(self, value: float) -> str:
        return number(value / self._instance.scale)

    def _slack(self) -> float:
        """VROOM rounds each leg otherwise than we do when speeds are not the file's."""
        return 0.0 if self._vehicle.speed_factor == 1 else float(self._steps)


def _earliest(windows: tuple[Window, ...], arrival: float) -> float:
    return next((max(arrival, a) for a, b in windows if arrival <= b), arrival)
