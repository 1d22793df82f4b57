"""Fewer days, where that costs less: fuller rounds, fewer ways from the depot and back."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from data.errors import InputError
from optimization.weeks.model import visits_of
from optimization.weeks.patterns import unevenness
from optimization.weeks.setting import Week
from optimization.weeks.validation import validate_week


def on_fewer_days(week: Week) -> Iterator[Week]:
    """The same week on ever fewer of its days, spread as evenly as these permit.

    The week can be planned on all of them, and no stop has fewer visits for it. For each number of
    days the most even set that allows this counts, the first one in order if several do.
    """
    days = week.choices.days
    unserved = {left.stop_id for left in week.possible[1]}
    most = max(
        (
            visits_of(stop.visits_per_week)
            for stop in week.scenario.stops
            if stop.id not in unserved
        ),
        default=len(days),
    )
    for size in range(len(days) - 1, most - 1, -1):
        for kept in sorted(combinations(days, size), key=unevenness):
            fewer = Week(week.scenario, replace(week.choices, days=kept), week.travel)
            if _holds(fewer) and {left.stop_id for left in fewer.possible[1]} == unserved:
                yield fewer
                break


def _holds(week: Week) -> bool:
    """Whether every stop has its visits and its storage on these days."""
    try:
        validate_week(week.scenario, week.choices)
    except InputError:
        return False
    return True
