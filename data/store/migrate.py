"""Brings a database to the current schema, once, whoever comes first."""

import threading
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import OperationalError

from data.errors import CartofluxError
from data.store.engine import WAIT_S, Database
from data.store.tables import METADATA

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_LOCK_NUMBER = 0x0CA270F1
"""Arbitrary: what two Cartoflux agree on to take turns in PostgreSQL."""

_ALEMBIC = threading.Lock()
"""Alembic keeps the migration under way in a global: one at a time in a process, even of
different databases."""


def config() -> Config:
    """Give Alembic's configuration, without any file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings


def migrate(database: Database) -> None:
    """Upgrade to the newest revision; two openings of a fresh database take turns.

    Raises:
        CartofluxError: the database was written by a newer Cartoflux, or holds another
            application's tables. It is left untouched.
    """
    with _ALEMBIC:
        _migrate(database)


def _migrate(database: Database) -> None:
    scripts = ScriptDirectory.from_config(config())
    with database.reading.connect() as connection:
        done = _up_to_date(connection, scripts)
    if database.is_sqlite:
        _use_write_ahead_log(database)
    if done:
        return
    with database.writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})")
        if _up_to_date(connection, scripts):
            return
        _refuse_foreign_tables(connection)
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def _up_to_date(connection: Connection, scripts: ScriptDirectory) -> bool:
    heads = MigrationContext.configure(connection).get_current_heads()
    known = {script.revision for script in scripts.walk_revisions()}
    if not known.issuperset(heads):
        raise CartofluxError(
            "Cette base de données a été écrite par une version plus récente de Cartoflux. "
            "Mettez l’application à jour ; rien n’a été modifié."
        )
    return set(heads) == set(scripts.get_heads())


def _refuse_foreign_tables(connection: Connection) -> None:
    """Check, once alone with the database, that its tables may be made."""
    if MigrationContext.configure(connection).get_current_heads():
        return
    foreign = set(inspect(connection).get_table_names()) & set(METADATA.tables)
    if foreign:
        raise CartofluxError(
            "Cette base de données contient déjà des tables d’une autre application "
            f"({', '.join(sorted(foreign))}). Donnez à Cartoflux une base vide ; "
            "rien n’a été modifié."
        )


def _use_write_ahead_log(database: Database) -> None:
    # The mode is a property of the file. Changing it needs the file for oneself and SQLite does
    # not always wait for that, so a second opener asks again.
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            with database.reading.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar_one()
                return
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
