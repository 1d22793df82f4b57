"""Files for GIS software open elsewhere, say where they come from and keep secrets."""

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest

from data.model import (
    Actor,
    ActorKind,
    College,
    Direction,
    Flow,
    PositionPrecision,
    Visibility,
)
from geo.exports import ATTRIBUTION, actors_geojson, actors_geopackage


def _actor(record_id: str, **changes: Any) -> Actor:
    fields: dict[str, Any] = {
        "id": record_id,
        "name": f"Acteur {record_id} <b>",
        "kind": ActorKind.FARM,
        "college": College.PRIVATE,
        "commune_code": "24037",
        "lon": 0.48,
        "lat": 44.85,
        "position_precision": PositionPrecision.COMMUNE,
        "competences": ("vigne", "bois"),
        "contact": "secret@exemple.fr",
    }
    return Actor(**{**fields, **changes})


ACTORS = (_actor("a"), _actor("b", lon=0.5), _actor("c", visibility=Visibility.CONFIDENTIAL))
FLOWS = (
    Flow(id="f", actor_id="a", direction=Direction.OUT, resource_id="wood", quantity=2.5),
    Flow(id="g", actor_id="b", direction=Direction.IN, resource_id="wood", year=2024),
    Flow(id="h", actor_id="c", direction=Direction.IN, resource_id="wood", quantity=9),
    Flow(
        id="i",
        actor_id="a",
        direction=Direction.IN,
        resource_id="wood",
        visibility=Visibility.CONFIDENTIAL,
    ),
)


def test_geojson_follows_the_standard() -> None:
    """A FeatureCollection of points, longitude first, no « crs » member, flows by actor."""
    collection = json.loads(actors_geojson(ACTORS, FLOWS))
    assert collection["type"] == "FeatureCollection"
    assert collection["attribution"] == ATTRIBUTION
    assert "crs" not in collection
    first, second = collection["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [0.48, 44.85]}
    assert first["properties"]["nom"] == "Acteur a <b>"
    assert first["properties"]["competences"] == ["vigne", "bois"]
    assert [flow["id"] for flow in first["properties"]["flux"]] == ["f"]
    assert second["properties"]["flux"][0]["quantite"] is None
    assert "flux" not in json.loads(actors_geojson(ACTORS))["features"][0]["properties"]


def test_geojson_opens_with_geopandas() -> None:
    """Common software reads the file as points in EPSG:4326."""
    frame = gpd.read_file(io.BytesIO(actors_geojson(ACTORS, FLOWS)))
    assert list(frame.geometry.x) == [0.48, 0.5]
    assert frame.crs.to_epsg() == 4326


def test_geopackage_opens_with_both_layers(tmp_path: Path) -> None:
    """The layer of actors and the table of flows are read back, unknown quantities as null."""
    path = tmp_path / "a.gpkg"
    path.write_bytes(actors_geopackage(ACTORS, FLOWS))
    assert {name for name, _ in pyogrio.list_layers(path)} == {"actors", "flows"}
    points = gpd.read_file(path, layer="actors")
    assert list(points["id"]) == ["a", "b"]
    assert points["competences"][0] == "vigne | bois"
    assert points.crs.to_epsg() == 4326
    table = pyogrio.read_dataframe(path, layer="flows", read_geometry=False)
    assert list(table["id"]) == ["f", "g"]
    assert table["quantite"][0] == 2.5
    assert table["quantite"].isna()[1]
    assert table["annee"][1] == 2024
    with sqlite3.connect(path) as database:
        notes = " ".join(row[0] for row in database.execute("SELECT metadata FROM gpkg_metadata"))
    assert "Licence Ouverte 2.0" in notes


@pytest.mark.parametrize("flows", [None, ()])
def test_nothing_still_makes_valid_files(flows: tuple[Flow, ...] | None, tmp_path: Path) -> None:
    """No actor at all gives empty files that open."""
    assert json.loads(actors_geojson((), flows))["features"] == []
    path = tmp_path / "a.gpkg"
    path.write_bytes(actors_geopackage((), flows))
    assert len(gpd.read_file(path, layer="actors")) == 0


def test_contacts_and_confidential_records_never_leave() -> None:
    """Neither file holds a contact, a confidential actor, or a confidential flow."""
    for content in (actors_geojson(ACTORS, FLOWS), actors_geopackage(ACTORS, FLOWS)):
        assert b"secret@exemple.fr" not in content
        assert b"Acteur c" not in content
    ids = {f["id"] for f in json.loads(actors_geojson(ACTORS, FLOWS))["features"]}
    assert ids == {"a", "b"}
