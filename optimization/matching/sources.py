"""Listings from flow studies and from workshop cards."""

from collections.abc import Iterable

from data.french import number
from data.model import Card, Direction, Flow, Listing, ListingSource, Period, Reliability, Side

FLOW_PREFIX = "flux:"
CARD_PREFIX = "fiche:"


def listings_from_flows(flows: Iterable[Flow]) -> tuple[Listing, ...]:
    """What goes out of an actor is an offer, what goes in is a need.

    The listing inherits the flow's visibility, words, quality, study and reliability. A flow
    that counts its own periods (36 weeks of canteen) becomes a quantity a year. Its season is
    read from the flow itself: give the flows to ``market`` too.
    """
    return tuple(_from_flow(flow) for flow in flows)


def listing_of_card(card: Card, actor_id: str) -> Listing:
    """What a participant wrote, as an offer or a need of that actor, seen by the network.

    A quantity without unit could be anything: it stays in the description only.
    """
    bare = card.quantity is not None and not card.unit.strip()
    said = f"{number(card.quantity)} (sans unité)" if bare and card.quantity is not None else ""
    return Listing(
        id=f"{CARD_PREFIX}{card.id}",
        actor_id=actor_id,
        side=card.side,
        resource_id=card.resource_id,
        label=card.label,
        quantity=None if bare else card.quantity,
        unit=card.unit.strip() or "t",
        period=card.period,
        description=" · ".join(part for part in (card.words, said) if part),
        contact_role=card.contact_role,
        photo_id=card.photo_id,
        day=card.received_at[:10],
        listing_source=ListingSource.CARD,
        card_id=card.id,
        reliability=Reliability.DECLARED,
        source="Fiche d’atelier",
        origin=card.origin,
    )


def _from_flow(flow: Flow) -> Listing:
    counted = flow.periods_per_year is not None and flow.quantity is not None
    quantity = (
        flow.quantity * flow.periods_per_year
        if flow.quantity is not None and flow.periods_per_year is not None
        else flow.quantity
    )
    return Listing(
        id=f"{FLOW_PREFIX}{flow.id}",
        actor_id=flow.actor_id,
        side=Side.OFFER if flow.direction is Direction.OUT else Side.NEED,
        resource_id=flow.resource_id,
        label=flow.label,
        quantity=quantity,
        unit=flow.unit,
        period=Period.YEAR if counted else flow.period,
        uncertainty=flow.uncertainty,
        quality=flow.quality,
        listing_source=ListingSource.STUDY,
        flow_id=flow.id,
        reliability=flow.reliability,
        visibility=flow.visibility,
        source=flow.source,
        origin=flow.origin,
    )
