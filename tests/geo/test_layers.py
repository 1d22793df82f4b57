"""Layers as GeoJSON: golden tables, spreading, labels."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension
from syrupy.location import PyTestLocation

from data.model import PositionPrecision, Territory
from geo.layers import (
    actors_layer,
    bounds,
    communes_layer,
    epcis_layer,
    labels_layer,
    neighbours_layer,
    spread_positions,
    territory_layer,
    town_labels,
)
from geo.layers.labels import FIRST_ZOOM, LAST_ZOOM, box, collide
from geo.projection import great_circle_m
from tests.geo.conftest import make_actor


class Golden(JSONSnapshotExtension):
    """Golden files, together with all others."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """Return the folder of this module's golden files."""
        golden = Path(__file__).resolve().parent.parent / "golden"
        return str(golden / "territory" / test_location.basename)


def digest(layer: dict[str, Any]) -> list[dict[str, Any]]:
    """Properties of each feature, and enough of its geometry to notice a change."""
    rows = []
    for feature in json.loads(json.dumps(layer))["features"]:
        geometry = shape(feature["geometry"])
        rows.append(
            {
                "id": feature["id"],
                **feature["properties"],
                "type": geometry.geom_type,
                "points": int(shapely.get_num_coordinates(geometry)),
                "bounds": [round(v, 5) for v in geometry.bounds],
            }
        )
    return rows


def test_golden_territory(territory: Territory, snapshot: SnapshotAssertion) -> None:
    """Communes, EPCI and neighbours are what they were."""
    layers = {
        "territory": digest(territory_layer(territory)),
        "neighbours": digest(neighbours_layer(territory)),
    }
    assert layers == snapshot(name="layers", extension_class=Golden)


def test_golden_labels(territory: Territory, snapshot: SnapshotAssertion) -> None:
    """Town names appear at the zooms they did."""
    labels = [(label.min_zoom, label.name) for label in town_labels(territory)]
    assert [list(label) for label in labels] == snapshot(name="labels", extension_class=Golden)


def test_layers_are_plain_and_light(territory: Territory) -> None:
    """Layers are standard JSON with five decimals, of valid shapes, under 200 kB in all."""
    weight = 0
    for layer in (
        communes_layer(territory),
        epcis_layer(territory),
        neighbours_layer(territory),
        labels_layer(territory),
    ):
        text = json.dumps(layer, allow_nan=False, separators=(",", ":"))
        weight += len(text)
        for feature in json.loads(text)["features"]:
            geometry = shape(feature["geometry"])
            assert geometry.is_valid
            points = shapely.get_coordinates(geometry)
            assert np.allclose(points, points.round(5), rtol=0, atol=1e-12)
    assert weight < 200_000


def test_neighbouring_outlines_still_meet_after_rounding(territory: Territory) -> None:
    """Rounding opens no gap and makes no overlap between communes."""
    layer = json.loads(json.dumps(communes_layer(territory)))
    shapes = [shape(f["geometry"]) for f in layer["features"]]
    assert shapely.coverage_is_valid(shapes)


def test_bounds(territory: Territory, squares: Territory) -> None:
    """The box is that of the whole, of an EPCI or of a commune; an unknown code gives the whole."""
    assert bounds(territory) == pytest.approx((-0.0343, 44.5975, 0.9943, 45.0026), abs=1e-4)
    assert bounds(squares, "222222222") == pytest.approx((0.2, 45.0, 0.4, 45.1))
    assert bounds(squares, None, "01003") == pytest.approx((0.3, 45.0, 0.4, 45.1))
    assert bounds(squares, "999999999") == bounds(squares)


@pytest.mark.parametrize("zoom", range(FIRST_ZOOM, LAST_ZOOM + 1))
def test_labels_do_not_collide(territory: Territory, zoom: int) -> None:
    """At every zoom, no name shown covers part of another."""
    shown = [
        box(label.name, label.lon, label.lat, zoom)
        for label in town_labels(territory)
        if label.min_zoom <= zoom
    ]
    assert shown
    assert not any(collide(a, b) for i, a in enumerate(shown) for b in shown[:i])


def test_every_town_has_a_label_and_the_largest_comes_first(territory: Territory) -> None:
    """No commune is forgotten, all show when close, and the largest shows from afar."""
    labels = town_labels(territory)
    assert Counter(label.code for label in labels) == Counter(c.code for c in territory.communes)
    assert labels[0].name == "Bergerac"
    assert labels[0].min_zoom == FIRST_ZOOM
    assert max(label.min_zoom for label in labels) <= LAST_ZOOM


def test_a_hidden_name_is_beaten_by_a_larger_town(territory: Territory) -> None:
    """A name is left out at a zoom only because one already there is in its way."""
    labels = town_labels(territory)
    for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
        shown = [lb for lb in labels if lb.min_zoom <= zoom]
        for hidden in (lb for lb in labels if lb.min_zoom == zoom + 1):
            mine = box(hidden.name, hidden.lon, hidden.lat, zoom)
            assert any(
                collide(mine, box(lb.name, lb.lon, lb.lat, zoom))
                and (lb.min_zoom < zoom or lb.population >= hidden.population)
                for lb in shown
            )


@given(st.lists(st.sampled_from(PositionPrecision), min_size=1, max_size=60))
def test_spreading(precisions: list[PositionPrecision]) -> None:
    """Actors at one town hall are all seen apart, nearby, the same way in any order."""
    actors = [make_actor(i, precision=p) for i, p in enumerate(precisions)]
    positions = spread_positions(actors)
    assert positions == spread_positions(reversed(actors))
    at = np.array([positions[a.id] for a in actors])
    away = great_circle_m(at[:, 0], at[:, 1], 0.05, 45.05)
    assert np.count_nonzero(away < 0.1) == 1
    assert away.max() <= 40 * np.sqrt(len(actors)) + 1
    apart = great_circle_m(at[:, None, 0], at[:, None, 1], at[None, :, 0], at[None, :, 1])
    assert apart[~np.eye(len(at), dtype=bool)].min(initial=np.inf) > 3
    rounded = {tuple(f["geometry"]["coordinates"]) for f in actors_layer(actors)["features"]}
    assert len(rounded) == len(actors)


def test_the_best_known_position_stays_in_the_middle() -> None:
    """Beside actors placed at the town hall, the one with an address does not move."""
    vague = [make_actor(i) for i in range(3)]
    exact = make_actor(9, precision=PositionPrecision.ADDRESS)
    assert spread_positions([*vague, exact])["a0009"] == (exact.lon, exact.lat)


def test_a_filter_does_not_move_points() -> None:
    """With positions computed over everyone, the points kept stay where they were."""
    actors = [make_actor(i) for i in range(6)]
    positions = spread_positions(actors)
    everyone = {
        f["id"]: f["geometry"] for f in actors_layer(actors, positions=positions)["features"]
    }
    some = actors_layer(actors[3:], positions=positions)["features"]
    assert all(f["geometry"] == everyone[f["id"]] for f in some)


def test_actor_properties(squares: Territory) -> None:
    """A point carries names of places and how exact it is, and never the contact."""
    alone = make_actor(1, commune="01003", lon=0.35, contact="secret@example.org")
    crowd = [make_actor(2, precision=PositionPrecision.ADDRESS), make_actor(3)]
    layer = actors_layer([alone, *crowd], squares)
    one, two, three = (f["properties"] for f in layer["features"])
    assert (one["commune"], one["epci"]) == ("Érable", "CE")
    assert (one["approximate"], one["spread"]) == (True, False)
    assert (two["approximate"], two["spread"]) == (False, False)
    assert (three["approximate"], three["spread"]) == (True, True)
    assert "secret" not in json.dumps(layer)
