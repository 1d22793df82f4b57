"""Reading records, on any connection."""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, Protocol, TypeVar

from sqlalchemy import Column, Connection, func, select

from data.errors import NotFoundError
from data.store.codec import from_row
from data.store.tables import KINDS, RecordKind
from data.validate import kind_label, storable


class Identified(Protocol):
    """Anything the store keeps; all but reference data also have a ``revision``."""

    @property
    def id(self) -> str:
        """Opaque identifier, unique within its kind."""


R = TypeVar("R", bound=Identified)

BATCH = 500
"""Identifiers per query, well under every database's limit."""


def kept(kind: type[Any]) -> RecordKind:
    """Give how a kind is kept.

    Raises:
        TypeError: not a kind that the store keeps.
    """
    try:
        return KINDS[kind]
    except KeyError:
        raise TypeError(f"The store keeps no {kind.__name__}.") from None


def find(connection: Connection, kind: type[R], record_id: str) -> R | None:
    """Give a record, or ``None``."""
    return by_ids(connection, kind, [record_id]).get(record_id)


def get(connection: Connection, kind: type[R], record_id: str) -> R:
    """Give a record.

    Raises:
        NotFoundError: there is none with this id.
    """
    record = find(connection, kind, record_id)
    if record is None:
        raise not_found(kind, record_id)
    return record


def not_found(kind: type[Any], record_id: str) -> NotFoundError:
    """Say that a record does not exist (or no longer)."""
    shown = record_id if storable(record_id) else "?"
    return NotFoundError(
        f"« {shown} » ({kind_label(kind)}) est introuvable : l’élément a peut-être été supprimé "
        "entre-temps."
    )


def by_ids(connection: Connection, kind: type[R], ids: Iterable[str]) -> dict[str, R]:
    """Give the records that exist among ``ids``."""
    table = kept(kind).table
    found: dict[str, R] = {}
    for batch in batches(ids):
        rows = connection.execute(select(table).where(table.c.id.in_(batch))).mappings()
        for row in rows:
            found[row["id"]] = from_row(kind, row)
    return found


def existing(connection: Connection, kind: type[Any], ids: Iterable[str]) -> set[str]:
    """Tell which of ``ids`` exist."""
    table = kept(kind).table
    return {
        found
        for batch in batches(ids)
        for found in connection.scalars(select(table.c.id).where(table.c.id.in_(batch)))
    }


def select_all(connection: Connection, kind: type[R], equals: dict[str, Any]) -> tuple[R, ...]:
    """Give the records whose fields equal the values asked for, ordered by id.

    Raises:
        TypeError: no such field, or one that cannot be compared (tuples, nested content).
    """
    query = select(kept(kind).table).order_by(kept(kind).table.c.id)
    for column, value in _conditions(kind, equals):
        if isinstance(value, str) and not storable(value):
            return ()
        query = query.where(column.is_(None) if value is None else column == value)
    return tuple(from_row(kind, row) for row in connection.execute(query).mappings())


def count(connection: Connection, kind: type[Any]) -> int:
    """Count the records of a kind."""
    return connection.scalar(select(func.count()).select_from(kept(kind).table)) or 0


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """Cut distinct, storable identifiers into lists short enough for one query."""
    wanted = [text for text in dict.fromkeys(ids) if storable(text)]
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]


def _conditions(kind: type[Any], equals: dict[str, Any]) -> Iterator[tuple[Column[Any], Any]]:
    keeper = kept(kind)
    for name, value in equals.items():
        if name not in keeper.table.c or name in keeper.json_columns:
            raise TypeError(f"{kind.__name__} cannot be listed by {name!r}.")
        yield keeper.table.c[name], value.value if isinstance(value, Enum) else value
