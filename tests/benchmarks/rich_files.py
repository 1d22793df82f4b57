"""Rich collection instances: JSON files of the benchmark family, and small ones made here."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np

from optimization.formats.modelling import model_of
from optimization.formats.reading import read_instance
from optimization.formats.rich import read_rich as rich_instance
from optimization.routing import Problem, Solution


def read_rich(path: Path) -> Problem:
    """A file's instance, as the command line reads it: cost units stand for euros."""
    return model_of(read_instance(path)).problem


def checked_cost(path: Path, solution: Solution) -> float | None:
    """The cost that the family's own checker finds; ``None`` when there is no checker beside.

    Raises:
        AssertionError: the checker refuses the plan.
    """
    checker = path.with_name("check.py")
    if not checker.exists():
        return None
    spec = importlib.util.spec_from_file_location("rich_check", checker)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    plan = [
        (route.kind, [[2 + stop for stop in trip.stops] for trip in route.trips])
        for route in solution.routes
    ]
    cost, details = module.check(json.loads(path.read_text(encoding="utf-8")), plan)
    assert cost is not None, details
    return float(cost)


def made_rich(*, stops: int, seed: int) -> Problem:
    """The problem of :func:`made_rich_fields`."""
    return model_of(rich_instance(made_rich_fields(stops=stops, seed=seed), "made")).problem


def made_rich_fields(*, stops: int, seed: int) -> dict[str, Any]:
    """A town on a disc, the disposal site 3 km away, bikes and vans, morning and afternoon."""
    random = np.random.default_rng(seed)
    angle, radius = random.random(stops) * 2 * np.pi, 2_500 * np.sqrt(random.random(stops))
    points = np.vstack(
        ([0.0, 0.0], [3_000.0, 0.0], np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1))
    )
    metres = 1.3 * np.linalg.norm(points[:, None] - points[None, :], axis=2)
    shifts = ([28_800, 43_200], [48_600, 63_000])
    half = [int(random.integers(2)) for _ in range(stops)]
    windows = [[0, 86_400], [0, 86_400]]
    for number in half:
        start, end = shifts[number]
        opens = int(random.integers(start, end - 5_400))
        windows.append([opens, opens + 5_400] if random.random() < 0.4 else [start, end])
    bikes = {"T": 0, "kg": 180, "bins": 6, "fixed": 3_600, "unit": 1, "count": stops}
    vans = {"T": 1, "kg": 900, "bins": 24, "fixed": 5_400, "unit": 2, "count": 2}
    bins = [0, 0, *random.integers(1, 4, stops).tolist()]
    return {
        "n": stops,
        "T": [
            np.rint(metres / 4).astype(int).tolist(),
            np.rint(metres / 7).astype(int).tolist(),
        ],
        "kg": [25 * count for count in bins],
        "bins": bins,
        "svc": [0, 0, *[180] * stops],
        "tw": windows,
        "unload": 600,
        "types": [
            {**kind, "name": f"{name}-{number}", "shift": shift}
            for name, kind in (("bike", bikes), ("van", vans))
            for number, shift in enumerate(shifts)
        ],
    }
