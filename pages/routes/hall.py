"""``GET /salle/{workshop}/carte.json``: what the map of a workshop shows now.

The map asks for it every second, so that thirty companies see their cards land without any page
being drawn again: five screens redrawn each second kept the interpreter busy, and phones waiting.
The answer is built once per change for all screens; unchanged, it is a bare 304.
"""

import hashlib
from collections import OrderedDict
from importlib import import_module
from threading import Lock
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pages.ui import escape

PATH: Final = "/salle/{workshop}/carte.json"
_KEPT: Final = 8

_built: OrderedDict[tuple[str, str], tuple[Any, str, bytes]] = OrderedDict()
_lock = Lock()


def address(workshop_id: str, theme: str) -> str:
    """Give the address of a workshop's map."""
    return f"{PATH.format(workshop=workshop_id)}?theme={theme}"


def _answer(workshop_id: str, theme: str) -> tuple[str, bytes] | None:
    # Imported when a hall is first watched: the matching's libraries would slow every start.
    landing = import_module("pages.workshop_parts.landing")
    seen = landing.seen(workshop_id)
    if seen is None:
        return None
    with _lock:
        known = _built.pop((workshop_id, theme), None)
        if known is None or known[0] != seen.token:
            body = escape.script(seen.payload("dark" if theme == "dark" else "light")).encode()
            digest = hashlib.sha256(body).hexdigest()[:20]
            known = (seen.token, f'"{digest}"', body)
        _built[workshop_id, theme] = known
        while len(_built) > _KEPT:
            _built.popitem(last=False)
        return known[1], known[2]


async def carte(request: Request) -> Response:
    """Answer with the payload of ``pages/assets/landing.js``; 404 for an unknown workshop."""
    answer = await run_in_threadpool(
        _answer, request.path_params["workshop"], request.query_params.get("theme", "light")
    )
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if answer is None:
        return Response("{}", status_code=404, media_type="application/json", headers=headers)
    etag, body = answer
    headers["ETag"] = etag
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def routes() -> list[BaseRoute]:
    """Return the route of the halls' maps."""
    return [Route(PATH, carte, methods=["GET"])]
