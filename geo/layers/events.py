"""Events (« temps forts ») as points."""

import math
from collections import defaultdict
from collections.abc import Iterable

from data.model import Event, Territory
from geo.layers.geojson import GeoJson, collection, feature, point

_METRES_A_DEGREE = 111_195.0
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_STEP_M = 60.0
"""How far apart events of one place are drawn: many are held at the same town hall."""


def events_layer(events: Iterable[Event], territory: Territory | None = None) -> GeoJson:
    """Events as points: their own position, or their commune's town hall.

    Those at one place follow a sunflower spiral, the oldest in the middle. An event with neither
    position nor known commune is left out.

    Args:
        events: those to show.
        territory: gives town halls and names; without it only own positions are drawn.

    Returns:
        Feature collection of points, by date. Properties: id, name, day, end_day, kind, place,
        commune, attendance (or ``None``), approximate (drawn at the town hall), origin.
    """
    communes = {one.code: one for one in territory.communes} if territory else {}
    places: dict[tuple[float, float], list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda one: (one.day, one.id)):
        commune = communes.get(event.commune_code)
        if event.lon is not None and event.lat is not None:
            places[(event.lon, event.lat)].append(event)
        elif commune is not None:
            places[(commune.town_hall_lon, commune.town_hall_lat)].append(event)
    features = []
    for (lon, lat), here in places.items():
        east = _METRES_A_DEGREE * max(math.cos(math.radians(lat)), 0.01)
        for rank, event in enumerate(here):
            reach = _STEP_M * math.sqrt(rank)
            angle = rank * _GOLDEN_ANGLE
            commune = communes.get(event.commune_code)
            features.append(
                feature(
                    point(
                        lon + reach * math.cos(angle) / east,
                        lat + reach * math.sin(angle) / _METRES_A_DEGREE,
                    ),
                    {
                        "id": event.id,
                        "name": event.name,
                        "day": event.day,
                        "end_day": event.end_day,
                        "kind": str(event.kind),
                        "place": event.place,
                        "commune": commune.name if commune else "",
                        "attendance": event.attendance,
                        "approximate": event.lon is None,
                        "origin": str(event.origin),
                    },
                )
            )
    features.sort(key=lambda one: (one["properties"]["day"], one["id"]))
    return collection(features)
