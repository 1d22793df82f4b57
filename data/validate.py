"""What a record may hold; applied to everything the store is given.

The rules are by field name, since a name means one thing in the whole model. Limits are wide:
they stop slips of the keyboard and corrupted files, not unusual but possible situations.
"""

import dataclasses
import math
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from numbers import Integral, Real
from typing import Any, get_args, get_origin

from data.errors import InputError
from data.fields import hints, optional
from data.model import (
    Actor,
    Commune,
    Depot,
    Epci,
    Flow,
    FlowStudy,
    Outlet,
    Plan,
    Resource,
    Round,
    Scenario,
    Stop,
    Territory,
    TimeWindow,
    UnservedStop,
    Vehicle,
    Visit,
)

LONGEST_NAME = 300
LONGEST_TEXT = 20_000
LONGEST_LIST = 20_000
LARGEST = 1e12
ROUNDING = 1e-6
"""Loads are sums and differences of floats: an empty vehicle may weigh a hair under zero."""
TWO_DAYS_S = 172_800
"""A shift or window may end after midnight; none lasts longer than this."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """How a field is called on screen and what it may hold.

    Attributes:
        low: smallest number allowed; ``above`` excludes the bound itself.
        required: the text may not be blank.
    """

    label: str
    low: float = -LARGEST
    high: float = LARGEST
    above: bool = False
    required: bool = False
    longest: int = LONGEST_TEXT


def _name(label: str, *, required: bool = True) -> Rule:
    return Rule(label, required=required, longest=LONGEST_NAME)


def _positive(label: str, high: float = LARGEST) -> Rule:
    return Rule(label, low=0, high=high)


def _above_zero(label: str, high: float = LARGEST) -> Rule:
    return Rule(label, low=0, high=high, above=True)


RULES: dict[str, Rule] = {
    "id": _name("identifiant"),
    "name": _name("nom"),
    "code": _name("code"),
    "short_name": _name("nom court"),
    "actor_id": _name("acteur"),
    "resource_id": _name("ressource"),
    "scenario_id": _name("scénario"),
    "partner_id": _name("partenaire"),
    "study_id": _name("étude de flux"),
    "vehicle_id": _name("véhicule"),
    "place_id": _name("lieu de la visite"),
    "stop_id": _name("point de collecte"),
    "epci_code": _name("EPCI", required=False),
    "commune_code": _name("commune", required=False),
    "lon": Rule("longitude", low=-180, high=180),
    "lat": Rule("latitude", low=-90, high=90),
    "town_hall_lon": Rule("longitude de la mairie", low=-180, high=180),
    "town_hall_lat": Rule("latitude de la mairie", low=-90, high=90),
    "population": _positive("population"),
    "area_km2": _positive("superficie"),
    "boundary_wkb": Rule("contour"),
    "kind": Rule("type"),
    "college": Rule("collège"),
    "position_precision": Rule("précision de la position"),
    "activity": Rule("activité"),
    "competences": Rule("compétences"),
    "naf_code": _name("code NAF", required=False),
    "naf_version": _name("version de la NAF", required=False),
    "siret": _name("SIRET", required=False),
    "address": Rule("adresse"),
    "website": Rule("site web"),
    "contact": Rule("contact"),
    "description": Rule("description"),
    "visibility": Rule("visibilité"),
    "source": Rule("source"),
    "origin": Rule("origine de la fiche"),
    "revision": _positive("révision"),
    "family": Rule("famille"),
    "stream": Rule("filière"),
    "synonyms": Rule("synonymes"),
    "waste_codes": Rule("codes déchet"),
    "waste_code": _name("code déchet", required=False),
    "unit": _name("unité"),
    "density_kg_per_l": _above_zero("masse volumique"),
    "density_low_kg_per_l": _above_zero("masse volumique basse"),
    "density_high_kg_per_l": _above_zero("masse volumique haute"),
    "unit_mass_kg": _above_zero("masse d’une pièce"),
    "co2e_kg_per_t": Rule("émissions par tonne"),
    "substitutes": Rule("ressources remplacées"),
    "hypothesis": Rule("hypothèse"),
    "direction": Rule("sens"),
    "label": Rule("libellé"),
    "quantity": _positive("quantité"),
    "period": Rule("période"),
    "uncertainty": _positive("incertitude", 100),
    "periods_per_year": _positive("périodes par an", 366),
    "visits_per_week": _positive("passages par semaine", 1_000),
    "year": Rule("année", low=1900, high=2200),
    "seasonality": _positive("saisonnalité"),
    "packaging": Rule("conditionnement"),
    "quality": Rule("qualité"),
    "cost_eur_per_year": Rule("coût annuel"),
    "partner_name": Rule("nom du partenaire"),
    "partner_place": Rule("lieu du partenaire"),
    "treatment_code": _name("code de traitement", required=False),
    "treatment": _name("traitement", required=False),
    "reliability": Rule("fiabilité"),
    "reliability_note": Rule("note de fiabilité"),
    "surveyor": _name("enquêteur ou enquêtrice", required=False),
    "state": Rule("état"),
    "step": Rule("étape"),
    "difficulties": Rule("difficultés"),
    "other_difficulties": Rule("autres difficultés"),
    "notes": Rule("notes"),
    "lines": Rule("lignes de flux"),
    "start_s": _positive("début du créneau", TWO_DAYS_S),
    "end_s": _positive("fin du créneau", TWO_DAYS_S),
    "kg_per_visit": _positive("kilogrammes par passage"),
    "containers_per_visit": _positive("bacs par passage"),
    "service_s": _positive("durée sur place", TWO_DAYS_S),
    "windows": Rule("créneaux horaires"),
    "longest_storage_days": Rule("durée maximale de stockage", low=1, high=3_660),
    "skip_value_eur": _positive("valeur du point laissé de côté"),
    "mode": Rule("mode de déplacement"),
    "capacity_kg": _above_zero("charge utile"),
    "capacity_containers": _positive("nombre de bacs transportables"),
    "speed_kmh": _above_zero("vitesse", 200),
    "shift_start_s": _positive("début du service", TWO_DAYS_S),
    "shift_end_s": _positive("fin du service", TWO_DAYS_S),
    "count": _positive("nombre de véhicules", 1_000),
    "range_m": _positive("autonomie"),
    "cost_eur_per_shift": _positive("coût par service"),
    "cost_eur_per_hour": _positive("coût horaire"),
    "cost_eur_per_km": _positive("coût kilométrique"),
    "co2e_kg_per_km": _positive("émissions par kilomètre"),
    "co2e_uncertainty": _positive("incertitude des émissions", 100),
    "resource_ids": _name("ressources acceptées"),
    "weekly_capacity_kg": _positive("capacité hebdomadaire"),
    "unload_s": _positive("durée de vidage", TWO_DAYS_S),
    "stops": Rule("points de collecte"),
    "vehicles": Rule("véhicules"),
    "depot": Rule("dépôt"),
    "outlets": Rule("exutoires"),
    "travel_source": Rule("source des trajets"),
    "travel_margin": _positive("marge des trajets"),
    "assumptions": Rule("hypothèses"),
    "day": Rule("jour"),
    "seed": _positive("graine du calcul", 2**53),
    "time_limit_s": _above_zero("durée du calcul", 86_400),
    "created_at": Rule("date de création", required=True),
    "rounds": Rule("tournées"),
    "unserved": Rule("points laissés de côté"),
    "engine": Rule("moteur de calcul"),
    "cost_eur": Rule("coût"),
    "bound_eur": Rule("borne du coût"),
    "elapsed_s": _positive("durée de calcul"),
    "solutions": _positive("nombre de solutions"),
    "vehicle_number": Rule("numéro de véhicule", low=1, high=1_000),
    "visits": Rule("visites"),
    "arrival_s": _positive("heure d’arrivée"),
    "wait_s": _positive("attente"),
    "distance_m": _positive("distance"),
    "travel_s": _positive("durée du trajet"),
    "load_kg": Rule("charge à bord", low=-ROUNDING),
    "load_containers": Rule("bacs à bord", low=-ROUNDING),
    "reason": Rule("motif"),
    "detail": Rule("détail"),
    "value": Rule("valeur", required=True),
    "epcis": Rule("EPCI"),
    "communes": Rule("communes"),
    "neighbours": Rule("communes voisines"),
    "population_vintage": Rule("millésime des populations"),
    "boundary_vintage": Rule("millésime des contours"),
    "sources": Rule("sources"),
}
"""Every field of every record kind (a test checks that none is missing)."""

KIND_LABELS: dict[type[Any], str] = {
    Actor: "acteur",
    Commune: "commune",
    Depot: "dépôt",
    Epci: "EPCI",
    Flow: "flux",
    FlowStudy: "étude de flux",
    Outlet: "exutoire",
    Plan: "plan",
    Resource: "ressource",
    Round: "tournée",
    Scenario: "scénario",
    Stop: "point de collecte",
    Territory: "territoire",
    TimeWindow: "créneau",
    UnservedStop: "point laissé de côté",
    Vehicle: "véhicule",
    Visit: "visite",
}


def validate(record: Any) -> None:
    """Check a record of the model, and everything nested in it.

    Raises:
        InputError: the first value at fault; the sentence names the record and the field.
    """
    _check_record(record, "")


def storable(text: str) -> bool:
    """Tell whether both databases can hold a text: no control character, no lone surrogate."""
    if text.isprintable():
        return True
    return not any(
        (ord(char) < 0x20 and char not in "\n\r\t") or 0xD800 <= ord(char) <= 0xDFFF  # noqa: PLR2004
        for char in text
    )


def named(record: Any) -> str:
    """Name a record for a message: « Chai du Barail » (acteur)."""
    return f"« {_name_of(record)} » ({kind_label(type(record))})"


def kind_label(kind: type[Any]) -> str:
    """Give the French word for a class of the model, in lower case."""
    return KIND_LABELS.get(kind, "réglage")


def _name_of(record: Any) -> str:
    for attribute in ("name", "label", "id", "code"):
        text = getattr(record, attribute, "")
        if isinstance(text, str) and text.strip() and storable(text):
            return _short(text)
    return "sans nom"


def _check_record(record: Any, inside: str) -> None:
    name = _name_of(record)
    kind = kind_label(type(record))
    here = kind if name == "sans nom" else f"{kind} « {name} »"
    where = f"{inside}, {here}" if inside else here[:1].upper() + here[1:]
    for field, hint in hints(type(record)).items():
        _check(getattr(record, field), hint, RULES.get(field, Rule(field)), where)
    for kind_together, check in _TOGETHER:
        if type(record) is kind_together:
            check(record, where)


def _check(value: Any, hint: Any, rule: Rule, where: str) -> None:
    inner, may_be_none = optional(hint)
    if value is None:
        if not may_be_none:
            raise _refused(where, rule, "est obligatoire")
    elif get_origin(inner) is tuple:
        _check_tuple(value, get_args(inner), rule, where)
    elif inner is str:
        _check_text(value, rule, where)
    elif inner is int or inner is float:
        _check_number(value, rule, where, whole=inner is int)
    elif dataclasses.is_dataclass(inner):
        if type(value) is not inner:
            raise _refused(where, rule, "n’est pas du type attendu")
        _check_record(value, where)
    elif isinstance(inner, type) and not isinstance(value, inner):
        expected = "une des valeurs proposées" if issubclass(inner, Enum) else "du type attendu"
        raise _refused(where, rule, f"doit être {expected}")


def _check_tuple(value: Any, parts: tuple[Any, ...], rule: Rule, where: str) -> None:
    if not isinstance(value, tuple):
        raise _refused(where, rule, "doit être une liste figée (tuple)")
    if parts[-1] is Ellipsis:
        if len(value) > LONGEST_LIST:
            raise _refused(where, rule, f"compte plus de {LONGEST_LIST} éléments")
        for item in value:
            _check(item, parts[0], rule, where)
        return
    if len(value) != len(parts):
        raise _refused(where, rule, f"doit compter {len(parts)} valeurs")
    for item, part in zip(value, parts, strict=True):
        _check(item, part, rule, where)


def _check_text(value: Any, rule: Rule, where: str) -> None:
    if not isinstance(value, str):
        raise _refused(where, rule, "doit être un texte")
    if rule.required and not value.strip():
        raise _refused(where, rule, "ne peut pas être vide")
    if len(value) > rule.longest:
        raise _refused(
            where, rule, f"dépasse {rule.longest} caractères (il en compte {len(value)})"
        )
    if not storable(value):
        raise _refused(where, rule, "contient un caractère invisible interdit : retapez-le")


def _check_number(value: Any, rule: Rule, where: str, *, whole: bool) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral if whole else Real):
        raise _refused(where, rule, f"doit être un nombre{' entier' if whole else ''}")
    number = float(value)
    if not math.isfinite(number):
        raise _refused(where, rule, "doit être un nombre fini")
    too_low = number <= rule.low if rule.above else number < rule.low
    if too_low:
        least = "supérieur à" if rule.above else "au moins égal à"
        raise _refused(where, rule, f"doit être {least} {_figure(rule.low)}", number)
    if number > rule.high:
        raise _refused(where, rule, f"doit être au plus égal à {_figure(rule.high)}", number)


def _check_window(window: TimeWindow, where: str) -> None:
    if window.end_s < window.start_s:
        raise _refused(where, RULES["end_s"], "ne peut pas précéder son début")


def _check_vehicle(vehicle: Vehicle, where: str) -> None:
    if vehicle.shift_end_s <= vehicle.shift_start_s:
        raise _refused(where, RULES["shift_end_s"], "doit suivre le début du service")


def _check_flow(flow: Flow, where: str) -> None:
    if flow.seasonality and (len(flow.seasonality) != 12 or sum(flow.seasonality) <= 0):  # noqa: PLR2004
        raise _refused(
            where, RULES["seasonality"], "doit compter douze poids, un par mois, non tous nuls"
        )


def _check_resource(resource: Resource, where: str) -> None:
    bounds = (
        resource.density_low_kg_per_l,
        resource.density_kg_per_l,
        resource.density_high_kg_per_l,
    )
    given = [bound for bound in bounds if bound is not None]
    if given != sorted(given):
        raise _refused(where, RULES["density_kg_per_l"], "doit rester entre sa basse et sa haute")


def _check_scenario(scenario: Scenario, where: str) -> None:
    if scenario.day:
        _check_iso(scenario.day, date.fromisoformat, RULES["day"], where)


def _check_study(study: FlowStudy, where: str) -> None:
    _check_iso(study.day, date.fromisoformat, RULES["day"], where)


def _check_plan(plan: Plan, where: str) -> None:
    _check_iso(plan.created_at, datetime.fromisoformat, RULES["created_at"], where)


def _check_iso(text: str, parse: Callable[[str], Any], rule: Rule, where: str) -> None:
    try:
        parse(text)
    except ValueError as error:
        raise _refused(where, rule, "doit être une date comme 2026-03-31") from error


_TOGETHER: tuple[tuple[type[Any], Callable[[Any, str], None]], ...] = (
    (TimeWindow, _check_window),
    (Vehicle, _check_vehicle),
    (Flow, _check_flow),
    (Resource, _check_resource),
    (FlowStudy, _check_study),
    (Scenario, _check_scenario),
    (Plan, _check_plan),
)
"""Checks that involve several fields of one record."""


def _refused(where: str, rule: Rule, fault: str, number: float | None = None) -> InputError:
    received = "" if number is None else f" (reçu : {_figure(number)})"
    return InputError(f"{where} : le champ « {rule.label} » {fault}{received}.", field=rule.label)


def _figure(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _short(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
