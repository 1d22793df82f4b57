"""Between the model and the tables a planner edits: pure functions, no screen.

A table keeps every cell as typed; it is only read when rounds are asked for. What cannot be read
raises InputError with the column and the row as the planner sees them.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from data import french
from data.errors import InputError
from data.model import Commune, Stop, TravelMode, Vehicle
from pages.rounds_parts import cells, rules
from pages.rounds_parts.cells import as_float, is_blank, number_in, rows_of, text_of, typed
from pages.rounds_parts.hours import parse_hour, parse_windows, write_hour, write_windows
from pages.ui import wording

ID: Final = "id"
INCLUDED: Final = cells.INCLUDED
NUMBER: Final = cells.NUMBER
POINT: Final = "Point"
COMMUNE: Final = "Commune"
KG: Final = "Kg par visite"
CONTAINERS: Final = "Contenants par visite"
VISITS: Final = "Visites par semaine"
SERVICE: Final = "Durée sur place (min)"
WINDOWS: Final = "Créneau"
VALUE: Final = "Valeur (€)"
LON: Final = "Longitude"
LAT: Final = "Latitude"

NAME: Final = "Véhicule"
COUNT: Final = "Nombre"
MODE: Final = "Mode"
CAPACITY_KG: Final = "Capacité (kg)"
CAPACITY_CONTAINERS: Final = "Capacité (contenants)"
SPEED: Final = "Vitesse (km/h)"
SHIFT_START: Final = "Début de service"
SHIFT_END: Final = "Fin de service"
RANGE: Final = "Autonomie (km)"
COST_SHIFT: Final = "Coût par sortie (€)"
COST_HOUR: Final = "Coût horaire (€/h)"
COST_KM: Final = "Coût au kilomètre (€/km)"
CO2E: Final = "Émissions (kg CO₂e/km)"
CO2E_MARGIN: Final = "Incertitude des émissions (%)"

STOP_COLUMNS: Final = (
    ID, INCLUDED, NUMBER, POINT, COMMUNE, KG, CONTAINERS, VISITS, SERVICE, WINDOWS, VALUE, LON, LAT,
    *rules.STOP_RULES,
)  # fmt: skip
VEHICLE_COLUMNS: Final = (
    ID, NAME, COUNT, MODE, CAPACITY_KG, CAPACITY_CONTAINERS, SPEED, SHIFT_START, SHIFT_END, RANGE,
    COST_SHIFT, COST_HOUR, COST_KM, CO2E, CO2E_MARGIN,
    *rules.VEHICLE_RULES,
)  # fmt: skip
MODES: Final = {wording.TRAVEL_MODE[mode]: mode for mode in TravelMode}

_MINUTE = 60
_KM = 1000
_NEW_VEHICLE = Vehicle(
    id="new",
    name="",
    mode=TravelMode.BIKE,
    capacity_kg=1,
    capacity_containers=1,
    speed_kmh=1,
    shift_start_s=0,
    shift_end_s=1,
)


def stops_table(
    stops: Sequence[Stop],
    communes: Mapping[str, Commune],
    included: frozenset[str] | None = None,
) -> pd.DataFrame:
    """Return the table of stops; ``included`` ids are ticked, all of them when ``None``."""
    rows = [
        {
            ID: stop.id,
            INCLUDED: included is None or stop.id in included,
            NUMBER: number,
            POINT: stop.name,
            COMMUNE: commune.name if (commune := communes.get(stop.commune_code)) else "",
            KG: as_float(stop.kg_per_visit),
            CONTAINERS: as_float(stop.containers_per_visit),
            VISITS: as_float(stop.visits_per_week),
            SERVICE: stop.service_s / _MINUTE,
            WINDOWS: write_windows(stop.windows),
            VALUE: as_float(stop.skip_value_eur),
            LON: stop.lon,
            LAT: stop.lat,
            **rules.stop_cells(stop),
        }
        for number, stop in enumerate(stops, 1)
    ]
    return typed(
        rows, STOP_COLUMNS, text=(ID, POINT, COMMUNE, WINDOWS, *rules.STOP_TEXTS), flags=(INCLUDED,)
    )


def vehicles_table(vehicles: Sequence[Vehicle]) -> pd.DataFrame:
    """Return the table of vehicles."""
    rows = [
        {
            ID: vehicle.id,
            NAME: vehicle.name,
            COUNT: vehicle.count,
            MODE: wording.TRAVEL_MODE[vehicle.mode],
            CAPACITY_KG: vehicle.capacity_kg,
            CAPACITY_CONTAINERS: vehicle.capacity_containers,
            SPEED: vehicle.speed_kmh,
            SHIFT_START: write_hour(vehicle.shift_start_s),
            SHIFT_END: write_hour(vehicle.shift_end_s),
            RANGE: math.nan if vehicle.range_m is None else vehicle.range_m / _KM,
            COST_SHIFT: vehicle.cost_eur_per_shift,
            COST_HOUR: vehicle.cost_eur_per_hour,
            COST_KM: vehicle.cost_eur_per_km,
            CO2E: vehicle.co2e_kg_per_km,
            CO2E_MARGIN: 100 * vehicle.co2e_uncertainty,
            **rules.vehicle_cells(vehicle),
        }
        for vehicle in vehicles
    ]
    return typed(
        rows, VEHICLE_COLUMNS, text=(ID, NAME, MODE, SHIFT_START, SHIFT_END, *rules.VEHICLE_TEXTS)
    )


def add_stop(table: pd.DataFrame, stop: Stop, communes: Mapping[str, Commune]) -> pd.DataFrame:
    """Return the table with one more stop, ticked, at the end; other cells are kept as typed."""
    row = stops_table([stop], communes)
    row[NUMBER] = len(table) + 1
    return pd.concat([table, row], ignore_index=True)


def read_stops(table: pd.DataFrame, known: Mapping[str, Stop]) -> tuple[Stop, ...]:
    """Return the ticked stops as edited.

    Args:
        table: as given by :func:`stops_table`, cells changed.
        known: what the table was made from, for what it does not show (address, actor…).

    Raises:
        InputError: a cell of a ticked row cannot be read.
    """
    return tuple(
        _stop(row, int(row[NUMBER]), known[row[ID]])
        for row in rows_of(table)
        if row[INCLUDED] is True
    )


def _stop(row: Mapping[Hashable, Any], number: int, base: Stop) -> Stop:
    label = f"Le point {french.quote(base.name)}"
    value = row[VALUE]
    return replace(
        base,
        kg_per_visit=number_in(row, KG, label, number),
        containers_per_visit=number_in(row, CONTAINERS, label, number),
        visits_per_week=number_in(row, VISITS, label, number),
        service_s=round(number_in(row, SERVICE, label, number) * _MINUTE),
        windows=parse_windows(text_of(row[WINDOWS]), field=WINDOWS, row=number),
        skip_value_eur=None if is_blank(value) else float(value),
        lon=number_in(row, LON, label, number),
        lat=number_in(row, LAT, label, number),
        **rules.read_stop(row, label, number, base),
    )


def read_vehicles(
    table: pd.DataFrame, known: Mapping[str, Vehicle], needed: frozenset[str] = frozenset()
) -> tuple[Vehicle, ...]:
    """Return the vehicles as edited; rows left empty or with a count of 0 are ignored.

    Args:
        table: as given by :func:`vehicles_table`, cells changed.
        known: what the table was made from.
        needed: ids that something refers to: these stay even when there are none of them.

    Raises:
        InputError: a cell cannot be read.
    """
    return tuple(vehicle for _, vehicle in numbered_vehicles(table, known, needed))


def numbered_vehicles(
    table: pd.DataFrame, known: Mapping[str, Vehicle], needed: frozenset[str] = frozenset()
) -> list[tuple[int, Vehicle]]:
    """Return the vehicles of :func:`read_vehicles`, each with the number of its row."""
    vehicles = []
    for number, row in enumerate(rows_of(table), 1):
        typed = [cell for column, cell in row.items() if column != ID and not is_blank(cell)]
        if typed:
            vehicle = _vehicle(row, number, known)
            if vehicle.count != 0 or vehicle.id in needed:
                vehicles.append((number, vehicle))
    return vehicles


def _vehicle(row: Mapping[Hashable, Any], number: int, known: Mapping[str, Vehicle]) -> Vehicle:
    name = text_of(row[NAME])
    label = f"Le véhicule {french.quote(name)}" if name else f"Le véhicule de la ligne {number}"
    mode = MODES.get(text_of(row[MODE]))
    if mode is None:
        raise InputError(
            french.tidy(f"{label} : choisissez « Vélo » ou « Utilitaire »."), field=MODE, row=number
        )
    count = number_in(row, COUNT, label, number)
    if not count.is_integer():
        raise InputError(
            french.tidy(f"{label} : le nombre doit être entier."), field=COUNT, row=number
        )
    return replace(
        known.get(text_of(row[ID]), replace(_NEW_VEHICLE, id=f"vehicule-{number}")),
        name=name or f"{wording.TRAVEL_MODE[mode]} {number}",
        mode=mode,
        count=int(count),
        capacity_kg=number_in(row, CAPACITY_KG, label, number),
        capacity_containers=number_in(row, CAPACITY_CONTAINERS, label, number),
        speed_kmh=number_in(row, SPEED, label, number),
        shift_start_s=parse_hour(text_of(row[SHIFT_START]), field=SHIFT_START, row=number),
        shift_end_s=parse_hour(text_of(row[SHIFT_END]), field=SHIFT_END, row=number),
        range_m=None if is_blank(row[RANGE]) else round(float(row[RANGE]) * _KM),
        cost_eur_per_shift=number_in(row, COST_SHIFT, label, number, blank=0),
        cost_eur_per_hour=number_in(row, COST_HOUR, label, number, blank=0),
        cost_eur_per_km=number_in(row, COST_KM, label, number, blank=0),
        co2e_kg_per_km=number_in(row, CO2E, label, number, blank=0),
        co2e_uncertainty=number_in(row, CO2E_MARGIN, label, number, blank=50) / 100,
        **rules.read_vehicle(row, label, number),
    )
