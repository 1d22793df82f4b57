"""Forgets a record for good: the record, what cannot live without it, and their history.

What stays is that something was forgotten, when and by whom. Names that people typed elsewhere
(a note, a workshop card, the copy of a stop inside a scenario) are not found by this.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Text, bindparam, cast, or_, select, update
from sqlalchemy.sql import ColumnElement

from data.store import read
from data.store.codec import from_plain, to_plain
from data.store.tables import (
    BY_NAME,
    CHANGE,
    CHANGE_SET,
    KINDS,
    OnDelete,
    RecordKind,
    dependents,
)
from data.store.transaction import Step, Transaction

FORGOTTEN: Final = "forget"
"""The audit trail's word for a change whose content was forgotten."""
ERASED: Final = "(effacé)"
_NAMES: Final = ("name", "email")


@dataclass(frozen=True)
class _Doomed:
    """What is to be forgotten: new meaningless names by former identifier, kind by kind."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, kind: str, record_id: str) -> bool:
        """Take note of a record; tell whether it is new."""
        new = (kind, record_id) not in self.names
        if new:
            self.names[kind, record_id] = f"efface-{uuid4().hex[:12]}"
        return new

    @property
    def by_id(self) -> dict[str, str]:
        """Meaningless name by former identifier."""
        return {record_id: name for (_, record_id), name in self.names.items()}


def forget(
    connection: Connection, transaction: Transaction, kind: type[Any], record_id: str
) -> None:
    """Delete a record if it is still there, and blank it in the whole history.

    Raises:
        NotFoundError: neither the store nor the history knows it.
        ConflictError: something in use refers to it.
    """
    if connection.dialect.name == "sqlite":
        # Freed pages are overwritten rather than left in the file.
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    keeper = read.kept(kind)
    doomed = _all_doomed(connection, keeper, record_id)
    there = read.find(connection, kind, record_id) is not None
    if not there and not _lines(connection, _of(kind.__name__, record_id)):
        raise read.not_found(kind, record_id)
    if there:
        transaction.delete_all(kind, [record_id])
    _rename_live(connection, transaction, doomed)
    _blank_history(connection, doomed, (kind.__name__, record_id))
    if not there:
        name = doomed.names[kind.__name__, record_id]
        transaction.audit([(kind.__name__, name, FORGOTTEN, None, None)])


def _all_doomed(connection: Connection, keeper: RecordKind, record_id: str) -> _Doomed:
    """The record and all that goes, or once went, with it."""
    doomed = _Doomed()
    doomed.add(keeper.cls.__name__, record_id)
    waiting = [(keeper, record_id)]
    while waiting:
        parent, parent_id = waiting.pop()
        for child, column, on_delete in dependents(parent.cls):
            if on_delete is not OnDelete.CASCADE:
                continue
            there = select(child.table.c.id).where(child.table.c[column] == parent_id)
            ids = set(connection.scalars(there))
            of_kind = CHANGE.c.kind == child.cls.__name__
            for line in _lines(connection, of_kind & _mentions(parent_id)):
                states = (line["before"], line["after"])
                if any(state and state.get(column) == parent_id for state in states):
                    ids.add(line["record_id"])
            waiting += [(child, one) for one in sorted(ids) if doomed.add(child.cls.__name__, one)]
    for name, one in list(doomed.names):
        _doom_owned(connection, doomed, BY_NAME[name], one)
    return doomed


def _doom_owned(
    connection: Connection, doomed: _Doomed, keeper: RecordKind, record_id: str
) -> None:
    """Add what only doomed records have, or had: their photos."""
    for column, reference in keeper.references.items():
        if not reference.owned:
            continue
        there = select(keeper.table.c[column]).where(keeper.table.c.id == record_id)
        ids = set(connection.scalars(there))
        for line in _lines(connection, _of(keeper.cls.__name__, record_id)):
            ids |= {(state or {}).get(column) for state in (line["before"], line["after"])}
        for owned in sorted(ids - {None}):
            users = (
                (child.cls.__name__, user)
                for child, other, _ in dependents(reference.kind)
                for user in connection.scalars(
                    select(child.table.c.id).where(child.table.c[other] == owned)
                )
            )
            if all(user in doomed.names for user in users):
                doomed.add(reference.kind.__name__, owned)


def _rename_live(connection: Connection, transaction: Transaction, doomed: _Doomed) -> None:
    """Replace the identifiers inside records that outlive what is forgotten."""
    for keeper in KINDS.values():
        columns = [keeper.table.c[name] for name in sorted(keeper.json_columns)]
        if not columns:
            continue
        naming = or_(*(_holds(column, one) for column in columns for one in doomed.by_id))
        ids = connection.scalars(select(keeper.table.c.id).where(naming)).all()
        steps = []
        for record in read.by_ids(connection, keeper.cls, ids).values():
            renamed = from_plain(keeper.cls, _renamed(to_plain(record), doomed.by_id))
            if renamed != record:
                if keeper.revisioned:
                    renamed = replace(renamed, revision=record.revision + 1)
                steps.append(Step(record, renamed))
        transaction.apply(keeper.cls, steps)


def _blank_history(connection: Connection, doomed: _Doomed, main: tuple[str, str]) -> None:
    touched: set[int] = set()
    names: set[str] = set()
    for (kind, record_id), new_id in doomed.names.items():
        for line in _lines(connection, _of(kind, record_id)):
            touched.add(line["transaction_id"])
            if (kind, record_id) == main:
                names |= set(_names(line["before"])) | set(_names(line["after"]))
        connection.execute(
            update(CHANGE)
            .where(_of(kind, record_id))
            .values(before=None, after=None, action=FORGOTTEN, record_id=new_id)
        )
    for record_id in doomed.by_id:
        for line in _lines(connection, _mentions(record_id)):
            connection.execute(
                update(CHANGE)
                .where(CHANGE.c.id == line["id"])
                .values(
                    before=_renamed(line["before"], doomed.by_id),
                    after=_renamed(line["after"], doomed.by_id),
                )
            )
    _blank_reasons(connection, touched, names)


def _blank_reasons(connection: Connection, touched: set[int], names: set[str]) -> None:
    """Take the names out of what people said they were doing."""
    rows = []
    for batch in _batches(sorted(touched)):
        query = select(CHANGE_SET.c.id, CHANGE_SET.c.what).where(CHANGE_SET.c.id.in_(batch))
        for set_id, what in connection.execute(query):
            text = what
            for name in sorted(names, key=len, reverse=True):
                text = text.replace(name, ERASED)
            if text != what:
                rows.append({"_id": set_id, "what": text})
    if rows:
        connection.execute(
            update(CHANGE_SET)
            .where(CHANGE_SET.c.id == bindparam("_id"))
            .values(what=bindparam("what")),
            rows,
        )


def _of(kind: str, record_id: str) -> ColumnElement[bool]:
    return (CHANGE.c.kind == kind) & (CHANGE.c.record_id == record_id)


def _mentions(record_id: str) -> ColumnElement[bool]:
    return _holds(CHANGE.c.before, record_id) | _holds(CHANGE.c.after, record_id)


def _holds(column: ColumnElement[Any], record_id: str) -> ColumnElement[bool]:
    """Tell that a JSON column holds a text, as the databases write it."""
    written = json.dumps(record_id, ensure_ascii=False)
    return cast(column, Text).contains(written, autoescape=True)


def _lines(connection: Connection, where: ColumnElement[bool]) -> list[Mapping[str, Any]]:
    return [dict(row) for row in connection.execute(select(CHANGE).where(where)).mappings()]


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Replace whole texts that are former identifiers, however deep."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    return value


def _names(plain: Mapping[str, Any] | None) -> Iterator[str]:
    for attribute in _NAMES:
        text = str((plain or {}).get(attribute) or "").strip()
        if text:
            yield text


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), read.BATCH):
        yield ids[start : start + read.BATCH]
