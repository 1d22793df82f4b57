"""What a round is made of, as rows: stops, vehicles, depots, outlets."""

from collections.abc import Iterable
from typing import Any

from data.errors import InputError
from data.exchange.actors import COMMUNE, elsewhere, position
from data.exchange.cells import (
    read_clock,
    read_degrees,
    read_identifier,
    read_kilometres,
    read_list,
    read_minutes,
    read_number,
    read_percent,
    read_whole,
    read_windows,
    read_yes,
    write_clock,
    write_kilometres,
    write_list,
    write_minutes,
    write_percent,
    write_windows,
    write_yes,
)
from data.exchange.directory import Directory, only
from data.exchange.flows import ACTOR, RESOURCE
from data.exchange.labels import label, read_choice
from data.exchange.records import Column, Format, Values, choice
from data.model import Depot, Origin, Outlet, Stop, TravelMode, Vehicle
from data.text import fold

_WINDOWS_HINT = "Par exemple 8:00-12:00 ; 14:00-18:00. Vide = à toute heure."
_DEPOT_HINT = "Identifiant d’un dépôt. Vide = le dépôt de la tournée."
_ID = Column(title="identifiant", attribute="id", read=read_identifier)
_NAME = Column(title="nom", attribute="name", required=True)
_PLACE = (
    Column(
        title="code commune",
        attribute="commune_code",
        required=True,
        reference=COMMUNE,
        also=("code insee",),
    ),
    Column(title="longitude", attribute="lon", read=read_degrees(180)),
    Column(title="latitude", attribute="lat", read=read_degrees(90)),
)
_ADDRESS = Column(title="adresse", attribute="address")
_ACTOR = Column(title="identifiant de l’acteur", attribute="actor_id", reference=ACTOR)
_ORIGIN = choice("origine", "origin", Origin)


def _windows(title: str) -> Column:
    return Column(
        title=title,
        attribute="windows",
        read=read_windows,
        write=write_windows,
        hint=_WINDOWS_HINT,
    )


def _only_vehicles(title: str) -> Column:
    return Column(
        title=title,
        attribute="vehicle_ids",
        read=read_list,
        write=write_list,
        hint="Identifiants de véhicules, séparés par une barre verticale. Vide = tous.",
    )


def _read_modes(text: str) -> tuple[TravelMode, ...]:
    return tuple(read_choice(part, TravelMode) for part in read_list(text))


def _write_modes(modes: tuple[TravelMode, ...]) -> str:
    return write_list([label(mode) for mode in modes])


def _placed(values: Values, base: Any, directory: Directory) -> Iterable[InputError]:
    yield from position(values, base, directory)
    # Only actors say how precise their position is.
    values.pop("position_precision", None)


def _outlet(values: Values, base: Any, directory: Directory) -> Iterable[InputError]:
    yield from _placed(values, base, directory)
    ids = []
    for text in values.get("resource_ids") or ():
        try:
            ids.append(only(directory.resources_called(text), text, "ressources"))
        except InputError as error:
            yield InputError(error.message, field="ressources acceptées")
    if ids:
        values["resource_ids"] = tuple(ids)


STOPS: Format[Stop] = Format(
    kind=Stop,
    noun="point de collecte",
    nouns="points de collecte",
    columns=(
        _ID,
        _NAME,
        _ACTOR,
        Column(
            title="identifiant de la ressource",
            attribute="resource_id",
            required=True,
            reference=RESOURCE,
        ),
        *_PLACE,
        _ADDRESS,
        Column(title="kg par passage", attribute="kg_per_visit", read=read_number, required=True),
        Column(title="bacs par passage", attribute="containers_per_visit", read=read_number),
        Column(title="passages par semaine", attribute="visits_per_week", read=read_number),
        Column(
            title="durée sur place (min)",
            attribute="service_s",
            read=read_minutes,
            write=write_minutes,
        ),
        Column(
            title="durée par bac (s)",
            attribute="service_s_per_container",
            read=read_number,
            hint="S’ajoute à la durée sur place pour chaque bac.",
        ),
        Column(
            title="priorité",
            attribute="priority",
            read=read_whole,
            hint="De 0 (ordinaire) à 9.",
        ),
        Column(
            title="déplacements admis",
            attribute="modes",
            read=_read_modes,
            write=_write_modes,
            hint="Vide = tous. Plusieurs : séparés par une barre verticale.",
        ),
        _only_vehicles("véhicules admis"),
        _windows("créneaux"),
        Column(
            title="stockage le plus long (jours)",
            attribute="longest_storage_days",
            read=read_whole,
        ),
        Column(
            title="valeur si laissé de côté (€)",
            attribute="skip_value_eur",
            read=read_number,
            hint="Vide = à desservir si c’est possible.",
        ),
        _ORIGIN,
    ),
    keys=(("nom et commune", lambda stop: (fold(stop.name), stop.commune_code, stop.resource_id)),),
    complete=_placed,
    doubt=elsewhere,
)

VEHICLES: Format[Vehicle] = Format(
    kind=Vehicle,
    noun="véhicule",
    nouns="véhicules",
    columns=(
        _ID,
        _NAME,
        choice("déplacement", "mode", TravelMode, required=True),
        Column(title="nombre", attribute="count", read=read_whole),
        Column(title="charge utile (kg)", attribute="capacity_kg", read=read_number, required=True),
        Column(
            title="bacs transportables",
            attribute="capacity_containers",
            read=read_number,
            required=True,
        ),
        Column(title="vitesse (km/h)", attribute="speed_kmh", read=read_number, required=True),
        Column(
            title="début du service",
            attribute="shift_start_s",
            read=read_clock,
            write=write_clock,
            required=True,
        ),
        Column(
            title="fin du service",
            attribute="shift_end_s",
            read=read_clock,
            write=write_clock,
            required=True,
        ),
        Column(
            title="autonomie (km)",
            attribute="range_m",
            read=read_kilometres,
            write=write_kilometres,
            hint="Vide = sans limite.",
        ),
        Column(title="dépôt de départ", attribute="depot_id", hint=_DEPOT_HINT),
        Column(title="dépôt d’arrivée", attribute="end_depot_id", hint="Vide = celui de départ."),
        Column(
            title="arrêts au plus",
            attribute="max_stops",
            read=read_whole,
            hint="Vide = sans limite.",
        ),
        Column(
            title="vidages au plus",
            attribute="max_trips",
            read=read_whole,
            hint="Vide = sans limite.",
        ),
        Column(
            title="pause (min)",
            attribute="break_s",
            read=read_minutes,
            write=write_minutes,
            hint="0 = pas de pause.",
        ),
        Column(
            title="pause au plus tôt",
            attribute="break_from_s",
            read=read_clock,
            write=write_clock,
        ),
        Column(
            title="pause au plus tard",
            attribute="break_until_s",
            read=read_clock,
            write=write_clock,
        ),
        Column(
            title="recharge complète (min)",
            attribute="recharge_s",
            read=read_minutes,
            write=write_minutes,
        ),
        Column(title="coût par service (€)", attribute="cost_eur_per_shift", read=read_number),
        Column(title="coût horaire (€)", attribute="cost_eur_per_hour", read=read_number),
        Column(title="coût par km (€)", attribute="cost_eur_per_km", read=read_number),
        Column(title="kg CO₂e par km", attribute="co2e_kg_per_km", read=read_number),
        Column(
            title="incertitude du CO₂e (%)",
            attribute="co2e_uncertainty",
            read=read_percent,
            write=write_percent,
        ),
        _ORIGIN,
    ),
    keys=(("nom", lambda vehicle: fold(vehicle.name)),),
)

DEPOTS: Format[Depot] = Format(
    kind=Depot,
    noun="dépôt",
    nouns="dépôts",
    columns=(_ID, _NAME, *_PLACE, _ADDRESS, _ORIGIN),
    keys=(("nom et commune", lambda depot: (fold(depot.name), depot.commune_code)),),
    complete=_placed,
    doubt=elsewhere,
)

OUTLETS: Format[Outlet] = Format(
    kind=Outlet,
    noun="exutoire",
    nouns="exutoires",
    columns=(
        _ID,
        _NAME,
        _ACTOR,
        *_PLACE,
        _ADDRESS,
        Column(
            title="ressources acceptées",
            attribute="resource_ids",
            read=read_list,
            write=write_list,
            required=True,
            hint="Noms ou identifiants séparés par une barre verticale.",
        ),
        _windows("horaires d’ouverture"),
        Column(
            title="capacité par semaine (kg)",
            attribute="weekly_capacity_kg",
            read=read_number,
            hint="Vide = sans limite.",
        ),
        Column(
            title="durée de vidage (min)",
            attribute="unload_s",
            read=read_minutes,
            write=write_minutes,
        ),
        Column(title="traitement", attribute="treatment"),
        Column(
            title="borne de recharge",
            attribute="charging",
            read=read_yes,
            write=write_yes,
            hint="oui ou non.",
        ),
        _only_vehicles("véhicules qui peuvent y vider"),
        _ORIGIN,
    ),
    keys=(("nom et commune", lambda outlet: (fold(outlet.name), outlet.commune_code)),),
    complete=_outlet,
    doubt=elsewhere,
)
