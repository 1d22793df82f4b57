"""A plan with some routes of another: what two good plans have a chance to make better.

Selective route exchange (Nagata, Bräysy and Dullaert, 2010), simplified: routes of the second plan
near a stop drawn at random take the place of those of the first that serve most of their stops.
What is then served twice leaves one side or the other; what is served no more is left to insert.
"""

import math
from collections.abc import Sequence

import numpy as np

from optimization.routing.problem import Problem
from optimization.routing.solution import Route, Trip


def crossed(
    problem: Problem, first: Sequence[Route], second: Sequence[Route], chance: np.random.Generator
) -> tuple[Route, ...]:
    """The first plan with routes of the second, at most half as many as it has.

    Args:
        problem: of trips that stand alone (``is_direct``): fewer stops are never too many.
        first: a plan of one-trip routes.
        second: another.
        chance: what is drawn.

    Returns:
        Feasible routes; every stop once or not at all.
    """
    most = 1 + int(chance.integers(max(1, math.ceil(len(first) / 2))))
    taken = _around(problem, second, most, chance)
    stops = {stop for route in taken for stop in _stops(route)}
    shared = sorted(first, key=lambda route: -len(stops.intersection(_stops(route))) / _size(route))
    kept = shared[len(taken) :]
    if chance.integers(2):
        return (*_without(kept, stops), *taken)
    return (*kept, *_without(taken, {stop for route in kept for stop in _stops(route)}))


def _around(
    problem: Problem, routes: Sequence[Route], most: int, chance: np.random.Generator
) -> list[Route]:
    """The routes that serve the stops nearest to one of them."""
    serving = {stop: route for route in routes for stop in _stops(route)}
    centre = problem.stop_location(int(chance.integers(problem.n_stops)))
    first = 1 + problem.n_outlets
    apart = problem.distance_m[0, centre, first:] + problem.distance_m[0, first:, centre]
    found: dict[Route, None] = {}
    for stop in np.argsort(apart, kind="stable").tolist():
        if stop in serving:
            found.setdefault(serving[stop])
        if len(found) == most:
            break
    return list(found)


def _stops(route: Route) -> tuple[int, ...]:
    return route.trips[0].stops


def _size(route: Route) -> int:
    return len(_stops(route))


def _without(routes: Sequence[Route], stops: set[int]) -> list[Route]:
    """The same without those stops, nor the routes left empty."""
    fewer = ((route, tuple(s for s in _stops(route) if s not in stops)) for route in routes)
    return [
        Route(route.kind, (Trip(left, route.trips[0].outlet),)) for route, left in fewer if left
    ]
