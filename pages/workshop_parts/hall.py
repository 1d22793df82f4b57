"""What is known of a workshop at this instant, read once for all the screens that show it."""

import threading
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from data.model import (
    Attendance,
    AttendeeRole,
    Card,
    CardState,
    Idea,
    IdeaState,
    Synergy,
    Workshop,
)
from data.store import Store
from data.text import fold
from pages.ui.session import Snapshot

_OF_CONCERN: Final = frozenset(
    kind.__name__ for kind in (Attendance, Card, Idea, Synergy, Workshop)
)
_KEPT: Final = 8


@dataclass(frozen=True, kw_only=True)
class Hall:
    """One workshop as of one revision of the store."""

    workshop: Workshop
    attendances: tuple[Attendance, ...]
    cards: tuple[Card, ...]
    ideas: tuple[Idea, ...]
    synergies: tuple[Synergy, ...]

    @cached_property
    def card(self) -> dict[str, Card]:
        """Cards by id."""
        return {card.id: card for card in self.cards}

    @cached_property
    def shown(self) -> tuple[Card, ...]:
        """Cards that may be projected, the newest first."""
        shown = (card for card in self.cards if card.state is CardState.SHOWN)
        return tuple(sorted(shown, key=lambda card: (card.received_at, card.id), reverse=True))

    @cached_property
    def waiting(self) -> tuple[Card, ...]:
        """Cards that wait for the facilitator, the oldest first."""
        waiting = (card for card in self.cards if card.state is CardState.WAITING)
        return tuple(sorted(waiting, key=lambda card: (card.received_at, card.id)))

    @cached_property
    def companies(self) -> tuple[Attendance, ...]:
        """Lines of companies, by name."""
        lines = (one for one in self.attendances if one.role is AttendeeRole.COMPANY)
        return tuple(sorted(lines, key=lambda one: (fold(one.name), one.id)))

    @cached_property
    def facilitators(self) -> tuple[Attendance, ...]:
        """Lines of facilitators, by name."""
        lines = (one for one in self.attendances if one.role is AttendeeRole.FACILITATOR)
        return tuple(sorted(lines, key=lambda one: (fold(one.name), one.id)))

    @cached_property
    def undecided(self) -> tuple[Idea, ...]:
        """Ideas neither kept, merged nor rejected, the oldest first."""
        found = (idea for idea in self.ideas if idea.state is IdeaState.PROPOSED)
        return tuple(sorted(found, key=lambda idea: (idea.made_at, idea.id)))

    @cached_property
    def kept(self) -> tuple[Idea, ...]:
        """Ideas kept, the newest first."""
        found = (idea for idea in self.ideas if idea.state is IdeaState.KEPT)
        return tuple(sorted(found, key=lambda idea: (idea.made_at, idea.id), reverse=True))

    @cached_property
    def by_table(self) -> dict[int, int]:
        """Cards by table, every table of the workshop included; 0 = not said, if any."""
        counts: dict[int, int] = defaultdict(int)
        for number in range(1, self.workshop.tables + 1):
            counts[number] = 0
        for card in self.cards:
            if card.state is not CardState.HIDDEN:
                counts[card.table] += 1
        return dict(sorted(counts.items(), key=lambda item: (item[0] == 0, item[0])))

    def company_name(self, card: Card) -> str:
        """Name to project: the company's, or a number when the projection is anonymous."""
        if not self.workshop.anonymous:
            return card.company
        return f"Entreprise {self.company_number(card)}"

    def company_number(self, card: Card) -> int:
        """Rank of the card's company by order of arrival, from 1."""
        return self._numbers[fold(card.company)]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """Numbers in order of arrival: they stay the same while new companies come."""
        numbers: dict[str, int] = {}
        for card in sorted(self.cards, key=lambda card: (card.received_at, card.id)):
            numbers.setdefault(fold(card.company), len(numbers) + 1)
        return numbers

    def idea_title(self, idea: Idea) -> str:
        """Title to project: without company names when the projection is anonymous."""
        if not self.workshop.anonymous:
            return idea.title
        cards = [self.card[one] for one in idea.card_ids if one in self.card]
        if not cards:
            return "Idée d’une table" if idea.table else "Idée de la salle"
        return " ↔ ".join(f"{self.company_name(card)} ({card.label})" for card in cards)


def position(hall: Hall, card: Card, records: Snapshot) -> tuple[float, float, bool]:
    """Longitude and latitude of a card's company, and whether its place is known and may be shown.

    A company that is not one of our actors is at the hall, as all are in an anonymous projection:
    the map seats them around it.
    """
    actor = records.actor.get(card.actor_id) if card.actor_id else None
    if actor is not None and not hall.workshop.anonymous:
        return actor.lon, actor.lat, True
    return *place(hall.workshop, records), False


def place(workshop: Workshop, records: Snapshot) -> tuple[float, float]:
    """Longitude and latitude of the hall: its own, its commune's town hall, or the middle."""
    if workshop.lon is not None and workshop.lat is not None:
        return workshop.lon, workshop.lat
    commune = records.commune.get(workshop.commune_code)
    if commune is None and records.territory is not None and records.territory.communes:
        commune = max(records.territory.communes, key=lambda one: one.population)
    return (commune.town_hall_lon, commune.town_hall_lat) if commune else (0.48, 44.85)


_halls: dict[tuple[int, str], tuple[int, Hall | None]] = {}
_reading = threading.Lock()


def hall(store: Store, workshop_id: str) -> Hall | None:
    """Read a workshop with all that belongs to it; ``None`` when there is none.

    Sixty phones write, five screens ask every second: the tables are read again only when a
    workshop's records have changed, once for all.
    """
    key = (id(store), workshop_id)
    with _reading:
        revision = store.revision()
        known = _halls.pop(key, None)
        if known is not None:
            seen, found = known
            if seen != revision and not store.kinds_changed_since(seen).isdisjoint(_OF_CONCERN):
                known = None
        if known is None:
            found = _read(store, workshop_id)
        _halls[key] = (revision, found)
        while len(_halls) > _KEPT:
            _halls.pop(next(iter(_halls)))
        return found


def _read(store: Store, workshop_id: str) -> Hall | None:
    workshop = store.find(Workshop, workshop_id)
    if workshop is None:
        return None
    return Hall(
        workshop=workshop,
        attendances=store.list(Attendance, workshop_id=workshop_id),
        cards=store.list(Card, workshop_id=workshop_id),
        ideas=store.list(Idea, workshop_id=workshop_id),
        synergies=store.list(Synergy, workshop_id=workshop_id),
    )
