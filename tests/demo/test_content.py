"""The committed demonstration: what it promises on screen must be true."""

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import shapely

from data.demo import DEMO_ORIGINS, FOLDER, DemoData, load_demo
from data.demo.collection import FARTHEST_M
from data.demo.files import FILES, from_files, to_files
from data.demo.generate import generate
from data.demo.kinds import SUFFIX
from data.demo.places import Place, metres_between, read_places
from data.figures import load_figures
from data.model import (
    Actor,
    Direction,
    Origin,
    Photo,
    Plan,
    PositionPrecision,
    Record,
    Reliability,
    Resource,
    StudyState,
    Visibility,
    Week,
)
from data.nomenclature import load_nomenclature
from data.settings import ROOT
from data.store.tables import KINDS, Setting
from data.units import annual_mass, find_unit
from data.validate import validate

PLACES = read_places(ROOT / "data" / "reference" / "territory.gpkg")
BY_CODE: dict[str, Place] = {place.code: place for place in PLACES}
DEMO = load_demo()
ACTORS: dict[str, Actor] = {actor.id: actor for actor in DEMO.actors}
FICTIONAL_FLOWS = [flow for flow in DEMO.flows if flow.origin is Origin.DEMO_FICTIONAL]


def made(seed: int | None = None) -> DemoData:
    """Generate the demonstration anew."""
    extra = {} if seed is None else {"seed": seed}
    return generate(PLACES, load_figures(), load_nomenclature(), **extra)


def test_regenerating_gives_the_committed_files() -> None:
    """``python -m data.demo`` changes nothing: same bytes, no stray file."""
    files = to_files(made())
    assert {path.name for path in FOLDER.glob("*.csv")} == set(files)
    for name, content in files.items():
        assert (FOLDER / name).read_bytes() == content, name


def test_files_give_back_what_was_generated() -> None:
    """Nothing is lost between the generator and the CSV files."""
    assert load_demo() == made() == from_files(FOLDER)


def test_the_seed_decides() -> None:
    """Another seed gives other data: the examples are drawn, not typed."""
    assert made(seed=7).flows != DEMO.flows


def test_files_open_in_a_french_spreadsheet() -> None:
    """UTF-8 with BOM, semicolons, decimal commas."""
    for path in FOLDER.glob("*.csv"):
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), path.name
        assert ";" in content.decode("utf-8-sig").splitlines()[0]
    assert re.search(r";\d+,\d+;", (FOLDER / "acteurs.csv").read_text(encoding="utf-8-sig"))


def test_counts() -> None:
    """About 120 actors, 300 flows, 30 stops, four outlets, one depot, two bikes and a van."""
    assert 115 <= len(DEMO.actors) <= 125
    assert 270 <= len(DEMO.flows) <= 330
    assert 25 <= len(DEMO.stops) <= 32
    assert len(DEMO.outlets) == 4
    assert len(DEMO.depots) == 1
    assert [vehicle.count for vehicle in DEMO.vehicles] == [2, 1]
    assert len(DEMO.scenarios) == 1


def test_actors_follow_the_population() -> None:
    """Each EPCI's share of actors is within three points of its share of inhabitants."""
    people: Counter[str] = Counter()
    for place in PLACES:
        people[place.epci_code] += place.population
    actors = Counter(BY_CODE[actor.commune_code].epci_code for actor in DEMO.actors)
    assert len(people) == 4
    for epci, count in people.items():
        share = 100 * count / people.total()
        assert 100 * actors[epci] / actors.total() == pytest.approx(share, abs=3)


@pytest.mark.parametrize("actor", DEMO.actors, ids=lambda actor: actor.id)
def test_actor_stands_in_its_commune_and_says_what_it_is(actor: Actor) -> None:
    """Inside its commune, position marked approximate, fictional if and only if named so."""
    assert BY_CODE[actor.commune_code].boundary.contains(shapely.Point(actor.lon, actor.lat))
    assert actor.position_precision in {PositionPrecision.COMMUNE, PositionPrecision.STREET}
    assert actor.origin in DEMO_ORIGINS
    assert actor.name.endswith(SUFFIX) is (actor.origin is Origin.DEMO_FICTIONAL)
    assert actor.activity
    assert actor.competences
    assert actor.source


def test_no_personal_data() -> None:
    """No contact, e-mail, phone number or invented identifier anywhere in the files."""
    assert all(actor.contact == "" for actor in DEMO.actors)
    for actor in DEMO.actors:
        if actor.origin is Origin.DEMO_FICTIONAL:
            assert (actor.siret, actor.website, actor.address) == ("", "", "")
    for path in FOLDER.glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        # Names under .example can belong to nobody (RFC 2606).
        assert "@" not in re.sub(r"accueil@[a-z-]+\.example\b", "", text)
        assert not re.search(r"\b0[1-9]([ .-]?\d{2}){4}\b", text)


def test_no_orphan_and_no_duplicate() -> None:
    """Every reference leads to a record, and every id is used once within its kind."""
    nomenclature = load_nomenclature()
    for flow in DEMO.flows:
        assert flow.actor_id in ACTORS
        assert flow.partner_id is None or flow.partner_id in ACTORS
        assert flow.partner_id != flow.actor_id
        assert flow.resource_id in nomenclature
    for stop in DEMO.stops:
        assert stop.actor_id in ACTORS
        assert stop.resource_id in nomenclature
    for outlet in DEMO.outlets:
        assert outlet.actor_id in ACTORS
        assert all(resource_id in nomenclature for resource_id in outlet.resource_ids)
        assert outlet.treatment in load_figures()
    ids = {(type(record), record.id) for record in DEMO.records()}
    for record in DEMO.records():
        for column, reference in KINDS[type(record)].references.items():
            value = getattr(record, column)
            if value is not None and reference.kind is not Resource:
                assert (reference.kind, value) in ids, record.id
            elif value is not None:
                assert value in nomenclature, record.id
    seen = Counter((type(record), record.id) for record in DEMO.records())
    assert max(seen.values()) == 1


def test_records_are_storable() -> None:
    """Every record passes the rules of the store."""
    records: list[Record] = list(DEMO.records())
    for record in records:
        validate(record)


def test_estimates_state_their_ratio() -> None:
    """Most quantities are estimates whose note names the ratio, the assumption and a number."""
    estimates = [flow for flow in FICTIONAL_FLOWS if flow.reliability is Reliability.ESTIMATED]
    assert len(estimates) > 0.8 * len(FICTIONAL_FLOWS)
    for flow in estimates:
        assert re.search(r"Ratio\u202f: .*\d", flow.reliability_note), flow.id
        assert "Hypothèse" in flow.reliability_note
        assert flow.uncertainty


def test_declarations_say_they_are_invented() -> None:
    """An invented declaration never passes for a real one."""
    declared = [flow for flow in FICTIONAL_FLOWS if flow.reliability is Reliability.DECLARED]
    assert declared
    for flow in declared:
        assert "fictif" in flow.reliability_note
    assert {flow.reliability for flow in FICTIONAL_FLOWS} == {
        Reliability.ESTIMATED,
        Reliability.DECLARED,
    }


def test_a_restaurant_is_computed_from_the_published_ratio() -> None:
    """Meals × days × 140 g, read back from the note, is the quantity shown."""
    pattern = re.compile(r"(\d+) g par repas.*: (\d+) repas par jour, (\d+) jours", re.DOTALL)
    computed = 0
    for flow in FICTIONAL_FLOWS:
        match = pattern.search(flow.reliability_note)
        if match:
            grams, meals, days = map(int, match.groups())
            assert flow.quantity == pytest.approx(grams * meals * days / 1000, abs=0.05)
            computed += 1
    assert computed > 15


def test_real_actors_have_published_flows_only() -> None:
    """A real actor has a quantity only where one was published: 60 t a year by bike."""
    real = [flow for flow in DEMO.flows if ACTORS[flow.actor_id].origin is Origin.DEMO_REAL]
    known = [flow for flow in real if flow.quantity is not None]
    assert [(flow.actor_id, flow.quantity, flow.unit) for flow in known] == [
        ("reel-attache-rapide", 60.0, "t")
    ]
    for flow in FICTIONAL_FLOWS:
        if flow.partner_id:
            assert ACTORS[flow.partner_id].origin is Origin.DEMO_FICTIONAL


def test_flows_show_every_situation() -> None:
    """In and out, partners inside, outside and unknown, seasons, years, restricted flows."""
    flows = DEMO.flows
    assert {flow.direction for flow in flows} == set(Direction)
    assert sum(flow.partner_id is not None for flow in flows) > 50
    places = {flow.partner_place for flow in flows}
    assert {"Bordeaux", "Périgueux", "hors territoire"} <= places
    assert sum(not flow.partner_id and not flow.partner_name for flow in flows) > 30
    assert 3 <= sum(flow.quantity is None for flow in flows) <= 15
    assert len({flow.seasonality for flow in flows if flow.seasonality}) >= 4
    assert {2023, 2024, 2025, None} <= {flow.year for flow in flows}
    assert {flow.visibility for flow in flows} == set(Visibility)


def test_flows_weigh_something_plausible() -> None:
    """Units are understood, and no invented actor moves more than 150 t a year in one flow."""
    nomenclature = load_nomenclature()
    for flow in DEMO.flows:
        assert find_unit(flow.unit) is not None, flow.id
        weight = annual_mass(flow, nomenclature.get(flow.resource_id))
        if flow.reliability is Reliability.ESTIMATED:
            assert weight is not None, flow.id
        if weight is not None:
            assert 0 < weight.low <= weight.high < 150, flow.id


def test_stops_can_be_served() -> None:
    """Each stop fits a bike, agrees with its actor's flow, and opens during the shift."""
    bike = DEMO.vehicles[0]
    depot = DEMO.depots[0]
    biowaste = {
        flow.actor_id: flow
        for flow in DEMO.flows
        if flow.resource_id == "biowaste_kitchen" and flow.direction is Direction.OUT
    }
    for stop in DEMO.stops:
        assert 0 < stop.kg_per_visit <= bike.capacity_kg
        assert 0 < stop.containers_per_visit <= bike.capacity_containers
        assert stop.actor_id is not None
        actor, flow = ACTORS[stop.actor_id], biowaste[stop.actor_id]
        assert (stop.lon, stop.lat) == (actor.lon, actor.lat)
        assert stop.kg_per_visit * stop.visits_per_week == pytest.approx(flow.quantity, abs=0.3)
        assert 7 / stop.visits_per_week <= stop.longest_storage_days
        assert metres_between(depot.lon, depot.lat, stop.lon, stop.lat) <= FARTHEST_M
        for window in stop.windows:
            assert bike.shift_start_s <= window.start_s < window.end_s <= bike.shift_end_s
    assert any(stop.windows for stop in DEMO.stops)
    assert not all(stop.windows for stop in DEMO.stops)


def test_places_of_a_round_are_apart() -> None:
    """No two stops, outlets or depots share a point: such a round is refused."""
    places: tuple[Any, ...] = (*DEMO.stops, *DEMO.outlets, *DEMO.depots)
    points = [(place.lon, place.lat) for place in places]
    assert len(set(points)) == len(points)


def test_the_scenario_holds_together() -> None:
    """It takes all stops and vehicles, and outlets that accept its resource within the cap."""
    (scenario,) = DEMO.scenarios
    assert scenario.stops == DEMO.stops
    assert scenario.vehicles == DEMO.vehicles
    assert scenario.depot == DEMO.depots[0]
    cap = load_figures().value("composting_site_weekly_cap")
    assert scenario.outlets
    for outlet in scenario.outlets:
        assert scenario.resource_id in outlet.resource_ids
        assert outlet.weekly_capacity_kg == cap
    load = sum(stop.kg_per_visit for stop in scenario.stops)
    assert load <= cap * len(scenario.outlets)


def test_content_iterates_over_everything() -> None:
    """``records`` leaves no kind out, and a changed copy is another demonstration."""
    kinds = {type(record) for record in DEMO.records()}
    assert kinds == set(KINDS) - {Setting, Resource, Plan, Week, Photo}
    assert len(list(DEMO.records())) == sum(len(getattr(DEMO, part)) for part in FILES)
    assert replace(DEMO, stops=()) != DEMO


def test_finished_studies_have_flows_and_the_draft_has_none() -> None:
    """Every flow said to come from a study is one of the company visited."""
    studies = {study.id: study for study in DEMO.studies}
    assert {study.origin for study in DEMO.studies} == {Origin.DEMO_FICTIONAL}
    told = {flow.study_id for flow in DEMO.flows if flow.study_id}
    assert told == {one.id for one in DEMO.studies if one.state is StudyState.FINAL}
    for flow in DEMO.flows:
        if flow.study_id:
            assert studies[flow.study_id].actor_id == flow.actor_id
