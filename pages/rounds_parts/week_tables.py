"""The rhythm of each stop and the vehicles of each day, as tables that a planner edits."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

import pandas as pd
from streamlit import column_config as cc
from streamlit.elements.lib.column_types import ColumnConfig

from data import french
from data.errors import InputError
from data.model import Stop
from data.text import fold
from optimization.weeks.model import DAY_NAMES, Pattern, visits_of
from optimization.weeks.validation import DAYS, STORAGE, VISITS
from pages.rounds_parts import tables

DAY_COLUMNS: Final = tuple(name.capitalize() for name in DAY_NAMES)
_RHYTHM: Final = (tables.ID, tables.NUMBER, tables.POINT, VISITS, STORAGE, DAYS)
_BETWEEN: Final = re.compile(r"[\s,;.&+]+|\bet\b")
_PATTERNS: Final = re.compile(r"/|\bou\b")
_SHORTEST: Final = 2
"""Letters that tell a day from the six others."""


def rhythm_table(
    stops: pd.DataFrame, known: Mapping[str, Stop], typed: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the rhythm of every stop of the stops' table, in its order.

    Args:
        stops: the stops' table, as edited.
        known: stops by id, for what nobody has typed yet.
        typed: a former rhythm whose cells are kept.
    """
    kept = {} if typed is None else {row[tables.ID]: row for row in typed.to_dict("records")}
    rows = []
    for row in stops.to_dict("records"):
        stop = known[row[tables.ID]]
        new = {VISITS: stop.visits_per_week, STORAGE: stop.longest_storage_days, DAYS: ""}
        new |= {c: kept.get(stop.id, new)[c] for c in (VISITS, STORAGE, DAYS)}
        named = {tables.ID: stop.id, tables.NUMBER: row[tables.NUMBER], tables.POINT: stop.name}
        rows.append(named | new)
    kinds = {VISITS: "float64", STORAGE: "float64", DAYS: "object", tables.NUMBER: "int64"}
    return pd.DataFrame(rows, columns=list(_RHYTHM)).astype(kinds)


def rhythm_columns() -> dict[str, ColumnConfig]:
    """Return the configuration of the rhythm's table."""
    return {
        tables.NUMBER: cc.NumberColumn(width=40, format="%d", help="Le numéro de ligne."),
        tables.POINT: cc.TextColumn(pinned=True, width=250),
        VISITS: cc.NumberColumn(
            format="localized",
            min_value=0,
            help="Un passage toutes les deux semaines (0,5) est compté dans cette semaine.",
        ),
        STORAGE: cc.NumberColumn(
            format="%d",
            min_value=1,
            help="Le plus long écart permis entre deux passages, week-end compris.",
        ),
        DAYS: cc.TextColumn(
            help="Vide\u202f: le calcul choisit. « lun mer ven »\u202f: seulement parmi ces jours. "
            "« lun jeu / mar ven »\u202f: l’un de ces rythmes."
        ),
    }


def read_rhythm(table: pd.DataFrame, stop_id: str) -> tuple[float, int, tuple[Pattern, ...] | None]:
    """Return a stop's visits a week, longest storage (days) and allowed patterns.

    Raises:
        InputError: a cell cannot be read; names the column and the row.
    """
    row = table[table[tables.ID] == stop_id].iloc[0]
    number, label = int(row[tables.NUMBER]), f"Le point {french.quote(row[tables.POINT])}"
    visits, storage = float(row[VISITS]), float(row[STORAGE])
    for column, value in ((VISITS, visits), (STORAGE, storage)):
        if math.isnan(value):
            raise InputError(
                french.tidy(
                    f"{label} : la case {french.quote(column)} est vide, il faut un nombre."
                ),
                field=column,
                row=number,
            )
    if storage < 1 or not storage.is_integer():
        raise InputError(
            french.tidy(f"{label} : le stockage se compte en jours entiers, au moins un."),
            field=STORAGE,
            row=number,
        )
    text = row[DAYS] if isinstance(row[DAYS], str) else ""
    return visits, int(storage), parse_days(text, visits_of(visits), label, number)


def parse_days(
    text: str, visits: int, label: str = "Ce point", row: int | None = None
) -> tuple[Pattern, ...] | None:
    """Read « lun mer ven » or « lun jeu / mar ven »; ``None`` when it is empty.

    Args:
        text: as typed.
        visits: a week; more days than that are days to choose from.
        label: names the stop in a message.
        row: of the table.

    Raises:
        InputError: a word is no day, or there are fewer days than visits.
    """
    found: list[Pattern] = []
    for part in _PATTERNS.split(fold(text)):
        days = {_day(word, label, row) for word in _BETWEEN.split(part) if word}
        if not days:
            continue
        if len(days) < visits:
            raise InputError(
                french.tidy(
                    f"{label} : {french.quote(part.strip())} donne {len(days)} jour(s) pour "
                    f"{visits} passages par semaine ; ajoutez des jours ou baissez les passages."
                ),
                field=DAYS,
                row=row,
            )
        found += [frozenset(chosen) for chosen in combinations(sorted(days), visits)]
    return tuple(dict.fromkeys(found)) or None


def _day(word: str, label: str, row: int | None) -> int:
    matches = [
        day
        for day, name in enumerate(DAY_NAMES)
        if len(word) >= _SHORTEST and (name.startswith(word) or word.removesuffix("s") == name)
    ]
    if len(matches) != 1:
        raise InputError(
            french.tidy(
                f"{label} : {french.quote(word[:30])} n’est pas un jour ; écrivez par exemple "
                "« lun mer ven », ou laissez vide."
            ),
            field=DAYS,
            row=row,
        )
    return matches[0]


def write_days(patterns: Iterable[Pattern], visits: int) -> str:
    """Write allowed patterns so that they can be typed over."""
    patterns = tuple(patterns)
    every = frozenset().union(*patterns)
    if set(patterns) == {frozenset(chosen) for chosen in combinations(sorted(every), visits)}:
        patterns = (every,)
    return " / ".join(" ".join(DAY_NAMES[day][:3] for day in sorted(one)) for one in patterns)


def fleet_table(vehicles: pd.DataFrame, typed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return how many of each vehicle are at hand each day; empty cells mean the usual number."""
    kept = {} if typed is None else {row[tables.ID]: row for row in typed.to_dict("records")}
    rows = []
    for number, row in enumerate(vehicles.to_dict("records"), 1):
        # As ``tables.read_vehicles`` names a vehicle that a planner added.
        known = row[tables.ID] if isinstance(row[tables.ID], str) else ""
        id_ = known or f"vehicule-{number}"
        counts = {column: kept.get(id_, {}).get(column, math.nan) for column in DAY_COLUMNS}
        name = row[tables.NAME] if isinstance(row[tables.NAME], str) else id_
        rows.append({tables.ID: id_, tables.NAME: name} | counts)
    columns = [tables.ID, tables.NAME, *DAY_COLUMNS]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(DAY_COLUMNS, "float64"))


def fleet_columns(days: Sequence[int]) -> dict[str, ColumnConfig]:
    """Return the configuration of the vehicles' table, for the working days."""
    return {tables.NAME: cc.TextColumn(pinned=True, width=190)} | {
        DAY_COLUMNS[day]: cc.NumberColumn(min_value=0, step=1, format="%d") for day in sorted(days)
    }


def read_fleet(table: pd.DataFrame, days: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return the counts typed, by day and vehicle id."""
    found: dict[int, dict[str, int]] = {}
    for row in table.to_dict("records"):
        for day in days:
            count = row[DAY_COLUMNS[day]]
            if count is not None and not math.isnan(count):
                found.setdefault(day, {})[row[tables.ID]] = int(count)
    return found
