"""French words for every enumeration of the model, and the few sentences pages share."""

from data.french import tidy
from data.model import (
    ActorKind,
    College,
    Difficulty,
    Direction,
    Origin,
    Period,
    PositionPrecision,
    Reliability,
    ResourceFamily,
    Stream,
    StudyState,
    TravelMode,
    UnservedReason,
    Visibility,
    VisitKind,
)

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

STUDY_STATE: dict[StudyState, str] = {
    StudyState.DRAFT: "Brouillon",
    StudyState.FINAL: "Validée",
}

DIFFICULTY: dict[Difficulty, str] = {
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
