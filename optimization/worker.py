"""Runs plans and imports outside the web process, on a local Dask cluster or an existing one.

A solve holds the interpreter: in the web process it would freeze every session. Nothing here
blocks its caller: a job is submitted from a thread of its own, and :meth:`Job.progress` only
reads what Dask's events have already brought.
"""

import atexit
import importlib
import logging
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar, cast

from data.errors import CartofluxError, SolveCancelledError
from data.french import NNBSP
from data.model import Plan, Scenario
from data.settings import ROOT, Settings
from geo.travel.source import TravelSource
from optimization.routing.engine import SearchProgress

Client: TypeAlias = Any
Future: TypeAlias = Any
"""Both of ``distributed``, whose functions have no types."""

T = TypeVar("T")
Tell: TypeAlias = Callable[[dict[str, Any]], None]
"""Sends fields of :class:`Progress` to whoever waits."""

START_TIMEOUT_S = 60
CLOSE_TIMEOUT_S = 10
CANCEL_POLL_S = 0.2
STOPPED = f"Le calcul a été interrompu brutalement{NNBSP}: relancez-le."
UNAVAILABLE = f"Le calcul n’a pas pu démarrer{NNBSP}: relancez-le."


class JobState(StrEnum):
    """Where a job stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Nothing more will happen."""
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What the screen shows of a job.

    Attributes:
        best_cost: euros of the best plan so far; ``None`` before the first.
        unserved: stops that plan leaves out.
        solutions: plans examined so far.
        elapsed_s: since the job was submitted.
        share: how much of it is done, 0 to 1, for a job that knows.
        message: French, for the screen.
        bound_eur: the best minimum proved so far, for a job that proves.
    """

    state: JobState
    best_cost: float | None = None
    unserved: int = 0
    solutions: int = 0
    elapsed_s: float = 0.0
    share: float = 0.0
    message: str = ""
    bound_eur: float | None = None


_TOLD = {field.name for field in fields(Progress)}
"""What a computation may tell; Dask adds words of its own."""


class Task(Generic[T]):
    """One thing being computed elsewhere; made by :meth:`Worker.start`."""

    def __init__(self) -> None:
        self.id = uuid.uuid4().hex
        self.worker_pid: int | None = None
        self._alive: Callable[[], bool] = lambda: True
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._progress = Progress(state=JobState.QUEUED, message="Démarrage du calcul…")
        self._finished = threading.Event()
        self._value: T | None = None
        self._error: CartofluxError | None = None
        self._future: Future | None = None
        self._stop: Callable[[bool], None] | None = None
        self._asked_to_stop = False

    def progress(self) -> Progress:
        """Where the job stands; never blocks."""
        if not self._progress.state.is_final and not self._alive():
            self._end(JobState.FAILED, STOPPED, error=CartofluxError(STOPPED))
        with self._lock:
            if self._progress.state.is_final:
                return self._progress
            return replace(self._progress, elapsed_s=time.monotonic() - self._began)

    def cancel(self) -> None:
        """Stop the computation, or take it out of the queue; never blocks."""
        message = "Calcul annulé."
        self._end(JobState.CANCELLED, message, error=SolveCancelledError(message))
        threading.Thread(target=self._release, name=f"cancel-{self.id}", daemon=True).start()

    def ask_to_stop(self) -> None:
        """Ask the computation to stop, and let it say whether it still could; never blocks.

        For what writes: cancelling at once could call undone what is already done.
        """
        with self._lock:
            self._asked_to_stop = True
        self._note(message="Arrêt demandé…")
        threading.Thread(target=self._ask, name=f"stop-{self.id}", daemon=True).start()

    def result(self, timeout_s: float | None = None) -> T:
        """What was computed, once there.

        Raises:
            TimeoutError: not there after ``timeout_s`` seconds.
            CartofluxError: what went wrong (InputError, SolveCancelledError, …), in French.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._finished.wait(0.2):
            self.progress()  # notices a cluster that died
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError("Le calcul n’est pas terminé.")
        if self._error is not None:
            raise self._error
        return cast("T", self._value)  # a task ends with a value or an error

    def _attach(
        self, future: Future, stop: Callable[[bool], None], alive: Callable[[], bool]
    ) -> None:
        with self._lock:
            self._future, self._stop, self._alive = future, stop, alive
            cancelled = self._progress.state.is_final
        self._note(message="En attente d’un processus libre…")
        future.add_done_callback(self._done)
        if cancelled:
            self._release()
        elif self._asked_to_stop:
            self._ask()

    def _note(self, **changes: Any) -> None:
        with self._lock:
            if not self._progress.state.is_final:
                self._progress = replace(self._progress, **changes)

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        """An event sent by the worker process."""
        news = {name: value for name, value in event[1].items() if name in _TOLD}
        self.worker_pid = event[1]["pid"]
        self._note(**{"state": JobState.RUNNING, "message": "Calcul en cours…", **news})

    def _done(self, future: Future) -> None:
        if future.status == "finished":
            self._end(JobState.DONE, "Calcul terminé.", value=future.result())
            with self._lock:
                self._future = self._stop = None  # lets the scheduler forget the value
            return
        error = future.exception() if future.status == "error" else None
        with self._lock:
            self._future = self._stop = None  # lets the scheduler forget
        if isinstance(error, SolveCancelledError):
            self._end(JobState.CANCELLED, str(error), error=error)
        elif isinstance(error, CartofluxError):
            self._end(JobState.FAILED, str(error), error=error)
        else:
            self._end(JobState.FAILED, STOPPED, error=CartofluxError(STOPPED), cause=error)

    def _end(
        self,
        state: JobState,
        message: str,
        *,
        value: T | None = None,
        error: CartofluxError | None = None,
        cause: BaseException | None = None,
    ) -> None:
        """The first end wins: a value that arrives after a cancellation is dropped."""
        if error is not None and cause is not None:
            error.__cause__ = cause
        with self._lock:
            if self._progress.state.is_final:
                return
            self._value, self._error = value, error
            self._progress = replace(
                self._progress,
                state=state,
                message=message,
                elapsed_s=time.monotonic() - self._began,
            )
        self._finished.set()

    def _release(self) -> None:
        with self._lock:
            future, stop = self._future, self._stop
        if future is not None and stop is not None and not future.done():
            stop(True)

    def _ask(self) -> None:
        with self._lock:
            future, stop = self._future, self._stop
        if future is not None and stop is not None and not future.done():
            stop(False)


Job: TypeAlias = Task[Plan]
"""One plan being computed."""


class Worker:
    """Sends work to processes; one per server process, shared by all sessions.

    Args:
        directory: scratch space and log of the local cluster.
        address: of an existing Dask scheduler; empty = start a local cluster when first needed.
    """

    def __init__(self, directory: Path, address: str = "") -> None:
        self._directory = directory
        self._address = address
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._client: Client | None = None
        atexit.register(self.close)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Worker":
        """With the scratch space and the scheduler that the settings name."""
        return cls(settings.var_dir / "dask", settings.dask_scheduler)

    def submit(
        self, scenario: Scenario, travel: TravelSource, *, solutions: int | None = None
    ) -> Job:
        """Plan a scenario in another process; returns at once.

        Args:
            scenario: see ``optimization.planning.propose``.
            travel: picklable source of distances.
            solutions: budget in candidate plans, for repeatable results.
        """
        return self.start(plan_job, scenario, travel, solutions)

    def start(self, function: Callable[..., T], *args: Any) -> Task[T]:
        """Call a function in another process; returns at once.

        Args:
            function: called with ``tell`` (see :data:`Tell`) and ``should_stop``, then ``args``.
                It must be importable by its name there.
            args: picklable.
        """
        task: Task[T] = Task()
        threading.Thread(
            target=self._launch,
            args=(task, function, args),
            name=f"submit-{task.id}",
            daemon=True,
        ).start()
        return task

    def warm_up(self) -> None:
        """Start the cluster, in the background, before it is needed; never blocks or raises."""

        def connect() -> None:
            with suppress(Exception):  # the first task will say what is wrong
                self._connect()

        threading.Thread(target=connect, name="warm-up", daemon=True).start()

    def close(self) -> None:
        """Close the connection and the local cluster; quiet, may be called twice."""
        with self._lock:
            self._disconnect()
        atexit.unregister(self.close)

    def _launch(self, job: Task[T], function: Callable[..., T], args: tuple[Any, ...]) -> None:
        try:
            client, alive = self._connect()
            topic = _topic(job.id)
            client.subscribe_topic(topic, job._hear)  # noqa: SLF001 (two halves of one module)
            future = client.submit(_run, job.id, function, args, key=job.id, pure=False, retries=0)
            future.add_done_callback(lambda _: client.unsubscribe_topic(topic))
            job._attach(  # noqa: SLF001
                future, lambda drop: _stop(client, future, job.id, drop=drop), alive
            )
        except Exception as error:  # noqa: BLE001 (whatever Dask or the system raises)
            job._end(  # noqa: SLF001
                JobState.FAILED, UNAVAILABLE, error=CartofluxError(UNAVAILABLE), cause=error
            )

    def _connect(self) -> tuple[Client, Callable[[], bool]]:
        """The client, started or started again when needed, and how to know it still has a cluster.

        Raises:
            OSError: the cluster does not start or does not answer.
        """
        with self._lock:
            usable = self._client is not None and self._client.status == "running"
            if usable and self._process is not None and self._process.poll() is not None:
                usable = False
            if not usable:
                self._disconnect()
                address = self._address or self._start_cluster()
                dask = _dask()
                # A cluster that goes away is told to the person, not to the log.
                logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
                self._client = dask.Client(address, timeout=START_TIMEOUT_S, set_as_default=False)
            client, process = self._client, self._process
            assert client is not None  # noqa: S101 (just made)
            return client, lambda: process is None or process.poll() is None

    def _start_cluster(self) -> str:
        """Start the local cluster's process and return its address."""
        self._directory.mkdir(parents=True, exist_ok=True)
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
        with (self._directory / "cluster.log").open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                [sys.executable, "-m", "optimization.cluster", str(self._directory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PYTHONPATH": path},
                text=True,
            )
        assert self._process.stdout is not None  # noqa: S101 (asked for just above)
        address = self._process.stdout.readline().strip()
        self._process.stdout.close()
        if not address:
            raise OSError("the cluster ended before it gave its address")
        return address

    def _disconnect(self) -> None:
        client, process = self._client, self._process
        self._client = self._process = None
        if client is not None:
            with suppress(Exception):  # a cluster already gone cannot say goodbye
                client.close(timeout=CLOSE_TIMEOUT_S)
        if process is not None:
            assert process.stdin is not None  # noqa: S101 (opened by _start_cluster)
            with suppress(OSError):
                process.stdin.close()
            try:
                process.wait(CLOSE_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def plan_job(
    tell: Tell,
    should_stop: Callable[[], bool],
    scenario: Scenario,
    travel: TravelSource,
    solutions: int | None,
) -> Plan:
    """Compute one plan; by OR-Tools alone while the other engines are still being compiled."""
    # OR-Tools: only where it solves.
    from optimization.planning import propose  # noqa: PLC0415
    from optimization.routing.ortools_engine import OrToolsEngine  # noqa: PLC0415
    from optimization.routing.warming import is_warm, start_warming  # noqa: PLC0415

    def on_progress(progress: SearchProgress) -> None:
        tell(
            {
                "best_cost": progress.best_cost_eur,
                "unserved": progress.unserved,
                "solutions": progress.solutions,
            }
        )

    start_warming()
    return propose(
        scenario,
        travel,
        on_progress=on_progress,
        should_stop=should_stop,
        engine=None if is_warm() else OrToolsEngine(),
        solutions=solutions,
    )


def _run(task_id: str, function: Callable[..., T], args: tuple[Any, ...]) -> T:
    """Call a function in a Dask worker, which tells its progress and hears cancellations."""
    worker, stop = _dask().get_worker(), _dask().Event(_stop_name(task_id))
    asked_at, answer = -float("inf"), False

    def tell(news: dict[str, Any]) -> None:
        worker.log_event(_topic(task_id), {"pid": os.getpid(), **news})

    def should_stop() -> bool:
        nonlocal asked_at, answer
        now = time.monotonic()
        if not answer and now - asked_at >= CANCEL_POLL_S:
            asked_at, answer = now, stop.is_set()
        return answer

    tell({})
    return function(tell, should_stop, *args)


def _stop(client: Client, future: Future, task_id: str, *, drop: bool) -> None:
    with suppress(Exception):  # a cluster that has gone has nothing left to stop
        _dask().Event(_stop_name(task_id), client=client).set()
        if drop:
            future.cancel()


@cache
def shared_worker(settings: Settings) -> Worker:
    """Return the one worker of this server process for these settings."""
    return Worker.from_settings(settings)


@cache
def local_worker(settings: Settings) -> Worker:
    """Return a worker on this machine, for what needs its files (an SQLite database)."""
    if settings.dask_scheduler and settings.database_url.startswith("sqlite"):
        return Worker(settings.var_dir / "dask-local")
    return shared_worker(settings)


def _dask() -> Any:
    """Dask's package, imported when first needed: it takes a second, and no page needs it."""
    return importlib.import_module("distributed")


def _topic(job_id: str) -> str:
    return f"cartoflux-progress-{job_id}"


def _stop_name(job_id: str) -> str:
    return f"cartoflux-stop-{job_id}"
