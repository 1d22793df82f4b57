"""Where demonstration actors stand: communes read from the territory file, points inside them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

_METRES_PER_DEGREE = 111_320.0
_SHORTEST_GAP_M = 60.0
"""Two demonstration actors never share one point: a round with two stops there is refused."""
_TRIES = 2_000
_DECIMALS = 5
_WIDENING = 1.02


@dataclass(frozen=True, slots=True)
class Place:
    """A commune as the generator sees it; position in degrees, boundary in EPSG:4326."""

    code: str
    name: str
    epci_code: str
    population: int
    lon: float
    lat: float
    boundary: BaseGeometry


def read_places(path: Path) -> tuple[Place, ...]:
    """Read the communes of a territory GeoPackage, ordered by code."""
    frame = pyogrio.read_dataframe(path, layer="communes")
    places = (
        Place(
            code=str(row.code),
            name=str(row.name),
            epci_code=str(row.epci_code),
            population=int(row.population),
            lon=float(row.town_hall_lon),
            lat=float(row.town_hall_lat),
            boundary=row.geometry,
        )
        for row in frame.itertuples(index=False)
    )
    return tuple(sorted(places, key=lambda place: place.code))


def metres_between(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Distance on a flat approximation, fine within one territory (error below 0.1 %)."""
    dx = (lon2 - lon1) * math.cos(math.radians((lat1 + lat2) / 2))
    return math.hypot(dx, lat2 - lat1) * _METRES_PER_DEGREE


class Spots:
    """Gives points inside communes, never two closer than sixty metres."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._taken: list[tuple[float, float]] = []

    def near_town_hall(self, place: Place, radius_m: float) -> tuple[float, float]:
        """Longitude and latitude around the town hall, inside the commune.

        The radius grows little by little when the town hall's surroundings are outside or full.
        """
        radius = radius_m
        for _ in range(_TRIES):
            angle = self._random.uniform(0, 2 * math.pi)
            away = radius * math.sqrt(self._random.random()) / _METRES_PER_DEGREE
            lon = place.lon + away * math.cos(angle) / math.cos(math.radians(place.lat))
            if self._take(place, lon, place.lat + away * math.sin(angle)):
                return self._taken[-1]
            radius *= _WIDENING
        raise _no_room(place)

    def anywhere(self, place: Place) -> tuple[float, float]:
        """Longitude and latitude anywhere inside the commune."""
        west, south, east, north = place.boundary.bounds
        for _ in range(_TRIES):
            lon = self._random.uniform(west, east)
            if self._take(place, lon, self._random.uniform(south, north)):
                return self._taken[-1]
        raise _no_room(place)

    def _take(self, place: Place, lon: float, lat: float) -> bool:
        lon, lat = round(lon, _DECIMALS), round(lat, _DECIMALS)
        free = all(metres_between(lon, lat, *other) >= _SHORTEST_GAP_M for other in self._taken)
        if not free or not place.boundary.contains(shapely.Point(lon, lat)):
            return False
        self._taken.append((lon, lat))
        return True


def by_code(places: Iterable[Place]) -> dict[str, Place]:
    """Places by commune code."""
    return {place.code: place for place in places}


def _no_room(place: Place) -> RuntimeError:
    return RuntimeError(f"No free point found in {place.name} ({place.code})")
