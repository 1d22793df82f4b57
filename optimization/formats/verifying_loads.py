"""Loads of one route, step by step, recomputed from the file."""

from collections import Counter

from data.french import number
from optimization.formats.instance import Id, Instance, Outlet, Task, Vehicle
from optimization.formats.told import ToldRoute

CLOSE = 1e-6
ROUNDED = 1e-3


def load_faults(
    instance: Instance,
    vehicle: Vehicle,
    route: ToldRoute,
    whats: list[Task | Outlet | None],
    received: Counter[Id],
) -> list[str]:
    """Faults of a route's loads.

    Args:
        instance: the file.
        vehicle: who rides.
        route: as told.
        whats: the file's task or outlet of each step, ``None`` at the ends and pauses.
        received: what each outlet takes in a week, added to.
    """
    jobs = [what for what in whats if isinstance(what, Task) and what.kind == "job"]
    load = [sum(_at(job.delivery, k) for job in jobs) for k in range(instance.amounts)]
    collected: list[Task] = []
    faults: list[str] = []
    for step, what in zip(route.steps, whats, strict=True):
        where = f"{vehicle.label}, {step.type}{'' if step.id is None else f' {step.id}'}"
        if isinstance(what, Outlet):
            faults += _unload(where, what, collected, received)
            load, collected = [0.0] * len(load), []
        elif isinstance(what, Task):
            load = [now + _at(what.pickup, k) - _at(what.delivery, k) for k, now in enumerate(load)]
            if what.kind == "job":
                collected.append(what)
        for now, most in zip(load, vehicle.capacity, strict=True):
            if now > most + CLOSE:
                faults.append(
                    f"{where} : charge {number(now)} pour une capacité de {number(most)}."
                )
        if step.load is not None and not _same(step.load, load):
            faults.append(
                f"{where} : charge annoncée {_listed(step.load)}, recalculée {_listed(load)}."
            )
    if instance.outlets and collected:
        faults.append(f"{vehicle.label} : il rentre sans avoir déchargé à un exutoire.")
    return faults + _shipment_faults(instance, vehicle, whats)


def _shipment_faults(
    instance: Instance, vehicle: Vehicle, whats: list[Task | Outlet | None]
) -> list[str]:
    """Taken before delivered, and delivered before the end, by the same vehicle."""
    tasks = [what for what in whats if isinstance(what, Task)]
    rank = {(task.kind, task.id): number for number, task in enumerate(tasks)}
    faults = []
    for pair in instance.shipments:
        taken, left = rank.get(("pickup", pair.pickup.id)), rank.get(("delivery", pair.delivery.id))
        if left is not None and (taken is None or taken > left):
            faults.append(
                f"{vehicle.label}, {pair.delivery.label} : livré sans avoir été enlevé avant "
                f"({pair.pickup.label})."
            )
        elif taken is not None and left is None:
            faults.append(f"{vehicle.label}, {pair.pickup.label} : enlevé, mais pas livré.")
    return faults


def _unload(where: str, outlet: Outlet, collected: list[Task], received: Counter[Id]) -> list[str]:
    faults = []
    for task in collected:
        if outlet.accepts and task.resource not in outlet.accepts:
            faults.append(f"{where} : il n’accepte pas « {task.resource} » ({task.label}).")
        # Counter holds any number.
        received[outlet.id] += _at(task.pickup, 0) * max(1.0, task.visits)  # type: ignore[assignment]
    return faults


def _at(amounts: tuple[float, ...], k: int) -> float:
    return amounts[k] if k < len(amounts) else 0.0


def _same(told: tuple[float, ...], load: list[float]) -> bool:
    return len(told) == len(load) and all(
        abs(a - b) <= ROUNDED for a, b in zip(told, load, strict=True)
    )


def _listed(amounts: "tuple[float, ...] | list[float]") -> str:
    return "[" + ", ".join(number(amount) for amount in amounts) + "]"
