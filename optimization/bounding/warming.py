"""Compiling the proof's kernels ahead of time."""

import numpy as np

from optimization.bounding.instance import instance_of
from optimization.bounding.pricing import Pricer
from optimization.routing.warming import smallest_problem


def warm_up() -> None:
    """Compile the kernels, or load them from the cache.

    Some twenty seconds the first time, a fraction of a second afterwards. A sibling of
    ``optimization.routing.warm_up``, to be called in the same places.
    """
    problem = smallest_problem()
    pricer = Pricer(instance_of(problem, problem.n_stops), 1_000)
    prices = np.ones(problem.n_stops)
    pricer.cheapest(0, prices, rough=False)
    pricer.list_shifts(0, prices, most=1.0)
