"""The use case: days by CP-SAT, each day by an engine, then days and rounds together."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from data.errors import PlanRefusedError, SolveCancelledError
from data.french import quantity, tidy
from data.model import Round, Scenario, UnservedReason, UnservedStop
from geo.travel.source import TravelSource
from optimization.routing.engine import Engine, SearchProgress, ShouldStop
from optimization.routing.problem import Feature
from optimization.routing.solution import Route
from optimization.weeks.check import check_week
from optimization.weeks.choosing import MISSED, UNIT_NEUR, choose_days
from optimization.weeks.days import SHORTEST_S, DayPlanner
from optimization.weeks.grouping import on_fewer_days
from optimization.weeks.joining import Ceiling, Joined, WeekPool, delivered, join
from optimization.weeks.model import (
    DAY_NAMES,
    DayPlan,
    DaysTried,
    Pattern,
    WeekChoices,
    WeekPlan,
)
from optimization.weeks.moving import Budget, Mover
from optimization.weeks.setting import Week
from optimization.weeks.validation import validate_week

CHOOSING, DAYS, MOVING, JOINING = 0.08, 0.37, 0.75, 0.83
"""Shares of the time at which each step ends; the last one plans again the days that changed."""

GROUPING = 0.35
"""Share of the time for comparing numbers of days, where the week may be grouped."""

EFFORT = 4.0
"""Deterministic time of each of CP-SAT's decisions."""

STEPS_PER_PLAN = 4
"""Weeks examined while stops change days, for each candidate plan of a counted budget."""


CP_SAT = "CP-SAT"
"""It always decides the days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekProgress:
    """How far a week has come.

    Attributes:
        share: of the whole, 0 to 1.
        message: what is being done, in French.
        cost_eur: of the best whole week so far; ``None`` before the first.
        missed: visits that week leaves out.
        solutions: candidate plans examined.
    """

    share: float
    message: str
    cost_eur: float | None
    missed: int
    solutions: int


OnWeek = Callable[[WeekProgress], None]


def propose_week(
    scenario: Scenario,
    choices: WeekChoices,
    travel: TravelSource,
    *,
    on_progress: OnWeek | None = None,
    should_stop: ShouldStop | None = None,
    engine: Engine | None = None,
    solutions: int | None = None,
) -> WeekPlan:
    """Plan a week of rounds.

    Args:
        scenario: every stop with its visits a week; ``seed`` and ``time_limit_s`` bound the whole.
        choices: working days, vehicles at hand, imposed days.
        travel: distances and times.
        on_progress: told how far the whole has come, several times a second.
        should_stop: asked several times a second; yes means the person cancelled.
        engine: of each day, see ``optimization.planning.propose``.
        solutions: budget in candidate plans of each day: the same seed and budget give the same
            week, whatever the clock.

    Raises:
        InputError: the week cannot be planned; names the field, the row and a way out.
        SolveCancelledError: ``should_stop`` said yes.
        PlanRefusedError: the independent checker found a fault: nothing is shown.
    """
    validate_week(scenario, choices)
    week = Week.of(scenario, replace(choices, grouped=False), travel)
    asked = _Asked(scenario.time_limit_s, on_progress, should_stop, engine, solutions)
    plan = _grouped(week, asked) if choices.grouped else _Search(week, asked).run()
    faults = check_week(plan, travel)
    if faults:
        raise PlanRefusedError(
            tidy(
                "La semaine calculée ne respecte pas toutes les règles, elle a été refusée : "
                + " ".join(fault.message for fault in faults[:3])
            )
        )
    return plan


@dataclass(frozen=True)
class _Asked:
    """What the caller of :func:`propose_week` wants besides the week."""

    seconds: float
    on_progress: OnWeek | None
    should_stop: ShouldStop | None
    engine: Engine | None
    solutions: int | None

    def part(
        self, start: float, end: float, seconds: float, about: str = "", examined: int = 0
    ) -> "_Asked":
        """The same for a part of the whole, told as such; counted, it may last as long."""
        tell = self.on_progress

        def on_progress(progress: WeekProgress) -> None:
            if tell is None:
                return
            said = progress.message
            tell(
                replace(
                    progress,
                    share=start + (end - start) * progress.share,
                    message=f"{about}{said[:1].lower()}{said[1:]}" if about else said,
                    solutions=examined + progress.solutions,
                )
            )

        seconds = self.seconds if self.solutions is not None else seconds
        return replace(self, seconds=seconds, on_progress=on_progress)


def _grouped(week: Week, asked: _Asked) -> WeekPlan:
    """Compare first rounds on ever fewer days while that is cheaper; plan on the best days."""
    began = time.monotonic()
    trials = [week, *on_fewer_days(week)]
    if len(trials) == 1:
        return _Search(week, asked).run()
    each = GROUPING / len(trials)
    met: list[tuple[int, Week, _Candidate]] = []
    tried: list[DaysTried] = []
    examined = 0
    for trial in trials:
        days = len(trial.choices.days)
        about = tidy(f"Essai sur {days} {'jour' if days == 1 else 'jours'} : ")
        # A trial ends with the days' first rounds, which come at that share of its time.
        start = len(tried) * each
        part = asked.part(start, start + each / DAYS, asked.seconds * each / DAYS, about, examined)
        search = _Search(trial, part)
        found = search.first()
        examined += search.examined
        tried.append(
            DaysTried(
                days=trial.choices.days, cost_eur=round(found.cost_eur, 2), missed=found.missed
            )
        )
        met.append((search.price(found), trial, found))
        if len(met) > 1 and met[-1][0] >= met[-2][0]:
            break
    _, kept, known = min(met, key=lambda one: one[0])
    left_s = max(0.0, asked.seconds - (time.monotonic() - began))
    part = asked.part(len(tried) * each, 1.0, left_s, examined=examined)
    plan = _Search(kept, part).run(known)
    return replace(
        plan,
        tried=tuple(tried),
        elapsed_s=round(time.monotonic() - began, 3),
        solutions=examined + plan.solutions,
    )


@dataclass(frozen=True)
class _Candidate:
    """A whole week: patterns by stop number, a plan a day, and stops without any visit."""

    patterns: Mapping[int, Pattern]
    days: Mapping[int, DayPlan]
    without: tuple[UnservedStop, ...]

    @property
    def cost_eur(self) -> float:
        return sum(one.plan.cost_eur for one in self.days.values())

    @property
    def missed(self) -> int:
        return sum(len(one.plan.unserved) for one in self.days.values())


class _Search:
    """One run."""

    def __init__(self, week: Week, asked: _Asked) -> None:
        self._week = week
        self._on_progress = asked.on_progress
        self._should_stop = asked.should_stop
        self._budget = asked.solutions
        self._limit_s = asked.seconds
        self._began = time.monotonic()
        self._share, self._message = 0.0, ""
        self._best: _Candidate | None = None
        self._moves = 0
        self._planner = DayPlanner(
            week, asked.engine, asked.solutions, self._hear, asked.should_stop
        )

    def run(self, known: _Candidate | None = None) -> WeekPlan:
        """All steps; the week found is no dearer than ``known``, of the same days."""
        week, scenario = self._week, self._week.scenario
        first = self.first()
        if known is not None and self.price(known) < self.price(first):
            first = self._best = known
        best = self._improved(first) if self._free() and first.patterns else first
        ids = week.problem.stop_ids
        return WeekPlan(
            scenario=scenario,
            choices=week.choices,
            patterns={ids[stop]: days_ for stop, days_ in sorted(best.patterns.items())},
            days=tuple(best.days[day] for day in week.choices.days),
            without=best.without,
            cost_eur=round(best.cost_eur, 2),
            improved_eur=round(max(0.0, first.cost_eur - best.cost_eur), 2)
            if first.missed == best.missed
            else 0.0,
            elapsed_s=round(time.monotonic() - self._began, 3),
            solutions=self.examined,
            engine=self._planner.name + ("" if CP_SAT in self._planner.name else f" + {CP_SAT}"),
            travel_source=week.travel.name,
            travel_margin=week.travel.margin,
        )

    def first(self) -> _Candidate:
        """Days chosen, and rounds of each day."""
        week, scenario = self._week, self._week.scenario
        self._say(0.0, "Choix des jours de passage")
        chosen = choose_days(
            week,
            seconds=self._seconds(CHOOSING * self._limit_s),
            effort=EFFORT,
            seed=scenario.seed,
        )
        without = week.possible[1] + tuple(self._no_room(stop) for stop in chosen.too_much)
        self._best = self._solve_all(chosen.patterns, without)
        return self._best

    @property
    def examined(self) -> int:
        """Candidate plans so far."""
        return self._planner.examined + self._moves

    def _no_room(self, stop: int) -> UnservedStop:
        week = self._week
        kg = week.problem.demand_g[stop] * len(week.possible[0][stop][0]) / 1000
        room = sum(week.limits_g.values()) / 1000
        return UnservedStop(
            stop_id=week.problem.stop_ids[stop],
            reason=UnservedReason.OUTLET_FULL,
            detail=tidy(
                f"{quantity(float(kg), 'kg')} par semaine ; les exutoires acceptent "
                f"{quantity(room, 'kg')} par semaine en tout."
            ),
        )

    def _free(self) -> bool:
        """Rounds of a day must not depend on each other, nor on the vehicle's number."""
        features = self._week.problem.features
        return not features & {Feature.BALANCE, Feature.LOCKS} and not self._week.scenario.locks

    def _solve_all(
        self, patterns: Mapping[int, Pattern], without: tuple[UnservedStop, ...]
    ) -> _Candidate:
        week = self._week
        mass = {day: self._mass(patterns, day) for day in week.choices.days}
        left = dict(week.limits_g)
        each = (DAYS - CHOOSING) * self._limit_s / len(mass)
        days: dict[int, DayPlan] = {}
        for turn, day in enumerate(week.choices.days):
            # An outlet's week is shared in proportion to what is still to be collected.
            to_come = sum(mass[later] for later in week.choices.days[turn:])
            share = {
                week.problem.outlet_ids[outlet]: grams
                if to_come == mass[day]
                else math.ceil(grams * mass[day] / to_come)
                for outlet, grams in left.items()
            }
            self._say(
                CHOOSING + (DAYS - CHOOSING) * turn / len(mass), f"Tournées du {DAY_NAMES[day]}"
            )
            days[day] = self._planner.planned(day, patterns, each, share)
            for outlet, grams in self._delivered(self._planner.routes(days[day].plan)).items():
                left[outlet] -= grams
        return _Candidate(patterns, days, without)

    def _delivered(self, routes: Sequence[Route]) -> dict[int, int]:
        """Grams that those rounds bring to each outlet with a limit."""
        got = dict.fromkeys(self._week.limits_g, 0)
        for route in routes:
            for outlet, grams in delivered(self._week.problem, route).items():
                if outlet in got:
                    got[outlet] += grams
        return got

    def _mass(self, patterns: Mapping[int, Pattern], day: int) -> int:
        demand = self._week.problem.demand_g
        return sum(int(demand[stop]) for stop, days in patterns.items() if day in days)

    def _improved(self, first: _Candidate) -> _Candidate:
        """Decide days and rounds together; a week that is not better is dropped."""
        week, scenario = self._week, self._week.scenario
        start = Joined(
            first.patterns,
            {day: self._planner.routes(one.plan) for day, one in first.days.items()},
        )
        ceiling = Ceiling(
            grams=max(self._mass(first.patterns, day) for day in week.choices.days),
            seconds=max(_lasting_s(one.plan.rounds) for one in first.days.values()),
        )
        pool = WeekPool(week.problem)
        for routes in start.routes.values():
            for route in routes:
                pool.add(route)
        moved = self._moved(start, ceiling, pool)
        self._say(MOVING, "Jours et tournées décidés ensemble")
        joined = join(
            week,
            pool,
            sorted(moved.patterns),
            moved,
            ceiling,
            seconds=self._seconds((JOINING - MOVING) * self._limit_s),
            effort=EFFORT,
            seed=scenario.seed,
        )
        candidate = self._rebuilt(start, joined or moved, first.without)
        return candidate if self.price(candidate) < self.price(first) else first

    def _moved(self, start: Joined, ceiling: Ceiling, pool: WeekPool) -> Joined:
        self._say(DAYS, "Échanges de jours entre voisins")
        mover = Mover(self._week, start, ceiling, pool, self._week.scenario.seed)
        until = self._began + MOVING * self._limit_s
        steps = None if self._budget is None else STEPS_PER_PLAN * self._budget

        def on_step(done: float) -> None:
            self._moves += 1
            if self._moves % 10 == 0:
                self._say(DAYS + (MOVING - DAYS) * min(1.0, done), self._message)

        mover.run(Budget(steps, until), self._stopped, on_step)
        self._stop_if_asked()
        return mover.best

    def _rebuilt(
        self, start: Joined, joined: Joined, without: tuple[UnservedStop, ...]
    ) -> _Candidate:
        """A plan for each day; days that changed are planned again, kept if that is cheaper."""
        week, planner = self._week, self._planner
        days = {
            day: planner.made_of(day, joined.patterns, joined.routes[day])
            for day in week.choices.days
        }
        changed = [
            day
            for day in week.choices.days
            if days[day].plan.rounds and set(joined.routes[day]) != set(start.routes[day])
        ]
        for at, day in enumerate(changed):
            left_s = self._limit_s - (time.monotonic() - self._began)
            if self._budget is None and left_s < SHORTEST_S:
                break
            self._say(JOINING + (1 - JOINING) * at / len(changed), f"Reprise du {DAY_NAMES[day]}")
            others = [r for d in days if d != day for r in planner.routes(days[d].plan)]
            taken = self._delivered(others)
            room = {
                week.problem.outlet_ids[outlet]: max(0, limit - taken[outlet])
                for outlet, limit in week.limits_g.items()
            }
            again = planner.planned(day, joined.patterns, left_s / (len(changed) - at), room)
            if self._day_price(again) < self._day_price(days[day]):
                days[day] = again
        return _Candidate(joined.patterns, days, without)

    def price(self, candidate: _Candidate) -> int:
        """Thousandths of a euro, visits left out and stops without any at their price."""
        days = sum(self._day_price(one) for one in candidate.days.values())
        return days + MISSED * len(candidate.without)

    def _day_price(self, one: DayPlan) -> int:
        """Thousandths of a euro, visits left out at their price."""
        number = {id_: stop for stop, id_ in enumerate(self._week.problem.stop_ids)}
        penalty = self._week.problem.penalty_neur
        left = sum(
            min(MISSED, int(penalty[number[stop.stop_id]]) // UNIT_NEUR)
            for stop in one.plan.unserved
        )
        return left + round(1000 * one.plan.cost_eur)

    def _seconds(self, seconds: float) -> float:
        return math.inf if self._budget is not None else seconds

    def _hear(self, _: SearchProgress) -> None:
        """A day's engine goes on: the week says again where it stands."""
        self._tell()

    def _say(self, share: float, message: str) -> None:
        self._stop_if_asked()
        self._share, self._message = share, message
        self._tell()

    def _tell(self) -> None:
        if self._on_progress is None:
            return
        best = self._best
        self._on_progress(
            WeekProgress(
                share=self._share,
                message=self._message,
                cost_eur=None if best is None else best.cost_eur,
                missed=0 if best is None else best.missed,
                solutions=self.examined,
            )
        )

    def _stopped(self) -> bool:
        return self._should_stop is not None and self._should_stop()

    def _stop_if_asked(self) -> None:
        if self._stopped():
            raise SolveCancelledError(tidy("Calcul annulé : aucune semaine n’a été gardée."))


def _lasting_s(rounds: Sequence[Round]) -> int:
    return sum(one.visits[-1].arrival_s - one.visits[0].departure_s for one in rounds)
