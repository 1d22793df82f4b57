"""CP-SAT decides days and rounds together: set partitioning over the rounds of all days.

A round ridden on one day may be ridden on any other. The pool holds the rounds of every week met
while stops changed days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimization.routing.insertion import flatten
from optimization.routing.problem import Problem
from optimization.routing.rules import line_keeps_rules
from optimization.routing.solution import Route
from optimization.routing.timetable import timetable
from optimization.weeks.choosing import MISSED, UNIT_NEUR
from optimization.weeks.model import Pattern
from optimization.weeks.setting import Week

MOST_ROUNDS = 4_000
"""Of the pool, the latest."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A round of the pool, in the week's numbers."""

    route: Route
    cost_neur: int
    lasts_s: int


class WeekPool:
    """The cheapest round met for each kind of vehicle, set of stops and outlets."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._rounds: dict[tuple[int, frozenset[int], tuple[tuple[int, int], ...]], Priced] = {}

    def __len__(self) -> int:
        return len(self._rounds)

    @property
    def rounds(self) -> list[Priced]:
        """All of them, the oldest first."""
        return list(self._rounds.values())

    def add(self, route: Route) -> None:
        """Add a round if it can be ridden."""
        if not line_keeps_rules(self.problem, route.kind, flatten(self.problem, route)):
            return
        table = timetable(self.problem, route)
        if table is None:
            return
        new = Priced(route, table.cost_neur, table.arrivals_s[-1] - table.starts_s[0])
        key = (route.kind, stops_of(route), tuple(sorted(delivered(self.problem, route).items())))
        known = self._rounds.get(key)
        if known is None or new.cost_neur < known.cost_neur:
            self._rounds[key] = new


def stops_of(route: Route) -> frozenset[int]:
    """Numbers of a round's stops."""
    return frozenset(stop for trip in route.trips for stop in trip.stops)


def delivered(problem: Problem, route: Route) -> dict[int, int]:
    """Grams that each outlet gets from a round."""
    grams: dict[int, int] = {}
    for trip in route.trips:
        mass = int(problem.demand_g[list(trip.stops)].sum())
        grams[trip.outlet] = grams.get(trip.outlet, 0) + mass
    return grams


@dataclass(frozen=True, slots=True)
class Joined:
    """Pattern of each stop and rounds of each day."""

    patterns: Mapping[int, Pattern]
    routes: Mapping[int, tuple[Route, ...]]


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What the heaviest day may not exceed, so that cheaper weeks are not less even ones."""

    grams: int
    seconds: int


def join(  # noqa: C901 (one model, told in one go)
    week: Week,
    pool: WeekPool,
    stops: Sequence[int],
    best: Joined,
    ceiling: Ceiling,
    *,
    seconds: float,
    effort: float,
    seed: int,
) -> Joined | None:
    """The cheapest week made of the pool's rounds that is found; ``None`` if none was in time.

    Args:
        week: what is planned.
        pool: rounds to choose from.
        stops: numbers of those that get their visits.
        best: the week to start from.
        ceiling: of every day.
        seconds: most wall time.
        effort: most deterministic time.
        seed: of CP-SAT.
    """
    problem, (possible, _) = week.problem, week.possible
    rounds = pool.rounds[-MOST_ROUNDS:]
    model = cp_model.CpModel()
    days = week.choices.days
    takes = {
        (stop, pattern): model.new_bool_var("") for stop in stops for pattern in possible[stop]
    }
    for stop in stops:
        model.add_exactly_one(takes[stop, pattern] for pattern in possible[stop])
    rides = {(r, day): model.new_bool_var("") for r in range(len(rounds)) for day in days}
    missed = {(stop, day): model.new_bool_var("") for stop in stops for day in days}
    through: dict[int, list[int]] = {stop: [] for stop in stops}
    for r, one in enumerate(rounds):
        for stop in stops_of(one.route):
            if stop in through:
                through[stop].append(r)
            else:  # a stop without visits: not this round
                model.add(sum(rides[r, day] for day in days) == 0)
    for stop in stops:
        for day in days:
            wanted = sum(takes[stop, p] for p in possible[stop] if day in p)
            model.add(sum(rides[r, day] for r in through[stop]) + missed[stop, day] == wanted)
    kept = range(len(rounds))
    for day in days:
        for kind, vehicle in enumerate(week.kinds_on(day).kinds):
            used = [rides[r, day] for r in kept if rounds[r].route.kind == kind]
            model.add(sum(used) <= vehicle.count)
        mass = [int(problem.demand_g[sorted(stops_of(one.route))].sum()) for one in rounds]
        model.add(sum(mass[r] * rides[r, day] for r in kept) <= ceiling.grams)
        model.add(sum(rounds[r].lasts_s * rides[r, day] for r in kept) <= ceiling.seconds)
    for outlet, limit in week.limits_g.items():
        brought = [delivered(problem, one.route).get(outlet, 0) for one in rounds]
        model.add(sum(brought[r] * rides[r, day] for r in kept for day in days) <= limit)
    prices = [min(MISSED, int(problem.penalty_neur[stop]) // UNIT_NEUR) for stop in stops]
    price_of = dict(zip(stops, prices, strict=True))
    model.minimize(
        sum(rounds[r].cost_neur // UNIT_NEUR * rides[r, day] for r in kept for day in days)
        + sum(price_of[stop] * var for (stop, _), var in missed.items())
    )
    _hint(model, rounds, best, takes, rides, missed)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    if seconds < float("inf"):
        solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return Joined(
        patterns={stop: pattern for (stop, pattern), var in takes.items() if solver.value(var)},
        routes={
            day: tuple(rounds[r].route for r in kept if solver.value(rides[r, day])) for day in days
        },
    )


def _hint(  # noqa: PLR0917
    model: cp_model.CpModel,
    rounds: Sequence[Priced],
    best: Joined,
    takes: Mapping[tuple[int, Pattern], cp_model.IntVar],
    rides: Mapping[tuple[int, int], cp_model.IntVar],
    missed: Mapping[tuple[int, int], cp_model.IntVar],
) -> None:
    for (stop, pattern), var in takes.items():
        model.add_hint(var, best.patterns.get(stop) == pattern)
    ridden = {
        day: [(route.kind, stops_of(route)) for route in routes]
        for day, routes in best.routes.items()
    }
    for (r, day), var in rides.items():
        one = rounds[r].route
        model.add_hint(var, (one.kind, stops_of(one)) in ridden[day])
    for (stop, day), var in missed.items():
        visited = any(stop in stops for _, stops in ridden[day])
        model.add_hint(var, day in best.patterns.get(stop, ()) and not visited)
