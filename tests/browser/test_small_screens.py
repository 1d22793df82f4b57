"""A phone and a small projector: what matters is on the screen, whole; the words are French."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from pages.ui.palette import surfaces
from tests.browser.conftest import Server, visit
from tests.browser.test_map_journeys import no_harm, the_map


def test_tap_shows_the_card(chromium: Browser, server: Server) -> None:
    """After a tap the tip is whole inside the map, and the card's title is on the screen."""
    with visit(chromium, server.url, width=390, height=844) as visitor:
        page = visitor.open("/?q=cantine+du+port")
        pin = the_map(page).get_by_role("button", name="La Cantine du Port")
        pin.dispatch_event("click")  # a finger, unlike a mouse, does not hover
        expect(page.locator("article.cf-card h2")).to_contain_text("La Cantine du Port")
        expect(page.locator("article.cf-card h2")).to_be_in_viewport(ratio=1)
        tip = the_map(page).locator(".cf-tip").bounding_box()
        assert tip is not None
        assert tip["x"] >= 0
        assert tip["x"] + tip["width"] <= 390
        no_harm(visitor)


@pytest.mark.parametrize("height", [720, 1080])
def test_legend_fits_on_a_projector(chromium: Browser, server: Server, height: int) -> None:
    """The whole legend of colours is on the screen, whatever the projector."""
    width = height * 16 // 9
    with visit(chromium, server.url, width=width, height=height) as visitor:
        page = visitor.open("/?presentation=1&indicateur=tonnes")
        source = the_map(page).locator(".cf-legend-source")
        expect(source).to_be_visible()
        box = source.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height
        expect(page.get_by_test_id("stHeader")).to_be_hidden()
        no_harm(visitor)


def test_words_of_streamlit_are_french(chromium: Browser, server: Server) -> None:
    """What Streamlit and Leaflet write by themselves is named in French too."""
    with visit(chromium, server.url) as visitor:
        page = visitor.open("/")
        expect(the_map(page).get_by_role("button", name="Agrandir")).to_be_visible()
        expect(page.get_by_label("Aide\u202f: EPCI")).to_be_visible()
        page = visitor.open("/tournees")
        expect(page.get_by_role("spinbutton", name="année")).to_be_visible()
        english = page.evaluate(
            "() => [...document.querySelectorAll('[aria-label]')]"
            ".map((node) => node.getAttribute('aria-label'))"
            ".filter((name) => /^(Help for|Clear|Open|Choose|Remove|Show|Search)\\b/.test(name))"
        )
        assert english == []
        no_harm(visitor)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_the_primary_colour_are_read(
    chromium: Browser, server: Server, scheme: Literal["light", "dark"]
) -> None:
    """Buttons and chips of the primary colour carry the palette's ink, not Streamlit's white."""
    with visit(chromium, server.url) as visitor:
        visitor.page.emulate_media(color_scheme=scheme)
        page = visitor.open("/tournees")
        s = surfaces(scheme)
        inks = {
            "button": page.get_by_role("button", name="Proposer les tournées").locator("p"),
            "chip": page.locator("[data-tag] span").first,
        }
        for what, node in inks.items():
            color = node.evaluate("(node) => getComputedStyle(node).color")
            red, green, blue = (int(s.on_primary[i : i + 2], 16) for i in (1, 3, 5))
            assert color == f"rgb({red}, {green}, {blue})", what
        no_harm(visitor)
