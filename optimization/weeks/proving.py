"""The proved minimum of a week: of all weeks that serve the same stops as many times.

The days are forgotten: any shift of the week may make any visit, a stop once a shift. What days
and rhythms cost on top is not in the minimum, so that it can only be too low.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from data.errors import CartofluxError
from data.french import tidy
from geo.travel.source import TravelSource
from optimization.bounding.proof import Proof
from optimization.proving import PROVING
from optimization.replay import solution_of
from optimization.routing.problem import NANO_PER_EURO
from optimization.routing.solution import Solution
from optimization.weeks.model import WeekPlan
from optimization.weeks.setting import Week
from optimization.worker import Tell


def prove_week(
    plan: WeekPlan,
    travel: TravelSource,
    *,
    seconds: float,
    iterations: int | None = None,
    on_progress: Callable[[Proof], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Proof:
    """Raise the minimum cost of any week making the same visits, as far as time allows.

    Args:
        plan: of a week, with those distances.
        travel: where the plan's distances come from.
        seconds: wall-clock budget.
        iterations: budget in prices tried, for repeatable results.
        on_progress: told after each price tried.
        should_stop: asked between two; what is proved so far is returned.

    Raises:
        CartofluxError: the week serves nothing, or does not hold with these distances.
    """
    # The kernel is compiled on import: only where it runs.
    from optimization.bounding.prove import prove  # noqa: PLC0415

    # A grouped week must be compared with weeks on all the days it was chosen from.
    days = plan.tried[0].days if plan.tried else plan.choices.days
    week = Week.of(plan.scenario, replace(plan.choices, days=days), travel)
    problem = week.problem
    fleets = [[kind.count for kind in week.kinds_on(day).kinds] for day in week.choices.days]
    shifts = [sum(counts) for counts in zip(*fleets, strict=True)]
    kinds = tuple(
        replace(kind, count=count) for kind, count in zip(problem.kinds, shifts, strict=True)
    )
    routes = tuple(route for one in plan.days for route in solution_of(problem, one.plan).routes)
    made = Counter(stop for route in routes for trip in route.trips for stop in trip.stops)
    visits = [made[stop] for stop in range(problem.n_stops)]
    proof = prove(
        replace(problem, kinds=kinds),
        Solution(
            routes=routes,
            unserved=tuple(stop for stop, count in enumerate(visits) if not count),
            cost_neur=round(plan.cost_eur * NANO_PER_EURO),
            solutions=plan.solutions,
        ),
        visits=visits,
        seconds=seconds,
        iterations=iterations,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    if proof is None:
        raise CartofluxError(tidy("Cette semaine ne dessert aucun point : rien à prouver."))
    return proof


def prove_week_job(
    tell: Tell,
    should_stop: Callable[[], bool],
    plan: WeekPlan,
    travel: TravelSource,
    seconds: float,
) -> Proof:
    """Prove in another process (see ``Worker.start``); ``bound_eur`` is told as it rises."""
    news: dict[str, Any] = {"message": PROVING}
    tell(news)
    return prove_week(
        plan,
        travel,
        seconds=seconds,
        on_progress=lambda proof: tell({**news, "bound_eur": proof.bound_eur}),
        should_stop=should_stop,
    )
