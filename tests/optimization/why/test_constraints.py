"""What rules cost: never below zero, nothing where they do not bind, and right by hand."""

import pytest
from hypothesis import HealthCheck, given, settings

from data.errors import InputError
from data.model import Scenario
from optimization.inspection import usable_outlets
from optimization.planning import propose
from optimization.replay import solution_of
from optimization.routing.problem import NANO_PER_EURO, build_problem
from optimization.why.constraints import cost_of_constraints
from optimization.why.families import Family, in_use, without
from optimization.why.found import RuleCosts
from tests.optimization.cases import GRID, HOUR, bike, outlet, scenario, stop, window
from tests.optimization.rich_cases import rich_scenarios

FEW = 30
TWO_WINDOWS = scenario(
    [stop(1, 0, 1, windows=(window(8, 8.25),)), stop(2, 0, 1.2, windows=(window(11, 11.5),))],
    vehicles=(bike(count=1),),
)
"""The rider waits more than two hours between two neighbours."""


def _costs(case: Scenario) -> RuleCosts:
    plan = propose(case, GRID, solutions=FEW)
    return cost_of_constraints(plan, case, GRID, seconds=600.0, solutions=FEW)


def test_windows_that_make_a_rider_wait_are_what_costs() -> None:
    """Without them the two neighbours take one short round; nothing else saves anything."""
    costs = _costs(TWO_WINDOWS)
    assert costs.rules[0].family is Family.WINDOWS
    assert costs.rules[0].saved_eur > 40.0
    assert costs.rules[0].share == pytest.approx(
        costs.rules[0].saved_eur / costs.cost_eur, abs=1e-6
    )
    assert {rule.family for rule in costs.rules} == set(in_use(TWO_WINDOWS))
    assert costs.complete


def test_stops_that_would_come_back_are_counted() -> None:
    """Three stops of 40 kg, an outlet of 85 kg a week: without its limit the third is taken."""
    case = scenario(
        [stop(n, 0, n, kg_per_visit=40.0) for n in range(3)],
        outlets=(outlet(weekly_capacity_kg=85.0),),
    )
    costs = _costs(case)
    by_family = {rule.family: rule for rule in costs.rules}
    assert by_family[Family.OUTLET_KG].more_stops == 1
    assert by_family[Family.FLEET].more_stops == 0


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(case=rich_scenarios(most_stops=5))
def test_a_rule_less_never_costs_more(case: Scenario) -> None:
    """Whatever the rules, nothing saved is negative and a plan stays one without any of them."""
    try:
        plan = propose(case, GRID, solutions=10)
    except InputError:
        return
    for family in in_use(case):
        problem = build_problem(without(case, family), GRID, outlets=usable_outlets(case))
        eased = solution_of(problem, plan)
        assert eased.cost_neur / NANO_PER_EURO <= plan.cost_eur + 0.01, family
    if plan.rounds:
        costs = cost_of_constraints(plan, case, GRID, seconds=600.0, solutions=5)
        assert all(rule.saved_eur >= 0 and rule.more_stops >= 0 for rule in costs.rules)
        assert costs.better_eur >= 0


def test_same_effort_same_table() -> None:
    """Bounded by plans examined, the table is repeatable."""
    assert _costs(TWO_WINDOWS) == _costs(TWO_WINDOWS)


def test_told_and_stopped() -> None:
    """Each family is announced with the share done; stopped early, the table says so."""
    plan = propose(TWO_WINDOWS, GRID, solutions=FEW)
    told: list[tuple[Family | None, float]] = []
    cost_of_constraints(
        plan,
        TWO_WINDOWS,
        GRID,
        seconds=600.0,
        solutions=2,
        on_progress=lambda family, share: told.append((family, share)),
    )
    assert [family for family, _ in told] == [None, *in_use(TWO_WINDOWS)]
    assert [share for _, share in told] == sorted(share for _, share in told)
    stopped = cost_of_constraints(plan, TWO_WINDOWS, GRID, seconds=600.0, should_stop=lambda: True)
    assert not stopped.complete
    assert stopped.rules == ()


def test_rules_not_in_use_are_not_in_the_table() -> None:
    """No window, no pause, no lock, no limit of range: those families are absent."""
    case = scenario([stop(1, 0, 1)], vehicles=(bike(count=1, shift_end_s=12 * HOUR),))
    assert not {Family.WINDOWS, Family.BREAKS, Family.LOCKS, Family.RANGE} & set(in_use(case))
    assert Family.SHIFT in set(in_use(case))
