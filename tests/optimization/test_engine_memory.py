"""A server plans rounds for months: nothing of a solve may stay in memory."""

import gc
import weakref

import pytest

from data.demo import load_demo
from data.figures import load_figures
from geo.travel import GreatCircleTravel
from optimization.routing import ortools_engine
from optimization.routing.engine import Limits
from optimization.routing.ortools_model import OrToolsModel
from optimization.routing.problem import build_problem


def test_models_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every OR-Tools model that a solve makes is freed when it ends."""
    made: list[weakref.ref[object]] = []

    class Watched(OrToolsModel):
        def __init__(self, *args: object) -> None:
            super().__init__(*args)  # type: ignore[arg-type]
            made.append(weakref.ref(self.routing))

    monkeypatch.setattr(ortools_engine, "OrToolsModel", Watched)
    problem = build_problem(load_demo().scenarios[0], GreatCircleTravel(load_figures()))
    ortools_engine.OrToolsEngine().solve(problem, Limits(seconds=60, solutions=16))
    gc.collect()
    assert made
    assert [ref for ref in made if ref() is not None] == []
