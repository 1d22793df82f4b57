"""PyVRP: iterated local search through infeasible plans, on one core."""

from collections.abc import Callable, Sequence
from importlib.metadata import version

import pyvrp
from pyvrp.search import OPERATORS, LocalSearch, NeighbourhoodParams, compute_neighbours
from pyvrp.stop import StoppingCriterion

from optimization.routing.engine import Limits, OnProgress, ShouldStop
from optimization.routing.pricing import assembled, objective
from optimization.routing.problem import Problem
from optimization.routing.pyvrp_model import PyvrpModel, supports
from optimization.routing.solution import Route, Solution
from optimization.routing.watch import Watch

SeenBest = Callable[[tuple[Route, ...]], None]


class PyvrpSearch:
    """A PyVRP search that can be run stretch by stretch, told of better plans, and asked.

    Args:
        problem: one that :func:`optimization.routing.pyvrp_model.supports` accepts.
        seed: the same seed and iteration counts give the same plans.
    """

    def __init__(self, problem: Problem, seed: int) -> None:
        self._problem = problem
        self._model = PyvrpModel(problem)
        data = self._model.data
        self._random = pyvrp.RandomNumberGenerator(seed=seed)
        self._search = LocalSearch(
            data, self._random, compute_neighbours(data, NeighbourhoodParams())
        )
        for operator in OPERATORS:
            if operator.supports(data):
                self._search.add_operator(operator(data))
        parameters = pyvrp.PenaltyParams()
        self._penalties = pyvrp.PenaltyManager(parameters.midpoint_penalties(data), parameters)
        start = pyvrp.Solution.make_random(data, self._random)
        self._current = self._search(start, self._penalties.max_cost_evaluator(), exhaustive=True)
        self.iterations = 0

    def run(self, stop: StoppingCriterion, seen_best: SeenBest | None = None) -> None:
        """Search until told to stop.

        Args:
            stop: asked at each iteration.
            seen_best: told the routes of each feasible plan that is the best so far.
        """
        told = _Told(self._model, seen_best)
        parameters = pyvrp.IteratedLocalSearchParams(callbacks=told)
        search = pyvrp.IteratedLocalSearch(
            self._model.data, self._penalties, self._search, self._current, parameters
        )
        result = search.run(stop, collect_stats=False)
        self._current = result.best
        self.iterations += result.num_iterations

    def best(self) -> tuple[Route, ...] | None:
        """Routes of the best plan found, ``None`` while none is feasible."""
        if not self._current.is_feasible():
            return None
        return self._model.routes(self._current)

    def go_to(self, routes: Sequence[Route]) -> None:
        """Search on from those feasible routes."""
        self._current = self._model.solution(routes)


class _Told(pyvrp.IteratedLocalSearchCallbacks):
    """Passes on each best plan."""

    def __init__(self, model: PyvrpModel, seen_best: SeenBest | None) -> None:
        self._model = model
        self._seen_best = seen_best

    def on_best(self, best: pyvrp.Solution) -> None:
        if self._seen_best is not None and best.is_feasible():
            self._seen_best(self._model.routes(best))


class PyvrpEngine:
    """PyVRP alone; problems that it cannot be told entirely are refused."""

    @property
    def name(self) -> str:
        """With the version that computed."""
        return f"PyVRP {version('pyvrp')}"

    def solve(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> Solution:
        """Return the best plan found within the limits; see :class:`Engine`.

        Raises:
            ValueError: PyVRP cannot be told of some limit of the problem.
        """
        watch = Watch(limits, on_progress, should_stop)
        best = assembled(problem, (), 0)
        if not (problem.n_stops and problem.n_outlets and sum(k.count for k in problem.kinds)):
            return best
        if not supports(problem):
            raise ValueError("PyVRP knows neither weekly capacities nor such opening hours.")

        def seen(routes: tuple[Route, ...]) -> None:
            nonlocal best
            candidate = assembled(problem, routes, watch.solutions)
            if objective(problem, candidate) < objective(problem, best):
                best = candidate
                watch.tell(best.cost_neur, len(best.unserved))

        def stop(best_cost: int) -> bool:  # noqa: ARG001 (PyVRP's signature)
            watch.solutions += 1
            watch.tell(best.cost_neur, len(best.unserved))
            return watch.over()

        search = PyvrpSearch(problem, limits.seed)
        search.run(stop, seen)
        if (routes := search.best()) is not None:
            seen(routes)
        return Solution(
            routes=best.routes,
            unserved=best.unserved,
            cost_neur=best.cost_neur,
            solutions=watch.solutions,
        )
