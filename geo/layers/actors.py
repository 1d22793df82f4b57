"""Actors as points that do not hide each other."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from data.model import Actor, PositionPrecision, Territory
from geo.layers.geojson import GeoJson, collection, feature, point

Positions = Mapping[str, tuple[float, float]]
"""Actor id → longitude and latitude to draw it at, degrees."""

_METRES_A_DEGREE = 111_195.0
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
# How far apart co-located points are drawn: several actors share a roof, many share a town hall.
_STEP_M = {
    PositionPrecision.ADDRESS: 8.0,
    PositionPrecision.STREET: 20.0,
    PositionPrecision.COMMUNE: 40.0,
}
_RANK = {precision: rank for rank, precision in enumerate(_STEP_M)}


def spread_positions(actors: Iterable[Actor]) -> dict[str, tuple[float, float]]:
    """Where to draw each actor: its own position, or beside it when others are exactly there.

    Co-located actors follow a sunflower spiral around their common position, the best known
    position first (in the middle), then by id: the same actors always give the same picture.
    Compute it once over all actors, so that a filter does not move the points it keeps.
    """
    places: dict[tuple[float, float], list[Actor]] = defaultdict(list)
    for actor in actors:
        places[(actor.lon, actor.lat)].append(actor)
    positions: dict[str, tuple[float, float]] = {}
    for (lon, lat), here in places.items():
        east = _METRES_A_DEGREE * max(math.cos(math.radians(lat)), 0.01)
        ordered = sorted(here, key=lambda a: (_RANK[a.position_precision], a.id))
        for rank, actor in enumerate(ordered):
            reach = _STEP_M[actor.position_precision] * math.sqrt(rank)
            angle = rank * _GOLDEN_ANGLE
            positions[actor.id] = (
                lon + reach * math.cos(angle) / east,
                lat + reach * math.sin(angle) / _METRES_A_DEGREE,
            )
    return positions


def actors_layer(
    actors: Iterable[Actor],
    territory: Territory | None = None,
    *,
    positions: Positions | None = None,
) -> GeoJson:
    """Actors as points; contact details never leave in a layer.

    Args:
        actors: those to show.
        territory: gives the names of communes and EPCI, empty without it.
        positions: from :func:`spread_positions` over *all* actors; computed over ``actors`` when
            missing.

    Returns:
        Feature collection. Properties: id, name, kind, college, activity, commune_code, commune,
        epci (short name), precision, approximate (not known to the address), spread (drawn
        beside its recorded position), origin.
    """
    actors = tuple(actors)
    drawn = spread_positions(actors) if positions is None else positions
    short = {e.code: e.short_name for e in territory.epcis} if territory else {}
    places = {c.code: (c.name, short[c.epci_code]) for c in territory.communes} if territory else {}
    features = []
    for actor in actors:
        own = (actor.lon, actor.lat)
        at = drawn.get(actor.id, own)
        commune, epci = places.get(actor.commune_code, ("", ""))
        features.append(
            feature(
                point(*at),
                {
                    "id": actor.id,
                    "name": actor.name,
                    "kind": str(actor.kind),
                    "college": str(actor.college),
                    "activity": actor.activity,
                    "commune_code": actor.commune_code,
                    "commune": commune,
                    "epci": epci,
                    "precision": str(actor.position_precision),
                    "approximate": actor.position_precision is not PositionPrecision.ADDRESS,
                    "spread": at != own,
                    "origin": str(actor.origin),
                },
            )
        )
    return collection(features)
