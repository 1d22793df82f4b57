"""All or nothing, one writer at a time."""

import dataclasses
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from data.errors import CartofluxError, ConflictError, InputError
from data.model import Actor, Flow
from data.store import Store, engine
from tests.store.samples import BIOWASTE, actor, content, flow, put


class _Oops(Exception):  # noqa: N818
    """Something unexpected in the middle of a write."""


def test_exception_leaves_everything_as_before(store: Store) -> None:
    """Whatever happened before the exception is forgotten, audit and revision included."""
    kept = put(store, BIOWASTE, actor(), flow())[1]
    before, revision = content(store), store.revision()

    def fail() -> None:
        with store.transaction(who="Camille", what="Ratage") as tx:
            tx.put(actor("new"))
            tx.put(dataclasses.replace(kept, name="Autre"))
            tx.delete(Flow, "marc")
            tx.set_setting("demo", True)
            raise _Oops

    with pytest.raises(_Oops):
        fail()
    assert content(store) == before
    assert store.revision() == revision
    assert {change.what for change in store.history()} == {"Saisie"}


def test_caught_error_leaves_no_half_write(store: Store) -> None:
    """A call that fails inside a transaction writes nothing, even when its error is caught."""
    with store.transaction(who="Camille", what="Import") as tx:
        with pytest.raises(InputError):
            tx.put_all([BIOWASTE, actor("a"), flow(actor_id="ghost")])
        assert tx.count(Actor) == 0
        assert tx.id is None
        tx.put(actor("b"))
    assert [a.id for a in store.list(Actor)] == ["b"]
    assert [c.record_id for c in store.history()] == ["b"]


def test_transaction_sees_its_own_writes(store: Store) -> None:
    """Inside, reads see the writes; outside, nothing shows before the end."""
    with store.transaction(who="Camille", what="Saisie") as tx:
        tx.put(actor())
        assert tx.get(Actor, "chai").revision == 1
        assert [a.id for a in tx.list(Actor, commune_code="24037")] == ["chai"]
        assert store.count(Actor) == 0
        assert store.revision() == 0
    assert store.count(Actor) == 1


def test_empty_transaction_writes_nothing(store: Store) -> None:
    """A transaction that puts nothing leaves no trace."""
    with store.transaction(who="Camille", what="Rien") as tx:
        tx.put_all([])
        tx.delete_all(Actor, [])
    assert store.revision() == 0
    assert store.transactions() == ()


def test_revision_grows(store: Store, opened: Callable[[], Store]) -> None:
    """The revision grows at every write, and every opening of the database sees it."""
    other = opened()
    seen = [other.revision()]
    for i in range(3):
        put(store, actor(f"a{i}"))
        seen.append(other.revision())
    with store.transaction(who="Camille", what="Réglage") as tx:
        tx.set_setting("demo", False)
    seen.append(other.revision())
    assert seen == sorted(set(seen))


def test_write_inside_a_write(store: Store) -> None:
    """A second transaction opened inside the first says so instead of waiting for ever."""
    with (
        store.transaction(who="Camille", what="Une"),
        pytest.raises(CartofluxError, match="déjà en cours"),
        store.transaction(who="Camille", what="Deux"),
    ):
        pass
    put(store, actor())


@pytest.mark.parametrize(("who", "what"), [("", "Saisie"), ("Camille", " "), ("\x00", "Saisie")])
def test_who_and_what_are_required(store: Store, who: str, what: str) -> None:
    """Nothing is written anonymously or without a reason."""
    with pytest.raises(InputError), store.transaction(who=who, what=what):
        pass


def test_locked_database(opened: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that waits too long for another gets a French sentence; readers never wait."""
    monkeypatch.setattr(engine, "WAIT_S", 0.05)
    first, second = opened(), opened()
    with first.transaction(who="Camille", what="Longue saisie") as tx:
        tx.put(actor())
        assert second.count(Actor) == 0
        with pytest.raises(CartofluxError, match="occupée"):
            put(second, actor("other"))
    put(second, actor("other"))


def test_concurrent_writers_never_lose_an_update(store: Store, opened: Callable[[], Store]) -> None:
    """Threads that read, then write, then try again on conflict add up exactly."""
    put(store, actor(description="0"))
    other = opened()
    conflicts: list[ConflictError] = []
    barrier = threading.Barrier(4)

    def add(mine: Store) -> None:
        barrier.wait()
        for _ in range(5):
            while True:
                now = mine.get(Actor, "chai")
                more = dataclasses.replace(now, description=str(int(now.description) + 1))
                try:
                    put(mine, more)
                    break
                except ConflictError as error:
                    conflicts.append(error)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, [store, other, store, other]))
    final = store.get(Actor, "chai")
    assert (final.description, final.revision) == ("20", 21)
    assert store.revision() == 21
    assert len(store.history(Actor, "chai")) == 21


def test_simultaneous_edits_of_one_revision(store: Store) -> None:
    """Of several people who edit the same revision, exactly one wins."""
    seen = put(store, actor())
    barrier = threading.Barrier(4)

    def edit(name: str) -> str:
        barrier.wait()
        try:
            put(store, dataclasses.replace(seen, name=name))
        except ConflictError:
            return ""
        return name

    with ThreadPoolExecutor(4) as pool:
        winners = [name for name in pool.map(edit, "ABCD") if name]
    assert len(winners) == 1
    assert store.get(Actor, "chai").name == winners[0]


def test_list_is_one_state(store: Store) -> None:
    """A reader sees each transaction whole: never one half of a pair."""
    done = threading.Event()
    halves: list[Any] = []

    def watch() -> None:
        while not done.is_set():
            if len(store.list(Actor)) % 2:
                halves.append(store.list(Actor))

    reader = threading.Thread(target=watch)
    reader.start()
    for i in range(15):
        with store.transaction(who="Camille", what="Paire") as tx:
            tx.put(actor(f"a{i}"))
            tx.put(actor(f"b{i}"))
    done.set()
    reader.join()
    assert halves == []
