"""Whatever the file, its plan is right."""

from collections import Counter
from typing import Any

from hypothesis import given, settings

from optimization.formats.told import told_of
from optimization.formats.verifying import verify
from tests.optimization.formats.files import read, small, solved, vroom_files


@settings(max_examples=40, deadline=None)
@given(content=vroom_files())
def test_every_task_is_served_once_or_explained(content: dict[str, Any]) -> None:
    """And the checker, which knows the file only, agrees with all that is written."""
    plan = solved(content)
    told = told_of(plan)
    assert verify(read(content), told) == []
    served = Counter(
        (step.type, step.id)
        for route in told.routes
        for step in route.steps
        if step.type in {"job", "pickup", "delivery"}
    )
    spared = Counter(told.unassigned)
    wanted = [("job", job["id"]) for job in content["jobs"]]
    for pair in content.get("shipments", []):
        wanted += [("pickup", pair["pickup"]["id"]), ("delivery", pair["delivery"]["id"])]
    assert served + spared == Counter(wanted)
    assert all(one["reason"] for one in plan["unassigned"])
    for route in plan["routes"]:
        capacity = next(v["capacity"] for v in content["vehicles"] if v["id"] == route["vehicle"])
        for step in route["steps"]:
            assert all(load <= most for load, most in zip(step["load"], capacity, strict=True))
    if plan["bound"]["value"] is not None:
        assert plan["bound"]["value"] <= plan["summary"]["cost"] + 1e-6


def test_a_vehicle_without_room_is_no_division_by_zero() -> None:
    """What weighs nothing is served; the rest is explained."""
    content = small()
    for vehicle in content["vehicles"]:
        vehicle["capacity"] = [0]
    content["jobs"][0]["pickup"] = [0]
    plan = solved(content)
    assert plan["indicators"]["served"] == 1
    assert plan["bound"]["value"] == plan["summary"]["cost"] == 200


def test_limits_that_are_none_do_not_keep_the_bound_searching() -> None:
    """Once a range of 2**53 m was a coefficient of the linear programme, which never ended."""
    site = {"location_index": 2, "weekly_capacity": 9}
    ends: list[dict[str, Any]] = [
        {"capacity": [9, 7], "end_index": 0, "time_window": [1000, 3684]},
        {"capacity": [5, 7], "start_index": 1, "end_index": 1, "time_window": [1000, 2000]},
        {"capacity": [5, 3], "start_index": 1},
    ]
    loads = [(2, [2, 4]), (1, [3, 0]), (1, [1, 3]), (2, [2, 5])]
    plan = solved(
        {
            "vehicles": [{"id": n, "max_tasks": 2, **end} for n, end in enumerate(ends)],
            "jobs": [
                {"id": n, "location_index": row, "pickup": load}
                for n, (row, load) in enumerate(loads)
            ],
            "outlets": [{"id": 1, **site}, {"id": 2, "unload": 200, **site}],
            "matrices": {"car": {"durations": [[0, 828, 170], [226, 0, 58], [271, 309, 0]]}},
        }
    )
    assert plan["bound"]["value"] <= plan["summary"]["cost"]
