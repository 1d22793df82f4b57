"""The fallback when no road network is loaded: great circle × a measured road factor.

The factors (road length ÷ great circle, by distance band and mode) were measured on three real
networks; see ``data/reference/figures.toml``. A plain step at each band edge would make a place
slightly farther away *closer* by road; here the road length is interpolated linearly between the
middles of the bands instead, so that it is continuous and never decreases with the distance.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from data.french import NNBSP
from data.model import TravelMode
from geo.projection import great_circle_m
from geo.travel.source import Place, TravelMatrix

BANDS = ("0_2", "2_5", "5_10", "10_20", "20_up")
"""Great-circle bands of the measured factors, kilometres."""

BAND_MIDDLES_M = (1_000.0, 3_500.0, 7_500.0, 15_000.0, 25_000.0)
"""Where each band's factor holds exactly; the last band has no end, 25 km stands for it."""


class Valued(Protocol):
    """The one thing read of a figure."""

    @property
    def value(self) -> float:
        """In the figure's unit."""


class GreatCircleTravel:
    """Straight lines lengthened by the factor of their band; symmetric and deterministic.

    Args:
        figures: needs ``road_factor_<mode>_<band>`` for both modes and all ``BANDS``, and
            ``road_factor_round_margin`` (p90 error of a whole round).
    """

    def __init__(self, figures: Mapping[str, Valued]) -> None:
        self._road_m = {mode: _road_lengths(figures, mode) for mode in TravelMode}
        self._margin = float(figures["road_factor_round_margin"].value)

    @property
    def name(self) -> str:
        """« À vol d'oiseau × facteur route », with its margin."""
        return f"À vol d’oiseau × facteur route (±{NNBSP}{100 * self._margin:.0f}{NNBSP}%)"

    @property
    def margin(self) -> float:
        """Error (p90) measured on 12-stop rounds."""
        return self._margin

    def matrix(self, places: Sequence[Place], mode: TravelMode, speed_kmh: float) -> TravelMatrix:
        """Travel between all pairs of places.

        Raises:
            ValueError: ``speed_kmh`` is not positive.
        """
        if not speed_kmh > 0:
            raise ValueError("La vitesse doit être supérieure à zéro.")
        lonlat = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        lon, lat = lonlat[:, 0], lonlat[:, 1]
        road = self.road_m(great_circle_m(lon[:, None], lat[:, None], lon, lat), mode)
        distance = np.rint(road).astype(np.int64)
        duration = np.rint(road * (3.6 / speed_kmh)).astype(np.int64)
        return TravelMatrix(distance_m=distance, duration_s=duration)

    def leg(self, a: Place, b: Place, mode: TravelMode) -> list[Place]:  # noqa: ARG002
        """The straight line: the true road is unknown."""
        return [a, b]

    def road_m(self, straight_m: NDArray[np.float64], mode: TravelMode) -> NDArray[np.float64]:
        """Road metres for great-circle metres, any shape; never decreases with the distance."""
        knots = np.array((0.0, *BAND_MIDDLES_M))
        road = self._road_m[mode]
        tail = np.maximum(straight_m - knots[-1], 0.0) * (road[-1] / knots[-1])
        return np.asarray(np.interp(straight_m, knots, road) + tail)


def _road_lengths(figures: Mapping[str, Valued], mode: TravelMode) -> NDArray[np.float64]:
    """Road metres at 0 and at each band's middle; edited factors cannot make it decrease."""
    factors = np.array([figures[f"road_factor_{mode}_{band}"].value for band in BANDS])
    return np.maximum.accumulate(np.concatenate(([0.0], factors * np.array(BAND_MIDDLES_M))))
