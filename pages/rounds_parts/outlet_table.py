"""The table of outlets a planner edits: hours, capacity, unloading, charging; no screen."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from data import french
from data.model import Outlet
from pages.rounds_parts.cells import (
    NUMBER,
    as_float,
    is_blank,
    list_of,
    number_in,
    rows_of,
    text_of,
    typed,
)
from pages.rounds_parts.hours import parse_windows, write_windows

ID: Final = "id"
NAME: Final = "Exutoire"
HOURS: Final = "Horaires"
CAPACITY: Final = "Capacité (kg/semaine)"
UNLOAD: Final = "Durée de déchargement"
CHARGING: Final = "Borne de recharge"
ADMITTED: Final = "Véhicules admis"
COLUMNS: Final = (ID, NUMBER, NAME, HOURS, CAPACITY, UNLOAD, CHARGING, ADMITTED)
_MINUTE = 60


def outlets_table(outlets: Iterable[Outlet]) -> pd.DataFrame:
    """Return the table of outlets."""
    rows = [
        {
            ID: outlet.id,
            NUMBER: number,
            NAME: outlet.name,
            HOURS: write_windows(outlet.windows),
            CAPACITY: as_float(outlet.weekly_capacity_kg),
            UNLOAD: outlet.unload_s / _MINUTE,
            CHARGING: outlet.charging,
            ADMITTED: list(outlet.vehicle_ids),
        }
        for number, outlet in enumerate(outlets, 1)
    ]
    return typed(rows, COLUMNS, text=(ID, NAME, HOURS, ADMITTED), flags=(CHARGING,))


def read_outlets(table: pd.DataFrame, known: Mapping[str, Outlet]) -> dict[str, Outlet]:
    """Return the outlets as edited, by id.

    Args:
        table: as given by :func:`outlets_table`, cells changed.
        known: what the table was made from.

    Raises:
        InputError: a cell cannot be read; names the column and the row.
    """
    read = (_outlet(row, known[row[ID]]) for row in rows_of(table) if row[ID] in known)
    return {outlet.id: outlet for outlet in read}


def _outlet(row: Mapping[Hashable, Any], base: Outlet) -> Outlet:
    number = int(row[NUMBER])
    label = f"L’exutoire {french.quote(base.name)}"
    capacity = row[CAPACITY]
    return replace(
        base,
        windows=parse_windows(text_of(row[HOURS]), field=HOURS, row=number),
        weekly_capacity_kg=None if is_blank(capacity) else float(capacity),
        unload_s=round(number_in(row, UNLOAD, label, number) * _MINUTE),
        charging=bool(row[CHARGING]) and not is_blank(row[CHARGING]),
        vehicle_ids=list_of(row[ADMITTED]),
    )
