"""French words for every enumeration of the model, and the few sentences pages share."""

from data.exchange.labels import label
from data.french import tidy
from data.model import (
    ActorKind,
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
    Reliability,
    ResourceFamily,
    Side,
    Stream,
    StudyState,
    SynergyKind,
    SynergyStatus,
    TravelMode,
    UnservedReason,
    Visibility,
    VisitKind,
    WorkshopState,
)
from data.synergies.chain import STATUS_NAMES

APP_NAME = "Cartoflux"

ACTOR_KIND: dict[ActorKind, str] = {
    ActorKind.COMPANY: "Entreprise",
    ActorKind.SSE: "Association, ESS",
    ActorKind.PUBLIC_BODY: "Collectivité, service public",
    ActorKind.FARM: "Exploitation agricole",
    ActorKind.RESIDENTS: "Habitants",
}

COLLEGE: dict[College, str] = {
    College.PUBLIC: "Public",
    College.PRIVATE: "Privé",
    College.POPULATION: "Population",
}

POSITION_PRECISION: dict[PositionPrecision, str] = {
    PositionPrecision.ADDRESS: "à l’adresse",
    PositionPrecision.STREET: "approximative, dans la rue",
    PositionPrecision.COMMUNE: "approximative, dans la commune",
}

VISIBILITY: dict[Visibility, str] = {
    Visibility.PUBLIC: "Public",
    Visibility.NETWORK: "Réseau",
    Visibility.CONFIDENTIAL: "Confidentiel",
}

ORIGIN: dict[Origin, str] = {
    Origin.FIELD: "Donnée du programme",
    Origin.DEMO_REAL: "Démonstration, acteur réel",
    Origin.DEMO_FICTIONAL: "Démonstration, exemple fictif",
}

DIRECTION: dict[Direction, str] = {
    Direction.IN: "Entrant",
    Direction.OUT: "Sortant",
}

PERIOD: dict[Period, str] = {
    Period.DAY: "jour",
    Period.WEEK: "semaine",
    Period.MONTH: "mois",
    Period.QUARTER: "trimestre",
    Period.YEAR: "an",
}

RELIABILITY: dict[Reliability, str] = {
    Reliability.MEASURED: "mesuré",
    Reliability.DECLARED: "déclaré",
    Reliability.ESTIMATED: "estimé",
}

STUDY_STATE: dict[StudyState, str] = {one: label(one) for one in StudyState}

DIFFICULTY: dict[Difficulty, str] = {one: label(one) for one in Difficulty}

RESOURCE_FAMILY: dict[ResourceFamily, str] = {
    ResourceFamily.MATERIAL: "Matières",
    ResourceFamily.WASTE: "Déchets",
    ResourceFamily.ENERGY: "Énergie",
    ResourceFamily.WATER: "Eau",
    ResourceFamily.EQUIPMENT: "Équipements",
    ResourceFamily.SPACE: "Espaces",
    ResourceFamily.SKILL: "Compétences",
    ResourceFamily.LOGISTICS: "Logistique",
}

STREAM: dict[Stream, str] = {
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
}

FLOW_SCOPE: dict[str, str] = {
    "inside": "Reste sur le territoire",
    "entering": "Entre sur le territoire",
    "leaving": "Sort du territoire",
    "unknown": "Partenaire inconnu",
    "outside": "D’un lieu extérieur à un autre",
}

LISTING_SOURCE: dict[ListingSource, str] = {
    ListingSource.TYPED: "Saisie",
    ListingSource.STUDY: "Étude de flux",
    ListingSource.CARD: "Fiche d’atelier",
    ListingSource.GUESS: "Hypothèse d’après l’activité",
}

SYNERGY_KIND: dict[SynergyKind, str] = {
    SynergyKind.SUBSTITUTION: "Substitution",
    SynergyKind.POOLING: "Mutualisation",
}

SYNERGY_STATUS: dict[SynergyStatus, str] = dict(STATUS_NAMES)

PARTY_ROLE: dict[PartyRole, str] = {
    PartyRole.GIVER: "donne",
    PartyRole.TAKER: "reçoit",
    PartyRole.PARTNER: "partenaire",
}

TRAVEL_MODE: dict[TravelMode, str] = {
    TravelMode.BIKE: "Vélo",
    TravelMode.VAN: "Utilitaire",
}

VISIT_KIND: dict[VisitKind, str] = {
    VisitKind.START: "Départ",
    VisitKind.STOP: "Collecte",
    VisitKind.UNLOAD: "Vidage",
    VisitKind.END: "Retour",
}

UNSERVED_REASON: dict[UnservedReason, str] = {
    UnservedReason.TOO_HEAVY: "Un seul passage dépasse la charge de tous les véhicules.",
    UnservedReason.TOO_MANY_CONTAINERS: "Un seul passage demande plus de bacs que n’en porte "
    "aucun véhicule.",
    UnservedReason.WINDOW_IMPOSSIBLE: "Aucun véhicule ne peut y être à l’heure demandée et rentrer "
    "avant la fin de son service.",
    UnservedReason.TOO_FAR: "Même seul, l’aller-retour dépasse l’autonomie ou la durée de service.",
    UnservedReason.OUTLET_FULL: "Les exutoires choisis n’ont plus de place.",
    UnservedReason.NO_TIME_LEFT: "Possible seul, mais il ne reste pas de temps avec les autres "
    "points.",
    UnservedReason.NOT_WORTH: "Le desservir coûte plus que la valeur indiquée.",
    UnservedReason.NO_ACCESS: "Aucun des véhicules ne peut y aller.",
    UnservedReason.NO_OUTLET: "Aucun exutoire n’accepte ce qui y est collecté.",
}

SIDE: dict[Side, str] = {Side.OFFER: "Offre", Side.NEED: "Besoin"}

WORKSHOP_STATE: dict[WorkshopState, str] = {
    WorkshopState.PREPARED: "en préparation",
    WorkshopState.OPEN: "ouvert",
    WorkshopState.CLOSED: "terminé",
}

CARD_STATE: dict[CardState, str] = {
    CardState.WAITING: "en attente",
    CardState.SHOWN: "projetée",
    CardState.HIDDEN: "masquée",
}

IDEA_STATE: dict[IdeaState, str] = {
    IdeaState.PROPOSED: "sans décision",
    IdeaState.KEPT: "retenue",
    IdeaState.MERGED: "regroupée",
    IdeaState.REJECTED: "écartée",
}

EVENT_KIND: dict[EventKind, str] = {
    EventKind.PRESENTATION: "Présentation",
    EventKind.VISIT: "Visite",
    EventKind.EVENING: "Soirée",
    EventKind.COMMITTEE: "Comité",
    EventKind.WORKSHOP: "Atelier",
    EventKind.TRAINING: "Formation",
    EventKind.CONFERENCE: "Conférence",
    EventKind.OTHER: "Autre",
}

DEMO_BADGE = "Données de démonstration"
DEMO_HELP = tidy(
    "Une partie de ce que vous voyez sert à la démonstration : des acteurs réels décrits d’après "
    "des sources publiées, et des exemples fictifs dont le nom finit par « (exemple) ». "
    "La page Données permet de tout retirer en un clic."
)
HYPOTHESIS_BADGE = "hypothèse"
UNEXPECTED_ERROR = tidy(
    "Une erreur inattendue nous a arrêtés. Rien de ce qui était enregistré n’est perdu : "
    "rechargez la page, et si cela se reproduit, transmettez ce numéro à l’équipe : {number}."
)


def plural(count: int, singular: str, several: str | None = None) -> str:
    """Return the word for ``count`` things: « 0 acteur », « 1 acteur », « 2 acteurs »."""
    return (several or f"{singular}s") if abs(count) >= 2 else singular  # noqa: PLR2004
