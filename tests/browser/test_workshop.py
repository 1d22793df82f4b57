"""A workshop in real browsers: phones send, the hall's screen shows, the facilitator decides."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data.model import Card, Side
from data.nomenclature import load_nomenclature
from data.store import open_store
from data.workshops import find_open, receive_card
from tests.browser.conftest import Server, Visitor, visit
from tests.browser.hall_steps import prepare_workshop

NAME = "Atelier du navigateur"
_BOX = "node => node.getBoundingClientRect().toJSON()"
_CENTRES = """nodes => nodes.map(node => {
  const box = node.getBoundingClientRect();
  return {x: box.x + box.width / 2, y: box.y + box.height / 2};
})"""


@pytest.fixture
def hall(visitor: Visitor) -> Page:
    """Give the facilitator's page of a workshop just prepared and opened."""
    prepare_workshop(visitor, NAME)
    return visitor.page


@pytest.fixture
def phone(chromium: Browser, server: Server) -> Iterator[Visitor]:
    """Give a participant's phone."""
    with visit(chromium, server.url, width=390, height=844) as person:
        yield person


@contextmanager
def crowd(server: Server, code: str, companies: int) -> Iterator[int]:
    """Write five cards a company, as the phones' route does; give how many."""
    store = open_store(f"sqlite:///{server.var_dir / 'cartoflux.db'}")
    try:
        workshop = find_open(store, code, datetime.now(UTC))
        for rank in range(5 * companies):
            receive_card(
                store,
                workshop,
                Card(
                    id=f"{rank:016x}-{rank:016x}",
                    workshop_id=workshop.id,
                    company=f"Entreprise de la foule {rank % companies}",
                    side=Side.OFFER if rank // companies % 2 else Side.NEED,
                    label=("palettes perdues", "cartons", "sciure")[rank % 3],
                    table=1 + rank % 6,
                ),
                datetime.now(UTC),
                nomenclature=load_nomenclature(),
            )
        yield 5 * companies
    finally:
        store.close()


def _code(page: Page) -> Locator:
    return page.locator(".cf-door-code")


def _send(phone: Visitor, code: str, company: str, side: str, what: str) -> None:
    page = phone.page
    page.goto(f"{phone.base}/atelier/{code}")
    change = page.get_by_role("button", name="Changer")
    if change.is_visible():
        change.click()
    page.get_by_label("Votre entreprise").fill(company)
    page.get_by_label(side).check()
    page.get_by_label(re.compile("^Quoi")).fill(what)
    page.get_by_role("button", name=re.compile("Envoyer")).click()
    expect(page.get_by_text("Fiche envoyée")).to_be_visible()


def test_card_reaches_the_hall(hall: Page, phone: Visitor) -> None:
    """A card acknowledged on a phone lands on the projected page without anyone touching it."""
    code = _code(hall).inner_text()
    hall.get_by_role("button", name="Projeter").click()
    expect(hall.get_by_role("button", name="Quitter la projection")).to_be_visible()
    _send(phone, code, "Menuiserie du Test", "J’offre", "palettes perdues")
    expect(hall.get_by_text("palettes perdues").first).to_be_visible()
    expect(hall.get_by_text("Menuiserie du Test").first).to_be_visible()
    frame = hall.frame_locator('iframe[title="streamlit_folium.st_folium"]')
    expect(frame.locator(".cf-landing").first).to_be_visible()


def test_ideas_from_the_keyboard(hall: Page, phone: Visitor) -> None:
    """Two cards that answer each other become an idea kept with one key, and its owner."""
    code = _code(hall).inner_text()
    _send(phone, code, "Caves du Test", "J’offre", "palettes perdues")
    _send(phone, code, "Ferme du Test", "Je cherche", "palettes")
    hall.get_by_text("Idées", exact=True).first.click()
    card = hall.locator(".st-key-workshop-decide")
    expect(card).to_contain_text("Caves du Test → Ferme du Test")
    hall.get_by_label("Qui prend la suite").fill("Camille")
    hall.get_by_label("Qui prend la suite").press("Enter")
    hall.get_by_label("Qui prend la suite").blur()
    hall.keyboard.press("g")
    expect(hall.get_by_text("Idées retenues (1)")).to_be_visible()
    expect(hall.get_by_label("Responsable")).to_have_value("Camille")
    hall.get_by_text("Fin de journée", exact=True).click()
    with hall.expect_download() as started:
        hall.get_by_role("button", name="Compte rendu (PDF)").click()
    assert started.value.path().read_bytes().startswith(b"%PDF")


def test_anonymous_hall(hall: Page, phone: Visitor, visitor: Visitor) -> None:
    """One switch hides the companies' names from the hall; nothing was asked of the internet."""
    code = _code(hall).inner_text()
    _send(phone, code, "Garage du Test", "J’offre", "huile usagée")
    expect(hall.get_by_text("Garage du Test").first).to_be_visible()
    hall.get_by_text("Sans le nom des entreprises").click()
    expect(hall.get_by_text("Entreprise 1").first).to_be_visible()
    expect(hall.get_by_text("Garage du Test")).to_have_count(0)
    assert visitor.outside + phone.outside == []
    assert visitor.errors + phone.errors == []


def test_a_crowded_hall_stays_readable(
    hall: Page, server: Server, chromium: Browser, visitor: Visitor
) -> None:
    """Two hundred cards on a small projector: no pin over another, no proposal cut in two."""
    code, address = _code(hall).inner_text(), hall.url.removeprefix(server.url)
    with (
        crowd(server, code, 40) as cards,
        visit(chromium, server.url, width=1280, height=720) as me,
    ):
        page = me.open(f"{address.partition('&')[0]}&presentation=1")
        expect(page.locator(".cf-hall-counts")).to_contain_text(f"{cards} fiches")
        frame = page.frame_locator('iframe[title="streamlit_folium.st_folium"]')
        pins = frame.locator(".leaflet-marker-pane .cf-landing:not(.cf-hall-pin)")
        expect(pins).to_have_count(80)
        places = [one["x"] + 1j * one["y"] for one in pins.evaluate_all(_CENTRES)]
        width = pins.first.evaluate("node => node.offsetWidth")
        nearest = min(abs(a - b) for rank, a in enumerate(places) for b in places[:rank])
        assert nearest > 0.9 * width
        shown = page.locator(".cf-proposed li")
        expect(shown.first).to_be_visible()
        panel = page.locator(".cf-proposed").evaluate(_BOX)
        for box in shown.evaluate_all("nodes => nodes.map(" + _BOX + ")"):
            beside = box["left"] >= panel["right"] - 1
            assert beside or box["bottom"] <= panel["bottom"] + 1
        assert panel["bottom"] <= 720
        assert me.errors == visitor.errors == []
