"""On files small enough to try everything, the plan is the best there is."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from optimization.formats.instance import Instance, Task, Vehicle
from optimization.formats.modelling import Run
from optimization.formats.solving import Wish
from optimization.formats.timing import timed
from optimization.formats.writing import Writer
from tests.optimization.formats.files import read, solved

LONG = (0, 1_000_000)


@st.composite
def _files(draw: st.DrawFn) -> dict[str, Any]:
    """One to four collections; two vehicles that differ in their ends, costs, hours and room.

    No detour is shorter than the direct way: where one is, a place that can only be reached in
    time through another is left out (see docs/formats.md).
    """
    places = 4
    matrix = [
        [0 if a == b else draw(st.integers(20, 900)) for b in range(places)] for a in range(places)
    ]
    for by, a, b in product(range(places), repeat=3):
        matrix[a][b] = min(matrix[a][b], matrix[a][by] + matrix[by][b])
    where = st.integers(0, places - 1)
    vehicles = []
    for number in (1, 2):
        vehicle: dict[str, Any] = {"id": number, "capacity": [draw(st.integers(2, 6))]}
        ends = draw(
            st.sampled_from([("start_index", "end_index"), ("start_index",), ("end_index",)])
        )
        vehicle |= {key: draw(where) for key in ends}
        extras: list[dict[str, Any]] = [
            {"skills": [1]},
            {"speed_factor": 2},
            {"max_tasks": 2},
            {"max_travel_time": 1_500},
            {"time_window": [100, 1_900]},
            {"costs": {"fixed": 300}},
            {"costs": {"per_hour": 1_800}},
        ]
        for extra in draw(st.lists(st.sampled_from(extras), max_size=2)):
            vehicle |= extra
        vehicles.append(vehicle)
    jobs = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        job: dict[str, Any] = {
            "id": number,
            "location_index": draw(where),
            "service": 50,
            "pickup": [draw(st.integers(0, 3))],
        }
        opens = draw(st.integers(0, 1_500))
        more: list[dict[str, Any]] = [{}, {}, {"skills": [1]}]
        more.append({"time_windows": [[opens, opens + 400]]})
        jobs.append(job | draw(st.sampled_from(more)))
    return {"vehicles": vehicles, "jobs": jobs, "matrices": {"car": {"durations": matrix}}}


def _price(instance: Instance, vehicle: Vehicle, tasks: Sequence[Task]) -> Fraction | None:
    """Cost of that order, ``None`` when a rule forbids it."""
    if not tasks:
        return Fraction(0)
    allowed = (
        sum(task.pickup[0] for task in tasks) <= vehicle.capacity[0]
        and (vehicle.max_tasks is None or len(tasks) <= vehicle.max_tasks)
        and all(task.skills <= vehicle.skills for task in tasks)
    )
    if not allowed:
        return None
    run = Run(vehicle=vehicle, steps=tuple(tasks))
    try:
        steps = timed(instance, run, LONG)
    except ValueError:
        return None
    limit = vehicle.max_travel_time
    short = limit is None or steps[-1].travelled <= limit
    return Writer(instance).price(run) if short else None


def _shares(count: int, owners: int) -> Iterator[list[int]]:
    """Every way of giving each task to a vehicle, or to nobody (0)."""
    if count == 0:
        yield []
        return
    for rest in _shares(count - 1, owners):
        for owner in range(owners + 1):
            yield [*rest, owner]


def _best(instance: Instance) -> tuple[int, Fraction]:
    """Fewest tasks left out, then the least cost."""
    best = (len(instance.jobs), Fraction(0))
    for share in _shares(len(instance.jobs), len(instance.vehicles)):
        total = Fraction(0)
        for owner, vehicle in enumerate(instance.vehicles, start=1):
            own = [job for job, who in zip(instance.jobs, share, strict=True) if who == owner]
            prices = [_price(instance, vehicle, order) for order in permutations(own)]
            least = min((price for price in prices if price is not None), default=None)
            if least is None:
                break
            total += least
        else:
            best = min(best, (share.count(0), total))
    return best


@settings(max_examples=40, deadline=None)
@given(content=_files())
def test_no_plan_is_better(content: dict[str, Any]) -> None:
    """All assignments and all orders tried."""
    left_out, least = _best(read(content))
    plan = solved(content, Wish(solutions=400))
    assert (plan["summary"]["unassigned"], plan["summary"]["cost"]) == (left_out, float(least))
