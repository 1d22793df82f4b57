"""The independent checker: it accepts what is right and sees every kind of lie."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.model import (
    Plan,
    Round,
    Scenario,
    UnservedReason,
    UnservedStop,
    Visit,
    VisitKind,
)
from optimization.check import FaultKind, check_plan
from optimization.planning import propose
from tests.optimization.cases import GRID, HOUR, TEN_STOPS, bike, outlet, scenario, stop, window

PLAN = propose(TEN_STOPS, GRID, solutions=40)
BASE = scenario(
    [
        stop(1, 0, 2, windows=(window(9, 10),)),
        stop(2, 2, 2, kg_per_visit=50.0),
        stop(3, 2, 0, kg_per_visit=40.0),
    ],
    vehicles=(bike(count=1),),
)
BASE_PLAN = propose(BASE, GRID, solutions=40)


def _kinds(plan: Plan, case: Scenario) -> set[FaultKind]:
    return {fault.kind for fault in check_plan(plan, case, GRID)}


def _with_visits(plan: Plan, edit: Callable[[list[Visit]], list[Visit]], row: int = 0) -> Plan:
    """The plan with the visits of one round edited."""
    round_ = plan.rounds[row]
    edited = replace(round_, visits=tuple(edit(list(round_.visits))))
    return replace(plan, rounds=(*plan.rounds[:row], edited, *plan.rounds[row + 1 :]))


def _change(index: int, **changes: float) -> Callable[[list[Visit]], list[Visit]]:
    def edit(visits: list[Visit]) -> list[Visit]:
        visits[index] = replace(visits[index], **changes)
        return visits

    return edit


def _at(plan: Plan, kind: VisitKind) -> int:
    """Place of the first visit of a kind in the first round."""
    return [visit.kind for visit in plan.rounds[0].visits].index(kind)


def test_true_plans_are_accepted() -> None:
    """No fault is invented."""
    assert check_plan(PLAN, TEN_STOPS, GRID) == []
    assert check_plan(BASE_PLAN, BASE, GRID) == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_single_number_changed_is_seen(data: st.DataObject) -> None:
    """Whatever visit and whatever number: one wrong figure is a fault."""
    row = data.draw(st.integers(0, len(PLAN.rounds) - 1))
    index = data.draw(st.integers(0, len(PLAN.rounds[row].visits) - 1))
    field = data.draw(
        st.sampled_from(
            [
                "arrival_s",
                "wait_s",
                "service_s",
                "distance_m",
                "travel_s",
                "load_kg",
                "load_containers",
            ]
        )
    )
    step = data.draw(st.sampled_from([-60, -1, 1, 60]))
    before = getattr(PLAN.rounds[row].visits[index], field)
    mutant = _with_visits(PLAN, _change(index, **{field: before + step}), row)
    assert check_plan(mutant, TEN_STOPS, GRID)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_visit_dropped_repeated_or_swapped_is_seen(data: st.DataObject) -> None:
    """A visit cannot vanish, come twice or change places with the next unnoticed."""
    row = data.draw(st.integers(0, len(PLAN.rounds) - 1))
    index = data.draw(st.integers(0, len(PLAN.rounds[row].visits) - 2))
    how = data.draw(st.sampled_from(["drop", "repeat", "swap"]))

    def edit(visits: list[Visit]) -> list[Visit]:
        if how == "drop":
            return visits[:index] + visits[index + 1 :]
        if how == "repeat":
            return visits[: index + 1] + visits[index:]
        visits[index], visits[index + 1] = visits[index + 1], visits[index]
        return visits

    assert check_plan(_with_visits(PLAN, edit, row), TEN_STOPS, GRID)


def test_a_dropped_stop_is_a_coverage_fault_in_french() -> None:
    """The sentence names the stop."""
    lost = replace(PLAN, rounds=PLAN.rounds[1:])
    messages = [fault.message for fault in check_plan(lost, TEN_STOPS, GRID)]
    assert any("ni desservi ni signalé" in message for message in messages)


def test_a_stop_served_and_listed_is_seen() -> None:
    """Served or left out, not both."""
    both = replace(
        PLAN, unserved=(UnservedStop(stop_id="stop-1", reason=UnservedReason.NO_TIME_LEFT),)
    )
    assert _kinds(both, TEN_STOPS) == {FaultKind.COVERAGE}


def test_a_false_excuse_is_seen() -> None:
    """« Too heavy » is checked against the vehicles."""
    plan = replace(
        PLAN,
        rounds=(),
        cost_eur=0.0,
        bound_eur=None,
        unserved=tuple(
            UnservedStop(stop_id=s.id, reason=UnservedReason.TOO_HEAVY) for s in TEN_STOPS.stops
        ),
    )
    assert _kinds(plan, TEN_STOPS) == {FaultKind.COVERAGE}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"vehicles": (bike(count=1, capacity_kg=49.0),)}, FaultKind.CAPACITY),
        ({"vehicles": (bike(count=1, capacity_containers=0.5),)}, FaultKind.CAPACITY),
        ({"vehicles": (bike(count=1, range_m=3_000),)}, FaultKind.RANGE),
        ({"vehicles": (bike(count=1, shift_end_s=9 * HOUR),)}, FaultKind.SHIFT),
        ({"vehicles": (bike(count=1, shift_start_s=11 * HOUR),)}, FaultKind.SHIFT),
        ({"vehicles": (bike(count=1, speed_kmh=10.0),)}, FaultKind.TIME),
        ({"vehicles": (bike(count=1, cost_eur_per_hour=31.0),)}, FaultKind.COST),
        ({"vehicles": (bike(count=1, cost_eur_per_shift=6.0),)}, FaultKind.COST),
        ({"vehicles": (bike(count=1, cost_eur_per_km=0.2),)}, FaultKind.COST),
        ({"vehicles": (bike(id="tandem"),)}, FaultKind.REFERENCE),
        ({"vehicles": (bike(count=0),)}, FaultKind.FLEET),
        ({"outlets": (outlet(weekly_capacity_kg=109.0),)}, FaultKind.OUTLET),
        ({"outlets": (outlet(resource_ids=("glass",)),)}, FaultKind.OUTLET),
        ({"outlets": (outlet(windows=(window(6, 8),)),)}, FaultKind.WINDOW),
        ({"outlets": (outlet(unload_s=601),)}, FaultKind.TIME),
        ({"outlets": (outlet(1, 1, 1),)}, FaultKind.DISTANCE),
        ({"outlets": (outlet(2),)}, FaultKind.REFERENCE),
        ({"id": "another"}, FaultKind.REFERENCE),
        ({"stops": (*BASE.stops, stop(9, 1, 1))}, FaultKind.COVERAGE),
        ({"stops": BASE.stops[1:]}, FaultKind.REFERENCE),
    ],
)
def test_a_plan_that_no_longer_fits_its_scenario_is_seen(
    changes: dict[str, object], kind: FaultKind
) -> None:
    """A smaller bike, a closed outlet, a dearer hour: the law that breaks is the one named."""
    assert kind in _kinds(BASE_PLAN, replace(BASE, **changes))


def test_windows_of_stops_are_kept_and_waits_are_true() -> None:
    """Arriving after closing time and waiting longer than needed are both faults."""
    closed = replace(BASE.stops[0], windows=(window(8, 8.05),))
    late = replace(BASE, stops=(closed, *BASE.stops[1:]))
    assert FaultKind.WINDOW in _kinds(BASE_PLAN, late)

    def dawdle(visits: list[Visit]) -> list[Visit]:
        index = _at(BASE_PLAN, VisitKind.STOP)
        visits[index] = replace(visits[index], wait_s=visits[index].wait_s + 30)
        return [
            replace(visit, arrival_s=visit.arrival_s + (30 if row > index else 0))
            for row, visit in enumerate(visits)
        ]

    assert FaultKind.WINDOW in _kinds(_with_visits(BASE_PLAN, dawdle), BASE)


def test_same_vehicle_twice_is_seen() -> None:
    """One bike cannot ride two shifts."""
    doubled = replace(PLAN, rounds=(*PLAN.rounds, PLAN.rounds[0]))
    assert FaultKind.FLEET in _kinds(doubled, TEN_STOPS)


@pytest.mark.parametrize(
    "kinds",
    [
        [],
        [VisitKind.START],
        [VisitKind.STOP, VisitKind.UNLOAD, VisitKind.END],
        [VisitKind.START, VisitKind.END],
        [VisitKind.START, VisitKind.STOP, VisitKind.END],
        [VisitKind.START, VisitKind.UNLOAD, VisitKind.STOP, VisitKind.UNLOAD, VisitKind.END],
        [VisitKind.START, VisitKind.STOP, VisitKind.UNLOAD, VisitKind.UNLOAD, VisitKind.END],
        [
            VisitKind.START,
            VisitKind.STOP,
            VisitKind.UNLOAD,
            VisitKind.START,
            VisitKind.STOP,
            VisitKind.UNLOAD,
            VisitKind.END,
        ],
    ],
)
def test_a_round_of_another_shape_is_seen(kinds: list[VisitKind]) -> None:
    """Depot, stops, outlet, depot: no end missing, no empty unloading, no load brought home."""
    ids = {VisitKind.STOP: "stop-1", VisitKind.UNLOAD: "outlet-1"}
    visits = tuple(
        Visit(
            kind=kind,
            place_id=ids.get(kind, "depot"),
            arrival_s=9 * HOUR,
            wait_s=0,
            service_s=0,
            distance_m=0,
            travel_s=0,
            load_kg=0.0,
            load_containers=0.0,
        )
        for kind in kinds
    )
    round_ = Round(vehicle_id="bike", vehicle_number=1, visits=visits)
    plan = replace(BASE_PLAN, rounds=(round_,), bound_eur=None)
    assert FaultKind.SHAPE in _kinds(plan, BASE)


def test_a_bound_above_the_cost_or_a_cost_that_is_no_number_is_seen() -> None:
    """Money is judged too."""
    assert _kinds(replace(PLAN, bound_eur=PLAN.cost_eur + 1), TEN_STOPS) == {FaultKind.COST}
    assert FaultKind.COST in _kinds(replace(PLAN, cost_eur=float("nan")), TEN_STOPS)
    assert _kinds(replace(PLAN, bound_eur=float("nan")), TEN_STOPS) == {FaultKind.COST}
