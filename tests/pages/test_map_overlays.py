"""The optional layers of the map page: nothing while off, tables and confidentiality when on."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from data.model import Event, Synergy, Visibility
from data.store import Store
from pages.map_parts import overlays
from tests.pages.data_visit import filled, messages, run, store, visit

__all__ = ["filled", "store"]

pytestmark = pytest.mark.usefixtures("store")


def table(app: AppTest, column: str) -> list[str]:
    """Return a column of the table that has it; empty when there is no such table."""
    found = [one.value for one in app.dataframe if column in one.value.columns]
    return list(found[0][column]) if found else []


def test_off_they_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no layer asked for, their records are not even read."""

    def refuse() -> Store:
        raise AssertionError("the store was asked for events")

    monkeypatch.setattr(overlays, "get_store", refuse)
    app = visit("carte")
    assert not table(app, "Temps fort")
    assert not table(app, "Synergie")


def test_events_are_in_a_table(store: Store) -> None:
    """A link with the layer shows every event that has a place, and another choice is kept."""
    app = visit("carte", couches="temps-forts")
    assert set(table(app, "Temps fort")) == {one.name for one in store.list(Event)}
    app.pills(key="map-epci").set_value("200034833")
    run(app)
    assert len(table(app, "Temps fort")) == 1
    params = {key: str(value) for key, value in dict(app.query_params).items()}
    assert "temps-forts" in params["couches"]
    assert "200034833" in params["epci"]


def test_unknown_layers_are_ignored() -> None:
    """An address with an unknown layer opens the map without it."""
    app = visit("carte", couches="autre,temps-forts,,")
    assert list(app.pills(key="map-layers").value or ()) == ["temps-forts"]


def test_synergies_follow_the_viewer(store: Store) -> None:
    """The public sees public synergies only; how many are kept back is said."""
    everybody = [one for one in store.list(Synergy) if one.visibility is Visibility.PUBLIC]
    ours = [one for one in store.list(Synergy) if one.visibility is Visibility.NETWORK]
    secret, kept_back, public = everybody[0], everybody[1], ours[0]
    with store.transaction(who="test", what="Visibilités") as tx:
        tx.put(replace(secret, visibility=Visibility.CONFIDENTIAL))
        tx.put(replace(kept_back, visibility=Visibility.NETWORK))
        tx.put(replace(public, visibility=Visibility.PUBLIC))
    app = visit("carte", couches="synergies")
    shown = {public.title, *(one.title for one in everybody[2:])}
    assert set(table(app, "Synergie")) == shown
    assert "réservées à d’autres vues" in messages(app.caption)
