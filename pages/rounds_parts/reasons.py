"""What a planner can do about a stop left out; the reasons themselves are in the wording."""

from data.model import UnservedReason

SUGGESTION: dict[UnservedReason, str] = {
    UnservedReason.TOO_HEAVY: "Augmentez les passages par semaine, baissez les kg par passage ou "
    "ajoutez un véhicule de plus grande charge.",
    UnservedReason.TOO_MANY_CONTAINERS: "Augmentez les passages par semaine ou ajoutez un véhicule "
    "qui porte plus de bacs.",
    UnservedReason.WINDOW_IMPOSSIBLE: "Élargissez la plage horaire du point ou décalez le service "
    "d’un véhicule.",
    UnservedReason.TOO_FAR: "Ajoutez un véhicule de plus grande autonomie (un utilitaire) ou "
    "choisissez un dépôt plus proche.",
    UnservedReason.OUTLET_FULL: "Choisissez un exutoire de plus, ou relevez sa capacité "
    "hebdomadaire.",
    UnservedReason.NO_TIME_LEFT: "Ajoutez un véhicule ou allongez un service.",
    UnservedReason.NOT_WORTH: "Relevez la valeur du point, ou videz-la pour le rendre obligatoire.",
    UnservedReason.NO_ACCESS: "Ajoutez un véhicule qui peut y aller, ou ouvrez l’accès du point.",
    UnservedReason.NO_OUTLET: "Choisissez un exutoire qui accepte cette ressource.",
}
