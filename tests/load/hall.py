"""A server that can be killed and started again on the same database, and a workshop in it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.model import Card, Workshop
from data.store import Store, open_store
from data.workshops import new_code, opened

ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE_S = 90


def free_port() -> int:
    """Find a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Hall:
    """The application as started for a workshop.

    Attributes:
        phones_only: run the phones' listener instead of the whole application.
    """

    var_dir: Path
    port: int
    phones_only: bool = False
    demo: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it and wait until it is well.

        Raises:
            RuntimeError: it stops, or is not well after a minute and a half.
        """
        whole = ["streamlit", "run", "app.py", f"--server.port={self.port}"]
        phones = ["pages.routes.workshop_server", f"--port={self.port}", "--address=127.0.0.1"]
        with (self.var_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *(phones if self.phones_only else whole)],
                cwd=ROOT,
                env={
                    **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
                    "CARTOFLUX_VAR": str(self.var_dir),
                    "CARTOFLUX_DEMO": "1" if self.demo else "0",
                    "TZ": "Europe/Paris",
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer,  # noqa: S310
            ):
                if json.load(answer)["status"] == "ok":
                    return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.1)
        said = (self.var_dir / "server.log").read_text(encoding="utf-8")[-3000:]
        raise RuntimeError(f"The server is not well:\n{said}")

    def kill(self) -> None:
        """Kill it at once (``kill -9``): no goodbye, nothing flushed."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        """Open its database from here."""
        store = open_store(f"sqlite:///{self.var_dir / 'cartoflux.db'}")
        try:
            yield store
        finally:
            store.close()

    def open_doors(self, name: str = "Bois et palettes") -> Workshop:
        """Open a workshop, as the facilitator's page does."""
        with self.store() as store:
            taken = {workshop.code for workshop in store.list(Workshop)}
            now = datetime.now(UTC)
            code = new_code(taken)
            made = Workshop(id=f"atelier-{code}", name=name, day=now.date().isoformat(), code=code)
            with store.transaction(who="test", what="ouverture") as tx:
                return tx.put(opened(made, taken, now))

    def cards(self, workshop: Workshop) -> tuple[Card, ...]:
        """Read what was received."""
        with self.store() as store:
            return store.list(Card, workshop_id=workshop.id)


@contextlib.contextmanager
def running(var_dir: Path, *, phones_only: bool = False, demo: bool = True) -> Iterator[Hall]:
    """Run a hall on a free port, and stop it after."""
    hall = Hall(var_dir, free_port(), phones_only=phones_only, demo=demo)
    try:
        hall.start()
        yield hall
    finally:
        hall.kill()
