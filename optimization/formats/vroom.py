"""VROOM's documented JSON, with our outlets."""

from collections.abc import Mapping
from typing import Any

from data.french import quote
from optimization.formats.fields import Fields, distinct, wrong
from optimization.formats.instance import (
    Amounts,
    Break,
    Costs,
    Instance,
    Outlet,
    Shipment,
    Task,
    Vehicle,
)
from optimization.formats.places import Places, gaps, read_matrices, unreached
from optimization.formats.week import unfolded

FASTEST = 5.0
"""Largest speed factor, as VROOM has it."""

HIGHEST_PRIORITY = 100

WEEK_KEYS = {
    "storage_days": "non pris en charge : dites plutôt le nombre de passages (« visits_per_week »)",
    "allowed_days": "il n’a de sens que si le fichier donne ses jours (« days »)",
}


def is_vroom(content: Mapping[str, Any]) -> bool:
    """Whether a JSON object looks like VROOM's input."""
    return "vehicles" in content and (
        "jobs" in content or "shipments" in content or "n" not in content
    )


def read_vroom(content: Mapping[str, Any], name: str) -> Instance:
    """Read a file already parsed.

    Raises:
        InputError: says which object and field is wrong, and why.
    """
    if content.get("days") is not None:
        content = unfolded(content)
    file = Fields(content, "Le fichier")
    places = Places(read_matrices(file))
    vehicles = tuple(_vehicle(one, places) for one in file.objects("vehicles", "véhicule"))
    if not vehicles:
        raise wrong("Le fichier ne donne aucun véhicule (« vehicles »).", field="vehicles")
    outlets = tuple(_outlet(one, places) for one in file.objects("outlets", "exutoire"))
    has_outlets = bool(outlets)
    jobs = tuple(_job(one, places, has_outlets=has_outlets) for one in file.objects("jobs", "job"))
    shipments = tuple(_shipment(one, places) for one in file.objects("shipments", "shipment"))
    distinct([vehicle.id for vehicle in vehicles], "véhicules")
    distinct([outlet.id for outlet in outlets], "exutoires")
    distinct([job.id for job in jobs], "jobs")
    distinct([pair.pickup.id for pair in shipments], "enlèvements")
    distinct([pair.delivery.id for pair in shipments], "livraisons d’envois")
    roads, travel = places.roads({vehicle.profile for vehicle in vehicles})
    remarks = [
        unreached(f"Matrice du profil {quote(profile)}", count)
        for profile, one in roads.items()
        if (count := gaps(one.durations))
    ]
    instance = Instance(
        format="VROOM",
        name=name,
        jobs=jobs,
        shipments=shipments,
        vehicles=vehicles,
        outlets=outlets,
        roads=roads,
        locations=places.locations,
        indexed=places.indexed,
        amounts=_amounts(vehicles, jobs, shipments),
        travel=travel,
        remarks=tuple(remarks),
    )
    _check_costs(instance)
    return instance


def _vehicle(one: Fields, places: Places) -> Vehicle:
    start, end = places.row(one, "start"), places.row(one, "end")
    if start is None and end is None:
        suffix = "_index" if places.indexed else ""
        raise one.refuse(
            f"start{suffix}", f"donnez un départ ou une arrivée ({quote('end' + suffix)})"
        )
    costs = one.inside("costs", f"{one.where}, coûts")
    breaks = tuple(
        Break(
            id=pause.id(),
            service=pause.whole("service", 0),
            windows=pause.windows(),
        )
        for pause in one.objects("breaks", f"{one.where}, pause")
        if _knows(pause)
    )
    if len(breaks) > 1:
        raise one.refuse("breaks", "une seule pause par véhicule est prise en charge")
    speed = one.number("speed_factor", 1.0)
    if not 0 < speed <= FASTEST:
        raise one.refuse("speed_factor", f"{speed:g} n’est pas entre 0 (exclu) et 5")
    return Vehicle(
        id=one.id(),
        start=start,
        end=end,
        profile=one.text("profile", "car"),
        description=one.text("description"),
        capacity=one.amounts("capacity"),
        skills=one.skills(),
        window=one.window("time_window"),
        breaks=breaks,
        speed_factor=speed,
        costs=Costs(
            fixed=costs.number("fixed", 0),
            per_hour=costs.number("per_hour", 3600),
            per_km=costs.number("per_km", 0),
            per_task_hour=costs.number("per_task_hour", 0),
        ),
        max_tasks=one.limit("max_tasks"),
        max_trips=one.limit("max_trips"),
        max_travel_time=one.limit("max_travel_time"),
        max_distance=one.limit("max_distance" if not one.has("range") else "range"),
    )


def _knows(pause: Fields) -> bool:
    if pause.has("max_load"):
        raise pause.refuse(
            "max_load", "une charge limite pendant la pause n’est pas prise en charge"
        )
    return True


def _job(one: Fields, places: Places, *, has_outlets: bool) -> Task:
    """A job; the old key ``amount`` is a delivery, or a pickup where there are outlets."""
    old = one.amounts("amount")
    pickup, delivery = one.amounts("pickup"), one.amounts("delivery")
    if old and not pickup and not delivery:
        pickup, delivery = (old, ()) if has_outlets else ((), old)
    return _task(one, places, "job", one, pickup=pickup, delivery=delivery)


def _shipment(one: Fields, places: Places) -> Shipment:
    amount = one.amounts("amount")
    for key in ("pickup", "delivery"):
        if not one.has(key):
            raise one.refuse(key, "il manque")
    pickup = one.inside("pickup", f"{one.where}, pickup")
    delivery = one.inside("delivery", f"{one.where}, delivery")
    return Shipment(
        pickup=_task(pickup, places, "pickup", one, pickup=amount),
        delivery=_task(delivery, places, "delivery", one, delivery=amount),
    )


def _task(
    one: Fields,
    places: Places,
    kind: str,
    shared: Fields,
    *,
    pickup: Amounts = (),
    delivery: Amounts = (),
) -> Task:
    """A task; skills and priority are those of ``shared``."""
    for key, why in WEEK_KEYS.items():
        if one.has(key):
            raise one.refuse(key, why)
    for key in ("service_per_type", "setup_per_type"):
        if one.raw(key):
            raise one.refuse(key, "les durées par type de véhicule ne sont pas prises en charge")
    priority = shared.whole("priority", 0)
    if priority > HIGHEST_PRIORITY:
        raise shared.refuse("priority", f"{priority} dépasse {HIGHEST_PRIORITY}")
    return Task(
        kind=kind,
        id=one.id(),
        row=places.needed(one),
        description=one.text("description"),
        setup=one.whole("setup", 0),
        service=one.whole("service", 0),
        windows=one.windows(),
        pickup=pickup,
        delivery=delivery,
        skills=shared.skills(),
        priority=priority,
        resource=one.text("resource"),
        value=one.number("value") if one.has("value") else None,
        visits=one.number("visits_per_week", 1),
    )


def _outlet(one: Fields, places: Places) -> Outlet:
    return Outlet(
        id=one.id(),
        row=places.needed(one),
        unload=one.whole("unload", 0),
        windows=one.windows(),
        weekly=one.number("weekly_capacity") if one.has("weekly_capacity") else None,
        accepts=frozenset(str(name) for name in one.entries("accepts")),
        description=one.text("description"),
    )


def _amounts(
    vehicles: tuple[Vehicle, ...], jobs: tuple[Task, ...], shipments: tuple[Shipment, ...]
) -> int:
    """How many quantities the file counts.

    Raises:
        InputError: not everywhere as many.
    """
    tasks = [*jobs, *(pair.pickup for pair in shipments)]
    sizes = {len(part): t.label for t in tasks for part in (t.pickup, t.delivery) if part}
    size = max([*sizes, *(len(vehicle.capacity) for vehicle in vehicles)], default=0)
    for found, label in sizes.items():
        if found != size:
            raise wrong(
                f"{label} : {found} quantités au lieu de {size}. Donnez partout le même nombre de "
                "quantités.",
                field="pickup",
            )
    for vehicle in vehicles:
        if len(vehicle.capacity) != size:
            raise wrong(
                f"{vehicle.label} : « capacity » donne {len(vehicle.capacity)} quantités, "
                f"il en faut {size}.",
                field="capacity",
            )
    return size


def _check_costs(instance: Instance) -> None:
    for vehicle in instance.vehicles:
        roads, costs = instance.roads[vehicle.profile], vehicle.costs
        usual = Costs()
        if roads.costs is not None and (costs.per_hour, costs.per_km) != (
            usual.per_hour,
            usual.per_km,
        ):
            raise wrong(
                f"{vehicle.label} : un coût à l’heure ou au kilomètre ne va pas avec une matrice "
                "« costs ».",
                field="costs",
            )
