"""Seasons people say in one word, and the twelve monthly weights they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from data.model import Period

MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_WEEKS_PER_YEAR: Final = 52
_STEADY: Final = (1.0,) * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A season.

    Attributes:
        weights: twelve monthly weights, January first; 1 = a full month.
        weeks: weeks of activity a year, rounded.
    """

    name: str
    weights: tuple[float, ...]
    weeks: int


def _months(name: str, first: int, last: int, weeks: int) -> Season:
    """From month ``first`` to ``last`` (1-12), over the new year when last comes before."""
    inside = {(first - 1 + step) % 12 for step in range((last - first) % 12 + 1)}
    weights = tuple(1.0 if month in inside else 0.0 for month in range(12))
    return Season(name=name, weights=weights, weeks=weeks)


SEASONS: Final = (
    Season(name="Toute l’année", weights=(), weeks=_WEEKS_PER_YEAR),
    _months("Vendanges (septembre, octobre)", 9, 10, 9),
    # School weeks of a month over its weeks; the three zones differ by a week or two in spring.
    Season(
        name="Hors vacances scolaires",
        weights=(1.0, 0.5, 1.0, 0.5, 1.0, 1.0, 0.1, 0.0, 1.0, 0.6, 1.0, 0.6),
        weeks=36,
    ),
    _months("Été (juin à septembre)", 6, 9, 17),
    _months("Hiver (novembre à mars)", 11, 3, 22),
    _months("Printemps (mars à mai)", 3, 5, 13),
    _months("Saison touristique (avril à octobre)", 4, 10, 30),
)


def season_of(weights: Sequence[float]) -> Season | None:
    """Find the season that has these weights, or ``None``."""
    given = () if tuple(weights) == _STEADY else tuple(weights)
    return next((season for season in SEASONS if season.weights == given), None)


def from_months(months: Sequence[int]) -> tuple[float, ...]:
    """Weights of chosen months (1-12); all or none of them means the whole year."""
    chosen = set(months)
    if len(chosen) in {0, 12}:
        return ()
    return tuple(1.0 if month in chosen else 0.0 for month in range(1, 13))


def months_of(weights: Sequence[float]) -> tuple[int, ...]:
    """Months (1-12) that have some weight."""
    return tuple(month for month, weight in enumerate(weights, start=1) if weight > 0)


def periods_in(period: Period, weeks: int) -> int:
    """How many days, weeks or months a season of ``weeks`` has, for « périodes par an »."""
    return {
        Period.DAY: weeks * 7,
        Period.WEEK: weeks,
        Period.MONTH: max(1, round(weeks * 12 / _WEEKS_PER_YEAR)),
        Period.QUARTER: max(1, round(weeks * 4 / _WEEKS_PER_YEAR)),
        Period.YEAR: 1,
    }[period]
