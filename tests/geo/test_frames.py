"""Domain model to GeoDataFrame."""

import pytest

from data.model import Territory
from geo.frames import actors_frame, communes_frame, epcis_frame, neighbours_frame
from geo.projection import to_metric
from tests.geo.conftest import make_actor


def test_communes(territory: Territory) -> None:
    """One row a commune, with its EPCI's short name and its density."""
    frame = communes_frame(territory)
    assert len(frame) == 128
    assert frame.crs.to_epsg() == 4326
    bergerac = frame.set_index("name").loc["Bergerac"]
    assert bergerac["epci"] == "CAB"
    assert bergerac["density"] == pytest.approx(bergerac["population"] / bergerac["area_km2"])


def test_epcis_are_the_sum_of_their_communes(territory: Territory) -> None:
    """Dissolved outlines keep the ground, the people and the count of their communes."""
    epcis, communes = epcis_frame(territory), communes_frame(territory)
    assert list(epcis["communes"]) == [38, 47, 25, 18]
    assert epcis["population"].sum() == communes["population"].sum()
    assert to_metric(epcis).area.sum() == pytest.approx(to_metric(communes).area.sum(), rel=1e-9)


def test_neighbours(territory: Territory) -> None:
    """One row a neighbour."""
    assert len(neighbours_frame(territory)) == len(territory.neighbours)


def test_actors_leave_without_their_contact(squares: Territory) -> None:
    """Points at the recorded positions; names of places; no personal data anywhere."""
    actor = make_actor(1, commune="01003", contact="06 12 34 56 78", competences=("tri", "vélo"))
    frame = actors_frame([actor], squares)
    row = frame.iloc[0]
    assert (row["commune"], row["epci"], row["competences"]) == ("Érable", "CE", "tri ; vélo")
    assert (row.geometry.x, row.geometry.y) == (actor.lon, actor.lat)
    assert "06 12" not in frame.to_json()


def test_no_actor_is_an_empty_frame() -> None:
    """Nothing to show keeps the columns and the projection, so that an export still opens."""
    frame = actors_frame([])
    assert len(frame) == 0
    assert "commune" in frame.columns
    assert frame.crs.to_epsg() == 4326
