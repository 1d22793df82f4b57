"""Offers and needs of the invented actors: what their flows say, and what they typed themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from data.demo.flows import SOURCE
from data.demo.places import Place, metres_between
from data.demo.real import BERGERAC
from data.model import (
    Actor,
    Direction,
    Flow,
    Listing,
    ListingSource,
    Origin,
    Period,
    Side,
    Visibility,
)

_STUDIED: Final = (
    ("biowaste_kitchen", Direction.OUT, 8, "Trié, sans emballage", "responsable de cuisine"),
    ("pallet_wood", Direction.OUT, 7, "Non traitées", "responsable logistique"),
    ("cardboard", Direction.OUT, 5, "Propres, pliés", "responsable logistique"),
    ("plastic_film", Direction.OUT, 2, "Transparents", "responsable logistique"),
    ("crate_wood", Direction.OUT, 3, "À trier", "responsable de cuisine"),
    ("crate_wood", Direction.IN, 3, "Solides", "chef de culture"),
    ("vegetable_rejects", Direction.OUT, 3, "Frais, mangeables", "chef de culture"),
    ("spent_grain", Direction.OUT, 2, "Fraîches, moins de deux jours", "brasseuse"),
    ("glass_bottle", Direction.OUT, 3, "Modèles mêlés", "responsable de salle"),
    ("glass_bottle", Direction.IN, 2, "Sans étiquette collée", "brasseuse"),
    ("joinery_reused", Direction.OUT, 2, "Complètes", "gérant"),
    ("joinery_reused", Direction.IN, 2, "Toutes tailles", "responsable de l’atelier"),
    ("compost", Direction.IN, 3, "Utilisable en bio", "chef de culture"),
    ("sawdust", Direction.OUT, 2, "Bois non traité", "gérant"),
    ("barrel_oak", Direction.OUT, 2, "Étanches", "maître de chai"),
    ("big_bag", Direction.OUT, 2, "Secs", "brasseuse"),
    ("tank_stainless", Direction.OUT, 1, "Sur pieds", "responsable de production"),
    ("storage_space", Direction.OUT, 1, "Froid positif", "responsable de production"),
    ("heat_waste", Direction.OUT, 1, "Autour de 40 °C", "responsable de production"),
    ("freight", Direction.OUT, 1, "Camion avec hayon", "responsable logistique"),
)
"""Resource, direction, how many of the nearest to Bergerac, quality, whom to ask."""
_FIRST_DAY: Final = date(2026, 9, 1)
_IN_LETTER: Final = 4
"""One listing in so many agreed to be in the letter."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """A listing an actor typed itself."""

    key: str
    actor: str
    side: Side
    resource_id: str | None
    label: str
    quantity: float | None
    unit: str
    period: Period | None
    day: str
    role: str = "gérante"
    more: Mapping[str, Any] = field(default_factory=dict)


_O, _N = Side.OFFER, Side.NEED
_W, _M, _Y = Period.WEEK, Period.MONTH, Period.YEAR
_HIDDEN: Final = {"visibility": Visibility.CONFIDENTIAL}
_PUBLISHED: Final = {"in_letter": True, "visibility": Visibility.PUBLIC}

_TYPED: Final = (
    # A loop: spent grain feeds cattle, manure feeds vegetables, vegetables feed the cannery,
    # whose pallets carry the beer.
    _Typed("betail", "ferme-des-blondes-paisibles", _N, "animal_feed", "Drêches pour le bétail", 20,
           "t", _Y, "2026-10-12", "éleveur", {"quality": "Fraîches", **_PUBLISHED}),
    _Typed("fumier", "ferme-des-blondes-paisibles", _O, "manure", "Fumier composté", 60, "t", _Y,
           "2026-10-12", "éleveur", {"quality": "Composté six mois", **_PUBLISHED}),
    _Typed("amendement", "maraichage-des-terres-douces", _N, "fertiliser",
           "Fumier ou compost pour les planches", 15, "t", _Y, "2026-10-14", "chef de culture",
           {"quality": "Utilisable en bio", "in_letter": True}),
    _Typed("legumes", "maraichage-des-terres-douces", _O, "fruit_vegetables", "Légumes de saison",
           400, "kg", _W, "2026-10-14", "chef de culture",
           {"available_from": "2026-05-01", "available_to": "2026-12-15", **_PUBLISHED}),
    _Typed("soupes", "conserverie-de-la-vallee-gourmande", _N, "fruit_vegetables",
           "Légumes moches pour des soupes", 300, "kg", _W, "2026-10-20",
           "responsable des achats", {"quality": "Mangeables, calibre libre", **_PUBLISHED}),
    _Typed("palettes-biere", "brasserie-du-houblon-sauvage", _N, "pallet_wood", "Palettes Europe",
           15, "palette", _M, "2026-10-20", "brasseuse", {"quality": "Bon état", **_PUBLISHED}),
    # Needs that something else can meet.
    _Typed("chauffage-camping", "camping-de-la-boucle-verte", _N, "firewood",
           "Bois pour la chaudière", 8, "t", _Y, "2026-09-22", "gérant",
           {"quality": "Sec, sans vernis"}),
    _Typed("chauffage-serres", "les-serres-de-la-plaine", _N, "natural_gas", "Chauffer les serres",
           40, "MWh", _Y, "2026-10-02", "chef de culture"),
    _Typed("calages-vin", "clos-du-pigeonnier", _N, "packing_material",
           "Cartons ou calages pour expédier", 60, "kg", _M, "2026-10-05", "responsable des ventes",
           {"in_letter": True}),
    _Typed("calages-biere", "brasserie-de-la-mousse-claire", _N, "packing_material",
           "Calages pour colis", 25, "kg", _M, "2026-09-30", "brasseur"),
    _Typed("litiere", "elevage-du-vallon-aux-saules", _N, "straw", "Litière", 12, "t", _Y,
           "2026-10-08", "éleveuse", {"quality": "Sans poussière"}),
    _Typed("caisses-plastique", "domaine-de-la-treille-haute", _N, "crate_plastic",
           "Caisses pour les vendanges", 120, "caisse", None, "2026-09-11", "maître de chai"),
    _Typed("soude", "vignoble-de-la-butte-aux-grives", _N, "sodium_hydroxide",
           "NaOH pour le lavage des cuves", 120, "kg", _Y, "2026-09-18", "maître de chai"),
    _Typed("soude-reste", "conserverie-du-bocal-heureux", _O, "sodium_hydroxide",
           "Lessive de soude, fond de cuve", 200, "kg", None, "2026-09-25",
           "responsable de production", {"quality": "Non ouverte"}),
    _Typed("bouteilles-mise", "clos-des-genevriers", _N, "bottle_new", "Bouteilles pour la mise",
           6000, "bouteille", _Y, "2026-10-01", "maître de chai", {"in_letter": True}),
    # Shared means.
    _Typed("chariot", "chaudronnerie-des-trois-rivets", _O, "handling_equipment",
           "Chariot élévateur le vendredi", 4, "jour", _M, "2026-10-22", "chef d’atelier",
           _PUBLISHED),
    _Typed("chariot-vendanges", "domaine-des-cailloux-blonds", _N, "handling_equipment",
           "Chariot élévateur pendant les vendanges", 10, "jour", _Y, "2026-08-27",
           "maître de chai"),
    _Typed("saisonniers", "domaine-du-pressoir-vert", _N, "shared_staff", "Saisonniers", 400, "h",
           _Y, "2026-09-02", "maître de chai"),
    _Typed("equipe-hiver", "camping-des-libellules", _O, "shared_staff",
           "Équipe disponible de novembre à février", 300, "h", _Y, "2026-10-26", "gérante",
           {"available_from": "2026-11-01", "available_to": "2027-02-28", **_PUBLISHED}),
    _Typed("stockage", "brasserie-du-houblon-sauvage", _N, "storage_space",
           "Garde en chambre froide", 30, "m²", _Y, "2026-10-20", "brasseuse"),
    _Typed("electricite", "imprimerie-des-quatre-couleurs", _N, "group_purchase",
           "Acheter l’électricité à plusieurs", None, "MWh", None, "2026-10-29", "direction",
           {"in_letter": True}),
    _Typed("electricite-metal", "ateliers-de-la-forge-neuve", _N, "group_purchase",
           "Contrat d’électricité commun", None, "MWh", None, "2026-10-30", "direction"),
    _Typed("electricite-bois", "menuiserie-des-volets-bleus", _N, "group_purchase",
           "Achat groupé d’électricité", None, "MWh", None, "2026-11-02", "gérant"),
    # Words still to be classified.
    _Typed("libre-caisses", "jardin-des-quatre-vents", _N, None, "caisses bois", 40, "caisse", _M,
           "2026-11-09", "chef de culture"),
    _Typed("libre-palettes", "pepiniere-de-la-feuille-verte", _O, None, "palletes perdu", 12,
           "palette", _M, "2026-11-10", "responsable du magasin"),
    _Typed("libre-copaux", "atelier-chene-et-noyer", _O, None, "copaux de bois", 2,
           "big bag 1000 L", _M, "2026-11-12", "gérant"),
    _Typed("libre-cuve", "brasserie-de-la-mousse-claire", _N, None, "cuve inox 500 L", 1, "cuve",
           None, "2026-11-13", "brasseur"),
    _Typed("libre-fute", "ressourcerie-du-grenier-commun", _N, None, "tonneaux pour bacs à fleurs",
           6, "barrique", None, "2026-11-16", "responsable de l’atelier"),
    # Not for everybody, or too late.
    _Typed("solvants", "atelier-mecanique-du-barrage", _O, "solvents_used",
           "Solvants de dégraissage", 120, "L", Period.QUARTER, "2026-09-15", "chef d’atelier",
           _HIDDEN),
    _Typed("excedent", "supermarche-la-corbeille", _O, "food_unsold", "Invendus de fin de semaine",
           80, "kg", _W, "2026-10-07", "direction", _HIDDEN),
    _Typed("rebuts", "ateliers-de-la-forge-neuve", _O, "aluminium", "Rebuts d’un nouveau produit",
           300, "kg", _M, "2026-10-19", "direction", {**_HIDDEN, "in_letter": True}),
    _Typed("bacs-donnes", "superette-de-la-bastide", _O, "crate_plastic", "Bacs en plastique", 40,
           "caisse", None, "2026-08-20", "responsable du magasin",
           {"expires_on": "2026-09-30", "in_letter": True}),
    _Typed("paille-ete", "elevage-de-la-prairie-longue", _N, "straw", "Paille de la moisson", 10,
           "t", None, "2026-06-30", "éleveur", {"expires_on": "2026-08-31"}),
    _Typed("sarments", "domaine-du-merle-moqueur", _O, "plant_trimmings", "Sarments de taille", 6,
           "t", None, "2026-01-20", "maître de chai",
           {"available_to": "2026-03-31", "expires_on": "2026-03-31"}),
    _Typed("sarments-hiver", "domaine-de-la-treille-haute", _O, "plant_trimmings",
           "Sarments de taille", 5, "t", _Y, "2026-11-03", "maître de chai",
           {"available_from": "2026-12-01", "available_to": "2027-03-15",
            "expires_on": "2027-03-31", **_PUBLISHED}),
)  # fmt: skip


def listings(
    flows: Sequence[Flow], actors: Mapping[str, Actor], places: Mapping[str, Place]
) -> tuple[Listing, ...]:
    """Give the offers and needs.

    Args:
        flows: the invented flows; the nearest to Bergerac of each wanted kind become listings.
        actors: actors by id.
        places: communes by code.
    """
    return (*_studied(flows, actors, places[BERGERAC]), *map(_typed, _TYPED))


def _studied(
    flows: Sequence[Flow], actors: Mapping[str, Actor], centre: Place
) -> Iterator[Listing]:
    def away(flow: Flow) -> tuple[float, str]:
        actor = actors[flow.actor_id]
        return metres_between(centre.lon, centre.lat, actor.lon, actor.lat), flow.id

    known = sorted(
        (
            flow
            for flow in flows
            if flow.origin is Origin.DEMO_FICTIONAL
            and flow.quantity is not None
            and flow.visibility is not Visibility.CONFIDENTIAL
        ),
        key=away,
    )
    rank = 0
    for resource_id, direction, count, quality, role in _STUDIED:
        fit = (f for f in known if f.resource_id == resource_id and f.direction is direction)
        for flow in islice(fit, count):
            yield _from_flow(flow, rank, quality, role)
            rank += 1


def _from_flow(flow: Flow, rank: int, quality: str, role: str) -> Listing:
    return Listing(
        id=f"demo-annonce-{flow.id.removeprefix('exemple-')}",
        actor_id=flow.actor_id,
        side=Side.OFFER if flow.direction is Direction.OUT else Side.NEED,
        resource_id=flow.resource_id,
        label=flow.label,
        quantity=flow.quantity,
        unit=flow.unit,
        period=flow.period,
        uncertainty=flow.uncertainty,
        quality=quality,
        contact_role=role,
        in_letter=rank % _IN_LETTER == 0,
        day=(_FIRST_DAY + timedelta(days=rank)).isoformat(),
        listing_source=ListingSource.STUDY,
        flow_id=flow.id,
        reliability=flow.reliability,
        visibility=flow.visibility,
        source=SOURCE,
        origin=Origin.DEMO_FICTIONAL,
    )


def _typed(known: _Typed) -> Listing:
    return Listing(
        id=f"demo-annonce-{known.key}",
        actor_id=f"exemple-{known.actor}",
        side=known.side,
        resource_id=known.resource_id,
        label=known.label,
        quantity=None if known.quantity is None else float(known.quantity),
        unit=known.unit,
        period=known.period,
        uncertainty=None if known.quantity is None else 0.2,
        contact_role=known.role,
        day=known.day,
        source=SOURCE,
        origin=Origin.DEMO_FICTIONAL,
        **known.more,
    )
