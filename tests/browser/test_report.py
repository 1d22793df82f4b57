"""The Bilan page and the optional layers of the map in a real Chromium, offline."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WAIT_MS, Server, Visitor, visit

XLSX = b"PK"
PDF = b"%PDF"


def no_harm(visitor: Visitor) -> None:
    """Check that nothing broke in the page and nothing was asked from outside."""
    assert visitor.errors == []
    assert visitor.outside == []


def wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def test_year_figure_list_and_files(visitor: Visitor) -> None:
    """Open a year, press a figure to list what it counts, take PDF and workbook away."""
    page = visitor.open("/bilan?annee=2022")
    card = page.locator(".st-key-report-fact-cards")
    expect(card.locator("strong")).to_have_text("278")
    page.get_by_role("button", name="Temps forts", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Comment c’est compté")
    expect(dialog.get_by_test_id("stDataFrame")).to_be_visible()
    page.keyboard.press("Escape")
    for name, start in (("Bilan à remettre (PDF)", PDF), ("Classeur (XLSX)", XLSX)):
        with page.expect_download(timeout=WAIT_MS) as coming:
            page.get_by_role("button", name=name).click()
        assert coming.value.suggested_filename.startswith("bilan-2022-01-01-2022-12-31")
        assert Path(coming.value.path()).read_bytes().startswith(start)
    no_harm(visitor)


def test_period_is_in_the_address(visitor: Visitor) -> None:
    """A quarter chosen can be sent as a link and comes back the same."""
    page = visitor.open("/bilan?annee=2022")
    page.get_by_role("radio", name="Trimestre").click()
    page.get_by_role("radio", name="T4").click()
    expect(page.get_by_text("4e trimestre 2022").first).to_be_visible()
    visitor.settle()
    page.reload()
    expect(page.get_by_text("4e trimestre 2022").first).to_be_visible()
    no_harm(visitor)


def test_phone_and_projector(chromium: Browser, server: Server) -> None:
    """On a phone nothing runs off the side; on a projector figures are readable at three metres."""
    with visit(chromium, server.url, width=390, height=800) as phone:
        page = phone.open("/bilan?annee=2022")
        expect(page.locator(".st-key-report-fact-cards strong")).to_have_text("278")
        assert not wide(page)
        no_harm(phone)
    with visit(chromium, server.url, width=1280, height=720) as hall:
        page = hall.open("/bilan?annee=2022&presentation=1")
        figure = page.locator(".cf-wall strong").first
        expect(figure).to_be_visible()
        # A metre and a half high, 720 lines: 1/14 of the picture is 10 cm, read at 30 metres.
        assert figure.evaluate("node => node.getBoundingClientRect().height") > 720 / 14
        assert not wide(page)
        no_harm(hall)


def test_layers_of_the_map(visitor: Visitor) -> None:
    """Nothing of the layers is loaded while off; on, they have symbols, legend, table, address."""
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = visitor.open("/")
    leaflet = page.frame_locator("iframe[title^='streamlit_folium']").first
    expect(leaflet.locator(".cf-pin").first).to_be_visible()
    assert not [url for url in asked if "events." in url or "synergies.js" in url]
    page.get_by_role("button", name="Temps forts").click()
    expect(leaflet.locator(".cf-event").first).to_be_visible()
    expect(leaflet.locator(".cf-overlays")).to_contain_text("Temps fort (13)")
    expect(page.get_by_role("heading", name="Les temps forts de la carte")).to_be_visible()
    page.wait_for_url("**couches=temps-forts**")
    page.get_by_role("radio", name="CAB").click()
    page.wait_for_url("**epci=*couches=temps-forts**")
    page.reload()
    expect(leaflet.locator(".cf-event").first).to_be_visible()
    no_harm(visitor)


def test_event_typed_in_is_on_the_map(chromium: Browser, server: Server) -> None:
    """An event added on the Bilan page is on its line of time, then taken back."""
    with visit(chromium, server.url) as visitor:
        page = visitor.open("/bilan?annee=2026")
        page.get_by_text("Ajouter ou modifier un temps fort").click()
        page.get_by_label("Nom", exact=True).fill("Visite de la scierie d’essai")
        page.get_by_role("button", name="Enregistrer", exact=True).click()
        line = page.locator(".cf-timeline")
        expect(line.get_by_text("Visite de la scierie d’essai")).to_be_visible()
        page.get_by_role("button", name="Annuler cette action").click()
        expect(line.get_by_text("Visite de la scierie d’essai")).to_have_count(0)
        no_harm(visitor)
