"""Streamlit's HTML shell says ``lang="en"``; ours speaks French, to screen readers first.

``french.js`` carries on in the browser, for the words that Streamlit writes there.
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.routes.assets import url
from pages.ui.palette import LIGHT
from pages.ui.wording import APP_NAME

_SKIP_LINK: Final = (
    '<a href="#contenu" class="lien-evitement">Aller au contenu</a>'
    "<style>.lien-evitement{position:fixed;left:-9999px;top:0;z-index:2000000;"
    f"padding:.75rem 1rem;background:{LIGHT.background};color:{LIGHT.text};"
    "font:1rem system-ui,sans-serif}.lien-evitement:focus{left:0}</style>"
)
_ICONS: Final = "".join(
    f'<link rel="stylesheet" href="{url("fontawesome", f"css/{name}.min.css")}">'
    for name in ("fontawesome", "solid")
)
_REPLACEMENTS: Final = tuple(
    (old.encode(), new.encode())
    for old, new in (
        ('<html lang="en">', '<html lang="fr">'),
        ("<title>Streamlit</title>", f"<title>{APP_NAME}</title>"),
        (
            "You need to enable JavaScript to run this app.",
            f"Activez JavaScript dans votre navigateur pour ouvrir {APP_NAME}.",
        ),
        ("</head>", f'{_ICONS}<script src="{url("cartoflux", "french.js")}"></script></head>'),
        ('<div id="root">', f'{_SKIP_LINK}<div id="root">'),
    )
)

_FRAMES: Final = ("/component/", "/_stcore/", "/atelier/")
"""Documents inside the page (the map's frame), where a second skip link would lead nowhere, and
the participants' page, which is ours from end to end."""


class FrenchShell:
    """ASGI middleware: rewrites the few English words of the HTML page and brings the icons."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a page request in French; let everything else through untouched."""
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or scope["path"].startswith(_FRAMES)
            or "text/html" not in Headers(scope=scope).get("accept", "")
        ):
            await self.app(scope, receive, send)
            return
        # An unchanged page would be answered by its English ETag, a compressed one as bytes.
        dropped = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
        headers = [(name, value) for name, value in scope["headers"] if name not in dropped]
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                if not _is_html(message):
                    await send(message)
                return
            if not _is_html(start):
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                page = bytes(body)
                for old, new in _REPLACEMENTS:
                    page = page.replace(old, new)
                answer = MutableHeaders(raw=list(start["headers"]))
                answer["content-length"] = str(len(page))
                for name in ("etag", "last-modified"):
                    if name in answer:
                        del answer[name]
                await send({**start, "headers": answer.raw})
                await send({"type": "http.response.body", "body": page})

        await self.app({**scope, "headers": headers}, receive, collect)


def _is_html(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")
