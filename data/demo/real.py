"""Real actors of the demonstration: published facts only, positions approximate and marked so.

The Département, the Région and SMD3 have their seats outside the territory: they are left out.
"""

from dataclasses import dataclass
from typing import Final

from data.demo.places import Place, Spots
from data.french import tidy
from data.model import (
    Actor,
    ActorKind,
    College,
    Direction,
    Flow,
    Origin,
    Period,
    PositionPrecision,
    Reliability,
)

REPORT: Final = "Coop’actions, rapport d’activités 2022"
FIGURES: Final = "Chiffres de référence du programme Coop’R"

COLLECTOR: Final = "reel-attache-rapide"
CARE_HOME: Final = "reel-ehpad-la-madeleine"
GARDENS: Final = "reel-jardins-du-coeur"
METHANISER: Final = "reel-methaniseur-saint-pierre-d-eyraud"
CVE: Final = "reel-cve-saint-antoine-de-breuilh"

BERGERAC: Final = "24037"
SAINT_PIERRE: Final = "24487"
SAINT_ANTOINE: Final = "24370"
LALINDE: Final = "24223"
EYMET: Final = "24167"
VELINES: Final = "24568"

_APPROXIMATE = "Position approximative, autour de la mairie."
_STATUS = "Statut juridique à vérifier."
_RADIUS_M: Final = {BERGERAC: 1_200.0}
_SMALL_TOWN_RADIUS_M = 250.0


@dataclass(frozen=True, slots=True)
class _Published:
    """What was published about an actor."""

    id: str
    name: str
    kind: ActorKind
    college: College
    commune: str
    activity: str
    competences: tuple[str, ...] = ()
    description: str = ""
    address: str = ""
    website: str = ""
    siret: str = ""
    source: str = FIGURES


_SSE, _COMPANY, _PUBLIC = ActorKind.SSE, ActorKind.COMPANY, ActorKind.PUBLIC_BODY
_FOR_PUBLIC, _FOR_PRIVATE = College.PUBLIC, College.PRIVATE

_ACTORS: Final = (
    _Published(
        "reel-coop-actions",
        "Coop’actions",
        _SSE,
        _FOR_PRIVATE,
        BERGERAC,
        "Administre et anime le PTCE La Fab’Coop et la démarche d’écologie industrielle Coop’R",
        ("animation territoriale", "intelligence collective", "écologie industrielle"),
        "Association installée à l’espace Lagabrielle, ancien lycée de l’Alba.",
        "Allée du commissaire Félix Landry, 24100 Bergerac",
        "www.coopactions.com",
        "85015190300026",
        REPORT,
    ),
    _Published(
        COLLECTOR,
        "L’Attache Rapide",
        _COMPANY,
        _FOR_PRIVATE,
        BERGERAC,
        "Collecte des biodéchets à vélo depuis 2021",
        ("collecte à vélo", "biodéchets", "cyclologistique"),
        "Une trentaine de clients professionnels et 60 t par an (fin 2023), bidons de 5 à 60 L "
        "et bacs de 120 L, environ deux passages par semaine. " + _STATUS,
    ),
    _Published(
        CARE_HOME,
        "EHPAD La Madeleine",
        _PUBLIC,
        _FOR_PUBLIC,
        BERGERAC,
        "Maison de retraite médicalisée, avec son propre site de compostage",
        ("compostage", "restauration collective"),
        "Le site de compostage fonctionne en lien avec L’Attache Rapide et les Jardins du Cœur. "
        + _STATUS,
        "40 rue du Maréchal Joffre, 24100 Bergerac",
        source=REPORT,
    ),
    _Published(
        GARDENS,
        "Jardins du Cœur",
        _SSE,
        _FOR_PRIVATE,
        BERGERAC,
        "Jardins et plateforme de compostage",
        ("maraîchage", "compostage", "insertion"),
        "Lieu-dit Nouveau Naillac (à confirmer).",
        "Nouveau Naillac, 24100 Bergerac",
        source=REPORT,
    ),
    _Published(
        "reel-alimentation-generale",
        "Alimentation générale (composteur partagé Jean-Moulin)",
        ActorKind.RESIDENTS,
        College.POPULATION,
        BERGERAC,
        "Composteur partagé au pied des immeubles du quartier Jean-Moulin",
        ("compostage partagé", "vie de quartier"),
        "Situé dans un quartier prioritaire de la politique de la ville.",
        "Quartier Jean-Moulin, 24100 Bergerac",
        source=REPORT,
    ),
    _Published(
        "reel-bistrot-du-temple",
        "Le Bistrot du Temple",
        _COMPANY,
        _FOR_PRIVATE,
        BERGERAC,
        "Restaurant, client de la collecte de biodéchets à vélo",
        ("restauration",),
        source=REPORT,
    ),
    _Published(
        METHANISER,
        "Méthaniseur de Saint-Pierre-d’Eyraud (CUMA des éleveurs du Bergeracois)",
        ActorKind.FARM,
        _FOR_PRIVATE,
        SAINT_PIERRE,
        "Méthanisation de 11 600 t par an, avec une unité d’hygiénisation",
        ("méthanisation", "hygiénisation"),
    ),
    _Published(
        CVE,
        "CVE Saint-Antoine-de-Breuilh",
        _COMPANY,
        _FOR_PRIVATE,
        SAINT_ANTOINE,
        "Méthanisation de 17 000 t par an",
        ("méthanisation",),
    ),
    _Published(
        "reel-ivbd",
        "IVBD",
        _SSE,
        _FOR_PRIVATE,
        BERGERAC,
        "Interprofession des vins de Bergerac et de Duras, partenaire du PTCE (LIT VitiREV)",
        ("viticulture", "transition", "animation de filière"),
        source=REPORT,
    ),
    _Published(
        "reel-ville-de-bergerac",
        "Ville de Bergerac",
        _PUBLIC,
        _FOR_PUBLIC,
        BERGERAC,
        "Commune, porteuse du tiers-lieu de l’espace Lagabrielle",
        ("transition écologique", "tiers-lieu"),
        source=REPORT,
    ),
    _Published(
        "reel-cab",
        "Communauté d’agglomération Bergeracoise",
        _PUBLIC,
        _FOR_PUBLIC,
        BERGERAC,
        "EPCI de 38 communes",
        ("développement économique",),
    ),
    _Published(
        "reel-ccbdp",
        "Communauté de communes des Bastides Dordogne-Périgord",
        _PUBLIC,
        _FOR_PUBLIC,
        LALINDE,
        "EPCI de 47 communes",
        ("développement économique",),
        "Placée dans sa commune la plus peuplée, siège à vérifier.",
    ),
    _Published(
        "reel-ccpsp",
        "Communauté de communes de Portes Sud Périgord",
        _PUBLIC,
        _FOR_PUBLIC,
        EYMET,
        "EPCI de 25 communes, premier à s’être engagé dans la démarche Coop’R",
        ("développement économique",),
        "Placée dans sa commune la plus peuplée, siège à vérifier.",
        source=REPORT,
    ),
    _Published(
        "reel-ccmmg",
        "Communauté de communes de Montaigne Montravel et Gurson",
        _PUBLIC,
        _FOR_PUBLIC,
        VELINES,
        "EPCI de 18 communes",
        ("développement économique",),
        "Siège à vérifier.",
    ),
    _Published(
        "reel-sycoteb",
        "Sycoteb",
        _PUBLIC,
        _FOR_PUBLIC,
        BERGERAC,
        "Syndicat du schéma de cohérence territoriale",
        ("aménagement", "planification"),
        "Placé à Bergerac, siège à vérifier.",
        source=REPORT,
    ),
    *(
        _Published(
            f"reel-{key}",
            name,
            _SSE,
            _FOR_PRIVATE,
            BERGERAC,
            "Club d’entreprises",
            ("réseau d’entreprises",),
            _STATUS,
            source=REPORT,
        )
        for key, name in (("work-in-b", "Work’IN B"), ("bni", "BNI"), ("le-cadet", "Le Cadet"))
    ),
)


def real_actors(places: dict[str, Place], spots: Spots) -> tuple[Actor, ...]:
    """Place the real actors around the town hall of their commune."""
    actors = []
    for known in _ACTORS:
        radius = _RADIUS_M.get(known.commune, _SMALL_TOWN_RADIUS_M)
        lon, lat = spots.near_town_hall(places[known.commune], radius)
        actors.append(
            Actor(
                id=known.id,
                name=known.name,
                kind=known.kind,
                college=known.college,
                commune_code=known.commune,
                lon=lon,
                lat=lat,
                position_precision=PositionPrecision.COMMUNE,
                activity=known.activity,
                competences=known.competences,
                siret=known.siret,
                address=known.address,
                website=known.website,
                description=tidy(f"{known.description} {_APPROXIMATE}".strip()),
                source=known.source,
                origin=Origin.DEMO_REAL,
            )
        )
    return tuple(actors)


def real_flows() -> tuple[Flow, ...]:
    """The only flows of real actors that were published."""
    return (
        Flow(
            id=f"{COLLECTOR}-1",
            actor_id=COLLECTOR,
            direction=Direction.IN,
            resource_id="biowaste_kitchen",
            label="Biodéchets collectés à vélo",
            quantity=60.0,
            unit="t",
            period=Period.YEAR,
            visits_per_week=2.0,
            year=2023,
            packaging="bidons de 5 à 60 L, bacs de 120 L",
            partner_name="une trentaine de clients professionnels",
            partner_place=BERGERAC,
            waste_code="20 01 08",
            reliability=Reliability.DECLARED,
            reliability_note="Chiffre publié fin 2023.",
            source=FIGURES,
            origin=Origin.DEMO_REAL,
        ),
        _unknown(
            f"{COLLECTOR}-2",
            COLLECTOR,
            "Biodéchets apportés au site de compostage",
            partner=CARE_HOME,
            treatment="R3",
        ),
        _unknown(
            "reel-bistrot-du-temple-1",
            "reel-bistrot-du-temple",
            "Biodéchets de cuisine confiés à la collecte à vélo",
            partner=COLLECTOR,
        ),
    )


def _unknown(id: str, actor: str, label: str, *, partner: str, treatment: str = "") -> Flow:  # noqa: A002
    return Flow(
        id=id,
        actor_id=actor,
        direction=Direction.OUT,
        resource_id="biowaste_kitchen",
        label=label,
        partner_id=partner,
        waste_code="20 01 08",
        treatment_code=treatment,
        year=2022,
        reliability=Reliability.DECLARED,
        reliability_note="Lien publié, quantité non publiée.",
        source=REPORT,
        origin=Origin.DEMO_REAL,
    )
