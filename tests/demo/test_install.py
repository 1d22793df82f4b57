"""Installing and removing the demonstration."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.demo import DEMO_ORIGINS, install, load_demo, remove
from data.model import (
    Actor,
    ActorKind,
    Attendance,
    Card,
    College,
    Commune,
    Direction,
    Epci,
    Flow,
    FlowStudy,
    Letter,
    Listing,
    Origin,
    Plan,
    PositionPrecision,
    Resource,
    Scenario,
    Stop,
    Synergy,
    SynergyNote,
    Territory,
    Vehicle,
    Workshop,
)
from data.settings import ROOT
from data.store import Store, open_store
from geo.territory import read_territory

DEMO = load_demo()
COUNT = len(list(DEMO.records()))
KINDS: tuple[type[Any], ...] = tuple({type(record) for record in DEMO.records()})
REAL_TERRITORY = read_territory(ROOT / "data" / "reference" / "territory.gpkg")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store with the real territory."""
    opened = open_store(f"sqlite:///{tmp_path / 'demo.db'}")
    opened.save_territory(REAL_TERRITORY, who="test")
    yield opened
    opened.close()


def field_actor(**changes: object) -> Actor:
    """An actor keyed in by the programme."""
    actor = Actor(
        id="terrain-1",
        name="Ferme réelle",
        kind=ActorKind.FARM,
        college=College.PRIVATE,
        commune_code="24037",
        lon=0.48,
        lat=44.85,
        position_precision=PositionPrecision.ADDRESS,
    )
    return replace(actor, **changes)  # type: ignore[arg-type]


def test_install_writes_everything_in_one_transaction(store: Store) -> None:
    """All records come in together, so that one undo takes them out."""
    before = store.revision()
    report = install(store, who="test")
    assert (report.done, report.count) == (True, COUNT)
    assert store.revision() == before + 1
    assert store.count(Actor) == len(DEMO.actors)
    assert [replace(stop, revision=0) for stop in store.list(Stop)] == sorted(
        DEMO.stops, key=lambda stop: stop.id
    )


def test_install_twice_changes_nothing(store: Store) -> None:
    """A second installation finds the work done and writes nothing."""
    install(store, who="test")
    revision = store.revision()
    report = install(store, who="test")
    assert (report.done, report.count) == (False, 0)
    assert "déjà" in report.message
    assert store.revision() == revision


def test_remove_takes_everything_away_but_the_nomenclature(store: Store) -> None:
    """Nothing of the demonstration stays, in one transaction; resources do."""
    install(store, who="test")
    revision = store.revision()
    report = remove(store, who="test")
    assert (report.done, report.count, report.kept) == (True, COUNT, 0)
    assert store.revision() == revision + 1
    assert all(store.count(kind) == 0 for kind in KINDS)
    assert store.count(Resource) > 0
    assert not remove(store, who="test").done


def test_removal_can_be_undone(store: Store) -> None:
    """Undoing the removal brings every record back."""
    install(store, who="test")
    remove(store, who="test")
    store.undo(store.revision(), who="test")
    for kind in KINDS:
        expected = {r.id for r in DEMO.records() if type(r) is kind}
        assert {record.id for record in store.list(kind)} == expected


def test_install_can_be_undone_and_redone(store: Store) -> None:
    """Undoing the installation leaves nothing; installing again brings all of it back."""
    install(store, who="test")
    store.undo(store.revision(), who="test")
    assert all(store.count(kind) == 0 for kind in KINDS)
    assert install(store, who="test").count == COUNT


def test_a_note_of_the_field_keeps_the_whole_story_of_its_synergy(store: Store) -> None:
    """A note keyed in on a demonstration synergy keeps its idea, cards, workshop and actors."""
    install(store, who="test")
    synergy = next(s for s in DEMO.synergies if s.idea_id)
    idea = next(idea for idea in DEMO.ideas if idea.id == synergy.idea_id)
    with store.transaction(who="test", what="note") as tx:
        tx.put(
            SynergyNote(
                id="terrain-note", synergy_id=synergy.id, at="2026-11-23T08:00:00", text="Vu."
            )
        )
    report = remove(store, who="test")
    assert [left.id for left in store.list(Synergy)] == [synergy.id]
    assert store.get(Synergy, synergy.id).idea_id == idea.id
    assert {card.id for card in store.list(Card)} == set(idea.card_ids)
    assert {left.id for left in store.list(Actor)} == {p.actor_id for p in synergy.parties}
    assert store.count(Workshop) == 1
    assert store.count(Attendance) == 0
    assert report.kept == 3 + len(idea.card_ids) + len(synergy.parties)


def test_a_letter_of_the_field_keeps_its_listings(store: Store) -> None:
    """Listings chosen in a letter keyed in stay, with their actors and flows."""
    install(store, who="test")
    chosen = next(listing for listing in DEMO.listings if listing.flow_id)
    with store.transaction(who="test", what="lettre") as tx:
        tx.put(Letter(id="terrain-lettre", month="2026-12", listing_ids=(chosen.id, "parti")))
    remove(store, who="test")
    assert [left.id for left in store.list(Listing)] == [chosen.id]
    assert chosen.flow_id in {left.id for left in store.list(Flow)}
    assert chosen.actor_id in {left.id for left in store.list(Actor)}


def test_a_flow_of_the_field_keeps_its_study(store: Store) -> None:
    """A flow of a studied company is corrected: the visit it comes from stays with it."""
    install(store, who="test")
    flow = next(one for one in store.list(Flow) if one.study_id)
    with store.transaction(who="test", what="correction") as tx:
        tx.put(replace(flow, quantity=3.0, origin=Origin.FIELD))
    remove(store, who="test")
    assert [one.id for one in store.list(FlowStudy)] == [flow.study_id]
    assert store.count(Flow) == 1


def test_removal_leaves_field_data_untouched(store: Store) -> None:
    """A real actor, its flow and its history are the same before and after."""
    install(store, who="test")
    with store.transaction(who="test", what="saisie") as tx:
        tx.put(field_actor())
        tx.put(
            Flow(
                id="terrain-flux",
                actor_id="terrain-1",
                direction=Direction.OUT,
                resource_id="cardboard",
                partner_id=DEMO.actors[30].id,
            )
        )
    flow, actor = store.get(Flow, "terrain-flux"), store.get(Actor, "terrain-1")
    report = remove(store, who="test")
    assert store.get(Flow, "terrain-flux") == flow
    assert store.get(Actor, "terrain-1") == actor
    assert report.kept == 1
    assert "rattachent" in report.message
    assert [left.id for left in store.list(Actor)] == sorted(["terrain-1", DEMO.actors[30].id])
    assert store.count(Flow) == 1


def test_a_record_taken_over_stays_with_what_it_needs(store: Store) -> None:
    """A flow and a stop edited by a user survive removal, and so do their actors."""
    install(store, who="test")
    flow, stop, vehicle = DEMO.flows[50], DEMO.stops[0], DEMO.vehicles[0]
    with store.transaction(who="test", what="reprise") as tx:
        for kept in (flow, stop, vehicle):
            current = tx.get(type(kept), kept.id)
            tx.put(replace(current, origin=Origin.FIELD))
    remove(store, who="test")
    assert [left.id for left in store.list(Flow)] == [flow.id]
    assert [left.id for left in store.list(Stop)] == [stop.id]
    assert [left.id for left in store.list(Vehicle)] == [vehicle.id]
    needed = {flow.actor_id, stop.actor_id, flow.partner_id} - {None}
    assert {left.id for left in store.list(Actor)} == needed
    report = install(store, who="test")
    assert report.done
    assert store.get(Flow, flow.id).origin is Origin.FIELD


def test_a_plan_made_from_the_demo_scenario_stays(store: Store) -> None:
    """A plan saved by a user keeps the scenario it was made from."""
    install(store, who="test")
    scenario = DEMO.scenarios[0]
    with store.transaction(who="test", what="plan") as tx:
        tx.put(
            Plan(
                id="plan-1",
                scenario_id=scenario.id,
                name="Mardi",
                created_at="2026-03-31T08:00:00+00:00",
                rounds=(),
                unserved=(),
                travel_source="test",
                travel_margin=0.1,
                engine="test",
                cost_eur=0.0,
            )
        )
    remove(store, who="test")
    assert store.count(Plan) == 1
    assert [left.id for left in store.list(Scenario)] == [scenario.id]


def test_another_territory_skips_the_demo(tmp_path: Path) -> None:
    """Elsewhere the whole demonstration is left out, and the report says why."""
    store = open_store(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    report = install(store, who="test")
    assert not report.done
    assert "attend un territoire" in report.message
    commune = Commune(
        code="01001",
        name="Ailleurs",
        epci_code="e",
        population=1,
        area_km2=1.0,
        town_hall_lon=4.9,
        town_hall_lat=46.1,
        boundary_wkb=REAL_TERRITORY.communes[0].boundary_wkb,
    )
    elsewhere = Territory(
        name="Ailleurs",
        epcis=(Epci(code="e", name="Ailleurs", short_name="A"),),
        communes=(commune,),
    )
    store.save_territory(elsewhere, who="test")
    report = install(store, who="test")
    assert (report.done, report.count) == (False, 0)
    assert "autre territoire" in report.message
    assert store.count(Actor) == 0
    assert store.count(Resource) == 0
    store.close()


def test_every_demo_record_is_marked(store: Store) -> None:
    """Nothing the demonstration writes can be mistaken for field data."""
    install(store, who="test")
    for kind in KINDS:
        assert all(record.origin in DEMO_ORIGINS for record in store.list(kind))
