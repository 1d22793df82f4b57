"""The chain of statuses: what is allowed, what must be explained, what the history keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.model import Synergy, SynergyStatus
from data.synergies import CHAIN, DONE, advance, next_status, rank, reached, reason_needed
from data.synergies.chain import LONGEST_REASON
from data.validate import validate
from tests.synergies.cases import histories, synergy, went


@given(histories(), st.sampled_from(SynergyStatus))
def test_a_change_is_one_step_more_and_a_valid_record(
    before: Synergy, status: SynergyStatus
) -> None:
    """An accepted change appends exactly one step, which is the status, and validates."""
    day = before.steps[-1].day if before.steps else "2026-01-05"
    try:
        after = advance(before, status, day=day, who="Alix", reason="  parce   que ")
    except InputError:
        never_done = before.status not in DONE and not {s.status for s in before.steps} & DONE
        assert status is before.status or (status is SynergyStatus.LASTING and never_done)
        return
    assert after.steps[:-1] == before.steps
    assert (after.status, after.steps[-1].status) == (status, status)
    assert (after.steps[-1].who, after.steps[-1].reason) == ("Alix", "parce que")
    validate(after)


@given(histories(), st.sampled_from(SynergyStatus))
def test_without_a_reason_only_plain_progress_is_allowed(
    before: Synergy, status: SynergyStatus
) -> None:
    """Leaving the chain, going back and coming back from abandonment are refused in silence."""
    day = before.steps[-1].day if before.steps else "2026-01-05"
    try:
        after = advance(before, status, day=day, who="Alix", reason=" \n ")
    except InputError:
        return
    assert not reason_needed(before, status)
    here, there = rank(before.status), rank(after.status)
    assert there is not None
    assert here is None or there > here
    assert after.reason == ""


@given(histories())
def test_what_it_reached_never_goes_back(after: Synergy) -> None:
    """The farthest status is at least every status of the chain in the history."""
    top = rank(reached(after))
    assert top is not None
    assert all(rank(step.status) is None or rank(step.status) <= top for step in after.steps)  # type: ignore[operator]


def test_the_whole_chain_goes_forward_without_a_word() -> None:
    """From idea to lasting, the next status is always allowed with no reason."""
    found = synergy()
    for status in CHAIN[1:]:
        assert next_status(found) is status
        found = advance(found, status, day="2026-02-01", who="Alix")
    assert next_status(found) is None
    assert [step.status for step in found.steps] == list(CHAIN)


@pytest.mark.parametrize("status", [SynergyStatus.SUSPENDED, SynergyStatus.ABANDONED])
def test_leaving_the_chain_needs_a_reason(status: SynergyStatus) -> None:
    """The refusal names the field; with a reason the synergy remembers it."""
    with pytest.raises(InputError, match="motif est obligatoire") as caught:
        advance(synergy(), status, day="2026-02-01", who="Alix")
    assert caught.value.field == "Motif"
    out = advance(synergy(), status, day="2026-02-01", who="Alix", reason="Trop loin")
    assert out.reason == "Trop loin"
    assert next_status(out) is SynergyStatus.IDEA


def test_nothing_lasts_before_it_was_realised() -> None:
    """« Pérenne » asks for « réalisée » first, even through a suspension."""
    with pytest.raises(InputError, match="après avoir été réalisée"):
        advance(synergy(), SynergyStatus.LASTING, day="2026-02-01", who="Alix")
    resumed = went(SynergyStatus.REALISED, SynergyStatus.SUSPENDED)
    assert advance(resumed, SynergyStatus.LASTING, day="2026-06-01", who="Alix").reason == ""


def test_dates_go_forward_and_are_read() -> None:
    """A step before the last one, or a date nobody can read, is refused in French."""
    with pytest.raises(InputError, match="avant le dernier, du 05/01/2026"):
        advance(synergy(), SynergyStatus.DISCUSSION, day="2026-01-04", who="Alix")
    with pytest.raises(InputError, match="illisible"):
        advance(synergy(), SynergyStatus.DISCUSSION, day="demain", who="Alix")
    with pytest.raises(
        InputError, match="déjà « idée »".replace(" ", "\u00a0").replace("déjà\u00a0", "déjà ")
    ):
        advance(synergy(), SynergyStatus.IDEA, day="2026-02-01", who="Alix")


def test_a_reason_stays_short_enough_for_the_history() -> None:
    """A page of text belongs in a note."""
    with pytest.raises(InputError, match="dans une note"):
        advance(
            synergy(),
            SynergyStatus.SUSPENDED,
            day="2026-02-01",
            who="Alix",
            reason="x" * (LONGEST_REASON + 1),
        )
