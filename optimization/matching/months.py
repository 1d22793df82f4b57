"""When a listing is there: its share of each of the next twelve months."""

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

MONTHS: Final = 12
FIRST_DAY: Final = dt.date.min.toordinal()
LAST_DAY: Final = dt.date.max.toordinal()


def read_day(text: str, default: int) -> int:
    """Proleptic ordinal of an ISO date, or ``default`` when the text is empty.

    Raises:
        ValueError: the text is not an ISO date (the model's rules refuse it earlier).
    """
    return dt.date.fromisoformat(text[:10]).toordinal() if text else default


def bounds(today: dt.date) -> list[tuple[int, int]]:
    """First and last ordinal day of the twelve months that begin with today's."""
    found = []
    for step in range(MONTHS):
        year, month = divmod(today.year * MONTHS + today.month - 1 + step, MONTHS)
        first = dt.date(year, month + 1, 1).toordinal()
        found.append((first, first + calendar.monthrange(year, month + 1)[1] - 1))
    return found


def presence(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    seasons: Sequence[tuple[float, ...]],
    today: dt.date,
) -> NDArray[np.float64]:
    """Share of each coming month a listing is there, shape (n, 12), 0 to 1.

    Days within its dates over the days of the month, times the season's weight of that month
    over the season's greatest.

    Args:
        first: ordinal day it begins, shape (n,).
        last: ordinal day it ends, shape (n,).
        seasons: twelve weights from January, or empty when steady, length n.
        today: its month is the first.
    """
    table = np.empty((len(first), MONTHS), dtype=np.float64)
    for month, (start, end) in enumerate(bounds(today)):
        days = np.minimum(last, end) - np.maximum(first, start) + 1
        table[:, month] = np.clip(days, 0, None) / (end - start + 1)
    for row, season in enumerate(seasons):
        if season and max(season) > 0:
            weights = np.asarray(season, dtype=np.float64) / max(season)
            table[row] *= np.roll(weights, 1 - today.month)
    return table
