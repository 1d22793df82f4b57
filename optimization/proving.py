"""The proved minimum of a plan, as a job of its own once the plan is there.

A job apart, started when the plan is already on screen: a plan is never later for being proved,
a proof can be stopped without losing the plan, and the minimum on screen rises as it is proved.
"""

from collections.abc import Callable
from typing import Any

from data.errors import CartofluxError
from data.french import tidy
from data.model import Plan, Scenario
from geo.travel.source import TravelSource
from optimization.bounding.proof import Proof, is_optimal
from optimization.inspection import usable_outlets
from optimization.worker import Tell

__all__ = ["Proof", "is_optimal", "prove_job", "prove_plan"]

PROVING = "Preuve du minimum…"


def prove_plan(
    plan: Plan,
    scenario: Scenario,
    travel: TravelSource,
    *,
    seconds: float,
    iterations: int | None = None,
    on_progress: Callable[[Proof], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Proof:
    """Raise the minimum cost of any plan serving the same stops, as far as time allows.

    Args:
        plan: of that scenario, with those distances.
        scenario: its rules; those that the proof does not know only make it weaker.
        travel: where the plan's distances come from.
        seconds: wall-clock budget.
        iterations: budget in prices tried, for repeatable results.
        on_progress: told after each price tried.
        should_stop: asked between two; what is proved so far is returned.

    Raises:
        CartofluxError: the plan serves nothing, or does not hold in this scenario.
    """
    # The kernel is compiled on import: only where it runs.
    from optimization.bounding.prove import prove  # noqa: PLC0415
    from optimization.replay import solution_of  # noqa: PLC0415
    from optimization.routing.problem import build_problem  # noqa: PLC0415

    problem = build_problem(scenario, travel, outlets=usable_outlets(scenario))
    proof = prove(
        problem,
        solution_of(problem, plan),
        seconds=seconds,
        iterations=iterations,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    if proof is None:
        raise CartofluxError(tidy("Ce plan ne dessert aucun point : il n’y a rien à prouver."))
    return proof


def prove_job(  # noqa: PLR0917 - the worker passes them by position
    tell: Tell,
    should_stop: Callable[[], bool],
    plan: Plan,
    scenario: Scenario,
    travel: TravelSource,
    seconds: float,
) -> Proof:
    """Prove in another process (see ``Worker.start``); ``bound_eur`` is told as it rises."""
    news: dict[str, Any] = {"message": PROVING}
    tell(news)
    return prove_plan(
        plan,
        scenario,
        travel,
        seconds=seconds,
        on_progress=lambda proof: tell({**news, "bound_eur": proof.bound_eur}),
        should_stop=should_stop,
    )
