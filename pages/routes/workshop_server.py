"""A second listener for the phones of the hall: the participants' page and nothing else.

    python -m pages.routes.workshop_server

The application itself has no sign-in, so it listens on this machine only. This process opens the
workshop's routes to the local network, on the same database, while all the rest stays closed.
"""

import argparse
import contextlib
from collections.abc import AsyncIterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from data.settings import read_settings
from pages.routes import health, workshop
from pages.routes.workshop_address import SIGN, lan_address
from pages.ui.session import shared_store


async def _enter(_request: Request) -> Response:
    return RedirectResponse(workshop.ENTER, status_code=303)


async def _sign(_request: Request) -> Response:
    return Response(status_code=204)


@contextlib.asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    await run_in_threadpool(shared_store)
    yield


def phones_app() -> Starlette:
    """Return the application that phones see: no page of ours but the participants'."""
    return Starlette(
        routes=[
            Route("/", _enter),
            Route("/atelier", _enter),
            Route(SIGN, _sign),
            *health.routes(),
            *workshop.routes(),
        ],
        lifespan=_lifespan,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    port = read_settings().phone_port
    parser = argparse.ArgumentParser(description="Page des participants, pour les téléphones.")
    parser.add_argument("--address", default="0.0.0.0", help="adresse d’écoute")  # noqa: S104
    parser.add_argument("--port", type=int, default=port, help="port d’écoute")
    options = parser.parse_args(arguments)
    print(  # noqa: T201 – a command's own words
        f"Page des participants : http://{lan_address() or 'localhost'}:{options.port}/\n"
        "Le reste de l’application n’est pas ouvert. Ctrl+C pour arrêter."
    )
    uvicorn.run(
        phones_app(),
        host=options.address,
        port=options.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=500,
        h11_max_incomplete_event_size=32_768,
    )


if __name__ == "__main__":
    main()
