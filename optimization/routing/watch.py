"""The clock of a search: how far it is, whether to stop, and signs of life for whoever waits."""

import math
import time

from optimization.routing.engine import Limits, OnProgress, SearchProgress, ShouldStop
from optimization.routing.problem import NANO_PER_EURO

TELL_EVERY_S = 0.25


class Watch:
    """Follows one search against its limits.

    Args:
        limits: what may be spent.
        on_progress: told of each better plan and regularly in between.
        should_stop: asked when :meth:`over` is.
    """

    def __init__(
        self, limits: Limits, on_progress: OnProgress | None, should_stop: ShouldStop | None
    ) -> None:
        self._limits = limits
        self._report = on_progress
        self._should_stop = should_stop
        self._began = time.monotonic()
        self._told = -math.inf
        self._told_cost = math.inf
        self._stopped = False
        self.solutions = 0

    @property
    def elapsed_s(self) -> float:
        """Wall seconds since the search began."""
        return time.monotonic() - self._began

    @property
    def counted(self) -> bool:
        """Whether the search is bounded by plans examined, so that it must be repeatable."""
        return self._limits.solutions is not None

    @property
    def cancelled(self) -> bool:
        """Whether the person gave up."""
        if not self._stopped and self._should_stop is not None:
            self._stopped = self._should_stop()
        return self._stopped

    @property
    def left_s(self) -> float:
        """Wall seconds left."""
        return self._limits.seconds - self.elapsed_s

    @property
    def left(self) -> int | None:
        """Plans left to examine, ``None`` for no such limit."""
        if self._limits.solutions is None:
            return None
        return max(0, self._limits.solutions - self.solutions)

    def share_done(self) -> float:
        """Share of the budget used, in time or in plans examined, 1 when it is all gone."""
        done = self.elapsed_s / self._limits.seconds if self._limits.seconds > 0 else 1.0
        if self._limits.solutions is not None:
            done = max(done, self.solutions / max(1, self._limits.solutions))
        return min(1.0, done)

    def over(self) -> bool:
        """Whether the budget is gone or the person gave up."""
        return self.share_done() >= 1 or self.cancelled

    def tell(self, cost_neur: int, unserved: int) -> None:
        """Report the best plan, at once when it is better, else several times a second."""
        elapsed = self.elapsed_s
        better = cost_neur < self._told_cost
        if self._report is None or (not better and elapsed - self._told < TELL_EVERY_S):
            return
        self._told, self._told_cost = elapsed, min(cost_neur, self._told_cost)
        self._report(
            SearchProgress(
                best_cost_eur=cost_neur / NANO_PER_EURO,
                unserved=unserved,
                solutions=self.solutions,
                elapsed_s=elapsed,
            )
        )
