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
from pages.rounds_parts.hours import parse_hour, parse_windows, write_hour, write_windows
from pages.ui import wording

ID: Final = "id"
INCLUDED: Final = "Inclure"
NUMBER: Final = "N°"
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
)  # fmt: skip
VEHICLE_COLUMNS: Final = (
    ID, NAME, COUNT, MODE, CAPACITY_KG, CAPACITY_CONTAINERS, SPEED, SHIFT_START, SHIFT_END, RANGE,
    COST_SHIFT, COST_HOUR, COST_KM, CO2E, CO2E_MARGIN,
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
            KG: _float(stop.kg_per_visit),
            CONTAINERS: _float(stop.containers_per_visit),
            VISITS: _float(stop.visits_per_week),
            SERVICE: stop.service_s / _MINUTE,
            WINDOWS: write_windows(stop.windows),
            VALUE: _float(stop.skip_value_eur),
            LON: stop.lon,
            LAT: stop.lat,
        }
        for number, stop in enumerate(stops, 1)
    ]
    return _typed(rows, STOP_COLUMNS, text=(ID, POINT, COMMUNE, WINDOWS), flags=(INCLUDED,))


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
        }
        for vehicle in vehicles
    ]
    return _typed(rows, VEHICLE_COLUMNS, text=(ID, NAME, MODE, SHIFT_START, SHIFT_END))


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
        for row in _rows(table)
        if row[INCLUDED] is True
    )


def _stop(row: Mapping[Hashable, Any], number: int, base: Stop) -> Stop:
    label = f"Le point {french.quote(base.name)}"
    value = row[VALUE]
    return replace(
        base,
        kg_per_visit=_number(row, KG, label, number),
        containers_per_visit=_number(row, CONTAINERS, label, number),
        visits_per_week=_number(row, VISITS, label, number),
        service_s=round(_number(row, SERVICE, label, number) * _MINUTE),
        windows=parse_windows(_text(row[WINDOWS]), field=WINDOWS, row=number),
        skip_value_eur=None if _is_blank(value) else float(value),
        lon=_number(row, LON, label, number),
        lat=_number(row, LAT, label, number),
    )


def read_vehicles(table: pd.DataFrame, known: Mapping[str, Vehicle]) -> tuple[Vehicle, ...]:
    """Return the vehicles as edited; rows left empty or with a count of 0 are ignored.

    Raises:
        InputError: a cell cannot be read.
    """
    vehicles = []
    for number, row in enumerate(_rows(table), 1):
        typed = [cell for column, cell in row.items() if column != ID and not _is_blank(cell)]
        if typed:
            vehicle = _vehicle(row, number, known)
            if vehicle.count != 0:
                vehicles.append(vehicle)
    return tuple(vehicles)


def _vehicle(row: Mapping[Hashable, Any], number: int, known: Mapping[str, Vehicle]) -> Vehicle:
    name = _text(row[NAME])
    label = f"Le véhicule {french.quote(name)}" if name else f"Le véhicule de la ligne {number}"
    mode = MODES.get(_text(row[MODE]))
    if mode is None:
        raise InputError(
            french.tidy(f"{label} : choisissez « Vélo » ou « Utilitaire »."), field=MODE, row=number
        )
    count = _number(row, COUNT, label, number)
    if not count.is_integer():
        raise InputError(
            french.tidy(f"{label} : le nombre doit être entier."), field=COUNT, row=number
        )
    return replace(
        known.get(_text(row[ID]), replace(_NEW_VEHICLE, id=f"vehicule-{number}")),
        name=name or f"{wording.TRAVEL_MODE[mode]} {number}",
        mode=mode,
        count=int(count),
        capacity_kg=_number(row, CAPACITY_KG, label, number),
        capacity_containers=_number(row, CAPACITY_CONTAINERS, label, number),
        speed_kmh=_number(row, SPEED, label, number),
        shift_start_s=parse_hour(_text(row[SHIFT_START]), field=SHIFT_START, row=number),
        shift_end_s=parse_hour(_text(row[SHIFT_END]), field=SHIFT_END, row=number),
        range_m=None if _is_blank(row[RANGE]) else round(float(row[RANGE]) * _KM),
        cost_eur_per_shift=_number(row, COST_SHIFT, label, number, blank=0),
        cost_eur_per_hour=_number(row, COST_HOUR, label, number, blank=0),
        cost_eur_per_km=_number(row, COST_KM, label, number, blank=0),
        co2e_kg_per_km=_number(row, CO2E, label, number, blank=0),
        co2e_uncertainty=_number(row, CO2E_MARGIN, label, number, blank=50) / 100,
    )


def _rows(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    rows = table.to_dict("records")
    for row in rows:
        if INCLUDED in row:
            row[INCLUDED] = not _is_blank(row[INCLUDED]) and bool(row[INCLUDED])
    return rows


def _number(
    row: Mapping[Hashable, Any],
    column: str,
    label: str,
    number: int,
    *,
    blank: float | None = None,
) -> float:
    cell = row[column]
    if _is_blank(cell):
        if blank is not None:
            return float(blank)
        raise InputError(
            french.tidy(f"{label} : la case {french.quote(column)} est vide, il faut un nombre."),
            field=column,
            row=number,
        )
    return float(cell)


def _text(cell: object) -> str:
    return "" if _is_blank(cell) else str(cell).strip()


def _is_blank(cell: object) -> bool:
    return (
        cell is None
        or cell is pd.NA
        or (isinstance(cell, float) and math.isnan(cell))
        or (isinstance(cell, str) and not cell.strip())
    )


def _float(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _typed(
    rows: Sequence[Mapping[str, object]],
    columns: Sequence[str],
    *,
    text: Sequence[str],
    flags: Sequence[str] = (),
) -> pd.DataFrame:
    """Fix the column types, so that an empty table still shows the right editors."""
    table = pd.DataFrame(list(rows), columns=list(columns))
    kinds = dict.fromkeys(columns, "float64")
    kinds |= dict.fromkeys(text, "object") | dict.fromkeys(flags, "bool")
    kinds |= {column: "int64" for column in (NUMBER,) if column in columns}
    return table.astype(kinds)
