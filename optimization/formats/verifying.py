"""Is a solution right? Recomputed from the file only; knows nothing of the engines.

Also what VROOM itself writes is understood: a pause may interrupt a leg, and costs are whole.
"""

from collections import Counter
from dataclasses import dataclass, field

from data.french import number, tidy
from optimization.formats.instance import Id, Instance, Outlet, Task, Vehicle
from optimization.formats.told import Told, ToldRoute
from optimization.formats.verifying_loads import load_faults
from optimization.formats.verifying_times import route_cost, time_faults

CENT = 0.01


@dataclass(slots=True)
class Tally:
    """What is counted over all routes."""

    vehicles: Counter[Id] = field(default_factory=Counter)
    tasks: Counter[tuple[str, Id]] = field(default_factory=Counter)
    outlets: Counter[Id] = field(default_factory=Counter)
    cost: float = 0.0
    slack: float = 0.0


def verify(instance: Instance, told: Told) -> list[str]:
    """All faults of a solution, in French, each with where; none when it is right."""
    faults: list[str] = []
    tally = Tally()
    vehicles = {vehicle.id: vehicle for vehicle in instance.vehicles}
    for route in told.routes:
        tally.vehicles[route.vehicle] += 1
        vehicle = vehicles.get(route.vehicle)
        if vehicle is None:
            faults.append(f"véhicule {route.vehicle} : il n’est pas dans le fichier.")
        else:
            faults += _route(instance, vehicle, route, tally)
    faults += [
        f"véhicule {one} : il fait {count} tournées au lieu d’une."
        for one, count in tally.vehicles.items()
        if count > 1
    ]
    if instance.most_vehicles is not None and len(told.routes) > instance.most_vehicles:
        faults.append(f"{len(told.routes)} véhicules utilisés sur {instance.most_vehicles}.")
    faults += _assignment(instance, told, tally)
    faults += _weekly(instance, tally)
    faults += _total(told, tally)
    return [tidy(fault) for fault in faults]


def _route(instance: Instance, vehicle: Vehicle, route: ToldRoute, tally: Tally) -> list[str]:
    found = {(task.kind, task.id): task for task in instance.tasks}
    outlets = {outlet.id: outlet for outlet in instance.outlets}
    whats: list[Task | Outlet | None] = []
    faults: list[str] = []
    for step in route.steps:
        what: Task | Outlet | None = None
        if step.type == "unload":
            what = None if step.id is None else outlets.get(step.id)
        elif step.type in {"job", "pickup", "delivery"} and step.id is not None:
            what = found.get((step.type, step.id))
        if what is None and step.type not in {"start", "end", "break"}:
            faults.append(f"{vehicle.label} : {step.type} {step.id} n’est pas dans le fichier.")
        whats.append(what)
    if faults:
        return faults
    tasks = [what for what in whats if isinstance(what, Task)]
    tally.tasks.update((task.kind, task.id) for task in tasks)
    faults += _rules(vehicle, route, tasks, whats)
    faults += load_faults(instance, vehicle, route, whats, tally.outlets)
    faults += time_faults(instance, vehicle, route, whats)
    cost = route_cost(instance, vehicle, [what for what in whats if what is not None])
    slack = _slack(vehicle, cost, len(route.steps))
    tally.cost += cost
    tally.slack += slack
    if route.cost is not None and abs(route.cost - cost) > max(CENT, slack):
        faults.append(
            f"{vehicle.label} : coût annoncé {number(route.cost)}, recalculé {number(cost)}."
        )
    return faults


def _rules(
    vehicle: Vehicle,
    route: ToldRoute,
    tasks: list[Task],
    whats: list[Task | Outlet | None],
) -> list[str]:
    """Skills, counts, pauses, and both ends."""
    faults = [
        f"{vehicle.label}, {task.label} : il n’a pas les compétences demandées."
        for task in tasks
        if not task.skills <= vehicle.skills
    ]
    if vehicle.max_tasks is not None and len(tasks) > vehicle.max_tasks:
        faults.append(f"{vehicle.label} : {len(tasks)} tâches, {vehicle.max_tasks} au plus.")
    trips = sum(isinstance(what, Outlet) for what in whats)
    if vehicle.max_trips is not None and trips > vehicle.max_trips:
        faults.append(f"{vehicle.label} : {trips} trajets, {vehicle.max_trips} au plus.")
    types = [step.type for step in route.steps]
    for kind, place, wanted in (("start", 0, vehicle.start), ("end", -1, vehicle.end)):
        times = types.count(kind)
        # Where the route is open, VROOM may still write a step, at the first or last task.
        if times > 1 or (wanted is not None and times == 0) or (times and types[place] != kind):
            faults.append(f"{vehicle.label} : l’étape « {kind} » manque ou n’est pas à sa place.")
    taken = Counter(step.id for step in route.steps if step.type == "break")
    wanted_breaks = Counter(pause.id for pause in vehicle.breaks) if tasks else Counter()
    if taken != wanted_breaks:
        faults.append(f"{vehicle.label} : les pauses prises ne sont pas celles du fichier.")
    return faults


def _assignment(instance: Instance, told: Told, tally: Tally) -> list[str]:
    """Each task in one route, or told to be in none."""
    tasks = {(task.kind, task.id): task for task in instance.tasks}
    kinds: dict[Id, list[str]] = {}
    for kind, one in tasks:
        kinds.setdefault(one, []).append(kind)
    faults: list[str] = []
    spared: set[tuple[str, Id]] = set()
    for kind, one in told.unassigned:
        names = [kind] if kind else kinds.get(one, [])
        if not names or any((name, one) not in tasks for name in names):
            faults.append(f"non affecté {kind} {one} : il n’est pas dans le fichier.")
        spared.update((name, one) for name in names)
    for key, task in tasks.items():
        count = tally.tasks[key]
        if count > 1:
            faults.append(f"{task.label} : desservi {count} fois.")
        elif count and key in spared:
            faults.append(f"{task.label} : desservi, mais annoncé non affecté.")
        elif not count and key not in spared:
            faults.append(f"{task.label} : ni desservi, ni annoncé non affecté.")
    announced = told.announced_unassigned
    if announced is not None and announced != len(told.unassigned):
        faults.append(
            f"{number(announced)} tâches annoncées non affectées, {len(told.unassigned)} listées."
        )
    return faults


def _weekly(instance: Instance, tally: Tally) -> list[str]:
    return [
        f"exutoire {outlet.id} : {number(tally.outlets[outlet.id])} reçus par semaine, "
        f"{number(outlet.weekly)} acceptés."
        for outlet in instance.outlets
        if outlet.weekly is not None and tally.outlets[outlet.id] > outlet.weekly + 1e-6
    ]


def _total(told: Told, tally: Tally) -> list[str]:
    if told.cost is None or abs(told.cost - tally.cost) <= max(CENT, tally.slack):
        return []
    return [f"coût total annoncé {number(told.cost)}, recalculé {number(tally.cost)}."]


def _slack(vehicle: Vehicle, cost: float, steps: int) -> float:
    """VROOM rounds costs to whole numbers, and each leg where speeds are not the file's."""
    whole = 0.0 if abs(cost - round(cost)) < CENT else 1.0
    rounded = 0.0 if vehicle.speed_factor == 1 else steps * vehicle.costs.per_hour / 3600
    return whole + rounded
