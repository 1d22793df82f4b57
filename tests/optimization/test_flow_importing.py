"""Imports in a worker process: progress comes back, writing is whole, stopping is honest."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.exchange.tables import csv_bytes
from data.model import Flow
from data.settings import read_settings
from data.store import open_store
from optimization.importing import start_reading, start_writing
from optimization.worker import JobState, Worker, local_worker, shared_worker
from tests.exchange.strategies import RESOURCES, TERRITORY, actor

WAIT_S = 120
HEADER = ("acteur", "sens", "ressource", "libellé", "quantité", "unité", "période", "année")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the address of a store with the small territory and one actor."""
    address = f"sqlite:///{tmp_path / 'essai.db'}"
    with open_store(address) as store:
        store.save_territory(TERRITORY, who="essai")
        with store.transaction(who="essai", what="départ") as tx:
            tx.put_all([*RESOURCES, actor()])
    return address


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """Give a local cluster of processes."""
    started = Worker(tmp_path / "dask")
    yield started
    started.close()


def _file(rows: int) -> bytes:
    values = ("Menuiserie du Port", "Sortant", "cartons", "", 2, "kg", "semaine", 2025)
    return csv_bytes(
        (dict(zip(HEADER, values, strict=True)) | {"libellé": f"lot {i}"} for i in range(rows)),
        HEADER,
    )


def test_read_write_read_again(worker: Worker, url: str) -> None:
    """A file goes through two processes and back: announced, written, then nothing left to do."""
    reading = start_reading(worker, url, _file(600), "flux.csv")
    announced = reading.result(WAIT_S)
    assert (announced.new, announced.mistakes, announced.writes) == (600, 0, 600)
    assert len(announced.first.new) < 600
    assert reading.progress().share > 0
    writing = start_writing(worker, url, announced, "Zoé", "Import")
    assert writing.result(WAIT_S) is not None
    with open_store(url) as store:
        assert store.count(Flow) == 600
    again = start_reading(worker, url, _file(600), "flux.csv").result(WAIT_S)
    assert (again.writes, again.first.unchanged) == (0, 600)
    stopped = start_writing(worker, url, announced, "Zoé", "Import")
    stopped.ask_to_stop()
    with pytest.raises(Exception, match="écrit"):
        stopped.result(WAIT_S)
    assert stopped.progress().state in {JobState.CANCELLED, JobState.FAILED}
    with open_store(url) as store:
        assert store.count(Flow) == 600


def test_sqlite_is_written_on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A far cluster cannot reach a local file: then a local one is used, else the shared one."""
    monkeypatch.setenv("CARTOFLUX_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://elsewhere:8786")
    far = read_settings()
    assert local_worker(far) is not shared_worker(far)
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/base")
    assert local_worker(read_settings()) is shared_worker(read_settings())
