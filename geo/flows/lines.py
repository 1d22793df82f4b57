"""Links as lines for desktop GIS: EPSG:4326, units in the column names, French headings."""

import math
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.model import Territory
from geo.flows.links import Links
from geo.projection import GEOGRAPHIC_CRS

RING_RADIUS_DEG = 0.004
"""Radius of the circle drawn for a loop, degrees of latitude (about 450 m)."""
_RING_POINTS = 24

_COLUMNS = {
    "link_id": "lien",
    "resource_name": "ressource",
    "family": "famille",
    "stream": "filiere",
    "scope": "sens",
    "mass_t": "masse_t_an",
    "mass_low_t": "masse_min_t_an",
    "mass_high_t": "masse_max_t_an",
    "gap": "masse_inconnue_car",
    "trips_stated": "trajets_declares_an",
    "cost_eur": "cout_declare_eur_an",
    "year": "annee",
    "reliability": "fiabilite",
    "visibility": "visibilite",
    "declared_by": "declare_par",
    "treatment_code": "code_traitement",
    "protected": "agregat_confidentiel",
}
_ENDS = {"origin": "origine", "destination": "destination"}


def flows_lines_frame(links: Links, territory: Territory) -> Any:
    """Links as a GeoDataFrame of lines, from origin to destination.

    A loop is a small circle through its place. A link with an end that is drawn nowhere (empty
    territory) has no geometry, but keeps its row.

    Args:
        links: what the viewer may see.
        territory: gives communes and EPCI their names.

    Returns:
        One row a link, in the links' order: columns in French, ``_t_an`` = tonnes a year, ``_an``
        = a year, empty when unknown; ``origine`` / ``destination`` with ``_commune`` and
        ``_epci``; ``flux`` (ids of the declarations, joined by « ; »); EPSG:4326.
    """
    frame, places = links.frame, links.places
    data: dict[str, Any] = {}
    communes = {c.code: c.name for c in territory.communes}
    epcis = {e.code: e.short_name for e in territory.epcis}
    ends = {}
    for end, heading in _ENDS.items():
        rows = places.index.get_indexer(pd.Index(frame[end]))
        ends[end] = places[["lon", "lat"]].to_numpy(dtype=np.float64)[rows]
        data[heading] = places["name"].to_numpy()[rows]
        data[f"{heading}_commune"] = [communes.get(code, "") for code in frame[f"{end}_commune"]]
        data[f"{heading}_epci"] = [epcis.get(code, "") for code in frame[f"{end}_epci"]]
    for column, heading in _COLUMNS.items():
        data[heading] = frame[column]
    data["boucle"] = (frame["origin"] == frame["destination"]).to_numpy(dtype=bool)
    data["flux"] = [" ; ".join(ids) for ids in frame["flow_ids"]]
    lines = _lines(ends["origin"], ends["destination"])
    return gpd.GeoDataFrame(data, geometry=lines, crs=GEOGRAPHIC_CRS)


def _lines(
    origin: npt.NDArray[np.float64], destination: npt.NDArray[np.float64]
) -> npt.NDArray[np.object_]:
    lines = np.full(len(origin), None, dtype=object)
    drawn = np.isfinite(origin).all(axis=1) & np.isfinite(destination).all(axis=1)
    ring = drawn & (origin == destination).all(axis=1)
    straight = drawn & ~ring
    lines[straight] = shapely.linestrings(
        np.stack([origin[straight], destination[straight]], axis=1)
    )
    lines[ring] = [_circle(lon, lat) for lon, lat in origin[ring]]
    return lines


def _circle(lon: float, lat: float) -> shapely.LineString:
    """Circle that starts and ends at the place, to its north."""
    angle = np.linspace(0.0, 2 * math.pi, _RING_POINTS + 1)
    stretch = max(math.cos(math.radians(lat)), 0.01)
    x = lon + RING_RADIUS_DEG * np.sin(angle) / stretch
    y = lat + RING_RADIUS_DEG * (1 - np.cos(angle))
    x[-1], y[-1] = x[0], y[0]
    return shapely.LineString(np.column_stack([x, y]))
