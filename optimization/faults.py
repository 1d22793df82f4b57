"""The laws that a plan can break."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """Which law is broken."""

    REFERENCE = "reference"
    COVERAGE = "coverage"
    FLEET = "fleet"
    SHAPE = "shape"
    DISTANCE = "distance"
    TIME = "time"
    WINDOW = "window"
    SHIFT = "shift"
    LOAD = "load"
    CAPACITY = "capacity"
    RANGE = "range"
    OUTLET = "outlet"
    COST = "cost"
    ACCESS = "access"
    RESOURCE = "resource"
    PAUSE = "pause"
    COUNT = "count"
    LOCK = "lock"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A law that a plan breaks.

    Attributes:
        message: French sentence.
        round_number: 1-based place of the round in the plan, when one is at fault.
    """

    kind: FaultKind
    message: str
    round_number: int | None = None


Finding = tuple[FaultKind, str]
"""What is broken, and how, in French."""
