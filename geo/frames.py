"""Domain model to GeoDataFrame, for analysis and exports (EPSG:4326, one row a record)."""

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import shapely

from data.model import Actor, Commune, Territory
from geo.projection import GEOGRAPHIC_CRS


def communes_frame(territory: Territory) -> Any:
    """Communes of the territory.

    Columns: code, name, epci_code, epci (short name), population, area_km2, density (inhabitants
    per km²), town_hall_lon, town_hall_lat, geometry.
    """
    short = {epci.code: epci.short_name for epci in territory.epcis}
    frame = _frame(territory.communes)
    frame.insert(3, "epci", [short[c.epci_code] for c in territory.communes])
    return frame


def neighbours_frame(territory: Territory) -> Any:
    """Communes that touch the territory; same columns as communes_frame, without ``epci``."""
    return _frame(territory.neighbours)


def epcis_frame(territory: Territory) -> Any:
    """EPCI with their dissolved outlines.

    Columns: code, name, short_name, communes (how many), population, area_km2, density, geometry.
    """
    rows = []
    outlines = []
    for epci in territory.epcis:
        members = [c for c in territory.communes if c.epci_code == epci.code]
        population = sum(c.population for c in members)
        area = sum(c.area_km2 for c in members)
        rows.append(
            {
                "code": epci.code,
                "name": epci.name,
                "short_name": epci.short_name,
                "communes": len(members),
                "population": population,
                "area_km2": area,
                "density": population / area if area else 0.0,
            }
        )
        outlines.append(
            shapely.coverage_union_all([shapely.from_wkb(c.boundary_wkb) for c in members])
        )
    return gpd.GeoDataFrame(rows, geometry=outlines, crs=GEOGRAPHIC_CRS)


def actors_frame(actors: Iterable[Actor], territory: Territory | None = None) -> Any:
    """Actors as points, without their contact (personal data stays out of files).

    Columns: id, name, kind, college, activity, competences (joined by « ; »), commune_code,
    commune, epci, address, position_precision, naf_code, siret, website, description, source,
    visibility, origin, geometry. ``commune`` and ``epci`` are names, empty without a territory.
    """
    actors = tuple(actors)
    short = {e.code: e.short_name for e in territory.epcis} if territory else {}
    places = {c.code: c for c in territory.communes} if territory else {}
    home = [places.get(a.commune_code) for a in actors]
    columns: dict[str, list[str]] = {
        "id": [a.id for a in actors],
        "name": [a.name for a in actors],
        "kind": [str(a.kind) for a in actors],
        "college": [str(a.college) for a in actors],
        "activity": [a.activity for a in actors],
        "competences": [" ; ".join(a.competences) for a in actors],
        "commune_code": [a.commune_code for a in actors],
        "commune": [c.name if c else "" for c in home],
        "epci": [short.get(c.epci_code, "") if c else "" for c in home],
        "address": [a.address for a in actors],
        "position_precision": [str(a.position_precision) for a in actors],
        "naf_code": [a.naf_code for a in actors],
        "siret": [a.siret for a in actors],
        "website": [a.website for a in actors],
        "description": [a.description for a in actors],
        "source": [a.source for a in actors],
        "visibility": [str(a.visibility) for a in actors],
        "origin": [str(a.origin) for a in actors],
    }
    points = [shapely.Point(a.lon, a.lat) for a in actors]
    return gpd.GeoDataFrame(columns, geometry=points, crs=GEOGRAPHIC_CRS)


def _frame(communes: tuple[Commune, ...]) -> Any:
    columns: dict[str, list[Any]] = {
        name: [getattr(c, name) for c in communes]
        for name in ("code", "name", "epci_code", "population", "area_km2")
    }
    columns["density"] = [density(c) for c in communes]
    columns["town_hall_lon"] = [c.town_hall_lon for c in communes]
    columns["town_hall_lat"] = [c.town_hall_lat for c in communes]
    outlines = [shapely.from_wkb(c.boundary_wkb) for c in communes]
    return gpd.GeoDataFrame(columns, geometry=outlines, crs=GEOGRAPHIC_CRS)


def density(commune: Commune) -> float:
    """Inhabitants per square kilometre; 0 for an area that is not known."""
    return commune.population / commune.area_km2 if commune.area_km2 > 0 else 0.0
