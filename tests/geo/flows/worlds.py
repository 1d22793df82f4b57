"""A small world for flow tests: actors in the four squares, a few resources, any flows."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from data.model import (
    Actor,
    Direction,
    Epci,
    Flow,
    Reliability,
    Resource,
    ResourceFamily,
    Stream,
    Territory,
    Visibility,
)
from geo.flows import Links, build_links
from tests.geo.conftest import make_actor, square_commune

SQUARES = Territory(
    name="Carrés",
    epcis=(
        Epci(code="111111111", name="Communauté de l’Ouest", short_name="CO"),
        Epci(code="222222222", name="Communauté de l’Est", short_name="CE"),
    ),
    communes=tuple(
        square_commune(f"0100{i}", name, i, epci="111111111" if i < 2 else "222222222")
        for i, name in enumerate(("Aubépine", "Bouleau", "Châtaignier", "Érable"))
    ),
    neighbours=(square_commune("02001", "Frêne", 4, epci=""),),
)
"""Four square communes in a row, two EPCI: the fixture ``squares``, for Hypothesis."""

law = settings(max_examples=25, deadline=None)
"""Building links costs 20 ms of pandas whatever their number: 25 worlds a law."""

WOOD = Resource(
    id="wood",
    family=ResourceFamily.MATERIAL,
    stream=Stream.WOOD,
    name="Bois d’œuvre",
    density_kg_per_l=0.5,
    density_low_kg_per_l=0.4,
    density_high_kg_per_l=0.8,
)
PALLETS = Resource(
    id="pallets",
    family=ResourceFamily.WASTE,
    stream=Stream.WOOD,
    name="Palettes",
    unit_mass_kg=20.0,
)
BIOWASTE = Resource(
    id="biowaste", family=ResourceFamily.WASTE, stream=Stream.BIOWASTE, name="Biodéchets"
)
ROOM = Resource(
    id="room", family=ResourceFamily.SPACE, stream=Stream.SHARED_MEANS, name="Salle de réunion"
)
RESOURCES = (WOOD, PALLETS, BIOWASTE, ROOM)

ACTORS: tuple[Actor, ...] = (
    make_actor(0, name="Aulne", commune="01000", lon=0.02, lat=45.02),
    make_actor(1, name="Bourdaine", commune="01000", lon=0.08, lat=45.08),
    make_actor(2, name="Cornouiller", commune="01001", lon=0.15, lat=45.05),
    make_actor(3, name="Daphné", commune="01002", lon=0.25, lat=45.05),
    make_actor(4, name="Épine", commune="01003", lon=0.35, lat=45.02),
    make_actor(5, name="Fusain", commune="01003", lon=0.36, lat=45.07),
    make_actor(6, name="Genêt", commune="99001", lon=3.0, lat=45.05),
)
"""Six in the territory, the last one far to the east of it."""

SUMMER = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0)
"""June to August."""

PLACES = ("", "01001", "Érable", "Bordeaux", "Espagne", "02001", "Trifouillis", "France")
"""Nowhere, commune code, commune name, town, country, neighbour, unheard of, too wide."""


def flow(number: int, actor: int = 0, partner: int | None = None, **fields: Any) -> Flow:
    """Make a flow of a tonne of wood a year out of an actor, unless told otherwise."""
    return Flow(
        **{
            "id": f"f{number:04d}",
            "actor_id": ACTORS[actor].id,
            "direction": Direction.OUT,
            "resource_id": "wood",
            "quantity": 1.0,
            "unit": "t",
            "partner_id": None if partner is None else ACTORS[partner].id,
            **fields,
        }
    )


def links_of(*flows: Flow, actors: tuple[Actor, ...] = ACTORS) -> Links:
    """Links of these flows in the small world."""
    return build_links(flows, actors, SQUARES, RESOURCES)


@st.composite
def flow_lists(draw: st.DrawFn, *, most: int = 25) -> list[Flow]:
    """Any flows of the small world: unknown partners and quantities, loops, years, secrets."""
    count = draw(st.integers(0, most))
    return [
        flow(
            number,
            draw(st.integers(0, len(ACTORS) - 1)),
            draw(st.none() | st.integers(0, len(ACTORS) - 1)),
            direction=draw(st.sampled_from(Direction)),
            resource_id=draw(st.sampled_from(["wood", "pallets", "biowaste", "room", "nothing"])),
            quantity=draw(
                st.none() | st.just(0.0) | st.floats(1e-3, 1e6, allow_nan=False).map(float)
            ),
            unit=draw(st.sampled_from(["t", "kg", "m³", "h", ""])),
            uncertainty=draw(st.none() | st.floats(0, 2)),
            year=draw(st.none() | st.integers(2021, 2023)),
            visits_per_week=draw(st.none() | st.floats(0, 7)),
            cost_eur_per_year=draw(st.none() | st.floats(-1e5, 1e5)),
            seasonality=draw(
                st.sampled_from([(), (1.0,) * 12, (0.0,) * 5 + (1.0, 2.0) + (0.0,) * 5])
            ),
            partner_place=draw(st.sampled_from(PLACES)),
            reliability=draw(st.sampled_from(Reliability)),
            visibility=draw(st.sampled_from(Visibility)),
            treatment_code=draw(st.sampled_from(["", "R3", "D5", "R1"])),
        )
        for number in range(count)
    ]
