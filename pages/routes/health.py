"""``GET /health``: is the application up, and does its store answer?"""

import logging
import tomllib
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from data.settings import ROOT
from pages.ui.session import shared_store

log = logging.getLogger(__name__)


# An application run from a clone, not an installed package: the version is written there.
VERSION: Final[str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]["version"]


async def health(_request: Request) -> JSONResponse:
    """Answer 200 with the store's revision, or 503 when the store does not answer."""
    try:
        revision = await run_in_threadpool(lambda: shared_store().revision())
    except Exception:
        log.exception("The store does not answer")
        return JSONResponse(
            {"status": "error", "store": False, "version": VERSION}, status_code=503
        )
    return JSONResponse(
        {"status": "ok", "store": True, "revision": revision, "version": VERSION},
        headers={"Cache-Control": "no-store"},
    )


def routes() -> list[BaseRoute]:
    """Return the health route."""
    return [Route("/health", health, methods=["GET"])]
