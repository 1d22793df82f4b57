"""Finer rules, changes on trial and choices kept: the parts of the page without a screen."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from data.errors import InputError
from data.model import Lock, Outlet, Round, Stop, TravelMode, Vehicle, Visit, VisitKind
from optimization.planning import propose
from optimization.why.changes import Change, Lever
from optimization.why.words import say_change
from pages.rounds_parts import choices, outlet_table, rules, tables
from pages.rounds_parts.around import seat_names
from pages.rounds_parts.outlet_table import outlets_table, read_outlets
from pages.rounds_parts.state import EditedTable, Form, Shown
from pages.rounds_parts.trying import apply_change, spare_vehicles, take_back
from tests.documents.sample import BIKE, stop
from tests.optimization.cases import GRID, HOUR, bike, outlet, scenario, van, window
from tests.optimization.cases import stop as place

RICH_STOP = stop(
    7,
    service_s_per_container=45.5,
    priority=3,
    modes=(TravelMode.BIKE,),
    vehicle_ids=("bike", "van"),
)
RICH_BIKE = replace(
    BIKE,
    depot_id="north",
    end_depot_id="east",
    max_stops=9,
    max_trips=2,
    break_s=1800,
    break_from_s=11 * HOUR,
    break_until_s=13 * HOUR,
    recharge_s=1500,
)


def test_finer_rules_come_back_as_they_were() -> None:
    """Untouched, every rule of stops, vehicles and outlets is read as it was written."""
    stops = (RICH_STOP, stop(8, modes=(TravelMode.BIKE, TravelMode.VAN)))
    known = {one.id: one for one in stops}
    assert tables.read_stops(tables.stops_table(stops, {}), known) == stops
    table = tables.vehicles_table([RICH_BIKE, BIKE])
    assert tables.read_vehicles(table, {BIKE.id: RICH_BIKE})[0] == RICH_BIKE
    outlets = [
        outlet(1, windows=(window(8, 12),), weekly_capacity_kg=900.0, charging=True),
        outlet(2, vehicle_ids=("bike",)),
    ]
    by_id = {one.id: one for one in outlets}
    assert read_outlets(outlets_table(outlets), by_id) == by_id


def test_rules_in_use_are_named_and_idle_ones_are_not() -> None:
    """Ordinary stops and vehicles use none; rich ones name each column."""
    assert rules.in_use(tables.stops_table([stop(1)], {})) == []
    assert rules.in_use(tables.vehicles_table([BIKE])) == []
    stops = rules.in_use(tables.stops_table([RICH_STOP], {}))
    assert stops == [rules.PER_CONTAINER, rules.PRIORITY, rules.ACCESS, rules.ADMITTED]
    assert rules.in_use(tables.vehicles_table([RICH_BIKE])) == list(rules.VEHICLE_RULES)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (rules.MAX_STOPS, 2.5, "entier"),
        (rules.MAX_TRIPS, 0.0, "au moins 1"),
        (rules.BREAK_SPAN, "midi", "n’est pas un créneau"),
        (rules.BREAK_SPAN, "", "entre quelles heures"),
        (rules.BREAK_SPAN, "11:00–12:00 ; 13:00–14:00", "entre quelles heures"),
    ],
)
def test_unreadable_rule_names_column_and_row(column: str, cell: object, said: str) -> None:
    """A bad cell of the finer rules says which, on which row, and what to write."""
    table = tables.vehicles_table([BIKE, RICH_BIKE])
    table.loc[1, column] = cell
    with pytest.raises(InputError, match=said) as caught:
        tables.read_vehicles(table, {BIKE.id: BIKE})
    assert (caught.value.field, caught.value.row) == (column, 2)


def test_a_vehicle_that_a_rule_names_stays_known_when_there_are_none() -> None:
    """A stop for the van only keeps the van known at 0, so that the plan says « no access »."""
    table = tables.vehicles_table([BIKE, van(count=0)])
    known = {BIKE.id: BIKE, "van": van()}
    assert [one.id for one in tables.read_vehicles(table, known)] == [BIKE.id]
    kept = tables.numbered_vehicles(table, known, frozenset({"van"}))
    assert [(number, one.count) for number, one in kept] == [(1, BIKE.count), (2, 0)]


CASE = scenario(
    [
        place(1, 0, 1, windows=(window(8, 10),)),
        place(2, 0, 2, modes=(TravelMode.VAN,), skip_value_eur=2.0),
    ],
    vehicles=(bike(range_m=20_000, max_stops=3, max_trips=1),),
    outlets=(outlet(windows=(window(8, 11),), weekly_capacity_kg=50.0),),
    locks=(Lock(stop_ids=("stop-1",), vehicle_id="bike"),),
)


def form_for(spare: int = 0) -> Form:
    """Return the form of that scenario, with a van counted ``spare``."""
    vehicles = (*CASE.vehicles, van(count=spare))
    return Form(
        resource_id=CASE.resource_id,
        stops=EditedTable.of(tables.stops_table(CASE.stops, {})),
        vehicles=EditedTable.of(tables.vehicles_table(vehicles)),
        known_stops={one.id: one for one in CASE.stops},
        known_vehicles={one.id: one for one in vehicles},
        depots={CASE.depot.id: CASE.depot},
        outlets={one.id: one for one in CASE.outlets},
        depot_id=CASE.depot.id,
        outlet_ids=[one.id for one in CASE.outlets],
        sites=EditedTable.of(outlets_table(CASE.outlets)),
        locks=CASE.locks,
    )


def shown() -> Shown:
    """Return a plan of that scenario, on screen."""
    return Shown(propose(CASE, GRID, solutions=5), CASE)


Holds = Callable[[Form], bool]
CHANGES: list[tuple[Lever, str, float, Holds]] = [
    (Lever.SHIFT_LATER, "bike", 30.0, lambda f: _vehicle(f).shift_end_s == 12.5 * HOUR),
    (Lever.SHIFT_EARLIER, "bike", 30.0, lambda f: _vehicle(f).shift_start_s == 7.5 * HOUR),
    (Lever.CAPACITY_KG, "bike", 20.0, lambda f: _vehicle(f).capacity_kg == 120.0),
    (Lever.CONTAINERS, "bike", 2.0, lambda f: _vehicle(f).capacity_containers == 8.0),
    (Lever.RANGE, "bike", 6.0, lambda f: _vehicle(f).range_m == 26_000),
    (Lever.MAX_STOPS, "bike", 1.0, lambda f: _vehicle(f).max_stops == 4),
    (Lever.MAX_TRIPS, "bike", 1.0, lambda f: _vehicle(f).max_trips == 2),
    (Lever.VEHICLE, "bike", 1.0, lambda f: _vehicle(f).count == 3),
    (Lever.VEHICLE, "van", 1.0, lambda f: len(_vehicles(f)) == 2),
    (Lever.WINDOW_LATER, "stop-1", 30.0, lambda f: _stop(f, 0).windows == (window(8, 10.5),)),
    (Lever.WINDOW_EARLIER, "stop-1", 30.0, lambda f: _stop(f, 0).windows == (window(7.5, 10),)),
    (Lever.ACCESS, "stop-2", 1.0, lambda f: _stop(f, 1).modes == ()),
    (Lever.VALUE, "stop-2", 3.5, lambda f: _stop(f, 1).skip_value_eur == 5.5),
    (Lever.LOCK, "stop-1", 1.0, lambda f: f.locks == ()),
    (Lever.OUTLET_KG, "outlet-1", 20.0, lambda f: _outlet(f).weekly_capacity_kg == 70.0),
    (Lever.OUTLET_LATER, "outlet-1", 30.0, lambda f: _outlet(f).windows == (window(8, 11.5),)),
    (Lever.OUTLET_EARLIER, "outlet-1", 30.0, lambda f: _outlet(f).windows == (window(7.5, 11),)),
    (Lever.OUTLET_ACCEPTS, "outlet-1", 1.0, lambda f: len(_outlet(f).resource_ids) == 2),
]


def _vehicles(form: Form) -> tuple[Vehicle, ...]:
    return tables.read_vehicles(form.vehicles.edited, form.known_vehicles)


def _vehicle(form: Form) -> Vehicle:
    return _vehicles(form)[0]


def _stop(form: Form, at: int) -> Stop:
    return tables.read_stops(form.stops.edited, form.known_stops)[at]


def _outlet(form: Form) -> Outlet:
    return read_outlets(form.sites.edited, form.outlets)["outlet-1"]


@pytest.mark.parametrize(
    ("lever", "subject", "amount", "holds"), CHANGES, ids=[f"{c[0]}-{c[1]}" for c in CHANGES]
)
def test_a_change_on_trial_moves_its_cell_and_can_be_taken_back(
    lever: Lever,
    subject: str,
    amount: float,
    holds: Holds,
) -> None:
    """Each lever is said in French, changes the form as it says, and leaves no trace behind."""
    before, seen = form_for(), shown()
    change = Change(lever=lever, subject_id=subject, amount=amount)
    said = say_change(change, CASE, spare=spare_vehicles(before))
    assert "«" in said
    assert not holds(before)
    tried = apply_change(before, change, seen, "stop-2")
    assert holds(tried)
    back = take_back(tried)
    assert back is before
    assert not holds(back)
    assert back.version > tried.version


def test_every_lever_is_tried_above() -> None:
    """A lever added without its cell would be noticed here."""
    assert {change[0] for change in CHANGES} == set(Lever)


def _round(number: int, *trips: tuple[str, ...]) -> Round:
    visits = [(VisitKind.START, "depot")]
    for trip in trips:
        visits += [(VisitKind.STOP, id_) for id_ in trip] + [(VisitKind.UNLOAD, "outlet")]
    visits.append((VisitKind.END, "depot"))
    return Round(
        vehicle_id="bike",
        vehicle_number=number,
        visits=tuple(
            Visit(
                kind=kind,
                place_id=id_,
                arrival_s=0,
                wait_s=0,
                service_s=0,
                distance_m=0,
                travel_s=0,
                load_kg=0.0,
                load_containers=0.0,
            )
            for kind, id_ in visits
        ),
    )


FIRST, SECOND = _round(1, ("a", "b"), ("c",)), _round(2, ("d", "e"))


def test_a_round_is_kept_trip_by_trip_and_freed_whole() -> None:
    """Keeping makes one lock an unloading, on that very vehicle; freeing leaves none."""
    kept = choices.keep_round((), FIRST)
    assert [lock.stop_ids for lock in kept] == [("a", "b"), ("c",)]
    assert {(lock.vehicle_id, lock.vehicle_number) for lock in kept} == {("bike", 1)}
    assert choices.is_kept(kept, FIRST)
    assert not choices.is_kept(kept, SECOND)
    assert choices.keep_round(kept, FIRST) == kept
    assert choices.release_round(kept, FIRST) == ()


def test_a_stop_is_never_imposed_twice() -> None:
    """Placing a stop takes it out of the round kept; keeping the round takes it back."""
    locks = choices.place_stop(choices.keep_round((), FIRST), "b", "bike", 2)
    held = [id_ for lock in locks for id_ in lock.stop_ids]
    assert sorted(held) == ["a", "b", "c"]
    assert not choices.is_kept(locks, FIRST)
    again = choices.keep_round(locks, FIRST)
    assert choices.is_kept(again, FIRST)
    assert sorted(id_ for lock in again for id_ in lock.stop_ids) == ["a", "b", "c"]
    assert choices.placed(again, [FIRST, SECOND]) == ()
    alone = choices.place_stop(again, "d", "bike", 1)
    assert [lock.stop_ids for lock in choices.placed(alone, [FIRST, SECOND])] == [("d",)]


def test_seats_are_named_by_their_round() -> None:
    """Vehicles on the road come first, by round; those that stay in are new rounds."""
    plan = shown().plan
    names = list(seat_names(plan, CASE).values())
    assert names[0] == "Tournée 1\u202f: Vélo n°\u202f1"
    assert names[1:] == ["Nouvelle tournée\u202f: Vélo n°\u202f2"]


def test_an_empty_outlet_cell_is_named() -> None:
    """An unloading time left empty is asked for, by column and row."""
    table = outlets_table([outlet(1), outlet(2)])
    table.loc[1, outlet_table.UNLOAD] = math.nan
    with pytest.raises(InputError, match="est vide") as caught:
        read_outlets(table, {"outlet-1": outlet(1), "outlet-2": outlet(2)})
    assert (caught.value.field, caught.value.row) == (outlet_table.UNLOAD, 2)
