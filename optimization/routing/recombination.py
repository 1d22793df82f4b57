"""The best plan that can be made of routes already met: set partitioning, decided by CP-SAT.

Every stop is served by one route of the pool or left out at its price; no kind of vehicle is used
more often than there are, no outlet gets more than its weekly capacity. Among routes of the same
kind and stops only the cheapest is kept.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from ortools.sat.python import cp_model

from optimization.routing.pricing import skip_price, unserved
from optimization.routing.problem import NO_LIMIT, Problem
from optimization.routing.solution import Route

UNIT_NEUR = 1_000
"""Prices are rounded to the microeuro, so that CP-SAT's sums stay small."""

MOST_ROUTES = 8_000


class RoutePool:
    """Good routes of all engines, the cheapest of each kind and set of stops."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._routes: dict[tuple[int, frozenset[int], tuple[int, ...]], tuple[int, Route]] = {}
        self._limited = bool((problem.outlet_weekly_g < NO_LIMIT).any())

    def __len__(self) -> int:
        return len(self._routes)

    def add(self, routes: Iterable[tuple[Route, int]]) -> None:
        """Add feasible routes with their n€."""
        for route, price in routes:
            key = self._key(route)
            known = self._routes.get(key)
            if known is None or price < known[0]:
                self._routes[key] = (price, route)

    def delivered(self, route: Route) -> tuple[int, ...]:
        """Weekly grams by outlet."""
        grams = [0] * self._problem.n_outlets
        for trip in route.trips:
            grams[trip.outlet] += int(self._problem.weekly_g[list(trip.stops)].sum())
        return tuple(grams)

    def routes(self, best: Iterable[Route], most: int) -> list[tuple[int, Route]]:
        """Prices and routes: first as cheap ones as ``best`` for its stops, then the latest met."""
        keys = dict.fromkeys(self._key(route) for route in best)
        keys |= dict.fromkeys(list(self._routes)[: -most - 1 : -1])
        return [self._routes[key] for key in keys]

    def _key(self, route: Route) -> tuple[int, frozenset[int], tuple[int, ...]]:
        stops = frozenset(stop for trip in route.trips for stop in trip.stops)
        return route.kind, stops, self.delivered(route) if self._limited else ()


def recombine(
    problem: Problem,
    pool: RoutePool,
    best: Sequence[Route],
    *,
    seconds: float,
    effort: float | None = None,
    seed: int = 1,
) -> tuple[Route, ...] | None:
    """The best plan made of the pool's routes that is found, ``None`` if none was in time.

    Args:
        problem: what to plan.
        pool: feasible routes, those of ``best`` among them.
        best: a plan, where the search starts.
        seconds: wall-clock budget.
        effort: deterministic budget (CP-SAT's own unit), for repeatable results.
        seed: of CP-SAT.
    """
    known = pool.routes(best, MOST_ROUTES)
    routes = [route for _, route in known]
    costs = [price // UNIT_NEUR for price, _ in known]
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in routes]
    left_out = [model.new_bool_var("") for _ in range(problem.n_stops)]
    _add_coverage(model, routes, chosen, left_out)
    _add_fleet(model, problem, routes, chosen)
    _add_weekly_capacities(model, problem, pool, routes, chosen)
    penalties = [skip_price(problem, (stop,)) // UNIT_NEUR for stop in range(problem.n_stops)]
    model.minimize(cp_model.LinearExpr.weighted_sum([*chosen, *left_out], [*costs, *penalties]))
    missing = set(unserved(problem, best))
    for number, variable in enumerate(chosen):
        model.add_hint(variable, number < len(best))
    for stop, variable in enumerate(left_out):
        model.add_hint(variable, stop in missing)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    if effort is not None:
        solver.parameters.max_deterministic_time = effort
    solver.parameters.linearization_level = 2
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return tuple(route for v, route in zip(chosen, routes, strict=True) if solver.value(v))


def _add_coverage(
    model: cp_model.CpModel,
    routes: Sequence[Route],
    chosen: Sequence[cp_model.IntVar],
    left_out: Sequence[cp_model.IntVar],
) -> None:
    serving = [[variable] for variable in left_out]
    for variable, route in zip(chosen, routes, strict=True):
        for trip in route.trips:
            for stop in trip.stops:
                serving[stop].append(variable)
    for variables in serving:
        model.add_exactly_one(variables)


def _add_fleet(
    model: cp_model.CpModel,
    problem: Problem,
    routes: Sequence[Route],
    chosen: Sequence[cp_model.IntVar],
) -> None:
    for number, kind in enumerate(problem.kinds):
        same = [v for v, route in zip(chosen, routes, strict=True) if route.kind == number]
        if len(same) > kind.count:
            model.add(sum(same) <= kind.count)


def _add_weekly_capacities(
    model: cp_model.CpModel,
    problem: Problem,
    pool: RoutePool,
    routes: Sequence[Route],
    chosen: Sequence[cp_model.IntVar],
) -> None:
    limits = np.flatnonzero(problem.outlet_weekly_g < NO_LIMIT).tolist()
    if not limits:
        return
    delivered = [pool.delivered(route) for route in routes]
    for outlet in limits:
        grams = [row[outlet] for row in delivered]
        limit = int(problem.outlet_weekly_g[outlet])
        model.add(cp_model.LinearExpr.weighted_sum(list(chosen), grams) <= limit)
