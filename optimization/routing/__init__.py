"""Round planning: one solver-neutral problem, one engine Protocol, small engines behind it."""

from optimization.routing.engine import Engine, Limits, OnProgress, SearchProgress, ShouldStop
from optimization.routing.problem import Kind, Problem, build_problem
from optimization.routing.solution import Route, Solution, Trip
from optimization.routing.warming import warm_up

__all__ = [
    "Engine",
    "Kind",
    "Limits",
    "OnProgress",
    "Problem",
    "Route",
    "SearchProgress",
    "ShouldStop",
    "Solution",
    "Trip",
    "build_problem",
    "warm_up",
]
