"""Plain ASGI routes beside the pages: assets, background, health, halls, workshops, the letter."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from optimization.routing.warming import start_warming
from pages.routes import assets, background, hall, health, letter, workshop
from pages.ui.memory import set_aside
from pages.ui.session import snapshot

log = logging.getLogger(__name__)


def all_routes() -> list[BaseRoute]:
    """Return every route of ours; Streamlit's own come after them."""
    return [
        *health.routes(),
        *hall.routes(),
        *background.routes(),
        *assets.routes(),
        *workshop.routes(),
        *letter.routes(),
    ]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Open the store before the first visitor, so that the first page comes at once.

    A store that cannot be opened is reported by ``/health`` and by every page, in French; the
    server still starts, so that the message can be read.
    """
    try:
        await run_in_threadpool(snapshot)
    except Exception:
        log.exception("The store could not be opened at start")
    await run_in_threadpool(start_warming)
    set_aside()
    yield
