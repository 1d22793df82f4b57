"""Opening, migrating, and everything that can be wrong with a database."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from data.errors import CartofluxError, ConflictError, InputError
from data.model import Actor, Flow
from data.store import Store, open_store
from data.store.engine import connect, parse_url
from data.store.failures import translated
from data.store.migrate import config
from data.store.tables import METADATA
from tests.store.samples import actor, put


def test_open_twice_keeps_everything(url: str) -> None:
    """A database closed and opened again holds the same records."""
    with open_store(url) as store:
        put(store, actor())
    with open_store(url) as store:
        assert store.get(Actor, "chai").name == "Chai du Barail"
        assert store.revision() == 1


def test_no_drift_between_migrations_and_tables(store: Store) -> None:
    """The migrations build exactly the tables the code uses, indices and keys included."""
    with store._database.reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_foreign_keys_are_enforced_by_the_database(store: Store) -> None:
    """Behind the store's own checks, the database refuses orphans too."""
    inspector = inspect(store._database.reading)
    keys = {key["referred_table"] for key in inspector.get_foreign_keys("flow")}
    assert keys == {"actor", "resource"}
    if store._database.is_sqlite:
        with store._database.reading.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000


def test_downgrade_to_nothing_and_back(url: str) -> None:
    """Migrations undo themselves: down to an empty database, then up again."""
    open_store(url).close()
    database = connect(parse_url(url))
    with database.writing.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    database.reading.dispose()
    with open_store(url) as store:
        assert store.count(Actor) == 0


def test_threads_open_a_fresh_database_together(opened: Callable[[], Store]) -> None:
    """Several openings at the same moment all succeed, and share one database."""
    barrier = threading.Barrier(6)

    def open_one(i: int) -> int:
        barrier.wait()
        store = opened()
        put(store, actor(f"a{i}"))
        return store.revision()

    with ThreadPoolExecutor(6) as pool:
        revisions = list(pool.map(open_one, range(6)))
    assert max(revisions) == 6
    assert opened().count(Actor) == 6


def test_threads_open_different_databases_together(tmp_path: Path) -> None:
    """Databases made at the same moment in one process do not get each other's tables."""
    barrier = threading.Barrier(4)

    def open_one(i: int) -> int:
        barrier.wait()
        with open_store(f"sqlite:///{tmp_path}/{i}.db") as store:
            put(store, actor(f"a{i}"))
            return store.count(Actor)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(open_one, range(4))) == [1, 1, 1, 1]


def test_processes_open_a_fresh_database_together(url: str, project_root: Path) -> None:
    """Several processes started together all succeed."""
    program = (
        "import sys\n"
        "from data.store import open_store\n"
        "from tests.store.samples import actor, put\n"
        "sys.stdin.readline()\n"
        "put(open_store(sys.argv[1]), actor(sys.argv[2]))\n"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, url, f"a{i}"],
            cwd=project_root,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for i in range(3)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint
    with open_store(url) as store:
        assert [a.id for a in store.list(Actor)] == ["a0", "a1", "a2"]


def test_database_of_a_newer_version(url: str) -> None:
    """A database written by a newer Cartoflux is refused, and left as it is."""
    with open_store(url) as store:
        put(store, actor())
    database = connect(parse_url(url))
    with database.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'f00d'")
        connection.exec_driver_sql("DROP TABLE setting")
    with pytest.raises(CartofluxError, match="version plus récente"):
        open_store(url)
    with database.reading.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
        assert heads == ("f00d",)
        assert not inspect(connection).has_table("setting")
    database.reading.dispose()


def test_database_of_another_application(url: str) -> None:
    """A database where another application has tables of the same names is left alone."""
    database = connect(parse_url(url))
    with database.writing.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE plan (colour TEXT)")
    with pytest.raises(CartofluxError, match="autre application"):
        open_store(url)
    with database.reading.connect() as connection:
        assert inspect(connection).get_table_names() == ["plan"]
    database.reading.dispose()


def test_folder_is_created(tmp_path: Path) -> None:
    """The folder of the SQLite file is made when missing."""
    path = tmp_path / "var d’été" / "100 %" / "cartoflux.db"
    with open_store(f"sqlite:///{path}") as store:
        put(store, actor())
    assert path.exists()


def test_folder_cannot_be_created(tmp_path: Path) -> None:
    """A folder that cannot be made gives a French sentence with its name."""
    (tmp_path / "file").write_text("")
    with pytest.raises(CartofluxError, match="Impossible de créer le dossier"):
        open_store(f"sqlite:///{tmp_path}/file/cartoflux.db")


def test_path_is_a_folder(tmp_path: Path) -> None:
    """A folder in place of the file gives a French sentence."""
    with pytest.raises(CartofluxError, match="Impossible d’ouvrir"):
        open_store(f"sqlite:///{tmp_path}")


def test_not_a_database(tmp_path: Path) -> None:
    """A file that is no database is refused, and left as it is."""
    path = tmp_path / "store.db"
    path.write_bytes(b"nom;commune\n" * 500)
    with pytest.raises(CartofluxError, match="abîmé"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == b"nom;commune\n" * 500


def test_damaged_while_open(tmp_path: Path) -> None:
    """A table that vanishes while the application runs gives a French sentence."""
    path = tmp_path / "store.db"
    with open_store(f"sqlite:///{path}") as store:
        other = sqlite3.connect(path)
        other.execute("DROP TABLE vehicle")
        other.execute("DROP TABLE flow")
        other.commit()
        other.close()
        with pytest.raises(CartofluxError, match="manque des tables"):
            store.count(Flow)


def test_read_only_file(tmp_path: Path) -> None:
    """A database that may only be read is still read; a write gives a French sentence."""
    path = tmp_path / "store.db"
    with open_store(f"sqlite:///{path}") as store:
        put(store, actor())
    with open_store(f"sqlite:///file:{path}?mode=ro&uri=true") as store:
        assert store.count(Actor) == 1
        with pytest.raises(CartofluxError, match="lecture seule"):
            put(store, actor("other"))


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("", "illisible"),
        ("n’importe quoi", "illisible"),
        ("mysql://u:S3cret@h/d", "SQLite"),
        ("postgresql://u:S3cret@h:port/d", "illisible"),
        ("postgresql://u:S3@cret@h/d", "%40"),
        ("postgresql://u:S3cret@127.0.0.1:1/d", "joindre le serveur"),
        ("sqlite://", "mémoire"),
        ("sqlite:///:memory:", "mémoire"),
        ("sqlite:///file:x?mode=memory&uri=true", "mémoire"),
    ],
)
def test_wrong_address(address: str, complaint: str) -> None:
    """A wrong DATABASE_URL gives a French sentence that never contains the password."""
    with pytest.raises(CartofluxError, match=complaint) as caught:
        open_store(address)
    for error in (caught.value, caught.value.__cause__):
        assert "cret" not in str(error)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("failed to resolve host 'nowhere.invalid'", "joindre le serveur"),
        ("FATAL:  password authentication failed for user", "mot de passe"),
        ('FATAL:  database "x" does not exist', "n’existe pas"),
        ("database or disk is full", "disque est plein"),
        ("canceling statement due to lock timeout", "occupée"),
        ("permission denied for table actor", "droits nécessaires"),
        ("quelque chose d’inconnu", "ne répond pas"),
    ],
)
def test_what_drivers_say_in_french(said: str, complaint: str) -> None:
    """Known complaints of the drivers become a sentence that says what to do."""
    error = translated(OperationalError("SELECT 1", None, Exception(said)))
    assert complaint in str(error)


def test_other_failures_in_french() -> None:
    """Failures of other kinds keep their family: conflict, input, or too busy."""
    assert isinstance(translated(IntegrityError("", None, Exception())), ConflictError)
    assert isinstance(translated(DataError("", None, Exception())), InputError)
    assert "en même temps" in str(translated(PoolTimeoutError()))
    assert "refusé l’opération" in str(translated(SQLAlchemyError("odd")))


def test_address_of_common_hosts() -> None:
    """``postgres://`` and ``postgresql://`` both mean psycopg 3, with their options kept."""
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        url = parse_url(f" {scheme}://u:p%40ss@h:5433/d?sslmode=require\n")
        assert url.drivername == "postgresql+psycopg"
        assert (url.password, url.port, url.query["sslmode"]) == ("p@ss", 5433, "require")


def test_errors_never_show_the_records(store: Store) -> None:
    """A database error, cause included, does not carry anybody's personal data."""
    with store._database.writing.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE actor RENAME COLUMN contact TO phone")
    with pytest.raises(CartofluxError) as caught:
        put(store, actor(contact="06 12 34 56 78"))
    assert "06 12" not in f"{caught.value} {caught.value.__cause__}"
