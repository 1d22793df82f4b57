"""Where synergies come from: an idea of a workshop, a proposal of the matching, or someone."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from data.errors import InputError
from data.french import NNBSP
from data.model import (
    Card,
    Idea,
    Listing,
    ListingSource,
    Party,
    PartyRole,
    Reliability,
    Side,
    StatusStep,
    Synergy,
    SynergyKind,
    SynergyStatus,
    Visibility,
)

_STRICTEST = (Visibility.PUBLIC, Visibility.NETWORK, Visibility.CONFIDENTIAL)
_SUREST = (Reliability.MEASURED, Reliability.DECLARED, Reliability.ESTIMATED)
_FEWEST = 2
_NOBODY: Mapping[str, str] = {}


class MatchLike(Protocol):
    """What is read of a proposed pair (see ``optimization.matching.Match``)."""

    @property
    def offer_id(self) -> str:
        """The offer."""

    @property
    def need_id(self) -> str:
        """The need."""

    @property
    def distance_km(self) -> float:
        """Between both, by the source named in ``distance_source``."""

    @property
    def distance_source(self) -> str:
        """How the distance is known."""

    @property
    def shared_t_per_year(self) -> float | None:
        """Tonnes a year that could change hands."""

    @property
    def low(self) -> float | None:
        """Lower end of those tonnes."""

    @property
    def high(self) -> float | None:
        """Upper end."""


class PoolLike(Protocol):
    """What is read of a proposed pooling (see ``optimization.matching.Pool``)."""

    @property
    def resource_id(self) -> str:
        """What they have in common."""

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """Who."""

    @property
    def mass_t_per_year(self) -> float | None:
        """Tonnes a year together."""

    @property
    def low(self) -> float | None:
        """Lower end of those tonnes."""

    @property
    def high(self) -> float | None:
        """Upper end."""

    @property
    def text(self) -> str:
        """The proposal in French."""


def typed(
    title: str,
    *,
    kind: SynergyKind,
    parties: Sequence[Party],
    day: str,
    who: str,
    resource_id: str | None = None,
    description: str = "",
    visibility: Visibility = Visibility.NETWORK,
) -> Synergy:
    """Return a synergy that someone keys in; it starts as an idea.

    Raises:
        InputError: no title, fewer than two actors, or one actor twice.
    """
    title = " ".join(title.split())
    if not title:
        raise InputError("Donnez un titre à la synergie.", field="Titre")
    ids = [party.actor_id for party in parties]
    if len(set(ids)) < _FEWEST or len(set(ids)) != len(ids):
        raise InputError(
            f"Une synergie réunit au moins deux acteurs différents{NNBSP}: choisissez-les.",
            field="Acteurs",
        )
    return _new(
        title,
        kind=kind,
        parties=tuple(parties),
        resource_id=resource_id,
        description=description.strip(),
        visibility=visibility,
        source="Saisie",
        day=day,
        who=who,
    )


def from_match(
    match: MatchLike,
    offer: Listing,
    need: Listing,
    *,
    names: Mapping[str, str],
    resource_name: str,
    day: str,
    who: str,
    known: Collection[str] | None = None,
) -> Synergy:
    """Return the synergy that follows a proposed pair.

    Its visibility is the stricter of the two listings', its reliability the weaker.

    Args:
        match: the proposal.
        offer: the listing it names.
        need: idem.
        names: actor's name by id.
        resource_name: of what would change hands.
        day: ISO date.
        who: who decided to follow it.
        known: ids of stored listings; a guess is stored nowhere, so the synergy cannot name it.
            ``None`` takes both for stored.
    """
    giver, taker = names.get(offer.actor_id, "?"), names.get(need.actor_id, "?")
    return _new(
        _short(f"{resource_name}{NNBSP}: {giver} → {taker}"),
        kind=SynergyKind.SUBSTITUTION,
        parties=(
            Party(actor_id=offer.actor_id, role=PartyRole.GIVER),
            Party(actor_id=need.actor_id, role=PartyRole.TAKER),
        ),
        resource_id=offer.resource_id or need.resource_id,
        mass_t_per_year=match.shared_t_per_year,
        mass_uncertainty=half_width(match.shared_t_per_year, match.low, match.high),
        reliability=max(offer.reliability, need.reliability, key=_SUREST.index),
        distance_km=match.distance_km,
        distance_source=match.distance_source,
        offer_id=offer.id if known is None or offer.id in known else None,
        need_id=need.id if known is None or need.id in known else None,
        visibility=max(offer.visibility, need.visibility, key=_STRICTEST.index),
        source="Hypothèse d’après les activités"
        if ListingSource.GUESS in {offer.listing_source, need.listing_source}
        else "Rapprochement d’une offre et d’un besoin",
        day=day,
        who=who,
    )


def from_pool(
    pool: PoolLike,
    listings: Sequence[Listing],
    *,
    resource_name: str,
    day: str,
    who: str,
) -> Synergy:
    """Return the pooling that follows a proposed group; ``listings`` are the group's."""
    count = len(pool.actor_ids)
    return _new(
        _short(f"{resource_name}{NNBSP}: {count} acteurs ensemble"),
        kind=SynergyKind.POOLING,
        parties=tuple(Party(actor_id=each, role=PartyRole.PARTNER) for each in pool.actor_ids),
        resource_id=pool.resource_id,
        description=pool.text,
        mass_t_per_year=pool.mass_t_per_year,
        mass_uncertainty=half_width(pool.mass_t_per_year, pool.low, pool.high),
        reliability=_weakest(listings),
        visibility=_strictest(listings),
        source="Proposition de mutualisation",
        day=day,
        who=who,
    )


def from_loop(
    actor_ids: Sequence[str],
    listings: Sequence[Listing],
    *,
    names: Mapping[str, str],
    text: str,
    closed: bool,
    day: str,
    who: str,
) -> Synergy:
    """Return the synergy that follows a proposed chain, or a loop when ``closed``."""
    ids = tuple(dict.fromkeys(actor_ids))
    path = " → ".join(names.get(each, "?") for each in ids)
    return _new(
        _short(f"{'Boucle' if closed else 'Chaîne'}{NNBSP}: {path}"),
        kind=SynergyKind.SUBSTITUTION,
        parties=tuple(Party(actor_id=each, role=PartyRole.PARTNER) for each in ids),
        resource_id=None,
        description=text,
        reliability=_weakest(listings),
        visibility=_strictest(listings),
        source="Proposition de boucle" if closed else "Proposition de chaîne",
        day=day,
        who=who,
    )


def from_idea(
    idea: Idea, cards: Iterable[Card], *, day: str, who: str, known: Mapping[str, str] = _NOBODY
) -> Synergy:
    """Return the synergy that follows an idea kept at a workshop.

    Companies not yet among our actors are named in the description: a party is an actor. With
    both sides among its cards it is a substitution; cards of one side, or several companies
    without a card, make a pooling.

    Args:
        idea: kept by the facilitator.
        cards: among which those of the idea.
        day: ISO date.
        who: who keeps it.
        known: actor's id by company name, for companies named without a card.
    """
    by_id = {card.id: card for card in cards}
    mine = [by_id[each] for each in idea.card_ids if each in by_id]
    written = {card.company for card in mine}
    named = [name for name in idea.company_names if name not in written]
    partners = [known[name] for name in named if name in known]
    pooling = len({card.side for card in mine}) < _FEWEST <= max(len(mine), len(partners))
    parties: dict[str, Party] = {}
    for card in mine:
        if card.actor_id is not None and card.actor_id not in parties:
            role = PartyRole.GIVER if card.side is Side.OFFER else PartyRole.TAKER
            role = PartyRole.PARTNER if pooling else role
            parties[card.actor_id] = Party(actor_id=card.actor_id, role=role)
    for actor_id in partners:
        parties.setdefault(actor_id, Party(actor_id=actor_id, role=PartyRole.PARTNER))
    unknown = [card.company for card in mine if card.actor_id is None]
    unknown += [name for name in named if name not in known]
    words = [f"{card.company}{NNBSP}: {card.label}" for card in mine]
    if unknown:
        listed = ", ".join(dict.fromkeys(unknown))
        words.append(f"Pas encore dans l’annuaire{NNBSP}: {listed}")
    resources = [idea.resource_id, *(card.resource_id for card in mine)]
    return _new(
        idea.title.strip() or "Idée sans titre",
        kind=SynergyKind.POOLING if pooling else SynergyKind.SUBSTITUTION,
        parties=tuple(parties.values()),
        resource_id=next((each for each in resources if each is not None), None),
        description="\n".join(words),
        owner=idea.owner,
        idea_id=idea.id,
        workshop_id=idea.workshop_id,
        source="Atelier",
        day=day,
        who=who,
    )


def already_followed(
    synergies: Iterable[Synergy],
) -> tuple[dict[tuple[str, str], Synergy], dict[tuple[str | None, frozenset[str]], Synergy]]:
    """Index synergies by (offer, need), and poolings and loops by (resource, actors)."""
    pairs: dict[tuple[str, str], Synergy] = {}
    groups: dict[tuple[str | None, frozenset[str]], Synergy] = {}
    for synergy in synergies:
        if synergy.offer_id and synergy.need_id:
            pairs[synergy.offer_id, synergy.need_id] = synergy
        else:
            actors = frozenset(party.actor_id for party in synergy.parties)
            groups[synergy.resource_id, actors] = synergy
    return pairs, groups


def half_width(value: float | None, low: float | None, high: float | None) -> float | None:
    """Relative half-width of a range, the wider side; ``None`` when there is none."""
    if value is None or low is None or high is None or value <= 0:
        return None
    return min(100.0, max(high - value, value - low, 0.0) / value)


def _new(title: str, *, day: str, who: str, **fields: object) -> Synergy:
    step = StatusStep(status=SynergyStatus.IDEA, day=day, who=who)
    return Synergy(
        id=uuid.uuid4().hex,
        title=title,
        status=SynergyStatus.IDEA,
        steps=(step,),
        **fields,  # type: ignore[arg-type]
    )


def _strictest(listings: Sequence[Listing]) -> Visibility:
    found = (each.visibility for each in listings)
    return max(found, key=_STRICTEST.index, default=Visibility.NETWORK)


def _weakest(listings: Sequence[Listing]) -> Reliability:
    found = (each.reliability for each in listings)
    return max(found, key=_SUREST.index, default=Reliability.ESTIMATED)


def _short(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
