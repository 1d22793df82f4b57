"""Indicators, reckoned again by hand on three stops."""

from dataclasses import replace

import pytest

from data.figures import load_figures
from data.model import Plan, Round, Scenario, VisitKind
from optimization.assembly import rounds_of
from optimization.check import check_plan
from optimization.indicators import Estimate, Indicators, compare
from optimization.planning import propose
from optimization.routing import Route, Solution, Trip, build_problem
from optimization.routing.timetable import timetable
from tests.optimization.cases import GRID, TEN_STOPS, bike, outlet, scenario, stop

FIGURES = load_figures()

# Depot (0, 0), outlet (1, 0). Stops at (0, 2), (2, 2) and (2, 0); one bike of 100 kg.
CASE = scenario(
    [
        stop(1, 0, 2, kg_per_visit=40.0, containers_per_visit=2.0),
        stop(2, 2, 2, kg_per_visit=50.0, containers_per_visit=1.0),
        stop(3, 2, 0, kg_per_visit=30.0, containers_per_visit=3.0),
    ],
    vehicles=(bike(count=1),),
)


def _plan() -> Plan:
    """Trip 1: stops 1 and 2 (2 + 2 + 3 km to the outlet); trip 2: stop 3 (1 + 1 km); home 1 km."""
    problem = build_problem(CASE, GRID)
    route = Route(0, (Trip((0, 1), 0), Trip((2,), 0)))
    table = timetable(problem, route)
    assert table is not None
    solution = Solution(routes=(route,), unserved=(), cost_neur=table.cost_neur, solutions=1)
    return Plan(
        id="plan",
        scenario_id=CASE.id,
        name="Essai",
        created_at="2026-01-01T00:00:00+00:00",
        rounds=rounds_of(problem, solution, CASE),
        unserved=(),
        travel_source=GRID.name,
        travel_margin=0.1,
        engine="à la main",
        cost_eur=round(table.cost_neur / 1e9, 2),
    )


def _compare() -> Indicators:
    return compare(_plan(), CASE, GRID, FIGURES)


def _is(estimate: Estimate, value: float, low: float, high: float) -> None:
    """Within a thousandth: travel times come in whole seconds."""
    assert estimate.value == pytest.approx(value, rel=1e-3)
    assert estimate.low == pytest.approx(low, rel=1e-3)
    assert estimate.high == pytest.approx(high, rel=1e-3)


def test_the_plan_under_test_is_a_true_one() -> None:
    """The hand-made plan keeps every law."""
    assert check_plan(_plan(), CASE, GRID) == []


def test_length_time_money_and_emissions_with_the_travel_margin() -> None:
    """10 km ± 10 %, driving ± 10 % and the rest exact, emissions with both margins."""
    total = _compare().total
    _is(total.km, 10.0, 9.0, 11.0)
    still = (3 * 300 + 2 * 600) / 3600
    drive = 10 / 15
    _is(total.hours, drive + still, 0.9 * drive + still, 1.1 * drive + still)
    _is(total.co2e_kg, 0.1, 9 * 0.005, 11 * 0.015)
    cost = 5 + 30 * (drive + still) + 0.1 * 10
    _is(total.cost_eur, cost, cost - 3 * drive - 0.1, cost + 3 * drive + 0.1)
    assert _plan().cost_eur == pytest.approx(cost, abs=0.01)


def test_kilograms_and_filling_of_each_trip() -> None:
    """90 of 100 kg then 30; 3 of 6 containers both times."""
    indicators = _compare()
    assert indicators.kg == pytest.approx(120.0)
    assert (indicators.stops_served, indicators.stops_left_out) == (3, 0)
    first, second = indicators.rounds[0].trips
    assert (first.fill_kg, first.fill_containers) == (pytest.approx(0.9), pytest.approx(0.5))
    assert (second.fill_kg, second.fill_containers) == (pytest.approx(0.3), pytest.approx(0.5))
    assert indicators.fill_kg == pytest.approx(0.6)
    assert indicators.fill_containers == pytest.approx(0.5)


def test_separate_trips_are_each_actors_own_van_to_the_nearest_outlet() -> None:
    """3, 3 and 1 km away, there and back; van's figures; 5 min loading, 10 min unloading each."""
    separate = _compare().separate
    assert "chaque acteur" in separate.label
    km = 2 * (3 + 3 + 1)
    _is(separate.effort.km, km, 0.9 * km, 1.1 * km)
    drive = km / FIGURES["van_speed"].value
    still = 3 * 900 / 3600
    _is(separate.effort.hours, drive + still, 0.9 * drive + still, 1.1 * drive + still)
    _is(separate.effort.co2e_kg, 0.5 * km, 0.45 * 0.9 * km, 0.55 * 1.1 * km)
    cost = FIGURES["van_cost_per_hour"]
    low, high = cost.low * (0.9 * drive + still), cost.high * (1.1 * drive + still)
    _is(separate.effort.cost_eur, cost.value * (drive + still), low, high)


def test_heavy_loads_take_several_van_trips() -> None:
    """700 kg do not fit in a 650 kg van: the actor drives twice."""
    heavy = replace(CASE, stops=(replace(CASE.stops[0], kg_per_visit=700.0), *CASE.stops[1:]))
    light = _compare().separate.effort.km.value
    assert compare(_plan(), heavy, GRID, FIGURES).separate.effort.km.value == light + 2 * 3


def test_dedicated_rounds_use_the_same_vehicle_from_the_depot() -> None:
    """Depot, stop, outlet, depot for each: 2+3+1, 4+3+1 and 2+1+1 km, three shifts paid."""
    dedicated = _compare().dedicated
    assert dedicated.effort.km.value == pytest.approx(6 + 8 + 4)
    hours = 18 / 15 + 3 * 900 / 3600
    assert dedicated.effort.cost_eur.value == pytest.approx(3 * 5 + 30 * hours + 1.8)


def test_savings_go_from_the_worst_case_to_the_best() -> None:
    """A difference of ranges keeps both uncertainties."""
    indicators = _compare()
    saved, base, plan = (
        indicators.separate.saved.km,
        indicators.separate.effort.km,
        indicators.total.km,
    )
    _is(saved, base.value - plan.value, base.low - plan.high, base.high - plan.low)


def test_treatment_is_told_apart_from_transport() -> None:
    """120 kg composted against the same in landfill; neither is in the transport figures."""
    indicators = _compare()
    treatment = indicators.treatment
    assert treatment.treated_kg == (("composting_local", pytest.approx(120.0)),)
    assert treatment.impact_kg is not None
    _is(treatment.impact_kg, 0.12 * 9, 0.0, 0.12 * 18)
    _is(treatment.landfill_kg, 0.12 * 692, 0.12 * 346, 0.12 * 1038)
    assert indicators.total.co2e_kg.value == pytest.approx(0.1)


def test_an_unknown_treatment_is_not_guessed() -> None:
    """Without a sourced factor there is no impact figure."""
    unknown = replace(CASE, outlets=(outlet(treatment="ailleurs"),))
    treatment = compare(_plan(), unknown, GRID, FIGURES).treatment
    assert treatment.impact_kg is None
    assert treatment.treated_kg == (("", pytest.approx(120.0)),)


def test_totals_are_the_sum_of_the_rounds() -> None:
    """On a real plan: rounds add up, ranges are in order, what is collected is what is listed."""
    plan = propose(TEN_STOPS, GRID, solutions=30)
    indicators = compare(plan, TEN_STOPS, GRID, FIGURES)
    assert indicators.total.cost_eur.value == pytest.approx(plan.cost_eur, abs=0.02)
    assert sum(r.effort.km.value for r in indicators.rounds) == pytest.approx(
        indicators.total.km.value
    )
    served = _served_kg(TEN_STOPS, plan.rounds)
    assert indicators.kg == pytest.approx(served)
    for effort in (indicators.total, indicators.separate.effort, indicators.dedicated.effort):
        for estimate in (effort.km, effort.hours, effort.co2e_kg, effort.cost_eur):
            assert estimate.low <= estimate.value <= estimate.high


def _served_kg(case: Scenario, rounds: tuple[Round, ...]) -> float:
    kg = {s.id: s.kg_per_visit for s in case.stops}
    return sum(
        kg[visit.place_id]
        for round_ in rounds
        for visit in round_.visits
        if visit.kind is VisitKind.STOP
    )


def test_an_empty_plan_has_indicators_of_nothing() -> None:
    """No round: zeros, and no division by zero."""
    empty = replace(_plan(), rounds=(), cost_eur=0.0)
    indicators = compare(empty, CASE, GRID, FIGURES)
    assert indicators.total.km.value == 0
    assert indicators.fill_kg == 0
    assert indicators.separate.saved.km.value == 0
