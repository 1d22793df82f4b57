"""What every source of distances and times offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from data.model import TravelMode

Place = tuple[float, float]
"""Longitude and latitude, degrees (EPSG:4326)."""

UNREACHABLE = 1_000_000_000
"""Metres and seconds that stand for « no way from here to there »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelMatrix:
    """Distances and times between ``n`` places; row = from, column = to.

    Attributes:
        distance_m: int64, shape (n, n), metres, zero diagonal; ``UNREACHABLE`` where no path.
        duration_s: int64, shape (n, n), seconds at the vehicle's speed, idem.
    """

    distance_m: NDArray[np.int64]
    duration_s: NDArray[np.int64]


class TravelSource(Protocol):
    """Distances, times and geometry; picklable, so that it can be sent to a worker."""

    @property
    def name(self) -> str:
        """French name with its margin of error, shown on screen and kept with the plan."""

    @property
    def margin(self) -> float:
        """Relative error (p90) of the length of a whole round: 0.14 means ± 14 %."""

    def matrix(self, places: Sequence[Place], mode: TravelMode, speed_kmh: float) -> TravelMatrix:
        """Travel between all pairs of ``places``, for a vehicle of that mode and speed."""

    def leg(self, a: Place, b: Place, mode: TravelMode) -> list[Place]:
        """Line to draw from ``a`` to ``b``: at least its two ends."""
