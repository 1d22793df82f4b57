"""VROOM's documented rules, one by one, on files small enough to reckon by hand."""

from typing import Any

import pytest

from optimization.formats.told import told_of
from optimization.formats.verifying import verify
from tests.optimization.formats.files import line, read, small, solved

ENDS = {"start_index": 0, "end_index": 0}


def _car(matrix: list[list[int]], **others: Any) -> dict[str, Any]:
    return {"car": {"durations": matrix, **others}}


def _steps(plan: dict[str, Any], route: int = 0) -> list[tuple[str, Any]]:
    return [(step["type"], step.get("id")) for step in plan["routes"][route]["steps"]]


def test_the_documentation_s_matrix_example_has_its_cost() -> None:
    """Two jobs, a start, another end and the old key « matrix »: 5 461 seconds, in that order."""
    plan = solved(
        {
            "vehicles": [{"id": 0, "start_index": 0, "end_index": 3}],
            "jobs": [{"id": 1414, "location_index": 1}, {"id": 1515, "location_index": 2}],
            "matrix": [
                [0, 2104, 197, 1299],
                [2103, 0, 2255, 3152],
                [197, 2256, 0, 1102],
                [1299, 3153, 1102, 0],
            ],
        }
    )
    assert plan["summary"]["cost"] == 5461
    assert plan["summary"]["duration"] == 5461
    assert _steps(plan) == [("start", None), ("job", 1414), ("job", 1515), ("end", None)]
    assert [step["arrival"] for step in plan["routes"][0]["steps"]] == [0, 2104, 4359, 5461]


def test_the_documentation_s_road_example_is_planned_from_coordinates() -> None:
    """Vehicles with skills and breaks, deliveries, a pickup and a shipment: all of it is read."""
    home = {"start": [2.35044, 48.71764], "end": [2.35044, 48.71764], "capacity": [4]}
    plan = solved(
        {
            "vehicles": [
                {
                    **home,
                    "id": one,
                    "skills": [one, 14],
                    "time_window": [28800, 43200],
                    "speed_factor": 2.5,
                    "breaks": [
                        {"id": one, "service": 300, "time_windows": [[opens, opens + 1800]]}
                    ],
                }
                for one, opens in ((1, 32400), (2, 34200))
            ],
            "jobs": [
                {
                    "id": 1,
                    "service": 300,
                    "delivery": [1],
                    "location": [1.98935, 48.701],
                    "skills": [1],
                    "time_windows": [[32400, 36000]],
                },
                {"id": 2, "pickup": [1], "location": [2.03655, 48.61128], "skills": [1]},
                {"id": 5, "delivery": [1], "location": [2.28325, 48.5958], "skills": [14]},
                {"id": 6, "delivery": [1], "location": [2.89357, 48.90736], "skills": [14]},
            ],
            "shipments": [
                {
                    "amount": [1],
                    "skills": [2],
                    "pickup": {"id": 4, "service": 300, "location": [2.41808, 49.22619]},
                    "delivery": {"id": 3, "service": 300, "location": [2.39719, 49.07611]},
                }
            ],
        }
    )
    assert plan["summary"]["unassigned"] == 0
    assert plan["summary"]["delivery"] == [4]
    assert plan["summary"]["pickup"] == [2]
    assert "vol d’oiseau" in plan["travel"]
    assert len(plan["remarks"]) == 2
    assert sorted(
        step["id"] for r in plan["routes"] for step in r["steps"] if step["type"] == "break"
    ) == [1, 2]


def test_absolute_times_are_kept() -> None:
    """Timestamps of 2020, and the start as late as the window allows."""
    morning = 1_600_416_000
    plan = solved(
        {
            "vehicles": [{"id": 1, **ENDS, "time_window": [morning, morning + 7200]}],
            "jobs": [
                {"id": 1, "location_index": 1, "time_windows": [[morning + 1000, morning + 1100]]}
            ],
            "matrices": _car(line(2)),
        }
    )
    assert [s["arrival"] for s in plan["routes"][0]["steps"]] == [
        morning + 900,
        morning + 1000,
        morning + 1100,
    ]


@pytest.mark.parametrize(
    ("costs", "told"),
    [
        ({}, 200),
        ({"fixed": 50}, 250),
        ({"fixed": 50, "per_hour": 1800}, 150),
        ({"per_hour": 0, "per_km": 3}, 6),
        ({"per_hour": 1800, "per_km": 3}, 106),
        ({"per_hour": 3600, "per_task_hour": 7200}, 260),
    ],
)
def test_costs_are_vroom_s(costs: dict[str, float], told: float) -> None:
    """200 s and 2 000 m there and back, 30 s of service."""
    plan = solved(
        {
            "vehicles": [{"id": 1, **ENDS, "costs": costs}],
            "jobs": [{"id": 1, "location_index": 1, "service": 30}],
            "matrices": _car(line(2), distances=line(2, 1000)),
        }
    )
    assert plan["summary"]["cost"] == told
    assert plan["bound"]["value"] <= told


def test_a_cost_matrix_replaces_time() -> None:
    """What is minimised and told are the file's own costs."""
    plan = solved(
        {
            "vehicles": [{"id": 1, **ENDS}],
            "jobs": [{"id": 1, "location_index": 1}],
            "matrices": _car(line(2), costs=[[0, 7], [5, 0]]),
        }
    )
    assert plan["summary"]["cost"] == 12
    assert plan["summary"]["duration"] == 200


def test_an_open_route_pays_no_way_back() -> None:
    """Without an end, the route stops at the last job; without a start, it begins at the first."""
    jobs = [{"id": n, "location_index": n} for n in (1, 2)]
    for ends in ({"start_index": 0}, {"end_index": 0}):
        plan = solved({"vehicles": [{"id": 1, **ends}], "jobs": jobs, "matrices": _car(line(3))})
        assert plan["summary"]["cost"] == 200
        steps = plan["routes"][0]["steps"]  # as VROOM, at the first and last task where open
        assert (steps[0]["type"], steps[-1]["type"]) == ("start", "end")
        open_ends = [step["location_index"] for step in (steps[0], steps[-1])]
        assert sorted(open_ends) == [0, 2]


def test_skills_send_a_job_to_who_has_them() -> None:
    """And a job that nobody can do is left out, with the reason."""
    content = small()
    content["vehicles"][1]["skills"] = [7]
    content["jobs"][0]["skills"] = [7]
    content["jobs"][1]["skills"] = [8]
    plan = solved(content)
    owner = [
        r["vehicle"]
        for r in plan["routes"]
        if ("job", 11) in [(s["type"], s.get("id")) for s in r["steps"]]
    ]
    assert owner == [2]
    (left,) = plan["unassigned"]
    assert left["id"] == 12
    assert "compétences" in left["reason"]


def test_priorities_choose_who_is_left_out() -> None:
    """One vehicle, one task: the job with the highest priority, though it is the farthest."""
    content = small()
    content["vehicles"] = [{**content["vehicles"][0], "max_tasks": 1}]
    content["jobs"][2]["priority"] = 60
    content["jobs"][1]["priority"] = 55
    plan = solved(content)
    assert [step["id"] for step in plan["routes"][0]["steps"] if step["type"] == "job"] == [13]
    assert {one["id"] for one in plan["unassigned"]} == {11, 12}


def test_capacity_sends_two_vehicles() -> None:
    """Six units, four to a vehicle; a spare second quantity that never binds is no matter."""
    content = small()
    for vehicle in content["vehicles"]:
        vehicle["capacity"] = [4, 100, 100]
    for job in content["jobs"]:
        job["pickup"] = [*job["pickup"], 1, 0]
    plan = solved(content)
    assert plan["summary"]["routes"] == 2
    assert plan["summary"]["pickup"] == [6, 3, 0]


def test_a_travel_limit_is_followed() -> None:
    """400 s there and back for the second place, 350 allowed: only the first is served."""
    content = small(jobs=[{"id": n, "location_index": n} for n in (1, 2)])
    for vehicle in content["vehicles"]:
        vehicle["max_travel_time"] = 350
    plan = solved(content)
    assert [one["id"] for one in plan["unassigned"]] == [2]


def test_a_distance_limit_is_followed_though_time_is_paid() -> None:
    """The cost told is VROOM's, and the reader is told that the search followed it closely."""
    content = small(jobs=[{"id": n, "location_index": n, "service": 30} for n in (1, 2)])
    content["matrices"] = _car(line(4), distances=line(4, 1000))
    for vehicle in content["vehicles"]:
        vehicle["max_distance"] = 3_000
    plan = solved(content)
    assert [one["id"] for one in plan["unassigned"]] == [2]
    assert plan["summary"]["cost"] == 200
    assert "limite de trajet" in plan["remarks"][-1]


def test_setup_is_spent_once_at_a_place() -> None:
    """Two jobs at one place: the second needs no setup."""
    content = small(
        jobs=[{"id": n, "location_index": 1, "setup": 60, "service": 10} for n in (1, 2)],
    )
    plan = solved(content)
    assert plan["summary"]["setup"] == 60
    assert plan["summary"]["service"] == 20


def test_a_pause_is_taken_in_its_hours() -> None:
    """300 s between 150 and 160, while the vehicle is on its way."""
    content = small(vehicles=[{"id": 1, **ENDS, "capacity": [9], "time_window": [0, 2000]}])
    content["vehicles"][0]["breaks"] = [{"id": 5, "service": 300, "time_windows": [[150, 160]]}]
    plan = solved(content)
    (pause,) = [s for s in plan["routes"][0]["steps"] if s["type"] == "break"]
    assert 150 <= pause["arrival"] + pause["waiting_time"] <= 160
    assert "OR-Tools" in plan["engine"]


def test_shipments_to_one_place_are_a_collection() -> None:
    """All brought to place 3: delivered together at the end, not one by one."""
    content = {
        "vehicles": [{"id": 1, **ENDS, "capacity": [2]}],
        "shipments": [
            {
                "amount": [1],
                "pickup": {"id": n, "location_index": n, "service": 10},
                "delivery": {"id": n, "location_index": 3, "service": 5},
            }
            for n in (1, 2)
        ],
        "matrices": _car(line(4)),
    }
    plan = solved(content)
    kinds = [kind for kind, _ in _steps(plan)]
    assert kinds == ["start", "pickup", "pickup", "delivery", "delivery", "end"]
    assert plan["summary"]["cost"] == 600
    assert plan["remarks"] == []


def _shipments(*pairs: tuple[int, int], capacity: int) -> dict[str, Any]:
    """Loads of one from place to place along a line, in one vehicle that starts and ends at 0."""
    return {
        "vehicles": [{"id": 1, **ENDS, "capacity": [capacity]}],
        "shipments": [
            {
                "amount": [1],
                "pickup": {"id": a, "location_index": a},
                "delivery": {"id": b, "location_index": b},
            }
            for a, b in pairs
        ],
        "matrices": _car(line(5)),
    }


def test_shipments_that_do_not_fit_together_follow_each_other() -> None:
    """Each right after its pickup: nothing better exists, and the simpler plan says so."""
    plan = solved(_shipments((1, 2), (3, 1), capacity=1))
    order = [one for _, one in _steps(plan)[1:-1]]
    assert (order.index(2), order.index(1)) in {(1, 0), (3, 2), (1, 3), (3, 1)}
    assert plan["summary"]["unassigned"] == 0
    assert "envoi" in plan["remarks"][0]


def test_what_is_delivered_leaves_room_for_what_is_collected() -> None:
    """One of each, as heavy as the vehicle: one route, the delivery first."""
    content = small()
    content["jobs"][0] = {"id": 11, "location_index": 1, "delivery": [4]}
    content["jobs"][1] = {"id": 12, "location_index": 2, "pickup": [4]}
    content["jobs"].pop()
    plan = solved(content)
    assert _steps(plan) == [("start", None), ("job", 11), ("job", 12), ("end", None)]
    assert plan["summary"]["cost"] == 400
    assert plan["remarks"] == []
    assert plan["bound"]["value"] <= 400


def test_with_pauses_deliveries_and_pickups_are_summed_which_is_told() -> None:
    """A cautious plan: as if what is delivered stayed aboard."""
    content = small()
    content["jobs"][0] = {"id": 11, "location_index": 1, "delivery": [4]}
    content["jobs"][1] = {"id": 12, "location_index": 2, "pickup": [4]}
    content["jobs"].pop()
    for vehicle in content["vehicles"]:
        vehicle["breaks"] = [{"id": 1, "service": 60}]
    plan = solved(content)
    assert plan["summary"]["unassigned"] == 0
    assert len(plan["routes"]) == 2
    assert "mêle" in plan["remarks"][0]


def test_shipments_overlap_where_it_is_shorter() -> None:
    """Both aboard between places 2 and 3, where the vehicle has room for two."""
    apart, plan = (solved(_shipments((1, 3), (2, 4), capacity=room)) for room in (1, 2))
    assert (apart["summary"]["cost"], plan["summary"]["cost"]) == (1000, 800)
    assert plan["remarks"] == []
    assert "puis OR-Tools" in plan["engine"]


def test_outlets_are_where_vehicles_unload() -> None:
    """Three loads of four in one vehicle of four: three trips, each ended at the outlet."""
    content = small(outlets=[{"id": "quai", "location_index": 3, "unload": 60}])
    content["jobs"] = [{"id": n, "location_index": n, "pickup": [4]} for n in (1, 2, 3)]
    content["vehicles"] = content["vehicles"][:1]
    plan = solved(content)
    assert [one for kind, one in _steps(plan) if kind == "unload"] == ["quai"] * 3
    assert plan["indicators"]["trips"] == 3
    assert plan["routes"][0]["steps"][-1]["load"] == [0]


def test_outlets_choose_what_they_take() -> None:
    """Glass goes where glass is taken, at the price of a detour."""
    content = small(
        outlets=[
            {"id": "papier", "location_index": 0, "accepts": ["papier"]},
            {"id": "verre", "location_index": 3, "accepts": ["verre"]},
        ],
        jobs=[{"id": 1, "location_index": 1, "pickup": [1], "resource": "verre"}],
    )
    plan = solved(content)
    assert ("unload", "verre") in _steps(plan)
    assert plan["summary"]["cost"] == 600


def test_an_outlet_takes_no_more_than_its_week() -> None:
    """Two visits a week count twice; the rest is left out with the reason."""
    content = small(outlets=[{"id": 1, "location_index": 0, "weekly_capacity": 5}])
    content["jobs"] = [
        {"id": n, "location_index": n, "pickup": [2], "visits_per_week": 2} for n in (1, 2)
    ]
    plan = solved(content)
    (left,) = plan["unassigned"]
    assert "semaine" in left["reason"]


def test_a_value_below_the_detour_leaves_the_job_out() -> None:
    """Worth 100, it would cost 600."""
    content = small(jobs=[{"id": 1, "location_index": 3, "value": 100}])
    plan = solved(content)
    assert "valeur" in plan["unassigned"][0]["reason"]
    content["jobs"][0]["value"] = 700
    assert solved(content)["unassigned"] == []


def test_trips_can_be_limited() -> None:
    """One trip of four units only."""
    content = small(outlets=[{"id": 1, "location_index": 0}])
    content["vehicles"] = [{**content["vehicles"][0], "max_trips": 1}]
    plan = solved(content)
    assert plan["indicators"]["trips"] == 1
    assert plan["summary"]["unassigned"] == 1


@pytest.mark.parametrize("jobs", [0, 1])
def test_nothing_or_almost_nothing_to_do(jobs: int) -> None:
    """An empty plan is a plan."""
    content = small()
    content["jobs"] = content["jobs"][:jobs]
    plan = solved(content)
    assert plan["summary"]["routes"] == jobs
    assert plan["summary"]["cost"] == 200 * jobs


def test_five_hundred_jobs() -> None:
    """From coordinates, within a bounded count of plans."""
    content = {
        "vehicles": [
            {
                "id": n,
                "start": [0.48, 44.85],
                "end": [0.48, 44.85],
                "capacity": [60],
                "profile": "bike",
            }
            for n in range(1, 12)
        ],
        "jobs": [
            {
                "id": n,
                "location": [0.4 + (n * 37 % 160) / 1000, 44.8 + (n * 53 % 97) / 1000],
                "pickup": [1],
            }
            for n in range(500)
        ],
    }
    plan = solved(content)
    assert plan["summary"]["unassigned"] == 0


def test_vroom_s_own_pause_within_a_leg_is_accepted() -> None:
    """VROOM may ride a part of the leg, pause, then ride the rest."""
    content = small(vehicles=[{"id": 1, **ENDS, "capacity": [9]}])
    content["vehicles"][0]["breaks"] = [{"id": 5, "service": 50, "time_windows": [[40, 90]]}]
    content["jobs"] = [{"id": 1, "location_index": 1}]
    steps = [
        {"type": "start", "arrival": 0},
        {"type": "break", "id": 5, "arrival": 60, "service": 50},
        {"type": "job", "id": 1, "arrival": 150},
        {"type": "end", "arrival": 250},
    ]
    told = {"summary": {"cost": 200}, "unassigned": [], "routes": [{"vehicle": 1, "steps": steps}]}
    assert verify(read(content), told_of(told)) == []
