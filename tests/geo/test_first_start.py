"""The first start fills an empty store, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from data import demo
from data.errors import InputError
from data.model import Actor, Flow, Resource, Territory
from data.nomenclature import load_resources
from data.settings import Settings, read_settings
from data.store import Store, open_store
from geo.first_start import prepare
from geo.territory import write_territory


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the default settings on a database of the test's own."""
    return replace(read_settings(), database_url=f"sqlite:///{tmp_path / 'test.db'}")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """Return an empty store."""
    with open_store(settings.database_url) as opened:
        yield opened


def test_an_empty_store_is_filled(store: Store, settings: Settings, territory: Territory) -> None:
    """After the first start there are a territory, a nomenclature, actors and flows."""
    prepare(store, settings)
    assert store.territory() == territory
    assert store.list(Resource) == tuple(sorted(load_resources(), key=lambda r: r.id))
    assert store.count(Actor) == len(demo.load_demo().actors) > 100
    assert store.count(Flow) == len(demo.load_demo().flows)


def test_a_second_start_writes_nothing(store: Store, settings: Settings) -> None:
    """Preparing a ready store changes no record and leaves no line in the history."""
    prepare(store, settings)
    before = store.revision()
    prepare(store, settings)
    assert store.revision() == before


def test_sessions_that_start_together(store: Store, settings: Settings) -> None:
    """Eight sessions at once, over two doors to one database, load everything once."""
    with open_store(settings.database_url) as other, ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(prepare, s, settings) for s in (store, other) * 4]:
            future.result()
    assert store.count(Actor) == len(demo.load_demo().actors)
    loads = [c for c in store.transactions() if "démonstration" in c.what]
    assert len(loads) == 1


def test_a_removed_demonstration_does_not_come_back(store: Store, settings: Settings) -> None:
    """Once taken away, the demonstration stays away at the next start."""
    prepare(store, settings)
    demo.remove(store, who="test")
    assert store.count(Actor) == 0
    prepare(store, settings)
    assert store.count(Actor) == 0


def test_no_demonstration_on_request(store: Store, settings: Settings) -> None:
    """Without the demonstration there is a territory and no actor; it may be asked for later."""
    prepare(store, replace(settings, load_demo=False))
    assert store.territory() is not None
    assert store.count(Actor) == 0
    prepare(store, settings)
    assert store.count(Actor) > 0


def test_a_newer_nomenclature_is_taken_in(store: Store, settings: Settings) -> None:
    """An entry that changed since the last start is brought up to date, and only that one."""
    prepare(store, settings)
    first = load_resources()[0]
    with store.transaction(who="test", what="Ancienne version") as tx:
        tx.put(replace(first, name="Ancien nom"))
    prepare(store, settings)
    assert store.get(Resource, first.id) == first
    assert len(store.history(transaction_id=store.revision())) == 1


def test_another_territory_starts_without_the_demonstration(
    store: Store, settings: Settings, squares: Territory, tmp_path: Path
) -> None:
    """A territory elsewhere is loaded as it is, without actors standing in the void."""
    path = tmp_path / "squares.gpkg"
    write_territory(squares, path)
    prepare(store, replace(settings, territory_path=path))
    assert store.territory() == squares
    assert store.count(Actor) == 0


def test_a_missing_territory_file_says_what_to_do(store: Store, settings: Settings) -> None:
    """Without its territory the application says which command builds it."""
    with pytest.raises(InputError, match="build-territory"):
        prepare(store, replace(settings, territory_path=Path("absent.gpkg")))
