"""Day patterns: which sets of days spread a stop's visits evenly over a week that repeats."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from optimization.weeks.model import DAYS_IN_WEEK, Pattern


def gaps(pattern: Iterable[int]) -> tuple[int, ...]:
    """Days from each visit to the next, the first of the next week included; they add up to 7."""
    days = sorted(pattern)
    following = [*days[1:], days[0] + DAYS_IN_WEEK] if days else []
    return tuple(after - day for day, after in zip(days, following, strict=True))


def unevenness(pattern: Iterable[int]) -> int:
    """Sum of the squared gaps: for a number of visits, the smaller the more even."""
    return sum(gap * gap for gap in gaps(pattern))


def even_patterns(
    days: Sequence[int],
    visits: int,
    longest_gap: int,
    allowed: Iterable[Pattern] | None = None,
) -> tuple[Pattern, ...]:
    """Patterns of that many visits on those days, as even as these days permit.

    Args:
        days: to choose from.
        visits: a week, at least one.
        longest_gap: most days between two visits, the week-end included.
        allowed: the only patterns to choose from, ``None`` = any.

    Returns:
        all those with the smallest unevenness, in order; none when the gap cannot be kept.
    """
    found = [frozenset(chosen) for chosen in combinations(sorted(set(days)), visits)]
    if allowed is not None:
        permitted = set(allowed)
        found = [pattern for pattern in found if pattern in permitted]
    found = [pattern for pattern in found if max(gaps(pattern), default=0) <= longest_gap]
    best = min((unevenness(pattern) for pattern in found), default=0)
    return tuple(pattern for pattern in found if unevenness(pattern) == best)


def fewest_visits(days: Sequence[int], longest_gap: int) -> int | None:
    """Fewest visits a week that keep the longest gap; ``None`` when even every day does not."""
    for visits in range(1, len(set(days)) + 1):
        if even_patterns(days, visits, longest_gap):
            return visits
    return None
