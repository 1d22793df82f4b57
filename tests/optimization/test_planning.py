"""The use case: laws of every plan, reasons, bad input."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings

from data.errors import InputError, PlanRefusedError, SolveCancelledError
from data.model import Commune, Plan, Scenario, Territory, UnservedReason, VisitKind
from optimization import planning
from optimization.check import Fault, FaultKind, check_plan
from optimization.planning import inspect, propose
from tests.optimization.cases import (
    GRID,
    HOUR,
    RESOURCE,
    TEN_STOPS,
    bike,
    outlet,
    scenario,
    scenarios,
    stop,
    van,
    window,
)

if TYPE_CHECKING:
    from optimization.routing import SearchProgress

FEW = 25
"""Candidate plans examined: enough for tiny cases."""


def _served(plan: Plan) -> list[str]:
    return [
        visit.place_id
        for round_ in plan.rounds
        for visit in round_.visits
        if visit.kind is VisitKind.STOP
    ]


def _reason(case: Scenario) -> UnservedReason:
    """The reason of the only stop left out."""
    plan = propose(case, GRID, solutions=FEW)
    (left_out,) = plan.unserved
    assert left_out.detail
    return left_out.reason


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=scenarios())
def test_every_stop_is_served_once_or_listed_and_the_checker_agrees(case: Scenario) -> None:
    """Whatever the scenario: a designed refusal, or a plan that keeps every law."""
    try:
        plan = propose(case, GRID, solutions=FEW)
    except InputError:
        return  # what such refusals say is tested below
    listed = [unserved.stop_id for unserved in plan.unserved]
    assert sorted(_served(plan) + listed) == sorted(s.id for s in case.stops)
    assert check_plan(plan, case, GRID) == []
    assert plan.bound_eur is None or plan.bound_eur <= plan.cost_eur + 0.01


def test_same_seed_same_plan() -> None:
    """The same seed and solution budget give the same rounds; another seed may not."""
    first = propose(TEN_STOPS, GRID, solutions=60)
    again = propose(TEN_STOPS, GRID, solutions=60)
    assert first.rounds == again.rounds
    assert (first.cost_eur, first.bound_eur, first.solutions) == (
        again.cost_eur,
        again.bound_eur,
        again.solutions,
    )


def test_more_effort_never_costs_more() -> None:
    """The best plan is kept: ten times the budget is at least as good."""
    short = propose(TEN_STOPS, GRID, solutions=15)
    long = propose(TEN_STOPS, GRID, solutions=150)
    assert long.cost_eur <= short.cost_eur


def test_one_stop_is_a_round_of_its_own() -> None:
    """One stop: depot, stop, outlet, depot, with the cost reckoned by hand."""
    plan = propose(scenario([stop(1, 0, 3)]), GRID, solutions=FEW)
    (round_,) = plan.rounds
    assert [visit.kind for visit in round_.visits] == [
        VisitKind.START,
        VisitKind.STOP,
        VisitKind.UNLOAD,
        VisitKind.END,
    ]
    # 3 + 4 + 1 km at 15 km/h, 300 s at the stop, 600 s at the outlet.
    hours = 8 / 15 + 900 / 3600
    assert plan.cost_eur == pytest.approx(5 + 30 * hours + 0.1 * 8, abs=0.01)
    assert plan.bound_eur == pytest.approx(plan.cost_eur, abs=0.02)


def test_nothing_plannable_gives_an_empty_plan_with_reasons() -> None:
    """When the only stops are out of reach the plan is empty, costs nothing, and says why."""
    case = scenario([stop(1, 80, 0), stop(2, 0, 80)])
    plan = propose(case, GRID, solutions=FEW)
    assert plan.rounds == ()
    assert plan.cost_eur == 0
    assert plan.bound_eur is None
    assert {unserved.reason for unserved in plan.unserved} == {UnservedReason.TOO_FAR}


@pytest.mark.parametrize(
    ("changes", "fleet", "reason"),
    [
        ({"kg_per_visit": 101.0}, {}, UnservedReason.TOO_HEAVY),
        ({"containers_per_visit": 7.0}, {}, UnservedReason.TOO_MANY_CONTAINERS),
        ({"lon": 60.0}, {}, UnservedReason.TOO_FAR),
        ({"lon": 6.0}, {"range_m": 10_000}, UnservedReason.TOO_FAR),
        ({"lon": 10.0, "windows": (window(8, 8.25),)}, {}, UnservedReason.WINDOW_IMPOSSIBLE),
        ({"kg_per_visit": 90.0, "visits_per_week": 2.0}, {}, UnservedReason.OUTLET_FULL),
        ({"lat": 3.0, "skip_value_eur": 1.0}, {}, UnservedReason.NOT_WORTH),
    ],
)
def test_a_stop_left_out_has_its_own_reason(
    changes: dict[str, Any], fleet: dict[str, Any], reason: UnservedReason
) -> None:
    """Too heavy, too bulky, too far, wrong hours, outlet full, not worth it: each is named."""
    case = scenario(
        [stop(1, 0, 1), stop(2, 0, 2, **changes)],
        vehicles=(bike(**fleet),),
        outlets=(outlet(weekly_capacity_kg=150.0),),
    )
    assert _reason(case) is reason


def test_no_time_left_when_each_stop_fits_alone_but_not_both() -> None:
    """Two far stops, one short shift: one is left out for want of time, not for itself."""
    case = scenario(
        [stop(1, 0, 9), stop(2, 0, -9)],
        vehicles=(bike(count=1, shift_end_s=round(9.75 * HOUR)),),
    )
    assert _reason(case) is UnservedReason.NO_TIME_LEFT


def test_outlet_capacity_counts_the_visits_of_a_week() -> None:
    """Two visits a week of 40 kg fill 80 kg of a site's weekly capacity."""
    stops = [stop(n, 0, n, kg_per_visit=40.0, visits_per_week=2.0) for n in (1, 2)]
    full = scenario(stops, outlets=(outlet(weekly_capacity_kg=159.0),))
    assert _reason(full) is UnservedReason.OUTLET_FULL
    enough = replace(full, outlets=(outlet(weekly_capacity_kg=160.0),))
    assert propose(enough, GRID, solutions=FEW).unserved == ()


def test_several_outlets_share_what_one_cannot_take() -> None:
    """With two limited outlets, both are used rather than leaving a stop out."""
    stops = [stop(n, n, 0, kg_per_visit=60.0) for n in (1, 2, 3)]
    outlets = (
        outlet(1, 0, 1, weekly_capacity_kg=130.0),
        outlet(2, 4, 0, weekly_capacity_kg=70.0),
    )
    plan = propose(scenario(stops, outlets=outlets), GRID, solutions=60)
    assert plan.unserved == ()
    unloads = {
        visit.place_id for r in plan.rounds for visit in r.visits if visit.kind is VisitKind.UNLOAD
    }
    assert unloads == {"outlet-1", "outlet-2"}


def test_an_outlet_that_refuses_the_resource_is_never_used() -> None:
    """The nearest outlet is no use if it does not accept the resource."""
    refusing = outlet(1, 0, 1, resource_ids=("glass",))
    case = scenario([stop(1, 0, 2)], outlets=(refusing, outlet(2, 9, 0)))
    plan = propose(case, GRID, solutions=FEW)
    assert "outlet-2" in {visit.place_id for visit in plan.rounds[0].visits}
    assert any(warning.field == "Exutoires" for warning in inspect(case, None))


def test_several_trips_a_shift_never_exceed_the_capacity() -> None:
    """Six stops of 60 kg with one bike of 100 kg: six trips, empty each time."""
    stops = [stop(n, 0.1 * n, 0.2, kg_per_visit=60.0) for n in range(6)]
    plan = propose(scenario(stops, vehicles=(bike(count=1),)), GRID, solutions=FEW)
    (round_,) = plan.rounds
    assert sum(visit.kind is VisitKind.UNLOAD for visit in round_.visits) == 6
    assert max(visit.load_kg for visit in round_.visits) == 60.0


def test_progress_starts_at_once_and_only_improves() -> None:
    """The first news is a usable plan; with everything served the cost never rises."""
    heard: list[SearchProgress] = []
    propose(TEN_STOPS, GRID, on_progress=heard.append, solutions=60)
    assert heard
    assert heard[0].unserved == 0
    costs = [progress.best_cost_eur for progress in heard]
    assert costs == sorted(costs, reverse=True)


def test_cancelling_raises_and_returns_no_plan() -> None:
    """Once the person cancels, the computation stops and says so."""
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    with pytest.raises(SolveCancelledError, match="annulé"):
        propose(TEN_STOPS, GRID, should_stop=should_stop, solutions=10_000)


def test_a_plan_with_a_fault_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checker has the last word, in French."""
    fault = Fault(kind=FaultKind.LOAD, message="Tournée 1 : chargement faux.")
    monkeypatch.setattr(planning, "check_plan", lambda *_: [fault])
    with pytest.raises(PlanRefusedError, match="chargement faux"):
        propose(TEN_STOPS, GRID, solutions=5)


GOOD = [stop(1, 0, 1), stop(2, 1, 1)]

BAD: list[tuple[str, Scenario, str, int | None, str]] = [
    ("no stop", scenario([]), "Points", None, "Aucun point"),
    ("no vehicle", scenario(GOOD, vehicles=()), "Véhicules", None, "Aucun véhicule"),
    ("none available", scenario(GOOD, vehicles=(bike(count=0),)), "Véhicules", None, "Aucun"),
    ("minus one", scenario(GOOD, vehicles=(bike(count=-1), van(count=2))), "Nombre", 1, "négatif"),
    (
        "negative kg",
        scenario([stop(1, 0, 0), stop(2, 0, 0, kg_per_visit=-1.0)]),
        "Kg par visite",
        2,
        "Point 2",
    ),
    ("nan kg", scenario([stop(1, 0, 0, kg_per_visit=math.nan)]), "Kg par visite", 1, "inconnu"),
    (
        "infinite boxes",
        scenario([stop(1, 0, 0, containers_per_visit=math.inf)]),
        "Contenants par visite",
        1,
        "Point 1",
    ),
    (
        "zero capacity",
        scenario(GOOD, vehicles=(bike(capacity_kg=0.0),)),
        "Capacité (kg)",
        1,
        "plus de 0",
    ),
    (
        "nan capacity",
        scenario(GOOD, vehicles=(van(), bike(capacity_containers=math.nan))),
        "Capacité (contenants)",
        2,
        "Vélo",
    ),
    ("no speed", scenario(GOOD, vehicles=(bike(speed_kmh=0.0),)), "Vitesse (km/h)", 1, "Vélo"),
    ("cost", scenario(GOOD, vehicles=(bike(cost_eur_per_km=-1.0),)), "Coût au", 1, "positif"),
    ("range", scenario(GOOD, vehicles=(bike(range_m=0),)), "Autonomie (km)", 1, "vide"),
    (
        "shift ends before it starts",
        scenario(GOOD, vehicles=(bike(shift_end_s=7 * HOUR),)),
        "Fin de service",
        1,
        "finit à 7",
    ),
    (
        "window before every shift",
        scenario([stop(1, 0, 1, windows=(window(5, 6),))]),
        "Créneau",
        1,
        "service des véhicules",
    ),
    (
        "window after every shift",
        scenario([stop(1, 0, 1, windows=(window(20, 21),))]),
        "Créneau",
        1,
        "changez",
    ),
    (
        "window upside down",
        scenario([stop(1, 0, 1, windows=(window(11, 9),))]),
        "Créneau",
        1,
        "finit avant",
    ),
    (
        "outlet hours upside down",
        scenario(GOOD, outlets=(outlet(windows=(window(11, 9),)),)),
        "Horaires",
        1,
        "finit avant",
    ),
    (
        "every stop too heavy",
        scenario([stop(1, 0, 1, kg_per_visit=150.0)]),
        "Capacité (kg)",
        None,
        "Aucun point ne tient",
    ),
    (
        "every stop too bulky",
        scenario([stop(1, 0, 1, containers_per_visit=7.0)]),
        "Capacité (contenants)",
        None,
        "Aucun point ne tient",
    ),
    ("no outlet", scenario(GOOD, outlets=()), "Exutoires", None, "Aucun exutoire"),
    (
        "no outlet accepts",
        scenario(GOOD, outlets=(outlet(resource_ids=("glass",)),)),
        "Exutoires",
        None,
        "n’accepte",
    ),
    ("outlet too far", scenario(GOOD, outlets=(outlet(1, 90, 0),)), "Exutoires", None, "atteinte"),
    (
        "outlet closed during the shift",
        scenario(GOOD, outlets=(outlet(windows=(window(18, 20),)),)),
        "Exutoires",
        None,
        "n’est ouvert pendant",
    ),
    ("nowhere", scenario([stop(1, math.nan, 0)]), "Position", 1, "longitude"),
    ("twice the same stop", scenario([stop(1, 0, 1), stop(1, 0, 2)]), "Points", 2, "ligne 2"),
    (
        "another resource",
        scenario([stop(1, 0, 1, resource_id="glass")]),
        "Ressource",
        1,
        "autre ressource",
    ),
    ("negative service", scenario([stop(1, 0, 1, service_s=-5)]), "Durée sur place", 1, "positif"),
]


@pytest.mark.parametrize(
    ("case", "field", "row", "words"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD]
)
def test_bad_input_names_the_field_the_row_and_a_way_out(
    case: Scenario, field: str, row: int | None, words: str
) -> None:
    """Each fault has its French sentence, its field and its row, before anything is solved."""
    with pytest.raises(InputError) as refused:
        propose(case, GRID, solutions=1)
    assert refused.value.field.startswith(field)
    assert refused.value.row == row
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")


def test_odd_but_possible_scenarios_are_told() -> None:
    """Two stops at one place, one too big, an outlet of no use: warnings with their rows."""
    case = scenario(
        [stop(1, 0, 1), stop(2, 0, 1), stop(3, 0, 2, kg_per_visit=300.0)],
        outlets=(outlet(1), outlet(2, resource_ids=("glass",))),
    )
    told = [(warning.field, warning.row) for warning in inspect(case, None)]
    assert told == [("Position", 2), ("Kg par visite", 3), ("Exutoires", 2)]
    assert RESOURCE not in " ".join(warning.message for warning in inspect(case, None))


def test_a_stop_outside_the_territory_is_told_not_refused() -> None:
    """A square territory: the stop beyond it gets a warning, the plan is computed all the same."""
    square = shapely.to_wkb(shapely.box(-5, -5, 5, 5))
    commune = Commune(
        code="24037",
        name="Bergerac",
        epci_code="1",
        population=1,
        area_km2=100.0,
        town_hall_lon=0.0,
        town_hall_lat=0.0,
        boundary_wkb=square,
    )
    territory = Territory(name="Carré", epcis=(), communes=(commune,))
    case = scenario([stop(1, 0, 1), stop(2, 6, 0)])
    (warning,) = inspect(case, territory)
    assert (warning.field, warning.row) == ("Position", 2)
    assert "Carré" in warning.message
    assert propose(case, GRID, solutions=FEW).rounds
