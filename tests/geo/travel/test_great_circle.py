"""The fallback travel source."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.figures import load_figures
from data.model import TravelMode
from geo.projection import great_circle_m
from geo.travel import GreatCircleTravel, TravelSource

BERGERAC = (0.48468, 44.85017)
TRAVEL = GreatCircleTravel(load_figures())
NEAR = st.tuples(st.floats(0.0, 1.0), st.floats(44.5, 45.1))


def _east(metres: float) -> tuple[float, float]:
    """A place that far east of Bergerac, along the parallel (close enough below 60 km)."""
    step = float(great_circle_m(*BERGERAC, BERGERAC[0] + 1e-3, BERGERAC[1])) / 1e-3
    return BERGERAC[0] + metres / step, BERGERAC[1]


@pytest.mark.parametrize(
    ("mode", "km", "factor"),
    [
        (TravelMode.VAN, 1, 1.55),
        (TravelMode.VAN, 3.5, 1.50),
        (TravelMode.VAN, 15, 1.45),
        (TravelMode.VAN, 25, 1.38),
        (TravelMode.VAN, 50, 1.38),
        (TravelMode.BIKE, 1, 1.42),
        (TravelMode.BIKE, 7.5, 1.32),
        (TravelMode.BIKE, 40, 1.25),
    ],
)
def test_factor_holds_in_the_middle_of_each_band(
    mode: TravelMode, km: float, factor: float
) -> None:
    """In the middle of a band, and beyond the last, the road is the measured multiple."""
    matrix = TRAVEL.matrix([BERGERAC, _east(1000 * km)], mode, 20.0)
    straight = float(great_circle_m(*BERGERAC, *_east(1000 * km)))
    assert matrix.distance_m[0, 1] == pytest.approx(factor * straight, rel=1e-3, abs=1)


@pytest.mark.parametrize("mode", list(TravelMode))
def test_road_is_continuous_and_never_shrinks(mode: TravelMode) -> None:
    """A metre farther is never shorter by road, and never more than three metres longer."""
    for start in (0, 1_990, 4_990, 9_990, 19_990, 24_990):
        places = [BERGERAC, *(_east(start + step) for step in range(20))]
        steps = np.diff(TRAVEL.matrix(places, mode, 15.0).distance_m[0, 1:])
        assert steps.min() >= 0
        assert steps.max() <= 3


@given(places=st.lists(NEAR, max_size=6), mode=st.sampled_from(list(TravelMode)))
def test_matrix_is_symmetric_whole_and_zero_on_its_diagonal(
    places: list[tuple[float, float]], mode: TravelMode
) -> None:
    """Whatever the places: int64, symmetric, nothing from a place to itself, same twice."""
    matrix = TRAVEL.matrix(places, mode, 15.0)
    for array in (matrix.distance_m, matrix.duration_s):
        assert array.dtype == np.int64
        assert array.shape == (len(places), len(places))
        assert (array == array.T).all()
        assert (np.diag(array) == 0).all()
        assert (array >= 0).all()
    again = TRAVEL.matrix(places, mode, 15.0)
    assert (again.distance_m == matrix.distance_m).all()


def test_duration_follows_the_speed() -> None:
    """Thirty kilometres an hour takes half the time of fifteen."""
    places = [BERGERAC, _east(10_000)]
    slow = TRAVEL.matrix(places, TravelMode.BIKE, 15.0)
    fast = TRAVEL.matrix(places, TravelMode.BIKE, 30.0)
    assert slow.duration_s[0, 1] == pytest.approx(2 * fast.duration_s[0, 1], abs=1)
    assert slow.duration_s[0, 1] == pytest.approx(slow.distance_m[0, 1] / 15 * 3.6, abs=1)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_impossible_speed_is_refused(speed: float) -> None:
    """No speed, no time."""
    with pytest.raises(ValueError, match="vitesse"):
        TRAVEL.matrix([BERGERAC], TravelMode.BIKE, speed)


def test_edited_factors_cannot_make_the_road_shrink() -> None:
    """Even a hypothesis edited wildly keeps farther places farther by road."""
    figures = load_figures().with_overrides({"road_factor_bike_5_10": 0.1})
    places = [BERGERAC, *(_east(metres) for metres in range(0, 30_000, 500))]
    steps = np.diff(GreatCircleTravel(figures).matrix(places, TravelMode.BIKE, 15).distance_m[0])
    assert steps.min() >= 0


def test_name_says_the_margin_and_a_leg_is_a_straight_line() -> None:
    """The screen shows what it is and how wrong it can be; the drawing claims no road."""
    source: TravelSource = pickle.loads(pickle.dumps(TRAVEL))  # noqa: S301 (our own bytes)
    assert source.name == "À vol d’oiseau × facteur route (±\u202f14\u202f%)"
    assert source.margin == pytest.approx(0.14)
    assert source.leg(BERGERAC, (0.5, 44.9), TravelMode.VAN) == [BERGERAC, (0.5, 44.9)]
