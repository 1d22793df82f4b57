"""One ruin-and-recreate search that can be run stretch by stretch, told of plans, and asked."""

from collections.abc import Iterable

import numpy as np

from optimization.routing.problem import Problem
from optimization.routing.ruin_recreate.instance import build_instance, is_direct
from optimization.routing.ruin_recreate.loop import (
    Parameters,
    load,
    new_memory,
    save,
    search,
    total,
)
from optimization.routing.ruin_recreate.pool import new_pool
from optimization.routing.ruin_recreate.state import UNKNOWN, Plan, new_plan, new_state
from optimization.routing.ruin_recreate.unloads import new_board
from optimization.routing.solution import Route, Trip

NEIGHBOURS = 5
"""Legs to that many nearest stops give the scale of temperatures."""

WHOLE_CHANCE = 0.02
"""Of a step that takes out whole routes, where a shift costs something."""

SLACK = 3.0
"""Legs to near stops that unloading elsewhere gains at most, as a rule: plans dearer than what
is accepted by more are given up before their unloadings are placed."""


class Core:
    """A search at rest between two calls of :meth:`run`.

    Args:
        problem: at least one stop, one outlet and one vehicle.
        seed: the same seed and calls give the same plans.
    """

    def __init__(self, problem: Problem, seed: int) -> None:
        self._problem = problem
        self._instance = build_instance(problem)
        self._state = new_state(self._instance)
        self._best = new_plan(self._instance)
        self._pool = new_pool(self._best.node.shape[1])
        self._board = new_board(self._instance)
        self._memory = new_memory(self._instance)
        # Free vehicles need not be emptied.
        self._whole = 0.0 if is_direct(problem) else WHOLE_CHANCE
        self._random = np.array([seed], dtype=np.uint64)
        self.scale = self._near_leg()
        self.steps = 0

    @property
    def objective(self) -> int:
        """n€ of the best plan, stops left out priced in."""
        return int(self._best.price[0])

    def summary(self) -> tuple[int, int]:
        """n€ of the best plan's routes, and how many stops it leaves out."""
        plan, first = self._best, 1 + self._instance.outlets
        served = np.zeros(len(self._instance.stay), np.bool_)
        for nodes, size in zip(plan.node, plan.size.tolist(), strict=True):
            served[nodes[1 : size + 1]] = True
        left_out = first + np.flatnonzero(~served[first:])
        return self.objective - int(self._instance.value[left_out].sum()), len(left_out)

    def run(self, steps: int, heat: float) -> None:
        """Search on.

        Args:
            steps: how many ruins.
            heat: temperature, in prices of a leg between near stops.
        """
        search(
            self._instance,
            self._state,
            self._best,
            self._pool,
            self._board,
            self._memory,
            self._random,
            Parameters(temperature=heat * self.scale, whole=self._whole, slack=SLACK * self.scale),
            steps,
        )
        self.steps += steps

    def best(self) -> tuple[Route, ...]:
        """Routes of the best plan found."""
        plan = self._best
        return tuple(
            self._route(int(kind), plan.node[i, 1 : size + 1].tolist())
            for i, (size, kind) in enumerate(zip(plan.size.tolist(), plan.kind, strict=True))
            if size
        )

    def go_to_best(self) -> None:
        """Search on from the best plan."""
        load(self._instance, self._state, self._best)

    def go_to(self, routes: Iterable[Route]) -> bool:
        """Search on from feasible routes, kept if they are the best; False if they are not.

        Args:
            routes: every stop at most once, weekly capacities kept.
        """
        plan = new_plan(self._instance)
        row = 0
        for route in routes:
            for nodes in self._lines(route):
                plan.size[row], plan.kind[row] = len(nodes), route.kind
                plan.node[row, 1 : len(nodes) + 1] = nodes
                row += 1
        if not load(self._instance, self._state, plan):
            load(self._instance, self._state, self._best)
            return False
        price = self._price(plan)
        if price < self.objective:
            save(self._state, self._best, price)
        return True

    def start_from(self, routes: Iterable[Route]) -> None:
        """Forget the best plan and search from those routes, stops missing or not; all may be."""
        self._best.price[0] = UNKNOWN
        self._best.size[:] = 0
        self.go_to(routes)

    def standing(self) -> Plan:
        """The routes being worked on, which are not the best ones while the search is hot."""
        plan = new_plan(self._instance)
        save(self._state, plan, int(total(self._instance, self._state)))
        return plan

    def stand_at(self, plan: Plan) -> None:
        """Search on from what another search of the same problem was working on."""
        load(self._instance, self._state, plan)
        if plan.price[0] < self.objective:
            save(self._state, self._best, int(plan.price[0]))

    def good_routes(self) -> list[tuple[Route, int]]:
        """Routes of good plans met since the last call, with their n€."""
        pool = self._pool
        met = int(pool.met[0])
        found = []
        for number in range(max(0, met - len(pool.size)), met):
            row = number % len(pool.size)
            nodes = pool.node[row, : pool.size[row]].tolist()
            found.append((self._route(int(pool.kind[row]), nodes), int(pool.price[row])))
        pool.met[0] = 0
        return found

    def _price(self, plan: Plan) -> int:
        served = {int(v) for i, size in enumerate(plan.size) for v in plan.node[i, 1 : size + 1]}
        first = 1 + self._instance.outlets
        left_out = [v for v in range(first, len(self._instance.stay)) if v not in served]
        routes = int(np.count_nonzero(plan.size))
        slots = self._state.order[:routes]
        return int(self._state.price[slots].sum()) + int(self._instance.value[left_out].sum())

    def _route(self, kind: int, nodes: list[int]) -> Route:
        outlets = self._instance.outlets
        if outlets == 0:
            return Route(kind, (Trip(tuple(v - 1 for v in nodes), 0),))
        trips: list[Trip] = []
        stops: list[int] = []
        for v in nodes:
            if v > outlets:
                stops.append(v - 1 - outlets)
            else:
                trips.append(Trip(tuple(stops), v - 1))
                stops = []
        return Route(kind, tuple(trips))

    def _lines(self, route: Route) -> list[list[int]]:
        outlets = self._instance.outlets
        if outlets == 0:
            return [[1 + stop for stop in trip.stops] for trip in route.trips]
        nodes: list[int] = []
        for trip in route.trips:
            nodes += [1 + outlets + stop for stop in trip.stops]
            nodes.append(1 + trip.outlet)
        return [nodes]

    def _near_leg(self) -> float:
        """Mean price of a leg to a near stop; never 0, for temperatures are multiples of it."""
        first = 1 + self._instance.outlets
        apart = np.sort(self._instance.exact_cost[:, first:, first:], axis=2)
        near = apart[:, :, 1 : NEIGHBOURS + 1]
        mean = float(near.mean()) if near.size else 0.0
        return max(1.0, mean)
