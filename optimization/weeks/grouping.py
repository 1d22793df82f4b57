"""Fewer days, where that costs less: fuller rounds, fewer ways from the depot and back."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from optimization.weeks.model import visits_of
from optimization.weeks.patterns import unevenness
from optimization.weeks.setting import Week


def on_fewer_days(week: Week) -> Iterator[Week]:
    """The same week on ever fewer of its days, spread as evenly as these permit.

    No stop has fewer visits for it. For each number of days the most even set that allows this
    counts, the first one in order if several do.
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
            if {left.stop_id for left in fewer.possible[1]} == unserved:
                yield fewer
                break
