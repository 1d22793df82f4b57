"""Travel on a real road network."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.french import NNBSP, date
from data.model import TravelMode
from geo.roads.network import NetworkInfo
from geo.roads.profiles import BIKE_BASE_KMH
from geo.roads.router import MISSING, ModeRouter, open_router
from geo.travel.source import UNREACHABLE, Place, TravelMatrix

FARTHEST_M: Final = 500.0
"""A place farther than this from any road cannot be served by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadTravel:
    """Distances and times along the roads of an OpenStreetMap extract.

    Only the file's name travels to a worker, which loads the network itself, once.

    Attributes:
        path: of the network's file.
        info: what the file says of itself.
        margin: relative error (p90) of a whole round's length.
    """

    path: Path
    info: NetworkInfo
    margin: float

    @property
    def name(self) -> str:
        """« Réseau routier », the extract and its date, with its margin."""
        day = f" du {date(self.info.date)}" if self.info.date else ""
        percent = f"±{NNBSP}{100 * self.margin:.0f}{NNBSP}%"
        return f"Réseau routier OpenStreetMap, extrait « {self.info.name} »{day} ({percent})"

    def matrix(self, places: Sequence[Place], mode: TravelMode, speed_kmh: float) -> TravelMatrix:
        """Travel between all pairs of places.

        A bike's ``speed_kmh`` is its speed on the flat: it scales every time. A van drives at the
        speed of each road. The way between a place and its road is not counted.

        Raises:
            ValueError: ``speed_kmh`` is not positive.
            InputError: the network's file is not on this machine.
        """
        if not speed_kmh > 0:
            raise ValueError("La vitesse doit être supérieure à zéro.")
        if not len(places):
            nothing = np.zeros((0, 0), dtype=np.int64)
            return TravelMatrix(distance_m=nothing, duration_s=nothing)
        router = self._router(mode)
        snapped = router.snap(places)
        near = np.flatnonzero(snapped.offset_m <= FARTHEST_M)
        ms, m = router.table(snapped.taking(near))
        seconds = ms / 1000 * (BIKE_BASE_KMH / speed_kmh if mode is TravelMode.BIKE else 1.0)
        return TravelMatrix(
            distance_m=_spread(np.where(m == MISSING, np.nan, m), near, len(places)),
            duration_s=_spread(np.where(ms == MISSING, np.nan, seconds), near, len(places)),
        )

    def leg(self, a: Place, b: Place, mode: TravelMode) -> list[Place]:
        """The way along the roads; a straight line where there is none."""
        router = self._router(mode)
        if (router.snap([a, b]).offset_m > FARTHEST_M).any():
            return [a, b]
        return [a, *router.line(a, b), b]

    def offsets_m(self, places: Sequence[Place], mode: TravelMode) -> NDArray[np.float64]:
        """How far each place is from the nearest road of that mode, metres; shape (places,)."""
        if not len(places):
            return np.empty(0)
        return self._router(mode).snap(places).offset_m

    def _router(self, mode: TravelMode) -> ModeRouter:
        return open_router(self.path).modes[mode]


def _spread(values: NDArray[np.float64], near: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Round, and put unreachable places back among the others."""
    whole = np.full((count, count), UNREACHABLE, dtype=np.int64)
    whole[np.ix_(near, near)] = np.where(np.isnan(values), UNREACHABLE, np.rint(values))
    np.fill_diagonal(whole, 0)
    return whole
