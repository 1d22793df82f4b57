"""What a record may hold; applied to everything the store is given."""

import dataclasses
import math
import re
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from numbers import Integral, Real
from typing import Any, get_args, get_origin

from data.errors import InputError
from data.fields import hints, optional
from data.model import (
    Event,
    Flow,
    FlowStudy,
    Letter,
    Listing,
    Photo,
    Plan,
    Resource,
    Scenario,
    Subscriber,
    Synergy,
    SynergyStatus,
    TimeWindow,
    Vehicle,
    Week,
    Workshop,
)
from data.rules import KIND_LABELS, LONGEST_LIST, RULES, Rule

PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
LARGEST_PHOTO = 400_000
EMAIL = re.compile(r"[^@\s<>\",;]+@[^@\s<>\",;]+\.[^@\s<>\",;]{2,}")
NEED_A_REASON = frozenset({SynergyStatus.SUSPENDED, SynergyStatus.ABANDONED})


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
    if vehicle.break_s and vehicle.break_until_s < vehicle.break_from_s:
        raise _refused(where, RULES["break_until_s"], "ne peut pas précéder son début")


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


def _check_week(week: Week, where: str) -> None:
    _check_iso(week.created_at, datetime.fromisoformat, RULES["created_at"], where)
    _check_day(week.monday, RULES["monday"], where)


def _check_listing(listing: Listing, where: str) -> None:
    for field in ("available_from", "available_to", "expires_on", "day"):
        _check_day(getattr(listing, field), RULES[field], where)
    if listing.resource_id is None and not listing.label.strip():
        raise _refused(where, RULES["label"], "ne peut pas être vide sans ressource choisie")
    if listing.available_to and listing.available_from > listing.available_to:
        raise _refused(where, RULES["available_to"], "ne peut pas précéder son début")
    if (listing.lon is None) != (listing.lat is None):
        raise _refused(where, RULES["lon"], "va avec la latitude : donnez les deux, ou aucune")


def _check_photo(photo: Photo, where: str) -> None:
    if photo.media_type not in PHOTO_TYPES:
        raise _refused(where, RULES["media_type"], "doit être JPEG, PNG ou WebP")
    if not 0 < len(photo.content) <= LARGEST_PHOTO:
        raise _refused(
            where, RULES["content"], f"doit peser moins de {LARGEST_PHOTO // 1000} ko : réduisez-la"
        )


def _check_workshop(workshop: Workshop, where: str) -> None:
    _check_iso(workshop.day, date.fromisoformat, RULES["day"], where)
    for field in ("opens_at", "expires_at"):
        if getattr(workshop, field):
            _check_iso(getattr(workshop, field), datetime.fromisoformat, RULES[field], where)


def _check_synergy(synergy: Synergy, where: str) -> None:
    _check_day(synergy.next_step_day, RULES["next_step_day"], where)
    for step in synergy.steps:
        _check_iso(step.day, date.fromisoformat, RULES["day"], where)
    if synergy.steps and synergy.steps[-1].status is not synergy.status:
        raise _refused(where, RULES["status"], "doit être celui de la dernière étape")
    if synergy.status in NEED_A_REASON and not synergy.reason.strip():
        raise _refused(where, RULES["reason"], "est obligatoire pour suspendre ou abandonner")


def _check_event(event: Event, where: str) -> None:
    _check_iso(event.day, date.fromisoformat, RULES["day"], where)
    _check_day(event.end_day, RULES["end_day"], where)
    if event.end_day and event.end_day < event.day:
        raise _refused(where, RULES["end_day"], "ne peut pas précéder le premier")


def _check_subscriber(reader: Subscriber, where: str) -> None:
    for field in ("consent_day", "unsubscribed_day"):
        _check_day(getattr(reader, field), RULES[field], where)
    if not EMAIL.fullmatch(reader.email):
        raise _refused(where, RULES["email"], "doit ressembler à accueil@exemple.fr")


def _check_letter(letter: Letter, where: str) -> None:
    _check_iso(f"{letter.month}-01", date.fromisoformat, RULES["month"], where)


def _check_day(text: str, rule: Rule, where: str) -> None:
    if text:
        _check_iso(text, date.fromisoformat, rule, where)


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
    (Week, _check_week),
    (Letter, _check_letter),
    (Subscriber, _check_subscriber),
    (Event, _check_event),
    (Synergy, _check_synergy),
    (Workshop, _check_workshop),
    (Photo, _check_photo),
    (Listing, _check_listing),
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
