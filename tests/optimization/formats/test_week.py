"""Several days in one file."""

from typing import Any

import pytest

from data.errors import InputError
from optimization.formats.told import told_of
from optimization.formats.verifying import verify
from tests.optimization.formats.files import line, read, solved

DAY = 86_400


def _week(**changes: Any) -> dict[str, Any]:
    """A bike from 8 h to 9 h on three days, two places, the second twice a week."""
    return {
        "days": ["lundi", "mardi", "jeudi"],
        "vehicles": [
            {
                "id": 1,
                "start_index": 0,
                "end_index": 0,
                "capacity": [5],
                "time_window": [28_800, 32_400],
            }
        ],
        "outlets": [{"id": "site", "location_index": 0, "unload": 60, "weekly_capacity": 20}],
        "jobs": [
            {"id": 1, "location_index": 1, "pickup": [4], "allowed_days": ["mardi"]},
            {"id": 2, "location_index": 2, "pickup": [3], "visits_per_week": 2},
        ],
        "matrices": {"car": {"durations": line(3)}},
        **changes,
    }


def _days_of(plan: dict[str, Any]) -> dict[Any, int]:
    return {
        step["id"]: step["arrival"] // DAY
        for route in plan["routes"]
        for step in route["steps"]
        if step["type"] == "job"
    }


def test_jobs_are_done_on_their_days() -> None:
    """Where they are allowed, visits on different days, within the hours of each day."""
    plan = solved(_week())
    days = _days_of(plan)
    assert days[1] == 1
    assert days["2 (1/2)"] < days["2 (2/2)"]
    assert plan["unassigned"] == []
    for route in plan["routes"]:
        day = {"lundi": 0, "mardi": 1, "jeudi": 2}[route["vehicle"].split()[1]]
        first, last = route["steps"][0]["arrival"], route["steps"][-1]["arrival"]
        assert day * DAY + 28_800 <= first <= last <= day * DAY + 32_400
    assert verify(read(_week()), told_of(plan)) == []


def test_the_outlet_s_week_counts_every_visit() -> None:
    """4 + 3 + 3 for 9 accepted: one visit is left out."""
    content = _week(outlets=[{"id": "site", "location_index": 0, "weekly_capacity": 9}])
    plan = solved(content)
    (left,) = plan["unassigned"]
    assert "semaine" in left["reason"]


def test_days_may_be_a_number_and_outlets_have_theirs() -> None:
    """Two days from Monday; the outlet opens on the second only."""
    content = _week(days=2, jobs=[{"id": 5, "location_index": 1, "pickup": [1]}])
    content["outlets"][0] |= {"allowed_days": ["mardi"], "time_windows": [[0, 40_000]]}
    plan = solved(content)
    assert [route["vehicle"] for route in plan["routes"]] == ["1 mardi"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"days": 9}, "sept jours"),
        ({"days": []}, "de un à sept"),
        ({"days": ["a", "a"]}, "différents"),
        ({"jobs": [{"id": 1, "location_index": 1, "allowed_days": ["noël"]}]}, "noël"),
        ({"jobs": [{"id": 1, "location_index": 1, "allowed_days": []}]}, "aucun jour"),
        ({"jobs": [{"id": 1, "location_index": 1, "visits_per_week": 4}]}, "4 passages pour 3"),
        ({"jobs": [{"id": 1, "location_index": 1, "storage_days": 4}]}, "visits_per_week"),
        ({"jobs": [{"id": 1, "location_index": 1, "time_windows": [[0, 99_999]]}]}, "d’un jour"),
        ({"vehicles": [{"id": 1, "start_index": 0, "time_window": [0, 99_999]}]}, "d’un jour"),
        ({"shipments": [{}]}, "envois"),
    ],
)
def test_days_that_make_no_sense_are_refused(changes: dict[str, Any], told: str) -> None:
    """Named, with what was expected."""
    with pytest.raises(InputError, match=told):
        solved(_week(**changes))
