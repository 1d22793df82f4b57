"""Synergies as links between their parties."""

from collections.abc import Iterable, Mapping
from typing import Any

from data.model import Actor, Party, PartyRole, Synergy
from geo.layers.actors import Positions, spread_positions
from geo.layers.geojson import GeoJson, collection, feature, point

_FEWEST = 2
_Place = tuple[float, float]


def synergies_layer(
    synergies: Iterable[Synergy],
    actors: Mapping[str, Actor],
    *,
    positions: Positions | None = None,
) -> GeoJson:
    """Synergies as lines; those with fewer than two known parties are left out.

    Givers are joined to takers. Partners (a pooling, a loop) are joined to the middle of their
    positions, like the spokes of a wheel: nobody comes first.

    Args:
        synergies: those to show, already allowed to this reader.
        actors: by id.
        positions: from :func:`spread_positions` over *all* actors; computed when missing.

    Returns:
        Feature collection of MultiLineString, with the same points as on the layer of actors.
        Properties: id, title, kind, status, directed (the lines go from giver to taker), parties
        (actor ids), names, places (actor id → where it is drawn), tonnes (per year, or ``None``),
        origin.
    """
    drawn = spread_positions(actors.values()) if positions is None else positions
    features = []
    for synergy in synergies:
        known = [p for p in synergy.parties if p.actor_id in actors and p.actor_id in drawn]
        if len({party.actor_id for party in known}) < _FEWEST:
            continue
        places = {party.actor_id: drawn[party.actor_id] for party in known}
        lines, directed = _lines(known, places)
        features.append(
            feature(
                {"type": "MultiLineString", "coordinates": [_line(*line) for line in lines]},
                {
                    "id": synergy.id,
                    "title": synergy.title,
                    "kind": str(synergy.kind),
                    "status": str(synergy.status),
                    "directed": directed,
                    "parties": [party.actor_id for party in known],
                    "names": [actors[party.actor_id].name for party in known],
                    "places": {each: point(*at)["coordinates"] for each, at in places.items()},
                    "tonnes": synergy.mass_t_per_year,
                    "origin": str(synergy.origin),
                },
            )
        )
    return collection(features)


def _lines(
    known: list[Party], places: Mapping[str, _Place]
) -> tuple[list[tuple[_Place, _Place]], bool]:
    givers = [party.actor_id for party in known if party.role is PartyRole.GIVER]
    takers = [party.actor_id for party in known if party.role is PartyRole.TAKER]
    pairs = [(places[a], places[b]) for a in givers for b in takers if a != b]
    if pairs and len(givers) + len(takers) == len(known):
        return pairs, True
    here = list(places.values())
    if len(here) == _FEWEST:
        return [(here[0], here[1])], False
    middle = (sum(lon for lon, _ in here) / len(here), sum(lat for _, lat in here) / len(here))
    return [(place, middle) for place in here], False


def _line(start: _Place, end: _Place) -> list[Any]:
    return [point(*place)["coordinates"] for place in (start, end)]
