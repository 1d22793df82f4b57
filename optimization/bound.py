"""A proven lower bound on the cost of any plan that serves the same stops.

Two relaxations, both valid whatever the solver does:

* *Flow*: every stop is entered once and left once by one kind of vehicle; trips are numerous
  enough for the kilograms and containers, shifts for the hours and kilometres, and any group of
  stops is entered as often as its load requires. Solved as a linear programme by GLOP.
* *Halves*: each leg's cost is split between its two ends, and every stop, unloading and shift
  pays at least half its cheapest leg in and half its cheapest leg out. For sizes where the first
  would take too long.

Access, resources, pauses, recharges, locks and balance can only cost more: they are left out.

What GLOP may have rounded is given back: the bound is lowered by a millionth and to the cent.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from optimization.routing.problem import NANO_PER_EURO, NO_LIMIT, Ints, Problem
from optimization.routing.solution import Solution

LARGEST_FLOW = 25_000
"""Legs × kinds of vehicle beyond which only the halves are computed."""

MOST_ROUNDS, FEWEST_ROUNDS, LEGS_ROUNDS = 8, 2, 20_000
"""Rounds of cuts: fewer on larger cases, so that the bound costs about three seconds at most."""

SAFETY = 1e-6
VIOLATION = 0.02
"""By how much a cut must be broken to be worth adding."""

WHOLE = 1e-4
"""How far above a whole number GLOP's fewest shifts must be to count as one more."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Kind:
    """Vehicles that only differ by their shift, taken together (a relaxation).

    Attributes:
        cost_eur: of each leg, stay at its tail included, shape (nodes, nodes); inf where no
            vehicle of the kind can ride it.
    """

    count: int
    fixed_eur: float
    capacity_g: int
    capacity_mc: int
    shift_s: int
    range_m: int
    cost_eur: Floats
    seconds: Floats
    metres: Floats


def lower_bound_eur(problem: Problem, solution: Solution) -> float | None:
    """Euros that no plan serving the same stops can go below.

    Returns:
        The bound rounded down to the cent, ``None`` when nothing is served.
    """
    unserved = set(solution.unserved)
    served = [stop for stop in range(problem.n_stops) if stop not in unserved]
    if not served:
        return None
    smaller = problem.restricted(stops=served, outlets=range(problem.n_outlets))
    kinds = _kinds(smaller)
    bound = _halves(smaller, kinds)
    legs = sum(int(np.isfinite(kind.cost_eur).sum()) for kind in kinds)
    if legs <= LARGEST_FLOW:
        rounds = min(MOST_ROUNDS, max(FEWEST_ROUNDS, LEGS_ROUNDS // max(1, legs)))
        bound = max(bound, _flow(smaller, kinds, rounds))
    return math.floor(bound * (1 - SAFETY) * 100) / 100


def _kinds(problem: Problem) -> list[_Kind]:
    groups: dict[tuple[int, ...], list[int]] = {}
    for number, kind in enumerate(problem.kinds):
        if kind.count > 0:
            key = (
                kind.profile,
                kind.capacity_g,
                kind.capacity_mc,
                kind.fixed_neur,
                kind.second_neur,
                kind.metre_neur,
            )
            groups.setdefault(key, []).append(number)
    return [_merged(problem, numbers) for numbers in groups.values()]


def _merged(problem: Problem, numbers: list[int]) -> _Kind:
    alike = [problem.kinds[number] for number in numbers]
    first = alike[0]
    stay = np.concatenate(([0], problem.unload_s, problem.service_s))
    seconds = problem.duration_s[first.profile] + stay[:, None]
    metres = problem.distance_m[first.profile]
    rides = np.any([_rideable(problem, number, seconds) for number in numbers], axis=0)
    cost = (first.metre_neur * metres + first.second_neur * seconds) / NANO_PER_EURO
    return _Kind(
        count=sum(kind.count for kind in alike),
        fixed_eur=first.fixed_neur / NANO_PER_EURO,
        # What takes nothing reaches no load anyway: only divisions see the 1.
        capacity_g=max(1, first.capacity_g),
        capacity_mc=max(1, first.capacity_mc),
        shift_s=max(kind.shift_end_s - kind.shift_start_s for kind in alike),
        # A range given back on the way limits nothing here.
        range_m=max(
            kind.range_m if problem.charging is None else max(kind.range_m, NO_LIMIT)
            for kind in alike
        ),
        cost_eur=np.where(rides, cost, np.inf),
        seconds=seconds.astype(np.float64),
        metres=metres.astype(np.float64),
    )


def _rideable(problem: Problem, number: int, seconds: Ints) -> NDArray[np.bool_]:
    """Legs that a vehicle of that kind may ride at all, shape (nodes, nodes)."""
    kind, outlets = problem.kinds[number], problem.n_outlets
    size = 1 + outlets + problem.n_stops
    opens = np.full(size, kind.shift_start_s)
    closes = np.full(size, kind.shift_end_s)
    for node, windows in enumerate((*problem.outlet_windows, *problem.windows), start=1):
        opens[node] = max(windows[0][0], kind.shift_start_s)
        closes[node] = min(windows[-1][1], kind.shift_end_s)
    rides = opens[:, None] + seconds <= closes[None, :]
    grams = np.concatenate((np.zeros(1 + outlets, dtype=np.int64), problem.demand_g))
    boxes = np.concatenate((np.zeros(1 + outlets, dtype=np.int64), problem.demand_mc))
    rides &= grams[:, None] + grams <= kind.capacity_g
    rides &= boxes[:, None] + boxes <= kind.capacity_mc
    np.fill_diagonal(rides, val=False)
    places = np.arange(size)
    outlet = (places > 0) & (places <= outlets)
    stop = places > outlets
    rides &= ~(outlet[:, None] & outlet)  # outlet to outlet never pays
    rides[0, ~stop] = False
    rides[stop, 0] = False
    return rides


def _halves(problem: Problem, kinds: list[_Kind]) -> float:
    cost = np.min([kind.cost_eur for kind in kinds], axis=0)
    first = 1 + problem.n_outlets
    into, out = cost.min(axis=0) / 2, cost.min(axis=1) / 2
    trips = max(
        1,
        math.ceil(problem.demand_g.sum() / max(kind.capacity_g for kind in kinds)),
        math.ceil(problem.demand_mc.sum() / max(kind.capacity_mc for kind in kinds)),
    )
    busy = int(problem.service_s.sum()) + trips * int(problem.unload_s.min())
    shifts = max(1, math.ceil(busy / max(kind.shift_s for kind in kinds)))
    outlets = slice(1, first)
    legs = into[first:].sum() + out[first:].sum()
    legs += trips * (into[outlets].min() + out[outlets].min())
    legs += shifts * (into[0] + out[0])
    return float(legs + shifts * min(kind.fixed_eur for kind in kinds))


def _flow(problem: Problem, kinds: list[_Kind], rounds: int) -> float:
    """Optimum of the linear programme, strengthened by load cuts; 0 when GLOP gives up."""
    programme = _Flow(problem, kinds)
    shifts = programme.fewest_shifts()
    if shifts is None:
        return 0.0
    programme.at_least_shifts(math.ceil(shifts - WHOLE))
    best = 0.0
    for _ in range(rounds):
        value = programme.solve()
        if value is None:
            break
        best = max(best, value)
        if not programme.add_cuts():
            break
    return best


class _Flow:
    """Legs ridden by each kind of vehicle, between 0 and 1."""

    def __init__(self, problem: Problem, kinds: list[_Kind]) -> None:
        self._problem = problem
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._legs: list[tuple[Ints, Ints]] = []
        self._rides: list[list[pywraplp.Variable]] = []
        self._shifts: list[pywraplp.Variable] = []
        self._served = [self._solver.Constraint(1, 1) for _ in range(problem.n_stops)]
        self._cuts: set[frozenset[int]] = set()
        self._largest_g = max(kind.capacity_g for kind in kinds)
        self._largest_mc = max(kind.capacity_mc for kind in kinds)
        for kind in kinds:
            self._add_kind(kind)

    def fewest_shifts(self) -> float | None:
        """Least (fractional) number of shifts; the costs are put back afterwards."""
        objective = self._solver.Objective()
        costs = [(variable, objective.GetCoefficient(variable)) for variable in self._all()]
        objective.Clear()
        for variable in self._shifts:
            objective.SetCoefficient(variable, 1)
        objective.SetMinimization()
        value = self.solve()
        objective.Clear()
        for variable, cost in costs:
            objective.SetCoefficient(variable, cost)
        objective.SetMinimization()
        return value

    def at_least_shifts(self, number: int) -> None:
        """Shifts come whole."""
        row = self._solver.Constraint(number, self._solver.infinity())
        for variable in self._shifts:
            row.SetCoefficient(variable, 1)

    def solve(self) -> float | None:
        """Optimum, or ``None`` when GLOP does not prove one."""
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        return float(self._solver.Objective().Value())

    def add_cuts(self) -> int:
        """Groups of stops entered less often than their load requires; how many were found."""
        problem, first = self._problem, 1 + self._problem.n_outlets
        size = first + problem.n_stops
        flow = np.zeros((size, size))
        for (tails, heads), rides in zip(self._legs, self._rides, strict=True):
            np.add.at(flow, (tails, heads), [ride.solution_value() for ride in rides])
        between = flow[first:, first:]
        new = 0
        for group in _groups(between + between.T):
            stops = sorted(group)
            load = max(
                int(problem.demand_g[stops].sum()) / self._largest_g,
                int(problem.demand_mc[stops].sum()) / self._largest_mc,
            )
            needed = math.ceil(load - 1e-9)
            inside = between[np.ix_(stops, stops)].sum()
            if len(stops) - inside < needed - VIOLATION and group not in self._cuts:
                self._cuts.add(group)
                self._limit_inside(stops, len(stops) - max(1, needed))
                new += 1
        return new

    def _limit_inside(self, stops: list[int], most: int) -> None:
        """Entered at least r times is ridden inside at most (size - r) times."""
        row = self._solver.Constraint(-self._solver.infinity(), most)
        nodes = np.array(stops) + 1 + self._problem.n_outlets
        for (tails, heads), rides in zip(self._legs, self._rides, strict=True):
            for leg in np.flatnonzero(np.isin(tails, nodes) & np.isin(heads, nodes)):
                row.SetCoefficient(rides[leg], 1)

    def _all(self) -> Iterator[pywraplp.Variable]:
        yield from self._shifts
        for rides in self._rides:
            yield from rides

    def _add_kind(self, kind: _Kind) -> None:
        problem, solver = self._problem, self._solver
        first, infinity = 1 + problem.n_outlets, solver.infinity()
        shifts = solver.NumVar(0, kind.count, "")
        balance = [solver.Constraint(0, 0) for _ in range(first + problem.n_stops)]
        starts = solver.Constraint(0, 0)
        grams, boxes = solver.Constraint(-infinity, 0), solver.Constraint(-infinity, 0)
        hours, range_ = solver.Constraint(-infinity, 0), solver.Constraint(-infinity, 0)
        starts.SetCoefficient(shifts, -1)
        hours.SetCoefficient(shifts, -kind.shift_s / 3600)
        # Limits that are none would only be numbers too far apart for GLOP, which may never end.
        ranged = kind.range_m < NO_LIMIT
        loads = [
            (row, demand, capacity)
            for row, demand, capacity in (
                (grams, problem.demand_g, kind.capacity_g),
                (boxes, problem.demand_mc, kind.capacity_mc),
            )
            if capacity < NO_LIMIT
        ]
        if ranged:
            range_.SetCoefficient(shifts, -kind.range_m / 1000)
        objective = solver.Objective()
        objective.SetCoefficient(shifts, kind.fixed_eur)
        tails, heads = np.nonzero(np.isfinite(kind.cost_eur))
        rides = []
        for tail, head in zip(tails.tolist(), heads.tolist(), strict=True):
            ride = solver.NumVar(0, 1 if max(tail, head) >= first else kind.count, "")
            rides.append(ride)
            objective.SetCoefficient(ride, float(kind.cost_eur[tail, head]))
            balance[head].SetCoefficient(ride, 1)
            balance[tail].SetCoefficient(ride, -1)
            hours.SetCoefficient(ride, kind.seconds[tail, head] / 3600)
            if ranged:
                range_.SetCoefficient(ride, kind.metres[tail, head] / 1000)
            if tail == 0:
                starts.SetCoefficient(ride, 1)
            if head >= first:
                stop = head - first
                self._served[stop].SetCoefficient(ride, 1)
                for row, demand, capacity in loads:
                    row.SetCoefficient(ride, demand[stop] / capacity)
            elif head > 0:
                for row, _, _ in loads:
                    row.SetCoefficient(ride, -1)
        self._legs.append((tails, heads))
        self._rides.append(rides)
        self._shifts.append(shifts)


def _groups(links: Floats) -> Iterator[frozenset[int]]:
    """Groups of stops much ridden between one another, grown one stop at a time from each."""
    for seed in range(len(links)):
        group = [seed]
        pull = links[seed].copy()
        pull[seed] = -1
        while len(group) < len(links):
            best = int(pull.argmax())
            if pull[best] <= VIOLATION:
                break
            group.append(best)
            pull += links[best]
            pull[group] = -1
            yield frozenset(group)
