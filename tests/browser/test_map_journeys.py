"""Officials: open, filter, click, share, download; on a desk, a phone and a projector, offline."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import geopandas as gpd
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import Server, Visitor, visit

PAGES = {
    "/": "Qui est là",
    "/tournees": "Quelles tournées communes",
    "/flux": "D’où viennent les matières",
    "/etudes": "Que nous ont dit",
    "/donnees": "Que savons-nous",
    "/a-propos": "d’où viennent ses chiffres",
}


def the_map(page: Page) -> FrameLocator:
    """Return the inside of the map's frame."""
    return page.frame_locator("iframe[title^='streamlit_folium']").first


def no_harm(visitor: Visitor) -> None:
    """Check that nothing broke in the page and nothing was asked from outside."""
    assert visitor.errors == []
    assert visitor.outside == []


@pytest.mark.parametrize(("path", "title"), PAGES.items())
def test_fresh_deep_link(chromium: Browser, server: Server, path: str, title: str) -> None:
    """A first visit straight to each page draws it whole, with its frame, offline."""
    with visit(chromium, server.url) as visitor:
        page = visitor.open(path)
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        expect(page.get_by_text("Données de démonstration").first).to_be_visible()
        expect(page.get_by_role("link", name="Tournées")).to_be_visible()
        no_harm(visitor)


def test_map_is_alive_without_internet(visitor: Visitor) -> None:
    """Territory, names and clusters are drawn with every outside request blocked."""
    page = visitor.open("/")
    leaflet = the_map(page)
    expect(leaflet.locator(".leaflet-marker-icon").first).to_be_visible()
    expect(leaflet.get_by_text("Bergerac", exact=True).first).to_be_visible()
    assert leaflet.locator("path.leaflet-interactive").count() >= 128
    no_harm(visitor)


def test_filter_card_table_download(visitor: Visitor, tmp_path: Path) -> None:
    """Search with a typo, open the card from the map, download what is shown as GeoJSON."""
    page = visitor.open("/")
    page.get_by_placeholder("Nom, activité, compétence…").fill("ehpad madelaine")
    found = page.get_by_text("les filtres masquent")
    expect(found).to_be_visible()
    leaflet = the_map(page)
    marker = leaflet.get_by_role("button", name="EHPAD La Madeleine")
    expect(marker).to_be_visible()
    marker.click()
    card = page.locator("article.cf-card")
    expect(card).to_contain_text("EHPAD La Madeleine")
    expect(card).to_contain_text("Source")
    expect(page).to_have_url(re.compile(r"acteur=.*&q=|q=.*&acteur="))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="GeoJSON").click()
    target = tmp_path / "acteurs.geojson"
    waiting.value.save_as(target)
    content = json.loads(target.read_text(encoding="utf-8"))
    assert content["type"] == "FeatureCollection"
    frame = gpd.read_file(target)
    assert "EHPAD La Madeleine" in set(frame.iloc[:, :-1].astype(str).to_numpy().ravel())
    assert "contact" not in {name.lower() for name in frame.columns}
    no_harm(visitor)


def test_pasted_link_shows_the_same(chromium: Browser, server: Server) -> None:
    """The address bar carries EPCI, colours, card and view to someone else's screen."""
    with visit(chromium, server.url) as first:
        page = first.open("/")
        page.get_by_role("radio", name="CCPSP").click()
        expect(page.get_by_text("les filtres masquent")).to_be_visible()
        expect(page).to_have_url(re.compile("epci="))
        sentence = page.get_by_text("les filtres masquent").inner_text()
        address = urlparse(page.url)
        assert parse_qs(address.query)["epci"] == ["200040889"]
        with visit(chromium, server.url) as second:
            other = second.open(f"{address.path}?{address.query}")
            expect(other.get_by_text("les filtres masquent")).to_have_text(sentence)
            no_harm(second)
        no_harm(first)


def test_pan_and_zoom_do_not_rerun(visitor: Visitor) -> None:
    """Moving the map changes the address without running the script again."""
    page = visitor.open("/")
    leaflet = the_map(page)
    expect(leaflet.locator(".leaflet-marker-icon").first).to_be_visible()
    page.evaluate(
        """() => {
            window.reruns = 0;
            const root = document.querySelector('[data-test-script-state]');
            new MutationObserver(() => {
                if (root.getAttribute('data-test-script-state') === 'running') window.reruns += 1;
            }).observe(root, {attributes: true});
        }"""
    )
    leaflet.locator(".leaflet-control-zoom-in").click()
    expect(page).to_have_url(re.compile("vue="))
    page.wait_for_timeout(1000)
    assert page.evaluate("window.reruns") == 0
    no_harm(visitor)


def test_nobody_matches(visitor: Visitor) -> None:
    """An empty result says so and offers the way out."""
    page = visitor.open("/?q=zzzzzzzz")
    expect(page.get_by_text("Aucun acteur ne répond")).to_be_visible()
    page.get_by_role("button", name="Revoir tout le territoire").click()
    expect(page.get_by_text("120 acteurs").first).to_be_visible()
    no_harm(visitor)


@pytest.mark.parametrize("path", PAGES)
def test_phone_width(chromium: Browser, server: Server, path: str) -> None:
    """On a 390 px phone nothing sticks out sideways."""
    with visit(chromium, server.url, width=390, height=844) as visitor:
        page = visitor.open(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        sideways = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert sideways <= 0
        no_harm(visitor)


def test_presentation_and_back(chromium: Browser, server: Server) -> None:
    """The projector's mode enlarges the map, hides the rest, and has a way back."""
    with visit(chromium, server.url, width=1920, height=1080) as visitor:
        page = visitor.open("/?presentation=1")
        expect(the_map(page).locator(".leaflet-marker-icon").first).to_be_visible()
        frame = page.locator("iframe[title^='streamlit_folium']").first.bounding_box()
        assert frame is not None
        assert frame["width"] > 1700
        page.get_by_role("button", name="Quitter la présentation").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Qui est là")
        no_harm(visitor)
