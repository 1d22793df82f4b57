"""Flows as rows: French headers; the resource and the actor by id or by name."""

from collections.abc import Iterable

from data.errors import InputError
from data.exchange.cells import (
    read_identifier,
    read_number,
    read_percent,
    read_unit,
    read_waste_code,
    read_weights,
    read_year,
    write_percent,
    write_weights,
)
from data.exchange.directory import Directory
from data.exchange.flow_actors import FLOW_ACTOR
from data.exchange.records import Column, Format, Reference, choice, to_row
from data.exchange.tables import Cell
from data.french import quote
from data.model import Direction, Flow, Origin, Period, Reliability, Visibility
from data.text import fold


def _actor_name(directory: Directory, actor_id: str) -> str:
    return directory.actor[actor_id].name if actor_id in directory.actor else ""


def _resource_name(directory: Directory, resource_id: str) -> str:
    return directory.resource[resource_id].name if resource_id in directory.resource else ""


ACTOR = Reference(find=Directory.actors_called, what="acteurs", named="acteur", name=_actor_name)


def _partners_called(directory: Directory, text: str) -> tuple[str, ...]:
    try:
        return directory.actors_called(text)
    except InputError as error:
        raise InputError(
            f"{error.message} S’il n’est pas dans l’annuaire, écrivez-le dans la colonne "
            f"{quote('nom du partenaire')}."
        ) from error


PARTNER = Reference(find=_partners_called, what="acteurs", named="partenaire", name=_actor_name)
RESOURCE = Reference(
    find=Directory.resources_called, what="ressources", named="ressource", name=_resource_name
)

FLOWS: Format[Flow] = Format(
    kind=Flow,
    noun="flux",
    nouns="flux",
    columns=(
        Column(title="identifiant", attribute="id", read=read_identifier),
        Column(
            title="identifiant de l’acteur",
            attribute="actor_id",
            required=True,
            reference=FLOW_ACTOR,
        ),
        choice("sens", "direction", Direction, required=True),
        Column(
            title="identifiant de la ressource",
            attribute="resource_id",
            required=True,
            reference=RESOURCE,
        ),
        Column(
            title="libellé", attribute="label", hint="Les mots de l’acteur : « chutes de chêne »"
        ),
        Column(
            title="quantité",
            attribute="quantity",
            read=read_number,
            hint="Laissez vide si elle est inconnue : inconnu n’est pas zéro.",
        ),
        Column(title="unité", attribute="unit", read=read_unit, required=True),
        choice("période", "period", Period, required=True),
        Column(
            title="incertitude (%)",
            attribute="uncertainty",
            read=read_percent,
            write=write_percent,
            hint="30 veut dire : vrai à 30 % près, en plus ou en moins.",
        ),
        Column(
            title="périodes par an",
            attribute="periods_per_year",
            read=read_number,
            hint="Par exemple 36 semaines pour une cantine scolaire ; vide = toute l’année.",
        ),
        Column(title="passages par semaine", attribute="visits_per_week", read=read_number),
        Column(title="année", attribute="year", read=read_year),
        Column(
            title="saisonnalité",
            attribute="seasonality",
            read=read_weights,
            write=lambda weights: write_weights(weights) if weights else None,
            hint="Douze poids, de janvier à décembre, séparés par une barre verticale.",
        ),
        Column(title="conditionnement", attribute="packaging"),
        Column(title="qualité", attribute="quality"),
        Column(
            title="coût annuel (€)",
            attribute="cost_eur_per_year",
            read=read_number,
            hint="Positif quand l’acteur paie, négatif quand il est payé.",
        ),
        Column(title="identifiant du partenaire", attribute="partner_id", reference=PARTNER),
        Column(title="nom du partenaire", attribute="partner_name"),
        Column(title="lieu du partenaire", attribute="partner_place"),
        Column(title="code déchet", attribute="waste_code", read=read_waste_code),
        Column(title="code de traitement", attribute="treatment_code"),
        choice("fiabilité", "reliability", Reliability),
        Column(title="note de fiabilité", attribute="reliability_note"),
        choice("visibilité", "visibility", Visibility),
        Column(title="source", attribute="source"),
        Column(title="étude de flux", attribute="study_id", read=read_identifier),
        choice("origine", "origin", Origin),
    ),
    keys=(
        (
            "acteur, sens, ressource, libellé, partenaire et année",
            lambda flow: (
                flow.actor_id,
                flow.direction,
                flow.resource_id,
                fold(flow.label),
                flow.partner_id or fold(flow.partner_name),
                flow.year,
            ),
        ),
    ),
    loose=lambda flow: (flow.actor_id, flow.direction, flow.resource_id, flow.year),
)


def flow_rows(flows: Iterable[Flow], directory: Directory) -> list[dict[str, Cell]]:
    """Write flows as rows by header."""
    return [to_row(FLOWS, flow, directory) for flow in flows]
