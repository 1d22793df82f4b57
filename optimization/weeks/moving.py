"""Stops change days: a few neighbours are taken out of the whole week and put back better.

Large neighbourhood search over patterns (Pisinger and Ropke, 2007): each stop taken out goes back
with the pattern whose visits, each at its cheapest place of its day, cost least in all. A week a
little dearer than the current one is kept for a while, less and less so.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimization.routing.insertion import Insertion, Place
from optimization.routing.problem import NO_LIMIT
from optimization.weeks.joining import Ceiling, Joined, WeekPool, delivered
from optimization.weeks.model import Pattern
from optimization.weeks.setting import Week

FEWEST, MOST_SHARE, MOST = 2, 0.2, 9
"""Stops taken out at once: from two to a fifth of all, nine at most."""

WARMEST = 0.004
"""How much dearer a week kept for a while may be at first, as a share of the cost."""

FORGOTTEN = 0.05
"""Chance that a stop does not go back with its best pattern."""

SHARED_AGAIN = 40
"""Steps after which what outlets can still receive is shared between the days again."""


@dataclass(frozen=True)
class Budget:
    """Ends a search: after a number of steps, or at a moment of the monotonic clock."""

    steps: int | None
    until: float

    def done(self, step: int, began: float) -> float:
        """Share spent, 1 or more when it is over."""
        if self.steps is not None:
            return step / self.steps if self.steps else 1.0
        return (time.monotonic() - began) / max(1e-6, self.until - began)


class Mover:
    """The search, from a week to a cheaper one.

    Args:
        week: what is planned.
        start: the week to begin with.
        ceiling: of every day.
        pool: gets the rounds of the weeks kept.
        seed: of the only generator.
    """

    def __init__(
        self, week: Week, start: Joined, ceiling: Ceiling, pool: WeekPool, seed: int
    ) -> None:
        self._week = week
        self._problem = week.problem
        self._possible = week.possible[0]
        self._ceiling = ceiling
        self._pool = pool
        self._random = np.random.default_rng(seed)
        first = 1 + self._problem.n_outlets
        apart = self._problem.distance_m[0][first:, first:]
        self._near = np.argsort(apart, axis=1, kind="stable")
        self._penalty = [int(one) for one in self._problem.penalty_neur]
        self._patterns = dict(start.patterns)
        self._movable = [stop for stop in sorted(start.patterns) if self._possible.get(stop)]
        self._days = {
            day: Insertion(problem, start.routes[day])
            for day, problem in ((day, week.kinds_on(day)) for day in week.choices.days)
            if any(kind.count for kind in problem.kinds)
        }
        self._share_outlets()
        self._prices = {day: one.cost_neur() for day, one in self._days.items()}
        self._missed = frozenset(
            (stop, day)
            for stop, days in start.patterns.items()
            for day in days
            if stop not in self._visited(day)
        )
        self.best = start
        self.best_neur = self.price_neur

    @property
    def price_neur(self) -> int:
        """Cost of the current week, visits left out at their price."""
        return sum(self._prices.values()) + sum(self._penalty[stop] for stop, _ in self._missed)

    def run(
        self, budget: Budget, should_stop: Callable[[], bool], on_step: Callable[[float], None]
    ) -> int:
        """Search within the budget; return the number of weeks examined."""
        began, step = time.monotonic(), 0
        warmest = WARMEST * sum(self._prices.values())
        while self._movable and (done := budget.done(step, began)) < 1 and not should_stop():
            step += 1
            if step % SHARED_AGAIN == 0:
                self._share_outlets()
            self._step(warmest * (1 - done))
            on_step(done)
        return step

    def _step(self, warmth: float) -> None:
        """Take some stops out, put them back; keep what came of it, or undo it."""
        random, before = self._random, self.price_neur
        most = int(min(MOST, max(FEWEST, MOST_SHARE * len(self._movable))))
        count = int(random.integers(FEWEST, most + 1))
        out = self._related(min(count, len(self._movable)))
        lines = {day: list(one.lines) for day, one in self._days.items()}
        patterns, missed, prices = dict(self._patterns), self._missed, dict(self._prices)
        try:
            self._take_out(out)
            self._put_back(out)
        except ValueError:  # without a stop, a round reached another one outside its windows
            price = math.inf
        else:
            self._prices = {day: one.cost_neur() for day, one in self._days.items()}
            price = self.price_neur
        if price - before > warmth * -math.log(1 - random.random()) or not self._even(lines):
            for day, was in lines.items():
                if was != self._days[day].lines:
                    self._days[day].load(was)
            self._patterns, self._missed, self._prices = patterns, missed, prices
            return
        if price != before:
            self._remember(lines)
        if price < self.best_neur:
            self.best_neur = int(price)
            routes = {day: one.routes() for day, one in self._days.items()}
            self.best = Joined(dict(self._patterns), {**self.best.routes, **routes})

    def _related(self, count: int) -> list[int]:
        """A stop and some of its neighbours, the nearer the likelier."""
        random, movable = self._random, set(self._movable)
        centre = self._movable[int(random.integers(len(self._movable)))]
        near = [int(stop) for stop in self._near[centre] if int(stop) in movable]
        out = [centre]
        near = [stop for stop in near if stop != centre]
        while len(out) < count and near:
            out.append(near.pop(int(len(near) * random.random() ** 3)))
        return out

    def _take_out(self, stops: Sequence[int]) -> None:
        problem, gone = self._problem, set(stops)
        places = {problem.stop_location(stop) for stop in stops}
        for state in self._days.values():
            if not any(places.intersection(flat) for _, flat in state.lines):
                continue
            left = []
            for kind, flat in state.lines:
                kept: list[int] = []
                for location in flat:
                    unload = location <= problem.n_outlets
                    if location in places or (
                        unload and (not kept or kept[-1] <= problem.n_outlets)
                    ):
                        continue
                    kept.append(location)
                if kept:
                    left.append((kind, tuple(kept)))
            state.load(left)
        self._missed = frozenset(one for one in self._missed if one[0] not in gone)

    def _put_back(self, stops: Sequence[int]) -> None:
        """In random order, each with its cheapest pattern."""
        random = self._random
        for stop in random.permutation(np.array(stops, dtype=np.int64)).tolist():
            places = {
                day: self._days[day].cheapest(stop)
                for day in sorted({day for pattern in self._possible[stop] for day in pattern})
            }
            ranked = sorted(
                self._possible[stop], key=lambda pattern: self._cost(stop, pattern, places)
            )
            at = 0
            while at < len(ranked) - 1 and random.random() < FORGOTTEN:
                at += 1
            self._patterns[stop] = ranked[at]
            for day in ranked[at]:
                place = places[day]
                if place is None:
                    self._missed |= {(stop, day)}
                else:
                    self._days[day].insert(place)

    def _cost(self, stop: int, pattern: Pattern, places: Mapping[int, Place | None]) -> int:
        return sum(
            self._penalty[stop] if (place := places[day]) is None else place.cost_neur
            for day in pattern
        )

    def _even(self, before: Mapping[int, Sequence[object]]) -> bool:
        """Whether no day changed is fuller than the fullest of the first week."""
        for day, state in self._days.items():
            if state.lines == before[day]:
                continue
            grams = sum(
                int(self._problem.demand_g[location - 1 - self._problem.n_outlets])
                for _, flat in state.lines
                for location in flat
                if location > self._problem.n_outlets
            )
            if grams > self._ceiling.grams or sum(state.durations_s()) > self._ceiling.seconds:
                return False
        return True

    def _remember(self, before: Mapping[int, Sequence[object]]) -> None:
        for day, state in self._days.items():
            if state.lines != before[day]:
                for route in state.routes():
                    self._pool.add(route)

    def _visited(self, day: int) -> set[int]:
        routes = self._days[day].routes()
        return {stop for route in routes for trip in route.trips for stop in trip.stops}

    def _share_outlets(self) -> None:
        """Give each day what it brings to outlets, and an equal part of what they still take."""
        limits = self._week.limits_g
        if not limits:
            return
        got: dict[int, dict[int, int]] = {day: dict.fromkeys(limits, 0) for day in self._days}
        for day, state in self._days.items():
            for route in state.routes():
                for outlet, grams in delivered(self._problem, route).items():
                    if outlet in limits:
                        got[day][outlet] += grams
        free = {o: limit - sum(one[o] for one in got.values()) for o, limit in limits.items()}
        for day, state in self._days.items():
            room = np.full(self._problem.n_outlets, NO_LIMIT, dtype=np.int64)
            for outlet in limits:
                room[outlet] = got[day][outlet] + max(0, free[outlet]) // len(self._days)
            problem = replace(self._week.kinds_on(day), outlet_weekly_g=room)
            fresh = Insertion(problem)
            fresh.load(state.lines)
            self._days[day] = fresh
