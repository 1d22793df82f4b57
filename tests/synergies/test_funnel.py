"""The funnel and the stalls: counts that add up."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from data.model import Synergy, SynergyStatus
from data.synergies import CHAIN, entries, funnel, stalls
from tests.synergies.cases import days, histories, synergy, went

TODAY = date(2026, 6, 1)


@given(st.lists(histories(), max_size=8), days(), days())
def test_the_funnel_narrows_and_adds_up(found: list[Synergy], one: date, other: date) -> None:
    """Nobody reaches a status without the ones before; those who stand somewhere are everyone."""
    start, end = sorted((one, other))
    counted = funnel(found, start=start, end=end)
    reached = [counted.reached[status] for status in CHAIN]
    assert reached == sorted(reached, reverse=True)
    assert reached[0] == counted.total == sum(counted.standing.values())


@given(st.lists(histories(), max_size=8), days())
def test_two_periods_make_the_whole(found: list[Synergy], day: date) -> None:
    """Cut anywhere, the two parts and the undated are the funnel of all time."""
    before = funnel(found, end=date.fromordinal(day.toordinal() - 1))
    after = funnel(found, start=day)
    whole = funnel(found)
    assert before.total + after.total + before.undated == whole.total
    dated = funnel([each for each in found if each.steps])
    assert {s: before.reached[s] + after.reached[s] for s in CHAIN} == dict(dated.reached)


@given(st.lists(histories(), max_size=8), days())
def test_entries_and_stays_count_every_step(found: list[Synergy], today: date) -> None:
    """Each step is one entry and one stay, over or going on; no stay is shorter than nothing."""
    steps = sum(len(each.steps) for each in found)
    assert sum(entries(found).values()) == steps
    stays = stalls(found, today=today)
    assert sum(stay.left + stay.here for stay in stays) == steps
    assert sum(stay.here for stay in stays) == sum(bool(each.steps) for each in found)
    medians = [m for stay in stays for m in (stay.median_left_days, stay.median_here_days)]
    assert all(median is None or median >= 0 for median in medians)


def test_a_skipped_status_was_reached() -> None:
    """A pair that shook hands at once counts as discussed; abandoned ones keep their merit."""
    quick = went(SynergyStatus.REALISED, id="quick")
    gone = went(SynergyStatus.DISCUSSION, SynergyStatus.ABANDONED, id="gone")
    counted = funnel([quick, gone, synergy(id="idea")])
    assert [counted.reached[status] for status in CHAIN] == [3, 2, 2, 1, 1, 0]
    assert counted.standing[SynergyStatus.ABANDONED] == 1


def test_medians_by_hand() -> None:
    """Ten days in each status, then still in discussion on the first of June."""
    found = went(SynergyStatus.TO_EXPLORE, SynergyStatus.DISCUSSION)
    by_status = {stay.status: stay for stay in stalls([found], today=TODAY)}
    assert by_status[SynergyStatus.IDEA].median_left_days == 10
    assert by_status[SynergyStatus.TO_EXPLORE].median_left_days == 10
    discussion = by_status[SynergyStatus.DISCUSSION]
    assert (discussion.left, discussion.here) == (0, 1)
    assert discussion.median_here_days == (TODAY - date(2026, 1, 25)).days
