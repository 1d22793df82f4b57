"""Imposed runs of stops told as single stops, for an engine that knows no such rule.

A run is entered at its first stop and left from its last; what lies between is part of every leg
out of it. It may begin at moments that let no stop of it wait: where there are none, or a rule
counts stops one by one, it cannot be told so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from optimization.feasibility import alone
from optimization.routing.engine import Engine, Limits, OnProgress, ShouldStop
from optimization.routing.pricing import assembled
from optimization.routing.problem import (
    ALWAYS,
    MUST_SERVE_NEUR,
    Feature,
    Ints,
    Problem,
    Windows,
)
from optimization.routing.solution import Route, Solution, Trip


@dataclass(frozen=True, slots=True)
class Joined:
    """A problem without imposed runs.

    Attributes:
        problem: what the engine is told.
        runs: the stops, in the first problem's numbers, that each of its stops stands for.
    """

    problem: Problem
    runs: tuple[tuple[int, ...], ...]

    def spread(self, routes: Sequence[Route]) -> tuple[Route, ...]:
        """Those routes with every stop of every run."""
        return tuple(
            Route(
                route.kind,
                tuple(
                    Trip(tuple(s for one in trip.stops for s in self.runs[one]), trip.outlet)
                    for trip in route.trips
                ),
            )
            for route in routes
        )


class RunsJoined:
    """An engine told each imposed run as one stop.

    Args:
        engine: knows all of the problem's rules but runs.
        joined: what it is told.
    """

    def __init__(self, engine: Engine, joined: Joined) -> None:
        self._engine = engine
        self._joined = joined

    @property
    def name(self) -> str:
        """As shown with the plan."""
        return self._engine.name

    def solve(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> Solution:
        """Return the best plan found within the limits; see :class:`Engine`."""
        found = self._engine.solve(self._joined.problem, limits, on_progress, should_stop)
        return assembled(problem, self._joined.spread(found.routes), found.solutions)


def join_runs(problem: Problem) -> Joined | None:
    """The problem with each imposed run as one stop; ``None`` where that would change the plans."""
    if problem.features & {Feature.MAX_STOPS, Feature.RESOURCES}:
        return None
    run_of = {stop: run for run in problem.locks for stop in run}
    runs = [
        run_of.get(stop, (stop,))
        for stop in range(problem.n_stops)
        if run_of.get(stop, (stop,))[0] == stop
    ]
    windows = [_beginnings(problem, run) for run in runs]
    if not all(windows):
        return None
    whole = replace(
        problem.restricted(stops=[run[0] for run in runs], outlets=range(problem.n_outlets)),
        locks=(),
        distance_m=_legs(problem, problem.distance_m, runs),
        duration_s=_legs(problem, problem.duration_s, runs),
        demand_g=_sums(problem.demand_g, runs),
        demand_mc=_sums(problem.demand_mc, runs),
        weekly_g=_sums(problem.weekly_g, runs),
        service_s=_sums(problem.service_s, runs),
        skip_neur=_sums(np.minimum(problem.skip_neur, MUST_SERVE_NEUR), runs),
        windows=tuple(windows),
        allowed=None
        if problem.allowed is None
        else np.array([problem.allowed[list(run)].all(axis=0) for run in runs]),
        priority=None
        if problem.priority is None
        else np.array([problem.priority[list(run)].max() for run in runs]),
    )
    if any(len(run) > 1 and alone(whole, number) for number, run in enumerate(runs)):
        return None
    return Joined(whole, tuple(runs))


def _sums(values: Ints, runs: Sequence[tuple[int, ...]]) -> Ints:
    return np.array([values[list(run)].sum() for run in runs], dtype=np.int64)


def _between(problem: Problem, legs: Ints, run: tuple[int, ...]) -> Ints:
    """Of all legs within a run, for each profile, shape (profiles,)."""
    total = np.zeros(len(legs), np.int64)
    for first, second in pairwise(run):
        total += legs[:, problem.stop_location(first), problem.stop_location(second)]
    return total


def _legs(problem: Problem, legs: Ints, runs: Sequence[tuple[int, ...]]) -> Ints:
    """Legs from the end of a run to the beginning of another, what lies between in the former."""
    sites = list(range(1 + problem.n_outlets))
    ends = [*sites, *(problem.stop_location(run[-1]) for run in runs)]
    beginnings = [*sites, *(problem.stop_location(run[0]) for run in runs)]
    found = legs[np.ix_(range(len(legs)), ends, beginnings)].copy()
    for number, run in enumerate(runs):
        found[:, len(sites) + number, :] += _between(problem, legs, run)[:, None]
        found[:, len(sites) + number, len(sites) + number] = 0
    return found


def _beginnings(problem: Problem, run: tuple[int, ...]) -> Windows:
    """When a run may begin so that no stop waits, whatever the vehicle; none if it never can."""
    if all(problem.windows[stop] == ALWAYS for stop in run):
        return ALWAYS
    open_: list[tuple[int, int]] = list(problem.windows[run[0]])
    for profile in range(len(problem.duration_s)):
        elapsed = 0
        for before, stop in pairwise(run):
            leg = problem.duration_s[
                profile, problem.stop_location(before), problem.stop_location(stop)
            ]
            elapsed += int(problem.service_s[before]) + int(leg)
            open_ = [
                (max(a, start - elapsed), min(b, end - elapsed))
                for a, b in open_
                for start, end in problem.windows[stop]
                if max(a, start - elapsed) <= min(b, end - elapsed)
            ]
    return tuple(open_)
