"""How far the proved minimum is below the plan, by number of stops, beside the first minimum.

The full table is asked for with environment variables, and shown with pytest's `-s`:

* ``CARTOFLUX_BENCH_PROOF``: wall seconds for each proof;
* ``CARTOFLUX_BENCH_RICH``: folder of rich instances (``.json``), added to the made ones.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import pytest

from optimization.bound import lower_bound_eur
from optimization.bounding.instance import MOST_STOPS
from optimization.bounding.prove import prove
from optimization.bounding.warming import warm_up as warm_up_proof
from optimization.routing import Limits, Problem, warm_up
from optimization.routing.portfolio import PortfolioEngine, Second
from tests.benchmarks.rich_files import made_rich, read_rich

PLAN_S = 5.0
SIZES = (10, 15, 20, 30, 40, 50)
SEEDS = (1, 2)


def by_bike(problem: Problem) -> Problem:
    """Without its vans."""
    kinds = tuple(replace(k, count=0) if k.profile else k for k in problem.kinds)
    return replace(problem, kinds=kinds)


@pytest.mark.parametrize(("stops", "seed"), [(8, 1), (12, 2)])
def test_proof_is_tighter_than_the_first_minimum(stops: int, seed: int) -> None:
    """A dozen stops: the gap left by each."""
    problem = made_rich(stops=stops, seed=seed)
    limits = Limits(seconds=600.0, solutions=20_000, seed=1)
    first, gap, _ = _gaps(problem, PortfolioEngine(Second.RUIN), limits, 600.0)
    _say(f"{stops:3d} stops  first minimum {first:6.2f} %  proof {gap:6.2f} %")
    assert 0 <= gap < first


@pytest.mark.skipif(
    "CARTOFLUX_BENCH_PROOF" not in os.environ, reason="full table: set CARTOFLUX_BENCH_PROOF"
)
def test_full_table() -> None:
    """All sizes, by bike alone then with vans, then the files."""
    warm_up()
    warm_up_proof()
    seconds = float(os.environ["CARTOFLUX_BENCH_PROOF"])
    for name, problems in _families():
        rows = []
        for problem in problems:
            limits = Limits(seconds=PLAN_S, seed=1)
            rows.append(_gaps(problem, PortfolioEngine(), limits, seconds))
        _say(
            f"{name:14s} first minimum {fmean(r[0] for r in rows):6.2f} %  proof "
            f"{fmean(r[1] for r in rows):5.2f} %  worst {max(r[1] for r in rows):5.2f} %  "
            f"optimal {sum(r[2] for r in rows)}/{len(rows)}"
        )


def _families() -> Iterator[tuple[str, list[Problem]]]:
    for stops in SIZES:
        made = [made_rich(stops=stops, seed=seed) for seed in SEEDS]
        yield f"bikes {stops}", [by_bike(problem) for problem in made]
        yield f"with vans {stops}", made
    folder = os.environ.get("CARTOFLUX_BENCH_RICH")
    for path in sorted(Path(folder).glob("*.json")) if folder else ():
        problem = read_rich(path)
        if problem.n_stops <= MOST_STOPS:
            yield path.stem, [problem]


def _gaps(
    problem: Problem, engine: PortfolioEngine, limits: Limits, seconds: float
) -> tuple[float, float, bool]:
    """Per cent that the first minimum and the proof leave, and whether the plan is the best."""
    plan = engine.solve(problem, limits)
    first, proof = lower_bound_eur(problem, plan), prove(problem, plan, seconds=seconds)
    assert first is not None
    assert proof is not None
    return 100 * (proof.cost_eur / first - 1), 100 * proof.gap, proof.optimal


def _say(line: str) -> None:
    sys.__stdout__.write(f"{line}\n")
    sys.__stdout__.flush()
