"""A small scenario in Bergerac, and a plan timed by hand, for documents that need no solver."""

import math
from collections.abc import Sequence
from dataclasses import replace

from data.model import (
    Depot,
    Outlet,
    Plan,
    Round,
    Scenario,
    Stop,
    TimeWindow,
    TravelMode,
    UnservedReason,
    UnservedStop,
    Vehicle,
    Visit,
    VisitKind,
)

Position = tuple[float, float]


class StraightTravel:
    """Straight legs, for drawing only."""

    name = "lignes droites d’essai"
    margin = 0.14

    def leg(self, a: Position, b: Position, mode: TravelMode) -> list[Position]:
        """Return the two ends of the leg."""
        del mode
        return [a, b]


DEPOT = Depot(
    id="depot",
    name="Espace Lagabrielle",
    commune_code="24037",
    lon=0.4790,
    lat=44.8560,
    address="Allée du commissaire Félix Landry, 24100 Bergerac",
)
OUTLET = Outlet(
    id="outlet",
    actor_id=None,
    name="Jardins du Cœur – station de compostage",
    commune_code="24037",
    lon=0.4470,
    lat=44.8400,
    resource_ids=("biodechets-cuisine",),
    windows=(TimeWindow(start_s=8 * 3600, end_s=12 * 3600),),
    weekly_capacity_kg=1000,
    treatment="composting_local",
    address="Nouveau Naillac, 24100 Bergerac",
)
BIKE = Vehicle(
    id="bike",
    name="Vélo + remorque",
    mode=TravelMode.BIKE,
    capacity_kg=190,
    capacity_containers=6,
    speed_kmh=13,
    shift_start_s=8 * 3600,
    shift_end_s=12 * 3600,
    count=2,
    range_m=50_000,
    cost_eur_per_hour=30,
    co2e_kg_per_km=0.011,
)


def stop(number: int, **changes: object) -> Stop:
    """Return the ``number``-th sample stop, spread on a spiral around the town hall."""
    values: dict[str, object] = {
        "id": f"stop-{number}",
        "actor_id": None,
        "resource_id": "biodechets-cuisine",
        "name": f"Restaurant n° {number} (exemple)",
        "commune_code": "24037",
        "lon": 0.4847 + 0.0025 * number * math.cos(2.1 * number) / 2,
        "lat": 44.8502 + 0.0018 * number * math.sin(2.1 * number) / 2,
        "kg_per_visit": 12.0 + number,
        "windows": (TimeWindow(start_s=8 * 3600, end_s=11 * 3600),) if number % 3 == 0 else (),
        "address": f"{number} rue de l’Exemple, 24100 Bergerac",
    }
    return Stop(**(values | changes))  # type: ignore[arg-type]


def scenario(stops: Sequence[Stop]) -> Scenario:
    """Return a scenario with one bike, one depot and one outlet."""
    return Scenario(
        id="scenario",
        name="Cuisines du centre",
        resource_id="biodechets-cuisine",
        stops=tuple(stops),
        vehicles=(BIKE,),
        depot=DEPOT,
        outlets=(OUTLET,),
        travel_source="à vol d’oiseau × coefficient de détour",
        day="2026-03-05",
    )


def timed_round(stops: Sequence[Stop], number: int = 1) -> Round:
    """Visit the stops in the order given, unload once, go back; 5 min a leg, 900 m each."""
    clock = BIKE.shift_start_s
    blank = Visit(
        kind=VisitKind.START,
        place_id=DEPOT.id,
        arrival_s=clock,
        wait_s=0,
        service_s=0,
        distance_m=0,
        travel_s=0,
        load_kg=0,
        load_containers=0,
    )
    visits = [blank]
    for one in stops:
        clock += 300
        visits.append(
            Visit(
                kind=VisitKind.STOP,
                place_id=one.id,
                arrival_s=clock,
                wait_s=0,
                service_s=one.service_s,
                distance_m=900,
                travel_s=300,
                load_kg=visits[-1].load_kg + one.kg_per_visit,
                load_containers=visits[-1].load_containers + one.containers_per_visit,
            )
        )
        clock += one.service_s
    clock += 300
    there = {"place_id": OUTLET.id, "service_s": OUTLET.unload_s, "distance_m": 2400}
    visits.append(replace(blank, kind=VisitKind.UNLOAD, arrival_s=clock, travel_s=300, **there))
    clock += OUTLET.unload_s + 300
    visits.append(
        replace(blank, kind=VisitKind.END, arrival_s=clock, travel_s=300, distance_m=2700)
    )
    return Round(vehicle_id=BIKE.id, vehicle_number=number, visits=tuple(visits))


def plan(rounds: Sequence[Round], unserved: Sequence[str] = ()) -> Plan:
    """Return a plan of these rounds; the stops named are left out for want of time."""
    return Plan(
        id="plan",
        scenario_id="scenario",
        name="Cuisines du centre",
        created_at="2026-03-01T09:00:00+00:00",
        rounds=tuple(rounds),
        unserved=tuple(
            UnservedStop(stop_id=one, reason=UnservedReason.NO_TIME_LEFT, detail="il manque 12 min")
            for one in unserved
        ),
        travel_source="à vol d’oiseau × coefficient de détour",
        travel_margin=0.14,
        engine="essai",
        cost_eur=61.5,
    )
