"""The territory the application ships with, against the official figures."""

from collections import Counter

import pytest
import shapely

from data.model import Territory
from data.settings import ROOT
from geo.projection import area_km2, to_metric
from geo.territory import read_meta

PATH = ROOT / "data" / "reference" / "territory.gpkg"

# Short name: communes, inhabitants, km² in EPSG:2154.
OFFICIAL = {
    "CAB": (38, 61_551, 588.6),
    "CCBDP": (47, 18_601, 668.5),
    "CCPSP": (25, 8_450, 281.1),
    "CCMMG": (18, 11_859, 264.9),
}
# Kept as published: 120 m outside an outline that is simplified.
TOWN_HALLS_OUTSIDE = {"24501": "Saint-Seurin-de-Prats"}


def test_communes_people_and_area_of_each_epci(territory: Territory) -> None:
    """Each EPCI has its communes, its exact population and its area within 0.5 %."""
    assert {e.short_name for e in territory.epcis} == set(OFFICIAL)
    for epci in territory.epcis:
        communes, people, area = OFFICIAL[epci.short_name]
        members = [c for c in territory.communes if c.epci_code == epci.code]
        assert len(members) == communes
        assert sum(c.population for c in members) == people
        assert sum(c.area_km2 for c in members) == pytest.approx(area, rel=0.005)


def test_the_whole(territory: Territory) -> None:
    """128 communes of distinct codes, 100 461 inhabitants, 1 803 km² within 0.5 %."""
    assert len({c.code for c in territory.communes}) == 128
    assert sum(c.population for c in territory.communes) == 100_461
    ground = shapely.union_all([shapely.from_wkb(c.boundary_wkb) for c in territory.communes])
    assert area_km2(ground) == pytest.approx(1803, rel=0.005)
    assert ground.geom_type == "Polygon"


def test_recorded_areas_are_those_of_the_outlines(territory: Territory) -> None:
    """The area of each commune is its outline's, in the legal projection."""
    for commune in territory.communes:
        measured = area_km2(shapely.from_wkb(commune.boundary_wkb))
        assert commune.area_km2 == pytest.approx(measured, abs=0.001)


def test_no_overlap(territory: Territory) -> None:
    """No two communes, neighbours included, share more than a square metre."""
    communes = (*territory.communes, *territory.neighbours)
    shapes = [to_metric(shapely.from_wkb(c.boundary_wkb)) for c in communes]
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [(i, j) for i, j in zip(left, right, strict=True) if i < j]
    assert len(pairs) > 300
    shared = [shapely.intersection(shapes[i], shapes[j]).area for i, j in pairs]
    assert max(shared) < 1.0


def test_town_halls_are_at_home(territory: Territory) -> None:
    """Every town hall is inside its commune but for the listed one."""
    outside = {
        c.code: c.name
        for c in territory.communes
        if not shapely.from_wkb(c.boundary_wkb).covers(
            shapely.Point(c.town_hall_lon, c.town_hall_lat)
        )
    }
    assert outside == TOWN_HALLS_OUTSIDE


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [
        ("Bergerac", 44.85017, 0.48468),
        ("Saint-Pierre-d'Eyraud", 44.84849, 0.31960),
        ("Couze-et-Saint-Front", 44.82908, 0.70433),
        ("Saint-Capraise-de-Lalinde", 44.84233, 0.65106),
        ("Eymet", 44.66852, 0.39752),
        ("Issigeac", 44.73053, 0.60770),
        ("Lalinde", 44.83776, 0.73864),
        ("Vélines", 44.85921, 0.10752),
    ],
)
def test_known_town_halls(territory: Territory, name: str, lat: float, lon: float) -> None:
    """Town halls whose position is known elsewhere are there."""
    commune = next(c for c in territory.communes if c.name == name)
    assert (commune.town_hall_lat, commune.town_hall_lon) == pytest.approx((lat, lon), abs=2e-5)


def test_neighbours_touch_and_stay_out(territory: Territory) -> None:
    """Neighbours touch the territory, are none of its communes, and there are no doubles."""
    ground = shapely.union_all([shapely.from_wkb(c.boundary_wkb) for c in territory.communes])
    codes = Counter(n.code for n in territory.neighbours)
    assert max(codes.values()) == 1
    assert not codes.keys() & {c.code for c in territory.communes}
    assert all(shapely.from_wkb(n.boundary_wkb).intersects(ground) for n in territory.neighbours)


def test_vintages_licence_and_command() -> None:
    """The file says what it is made of, of which year, under which licence, and how to redo it."""
    meta = read_meta(PATH)
    assert "2023" in meta["population_vintage"]
    assert "2026" in meta["boundary_vintage"]
    assert meta["licence"] == "Licence Ouverte 2.0"
    assert "IGN" in meta["sources"]
    assert "INSEE" in meta["sources"]
    assert meta["command"].startswith("python -m geo build-territory --epci 200070647 ")
    note = (ROOT / "data" / "reference" / "TERRITORY.md").read_text(encoding="utf-8")
    assert meta["command"] in note


def test_it_is_small() -> None:
    """The committed file stays under a megabyte and a half."""
    assert PATH.stat().st_size < 1_500_000
