"""What the programme follows, as rows: offers and needs, events, synergies, readers, attendance."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final

from data.errors import InputError
from data.exchange.actors import COMMUNE
from data.exchange.cells import (
    ONCE,
    read_day,
    read_degrees,
    read_identifier,
    read_list,
    read_number,
    read_parties,
    read_percent,
    read_period,
    read_steps,
    read_unit,
    read_whole,
    read_yes,
    write_list,
    write_parties,
    write_percent,
    write_period,
    write_steps,
    write_yes,
)
from data.exchange.directory import Directory, only
from data.exchange.flows import ACTOR, RESOURCE
from data.exchange.labels import choices, label, read_choice
from data.exchange.records import Column, Format, Values, choice
from data.exchange.tables import Cell
from data.french import quote
from data.model import (
    Attendance,
    AttendeeRole,
    Event,
    EventKind,
    Listing,
    ListingSource,
    Origin,
    Period,
    Presence,
    Reliability,
    Side,
    Stream,
    Subscriber,
    Synergy,
    SynergyKind,
    SynergyStatus,
    Visibility,
)
from data.text import fold
from data.validate import EMAIL

_ID: Final = Column(title="identifiant", attribute="id", read=read_identifier)
_ORIGIN: Final = choice("origine", "origin", Origin)
_SOURCE: Final = Column(title="source", attribute="source")
_VISIBILITY: Final = choice("visibilité", "visibility", Visibility)
_RELIABILITY: Final = choice("fiabilité", "reliability", Reliability)
_ACTOR: Final = Column(title="identifiant de l’acteur", attribute="actor_id", reference=ACTOR)


def _day(title: str, attribute: str, *, required: bool = False, hint: str = "") -> Column:
    return Column(
        title=title,
        attribute=attribute,
        read=read_day,
        write=_write_day,
        required=required,
        hint=hint or "Par exemple 31/03/2026.",
    )


def _write_day(text: str) -> Cell:
    """Write an ISO day as a date that a spreadsheet sorts."""
    return date.fromisoformat(text) if text else None


def _pointer(title: str, attribute: str, *, required: bool = False) -> Column:
    """Make the column of an identifier that people copy rather than type."""
    return Column(
        title=title,
        attribute=attribute,
        read=read_identifier,
        required=required,
        hint="Tel qu’il figure dans l’export.",
    )


def _position(hint: str) -> tuple[Column, ...]:
    return (
        Column(title="longitude", attribute="lon", read=read_degrees(180), hint=hint),
        Column(title="latitude", attribute="lat", read=read_degrees(90)),
    )


def _commune() -> Column:
    return Column(
        title="code commune", attribute="commune_code", reference=COMMUNE, also=("code insee",)
    )


def _resources_called(directory: Directory, text: str) -> tuple[str, ...]:
    try:
        return directory.resources_called(text)
    except InputError as error:
        raise InputError(
            f"{error.message} Ou laissez vide, et écrivez ces mots dans la colonne "
            f"{quote('libellé')}."
        ) from error


_RESOURCE: Final = Column(
    title="identifiant de la ressource",
    attribute="resource_id",
    reference=replace(RESOURCE, find=_resources_called),
)


def _placed(values: Values, base: Any, directory: Directory) -> Iterable[InputError]:
    """Check a position of one's own, which may be left empty."""
    lon = values.get("lon", getattr(base, "lon", None))
    lat = values.get("lat", getattr(base, "lat", None))
    if (lon is None) != (lat is None):
        yield InputError(
            "remplissez la longitude et la latitude, ou videz les deux.",
            field="longitude" if lon is None else "latitude",
        )
    elif lon is not None and lat is not None and directory.outside:
        fault = directory.outside(lon, lat)
        if fault and (lon, lat) != (getattr(base, "lon", None), getattr(base, "lat", None)):
            yield InputError(f"{fault[:1].lower()}{fault[1:]} Corrigez-la.", field="longitude")


def _listing(values: Values, base: Any, directory: Directory) -> Iterable[InputError]:
    yield from _placed(values, base, directory)
    resource = values.get("resource_id", getattr(base, "resource_id", None))
    words = values.get("label", getattr(base, "label", ""))
    if base is None:
        values.setdefault("resource_id", None)
    if resource is None and not words:
        yield InputError(
            "dites de quoi il s’agit : une ressource de la nomenclature, ou vos mots.",
            field="libellé",
        )


def _period_column() -> Column:
    return Column(
        title="période",
        attribute="period",
        read=read_period,
        write=write_period,
        none=ONCE,
        choices=(*choices(Period), ONCE),
        hint="« une fois » pour une quantité donnée ou cherchée une seule fois.",
    )


LISTINGS: Format[Listing] = Format(
    kind=Listing,
    noun="annonce",
    nouns="offres et besoins",
    columns=(
        _ID,
        replace(_ACTOR, required=True),
        choice("offre ou besoin", "side", Side, required=True, also=("type", "sens")),
        _RESOURCE,
        Column(
            title="libellé", attribute="label", hint="Les mots de l’acteur : « caisses en bois »"
        ),
        Column(
            title="quantité",
            attribute="quantity",
            read=read_number,
            hint="Laissez vide si elle est inconnue : inconnu n’est pas zéro.",
        ),
        Column(title="unité", attribute="unit", read=read_unit),
        _period_column(),
        Column(
            title="incertitude (%)",
            attribute="uncertainty",
            read=read_percent,
            write=write_percent,
            hint="30 veut dire : vrai à 30 % près, en plus ou en moins.",
        ),
        Column(title="qualité", attribute="quality", hint="Par exemple : propre, à trier"),
        Column(title="description", attribute="description"),
        _day("disponible à partir du", "available_from"),
        _day("disponible jusqu’au", "available_to"),
        _day("expire le", "expires_on", hint="Après ce jour, l’annonce n’est plus montrée."),
        *_position("Vide = chez l’acteur."),
        Column(
            title="personne à contacter (rôle)",
            attribute="contact_role",
            hint="Un rôle, jamais un nom : « responsable logistique »",
        ),
        Column(
            title="accord pour la lettre",
            attribute="in_letter",
            read=read_yes,
            write=write_yes,
            choices=(write_yes(True), write_yes(False)),
            hint="L’acteur accepte que la lettre des ressources porte cette annonce.",
        ),
        _day("date de l’annonce", "day"),
        choice("provenance", "listing_source", ListingSource),
        _pointer("identifiant du flux", "flow_id"),
        _pointer("identifiant de la fiche", "card_id"),
        _pointer("identifiant de la photo", "photo_id"),
        _RELIABILITY,
        _VISIBILITY,
        _SOURCE,
        _ORIGIN,
    ),
    keys=(
        (
            "acteur, sens, ressource et libellé",
            lambda listing: (
                listing.actor_id,
                listing.side,
                listing.resource_id,
                fold(listing.label),
            ),
        ),
    ),
    complete=_listing,
)

EVENTS: Format[Event] = Format(
    kind=Event,
    noun="temps fort",
    nouns="temps forts",
    columns=(
        _ID,
        Column(title="nom", attribute="name", required=True, also=("titre",)),
        _day("premier jour", "day", required=True),
        _day("dernier jour", "end_day", hint="Vide = il ne dure qu’un jour."),
        choice("type", "kind", EventKind),
        Column(title="lieu", attribute="place"),
        _commune(),
        *_position("Vide = à la mairie de la commune."),
        Column(
            title="nombre de participants",
            attribute="attendance",
            read=read_whole,
            hint="Laissez vide si personne n’a compté.",
        ),
        _RELIABILITY,
        Column(title="description", attribute="description"),
        _pointer("identifiant de l’atelier", "workshop_id"),
        _SOURCE,
        _ORIGIN,
    ),
    keys=(("nom et jour", lambda event: (fold(event.name), event.day)),),
    complete=_placed,
)


def _synergy(values: Values, base: Any, directory: Directory) -> Iterable[InputError]:
    steps = values.get("steps", getattr(base, "steps", ()))
    status = values.get("status", getattr(base, "status", SynergyStatus.IDEA))
    if steps and "status" not in values and base is None:
        values["status"] = steps[-1].status
    elif steps and steps[-1].status is not status:
        yield InputError(
            f"{quote(label(status))} n’est pas le statut de la dernière étape "
            f"({quote(label(steps[-1].status))}). Ajoutez une étape à la fin de la colonne "
            f"{quote('étapes')}, avec son jour.",
            field="statut",
        )
    known = {party.actor_id for party in getattr(base, "parties", ())}
    parties = []
    for party in values.get("parties") or ():
        try:
            found = only(directory.actors_called(party.actor_id), party.actor_id, "acteurs")
        except InputError as error:
            # The story of a synergy outlives the record of an actor.
            if party.actor_id not in known and not _looks_like_an_id(party.actor_id):
                yield InputError(error.message, field="parties")
            found = party.actor_id
        parties.append(replace(party, actor_id=found))
    if parties:
        values["parties"] = tuple(parties)


def _looks_like_an_id(text: str) -> bool:
    try:
        read_identifier(text)
    except InputError:
        return False
    return True


def _strangers(synergy: Synergy, directory: Directory) -> str | None:
    """Name the parties that are not among the actors."""
    absent = [p.actor_id for p in synergy.parties if p.actor_id not in directory.actor]
    if not absent:
        return None
    return (
        f"{quote(synergy.title or synergy.id)} cite un acteur absent de l’annuaire : "
        f"{', '.join(map(quote, absent))}."
    )


SYNERGIES: Format[Synergy] = Format(
    kind=Synergy,
    noun="synergie",
    nouns="synergies",
    columns=(
        _ID,
        Column(title="titre", attribute="title", required=True, also=("nom",)),
        choice("type", "kind", SynergyKind),
        choice("statut", "status", SynergyStatus),
        Column(
            title="étapes",
            attribute="steps",
            read=read_steps,
            write=write_steps,
            hint="Dans l’ordre : 31/03/2026 ; En discussion ; auteur ; motif | …",
        ),
        Column(
            title="parties",
            attribute="parties",
            read=read_parties,
            write=write_parties,
            hint="Acteur ; Donne, Reçoit ou Partage ; euros par an ; source du gain | …",
        ),
        _RESOURCE,
        Column(title="description", attribute="description"),
        Column(title="responsable", attribute="owner"),
        Column(title="prochaine étape", attribute="next_step"),
        _day("date de la prochaine étape", "next_step_day"),
        Column(
            title="motif",
            attribute="reason",
            hint="Obligatoire pour une synergie suspendue ou abandonnée.",
        ),
        Column(title="tonnes par an", attribute="mass_t_per_year", read=read_number),
        Column(
            title="incertitude du tonnage (%)",
            attribute="mass_uncertainty",
            read=read_percent,
            write=write_percent,
        ),
        _RELIABILITY,
        Column(title="traitement de référence", attribute="baseline_key"),
        Column(title="distance (km)", attribute="distance_km", read=read_number),
        Column(title="source de la distance", attribute="distance_source"),
        _pointer("identifiant de l’offre", "offer_id"),
        _pointer("identifiant du besoin", "need_id"),
        _pointer("identifiant de l’idée", "idea_id"),
        _pointer("identifiant de l’atelier", "workshop_id"),
        _VISIBILITY,
        _SOURCE,
        _ORIGIN,
    ),
    keys=(
        (
            "titre, parties et idée",
            lambda synergy: (
                fold(synergy.title),
                frozenset(party.actor_id for party in synergy.parties),
                synergy.idea_id,
            ),
        ),
    ),
    complete=_synergy,
    doubt=_strangers,
)


def _read_streams(text: str) -> tuple[Stream, ...]:
    return tuple(read_choice(word, Stream) for word in read_list(text))


def _read_email(text: str) -> str:
    if not EMAIL.fullmatch(text):
        raise InputError(
            f"{quote(text[:60])} n’est pas une adresse électronique. Écrivez par exemple "
            "accueil@exemple.fr."
        )
    return text


def _subscriber(values: Values, base: Any, directory: Directory) -> Iterable[InputError]:
    yield from _placed(values, base, directory)
    if base is None and not values.get("token"):
        values["token"] = secrets.token_urlsafe(16)


def _without_consent(reader: Subscriber, directory: Directory) -> str | None:
    """Say that nothing will be sent for want of consent."""
    del directory
    if reader.consent_day or reader.unsubscribed_day:
        return None
    return f"{quote(reader.name)} n’a pas de date de consentement : aucune lettre ne partira."


SUBSCRIBERS: Format[Subscriber] = Format(
    kind=Subscriber,
    noun="abonnement",
    nouns="abonnements",
    columns=(
        _ID,
        Column(
            title="nom",
            attribute="name",
            required=True,
            hint="L’organisme ou le rôle, plutôt que le nom d’une personne.",
        ),
        Column(
            title="adresse électronique",
            attribute="email",
            read=_read_email,
            required=True,
            personal=True,
            also=("courriel", "email", "e-mail", "mail"),
            hint="De préférence une adresse générique : accueil@exemple.fr",
        ),
        _ACTOR,
        _commune(),
        *_position("Centre d’intérêt ; vide = la mairie de la commune."),
        Column(
            title="rayon (km)",
            attribute="radius_km",
            read=read_number,
            hint="Vide = tout le territoire.",
        ),
        Column(
            title="filières",
            attribute="streams",
            read=_read_streams,
            write=lambda streams: write_list([label(stream) for stream in streams]),
            hint="Séparées par une barre verticale ; vide = toutes.",
        ),
        _day(
            "date du consentement",
            "consent_day",
            hint="Sans elle, aucune lettre ne part. Par exemple 31/03/2026.",
        ),
        Column(title="origine du consentement", attribute="consent_source"),
        _day("date de désinscription", "unsubscribed_day"),
        Column(title="jeton", attribute="token", personal=True),
        _ORIGIN,
    ),
    keys=(("courriel", lambda reader: reader.email.casefold()),),
    complete=_subscriber,
    doubt=_without_consent,
)

ATTENDANCES: Format[Attendance] = Format(
    kind=Attendance,
    noun="présence",
    nouns="présences",
    columns=(
        _ID,
        _pointer("identifiant de l’atelier", "workshop_id", required=True),
        Column(
            title="nom",
            attribute="name",
            required=True,
            also=("entreprise",),
            hint="L’entreprise, ou le rôle d’une personne qui anime.",
        ),
        _ACTOR,
        choice("rôle", "role", AttendeeRole),
        choice("présence", "presence", Presence),
        Column(title="table", attribute="table", read=read_whole),
        _ORIGIN,
    ),
    keys=(
        (
            "atelier, rôle et nom",
            lambda one: (one.workshop_id, one.role, fold(one.name), one.table),
        ),
    ),
)

PROGRAMME: Final[tuple[Format[Any], ...]] = (
    LISTINGS,
    EVENTS,
    SYNERGIES,
    SUBSCRIBERS,
    ATTENDANCES,
)
"""Every format of this module."""
