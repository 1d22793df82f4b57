"""EPCI, communes and neighbouring communes as GeoJSON.

The outlines come simplified from their producer: simplifying the coverage again was measured to
save 0.1 % of the bytes at 20 m and 0.5 % at 100 m, so they are shown as they are.
"""

from functools import lru_cache

import shapely

from data.model import Commune, Territory
from geo.frames import density, epcis_frame
from geo.layers.geojson import GeoJson, collection, feature, outline


def territory_layer(territory: Territory) -> GeoJson:
    """Communes, then EPCI; the property ``level`` is ``commune`` or ``epci``."""
    communes, epcis = communes_layer(territory), epcis_layer(territory)
    return collection([*communes["features"], *epcis["features"]])


def communes_layer(territory: Territory) -> GeoJson:
    """Communes of the territory.

    Properties: level, code, name, epci_code, epci (short name), population, area_km2 (one
    decimal), density (inhabitants per km², whole).
    """
    short = {epci.code: epci.short_name for epci in territory.epcis}
    return collection(
        feature(
            outline(shapely.from_wkb(c.boundary_wkb)),
            {
                "level": "commune",
                "code": c.code,
                "name": c.name,
                "epci_code": c.epci_code,
                "epci": short[c.epci_code],
                "population": c.population,
                "area_km2": round(c.area_km2, 1),
                "density": round(density(c)),
            },
        )
        for c in territory.communes
    )


def epcis_layer(territory: Territory) -> GeoJson:
    """EPCI with their dissolved outlines.

    Properties: level, code, name, short_name, communes (how many), population, area_km2, density.
    """
    return collection(
        feature(
            outline(row.geometry),
            {
                "level": "epci",
                "code": row.code,
                "name": row.name,
                "short_name": row.short_name,
                "communes": row.communes,
                "population": row.population,
                "area_km2": round(row.area_km2, 1),
                "density": round(row.density),
            },
        )
        for row in epcis_frame(territory).itertuples(index=False, name="Row")
    )


def neighbours_layer(territory: Territory) -> GeoJson:
    """Communes that touch the territory. Properties: level (``neighbour``), code, name."""
    return collection(
        feature(
            outline(shapely.from_wkb(c.boundary_wkb)),
            {"level": "neighbour", "code": c.code, "name": c.name},
        )
        for c in territory.neighbours
    )


@lru_cache(maxsize=64)
def bounds(
    territory: Territory, epci_code: str | None = None, commune_code: str | None = None
) -> tuple[float, float, float, float]:
    """Bounding box (west, south, east, north), degrees, of the territory or of a part of it.

    A code that is not in the territory gives the box of the whole.
    """

    def inside(commune: Commune) -> bool:
        if commune_code:
            return commune.code == commune_code
        return epci_code in (None, commune.epci_code)

    kept = [c for c in territory.communes if inside(c)] or territory.communes
    west, south, east, north = shapely.total_bounds(
        [shapely.from_wkb(c.boundary_wkb) for c in kept]
    ).tolist()
    return west, south, east, north
