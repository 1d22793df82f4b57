"""Small VROOM files, by hand and at random."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from optimization.formats.instance import Instance
from optimization.formats.solving import Wish, solve
from optimization.formats.vroom import read_vroom
from optimization.formats.writing import Json

FEW = Wish(solutions=60)


def line(places: int, step: int = 100) -> list[list[int]]:
    """Seconds between places on a line, ``step`` from one to the next."""
    return [[step * abs(a - b) for b in range(places)] for a in range(places)]


def small(**changes: Any) -> dict[str, Any]:
    """Two vehicles from place 0 and three collections of one, two and three units."""
    return {
        "vehicles": [
            {"id": 1, "start_index": 0, "end_index": 0, "capacity": [4]},
            {"id": 2, "start_index": 0, "end_index": 0, "capacity": [4]},
        ],
        "jobs": [
            {"id": 10 + n, "location_index": n, "service": 30, "pickup": [n]} for n in (1, 2, 3)
        ],
        "matrices": {"car": {"durations": line(4)}},
        **changes,
    }


def read(content: dict[str, Any]) -> Instance:
    """As the command would."""
    return read_vroom(content, "essai")


def solved(content: dict[str, Any], wish: Wish = FEW) -> Json:
    """A plan of a file."""
    return solve(read(content), wish)


def plain(faults: list[str]) -> str:
    """All faults in one line with ordinary blanks."""
    return " / ".join(faults).replace("\u202f", " ").replace("\u00a0", " ")


def written(folder: Path, content: dict[str, Any], name: str = "essai.json") -> Path:
    """The file on disk."""
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@st.composite
def vroom_files(draw: st.DrawFn, *, rich: bool = True) -> dict[str, Any]:
    """Files with any mixture of the rules that are read.

    Args:
        draw: given by Hypothesis.
        rich: with the rules that only OR-Tools knows (breaks, shipments).
    """
    places = draw(st.integers(3, 7))
    outlets = draw(st.booleans())
    amounts = draw(st.integers(0, 2))
    cells = st.integers(20, 900)
    matrix = [[0 if a == b else draw(cells) for b in range(places)] for a in range(places)]
    roads: dict[str, Any] = {"durations": matrix}
    if draw(st.booleans()):
        roads["distances"] = [[10 * cell for cell in row] for row in matrix]
    kinds = draw(st.sampled_from([["pickup"], ["delivery"], ["pickup", "delivery"]]))
    if outlets:
        kinds = ["pickup"]
    jobs = [
        _job(draw, number, places, amounts, kinds)
        for number in range(1, draw(st.integers(0, 6)) + 1)
    ]
    content: dict[str, Any] = {
        "jobs": jobs,
        "vehicles": [
            _vehicle(draw, number, places, amounts, rich=rich, metres="distances" in roads)
            for number in range(1, draw(st.integers(1, 3)) + 1)
        ],
        "matrices": {"car": roads},
    }
    if outlets:
        content["outlets"] = _outlets(draw, places)
    elif rich and draw(st.booleans()):
        content["shipments"] = _shipments(draw, places, amounts)
    return content


def _task(draw: st.DrawFn, number: int, places: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": number,
        "location_index": draw(st.integers(0, places - 1)),
        "service": draw(st.sampled_from([0, 120])),
        "setup": draw(st.sampled_from([0, 0, 60])),
    }
    if draw(st.integers(0, 3)) == 0:
        opens = draw(st.integers(0, 4_000))
        made["time_windows"] = [[opens, opens + 1_500], [opens + 3_000, opens + 4_000]]
    return made


def _job(
    draw: st.DrawFn, number: int, places: int, amounts: int, kinds: list[str]
) -> dict[str, Any]:
    made = _task(draw, number, places)
    if amounts:
        made[draw(st.sampled_from(kinds))] = _load(draw, amounts, 5)
    extras: list[dict[str, Any]] = [{"skills": [1]}, {"skills": [2]}, {"priority": 70}]
    extras += [{"priority": 3}, {"value": draw(st.integers(0, 800))}]
    for extra in draw(st.lists(st.sampled_from(extras), max_size=2)):
        made |= extra
    return made


def _load(draw: st.DrawFn, amounts: int, most: int) -> list[int]:
    return [draw(st.integers(0, most)) for _ in range(amounts)]


def _outlets(draw: st.DrawFn, places: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"site {number}",
            "location_index": draw(st.integers(0, places - 1)),
            "unload": draw(st.sampled_from([0, 200])),
            **draw(st.sampled_from([{}, {}, {"weekly_capacity": 9}])),
        }
        for number in range(draw(st.integers(1, 2)))
    ]


def _shipments(draw: st.DrawFn, places: int, amounts: int) -> list[dict[str, Any]]:
    end = draw(st.sampled_from([{}, {"location_index": draw(st.integers(0, places - 1))}]))
    return [
        {
            "amount": _load(draw, amounts, 3),
            "pickup": _task(draw, number, places),
            "delivery": {**_task(draw, number, places), **end},
        }
        for number in range(100, 100 + draw(st.integers(1, 3)))
    ]


def _vehicle(
    draw: st.DrawFn, number: int, places: int, amounts: int, *, rich: bool, metres: bool
) -> dict[str, Any]:
    where = st.integers(0, places - 1)
    ends = draw(st.sampled_from(["both", "both", "start", "end"]))
    made: dict[str, Any] = {
        "id": number,
        "capacity": [draw(st.integers(3, 9)) for _ in range(amounts)],
    }
    if ends in {"both", "start"}:
        made["start_index"] = draw(where)
    if ends in {"both", "end"}:
        made["end_index"] = draw(where)
    if draw(st.booleans()):
        made["time_window"] = [1_000, draw(st.integers(2_000, 9_000))]
        if rich and draw(st.booleans()):
            made["breaks"] = [{"id": 7, "service": 300, "time_windows": [[1_200, 1_700]]}]
    extras: list[dict[str, Any]] = [
        {"skills": [1, 2]},
        {"speed_factor": 1.3},
        {"max_tasks": 2},
        {"max_travel_time": 2_500},
        {"costs": {"fixed": 500}},
        {"costs": {"fixed": 10, "per_hour": 1_800, "per_km": 30}} if metres else {},
        {"max_distance": 20_000} if metres else {},
    ]
    for extra in draw(st.lists(st.sampled_from(extras), max_size=2)):
        made |= extra
    if "max_travel_time" in made:
        made.pop("max_distance", None)
    return made
