"""Tables and GIS files of flows: what is on screen, all of it, and nothing that is masked."""

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest

from data.exchange.tables import read_csv, read_xlsx
from data.model import Stream
from geo.flows import Measure, Viewer
from pages.documents import flow_files
from pages.flows_parts.choice import Choice
from pages.flows_parts.downloads import FILES, File
from tests.documents.flow_world import FLOWS, HOSTILE, SECRET, taken
from tests.geo.flows.worlds import flow

ALL = [file for _, files in FILES for file in files]


def test_the_table_has_each_flow_once_heaviest_first() -> None:
    """Rows follow the screen: five public flows, units in the headings, unknown left empty."""
    table = read_csv(flow_files.flows_csv(taken()))
    assert "Masse (t/an)" in table.columns
    masses = [row["Masse (t/an)"] for row in table.rows]
    assert masses == ["120", "40", "15", "7", ""]
    assert table.rows[-1]["Remarque"] == "quantité inconnue"
    assert "12/03/2026" in table.rows[0]["Source et réserves"]


def test_a_table_cell_is_never_a_formula() -> None:
    """A partner called =1+1 stays text in CSV and XLSX."""
    hostile = taken(flow(1, 0, None, partner_name="=1+1", quantity=3.0))
    assert b"'=1+1" in flow_files.flows_csv(hostile)
    column = "Partenaire (mots de l’acteur)"
    assert read_xlsx(flow_files.flows_xlsx(hostile), "Flux").rows[0][column] == "=1+1"


def test_the_workbook_says_what_it_is() -> None:
    """Sheet « À lire » holds title, date, filters, what is masked and sources."""
    about = read_xlsx(flow_files.flows_xlsx(taken(streams=(Stream.WOOD,))), "À lire")
    said = {row["Quoi"]: row["Dit"] for row in about.rows}
    assert said["Titre"] == "Flux de bois – Carrés"
    assert said["Date"] == "12/03/2026"
    assert "Bois" in said["Filtres"]
    assert "confidentialité" in said["Non montré"]
    assert "contours d’essai" in said["Sources"]


def test_geojson_is_lines_with_units_and_attribution() -> None:
    """Every row is a feature; « = boucle » is a ring; coordinates have six decimals at most."""
    collection = json.loads(flow_files.flows_geojson(taken()))
    assert collection["attribution"]
    assert collection["titre"] == "Flux de matières – Carrés"
    assert len(collection["features"]) == 5
    first = collection["features"][0]["properties"]
    assert {"masse_t_an", "masse_min_t_an", "masse_max_t_an"} <= first.keys()
    assert first["filiere"] == "Bois"
    loop = next(f for f in collection["features"] if f["properties"]["boucle"])
    ring = loop["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    assert all(round(x, 6) == x for point in ring for x in point)


@pytest.mark.parametrize("measure", list(Measure))
def test_geopackage_opens_in_every_measure(measure: Measure, tmp_path: Path) -> None:
    """Geopandas reads the layer back in EPSG:4326 with as many lines as links."""
    path = tmp_path / "flux.gpkg"
    path.write_bytes(flow_files.flows_geopackage(taken(measure=measure)))
    frame = gpd.read_file(path, layer=flow_files.LAYER)
    assert frame.crs.to_epsg() == 4326
    assert len(frame) == 5
    extra = {
        Measure.VOLUME: "volume_m3_an",
        Measure.TRIPS: "trajets_an",
        Measure.COST: "cout_eur_an",
        Measure.TONNE_KM: "transport_t_km_an",
        Measure.CO2E: "co2e_transport_kg_an",
    }
    assert extra.get(measure, "masse_t_an") in frame.columns


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.key)
def test_a_public_file_does_not_depend_on_what_is_masked(file: File) -> None:
    """Change the hidden amounts and names: a public file keeps the same bytes."""
    louder = tuple(
        replace(one, quantity=888.25, partner_name="Autre") if one.visibility != "public" else one
        for one in FLOWS
    )
    make = file.make
    if file.key == "xlsx":  # a workbook holds the time of writing
        read = [read_xlsx(make(taken(*flows)), "Flux").rows for flows in (FLOWS, louder)]
        assert read[0] == read[1]
    else:
        assert make(taken(*FLOWS)) == make(taken(*louder))


def test_a_public_file_names_no_restricted_flow() -> None:
    """Neither amount nor id of a hidden flow is in the text files; the team's have them."""
    for make in (flow_files.flows_csv, flow_files.flows_geojson):
        public, team = make(taken()).decode(), make(taken(viewer=Viewer.TEAM)).decode()
        assert not any(secret in public for secret in SECRET)
        assert "777" in team
    assert taken().restricted == 0
    team_view = taken(viewer=Viewer.TEAM)
    assert team_view.restricted == 2
    assert "à ne pas diffuser" in team_view.warning
    assert team_view.stem.endswith("-2026-03-12-vue-equipe")


def test_masked_sums_stay_sums() -> None:
    """A released sum is one row without actor; flows that make it are nowhere."""
    hidden = [
        flow(10 + n, n, (n + 1) % 6, quantity=10.0 + n, visibility="confidential") for n in range(6)
    ]
    hidden = [replace(one, visibility=FLOWS[5].visibility) for one in hidden]
    view = taken(*hidden)
    table = read_csv(flow_files.flows_csv(view))
    assert len(table.rows) == view.shown.links.frame["protected"].sum()
    assert {row["Visibilité"] for row in table.rows} == {"somme de flux confidentiels"}
    assert not any(name in str(table.rows) for name in ("Aulne", "Bourdaine", "Cornouiller"))


def test_a_selection_narrows_every_file() -> None:
    """With a place selected, only flows that touch it are in the table."""
    chosen = taken(choice=Choice(place="actor:a0004"))
    table = read_csv(flow_files.flows_csv(chosen))
    assert {row["De"] for row in table.rows} | {row["Vers"] for row in table.rows} >= {"Épine"}
    assert len(table.rows) == 2
    assert chosen.title.endswith("Épine")


def test_same_screen_same_bytes() -> None:
    """With the date given, files are the same each time (a workbook holds the time of writing)."""
    for file in ALL:
        if file.key != "xlsx":
            assert file.make(taken()) == file.make(taken()), file.key


def test_nothing_on_screen_still_makes_every_file() -> None:
    """A filter that keeps no flow gives files that say so, never an error."""
    empty = taken(min_mass_t=1e9, known_only=True)
    for file in ALL:
        assert file.make(empty), file.key


def test_hostile_text_reaches_tables_unharmed() -> None:
    """The partner's words come back as typed, control characters aside."""
    table = read_csv(flow_files.flows_csv(taken()))
    words = {row["Partenaire (mots de l’acteur)"] for row in table.rows}
    assert any(HOSTILE.replace("\x00", "")[:20] in word.replace("\x00", "") for word in words)
