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
    rows = []
    for actor in actors:
        place = places.get(actor.commune_code)
        rows.append(
            (
                actor.id,
                actor.name,
                str(actor.kind),
                str(actor.college),
                actor.activity,
                " ; ".join(actor.competences),
                actor.commune_code,
                place.name if place else "",
                short.get(place.epci_code, "") if place else "",
                actor.address,
                str(actor.position_precision),
                actor.naf_code,
                actor.siret,
                actor.website,
                actor.description,
                actor.source,
                str(actor.visibility),
                str(actor.origin),
            )
        )
    columns = (
        "id name kind college activity competences commune_code commune epci address "
        "position_precision naf_code siret website description source visibility origin"
    ).split()
    data = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    points = shapely.points([(a.lon, a.lat) for a in actors]) if actors else []
    return gpd.GeoDataFrame(data, geometry=points, crs=GEOGRAPHIC_CRS)


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
