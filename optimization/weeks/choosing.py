"""CP-SAT gives every stop its days: even work and kilograms, neighbours on the same day.

Rounds are not known yet: a visit is expected to take its service and the way from its nearest
neighbours, and two stops visited on the same day save what joining two single rounds would
(Clarke and Wright's savings), counted for the few best partners of each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from ortools.sat.python import cp_model

from optimization.routing.problem import Problem
from optimization.weeks.model import Pattern
from optimization.weeks.setting import Week, estimated_work_s, shift_seconds

Sum: TypeAlias = cp_model.LinearExpr | cp_model.IntVar | int
"""What CP-SAT adds up; no pattern on a day gives the number 0."""

PARTNERS = 4
"""Best partners of a stop whose savings are counted."""

UNIT_NEUR = 1_000_000
"""Prices are rounded to a thousandth of a euro."""

MISSED = 10**9
"""Price of a stop without any visit, in that unit, unless it states its value."""

FULL_DAY = 0.85
"""Share of the shifts that estimates may fill: the rest is for what they do not know."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Pattern of each stop (by number), and stops that no outlet has room for."""

    patterns: Mapping[int, Pattern]
    too_much: tuple[int, ...]


def choose_days(week: Week, *, seconds: float, effort: float, seed: int) -> Chosen:
    """Give every stop its pattern.

    Args:
        week: what is planned.
        seconds: most wall time.
        effort: most deterministic time, the same on every machine.
        seed: of CP-SAT.
    """
    problem, (possible, _) = week.problem, week.possible
    if not possible:
        return Chosen({}, ())
    model = cp_model.CpModel()
    takes = {
        (stop, pattern): model.new_bool_var(f"{stop} {sorted(pattern)}")
        for stop, patterns in possible.items()
        for pattern in patterns
    }
    served = {stop: model.new_bool_var(f"served {stop}") for stop in possible}
    for stop, patterns in possible.items():
        model.add(sum(takes[stop, pattern] for pattern in patterns) == served[stop])
    on = {
        (stop, day): sum(takes[stop, pattern] for pattern in patterns if day in pattern)
        for stop, patterns in possible.items()
        for day in week.choices.days
    }
    _share_outlets(model, week, served)
    costs = [_missing_price(problem, stop) * (1 - one) for stop, one in served.items()]
    costs += _balance(model, week, on)
    costs += _together(model, week, on)
    model.minimize(sum(costs))
    for turn, (stop, patterns) in enumerate(possible.items()):
        hinted = patterns[turn % len(patterns)]
        for pattern in patterns:
            model.add_hint(takes[stop, pattern], pattern == hinted)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    if seconds < float("inf"):
        solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):  # out of time: turn by turn
        return Chosen({s: p[turn % len(p)] for turn, (s, p) in enumerate(possible.items())}, ())
    patterns_ = {stop: pattern for (stop, pattern), var in takes.items() if solver.value(var)}
    return Chosen(patterns_, tuple(stop for stop in possible if stop not in patterns_))


def _missing_price(problem: Problem, stop: int) -> int:
    return min(MISSED, int(problem.penalty_neur[stop]) // UNIT_NEUR)


def _share_outlets(
    model: cp_model.CpModel, week: Week, served: Mapping[int, cp_model.IntVar]
) -> None:
    """A week's mass fits the outlets', whatever resource they take, when all are limited."""
    problem, (possible, _) = week.problem, week.possible
    if len(week.limits_g) < problem.n_outlets:
        return
    mass = sum(
        int(problem.demand_g[stop]) * len(possible[stop][0]) * one for stop, one in served.items()
    )
    model.add(mass <= sum(week.limits_g.values()))


def _balance(
    model: cp_model.CpModel, week: Week, on: Mapping[tuple[int, int], Sum]
) -> list[cp_model.LinearExpr]:
    """Price of the heaviest day, in work and in kilograms, and of days fuller than shifts."""
    problem, (possible, _) = week.problem, week.possible
    rate = max(1, max(kind.second_neur for kind in problem.kinds) // UNIT_NEUR)
    work = estimated_work_s(problem)
    kg = [max(1, int(grams) // 1000) if grams else 0 for grams in problem.demand_g]
    at_hand = {day: shift_seconds(week.kinds_on(day)) for day in week.choices.days}
    most = max(at_hand.values())
    worth = max(1, sum(work[stop] for stop in possible) // max(1, sum(kg[s] for s in possible)))
    longest = model.new_int_var(0, 10**9, "longest day")
    heaviest = model.new_int_var(0, 10**9, "heaviest day")
    prices: list[cp_model.LinearExpr] = []
    for day, shift in at_hand.items():
        if not shift:
            continue
        # A day with half the vehicles is as full with half the work.
        day_work = sum(work[stop] * on[stop, day] for stop in possible)
        day_kg = sum(kg[stop] * on[stop, day] for stop in possible)
        model.add(day_work * most <= longest * shift)
        model.add(day_kg * most <= heaviest * shift)
        over = model.new_int_var(0, 10**9, f"over {day}")
        model.add(over >= day_work - int(FULL_DAY * shift))
        prices.append(over * 10 * rate)
    days = len(at_hand)
    return [*prices, longest * days * rate, heaviest * days * rate * worth]


def _together(
    model: cp_model.CpModel, week: Week, on: Mapping[tuple[int, int], Sum]
) -> list[cp_model.LinearExpr]:
    """What partners visited on the same day save, as negative prices."""
    problem, (possible, _) = week.problem, week.possible
    kind = max(problem.kinds, key=lambda one: one.count)
    first = 1 + problem.n_outlets
    price = problem.distance_m[kind.profile] * float(kind.metre_neur)
    price = price + problem.duration_s[kind.profile] * float(kind.second_neur)
    out, back, between = price[0, first:], price[first:, 0], price[first:, first:]
    saving = np.minimum(back[:, None] + out[None, :] - between, 1e12)
    saving = (saving + saving.T) / 2
    np.fill_diagonal(saving, -np.inf)
    prices: list[cp_model.LinearExpr] = []
    numbers = set(possible)
    for a in possible:
        best = [int(b) for b in np.argsort(-saving[a], kind="stable") if int(b) in numbers]
        for b in [other for other in best if other != a][:PARTNERS]:
            worth = int(saving[a, b] / UNIT_NEUR / PARTNERS)
            if worth <= 0:
                continue
            for day in week.choices.days:
                both = model.new_bool_var("")
                model.add(both <= on[a, day])
                model.add(both <= on[b, day])
                prices.append(-worth * both)
    return prices
