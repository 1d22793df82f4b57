"""Which tasks of a file are the planner's stops, and where they are unloaded."""

from dataclasses import dataclass, field, replace

from data.french import tidy
from optimization.formats.fields import wrong
from optimization.formats.instance import Id, Instance, Outlet, Shipment, Task
from optimization.formats.loads import MIXED, Shipping

PAIRED = tidy(
    "Chaque envoi (« shipment ») est livré aussitôt après son enlèvement, sans autre arrêt entre "
    "les deux : le plan est juste, mais un meilleur peut exister."
)

HUB = "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """What the planner visits.

    Attributes:
        tasks: one by stop, in order.
        pieces: stops that stay one after the other.
        mixed: whether jobs are delivered and others collected.
        outlets: of the file, or the common end of all shipments; none where a vehicle only
            unloads at its own end.
        delivered: by identifier of a pickup, the task done at the outlet.
        remarks: French sentences about what was simplified.
    """

    tasks: tuple[Task, ...]
    outlets: tuple[Outlet, ...]
    shipping: Shipping
    pieces: tuple[tuple[int, ...], ...] = ()
    mixed: bool = False
    delivered: dict[Id, Task] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def stops_of(instance: Instance) -> Stops:
    """Choose how to plan the tasks of a file.

    Raises:
        InputError: the file mixes outlets with deliveries or shipments.
    """
    _refuse_deliveries_with_outlets(instance)
    if _is_hub(instance):
        return _hub(instance)
    tasks, first = instance.tasks, len(instance.jobs)
    pieces = tuple((first + 2 * k, first + 2 * k + 1) for k in range(len(instance.shipments)))
    weighs = any(any((*job.pickup, *job.delivery)) for job in instance.jobs)
    picks = any(any(job.pickup) for job in instance.jobs)
    leaves = any(any(job.delivery) for job in instance.jobs)
    remarks = [PAIRED] if pieces else []
    if picks and leaves:
        remarks.append(MIXED)
    return Stops(
        tasks=tasks,
        pieces=pieces,
        mixed=picks and leaves,
        outlets=instance.outlets,
        shipping=Shipping.SUMMED if weighs else Shipping.PAIRED,
        remarks=tuple(remarks),
    )


def _refuse_deliveries_with_outlets(instance: Instance) -> None:
    if not instance.outlets:
        return
    if instance.shipments:
        task = instance.shipments[0].pickup
        raise wrong(
            f"{task.label} : un fichier avec des exutoires ne peut contenir d’envois "
            "(« shipments »). Écrivez une collecte (« jobs » avec « pickup »).",
            field="shipments",
        )
    for job in instance.jobs:
        if any(job.delivery):
            raise wrong(
                f"{job.label} : une livraison dans un fichier qui a des exutoires. Les exutoires "
                "reçoivent ce qui est collecté : écrivez « pickup », ou retirez « outlets ».",
                field="delivery",
            )


def _is_hub(instance: Instance) -> bool:
    """Whether all is brought to one place, at the same hours."""
    ends = [pair.delivery for pair in instance.shipments]
    if instance.jobs or not ends or len({(end.row, end.windows) for end in ends}) > 1:
        return False
    # Hours of the place and stays that add up there: left to the other way.
    return not ends[0].windows or not any(end.service or end.setup for end in ends)


def _hub(instance: Instance) -> Stops:
    """Stays at the common end are counted at the pickups: arriving there earlier is never wrong."""
    tasks = tuple(replace(pair.pickup, service=sum(_stays(pair))) for pair in instance.shipments)
    end = instance.shipments[0].delivery
    return Stops(
        tasks=tasks,
        outlets=(Outlet(id=HUB, row=end.row, windows=end.windows),),
        shipping=Shipping.HUB,
        delivered={pair.pickup.id: pair.delivery for pair in instance.shipments},
    )


def _stays(pair: Shipment) -> tuple[int, int, int]:
    return pair.pickup.service, pair.delivery.service, pair.delivery.setup
