"""Rules that only OR-Tools knows: another engine plans with a margin for them, OR-Tools goes on.

A pause shortens the shift, a vehicle goes no farther than without recharging; equal rounds and what
must not be mixed are left to OR-Tools. Rounds that do not hold under the true rules are dropped,
their stops put back by OR-Tools.
"""

import time
from dataclasses import replace

from optimization.routing.engine import Engine, Limits, OnProgress, ShouldStop
from optimization.routing.insertion import flatten
from optimization.routing.ortools_engine import OrToolsEngine
from optimization.routing.problem import NO_LIMIT, Problem
from optimization.routing.rules import line_keeps_rules
from optimization.routing.solution import Route, Solution
from optimization.routing.timetable import timetable

SHARE = 0.6
"""Of the budget, for the engine that does not know all rules."""

SHORTEST_S = 0.1
"""That OR-Tools gets whatever the first part took: it must at least put dropped stops back."""


class Cautious:
    """An engine with a margin for what it does not know, then OR-Tools from its plan.

    Args:
        engine: knows all rules of ``told``.
        told: what it is told, see :func:`with_margins`.
    """

    def __init__(self, engine: Engine, told: Problem) -> None:
        self._engine = engine
        self._told = told

    @property
    def name(self) -> str:
        """Both."""
        return f"{self._engine.name} + {OrToolsEngine().name}"

    def solve(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> Solution:
        """Return the best plan found within the limits; see :class:`Engine`.

        What is told at first is what the plan with margins costs: the true cost may be higher.
        """
        began = time.monotonic()
        if limits.solutions is None:
            part, left = replace(limits, seconds=SHARE * limits.seconds), limits
        else:
            share = int(SHARE * limits.solutions)
            part = replace(limits, solutions=share)
            left = replace(limits, solutions=limits.solutions - share)
        first = self._engine.solve(self._told, part, on_progress, should_stop)
        spent = time.monotonic() - began
        left = replace(left, seconds=max(SHORTEST_S, left.seconds - spent))
        start = [route for route in first.routes if _holds(problem, route)]
        found = OrToolsEngine(start).solve(problem, left, on_progress, should_stop)
        return replace(found, solutions=first.solutions + found.solutions)


def with_margins(problem: Problem) -> Problem:
    """The problem without pauses, recharges, resources and balance; its rounds mostly hold."""
    kinds = tuple(
        replace(
            kind,
            shift_end_s=max(kind.shift_start_s, kind.shift_end_s - kind.break_s),
            break_s=0,
            recharge_s=0,
        )
        for kind in problem.kinds
    )
    return replace(
        problem,
        kinds=kinds,
        resource=None,
        accepts=None,
        together=None,
        charging=None,
        balance_neur=0,
        max_spread_s=NO_LIMIT,
    )


def _holds(problem: Problem, route: Route) -> bool:
    return (
        line_keeps_rules(problem, route.kind, flatten(problem, route))
        and timetable(problem, route) is not None
    )
