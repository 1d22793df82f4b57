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

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from data.model import Territory
from geo.layers import bounds, communes_layer, epcis_layer, neighbours_layer, town_labels
from pages.ui import escape
from pages.ui.session import shared_store

PATH: Final = "/territory/{digest}/background.js"
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
    west, south, east, north = bounds(territory)
    background = Background(PATH.format(digest=digest), (south, west, north, east), script)
    with _lock:
        _kept[digest] = background
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return background


def _payload(territory: Territory) -> escape.Json:
    first_zoom = {label.code: label.min_zoom for label in town_labels(territory)}
    return {
        "communes": communes_layer(territory)["features"],
        "epcis": epcis_layer(territory)["features"],
        "neighbours": neighbours_layer(territory)["features"],
        "towns": [
            {
                "code": commune.code,
                "name": commune.name,
                "population": commune.population,
                "at": [round(commune.town_hall_lat, 5), round(commune.town_hall_lon, 5)],
                "zoom": first_zoom[commune.code],
            }
            for commune in territory.communes
        ],
    }


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
