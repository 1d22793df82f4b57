"""The cheapest way to serve each stop so many times with shifts from a list, bounded by CP-SAT."""

import math
import threading
from collections.abc import Callable, Sequence

from ortools.sat.python import cp_model

from optimization.bounding.master import Range
from optimization.bounding.pricing import Column

UNITS = 1e8
"""Integer prices: so many make up the ceiling; rounded down, they never raise the bound."""

LOOK_S = 0.2
"""Between two looks at whether to stop."""


def least_cost(
    columns: Sequence[Column],
    visits: Sequence[int],
    fleets: Sequence[Range],
    total: Range,
    ceiling: float,
    *,
    seconds: float,
    should_stop: Callable[[], bool],
) -> float:
    """Euros that no choice of shifts goes below, at most ``ceiling``.

    Args:
        columns: shifts, none serving a stop twice.
        visits: how many shifts serve each stop exactly, shape (stops,).
        fleets: least and most shifts of each fleet.
        total: least and most in all.
        ceiling: choices at that price or above do not matter.
        seconds: budget of CP-SAT, in its own repeatable unit and by the clock.
        should_stop: asked several times a second.
    """
    unit = ceiling / UNITS
    model = cp_model.CpModel()
    # The same shift may be driven on several days of a week.
    days = [min(visits[stop] for stop in column.stops) for column in columns]
    chosen = [model.new_int_var(0, often, "") for often in days]
    serving: list[list[cp_model.IntVar]] = [[] for _ in visits]
    of_fleet: list[list[cp_model.IntVar]] = [[] for _ in fleets]
    for variable, column in zip(chosen, columns, strict=True):
        of_fleet[column.fleet].append(variable)
        for stop in column.stops:
            serving[stop].append(variable)
    for variables, count in zip(serving, visits, strict=True):
        model.add(sum(variables) == count)
    for variables, (fewest, most) in zip((*of_fleet, chosen), (*fleets, total), strict=True):
        model.add_linear_constraint(sum(variables), fewest, most)
    cost = cp_model.LinearExpr.weighted_sum(
        chosen, [math.floor(column.euros / unit) for column in columns]
    )
    model.add(cost < math.floor(UNITS))
    model.minimize(cost)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    solver.parameters.max_deterministic_time = max(0.01, seconds)

    # The bound may stand still for long: a thread asks, not CP-SAT.
    solved = threading.Event()

    def watch() -> None:
        while not solved.wait(LOOK_S):
            if should_stop():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        status = solver.solve(model)
    finally:
        solved.set()
        watcher.join()
    if status == cp_model.INFEASIBLE:
        return ceiling
    return min(ceiling, solver.best_objective_bound * unit)
