"""The proposals of the moment: what the cards on screen could become together.

The matching of the Synergies page, on the cards of one workshop. A company that is not one of
our actors stands at the hall, so that distance neither helps nor harms it.
"""

import logging
import threading
from collections import Counter, OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from typing import Final

from data.french import NNBSP, number, quote, tidy
from data.model import (
    Actor,
    ActorKind,
    Card,
    College,
    Listing,
    PositionPrecision,
    SynergyKind,
    Visibility,
    Workshop,
)
from data.text import fold
from optimization.matching import listing_of_card, market, matches, pools
from pages.ui import wording
from pages.ui.session import Snapshot
from pages.workshop_parts.hall import Hall, place

log = logging.getLogger(__name__)

_LEAST_SCORE: Final = 45.0
_MOST: Final = 40
_TIMES_A_CARD: Final = 3
"""A card everyone could use must not fill the screen alone."""
_AT_LEAST_TOGETHER: Final = 3
_ANYWHERE_KM: Final = 200.0
"""Companies in one hall are near enough to talk, wherever they come from."""
_KEPT: Final = 8
_UNKNOWN: Final = "salle:"
_PATIENCE_S: Final = 0.4
"""How long a screen waits for the proposals of its cards: 600 take a fifth of a second."""
_FIRST_PATIENCE_S: Final = 3.0
"""The first time, there is nothing older to show meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Cards that could become a synergy.

    Attributes:
        cards: the offer first, then the need; or all those that want the same.
        score: 0 to 100, from the matching; 0 for a pooling, which has none.
        reasons: in French, the strongest first.
    """

    kind: SynergyKind
    cards: tuple[Card, ...]
    score: float
    reasons: tuple[str, ...]
    resource_id: str | None

    @property
    def key(self) -> frozenset[str]:
        """What makes it the same proposal as another: its cards."""
        return frozenset(card.id for card in self.cards)

    def title(self, hall: Hall) -> str:
        """One line to project; anonymous when the hall is."""
        names = list(dict.fromkeys(hall.company_name(card) for card in self.cards))
        if self.kind is SynergyKind.POOLING:
            side = wording.SIDE[self.cards[0].side].lower()
            return tidy(
                f"{number(len(names))} entreprises, même {side} : {quote(self.cards[0].label)}"
            )
        return f"{names[0]} → {names[-1]}{NNBSP}: {quote(self.cards[0].label)}"


@dataclass(slots=True)
class _Found:
    """What was found last for a workshop, and the search under way."""

    token: object = None
    proposals: tuple[Proposal, ...] = ()
    search: Future[None] | None = None


_found: OrderedDict[tuple[str, str], _Found] = OrderedDict()
_lock = threading.Lock()
_searching = ThreadPoolExecutor(1, "workshop-proposals")


def proposals(hall: Hall, records: Snapshot, today: date) -> tuple[Proposal, ...]:
    """Give the proposals nobody has decided on yet, the best first.

    Computed once for all screens while the cards stay the same, beside them: a screen waits a
    moment for the result, then shows what was found just before until its next tick.
    """
    token = (tuple((card.id, card.revision) for card in hall.shown), today)
    key = (records.key.partition("-")[0], hall.workshop.id)
    with _lock:
        known = _found.setdefault(key, _Found())
        _found.move_to_end(key)
        while len(_found) > _KEPT:
            _found.popitem(last=False)
        search, patience = None, _FIRST_PATIENCE_S if known.token is None else _PATIENCE_S
        if token != known.token:
            if known.search is None or known.search.done():
                known.search = _searching.submit(_search, known, token, hall, records, today)
            search = known.search
    if search is not None:
        wait([search], patience)
    with _lock:
        result = known.proposals
    decided = {frozenset(idea.card_ids) for idea in hall.ideas}
    shown = hall.card
    return tuple(one for one in result if one.key not in decided and one.key <= shown.keys())


def _search(known: _Found, token: object, hall: Hall, records: Snapshot, today: date) -> None:
    try:
        result = _find(hall, records, today)
    except Exception:
        log.exception("Proposals could not be computed")
        result = known.proposals
    with _lock:
        known.token, known.proposals = token, result


def _find(hall: Hall, records: Snapshot, today: date) -> tuple[Proposal, ...]:
    by_listing: dict[str, Card] = {}
    listings: list[Listing] = []
    strangers: dict[str, Actor] = {}
    for card in hall.shown:
        actor_id = card.actor_id if card.actor_id in records.actor else None
        if actor_id is None:
            actor_id = _UNKNOWN + fold(card.company)
            strangers.setdefault(actor_id, _stranger(actor_id, card, hall.workshop, records))
        listing = listing_of_card(card, actor_id)
        listings.append(listing)
        by_listing[listing.id] = card
    if len(listings) < 2:  # noqa: PLR2004 - a proposal joins two cards
        return ()
    here = market(
        listings,
        [*records.actors, *strangers.values()],
        records.resources,
        today=today,
        figures=records.figures,
        # What a company wrote on a card of the workshop was meant for the room.
        audience=Visibility.CONFIDENTIAL,
    )
    found = [
        Proposal(
            kind=SynergyKind.SUBSTITUTION,
            cards=(by_listing[match.offer_id], by_listing[match.need_id]),
            score=match.score,
            reasons=tuple(
                reason.text.rstrip(".")
                for reason in sorted(match.reasons, key=lambda r: -r.points)
                if reason.points > 0
            ),
            resource_id=by_listing[match.offer_id].resource_id,
        )
        for match in matches(here, per_need=_TIMES_A_CARD)
        if match.score >= _LEAST_SCORE
    ]
    found.sort(key=lambda one: (-one.score, sorted(one.key)))
    kept: list[Proposal] = []
    times: Counter[str] = Counter()
    for proposal in found:
        if all(times[card_id] < _TIMES_A_CARD for card_id in proposal.key):
            times.update(proposal.key)
            kept.append(proposal)
    together = [
        Proposal(
            kind=SynergyKind.POOLING,
            cards=tuple(by_listing[one] for one in pool.listing_ids),
            score=0.0,
            reasons=(pool.text.rstrip("."),),
            resource_id=pool.resource_id,
        )
        for pool in pools(here, radius_km=_ANYWHERE_KM, at_least=_AT_LEAST_TOGETHER)
    ]
    return (*kept[:_MOST], *together)


def _stranger(actor_id: str, card: Card, workshop: Workshop, records: Snapshot) -> Actor:
    lon, lat = place(workshop, records)
    return Actor(
        id=actor_id,
        name=card.company,
        kind=ActorKind.COMPANY,
        college=College.PRIVATE,
        commune_code=workshop.commune_code,
        lon=lon,
        lat=lat,
        position_precision=PositionPrecision.COMMUNE,
        visibility=Visibility.CONFIDENTIAL,
    )
