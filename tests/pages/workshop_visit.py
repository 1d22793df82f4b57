"""Requests to the participants' routes without a server, and a workshop to send cards to."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from starlette.types import ASGIApp, Message

from data.model import Workshop
from data.store import Store
from data.workshops import opened
from tests.pages.asgi import Answer

CODE = "CDF347"
PHONE = "0123456789abcdef"


def open_doors(store: Store, **fields: Any) -> Workshop:
    """Put an open workshop in the store."""
    given = {"id": "atelier", "name": "Bois et palettes", "day": "2026-03-31", "code": CODE}
    workshop = opened(Workshop(**(given | fields)), (), datetime.now(UTC))
    with store.transaction(who="test", what="ouverture") as tx:
        return tx.put(workshop)


def card(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Make what a phone sends."""
    return {
        "id": f"{PHONE}-{number:016x}",
        "entreprise": "Atelier Neuf",
        "sens": "offre",
        "ressource": "palettes",
        "quantite": "1 200,5",
        "unite": "palettes",
        "periode": "month",
        "table": "3",
    } | fields


def send(
    app: ASGIApp,
    method: str,
    path: str,
    body: bytes | dict[str, Any] = b"",
    *,
    address: str = "10.0.0.1",
    **headers: str,
) -> Answer:
    """Send one request; a dictionary goes as JSON; header names are written with underscores."""
    if isinstance(body, dict):
        body = json.dumps(body).encode()
        headers.setdefault("content_type", "application/json")
    route, _, query = path.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": route,
        "raw_path": route.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
        "client": (address, 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Message] = []
    pieces = [body[i : i + 65_536] for i in range(0, len(body), 65_536)] or [b""]

    async def receive() -> Message:
        if not pieces:
            await asyncio.Event().wait()
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def answer(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, answer))
    start = next(m for m in sent if m["type"] == "http.response.start")
    found = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    content = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    return Answer(start["status"], found, content)
