"""A travel source that never computes the same table twice: scenarios here differ by rules."""

from collections.abc import Sequence

from data.model import TravelMode
from geo.travel.source import Place, TravelMatrix, TravelSource


class Remembered:
    """Answers from memory where it has been asked before."""

    def __init__(self, source: TravelSource) -> None:
        self._source = source
        self._known: dict[tuple[tuple[Place, ...], TravelMode, float], TravelMatrix] = {}
        self.name = source.name
        self.margin = source.margin

    def matrix(self, places: Sequence[Place], mode: TravelMode, speed_kmh: float) -> TravelMatrix:
        """See ``TravelSource``."""
        key = tuple(places), mode, speed_kmh
        if key not in self._known:
            self._known[key] = self._source.matrix(places, mode, speed_kmh)
        return self._known[key]

    def leg(self, a: Place, b: Place, mode: TravelMode) -> list[Place]:
        """See ``TravelSource``."""
        return self._source.leg(a, b, mode)
