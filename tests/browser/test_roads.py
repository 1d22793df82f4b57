"""Planners: a road network comes in through the page, and rounds follow its streets."""

import io
import json
import re
from pathlib import Path

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import Visitor
from tests.browser.test_map_journeys import no_harm
from tests.browser.test_rounds_journeys import download, propose, wait_for_plan
from tests.geo.roads.worlds import grid


def test_from_an_extract_to_a_round_on_its_streets(visitor: Visitor, tmp_path: Path) -> None:
    """Upload, watch, plan, print, then go back to the great circle, and remove the network."""
    town = grid(61, 200, (-6_000, -6_000))
    # A road west, to the two outlets out of town.
    town.node(9_001, -12_731, -340)
    town.node(9_002, -26_081, -755)
    town.way([28 * 61 + 1, 9_001, 9_002], "secondary")
    extract = town.write(tmp_path / "bourg.osm.pbf")
    page = visitor.open("/donnees?rubrique=Routes")
    page.locator(".st-key-roads-upload input[type=file]").set_input_files(extract)
    page.get_by_role("button", name="Construire le réseau").click()
    expect(page.get_by_text("est importé").first).to_be_visible(timeout=120_000)
    expect(page.get_by_text("© les contributeurs d’OpenStreetMap").first).to_be_visible()

    visitor.open("/tournees")
    expect(page.get_by_text(re.compile("Distances et durées.*bourg")).first).to_be_visible()
    propose(page)
    wait_for_plan(page)
    expect(page.get_by_text(re.compile("Distances.*extrait.*bourg")).last).to_be_visible()
    rounds = json.loads(download(page, "Carte (GeoJSON)"))
    line = next(one for one in rounds["features"] if one["geometry"]["type"] == "LineString")
    halts = len(line["properties"]["sequence"])
    assert len(line["geometry"]["coordinates"]) > 3 * halts
    text = PdfReader(io.BytesIO(download(page, "Feuilles de route (PDF)"))).pages[0].extract_text()
    assert "bourg" in text

    visitor.open("/donnees?rubrique=Routes")
    page.get_by_role("button", name="Retirer").click()
    page.get_by_role("button", name="Oui, retirer").click()
    expect(page.get_by_text("Aucun réseau routier pour l’instant")).to_be_visible()
    visitor.open("/tournees")
    expect(page.get_by_text("Aucun réseau routier ne couvre le dépôt")).to_be_visible()
    no_harm(visitor)


def test_a_file_that_is_no_extract(visitor: Visitor, tmp_path: Path) -> None:
    """A damaged file is refused with a sentence, and nothing is kept."""
    wrong = tmp_path / "faux.osm.pbf"
    wrong.write_bytes(b"Ceci n'est pas une carte. " * 50)
    page = visitor.open("/donnees?rubrique=Routes")
    page.locator(".st-key-roads-upload input[type=file]").set_input_files(wrong)
    page.get_by_role("button", name="Construire le réseau").click()
    expect(page.get_by_text(re.compile("faux.osm.pbf.*est illisible"))).to_be_visible(
        timeout=120_000
    )
    expect(page.get_by_text("Aucun réseau routier pour l’instant")).to_be_visible()
    no_harm(visitor)
