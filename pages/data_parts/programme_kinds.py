"""What the programme keeps by hand: offers and needs, events, readers of the letter."""

from typing import Any, Final

from data.exchange.programme import EVENTS, LISTINGS, SUBSCRIBERS
from data.french import date as french_date
from data.french import number, quantity, tidy
from data.model import Event, Listing, Subscriber
from pages.data_parts.kinds import ORIGIN, Group, Spec
from pages.ui import wording
from pages.ui.session import Snapshot


def _day(text: str) -> str:
    return french_date(text) if text else ""


def _actor(records: Snapshot, actor_id: str | None) -> str:
    actor = records.actor.get(actor_id or "")
    return actor.name if actor else ""


def _resource(listing: Listing, records: Snapshot) -> str:
    resource = records.resource.get(listing.resource_id or "")
    return resource.name if resource else "à classer"


def _amount(listing: Listing) -> str:
    if listing.quantity is None:
        return "inconnue"
    every = f"par {wording.PERIOD[listing.period]}" if listing.period else "une fois"
    return f"{quantity(listing.quantity, listing.unit)} {every}"


def _listing_row(listing: Listing, records: Snapshot) -> dict[str, Any]:
    return {
        "Acteur": _actor(records, listing.actor_id),
        "Sens": wording.SIDE[listing.side],
        "Ressource": _resource(listing, records),
        "Libellé": listing.label,
        "Quantité": _amount(listing),
        "Date": _day(listing.day),
        "Expire le": _day(listing.expires_on),
        "Lettre": "oui" if listing.in_letter else "non",
        "Visibilité": wording.VISIBILITY[listing.visibility],
        "Origine": ORIGIN[listing.origin],
    }


def _listing_title(listing: Listing, records: Snapshot) -> str:
    what = listing.label or _resource(listing, records)
    side = wording.SIDE[listing.side].lower()
    return f"{_actor(records, listing.actor_id)} – {what} ({side})"


def _listing_remark(listing: Listing | None, records: Snapshot) -> str:
    del records
    if listing is None:
        return ""
    if listing.resource_id is None:
        return tidy(
            "Sans ressource choisie, cette annonce ne sera rapprochée d’aucune autre : "
            "choisissez-en une quand vous pourrez."
        )
    return ""


def _event_row(event: Event, records: Snapshot) -> dict[str, Any]:
    commune = records.commune.get(event.commune_code)
    return {
        "Nom": event.name,
        "Du": _day(event.day),
        "Au": _day(event.end_day),
        "Type": wording.EVENT_KIND[event.kind],
        "Lieu": event.place,
        "Commune": commune.name if commune else event.commune_code,
        "Participants": event.attendance,
        "Source": event.source,
        "Origine": ORIGIN[event.origin],
    }


def _subscriber_row(reader: Subscriber, records: Snapshot) -> dict[str, Any]:
    commune = records.commune.get(reader.commune_code)
    radius = "tout le territoire"
    if reader.radius_km is not None:
        radius = f"{number(reader.radius_km)} km"
    return {
        "Nom": reader.name,
        "Commune": commune.name if commune else reader.commune_code,
        "Rayon": tidy(radius),
        "Filières": ", ".join(wording.STREAM[stream] for stream in reader.streams) or "toutes",
        "Consentement": _day(reader.consent_day) or "aucun",
        "Désinscription": _day(reader.unsubscribed_day),
        "Origine": ORIGIN[reader.origin],
    }


def _subscriber_remark(reader: Subscriber | None, records: Snapshot) -> str:
    del records
    if reader is None:
        return ""
    if reader.unsubscribed_day:
        return "Ce lecteur est parti\u202f: aucune lettre ne lui est envoyée."
    if not reader.consent_day:
        return "Sans date de consentement, aucune lettre ne lui est envoyée."
    return ""


PROGRAMME_SPECS: Final = (
    Spec(
        format=LISTINGS,
        slug="listing",
        feminine=True,
        why="Ce que les acteurs peuvent donner, et ce qu’ils cherchent.",
        groups=(
            Group(title="Quoi", attributes=("actor_id", "side", "resource_id", "label")),
            Group(title="Combien", attributes=("quantity", "unit", "period", "uncertainty")),
            Group(
                title="Quand, et jusqu’à quand",
                attributes=("available_from", "available_to", "day", "expires_on"),
            ),
            Group(title="Qui peut la voir", attributes=("visibility", "in_letter", "contact_role")),
            Group(
                title="Pour en savoir plus",
                attributes=("quality", "reliability", "listing_source", "source", "description"),
                folded=True,
            ),
            Group(title="Ailleurs que chez l’acteur", attributes=("lon", "lat"), folded=True),
        ),
        row=_listing_row,
        title=_listing_title,
        remark=_listing_remark,
    ),
    Spec(
        format=EVENTS,
        slug="event",
        why="Les réunions, visites et ateliers qui ont rythmé le programme.",
        groups=(
            Group(title="Quoi", attributes=("name", "kind", "attendance")),
            Group(title="Quand", attributes=("day", "end_day")),
            Group(title="Où", attributes=("place", "commune_code", "lon", "lat")),
            Group(
                title="D’où vient l’information",
                attributes=("source", "reliability", "description"),
            ),
        ),
        row=_event_row,
        title=lambda event, _: f"{event.name} ({_day(event.day)})",
    ),
    Spec(
        format=SUBSCRIBERS,
        slug="subscriber",
        why="À qui part la lettre des ressources à partager, et ce qui les intéresse.",
        groups=(
            Group(title="Qui", attributes=("name", "actor_id", "email")),
            Group(
                title="Ce qui l’intéresse",
                attributes=("streams", "commune_code", "radius_km", "lon", "lat"),
            ),
            Group(
                title="Son accord",
                attributes=("consent_day", "consent_source", "unsubscribed_day"),
            ),
        ),
        row=_subscriber_row,
        title=lambda reader, _: str(reader.name),
        remark=_subscriber_remark,
    ),
)
"""Edited on this page; synergies have a page of their own, and attendance goes with a workshop."""
