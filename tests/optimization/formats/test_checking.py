"""The checker sees each kind of tampering, and says where."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optimization.formats.told import told_of
from optimization.formats.verifying import verify
from tests.optimization.formats.files import plain, read, small, solved, vroom_files

FILE = small(
    outlets=[{"id": "quai", "location_index": 0, "unload": 20, "time_windows": [[0, 5000]]}]
)
FILE["jobs"][0]["time_windows"] = [[50, 900]]
FILE["vehicles"] = [
    {**vehicle, "time_window": [0, 4000], "max_trips": 1} for vehicle in FILE["vehicles"]
]
PLAN = solved(FILE)


def _faults(change: Callable[[dict[str, Any]], None]) -> str:
    plan = copy.deepcopy(PLAN)
    change(plan)
    return plain(verify(read(FILE), told_of(plan)))


def _first_job(plan: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in plan["routes"][0]["steps"] if s["type"] == "job")
    return found


def _drop(plan: dict[str, Any]) -> None:
    plan["routes"][0]["steps"].remove(_first_job(plan))


def _double(plan: dict[str, Any]) -> None:
    steps = plan["routes"][0]["steps"]
    steps.insert(2, copy.deepcopy(steps[1]))


def _late(plan: dict[str, Any]) -> None:
    for step in plan["routes"][0]["steps"]:
        step["arrival"] += 3990


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_drop, "ni desservi, ni annoncé"),
        (_double, "desservi 2 fois"),
        (_late, "hors des heures du véhicule"),
        (lambda plan: _first_job(plan).update(arrival=1), "arrivée annoncée à 1"),
        (lambda plan: _first_job(plan).update(service=1), "« service » annoncé 1"),
        (lambda plan: _first_job(plan).update(waiting_time=-1), "attente négative"),
        (lambda plan: _first_job(plan).update(load=[0]), "charge annoncée"),
        (lambda plan: _first_job(plan).update(duration=1), "« duration » annoncée 1"),
        (lambda plan: _first_job(plan).update(id=99), "job 99 n’est pas dans le fichier"),
        (lambda plan: plan["routes"][0].update(vehicle=9), "véhicule 9 : il n’est pas"),
        (lambda plan: plan["routes"][0].update(cost=1), "coût annoncé 1, recalculé"),
        (lambda plan: plan["summary"].update(cost=1), "coût total annoncé 1"),
        (lambda plan: plan["summary"].update(unassigned=3), "3 tâches annoncées"),
        (lambda plan: plan["routes"][1].update(vehicle=plan["routes"][0]["vehicle"]), "2 tournées"),
        (lambda plan: plan["unassigned"].append({"id": 11, "type": "job"}), "annoncé non affecté"),
        (lambda plan: plan["unassigned"].append({"id": 98}), "non affecté"),
        (lambda plan: plan["routes"][0]["steps"].pop(), "« end » manque"),
        (lambda plan: plan["routes"][0]["steps"].pop(-2), "sans avoir déchargé"),
    ],
)
def test_tampering_is_seen(change: Callable[[dict[str, Any]], None], told: str) -> None:
    """And the plan itself has no fault."""
    assert verify(read(FILE), told_of(PLAN)) == []
    assert told in _faults(change)


def test_too_heavy_a_route_is_seen() -> None:
    """Six units ridden at once by a vehicle of four."""
    content = small()
    content["vehicles"][0]["capacity"] = [9]
    plan = solved(content)
    content["vehicles"][0]["capacity"] = [4]
    assert any("pour une capacité de 4" in fault for fault in verify(read(content), told_of(plan)))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"max_tasks": 1}, "tâches, 1 au plus"),
        ({"max_travel_time": 50}, "s de trajet, 50 au plus"),
        ({"time_window": [0, 60]}, "hors des heures"),
        ({"breaks": [{"id": 4, "service": 3}]}, "pauses prises"),
        ({"costs": {"fixed": 9}}, "coût annoncé"),
        ({"speed_factor": 2}, "arrivée annoncée"),
    ],
)
def test_each_rule_of_a_vehicle_is_looked_at(rule: dict[str, Any], told: str) -> None:
    """A plan made without the rule, checked with it."""
    content = small()
    plan = solved(content)
    for vehicle in content["vehicles"]:
        vehicle.update(rule)
    faults = (
        " / ".join(verify(read(content), told_of(plan)))
        .replace("\u202f", " ")
        .replace("\u00a0", " ")
    )
    assert told in faults


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"skills": [3]}, "compétences"),
        ({"time_windows": [[5000, 6000]]}, "hors de"),
        ({"service": 77}, "« service » annoncé"),
    ],
)
def test_each_rule_of_a_job_is_looked_at(rule: dict[str, Any], told: str) -> None:
    """Idem."""
    content = small()
    plan = solved(content)
    content["jobs"][0].update(rule)
    faults = (
        " / ".join(verify(read(content), told_of(plan)))
        .replace("\u202f", " ")
        .replace("\u00a0", " ")
    )
    assert told in faults


def test_a_shipment_must_be_taken_then_brought() -> None:
    """In this order, by one vehicle."""
    content = {
        "vehicles": small()["vehicles"],
        "shipments": [
            {
                "amount": [1],
                "pickup": {"id": 1, "location_index": 1},
                "delivery": {"id": 2, "location_index": 2},
            }
        ],
        "matrices": small()["matrices"],
    }
    plan = solved(content)
    steps = plan["routes"][0]["steps"]
    steps[1], steps[2] = steps[2], steps[1]
    assert any("enlevé avant" in fault for fault in verify(read(content), told_of(plan)))
    del steps[1]
    assert any("pas livré" in fault for fault in verify(read(content), told_of(plan)))


@settings(max_examples=20, deadline=None)
@given(content=vroom_files(rich=False), data=st.data())
def test_a_shifted_arrival_is_always_seen(content: dict[str, Any], data: st.DataObject) -> None:
    """Whichever step but the first, by whatever time."""
    plan = solved(content)
    assume(plan["routes"] and all(v.get("speed_factor", 1) == 1 for v in content["vehicles"]))
    route = data.draw(st.sampled_from(plan["routes"]))
    step = data.draw(st.sampled_from(route["steps"][1:]))
    step["arrival"] += data.draw(st.sampled_from([-7, -1, 1, 60]))
    assert verify(read(content), told_of(plan))
