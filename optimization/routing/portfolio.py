"""The engine to use: two searches side by side, recombined.

Where each trip stands alone and every stop gets time enough, four plans are annealed apart. Then
one takes routes of another and is annealed again, shortly and less hot, over and over; it stays if
that is better. CP-SAT recombines, and a polish ends. Elsewhere:

1. *Anneal*: ruin and recreate on one core; on the other the same from another seed, or PyVRP.
   Several times the two of a kind compare where they stand, and both go on from the better.
2. *Meet*: CP-SAT makes the best plan it can of all good routes met; both go on from the best.
   Where shifts cost something, they anneal once more from it, less hot, and meet again.
3. *Polish*: both search around it at a low temperature, and meet a last time.

Bounded by plans examined, each part is bounded by its share of them and the threads only meet
between parts: the same seed and count give the same plan, whatever the machine does.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from optimization.routing.crossing import crossed
from optimization.routing.engine import Limits, OnProgress, ShouldStop
from optimization.routing.members import Member, Phase, PyvrpMember, RuinMember
from optimization.routing.pricing import assembled, objective, route_cost
from optimization.routing.problem import Problem
from optimization.routing.pyvrp_model import supports
from optimization.routing.recombination import RoutePool, recombine
from optimization.routing.ruin_recreate.engine import KNOWN, extremes
from optimization.routing.ruin_recreate.instance import is_direct, is_timed
from optimization.routing.solution import Route, Solution
from optimization.routing.watch import Watch

Part = tuple[float, float, float, float, int]
"""Shares of the budget it begins and ends at, factors on hot and cold, and how many times the
searches compare where they stand."""

POLISH: Part = (0.9, 1.0, 0.05, 0.5, 6)

PAID: tuple[Part, ...] = ((0.0, 0.5, 1.0, 1.0, 30), (0.5, 0.9, 0.3, 1.0, 30), POLISH)
"""Where shifts cost something: the number and kinds of shifts are found early or never."""

FREE: tuple[Part, ...] = ((0.0, 0.9, 1.0, 1.0, 6), (*POLISH[:4], 1))
"""Elsewhere they compare rarely: two searches left alone explore more."""

APART: tuple[Part, ...] = tuple((*part[:4], max(1, part[4] // 10)) for part in PAID)
"""PyVRP loses its momentum each time."""

ROOM_S = 0.06
"""Seconds a stop from which crossing plans is worth it (measured from 100 to 350 stops in 15 s);
with less, plans annealed apart are too far from good."""

ROOM_SOLUTIONS = 20_000
"""Idem, in plans examined: about as many."""

LONG_TRIP = 6
"""Stops a trip, at least, for crossing: shorter ones are a matter of packing, which one long
annealing does better (measured)."""

APART_TWICE = 2
"""Times that each search anneals a plan of its own ..."""

ALONE = 0.2
"""... each for that share of the budget."""

CROSSING = 0.95
"""Share of the budget at which crossing ends."""

GENERATION = 0.01
"""Share of the budget for bettering a child of two plans ..."""

REHEATED = 0.3
"""... from that share of the highest temperature."""

RECOMBINATION_SHARE = 0.02
"""Of the time, for each recombination."""

RECOMBINATION_EFFORT = 1.0
"""CP-SAT's deterministic time, in counted searches."""

SHORTEST_RECOMBINATION_S = 0.05


class Second(StrEnum):
    """What runs on the second core."""

    RUIN = "ruin"
    PYVRP = "pyvrp"
    NOTHING = "nothing"


class PortfolioEngine:
    """Ruin and recreate beside another search, recombined by CP-SAT.

    Args:
        second: what runs on the second core; ``None`` = what was measured to be best for such
            problems. Ruin and recreate where PyVRP cannot be told all.
        recombining: whether plans are recombined.
    """

    features = KNOWN

    def __init__(self, second: Second | None = None, *, recombining: bool = True) -> None:
        self._second = second
        self._recombining = recombining

    @property
    def name(self) -> str:
        """As shown with the plan."""
        other = " + PyVRP" if self._second is Second.PYVRP else ""
        return f"Destruction-reconstruction{other} + CP-SAT"

    def solve(
        self,
        problem: Problem,
        limits: Limits,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> Solution:
        """Return the best plan found within the limits; see :class:`Engine`."""
        watch = Watch(limits, on_progress, should_stop)
        if not (problem.n_stops and problem.n_outlets and sum(k.count for k in problem.kinds)):
            return assembled(problem, (), 0)
        second = self._second or _best_second(problem)
        if second is Second.PYVRP and not supports(problem):
            second = Second.RUIN
        makers: list[Callable[[], Member]] = [lambda: RuinMember(problem, limits.seed)]
        if second is Second.PYVRP:
            makers.append(lambda: PyvrpMember(problem, limits.seed))
        elif second is Second.RUIN:
            makers.append(lambda: RuinMember(problem, limits.seed + 1_000_003))
        parts = FREE if is_direct(problem) else APART if second is Second.PYVRP else PAID
        search = _Search(problem, limits, watch, makers, parts)
        crossing = second is Second.RUIN and is_direct(problem) and _roomy(problem, limits)
        return search.run(recombining=self._recombining, crossing=crossing)


class _Line(NamedTuple):
    """A plan to better, with its n€, stops left out priced in."""

    price: int
    routes: tuple[Route, ...]


class _Search:
    """One run."""

    def __init__(
        self,
        problem: Problem,
        limits: Limits,
        watch: Watch,
        makers: Sequence[Callable[[], Member]],
        parts: tuple[Part, ...],
    ) -> None:
        self._problem = problem
        self._limits = limits
        self._watch = watch
        self._makers = makers
        self._parts = parts
        self._began = time.monotonic()
        self._pool = RoutePool(problem)
        self._best = assembled(problem, (), 0)

    def run(self, *, recombining: bool, crossing: bool) -> Solution:
        """All parts."""
        first = self._makers[0]()
        if isinstance(first, RuinMember):
            first.core.run(1, 1.0)
            self._keep(first.best())
        with ThreadPoolExecutor(max(1, len(self._makers) - 1)) as threads:
            others = [threads.submit(maker) for maker in self._makers[1:]]
            members: list[Member] = []
            parts = self._parts
            if crossing:
                members = [first, *(o.result() for o in others)]
                self._cross(threads, [one for one in members if isinstance(one, RuinMember)])
                self._meet(members, recombining=recombining)
                parts = parts[-1:]
            for part in parts:
                for phase in self._phases(*part):
                    if self._watch.over():
                        break
                    if not members:
                        self._side_by_side(threads, first, [o.result for o in others], phase)
                        members = [first, *(o.result() for o in others)]
                    else:
                        _compare(members)
                        self._lead(members)
                        ready = [_given(member) for member in members[1:]]
                        self._side_by_side(threads, first, ready, phase)
                self._meet(members, recombining=recombining)
        self._watch.tell(self._best.cost_neur, len(self._best.unserved))
        return Solution(
            routes=self._best.routes,
            unserved=self._best.unserved,
            cost_neur=self._best.cost_neur,
            solutions=self._watch.solutions,
        )

    def _cross(self, threads: ThreadPoolExecutor, members: Sequence[RuinMember]) -> None:
        """Anneal plans apart, then better each with routes of another, in step on all cores."""
        chance = np.random.default_rng(self._limits.seed)
        lines: list[_Line] = []
        rounds, done = 0, 0.0
        while done < CROSSING and not self._watch.over():
            alone = rounds < APART_TWICE or len(lines) <= 1
            bases: list[_Line | None] = []
            for member in members:
                base, other = (None, None) if alone else _two(lines, chance)
                bases.append(base)
                member.core.start_from(
                    crossed(self._problem, base.routes, other.routes, chance)
                    if base is not None and other is not None
                    else ()
                )
            start, done = done, min(CROSSING, done + (ALONE if alone else GENERATION))
            ready = [_given(member) for member in members[1:]]
            for phase in self._phases(start, done, 1.0 if alone else REHEATED, 1.0, 1):
                self._side_by_side(threads, members[0], ready, phase)
            for member, base in zip(members, bases, strict=True):
                self._breed(lines, base, _Line(member.core.objective, member.core.best()))
            rounds += 1

    def _breed(self, lines: list[_Line], base: _Line | None, found: _Line) -> None:
        """Let a plan take the place of the one it comes from, if it is better and new."""
        self._pool.add((route, route_cost(self._problem, route)) for route in found.routes)
        if any(found.price == line.price for line in lines):
            return
        if base is None:
            lines.append(found)
        elif base in lines and found.price < base.price:
            lines[lines.index(base)] = found
        else:
            return
        if found.price <= min(line.price for line in lines):
            self._keep(found.routes)

    def _phases(
        self, start: float, end: float, hotter: float, colder: float, times: int
    ) -> Iterator[Phase]:
        """The stretches of a part, each begun when it is asked for."""
        hot, cold = (
            factor * heat
            for factor, heat in zip((hotter, colder), extremes(self._problem), strict=True)
        )
        close = end * self._limits.seconds
        if math.isfinite(close):
            close -= RECOMBINATION_SHARE * self._limits.seconds
        opened = time.monotonic() - self._began
        total = self._limits.solutions
        share = None if total is None else int((end - start) * total) // len(self._makers)
        for number in range(times):
            now = time.monotonic()
            until = close
            if math.isfinite(close):
                until = opened + (close - opened) * (number + 1) / times
            yield Phase(
                steps=None
                if share is None
                else share * (number + 1) // times - share * number // times,
                seconds=max(0.0, until - (now - self._began)),
                began=now,
                hot=hot * (cold / hot) ** (number / times),
                cold=hot * (cold / hot) ** ((number + 1) / times),
            )

    def _side_by_side(
        self,
        threads: ThreadPoolExecutor,
        first: Member,
        others: Sequence[Callable[[], Member]],
        phase: Phase,
    ) -> None:
        """Run a phase on all members; the first in this thread, which alone talks to the caller."""
        halt = threading.Event()
        counts = [0] * len(others)

        def accompany(number: int) -> None:
            def tick(steps: int) -> None:
                counts[number] += steps

            others[number]().run(phase, halt.is_set, tick)

        def halted() -> bool:
            return self._watch.over()

        def tick(steps: int) -> None:
            self._watch.solutions += steps
            self._tell(first)

        running = [threads.submit(accompany, number) for number in range(len(others))]
        try:
            first.run(phase, halted, tick)
            if not self._watch.counted or self._watch.cancelled:
                halt.set()
        except BaseException:
            halt.set()
            raise
        for task in running:
            task.result()
        self._watch.solutions += sum(counts)

    def _lead(self, members: Sequence[Member]) -> None:
        """Let PyVRP go on from the best plan of ruin and recreate, where its own is dearer."""
        cores = [member.core for member in members if isinstance(member, RuinMember)]
        best = min(cores, key=lambda core: core.objective)
        for member in members:
            if isinstance(member, PyvrpMember):
                own = assembled(self._problem, member.best() or (), 0)
                if objective(self._problem, own) > best.objective:
                    member.go_to(best.best())

    def _meet(self, members: Sequence[Member], *, recombining: bool) -> None:
        """Keep the best plan of all, recombine, and start all from it."""
        for member in members:
            self._pool.add(member.good_routes())
            self._keep(member.best())
        best = self._best.routes
        if recombining and best:
            self._pool.add((route, route_cost(self._problem, route)) for route in best)
            # Counted, the effort bounds CP-SAT: a busy machine must not change the plan.
            counted = self._watch.counted
            seconds = self._limits.seconds * (1.0 if counted else RECOMBINATION_SHARE)
            effort = RECOMBINATION_EFFORT if counted else None
            if not self._watch.cancelled and seconds >= SHORTEST_RECOMBINATION_S:
                self._keep(
                    recombine(
                        self._problem,
                        self._pool,
                        best,
                        seconds=seconds,
                        effort=effort,
                        seed=self._limits.seed,
                    )
                )
        for member in members:
            member.go_to(self._best.routes)

    def _keep(self, routes: tuple[Route, ...] | None) -> None:
        if routes is None:
            return
        candidate = assembled(self._problem, routes, 0)
        if objective(self._problem, candidate) < objective(self._problem, self._best):
            self._best = candidate
            self._watch.tell(candidate.cost_neur, len(candidate.unserved))

    def _tell(self, first: Member) -> None:
        if isinstance(first, RuinMember):
            cost, left_out = first.core.summary()
            best = self._best
            if (left_out, cost) > (len(best.unserved), best.cost_neur):
                cost, left_out = best.cost_neur, len(best.unserved)
            self._watch.tell(cost, left_out)


def _two(lines: Sequence[_Line], chance: np.random.Generator) -> tuple[_Line, _Line]:
    first, second = chance.choice(len(lines), 2, replace=False).tolist()
    return lines[first], lines[second]


def _roomy(problem: Problem, limits: Limits) -> bool:
    """Whether trips are long and each stop gets time enough for several plans to be annealed."""
    full = max(
        problem.demand_g.sum() / max(1, *(kind.capacity_g for kind in problem.kinds)),
        problem.demand_mc.sum() / max(1, *(kind.capacity_mc for kind in problem.kinds)),
    )
    if problem.n_stops < LONG_TRIP * full:
        return False
    if limits.solutions is not None:
        return limits.solutions >= ROOM_SOLUTIONS * problem.n_stops
    return limits.seconds >= ROOM_S * problem.n_stops


def _best_second(problem: Problem) -> Second:
    """PyVRP where each trip stands alone and hours bind: there it finds what we miss (measured)."""
    return Second.PYVRP if is_direct(problem) and is_timed(problem) else Second.RUIN


def _compare(members: Sequence[Member]) -> None:
    """Let searches of a kind go on from where the best of them stands."""
    cores = [member.core for member in members if isinstance(member, RuinMember)]
    plans = [core.standing() for core in cores]
    best = min(plans, key=lambda plan: int(plan.price[0]), default=None)
    for core, plan in zip(cores, plans, strict=True):
        if best is not None and plan.price[0] > best.price[0]:
            core.stand_at(best)


def _given(member: Member) -> Callable[[], Member]:
    return lambda: member
