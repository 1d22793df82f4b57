"""Planners: a week for sixty stops, from the streets to the PDF, saved and found again."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from data.model import Depot, Outlet, Stop, TravelMode, Vehicle
from data.store import open_store
from tests.browser.conftest import CHROMIUM, Server, Visitor, run_server, visit
from tests.browser.test_map_journeys import no_harm, the_map
from tests.browser.test_rounds_journeys import download
from tests.conftest import missing
from tests.geo.roads.worlds import grid, place

STOPS = 60
DAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi")
BIOWASTE = "biowaste_kitchen"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server without demonstration data, where sixty stops wait for a week."""
    if CHROMIUM is None:
        missing("Chromium")
    with run_server(tmp_path_factory.mktemp("weeks"), CARTOFLUX_DEMO="0") as running:
        fill(running)
        yield running


def fill(server: Server) -> None:
    """Put a depot, two outlets, four bikes and sixty stops on a town's grid."""
    random = np.random.default_rng(7)
    at = {"commune_code": "24037"}
    (lon, lat), (olon, olat), (plon, plat) = place(0, 0), place(900, 700), place(-1500, 400)
    stops = []
    for number in range(STOPS):
        x, y = place(*random.uniform(-2_300, 2_300, 2))
        visits = number % 3 + 1
        stops.append(
            Stop(
                id=f"point-{number}",
                actor_id=None,
                resource_id=BIOWASTE,
                name=f"Point {number + 1}",
                lon=x,
                lat=y,
                kg_per_visit=float(random.integers(8, 31)),
                visits_per_week=float(visits),
                longest_storage_days=(7, 4, 3)[visits - 1],
                **at,
            )
        )
    records = [
        Depot(id="depot", name="Dépôt du bourg", lon=lon, lat=lat, **at),
        Outlet(
            id="pres",
            actor_id=None,
            name="Compost des Prés",
            lon=olon,
            lat=olat,
            resource_ids=(BIOWASTE,),
            weekly_capacity_kg=1_000.0,
            **at,
        ),
        Outlet(
            id="plaine",
            actor_id=None,
            name="Plateforme de la Plaine",
            lon=plon,
            lat=plat,
            resource_ids=(BIOWASTE,),
            **at,
        ),
        Vehicle(
            id="velo",
            name="Vélo-remorque",
            mode=TravelMode.BIKE,
            capacity_kg=180.0,
            capacity_containers=12.0,
            speed_kmh=15.0,
            shift_start_s=8 * 3600,
            shift_end_s=12 * 3600,
            count=3,
            cost_eur_per_shift=5.0,
            cost_eur_per_hour=25.0,
        ),
        *stops,
    ]
    store = open_store(f"sqlite:///{server.var_dir / 'cartoflux.db'}")
    with store.transaction(who="Essai", what="Soixante points") as tx:
        tx.put_all(records)


@pytest.fixture
def planner(chromium: Browser, town: Server) -> Iterator[Visitor]:
    """Return one person at a desk of that town."""
    with visit(chromium, town.url) as person:
        yield person


def wait_for_week(page: Page) -> None:
    """Wait for the week to be on screen."""
    expect(page.get_by_role("heading", name="La semaine")).to_be_visible(timeout=150_000)


def test_from_an_extract_to_a_week_on_its_streets(planner: Visitor, tmp_path: Path) -> None:
    """Import the streets, propose, look, print, save, reload, open, delete and take back."""
    extract = grid(27, 200, (-2_600, -2_600)).write(tmp_path / "bourg.osm.pbf")
    page = planner.open("/donnees?rubrique=Routes")
    page.locator(".st-key-roads-upload input[type=file]").set_input_files(extract)
    page.get_by_role("button", name="Construire le réseau").click()
    expect(page.get_by_text("est importé").first).to_be_visible(timeout=120_000)

    planner.open("/tournees")
    page.get_by_role("radio", name="Une semaine").click()
    planner.settle()
    expect(page).to_have_url(re.compile("periode=semaine"))
    expect(page.get_by_text(re.compile("Distances et durées.*bourg")).first).to_be_visible()
    page.get_by_role("button", name="Proposer la semaine").click()
    expect(page.get_by_text("Coût de la semaine trouvée")).to_be_visible()
    wait_for_week(page)
    planner.settle()
    table = page.get_by_role("region", name="Grille de la semaine")
    expect(table.locator("tbody tr")).to_have_count(STOPS)
    expect(table.locator("td.on")).to_have_count(2 * STOPS)
    expect(page.get_by_text("au-dessus du minimum possible")).to_be_visible(timeout=90_000)
    page.get_by_role("radio", name="Mercredi").click()
    planner.settle()
    expect(the_map(page).locator(".leaflet-overlay-pane path").first).to_be_visible()

    pdf = PdfReader(io.BytesIO(download(page, "Semaine et feuilles de route (PDF)")))
    pages = [one.extract_text() for one in pdf.pages]
    first, text = " ".join(pages[0].split()), "\n".join(pages)
    assert all(day in first for day in DAYS)
    assert all(f"Point {number}" in text for number in range(1, STOPS + 1))
    assert "Compost des Prés" in text
    assert "extrait" in text
    assert "bourg" in text
    assert "Tracé en lignes droites" not in text
    assert {day for day in DAYS if re.search(f"Jour\\s+{day.lower()}", text)} == set(DAYS)
    table_file = download(page, "Tableau de la semaine (CSV)").decode("utf-8-sig")
    assert table_file.startswith("Jour;Tournée;")

    page.get_by_label("Nom de la semaine").fill("Semaine du bourg")
    page.get_by_role("button", name="Enregistrer la semaine").click()
    expect(page.get_by_label("Semaine enregistrée")).to_be_visible()
    cost = page.get_by_test_id("stMetricValue").first.inner_text()
    planner.open("/tournees?periode=semaine")
    expect(page.get_by_label("Semaine enregistrée")).to_have_value(re.compile("Semaine du bourg"))
    page.locator(".st-key-rounds-week-open button").click()
    wait_for_week(page)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(cost)
    expect(table.locator("td.on")).to_have_count(2 * STOPS)
    page.locator(".st-key-rounds-week-delete button").click()
    expect(page.get_by_text("Aucune semaine enregistrée")).to_be_visible()
    page.get_by_role("button", name="Annuler la suppression").click()
    expect(page.get_by_label("Semaine enregistrée")).to_have_value(re.compile("Semaine du bourg"))
    no_harm(planner)


def test_a_cancelled_week_keeps_the_choices(planner: Visitor) -> None:
    """Cancelling says so and leaves the form ready."""
    page = planner.open("/tournees?periode=semaine")
    page.get_by_role("button", name="Proposer la semaine").click()
    page.get_by_role("button", name="Annuler le calcul").click()
    expect(page.get_by_text("vos choix sont restés comme ils étaient")).to_be_visible()
    expect(page.get_by_role("button", name="Proposer la semaine")).to_be_enabled()
    no_harm(planner)
