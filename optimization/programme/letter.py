"""Who may appear in the letter of resources to share, and what each reader gets.

One gate, :func:`why_not`, decides on the day an edition is made. A listing passes only if its
actor agreed (``in_letter``), it is not confidential, nor drawn from a confidential actor or flow,
nor a guess, and has not run out. Visibility « réseau » passes with that agreement, since readers
are subscribers; the name of an actor that is not public is then replaced by « un acteur du
réseau » and its position by its town hall. Everything an edition prints comes from :class:`Item`,
which holds nothing else: no contact but a role, no photo, no address.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from data.french import date, quantity
from data.model import (
    Actor,
    Commune,
    Listing,
    ListingSource,
    Period,
    Resource,
    Side,
    Stream,
    Subscriber,
    Visibility,
)
from geo.projection import great_circle_m

ANONYMOUS: Final = "un acteur du réseau"
_PERIODS: Final = {
    Period.DAY: "par jour",
    Period.WEEK: "par semaine",
    Period.MONTH: "par mois",
    Period.QUARTER: "par trimestre",
    Period.YEAR: "par an",
    None: "en une fois",
}
_METRES_A_KM: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the letter prints of a listing, and nothing more.

    Attributes:
        number: its place in the letter, the same in every edition, to answer by.
        words: the actor's own words when they say more than the resource.
        lon: where it is, with ``lat``; the town hall for an actor that is not public.
    """

    listing_id: str
    number: int
    side: Side
    resource: str
    stream: Stream | None
    words: str
    amount: str
    quality: str
    description: str
    until: str
    actor: str
    commune: str
    contact_role: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the gate and the items look things up in, by id or code.

    Attributes:
        secret_flows: ids of the flows kept confidential.
    """

    actors: Mapping[str, Actor]
    resources: Mapping[str, Resource]
    communes: Mapping[str, Commune]
    secret_flows: Collection[str] = frozenset()


def why_not(listing: Listing, sources: Sources, today: dt.date) -> str:
    """Say in French why a listing may not appear today; empty when it may."""
    actor = sources.actors.get(listing.actor_id)
    now = today.isoformat()
    reasons = (
        (not listing.in_letter, "l’acteur n’a pas donné son accord pour la lettre"),
        (listing.visibility is Visibility.CONFIDENTIAL, "annonce confidentielle"),
        (actor is None, "acteur inconnu"),
        (actor and actor.visibility is Visibility.CONFIDENTIAL, "acteur confidentiel"),
        (listing.flow_id in sources.secret_flows, "tirée d’un flux confidentiel"),
        (listing.listing_source is ListingSource.GUESS, "simple hypothèse, personne ne l’a dite"),
        (listing.expires_on and listing.expires_on < now, "date d’expiration passée"),
        (listing.available_to and listing.available_to < now, "n’est plus disponible"),
    )
    return next((words for refused, words in reasons if refused), "")


def items(
    listing_ids: Iterable[str], listings: Mapping[str, Listing], sources: Sources, today: dt.date
) -> tuple[Item, ...]:
    """Return what may be printed today of the listings chosen, in their order.

    A listing keeps its number whatever drops out before it, so that « annonce 7 » means the same
    to every reader of every edition.
    """
    found = []
    for number, listing_id in enumerate(dict.fromkeys(listing_ids), start=1):
        listing = listings.get(listing_id)
        if listing is not None and not why_not(listing, sources, today):
            found.append(_item(number, listing, sources))
    return tuple(found)


def _item(number: int, listing: Listing, sources: Sources) -> Item:
    actor = sources.actors[listing.actor_id]
    public = actor.visibility is Visibility.PUBLIC
    resource = sources.resources.get(listing.resource_id or "")
    commune = sources.communes.get(actor.commune_code)
    lon, lat = actor.lon, actor.lat
    if listing.lon is not None and listing.lat is not None:
        lon, lat = listing.lon, listing.lat
    if not public and commune is not None:
        lon, lat = commune.town_hall_lon, commune.town_hall_lat
    name = resource.name if resource else listing.label
    return Item(
        listing_id=listing.id,
        number=number,
        side=listing.side,
        resource=name,
        stream=resource.stream if resource else None,
        words="" if listing.label.strip().casefold() == name.casefold() else listing.label.strip(),
        amount=_amount(listing),
        quality=listing.quality.strip(),
        description=listing.description.strip(),
        until=_until(listing),
        actor=actor.name if public else ANONYMOUS,
        commune=commune.name if commune else "",
        contact_role=listing.contact_role.strip(),
        lon=lon,
        lat=lat,
    )


def _amount(listing: Listing) -> str:
    if listing.quantity is None:
        return "quantité à préciser"
    return f"{quantity(listing.quantity, listing.unit)} {_PERIODS[listing.period]}"


def _until(listing: Listing) -> str:
    ends = min(filter(None, (listing.available_to, listing.expires_on)), default="")
    start = f"à partir du {date(listing.available_from)}" if listing.available_from else ""
    stop = f"jusqu’au {date(ends)}" if ends else ""
    return ", ".join(part for part in (start, stop) if part)


def may_receive(reader: Subscriber, today: dt.date) -> bool:
    """Whether a reader gave consent, by today, and has not left since."""
    agreed = bool(reader.consent_day) and reader.consent_day <= today.isoformat()
    return agreed and not reader.unsubscribed_day


def for_reader(
    found: Iterable[Item], reader: Subscriber, communes: Mapping[str, Commune]
) -> tuple[Item, ...]:
    """Keep what interests a reader: its streams, within its radius.

    Distances are as the crow flies. A reader with a radius but no known centre gets everything:
    better too much than nothing. What is not classified yet is kept for everyone.
    """
    centre = centre_of(reader, communes)
    return tuple(
        one
        for one in found
        if (not reader.streams or one.stream is None or one.stream in reader.streams)
        and (
            centre is None
            or reader.radius_km is None
            or float(great_circle_m(*centre, one.lon, one.lat)) <= reader.radius_km * _METRES_A_KM
        )
    )


def centre_of(reader: Subscriber, communes: Mapping[str, Commune]) -> tuple[float, float] | None:
    """Return a reader's centre of interest: its own position, or its commune's town hall."""
    if reader.lon is not None and reader.lat is not None:
        return reader.lon, reader.lat
    commune = communes.get(reader.commune_code)
    return (commune.town_hall_lon, commune.town_hall_lat) if commune else None
