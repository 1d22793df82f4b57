"""Imports of flows in another process: what a session starts, watches and may stop."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from data.exchange import flow_import
from data.exchange.directory import Directory
from data.exchange.flow_import import FlowPreview
from data.model import Flow
from data.store import open_store
from optimization.worker import Task, Tell, Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file to read and compare with the flows there are at a revision of the store."""

    content: bytes
    file_name: str
    directory: Directory
    existing: tuple[Flow, ...]
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What a preview announced, to write; the worker must reach the database."""

    database_url: str
    prepared: FlowPreview
    who: str
    what: str


def start_reading(worker: Worker, order: Reading) -> Task[FlowPreview]:
    """Read and compare, elsewhere; returns at once."""
    portable = dataclasses.replace(
        order.directory,
        territory=flow_import.without_outlines(order.directory.territory),
        outside=None,
        commune_at=None,
    )
    return worker.start(read_job, dataclasses.replace(order, directory=portable))


def start_writing(worker: Worker, order: Writing) -> Task[int | None]:
    """Write all or nothing, elsewhere; returns at once (see ``worker.local_worker``)."""
    slim = dataclasses.replace(order.prepared, marked=None, notes=())
    return worker.start(write_job, dataclasses.replace(order, prepared=slim))


def read_job(tell: Tell, should_stop: Callable[[], bool], order: Reading) -> FlowPreview:
    """Read and compare; runs in the worker."""
    return flow_import.prepare(
        order.content,
        order.file_name,
        order.directory,
        order.existing,
        revision=order.revision,
        tell=_teller(tell),
        should_stop=should_stop,
    )


def write_job(tell: Tell, should_stop: Callable[[], bool], order: Writing) -> int | None:
    """Write; runs in the worker."""
    with open_store(order.database_url) as store:
        return flow_import.write(
            store,
            order.prepared,
            who=order.who,
            what=order.what,
            tell=_teller(tell),
            should_stop=should_stop,
        )


def _teller(tell: Tell) -> Callable[[float, str], None]:
    return lambda share, what: tell({"share": share, "message": what})
