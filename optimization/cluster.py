"""The local Dask cluster, in a process of its own: ``python -m optimization.cluster DIRECTORY``.

Why not inside the web process: Dask starts its workers by importing the parent's main module
again, and in a Streamlit thread that module is the page being drawn; and the scheduler then does
not compete with the pages for the interpreter.

Protocol: the scheduler's address is the first line on standard output; the cluster closes when
standard input does, so it never outlives the process that started it, however that one ends.
"""

import os
import sys
from pathlib import Path

import dask
from distributed import LocalCluster

WORKERS = 2
LOOPBACK = "127.0.0.1"
_PATIENCE = 10
"""Niceness: on a machine of two cores, people who browse come before plans that are computed."""

SETTINGS = {
    # A killed worker fails its job at once: the person is told and decides.
    "distributed.scheduler.allowed-failures": 0,
    # Waiting jobs stay with the scheduler, so that a killed worker fails its own job only.
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


def serve(directory: Path) -> None:
    """Run the cluster until standard input closes."""
    dask.config.set(SETTINGS)
    os.nice(_PATIENCE)  # the workers inherit it
    directory.mkdir(parents=True, exist_ok=True)
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=WORKERS,
        threads_per_worker=1,
        processes=True,
        host=LOOPBACK,
        dashboard_address=f"{LOOPBACK}:0",  # any free port; nothing is served there
        scheduler_kwargs={"dashboard": False},
        local_directory=str(directory),
    ) as cluster:
        sys.stdout.write(f"{cluster.scheduler_address}\n")
        sys.stdout.flush()
        os.dup2(2, 1)  # what workers print later goes to the log, nobody reads the pipe
        sys.stdin.read()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
