"""Offers and needs: what an actor can give, or seeks."""

from dataclasses import dataclass
from enum import StrEnum

from data.model.common import Origin, Visibility
from data.model.flow import Period, Reliability


class Side(StrEnum):
    """Which way a listing points."""

    OFFER = "offer"
    NEED = "need"


class ListingSource(StrEnum):
    """How a listing came to be known."""

    TYPED = "typed"
    STUDY = "study"
    CARD = "card"
    GUESS = "guess"
    """Deduced from an activity code: a hypothesis, never mixed with what people said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture of a resource, already reduced for a screen.

    Attributes:
        media_type: ``image/jpeg``, ``image/png`` or ``image/webp``.
        content: the file; at most a few hundred kilobytes.
    """

    id: str
    media_type: str
    content: bytes
    origin: Origin = Origin.FIELD
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An offer or a need of an actor (« offre », « besoin »).

    Attributes:
        resource_id: entry of the nomenclature; ``None`` until someone has classified ``label``.
        label: the actor's own words for the resource, always kept.
        quantity: amount in ``unit`` per ``period``; ``None`` when unknown (never zero).
        period: ``None`` when the quantity is given or wanted once.
        uncertainty: relative half-width (0.3 means ± 30 %); ``None`` when not stated.
        quality: state asked for or offered, in plain words (« propre », « à trier »).
        available_from: ISO date it begins, or empty.
        available_to: ISO date it ends, or empty.
        expires_on: ISO date after which nobody should see it any more, or empty.
        lon: where it is, when not at the actor's own position.
        contact_role: whom to ask by role (« responsable logistique »), never a person's name.
        in_letter: whether the actor agreed that the letter of resources may carry it.
        day: ISO date it was stated.
    """

    id: str
    actor_id: str
    side: Side
    resource_id: str | None
    label: str = ""
    quantity: float | None = None
    unit: str = "t"
    period: Period | None = Period.YEAR
    uncertainty: float | None = None
    quality: str = ""
    description: str = ""
    available_from: str = ""
    available_to: str = ""
    expires_on: str = ""
    lon: float | None = None
    lat: float | None = None
    contact_role: str = ""
    photo_id: str | None = None
    in_letter: bool = False
    day: str = ""
    listing_source: ListingSource = ListingSource.TYPED
    flow_id: str | None = None
    card_id: str | None = None
    reliability: Reliability = Reliability.DECLARED
    visibility: Visibility = Visibility.NETWORK
    source: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0
