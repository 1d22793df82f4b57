"""The audit trail: who changed what and when."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from data.errors import NotFoundError
from data.store.tables import CHANGE, CHANGE_SET


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record created, updated or deleted.

    Attributes:
        at: UTC, ISO 8601.
        kind: name of the record's class.
        action: ``create``, ``update``, ``delete``, or ``forget`` when the content was forgotten
            (``record_id`` is then a name without meaning).
        before: the record's fields before, or ``None`` when it was created or forgotten.
        after: the record's fields after, or ``None`` when it was deleted or forgotten.
    """

    id: int
    transaction_id: int
    who: str
    what: str
    at: str
    kind: str
    record_id: str
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """One transaction, as a person remembers it.

    Attributes:
        at: UTC, ISO 8601.
        changes: how many changes it made.
        undoes: the transaction that this one took back, if any.
        undone_by: the transaction that took this one back, if any.
    """

    id: int
    who: str
    what: str
    at: str
    changes: int
    undoes: int | None
    undone_by: int | None


def changes(
    connection: Connection,
    *,
    kind: type[Any] | None = None,
    record_id: str | None = None,
    transaction_id: int | None = None,
    limit: int | None = 50,
) -> tuple[Change, ...]:
    """List changes, the newest first."""
    query = (
        select(CHANGE, CHANGE_SET.c.who, CHANGE_SET.c.what, CHANGE_SET.c.at)
        .join(CHANGE_SET, CHANGE.c.transaction_id == CHANGE_SET.c.id)
        .order_by(CHANGE.c.id.desc())
        .limit(limit)
    )
    if kind is not None:
        query = query.where(CHANGE.c.kind == kind.__name__)
    if record_id is not None:
        query = query.where(CHANGE.c.record_id == record_id)
    if transaction_id is not None:
        query = query.where(CHANGE.c.transaction_id == transaction_id)
    return tuple(Change(**row) for row in connection.execute(query).mappings())


def change_sets(connection: Connection, limit: int) -> tuple[ChangeSet, ...]:
    """List transactions, the newest first."""
    query = _change_sets().order_by(CHANGE_SET.c.id.desc()).limit(limit)
    return tuple(ChangeSet(**row) for row in connection.execute(query).mappings())


def change_set(connection: Connection, transaction_id: int) -> ChangeSet:
    """Give one transaction.

    Raises:
        NotFoundError: there is none with this number.
    """
    query = _change_sets().where(CHANGE_SET.c.id == transaction_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"L’historique ne contient pas de modification n° {transaction_id}.")
    return ChangeSet(**row)


def _change_sets() -> Select[Any]:
    undoing = CHANGE_SET.alias()
    return select(
        CHANGE_SET,
        select(func.count())
        .where(CHANGE.c.transaction_id == CHANGE_SET.c.id)
        .scalar_subquery()
        .label("changes"),
        select(func.max(undoing.c.id))
        .where(undoing.c.undoes == CHANGE_SET.c.id)
        .scalar_subquery()
        .label("undone_by"),
    )
