"""The Monday list: what is late, due, asleep, fresh."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.model import Idea, IdeaState, Synergy, SynergyNote, SynergyStatus
from data.synergies import ALIVE, asleep, last_sign, monday, plan_next, postpone
from tests.synergies.cases import FIRST, days, histories, synergy, went

TODAY = date(2026, 3, 2)


def _note(day: str) -> SynergyNote:
    return SynergyNote(id=day, synergy_id="palettes", at=f"{day}T09:00:00+00:00", text="Appelé")


@given(st.lists(histories(), max_size=6), days(), st.integers(1, 30))
def test_each_synergy_is_in_one_part_at_most(found: list[Synergy], today: date, weeks: int) -> None:
    """Parts do not overlap; what is alive with nothing planned is always in one of them."""
    listed = monday(found, today=today, weeks=weeks)
    parts = (listed.late, listed.due, listed.sleeping, listed.fresh, listed.idle)
    ids = [each.id for part in parts for each in part]
    assert len(ids) == len(set(ids))
    assert {each.id for each in found if each.status in ALIVE} == set(ids)


@given(histories(), days(), st.integers(1, 30))
def test_who_sleeps_now_sleeps_on(one: Synergy, today: date, weeks: int) -> None:
    """Time alone wakes nobody up, and a longer patience never makes anyone sleep sooner."""
    if asleep(one, today, weeks):
        assert asleep(one, today + timedelta(days=1), weeks)
    else:
        assert not asleep(one, today, weeks + 1)


def test_a_note_or_a_plan_is_a_sign_of_life() -> None:
    """Six weeks of silence is sleep; a note, or a step to come, is not silence."""
    one = synergy()
    assert asleep(one, FIRST + timedelta(weeks=6), 6)
    assert not asleep(one, FIRST + timedelta(weeks=6, days=-1), 6)
    assert not asleep(one, TODAY, 6, [_note("2026-02-20")])
    assert not asleep(replace(one, next_step_day=TODAY.isoformat()), TODAY, 6)
    assert last_sign(one, [_note("2026-02-20")]) == "2026-02-20"


def test_the_list_puts_the_most_pressing_first() -> None:
    """Late before due, the oldest first; what is done or abandoned only shows with a dated step."""
    late = synergy(id="late", next_step="Appeler", next_step_day="2026-02-27")
    later = synergy(id="later", next_step="Appeler", next_step_day="2026-03-01")
    due = synergy(id="due", next_step="Appeler", next_step_day="2026-03-02")
    planned = synergy(id="planned", next_step="Appeler", next_step_day="2026-03-09")
    sleeper = synergy(id="sleeper")
    fresh = replace(synergy(id="fresh"), steps=(replace(sleeper.steps[0], day="2026-02-27"),))
    waking = went(
        SynergyStatus.SUSPENDED, id="waking", next_step="Rappeler", next_step_day="2026-03-03"
    )
    gone = went(SynergyStatus.ABANDONED, id="gone", next_step="Appeler", next_step_day="2026-02-01")
    idea = Idea(id="i", workshop_id="w", title="Idée")
    listed = monday(
        [later, late, due, planned, sleeper, fresh, waking, gone],
        ideas=[idea, replace(idea, id="j", state=IdeaState.REJECTED)],
        today=TODAY,
        weeks=6,
    )
    assert [each.id for each in listed.late] == ["late", "later"]
    assert [each.id for each in listed.due] == ["due", "waking"]
    assert [each.id for each in listed.sleeping] == ["sleeper"]
    assert [each.id for each in listed.fresh] == ["fresh"]
    assert [each.id for each in listed.ideas] == ["i"]
    assert listed.count == 6


def test_postponing_counts_from_today_or_later() -> None:
    """A late step is put off from today, a coming one from its own day; without a step, refused."""
    late = synergy(next_step="Appeler", next_step_day="2026-02-01")
    assert postpone(late, today=TODAY, days=7).next_step_day == "2026-03-09"
    coming = synergy(next_step="Appeler", next_step_day="2026-03-05")
    assert postpone(coming, today=TODAY, days=7).next_step_day == "2026-03-12"
    with pytest.raises(InputError, match="Aucune prochaine étape"):
        postpone(synergy(), today=TODAY, days=7)
    with pytest.raises(InputError, match="au moins un jour"):
        postpone(late, today=TODAY, days=0)


def test_a_plan_says_what_to_do() -> None:
    """A date alone is refused, and so is a date nobody can read; blanks are tidied."""
    planned = plan_next(synergy(), owner=" Alix ", step=" Appeler   la scierie ", day="2026-03-05")
    assert (planned.owner, planned.next_step) == ("Alix", "Appeler la scierie")
    with pytest.raises(InputError, match="ne dit pas quoi faire"):
        plan_next(synergy(), owner="", step=" ", day="2026-03-05")
    with pytest.raises(InputError, match="illisible"):
        plan_next(synergy(), owner="", step="Appeler", day="jeudi")
