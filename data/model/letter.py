"""The letter of resources to share, and who reads it."""

from dataclasses import dataclass

from data.model.common import Origin
from data.model.resource import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A reader of the letter.

    Attributes:
        name: the organisation, or a role; a generic address is preferred to a person's.
        lon: centre of interest, with ``lat``; ``None`` = the commune's town hall.
        radius_km: how far resources may be; ``None`` = the whole territory.
        streams: what interests it; empty = everything.
        consent_day: ISO date consent was given; no letter without it.
        consent_source: how it was given (« formulaire atelier du 12/03 »).
        unsubscribed_day: ISO date it left, or empty.
        token: unguessable text in its unsubscription link.
    """

    id: str
    name: str
    email: str
    actor_id: str | None = None
    commune_code: str = ""
    lon: float | None = None
    lat: float | None = None
    radius_km: float | None = None
    streams: tuple[Stream, ...] = ()
    consent_day: str = ""
    consent_source: str = ""
    unsubscribed_day: str = ""
    token: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One issue of the letter.

    Attributes:
        month: ``2026-11``.
        listing_ids: the offers and needs chosen, in order; those that may no longer appear
            (expired, withdrawn, confidential) drop out of every edition when it is made.
        sent_at: UTC ISO time it was declared sent, or empty while it is a draft.
    """

    id: str
    month: str
    title: str = ""
    introduction: str = ""
    how_to_answer: str = ""
    listing_ids: tuple[str, ...] = ()
    sent_at: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0
