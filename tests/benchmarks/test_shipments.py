"""Shipments and mixed loads: the careful plan, ours, and VROOM's where it is installed."""

import json
import math
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimization.formats import solving
from optimization.formats.reading import read_instance
from optimization.formats.solving import Wish, solve

SPAN_M = 30_000
SPEED_M_S = 8
PLANS = 400


def made(pairs: int, vehicles: int, *, mixed: bool) -> dict[str, Any]:
    """A VROOM file: as many pickups as deliveries, tied in shipments unless ``mixed``."""
    random = np.random.default_rng(pairs)
    points = random.random((2 * pairs + 1, 2)) * SPAN_M
    content: dict[str, Any] = {
        "vehicles": [
            {"id": n, "start_index": 0, "end_index": 0, "capacity": [10], "time_window": [0, 28800]}
            for n in range(vehicles)
        ],
        "matrices": {
            "car": {
                "durations": [[round(math.dist(a, b) / SPEED_M_S) for b in points] for a in points]
            }
        },
    }
    amounts = random.integers(1, 5, 2 * pairs + 1).tolist()
    ends = [{"id": n, "location_index": n, "service": 120} for n in range(1, 2 * pairs + 1)]
    if mixed:
        content["jobs"] = [
            {**end, ("pickup" if end["id"] % 2 else "delivery"): [amounts[end["id"]]]}
            for end in ends
        ]
    else:
        content["shipments"] = [
            {"amount": [amounts[taken["id"]]], "pickup": taken, "delivery": brought}
            for taken, brought in zip(ends[::2], ends[1::2], strict=True)
        ]
    return content


@pytest.mark.parametrize(("pairs", "vehicles", "mixed"), [(12, 3, False), (12, 4, True)])
def test_loads_that_go_up_and_down(
    pairs: int,
    vehicles: int,
    mixed: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Costs side by side; ours begins from the careful plan, and is below it."""
    path = tmp_path / "envois.json"
    path.write_text(json.dumps(made(pairs, vehicles, mixed=mixed)), encoding="utf-8")
    instance = read_instance(path)
    ours = solve(instance, Wish(solutions=PLANS))
    with monkeypatch.context() as careful:
        careful.setattr(solving, "is_carried", lambda _: False)
        simple = solve(instance, Wish(solutions=round((1 - solving.CARRYING_SHARE) * PLANS)))
    ranks = [(p["summary"]["unassigned"], p["summary"]["cost"]) for p in (ours, simple)]
    assert ranks[0] < ranks[1]
    least = _vroom(path) or ours["summary"]["cost"]
    for name, plan in (("careful", simple), ("ours", ours)):
        cost = plan["summary"]["cost"]
        left = plan["summary"]["unassigned"]
        sys.stdout.write(
            f"{2 * pairs} places: {name} {cost}, {left} left out ({cost / least:.3f})\n"
        )


def _vroom(path: Path) -> float | None:
    """What VROOM finds, ``None`` where it is not installed."""
    if find_spec("vroom") is None:
        return None
    import vroom  # noqa: PLC0415

    found = vroom.Input.from_json(path).solve(exploration_level=5, nb_threads=2)
    return float(found.to_dict()["summary"]["cost"])
