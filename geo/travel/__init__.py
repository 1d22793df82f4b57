"""Travel: distances, times and leg geometry between places, by mode.

A :class:`TravelSource` answers for every engine, checker and page; the great-circle fallback is
the first one, a road network implements the same Protocol.
"""

from geo.travel.great_circle import GreatCircleTravel
from geo.travel.source import UNREACHABLE, Place, TravelMatrix, TravelSource

__all__ = ["UNREACHABLE", "GreatCircleTravel", "Place", "TravelMatrix", "TravelSource"]
