"""Which commune is here?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely

from data.french import NNBSP, kilometres, of
from data.model import Commune, Territory
from geo.projection import to_metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The commune closest to a place outside, and how far its boundary is, in metres."""

    commune: Commune
    distance_m: float


def commune_at(territory: Territory, lon: float, lat: float) -> Commune | None:
    """Commune that holds this position (degrees), or None outside the territory.

    A position exactly on a shared boundary belongs to the commune listed first.
    """
    return communes_at(territory, [lon], [lat])[0]


def communes_at(
    territory: Territory, lons: Sequence[float], lats: Sequence[float]
) -> list[Commune | None]:
    """Communes that hold these positions; same rule as :func:`commune_at`, one search for all."""
    points = _points(lons, lats)
    found: list[Commune | None] = [None] * len(points)
    inputs, hits = _tree(territory).query(points, predicate="intersects")
    # Highest commune first, so that the commune listed first has the last word.
    for index in np.lexsort((-hits, inputs)):
        found[inputs[index]] = territory.communes[hits[index]]
    return found


def nearest_commune(territory: Territory, lon: float, lat: float) -> Nearest:
    """Commune closest to this position; at distance 0 when inside."""
    point = to_metric(shapely.Point(lon, lat))
    tree = _metric_tree(territory)
    index = int(tree.query_nearest(point, all_matches=True).min())
    distance = float(shapely.distance(point, tree.geometries[index]))
    return Nearest(commune=territory.communes[index], distance_m=distance)


def describe_outside(territory: Territory, lon: float, lat: float) -> str | None:
    """Say in French that a position is outside the territory; None when it is inside."""
    if not (np.isfinite(lon) and np.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 (degrees)
        return (
            f"Cette position n’existe pas{NNBSP}: la longitude va de −180 à 180 degrés, "
            "la latitude de −90 à 90."
        )
    if commune_at(territory, lon, lat) is not None:
        return None
    nearest = nearest_commune(territory, lon, lat)
    away = kilometres(nearest.distance_m)
    return (
        f"Cette position est hors du territoire ({territory.name}), "
        f"à {away} {of(nearest.commune.name)}."
    )


def _points(lons: Sequence[float], lats: Sequence[float]) -> npt.NDArray[np.object_]:
    points = shapely.points(np.asarray(lons, dtype=float), np.asarray(lats, dtype=float))
    return np.atleast_1d(np.asarray(points, dtype=object))


# A territory is immutable and hashable: the index is built once and shared by all sessions.
@lru_cache(maxsize=4)
def _tree(territory: Territory) -> shapely.STRtree:
    return shapely.STRtree([shapely.from_wkb(c.boundary_wkb) for c in territory.communes])


@lru_cache(maxsize=4)
def _metric_tree(territory: Territory) -> shapely.STRtree:
    outlines = [to_metric(shapely.from_wkb(c.boundary_wkb)) for c in territory.communes]
    return shapely.STRtree(outlines)
