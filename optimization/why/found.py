"""What is found about a plan; imports nothing that solves."""

from dataclasses import dataclass

from optimization.why.changes import Change
from optimization.why.families import Family


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A change that serves a stop.

    Attributes:
        size: see the module.
        cost_eur: what the plan costs more.
        metres: what it rides more.
        also: other stops it serves at the same time, tied to it.
    """

    change: Change
    size: float
    cost_eur: float
    metres: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A stop left out and what would serve it.

    Attributes:
        answers: the smallest change first; empty = none alone.
        fits_now: it could be served with no change at all: a longer search would.
    """

    stop_id: str
    answers: tuple[Answer, ...]
    fits_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCost:
    """What a family of rules costs, at least.

    Attributes:
        saved_eur: the same stops without it, never negative.
        share: of the plan's cost.
        more_stops: stops left out that the rounds could take up without it.
    """

    family: Family
    saved_eur: float
    share: float
    more_stops: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCosts:
    """All families in use, the dearest first.

    Attributes:
        cost_eur: what they compare with: the plan, or a better one found on the way.
        better_eur: by how much that one is cheaper than the plan.
        complete: whether every family was tried.
    """

    cost_eur: float
    better_eur: float
    rules: tuple[RuleCost, ...]
    complete: bool
