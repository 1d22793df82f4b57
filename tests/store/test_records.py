"""Putting, getting, listing, deleting."""

import dataclasses
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import event

from data.errors import ConflictError, InputError, NotFoundError
from data.model import (
    Actor,
    Depot,
    Direction,
    Flow,
    Origin,
    Outlet,
    Plan,
    Resource,
    Scenario,
    Stop,
    Vehicle,
)
from data.store import Store
from data.store.tables import KINDS, Setting
from tests import strategies
from tests.store.samples import (
    BIOWASTE,
    DEPOT,
    LAW,
    MEETING,
    actor,
    content,
    flow,
    outlet,
    plan,
    put,
    scenario,
    stop,
    vehicle,
)

RECORDS = [kind for kind in KINDS if kind is not Setting]
PARENTS: dict[str, st.SearchStrategy[Any]] = {
    "actor_id": st.just("chai"),
    "partner_id": st.sampled_from([None, "chai"]),
    "resource_id": st.just("biowaste"),
    "scenario_id": st.just("lundi"),
    "workshop_id": st.just("atelier"),
    "synergy_id": st.just("palettes"),
    "photo_id": st.sampled_from([None, "photo"]),
    "flow_id": st.sampled_from([None, "marc"]),
    "card_id": st.sampled_from([None, "fiche"]),
    "idea_id": st.sampled_from([None, "idee"]),
    "offer_id": st.sampled_from([None, "annonce"]),
    "need_id": st.sampled_from([None, "annonce"]),
}


def some(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Give records of a kind that refer to the sample records."""
    references = KINDS[kind].references
    return strategies.of(kind, **{name: PARENTS[name] for name in references})


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_put_then_get_is_identity(store: Store, kind: type[Any]) -> None:
    """What is put comes back equal, whatever the record."""
    put(store, BIOWASTE, actor(), scenario(), flow(), *MEETING)

    @LAW
    @given(some(kind))
    def law(record: Any) -> None:
        assume(store.find(kind, record.id) is None)
        written = put(store, record)
        assert store.get(kind, record.id) == written
        if KINDS[kind].revisioned:
            assert written == dataclasses.replace(record, revision=1)

    law()


@LAW
@given(data=st.data())
def test_update_is_identity(store: Store, data: st.DataObject) -> None:
    """An update replaces every field and adds one to the revision."""
    put_parents(store)
    first = store.find(Flow, "marc") or put(store, flow())
    change = data.draw(some(Flow))
    second = put(store, dataclasses.replace(change, id="marc", revision=first.revision))
    assert second.revision == first.revision + 1
    assert store.get(Flow, "marc") == second


def put_parents(store: Store) -> None:
    """Put the sample actor and resource unless they are there."""
    if store.count(Actor) == 0:
        put(store, BIOWASTE, actor())


def test_get_find_count_list(store: Store) -> None:
    """Records are found by id, counted, and listed in order of id."""
    put(store, BIOWASTE, actor("b"), actor("a"), actor("É"), actor("Z"), actor("a b"))
    assert [found.id for found in store.list(Actor)] == ["Z", "a", "a b", "b", "É"]
    assert store.count(Actor) == 5
    assert store.find(Actor, "nobody") is None
    with pytest.raises(NotFoundError, match=r"« nobody » \(acteur\)"):
        store.get(Actor, "nobody")


@pytest.mark.parametrize("odd", ["", "\x00", "\ud800", "'; DROP TABLE actor; --", "é" * 5_000])
def test_odd_ids_are_simply_unknown(store: Store, odd: str) -> None:
    """An id pasted in the address bar never breaks anything."""
    assert store.find(Actor, odd) is None
    assert store.list(Flow, actor_id=odd) == ()
    with pytest.raises(NotFoundError):
        store.get(Actor, odd)


def test_list_by_fields(store: Store) -> None:
    """Lists are narrowed by any simple field, enumerations and ``None`` included."""
    put(
        store,
        BIOWASTE,
        actor(),
        actor("ferme", origin=Origin.DEMO_FICTIONAL),
        flow("in", direction=Direction.IN),
        flow("out", partner_id="ferme"),
        flow("other", actor_id="ferme"),
    )
    assert [f.id for f in store.list(Flow, actor_id="chai")] == ["in", "out"]
    assert [f.id for f in store.list(Flow, actor_id="chai", direction=Direction.IN)] == ["in"]
    assert [f.id for f in store.list(Flow, partner_id=None)] == ["in", "other"]
    assert [a.id for a in store.list(Actor, origin=Origin.DEMO_FICTIONAL)] == ["ferme"]


@pytest.mark.parametrize("field", ["colour", "seasonality"])
def test_list_by_impossible_field(store: Store, field: str) -> None:
    """Asking for an unknown or nested field is a programmer's error."""
    with pytest.raises(TypeError, match=field):
        store.list(Flow, **{field: 1})


def test_unknown_kind(store: Store) -> None:
    """Only the classes of the model are kept."""
    with pytest.raises(TypeError, match="keeps no dict"):
        store.count(dict)  # type: ignore[type-var]


def test_every_kind_together(store: Store) -> None:
    """A batch may mix kinds in any order; results come back in the batch's order."""
    batch = (
        plan(),
        scenario(),
        outlet(actor_id="chai"),
        DEPOT,
        vehicle(),
        stop(actor_id="chai"),
        flow(),
        actor(),
        BIOWASTE,
    )
    written = put(store, *batch)
    assert [type(record) for record in written] == [type(record) for record in batch]
    for kind in (Plan, Scenario, Outlet, Depot, Vehicle, Stop, Flow, Actor, Resource):
        assert store.count(kind) == 1


def test_numbers_from_numpy_and_integers(store: Store) -> None:
    """NumPy scalars and whole numbers given for floats are kept as plain numbers."""
    numpy = pytest.importorskip("numpy")
    put(store, BIOWASTE, actor(lat=44, lon=numpy.float32(0.5)), flow(year=numpy.int64(2024)))
    assert store.get(Actor, "chai").lat == 44.0
    assert type(store.get(Flow, "marc").year) is int
    assert store.history(Actor, "chai")[0].after["lon"] == 0.5  # type: ignore[index]


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (flow(actor_id="ghost"), "acteur"),
        (flow(resource_id="ghost"), "ressource"),
        (flow(partner_id="ghost"), "partenaire"),
        (stop(actor_id="ghost"), "acteur"),
        (plan(scenario_id="ghost"), "scénario"),
        (outlet(actor_id="ghost"), "acteur"),
    ],
)
def test_unknown_parent(store: Store, record: Any, field: str) -> None:
    """A reference to nothing is refused, naming the field."""
    put(store, BIOWASTE, actor(), scenario())
    with pytest.raises(InputError, match="ghost") as caught:
        put(store, record)
    assert caught.value.field == field


def test_row_of_the_fault(store: Store) -> None:
    """In a batch, the error says which record is at fault, even among other kinds."""
    with pytest.raises(InputError) as caught:
        put(store, flow("a"), BIOWASTE, actor(), flow("b", actor_id="ghost"))
    assert caught.value.row == 4
    with pytest.raises(InputError) as caught:
        put(store, BIOWASTE, actor(lat=123.0))
    assert (caught.value.row, caught.value.field) == (2, "latitude")
    with pytest.raises(InputError, match="deux fois") as caught:
        put(store, actor(), BIOWASTE, actor())
    assert caught.value.row == 3
    assert store.revision() == 0


def test_optimistic_revisions(store: Store) -> None:
    """A write from an older revision is refused, and so is inserting twice."""
    first = put(store, actor())
    second = put(store, dataclasses.replace(first, name="Chai 2"))
    assert (first.revision, second.revision) == (1, 2)
    with pytest.raises(ConflictError, match="Une autre personne a modifié"):
        put(store, dataclasses.replace(first, name="Chai 3"))
    with pytest.raises(ConflictError, match="déjà pris"):
        put(store, actor())
    with store.transaction(who="Camille", what="Suppression") as tx:
        tx.delete(Actor, "chai")
    with pytest.raises(ConflictError, match="a supprimé"):
        put(store, second)


def test_delete_checks_revision(store: Store) -> None:
    """A deletion asked from an older revision is refused."""
    put(store, put(store, actor()))
    with store.transaction(who="Camille", what="Suppression") as tx:
        with pytest.raises(ConflictError):
            tx.delete(Actor, "chai", 1)
        with pytest.raises(NotFoundError):
            tx.delete(Actor, "ghost")
        tx.delete(Actor, "chai", 2)
    assert store.count(Actor) == 0


def test_delete_takes_dependents_along(store: Store) -> None:
    """Deleting an actor deletes its flows and stops, detaches the rest, and audits each."""
    put(
        store,
        BIOWASTE,
        actor(),
        actor("ferme"),
        flow("own"),
        flow("loop", partner_id="chai"),
        flow("theirs", actor_id="ferme", partner_id="chai"),
        stop(actor_id="chai"),
        outlet(actor_id="chai"),
    )
    with store.transaction(who="Camille", what="Suppression") as tx:
        tx.delete(Actor, "chai")
        number = tx.id
    assert [f.id for f in store.list(Flow)] == ["theirs"]
    assert store.get(Flow, "theirs").partner_id is None
    assert store.get(Flow, "theirs").revision == 2
    assert store.get(Outlet, "compost").actor_id is None
    assert store.count(Stop) == 0
    trail = store.history(transaction_id=number)
    assert sorted((c.kind, c.record_id, c.action) for c in trail) == [
        ("Actor", "chai", "delete"),
        ("Flow", "loop", "delete"),
        ("Flow", "own", "delete"),
        ("Flow", "theirs", "update"),
        ("Outlet", "compost", "update"),
        ("Stop", "cantine", "delete"),
    ]


def test_delete_scenario_deletes_plans(store: Store) -> None:
    """A plan does not outlive its scenario."""
    put(store, BIOWASTE, scenario(), plan())
    with store.transaction(who="Camille", what="Suppression") as tx:
        tx.delete_all(Scenario, ["lundi"])
    assert store.count(Plan) == 0


def test_resource_in_use_cannot_be_deleted(store: Store) -> None:
    """A resource that something uses stays, and the sentence names what uses it."""
    put(store, BIOWASTE, actor(), flow(label="Marc de raisin"))
    before = content(store)
    with (
        store.transaction(who="Camille", what="Suppression") as tx,
        pytest.raises(ConflictError, match="Marc de raisin"),
    ):
        tx.delete(Resource, "biowaste")
    assert content(store) == before


def test_reference_data_is_replaced(store: Store) -> None:
    """Putting the nomenclature again writes only what changed."""
    put(store, BIOWASTE)
    put(store, BIOWASTE)
    assert store.revision() == 1
    put(store, dataclasses.replace(BIOWASTE, synonyms=("restes",)))
    assert store.get(Resource, "biowaste").synonyms == ("restes",)
    assert [c.action for c in store.history(Resource)] == ["update", "create"]


def test_settings(store: Store) -> None:
    """Settings keep their type, are replaced, listed by prefix, and removed with ``None``."""
    values = {"figure:bike": 0.5, "figure:van": 3, "demo": True, "note": "« oui » 😀"}
    with store.transaction(who="Camille", what="Réglages") as tx:
        for key, value in values.items():
            tx.set_setting(key, value)
        assert tx.setting("demo") is True
    assert {key: store.setting(key) for key in values} == values
    assert store.settings("figure:") == {"figure:bike": 0.5, "figure:van": 3}
    with store.transaction(who="Camille", what="Réglages") as tx:
        tx.set_setting("note", None)
        tx.set_setting("never", None)
        tx.set_setting("demo", False)
    assert store.setting("note") is None
    assert store.setting("demo") is False


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_impossible_setting(store: Store, value: Any) -> None:
    """A setting that is no finite number, text or yes/no is refused."""
    with (
        pytest.raises(InputError, match="Réglage"),
        store.transaction(who="Camille", what="Réglages") as tx,
    ):
        tx.set_setting("figure:bike", value)


def test_bulk_writes_in_few_statements(store: Store) -> None:
    """Two thousand flows take a few dozen statements, not thousands."""
    put(store, BIOWASTE, actor())
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = store._database.writing
    event.listen(engine, "before_cursor_execute", note)
    put(store, *(flow(f"f{i}") for i in range(2_000)))
    event.remove(engine, "before_cursor_execute", note)
    assert store.count(Flow) == 2_000
    assert len(statements) < 40


def test_integers_are_wide(store: Store) -> None:
    """Whole numbers beyond 32 bits fit on both databases."""
    put(store, vehicle(range_m=10**11))
    assert store.get(Vehicle, "velo").range_m == 10**11
