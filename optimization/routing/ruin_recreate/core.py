"""One ruin-and-recreate search that can be run stretch by stretch, told of plans, and asked."""

from collections.abc import Iterable

import numpy as np

from optimization.routing.problem import Problem
from optimization.routing.ruin_recreate.instance import build_instance, is_direct
from optimization.routing.ruin_recreate.loop import (
    Parameters,
    load,
    new_memory,
    overfull,
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

SOFTNESS = 20.0
"""First price of a load one mean stop too great, in legs to near stops, ..."""

SOFTER = 1.1
"""... then by that factor dearer or cheaper after each call, so that about ..."""

KEPT = 0.4
"""... that share of the plans accepted keeps every capacity (0.2 to 0.7: much the same)."""

DEAREST = 1e16
"""n€: prices of whole plans still fit their type."""

FEWEST_TOLD = 20
"""Plans accepted from which the share means something."""


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
        # Windows bind harder than capacities: there the search keeps both.
        self._soft = is_direct(problem) and not self._instance.timed
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
        self._search(steps, heat)
        if self._soft:
            self._set_softness()

    def _search(self, steps: int, heat: float) -> None:
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

    def _set_softness(self) -> None:
        """Change the price of loads too great by the plans accepted; none in the first call."""
        softness, tally = self._state.softness, self._state.tally
        if softness[0] <= 0.0:
            inst = self._instance
            stops = inst.demand[1:, :2].mean(axis=0) / np.maximum(1, inst.capacity[0])
            softness[0] = SOFTNESS * self.scale / max(1e-6, float(stops.max()))
        elif tally[0] >= FEWEST_TOLD:
            kept = tally[1] / tally[0]
            factor = SOFTER if kept < KEPT else 1 / SOFTER
            softness[0] = min(DEAREST, max(1.0, softness[0] * factor))
            tally[:] = 0

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
        # A first plan that keeps every capacity: there always is a best one.
        softness = float(self._state.softness[0])
        self._state.softness[0] = 0.0
        self._search(1, 1.0)
        self._state.softness[0] = softness

    def standing(self) -> Plan:
        """The routes being worked on, which are not the best ones while the search is hot."""
        plan = new_plan(self._instance)
        save(self._state, plan, int(total(self._instance, self._state)))
        return plan

    def stand_at(self, plan: Plan) -> None:
        """Search on from what another search of the same problem was working on."""
        load(self._instance, self._state, plan)
        kept = not self._soft or not overfull(self._instance, self._state)
        if kept and plan.price[0] < self.objective:
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
