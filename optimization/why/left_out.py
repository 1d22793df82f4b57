"""For each stop left out, the smallest single change that would serve it.

The rounds stay as they are: the stop is put where it costs least among them (or in a round of its
own), in the scenario with one thing changed. The plan that this gives is complete, and the
independent checker judges it. A cleverer plan could do with a smaller change; none larger is
needed.

*Size*: share of what is there today (30 minutes more on a shift of 4 h 30 are 11 %); minutes of a
stop's or an outlet's hours are shares of four hours; one more vehicle, an access opened or a
choice given up counts as a whole. At equal size, the change that costs least.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from data.model import Plan, Scenario, Stop, UnservedReason, UnservedStop, Vehicle
from geo.travel.source import TravelSource
from optimization.assembly import rounds_of
from optimization.check import check_plan
from optimization.inspection import usable_outlets
from optimization.replay import solution_of
from optimization.routing.insertion import Insertion
from optimization.routing.pricing import assembled
from optimization.routing.problem import NANO_PER_EURO, build_problem
from optimization.routing.rules import pieces
from optimization.why.changes import Candidate, Change, Lever, candidates, changed
from optimization.why.found import Answer, Explained
from optimization.why.remembered import Remembered

ANSWERS = 3
"""Changes proposed for one stop."""

MOST_STOPS = 20
"""Stops explained: each takes about a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the plan with a stop in it takes more; see :class:`Answer`."""

    cost_eur: float
    metres: int
    also: tuple[str, ...]

    def answer(self, change: Change, size: float) -> Answer:
        """Say that this change does it."""
        return Answer(
            change=change, size=size, cost_eur=self.cost_eur, metres=self.metres, also=self.also
        )


def why_left_out(
    plan: Plan,
    scenario: Scenario,
    travel: TravelSource,
    *,
    spare: Sequence[Vehicle] = (),
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[Explained, ...]:
    """Explain every stop left out, at most ``MOST_STOPS`` of them.

    Args:
        plan: of that scenario, with those distances.
        scenario: the choices it answers.
        travel: where its distances come from.
        spare: vehicles that could come out but are not in the scenario.
        on_progress: told the share done after each stop.
        should_stop: asked before each stop; what is explained so far is returned.

    Raises:
        CartofluxError: the plan does not hold in this scenario.
    """
    search = _Search(plan, scenario, Remembered(travel), tuple(spare))
    stops = {stop.id: stop for stop in scenario.stops}
    asked = [stops[left.stop_id] for left in plan.unserved[:MOST_STOPS]]
    found = []
    for number, stop in enumerate(asked, 1):
        if should_stop is not None and should_stop():
            break
        found.append(search.explained(stop))
        if on_progress is not None:
            on_progress(number / len(asked))
    return tuple(found)


class _Search:
    """Tries changes around one plan."""

    def __init__(
        self, plan: Plan, scenario: Scenario, travel: Remembered, spare: tuple[Vehicle, ...]
    ) -> None:
        self._plan, self._scenario, self._travel = plan, scenario, travel
        known = {vehicle.id for vehicle in scenario.vehicles}
        self._spare = tuple(vehicle for vehicle in spare if vehicle.id not in known)
        self._metres = _metres(plan)

    def explained(self, stop: Stop) -> Explained:
        """The smallest changes, one a lever."""
        now = self._served(self._scenario, stop)
        if now is not None:
            worth = self._worth(stop, now)
            return Explained(stop_id=stop.id, answers=worth, fits_now=not worth)
        found = [
            answer
            for candidate in candidates(self._scenario, stop, self._spare)
            if (answer := self._smallest(candidate, stop)) is not None
        ]
        found.sort(key=lambda answer: (answer.size, answer.cost_eur))
        kept: list[Answer] = []
        for answer in found:
            if all(answer.change.lever is not other.change.lever for other in kept):
                kept.append(answer)
        return Explained(stop_id=stop.id, answers=tuple(kept[:ANSWERS]))

    def _worth(self, stop: Stop, now: Served) -> tuple[Answer, ...]:
        """A higher value, when only that keeps the stop out."""
        value = stop.skip_value_eur
        if value is None or now.cost_eur <= value:
            return ()
        amount = math.ceil(2 * (now.cost_eur - value)) / 2
        change = Change(lever=Lever.VALUE, subject_id=stop.id, amount=amount)
        return (now.answer(change, amount / max(value, 1.0)),)

    def _smallest(self, candidate: Candidate, stop: Stop) -> Answer | None:
        """The fewest steps of that lever that serve the stop; ``None`` when none does."""

        def tried(steps: int) -> Served | None:
            change = candidate.change(steps)
            case = changed(self._scenario, change, stop_id=stop.id, spare=self._spare)
            served = self._served(case, stop)
            value = stop.skip_value_eur
            return None if served and value is not None and served.cost_eur > value else served

        low, high = 0, candidate.steps
        best = tried(high)
        if best is None:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            served = tried(middle)
            if served is None:
                low = middle
            else:
                high, best = middle, served
        change = candidate.change(high)
        return best.answer(change, change.amount / candidate.whole)

    def _served(self, case: Scenario, stop: Stop) -> Served | None:
        """What serving the stop takes in that scenario."""
        problem = build_problem(case, self._travel, outlets=usable_outlets(case))
        solution = solution_of(problem, self._plan)
        state = Insertion(problem, solution.routes)
        number = problem.stop_ids.index(stop.id)
        run = pieces(problem).get(number, (number,))
        if not set(run) <= set(solution.unserved):
            return None  # its piece is on the road without it
        place = state.cheapest(number) if len(run) == 1 else state.cheapest_run(run)
        if place is None:
            return None
        state.insert(place)
        after = assembled(problem, state.routes(), 0)
        # Reasons may have changed for others; the last one claims nothing.
        left = tuple(
            UnservedStop(stop_id=problem.stop_ids[one], reason=UnservedReason.NO_TIME_LEFT)
            for one in after.unserved
        )
        plan = replace(
            self._plan,
            rounds=rounds_of(problem, after, case),
            unserved=left,
            cost_eur=round(after.cost_neur / NANO_PER_EURO, 2),
            bound_eur=None,
        )
        if check_plan(plan, case, self._travel):
            return None
        return Served(
            cost_eur=round(plan.cost_eur - self._plan.cost_eur, 2),
            metres=_metres(plan) - self._metres,
            also=tuple(problem.stop_ids[one] for one in run if one != number),
        )


def _metres(plan: Plan) -> int:
    return sum(visit.distance_m for trip in plan.rounds for visit in trip.visits)
