"""Words of the model's enumerations as they are written in files, and how they are read back."""

from enum import StrEnum
from functools import cache
from typing import Final, TypeVar

from data.errors import InputError
from data.french import NNBSP, quote
from data.model import (
    ActorKind,
    College,
    Direction,
    Origin,
    Period,
    PositionPrecision,
    Reliability,
    TravelMode,
    Visibility,
)
from data.text import fold

E = TypeVar("E", bound=StrEnum)

LABELS: Final[dict[StrEnum, str]] = {
    ActorKind.COMPANY: "Entreprise",
    ActorKind.SSE: "Association, ESS",
    ActorKind.PUBLIC_BODY: "Collectivité, service public",
    ActorKind.FARM: "Exploitation agricole",
    ActorKind.RESIDENTS: "Habitants",
    College.PUBLIC: "Public",
    College.PRIVATE: "Privé",
    College.POPULATION: "Population",
    PositionPrecision.ADDRESS: "adresse",
    PositionPrecision.STREET: "rue",
    PositionPrecision.COMMUNE: "commune",
    Visibility.PUBLIC: "Public",
    Visibility.NETWORK: "Réseau",
    Visibility.CONFIDENTIAL: "Confidentiel",
    Origin.FIELD: "terrain",
    Origin.DEMO_REAL: "démonstration, acteur réel",
    Origin.DEMO_FICTIONAL: "démonstration, exemple fictif",
    Direction.IN: "Entrant",
    Direction.OUT: "Sortant",
    Period.DAY: "jour",
    Period.WEEK: "semaine",
    Period.MONTH: "mois",
    Period.QUARTER: "trimestre",
    Period.YEAR: "an",
    Reliability.MEASURED: "mesuré",
    Reliability.DECLARED: "déclaré",
    Reliability.ESTIMATED: "estimé",
    TravelMode.BIKE: "Vélo",
    TravelMode.VAN: "Utilitaire",
}

_ALSO: Final[dict[StrEnum, tuple[str, ...]]] = {
    ActorKind.SSE: ("association", "ess", "coopérative", "scop", "scic"),
    ActorKind.PUBLIC_BODY: ("collectivité", "service public", "établissement public"),
    ActorKind.FARM: ("ferme", "exploitation", "agriculteur"),
    ActorKind.RESIDENTS: ("collectif d’habitants", "habitant"),
    Direction.IN: ("entrée", "besoin"),
    Direction.OUT: ("sortie", "rejet"),
    Period.YEAR: ("année", "par an"),
    TravelMode.VAN: ("camionnette", "fourgon"),
    TravelMode.BIKE: ("vélo-cargo", "vélo et remorque"),
}
"""Other words people write for the same thing."""


def label(member: StrEnum) -> str:
    """Word written in files for a member of an enumeration."""
    return LABELS[member]


def choices(kind: type[E]) -> tuple[str, ...]:
    """Words of all members, in order."""
    return tuple(LABELS[member] for member in kind)


def read_choice(text: str, kind: type[E]) -> E:
    """Find the member a word stands for, whatever its case and accents.

    Raises:
        InputError: none; the sentence lists the words understood.
    """
    found = _members(kind).get(fold(text))
    if found is None:
        known = ", ".join(quote(word) for word in choices(kind))
        raise InputError(f"{quote(text)} n’est pas un choix connu. Écrivez{NNBSP}: {known}.")
    return kind(found)


@cache
def _members(kind: type[StrEnum]) -> dict[str, StrEnum]:
    """Members by each folded word that stands for them; the first member wins."""
    found: dict[str, StrEnum] = {}
    for member in kind:
        for word in (LABELS[member], member.value, *_ALSO.get(member, ())):
            found.setdefault(fold(word), member)
    return found
