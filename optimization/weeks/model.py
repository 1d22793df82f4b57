"""A week to plan and a week planned. Days are numbered as in ``date.weekday``: 0 is Monday."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from data.model import Plan, Scenario, UnservedReason, UnservedStop

DAYS_IN_WEEK = 7
DAY_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)

Pattern = frozenset[int]
"""The days on which a stop is visited, the same every week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChoices:
    """What a week needs beside a day's scenario.

    Attributes:
        days: on which vehicles go out.
        vehicles: how many vehicles of each id are at hand on a day, where that differs from the
            scenario's counts.
        allowed: the only patterns a stop may have, by stop id; others learn theirs.
        monday: ISO date of the week's Monday, empty for « une semaine type ».
        grouped: whether fewer days may do, where that costs less.
    """

    days: tuple[int, ...] = MONDAY_TO_FRIDAY
    vehicles: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    allowed: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    monday: str = ""
    grouped: bool = False

    def count(self, day: int, vehicle_id: str, usual: int) -> int:
        """How many of those vehicles are at hand on that day."""
        return self.vehicles.get(day, {}).get(vehicle_id, usual)

    def date_of(self, day: int) -> str:
        """ISO date of a day, empty in « une semaine type »."""
        if not self.monday:
            return ""
        return (date.fromisoformat(self.monday) + timedelta(days=day)).isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """One day of a week.

    Attributes:
        scenario: that day's stops, one visit each, and vehicles; ``plan`` answers it.
    """

    day: int
    scenario: Scenario
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysTried:
    """What the first rounds on some days cost, found in a part of the time.

    Attributes:
        missed: visits left out.
    """

    days: tuple[int, ...]
    cost_eur: float
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A visit that no round makes.

    Attributes:
        day: when it was meant, ``None`` = the stop has no visit at all this week.
        visits: how many visits are lost.
    """

    stop_id: str
    day: int | None
    visits: int
    reason: UnservedReason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPlan:
    """A week of rounds.

    Attributes:
        patterns: days of each stop that has any, visits left out included.
        days: the working days, in order, those without a round included.
        without: stops with no visit at all, with the reason.
        cost_eur: of all rounds.
        improved_eur: what deciding days and rounds together saved on the first choice of days.
        solutions: candidate plans examined.
        bound_eur: no week making the same visits costs less; ``None`` while nothing is proved.
        tried: sets of days compared before those of ``choices`` were taken; not kept with it.
    """

    scenario: Scenario
    choices: WeekChoices
    patterns: Mapping[str, Pattern]
    days: tuple[DayPlan, ...]
    without: tuple[UnservedStop, ...]
    cost_eur: float
    improved_eur: float
    elapsed_s: float
    solutions: int
    engine: str
    travel_source: str
    travel_margin: float
    bound_eur: float | None = None
    tried: tuple[DaysTried, ...] = ()

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Every visit that no round makes, with its reason."""
        wanted = {stop.id: visits_of(stop.visits_per_week) for stop in self.scenario.stops}
        whole = [
            LeftOut(
                stop_id=left.stop_id,
                day=None,
                visits=wanted[left.stop_id],
                reason=left.reason,
                detail=left.detail,
            )
            for left in self.without
        ]
        return (
            *whole,
            *(
                LeftOut(
                    stop_id=left.stop_id,
                    day=one.day,
                    visits=1,
                    reason=left.reason,
                    detail=left.detail,
                )
                for one in self.days
                for left in one.plan.unserved
            ),
        )


def visits_of(visits_per_week: float) -> int:
    """Whole visits planned in a week: a visit every other week is planned in this one."""
    whole = int(visits_per_week)
    return whole if whole == visits_per_week else whole + 1
