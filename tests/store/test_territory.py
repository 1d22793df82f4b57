"""The territory in the store."""

import dataclasses

import pytest
from hypothesis import given

from data.errors import ConflictError, InputError
from data.model import Commune, Epci, Territory
from data.store import Store
from tests import strategies
from tests.store.samples import LAW


def commune(code: str = "24037", **fields: object) -> Commune:
    """Make a commune."""
    given: dict[str, object] = {
        "name": "Bergerac",
        "epci_code": "200040400",
        "population": 26_000,
        "area_km2": 56.1,
        "town_hall_lon": 0.48,
        "town_hall_lat": 44.85,
        "boundary_wkb": b"\x01\x03\x00\xff",
    }
    return Commune(code=code, **(given | fields))  # type: ignore[arg-type]


TERRITORY = Territory(
    name="Grand Bergeracois",
    epcis=(Epci(code="2", name="Deux", short_name="D"), Epci(code="1", name="Un", short_name="U")),
    communes=(commune("24037"), commune("24001")),
    neighbours=(commune("33001", epci_code=""),),
    population_vintage="2023",
    boundary_vintage="2026",
    sources=("INSEE", "IGN"),
)


def test_none_at_first(store: Store) -> None:
    """An empty store has no territory."""
    assert store.territory() is None


def test_saved_and_read_back(store: Store) -> None:
    """A territory comes back equal, in the same order, boundaries byte for byte."""
    store.save_territory(TERRITORY, who="Camille")
    assert store.territory() == TERRITORY


@LAW
@given(strategies.territories())
def test_any_territory(store: Store, territory: Territory) -> None:
    """Any territory replaces the former one entirely."""
    store.save_territory(territory, who="Camille")
    assert store.territory() == territory


def test_replacing_is_audited(store: Store) -> None:
    """Each replacement raises the revision and leaves a summary, not megabytes of outlines."""
    store.save_territory(TERRITORY, who="Camille")
    store.save_territory(dataclasses.replace(TERRITORY, neighbours=()), who="Dominique")
    second, first = store.history(Territory)
    assert (first.action, second.action, second.who) == ("create", "update", "Dominique")
    assert second.before == first.after
    assert second.after is not None
    assert (second.after["communes"], second.after["neighbours"]) == (2, 0)
    assert store.revision() == 2


def test_replacing_is_not_undone(store: Store) -> None:
    """Undoing a territory is refused with a way out."""
    store.save_territory(TERRITORY, who="Camille")
    with pytest.raises(ConflictError, match="rechargez l’ancien"):
        store.undo(store.revision(), who="Camille")
    assert store.territory() == TERRITORY


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"town_hall_lat": 444.85}, "latitude de la mairie"),
        ({"population": -1}, "population"),
        ({"area_km2": float("nan")}, "superficie"),
        ({"code": " "}, "code"),
        ({"boundary_wkb": "POINT(0 0)"}, "contour"),
    ],
)
def test_bad_commune(store: Store, bad: dict[str, object], field: str) -> None:
    """A commune with an impossible value is refused by name; the former territory stays."""
    store.save_territory(TERRITORY, who="Camille")
    wrong = dataclasses.replace(TERRITORY, communes=(commune(**bad),))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="Bergerac") as caught:
        store.save_territory(wrong, who="Camille")
    assert caught.value.field == field
    assert store.territory() == TERRITORY


def test_twice_the_same_commune(store: Store) -> None:
    """A commune listed twice is refused before anything is written."""
    wrong = dataclasses.replace(TERRITORY, communes=(commune(), commune()))
    with pytest.raises(InputError, match="24037"):
        store.save_territory(wrong, who="Camille")
    assert store.territory() is None
