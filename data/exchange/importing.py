"""Compare a file with the store, then write it: all of it or nothing."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from data.errors import InputError
from data.exchange.directory import Directory
from data.exchange.records import (
    Format,
    Reading,
    Values,
    build,
    header_map,
    located,
    read_record,
    read_values,
)
from data.exchange.tables import Table
from data.french import NNBSP, quote
from data.model import Origin
from data.store import Store

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Changed(Generic[R]):
    """A record that the file changes, with the headers of the columns that differ."""

    before: R
    after: R
    titles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Preview(Generic[R]):
    """What importing a file would do.

    Attributes:
        errors: every mistake; nothing can be written while there is one.
        notes: what a person may want to know (columns ignored).
    """

    format: Format[R]
    new: tuple[R, ...] = ()
    changed: tuple[Changed[R], ...] = ()
    unchanged: tuple[R, ...] = ()
    errors: tuple[InputError, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def writes(self) -> tuple[R, ...]:
        """Records to write, in the order of the file within each group."""
        return (*self.new, *(change.after for change in self.changed))


def preview(
    format_: Format[R],
    table: Table,
    existing: Sequence[R],
    directory: Directory,
    *,
    on_row: Callable[[int], None] = lambda _rows: None,
) -> Preview[R]:
    """Read a table and compare it with the records there are; writes nothing.

    Args:
        format_: how the records are written.
        table: the file.
        existing: the records there are.
        directory: what cells may refer to.
        on_row: told how many rows are read so far; may raise to stop.
    """
    found, strange = header_map(format_, table.columns)
    notes = tuple(f"Colonne ignorée{NNBSP}: {quote(name)}." for name in strange)
    errors = _missing_columns(format_, found)
    if errors:
        return Preview(format=format_, errors=tuple(errors), notes=notes)
    known = _Known(format_, existing)
    new: list[R] = []
    changed: list[Changed[R]] = []
    unchanged: list[R] = []
    rows = [
        (number, {title: cells[header] for title, header in found.items()})
        for cells, number in zip(table.rows, table.numbers, strict=True)
    ]
    read = []
    for done, (number, row) in enumerate(rows):
        on_row(done)
        read.append(_first_reading(format_, row, directory, known, number))
    loosely = _loose_matches(format_, read, known, existing)
    for (number, row), first in zip(rows, read, strict=True):
        base, reading = _read(format_, row, directory, known, number, first=first, loosely=loosely)
        record = reading.record
        faults = reading.errors
        if record is not None:
            record = _as_field_data(record, base)
            fault = known.claim(record, base, number)
            faults = (fault,) if fault else ()
        errors += faults
        if record is None or faults:
            continue
        if record != base and (doubt := format_.doubt(record, directory)):
            notes += (f"Ligne {number}, à vérifier{NNBSP}: {doubt}",)
        if base is None:
            new.append(record)
        elif record == base:
            unchanged.append(record)
        else:
            titles = tuple(
                c.title
                for c in format_.columns
                if getattr(record, c.attribute) != getattr(base, c.attribute)
            )
            changed.append(Changed(before=base, after=record, titles=titles))
    return Preview(
        format=format_,
        new=tuple(new),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        errors=tuple(errors),
        notes=notes,
    )


def write(store: Store, prepared: Preview[Any], *, who: str, what: str) -> int | None:
    """Write what a preview announced, in one transaction.

    Returns:
        The number of the transaction, to take it back; ``None`` when there was nothing to write.

    Raises:
        InputError: the preview has mistakes.
        ConflictError: somebody changed one of these records meanwhile; nothing is written.
    """
    if prepared.errors:
        raise prepared.errors[0]
    if not prepared.writes:
        return None
    with store.transaction(who=who, what=what) as tx:
        tx.put_all(prepared.writes)
        return tx.number()


def duplicate_of(format_: Format[R], record: R, existing: Iterable[R]) -> InputError | None:
    """Tell whether another record is the same thing (same SIRET, or same name and commune)."""
    for other in existing:
        title = same_thing(format_, record, other)
        if title and other.id != record.id:  # type: ignore[attr-defined]
            return InputError(
                f"Une fiche existe déjà avec le même {title}{NNBSP}: {quote(_name(other))}. "
                "Ouvrez-la pour la compléter plutôt que d’en créer une seconde.",
                field=title,
            )
    return None


def same_thing(format_: Format[R], one: R, other: R) -> str | None:
    """Name the key that makes two records one thing, or ``None``; the best key decides."""
    for title, key in format_.keys:
        mine, its = key(one), key(other)
        if mine is not None and its is not None:
            if mine == its:
                return title
            if title == format_.keys[0][0]:
                return None
    return None


class _Known(Generic[R]):
    """The records there are and those already met in the file, by id and by key."""

    def __init__(self, format_: Format[R], existing: Iterable[R]) -> None:
        self._format = format_
        self._ids: dict[str, R] = {}
        self._keys: dict[tuple[str, Any], list[R]] = defaultdict(list)
        self._rows: dict[str, int] = {}
        for record in existing:
            self._ids[_id(record)] = record
            self._index(record)

    def by_id(self, record_id: str) -> R | None:
        return self._ids.get(record_id)

    def match(self, record: R) -> tuple[R, str] | None:
        """Find another record that is the same thing, and the key that says so."""
        for title, key in self._format.keys:
            for other in self._keys.get((title, key(record)), ()):
                if _id(other) != _id(record) and same_thing(self._format, record, other):
                    return other, title
        return None

    def claim(self, record: R, base: R | None, row: int) -> InputError | None:
        """Take note of a row; refuse it when another row or record is the same thing."""
        first = self._rows.setdefault(_id(record), row)
        if first != row:
            return located(
                f"doublon de la ligne {first} (même fiche). Gardez une seule ligne.", "", row
            )
        twin = self.match(record)
        # Twins that were in the store before this file are not this file's mistake.
        if twin is None or (base is not None and same_thing(self._format, base, twin[0])):
            self._index(record)
            return None
        other, title = twin
        if (first := self._rows.get(_id(other), row)) != row:
            fault = f"doublon de la ligne {first} (même {title}). Gardez une seule ligne."
        else:
            fault = (
                f"même {title} que la fiche {quote(_name(other))}. Corrigez la ligne, "
                "ou reprenez l’identifiant de cette fiche."
            )
        return located(fault, "", row)

    def _index(self, record: R) -> None:
        for title, key in self._format.keys:
            if (value := key(record)) is not None:
                self._keys[(title, value)].append(record)


@dataclass(frozen=True, kw_only=True)
class _First(Generic[R]):
    """A row as first read: its values, and what it would be as a new record (without an id)."""

    values: Values
    errors: bool
    base: R | None
    reading: Reading[R] | None

    @property
    def trial(self) -> R | None:
        return self.reading.record if self.reading is not None else None


def _first_reading(
    format_: Format[R], row: dict[str, str], directory: Directory, known: _Known[R], number: int
) -> _First[R]:
    values, errors = read_values(format_, row, directory, number)
    base = known.by_id(str(values.get("id") or ""))
    alone = base is None and not errors
    reading = build(format_, dict(values), directory, None, number) if alone else None
    return _First(values=values, errors=bool(errors), base=base, reading=reading)


def _loose_matches(
    format_: Format[R], read: Iterable[_First[R]], known: _Known[R], existing: Iterable[R]
) -> dict[str, R]:
    """Match rows with records by the loose key, where nothing else can be meant.

    Returns:
        The record of the store for the id of a row's trial record.
    """
    if format_.loose is None:
        return {}
    taken: set[str] = set()
    wanting: dict[Any, list[R]] = defaultdict(list)
    for first in read:
        trial = first.trial
        if trial is None:
            continue
        found = known.match(trial)
        if found is None and first.values.get("id"):
            continue
        if found is None:
            wanting[format_.loose(trial)].append(trial)
        else:
            taken.add(_id(found[0]))
    candidates: dict[Any, list[R]] = defaultdict(list)
    for record in existing:
        candidates[format_.loose(record)].append(record)
    return {
        _id(rows[0]): candidates[key][0]
        for key, rows in wanting.items()
        if len(rows) == 1 and len(candidates[key]) == 1 and _id(candidates[key][0]) not in taken
    }


def _read(
    format_: Format[R],
    row: dict[str, str],
    directory: Directory,
    known: _Known[R],
    number: int,
    *,
    first: _First[R],
    loosely: dict[str, R],
) -> tuple[R | None, Reading[R]]:
    if first.errors:
        return None, read_record(format_, row, directory, first.base, number)
    base = first.base
    if base is None:
        reading = first.reading
        assert reading is not None  # noqa: S101 (a row without mistake nor base was tried)
        found = known.match(reading.record) if reading.record is not None else None
        if found is not None:
            base = known.by_id(_id(found[0]))
        elif reading.record is not None:
            base = loosely.get(_id(reading.record))
        if base is None:
            return None, reading
    return base, build(format_, first.values, directory, base, number)


def _as_field_data(record: R, base: R | None) -> R:
    """Whoever changes a demonstration record makes it field data; the reverse never happens."""
    if base is None or not hasattr(record, "origin"):
        return record
    same = dataclasses.replace(record, origin=base.origin)  # type: ignore[type-var, attr-defined]
    if same == base and (record.origin is not Origin.FIELD or base.origin is Origin.FIELD):  # type: ignore[attr-defined]
        return base
    return dataclasses.replace(record, origin=Origin.FIELD)  # type: ignore[type-var]


def _missing_columns(format_: Format[Any], found: dict[str, str]) -> list[InputError]:
    if "identifiant" in found:
        return []
    return [
        located(f"colonne obligatoire, absente. Ajoutez-la{also}.", column.title, 1)
        for column in format_.columns
        if column.required and not any(title in found for title in column.titles)
        for also in [f" (ou {quote(column.reference.named)})" if column.reference else ""]
    ]


def _id(record: Any) -> str:
    return str(record.id)


def _name(record: Any) -> str:
    names = (getattr(record, attribute, "") for attribute in ("name", "label", "title"))
    return str(next(filter(None, names), record.id))
