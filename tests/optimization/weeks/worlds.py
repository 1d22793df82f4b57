"""Weeks made at random: villages around a depot, a few visits a week, storage that follows."""

import numpy as np

from data.model import Scenario
from tests.optimization.cases import bike, outlet, scenario, stop, window

STORAGE = {1: 7, 2: 4, 3: 3}
"""Longest storage asked, days: the least that one, two and three visits can keep."""


def villages(count: int, seed: int = 1, *, weekly_kg: float | None = None) -> Scenario:
    """That many stops, one to three visits a week, in villages within eight kilometres by road.

    Four bikes, two outlets of which the near one is limited to ``weekly_kg``; a third
    of the stops have a morning window.
    """
    random = np.random.default_rng(seed)
    centres = random.uniform(-4, 4, (max(3, count // 8), 2))
    stops = []
    for number in range(count):
        x, y = centres[random.integers(len(centres))] + random.normal(0, 0.6, 2)
        visits = int(random.integers(1, 4))
        stops.append(
            stop(
                number,
                round(float(x), 3),
                round(float(y), 3),
                kg_per_visit=float(random.integers(8, 41)),
                containers_per_visit=float(random.integers(1, 3)),
                visits_per_week=float(visits),
                longest_storage_days=STORAGE[visits],
                windows=((window(8, 11),), (), ())[number % 3],
            )
        )
    return scenario(
        stops,
        vehicles=(bike(count=4, capacity_kg=180.0, capacity_containers=10.0),),
        outlets=(outlet(weekly_capacity_kg=weekly_kg), outlet(2, -3.0, 2.0)),
    )
