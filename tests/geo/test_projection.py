"""Metres, square metres and great circles."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.projection import area_km2, great_circle_m, legal_crs, to_metric

lons = st.floats(-180, 180)
lats = st.floats(-89, 89)


@given(lons, lats, lons, lats)
def test_great_circle_against_another_implementation(
    lon1: float, lat1: float, lon2: float, lat2: float
) -> None:
    """The formula agrees with PROJ's geodesic on the same sphere."""
    sphere = pyproj.Geod(a=6_371_008.8, b=6_371_008.8)
    _, _, expected = sphere.inv(lon1, lat1, lon2, lat2)
    # Near antipodes the haversine loses digits: a metre in twenty thousand kilometres.
    assert float(great_circle_m(lon1, lat1, lon2, lat2)) == pytest.approx(expected, abs=1.0)


@given(lons, lats, lons, lats)
def test_great_circle_is_symmetric(lon1: float, lat1: float, lon2: float, lat2: float) -> None:
    """There and back are the same length, and staying is none."""
    there = great_circle_m(lon1, lat1, lon2, lat2)
    assert there == great_circle_m(lon2, lat2, lon1, lat1)
    assert great_circle_m(lon1, lat1, lon1, lat1) == 0


def test_great_circle_broadcasts() -> None:
    """A column against a row gives a matrix."""
    lon, lat = np.array([0.0, 0.1, 0.2]), np.array([45.0, 45.0, 45.1])
    matrix = great_circle_m(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    assert matrix.shape == (3, 3)
    assert np.all(np.diag(matrix) == 0)
    assert matrix[0, 1] == pytest.approx(7863, abs=1)


def test_areas_are_close_to_the_ellipsoid() -> None:
    """A square in the south-west measures 0.1 % less in Lambert-93 than on the ellipsoid."""
    square = shapely.box(0.4, 44.7, 0.6, 44.9)
    geodesic, _ = pyproj.Geod(ellps="GRS80").geometry_area_perimeter(square)
    assert area_km2(square) == pytest.approx(0.999 * abs(geodesic) / 1e6, rel=2e-4)


def test_frames_and_shapes_project_alike() -> None:
    """A frame, a series, a shape and an array of shapes land on the same metres."""
    point = shapely.Point(0.48468, 44.85017)
    frame = gpd.GeoDataFrame(geometry=[point], crs="EPSG:4326")
    expected = to_metric(point)
    assert to_metric(frame).geometry.iloc[0].equals_exact(expected, 1e-6)
    assert to_metric(frame.geometry).iloc[0].equals_exact(expected, 1e-6)
    assert to_metric(np.array([point]))[0].equals_exact(expected, 1e-6)
    # Bergerac lies south-west of the projection's origin (3° east, 46.5° north).
    assert expected.x < 700_000
    assert expected.y < 6_600_000


@pytest.mark.parametrize(
    ("code", "crs"),
    [("24037", "EPSG:2154"), ("2A004", "EPSG:2154"), ("97411", "EPSG:2975")],
)
def test_legal_projections(code: str, crs: str) -> None:
    """Mainland and Corsica share a projection; an overseas department has its own."""
    assert legal_crs(code) == crs
