"""The road network as a source of distances."""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from data.errors import InputError
from data.figures import load_figures
from data.model import TravelMode
from data.settings import read_settings
from geo.roads.shelf import Wish, import_network, kept_networks
from geo.travel.osrm import OsrmTravel
from geo.travel.roads import FARTHEST_M, RoadTravel
from geo.travel.source import UNREACHABLE
from geo.travel.sources import OSRM, STRAIGHT, available_sources, proposed_source
from tests.geo.roads.worlds import World, grid, place

BIKE, VAN = TravelMode.BIKE, TravelMode.VAN
Make = Callable[[World], RoadTravel]


def test_it_names_itself(travel: Make) -> None:
    """The screen says which extract, of which day, with what margin."""
    name = travel(grid(3)).name
    assert "petit-monde" in name
    assert "01/03/2026" in name
    assert "±\u202f5\u202f%" in name


def test_it_travels_to_a_worker_as_a_name_only(travel: Make) -> None:
    """Pickled, it is small, and answers the same."""
    source = travel(grid(30))
    sealed = pickle.dumps(source)
    assert len(sealed) < 2_000
    copy = pickle.loads(sealed)  # noqa: S301 (our own bytes)
    places = [place(100, 0), place(900, 800)]
    np.testing.assert_array_equal(
        copy.matrix(places, BIKE, 15).distance_m, source.matrix(places, BIKE, 15).distance_m
    )


def test_a_slower_rider_takes_longer_on_the_same_way(travel: Make) -> None:
    """A bike's speed scales its times, not its distances; a van follows the roads' speeds."""
    source = travel(grid(5))
    places = [place(0, 0), place(700, 750)]
    fast, slow = (source.matrix(places, BIKE, speed) for speed in (15, 7.5))
    np.testing.assert_array_equal(fast.distance_m, slow.distance_m)
    np.testing.assert_allclose(slow.duration_s, 2 * fast.duration_s, atol=1)
    vans = [source.matrix(places, VAN, speed).duration_s for speed in (15, 60)]
    np.testing.assert_array_equal(*vans)


def test_manhattan_distances(travel: Make) -> None:
    """In a square town one walks along the streets."""
    matrix = travel(grid(6)).matrix([place(0, 100), place(600, 900), place(1000, 300)], VAN, 30)
    expected = [[0, 1400, 1200], [1400, 0, 1000], [1200, 1000, 0]]
    np.testing.assert_allclose(matrix.distance_m, expected, atol=8)
    assert (np.diag(matrix.duration_s) == 0).all()


def test_a_place_far_from_roads_is_unreachable_and_measured(travel: Make) -> None:
    """Beyond 500 m there is no way there; the others are unaffected; the distance is told."""
    source = travel(grid(3))
    places = [place(0, 0), place(200, 1_000), place(400, 400)]
    offsets = source.offsets_m(places, BIKE)
    assert offsets[1] == pytest.approx(600, abs=3)
    assert offsets[1] > FARTHEST_M
    matrix = source.matrix(places, BIKE, 15)
    assert matrix.distance_m[0, 1] == matrix.duration_s[1, 2] == UNREACHABLE
    assert matrix.distance_m[1, 1] == 0
    assert matrix.distance_m[0, 2] == pytest.approx(800, abs=4)
    assert source.leg(places[0], places[1], BIKE) == [places[0], places[1]]


def test_a_mode_without_roads(travel: Make) -> None:
    """Where only a cycleway was imported, vans go nowhere, without a crash."""
    world = World()
    for id_ in range(1, 5):
        world.node(id_, 300 * id_, 0)
    world.way([1, 2, 3, 4], "cycleway")
    source = travel(world)
    places = [place(300, 0), place(900, 0)]
    assert source.matrix(places, BIKE, 15).distance_m[0, 1] == pytest.approx(600, abs=3)
    assert source.matrix(places, VAN, 30).distance_m[0, 1] == UNREACHABLE
    assert np.isinf(source.offsets_m(places, VAN)).all()


def test_small_questions(travel: Make) -> None:
    """No place, one place, and the same place twice are answered."""
    source = travel(grid(3))
    assert source.matrix([], BIKE, 15).distance_m.shape == (0, 0)
    assert source.matrix([place(0, 0)], BIKE, 15).duration_s.tolist() == [[0]]
    twice = source.matrix([place(10, 0), place(10, 0)], BIKE, 15)
    assert twice.distance_m.tolist() == [[0, 0], [0, 0]]
    with pytest.raises(ValueError, match="vitesse"):
        source.matrix([place(0, 0)], BIKE, 0)


def test_a_network_of_another_machine(travel: Make) -> None:
    """Where its file is not, the answer is a sentence."""
    source = travel(grid(3))
    elsewhere = RoadTravel(path=Path("/absent/abc.npz"), info=source.info, margin=0.05)
    with pytest.raises(InputError, match="introuvable ou illisible sur cette machine"):
        elsewhere.matrix([place(0, 0), place(200, 0)], BIKE, 15)


def test_the_best_source_is_proposed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A network that covers the depot first, then a server, then the great circle."""
    monkeypatch.setenv("CARTOFLUX_VAR", str(tmp_path))
    figures = load_figures()
    alone = available_sources(read_settings(), figures)
    assert list(alone) == [STRAIGHT]
    assert proposed_source(alone, place(0, 0)) == STRAIGHT
    directory = read_settings().roads_dir
    import_network(Wish(path=grid(3).write(tmp_path / "a.osm.pbf")), directory)
    monkeypatch.setenv("OSRM_URL", "http://localhost:5000")
    sources = available_sources(read_settings(), figures)
    (kept,) = kept_networks(directory)
    assert list(sources) == [kept.info.key, OSRM, STRAIGHT]
    assert isinstance(sources[OSRM], OsrmTravel)
    assert proposed_source(sources, place(100, 100)) == kept.info.key
    assert proposed_source(sources, place(90_000, 0)) == OSRM
    assert proposed_source(sources, None) == OSRM
