"""Gates stand on the border, in the direction of what they lead to."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.model import Territory
from geo.flows.gates import (
    OUTSIDE_BEARING_DEG,
    UNKNOWN_BEARING_DEG,
    Border,
    load_names,
    load_outside_places,
)
from tests.geo.conftest import square_commune


def bearing(border: Border, lon: float, lat: float) -> float:
    """Bearing on the map from the centre, degrees."""
    assert border.centre is not None
    return math.degrees(math.atan2(lon - border.centre[0], lat - border.centre[1])) % 360


def test_every_known_place_has_a_source_and_a_plausible_position() -> None:
    """A place without a source, or with swapped coordinates, would send flows the wrong way."""
    places = load_outside_places()
    assert {p.name for p in places} >= {
        "Bordeaux", "Périgueux", "Libourne", "Agen", "Marmande", "Sarlat-la-Canéda", "Limoges",
        "Toulouse", "Paris", "Espagne",
    }  # fmt: skip
    for place in places:
        assert len(place.source) > 20
        assert -10 < place.lon < 15
        assert 39 < place.lat < 53
        assert not (place.area and place.code)
    assert "France" in load_names("vague")
    assert "sur place" in load_names("here")


def test_gates_of_the_real_territory_point_the_right_way(territory: Territory) -> None:
    """Bordeaux is to the west, Périgueux and Paris to the north, Agen to the south."""
    border = Border(territory)
    gates = {p.id: border.towards(p.lon, p.lat) for p in load_outside_places()}
    compass = {
        "bordeaux": (240, 300), "perigueux": (0, 60), "paris": (0, 60), "sarlat": (60, 120),
        "agen": (150, 210), "marmande": (190, 260), "espagne": (200, 260), "toulouse": (120, 180),
    }  # fmt: skip
    for name, (low, high) in compass.items():
        assert low < bearing(border, *gates[name]) < high, name


@given(angle=st.floats(0, 2 * math.pi), far=st.floats(0.6, 60))
def test_a_gate_is_the_outermost_border_point_on_the_ray(angle: float, far: float) -> None:
    """On the border, on the ray, and nothing of the territory beyond it."""
    border = Border(_ELL)
    assert border.centre is not None
    lon = border.centre[0] + far * math.cos(angle)
    lat = border.centre[1] + far * math.sin(angle)
    gate = border.towards(lon, lat)
    assert border.outline.distance(shapely.Point(gate)) < 1e-9
    turn = (bearing(border, *gate) - bearing(border, lon, lat) + 180) % 360 - 180
    assert abs(turn) < 1e-6
    beyond = shapely.LineString([gate, (lon + 40 * math.cos(angle), lat + 40 * math.sin(angle))])
    inside = shapely.union_all([shapely.from_wkb(c.boundary_wkb) for c in _ELL.communes])
    assert beyond.intersection(inside).length < 1e-9


def test_the_two_placeless_ends_never_meet(territory: Territory) -> None:
    """« Hors territoire » is on the border, « partenaire inconnu » off it and elsewhere."""
    border = Border(territory)
    outside = shapely.Point(border.at_bearing(OUTSIDE_BEARING_DEG))
    unknown = shapely.Point(border.beyond(UNKNOWN_BEARING_DEG))
    assert border.outline.distance(outside) < 1e-9
    assert border.outline.distance(unknown) > 0.01
    assert outside.distance(unknown) > 0.3


def test_without_territory_a_gate_is_the_place_itself() -> None:
    """An empty territory has no border and no centre, and breaks nothing."""
    border = Border(Territory(name="", epcis=(), communes=()))
    assert border.towards(1.0, 2.0) == (1.0, 2.0)
    assert math.isnan(border.at_bearing(0)[0])
    assert math.isnan(border.beyond(0)[1])


def test_a_place_at_the_centre_gets_the_northern_gate(squares: Territory) -> None:
    """No direction is no reason to fail."""
    border = Border(squares)
    assert border.centre is not None
    assert border.towards(*border.centre) == pytest.approx(border.at_bearing(0))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('[[place]]\nid="a"\nname="A"\nlon=1\nlat=2\n', "source"),
        ('[[place]]\nid="a"\nname="A"\nlon=1\nlat=2\nsource="s"\n' * 2, "id"),
    ],
)
def test_a_faulty_table_is_refused_by_name(tmp_path: Path, text: str, field: str) -> None:
    """The sentence says which place and what is wrong with it."""
    path = tmp_path / "gates.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="lieu nᵒ") as caught:
        load_outside_places(path)
    assert caught.value.field == field


def _ell() -> Territory:
    communes = [square_commune(f"0{i}", str(i), i, epci="1") for i in range(3)]
    north = shapely.to_wkb(shapely.box(0.0, 45.1, 0.1, 45.5))
    communes.append(replace(communes[0], code="09", boundary_wkb=bytes(north)))
    return Territory(name="L", epcis=(), communes=tuple(communes))


_ELL = _ell()
"""An L: the centroid is outside of it, some rays cross its border three times."""
