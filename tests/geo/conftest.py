"""The committed territory, and a made-up one of four square communes."""

import pytest
import shapely

from data.model import Actor, ActorKind, College, Commune, Epci, PositionPrecision, Territory
from data.settings import ROOT
from geo.territory import read_territory


@pytest.fixture(scope="session")
def territory() -> Territory:
    """Return the territory the application ships with."""
    return read_territory(ROOT / "data" / "reference" / "territory.gpkg")


@pytest.fixture(scope="session")
def squares() -> Territory:
    """Return two EPCI of two square communes in a row, a tenth of a degree wide."""
    return Territory(
        name="Carrés",
        epcis=(
            Epci(code="111111111", name="Communauté de l'Ouest", short_name="CO"),
            Epci(code="222222222", name="Communauté de l'Est", short_name="CE"),
        ),
        communes=tuple(
            square_commune(f"0100{i}", name, i, epci="111111111" if i < 2 else "222222222")
            for i, name in enumerate(("Aubépine", "Bouleau", "Châtaignier", "Érable"))
        ),
        neighbours=(square_commune("02001", "Frêne", 4, epci=""),),
        population_vintage="millésime d'essai",
        boundary_vintage="contours d'essai",
        sources=("Source une", "Source deux"),
    )


def square_commune(code: str, name: str, column: int, *, epci: str) -> Commune:
    """Make a commune whose west side is ``column`` tenths of a degree east of 0°, at 45° north."""
    west = column / 10
    corners = shapely.box(west, 45.0, west + 0.1, 45.1)
    return Commune(
        code=code,
        name=name,
        epci_code=epci,
        population=100 * (column + 1),
        area_km2=87.0,
        town_hall_lon=west + 0.05,
        town_hall_lat=45.05,
        boundary_wkb=bytes(shapely.to_wkb(shapely.MultiPolygon([corners]))),
    )


def make_actor(
    number: int,
    *,
    name: str = "",
    commune: str = "01000",
    lon: float = 0.05,
    lat: float = 45.05,
    kind: ActorKind = ActorKind.COMPANY,
    college: College = College.PRIVATE,
    precision: PositionPrecision = PositionPrecision.COMMUNE,
    activity: str = "",
    competences: tuple[str, ...] = (),
    contact: str = "",
) -> Actor:
    """Make an actor with an id from ``number``."""
    return Actor(
        id=f"a{number:04d}",
        name=name or f"Acteur {number}",
        kind=kind,
        college=college,
        commune_code=commune,
        lon=lon,
        lat=lat,
        position_precision=precision,
        activity=activity,
        competences=competences,
        contact=contact,
    )
