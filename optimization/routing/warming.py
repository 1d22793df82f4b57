"""Compiling ahead of time, so that nobody waits for the compiler."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from data.settings import ROOT
from optimization.routing.engine import Limits
from optimization.routing.problem import ALWAYS, NO_LIMIT, Kind, Problem
from optimization.routing.ruin_recreate.machine_code import FOLDER, READY

_QUIETLY = """
import os; os.nice(10)
from optimization.routing.warming import warm_up; warm_up()
from optimization.bounding.warming import warm_up; warm_up()
"""
"""Below the pages: somebody may already be at work. The engine first, then its proofs."""


def is_warm() -> bool:
    """Whether the machine code of these very sources is on disk."""
    return READY.exists()


def warm_up() -> None:
    """Compile the ruin-and-recreate kernel, or load it from the cache.

    Up to a minute the first time, a fraction of a second afterwards. Of several processes at
    once, one compiles and the others wait for it.
    """
    # Imported here: pages import the package ``optimization.routing`` but never compile.
    from optimization.routing.portfolio import PortfolioEngine, Second  # noqa: PLC0415

    with _one_at_a_time():
        engine = PortfolioEngine(Second.NOTHING, recombining=False)
        engine.solve(smallest_problem(), Limits(seconds=600.0, solutions=20))
        READY.touch()


def start_warming() -> None:
    """Compile in a process of its own, if that is still to be done; never blocks."""
    if is_warm():
        return
    subprocess.Popen(  # noqa: S603 (our own module)
        [sys.executable, "-c", _QUIETLY],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, however we end
        yield


def smallest_problem() -> Problem:
    """Two stops, an outlet, a vehicle."""
    legs = 60 * (1 - np.eye(4, dtype=np.int64))[None]
    ones = np.ones(2, np.int64)
    vehicle = Kind(
        vehicle_id="vehicle",
        count=1,
        profile=0,
        capacity_g=1,
        capacity_mc=NO_LIMIT,
        range_m=NO_LIMIT,
        shift_start_s=0,
        shift_end_s=3600,
        fixed_neur=1,
        second_neur=1,
        metre_neur=1,
    )
    return Problem(
        stop_ids=("a", "b"),
        outlet_ids=("outlet",),
        kinds=(vehicle,),
        distance_m=legs,
        duration_s=legs,
        demand_g=ones,
        demand_mc=ones,
        weekly_g=ones,
        service_s=ones,
        windows=(ALWAYS, ALWAYS),
        skip_neur=np.full(2, NO_LIMIT),
        unload_s=ones[:1],
        outlet_windows=(ALWAYS,),
        outlet_weekly_g=np.full(1, NO_LIMIT),
    )
