"""Which amounts of a file limit its vehicles, as the planner's two quantities."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from data.french import tidy
from optimization.formats.fields import wrong
from optimization.formats.instance import Amounts, Instance, Ints, Task, Vehicle
from optimization.routing.problem import NO_LIMIT

MOST = 2
"""Quantities that the planner counts: the problem's grams and thousandths of containers."""

MILLI = 1000

MIXED = tidy(
    "Le fichier mêle livraisons et collectes : pour chaque tournée, la somme des plus grandes "
    "quantités de chaque tâche tient dans le véhicule. Le plan est juste, mais un meilleur peut "
    "exister."
)


class Shipping(StrEnum):
    """How shipments are planned."""

    HUB = "hub"
    """All to one place, unloaded there together."""
    PAIRED = "paired"
    """Each delivered right after its pickup; nothing else has a weight."""
    SUMMED = "summed"
    """Idem, and weighed with the rest as if it stayed aboard."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loads:
    """Loads of the stops, and how to find a vehicle's.

    Attributes:
        demand: shape (stops, 2).
        relaxed: what no valid plan can escape, for lower bounds; shape (stops, 2).
        kept: positions of the amounts that count, at most two.
        scale: of all of them.
        mixed: whether deliveries and collections share vehicles.
    """

    demand: Ints
    relaxed: Ints
    kept: tuple[int, ...]
    scale: int
    mixed: bool

    def capacity(self, vehicle: Vehicle, *, relaxed: bool = False) -> tuple[int, int]:
        """Of each quantity that counts, for the demand or for what is relaxed of it."""
        found = [math.floor(self.scale * vehicle.capacity[k] + 1e-6) for k in self.kept]
        first, second = [*found, NO_LIMIT, NO_LIMIT][:MOST]
        return first, first if relaxed and self.mixed else second


def loads_of(instance: Instance, stops: tuple[Task, ...], shipping: Shipping) -> Loads:
    """Loads of those stops.

    Args:
        instance: the file.
        stops: tasks in the order of the problem's stops.
        shipping: how shipments weigh.

    Raises:
        InputError: more than two quantities limit the vehicles.
    """
    size = instance.amounts
    heaviest = [_padded(_heaviest(task, shipping), size) for task in stops]
    kept = tuple(k for k in range(size) if _binds(instance, [load[k] for load in heaviest], k))
    if len(kept) > MOST:
        raise wrong(
            f"{len(kept)} quantités différentes limitent les véhicules (positions "
            f"{', '.join(str(k + 1) for k in kept)}) : deux au plus sont prises en charge.",
            field="capacity",
        )
    scale = MILLI if _has_parts(instance) else 1
    jobs = [task for task in stops if task.kind == "job"]
    mixed = any(any(t.pickup) for t in jobs) and any(any(t.delivery) for t in jobs)
    demand = _column([[load[k] for k in kept] for load in heaviest], scale)
    relaxed = demand
    if mixed:
        first = kept[:1]
        rows = [[_at(t.delivery, k), _at(t.pickup, k)] for t in stops for k in first]
        relaxed = _column(rows or [[] for _ in stops], scale)
    if shipping is not Shipping.HUB:  # delivered on the way: weighs nothing for certain
        lasting = np.array([task.kind == "job" for task in stops], dtype=np.bool_)
        relaxed = np.where(lasting[:, None], relaxed, 0)
    return Loads(demand=demand, relaxed=relaxed, kept=kept, scale=scale, mixed=mixed)


def carries(vehicle: Vehicle, amounts: Amounts) -> bool:
    """Whether that load fits in the empty vehicle."""
    return all(load <= _at(vehicle.capacity, k) for k, load in enumerate(amounts))


def _heaviest(task: Task, shipping: Shipping) -> Amounts:
    if task.kind == "delivery" or (task.kind == "pickup" and shipping is Shipping.PAIRED):
        return ()
    size = max(len(task.pickup), len(task.delivery))
    both = zip(_padded(task.pickup, size), _padded(task.delivery, size), strict=True)
    return tuple(max(pair) for pair in both)


def _binds(instance: Instance, loads: list[float], k: int) -> bool:
    return sum(loads) > min((_at(v.capacity, k) for v in instance.vehicles), default=0)


def _has_parts(instance: Instance) -> bool:
    loads = [amount for task in instance.tasks for amount in (*task.pickup, *task.delivery)]
    loads += [amount for vehicle in instance.vehicles for amount in vehicle.capacity]
    loads += [outlet.weekly or 0 for outlet in instance.outlets]
    return any(load != int(load) for load in loads)


def _column(rows: list[list[float]], scale: int) -> Ints:
    """Rows of two whole numbers, rounded up."""
    filled = [[*row, 0, 0][:MOST] for row in rows]
    array = np.array(filled, dtype=np.float64).reshape(len(rows), MOST)
    return np.ceil(scale * array - 1e-6).astype(np.int64)


def _padded(amounts: Amounts, size: int) -> Amounts:
    return (*amounts, *(0.0,) * (size - len(amounts)))


def _at(amounts: Amounts, k: int) -> float:
    return amounts[k] if k < len(amounts) else 0.0
