"""Flows for officials, studies for programme leads: what they do first, in Chromium, offline."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, Visitor, visit
from tests.browser.test_map_journeys import no_harm, the_map


def test_one_stream_in_the_address(chromium: Browser, server: Server) -> None:
    """Choosing wood changes map and totals, and a pasted link says the same."""
    with visit(chromium, server.url) as first:
        page = first.open("/flux")
        expect(the_map(page).locator("canvas").first).to_be_visible()
        expect(page.get_by_text("293 flux").first).to_be_visible()
        page.get_by_role("button", name="Bois", exact=True).click()
        expect(page.get_by_text("293 flux")).to_have_count(0)
        expect(page).to_have_url(re.compile("filiere="))
        total = page.get_by_text(re.compile(r"^\d+ flux")).first.inner_text()
        query = page.evaluate("location.search")
        with visit(chromium, server.url) as second:
            other = second.open(f"/flux{query}")
            expect(other.get_by_text(total).first).to_be_visible()
            no_harm(second)
        no_harm(first)


def test_levels_change_without_a_rerun(visitor: Visitor) -> None:
    """EPCI, communes, actors: the browser switches alone."""
    page = visitor.open("/flux")
    leaflet = the_map(page)
    expect(leaflet.locator("canvas").first).to_be_visible()
    page.evaluate(
        """() => {
            window.reruns = 0;
            const root = document.querySelector('[data-test-script-state]');
            new MutationObserver(() => {
                if (root.getAttribute('data-test-script-state') === 'running') window.reruns += 1;
            }).observe(root, {attributes: true});
        }"""
    )
    leaflet.get_by_role("button", name="Communes").click()
    leaflet.get_by_role("button", name="Acteurs").click()
    page.wait_for_timeout(1000)
    assert page.evaluate("window.reruns") == 0
    no_harm(visitor)


def test_less_motion_is_honoured(chromium: Browser, server: Server) -> None:
    """Someone who asked their system for less motion gets a still map."""
    with visit(chromium, server.url) as visitor:
        visitor.page.emulate_media(reduced_motion="reduce")
        page = visitor.open("/flux")
        animation = the_map(page).get_by_role("button", name="Animation")
        expect(animation).to_have_attribute("aria-pressed", "false")
        no_harm(visitor)


def test_a_study_survives_a_reload(chromium: Browser, server: Server) -> None:
    """A visit begun at a company is found again as a draft after the page is closed."""
    with visit(chromium, server.url) as lead:
        page = lead.open("/etudes")
        page.get_by_role("button", name="Nouvelle étude").click()
        page.get_by_role("combobox", name="Acteur").first.click()
        page.keyboard.type("Bistrot de la Halle")
        page.get_by_role("option", name="Bistrot de la Halle (exemple)").click()
        page.get_by_role("button", name="Continuer").click()
        expect(page.get_by_role("button", name="Enregistrer le brouillon")).to_be_visible()
        no_harm(lead)
    with visit(chromium, server.url) as again:
        page = again.open("/etudes")
        expect(page.get_by_text("Bistrot de la Halle (exemple)").first).to_be_visible()
        no_harm(again)
