"""Imports of flows in another process: what a session starts, watches and may stop.

The web process never handles ten thousand records: the worker reads the database itself, and
sends back the first rows to show and the whole as sealed bytes, which come back to be written.
"""

import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from data.exchange import flow_import
from data.exchange.directory import Directory
from data.exchange.flow_import import FlowPreview
from data.model import Actor, Flow, Resource
from data.store import Store, open_store
from optimization.worker import Task, Tell, Worker

SHOWN = 300
"""Rows of each kind that a preview shows; mistakes are in the marked file in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What importing a file would do, as sent to the screen.

    Attributes:
        first: the preview, its lists cut to :data:`SHOWN`.
        new: flows to add in all; likewise ``changed``, ``actors`` and ``mistakes``.
        sealed: the whole preview, for :func:`start_writing` only.
    """

    first: FlowPreview
    new: int
    changed: int
    actors: int
    mistakes: int
    sealed: bytes
    summary: str

    @property
    def writes(self) -> int:
        """Records that the import would write."""
        return self.new + self.changed + self.actors


def start_reading(
    worker: Worker, database_url: str, content: bytes, file_name: str
) -> Task[Announced]:
    """Read a file and compare it with the database, elsewhere; returns at once.

    The worker must reach the database: see ``optimization.worker.local_worker``.
    """
    return worker.start(read_job, database_url, content, file_name)


def start_writing(
    worker: Worker, database_url: str, announced: Announced, who: str, what: str
) -> Task[int | None]:
    """Write what was announced, all or nothing, elsewhere; returns at once."""
    return worker.start(write_job, database_url, announced.sealed, (who, what))


def read_job(
    tell: Tell, should_stop: Callable[[], bool], database_url: str, content: bytes, file_name: str
) -> Announced:
    """Read and compare; runs in the worker."""
    with open_store(database_url) as store:
        revision = store.revision()
        directory, existing = known(store)
    prepared = flow_import.prepare(
        content,
        file_name,
        directory,
        existing,
        revision=revision,
        tell=_teller(tell),
        should_stop=should_stop,
    )
    return announce(prepared)


def write_job(
    tell: Tell,
    should_stop: Callable[[], bool],
    database_url: str,
    sealed: bytes,
    signed: tuple[str, str],
) -> int | None:
    """Write; runs in the worker."""
    # Our own worker made these bytes and the session only carried them.
    prepared = cast("FlowPreview", pickle.loads(sealed))  # noqa: S301
    who, what = signed
    with open_store(database_url) as store:
        return flow_import.write(
            store, prepared, who=who, what=what, tell=_teller(tell), should_stop=should_stop
        )


def known(store: Store) -> tuple[Directory, tuple[Flow, ...]]:
    """Read what a file is compared with."""
    directory = Directory(
        territory=store.territory(), actors=store.list(Actor), resources=store.list(Resource)
    )
    return directory, store.list(Flow)


def announce(prepared: FlowPreview) -> Announced:
    """Cut a preview to what a screen shows, and seal the whole."""
    return Announced(
        first=dataclasses.replace(
            prepared,
            actors=prepared.actors[:SHOWN],
            new=prepared.new[:SHOWN],
            changed=prepared.changed[:SHOWN],
            errors=prepared.errors[:SHOWN],
            notes=prepared.notes[:SHOWN],
        ),
        new=len(prepared.new),
        changed=len(prepared.changed),
        actors=len(prepared.actors),
        mistakes=len(prepared.errors),
        sealed=pickle.dumps(dataclasses.replace(prepared, marked=None, notes=())),
        summary=flow_import.summary(prepared),
    )


def _teller(tell: Tell) -> Callable[[float, str], None]:
    return lambda share, what: tell({"share": share, "message": what})
