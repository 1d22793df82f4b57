"""What all sessions share of the store."""

from pathlib import Path

import pytest

from data.model import Card, Side, Workshop
from pages.ui.session import shared_store, snapshot
from tests.store.samples import actor


@pytest.fixture(autouse=True)
def _own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a database of its own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'essai.db'}")
    monkeypatch.setenv("CARTOFLUX_DEMO", "0")


def test_workshop_cards_leave_the_snapshot_alone() -> None:
    """Cards arriving from phones do not make every page read actors and flows again."""
    store, before = shared_store(), snapshot()
    with store.transaction(who="essai", what="atelier") as tx:
        tx.put(Workshop(id="a", name="Atelier", day="2026-11-23", code="PALETTE"))
        tx.put(Card(id="c", workshop_id="a", company="Chai", side=Side.OFFER, label="palettes"))
    assert snapshot() is before


def test_new_actor_is_seen_at_once() -> None:
    """An actor written between two pages is on the next one, even among cards."""
    store, before = shared_store(), snapshot()
    with store.transaction(who="essai", what="atelier") as tx:
        tx.put(Workshop(id="a", name="Atelier", day="2026-11-23", code="PALETTE"))
    snapshot()
    with store.transaction(who="essai", what="acteur") as tx:
        tx.put(actor())
    assert snapshot().key != before.key
    assert "chai" in snapshot().actor
