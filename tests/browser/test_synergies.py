"""Journeys of the programme lead: status with its reason, undo, keyboard, phone, projector."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, Visitor, visit

DISCUSSED = "/synergies?rubrique=Suivi&synergie=demo-synergie-fumier-maraichage"
SECTIONS = ("", "Offres et besoins", "Propositions", "Suivi", "Carte", "Avancement")


def test_abandoning_asks_why_and_can_be_undone(visitor: Visitor) -> None:
    """Without a reason: refused in French. With one: written, told, and taken back in one click."""
    page = visitor.open(DISCUSSED)
    page.get_by_role("combobox", name="Nouveau statut").click()
    page.get_by_role("option", name="Abandonnée").click()
    page.get_by_role("button", name="Changer le statut").click()
    expect(page.get_by_text("le motif est obligatoire").first).to_be_visible()
    reason = page.get_by_role("textbox", name=re.compile("^Motif"))
    reason.fill("Le fumier part ailleurs")
    page.get_by_role("combobox", name="Nouveau statut").click()
    page.get_by_role("option", name="Abandonnée").click()
    page.get_by_role("button", name="Changer le statut").click()
    expect(page.get_by_text("est maintenant « abandonnée »").first).to_be_visible()
    expect(
        page.get_by_test_id("stAlert").filter(has_text="Le fumier part ailleurs")
    ).to_be_visible()
    page.get_by_role("button", name="Annuler cette action").click()
    expect(page.get_by_text("C’est annulé").first).to_be_visible()
    expect(page.get_by_text("En discussion").first).to_be_visible()
    expect(page.get_by_test_id("stAlert").filter(has_text="Le fumier part ailleurs")).to_have_count(
        0
    )
    assert not visitor.errors
    assert not visitor.outside


def test_the_board_is_worked_from_the_keyboard(visitor: Visitor) -> None:
    """Tab reaches the button that pushes, Enter pushes, Enter on « Annuler » takes it back."""
    page = visitor.open("/synergies?rubrique=Suivi&mots=groupes+froids")
    tile = page.locator("[class*='st-key-synergies-tile-']").filter(
        has_text="pour chauffer un atelier"
    )
    expect(tile).to_have_count(1)
    tile.get_by_role("button", name="Ouvrir").focus()
    page.keyboard.press("Tab")
    expect(tile.get_by_role("button", name="À approfondir")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("est maintenant « à approfondir »").first).to_be_visible()
    expect(tile.get_by_role("button", name="En discussion")).to_be_visible()
    undo = page.get_by_role("button", name="Annuler cette action")
    undo.focus()
    page.keyboard.press("Enter")
    expect(tile.get_by_role("button", name="À approfondir")).to_be_visible()
    assert not visitor.errors


def test_a_pair_followed_goes_to_the_board(visitor: Visitor) -> None:
    """« Suivre » marks the pair; its score unfolds as a sum; undo frees it again."""
    page = visitor.open("/synergies?rubrique=Propositions")
    first = page.locator("[class*='st-key-synergies-pair-']").first
    first.get_by_role("button", name="Pourquoi ce score").click()
    expect(page.get_by_text("Somme des points")).to_be_visible()
    page.keyboard.press("Escape")
    follow = page.get_by_role("button", name="Suivre", exact=True)
    before = follow.count()
    follow.first.click()
    expect(page.get_by_text("est suivie").first).to_be_visible()
    expect(follow).to_have_count(before - 1)
    page.get_by_role("button", name="Annuler cette action").click()
    expect(follow).to_have_count(before)
    assert not visitor.errors


def test_a_pooling_opens_its_round(visitor: Visitor) -> None:
    """From the follow-up to the rounds page, with the actors and the resource filled in."""
    page = visitor.open("/synergies?rubrique=Suivi&synergie=demo-synergie-tournee-biodechets")
    page.get_by_role("link", name="Préparer la tournée (4 points)").click()
    expect(page).to_have_url(re.compile("/tournees"))
    expect(page.get_by_text("4 acteurs à collecter ensemble")).to_be_visible()
    assert not visitor.errors


def test_words_find_the_entry_as_they_are_typed(visitor: Visitor) -> None:
    """« NaOH » proposes soda lye before anything is saved."""
    page = visitor.open("/synergies?rubrique=Offres+et+besoins")
    page.get_by_role("button", name="Nouveau besoin").click()
    page.get_by_role("textbox", name=re.compile("Avec les mots")).fill("NaOH")
    expect(page.get_by_role("radio", name=re.compile("[Ss]oude"))).to_be_checked()
    page.get_by_role("textbox", name=re.compile("Avec les mots")).fill("caisses bois")
    expect(page.get_by_role("radio", name=re.compile("en bois")).first).to_be_checked()
    page.get_by_role("button", name="Retour à la liste").click()
    expect(page.get_by_role("button", name="Nouveau besoin")).to_be_visible()


def test_links_are_drawn_with_a_legend(visitor: Visitor) -> None:
    """The map draws a dash and a name for every status there is, and a table says the same."""
    page = visitor.open("/synergies?rubrique=Carte")
    frame = page.frame_locator("iframe[title='streamlit_folium.st_folium']")
    legend = frame.locator("details", has_text="Réalisée (")
    expect(legend).to_contain_text("À approfondir (")
    paths = frame.locator("path.leaflet-interactive")
    expect(paths.first).to_be_attached()
    dashes = {path.get_attribute("stroke-dasharray") for path in paths.all()}
    assert len(dashes) >= 4
    expect(page.get_by_role("heading", name="Les mêmes synergies en tableau")).to_be_visible()
    assert not visitor.outside
    assert not visitor.errors


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_fits_a_phone(chromium: Browser, server: Server, section: str) -> None:
    """At 390 pixels nothing sticks out sideways, and board tiles take the whole width."""
    with visit(chromium, server.url, width=390, height=844) as person:
        page = person.open(f"/synergies?rubrique={section}" if section else "/synergies")
        wide = page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]');"
            " return m.scrollWidth - m.clientWidth; }"
        )
        assert wide <= 1
        if section == "Suivi":
            box = page.locator("[class*='st-key-synergies-tile-']").first.bounding_box()
            assert box is not None
            assert box["width"] > 300
        assert not person.errors


def test_the_projector_shows_no_button_to_press_by_mistake(
    chromium: Browser, server: Server
) -> None:
    """Full screen: no navigation, no writing; one way out."""
    with visit(chromium, server.url, width=1920, height=1080) as person:
        page = person.open("/synergies?rubrique=Suivi&presentation=1")
        expect(page.locator(".st-key-synergies-projected")).to_be_visible()
        expect(page.get_by_role("button", name="Ouvrir")).to_have_count(0)
        expect(page.get_by_role("link", name="Tournées")).to_have_count(0)
        page.get_by_role("button", name="Quitter la présentation").click()
        expect(page.get_by_role("button", name="Ouvrir").first).to_be_visible()
        assert not person.errors
