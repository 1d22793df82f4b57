"""The store: the only door to the database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import Connection, func, select

from data.errors import CartofluxError, ConflictError
from data.model import Territory
from data.store import forget, history, read, territory, undo
from data.store.engine import Database, connect, parse_url, take_turn
from data.store.failures import in_french
from data.store.history import Change, ChangeSet
from data.store.migrate import migrate
from data.store.read import Identified, R
from data.store.tables import CHANGE, CHANGE_SET, Setting
from data.store.transaction import SettingValue, Transaction, decode_setting
from data.validate import kind_label


def open_store(url: str) -> "Store":
    """Open the database at ``url``, creating or upgrading it when needed.

    Args:
        url: ``sqlite:///path/to/file.db``, ``postgresql://…`` or ``postgres://…``.

    Raises:
        CartofluxError: it cannot be reached, read or upgraded; the sentence says why and never
            contains a password.
    """
    database = connect(parse_url(url))
    try:
        with in_french():
            migrate(database)
    except BaseException:
        database.reading.dispose()
        raise
    return Store(database)


class Store:
    """Records, their history, settings and the territory. Safe to share between threads.

    ``kind`` is a class of ``data.model``: Actor, Resource, Flow, Stop, Vehicle, Depot, Outlet,
    Scenario or Plan. Every method raises CartofluxError when the database cannot be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mine = threading.local()

    def get(self, kind: type[R], id: str) -> R:  # noqa: A002
        """Give a record.

        Raises:
            NotFoundError: there is none with this id.
        """
        with self._reading() as connection:
            return read.get(connection, kind, id)

    def find(self, kind: type[R], id: str) -> R | None:  # noqa: A002
        """Give a record, or ``None``."""
        with self._reading() as connection:
            return read.find(connection, kind, id)

    def list(self, kind: type[R], **equals: Any) -> tuple[R, ...]:
        """Give the records whose fields equal the values asked for, ordered by id.

        Raises:
            TypeError: no such field, or one that cannot be compared (tuples, nested content).
        """
        with self._reading() as connection:
            return read.select_all(connection, kind, equals)

    def count(self, kind: type[Identified]) -> int:
        """Count the records of a kind."""
        with self._reading() as connection:
            return read.count(connection, kind)

    def revision(self) -> int:
        """Give a number that grows at every committed write, from any process."""
        with self._reading() as connection:
            return connection.scalar(select(func.max(CHANGE_SET.c.id))) or 0

    def kinds_changed_since(self, revision: int) -> frozenset[str]:
        """Give the names of the classes written after a revision, so that readers of others rest.

        Args:
            revision: what :meth:`revision` gave.
        """
        query = select(CHANGE.c.kind).where(CHANGE.c.transaction_id > revision).distinct()
        with self._reading() as connection:
            return frozenset(connection.scalars(query))

    def setting(self, key: str) -> SettingValue:
        """Give a setting, or ``None`` when it was never set."""
        return decode_setting(self.find(Setting, key))

    def settings(self, prefix: str = "") -> dict[str, SettingValue]:
        """Give all settings whose key starts with ``prefix``, whole keys included."""
        return {
            setting.id: decode_setting(setting)
            for setting in self.list(Setting)
            if setting.id.startswith(prefix)
        }

    def territory(self) -> Territory | None:
        """Give the territory, or ``None`` before the first one is saved."""
        with in_french(), self._database.snapshot.begin() as connection:
            return territory.load(connection)

    def save_territory(
        self, new: Territory, *, who: str, what: str = "Chargement du territoire"
    ) -> None:
        """Put a territory in place of the former one.

        Raises:
            InputError: a value is not allowed.
        """
        with self._writing() as connection:
            transaction = Transaction(connection, who=who, what=what)
            territory.replace(connection, transaction, new)

    @contextmanager
    def transaction(self, *, who: str, what: str) -> Iterator[Transaction]:
        """Write several things as one: all of it is kept, or nothing if anything is raised.

        Writers take turns, each waiting at most ten seconds for the others.

        Args:
            who: the person, as named in the history.
            what: what they do, in French, as shown in the history.
        """
        with self._writing() as connection:
            yield Transaction(connection, who=who, what=what)

    def history(
        self,
        kind: type[Any] | None = None,
        id: str | None = None,  # noqa: A002
        limit: int = 50,
        *,
        transaction_id: int | None = None,
    ) -> tuple[Change, ...]:
        """List changes, the newest first, of everything, a kind, a record or a transaction."""
        with self._reading() as connection:
            return history.changes(
                connection, kind=kind, record_id=id, transaction_id=transaction_id, limit=limit
            )

    def transactions(self, limit: int = 50) -> tuple[ChangeSet, ...]:
        """List transactions, the newest first, with what can be undone."""
        with self._reading() as connection:
            return history.change_sets(connection, limit)

    def undo(self, transaction_id: int, *, who: str) -> int:
        """Take a whole transaction back; undoing the result does it again.

        Returns:
            The number of the new transaction.

        Raises:
            NotFoundError: there is no such transaction.
            ConflictError: it was taken back already, records changed since, or something new
                depends on them. Nothing is changed.
        """
        with self._writing() as connection:
            former = history.change_set(connection, transaction_id)
            if former.undone_by is not None:
                raise ConflictError(f"« {former.what} » a déjà été annulé.")
            transaction = Transaction(
                connection, who=who, what=f"Annulation : {former.what}", undoes=former.id
            )
            undo.take_back(connection, transaction, former.id)
            return transaction.number()

    def forget(self, kind: type[Any], id: str, *, who: str) -> int:  # noqa: A002
        """Delete a record for good, with its content in the history; nothing can take it back.

        The history keeps that something of this kind was forgotten, when and by whom. Every
        transaction that touched the record can no longer be undone.

        Returns:
            The number of the new transaction.

        Raises:
            NotFoundError: neither the store nor its history knows the record.
            ConflictError: something in use refers to it.
        """
        with self._writing() as connection:
            what = f"Effacement définitif : {kind_label(kind)}"
            transaction = Transaction(connection, who=who, what=what)
            forget.forget(connection, transaction, kind, id)
            return transaction.number()

    def close(self) -> None:
        """Close the connections; the store opens new ones if it is used again."""
        self._database.reading.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with in_french(), self._database.reading.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if getattr(self._mine, "writing", False):
            raise CartofluxError(
                "Une écriture est déjà en cours dans cette action : terminez-la d’abord."
            )
        self._mine.writing = True
        try:
            with in_french(), self._database.writing.begin() as connection:
                take_turn(connection)
                yield connection
        finally:
            self._mine.writing = False
