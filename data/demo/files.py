"""Demonstration records ↔ CSV files that a French spreadsheet opens.

One file per kind, columns named as on screen. Scenarios name their stops, vehicles, depot and
outlets by identifier, joined again when reading.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar, cast, get_args, get_origin

from data.demo.content import DemoData
from data.exchange.cells import (
    read_list,
    read_parties,
    read_period,
    read_steps,
    read_weights,
    read_whole,
    read_windows,
    read_yes,
    write_list,
    write_parties,
    write_period,
    write_steps,
    write_weights,
    write_windows,
    write_yes,
)
from data.exchange.labels import label, read_choice
from data.exchange.tables import Cell, csv_bytes, read_csv
from data.fields import hints, optional
from data.french import parse_number
from data.model import (
    Actor,
    Attendance,
    Card,
    Depot,
    Event,
    Flow,
    FlowStudy,
    Idea,
    Letter,
    Listing,
    Outlet,
    Party,
    Period,
    Scenario,
    StatusStep,
    Stop,
    Subscriber,
    Synergy,
    SynergyNote,
    TimeWindow,
    Vehicle,
    Workshop,
)
from data.rules import RULES

T = TypeVar("T")

FILES: Final[Mapping[str, type[Any]]] = {
    "actors": Actor,
    "studies": FlowStudy,
    "flows": Flow,
    "stops": Stop,
    "vehicles": Vehicle,
    "depots": Depot,
    "outlets": Outlet,
    "scenarios": Scenario,
    "workshops": Workshop,
    "attendances": Attendance,
    "cards": Card,
    "ideas": Idea,
    "listings": Listing,
    "synergies": Synergy,
    "notes": SynergyNote,
    "events": Event,
    "subscribers": Subscriber,
    "letters": Letter,
}
"""Attribute of :class:`DemoData` → class of its records; the files are named after it."""

_FRENCH_NAMES: Final = {
    "actors": "acteurs",
    "studies": "etudes",
    "flows": "flux",
    "stops": "points_de_collecte",
    "vehicles": "vehicules",
    "depots": "depots",
    "outlets": "exutoires",
    "scenarios": "scenarios",
    "workshops": "ateliers",
    "attendances": "presences",
    "cards": "fiches",
    "ideas": "idees",
    "listings": "annonces",
    "synergies": "synergies",
    "notes": "notes_de_synergies",
    "events": "temps_forts",
    "subscribers": "abonnements",
    "letters": "lettres",
}
_RICH_ROUNDS: Final = frozenset(
    {
        *("service_s_per_container", "priority", "modes", "vehicle_ids"),
        *("depot_id", "end_depot_id", "max_stops", "max_trips"),
        *("break_s", "break_from_s", "break_until_s", "recharge_s", "charging"),
        *("depots", "incompatible", "locks", "balance_eur_per_hour", "max_spread_s"),
    }
)
"""Finer rules of rounds, which the demonstration does without."""
_LEFT_OUT: Final = frozenset({"revision", "lines", "assumptions", *_RICH_ROUNDS})
"""Fields the demonstration never fills."""
_READERS: Final[Mapping[Any, Callable[[str], Any]]] = {
    str: str,
    float: parse_number,
    int: read_whole,
    tuple[TimeWindow, ...]: read_windows,
    tuple[float, ...]: read_weights,
    bool: read_yes,
    Period: read_period,
    tuple[StatusStep, ...]: read_steps,
    tuple[Party, ...]: read_parties,
}
"""How a non-empty cell is read, by the field's type; the others: lists, words, references."""


def file_name(part: str) -> str:
    """Name of the CSV file of one part of the demonstration."""
    return f"{_FRENCH_NAMES[part]}.csv"


def to_files(data: DemoData) -> dict[str, bytes]:
    """CSV content by file name."""
    return {
        file_name(part): csv_bytes(map(_row, getattr(data, part)), _columns(kind))
        for part, kind in FILES.items()
    }


def from_files(folder: Path) -> DemoData:
    """Read the demonstration back.

    Raises:
        InputError: a cell cannot be read.
        KeyError: a column, or a record that a scenario names, is missing.
    """
    parts: dict[str, tuple[Any, ...]] = {}
    for part, kind in FILES.items():
        table = read_csv((folder / file_name(part)).read_bytes())
        read = partial(_record, kind, parts)
        parts[part] = tuple(map(read, table.rows))
    return DemoData(**parts)


def _kept(kind: type[Any]) -> list[str]:
    left_out = _LEFT_OUT | {"resource_ids"} if kind is Scenario else _LEFT_OUT
    return [field.name for field in fields(kind) if field.name not in left_out]


def _column(name: str) -> str:
    return RULES[name].label


def _columns(kind: type[Any]) -> list[str]:
    return [_column(name) for name in _kept(kind)]


def _row(record: Any) -> dict[str, Cell]:
    return {
        _column(name): write_period(value) if name == "period" else _cell(value)
        for name in _kept(type(record))
        for value in (getattr(record, name),)
    }


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return write_yes(value)
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, tuple):
        return _list_cell(value)
    return cast("Cell", getattr(value, "id", value))


def _list_cell(values: tuple[Any, ...]) -> str:
    if values and isinstance(values[0], TimeWindow):
        return write_windows(values)
    if values and isinstance(values[0], StatusStep):
        return write_steps(values)
    if values and isinstance(values[0], Party):
        return write_parties(values)
    if values and isinstance(values[0], StrEnum):
        return write_list([label(value) for value in values])
    if values and isinstance(values[0], float):
        return write_weights(values)
    return write_list([getattr(value, "id", value) for value in values])


def _record(kind: type[T], known: Mapping[str, Iterable[Any]], row: Mapping[str, str]) -> T:
    values: dict[str, Any] = {}
    defaults = {field.name: field.default for field in fields(kind)}  # type: ignore[arg-type]
    for name in _kept(kind):
        hint, may_be_none = optional(hints(kind)[name])
        text = row[_column(name)]
        if text:
            values[name] = _reader(hint, known)(text)
        elif defaults[name] is MISSING:
            empty = () if get_origin(hint) is tuple else "" if hint is str else None
            values[name] = None if may_be_none else empty
    return kind(**values)


def _reader(hint: Any, known: Mapping[str, Iterable[Any]]) -> Callable[[str], Any]:
    """Choose how to read a non-empty cell of a field of this type."""
    if hint in _READERS:
        return _READERS[hint]
    if get_origin(hint) is tuple:
        one = _reader(get_args(hint)[0], known)
        return lambda text: tuple(one(part) for part in read_list(text))
    if issubclass(hint, StrEnum):
        return partial(read_choice, kind=hint)
    part = next(part for part, kind in FILES.items() if kind is hint)
    by_id = {record.id: record for record in known[part]}
    return by_id.__getitem__
