"""Tables a planner edits, and what is prefilled in them."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from data.errors import InputError
from data.figures import load_figures
from data.model import (
    Actor,
    ActorKind,
    College,
    Direction,
    Flow,
    Period,
    PositionPrecision,
)
from data.nomenclature import load_resources
from pages.rounds_parts import prefill, tables
from tests.documents.sample import BIKE, stop

STOPS = (
    stop(1),
    stop(2, windows=(), skip_value_eur=12.5),
    stop(3, name="Cantine <b>n° 3</b>", kg_per_visit=40.5),
)
KNOWN = {one.id: one for one in STOPS}


def test_untouched_tables_give_back_the_same_stops_and_vehicles() -> None:
    """Nothing is lost between the model and the screen, addresses and actors included."""
    assert tables.read_stops(tables.stops_table(STOPS, {}), KNOWN) == STOPS
    van = replace(BIKE, id="van", range_m=None)
    vehicles = (BIKE, van)
    known = {vehicle.id: vehicle for vehicle in vehicles}
    assert tables.read_vehicles(tables.vehicles_table(vehicles), known) == vehicles


def test_only_ticked_stops_are_read() -> None:
    """A stop that is not ticked takes no part, whatever its cells hold."""
    table = tables.stops_table(STOPS, {}, frozenset({"stop-2"}))
    table.loc[0, tables.WINDOWS] = "n’importe quoi"
    assert [one.id for one in tables.read_stops(table, KNOWN)] == ["stop-2"]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (tables.KG, math.nan, "est vide"),
        (tables.SERVICE, None, "est vide"),
        (tables.WINDOWS, "8:00", "n’est pas un créneau"),
        (tables.WINDOWS, "11:00–9:00", "finit avant"),
    ],
)
def test_unreadable_stop_cell_names_column_and_row(column: str, cell: object, said: str) -> None:
    """What cannot be read names the column and the row as the planner sees them."""
    table = tables.stops_table(STOPS, {})
    table.loc[2, column] = cell
    with pytest.raises(InputError, match=said) as caught:
        tables.read_stops(table, KNOWN)
    assert (caught.value.field, caught.value.row) == (column, 3)


def test_new_and_empty_vehicle_rows() -> None:
    """A row added by hand becomes a vehicle; one left empty or counted 0 is ignored."""
    table = tables.vehicles_table([BIKE, replace(BIKE, id="none", count=0)])
    added = tables.vehicles_table([replace(BIKE, id="x", name="Triporteur")]).assign(id=None)
    empty = pd.DataFrame([dict.fromkeys(table.columns)])
    table = pd.concat([table, added, empty.astype(object)], ignore_index=True)
    read = tables.read_vehicles(table, {"bike": BIKE})
    assert [vehicle.name for vehicle in read] == [BIKE.name, "Triporteur"]
    assert len({vehicle.id for vehicle in read}) == 2


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (tables.MODE, None, "choisissez"),
        (tables.COUNT, 1.5, "entier"),
        (tables.SHIFT_START, "tôt", "n’est pas une heure"),
        (tables.SHIFT_END, None, "n’est pas une heure"),
        (tables.CAPACITY_KG, math.nan, "est vide"),
    ],
)
def test_unreadable_vehicle_cell_names_column_and_row(column: str, cell: object, said: str) -> None:
    """What cannot be read in the vehicles names the column and the row."""
    table = tables.vehicles_table([BIKE])
    table[column] = table[column].astype(object)
    table.loc[0, column] = cell
    with pytest.raises(InputError, match=said) as caught:
        tables.read_vehicles(table, {BIKE.id: BIKE})
    assert (caught.value.field, caught.value.row) == (column, 1)


def test_empty_tables_keep_their_columns() -> None:
    """With nothing in the store the editors still know their columns."""
    assert tuple(tables.stops_table([], {}).columns) == tables.STOP_COLUMNS
    assert tables.read_vehicles(tables.vehicles_table([]), {}) == ()


ACTOR: Actor = Actor(
    id="canteen",
    name="Cantine",
    kind=ActorKind.PUBLIC_BODY,
    college=College.PUBLIC,
    commune_code="24037",
    lon=0.48,
    lat=44.85,
    position_precision=PositionPrecision.COMMUNE,
)
KITCHEN = next(one for one in load_resources() if one.id == prefill.DEFAULT_RESOURCE)


def flow(**changes: object) -> Flow:
    """Return 5.2 t a year of kitchen biowaste going out, collected twice a week."""
    values: dict[str, object] = {
        "id": "flow",
        "actor_id": "canteen",
        "direction": Direction.OUT,
        "resource_id": KITCHEN.id,
        "quantity": 5.2,
        "unit": "t",
        "period": Period.YEAR,
        "visits_per_week": 2.0,
    }
    return Flow(**(values | changes))  # type: ignore[arg-type]


def test_stop_made_from_an_actor_spreads_its_yearly_mass() -> None:
    """5.2 t a year at two visits a week is 50 kg a visit, in 0.85 bin of 120 L at 0.5 kg/L."""
    made = prefill.stop_from_actor(ACTOR, [flow()], KITCHEN, load_figures())
    assert made.kg_per_visit == 50
    assert made.containers_per_visit == 0.85
    assert made.visits_per_week == 2
    assert made.service_s == 300


def test_unknown_mass_leaves_the_cell_to_fill() -> None:
    """A quantity nobody knows is an empty cell, never zero; reading it asks for it."""
    made = prefill.stop_from_actor(ACTOR, [flow(quantity=None)], KITCHEN, load_figures())
    assert math.isnan(made.kg_per_visit)
    with pytest.raises(InputError, match="est vide"):
        tables.read_stops(tables.stops_table([made], {}), {made.id: made})


def test_only_actors_with_that_output_and_no_stop_can_be_added() -> None:
    """Inputs, other resources and actors already collected are not proposed."""
    actors = {ACTOR.id: ACTOR}
    out = [flow()]
    assert prefill.without_stop(actors, out, [], KITCHEN.id) == (ACTOR,)
    assert not prefill.without_stop(actors, [flow(direction=Direction.IN)], [], KITCHEN.id)
    assert not prefill.without_stop(actors, [flow(resource_id="cardboard")], [], KITCHEN.id)
    served = stop(1, actor_id="canteen", resource_id=KITCHEN.id)
    assert not prefill.without_stop(actors, out, [served], KITCHEN.id)


def test_kitchen_biowaste_comes_first_among_what_can_be_collected() -> None:
    """The default resource leads, and only resources someone gives are offered."""
    flows = [flow(id="a", resource_id="cardboard"), flow(id="b")]
    offered = prefill.collectable(load_resources(), [], flows)
    assert [one.id for one in offered] == [KITCHEN.id, "cardboard"]


def test_added_stop_keeps_what_was_typed() -> None:
    """Adding a stop leaves every other cell as the planner typed it."""
    table = tables.stops_table(STOPS, {})
    table.loc[0, tables.KG] = 99
    longer = tables.add_stop(table, stop(9), {})
    read = tables.read_stops(longer, KNOWN | {"stop-9": stop(9)})
    assert read[0].kg_per_visit == 99
    assert read[-1] == stop(9)
    assert list(longer[tables.NUMBER]) == [1, 2, 3, 4]
