"""Compiling ahead of time, so that nobody waits for the compiler."""

import numpy as np

from optimization.routing.engine import Limits
from optimization.routing.problem import ALWAYS, NO_LIMIT, Kind, Problem


def warm_up() -> None:
    """Compile the ruin-and-recreate kernel, or load it from the cache.

    To be called when the application is set up, and when a worker starts: up to a minute the
    first time, a fraction of a second afterwards.
    """
    # Imported here: pages import the package ``optimization.routing`` but never compile.
    from optimization.routing.portfolio import PortfolioEngine, Second  # noqa: PLC0415

    engine = PortfolioEngine(Second.NOTHING, recombining=False)
    engine.solve(_smallest(), Limits(seconds=600.0, solutions=20))


def _smallest() -> Problem:
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
