"""Searches that a portfolio runs side by side, one on each core."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from optimization.routing.pricing import assembled, objective, route_cost
from optimization.routing.problem import Problem
from optimization.routing.pyvrp_engine import PyvrpSearch
from optimization.routing.ruin_recreate.core import Core
from optimization.routing.solution import Route

STRETCH_STEPS = 500
STRETCH_S = 0.05
"""Steps between two looks at the clock, adapted to last about that long unless counted."""

FEWEST_STRETCHES = 16
"""In a phase, however short: heat is changed between stretches."""

STEPS_PER_ITERATION = 30
"""Ruin-and-recreate steps done in about the time of one PyVRP iteration."""

PATIENCE = 25
"""PyVRP iterations a stop without a better plan, before it starts elsewhere."""

SEEDS_APART = 7_919
"""Between the seeds of one start of PyVRP and the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of the budget.

    Attributes:
        steps: ruin-and-recreate steps for each member, ``None`` when only time counts.
        seconds: wall-clock time, from ``began`` on ``time.monotonic``'s clock.
        hot, cold: first and last temperature, in prices of a leg between near stops.
    """

    steps: int | None
    seconds: float
    began: float
    hot: float
    cold: float

    def share(self, done: int) -> float:
        """Share of the phase spent after ``done`` steps, 1 at its end."""
        share = (time.monotonic() - self.began) / self.seconds if self.seconds > 0 else 1.0
        if self.steps is not None:
            share = max(share, done / self.steps) if self.steps else 1.0
        return min(1.0, share)


class Member(Protocol):
    """A search that goes on phase after phase."""

    def run(self, phase: Phase, halted: Callable[[], bool], tick: Callable[[int], None]) -> None:
        """Search for a phase; tell ``tick`` how many steps were done since it was last told."""

    def best(self) -> tuple[Route, ...] | None:
        """Routes of the best plan, ``None`` while there is none."""

    def go_to(self, routes: Sequence[Route]) -> None:
        """Search on from that plan."""

    def good_routes(self) -> list[tuple[Route, int]]:
        """Good routes met since last asked, with their n€."""


class RuinMember:
    """Ruin and recreate, annealed over each phase."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.core = Core(problem, seed)
        self._steps = STRETCH_STEPS

    def run(self, phase: Phase, halted: Callable[[], bool], tick: Callable[[int], None]) -> None:
        """See :class:`Member`."""
        done = 0
        while (share := phase.share(done)) < 1 and not halted():
            steps = self._steps
            if phase.steps is not None:
                even = -(-phase.steps // FEWEST_STRETCHES)
                steps = min(STRETCH_STEPS, even, phase.steps - done)
            began = time.monotonic()
            self.core.run(steps, phase.hot * (phase.cold / phase.hot) ** share)
            ended = time.monotonic()
            left = phase.began + phase.seconds - ended
            stretch = min(STRETCH_S, phase.seconds / FEWEST_STRETCHES, max(1e-3, left))
            self._steps = max(10, min(100_000, int(steps * stretch / max(1e-4, ended - began))))
            done += steps
            tick(steps)

    def best(self) -> tuple[Route, ...] | None:
        """See :class:`Member`."""
        return self.core.best()

    def go_to(self, routes: Sequence[Route]) -> None:
        """See :class:`Member`."""
        self.core.go_to(routes)

    def good_routes(self) -> list[tuple[Route, int]]:
        """See :class:`Member`."""
        return self.core.good_routes()


class PyvrpMember:
    """PyVRP, started again elsewhere where it finds nothing more: its starts end far apart."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self._problem = problem
        self._seed = seed
        self._search = PyvrpSearch(problem, seed)
        self._patience = PATIENCE * problem.n_stops
        self._starts = 1
        self._idle = 0
        self._best: tuple[Route, ...] | None = None
        self._met: list[tuple[Route, int]] = []

    def run(self, phase: Phase, halted: Callable[[], bool], tick: Callable[[int], None]) -> None:
        """See :class:`Member`."""
        done = 0
        over = False

        def stop(best_cost: int) -> bool:  # noqa: ARG001 (PyVRP's signature)
            nonlocal done, over
            if done:
                tick(STEPS_PER_ITERATION)
            over = phase.share(done) >= 1 or halted()
            done += STEPS_PER_ITERATION
            self._idle += 1
            return over or self._idle > self._patience

        def seen(routes: tuple[Route, ...]) -> None:
            self._idle = 0
            self._met += [(route, route_cost(self._problem, route)) for route in routes]

        while not over:
            if self._idle > self._patience:
                self._search = PyvrpSearch(self._problem, self._seed + SEEDS_APART * self._starts)
                self._starts += 1
                self._idle = 0
            self._search.run(stop, seen)
            self._keep(self._search.best())

    def _keep(self, routes: tuple[Route, ...] | None) -> None:
        if routes is None:
            return
        if self._best is None or self._price(routes) < self._price(self._best):
            self._best = routes

    def _price(self, routes: tuple[Route, ...]) -> int:
        return objective(self._problem, assembled(self._problem, routes, 0))

    def best(self) -> tuple[Route, ...] | None:
        """See :class:`Member`."""
        return self._best

    def go_to(self, routes: Sequence[Route]) -> None:
        """See :class:`Member`."""
        self._idle = 0
        self._search.go_to(routes)

    def good_routes(self) -> list[tuple[Route, int]]:
        """See :class:`Member`."""
        met, self._met = self._met, []
        return met
