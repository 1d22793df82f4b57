"""Kinds of invented actors: what they do, how many, where they settle, and their names.

Every name is made up; the generator adds « (exemple) » to each.
"""

from dataclasses import dataclass
from typing import Final

from data.model import ActorKind, College

SUFFIX: Final = " (exemple)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of invented actor.

    Attributes:
        key: names its flow recipes.
        least_population: smallest commune where one would settle.
        rural: anywhere in the commune rather than around the town hall.
        central: feeds people from a kitchen: gathered where the rounds are, in the main EPCI.
        most_per_commune: how many of them one commune may get.
    """

    key: str
    kind: ActorKind
    college: College
    activity: str
    naf_code: str
    competences: tuple[str, ...]
    names: tuple[str, ...]
    least_population: int = 0
    rural: bool = False
    central: bool = False
    most_per_commune: int = 99


_COMPANY, _SSE = ActorKind.COMPANY, ActorKind.SSE
_PUBLIC, _FARM = ActorKind.PUBLIC_BODY, ActorKind.FARM
_FOR_PRIVATE, _FOR_PUBLIC = College.PRIVATE, College.PUBLIC

KINDS: Final = (
    Kind(
        key="restaurant",
        central=True,
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Restaurant",
        naf_code="56.10A",
        competences=("cuisine", "accueil", "produits locaux"),
        names=(
            "Restaurant du Vieux Pont",
            "La Table des Gabares",
            "Auberge du Chêne Creux",
            "Le Petit Tonneau",
            "Le Comptoir des Cordeliers",
            "Aux Trois Marmites",
            "La Cuillère Curieuse",
            "Bistrot de la Halle",
            "L’Assiette Vagabonde",
            "Le Jardin des Tilleuls",
            "La Guinguette des Martins-Pêcheurs",
            "Auberge de la Bastide Bleue",
            "Le Four à Noix",
            "Chez les Voisins d’en Face",
            "La Cantine du Port",
            "Crêperie des Deux Moulins",
            "Pizzeria du Beffroi",
            "Le Relais des Coteaux",
        ),
        least_population=450,
    ),
    Kind(
        key="school",
        central=True,
        kind=_PUBLIC,
        college=_FOR_PUBLIC,
        activity="École avec restaurant scolaire",
        naf_code="85.20Z",
        competences=("éducation", "restauration scolaire", "jardin pédagogique"),
        names=(
            "École des Trois Tilleuls",
            "École du Grand Cerisier",
            "École de la Marelle",
            "École des Hirondelles",
            "École du Petit Ruisseau",
            "École de la Colline aux Lièvres",
            "École des Quatre Saisons",
            "École du Préau Bleu",
            "Collège de la Grande Boucle",
            "Collège des Rives Claires",
            "École du Vieux Lavoir",
        ),
        least_population=500,
    ),
    Kind(
        key="canteen",
        central=True,
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Restaurant d’entreprise",
        naf_code="56.29B",
        competences=("restauration collective", "achats alimentaires"),
        names=(
            "Cantine de la Zone des Peupliers",
            "Restaurant d’entreprise Le Tournesol",
            "La Pause des Ateliers",
        ),
        least_population=1_500,
    ),
    Kind(
        key="care_home",
        central=True,
        kind=_SSE,
        college=_FOR_PRIVATE,
        activity="Maison de retraite médicalisée",
        naf_code="87.10A",
        competences=("soin", "restauration collective", "lingerie"),
        names=(
            "Résidence Les Glycines",
            "Résidence du Bord de l’Eau",
            "Résidence Les Mille Pensées",
            "Résidence du Clos des Roses",
            "Résidence Le Grand Cèdre",
            "Résidence Les Tourterelles",
            "Résidence du Parc aux Biches",
            "Résidence L’Heure Douce",
        ),
        least_population=700,
        most_per_commune=5,
    ),
    Kind(
        key="shop",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Supermarché",
        naf_code="47.11D",
        competences=("commerce", "logistique", "dons alimentaires"),
        names=(
            "Supermarché du Rond-Point",
            "Marché des Trois Vallées",
            "Supermarché La Corbeille",
            "Halles de la Rivière",
            "Épicerie Au Bon Panier",
            "Épicerie La Réserve",
            "Magasin Vrac et Bocaux",
            "Supérette de la Bastide",
        ),
        least_population=600,
        most_per_commune=4,
    ),
    Kind(
        key="bakery",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Boulangerie-pâtisserie",
        naf_code="10.71C",
        competences=("boulangerie", "livraison matinale"),
        names=(
            "Fournil de la Mie Dorée",
            "Boulangerie Le Levain des Collines",
            "Le Pétrin Joyeux",
            "Boulangerie du Matin Clair",
        ),
        least_population=400,
    ),
    Kind(
        key="market_gardener",
        kind=_FARM,
        college=_FOR_PRIVATE,
        activity="Maraîchage",
        naf_code="01.13Z",
        competences=("maraîchage", "vente directe", "compost"),
        names=(
            "Ferme du Potager Rond",
            "Les Légumes de la Combe",
            "Jardin des Quatre Vents",
            "Ferme de la Belle Courge",
            "Maraîchage des Terres Douces",
            "Les Paniers du Ruisseau",
            "Ferme du Haricot Grimpant",
            "Les Serres de la Plaine",
        ),
        rural=True,
        most_per_commune=2,
    ),
    Kind(
        key="winery",
        kind=_FARM,
        college=_FOR_PRIVATE,
        activity="Viticulture et vinification",
        naf_code="01.21Z",
        competences=("viticulture", "vinification", "accueil à la ferme"),
        names=(
            "Domaine des Brumes d’Octobre",
            "Domaine de la Cigale Rousse",
            "Clos des Genévriers",
            "Domaine du Pressoir Vert",
            "Vignoble de la Butte aux Grives",
            "Domaine des Cailloux Blonds",
            "Clos du Pigeonnier",
            "Domaine de la Treille Haute",
            "Vignoble des Deux Clochers",
            "Domaine du Merle Moqueur",
        ),
        rural=True,
        most_per_commune=2,
    ),
    Kind(
        key="livestock",
        kind=_FARM,
        college=_FOR_PRIVATE,
        activity="Élevage bovin",
        naf_code="01.42Z",
        competences=("élevage", "fumier", "matériel agricole"),
        names=(
            "Élevage de la Prairie Longue",
            "Ferme des Blondes Paisibles",
            "Élevage du Vallon aux Saules",
        ),
        rural=True,
        most_per_commune=1,
    ),
    Kind(
        key="joinery",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Menuiserie",
        naf_code="43.32A",
        competences=("menuiserie", "pose", "réparation de palettes"),
        names=(
            "Menuiserie du Copeau d’Or",
            "Atelier Chêne et Noyer",
            "Menuiserie de la Varlope",
            "Les Ateliers du Rabot",
            "Menuiserie des Volets Bleus",
        ),
        least_population=300,
    ),
    Kind(
        key="metal",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Mécanique et métallerie",
        naf_code="25.62B",
        competences=("soudure", "usinage", "maintenance"),
        names=(
            "Métallerie de l’Enclume",
            "Atelier Mécanique du Barrage",
            "Chaudronnerie des Trois Rivets",
            "Ateliers de la Forge Neuve",
        ),
        least_population=600,
    ),
    Kind(
        key="garage",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Garage automobile",
        naf_code="45.20A",
        competences=("mécanique", "entretien de véhicules"),
        names=(
            "Garage de la Clé à Molette",
            "Garage des Quatre Chemins",
            "Garage du Lavoir",
            "Garage La Bonne Conduite",
        ),
        least_population=300,
    ),
    Kind(
        key="garden_centre",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Jardinerie",
        naf_code="47.76Z",
        competences=("horticulture", "conseil au jardin"),
        names=("Jardinerie du Grand Arrosoir", "Pépinière de la Feuille Verte"),
        least_population=1_000,
    ),
    Kind(
        key="food_maker",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Transformation alimentaire",
        naf_code="10.39B",
        competences=("agroalimentaire", "froid", "hygiène"),
        names=(
            "Conserverie du Bocal Heureux",
            "Confiturerie des Prunes Bleues",
            "Moulin à Noix de la Source",
            "Conserverie de la Vallée Gourmande",
        ),
        least_population=500,
        most_per_commune=1,
    ),
    Kind(
        key="brewery",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Brasserie artisanale",
        naf_code="11.05Z",
        competences=("brassage", "embouteillage"),
        names=("Brasserie de la Mousse Claire", "Brasserie du Houblon Sauvage"),
        least_population=300,
    ),
    Kind(
        key="printer",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Imprimerie",
        naf_code="18.12Z",
        competences=("impression", "façonnage"),
        names=("Imprimerie de la Belle Feuille", "Imprimerie des Quatre Couleurs"),
        least_population=1_000,
    ),
    Kind(
        key="campsite",
        kind=_COMPANY,
        college=_FOR_PRIVATE,
        activity="Camping avec restauration",
        naf_code="55.30Z",
        competences=("tourisme", "accueil"),
        names=("Camping de la Boucle Verte", "Camping des Libellules"),
        least_population=300,
        rural=True,
    ),
    Kind(
        key="reuse",
        kind=_SSE,
        college=_FOR_PRIVATE,
        activity="Ressourcerie",
        naf_code="47.79Z",
        competences=("réemploi", "insertion", "réparation"),
        names=("Ressourcerie du Grenier Commun", "Recyclerie de la Deuxième Vie"),
        least_population=1_000,
    ),
    Kind(
        key="residents",
        kind=ActorKind.RESIDENTS,
        college=College.POPULATION,
        activity="Composteur partagé de quartier",
        naf_code="",
        competences=("compostage partagé", "jardinage"),
        names=("Jardin partagé des Escargots", "Composteur du Quartier des Lilas"),
        least_population=1_000,
    ),
)
