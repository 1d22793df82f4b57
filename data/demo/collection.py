"""The demonstration's collection: depot, outlets, vehicles, stops and one scenario.

Opening hours, positions and shifts are hypotheses to check with the field; capacities, speeds,
costs and factors are read from the figures table.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from data.demo.kinds import SUFFIX
from data.demo.places import Place, Spots, metres_between
from data.demo.real import BERGERAC, CARE_HOME, CVE, GARDENS, METHANISER
from data.figures import Figures
from data.model import (
    Actor,
    Depot,
    Direction,
    Flow,
    Origin,
    Outlet,
    Scenario,
    Stop,
    TimeWindow,
    TravelMode,
    Vehicle,
)
from data.units import periods_per_year

RESOURCE: Final = "biowaste_kitchen"
STOP_COUNT: Final = 30
FARTHEST_M: Final = 10_000.0
"""Great-circle distance beyond which a bike is not sent from the depot."""
_HOUR = 3600
_WEEKS_PER_YEAR = 52
_DEPOT_RADIUS_M = 800.0
_TO_CHECK = "position et horaires indicatifs, à vérifier"

_COMPOSTABLE = (RESOURCE, "coffee_grounds", "vegetable_rejects", "plant_trimmings")
_DIGESTIBLE = (
    RESOURCE,
    "biowaste_market",
    "vegetable_rejects",
    "food_unsold",
    "coffee_grounds",
    "spent_grain",
    "grape_marc",
    "cooking_oil_used",
    "manure",
)


def depot(places: Mapping[str, Place], spots: Spots) -> Depot:
    """Place the bike depot around Bergerac's town hall."""
    lon, lat = spots.near_town_hall(places[BERGERAC], _DEPOT_RADIUS_M)
    return Depot(
        id="demo-depot-velo",
        name="Dépôt vélo de L’Attache Rapide",
        commune_code=BERGERAC,
        lon=lon,
        lat=lat,
        address="Bergerac (position approximative)",
        origin=Origin.DEMO_REAL,
    )


def outlets(actors: Mapping[str, Actor], figures: Figures) -> tuple[Outlet, ...]:
    """Give the four places that treat biowaste, where their actors stand."""
    cap = figures.value("composting_site_weekly_cap")
    morning, day = _window(8, 12.5), _window(8, 17)
    known = (
        (CARE_HOME, "Site de compostage de l’EHPAD La Madeleine", _COMPOSTABLE, day, cap),
        (GARDENS, "Plateforme de compostage des Jardins du Cœur", _COMPOSTABLE, morning, cap),
        (METHANISER, "Méthaniseur de Saint-Pierre-d’Eyraud", _DIGESTIBLE, day, None),
        (CVE, "Méthaniseur CVE de Saint-Antoine-de-Breuilh", _DIGESTIBLE, day, None),
    )
    return tuple(
        Outlet(
            id=f"demo-exutoire-{actor_id.removeprefix('reel-')}",
            actor_id=actor_id,
            name=name,
            commune_code=actors[actor_id].commune_code,
            lon=actors[actor_id].lon,
            lat=actors[actor_id].lat,
            resource_ids=accepted,
            windows=(window,),
            weekly_capacity_kg=capacity,
            unload_s=600,
            treatment="composting_local" if capacity else "methanisation",
            address=" – ".join(filter(None, (actors[actor_id].address, _TO_CHECK))),
            origin=Origin.DEMO_REAL,
        )
        for actor_id, name, accepted, window, capacity in known
    )


def vehicles(figures: Figures) -> tuple[Vehicle, ...]:
    """Give two bikes with trailers and one light van, one morning shift each."""
    opens, closes = 8 * _HOUR, int(12.5 * _HOUR)
    bin_kg = figures.value("container_bin") * figures.value("biowaste_density")
    bike_co2e, van_co2e = figures["bike_co2e_per_km"], figures["van_co2e_per_km"]
    return (
        Vehicle(
            id="demo-velo",
            name="Vélo + remorque" + SUFFIX,
            mode=TravelMode.BIKE,
            capacity_kg=figures.value("bike_payload"),
            capacity_containers=figures.value("container_bins_per_trailer"),
            speed_kmh=figures.value("bike_speed_loaded"),
            count=2,
            range_m=round(figures.value("bike_range") * 1000),
            cost_eur_per_hour=figures.value("bike_cost_per_hour"),
            co2e_kg_per_km=bike_co2e.value,
            co2e_uncertainty=round(bike_co2e.relative_margin, 3),
            origin=Origin.DEMO_FICTIONAL,
            shift_start_s=opens,
            shift_end_s=closes,
        ),
        Vehicle(
            id="demo-fourgonnette",
            name="Fourgonnette" + SUFFIX,
            mode=TravelMode.VAN,
            capacity_kg=figures.value("van_payload"),
            capacity_containers=float(figures.value("van_payload") // bin_kg),
            speed_kmh=figures.value("van_speed"),
            cost_eur_per_hour=figures.value("van_cost_per_hour"),
            cost_eur_per_km=round(
                figures.value("van_fuel_per_km") * figures.value("diesel_price"), 3
            ),
            co2e_kg_per_km=van_co2e.value,
            co2e_uncertainty=round(van_co2e.relative_margin, 3),
            origin=Origin.DEMO_FICTIONAL,
            shift_start_s=opens,
            shift_end_s=closes,
        ),
    )


def stops(
    flows: Sequence[Flow],
    actors: Mapping[str, Actor],
    start: Depot,
    figures: Figures,
    random: Random,
) -> tuple[Stop, ...]:
    """Prefill the stops: the invented producers of kitchen waste nearest to the depot.

    Kilograms a visit = yearly mass ÷ weeks with the flow ÷ visits a week; containers = that mass
    in 120 L bins at the figures' density.
    """
    producers = [
        flow
        for flow in flows
        if flow.resource_id == RESOURCE
        and flow.direction is Direction.OUT
        and flow.quantity is not None
        and flow.visits_per_week
        and flow.origin is Origin.DEMO_FICTIONAL
        and _away(start, actors[flow.actor_id]) <= FARTHEST_M
    ]
    producers.sort(key=lambda flow: (_away(start, actors[flow.actor_id]), flow.id))
    bin_kg = figures.value("container_bin") * figures.value("biowaste_density")
    return tuple(
        _stop(flow, actors[flow.actor_id], bin_kg, figures, random)
        for flow in producers[:STOP_COUNT]
    )


def scenario(
    start: Depot, places: Sequence[Outlet], fleet: Sequence[Vehicle], pickups: Sequence[Stop]
) -> Scenario:
    """Bring it all together: the biowaste round of an ordinary morning."""
    return Scenario(
        id="demo-scenario-biodechets",
        name="Biodéchets du centre de Bergerac, un matin" + SUFFIX,
        resource_id=RESOURCE,
        stops=tuple(pickups),
        vehicles=tuple(fleet),
        depot=start,
        outlets=tuple(outlet for outlet in places if outlet.weekly_capacity_kg),
        origin=Origin.DEMO_FICTIONAL,
    )


def _stop(flow: Flow, actor: Actor, bin_kg: float, figures: Figures, random: Random) -> Stop:
    weeks = min(periods_per_year(flow), _WEEKS_PER_YEAR)
    visits = flow.visits_per_week or 1.0
    yearly_kg = (flow.quantity or 0.0) * periods_per_year(flow)
    kilograms = round(yearly_kg / weeks / visits, 1)
    windows = _WINDOWS.get(actor.activity, ())
    return Stop(
        id=f"demo-point-{actor.id.removeprefix('exemple-')}",
        actor_id=actor.id,
        resource_id=RESOURCE,
        name=actor.name,
        commune_code=actor.commune_code,
        lon=actor.lon,
        lat=actor.lat,
        kg_per_visit=kilograms,
        containers_per_visit=max(0.05, round(20 * kilograms / bin_kg) / 20),
        visits_per_week=visits,
        service_s=random.choice((240, 300, 360)),
        windows=(random.choice(windows),) if windows else (),
        longest_storage_days=int(figures.value("biowaste_longest_storage")),
        origin=Origin.DEMO_FICTIONAL,
    )


def _window(start_h: float, end_h: float) -> TimeWindow:
    return TimeWindow(start_s=int(start_h * _HOUR), end_s=int(end_h * _HOUR))


_WINDOWS: Final = {
    "École avec restaurant scolaire": (_window(8.5, 11), _window(9, 11.5)),
    "Maison de retraite médicalisée": (_window(9, 11.5),),
    "Restaurant d’entreprise": (_window(8, 10.5),),
}
"""Invented hours, by activity; others take a visit at any time of the shift."""


def _away(start: Depot, actor: Actor) -> float:
    return metres_between(start.lon, start.lat, actor.lon, actor.lat)
