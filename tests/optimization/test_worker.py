"""The worker: progress, results, errors, cancellation and sudden death, with real processes."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import CartofluxError, InputError, SolveCancelledError
from optimization.planning import propose
from optimization.weeks.job import week_job
from optimization.weeks.model import WeekChoices
from optimization.worker import Job, JobState, Worker
from tests.optimization.cases import GRID, TEN_STOPS, scenario
from tests.optimization.weeks.worlds import villages

ENDLESS = replace(TEN_STOPS, time_limit_s=600.0)
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def worker(
    compiled: None,  # noqa: ARG001
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Worker]:
    """One cluster for all these tests, closed at the end."""
    made = Worker(tmp_path_factory.mktemp("dask"))
    yield made
    made.close()


def _wait(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, what
        pause.wait(0.02)


def _running(job: Job) -> int:
    """Wait until a process computes the job with a first plan; return the process's number."""
    _wait(lambda: job.progress().best_cost is not None, "the job never started")
    assert job.progress().state is JobState.RUNNING
    assert job.worker_pid is not None
    return job.worker_pid


def test_submitting_never_blocks_and_the_plan_comes_back(worker: Worker) -> None:
    """Even the submission that starts the cluster returns at once; the plan is the same."""
    job = worker.submit(TEN_STOPS, GRID, solutions=40)
    # Still queued while the cluster starts: the submission did not wait for it.
    first = job.progress()
    assert first.state is JobState.QUEUED
    assert "Démarrage" in first.message
    plan = job.result(PATIENCE_S)
    assert plan.rounds == propose(TEN_STOPS, GRID, solutions=40).rounds
    last = job.progress()
    assert last.state is JobState.DONE
    assert last.best_cost == pytest.approx(plan.cost_eur, abs=0.01)
    assert job.worker_pid != os.getpid()


def test_progress_is_live_and_cancelling_stops_the_process_itself(worker: Worker) -> None:
    """The count of plans grows; a cancelled job ends at once and frees its process."""
    jobs = [worker.submit(ENDLESS, GRID) for _ in range(2)]
    for job in jobs:
        # People who browse come first: a plan yields the processor to the pages.
        assert os.getpriority(os.PRIO_PROCESS, _running(job)) > os.getpriority(os.PRIO_PROCESS, 0)
    seen = jobs[0].progress().solutions
    _wait(lambda: jobs[0].progress().solutions > seen, "no live progress")
    for job in jobs:
        job.cancel()
        assert job.progress().state is JobState.CANCELLED
        with pytest.raises(SolveCancelledError, match="annulé"):
            job.result(PATIENCE_S)
    # Both processes were busy for ten minutes: this one only comes back if they have stopped.
    assert worker.submit(TEN_STOPS, GRID, solutions=5).result(PATIENCE_S).rounds


def test_a_job_in_the_queue_can_be_cancelled_too(worker: Worker) -> None:
    """Two processes, three jobs: the third waits, and leaves the queue when asked."""
    busy = [worker.submit(ENDLESS, GRID) for _ in range(2)]
    for job in busy:
        _running(job)
    waiting = worker.submit(TEN_STOPS, GRID, solutions=5)
    _wait(lambda: "attente" in waiting.progress().message, "the job was not queued")
    assert waiting.progress().state is JobState.QUEUED
    waiting.cancel()
    assert waiting.progress().state is JobState.CANCELLED
    for job in busy:
        job.cancel()


def test_a_wrong_scenario_comes_back_as_the_same_error(worker: Worker) -> None:
    """The French sentence and the field cross the process boundary."""
    job = worker.submit(scenario([]), GRID)
    with pytest.raises(InputError, match="Aucun point") as refused:
        job.result(PATIENCE_S)
    assert refused.value.field == "Points"
    assert job.progress().state is JobState.FAILED
    assert "Aucun point" in job.progress().message


def test_a_killed_process_fails_its_job_only_and_the_next_one_works(worker: Worker) -> None:
    """SIGKILL: a French message, the other job goes on, the next submission works."""
    victim, other = worker.submit(ENDLESS, GRID), worker.submit(ENDLESS, GRID)
    pid = _running(victim)
    _running(other)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(CartofluxError, match="interrompu"):
        victim.result(PATIENCE_S)
    assert victim.progress().state is JobState.FAILED
    assert other.progress().state is JobState.RUNNING
    other.cancel()
    assert worker.submit(TEN_STOPS, GRID, solutions=5).result(PATIENCE_S).rounds


def test_a_killed_process_fails_its_week_and_the_next_one_works(worker: Worker) -> None:
    """A week is no different: a French message, no half of a week, and another can be asked."""
    endless = replace(villages(20), time_limit_s=600.0)
    job = worker.start(week_job, endless, WeekChoices(), GRID)
    _wait(lambda: job.progress().state is JobState.RUNNING, "the week never started")
    _wait(lambda: job.worker_pid is not None, "no process told")
    os.kill(job.worker_pid or 0, signal.SIGKILL)
    with pytest.raises(CartofluxError, match="interrompu"):
        job.result(PATIENCE_S)
    assert job.progress().state is JobState.FAILED
    again = worker.start(week_job, replace(villages(4), time_limit_s=1.0), WeekChoices(), GRID)
    assert again.result(PATIENCE_S).patterns


def test_a_killed_cluster_fails_its_jobs_and_is_started_again(worker: Worker) -> None:
    """The whole cluster dies: jobs say so, and the next submission starts another."""
    job = worker.submit(ENDLESS, GRID)
    _running(job)
    assert worker._process is not None
    worker._process.kill()
    with pytest.raises(CartofluxError, match="interrompu"):
        job.result(PATIENCE_S)
    assert worker.submit(TEN_STOPS, GRID, solutions=5).result(PATIENCE_S).rounds


def test_an_existing_cluster_is_used_by_its_address(worker: Worker, tmp_path: Path) -> None:
    """With an address, no process is started here."""
    worker.submit(TEN_STOPS, GRID, solutions=1).result(PATIENCE_S)
    assert worker._client is not None
    guest = Worker(tmp_path, worker._client.scheduler_info()["address"])
    assert guest.submit(TEN_STOPS, GRID, solutions=5).result(PATIENCE_S).rounds
    assert guest._process is None
    guest.close()


def test_an_address_that_does_not_answer_is_told_in_french(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No scheduler there: the job fails with a sentence, not a stack trace."""
    monkeypatch.setattr("optimization.worker.START_TIMEOUT_S", 1)
    lost = Worker(tmp_path, "tcp://127.0.0.1:1")
    job = lost.submit(TEN_STOPS, GRID)
    with pytest.raises(CartofluxError, match="démarrer"):
        job.result(PATIENCE_S)
    assert job.progress().state is JobState.FAILED
    lost.close()


def test_waiting_for_a_result_can_time_out(worker: Worker) -> None:
    """A result that is not there yet does not block for ever."""
    job = worker.submit(ENDLESS, GRID)
    with pytest.raises(TimeoutError):
        job.result(0.0)
    job.cancel()


def test_closing_leaves_no_process(tmp_path: Path) -> None:
    """The cluster's process ends with the worker; closing twice is quiet."""
    short = Worker(tmp_path)
    short.submit(TEN_STOPS, GRID, solutions=1).result(PATIENCE_S)
    process = short._process
    assert process is not None
    short.close()
    assert process.poll() is not None
    short.close()
