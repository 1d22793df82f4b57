"""Cells of an edited table: read, emptied, typed."""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from data import french
from data.errors import InputError

INCLUDED = "Inclure"
NUMBER = "N°"


def rows_of(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the rows; whether one is ticked is a plain bool."""
    rows = table.to_dict("records")
    for row in rows:
        if INCLUDED in row:
            row[INCLUDED] = not is_blank(row[INCLUDED]) and bool(row[INCLUDED])
    return rows


def number_in(
    row: Mapping[Hashable, Any],
    column: str,
    label: str,
    number: int,
    *,
    blank: float | None = None,
) -> float:
    """Return a number; an empty cell is worth ``blank``.

    Raises:
        InputError: the cell is empty and must not be.
    """
    cell = row[column]
    if is_blank(cell):
        if blank is not None:
            return float(blank)
        raise InputError(
            french.tidy(f"{label} : la case {french.quote(column)} est vide, il faut un nombre."),
            field=column,
            row=number,
        )
    return float(cell)


def text_of(cell: object) -> str:
    """Return a text without its outer blanks; empty for an empty cell."""
    return "" if is_blank(cell) else str(cell).strip()


def is_blank(cell: object) -> bool:
    """Whether nothing is typed there."""
    return (
        cell is None
        or cell is pd.NA
        or (isinstance(cell, float) and math.isnan(cell))
        or (isinstance(cell, str) and not cell.strip())
        or (isinstance(cell, (list, tuple)) and not cell)
    )


def as_float(value: float | None) -> float:
    """Return a number, NaN for none: an empty cell."""
    return math.nan if value is None else float(value)


def typed(
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


def whole_in(
    row: Mapping[Hashable, Any], column: str, label: str, number: int, *, least: int = 0
) -> int | None:
    """Return a whole number, ``None`` for an empty cell.

    Raises:
        InputError: it has decimals or is too small.
    """
    if is_blank(row[column]):
        return None
    value = float(row[column])
    if not value.is_integer() or value < least:
        raise InputError(
            french.tidy(
                f"{label} : {french.quote(column)} vaut {french.number(value)}, il faut un nombre "
                f"entier d’au moins {least}."
            ),
            field=column,
            row=number,
        )
    return int(value)


def list_of(cell: object) -> tuple[str, ...]:
    """Return the texts of a cell that holds several."""
    if is_blank(cell):
        return ()
    return tuple(str(one) for one in cell)  # type: ignore[attr-defined]
