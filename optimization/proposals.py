"""Everything the matching can propose at once, with progress and a way to stop.

Called in the web process for a small programme, by the worker for a large one: same functions.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from data.errors import SolveCancelledError
from data.figures import Figures
from data.model import Actor, Flow, Listing, ListingSource, Resource, Side, Visibility
from optimization.matching import (
    Allocation,
    Loop,
    Match,
    Pool,
    allocate,
    guesses,
    loops,
    market,
    needs_for,
    offers_for,
    pools,
    rank,
)
from optimization.matching.market import Market
from optimization.worker import Tell

MOST_PAIRS = 200
MOST_HYPOTHESES = 60
PER_NEED = 3
MANY = 4_000
"""Above this many listings, one offer a need is ranked instead of three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is matched, for whom, on which day; picklable."""

    listings: tuple[Listing, ...]
    actors: tuple[Actor, ...]
    resources: tuple[Resource, ...]
    flows: tuple[Flow, ...]
    figures: Figures
    audience: Visibility
    today: date

    def market(self, *more: Listing, hypothetical: bool = False) -> Market:
        """Gather what this audience may match."""
        return market(
            (*self.listings, *more),
            self.actors,
            self.resources,
            today=self.today,
            figures=self.figures,
            audience=self.audience,
            flows=self.flows,
            hypothetical=hypothetical,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """What is proposed.

    Attributes:
        matches: best pairs of all, best first.
        hypotheses: pairs with at least one guess; never mixed with ``matches``.
        guessed: the guesses those pairs name.
        left_out: reason → number of listings not matched, in French.
    """

    matches: tuple[Match, ...]
    pools: tuple[Pool, ...]
    loops: tuple[Loop, ...]
    allocation: Allocation
    hypotheses: tuple[Match, ...]
    guessed: tuple[Listing, ...]
    left_out: Mapping[str, int]


def find_all(
    tell: Tell, should_stop: Callable[[], bool], question: Question, *, radius_km: float = 5.0
) -> Proposals:
    """Make every proposal.

    Raises:
        SolveCancelledError: asked to stop.
    """

    def step(share: float, message: str) -> None:
        if should_stop():
            raise SolveCancelledError("Calcul annulé.")
        tell({"share": share, "message": message})

    step(0.0, "Lecture des offres et des besoins…")
    found = question.market()
    step(0.1, "Rapprochement des offres et des besoins…")
    best = _best(
        found,
        MOST_PAIRS,
        on_progress=lambda share: step(
            0.1 + 0.4 * share, "Rapprochement des offres et des besoins…"
        ),
    )
    step(0.5, "Mutualisations…")
    groups = pools(found, radius_km=radius_km)
    step(0.6, "Chaînes et boucles…")
    chains = loops(found)
    step(0.7, "Meilleur partage d’ensemble…")
    shared = allocate(found)
    step(0.85, "Hypothèses d’après les activités…")
    guessed = {guess.id: guess for guess in guesses(question.actors)}
    doubtful = _hypotheses(question, guessed)
    used = {end for match in doubtful for end in (match.offer_id, match.need_id)}
    return Proposals(
        matches=best,
        pools=groups,
        loops=chains,
        allocation=shared,
        hypotheses=doubtful,
        guessed=tuple(guess for id_, guess in guessed.items() if id_ in used),
        left_out=dict(found.left_out),
    )


def answers(
    tell: Tell, should_stop: Callable[[], bool], question: Question, listing_id: str
) -> tuple[Match, ...]:
    """Rank what answers one offer or one need; empty when it is not on the market.

    Raises:
        SolveCancelledError: asked to stop.
    """
    if should_stop():
        raise SolveCancelledError("Calcul annulé.")
    tell({"share": 0.0, "message": "Rapprochement…"})
    found = question.market()
    listing = found.listings.get(listing_id)
    if listing is None:
        return ()
    if listing.side is Side.NEED:
        return offers_for(found, listing_id)
    return needs_for(found, listing_id)


def _best(
    found: Market, most: int, *, on_progress: Callable[[float], None] | None = None
) -> tuple[Match, ...]:
    per_need = PER_NEED if len(found.listings) <= MANY else 1
    ranking = rank(found, per_need=per_need, on_progress=on_progress)
    return tuple(
        heapq.nsmallest(
            most, ranking, key=lambda m: (-m.score, m.distance_km, m.need_id, m.offer_id)
        )
    )


def _hypotheses(question: Question, guessed: Mapping[str, Listing]) -> tuple[Match, ...]:
    if not guessed:
        return ()
    # A guess is not hidden from anyone who sees its actor: it only says what its code says.
    found = question.market(*guessed.values(), hypothetical=True)
    pairs = (
        match
        for match in rank(found, per_need=PER_NEED)
        if ListingSource.GUESS
        in {found.listings[match.offer_id].listing_source,
            found.listings[match.need_id].listing_source}
    )  # fmt: skip
    return tuple(
        heapq.nsmallest(
            MOST_HYPOTHESES,
            pairs,
            key=lambda m: (-m.score, m.distance_km, m.need_id, m.offer_id),
        )
    )
