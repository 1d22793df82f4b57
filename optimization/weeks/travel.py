"""Distances of a whole week asked for once: every day is a part of the same matrix."""

from collections.abc import Sequence

import numpy as np

from data.model import Depot, Outlet, Scenario, Stop, TravelMode
from geo.travel.source import Place, TravelMatrix, TravelSource


class WeekTravel:
    """Answers from matrices of all of a scenario's places; other places go to the source.

    Args:
        source: where distances and times come from.
        scenario: its depots, outlets and stops are the places.
    """

    def __init__(self, source: TravelSource, scenario: Scenario) -> None:
        self._source = source
        self.name = source.name
        self.margin = source.margin
        sites: list[Depot | Outlet | Stop] = [
            *scenario.all_depots,
            *scenario.outlets,
            *scenario.stops,
        ]
        self._places = list(dict.fromkeys((site.lon, site.lat) for site in sites))
        self._number = {place: at for at, place in enumerate(self._places)}
        self._whole: dict[tuple[TravelMode, float], TravelMatrix] = {}

    def matrix(self, places: Sequence[Place], mode: TravelMode, speed_kmh: float) -> TravelMatrix:
        """Metres and seconds between places, shapes (places, places)."""
        if any(place not in self._number for place in places):
            return self._source.matrix(places, mode, speed_kmh)
        if (mode, speed_kmh) not in self._whole:
            self._whole[mode, speed_kmh] = self._source.matrix(self._places, mode, speed_kmh)
        whole = self._whole[mode, speed_kmh]
        numbers = [self._number[place] for place in places]
        square = np.ix_(numbers, numbers)
        return TravelMatrix(
            distance_m=whole.distance_m[square], duration_s=whole.duration_s[square]
        )

    def leg(self, a: Place, b: Place, mode: TravelMode) -> list[Place]:
        """The way drawn on the map."""
        return list(self._source.leg(a, b, mode))
