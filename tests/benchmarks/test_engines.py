"""Engines side by side, on made instances always, on published ones when told where they are.

The full table takes hours, is asked for with environment variables and shown with pytest's `-s`:

* ``CARTOFLUX_BENCH_CLASSIC``: folder of CVRP (``.vrp``) and VRPTW (Solomon, ``.txt``) files, with
  the best known solutions in ``.sol`` files beside;
* ``CARTOFLUX_BENCH_RICH``: folder of rich instances (``.json``), with their ``check.py`` beside;
* ``CARTOFLUX_BENCH_SECONDS``: wall seconds for each engine and instance, « 5,15,60 » by default;
* ``CARTOFLUX_BENCH_ENGINES``: « ours,PyVRP,VROOM,textbook,OR-Tools » by default: the last two are
  OR-Tools as its textbook says, and as our own engine feeds it;
* ``CARTOFLUX_BENCH_CASES``: names to keep, separated by commas; all by default.

Every engine gets two cores: ours and VROOM run two threads; PyVRP and our OR-Tools two seeds, the
best counts; the textbook has neither threads nor seeds. PyVRP and the textbook search the same way
whatever time they have: they run once, as long as the longest budget, and the cost that they had
found is read at each.
VROOM knows no unloading on the way: it is left out of the rich family. It stops by itself.
Instances are solved one after the other, so that nothing else should run on the machine. No time
is asserted, plans are.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean

import pytest
import vrplib

from optimization.routing import Engine, Limits, Problem, Solution, warm_up
from optimization.routing.engine import SearchProgress
from optimization.routing.ortools_engine import OrToolsEngine
from optimization.routing.portfolio import PortfolioEngine, Second
from optimization.routing.pricing import objective, route_cost
from optimization.routing.problem import NANO_PER_EURO
from optimization.routing.pyvrp_engine import PyvrpEngine
from optimization.routing.ruin_recreate.engine import RuinRecreateEngine
from optimization.vrplib_files import read_textbook_case
from tests.benchmarks.rich_files import checked_cost, made_rich, read_rich
from tests.benchmarks.rivals import TextbookEngine, VroomEngine

SEEDS = {"PyVRP": (1, 2), "OR-Tools": (1, 2)}
"""Of engines on one core each; the others run once."""

ANYTIME = ("PyVRP", "textbook")
"""Engines whose search does not depend on the time that they have."""

UNFOUND = 10**9 * NANO_PER_EURO
"""Cost where an engine has no whole plan yet."""

VROOM = find_spec("vroom") is not None

ALONE: dict[str, type[Engine]] = {
    "PyVRP": PyvrpEngine,
    "VROOM": VroomEngine,
    "textbook": TextbookEngine,
    "OR-Tools": OrToolsEngine,
}


@pytest.mark.parametrize(("stops", "seed"), [(12, 1), (25, 2)])
def test_portfolio_is_as_good_as_any_engine_on_made_rounds(stops: int, seed: int) -> None:
    """A few thousand plans each: the table, and no engine alone is ahead by more than 1 %."""
    problem = made_rich(stops=stops, seed=seed)
    engines: list[tuple[Engine, int]] = [
        (PortfolioEngine(Second.RUIN), 12_000),
        (PortfolioEngine(Second.PYVRP), 12_000),
        (RuinRecreateEngine(), 6_000),
        (PyvrpEngine(), 150),
        (OrToolsEngine(), 60),
    ]
    costs: dict[str, int] = {}
    for engine, count in engines:
        solution = engine.solve(problem, Limits(seconds=600.0, solutions=count, seed=1))
        _assert_whole(problem, solution)
        costs[f"{engine.name} × {count}"] = solution.cost_neur
    least = min(costs.values())
    textbook = TextbookEngine().solve(problem, Limits(seconds=600.0, solutions=200))
    costs["OR-Tools (manuel) × 200"] = objective(problem, textbook)
    for name, cost in costs.items():
        _say(f"{stops:4d} stops  {name:45s} {cost / NANO_PER_EURO:12.0f}  {cost / least:7.4f}")
    assert next(iter(costs.values())) <= 1.01 * least


@dataclass(frozen=True)
class _Case:
    name: str
    path: Path
    problem: Problem
    best_known_neur: int | None


@pytest.mark.skipif(
    not {"CARTOFLUX_BENCH_CLASSIC", "CARTOFLUX_BENCH_RICH"} & set(os.environ),
    reason="full table: set CARTOFLUX_BENCH_CLASSIC or CARTOFLUX_BENCH_RICH",
)
def test_full_table() -> None:
    """All engines, all instances, all budgets: gaps to the best known and ratios to PyVRP."""
    warm_up()
    budgets = [float(s) for s in os.environ.get("CARTOFLUX_BENCH_SECONDS", "5,15,60").split(",")]
    for family, suffix in (("CVRP", "vrp"), ("VRPTW", "txt"), ("rich", "json")):
        table = _Table(family)
        for case in _cases(suffix):
            for name in _engines():
                if name == "VROOM" and not (VROOM and VroomEngine.knows(case.problem)):
                    continue
                for seconds, cost in _costs(case, name, budgets):
                    table.note(case, name, seconds, cost)
        table.sum_up()


class _Table:
    """Costs, said as they come, and their means: gaps to the best known, ratios to PyVRP."""

    def __init__(self, family: str) -> None:
        self._family = family
        self._costs: dict[float, dict[str, dict[str, int]]] = {}
        self._best_known: dict[str, int] = {}

    def note(self, case: _Case, name: str, seconds: float, cost: int) -> None:
        self._costs.setdefault(seconds, {}).setdefault(case.name, {})[name] = cost
        gap = ""
        if case.best_known_neur is not None:
            self._best_known[case.name] = case.best_known_neur
            gap = f"  {100 * (cost / case.best_known_neur - 1):7.3f} %"
        self._say(seconds, f"{case.name:14s} {name:9s} {cost / NANO_PER_EURO:12.0f}{gap}")

    def sum_up(self) -> None:
        for seconds, cases in self._costs.items():
            gaps: dict[str, list[float]] = {}
            ratios = []
            for case, costs in cases.items():
                reference = self._best_known.get(case, min(costs.values()))
                for name, cost in costs.items():
                    gaps.setdefault(name, []).append(100 * (cost / reference - 1))
                if {"ours", "PyVRP"} <= set(costs):
                    ratios.append(costs["ours"] / costs["PyVRP"])
            for name, values in gaps.items():
                self._say(
                    seconds, f"{name:9s} mean {fmean(values):6.3f} %  worst {max(values):6.3f} %"
                )
            if ratios:
                self._say(
                    seconds, f"ratio to PyVRP: mean {fmean(ratios):.4f}  worst {max(ratios):.4f}"
                )

    def _say(self, seconds: float, line: str) -> None:
        _say(f"{self._family:6s} {seconds:4.0f} s  {line}")


def _costs(case: _Case, name: str, budgets: list[float]) -> Iterator[tuple[float, int]]:
    """What an engine reaches in each budget of seconds."""
    if name == "ours":
        for seconds in budgets:
            solution = PortfolioEngine().solve(case.problem, Limits(seconds=seconds))
            yield seconds, _verified(case, solution)
        return
    runs = [max(budgets)] if name in ANYTIME else budgets
    # Fresh processes: these engines hold the interpreter's lock while they search.
    for longest in runs:
        seeds = SEEDS.get(name, (1,))
        with ProcessPoolExecutor(len(seeds), mp_context=get_context("spawn")) as processes:
            tasks = [processes.submit(_run, name, case.problem, longest, seed) for seed in seeds]
            found = [task.result() for task in tasks]
        reached = min(_verified(case, solution) for solution, _ in found)
        for seconds in budgets if name in ANYTIME else [longest]:
            told = [cost for _, trail in found for at, cost in trail if at <= seconds]
            yield seconds, reached if seconds == longest else min(told, default=UNFOUND)


def _engines() -> list[str]:
    wanted = os.environ.get("CARTOFLUX_BENCH_ENGINES", ",".join(["ours", *ALONE]))
    return list(filter(None, wanted.split(",")))


def _run(
    name: str, problem: Problem, seconds: float, seed: int
) -> tuple[Solution, list[tuple[float, int]]]:
    """The plan, and the costs of whole plans met, each with the seconds that it took."""
    trail: list[tuple[float, int]] = []

    def met(progress: SearchProgress) -> None:
        cost = round(progress.best_cost_eur * NANO_PER_EURO)
        if not progress.unserved and (not trail or cost < trail[-1][1]):
            trail.append((progress.elapsed_s, cost))

    return ALONE[name]().solve(problem, Limits(seconds=seconds, seed=seed), met), trail


def _verified(case: _Case, solution: Solution) -> int:
    if solution.unserved:
        return objective(case.problem, solution)
    _assert_whole(case.problem, solution)
    if case.path.suffix == ".json":
        cost = checked_cost(case.path, solution)
        assert cost is None or round(cost) == round(solution.cost_neur / NANO_PER_EURO)
    return solution.cost_neur


def _assert_whole(problem: Problem, solution: Solution) -> None:
    """Every stop once, loads within capacity, the price as told."""
    served = [stop for route in solution.routes for trip in route.trips for stop in trip.stops]
    assert sorted(served) == list(range(problem.n_stops))
    assert solution.cost_neur == sum(route_cost(problem, route) for route in solution.routes)
    for route in solution.routes:
        kind = problem.kinds[route.kind]
        for trip in route.trips:
            assert problem.demand_g[list(trip.stops)].sum() <= kind.capacity_g
            assert problem.demand_mc[list(trip.stops)].sum() <= kind.capacity_mc


def _cases(suffix: str) -> Iterator[_Case]:
    folder = os.environ.get("CARTOFLUX_BENCH_" + ("RICH" if suffix == "json" else "CLASSIC"))
    if folder is None:
        return
    kept = set(filter(None, os.environ.get("CARTOFLUX_BENCH_CASES", "").split(",")))
    for path in sorted(Path(folder).glob(f"*.{suffix}")):
        if kept and path.stem not in kept:
            continue
        if suffix == "json":
            yield _Case(path.stem, path, read_rich(path), None)
            continue
        case = read_textbook_case(path)
        known = path.with_suffix(".sol")
        best = None
        if known.exists():
            cost = vrplib.read_solution(str(known))["cost"]
            best = round(cost * case.scale) * NANO_PER_EURO
        yield _Case(path.stem, path, case.problem, best)


def _say(line: str) -> None:
    sys.__stdout__.write(f"{line}\n")
    sys.__stdout__.flush()
