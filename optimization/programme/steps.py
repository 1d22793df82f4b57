"""What status a synergy had on a day, read from its steps."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from data.model import StatusStep, Synergy, SynergyStatus
from data.synergies import DONE
from optimization.programme.period import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A synergy between the eve of a period and its last day.

    Attributes:
        before: status on the eve; ``None`` when it did not exist yet.
        after: status on the last day.
        reached: every status it entered during the period, in order.
    """

    synergy_id: str
    before: SynergyStatus | None
    after: SynergyStatus
    reached: tuple[SynergyStatus, ...]


def dated_steps(synergy: Synergy) -> tuple[StatusStep, ...]:
    """Return its steps by day; those of one day keep the order they were written in."""
    return tuple(sorted(synergy.steps, key=lambda step: step.day[:10]))


def status_on(synergy: Synergy, day: dt.date) -> SynergyStatus | None:
    """Return its status at the end of a day; ``None`` when it did not exist yet, or has no date."""
    found: SynergyStatus | None = None
    for step in dated_steps(synergy):
        if step.day[:10] > day.isoformat():
            break
        found = step.status
    return found


def moves(synergies: Iterable[Synergy], span: Span) -> tuple[Move, ...]:
    """Tell what became of each synergy that exists on the last day of a period."""
    eve = span.start - dt.timedelta(days=1) if span.start > dt.date.min else None
    found = []
    for synergy in synergies:
        after = status_on(synergy, span.end)
        if after is None:
            continue
        found.append(
            Move(
                synergy_id=synergy.id,
                before=status_on(synergy, eve) if eve else None,
                after=after,
                reached=tuple(s.status for s in dated_steps(synergy) if span.holds(s.day)),
            )
        )
    return tuple(found)


def working_days(synergy: Synergy, span: Span) -> int:
    """Count the days of a period on which it was realised (or lasting)."""
    steps = dated_steps(synergy)
    days = 0
    for index, step in enumerate(steps):
        if step.status not in DONE:
            continue
        begins = max(dt.date.fromisoformat(step.day[:10]), span.start)
        last = span.end
        if index + 1 < len(steps):
            after = dt.date.fromisoformat(steps[index + 1].day[:10])
            last = min(last, after - dt.timedelta(days=1)) if after > dt.date.min else last
        days += max(0, (last - begins).days + 1)
    return days
