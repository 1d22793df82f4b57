"""Finer rules as columns of the tables of stops and vehicles: pure functions, no screen.

Columns are named as the messages about scenarios name them; what the screen calls them, with
their units, is in ``rule_columns``.
"""

import math
from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from data import french
from data.errors import InputError
from data.model import Stop, TravelMode, Vehicle
from pages.rounds_parts.cells import as_float, is_blank, list_of, number_in, text_of, whole_in
from pages.rounds_parts.hours import parse_windows, write_hour

RESOURCE: Final = "Ressource"
PER_CONTAINER: Final = "Durée par contenant"
PRIORITY: Final = "Priorité"
ACCESS: Final = "Accès"
ADMITTED: Final = "Véhicules admis"

START_DEPOT: Final = "Dépôt de départ"
END_DEPOT: Final = "Dépôt d’arrivée"
MAX_STOPS: Final = "Nombre maximal de points"
MAX_TRIPS: Final = "Nombre maximal de vidages"
BREAK: Final = "Durée de la pause"
BREAK_SPAN: Final = "Pause"
RECHARGE: Final = "Durée de recharge"

STOP_RULES: Final = (RESOURCE, PER_CONTAINER, PRIORITY, ACCESS, ADMITTED)
STOP_TEXTS: Final = (RESOURCE, ACCESS, ADMITTED)
VEHICLE_RULES: Final = (
    START_DEPOT, END_DEPOT, MAX_STOPS, MAX_TRIPS, BREAK, BREAK_SPAN, RECHARGE,
)  # fmt: skip
VEHICLE_TEXTS: Final = (START_DEPOT, END_DEPOT, BREAK_SPAN)

ALL: Final = "Tous"
ACCESSES: Final = {
    ALL: (),
    "Vélo seulement": (TravelMode.BIKE,),
    "Utilitaire seulement": (TravelMode.VAN,),
}
_MINUTE = 60


def stop_cells(stop: Stop) -> dict[str, object]:
    """Return the cells of a stop."""
    return {
        RESOURCE: stop.resource_id,
        PER_CONTAINER: float(stop.service_s_per_container),
        PRIORITY: float(stop.priority),
        ACCESS: _access(stop),
        ADMITTED: list(stop.vehicle_ids),
    }


def read_stop(row: Mapping[Hashable, Any], label: str, number: int, base: Stop) -> dict[str, Any]:
    """Return the fields of a stop.

    Args:
        row: of the table.
        label: how a message calls the stop.
        number: of its row on screen.
        base: what the table was made from.

    Raises:
        InputError: a cell cannot be read; names the column and the row.
    """
    access = text_of(row[ACCESS]) or ALL
    return {
        "service_s_per_container": number_in(row, PER_CONTAINER, label, number, blank=0),
        "priority": whole_in(row, PRIORITY, label, number) or 0,
        "modes": base.modes if access == _access(base) else ACCESSES[access],
        "vehicle_ids": list_of(row[ADMITTED]),
    }


def _access(stop: Stop) -> str:
    return next((name for name, modes in ACCESSES.items() if modes == stop.modes), ALL)


def vehicle_cells(vehicle: Vehicle) -> dict[str, object]:
    """Return the cells of a vehicle."""
    span = (vehicle.break_from_s, vehicle.break_until_s)
    return {
        START_DEPOT: vehicle.depot_id or None,
        END_DEPOT: vehicle.end_depot_id or None,
        MAX_STOPS: as_float(vehicle.max_stops),
        MAX_TRIPS: as_float(vehicle.max_trips),
        BREAK: vehicle.break_s / _MINUTE if vehicle.break_s else math.nan,
        BREAK_SPAN: "–".join(write_hour(end) for end in span) if any(span) else "",
        RECHARGE: vehicle.recharge_s / _MINUTE if vehicle.recharge_s else math.nan,
    }


def read_vehicle(row: Mapping[Hashable, Any], label: str, number: int) -> dict[str, Any]:
    """Return the fields of a vehicle.

    Raises:
        InputError: a cell cannot be read; names the column and the row.
    """
    pause = round(number_in(row, BREAK, label, number, blank=0) * _MINUTE)
    spans = parse_windows(text_of(row[BREAK_SPAN]), field=BREAK_SPAN, row=number)
    if len(spans) > 1 or (pause and not spans):
        raise InputError(
            french.tidy(
                f"{label} : écrivez entre quelles heures la pause commence, par exemple "
                "11:30–13:00."
            ),
            field=BREAK_SPAN,
            row=number,
        )
    return {
        "depot_id": text_of(row[START_DEPOT]),
        "end_depot_id": text_of(row[END_DEPOT]),
        "max_stops": whole_in(row, MAX_STOPS, label, number, least=1),
        "max_trips": whole_in(row, MAX_TRIPS, label, number, least=1),
        "break_s": pause,
        "break_from_s": spans[0].start_s if spans else 0,
        "break_until_s": spans[0].end_s if spans else 0,
        "recharge_s": round(number_in(row, RECHARGE, label, number, blank=0) * _MINUTE),
    }


def in_use(table: pd.DataFrame) -> list[str]:
    """Return the columns of finer rules where something is typed, in the table's order."""
    return [
        str(column)
        for column in table.columns
        if column in _IDLE and any(not _IDLE[column](cell) for cell in table[column])
    ]


def _nothing(cell: object) -> bool:
    return is_blank(cell) or cell == 0


_IDLE: Final = {
    PER_CONTAINER: _nothing,
    PRIORITY: _nothing,
    ACCESS: lambda cell: is_blank(cell) or cell == ALL,
    **dict.fromkeys((ADMITTED, *VEHICLE_RULES), _nothing),
}
"""Whether a cell of each column says nothing."""
