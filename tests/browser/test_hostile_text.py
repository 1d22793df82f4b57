"""All user text is untrusted: payloads in every field, every page opened, nothing may run."""

from collections.abc import Iterator
from dataclasses import fields, replace

import pytest
from playwright.sync_api import Browser, expect

from data.demo import load_demo
from data.model import Actor, Depot, Flow, Outlet, Stop, Vehicle
from data.settings import Settings
from data.store import open_store
from geo.first_start import prepare
from tests.browser.conftest import ROOT, Server, run_server, visit
from tests.browser.test_map_journeys import the_map
from tests.browser.test_rounds_journeys import propose, wait_for_plan

PAYLOADS = (
    "<img src=x onerror=\"window.top.harmed='img'\">",
    "<script>window.top.harmed='script'</script>",
    '"><svg onload="window.top.harmed=\'svg\'">',
    "{{ 1 }}${window.top.harmed='template'}`'</script>",
    "[lien](javascript:window.top.harmed='link') :red[x] $x$",
)
FREE_TEXT = {
    Actor: (
        "name",
        "activity",
        "address",
        "website",
        "contact",
        "description",
        "source",
        "naf_code",
    ),
    Flow: (
        "label",
        "packaging",
        "quality",
        "partner_name",
        "partner_place",
        "reliability_note",
        "source",
    ),
    Stop: ("name", "address"),
    Vehicle: ("name",),
    Depot: ("name", "address"),
    Outlet: ("name", "address"),
}


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server whose every record carries payloads in every free text."""
    var_dir = tmp_path_factory.mktemp("hostile")
    settings = Settings(
        var_dir=var_dir,
        database_url=f"sqlite:///{var_dir / 'cartoflux.db'}",
        territory_path=ROOT / "data" / "reference" / "territory.gpkg",
        dask_scheduler="",
        load_demo=True,
    )
    with open_store(settings.database_url) as store:
        prepare(store, settings)
        with store.transaction(who=PAYLOADS[0], what=PAYLOADS[1]) as tx:
            for kind, names in FREE_TEXT.items():
                for number, record in enumerate(store.list(kind)):
                    payload = PAYLOADS[number % len(PAYLOADS)]
                    changes = {name: payload for name in names if _fits(kind, name, payload)}
                    if kind is Actor:
                        changes["competences"] = (payload, "compost")
                    tx.put(replace(record, **changes))
    with run_server(var_dir) as running:
        yield running


def _fits(kind: type, name: str, payload: str) -> bool:
    """Leave out the fields whose length or form refuses any such text."""
    limits = {"naf_code": 10, "website": 0}
    return len(payload) <= limits.get(name, 200) and name in {one.name for one in fields(kind)}


def test_demo_covers_every_kind() -> None:
    """The demonstration has records of each kind that is poisoned, or the test proves nothing."""
    demo = load_demo()
    assert demo.actors
    assert demo.flows
    assert demo.stops
    assert demo.vehicles
    assert demo.depots
    assert demo.outlets


def test_nothing_runs(chromium: Browser, hostile_server: Server) -> None:
    """Map, card, table, flows, data, history, about: opened with payloads, no script runs."""
    with visit(chromium, hostile_server.url) as visitor:
        page = visitor.page
        page.on("dialog", lambda dialog: visitor.errors.append(f"dialog {dialog.message}"))
        visitor.open("/")
        markers = the_map(page).locator(".leaflet-marker-icon")
        expect(markers.first).to_be_visible()
        actor = load_demo().actors[0]
        for path in (
            f"/?acteur={actor.id}",
            "/?q=<img src=x onerror=window.top.harmed='q'>",
            f"/?acteur={actor.id}&presentation=1",
            "/flux",
            "/etudes",
            "/tournees",
            "/donnees",
            "/a-propos",
        ):
            visitor.open(path)
            assert page.evaluate("window.harmed") is None, path
        visitor.open("/donnees")
        for section in ("Flux", "Collecte", "Importer, exporter", "Historique", "Démonstration"):
            page.get_by_role("radio", name=section).click()
            visitor.settle()
            assert page.evaluate("window.harmed") is None, section
        assert visitor.errors == []
        assert visitor.outside == []


def test_nothing_runs_in_a_plan(chromium: Browser, hostile_server: Server) -> None:
    """Rounds over hostile names: map, tables and reasons show them as plain text."""
    with visit(chromium, hostile_server.url) as visitor:
        page = visitor.open("/tournees")
        propose(page)
        wait_for_plan(page)
        stops = the_map(page).get_by_role("button", name="arrêt")
        for number in range(stops.count()):
            stops.nth(number).dispatch_event("mouseover")
            stops.nth(number).dispatch_event("click")
        assert page.evaluate("window.harmed") is None
        assert visitor.errors == []
        assert visitor.outside == []
