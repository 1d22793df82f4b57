"""What has been proved about a plan; imports nothing that compiles."""

import math
from dataclasses import dataclass

TOLERANCE = 1e-6
"""Share of the cost, one cent added, below which a plan is told to be optimal."""

_CENT = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is known about the best plan serving the same stops.

    Attributes:
        bound_eur: no plan costs less, rounded down to the cent.
        cost_eur: of the plan given.
        optimal: nothing can be gained but a millionth and a cent.
        iterations: prices tried.
        complete: the search came to its end; more time would not help.
    """

    bound_eur: float
    cost_eur: float
    optimal: bool
    iterations: int
    complete: bool

    @property
    def gap(self) -> float:
        """Share of the possible minimum by which the plan is above it, at most."""
        if self.optimal:
            return 0.0
        return math.inf if self.bound_eur <= 0 else self.cost_eur / self.bound_eur - 1


def is_optimal(cost_eur: float, bound_eur: float | None) -> bool:
    """Whether a cost and a bound, both rounded to the cent, leave nothing worth gaining."""
    if bound_eur is None or bound_eur <= 0:
        return False
    return cost_eur - bound_eur <= 2 * _CENT + TOLERANCE * cost_eur + 1e-9
