"""The vector background of every map: territory, EPCI outlines, neighbours, place names.

One script per territory, at an address that holds the digest of its content: the browser fetches
it once and keeps it, so that a change of filter sends actors only.
"""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import shapely
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from data.model import Commune, Territory
from geo.frames import epcis_frame
from pages.ui import escape
from pages.ui.session import shared_store

PATH: Final = "/territory/{digest}/background.js"
_GRID_DEGREES: Final = 1e-5
"""One metre: finer than the boundaries themselves."""
_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Background:
    """A territory as a script that sets ``window.cartofluxTerritory``.

    Attributes:
        url: where it is served.
        bounds: south, west, north, east, in degrees.
        script: the JavaScript source.
    """

    url: str
    bounds: tuple[float, float, float, float]
    script: str


_kept: OrderedDict[str, Background] = OrderedDict()
_lock = threading.Lock()


@lru_cache(maxsize=_KEPT)
def publish(territory: Territory) -> Background:
    """Build the background of ``territory`` and serve it from now on."""
    payload = escape.script(_payload(territory))
    script = f"window.cartofluxTerritory={payload};"
    digest = hashlib.sha256(script.encode()).hexdigest()[:12]
    outlines = [shapely.from_wkb(c.boundary_wkb) for c in territory.communes]
    west, south, east, north = shapely.total_bounds(outlines).tolist()
    background = Background(PATH.format(digest=digest), (south, west, north, east), script)
    with _lock:
        _kept[digest] = background
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return background


def _payload(territory: Territory) -> escape.Json:
    return {
        "name": territory.name,
        "communes": [_commune(commune) for commune in territory.communes],
        "neighbours": [_rings(commune.boundary_wkb) for commune in territory.neighbours],
        "epcis": [
            {
                "code": row.code,
                "name": row.short_name,
                "at": _inside(row.geometry),
                "rings": _rings(row.geometry.wkb),
            }
            for row in epcis_frame(territory).itertuples()
        ],
    }


def _commune(commune: Commune) -> escape.Json:
    return {
        "code": commune.code,
        "name": commune.name,
        "epci": commune.epci_code,
        "population": commune.population,
        "at": [round(commune.town_hall_lat, 5), round(commune.town_hall_lon, 5)],
        "rings": _rings(commune.boundary_wkb),
    }


def _inside(geometry: shapely.Geometry) -> list[float]:
    point = shapely.point_on_surface(geometry)
    return [round(float(point.y), 4), round(float(point.x), 4)]


def _rings(wkb: bytes) -> list[list[list[list[float]]]]:
    """Polygons, each a list of rings, each a list of ``[lat, lon]`` as Leaflet wants them."""
    geometry = shapely.set_precision(shapely.from_wkb(wkb), _GRID_DEGREES)
    return [
        [
            [[round(y, 5), round(x, 5)] for x, y in ring.coords]
            for ring in (polygon.exterior, *polygon.interiors)
        ]
        for polygon in shapely.get_parts(geometry)
        if polygon.geom_type == "Polygon"
    ]


async def background(request: Request) -> Response:
    """Serve a published background; after a restart, the store's territory is published first."""
    digest = request.path_params["digest"]
    if digest not in _kept:
        await run_in_threadpool(_publish_stored)
    found = _kept.get(digest)
    if found is None:
        return Response("", status_code=404, media_type="text/javascript")
    return Response(
        found.script,
        media_type="text/javascript",
        headers={"Cache-Control": "public, immutable, max-age=31536000"},
    )


def _publish_stored() -> None:

    territory = shared_store().territory()
    if territory is not None:
        publish(territory)


def routes() -> list[BaseRoute]:
    """Return the route of the backgrounds."""
    return [Route(PATH, background, methods=["GET"])]
