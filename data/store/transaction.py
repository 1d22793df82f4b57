"""One audited write: what a person does in one go, kept whole or not at all."""

import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from data.errors import ConflictError, InputError
from data.rules import RULES
from data.store import read
from data.store.codec import to_plain, to_row
from data.store.read import Identified, R, kept
from data.store.tables import (
    CHANGE,
    CHANGE_SET,
    KINDS,
    OnDelete,
    RecordKind,
    Setting,
    dependents,
)
from data.validate import named, storable, validate

SettingValue: TypeAlias = str | int | float | bool | None


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """A record before and after; ``None`` where it does not exist."""

    before: Any
    after: Any

    @property
    def action(self) -> str:
        """The audit trail's word for it."""
        if self.before is None:
            return "create"
        return "delete" if self.after is None else "update"


class Transaction:
    """Reads and writes that are committed together; given by ``Store.transaction``.

    Not to be kept after the ``with`` block, nor shared between threads.
    """

    def __init__(
        self, connection: Connection, *, who: str, what: str, undoes: int | None = None
    ) -> None:
        for label, text in (("auteur", who), ("action", what)):
            if not text.strip() or not storable(text):
                raise InputError(
                    f"Chaque écriture doit dire qui la fait et pourquoi : le champ « {label} » "
                    "est vide ou illisible.",
                    field=label,
                )
        self._connection = connection
        self._who = who
        self._what = what
        self._undoes = undoes
        self._id: int | None = None

    @property
    def id(self) -> int | None:
        """Number of this transaction in the history, or ``None`` while nothing is written."""
        return self._id

    def number(self) -> int:
        """Give the number of this transaction in the history, entering it there if needed."""
        if self._id is None:
            self._id = self._connection.scalars(
                insert(CHANGE_SET).returning(CHANGE_SET.c.id),
                {
                    "who": self._who,
                    "what": self._what,
                    "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "undoes": self._undoes,
                },
            ).one()
        return self._id

    def get(self, kind: type[R], id: str) -> R:  # noqa: A002
        """Give a record as this transaction sees it (NotFoundError if there is none)."""
        return read.get(self._connection, kind, id)

    def find(self, kind: type[R], id: str) -> R | None:  # noqa: A002
        """Give a record as this transaction sees it, or ``None``."""
        return read.find(self._connection, kind, id)

    def list(self, kind: type[R], **equals: Any) -> tuple[R, ...]:
        """Give the records whose fields equal the values asked for, ordered by id."""
        return read.select_all(self._connection, kind, equals)

    def count(self, kind: type[Identified]) -> int:
        """Count the records of a kind."""
        return read.count(self._connection, kind)

    def setting(self, key: str) -> SettingValue:
        """Give a setting, or ``None`` when it was never set."""
        return decode_setting(read.find(self._connection, Setting, key))

    def put(self, record: R) -> R:
        """Insert (``revision`` 0) or update a record; gives it back with its new revision.

        Reference data without ``revision`` replaces what was there.

        Raises:
            InputError: a value is not allowed, or a record it refers to does not exist.
            ConflictError: it exists already, or was changed or deleted meanwhile.
        """
        validate(record)
        with self._whole():
            return self._put_kind(type(record), [record])[0]

    def put_all(self, records: Iterable[R]) -> tuple[R, ...]:
        """Put many records, of any kinds, parents in any order; gives them back in order.

        Raises:
            InputError: as :meth:`put`, with ``row`` the position (from 1) of the record at fault.
            ConflictError: as :meth:`put`.
        """
        records = tuple(records)
        by_kind: dict[type[Any], dict[str, int]] = defaultdict(dict)
        for position, record in enumerate(records):
            try:
                validate(record)
            except InputError as error:
                error.row = position + 1
                raise
            positions = by_kind[type(record)]
            if record.id in positions:
                raise InputError(
                    f"L’identifiant « {record.id} » figure deux fois, dont {named(record)}.",
                    field=RULES["id"].label,
                    row=position + 1,
                )
            positions[record.id] = position
        written = list(records)
        with self._whole():
            # In the order of KINDS, so that a record comes after those it refers to.
            for kind in sorted(by_kind, key=lambda kind: list(KINDS).index(kept(kind).cls)):
                places = list(by_kind[kind].values())
                try:
                    results = self._put_kind(kind, [records[place] for place in places])
                except InputError as error:
                    error.row = error.row and places[error.row - 1] + 1
                    raise
                for place, result in zip(places, results, strict=True):
                    written[place] = result
        return tuple(written)

    def delete(self, kind: type[Identified], id: str, revision: int | None = None) -> None:  # noqa: A002
        """Delete a record, those that cannot live without it, and references to it.

        Args:
            kind: class of the record.
            id: its identifier.
            revision: when given, refuse unless the record still has this revision.

        Raises:
            NotFoundError: there is no such record.
            ConflictError: it was changed meanwhile, or something in use refers to it.
        """
        record = read.get(self._connection, kind, id)
        if revision is not None and getattr(record, "revision", revision) != revision:
            raise changed(record)
        self.delete_all(kind, [id])

    def delete_all(self, kind: type[Identified], ids: Iterable[str]) -> None:
        """Delete many records of a kind, as :meth:`delete`.

        Raises:
            NotFoundError: one of them does not exist.
            ConflictError: something in use refers to one of them.
        """
        wanted = list(dict.fromkeys(ids))
        found = read.by_ids(self._connection, kind, wanted)
        for record_id in wanted:
            if record_id not in found:
                raise read.not_found(kind, record_id)
        with self._whole():
            self._delete(kept(kind), found)

    def set_setting(self, key: str, value: SettingValue) -> None:
        """Set a setting; ``None`` removes it.

        Raises:
            InputError: the value is not a finite number, a text or a yes/no.
        """
        if value is None:
            if self.find(Setting, key) is not None:
                self.delete(Setting, key)
            return
        try:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise InputError(
                f"Réglage « {key} » : la valeur doit être un nombre fini, un texte ou oui/non.",
                field=RULES["value"].label,
            ) from error
        self.put(Setting(id=key, value=text))

    def apply(self, kind: type[Any], steps: Sequence[Step]) -> None:
        """Write steps of one kind and their audit lines, without further checks of revision.

        Raises:
            InputError: a record refers to one that does not exist.
        """
        if not steps:
            return
        keeper = kept(kind)
        self._check_parents(keeper, [step.after for step in steps if step.after is not None])
        table = keeper.table
        created = [to_row(step.after) for step in steps if step.before is None]
        updated = [
            {"_id" if name == "id" else name: value for name, value in to_row(step.after).items()}
            for step in steps
            if step.before is not None and step.after is not None
        ]
        deleted = [step.before.id for step in steps if step.after is None]
        if created:
            self._connection.execute(insert(table), created)
        if updated:
            values: dict[str, Any] = {
                column.name: bindparam(column.name)
                for column in table.columns
                if column.name != "id"
            }
            self._connection.execute(
                update(table).where(table.c.id == bindparam("_id")).values(values), updated
            )
        for batch in read.batches(deleted):
            self._connection.execute(delete(table).where(table.c.id.in_(batch)))
        self.audit(
            (
                kind.__name__,
                (step.after or step.before).id,
                step.action,
                _plain(step.before),
                _plain(step.after),
            )
            for step in steps
        )

    def audit(
        self,
        lines: Iterable[tuple[str, str, str, Mapping[str, Any] | None, Mapping[str, Any] | None]],
    ) -> None:
        """Write audit lines: kind, record id, action, before, after."""
        number = self.number()
        rows = [
            {
                "transaction_id": number,
                "kind": kind,
                "record_id": record_id,
                "action": action,
                "before": before,
                "after": after,
            }
            for kind, record_id, action, before, after in lines
        ]
        self._connection.execute(insert(CHANGE), rows)

    def refuse_dependents(self, kind: type[Any], records: Sequence[Any]) -> None:
        """Refuse to go on while anything refers to one of these records.

        Raises:
            ConflictError: something does; the sentence names it.
        """
        for child, column, _ in dependents(kind):
            for first in self._referring(child, column, [record.id for record in records]).values():
                raise _in_use(next(r for r in records if r.id == getattr(first, column)), first)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Make one call all or nothing, even if the caller catches what it raises."""
        number = self._id
        try:
            with self._connection.begin_nested():
                yield
        except BaseException:
            self._id = number
            raise

    def _put_kind(self, kind: type[R], records: Sequence[R]) -> tuple[R, ...]:
        keeper = kept(kind)
        stored = read.by_ids(self._connection, kind, (record.id for record in records))
        if not keeper.revisioned:
            steps = [Step(stored.get(record.id), record) for record in records]
            self.apply(kind, [step for step in steps if step.before != step.after])
            return tuple(records)
        steps = [Step(stored.get(record.id), _next(record, stored)) for record in records]
        self.apply(kind, steps)
        return tuple(step.after for step in steps)

    def _check_parents(self, keeper: RecordKind, records: Sequence[Any]) -> None:
        for column, reference in keeper.references.items():
            wanted = {
                parent for record in records if (parent := getattr(record, column)) is not None
            }
            missing = wanted - read.existing(self._connection, reference.kind, wanted)
            if not missing:
                continue
            for position, record in enumerate(records):
                if getattr(record, column) in missing:
                    label = RULES[column].label
                    raise InputError(
                        f"Pour {named(record)}, le champ « {label} » renvoie à "
                        f"« {getattr(record, column)} », qui n’existe pas. Créez d’abord cet "
                        "élément, ou choisissez-en un autre.",
                        field=label,
                        row=position + 1,
                    )

    def _delete(self, keeper: RecordKind, records: Mapping[str, Any]) -> None:
        for child, column, on_delete in dependents(keeper.cls):
            children = self._referring(child, column, records)
            if not children:
                continue
            if on_delete is OnDelete.REFUSE:
                first = next(iter(children.values()))
                raise _in_use(records[getattr(first, column)], first)
            if on_delete is OnDelete.CASCADE:
                self._delete(child, children)
            else:
                self.apply(
                    child.cls,
                    [
                        Step(record, dataclasses.replace(record, **_detached(record, column)))
                        for record in children.values()
                    ],
                )
        self.apply(keeper.cls, [Step(record, None) for record in records.values()])
        for column, reference in keeper.references.items():
            if reference.owned:
                self._delete_unused(reference.kind, records.values(), column)

    def _delete_unused(self, kind: type[Any], gone: Iterable[Any], column: str) -> None:
        """Delete what only the records just deleted had: a photo goes with its card."""
        ids = dict.fromkeys(id_ for record in gone if (id_ := getattr(record, column)) is not None)
        for child, other, _ in dependents(kind):
            for record in self._referring(child, other, ids).values():
                ids.pop(getattr(record, other), None)
        if ids:
            self._delete(kept(kind), read.by_ids(self._connection, kind, ids))

    def _referring(self, child: RecordKind, column: str, parents: Iterable[str]) -> dict[str, Any]:
        found = child.table.c[column]
        ids = [
            record_id
            for batch in read.batches(parents)
            for record_id in self._connection.scalars(
                select(child.table.c.id).where(found.in_(batch)).order_by(child.table.c.id)
            )
        ]
        return read.by_ids(self._connection, child.cls, ids)


def decode_setting(setting: Setting | None) -> SettingValue:
    """Give the value a setting holds."""
    if setting is None:
        return None
    value: SettingValue = json.loads(setting.value)
    return value


def changed(record: Any) -> ConflictError:
    """Say that somebody else was faster."""
    return ConflictError(
        f"Une autre personne a modifié {named(record)} entre-temps. "
        "Rechargez la page, puis refaites votre modification."
    )


def _in_use(parent: Any, child: Any) -> ConflictError:
    return ConflictError(f"Suppression impossible : {named(parent)} sert encore à {named(child)}.")


def _next(record: Any, stored: Mapping[str, Any]) -> Any:
    now = stored.get(record.id)
    if record.revision == 0:
        if now is not None:
            raise ConflictError(
                f"L’identifiant « {record.id} » est déjà pris par {named(now)}. Rechargez la page "
                "pour modifier cet élément, ou choisissez un autre identifiant."
            )
    elif now is None:
        raise ConflictError(
            f"Une autre personne a supprimé {named(record)} entre-temps. "
            "Rechargez la page ; la suppression peut être annulée dans l’historique."
        )
    elif now.revision != record.revision:
        raise changed(record)
    return dataclasses.replace(record, revision=record.revision + 1)


def _detached(record: Any, column: str) -> dict[str, Any]:
    return {column: None, "revision": record.revision + 1}


def _plain(record: Any) -> dict[str, Any] | None:
    return None if record is None else to_plain(record)
