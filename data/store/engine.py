"""The connection to SQLite or PostgreSQL.

Three ways of using it, so that both databases behave alike:

* reading: each statement on its own, never waits for a writer;
* snapshot: several statements that see one state;
* writing: one writer at a time, from the first statement to the commit.
"""

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from data.errors import CartofluxError

WAIT_S: float = 10
"""How long a writer waits for another one."""

_BEGIN = "cartoflux_begin"


@dataclass(frozen=True, slots=True)
class Database:
    """One engine seen in three ways; they share the same connections."""

    url: URL
    reading: Engine
    snapshot: Engine
    writing: Engine

    @property
    def is_sqlite(self) -> bool:
        """True for SQLite, False for PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"


def parse_url(text: str) -> URL:
    """Read a database URL, accepting the ``postgres://`` of many hosts.

    Raises:
        CartofluxError: unreadable, or neither SQLite nor PostgreSQL. The text is never repeated,
            since it may hold a password.
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise CartofluxError(
            "DATABASE_URL est illisible. Écrivez par exemple sqlite:///var/cartoflux.db ou "
            "postgresql://utilisateur:motdepasse@serveur:5432/base "
            "(les signes spéciaux du mot de passe codés en %…)."
        ) from None
    if url.get_backend_name() in {"postgres", "postgresql"}:
        if "@" in (url.host or ""):
            raise CartofluxError(
                "Le mot de passe de DATABASE_URL contient un « @ » : écrivez-le %40."
            )
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise CartofluxError(
            "DATABASE_URL doit désigner une base SQLite (sqlite:///…) ou PostgreSQL "
            "(postgresql://…)."
        )
    if url.database in {None, "", ":memory:"} or url.query.get("mode") == "memory":
        raise CartofluxError(
            "Une base SQLite en mémoire ne peut pas être partagée entre les sessions : donnez un "
            "nom de fichier, par exemple sqlite:///var/cartoflux.db."
        )
    return url


def connect(url: URL) -> Database:
    """Prepare the engine (PostgreSQL is not contacted yet; the SQLite folder is created).

    Raises:
        CartofluxError: the SQLite folder cannot be created.
    """
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        _create_folder(url)
    engine = create_engine(
        url,
        # Statements may carry personal data: keep their values out of logs and tracebacks.
        hide_parameters=True,
        json_serializer=partial(json.dumps, ensure_ascii=False, allow_nan=False),
        pool_pre_ping=not sqlite,
        connect_args={} if sqlite else {"connect_timeout": int(WAIT_S)},
    )
    if sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        reading = engine
    else:
        reading = engine.execution_options(isolation_level="AUTOCOMMIT")
    snapshot_options: dict[str, Any] = {_BEGIN: "BEGIN"}
    if not sqlite:
        snapshot_options["isolation_level"] = "REPEATABLE READ"
    return Database(
        url=url,
        reading=reading,
        snapshot=engine.execution_options(**snapshot_options),
        writing=engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"}),
    )


def take_turn(connection: Connection) -> None:
    """Wait for the other writers; SQLite has already done so with ``BEGIN IMMEDIATE``."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(WAIT_S * 1000)}ms'")
        connection.exec_driver_sql("LOCK TABLE change_set IN SHARE ROW EXCLUSIVE MODE")


def _create_folder(url: URL) -> None:
    path = Path((url.database or "").removeprefix("file:"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CartofluxError(
            f"Impossible de créer le dossier « {path.parent} » de la base de données "
            f"({error.strerror})."
        ) from error


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions start too late (at the first write) and never as IMMEDIATE:
    # switch them off and begin by hand, as SQLAlchemy's pysqlite page recommends.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(WAIT_S * 1000)}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN)
    if statement:
        connection.exec_driver_sql(statement)
