"""Round planning with OR-Tools, started well and kept honest.

1. *Start*: cheapest insertion in several orders, with and without each kind of vehicle.
2. *Ruin and recreate*: take out a few stops, put them back in the cheapest places, keep what is
   better (or hardly worse, less and less often); OR-Tools' local search descends from some of
   the best.
3. *OR-Tools routing*: guided local search from the best plan of step 2, in a model that has just
   the vehicles and unloadings this plan uses, for on its own OR-Tools opens far too many shifts.

The better of both is returned. Every random choice comes from one seeded generator.
"""

import itertools
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.constraint_solver.routing_parameters_pb2 import RoutingSearchParameters
from ortools.util.optional_boolean_pb2 import BOOL_FALSE

from optimization.routing.engine import Limits, OnProgress, SearchProgress, ShouldStop
from optimization.routing.insertion import Insertion, flatten
from optimization.routing.ortools_model import OrToolsModel
from optimization.routing.problem import MUST_SERVE_NEUR, NANO_PER_EURO, Feature, Problem
from optimization.routing.ruin import Lines, Ruin
from optimization.routing.rules import pieces, spread_price
from optimization.routing.solution import Route, Solution

POLISH_SHARE = 0.2
"""Share of the budget left to OR-Tools' guided local search."""

STARTS_PER_FLEET = 4
OPENING_BARRED_CHANCE = 0.3
BLINK_CHANCE = 0.01
GENEROUS_CHANCE = 0.1
"""How often optional stops are inserted whatever they cost: a round that pays for several stops
may pay for none of them alone."""

DESCENT_CHANCE = 0.3
DESCENT_GAP = 0.01
DESCENT_SHARE = 0.05
"""A descent stops after that share of the time: on large cases it would take it all."""

FAILURES_A_PLAN = 1_000
"""Moves tried in vain by the last polish for each plan it may still examine: where few plans are
possible it would otherwise look for more until its time is over."""

SHORTEST_POLISH_S = 0.05
TELL_EVERY_S = 0.25
EXCESS_NEUR = NANO_PER_EURO
"""What each second of too great a difference between rounds weighs during the search."""

HOT, COLD = 0.5, 0.005
"""First and last temperature, in mean legs between stops."""

DROPPED_OPERATORS = (
    "relocate_pair",
    "exchange_pair",
    "light_relocate_pair",
    "relocate_subtrip",
    "exchange_subtrip",
    "relocate_expensive_chain",
    "make_chain_inactive",
    "swap_active_chain",
    "shortest_path_swap_active",
    "shortest_path_two_opt",
    "global_cheapest_insertion_path_lns",
    "local_cheapest_insertion_path_lns",
    "global_cheapest_insertion_visit_types_lns",
    "local_cheapest_insertion_visit_types_lns",
    "relocate_path_global_cheapest_insertion_insert_unperformed",
)
"""Neighbourhoods measured as not worth their time on such rounds."""


@dataclass(slots=True)
class _Candidate:
    """Lines with what they cost, stops left out and unequal rounds priced in.

    Attributes:
        excess_s: seconds by which the rounds are too unequal; such a plan is never returned.
    """

    lines: Lines
    absent: list[int]
    objective: int
    excess_s: int = 0


class OrToolsEngine:
    """The engine that knows every rule.

    Args:
        start: routes that hold, where the search begins; none for a start of its own.
    """

    features = frozenset(Feature)

    def __init__(self, start: Sequence[Route] = ()) -> None:
        self._from = tuple(start)

    @property
    def name(self) -> str:
        """With the version that computed."""
        return f"OR-Tools {version('ortools')}"

    def solve(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> Solution:
        """Return the best plan found within the limits; see :class:`Engine`."""
        return _Search(problem, limits, on_progress, should_stop, self._from).run()


class _Search:
    """One run; holds the best plan so far and the clock."""

    def __init__(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None,
        should_stop: ShouldStop | None,
        start: tuple[Route, ...],
    ) -> None:
        self._from = start
        self._problem = problem
        self._limits = limits
        self._report = on_progress
        self._should_stop = should_stop
        self._random = np.random.default_rng(limits.seed)
        self._began = time.monotonic()
        self._told = -math.inf
        self._stopped = False
        self._solutions = 0
        self._work = Insertion(problem)
        self._penalty = problem.penalty_neur
        self._pieces = pieces(problem)
        self._balanced = Feature.BALANCE in problem.features
        self._optional = bool((problem.skip_neur < MUST_SERVE_NEUR).any())
        everyone = list(range(problem.n_stops))
        self._best = _Candidate([], everyone, int(self._penalty.sum()))

    def run(self) -> Solution:
        """Start, ruin and recreate, polish."""
        if self._problem.n_stops and not self._go_on():
            self._start()
        if self._problem.n_stops > 1:
            self._ruin_and_recreate()
            self._polish()
        self._tell(now=True)
        self._work.load(self._best.lines)
        return Solution(
            routes=self._work.routes(),
            unserved=tuple(sorted(self._best.absent)),
            cost_neur=self._work.cost_neur(),
            solutions=self._solutions,
        )

    def _go_on(self) -> bool:
        """Start from the routes given, the other stops inserted; False if there are none."""
        lines = [(route.kind, flatten(self._problem, route)) for route in self._from]
        if not lines or not self._load(lines):
            return False
        served = {stop for route in self._from for trip in route.trips for stop in trip.stops}
        missing = [stop for stop in range(self._problem.n_stops) if stop not in served]
        self._keep(self._recreate(missing, (), blinks=False, generous=self._optional))
        return True

    def _start(self) -> None:
        """Insertion from scratch, in several orders, each kind of vehicle being avoided in turn."""
        problem = self._problem
        groups: dict[tuple[int, int, int], list[int]] = {}
        for number, kind in enumerate(problem.kinds):
            key = (kind.profile, kind.capacity_g, kind.capacity_mc)
            groups.setdefault(key, []).append(number)
        fleets = [[], *groups.values()] if len(groups) > 1 else [[]]
        manners = [False, True] if self._optional else [False]
        for attempt, generous in itertools.product(range(STARTS_PER_FLEET), manners):
            for barred in fleets:
                if self._over():
                    return
                self._work.load([])
                order = self._order(list(range(problem.n_stops)), attempt)
                self._keep(self._recreate(order, barred, blinks=False, generous=generous))

    def _ruin_and_recreate(self) -> None:
        random, problem = self._random, self._problem
        ruin = Ruin(problem, random)
        first = 1 + problem.n_outlets
        leg = float(problem.distance_m[0][first:, first:].mean())
        rate = max(1.0, float(np.mean([kind.metre_neur for kind in problem.kinds])))
        seconds = float(problem.duration_s[0][first:, first:].mean())
        rate_s = float(np.mean([kind.second_neur for kind in problem.kinds]))
        scale = max(1.0, leg * rate + seconds * rate_s)
        current = self._best
        while (done := self._share_done() / (1 - POLISH_SHARE)) < 1 and not self._over():
            temperature = scale * HOT * (COLD / HOT) ** done
            removed, lines = ruin(current.lines)
            if not self._load(lines):
                continue
            order = self._order(removed + current.absent, int(random.integers(4)))
            barred: Sequence[int] = ()
            if random.random() < OPENING_BARRED_CHANCE:
                barred = np.flatnonzero(random.random(len(problem.kinds)) < 0.5).tolist()  # noqa: PLR2004 (a coin)
            generous = self._optional and random.random() < GENEROUS_CHANCE
            candidate = self._recreate(order, barred, blinks=True, generous=generous)
            near_best = candidate.objective < self._best.objective * (1 + DESCENT_GAP)
            if near_best and random.random() < DESCENT_CHANCE:
                descent_s = min(self._left_s(), DESCENT_SHARE * self._limits.seconds)
                candidate = self._ortools(
                    candidate, _parameters("GREEDY_DESCENT", seconds=descent_s)
                )
            self._keep(candidate)
            # 1 - random() is never 0, whose logarithm does not exist.
            threshold = current.objective - temperature * math.log(1 - random.random())
            if candidate.objective < threshold:
                current = candidate

    def _polish(self) -> None:
        """Guided local search with what is left of the budget."""
        if self._over() or self._left_s() < SHORTEST_POLISH_S or not self._best.lines:
            return
        parameters = _parameters("GUIDED_LOCAL_SEARCH", seconds=self._left_s())
        if self._limits.solutions is not None:
            parameters.solution_limit = self._limits.solutions - self._solutions
        failures = FAILURES_A_PLAN * parameters.solution_limit
        self._keep(
            self._ortools(
                self._best, parameters, None if self._limits.solutions is None else failures
            )
        )

    def _recreate(
        self, order: list[int], barred: Sequence[int], *, blinks: bool, generous: bool
    ) -> _Candidate:
        """Insert stops one by one; those that fit nowhere or are not worth it stay out.

        Args:
            order: stops to insert.
            barred: kinds of which no vehicle is opened, unless a stop would stay out.
            blinks: skip each place with a small chance, for variety.
            generous: insert optional stops whatever they cost.
        """
        absent = self._insert_all(order, barred, blinks=blinks, generous=generous)
        if absent and barred:
            absent = self._insert_all(absent, (), blinks=False, generous=generous)
        self._work.settle_outlets()
        return self._candidate(absent)

    def _insert_all(
        self, order: list[int], barred: Sequence[int], *, blinks: bool, generous: bool
    ) -> list[int]:
        work, absent = self._work, []
        for stop in order:
            run = self._pieces.get(stop)
            if run is not None:
                if stop == run[0]:
                    absent += self._insert_run(run, generous=generous)
                continue
            closed = work.opens(barred) if barred else np.zeros(work.gaps, dtype=np.bool_)
            if blinks:
                closed |= self._random.random(work.gaps) < BLINK_CHANCE
            place = work.cheapest(stop, closed)
            if place is None or (not generous and place.cost_neur >= self._penalty[stop]):
                absent.append(stop)
            else:
                work.insert(place)
        return absent

    def _insert_run(self, run: tuple[int, ...], *, generous: bool) -> list[int]:
        """Insert a locked piece; its stops if it stays out."""
        place = self._work.cheapest_run(run)
        worth = int(self._penalty[list(run)].sum())
        if place is None or (not generous and place.cost_neur >= worth):
            return list(run)
        self._work.insert(place)
        return []

    def _ortools(
        self,
        candidate: _Candidate,
        parameters: RoutingSearchParameters,
        failures: int | None = None,
    ) -> _Candidate:
        """Improve a plan with OR-Tools, with just the vehicles it uses and one spare unloading.

        Args:
            candidate: where to start.
            parameters: how to search.
            failures: moves tried in vain after which to stop, when plans are counted.
        """
        problem = self._problem
        self._work.load(candidate.lines)
        routes = self._work.routes()
        if not routes:
            return candidate
        fleet = [0] * len(problem.kinds)
        reloads = [1] * problem.n_outlets
        for route in routes:
            fleet[route.kind] += 1
            for trip in route.trips[:-1]:
                reloads[trip.outlet] += 1
        model = OrToolsModel(problem, fleet, reloads, parameters)
        start = model.assignment(routes)
        if start is None:
            return candidate
        # OR-Tools keeps the callback for as long as the model lives: a callback that held the
        # model would keep both for ever, some tens of megabytes a solve.
        searching = [model.routing]
        model.routing.AddAtSolutionCallback(lambda: self._within_ortools(searching[0]))
        solver = model.routing.solver()
        if failures is not None:
            model.routing.AddSearchMonitor(solver.FailuresLimit(failures))
        if self._should_stop is not None:  # also asked between plans, which may be far apart
            model.routing.AddSearchMonitor(solver.CustomLimit(self._should_stop))
        try:
            found = model.routing.SolveFromAssignmentWithParameters(start, parameters)
        finally:
            searching.clear()
        if found is None:
            return candidate
        improved = model.routes(found)
        lines = [(route.kind, flatten(problem, route)) for route in improved]
        if not self._load(lines):
            return candidate
        served = {stop for route in improved for trip in route.trips for stop in trip.stops}
        better = self._candidate([s for s in range(problem.n_stops) if s not in served])
        return min(better, candidate, key=lambda c: c.objective)

    def _within_ortools(self, routing: pywrapcp.RoutingModel) -> None:
        """Called at each plan OR-Tools accepts: be told to stop, and show signs of life."""
        if self._cancelled():
            routing.solver().FinishCurrentSearch()
        self._tell()

    def _candidate(self, absent: list[int]) -> _Candidate:
        objective = self._work.cost_neur() + int(self._penalty[absent].sum())
        excess_s = 0
        if self._balanced:
            price, excess_s = spread_price(self._problem, self._work.durations_s())
            objective += price + excess_s * EXCESS_NEUR
        return _Candidate(list(self._work.lines), absent, objective, excess_s)

    def _load(self, lines: Lines) -> bool:
        """Start from lines; False if one of them is infeasible.

        Taking a stop out can break a line only where the detour is shorter than the direct way,
        which roads allow.
        """
        try:
            self._work.load(lines)
        except ValueError:
            return False
        return True

    def _order(self, stops: list[int], how: int) -> list[int]:
        """Random, heaviest first, farthest first or narrowest windows first."""
        problem = self._problem
        shuffled = [stops[i] for i in self._random.permutation(len(stops))]
        first = 1 + problem.n_outlets
        if how == 1:
            shuffled.sort(key=lambda stop: -int(problem.demand_g[stop]))
        elif how == 2:  # noqa: PLR2004 (the third of four orders)
            shuffled.sort(key=lambda stop: -int(problem.distance_m[0, 0, first + stop]))
        elif how == 3:  # noqa: PLR2004
            shuffled.sort(key=lambda stop: sum(b - a for a, b in problem.windows[stop]))
        return shuffled

    def _keep(self, candidate: _Candidate) -> None:
        self._solutions += 1
        if candidate.excess_s and candidate.objective < self._best.objective:
            candidate = self._evened(candidate)
        if not candidate.excess_s and candidate.objective < self._best.objective:
            self._best = candidate
            self._tell(now=True)
        self._tell()

    def _evened(self, candidate: _Candidate) -> _Candidate:
        """The plan without its shortest rounds, until the others are equal enough."""
        while candidate.excess_s:
            self._work.load(candidate.lines)
            durations = self._work.durations_s()
            shortest = durations.index(min(durations))
            first = 1 + self._problem.n_outlets
            gone = [s - first for s in candidate.lines[shortest][1] if s >= first]
            lines = candidate.lines[:shortest] + candidate.lines[shortest + 1 :]
            self._work.load(lines)
            candidate = self._candidate(sorted(candidate.absent + gone))
        return candidate

    def _left_s(self) -> float:
        return self._limits.seconds - (time.monotonic() - self._began)

    def _share_done(self) -> float:
        """Share of the budget used, in time or in solutions."""
        done = (time.monotonic() - self._began) / self._limits.seconds
        if self._limits.solutions is not None:
            done = max(done, self._solutions / max(1, self._limits.solutions))
        return done

    def _over(self) -> bool:
        return self._share_done() >= 1 or self._cancelled()

    def _cancelled(self) -> bool:
        if not self._stopped and self._should_stop is not None:
            self._stopped = self._should_stop()
        return self._stopped

    def _tell(self, *, now: bool = False) -> None:
        elapsed = time.monotonic() - self._began
        if self._report is None or (not now and elapsed - self._told < TELL_EVERY_S):
            return
        self._told = elapsed
        left_out = int(self._penalty[self._best.absent].sum())
        self._report(
            SearchProgress(
                best_cost_eur=(self._best.objective - left_out) / NANO_PER_EURO,
                unserved=len(self._best.absent),
                solutions=self._solutions,
                elapsed_s=elapsed,
            )
        )


def _parameters(metaheuristic: str, *, seconds: float = math.inf) -> RoutingSearchParameters:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    if math.isfinite(seconds):
        parameters.time_limit.FromMilliseconds(max(1, int(1000 * seconds)))
    value = getattr(routing_enums_pb2.LocalSearchMetaheuristic, metaheuristic)
    parameters.local_search_metaheuristic = value
    for operator in DROPPED_OPERATORS:
        setattr(parameters.local_search_operators, f"use_{operator}", BOOL_FALSE)
    return parameters
