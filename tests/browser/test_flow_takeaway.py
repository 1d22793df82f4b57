"""Files of the Flux page in a real Chromium: downloads, and the offline map from ``file://``."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from pages.documents.standalone_map import standalone_map
from tests.browser.conftest import WAIT_MS, Visitor
from tests.documents.flow_world import HOSTILE, taken
from tests.geo.flows.worlds import flow


def open_file(browser: Browser, path: Path) -> tuple[Page, list[str], list[str]]:
    """Open a file with the network cut; return the page, its errors and its requests."""
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 900})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    errors: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.on("dialog", lambda dialog: errors.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: asked.append(request.url))
    page.clock.install()
    page.goto(path.as_uri())
    return page, errors, asked


def test_the_map_opens_from_a_file_without_network(chromium: Browser, tmp_path: Path) -> None:
    """From file://, offline: flows are painted, levels switch, a click narrows the table."""
    path = tmp_path / "flux.html"
    path.write_bytes(standalone_map(taken()))
    page, errors, asked = open_file(chromium, path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Flux de matières – Carrés")
    expect(page.locator("#map")).to_have_attribute("data-flow-level", "epci")
    assert int(page.locator("#map").get_attribute("data-flows-shown") or 0) >= 3
    expect(page.locator("#rows tr")).to_have_count(5)
    page.get_by_role("button", name="Acteurs", exact=True).click()
    expect(page.locator("#map")).to_have_attribute("data-flow-level", "actor")
    page.get_by_role("button", name="EPCI", exact=True).click()
    page.locator(".cf-gate-pin", has_text="Bordeaux").click()
    expect(page.locator("#rows tr")).to_have_count(1)
    expect(page.locator("#rows")).to_contain_text("Cornouiller")
    page.get_by_role("button", name="Revoir tous les flux").click()
    expect(page.locator("#rows tr")).to_have_count(5)
    assert asked == [path.as_uri()]
    assert errors == []
    page.context.close()


def test_panning_a_file_writes_no_address(chromium: Browser, tmp_path: Path) -> None:
    """A file has no address bar to keep: zooming changes nothing there and raises nothing."""
    path = tmp_path / "flux.html"
    path.write_bytes(standalone_map(taken()))
    page, errors, _ = open_file(chromium, path)
    page.locator(".leaflet-control-zoom-in").click()
    page.locator(".leaflet-control-zoom-in").click()
    expect(page.locator("#map")).not_to_have_attribute("data-flow-level", "epci")
    page.clock.fast_forward(2000)
    assert page.url == path.as_uri()
    assert errors == []
    page.context.close()


def test_hostile_text_is_shown_not_run(chromium: Browser, tmp_path: Path) -> None:
    """Names that try to end the script are plain words of the table."""
    path = tmp_path / "flux.html"
    hostile = flow(1, 0, None, partner_place=HOSTILE, partner_name=HOSTILE, quantity=3.0)
    path.write_bytes(standalone_map(taken(hostile, flow(2, 1, 2, quantity=2.0))))
    page, errors, asked = open_file(chromium, path)
    expect(page.locator("#rows tr")).to_have_count(2)
    assert page.evaluate("window.harmed") is None
    assert errors == []
    assert asked == [path.as_uri()]
    page.context.close()


def test_files_come_with_one_click(visitor: Visitor) -> None:
    """On the Flux page, the page for a council and the offline map download under good names."""
    page = visitor.open("/flux?filiere=wood")
    for label, ending, start in (
        ("Page pour un conseil (PDF)", ".pdf", b"%PDF"),
        ("Carte hors ligne (HTML)", ".html", b"<!doctype html>"),
    ):
        with page.expect_download(timeout=WAIT_MS) as coming:
            page.get_by_role("button", name=label).click()
        download = coming.value
        assert download.suggested_filename.startswith("flux-de-bois-")
        assert download.suggested_filename.endswith(ending)
        assert Path(download.path()).read_bytes().startswith(start)
    assert visitor.errors == []
    assert visitor.outside == []
