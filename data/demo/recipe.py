"""What a flow recipe is, with the partners, seasons and flows that several kinds share."""

from dataclasses import dataclass
from typing import Final

from data.demo.amounts import (
    Rule,
    pieces,
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

PUBLIC_COLLECTION = Outside(name="Collecte publique", place="hors territoire")
RECYCLER = Outside(name="Recycleur de cartons (exemple)", place="Bordeaux")
SCRAP_DEALER = Outside(name="Négoce de métaux (exemple)", place="Périgueux")
WHOLESALER = Outside(name="Grossiste (exemple)", place="Bordeaux")
GLASS_WORKS = Outside(name="Verrerie (exemple)", place="hors territoire")
DISTILLERY = Outside(name="Distillerie (exemple)", place="hors territoire")
SAWMILL = Outside(name="Scierie (exemple)", place="Périgueux")
HAZARDOUS_COLLECTOR = Outside(name="Collecteur agréé (exemple)", place="Bordeaux")


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
DAY, WEEK, MONTH, YEAR = Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR


def kitchen(amount: Rule, visits: tuple[float, ...], seasonality: tuple[float, ...] = ()) -> Recipe:
    """Kitchen waste, collected with household waste unless something better was found."""
    return Recipe(
        direction=OUT,
        resource_id="biowaste_kitchen",
        label="Biodéchets de cuisine et de table",
        amount=amount,
        partners=(PUBLIC_COLLECTION, PUBLIC_COLLECTION, None, Near(kind="market_gardener")),
        visits=visits,
        seasonality=seasonality,
        packaging="bacs de 120 L",
        waste_code="20 01 08",
    )


def cardboard(low: int, high: int, every: int = 1) -> Recipe:
    """Flattened cardboard, in 660 L bins a week."""
    return Recipe(
        direction=OUT,
        resource_id="cardboard",
        label="Cartons d’emballage",
        amount=pieces("bac 660 L", low, high, WEEK),
        every=every,
        partners=(RECYCLER, PUBLIC_COLLECTION, None),
        visits=(1.0,),
        packaging="en vrac, plié",
        waste_code="15 01 01",
        treatment_code="R3",
    )


def pallets_out(low: int, high: int, every: int = 1) -> Recipe:
    """One-way pallets, counted by the month."""
    return Recipe(
        direction=OUT,
        resource_id="pallet_wood",
        label="Palettes perdues",
        amount=pieces("palette", low, high, MONTH),
        every=every,
        partners=(None, Near(kind="joinery"), Near(kind="market_gardener")),
        packaging="empilées",
        waste_code="15 01 03",
    )


def frying_oil(every: int = 1) -> Recipe:
    """Used frying oil, in 20 L cans a month."""
    return Recipe(
        direction=OUT,
        resource_id="cooking_oil_used",
        label="Huile de friture",
        amount=pieces("bidon 20 L", 1, 4, MONTH),
        every=every,
        partners=(Outside(name="Collecteur d’huiles (exemple)", place="Bordeaux"), None),
        packaging="bidons",
        waste_code="20 01 25",
        treatment_code="R9",
    )


def vegetables_in(every: int = 1) -> Recipe:
    """Vegetables bought from the nearest market gardener."""
    return Recipe(
        direction=IN,
        resource_id="fruit_vegetables",
        label="Légumes de saison",
        amount=pieces("caisse-palette 600 L", 1, 3, MONTH),
        every=every,
        partners=(Near(kind="market_gardener"),),
        seasonality=GROWTH,
        packaging="caisses",
    )


def scrap(low: int, high: int) -> Recipe:
    """Scrap steel, in cubic-metre skips a month."""
    return Recipe(
        direction=OUT,
        resource_id="metal_scrap",
        label="Ferraille",
        amount=pieces("benne 1 m³", low, high, MONTH),
        partners=(SCRAP_DEALER, None),
        packaging="benne",
        waste_code="17 04 05",
        treatment_code="R4",
    )
