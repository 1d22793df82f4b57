"""``/lettre/desinscription/TOKEN``: leave the letter in one press, without an account.

A GET only shows a button: mail programs open links by themselves to check them. The POST writes,
and says the same thing whether it had been done already. Nothing of the reader is shown: whoever
holds the link learns no address from it. ``List-Unsubscribe=One-Click`` posts here as well.
"""

import logging
from dataclasses import replace
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from data.errors import CartofluxError
from data.french import tidy
from data.model import Subscriber
from pages.documents.letter_edition import UNSUBSCRIBE
from pages.ui import localtime
from pages.ui.escape import html
from pages.ui.palette import LIGHT
from pages.ui.session import shared_store

log = logging.getLogger(__name__)

_SHORTEST_TOKEN: Final = 8
_LONGEST_TOKEN: Final = 120
_SECURITY: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[BaseRoute]:
    """Return the route to leave the letter."""
    return [Route(f"{UNSUBSCRIBE}{{token}}", _leave, methods=["GET", "POST"])]


async def _leave(request: Request) -> HTMLResponse:
    token = request.path_params["token"]
    try:
        reader = await run_in_threadpool(_find, token)
        if reader is None:
            return _page(
                "Ce lien n’est plus valable",
                "Répondez à la lettre en écrivant « désinscription » : nous nous en occupons.",
                status=404,
            )
        if request.method == "POST":
            await run_in_threadpool(_write, reader)
            return _page(
                "C’est fait",
                "Vous ne recevrez plus la lettre des ressources à partager, et votre adresse n’est "
                "plus utilisée. Pour revenir, écrivez à l’équipe du programme.",
            )
    except CartofluxError:
        log.exception("Nobody could be unsubscribed")
        return _page(
            "Un instant",
            "Votre demande n’a pas pu être notée. Réessayez, ou répondez à la lettre en écrivant "
            "« désinscription ».",
            status=503,
        )
    if reader.unsubscribed_day:
        return _page("C’est déjà fait", "Cette adresse ne reçoit plus la lettre.")
    return _page(
        "Ne plus recevoir la lettre ?",
        "La lettre des ressources à partager ne vous sera plus envoyée.",
        button="Me désinscrire",
    )


def _find(token: str) -> Subscriber | None:
    if not _SHORTEST_TOKEN <= len(token) <= _LONGEST_TOKEN:
        return None
    found = shared_store().list(Subscriber, token=token)
    return found[0] if len(found) == 1 else None


def _write(reader: Subscriber) -> None:
    if reader.unsubscribed_day:
        return
    today = localtime.today()
    with shared_store().transaction(who="lien de la lettre", what="Désinscription") as tx:
        fresh = tx.get(Subscriber, reader.id)
        if not fresh.unsubscribed_day:
            tx.put(replace(fresh, unsubscribed_day=today.isoformat()))


def _page(title: str, words: str, *, button: str = "", status: int = 200) -> HTMLResponse:
    form = (
        f'<form method="post"><button type="submit">{html(button)}</button></form>'
        if button
        else ""
    )
    style = (
        f"body{{font:1.05rem/1.5 system-ui,sans-serif;background:{LIGHT.background};"
        f"color:{LIGHT.text};max-width:34rem;margin:12vh auto;padding:0 1.2rem}}"
        f"button{{font:inherit;font-weight:600;padding:.8rem 1.4rem;border:0;border-radius:.5rem;"
        f"background:{LIGHT.primary};color:{LIGHT.on_primary}}}"
        f"button:focus-visible{{outline:3px solid {LIGHT.selected};outline-offset:2px}}"
    )
    return HTMLResponse(
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html(tidy(title))} – Cartoflux</title><style>{style}</style></head><body><main>"
        f"<h1>{html(tidy(title))}</h1><p>{html(tidy(words))}</p>{form}</main></body></html>",
        status_code=status,
        headers=_SECURITY,
    )
