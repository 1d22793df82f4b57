"""The audit trail, undo and redo."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import CartofluxError, ConflictError, NotFoundError
from data.model import Actor, Flow, Outlet, Plan, Resource, Stop
from data.store import Store, Transaction
from data.store.codec import to_plain
from data.store.tables import KINDS
from tests.store.samples import (
    BIOWASTE,
    LAW,
    actor,
    content,
    flow,
    outlet,
    plan,
    put,
    scenario,
    stop,
)


def test_audit_says_who_when_before_after(store: Store) -> None:
    """Each change is kept with its author, reason, time, and both states in full."""
    first = put(store, actor(), what="Création du chai")
    second = put(store, dataclasses.replace(first, name="Chai 2"), what="Correction")
    with store.transaction(who="Dominique", what="Fermeture") as tx:
        tx.delete(Actor, "chai")
    deletion, update, creation = store.history(Actor, "chai")
    assert [c.action for c in (creation, update, deletion)] == ["create", "update", "delete"]
    assert (creation.before, creation.after) == (None, to_plain(first))
    assert (update.before, update.after) == (to_plain(first), to_plain(second))
    assert (deletion.before, deletion.after) == (to_plain(second), None)
    assert (deletion.who, deletion.what) == ("Dominique", "Fermeture")
    assert creation.transaction_id < update.transaction_id < deletion.transaction_id
    at = datetime.fromisoformat(deletion.at)
    assert at.utcoffset() == UTC.utcoffset(None)
    assert abs((datetime.now(UTC) - at).total_seconds()) < 600


def test_history_filters(store: Store) -> None:
    """The history is narrowed by kind, record and transaction, newest first, up to a limit."""
    put(store, BIOWASTE, actor("a"), actor("b"), what="Un")
    put(store, flow(actor_id="a"), what="Deux")
    assert [c.kind for c in store.history()] == ["Flow", "Actor", "Actor", "Resource"]
    assert [c.record_id for c in store.history(Actor)] == ["b", "a"]
    assert [c.record_id for c in store.history(kind=Actor, id="a")] == ["a"]
    assert len(store.history(limit=2)) == 2
    newest = store.history(limit=1)[0]
    assert store.history(transaction_id=newest.transaction_id) == (newest,)


def test_transactions_tell_what_can_be_undone(store: Store) -> None:
    """Transactions list their size, what they undo and what undid them."""
    put(store, actor("a"), actor("b"), what="Import")
    number = store.revision()
    back = store.undo(number, who="Dominique")
    undo, done = store.transactions()
    assert (done.id, done.who, done.changes, done.undone_by) == (number, "Camille", 2, back)
    assert (undo.id, undo.what, undo.undoes) == (back, "Annulation\u202f: Import", number)


def test_undo_deletion_restores_dependents(store: Store) -> None:
    """Undoing a deletion brings back the actor, its flows, stops, and the references to it."""
    put(
        store,
        BIOWASTE,
        actor(),
        actor("ferme"),
        flow("own"),
        flow("theirs", actor_id="ferme", partner_id="chai"),
        stop(actor_id="chai"),
        outlet(actor_id="chai"),
    )
    before = content(store)
    with store.transaction(who="Camille", what="Suppression") as tx:
        tx.delete(Actor, "chai")
    number = store.revision()
    after = content(store)
    again = store.undo(number, who="Camille")
    assert content(store) == before
    assert store.get(Outlet, "compost").actor_id == "chai"
    redo = store.undo(again, who="Camille")
    assert content(store) == after
    store.undo(redo, who="Camille")
    assert content(store) == before


def test_undone_record_can_be_edited_but_not_from_before(store: Store) -> None:
    """After an undo, revisions have grown: an edit begun before the undo is refused."""
    first = put(store, actor())
    second = put(store, dataclasses.replace(first, name="Chai 2"))
    store.undo(store.revision(), who="Camille")
    now = store.get(Actor, "chai")
    assert (now.name, now.revision) == (first.name, 3)
    for old in (first, second):
        with pytest.raises(ConflictError):
            put(store, dataclasses.replace(old, name="Chai 3"))
    put(store, dataclasses.replace(now, name="Chai 3"))


def test_undo_refuses_when_changed_since(store: Store) -> None:
    """A record edited after the transaction keeps its edit; the whole undo is refused."""
    first = put(store, actor())
    put(store, dataclasses.replace(first, name="Chai 2"), actor("other"))
    number = store.revision()
    put(store, dataclasses.replace(store.get(Actor, "chai"), name="Chai 3"))
    before, revision = content(store), store.revision()
    with pytest.raises(ConflictError, match="Chai 3"):
        store.undo(number, who="Camille")
    assert (content(store), store.revision()) == (before, revision)


def test_undo_refuses_when_deleted_and_recreated(store: Store) -> None:
    """A record deleted and made again since is not taken for the old one."""
    put(store, actor())
    number = store.revision()
    with store.transaction(who="Camille", what="Suppression") as tx:
        tx.delete(Actor, "chai")
    put(store, actor(name="Tout autre"))
    with pytest.raises(ConflictError, match="Tout autre"):
        store.undo(number, who="Camille")


def test_undo_refuses_when_something_new_depends_on_it(store: Store) -> None:
    """Undoing a creation never destroys what others have added to it since."""
    put(store, BIOWASTE)
    put(store, actor())
    number = store.revision()
    put(store, flow(label="Marc de raisin"))
    with pytest.raises(ConflictError, match="Marc de raisin"):
        store.undo(number, who="Camille")
    assert store.count(Flow) == 1


def test_undo_refuses_when_a_parent_is_gone(store: Store) -> None:
    """A flow cannot come back to an actor that no longer exists."""
    put(store, BIOWASTE, actor(), flow())
    with store.transaction(who="Camille", what="Suppression du flux") as tx:
        tx.delete(Flow, "marc")
    number = store.revision()
    with store.transaction(who="Camille", what="Suppression de l’acteur") as tx:
        tx.delete(Actor, "chai")
    with pytest.raises(ConflictError, match="supprimé depuis"):
        store.undo(number, who="Camille")


def test_undo_twice(store: Store) -> None:
    """What was undone is not undone again, until it is done again."""
    put(store, actor(), what="Création")
    number = store.revision()
    back = store.undo(number, who="Camille")
    with pytest.raises(ConflictError, match="déjà été annulé"):
        store.undo(number, who="Camille")
    store.undo(back, who="Camille")
    assert store.count(Actor) == 1


def test_undo_of_nothing(store: Store) -> None:
    """A transaction that never was gives a clear sentence."""
    with pytest.raises(NotFoundError, match="12345"):
        store.undo(12345, who="Camille")


def test_undo_settings(store: Store) -> None:
    """A setting goes back to its former value, or to none."""
    for value in (0.2, 0.3):
        with store.transaction(who="Camille", what="Hypothèse") as tx:
            tx.set_setting("figure:bike", value)
    store.undo(store.revision(), who="Camille")
    assert store.setting("figure:bike") == 0.2
    first = store.history(limit=10)[-1].transaction_id
    store.undo(first, who="Camille")
    assert store.setting("figure:bike") is None


def test_undo_of_created_then_deleted(store: Store) -> None:
    """Undoing a transaction without effect has no effect."""
    with store.transaction(who="Camille", what="Aller-retour") as tx:
        tx.put(actor())
        tx.delete(Actor, "chai")
    store.undo(store.revision(), who="Camille")
    assert store.count(Actor) == 0


def test_undo_reads_old_audit_entries(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit entry written before a field existed can still be undone."""
    old = {name: value for name, value in to_plain(actor()).items() if name != "website"}
    monkeypatch.setattr(
        "data.store.transaction.to_plain", lambda record: old | {"revision": record.revision}
    )
    put(store, actor())
    monkeypatch.undo()
    store.undo(store.revision(), who="Camille")
    assert store.count(Actor) == 0


Operation = Callable[[Transaction], Any]


def _put_new(record: Any) -> Operation:
    return lambda tx: tx.put(record)


def _edit(kind: type[Any], record_id: str, **fields: Any) -> Operation:
    return lambda tx: tx.put(dataclasses.replace(tx.get(kind, record_id), **fields))


def _delete(kind: type[Any], record_id: str) -> Operation:
    return lambda tx: tx.delete(kind, record_id)


def _set(value: float | None) -> Operation:
    return lambda tx: tx.set_setting("figure:bike", value)


_ACTORS = st.sampled_from(["a", "b", "c"])
_FLOWS = st.sampled_from(["f", "g", "h"])
_PARTNERS = st.sampled_from([None, "a", "b"])
OPERATIONS = st.one_of(
    st.builds(lambda i: _put_new(actor(i)), _ACTORS),
    st.builds(lambda i, n: _edit(Actor, i, name=n), _ACTORS, st.sampled_from(["x", "y"])),
    st.builds(lambda i: _delete(Actor, i), _ACTORS),
    st.builds(
        lambda i, a, p: _put_new(flow(i, actor_id=a, partner_id=p)), _FLOWS, _ACTORS, _PARTNERS
    ),
    st.builds(lambda i, a, p: _edit(Flow, i, actor_id=a, partner_id=p), _FLOWS, _ACTORS, _PARTNERS),
    st.builds(lambda i: _delete(Flow, i), _FLOWS),
    st.builds(lambda i, a: _put_new(stop(i, actor_id=a)), st.sampled_from("st"), _PARTNERS),
    st.builds(lambda a: _put_new(outlet(actor_id=a)), _PARTNERS),
    st.just(_put_new(scenario())),
    st.just(_put_new(plan())),
    st.just(_delete(type(scenario()), "lundi")),
    st.just(_put_new(BIOWASTE)),
    st.just(_put_new(dataclasses.replace(BIOWASTE, name="Restes"))),
    st.just(_delete(Resource, "biowaste")),
    st.builds(_set, st.sampled_from([None, 0.1, 0.2])),
)


def _run(store: Store, operations: list[Operation]) -> int | None:
    """Do what is possible of the operations, in one transaction; gives its number."""
    with store.transaction(who="Camille", what="Divers") as tx:
        for operation in operations:
            try:
                operation(tx)
            except CartofluxError:
                continue
        return tx.id


@LAW
@given(
    before=st.lists(OPERATIONS, max_size=12),
    during=st.lists(OPERATIONS, min_size=1, max_size=12),
)
def test_undo_law(store: Store, before: list[Operation], during: list[Operation]) -> None:
    """Undo restores the exact content before, redo the exact content after, and so on."""
    with store.transaction(who="Camille", what="Table rase") as tx:
        for kind in (Plan, type(scenario()), Stop, Outlet, Flow, Actor):
            tx.delete_all(kind, [record.id for record in tx.list(kind)])
        tx.set_setting("figure:bike", None)
        tx.put(BIOWASTE)
    _run(store, before)
    was = content(store)
    number = _run(store, during)
    became = content(store)
    if number is None:
        assert became == was
        return
    back = store.undo(number, who="Camille")
    assert content(store) == was
    redo = store.undo(back, who="Camille")
    assert content(store) == became
    store.undo(redo, who="Camille")
    assert content(store) == was


@LAW
@given(operations=st.lists(OPERATIONS, max_size=15))
def test_audit_trail_tells_the_whole_story(store: Store, operations: list[Operation]) -> None:
    """Replaying the audit trail from the start gives exactly what the store holds."""
    for operation in operations:
        _run(store, [operation])
    replayed: dict[str, dict[str, Any]] = {kind.__name__: {} for kind in KINDS}
    for change in reversed(store.history(limit=100_000)):
        records = replayed[change.kind]
        assert records.pop(change.record_id, None) == change.before
        if change.after is not None:
            records[change.record_id] = change.after
    for kind in KINDS:
        held = {record.id: to_plain(record) for record in store.list(kind)}
        assert replayed[kind.__name__] == held
