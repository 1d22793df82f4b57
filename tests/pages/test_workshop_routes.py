"""The participants' routes: weight, safety, one card once, French refusals, limits."""

import base64
import contextlib
import dataclasses
import json
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import streamlit as st
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette

from data.errors import InputError
from data.model import Attendance, Card, Period, Photo, Side, Visibility, Workshop
from data.settings import read_settings
from data.store import Store
from data.workshops import closed
from pages.routes import all_routes, workshop, workshop_address
from pages.routes.workshop_form import SECURITY, WORKER, closed_page, form_page
from pages.routes.workshop_intake import LABELS, read_json
from pages.routes.workshop_limits import CARDS_PHONE, WRONG_CODES_ADDRESS, Limits
from pages.routes.workshop_server import phones_app
from pages.ui.session import shared_store
from tests.pages.workshop_visit import CODE, PHONE, card, open_doors, send
from tests.store.samples import actor

HOME = f"/atelier/{CODE}"
JPEG = b"\xff\xd8\xff\xe0" + bytes(1000)


@pytest.fixture(autouse=True)
def _small_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the demonstration out, and start every test with full allowances."""
    monkeypatch.setenv("CARTOFLUX_DEMO", "0")
    monkeypatch.setattr(workshop, "_limits", Limits())


@pytest.fixture
def store() -> Store:
    """Return the store that the routes open."""
    return shared_store()


@pytest.fixture
def app(store: Store) -> Starlette:
    """Return the routes, with a workshop open."""
    open_doors(store)
    return Starlette(routes=all_routes())


def told(body: bytes) -> dict[str, Any]:
    """Read a JSON answer."""
    answer: dict[str, Any] = json.loads(body)
    return answer


def test_everything_weighs_under_60_kb(app: Starlette) -> None:
    """HTML, style, script and service worker together, uncompressed; nothing else is fetched."""
    page = send(app, "GET", HOME)
    assert page.status == 200
    assert len(page.body) + len(WORKER.encode()) < 60_000
    text = page.body.decode()
    assert not re.findall(r'(?:src|href)="(?!data:)', text)
    assert "url(" not in text
    assert "http://" not in text
    assert "https://" not in text


def test_policy_allows_only_our_two_texts(app: Starlette) -> None:
    """No inline style, handler or script but the two whose digests are in the header."""
    page = send(app, "GET", HOME)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    text = page.body.decode()
    assert text.count("<script") == text.count("<style") == 1
    outside = re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"\s(?:style|on\w+)=", outside)
    for name, value in SECURITY.items():
        assert page.headers[name.lower()] == value


def test_every_field_has_a_label() -> None:
    """A screen reader names each control."""
    page = form_page(Workshop(id="a", name="A", day="2026-03-31", code=CODE))
    for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' in control or 'type="radio"' in control or "aria-label" in control:
            continue
        found = re.search(r'\bid="([^"]+)"', control)
        assert found
        assert f'for="{found[1]}"' in page, control


def test_what_people_type_stays_text(app: Starlette) -> None:
    """Markup in the workshop's name, the address or a refused form is shown, never obeyed."""
    hostile = '"><img src=x onerror=alert(1)>'
    name = Workshop(id="a", name=hostile, place=hostile, day="2026-03-31", code=CODE)
    refused = form_page(name, values=dict.fromkeys(LABELS, hostile), fault=hostile)
    query = urlencode({"entreprise": hostile, "table": hostile, "telephone": hostile})
    for page in (
        refused,
        closed_page(hostile, hostile),
        send(app, "GET", f"{HOME}?{query}").body.decode(),
    ):
        assert "<img src=x" not in page
        assert "&lt;img" in page


def test_a_card_is_acknowledged_and_written_once(app: Starlette, store: Store) -> None:
    """The same sending three times: acknowledged each time, written once, in its full detail."""
    answers = [send(app, "POST", f"{HOME}/fiches", card()) for _ in range(3)]
    assert [answer.status for answer in answers] == [200] * 3
    assert [told(answer.body)["nouvelle"] for answer in answers] == [True, False, False]
    assert all(told(answer.body)["id"] == card()["id"] for answer in answers)
    (kept,) = store.list(Card)
    assert (kept.side, kept.label, kept.quantity) == (Side.OFFER, "palettes", 1200.5)
    assert (kept.unit, kept.period, kept.table) == ("palette", Period.MONTH, 3)
    assert kept.resource_id == "pallet_wood"
    assert [line.name for line in store.list(Attendance)] == ["Atelier Neuf"]


def test_a_photo_comes_with_its_card(app: Starlette, store: Store) -> None:
    """A small JPEG is kept beside the card."""
    url = "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()
    assert send(app, "POST", f"{HOME}/fiches", card(photo=url)).status == 200
    assert store.get(Photo, store.list(Card)[0].photo_id or "").content == JPEG


BASE64 = base64.b64encode


BAD: tuple[tuple[dict[str, Any], int], ...] = (
    ({"id": "short"}, 422),
    ({"entreprise": "  "}, 422),
    ({"entreprise": "x" * 301}, 422),
    ({"entreprise": 3}, 422),
    ({"ressource": ""}, 422),
    ({"ressource": "zéro\u0000"}, 422),
    ({"sens": "vol"}, 422),
    ({"quantite": "beaucoup"}, 422),
    ({"quantite": "-3"}, 422),
    ({"quantite": 1e400}, 422),
    ({"quantite": True}, 422),
    ({"quantite": "3", "unite": ""}, 422),
    ({"table": "douze"}, 422),
    ({"table": 1000}, 422),
    ({"periode": "siècle"}, 422),
    ({"precisions": "x" * 2001}, 422),
    ({"inconnu": "1"}, 422),
    ({"photo": "data:text/html;base64,AAAA"}, 422),
    ({"photo": "data:image/png;base64," + BASE64(JPEG).decode()}, 422),
    ({"photo": "data:image/jpeg;base64,é"}, 422),
    ({"photo": "data:image/jpeg;base64," + BASE64(JPEG * 400).decode()}, 422),
    ({"photo": "x" * 600_000}, 413),
)


def test_bad_cards_are_refused_in_french(app: Starlette, store: Store) -> None:
    """Each refusal is a French sentence, and nothing at all is written."""
    before = store.revision()
    for change, status in BAD:
        answer = send(app, "POST", f"{HOME}/fiches", card(**change))
        assert answer.status == status, change
        message = told(answer.body)["message"]
        assert message.endswith("."), change
        assert re.search(r"\b(le|la|l’|champ)\b", message, re.IGNORECASE), change
    assert store.revision() == before


def test_bodies_that_are_no_card(app: Starlette) -> None:
    """Rubbish is refused, not a server error."""
    for body in (b"", b"[]", b"{", b"\xff", b"null", b"[" * 5000):
        answer = send(app, "POST", f"{HOME}/fiches", body, content_type="application/json")
        assert answer.status == 422, body[:10]


_ANYTHING = some.recursive(
    some.none() | some.booleans() | some.floats() | some.integers() | some.text(max_size=40),
    lambda inner: some.lists(inner, max_size=3),
    max_leaves=4,
)


@given(
    some.dictionaries(some.sampled_from(sorted(LABELS)), _ANYTHING),
    some.sets(some.sampled_from(sorted(card()))),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_reading_never_fails_otherwise(odd: dict[str, Any], dropped: set[str]) -> None:
    """Whatever the fields hold, a card is read or an InputError says why: nothing else."""
    fields = {name: value for name, value in (card() | odd).items() if name not in dropped}
    with contextlib.suppress(InputError):
        sent = read_json(json.dumps(fields).encode())
        assert sent.card.company
        assert sent.card.label


def test_without_script_a_form_does(app: Starlette, store: Store) -> None:
    """Posted twice it is one card; corrected after « back », another; then « encore une ? »."""
    fields = {name: value for name, value in card().items() if name != "id"}
    fields |= {"telephone": PHONE, "numero": "f" * 32}

    def post(**change: str) -> Any:
        body = urlencode(fields | change).encode()
        kind = "application/x-www-form-urlencoded"
        return send(app, "POST", f"{HOME}/fiches", body, content_type=kind)

    answer = post()
    assert (answer.status, post().status) == (303, 303)
    assert store.count(Card) == 1
    post(ressource="cartons")
    assert store.count(Card) == 2
    page = send(app, "GET", answer.headers["location"]).body.decode()
    assert "Fiche envoyée, encore une" in page
    assert "2 fiches reçues" in page
    assert 'value="Atelier Neuf"' in page
    wrong = post(quantite="beaucoup")
    assert wrong.status == 422
    assert "beaucoup" in wrong.body.decode()
    assert 'value="palettes"' in wrong.body.decode()
    assert store.count(Card) == 2


def test_another_site_cannot_send(app: Starlette, store: Store) -> None:
    """A form posted from elsewhere is refused, and JSON in disguise too."""
    body = urlencode(card() | {"telephone": PHONE, "numero": "1"}).encode()
    form = "application/x-www-form-urlencoded"
    for headers in (
        {"sec_fetch_site": "cross-site"},
        {"origin": "https://ailleurs.exemple", "host": "atelier.exemple"},
    ):
        answer = send(app, "POST", f"{HOME}/fiches", body, content_type=form, **headers)
        assert answer.status == 422
    disguised = json.dumps(card()).encode()
    answer = send(app, "POST", f"{HOME}/fiches", disguised, content_type="text/plain")
    assert answer.status == 415
    assert "access-control-allow-origin" not in answer.headers
    assert store.count(Card) == 0


def test_codes_that_open_nothing(app: Starlette, store: Store) -> None:
    """Unknown, then closed: a French page with a field; a lost acknowledgement is still given."""
    unknown = send(app, "GET", "/atelier/CCCCCC")
    assert unknown.status == 404
    assert "aucun atelier" in unknown.body.decode()
    assert 'name="code"' in unknown.body.decode()
    send(app, "POST", f"{HOME}/fiches", card())
    with store.transaction(who="test", what="fin") as tx:
        tx.put(closed(tx.get(Workshop, "atelier")))
    assert send(app, "GET", HOME).status == 410
    assert told(send(app, "GET", f"{HOME}/etat").body)["ouvert"] is False
    assert told(send(app, "POST", f"{HOME}/fiches", card()).body) == {
        "recue": True,
        "nouvelle": False,
        "id": card()["id"],
    }
    assert send(app, "POST", f"{HOME}/fiches", card(2)).status == 410
    assert store.count(Card) == 1


def test_typing_the_code(app: Starlette) -> None:
    """The code typed leads to its page; ``/atelier/`` leads to the facilitator's ``/atelier``."""
    answer = send(app, "GET", "/atelier/rejoindre?code=cdf%20347")
    assert (answer.status, answer.headers["location"]) == (303, HOME)
    assert send(app, "GET", "/atelier/rejoindre?code=..%2F..").status == 200
    assert send(app, "GET", HOME.lower()).status == 200
    assert send(app, "GET", "/atelier/").headers["location"] == "/atelier"


def test_the_state_counts_my_cards(app: Starlette) -> None:
    """The phone learns that the workshop is open and how many of its cards are here."""
    for number in (1, 2):
        send(app, "POST", f"{HOME}/fiches", card(number))
    state = told(send(app, "GET", f"{HOME}/etat?telephone={PHONE}").body)
    assert state == {"ouvert": True, "atelier": "Bois et palettes", "recues": 2}
    assert told(send(app, "GET", f"{HOME}/etat?telephone={'9' * 16}").body)["recues"] == 0


def test_suggestions_are_public_names(app: Starlette, store: Store) -> None:
    """Companies by public name only, with their town; resources by any word."""
    with store.transaction(who="test", what="acteurs") as tx:
        tx.put(actor())
        tx.put(actor("secret", name="Chai caché", visibility=Visibility.NETWORK))
    found = told(send(app, "GET", f"{HOME}/entreprises?q=chai").body)["propositions"]
    assert [(one["id"], one["nom"], one["lieu"]) for one in found] == [
        ("chai", "Chai du Barail", "Bergerac")
    ]
    words = told(send(app, "GET", f"{HOME}/ressources?q=palette").body)["propositions"]
    assert words[0]["id"] == "pallet_wood"
    assert told(send(app, "GET", f"{HOME}/ressources?q=p").body)["propositions"] == []
    assert send(app, "GET", "/atelier/CCCCCC/entreprises?q=chai").status == 404


def test_a_hasty_phone_waits_alone(app: Starlette, store: Store) -> None:
    """Beyond its allowance a phone is told when to come back; its neighbours are not slowed."""
    most = int(CARDS_PHONE.burst)
    answers = [send(app, "POST", f"{HOME}/fiches", card(n)).status for n in range(most + 2)]
    assert answers.count(200) == most
    late = send(app, "POST", f"{HOME}/fiches", card(999))
    assert late.status == 429
    assert int(late.headers["retry-after"]) >= 1
    other = card(id=f"{'f' * 16}-{'0' * 16}")
    assert send(app, "POST", f"{HOME}/fiches", other).status == 200
    assert store.count(Card) == most + 1


def test_sixty_phones_behind_one_address_are_served(app: Starlette) -> None:
    """A hall that opens the page and sends two cards each at once is not held back."""
    for phone in range(60):
        assert send(app, "GET", HOME).status == 200
        for number in range(2):
            sent = card(id=f"{phone:016x}-{number:016x}")
            assert send(app, "POST", f"{HOME}/fiches", sent).status == 200


def test_codes_cannot_be_tried_for_long(app: Starlette) -> None:
    """After many wrong codes an address is refused, right code included; another is not."""
    for number in range(int(WRONG_CODES_ADDRESS.burst)):
        assert send(app, "GET", f"/atelier/C{number:05d}/etat").status == 404
    assert send(app, "GET", f"{HOME}/etat").status == 429
    assert send(app, "GET", f"{HOME}/etat", address="10.0.0.2").status == 200


def test_allowances_come_back_with_time() -> None:
    """A bucket refills at its own pace, up to its size, and asking in vain costs nothing."""
    now = [0.0]
    limits = Limits(lambda: now[0])
    for _ in range(int(CARDS_PHONE.burst)):
        assert limits.wait(CARDS_PHONE, "fiche", "a") == 0
    assert limits.wait(CARDS_PHONE, "fiche", "a") == pytest.approx(2)
    now[0] = 2.0
    assert limits.wait(CARDS_PHONE, "fiche", "a") == 0
    assert limits.empty(CARDS_PHONE, "fiche", "a") > 0
    now[0] = 1e6
    assert limits.empty(CARDS_PHONE, "fiche", "a") == 0


def test_routes_and_page_coexist() -> None:
    """Streamlit accepts the routes, and none of them answers ``/atelier`` itself."""
    st.App("pages/frame.py", routes=all_routes())
    assert not any(getattr(route, "path", "") == "/atelier" for route in all_routes())


@pytest.fixture
def listener(store: Store) -> Iterator[int]:
    """Run the phones' listener on a free port."""
    open_doors(store)
    server = uvicorn.Server(
        uvicorn.Config(phones_app(), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def test_listener_opens_the_page_and_nothing_else() -> None:
    """Phones get the participants' page; every other address of the application is absent."""
    app = phones_app()
    open_doors(shared_store())
    assert send(app, "GET", HOME).status == 200
    for path in ("/", "/atelier"):
        assert send(app, "GET", path).headers["location"] == workshop.ENTER
    for path in ("/donnees", "/_stcore/health", "/_stcore/stream", "/assets/cartoflux/x"):
        assert send(app, "GET", path).status == 404


def test_the_entrance_is_found(listener: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The public address wins; then the phones' listener; else one is told what to do."""
    monkeypatch.setattr(workshop_address, "lan_address", lambda: "192.168.1.20")
    workshop_address._seen.clear()
    here = dataclasses.replace(read_settings(), phone_port=listener)
    url = workshop_address.workshop_url(CODE, here)
    assert url == f"http://192.168.1.20:{listener}/atelier/{CODE}"
    public = dataclasses.replace(here, public_url="https://atelier.exemple.fr")
    assert workshop_address.workshop_url(CODE, public) == f"https://atelier.exemple.fr{HOME}"
    closed_in = dataclasses.replace(here, phone_port=1)
    alone = workshop_address.entrance(closed_in)
    assert not alone.reachable
    assert "workshop_server" in alone.advice
    monkeypatch.setattr(workshop_address, "lan_address", lambda: None)
    assert "réseau" in workshop_address.entrance(closed_in).advice


def test_the_machine_finds_its_own_address() -> None:
    """An address of the local network or none, never one that only this machine knows."""
    found = workshop_address.lan_address()
    assert found is None or not workshop_address.is_loopback(found)
    assert workshop_address.is_loopback("localhost")
    assert workshop_address.is_loopback("::1")
    assert not workshop_address.is_loopback("192.168.1.20")
