"""Exports of a plan."""

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from data.model import UnservedReason, UnservedStop, VisitKind
from optimization.exports import BOM, GPX_NAMESPACE, to_csv, to_geojson, to_gpx
from optimization.planning import propose
from tests.optimization.cases import GRID, bike, scenario, stop, window

HOSTILE = '<script>alert("é")</script> & ; "x"'
CASE = scenario(
    [
        stop(1, 0, 2, name=HOSTILE, address="=1+1"),
        stop(2, 2, 2, kg_per_visit=50.5, windows=(window(9, 10),)),
        stop(3, 2, 0, kg_per_visit=40.0),
        stop(4, 80, 0, name="Trop loin"),
    ],
    vehicles=(bike(count=2),),
    day="2026-07-14",
)
PLAN = propose(CASE, GRID, solutions=30)
VISITS = [visit for round_ in PLAN.rounds for visit in round_.visits]
NS = {"g": GPX_NAMESPACE}


def test_csv_is_what_a_french_spreadsheet_expects() -> None:
    """Byte-order mark, semicolons, decimal commas; every visit and every stop left out."""
    text = to_csv(PLAN, CASE)
    assert text.startswith(BOM)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM)), delimiter=";"))
    assert len(rows) == len(VISITS) + 1
    assert {row["Kg collectés"] for row in rows} == {"", "20,0", "50,5", "40,0"}
    (left_out,) = [row for row in rows if row["Étape"] == "Non desservi"]
    assert left_out["Lieu"] == "Trop loin"
    assert "service" in left_out["Motif si non desservi"]
    km = sum(
        float(row["Distance depuis l’étape précédente (km)"].replace(",", ".") or 0)
        for row in rows
        if row["Tournée"]
    )
    assert km == pytest.approx(sum(visit.distance_m for visit in VISITS) / 1000, abs=0.05)


def test_csv_disarms_formulas_and_keeps_names_whole() -> None:
    """A cell that begins like a formula is text; quotes and semicolons survive."""
    rows = list(csv.DictReader(io.StringIO(to_csv(PLAN, CASE).removeprefix(BOM)), delimiter=";"))
    (row,) = [row for row in rows if row["Lieu"] == HOSTILE]
    assert row["Adresse"] == "'=1+1"


def test_gpx_is_well_formed_in_order_and_escaped() -> None:
    """Version 1.1, waypoints then routes then tracks, names intact, times in UTC."""
    data = to_gpx(PLAN, CASE, GRID)
    assert b"<script>" not in data
    root = ET.fromstring(data)  # noqa: S314 (our own bytes)
    assert root.tag == f"{{{GPX_NAMESPACE}}}gpx"
    assert root.attrib["version"] == "1.1"
    tags = [child.tag.split("}")[1] for child in root]
    assert tags == sorted(tags, key=["metadata", "wpt", "rte", "trk"].index)
    waypoints = root.findall("g:wpt", NS)
    assert len(waypoints) == len(VISITS)
    assert any(HOSTILE in (point.findtext("g:name", "", NS)) for point in waypoints)
    # 14 July, summer time: 8 h in Bergerac is 6 h UTC.
    first = VISITS[0]
    hour = f"{first.arrival_s // 3600 - 2:02d}"
    assert waypoints[0].findtext("g:time", "", NS).startswith(f"2026-07-14T{hour}:")
    assert [child.tag.split("}")[1] for child in waypoints[0]] == ["time", "name", "desc"]


def test_gpx_of_one_round_and_of_a_typical_day() -> None:
    """One round alone has one route; without a date there is no time of day."""
    data = to_gpx(PLAN, replace(CASE, day=""), GRID, round_number=1)
    root = ET.fromstring(data)  # noqa: S314 (our own bytes)
    assert len(root.findall("g:rte", NS)) == 1
    assert len(root.findall("g:rte/g:rtept", NS)) == len(PLAN.rounds[0].visits)
    assert root.find(".//g:time", NS) is None


def test_geojson_holds_lines_visits_and_stops_left_out() -> None:
    """Longitude first; the line goes through the corners the travel source draws."""
    data = json.loads(to_geojson(PLAN, CASE, GRID))
    assert data["type"] == "FeatureCollection"
    kinds = [feature["properties"]["kind"] for feature in data["features"]]
    assert kinds.count("round") == len(PLAN.rounds)
    assert kinds.count("unserved") == 1
    assert len(kinds) == len(PLAN.rounds) + len(VISITS) + 1
    line = data["features"][0]
    places = {(s.id): [s.lon, s.lat] for s in CASE.stops}
    sequence = line["properties"]["sequence"]
    assert sequence == [visit.place_id for visit in PLAN.rounds[0].visits]
    for place_id in set(sequence) & set(places):
        assert places[place_id] in line["geometry"]["coordinates"]
    assert len(line["geometry"]["coordinates"]) == 2 * len(sequence) - 1
    assert line["properties"]["distance_m"] == sum(v.distance_m for v in PLAN.rounds[0].visits)


def test_a_plan_without_rounds_still_exports() -> None:
    """Only stops left out: three valid files all the same."""
    left_out = tuple(
        UnservedStop(stop_id=s.id, reason=UnservedReason.NO_TIME_LEFT) for s in CASE.stops
    )
    empty = replace(PLAN, rounds=(), unserved=left_out)
    assert len(to_csv(empty, CASE).splitlines()) == 1 + len(CASE.stops)
    assert ET.fromstring(to_gpx(empty, CASE, GRID)) is not None  # noqa: S314 (our own bytes)
    assert len(json.loads(to_geojson(empty, CASE, GRID))["features"]) == len(CASE.stops)
    assert all(visit.kind in VisitKind for visit in VISITS)
