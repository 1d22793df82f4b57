"""The ten-step story of a palette offer, from a card in a hall to « réalisée »."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.conftest import WAIT_MS, Server, Visitor, run_server, visit
from tests.browser.hall_steps import prepare_workshop

WORKSHOP = "Atelier des palettes"
GIVER, TAKER = "Trois Rivets (exemple)", "Levain des Collines (exemple)"
OWNER = "Camille"
STEP = "Visiter le quai de chargement"
NOTE = "D’accord pour quarante palettes par mois."
CHAIN = ("À approfondir", "En discussion", "Sur le point de se concrétiser")
MAP = "iframe[title='streamlit_folium.st_folium']"


@pytest.fixture
def quiet_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server of its own: the story changes offers, synergies and the letter."""
    with run_server(tmp_path_factory.mktemp("story")) as server:
        yield server


@contextmanager
def telephone(chromium: Browser, base: str) -> Iterator[Visitor]:
    """Take a participant's phone, and check that it asked nothing of the outside."""
    with visit(chromium, base, width=390, height=844) as person:
        yield person
        unharmed(person)


def unharmed(visitor: Visitor) -> None:
    """Check that nothing broke in the page and nothing was asked from outside."""
    assert visitor.errors == []
    assert visitor.outside == []


def prepare(desk: Visitor) -> str:
    """1. The facilitator prepares a workshop, opens it, and reads its code to the room."""
    return prepare_workshop(desk, WORKSHOP)


def send(phone: Visitor, code: str, company: str, side: str) -> None:
    """2 and 3. A known company, chosen by touch, sends forty palettes a month or seeks them."""
    page = phone.page
    page.goto(f"{phone.base}/atelier/{code}")
    page.fill("#entreprise", company.removesuffix(" (exemple)").lower())
    page.locator("#entreprises button").first.click()
    page.get_by_label(side).check()
    page.fill("#ressource", "palette")
    page.locator("#ressources button", has_text="Palettes en bois").click()
    page.fill("#quantite", "40")
    page.select_option("#unite", "palette")
    page.select_option("#periode", "month")
    page.get_by_role("button", name="Envoyer la fiche").click()
    expect(page.get_by_text("Fiche envoyée")).to_be_visible()


def watch(desk: Visitor) -> None:
    """4. Both cards land on the projected map, and a proposal joins them."""
    page = desk.page
    page.get_by_role("button", name="Projeter").click()
    expect(page.get_by_role("button", name="Quitter la projection")).to_be_visible()
    frame = page.frame_locator(MAP)
    expect(frame.locator(".leaflet-marker-pane .cf-landing")).to_have_count(2)
    expect(page.get_by_text(re.compile("→")).first).to_be_visible()
    page.get_by_role("button", name="Quitter la projection").click()


def decide(desk: Visitor) -> str:
    """5. One key keeps the idea, for an owner; its title is the synergy's."""
    page = desk.page
    page.get_by_text("Idées", exact=True).first.click()
    card = page.locator(".st-key-workshop-decide")
    expect(card).to_contain_text("→")
    title = card.get_by_role("heading").inner_text()
    owner = page.get_by_label("Qui prend la suite")
    owner.fill(OWNER)
    owner.press("Enter")
    owner.blur()
    page.keyboard.press("g")
    expect(page.get_by_text("Idées retenues (1)")).to_be_visible()
    expect(page.get_by_label("Responsable")).to_have_value(OWNER)
    return title


def end_the_day(desk: Visitor) -> None:
    """6. The day's report is a PDF, and its cards go to the offers and needs."""
    page = desk.page
    page.get_by_text("Fin de journée", exact=True).click()
    with page.expect_download(timeout=WAIT_MS) as coming:
        page.get_by_role("button", name="Compte rendu (PDF)").click()
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name="Verser les fiches dans les offres et besoins").click()
    expect(page.get_by_text("2 fiches versées dans les offres et besoins").first).to_be_visible()


def _asked(box: Locator, words: str, answer: Locator) -> Locator:
    """Type in a list's box once it stands still: it slides into sight, and a scroll closes it."""
    for _ in range(5):
        box.click()
        box.fill(words)
        with suppress(PlaywrightTimeoutError):
            answer.wait_for(timeout=3_000)
            break
    return answer


def share(desk: Visitor) -> None:
    """7. The giver agrees to be in the month's letter: its offer is chosen, and shows there."""
    page = desk.open("/lettre")
    expect(page.get_by_text("Ou une seule édition, en copie cachée")).to_be_visible()
    desk.settle()
    page.get_by_text(re.compile("Noter l’accord d’un acteur")).click()
    chosen = page.get_by_role("combobox", name="L’annonce de cet acteur")
    offer = page.get_by_role("option", name=re.compile("Palettes en bois – .*Trois Rivets"))
    expect(_asked(chosen, "Palettes en bois – Chaudronnerie des Trois", offer)).to_be_visible()
    offer.click()
    desk.settle()
    page.get_by_role("button", name="Il est d’accord").click()
    expect(page.get_by_text(re.compile("Accord noté")).first).to_be_visible()
    desk.settle()
    expect(page.locator(".st-key-letter-mail")).to_contain_text("Trois Rivets")
    page.get_by_role("button", name="Enregistrer la lettre").click()
    expect(page.get_by_text("La lettre est enregistrée").first).to_be_visible()
    with page.expect_download(timeout=WAIT_MS) as coming:
        page.locator(".st-key-letter-get-txt button").click()
    text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    assert "Trois Rivets" in text
    assert "40 palettes" in text.replace("\u202f", " ").replace("\xa0", " ")


def follow(desk: Visitor, title: str) -> None:
    """8. The programme lead finds the synergy, says what comes next, and writes a note."""
    page = desk.open("/synergies?rubrique=Suivi&responsable=Camille")
    found = page.locator("[class*='st-key-synergies-tile-']")
    expect(found).to_have_count(1)
    found.get_by_role("button", name="Ouvrir").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_label("Quoi faire").fill(STEP)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("C’est noté").first).to_be_visible()
    page.get_by_label("Ce qui s’est dit ou fait").fill(NOTE)
    page.get_by_role("button", name="Ajouter la note").click()
    expect(page.get_by_text(NOTE).first).to_be_visible()


def move(desk: Visitor, status: str) -> None:
    """Change the status on the sheet, to the one that it proposes; wait until all is redrawn."""
    page = desk.page
    expect(page.get_by_role("combobox", name="Nouveau statut")).to_have_value(status)
    page.get_by_role("button", name="Changer le statut").click()
    expect(
        page.get_by_text(re.compile(f"est maintenant «.{status.lower()}.»")).first
    ).to_be_visible()
    desk.settle()


def advance(desk: Visitor) -> None:
    """9. The synergy goes through the chain; every change stays in its history."""
    for status in CHAIN:
        move(desk, status)
    desk.page.get_by_text("Historique de tous les changements").click()
    expect(desk.page.get_by_text("écritures, champ par champ")).to_be_visible()


def realise(desk: Visitor) -> None:
    """10. « Réalisée », with tonnes and euros: the reckoning and its hypotheses are in sight."""
    page = desk.page
    move(desk, "Réalisée")
    page.get_by_text("Compléter la fiche").click()
    page.get_by_label("Tonnes par an").fill("12")
    page.get_by_label("Distance (km)").fill("9")
    page.get_by_label(re.compile("^Gain de")).first.fill("1800")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.get_by_role("heading", name="Ce qu’elle apporte", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"12.t/an")).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"1.800.€/an")).first).to_be_visible()
    expect(page.get_by_text("CO₂e").first).to_be_visible()
    page.get_by_text("Comment c’est compté").click()
    expect(page.get_by_text(re.compile("hypothèse", re.IGNORECASE)).first).to_be_visible()
    desk.open("/synergies?rubrique=Carte&responsable=Camille")
    legend = page.frame_locator(MAP).locator("details", has_text="Réalisée (1)")
    expect(legend).to_be_visible()


def count(desk: Visitor) -> int:
    """The last page: the report of the year says how many synergies are realised."""
    page = desk.open("/bilan")
    figure = page.locator(".st-key-report-fact-realised strong")
    expect(figure).to_be_visible()
    return int(figure.inner_text())


def test_a_palette_offer_becomes_a_synergy(chromium: Browser, quiet_server: Server) -> None:
    """From two phones to the report of the year, in ten steps, with nothing asked of outside."""
    base = quiet_server.url
    with visit(chromium, base) as desk:
        before = count(desk)
        code = prepare(desk)
        for company, side in ((GIVER, "J’offre"), (TAKER, "Je cherche")):
            with telephone(chromium, base) as phone:
                send(phone, code, company, side)
        watch(desk)
        title = decide(desk)
        end_the_day(desk)
        share(desk)
        follow(desk, title)
        advance(desk)
        realise(desk)
        assert count(desk) == before + 1
        unharmed(desk)
