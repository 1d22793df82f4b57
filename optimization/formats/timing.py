"""When each step of a run happens: as soon as possible, having left as late as that allows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from optimization.formats.instance import (
    NO_ROAD,
    Break,
    Instance,
    Outlet,
    Task,
    Vehicle,
    Window,
    durations_of,
)
from optimization.formats.modelling import Run

Stop = Task | Outlet | Break | None
"""What happens at a step; ``None`` at both ends of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, in the file's times.

    Attributes:
        what: ``None`` at the start and at the end.
        row: where, ``None`` for a pause.
        travelled, metres: road since the start.
    """

    what: Stop
    row: int | None
    arrival: int
    waiting: int = 0
    setup: int = 0
    service: int = 0
    travelled: int = 0
    metres: int = 0


@dataclass(frozen=True, slots=True)
class _Node:
    what: Stop
    row: int | None
    windows: tuple[Window, ...]
    setup: int
    service: int
    leg: int
    metres: int
    """Seconds and metres of road to come here."""


def timed(instance: Instance, run: Run, hull: Window) -> tuple[Step, ...]:
    """Steps of a run, from its start to its end.

    Args:
        instance: the file.
        run: one that can be done in time.
        hull: hours of a vehicle whose file gives none.

    Raises:
        ValueError: it cannot be done in time.
    """
    shift = run.vehicle.window or hull
    best: list[Step] | None = None
    chosen: list[_Node] = []
    for nodes in _with_pause(_nodes(instance, run), run.vehicle):
        steps = _forward(nodes, shift[0], shift[1])
        if steps is not None and (best is None or steps[-1].arrival < best[-1].arrival):
            best, chosen = steps, nodes
    if best is None:
        raise ValueError(f"run out of time: {run.vehicle.label}")
    return tuple(_latest(chosen, best, shift))


def _nodes(instance: Instance, run: Run) -> list[_Node]:
    vehicle, durations = run.vehicle, durations_of(instance, run.vehicle)
    first = run.steps[0].row if vehicle.start is None else vehicle.start
    last = run.steps[-1].row if vehicle.end is None else vehicle.end
    rows = [first, *(step.row for step in run.steps), last]
    whats: list[Stop] = [None, *run.steps, None]
    nodes = [_Node(None, first, (), 0, 0, 0, 0)]
    distances = instance.roads[vehicle.profile].distances
    open_start = vehicle.start is None
    for number, (before, row) in enumerate(pairwise(rows), start=1):
        what = whats[number]
        moved = before != row or (open_start and number == 1)
        still = (open_start and number == 1) or (vehicle.end is None and number == len(rows) - 1)
        leg = 0 if still else int(durations[before, row])
        if leg >= NO_ROAD:
            raise ValueError(f"no road to {row}")
        metres = 0 if still or distances is None else int(distances[before, row])
        if isinstance(what, Task):
            setup = what.setup if moved else 0
            nodes.append(_Node(what, row, what.windows, setup, what.service, leg, metres))
        elif isinstance(what, Outlet):
            nodes.append(_Node(what, row, what.windows, 0, what.unload, leg, metres))
        else:
            nodes.append(_Node(None, row, (), 0, 0, leg, metres))
    return nodes


def _with_pause(nodes: list[_Node], vehicle: Vehicle) -> Iterator[list[_Node]]:
    """The run, with its pause at every place where it may be: before a leg, or after it."""
    if not vehicle.breaks:
        yield nodes
        return
    pause = vehicle.breaks[0]
    for at in range(1, len(nodes)):
        here = _Node(pause, None, pause.windows, 0, pause.service, 0, 0)
        yield [*nodes[:at], here, *nodes[at:]]
        after = nodes[at]
        there = _Node(pause, None, pause.windows, 0, pause.service, after.leg, after.metres)
        arrived = _Node(after.what, after.row, after.windows, after.setup, after.service, 0, 0)
        yield [*nodes[:at], there, arrived, *nodes[at + 1 :]]


def _forward(nodes: Sequence[_Node], departure: int, latest: int) -> list[Step] | None:
    """Steps when leaving then; ``None`` when a window or the end of the shift is missed."""
    clock, travelled, metres = departure, 0, 0
    steps = []
    for node in nodes:
        clock, travelled = clock + node.leg, travelled + node.leg
        metres += node.metres
        start = _first_start(node.windows, clock)
        if start is None:
            return None
        steps.append(
            Step(
                what=node.what,
                row=node.row,
                arrival=clock,
                waiting=start - clock,
                setup=node.setup,
                service=node.service,
                travelled=travelled,
                metres=metres,
            )
        )
        clock = start + node.setup + node.service
    return steps if clock <= latest else None


def _first_start(windows: tuple[Window, ...], arrival: int) -> int | None:
    if not windows:
        return arrival
    return next((max(arrival, start) for start, end in windows if arrival <= end), None)


def _latest(nodes: Sequence[_Node], steps: list[Step], shift: Window) -> list[Step]:
    """The same with the latest departure that brings back as soon.

    Leaving later never brings back earlier: the latest such departure is found by halves.
    """
    back = steps[-1].arrival
    low, high, best = shift[0], back - steps[-1].travelled, steps
    while low < high:
        middle = (low + high + 1) // 2
        trial = _forward(nodes, middle, shift[1])
        if trial is not None and trial[-1].arrival == back:
            low, best = middle, trial
        else:
            high = middle - 1
    return best
