"""A planned week as it is kept. Days are numbered as in ``date.weekday``: 0 is Monday."""

from dataclasses import dataclass

from data.model.common import Origin
from data.model.plan import Round, UnservedStop


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The days on which a stop is visited, or might be."""

    stop_id: str
    weekdays: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFleet:
    """How many vehicles of a kind are at hand on a day, where that differs from the scenario."""

    weekday: int
    vehicle_id: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDay:
    """The rounds of one working day, and that day's visits left out.

    Attributes:
        cost_eur: of that day's rounds.
    """

    weekday: int
    rounds: tuple[Round, ...]
    unserved: tuple[UnservedStop, ...]
    cost_eur: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A whole week of rounds, kept as one record beside the scenario with all its stops.

    Attributes:
        monday: ISO date of its Monday, empty for « une semaine type ».
        fleet: days with other vehicles at hand than the scenario says.
        allowed: the only day patterns a stop may have, one line each; others learn theirs.
        passages: the days of each stop that has any, visits left out included.
        days: the working days, in order, those without a round included.
        without: stops with no visit at all, with the reason.
        cost_eur: of all rounds.
        improved_eur: what deciding days and rounds together saved on the first choice of days.
        bound_eur: no week making the same visits costs less, or ``None`` when none is known.
        travel_margin: relative error (p90) of a round's length with this travel source.
    """

    id: str
    scenario_id: str
    name: str
    created_at: str
    monday: str
    fleet: tuple[DayFleet, ...]
    allowed: tuple[Passage, ...]
    passages: tuple[Passage, ...]
    days: tuple[WeekDay, ...]
    without: tuple[UnservedStop, ...]
    travel_source: str
    travel_margin: float
    engine: str
    cost_eur: float
    bound_eur: float | None = None
    improved_eur: float = 0.0
    elapsed_s: float = 0.0
    solutions: int = 0
    origin: Origin = Origin.FIELD
    revision: int = 0
