"""A plan made better without ever getting worse: searched anew, then step by step."""

import time
from collections.abc import Callable, Iterable

import numpy as np

from optimization.planning import fit_engine
from optimization.routing.engine import Limits
from optimization.routing.insertion import Insertion, flatten
from optimization.routing.ortools_engine import OrToolsEngine
from optimization.routing.pricing import assembled
from optimization.routing.problem import Problem
from optimization.routing.ruin import Lines, Ruin
from optimization.routing.rules import pieces, spread_price
from optimization.routing.solution import Solution
from optimization.routing.warming import is_warm

SEARCH_SHARE = 0.5
"""Of the time, for a new search; the rest goes to small steps from the better plan."""


def improved(
    problem: Problem,
    start: Solution,
    *,
    seconds: float,
    solutions: int | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """A plan that serves the same stops and weighs at most as much.

    Args:
        problem: with no stops but those that ``start`` serves.
        start: a plan that serves them all.
        seconds: wall-clock budget of the whole.
        solutions: budget in plans examined, for each half, for repeatable results.
        should_stop: asked several times a second.
    """
    limits = Limits(seconds=seconds * SEARCH_SHARE, solutions=solutions, seed=1)
    # Nobody waits for the compiler here either.
    engine = fit_engine(None if is_warm() else OrToolsEngine(), problem)
    found = engine.solve(problem, limits, None, should_stop)
    steps = _Steps(problem, start)
    steps.offer([(route.kind, flatten(problem, route)) for route in found.routes])
    deadline = time.monotonic() + seconds * (1 - SEARCH_SHARE)
    tried = 0
    while time.monotonic() < deadline and (solutions is None or tried < solutions):
        if should_stop is not None and should_stop():
            break
        steps.step()
        tried += 1
    return steps.best()


class _Steps:
    """Takes a few stops out of the best plan and puts them back, as long as it helps."""

    def __init__(self, problem: Problem, start: Solution) -> None:
        self._problem = problem
        self._random = np.random.default_rng(1)
        self._ruin = Ruin(problem, self._random)
        self._pieces = pieces(problem)
        self._work = Insertion(problem, start.routes)
        self._lines: Lines = list(self._work.lines)
        self._weight = self._weighed()

    def best(self) -> Solution:
        """The lightest plan so far."""
        self._work.load(self._lines)
        return assembled(self._problem, self._work.routes(), 0)

    def offer(self, lines: Lines) -> None:
        """Take over another plan if it serves all and weighs less."""
        self._work.load(lines)
        if len(self._served(lines)) == self._problem.n_stops:
            self._keep()

    def step(self) -> None:
        """One try."""
        out, left = self._ruin(list(self._lines))
        self._work.load(left)
        self._random.shuffle(out)
        if self._put_back(out):
            self._keep()

    def _put_back(self, out: Iterable[int]) -> bool:
        done: set[int] = set()
        for stop in out:
            if stop in done:
                continue
            run = self._pieces.get(stop, (stop,))
            done |= set(run)
            place = self._work.cheapest(stop) if len(run) == 1 else self._work.cheapest_run(run)
            if place is None:
                return False
            self._work.insert(place)
        return True

    def _keep(self) -> None:
        weight = self._weighed()
        if weight is not None and (self._weight is None or weight < self._weight):
            self._lines, self._weight = list(self._work.lines), weight

    def _weighed(self) -> int | None:
        """n€, unequal rounds priced in; ``None`` when they are too unequal."""
        weight, excess = spread_price(self._problem, self._work.durations_s())
        return None if excess else self._work.cost_neur() + weight

    def _served(self, lines: Lines) -> set[int]:
        first = 1 + self._problem.n_outlets
        return {place for _, flat in lines for place in flat if place >= first}
