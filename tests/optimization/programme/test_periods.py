"""Periods of a report, and the status a synergy had on a day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.model import StatusStep, Synergy, SynergyStatus
from data.synergies import DONE
from optimization.programme import Span, moves, quarter, status_on, year
from optimization.programme.steps import working_days

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31))


@st.composite
def synergies(draw: st.DrawFn) -> Synergy:
    """Build a synergy with any dated history."""
    days = sorted(draw(st.lists(DAYS, min_size=1, max_size=5)))
    steps = tuple(
        StatusStep(status=draw(st.sampled_from(SynergyStatus)), day=day.isoformat(), reason="r")
        for day in days
    )
    return Synergy(id="s", title="S", status=steps[-1].status, steps=steps, reason="r")


spans = st.builds(lambda a, b: Span(min(a, b), max(a, b)), DAYS, DAYS)


def test_quarters_fill_the_year() -> None:
    """The four quarters follow one another from the first of January to the last of December."""
    four = [quarter(2024, number) for number in range(1, 5)]
    assert sum(one.days for one in four) == year(2024).days == 366
    assert [one.previous for one in four[1:]] == four[:-1]
    assert four[0].previous == quarter(2023, 4)


def test_period_upside_down_is_refused() -> None:
    """A period that ends before it begins is refused with both dates."""
    with pytest.raises(InputError, match=r"01/03/2026.*02/03/2026"):
        Span(dt.date(2026, 3, 2), dt.date(2026, 3, 1))


def test_labels_in_words() -> None:
    """Years and quarters have a name, other periods two dates."""
    assert year(2026).label == "année 2026"
    assert quarter(2026, 2).label == "2e trimestre 2026"
    assert Span(dt.date(2026, 2, 1), dt.date(2026, 3, 15)).label == "du 01/02/2026 au 15/03/2026"


@given(spans)
def test_previous_period_touches_this_one(span: Span) -> None:
    """The previous period ends on the eve of this one."""
    assert span.previous.end == span.start - dt.timedelta(days=1)


@given(synergies(), DAYS)
def test_status_on_a_day_is_the_last_step_so_far(synergy: Synergy, day: dt.date) -> None:
    """No later step is ever looked at, and a day after all steps gives the current status."""
    past = [step.status for step in synergy.steps if step.day <= day.isoformat()]
    assert status_on(synergy, day) == (past[-1] if past else None)
    assert status_on(synergy, dt.date(2028, 1, 1)) is synergy.status


@given(st.lists(synergies(), max_size=4), spans)
def test_consecutive_periods_agree(found: list[Synergy], span: Span) -> None:
    """What a period leaves at its end is what the next one finds on its eve."""
    later = Span(span.end + dt.timedelta(days=1), span.end + dt.timedelta(days=30))
    before = sorted(str(move.after) for move in moves(found, span))
    after = sorted(str(m.before) for m in moves(found, later) if m.before is not None)
    assert before == after


@given(synergies(), spans)
def test_working_days_counted_one_by_one(synergy: Synergy, span: Span) -> None:
    """Days at work are those on which, asked day by day, the synergy was realised."""
    span = Span(span.start, min(span.end, span.start + dt.timedelta(days=200)))
    each = (span.start + dt.timedelta(days=n) for n in range(span.days))
    assert working_days(synergy, span) == sum(status_on(synergy, day) in DONE for day in each)
