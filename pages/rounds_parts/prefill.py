"""What the form proposes before anyone types: a first plan must need one click only."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from data import units
from data.figures import Figures
from data.model import (
    Actor,
    Depot,
    Direction,
    Flow,
    Listing,
    Outlet,
    Resource,
    Side,
    Stop,
    TravelMode,
    Vehicle,
)
from geo.projection import great_circle_m

DEFAULT_RESOURCE: Final = "biowaste_kitchen"
BIKE_REACH_M: Final = 5_000
"""From the depot, as the crow flies: farther, a loaded bike spends its morning on the road."""
_WEEKS_PER_YEAR = 52
_KG_PER_T = 1000
_MINUTE = 60
_PARTS = 20


def collectable(
    resources: Iterable[Resource], stops: Iterable[Stop], flows: Iterable[Flow]
) -> tuple[Resource, ...]:
    """Return the resources that someone could collect, the default one first, then by name."""
    wanted = {stop.resource_id for stop in stops}
    wanted |= {flow.resource_id for flow in flows if flow.direction is Direction.OUT}
    found = [resource for resource in resources if resource.id in wanted]
    return tuple(sorted(found, key=lambda one: (one.id != DEFAULT_RESOURCE, one.name)))


def accepting(outlets: Iterable[Outlet], resource_id: str) -> tuple[Outlet, ...]:
    """Return the outlets that accept a resource."""
    return tuple(outlet for outlet in outlets if resource_id in outlet.resource_ids)


def by_bike(
    stops: Sequence[Stop], vehicles: Sequence[Vehicle], depot: Depot | None
) -> tuple[frozenset[str], tuple[Vehicle, ...]]:
    """Return what a first proposal by bike is made of.

    A first plan should be one that could be ridden tomorrow: the stops a bike reaches, and bikes.
    Everything else stays on screen, one click away. Without bikes, without a depot or with no
    stop within reach, nothing is left out.

    Returns:
        the ids of the stops to tick, and the vehicles, vans with a count of 0.
    """
    everyone = frozenset(stop.id for stop in stops)
    if depot is None or not any(vehicle.mode is TravelMode.BIKE for vehicle in vehicles):
        return everyone, tuple(vehicles)
    near = frozenset(
        stop.id
        for stop in stops
        if great_circle_m(depot.lon, depot.lat, stop.lon, stop.lat) <= BIKE_REACH_M
    )
    if not near:
        return everyone, tuple(vehicles)
    return near, tuple(
        vehicle if vehicle.mode is TravelMode.BIKE else replace(vehicle, count=0)
        for vehicle in vehicles
    )


def without_stop(
    actors: Mapping[str, Actor], flows: Iterable[Flow], stops: Iterable[Stop], resource_id: str
) -> tuple[Actor, ...]:
    """Return the actors with this output but no stop yet, by name."""
    served = {stop.actor_id for stop in stops if stop.resource_id == resource_id}
    found = {
        flow.actor_id
        for flow in flows
        if flow.direction is Direction.OUT
        and flow.resource_id == resource_id
        and flow.actor_id not in served
    }
    return tuple(sorted((actors[id_] for id_ in found if id_ in actors), key=lambda a: a.name))


def stop_from_actor(
    actor: Actor, flows: Sequence[Flow], resource: Resource, figures: Figures
) -> Stop:
    """Return a stop whose kg a visit follow from the actor's yearly mass.

    The mass of all its outputs of this resource is spread over 52 weeks and the visits of its
    flow (else the usual two a week). An unknown mass gives NaN, shown as an empty cell to fill.
    """
    mine = [
        flow
        for flow in flows
        if flow.direction is Direction.OUT and flow.resource_id == resource.id
    ]
    visits = max(
        (flow.visits_per_week for flow in mine if flow.visits_per_week),
        default=figures.value("bike_collection_visits_per_week"),
    )
    masses = [mass for flow in mine if (mass := units.annual_mass(flow, resource)) is not None]
    yearly_kg = sum(mass.t_per_year for mass in masses) * _KG_PER_T if masses else math.nan
    kg = yearly_kg / _WEEKS_PER_YEAR / visits
    return Stop(
        id=f"{actor.id}-{resource.id}",
        actor_id=actor.id,
        resource_id=resource.id,
        name=actor.name,
        commune_code=actor.commune_code,
        lon=actor.lon,
        lat=actor.lat,
        kg_per_visit=kg if math.isnan(kg) else round(kg, 1),
        containers_per_visit=_containers(kg, resource, figures),
        visits_per_week=visits,
        service_s=round(figures.value("service_time") * _MINUTE),
        longest_storage_days=round(figures.value("biowaste_longest_storage")),
        address=actor.address,
        origin=actor.origin,
    )


def _containers(kg: float, resource: Resource, figures: Figures) -> float:
    """Count bins of the usual size, by twentieths; one when mass or density is unknown."""
    if math.isnan(kg) or not resource.density_kg_per_l:
        return 1.0
    bins = kg / resource.density_kg_per_l / figures.value("container_bin")
    return max(1, math.ceil(bins * _PARTS)) / _PARTS


def pooled_stops(
    actors: Sequence[Actor],
    *,
    stops: Iterable[Stop],
    flows: Iterable[Flow],
    listings: Iterable[Listing],
    resource: Resource,
    figures: Figures,
) -> tuple[Stop, ...]:
    """Return one stop an actor at least: those it has for this resource, else a first one.

    A first stop's kilograms follow from the actor's flows, else from what it offers.

    Args:
        actors: who collects together.
        stops: any; others' and other resources' are left aside.
        flows: any, idem.
        listings: any that this reader may see; only offers that repeat count.
        resource: what is collected.
        figures: the figures table.
    """
    known = [stop for stop in stops if stop.resource_id == resource.id]
    out = [flow for flow in flows if flow.resource_id == resource.id]
    offered = [flow for each in listings if (flow := _as_flow(each, resource.id)) is not None]
    found: list[Stop] = []
    for actor in actors:
        mine = [stop for stop in known if stop.actor_id == actor.id]
        if not mine:
            said = [flow for flow in out if flow.actor_id == actor.id]
            said = said or [flow for flow in offered if flow.actor_id == actor.id]
            mine = [stop_from_actor(actor, said, resource, figures)]
        found += mine
    return tuple(found)


def _as_flow(listing: Listing, resource_id: str) -> Flow | None:
    """Return an offer as the output it is; ``None`` for a need, a one-off, another resource."""
    if (
        listing.side is not Side.OFFER
        or listing.resource_id != resource_id
        or listing.period is None
    ):
        return None
    return Flow(
        id=listing.id,
        actor_id=listing.actor_id,
        direction=Direction.OUT,
        resource_id=resource_id,
        quantity=listing.quantity,
        unit=listing.unit,
        period=listing.period,
        uncertainty=listing.uncertainty,
    )
