"""What each family of rules costs: the same stops planned again without it, from the plan itself.

An estimate, never below zero: the plan stays possible when a rule goes, so the search starts from
it and can only lower its cost; a longer search could find more. The plan is searched again with
all its rules first, with the same effort, so that what the search alone gains is not put on a
rule's account.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from data.model import Plan, Scenario
from geo.travel.source import TravelSource
from optimization.assembly import rounds_of
from optimization.inspection import usable_outlets
from optimization.replay import solution_of
from optimization.routing.insertion import Insertion, Place
from optimization.routing.problem import NANO_PER_EURO, build_problem
from optimization.routing.rules import pieces
from optimization.why.families import Family, in_use, without
from optimization.why.found import RuleCost, RuleCosts
from optimization.why.improving import improved
from optimization.why.remembered import Remembered

SECONDS = 3.0
"""Given to each family."""


def cost_of_constraints(
    plan: Plan,
    scenario: Scenario,
    travel: TravelSource,
    *,
    seconds: float = SECONDS,
    solutions: int | None = None,
    on_progress: Callable[[Family | None, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RuleCosts:
    """Plan again without each family of rules.

    Args:
        plan: of that scenario, with those distances.
        scenario: the choices it answers.
        travel: where its distances come from.
        seconds: for each family.
        solutions: budget in plans examined for each, for repeatable results.
        on_progress: told the family about to be tried, and the share done.
        should_stop: once it says yes, the families tried so far are returned.

    Raises:
        CartofluxError: the plan does not hold in this scenario.
    """
    roads = Remembered(travel)
    left = {unserved.stop_id for unserved in plan.unserved}
    served = _served_only(scenario, left)
    kept = replace(plan, unserved=())
    families = list(in_use(scenario))
    found: list[RuleCost] = []
    stopped = False

    def stop() -> bool:
        nonlocal stopped
        stopped = stopped or (should_stop is not None and should_stop())
        return stopped

    def tell(family: Family | None, done: int) -> None:
        if on_progress is not None:
            on_progress(family, done / (1 + len(families)))

    tell(None, 0)
    reference = _planned_again(kept, served, roads, seconds, solutions, stop)
    for done, family in zip(count(1), families, strict=False):
        if stop():
            break
        tell(family, done)
        freed = _planned_again(reference, without(served, family), roads, seconds, solutions, stop)
        saved = max(0.0, round(reference.cost_eur - freed.cost_eur, 2))
        found.append(
            RuleCost(
                family=family,
                saved_eur=saved,
                share=saved / reference.cost_eur if reference.cost_eur else 0.0,
                more_stops=_taken_up(plan, without(scenario, family), roads) if left else 0,
            )
        )
    found.sort(key=lambda rule: (-rule.saved_eur, -rule.more_stops))
    return RuleCosts(
        cost_eur=reference.cost_eur,
        better_eur=max(0.0, round(plan.cost_eur - reference.cost_eur, 2)),
        rules=tuple(found),
        complete=not stopped,
    )


def _served_only(scenario: Scenario, left: set[str]) -> Scenario:
    """The same with the stops served, all of which must be."""
    locks = (
        replace(lock, stop_ids=tuple(id_ for id_ in lock.stop_ids if id_ not in left))
        for lock in scenario.locks
    )
    return replace(
        scenario,
        stops=tuple(
            replace(stop, skip_value_eur=None) for stop in scenario.stops if stop.id not in left
        ),
        locks=tuple(lock for lock in locks if lock.stop_ids),
    )


def _planned_again(  # noqa: PLR0917
    start: Plan,
    case: Scenario,
    travel: TravelSource,
    seconds: float,
    solutions: int | None,
    should_stop: Callable[[], bool],
) -> Plan:
    problem = build_problem(case, travel, outlets=usable_outlets(case))
    better = improved(
        problem,
        solution_of(problem, start),
        seconds=seconds,
        solutions=solutions,
        should_stop=should_stop,
    )
    return replace(
        start,
        rounds=rounds_of(problem, better, case),
        cost_eur=round(better.cost_neur / NANO_PER_EURO, 2),
    )


def _taken_up(plan: Plan, case: Scenario, travel: TravelSource) -> int:
    """Stops left out that fit into the rounds as they are, the cheapest first."""
    problem = build_problem(case, travel, outlets=usable_outlets(case))
    solution = solution_of(problem, plan)
    state = Insertion(problem, solution.routes)
    tied = pieces(problem)
    waiting = {tied.get(stop, (stop,)) for stop in solution.unserved}
    waiting = {run for run in waiting if set(run) <= set(solution.unserved)}
    taken = 0
    while True:
        places: list[tuple[int, tuple[int, ...], Place]] = []
        for run in sorted(waiting):
            place = state.cheapest(run[0]) if len(run) == 1 else state.cheapest_run(run)
            value = sum(int(problem.penalty_neur[stop]) for stop in run)
            if place is not None and place.cost_neur < value:
                places.append((place.cost_neur, run, place))
        if not places:
            return taken
        _, run, place = min(places, key=lambda each: each[:2])
        state.insert(place)
        waiting.discard(run)
        taken += len(run)
