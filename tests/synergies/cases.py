"""Small synergies for tests, and strategies that follow the rules of the chain."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from data.model import Party, PartyRole, StatusStep, Synergy, SynergyStatus
from data.synergies import CHAIN, DONE, OUT, advance

FIRST = date(2026, 1, 5)
PAIR = (
    Party(actor_id="scierie", role=PartyRole.GIVER),
    Party(actor_id="maraicher", role=PartyRole.TAKER),
)


def synergy(**fields: Any) -> Synergy:
    """A synergy of two actors, born on the first Monday of 2026 unless told otherwise."""
    born = StatusStep(status=SynergyStatus.IDEA, day=FIRST.isoformat(), who="Camille")
    known: dict[str, Any] = {
        "id": "palettes",
        "title": "Palettes",
        "steps": (born,),
        "parties": PAIR,
    }
    return Synergy(**known | fields)


def went(*statuses: SynergyStatus, every: int = 10, **fields: Any) -> Synergy:
    """A synergy that went through statuses, one every so many days, each with a reason."""
    found = synergy(**fields)
    for number, status in enumerate(statuses, start=1):
        day = FIRST + timedelta(days=every * number)
        found = advance(found, status, day=day.isoformat(), who="Camille", reason="essai")
    return found


@st.composite
def histories(draw: DrawFn) -> Synergy:
    """A synergy after any allowed changes of status, on days that never go back."""
    found = synergy(id=draw(st.uuids()).hex)
    if draw(st.integers(0, 9)) == 0:
        found = replace(found, steps=())
    day = FIRST
    for _ in range(draw(st.integers(0, 7))):
        day += timedelta(days=draw(st.integers(0, 60)))
        seen = {step.status for step in found.steps} | {found.status}
        allowed = {*CHAIN, *OUT} - {found.status}
        if not seen & DONE:
            allowed.discard(SynergyStatus.LASTING)
        status = draw(st.sampled_from(sorted(allowed)))
        found = advance(found, status, day=day.isoformat(), who="Camille", reason="essai")
    return found


def days() -> SearchStrategy[date]:
    """Days around those of the histories."""
    return st.integers(-30, 500).map(lambda number: FIRST + timedelta(days=number))
