"""The flows of each kind of invented actor: what goes in and out, how much, with whom.

Weights of seasons are monthly, January first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from data.demo.amounts import (
    Rule,
    beds,
    declared,
    households,
    meals,
    pieces,
    school,
    unknown,
)
from data.model import Direction, Period, Visibility

SCHOOL_YEAR: Final = (1.0, 0.8, 1.0, 0.7, 1.0, 1.0, 0.1, 0.0, 1.0, 0.8, 1.0, 0.7)
HARVEST: Final = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 1.0, 0.7, 0.1, 0.0)
PRUNING: Final = (1.0, 1.0, 0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.8)
SUMMER: Final = (0.5, 0.5, 0.7, 1.0, 1.2, 1.4, 1.8, 1.9, 1.2, 0.9, 0.6, 0.7)
SUMMER_ONLY: Final = (0.0, 0.0, 0.0, 0.3, 0.6, 1.0, 2.0, 2.2, 0.8, 0.1, 0.0, 0.0)
GROWTH: Final = (0.2, 0.3, 0.6, 1.0, 1.5, 1.6, 1.5, 1.4, 1.3, 1.0, 0.5, 0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The nearest invented actor of a kind."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Someone who is not one of our actors."""

    name: str
    place: str


Partner = Near | Outside | None
"""``None``: the partner is unknown."""

_PUBLIC_COLLECTION = Outside(name="Collecte publique", place="hors territoire")
_CARDBOARD = Outside(name="Recycleur de cartons (exemple)", place="Bordeaux")
_SCRAP = Outside(name="Négoce de métaux (exemple)", place="Périgueux")
_WHOLESALER = Outside(name="Grossiste (exemple)", place="Bordeaux")
_GLASS_WORKS = Outside(name="Verrerie (exemple)", place="hors territoire")
_DISTILLERY = Outside(name="Distillerie (exemple)", place="hors territoire")
_SAWMILL = Outside(name="Scierie (exemple)", place="Périgueux")
_HAZARDOUS = Outside(name="Collecteur agréé (exemple)", place="Bordeaux")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One flow of a kind of actor.

    Attributes:
        every: 1 = all actors of the kind have it, 2 = every other one, and so on.
        partners: one is drawn for each actor.
        visits: passages a week the draw is made from; empty = unknown.
    """

    direction: Direction
    resource_id: str
    label: str
    amount: Rule
    every: int = 1
    partners: tuple[Partner, ...] = (None,)
    visits: tuple[float, ...] = ()
    seasonality: tuple[float, ...] = ()
    packaging: str = ""
    waste_code: str = ""
    treatment_code: str = ""
    visibility: Visibility = Visibility.PUBLIC


IN, OUT = Direction.IN, Direction.OUT
_DAY, _WEEK, _MONTH, _YEAR = Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR


def _kitchen(
    amount: Rule, visits: tuple[float, ...], seasonality: tuple[float, ...] = ()
) -> Recipe:
    return Recipe(
        direction=OUT,
        resource_id="biowaste_kitchen",
        label="Biodéchets de cuisine et de table",
        amount=amount,
        partners=(_PUBLIC_COLLECTION, _PUBLIC_COLLECTION, None, Near(kind="market_gardener")),
        visits=visits,
        seasonality=seasonality,
        packaging="bacs de 120 L",
        waste_code="20 01 08",
    )


def _cardboard(low: int, high: int, every: int = 1) -> Recipe:
    return Recipe(
        direction=OUT,
        resource_id="cardboard",
        label="Cartons d’emballage",
        amount=pieces("bac 660 L", low, high, _WEEK),
        every=every,
        partners=(_CARDBOARD, _PUBLIC_COLLECTION, None),
        visits=(1.0,),
        packaging="en vrac, plié",
        waste_code="15 01 01",
        treatment_code="R3",
    )


def _pallets_out(low: int, high: int, every: int = 1) -> Recipe:
    return Recipe(
        direction=OUT,
        resource_id="pallet_wood",
        label="Palettes perdues",
        amount=pieces("palette", low, high, _MONTH),
        every=every,
        partners=(None, Near(kind="joinery"), Near(kind="market_gardener")),
        packaging="empilées",
        waste_code="15 01 03",
    )


def _frying_oil(every: int = 1) -> Recipe:
    return Recipe(
        direction=OUT,
        resource_id="cooking_oil_used",
        label="Huile de friture",
        amount=pieces("bidon 20 L", 1, 4, _MONTH),
        every=every,
        partners=(Outside(name="Collecteur d’huiles (exemple)", place="Bordeaux"), None),
        packaging="bidons",
        waste_code="20 01 25",
        treatment_code="R9",
    )


def _groceries(low: int, high: int, partner: Partner = _WHOLESALER) -> Recipe:
    return Recipe(
        direction=IN,
        resource_id="food_products",
        label="Denrées alimentaires",
        amount=declared("t", low, high, 1),
        partners=(partner, None),
    )


def _vegetables_in(every: int = 1) -> Recipe:
    return Recipe(
        direction=IN,
        resource_id="fruit_vegetables",
        label="Légumes de saison",
        amount=pieces("caisse-palette 600 L", 1, 3, _MONTH),
        every=every,
        partners=(Near(kind="market_gardener"),),
        seasonality=GROWTH,
        packaging="caisses",
    )


def _scrap(low: int, high: int) -> Recipe:
    return Recipe(
        direction=OUT,
        resource_id="metal_scrap",
        label="Ferraille",
        amount=pieces("benne 1 m³", low, high, _MONTH),
        partners=(_SCRAP, None),
        packaging="benne",
        waste_code="17 04 05",
        treatment_code="R4",
    )


RECIPES: Final[Mapping[str, tuple[Recipe, ...]]] = {
    "restaurant": (
        _kitchen(
            meals("biowaste_restaurant_per_meal", (30, 80), (5, 6), 47), (2.0, 2.0, 3.0), SUMMER
        ),
        _frying_oil(every=2),
        Recipe(
            direction=OUT,
            resource_id="glass_bottle",
            label="Bouteilles vides",
            amount=pieces("bac 120 L", 1, 4, _WEEK),
            every=2,
            partners=(_PUBLIC_COLLECTION, None),
            waste_code="15 01 07",
        ),
        _cardboard(1, 2, every=4),
        _vegetables_in(every=3),
    ),
    "school": (
        _kitchen(school(), (2.0,), SCHOOL_YEAR),
        Recipe(
            direction=IN,
            resource_id="food_products",
            label="Repas préparés",
            amount=declared("repas", 60, 220, 10, _DAY),
            every=2,
            seasonality=SCHOOL_YEAR,
            partners=(Outside(name="Cuisine centrale (exemple)", place="24037"), None),
        ),
        Recipe(
            direction=OUT,
            resource_id="paper_office",
            label="Papiers",
            amount=pieces("bac 240 L", 1, 2, _MONTH),
            every=3,
            seasonality=SCHOOL_YEAR,
            partners=(_PUBLIC_COLLECTION,),
            waste_code="20 01 01",
        ),
    ),
    "canteen": (
        _kitchen(meals("biowaste_canteen_per_meal", (60, 140), (5, 5), 46), (3.0,)),
        _frying_oil(),
        _cardboard(1, 3),
    ),
    "care_home": (
        _kitchen(beds(40, 95), (4.0,)),
        Recipe(
            direction=OUT,
            resource_id="textile_used",
            label="Linge réformé",
            amount=pieces("bac 120 L", 1, 3, _MONTH),
            every=2,
            partners=(Near(kind="reuse"), None),
        ),
        _vegetables_in(every=2),
        Recipe(
            direction=OUT,
            resource_id="crate_wood",
            label="Caisses et cagettes en bois",
            amount=pieces("caisse", 10, 40, _MONTH),
            every=2,
            partners=(Near(kind="market_gardener"),),
            waste_code="15 01 03",
        ),
    ),
    "shop": (
        Recipe(
            direction=OUT,
            resource_id="food_unsold",
            label="Invendus",
            amount=pieces("bac 240 L", 1, 3, _WEEK),
            partners=(Outside(name="Banque alimentaire", place="Périgueux"), Near(kind="reuse")),
            visits=(2.0, 3.0),
            waste_code="02 05 01",
        ),
        _cardboard(4, 12),
        Recipe(
            direction=OUT,
            resource_id="plastic_film",
            label="Films de palettes",
            amount=pieces("bac 660 L", 1, 3, _WEEK),
            partners=(_WHOLESALER, None),
            waste_code="15 01 02",
        ),
        _pallets_out(10, 40),
    ),
    "bakery": (
        Recipe(
            direction=OUT,
            resource_id="food_unsold",
            label="Pain de la veille",
            amount=pieces("bac 120 L", 1, 3, _WEEK),
            partners=(Near(kind="livestock"), None),
            waste_code="02 06 01",
        ),
        Recipe(
            direction=IN,
            resource_id="food_products",
            label="Farine",
            amount=declared("t", 12, 40, 2),
            partners=(Outside(name="Minoterie (exemple)", place="hors territoire"), None),
            packaging="sacs de 25 kg",
        ),
    ),
    "market_gardener": (
        Recipe(
            direction=OUT,
            resource_id="vegetable_rejects",
            label="Légumes déclassés",
            amount=pieces("caisse-palette 600 L", 1, 4, _MONTH),
            partners=(Near(kind="livestock"), None),
            seasonality=GROWTH,
            packaging="caisses-palettes",
            waste_code="02 03 04",
        ),
        Recipe(
            direction=OUT,
            resource_id="fruit_vegetables",
            label="Légumes de saison",
            amount=pieces("caisse-palette 600 L", 3, 12, _MONTH),
            partners=(
                Near(kind="restaurant"),
                Near(kind="school"),
                Outside(name="Marché de gros (exemple)", place="Bordeaux"),
            ),
            seasonality=GROWTH,
        ),
        Recipe(
            direction=IN,
            resource_id="crate_wood",
            label="Caisses en bois d’occasion",
            amount=pieces("caisse", 20, 80, _MONTH),
            every=2,
            partners=(Near(kind="care_home"), None),
        ),
        Recipe(
            direction=IN,
            resource_id="compost",
            label="Compost",
            amount=pieces("benne 5 m³", 1, 4, _YEAR),
            partners=(Near(kind="residents"), None),
            seasonality=GROWTH,
        ),
        Recipe(
            direction=OUT,
            resource_id="plastic_agricultural",
            label="Bâches de paillage",
            amount=unknown("t"),
            every=4,
        ),
    ),
    "winery": (
        Recipe(
            direction=OUT,
            resource_id="grape_marc",
            label="Marc de raisin",
            amount=pieces("benne 5 m³", 2, 8, _YEAR),
            partners=(_DISTILLERY, Near(kind="livestock")),
            seasonality=HARVEST,
            packaging="benne",
            waste_code="02 07 02",
        ),
        Recipe(
            direction=OUT,
            resource_id="plant_trimmings",
            label="Sarments de taille",
            amount=pieces("benne 10 m³", 2, 10, _YEAR),
            every=2,
            seasonality=PRUNING,
            waste_code="02 01 03",
        ),
        Recipe(
            direction=IN,
            resource_id="bottle_new",
            label="Bouteilles neuves",
            amount=pieces("bouteille", 12_000, 60_000, _YEAR, step=500),
            partners=(_GLASS_WORKS,),
            packaging="palettes houssées",
        ),
        Recipe(
            direction=OUT,
            resource_id="barrel_oak",
            label="Barriques de trois ans",
            amount=pieces("barrique", 4, 20, _YEAR),
            every=3,
            partners=(Near(kind="joinery"), None),
            waste_code="15 01 03",
        ),
        Recipe(
            direction=IN,
            resource_id="sodium_hydroxide",
            label="Soude pour le lavage des cuves",
            amount=declared("kg", 50, 200, 25),
            every=4,
            seasonality=HARVEST,
            partners=(_WHOLESALER,),
        ),
        Recipe(
            direction=IN,
            resource_id="shared_staff",
            label="Saisonniers des vendanges",
            amount=declared("h", 200, 900, 50),
            every=4,
            seasonality=HARVEST,
        ),
    ),
    "livestock": (
        Recipe(
            direction=OUT,
            resource_id="manure",
            label="Fumier",
            amount=pieces("benne 10 m³", 10, 25, _YEAR),
            partners=(Near(kind="market_gardener"), None),
        ),
        Recipe(
            direction=IN,
            resource_id="straw",
            label="Paille de litière",
            amount=pieces("benne 10 m³", 8, 20, _YEAR),
            partners=(Outside(name="Céréalier (exemple)", place="hors territoire"), None),
        ),
        Recipe(
            direction=IN,
            resource_id="animal_feed",
            label="Aliments pour le bétail",
            amount=declared("t", 20, 60, 5),
        ),
    ),
    "joinery": (
        Recipe(
            direction=OUT,
            resource_id="wood_offcuts",
            label="Chutes de bois massif",
            amount=pieces("bac 660 L", 1, 4, _WEEK),
            partners=(None, Near(kind="campsite")),
            waste_code="03 01 05",
        ),
        Recipe(
            direction=OUT,
            resource_id="sawdust",
            label="Sciures et copeaux",
            amount=pieces("big bag 1000 L", 1, 3, _MONTH),
            partners=(Near(kind="livestock"), None),
            packaging="big bags",
            waste_code="03 01 05",
        ),
        Recipe(
            direction=IN,
            resource_id="timber",
            label="Bois d’œuvre",
            amount=declared("m³", 10, 60, 5),
            partners=(_SAWMILL,),
        ),
        Recipe(
            direction=OUT,
            resource_id="joinery_reused",
            label="Portes et fenêtres déposées",
            amount=pieces("pièce", 3, 12, _MONTH),
            every=2,
            partners=(Near(kind="reuse"), Near(kind="market_gardener")),
            waste_code="17 02 01",
        ),
    ),
    "metal": (
        _scrap(1, 3),
        Recipe(
            direction=OUT,
            resource_id="aluminium",
            label="Copeaux d’aluminium",
            amount=unknown("t"),
            every=2,
            partners=(_SCRAP,),
            waste_code="17 04 02",
        ),
        Recipe(
            direction=IN,
            resource_id="steel_stock",
            label="Barres et tôles",
            amount=declared("t", 20, 90, 5),
            partners=(_WHOLESALER,),
        ),
        Recipe(
            direction=OUT,
            resource_id="solvents_used",
            label="Solvants de dégraissage",
            amount=pieces("bidon 60 L", 1, 2, Period.QUARTER),
            every=2,
            partners=(_HAZARDOUS,),
            visibility=Visibility.CONFIDENTIAL,
        ),
        _pallets_out(5, 15),
    ),
    "garage": (
        Recipe(
            direction=OUT,
            resource_id="motor_oil_used",
            label="Huiles de vidange",
            amount=pieces("bidon 60 L", 1, 4, _MONTH),
            partners=(_HAZARDOUS,),
            packaging="fûts",
            treatment_code="R9",
        ),
        _scrap(1, 1),
    ),
    "garden_centre": (
        Recipe(
            direction=OUT,
            resource_id="biowaste_garden",
            label="Déchets verts",
            amount=pieces("benne 10 m³", 1, 2, _MONTH),
            partners=(_PUBLIC_COLLECTION, Near(kind="market_gardener")),
            seasonality=GROWTH,
            waste_code="20 02 01",
            treatment_code="R3",
        ),
        _pallets_out(5, 20),
        Recipe(
            direction=OUT,
            resource_id="plastic_rigid",
            label="Pots et godets",
            amount=pieces("bac 660 L", 1, 3, _MONTH),
            seasonality=GROWTH,
            waste_code="15 01 02",
        ),
    ),
    "food_maker": (
        Recipe(
            direction=OUT,
            resource_id="vegetable_rejects",
            label="Parures de fruits et légumes",
            amount=pieces("bac 240 L", 4, 12, _WEEK),
            partners=(Near(kind="livestock"), _PUBLIC_COLLECTION),
            seasonality=GROWTH,
            waste_code="02 03 04",
        ),
        _cardboard(2, 6),
        _pallets_out(8, 30),
        Recipe(
            direction=OUT,
            resource_id="heat_waste",
            label="Chaleur des groupes froids",
            amount=declared("MWh", 20, 80, 10),
            every=2,
            visibility=Visibility.NETWORK,
        ),
        Recipe(
            direction=OUT,
            resource_id="storage_space",
            label="Chambre froide disponible",
            amount=declared("m²", 20, 80, 10),
            every=2,
            visibility=Visibility.NETWORK,
        ),
        Recipe(
            direction=OUT,
            resource_id="tank_stainless",
            label="Cuves en inox inutilisées",
            amount=pieces("cuve", 1, 3, _YEAR),
            every=4,
            partners=(None,),
        ),
    ),
    "brewery": (
        Recipe(
            direction=OUT,
            resource_id="spent_grain",
            label="Drêches",
            amount=pieces("bac 120 L", 3, 8, _WEEK),
            partners=(Near(kind="livestock"),),
            visits=(1.0,),
            waste_code="02 07 04",
        ),
        Recipe(
            direction=IN,
            resource_id="glass_bottle",
            label="Bouteilles consignées à laver",
            amount=pieces("bouteille", 500, 2_000, _MONTH, step=100),
            partners=(Near(kind="restaurant"), None),
        ),
        Recipe(
            direction=OUT,
            resource_id="big_bag",
            label="Big bags de malt vides",
            amount=pieces("pièce", 2, 8, _MONTH),
            waste_code="15 01 02",
        ),
    ),
    "printer": (
        Recipe(
            direction=OUT,
            resource_id="paper_office",
            label="Chutes de papier",
            amount=pieces("bac 660 L", 1, 4, _WEEK),
            partners=(_CARDBOARD,),
            waste_code="20 01 01",
            treatment_code="R3",
        ),
        _pallets_out(5, 15),
        Recipe(
            direction=OUT,
            resource_id="solvents_used",
            label="Encres et solvants",
            amount=unknown("L"),
            every=2,
            partners=(_HAZARDOUS,),
            visibility=Visibility.CONFIDENTIAL,
        ),
    ),
    "campsite": (
        _kitchen(meals("biowaste_restaurant_per_meal", (40, 90), (7, 7), 22), (2.0,), SUMMER_ONLY),
        Recipe(
            direction=OUT,
            resource_id="biowaste_garden",
            label="Tontes et tailles",
            amount=pieces("benne 5 m³", 1, 2, _MONTH),
            partners=(None,),
            seasonality=GROWTH,
            waste_code="20 02 01",
        ),
    ),
    "reuse": (
        Recipe(
            direction=IN,
            resource_id="joinery_reused",
            label="Portes et fenêtres à revendre",
            amount=pieces("pièce", 4, 15, _MONTH),
            partners=(Near(kind="joinery"), None),
        ),
        Recipe(
            direction=OUT,
            resource_id="textile_used",
            label="Textiles invendus",
            amount=pieces("bac 660 L", 1, 3, _WEEK),
            partners=(Outside(name="Trieur de textiles (exemple)", place="Bordeaux"),),
        ),
        Recipe(
            direction=OUT,
            resource_id="freight",
            label="Camion disponible au retour",
            amount=declared("trajet", 1, 4, 1, _WEEK),
            every=2,
        ),
    ),
    "residents": (
        Recipe(
            direction=IN,
            resource_id="biowaste_kitchen",
            label="Épluchures des habitants",
            amount=households(40, 120),
            partners=(Outside(name="Habitants du quartier", place="sur place"),),
            waste_code="20 01 08",
        ),
        Recipe(
            direction=OUT,
            resource_id="compost",
            label="Compost mûr",
            amount=pieces("bac 660 L", 1, 3, Period.QUARTER),
            partners=(None,),
            treatment_code="R3",
        ),
    ),
}
