"""Gates: where a flow crosses the territory's border on its way to a place outside.

A gate is the outermost point of the border on the ray from the territory's centre to the place.
Rays are straight in longitude and latitude, as on the map.
"""

import math
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import shapely
from shapely import Geometry, LineString, Point

from data.errors import InputError
from data.model import Territory
from data.settings import ROOT

GATES_PATH = ROOT / "data" / "reference" / "gates.toml"

OUTSIDE_BEARING_DEG = 120.0
"""Where the gate « hors territoire » (no place given) stands: a fixed choice, south-east."""
UNKNOWN_BEARING_DEG = 315.0
"""Where « partenaire inconnu » stands, off the border: a fixed choice, north-west."""
UNKNOWN_OFFSET = 0.1
"""How far off the border, as a share of the territory's diagonal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePlace:
    """A well-known place outside the territory.

    Attributes:
        code: INSEE code when it is one commune, else empty.
        aliases: other spellings.
        area: True for a department or a country: a direction, never a distance.
        source: where the position comes from.
    """

    id: str
    name: str
    lon: float
    lat: float
    code: str = ""
    aliases: tuple[str, ...] = ()
    area: bool = False
    source: str = ""


@lru_cache(maxsize=4)
def load_outside_places(path: Path = GATES_PATH) -> tuple[OutsidePlace, ...]:
    """Read the known outside places, ordered by id.

    Raises:
        InputError: an entry is incomplete or two share an id.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    places: dict[str, OutsidePlace] = {}
    for row, entry in enumerate(table.get("place", ()), start=1):
        missing = [key for key in ("id", "name", "lon", "lat", "source") if key not in entry]
        if missing:
            raise InputError(
                f"{path.name}, lieu nᵒ {row} : il manque {', '.join(missing)}.",
                field=missing[0],
                row=row,
            )
        if entry["id"] in places:
            raise InputError(
                f"{path.name}, lieu nᵒ {row} : l’identifiant « {entry['id']} » sert deux fois.",
                field="id",
                row=row,
            )
        places[entry["id"]] = OutsidePlace(
            id=entry["id"],
            name=entry["name"],
            lon=float(entry["lon"]),
            lat=float(entry["lat"]),
            code=entry.get("code", ""),
            aliases=tuple(entry.get("aliases", ())),
            area=bool(entry.get("area", False)),
            source=table.get(entry["source"], entry["source"]),
        )
    return tuple(places[key] for key in sorted(places))


@lru_cache(maxsize=4)
def load_names(kind: str, path: Path = GATES_PATH) -> tuple[str, ...]:
    """Read the words that are no place outside.

    Args:
        kind: ``vague``, too wide to tell inside from outside (« France »); ``here``, the actor
            itself (« sur place »).
        path: the table.
    """
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")).get(kind, ()))


class Border:
    """The outline of a territory, seen from its centre.

    Attributes:
        centre: (lon, lat) of the centroid, or of a point inside when the centroid is not.
    """

    def __init__(self, territory: Territory) -> None:
        outline = shapely.union_all(
            shapely.from_wkb([commune.boundary_wkb for commune in territory.communes])
        )
        self.outline: Geometry = outline.boundary
        inside = outline.centroid
        if not outline.is_empty and not outline.contains(inside):
            inside = outline.representative_point()
        self.centre: tuple[float, float] | None = None
        self._diagonal = 0.0
        if not outline.is_empty:
            self.centre = (inside.x, inside.y)
            west, south, east, north = outline.bounds
            self._diagonal = math.hypot(east - west, north - south)
            shapely.prepare(self.outline)

    def towards(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the gate towards a place; the place itself when there is no border."""
        if self.centre is None:
            return lon, lat
        dx, dy = lon - self.centre[0], lat - self.centre[1]
        norm = math.hypot(dx, dy)
        # A place at the very centre has no direction: north, arbitrarily but always the same.
        return self._ray(dx / norm, dy / norm) if norm else self._ray(0.0, 1.0)

    def at_bearing(self, degrees: float) -> tuple[float, float]:
        """Return the gate at a bearing on the map (0 = up, 90 = right); NaN without a border."""
        angle = math.radians(degrees)
        return self._ray(math.sin(angle), math.cos(angle))

    def beyond(self, degrees: float, share: float = UNKNOWN_OFFSET) -> tuple[float, float]:
        """Return a point off the border at a bearing; NaN without a border."""
        lon, lat = self.at_bearing(degrees)
        angle, step = math.radians(degrees), share * self._diagonal
        return lon + step * math.sin(angle), lat + step * math.cos(angle)

    def _ray(self, dx: float, dy: float) -> tuple[float, float]:
        if self.centre is None:
            return math.nan, math.nan
        lon, lat = self.centre
        reach = 2 * self._diagonal
        ray = LineString([(lon, lat), (lon + reach * dx, lat + reach * dy)])
        crossing = shapely.get_coordinates(ray.intersection(self.outline))
        far = max(crossing.tolist(), key=lambda c: math.hypot(c[0] - lon, c[1] - lat))
        return Point(far).x, Point(far).y
