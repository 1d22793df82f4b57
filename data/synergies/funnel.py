"""How far synergies go, and where they stall.

A synergy belongs to the period it was born in (the day of its first step): of those, how many
ever reached each status of the chain, and where they stand. One that skipped a status reached it.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from data.model import Actor, Commune, Synergy, SynergyStatus
from data.synergies.chain import CHAIN, OUT, rank, reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Synergies born in a period.

    Attributes:
        total: how many.
        reached: status of the chain → how many ever went that far; never increases.
        standing: status → how many stand there now; adds up to ``total``.
        undated: synergies whose birth nobody dated, left out of a bounded period.
    """

    total: int
    reached: Mapping[SynergyStatus, int]
    standing: Mapping[SynergyStatus, int]
    undated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """How long synergies stay in a status.

    Attributes:
        left: how many stays are over.
        median_left_days: their median; ``None`` without any.
        here: how many are there now.
        median_here_days: how long those have been there; ``None`` without any.
    """

    status: SynergyStatus
    left: int
    median_left_days: float | None
    here: int
    median_here_days: float | None


def born(synergy: Synergy) -> str:
    """ISO date of the first step, or empty."""
    return synergy.steps[0].day if synergy.steps else ""


def funnel(
    synergies: Iterable[Synergy], *, start: date | None = None, end: date | None = None
) -> Funnel:
    """Count how far the synergies born from ``start`` to ``end`` (both included) went by now."""
    kept: list[Synergy] = []
    undated = 0
    for synergy in synergies:
        day = born(synergy)
        if not day and (start or end):
            undated += 1
        elif _within(day, start, end):
            kept.append(synergy)
    ranks = Counter(rank(reached(synergy)) for synergy in kept)
    counts = {
        status: sum(ranks[place] for place in range(index, len(CHAIN)))
        for index, status in enumerate(CHAIN)
    }
    here = Counter(synergy.status for synergy in kept)
    return Funnel(
        total=len(kept),
        reached=counts,
        standing={status: here[status] for status in (*CHAIN, *OUT)},
        undated=undated,
    )


def entries(
    synergies: Iterable[Synergy], *, start: date | None = None, end: date | None = None
) -> dict[SynergyStatus, int]:
    """Count the changes *into* each status during a period, whenever the synergy was born."""
    found = Counter(
        step.status
        for synergy in synergies
        for step in synergy.steps
        if _within(step.day, start, end)
    )
    return {status: found[status] for status in (*CHAIN, *OUT)}


def stalls(synergies: Iterable[Synergy], *, today: date) -> tuple[Stay, ...]:
    """Give, for each status, how long stays last; in the order of the chain, then the ways out.

    Stays that are over and those still going on are told apart: a median over both would make a
    status where everything is stuck look quick.
    """
    over: dict[SynergyStatus, list[int]] = {}
    current: dict[SynergyStatus, list[int]] = {}
    for synergy in synergies:
        for status, days, ended in _stays(synergy, today):
            (over if ended else current).setdefault(status, []).append(days)
    return tuple(
        Stay(
            status=status,
            left=len(over.get(status, ())),
            median_left_days=_median(over.get(status, [])),
            here=len(current.get(status, ())),
            median_here_days=_median(current.get(status, [])),
        )
        for status in (*CHAIN, *OUT)
    )


def epcis_of(
    synergy: Synergy, actors: Mapping[str, Actor], communes: Mapping[str, Commune]
) -> frozenset[str]:
    """EPCI codes of its parties; a synergy across a border belongs to both sides."""
    found = set()
    for party in synergy.parties:
        actor = actors.get(party.actor_id)
        commune = communes.get(actor.commune_code) if actor else None
        if commune is not None:
            found.add(commune.epci_code)
    return frozenset(found)


def _within(day: str, start: date | None, end: date | None) -> bool:
    if start is not None and day < start.isoformat():
        return False
    return end is None or day <= end.isoformat()


def _stays(synergy: Synergy, today: date) -> Iterator[tuple[SynergyStatus, int, bool]]:
    steps = synergy.steps
    for index, step in enumerate(steps):
        began = date.fromisoformat(step.day)
        ended = index + 1 < len(steps)
        last = date.fromisoformat(steps[index + 1].day) if ended else today
        yield step.status, max(0, (last - began).days), ended


def _median(days: list[int]) -> float | None:
    return statistics.median(days) if days else None
