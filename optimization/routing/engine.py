"""The one Protocol that every solver implements."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from optimization.routing.problem import Problem
from optimization.routing.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to stop and where randomness starts.

    Attributes:
        seconds: wall-clock budget; ``inf`` for none.
        solutions: budget in candidate plans examined; ``None`` for none. The same problem, seed
            and solution budget (with time to spare) give the same plan.
        seed: of the only random generator used.
    """

    seconds: float = 10.0
    solutions: int | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchProgress:
    """How far a search has come.

    Attributes:
        best_cost_eur: cost of the best plan so far; stops left out are not in it.
        unserved: stops that plan leaves out.
        solutions: candidate plans examined.
    """

    best_cost_eur: float
    unserved: int
    solutions: int
    elapsed_s: float


OnProgress = Callable[[SearchProgress], None]
ShouldStop = Callable[[], bool]


class Engine(Protocol):
    """Anything that plans rounds."""

    @property
    def name(self) -> str:
        """Shown with the plan, for example « OR-Tools 9.15 »."""

    def solve(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> Solution:
        """Return the best plan found; it obeys every limit of the problem.

        ``should_stop`` is asked several times a second; once it says yes, the best plan so far is
        returned at once.
        """
