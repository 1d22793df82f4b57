"""Events as points: own position, town hall, beside one another."""

from hypothesis import given
from hypothesis import strategies as st

from data.model import Commune, Epci, Event, EventKind, Territory
from geo.layers.events import events_layer

HALL = (0.4833, 44.8533)
TERRITORY = Territory(
    name="T",
    epcis=(Epci(code="1", name="E", short_name="E"),),
    communes=(
        Commune(
            code="24037", name="Bergerac", epci_code="1", population=1, area_km2=1.0,
            town_hall_lon=HALL[0], town_hall_lat=HALL[1], boundary_wkb=b"",
        ),
    ),
)  # fmt: skip


def event(name: str, **fields: object) -> Event:
    """Return one event."""
    made: dict[str, object] = {"id": name, "name": name, "day": "2026-03-01"}
    return Event(**{**made, **fields})  # type: ignore[arg-type]


def test_own_position_or_town_hall() -> None:
    """An event is drawn where it says, or at its commune's town hall, or not at all."""
    found = events_layer(
        [
            event("here", lon=0.5, lat=44.9, attendance=12, kind=EventKind.VISIT),
            event("hall", commune_code="24037"),
            event("nowhere", commune_code="99999"),
        ],
        TERRITORY,
    )["features"]
    at = {one["id"]: one["geometry"]["coordinates"] for one in found}
    assert at == {"here": [0.5, 44.9], "hall": list(HALL)}
    known = {one["id"]: one["properties"] for one in found}
    assert known["hall"]["approximate"] is True
    assert known["hall"]["commune"] == "Bergerac"
    assert (known["here"]["attendance"], known["here"]["kind"]) == (12, "visit")


@given(st.lists(st.sampled_from(["2026-01-01", "2026-02-01", "2026-03-01"]), max_size=30))
def test_no_event_hides_another(days: list[str]) -> None:
    """Events of one town hall all have a place of their own, within a few hundred metres."""
    events = [event(f"e{n}", day=day, commune_code="24037") for n, day in enumerate(days)]
    found = events_layer(events, TERRITORY)["features"]
    places = {tuple(one["geometry"]["coordinates"]) for one in found}
    assert len(places) == len(found) == len(days)
    assert all(abs(lon - HALL[0]) < 0.006 and abs(lat - HALL[1]) < 0.006 for lon, lat in places)
    assert [one["properties"]["day"] for one in found] == sorted(days)
    assert events_layer(reversed(events), TERRITORY)["features"] == found
