"""Words of the model's enumerations as they are written in files, and how they are read back."""

from enum import StrEnum
from functools import cache
from typing import Final, TypeVar

from data.errors import InputError
from data.french import NNBSP, quote
from data.model import (
    ActorKind,
    AttendeeRole,
    CardState,
    College,
    Difficulty,
    Direction,
    EventKind,
    IdeaState,
    ListingSource,
    Origin,
    PartyRole,
    Period,
    PositionPrecision,
    Presence,
    Reliability,
    Side,
    Stream,
    StudyState,
    StudyStep,
    SynergyKind,
    SynergyStatus,
    TravelMode,
    Visibility,
    WorkshopState,
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
    Side.OFFER: "Offre",
    Side.NEED: "Besoin",
    ListingSource.TYPED: "saisie",
    ListingSource.STUDY: "étude de flux",
    ListingSource.CARD: "fiche d’atelier",
    ListingSource.GUESS: "hypothèse",
    Stream.BIOWASTE: "Biodéchets",
    Stream.WOOD: "Bois",
    Stream.PAPER_CARDBOARD: "Papier, carton",
    Stream.PLASTIC: "Plastique",
    Stream.METAL: "Métal",
    Stream.GLASS: "Verre",
    Stream.MINERAL: "Minéraux, gravats",
    Stream.TEXTILE: "Textile",
    Stream.CHEMICAL: "Produits chimiques",
    Stream.FOOD: "Denrées",
    Stream.ENERGY: "Énergie",
    Stream.WATER: "Eau",
    Stream.SHARED_MEANS: "Moyens partagés",
    WorkshopState.PREPARED: "préparé",
    WorkshopState.OPEN: "ouvert",
    WorkshopState.CLOSED: "clos",
    AttendeeRole.COMPANY: "Entreprise",
    AttendeeRole.FACILITATOR: "Animation",
    Presence.PRESENT: "présente",
    Presence.REPRESENTED: "représentée",
    CardState.WAITING: "en attente",
    CardState.SHOWN: "affichée",
    CardState.HIDDEN: "masquée",
    IdeaState.PROPOSED: "proposée",
    IdeaState.KEPT: "retenue",
    IdeaState.MERGED: "regroupée",
    IdeaState.REJECTED: "écartée",
    SynergyKind.SUBSTITUTION: "Substitution",
    SynergyKind.POOLING: "Mutualisation",
    SynergyStatus.IDEA: "Idée",
    SynergyStatus.TO_EXPLORE: "À approfondir",
    SynergyStatus.DISCUSSION: "En discussion",
    SynergyStatus.ABOUT_TO_BE_REALISED: "Sur le point de se concrétiser",
    SynergyStatus.REALISED: "Réalisée",
    SynergyStatus.LASTING: "Pérenne",
    SynergyStatus.SUSPENDED: "Suspendue",
    SynergyStatus.ABANDONED: "Abandonnée",
    PartyRole.GIVER: "Donne",
    PartyRole.TAKER: "Reçoit",
    PartyRole.PARTNER: "Partage",
    EventKind.PRESENTATION: "Réunion de présentation",
    EventKind.VISIT: "Visite",
    EventKind.EVENING: "Soirée, apéro",
    EventKind.COMMITTEE: "Comité",
    EventKind.WORKSHOP: "Atelier",
    EventKind.TRAINING: "Formation",
    EventKind.CONFERENCE: "Journée, conférence",
    EventKind.OTHER: "Autre",
    StudyState.DRAFT: "Brouillon",
    StudyState.FINAL: "Validée",
    StudyStep.ACTOR: "acteur",
    StudyStep.FLOWS: "flux",
    StudyStep.DIFFICULTIES: "difficultés",
    StudyStep.REVIEW: "relecture",
    Difficulty.RECRUITMENT: "Recrutement",
    Difficulty.SKILLS: "Compétences, formation",
    Difficulty.WOOD_PALLETS: "Bois, palettes",
    Difficulty.CARDBOARD: "Cartons",
    Difficulty.PLASTICS: "Plastiques",
    Difficulty.BIOWASTE: "Biodéchets",
    Difficulty.WASTE_COST: "Coût des déchets",
    Difficulty.ENERGY: "Énergie",
    Difficulty.WATER: "Eau",
    Difficulty.SUPPLY: "Approvisionnement",
    Difficulty.TRANSPORT: "Transport",
    Difficulty.SPACE: "Place, locaux",
    Difficulty.EQUIPMENT: "Matériel",
    Difficulty.REGULATION: "Réglementation",
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
    Side.OFFER: ("propose", "je donne"),
    Side.NEED: ("recherche", "cherche", "demande"),
    Presence.PRESENT: ("présent", "oui"),
    Presence.REPRESENTED: ("représenté",),
    AttendeeRole.FACILITATOR: ("animateur", "animatrice"),
    SynergyKind.POOLING: ("partage",),
    EventKind.PRESENTATION: ("présentation",),
    EventKind.EVENING: ("apéro", "soirée"),
    EventKind.CONFERENCE: ("conférence", "journée"),
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
