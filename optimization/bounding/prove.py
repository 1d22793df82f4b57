"""A proven minimum for the stops that a plan serves, better the longer it is given.

1. *Prices.* For *any* prices of the stops, the sum of the prices plus the least that the shifts
   can cost once these prices are earned is a valid lower bound (Lagrange). Column generation only
   looks for good prices, so that it may be stopped, or go wrong, at any time: what it has proved
   stays true.
2. *Branches.* Shifts come whole: where the best mix has a broken number of shifts, in all or of a
   fleet, the bound is the lower of « at most k » and « at least k + 1 ».
3. *Closing.* No plan below a target contains a shift of too high a reduced cost. The others are
   listed, and CP-SAT finds the cheapest way to serve each stop once with them: either it reaches
   the target, or it is the minimum. The target rises to the plan's cost step by step.

A week is such a plan too: each stop is served so many times, by the shifts of all days.

Shifts are relaxed: rules other than roads, hours, windows, loads, access and vehicles are left
out, and until the closing a stop may be visited again once it is far away (ng-routes).
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from optimization.bound import SAFETY, lower_bound_eur
from optimization.bounding.instance import MOST_STOPS, Floats, instance_of
from optimization.bounding.master import Master, Range
from optimization.bounding.partition import least_cost
from optimization.bounding.pricing import Column, Pricer
from optimization.bounding.proof import TOLERANCE, Proof
from optimization.routing.pricing import route_cost
from optimization.routing.problem import NANO_PER_EURO, Problem
from optimization.routing.solution import Solution

NEIGHBOURS = 8
LABELS = 1_500_000

SMOOTH = 0.5
"""Part of the best prices kept in the next ones, against swings."""

WHOLE = 1e-6
"""How far from a whole number of shifts counts as one."""

NO_SHIFT_EUR = 1e15
"""Above it, a fleet has no possible shift."""

TARGETS = (0.1, 0.15, 0.22, 0.33, 0.5, 0.7, 1.0)
"""Shares of the gap to close one after the other: the list grows fast."""


_ALL_SERVED = Solution(routes=(), unserved=(), cost_neur=0, solutions=0)


class _Budget:
    """What may be spent."""

    def __init__(
        self, seconds: float, iterations: int | None, should_stop: Callable[[], bool] | None
    ) -> None:
        self._deadline = time.monotonic() + seconds
        self._iterations = iterations
        self._should_stop = should_stop
        self.used = 0

    @property
    def seconds(self) -> float:
        """Left."""
        return self._deadline - time.monotonic()

    def over(self) -> bool:
        """Whether to stop: told so, time is over, or so many prices were tried."""
        return (
            self.seconds <= 0
            or (self._iterations is not None and self.used >= self._iterations)
            or (self._should_stop is not None and self._should_stop())
        )


@dataclass(slots=True)
class _Branch:
    """Plans with so many shifts, and what is proved about them.

    Attributes:
        fleets: least and most shifts of each fleet.
        total: least and most in all.
        bound: euros.
        prices: of the stops, that prove it.
        least: reduced cost of each fleet's cheapest shift at these prices.
        mixed: shifts of each fleet in the best mix of shifts, often not whole.
        ended: whether no prices prove more.
        targets: still to be tried; ``None`` before prices are known.
    """

    fleets: tuple[Range, ...]
    total: Range
    bound: float = 0.0
    prices: Floats | None = None
    least: Sequence[float] = ()
    mixed: Sequence[float] = ()
    ended: bool = False
    targets: list[float] | None = None

    def halves(self) -> list["_Branch"]:
        """Two branches without the best mix, none if its numbers of shifts are whole."""
        below = _broken(sum(self.mixed))
        if below is not None:
            low, high = _split(self.total, below)
            return [replace(self, total=low), replace(self, total=high)]
        for number, mixed in enumerate(self.mixed):
            below = _broken(mixed)
            if below is not None:
                return [
                    replace(self, fleets=(*self.fleets[:number], side, *self.fleets[number + 1 :]))
                    for side in _split(self.fleets[number], below)
                ]
        return []


def _tell_lower(tell: Callable[[float], None], others: float, bound: float) -> None:
    tell(min(bound, others))


def _broken(shifts: float) -> int | None:
    """The whole number below, ``None`` if it is whole itself."""
    below = math.floor(shifts + WHOLE)
    return below if shifts - below > WHOLE else None


def _split(between: Range, below: int) -> tuple[Range, Range]:
    return (between[0], below), (below + 1, between[1])


def prove(
    problem: Problem,
    solution: Solution,
    *,
    visits: Sequence[int] | None = None,
    seconds: float,
    iterations: int | None = None,
    labels: int = LABELS,
    on_progress: Callable[[Proof], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Proof | None:
    """Raise the lower bound as far as time allows.

    Args:
        problem: what was planned; its vehicles are all the shifts that there may be.
        solution: a plan of it.
        visits: how many shifts serve each stop; one by default, none for those left out.
        seconds: wall-clock budget.
        iterations: budget in prices tried; with time to spare the result is repeatable.
        labels: partial shifts kept at once, the memory (180 bytes each); too few of them and
            the search ends early.
        on_progress: told when the bound may have risen.
        should_stop: asked several times a second; what is proved so far is returned.

    Returns:
        ``None`` when the plan serves nothing.
    """
    unserved = set(solution.unserved)
    if visits is None:
        visits = [int(stop not in unserved) for stop in range(problem.n_stops)]
    served = [stop for stop in range(problem.n_stops) if visits[stop]]
    each = [stop for stop in served for _ in range(visits[stop])]
    outlets = range(problem.n_outlets)
    cheap = lower_bound_eur(problem.restricted(stops=each, outlets=outlets), _ALL_SERVED)
    if cheap is None:
        return None
    smaller = problem.restricted(stops=served, outlets=outlets)
    cost = solution.cost_neur / NANO_PER_EURO
    if len(served) > MOST_STOPS:
        return _proof(cheap, cost, 0, complete=True)
    budget = _Budget(seconds, iterations, should_stop)
    best = cheap

    def tell(bound: float) -> None:
        nonlocal best
        best = max(best, bound)
        if on_progress is not None:
            on_progress(_proof(best, cost, budget.used, complete=False))

    search = _Search(smaller, [visits[stop] for stop in served], cost, labels, budget)
    search.offer(problem, solution, served)
    complete = search.prove(tell)
    return _proof(best, cost, budget.used, complete=complete)


def _proof(bound: float, cost: float, iterations: int, *, complete: bool) -> Proof:
    # No plan costs less than the best one, which costs at most as much as this one.
    optimal = bound >= cost * (1 - TOLERANCE) - 0.01
    floor = math.floor(min(bound, cost) * 100 + 1e-6) / 100
    return Proof(
        bound_eur=floor, cost_eur=cost, optimal=optimal, iterations=iterations, complete=complete
    )


class _Search:
    """Shifts and prices, kept from one side to the next."""

    def __init__(
        self,
        problem: Problem,
        visits: Sequence[int],
        cost: float,
        labels: int,
        budget: _Budget,
    ) -> None:
        self._visits = visits
        self._cost = cost
        self._budget = budget
        self._instance = instance_of(problem, NEIGHBOURS)
        self._pricer = Pricer(self._instance, labels, budget.over)
        self._columns: list[Column] = []

    def offer(self, problem: Problem, solution: Solution, served: Sequence[int]) -> None:
        """Start from the shifts of a plan."""
        rank = {fleet.number: place for place, fleet in enumerate(self._instance.fleets)}
        now = {stop: number for number, stop in enumerate(served)}
        for route in solution.routes:
            stops = tuple(now[stop] for trip in route.trips for stop in trip.stops)
            euros = route_cost(problem, route) / NANO_PER_EURO
            self._columns.append(Column(rank[route.kind], stops, euros))

    def prove(self, tell: Callable[[float], None]) -> bool:
        """Raise the lowest branch until none is left, or the lowest cannot be.

        Returns whether more time would not help.
        """
        fleets = tuple((0, fleet.count) for fleet in self._instance.fleets)
        branches = [_Branch(fleets, (1, sum(most for _, most in fleets)))]
        while not self._budget.over():
            branch = min(branches, key=lambda branch: branch.bound)
            if branch.bound >= self._cost:
                return True
            branches.remove(branch)
            if branch.targets is None:
                others = min((other.bound for other in branches), default=math.inf)
                self._find_prices(branch, partial(_tell_lower, tell, others))
                halves = branch.halves() if branch.ended and branch.bound < self._cost else []
                branch.targets = [
                    branch.bound + share * (self._cost - branch.bound) for share in TARGETS
                ]
                branches += [replace(half, targets=None) for half in halves] or [branch]
            else:
                reached = bool(branch.targets) and self._close(branch, branch.targets.pop(0))
                branches.append(branch)
                if not reached:
                    tell(min(branch.bound for branch in branches))
                    return not self._budget.over()
            tell(min(branch.bound for branch in branches))
        return False

    def _find_prices(self, branch: _Branch, tell: Callable[[float], None]) -> None:
        """Raise a branch's bound by column generation."""
        master = Master(self._instance, self._visits, self._cost)
        master.limit_shifts(branch.fleets, branch.total)
        for column in self._columns:
            master.add(column)
        rough = True
        while not self._budget.over() and master.solve():
            self._budget.used += 1
            prices = master.prices
            trial = prices
            if branch.prices is not None and not rough:
                trial = SMOOTH * branch.prices + (1 - SMOOTH) * prices
            least, new = self._price(trial, rough=rough)
            gained = self._worth(master, prices, new)
            if not rough:
                self._look(branch, trial, least)
                tell(branch.bound)
                if not gained and trial is not prices:
                    least, new = self._price(prices, rough=False)
                    self._look(branch, prices, least)
                    gained = self._worth(master, prices, new)
                if branch.bound >= self._cost or min(least) == -np.inf or not gained:
                    branch.mixed = master.shifts
                    branch.ended = min(least) > -np.inf
                    return
            elif not gained:
                rough = False
                continue
            for column in gained:
                master.add(column)
            self._columns += gained
            rough = True

    def _look(self, branch: _Branch, prices: Floats, least: Sequence[float]) -> None:
        """Keep these prices if they prove more."""
        earned = self._earned(prices)
        value = lagrangian(earned, least, branch.fleets, branch.total) * (1 - SAFETY)
        if value > branch.bound or branch.prices is None:
            branch.prices, branch.least = prices, least
        branch.bound = max(branch.bound, value)

    def _earned(self, prices: Floats) -> float:
        """Euros that all visits are worth."""
        return float(prices @ np.array(self._visits, np.float64))

    def _close(self, branch: _Branch, target: float) -> bool:
        """Try to reach a target by listing shifts; False if it cannot be."""
        columns = self._below(branch, target)
        if columns is None:
            return False
        reached = least_cost(
            columns,
            self._visits,
            branch.fleets,
            branch.total,
            target,
            seconds=self._budget.seconds,
            should_stop=self._budget.over,
        )
        branch.bound = max(branch.bound, reached * (1 - SAFETY))
        if reached >= self._cost * (1 - TOLERANCE):
            branch.bound = self._cost
        return reached >= target * (1 - TOLERANCE)

    def _below(self, branch: _Branch, target: float) -> list[Column] | None:
        """All shifts that a plan of that branch below the target can contain."""
        if branch.prices is None or min(branch.least) == -np.inf:
            return None
        earned, columns = self._earned(branch.prices), []
        for rank in range(len(branch.fleets)):
            fleets = [_without(*b, rank == number) for number, b in enumerate(branch.fleets)]
            rest = lagrangian(earned, branch.least, fleets, _without(*branch.total, True))
            found = self._pricer.list_shifts(rank, branch.prices, target - rest)
            if found is None:
                return None
            columns += found
        return columns

    def _price(self, prices: Floats, *, rough: bool) -> tuple[list[float], list[Column]]:
        least, columns = [], []
        for rank in range(len(self._instance.fleets)):
            value, found = self._pricer.cheapest(rank, prices, rough=rough)
            least.append(value)
            columns += found
        return least, columns

    def _worth(self, master: Master, prices: Floats, columns: list[Column]) -> list[Column]:
        """Those that would improve the mix."""
        enough = 1e-7 * self._cost
        extra = [master.surcharge(rank) for rank in range(len(self._instance.fleets))]
        return [
            column
            for column in columns
            if column.euros - prices[list(column.stops)].sum() - extra[column.fleet] < -enough
        ]


def lagrangian(
    earned: float, least: Sequence[float], fleets: Sequence[Range], total: Range
) -> float:
    """Valid lower bound for any prices of the stops.

    Args:
        earned: euros that all visits are worth at these prices.
        least: cost of each fleet's cheapest shift once the prices are earned, never too high.
        fleets: least and most shifts of each fleet.
        total: least and most shifts of the plan.
    """
    value, used = earned, 0
    for cost, (fewest, _) in zip(least, fleets, strict=True):
        value += fewest * cost if fewest else 0.0
        used += fewest
    for cost, (fewest, most) in sorted(zip(least, fleets, strict=True)):
        room = min(most - fewest, total[1] - used)
        more = room if cost < 0 else min(room, total[0] - used)
        if more > 0:
            value += more * cost
            used += more
    return value if total[0] <= used <= total[1] else NO_SHIFT_EUR


def _without(fewest: int, most: int, one: bool) -> Range:
    """What is left to others once one shift is chosen."""
    return (max(0, fewest - 1), most - 1) if one else (fewest, most)
