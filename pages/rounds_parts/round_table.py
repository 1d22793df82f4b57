"""One round as a table, and the lines of text that go with it."""

from itertools import pairwise
from typing import Final

import pandas as pd

from data import french
from data.model import Round, Scenario, Vehicle, VisitKind
from pages.rounds_parts.measures import (
    collected_kg,
    distance_m,
    stop_count,
)
from pages.rounds_parts.sites import Sites
from pages.ui import escape

_NOTHING: Final = "–"
_SHORTEST_WAIT_S: Final = 60


def round_table(trip: Round, scenario: Scenario) -> pd.DataFrame:
    """Return a round's visits in order, in French, texts escaped for Markdown cells."""
    sites = Sites(scenario)
    numbers = iter(range(1, len(trip.visits)))
    names = {VisitKind.START: "Départ", VisitKind.END: "Retour", VisitKind.UNLOAD: "Vidage"}
    rows = []
    loads = [0.0, *(visit.load_kg for visit in trip.visits)]
    for visit, before in zip(trip.visits, loads, strict=False):
        is_stop = visit.kind is VisitKind.STOP
        rows.append(
            {
                "Ordre": str(next(numbers)) if is_stop else names[visit.kind],
                "Lieu": escape.markdown(sites.of(visit).name),
                "Arrivée": french.clock(visit.arrival_s),
                "Attente": french.duration(visit.wait_s)
                if visit.wait_s >= _SHORTEST_WAIT_S
                else _NOTHING,
                "À prendre": french.quantity(visit.load_kg - before, "kg", 0)
                if is_stop
                else _NOTHING,
                "À bord en partant": french.quantity(visit.load_kg, "kg", 0),
                "Distance": french.kilometres(visit.distance_m) if visit.distance_m else _NOTHING,
            }
        )
    return pd.DataFrame(rows).set_index("Ordre")


def round_sentence(trip: Round) -> str:
    """Sum a round up: « 8 h 00 – 11 h 20, 9 points, 160 kg, 13,2 km »."""
    start, end = trip.visits[0].departure_s, trip.visits[-1].arrival_s
    unloads = sum(visit.kind is VisitKind.UNLOAD for visit in trip.visits)
    points = stop_count(trip)
    return ", ".join(
        (
            f"{french.clock(start)} – {french.clock(end)}",
            f"{points} {'points' if points > 1 else 'point'}",
            french.quantity(collected_kg(trip), "kg", 0),
            french.kilometres(distance_m(trip)),
            f"{unloads} {'vidages' if unloads > 1 else 'vidage'}",
        )
    )


def fill_sentence(trip: Round, vehicle: Vehicle) -> str:
    """Say how full the vehicle is each time it unloads."""
    fills = [
        f"{french.percent(before.load_kg / vehicle.capacity_kg)} des kg et "
        f"{french.percent(before.load_containers / vehicle.capacity_containers)} des contenants"
        for before, visit in pairwise(trip.visits)
        if visit.kind is VisitKind.UNLOAD
    ]
    return "Remplissage au vidage\u202f: " + ", puis ".join(fills)
