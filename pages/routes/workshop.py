"""The participants' routes: ``/atelier/CODE`` and what its page asks for.

No session, no cookie, no account: the code is the only key, and it only lets one add a card.
Forged requests from another site (CSRF) could therefore do no more than their author with the
code in hand; they are refused all the same: a card as JSON needs a content type that browsers
only send elsewhere after asking, which no answer here allows, and a posted form must come from
this site by ``Sec-Fetch-Site`` or ``Origin``.

Cards are written one at a time by one thread of our own: the event loop never waits for the
database, and writers never wait for one another inside SQLite, where waiting is by naps.
"""

import asyncio
import logging
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from data.errors import CartofluxError, InputError
from data.french import NNBSP
from data.model import Card, Workshop
from data.store import Store
from data.workshops import (
    CARD_ID,
    ClosedDoorError,
    Door,
    cards_from,
    find_open,
    phone_of,
    read_code,
    receive_card,
)
from pages.routes import workshop_limits as limits
from pages.routes.workshop_form import SECURITY, WORKER, closed_page, form_page
from pages.routes.workshop_intake import LARGEST_BODY, Sent, read_fields, read_form, read_json
from pages.routes.workshop_known import known
from pages.ui.session import shared_store

log = logging.getLogger(__name__)
T = TypeVar("T")

ENTER: Final = "/atelier/rejoindre"
_LONGEST_QUERY: Final = 100
_SHORTEST_QUERY: Final = 2
_MOST_WAITING: Final = 400
"""Cards in the queue; beyond, phones are asked to come back: they keep their cards."""
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_STATUS: Final = {Door.UNKNOWN: 404, Door.EARLY: 425, Door.EXPIRED: 410, Door.CLOSED: 410}
_BUSY: Final = f"Beaucoup de monde en même temps{NNBSP}: réessayez dans un instant."

_limits = limits.Limits()
_writing = ThreadPoolExecutor(1, "atelier-write")
_reading = ThreadPoolExecutor(4, "atelier-read")
_waiting = 0


class BusyError(CartofluxError):
    """Too much at once; ``after_s`` says when to come back."""

    def __init__(self, after_s: float) -> None:
        super().__init__(_BUSY)
        self.after_s = after_s


class TooLargeError(InputError):
    """More bytes than any card needs."""


def routes() -> list[BaseRoute]:
    """Return the participants' routes; the fixed addresses come before the codes."""
    return [
        Route("/atelier/", _without_slash, methods=["GET"]),
        Route(ENTER, _enter, methods=["GET"]),
        Route("/atelier/hors-ligne.js", _worker, methods=["GET"]),
        Route("/atelier/{code}", _page, methods=["GET"]),
        Route("/atelier/{code}/fiches", _receive, methods=["POST"]),
        Route("/atelier/{code}/entreprises", _companies, methods=["GET"]),
        Route("/atelier/{code}/ressources", _resources, methods=["GET"]),
        Route("/atelier/{code}/etat", _state, methods=["GET"]),
    ]


async def _without_slash(_request: Request) -> Response:
    """Lead to the facilitator's page, which is ``/atelier``; phones have a code to type."""
    return RedirectResponse("/atelier", status_code=308)


async def _enter(request: Request) -> Response:
    code = read_code(request.query_params.get("code", "")[:_LONGEST_QUERY])
    if code.isalnum() and code.isascii():
        return RedirectResponse(f"/atelier/{code}", status_code=303, headers=SECURITY)
    return _html(closed_page(""))


async def _worker(_request: Request) -> Response:
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(WORKER, media_type="text/javascript", headers=headers)


async def _page(request: Request) -> Response:
    query = request.query_params
    phone = _phone(query.get("telephone", ""))
    values = {name: query.get(name, "")[:300] for name in ("entreprise", "table", "role")}
    try:
        _take(limits.PAGES_ADDRESS, "page", request)
        workshop = await _door(request)
        received = None
        if phone:
            received = len(await _read(lambda s: cards_from(s, workshop.id, phone)))
    except CartofluxError as refusal:
        return _refused_page(refusal, request)
    except Exception:
        log.exception("The page could not be made")
        return _html(closed_page(_BROKEN, _code(request)), 503)
    just_sent = query.get("recue") == "1"
    return _html(
        form_page(workshop, values=values, phone=phone, received=received, just_sent=just_sent)
    )


_BROKEN: Final = (
    "L’application ne répond pas bien en ce moment. Vos fiches restent sur votre téléphone. "
    "Réessayez dans un instant."
)


async def _receive(request: Request) -> Response:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _FORM:
        return await _receive_form(request)
    if kind != _JSON:
        return _json({"recue": False, "message": "Le format de l’envoi est inconnu."}, 415)
    try:
        _take(limits.CARDS_ADDRESS, "fiche", request)
        sent = read_json(await _body(request))
        _take(limits.CARDS_PHONE, "fiche", request, phone_of(sent.card.id))
        new = await _keep(request, sent)
    except ClientDisconnect:
        raise
    except Exception as refusal:  # noqa: BLE001 – the one place where a phone is answered
        return _refused_json(refusal)
    return _json({"recue": True, "nouvelle": new, "id": sent.card.id})


async def _receive_form(request: Request) -> Response:
    fields: dict[str, str] = {}
    phone = ""
    try:
        _refuse_foreign(request)
        _take(limits.CARDS_ADDRESS, "fiche", request)
        fields, phone = read_form(await _body(request))
        _take(limits.CARDS_PHONE, "fiche", request, phone)
        await _keep(request, read_fields(fields))
    except ClosedDoorError as refusal:
        return _refused_page(refusal, request)
    except CartofluxError as refusal:
        return await _form_again(request, refusal, fields, phone)
    except ClientDisconnect:
        raise
    except Exception:
        log.exception("A posted card could not be written")
        return await _form_again(request, CartofluxError(_BROKEN), fields, phone)
    again = {name: fields[name] for name in ("entreprise", "table", "role")}
    query = urlencode({"recue": "1", "telephone": phone, **again})
    return RedirectResponse(f"/atelier/{_code(request)}?{query}", status_code=303, headers=SECURITY)


async def _form_again(
    request: Request, refusal: CartofluxError, fields: dict[str, str], phone: str
) -> Response:
    """Show the form with what was typed and what is wrong with it."""
    try:
        workshop = await _door(request)
    except CartofluxError as closed:
        return _refused_page(closed, request)
    field = refusal.field if isinstance(refusal, InputError) else ""
    page = form_page(
        workshop, values=fields, phone=_phone(phone), fault=str(refusal), fault_field=field
    )
    return _html(page, _status(refusal))


async def _companies(request: Request) -> Response:
    def find(store: Store, text: str) -> list[dict[str, str]]:
        names = known(store)
        return [
            {
                "id": actor.id,
                "nom": actor.name,
                "lieu": names.commune_names.get(actor.commune_code, ""),
            }
            for actor in names.companies.suggest(text)
        ]

    return await _suggest(request, find)


async def _resources(request: Request) -> Response:
    def find(store: Store, text: str) -> list[dict[str, str]]:
        found = known(store).nomenclature.search(text, limit=6)
        return [{"id": resource.id, "nom": resource.name} for resource in found]

    return await _suggest(request, find)


async def _suggest(
    request: Request, find: Callable[[Store, str], list[dict[str, str]]]
) -> Response:
    text = request.query_params.get("q", "")[:_LONGEST_QUERY].strip()
    phone = _phone(request.query_params.get("telephone", ""))
    try:
        _take(limits.SEARCH_ADDRESS, "recherche", request)
        if phone:
            _take(limits.SEARCH_PHONE, "recherche", request, phone)
        await _door(request)
        found = await _read(lambda s: find(s, text)) if len(text) >= _SHORTEST_QUERY else []
    except Exception as refusal:  # noqa: BLE001 – the one place where a phone is answered
        return _refused_json(refusal)
    return _json({"propositions": found})


async def _state(request: Request) -> Response:
    phone = _phone(request.query_params.get("telephone", ""))
    try:
        _take(limits.PAGES_ADDRESS, "page", request)
        workshop = await _door(request)
        received = await _read(lambda s: len(cards_from(s, workshop.id, phone)))
    except ClosedDoorError as refusal:
        return _json(
            {"ouvert": False, "message": str(refusal), "motif": refusal.why.value},
            404 if refusal.why is Door.UNKNOWN else 200,
        )
    except Exception as refusal:  # noqa: BLE001 – the one place where a phone is answered
        return _refused_json(refusal)
    return _json({"ouvert": True, "atelier": workshop.name, "recues": received})


async def _keep(request: Request, sent: Sent) -> bool:
    """Write a card once; True when it was not there before."""
    global _waiting  # noqa: PLW0603 – only the event loop touches it
    now = datetime.now(UTC)
    try:
        workshop = await _door(request)
    except ClosedDoorError:
        if await _read(lambda s: _is_kept(s, sent.card.id, _code(request))):
            return False  # it had arrived before the doors closed; only the answer was lost
        raise
    if _waiting >= _MOST_WAITING:
        raise BusyError(5)
    _waiting += 1
    try:
        receipt = await asyncio.get_running_loop().run_in_executor(
            _writing, _write, workshop, sent, now
        )
    finally:
        _waiting -= 1
    return receipt


def _write(workshop: Workshop, sent: Sent, now: datetime) -> bool:
    store = shared_store()
    names = known(store)
    return receive_card(
        store,
        workshop,
        sent.card,
        now,
        photo=sent.photo,
        companies=names.companies,
        nomenclature=names.nomenclature,
    ).new


def _is_kept(store: Store, card_id: str, code: str) -> bool:
    card = store.find(Card, card_id)
    workshop = store.find(Workshop, card.workshop_id) if card else None
    return workshop is not None and workshop.code == code


async def _door(request: Request) -> Workshop:
    """Give the workshop of the address's code; wrong codes are counted against the address."""
    wait = _limits.empty(limits.WRONG_CODES_ADDRESS, "code", _address(request))
    if wait:
        raise BusyError(wait)
    code = _code(request)
    try:
        return await _read(lambda s: find_open(s, code, datetime.now(UTC)))
    except ClosedDoorError as refusal:
        if refusal.why is Door.UNKNOWN:
            _limits.wait(limits.WRONG_CODES_ADDRESS, "code", _address(request))
        raise


async def _read(action: Callable[[Store], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(
        _reading, lambda: action(shared_store())
    )


async def _body(request: Request) -> bytes:
    """Read the body, no further than the largest card."""
    body = bytearray()
    async for piece in request.stream():
        body.extend(piece)
        if len(body) > LARGEST_BODY:
            raise TooLargeError("La fiche est trop lourde. Reprenez la photo, ou retirez-la.")
    return bytes(body)


def _refuse_foreign(request: Request) -> None:
    """Refuse a form posted from another site.

    Raises:
        InputError: the browser says that it comes from elsewhere.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in {"same-origin", "none"} if site else False
    if not site and origin:
        foreign = urlsplit(origin).netloc != request.headers.get("host", "")
    if foreign:
        raise InputError("Cet envoi vient d’un autre site. Ouvrez la page de l’atelier.")


def _take(allowance: limits.Allowance, what: str, request: Request, phone: str = "") -> None:
    wait = _limits.wait(allowance, what, phone or _address(request))
    if wait:
        raise BusyError(wait)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _code(request: Request) -> str:
    code = read_code(str(request.path_params.get("code", ""))[:_LONGEST_QUERY])
    return code if code.isascii() and code.isalnum() else ""


def _phone(text: str) -> str:
    return text if CARD_ID.fullmatch(f"{text}-{'0' * 16}") else ""


def _status(refusal: Exception) -> int:
    if isinstance(refusal, BusyError):
        return 429
    if isinstance(refusal, ClosedDoorError):
        return _STATUS[refusal.why]
    if isinstance(refusal, TooLargeError):
        return 413
    return 422 if isinstance(refusal, InputError) else 503


def _after(refusal: Exception) -> dict[str, str]:
    if isinstance(refusal, BusyError):
        return {"Retry-After": str(math.ceil(refusal.after_s))}
    return {}


def _refused_json(refusal: Exception) -> Response:
    if not isinstance(refusal, CartofluxError):
        log.error("A phone's request failed", exc_info=refusal)
    message = str(refusal) if isinstance(refusal, CartofluxError) else _BROKEN
    field = refusal.field if isinstance(refusal, InputError) else ""
    answer = {"recue": False, "message": message, "champ": field}
    return _json(answer, _status(refusal), _after(refusal))


def _refused_page(refusal: CartofluxError, request: Request) -> Response:
    page = closed_page(str(refusal), _code(request))
    return _html(page, _status(refusal), _after(refusal))


def _json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(
        content, status, headers={**SECURITY, "Cache-Control": "no-store", **(headers or {})}
    )


def _html(page: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    # « no-cache » and not « no-store »: a phone that reopens a sleeping tab may use its copy.
    return HTMLResponse(
        page, status, headers={**SECURITY, "Cache-Control": "private, no-cache", **(headers or {})}
    )
