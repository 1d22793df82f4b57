"""The participants' phone in a real browser: no card lost, none doubled, whatever happens."""

import contextlib
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from data.model import Photo, Workshop
from data.store import Store
from data.workshops import closed
from tests.browser.conftest import visit
from tests.load.hall import Hall, running

OFFER = "J’offre"
NEED = "Je cherche"
WAIT_MS = 45_000


@pytest.fixture(scope="module")
def hall(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Run a server that these tests may kill."""
    assert chromium
    with running(tmp_path_factory.mktemp("hall")) as server:
        yield server


@pytest.fixture
def workshop(hall: Hall) -> Workshop:
    """Open a workshop of its own for each test."""
    return hall.open_doors()


@contextlib.contextmanager
def phone(chromium: Browser, **options: Any) -> Iterator[BrowserContext]:
    """Open one participant's browser; the service worker is off unless asked for."""
    given: dict[str, Any] = {
        "viewport": {"width": 360, "height": 740},
        "locale": "fr-FR",
        "is_mobile": True,
        "has_touch": True,
        "service_workers": "block",
    }
    context = chromium.new_context(**(given | options))
    context.set_default_timeout(WAIT_MS)
    try:
        yield context
    finally:
        context.close()


def enter(context: BrowserContext, hall: Hall, workshop: Workshop) -> Page:
    """Open the page of the workshop."""
    page = context.new_page()
    page.goto(f"{hall.url}/atelier/{workshop.code}")
    return page


def write(page: Page, what: str, *, side: str = OFFER, company: str = "Atelier Neuf") -> None:
    """Fill in a card and send it."""
    if page.locator("#entreprise").is_visible():
        page.fill("#entreprise", company)
    page.get_by_label(side).check()
    page.fill("#ressource", what)
    page.get_by_role("button", name="Envoyer la fiche").click()


def states(page: Page) -> list[str]:
    """Read the state of each card in the list."""
    return page.locator(".item").evaluate_all("all => all.map(one => one.dataset.state)")


def received(page: Page, count: int) -> None:
    """Wait until the phone shows that everything arrived."""
    try:
        expect(page.locator(".item[data-state=received]")).to_have_count(count, timeout=WAIT_MS)
        expect(page.locator(".item[data-state=waiting]")).to_have_count(0)
    except AssertionError as error:
        error.add_note(f"The phone says: {page.locator('body').inner_text()}")
        raise


def labels(hall: Hall, workshop: Workshop) -> list[str]:
    """Read the labels in the store."""
    return sorted(card.label for card in hall.cards(workshop))


def test_a_card_takes_a_minute(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """Suggestions by touch, a card sent, the company and the table remembered for the next."""
    with phone(chromium) as context:
        page = enter(context, hall, workshop)
        page.fill("#entreprise", "trois rivets")
        page.locator("#entreprises button").first.click()
        page.fill("#table", "3")
        page.get_by_label(OFFER).check()
        page.fill("#ressource", "palette")
        page.locator("#ressources button", has_text="Palettes en bois").click()
        page.fill("#quantite", "40")
        page.get_by_role("button", name="Envoyer la fiche").click()
        assert states(page) == []  # the unit is missing: the phone says so before sending
        page.select_option("#unite", "palette")
        page.select_option("#periode", "month")
        page.get_by_role("button", name="Envoyer la fiche").click()
        expect(page.get_by_text("Fiche envoyée, encore une")).to_be_visible()
        received(page, 1)
        page.reload()
        expect(page.locator("#moi")).to_contain_text("Trois Rivets (exemple) · table 3")
        write(page, "un quai de chargement", side=NEED)
        received(page, 2)
    offer, need = sorted(hall.cards(workshop), key=lambda card: card.received_at)
    assert (offer.label, offer.quantity, offer.unit) == ("Palettes en bois", 40, "palette")
    assert offer.actor_id == need.actor_id == "exemple-chaudronnerie-des-trois-rivets"
    assert offer.resource_id == "pallet_wood"
    assert (offer.table, need.table, need.quantity) == (3, 3, None)


def test_the_wifi_drops(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """Cards written without network wait in sight, leave by themselves, and arrive once each."""
    with phone(chromium) as context:
        page = enter(context, hall, workshop)
        context.set_offline(True)
        write(page, "palettes")
        write(page, "cartons", side=NEED)
        expect(page.get_by_text("2 fiches en attente")).to_be_visible()
        expect(page.get_by_text("Pas de réseau pour l’instant.")).to_be_visible()
        assert hall.cards(workshop) == ()
        context.set_offline(False)
        received(page, 2)
        expect(page.get_by_text("Pas de réseau")).to_have_count(0)
    assert labels(hall, workshop) == ["cartons", "palettes"]


def test_the_connection_is_cut_while_sending(
    chromium: Browser, hall: Hall, workshop: Workshop
) -> None:
    """Requests that break before the server are sent again, with no network event to say when."""
    broken: list[str] = []

    def cut(route: Route) -> None:
        if len(broken) < 2:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    with phone(chromium) as context:
        page = enter(context, hall, workshop)
        page.route("**/fiches", cut)
        write(page, "palettes")
        received(page, 1)
    assert len(broken) == 2
    assert labels(hall, workshop) == ["palettes"]


def test_the_answer_is_lost(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """The server writes, its answer never arrives: the card is sent again and not doubled."""
    written: list[str] = []

    def lose(route: Route) -> None:
        answer = route.fetch()
        written.append(answer.text())
        if len(written) < 3:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    with phone(chromium) as context:
        page = enter(context, hall, workshop)
        page.route("**/fiches", lose)
        write(page, "palettes")
        received(page, 1)
    assert ['"nouvelle":true' in text for text in written] == [True, False, False]
    assert labels(hall, workshop) == ["palettes"]


def test_a_foreign_page_is_no_acknowledgement(
    chromium: Browser, hall: Hall, workshop: Workshop
) -> None:
    """A hotel's sign-in page that answers 200 in the server's place does not swallow a card."""
    answers: list[str] = []

    def hotel(route: Route) -> None:
        if not answers:
            answers.append("hotel")
            route.fulfill(status=200, content_type="text/html", body="<h1>Bienvenue</h1>")
        else:
            route.continue_()

    with phone(chromium) as context:
        page = enter(context, hall, workshop)
        page.route("**/fiches", hotel)
        write(page, "palettes")
        received(page, 1)
    assert labels(hall, workshop) == ["palettes"]


def test_the_phone_locks_while_sending(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """The tab is thrown away with a card in flight and another half typed: both are found."""
    with phone(chromium) as context:
        page = enter(context, hall, workshop)
        page.route("**/fiches", lambda _route: None)  # no answer, ever
        write(page, "palettes")
        expect(page.get_by_text("1 fiche en attente")).to_be_visible()
        page.get_by_label(NEED).check()
        page.fill("#ressource", "cartons propres")
        page.wait_for_function("() => Object.keys(localStorage).some(k => k.endsWith('brouillon'))")
        page.close()
        again = enter(context, hall, workshop)
        received(again, 1)
        expect(again.locator("#ressource")).to_have_value("cartons propres")
        expect(again.get_by_label(NEED)).to_be_checked()
        again.reload()
        received(again, 1)
        again.get_by_role("button", name="Envoyer la fiche").click()
        received(again, 2)
    assert labels(hall, workshop) == ["cartons propres", "palettes"]


def test_the_page_reopens_without_network(
    chromium: Browser, hall: Hall, workshop: Workshop
) -> None:
    """Where the browser allows a service worker, a reload without network still works."""
    with phone(chromium, service_workers="allow") as context:
        page = enter(context, hall, workshop)
        page.wait_for_function(
            "async () => (await caches.has('cf-atelier-1')) && navigator.serviceWorker.controller"
            " && Boolean(await (await caches.open('cf-atelier-1')).match(location.pathname))"
        )
        context.set_offline(True)
        write(page, "palettes")
        page.reload()
        expect(page.get_by_text("1 fiche en attente")).to_be_visible()
        write(page, "cartons")
        expect(page.get_by_text("2 fiches en attente")).to_be_visible()
        context.set_offline(False)
        received(page, 2)
    assert labels(hall, workshop) == ["cartons", "palettes"]


def test_the_server_is_killed(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """``kill -9``, cards written meanwhile, started again on the same database: all there, once."""
    with phone(chromium) as context:
        page = enter(context, hall, workshop)
        write(page, "avant")
        received(page, 1)
        hall.kill()
        write(page, "pendant 1")
        write(page, "pendant 2", side=NEED)
        expect(page.get_by_text("2 fiches en attente")).to_be_visible()
        hall.start()
        received(page, 3)
        write(page, "après")
        received(page, 4)
    assert labels(hall, workshop) == ["après", "avant", "pendant 1", "pendant 2"]


def test_two_tabs_of_one_phone(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """Both tabs hold the same waiting card: whichever sends it, it arrives once."""
    with phone(chromium) as context:
        context.set_offline(False)
        first = enter(context, hall, workshop)
        second = enter(context, hall, workshop)
        context.set_offline(True)
        write(first, "palettes")
        write(second, "cartons")
        expect(first.get_by_text("2 fiches en attente")).to_be_visible()
        context.set_offline(False)
        received(first, 2)
        received(second, 2)
    assert labels(hall, workshop) == ["cartons", "palettes"]


def test_the_workshop_closes_with_cards_on_the_way(
    chromium: Browser, hall: Hall, workshop: Workshop
) -> None:
    """A card kept on the phone stays in sight when the doors close, and leaves if they reopen."""
    with phone(chromium) as context, hall.store() as store:
        page = enter(context, hall, workshop)
        context.set_offline(True)
        write(page, "palettes")
        expect(page.get_by_text("1 fiche en attente")).to_be_visible()
        change(store, closed(workshop))
        context.set_offline(False)
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("est terminé")
        expect(page.get_by_text("1 fiche en attente")).to_be_visible()
        expect(page.get_by_label("Code de l’atelier")).to_have_value(workshop.code)
        change(store, workshop)
        page.reload()
        received(page, 1)
    assert labels(hall, workshop) == ["palettes"]


def change(store: Store, workshop: Workshop) -> None:
    """Write a state of the workshop over the current one."""
    with store.transaction(who="test", what="portes") as tx:
        revision = tx.get(Workshop, workshop.id).revision
        tx.put(closed(workshop).__class__(**fields(workshop) | {"revision": revision}))


def fields(workshop: Workshop) -> dict[str, Any]:
    """Give a workshop's values by name."""
    return {name: getattr(workshop, name) for name in Workshop.__dataclass_fields__}


def test_a_refused_card_is_corrected(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """The server's sentence is shown; « Corriger » brings the card back into the form."""
    with phone(chromium) as context:
        page = enter(context, hall, workshop)
        page.evaluate("() => { document.querySelector('#fiche').noValidate = true; }")
        page.fill("#entreprise", "Atelier Neuf")
        page.get_by_label(OFFER).check()
        page.fill("#ressource", "palettes")
        page.fill("#quantite", "beaucoup")
        page.get_by_role("button", name="Envoyer la fiche").click()
        expect(page.get_by_text("n’est pas un nombre")).to_be_visible()
        page.get_by_role("button", name="Corriger").click()
        expect(page.locator("#ressource")).to_have_value("palettes")
        page.fill("#quantite", "")
        page.get_by_role("button", name="Envoyer la fiche").click()
        received(page, 1)
    assert labels(hall, workshop) == ["palettes"]


def test_a_full_memory_is_said(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """A phone that can keep nothing says so while a card waits, and still sends it."""
    with phone(chromium) as context:
        context.add_init_script(
            "Storage.prototype.setItem = () => { throw new DOMException('full'); };"
        )
        page = enter(context, hall, workshop)
        context.set_offline(True)
        write(page, "palettes")
        expect(page.get_by_text("gardez cette page ouverte")).to_be_visible()
        context.set_offline(False)
        received(page, 1)
    assert labels(hall, workshop) == ["palettes"]


def test_without_script(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """A browser without JavaScript posts the form and is asked for another card."""
    with phone(chromium, java_script_enabled=False) as context:
        page = enter(context, hall, workshop)
        write(page, "palettes")
        expect(page.get_by_text("Fiche envoyée, encore une")).to_be_visible()
        expect(page.get_by_text("1 fiche reçue")).to_be_visible()
        expect(page.locator("#entreprise")).to_have_value("Atelier Neuf")
        write(page, "cartons", side=NEED)
        expect(page.get_by_text("2 fiches reçues")).to_be_visible()
    assert labels(hall, workshop) == ["cartons", "palettes"]


def noise(path: Path, width: int = 1800, height: int = 1200) -> Path:
    """Write a PNG that hardly compresses, as a photo taken in a dark hall."""
    draw = random.Random(7)  # noqa: S311

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + draw.randbytes(width * 3) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 0))
        + chunk(b"IEND", b"")
    )
    return path


def test_a_photo_is_made_small(
    chromium: Browser, hall: Hall, workshop: Workshop, tmp_path: Path
) -> None:
    """A picture of six megabytes leaves the phone as a JPEG of 120 kB at most."""
    with phone(chromium) as context:
        page = enter(context, hall, workshop)
        page.locator("summary").click()
        page.set_input_files("#image", noise(tmp_path / "photo.png"))
        expect(page.get_by_alt_text("Votre photo")).to_be_visible()
        write(page, "palettes")
        received(page, 1)
        kept = page.evaluate("() => JSON.stringify(localStorage).length")
    (card,) = hall.cards(workshop)
    with hall.store() as store:
        photo = store.get(Photo, card.photo_id or "")
    assert photo.media_type == "image/jpeg"
    assert 10_000 < len(photo.content) <= 120_000
    assert kept < 5_000  # once acknowledged, the phone does not keep it


def test_hostile_words_stay_words(chromium: Browser, hall: Hall, workshop: Workshop) -> None:
    """Markup in a card is shown as typed, before and after a reload; the policy is never broken."""
    hostile = "<img src=x onerror=alert(1)>'\"&</script>"
    said: list[str] = []
    with phone(chromium) as context:
        page = context.new_page()
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{hall.url}/atelier/{workshop.code}")
        write(page, hostile, company=hostile)
        received(page, 1)
        page.reload()
        expect(page.locator(".item")).to_contain_text(hostile)
        expect(page.locator("#moi")).to_contain_text(hostile)
    assert [line for line in said if "blocked by Playwright" not in line] == []
    assert labels(hall, workshop) == [hostile]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_thumb_on_a_small_phone(
    chromium: Browser, hall: Hall, workshop: Workshop, scheme: str
) -> None:
    """At 320 px nothing overflows and every control is at least 44 px high, day and night."""
    with phone(chromium, viewport={"width": 320, "height": 568}, color_scheme=scheme) as context:
        page = enter(context, hall, workshop)
        page.locator("summary").click()
        write(page, "x" * 60, company="Établissement " + "y" * 60)
        received(page, 1)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
        page.locator("summary").click()
        heights = page.evaluate(
            "() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea,"
            " button, summary')].filter(e => e.offsetParent).map(e => e.offsetHeight)"
        )
        assert len(heights) > 8
        assert min(heights) >= 44
        dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert (dark == "rgb(28, 28, 26)") == (scheme == "dark")


def test_the_facilitators_page_is_another(
    chromium: Browser, hall: Hall, workshop: Workshop
) -> None:
    """``/atelier`` is a page of the application; ``/atelier/CODE`` is the phone's, plain."""
    with visit(chromium, hall.url) as desk:
        page = desk.open("/atelier")
        expect(page).to_have_url(f"{hall.url}/atelier")
        page.goto(f"{hall.url}/atelier/{workshop.code}")
        assert page.get_by_test_id("stApp").count() == 0
        assert page.locator("link[rel=stylesheet], script[src]").count() == 0
        page.goto(f"{hall.url}/atelier/ZZZZZZ")
        page.get_by_label("Code de l’atelier").fill(f" {workshop.code.lower()} ")
        page.get_by_role("button", name="Entrer").click()
        expect(page.get_by_role("heading", name=workshop.name)).to_be_visible()
        assert desk.errors == []
