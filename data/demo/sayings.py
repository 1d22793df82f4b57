"""What companies say at a workshop, by trade: the words from which cards and ideas are made."""

from dataclasses import dataclass
from typing import Final

from data.model import Period, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One thing companies of some trades offer or look for.

    Attributes:
        labels: ways of saying it; one is drawn for each card.
        amounts: quantities in ``unit`` per ``period``; one is drawn, empty = not said.
        period: ``None`` = once.
        words: what may be added.
        trades: kinds of actors; empty = any company.
    """

    side: Side
    resource_id: str
    labels: tuple[str, ...]
    unit: str = ""
    amounts: tuple[float, ...] = ()
    period: Period | None = Period.MONTH
    words: tuple[str, ...] = ("",)
    trades: tuple[str, ...] = ()


TRADES: Final = {
    "food_maker": (
        "d’un atelier agroalimentaire",
        "un atelier agroalimentaire",
        "ateliers agroalimentaires",
    ),
    "joinery": ("d’une menuiserie", "une menuiserie", "menuiseries"),
    "metal": ("d’une métallerie", "une métallerie", "métalleries"),
    "printer": ("d’une imprimerie", "une imprimerie", "imprimeries"),
    "brewery": ("d’une brasserie", "une brasserie", "brasseries"),
    "winery": ("d’un domaine viticole", "un domaine viticole", "domaines viticoles"),
    "market_gardener": ("d’une ferme maraîchère", "une ferme maraîchère", "fermes maraîchères"),
    "shop": ("d’un magasin", "un magasin", "magasins"),
    "reuse": ("d’une ressourcerie", "une ressourcerie", "ressourceries"),
    "garden_centre": ("d’une jardinerie", "une jardinerie", "jardineries"),
    "garage": ("d’un garage", "un garage", "garages"),
    "canteen": (
        "d’un restaurant d’entreprise",
        "un restaurant d’entreprise",
        "restaurants d’entreprise",
    ),
    "livestock": ("d’un élevage", "un élevage", "élevages"),
    "campsite": ("d’un camping", "un camping", "campings"),
}
"""Kind of actor → « d’une … », « une … », plural."""

_O, _N = Side.OFFER, Side.NEED
_W, _M, _Y = Period.WEEK, Period.MONTH, Period.YEAR


def _s(  # noqa: PLR0917 - a row of the table below
    side: Side,
    resource_id: str,
    labels: str,
    unit: str,
    amounts: tuple[float, ...],
    period: Period | None,
    words: str,
    trades: str = "",
) -> Saying:
    return Saying(
        side=side,
        resource_id=resource_id,
        labels=tuple(labels.split(" / ")),
        unit=unit,
        amounts=amounts,
        period=period,
        words=("", *(words.split(" / ") if words else ())),
        trades=tuple(trades.split()),
    )


SAYINGS: Final = (
    _s(_O, "pallet_wood", "Palettes perdues / Palettes en bois / Palettes à donner", "palette",
       (5, 10, 15, 20, 30, 40), _M, "À prendre sur place / Non traitées / Formats mêlés",
       "food_maker metal printer shop garden_centre garage brewery"),
    _s(_N, "pallet_wood", "Palettes / Palettes Europe / Palettes d’occasion", "palette",
       (5, 10, 20, 25), _M, "En bon état / Format 80 × 120",
       "winery food_maker brewery joinery printer reuse"),
    _s(_O, "cardboard", "Cartons d’emballage / Cartons à plat / Gros cartons", "bac 660 L",
       (1, 2, 4, 6), _W, "Propres et secs / Pliés", "food_maker shop reuse garage printer canteen"),
    _s(_N, "cardboard", "Cartons pour expédier / Cartons d’occasion", "kg", (20, 40, 60), _M,
       "Formats moyens / Sans impression", "winery brewery market_gardener reuse"),
    _s(_O, "packing_material", "Papier bulle et calages / Calages en mousse", "kg",
       (5, 10, 15), _M, "Propres", "shop printer metal"),
    _s(_N, "packing_material", "Calages pour colis / Emballages de protection", "kg",
       (5, 10, 20), _M, "Pour des bouteilles / Pour des bocaux",
       "winery brewery food_maker joinery"),
    _s(_O, "crate_wood", "Cagettes / Caisses en bois", "caisse", (20, 40, 60), _M,
       "Bon état / Quelques-unes à reclouer", "shop canteen food_maker"),
    _s(_N, "crate_wood", "Caisses en bois d’occasion / Cagettes", "caisse", (30, 60, 80), _M,
       "De juin à octobre / Toutes tailles", "market_gardener winery reuse"),
    _s(_O, "wood_offcuts", "Chutes de bois massif / Chutes de chêne", "bac 660 L", (1, 2, 3), _W,
       "Sans vernis / Petites longueurs", "joinery"),
    _s(_N, "wood_offcuts", "Chutes de bois / Bois pour petits objets", "kg", (30, 50), _M,
       "Pour des ateliers d’insertion", "reuse"),
    _s(_N, "firewood", "Bois de chauffage / Bois pour la chaudière", "t", (2, 4, 6), _Y,
       "Sec / Bûches ou chutes", "market_gardener campsite reuse livestock"),
    _s(_O, "sawdust", "Sciures et copeaux / Copeaux de bois", "big bag 1000 L", (1, 2, 3), _M,
       "Bois non traité", "joinery"),
    _s(_N, "straw", "Litière / Paille ou copeaux pour la litière", "t", (5, 10, 15), _Y,
       "Sans poussière", "livestock market_gardener"),
    _s(_O, "metal_scrap", "Ferraille / Chutes d’acier", "kg", (80, 150, 300), _M,
       "Triée par nuance / En mélange", "metal garage"),
    _s(_N, "metal_scrap", "Chutes d’acier pour prototypes / Profilés de récupération", "kg",
       (30, 60), _M, "Tubes et plats", "reuse joinery metal"),
    _s(_O, "paper_office", "Chutes de papier / Fins de bobines", "kg", (40, 80, 120), _M,
       "Papier blanc / Papier couché", "printer"),
    _s(_N, "paper_office", "Papier pour emballer / Chutes de papier", "kg", (10, 20, 40), _M, "",
       "reuse shop market_gardener"),
    _s(_O, "plastic_film", "Films de palettes / Films étirables", "kg", (10, 20, 40), _M,
       "Transparents, sans étiquettes", "food_maker shop printer brewery"),
    _s(_O, "big_bag", "Big bags vides / Sacs de malt vides", "pièce", (3, 6, 10), _M,
       "Secs, une seule utilisation", "brewery food_maker garden_centre"),
    _s(_N, "big_bag", "Big bags / Grands sacs", "pièce", (3, 5, 10), _M,
       "Pour les copeaux / Pour le compost", "joinery market_gardener reuse livestock"),
    _s(_O, "spent_grain", "Drêches / Drêches de brassage", "bac 120 L", (4, 8), _W,
       "À enlever sous deux jours", "brewery"),
    _s(_N, "animal_feed", "Compléments pour le bétail / Drêches ou écarts de légumes", "t",
       (5, 10, 15), _Y, "Traçabilité demandée", "livestock"),
    _s(_O, "vegetable_rejects", "Légumes déclassés / Parures de légumes", "kg",
       (60, 120, 200), _W, "Mangeables / Bio", "food_maker market_gardener shop"),
    _s(_N, "fruit_vegetables", "Légumes de saison / Légumes moches", "kg", (50, 100), _W,
       "Pour des soupes / Livraison le mardi", "canteen food_maker campsite shop"),
    _s(_O, "manure", "Fumier / Fumier composté", "t", (40, 80), _Y, "À charger sur place",
       "livestock"),
    _s(_N, "fertiliser", "Amendement organique / Fumier ou marc", "t", (5, 10, 20), _Y,
       "Utilisable en bio", "market_gardener winery garden_centre"),
    _s(_O, "grape_marc", "Marc de raisin / Marc après pressurage", "t", (5, 10, 20), _Y,
       "Septembre et octobre", "winery"),
    _s(_O, "plant_trimmings", "Sarments de taille / Sarments en fagots", "t", (2, 4, 8), _Y,
       "De décembre à mars", "winery"),
    _s(_N, "wood_chips", "Broyat pour pailler / Plaquettes de bois", "m³", (5, 10, 20), _Y,
       "Livré ou à broyer sur place", "market_gardener garden_centre winery"),
    _s(_O, "barrel_oak", "Barriques de trois ans / Barriques usagées", "barrique", (4, 8, 12), _Y,
       "Étanches / Pour la décoration", "winery"),
    _s(_N, "barrel_oak", "Barriques pour vieillir la bière / Barriques", "barrique", (2, 4), _Y,
       "Ayant contenu du vin rouge", "brewery reuse joinery"),
    _s(_O, "glass_bottle", "Bouteilles vides / Bouteilles à laver", "bouteille",
       (200, 400, 800), _M, "Un seul modèle / Modèles mêlés", "winery canteen campsite shop"),
    _s(_N, "bottle_new", "Bouteilles lavées / Bouteilles pour la mise", "bouteille",
       (400, 800, 2000), _M, "75 cl / 33 cl", "winery brewery food_maker"),
    _s(_N, "glass_bottle", "Bouteilles consignées / Bocaux à laver", "bouteille", (300, 600), _M,
       "Sans étiquette collée", "brewery food_maker"),
    _s(_O, "joinery_reused", "Portes et fenêtres déposées / Volets déposés", "pièce", (4, 8), _M,
       "Simple vitrage / Complètes", "joinery"),
    _s(_N, "joinery_reused", "Portes et fenêtres / Fenêtres pour une serre", "pièce", (5, 10), _M,
       "", "reuse market_gardener"),
    _s(_O, "tank_stainless", "Cuves inox / Petite cuve inox", "cuve", (1, 2), None,
       "Sur pieds, vanne comprise", "food_maker winery"),
    _s(_N, "tank_stainless", "Cuve inox d’occasion / Cuves", "cuve", (1, 2), None,
       "500 à 1 000 L", "brewery winery food_maker"),
    _s(_O, "textile_used", "Textiles invendus / Chiffons", "kg", (20, 50), _M, "Coton surtout",
       "reuse"),
    _s(_N, "textile_used", "Chiffons d’essuyage / Vieux draps", "kg", (5, 10, 20), _M, "Coton",
       "garage metal printer joinery"),
    _s(_O, "heat_waste", "Chaleur des groupes froids / Chaleur du four", "MWh", (20, 40), _Y,
       "Autour de 40 °C", "food_maker metal"),
    _s(_N, "natural_gas", "Chauffer l’atelier moins cher / Chauffer la serre", "MWh",
       (20, 30, 50), _Y, "", "joinery market_gardener garden_centre printer"),
    _s(_O, "water_reused", "Eau de rinçage propre / Eau de pluie stockée", "m³", (5, 10, 20), _M,
       "Non potable", "brewery food_maker joinery"),
    _s(_N, "water_mains", "Eau pour arroser / Eau pour laver le matériel", "m³", (10, 20), _M,
       "De mai à septembre", "market_gardener garden_centre garage winery"),
    _s(_O, "handling_equipment", "Chariot élévateur à prêter / Transpalette à prêter", "jour",
       (1, 2, 4), _M, "Avec un cariste / Sans cariste", "metal food_maker printer joinery shop"),
    _s(_N, "handling_equipment", "Chariot élévateur de temps en temps / Nacelle", "jour",
       (1, 2), _M, "Surtout à l’automne", "winery market_gardener reuse brewery garden_centre"),
    _s(_O, "workshop_machines", "Heures de machine à commande numérique / Presse libre le vendredi",
       "h", (4, 8, 16), _M, "Avec un opérateur", "metal joinery printer"),
    _s(_N, "workshop_machines", "Heures de découpe / Soudure de temps en temps", "h", (2, 4, 8),
       _M, "Petites séries", "brewery reuse garage winery market_gardener"),
    _s(_O, "storage_space", "Place libre dans l’entrepôt / Chambre froide en basse saison", "m²",
       (20, 40, 80, 150), _Y, "Accès quai / D’octobre à avril", "food_maker printer shop winery"),
    _s(_N, "storage_space", "Place pour stocker / Garde en chambre froide", "m²",
       (15, 30, 60), _Y, "Au sec / Quelques mois",
       "market_gardener brewery reuse joinery winery"),
    _s(_O, "freight", "Camion qui revient à vide / Place dans le camion", "trajet", (2, 4), _M,
       "Retour de Bordeaux / Vers Périgueux", "shop reuse food_maker printer garden_centre"),
    _s(_N, "freight", "Livrer à Bordeaux / Transport de palettes", "trajet", (1, 2, 4), _M,
       "Deux palettes à la fois", "winery brewery market_gardener metal joinery"),
    _s(_O, "meeting_room", "Salle de réunion / Salle de dégustation en semaine", "jour", (2, 4),
       _M, "Vingt places, écran", "winery canteen printer campsite"),
    _s(_N, "meeting_room", "Salle pour former l’équipe / Salle de réunion", "jour", (1, 2), _M,
       "Une demi-journée suffit", "metal garage reuse food_maker joinery"),
    _s(_O, "expertise", "Formation à la réparation / Conseil en étiquetage", "jour", (1, 2), _Y,
       "Une journée par an", "reuse printer metal brewery"),
    _s(_N, "expertise", "Formation au tri / Formation aux gestes de manutention", "jour",
       (1, 2), _Y, "À plusieurs, ce serait moins cher"),
    _s(_N, "shared_staff", "Quelqu’un deux jours par semaine / Saisonniers", "h", (40, 60, 80),
       _M, "Comptabilité / Manutention / Entretien"),
    _s(_O, "shared_staff", "Mécanicien disponible en basse saison / Équipe disponible l’hiver",
       "h", (20, 40), _M, "De novembre à février", "campsite winery garden_centre metal"),
    _s(_N, "group_purchase", "Acheter l’électricité à plusieurs / Contrat d’électricité commun",
       "MWh", (), None, "Contrat à renouveler l’an prochain"),
    _s(_N, "workwear", "Vêtements de travail / Lavage des tenues", "pièce", (10, 20), _M,
       "Un seul prestataire pour la zone", "metal garage joinery food_maker printer"),
    _s(_N, "cleaning_products", "Produits d’entretien / Produits de nettoyage", "L", (10, 20, 40),
       _M, "Moins nocifs", "food_maker canteen winery brewery campsite"),
    _s(_N, "electricity", "Panneaux solaires à plusieurs / Réduire la facture d’électricité",
       "MWh", (30, 60, 120), _Y, "Toiture disponible"),
)  # fmt: skip
"""Every thing said at the example workshop is one of these."""

POOLED: Final = {
    "cardboard": "Collecte commune",
    "plastic_film": "Collecte commune",
    "metal_scrap": "Collecte commune",
    "pallet_wood": "Reprise commune",
    "vegetable_rejects": "Transformation commune",
    "freight": "Camion partagé",
    "shared_staff": "Emploi partagé",
    "expertise": "Formation commune",
    "storage_space": "Entrepôt partagé",
    "handling_equipment": "Engin partagé",
    "workshop_machines": "Machine partagée",
    "meeting_room": "Salle partagée",
    "electricity": "Projet solaire commun",
    "big_bag": "Réemploi commun",
    "group_purchase": "Ensemble",
}
"""What doing it together is called, by resource; « Achat groupé » for the others."""
