"""Ruin and recreate alone, on one core."""

import time
from collections.abc import Callable

from optimization.routing.engine import Limits, OnProgress, ShouldStop
from optimization.routing.pricing import assembled
from optimization.routing.problem import Feature, Problem
from optimization.routing.ruin_recreate.core import Core
from optimization.routing.ruin_recreate.instance import is_direct, is_timed
from optimization.routing.solution import Solution
from optimization.routing.watch import Watch

STRETCH_STEPS = 500
STRETCH_S = 0.02
"""Steps between two looks at the clock, adapted to last about that long."""


KNOWN = frozenset({Feature.ACCESS, Feature.PRIORITIES, Feature.MAX_STOPS, Feature.MAX_TRIPS})
"""Rules that the kernel keeps; see ``Problem.features``."""


def extremes(problem: Problem) -> tuple[float, float]:
    """First and last temperature, in prices of a leg between near stops.

    Where shifts cost something, the number and kinds of shifts are the hard part of the search:
    it takes more heat to change them. Without windows the search settles later (all measured).
    """
    if not is_direct(problem):
        return 10.0, 0.3
    return (1.0, 0.05) if is_timed(problem) else (1.0, 0.02)


def heat(problem: Problem) -> Callable[[float], float]:
    """Temperature by share of the budget done."""
    hot, cold = extremes(problem)
    return lambda done: float(hot * (cold / hot) ** done)


class RuinRecreateEngine:
    """Slack-induced string removals with simulated annealing."""

    features = KNOWN

    @property
    def name(self) -> str:
        """As shown with the plan."""
        return "Destruction-reconstruction"

    def solve(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> Solution:
        """Return the best plan found within the limits; see :class:`Engine`."""
        watch = Watch(limits, on_progress, should_stop)
        if not (problem.n_stops and problem.n_outlets and sum(k.count for k in problem.kinds)):
            return assembled(problem, (), watch.solutions)
        core = Core(problem, limits.seed)
        temperature = heat(problem)
        steps = STRETCH_STEPS
        core.run(1, temperature(0.0))
        while not watch.over():
            began = time.monotonic()
            left = watch.left
            steps = steps if left is None else min(STRETCH_STEPS, left)
            core.run(steps, temperature(watch.share_done()))
            watch.solutions += steps
            spent = max(1e-4, time.monotonic() - began)
            steps = max(10, min(100_000, int(steps * STRETCH_S / spent)))
            watch.tell(*core.summary())
        return assembled(problem, core.best(), watch.solutions)
