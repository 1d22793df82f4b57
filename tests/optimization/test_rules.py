"""Finer rules: generated plans keep them, the checker sees each one broken."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from ortools.constraint_solver import pywrapcp

from data.errors import InputError
from data.figures import load_figures
from data.model import (
    Depot,
    Lock,
    Plan,
    Round,
    Scenario,
    TravelMode,
    UnservedReason,
    UnservedStop,
    Visit,
    VisitKind,
)
from geo.travel import Place, TravelMatrix
from geo.travel.source import UNREACHABLE
from optimization.check import FaultKind, check_plan
from optimization.exports import to_csv
from optimization.feasibility import alone
from optimization.indicators import compare
from optimization.inspection import validate
from optimization.planning import fit_engine, propose
from optimization.routing import Limits, build_problem
from optimization.routing.ortools_engine import OrToolsEngine
from optimization.routing.ortools_model import OrToolsModel
from optimization.routing.problem import Feature
from optimization.routing.timetable import timetable
from tests.optimization.cases import GRID, HOUR, RESOURCE, bike, outlet, scenario, stop, van, window
from tests.optimization.rich_cases import OTHER, rich_scenarios

FEW = 25
FIGURES = load_figures()
NORTH = Depot(id="north", name="Dépôt nord", commune_code="24037", lon=0.0, lat=6.0)


def _stops(round_: Round) -> list[str]:
    return [visit.place_id for visit in round_.visits if visit.kind is VisitKind.STOP]


def _faults(plan: Plan, case: Scenario) -> set[FaultKind]:
    return {fault.kind for fault in check_plan(plan, case, GRID)}


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(case=rich_scenarios())
def test_whatever_the_rules_a_plan_keeps_them_or_the_scenario_is_refused(case: Scenario) -> None:
    """Every stop served once or listed with a reason, loads within capacity, checker content."""
    try:
        plan = propose(case, GRID, solutions=FEW)
    except InputError:
        return
    served = [stop_id for round_ in plan.rounds for stop_id in _stops(round_)]
    listed = [unserved.stop_id for unserved in plan.unserved]
    assert sorted(served + listed) == sorted(s.id for s in case.stops)
    assert check_plan(plan, case, GRID) == []
    assert plan.bound_eur is None or plan.bound_eur <= plan.cost_eur + 0.01
    told = compare(plan, case, GRID, FIGURES)
    assert told.total.cost_eur.value == pytest.approx(plan.cost_eur, abs=0.011)
    assert to_csv(plan, case).count("Collecte") == len(served)
    capacity = {vehicle.id: vehicle.capacity_kg for vehicle in case.vehicles}
    for round_ in plan.rounds:
        assert max(v.load_kg for v in round_.visits) <= capacity[round_.vehicle_id] + 1e-6


def test_each_vehicle_leaves_from_its_depot_and_comes_back_to_its_own() -> None:
    """Two bikes at two depots each serve what is near; the far end of one is elsewhere."""
    early = (window(8, 8.25),)
    case = scenario(
        [stop(1, 0, 1, windows=early), stop(2, 0, 7, windows=early)],
        vehicles=(
            bike(count=1),
            bike(id="other", name="Autre", count=1, depot_id="north", end_depot_id="depot"),
        ),
        depots=(NORTH,),
        outlets=(outlet(1, 1, 0), outlet(2, 1, 6)),
    )
    plan = propose(case, GRID, solutions=60)
    ends = {r.vehicle_id: (r.visits[0].place_id, r.visits[-1].place_id) for r in plan.rounds}
    assert ends == {"bike": ("depot", "depot"), "other": ("north", "depot")}
    lie = replace(case, vehicles=(case.vehicles[0], replace(case.vehicles[1], depot_id="")))
    assert FaultKind.ACCESS in _faults(plan, lie)


def test_who_may_not_come_does_not() -> None:
    """A lane closed to vans is served by bike, a stop for the van by the van, a third by none."""
    case = scenario(
        [
            stop(1, 0, 1, modes=(TravelMode.BIKE,)),
            stop(2, 0, 2, vehicle_ids=("van",)),
            stop(3, 0, 3, modes=(TravelMode.BIKE,), vehicle_ids=("van",)),
        ],
        vehicles=(bike(count=1), van()),
        outlets=(outlet(1, 1, 0, vehicle_ids=("bike",)), outlet(2, 1, 2, vehicle_ids=("van",))),
    )
    plan = propose(case, GRID, solutions=FEW)
    assert {r.vehicle_id: _stops(r) for r in plan.rounds} == {"bike": ["stop-1"], "van": ["stop-2"]}
    assert [(u.stop_id, u.reason) for u in plan.unserved] == [("stop-3", UnservedReason.NO_ACCESS)]
    swapped = replace(
        case, stops=(replace(case.stops[0], modes=(TravelMode.VAN,)), *case.stops[1:])
    )
    assert FaultKind.ACCESS in _faults(plan, swapped)
    closed = replace(case, outlets=tuple(replace(o, vehicle_ids=("van",)) for o in case.outlets))
    assert FaultKind.ACCESS in _faults(plan, closed)
    open_to_all = replace(case, stops=(*case.stops[:2], stop(3, 0, 3)))
    assert FaultKind.COVERAGE in _faults(plan, open_to_all)


def test_resources_go_where_they_are_accepted_and_never_with_what_they_spoil() -> None:
    """Cardboard and biowaste in one plan: own outlets, and no trip that holds both."""
    stops = [stop(n, 0, n, resource_id=(RESOURCE, OTHER)[n % 2]) for n in range(1, 5)]
    outlets = (outlet(1, 0, 5, resource_ids=(RESOURCE, OTHER)), outlet(2, 1, 0))
    case = scenario(stops, outlets=outlets, resource_ids=(OTHER,))
    together = propose(case, GRID, solutions=60)
    assert len([v for r in together.rounds for v in r.visits if v.kind is VisitKind.UNLOAD]) == 1
    apart = replace(case, incompatible=((RESOURCE, OTHER),))
    plan = propose(apart, GRID, solutions=60)
    assert plan.unserved == ()
    assert FaultKind.RESOURCE in _faults(together, apart)
    refusing = replace(case, outlets=(replace(outlets[0], resource_ids=(OTHER,)), outlets[1]))
    assert FaultKind.OUTLET in _faults(together, refusing)
    none = replace(case, outlets=(outlets[1],))
    reasons = {u.reason for u in propose(none, GRID, solutions=FEW).unserved}
    assert reasons == {UnservedReason.NO_OUTLET}
    lie = replace(
        propose(scenario([stop(1, 0, 90), stop(2, 0, 1)]), GRID, solutions=FEW),
        unserved=(UnservedStop(stop_id="stop-1", reason=UnservedReason.NO_OUTLET),),
    )
    assert FaultKind.COVERAGE in _faults(lie, scenario([stop(1, 0, 90), stop(2, 0, 1)]))


def test_service_grows_with_the_containers() -> None:
    """Four containers at 30.5 s each on top of 300 s: 422 s, and the checker counts them too."""
    case = scenario([stop(1, 0, 1, containers_per_visit=4.0, service_s_per_container=30.5)])
    plan = propose(case, GRID, solutions=FEW)
    assert plan.rounds[0].visits[1].service_s == 422
    slower = replace(case, stops=(replace(case.stops[0], service_s_per_container=31.0),))
    assert FaultKind.TIME in _faults(plan, slower)


def _with_pause(**changes: Any) -> Scenario:
    pause = {"break_s": 1800, "break_from_s": 9 * HOUR, "break_until_s": round(9.5 * HOUR)}
    long_round = [stop(n, n % 3, n, service_s=900) for n in range(5)]
    long_round[0] = replace(long_round[0], windows=(window(8, 8.25),))
    return scenario(long_round, vehicles=(bike(count=1, **(pause | changes)),))


def test_a_rider_pauses_once_within_the_hours_asked() -> None:
    """One pause of half an hour begins between 9 h and 9 h 30, outside service."""
    plan = propose(_with_pause(), GRID, solutions=FEW)
    (round_,) = plan.rounds
    (pause,) = [visit for visit in round_.visits if visit.pause_s]
    assert pause.pause_s == 1800
    assert 9 * HOUR <= pause.pause_start_s <= 9.5 * HOUR
    for before, after in pairwise(round_.visits):
        assert after.arrival_s == before.departure_s + after.travel_s


def test_a_short_round_needs_no_pause() -> None:
    """Back before the pause could end its hours: none is taken, none is missed."""
    case = replace(_with_pause(), stops=(stop(1, 0, 1),))
    plan = propose(case, GRID, solutions=FEW)
    assert not any(visit.pause_s for visit in plan.rounds[0].visits)


@pytest.mark.parametrize(
    "change",
    [
        {"break_s": 1200},
        {"break_from_s": 11 * HOUR, "break_until_s": 12 * HOUR},
        {"break_s": 0},
    ],
)
def test_a_pause_that_is_not_the_one_asked_is_a_fault(change: dict[str, int]) -> None:
    """Too long, at another time, or where none was asked."""
    plan = propose(_with_pause(), GRID, solutions=FEW)
    assert FaultKind.PAUSE in _faults(plan, _with_pause(**change))


def test_a_forgotten_or_overlapping_pause_is_a_fault() -> None:
    """Rounds planned without the pause, or with it during the service, are refused."""
    without = propose(_with_pause(break_s=0), GRID, solutions=FEW)
    assert FaultKind.PAUSE in _faults(without, _with_pause())
    plan = propose(_with_pause(), GRID, solutions=FEW)

    def during_service(visit: Visit) -> Visit:
        return replace(visit, pause_start_s=visit.arrival_s + visit.wait_s + 1)

    visits = tuple(during_service(v) if v.pause_s else v for v in plan.rounds[0].visits)
    broken = replace(plan, rounds=(replace(plan.rounds[0], visits=visits),))
    assert FaultKind.PAUSE in _faults(broken, _with_pause())


def _with_recharge(*, charging: bool = True, recharge_s: int = 1200) -> Scenario:
    stops = [stop(n, 0, n, kg_per_visit=60.0) for n in (1, 2, 3)]
    return scenario(
        stops,
        vehicles=(bike(count=1, range_m=10_000, recharge_s=recharge_s),),
        outlets=(outlet(charging=charging),),
    )


def test_a_battery_is_recharged_while_unloading_when_the_range_ends() -> None:
    """Three trips of up to 8 km with 10 km of range: the longer stays say where it recharged."""
    plan = propose(_with_recharge(), GRID, solutions=FEW)
    assert plan.unserved == ()
    stays = [v.service_s for v in plan.rounds[0].visits if v.kind is VisitKind.UNLOAD]
    assert 1200 in stays
    assert set(stays) <= {600, 1200}
    assert FaultKind.RANGE in _faults(plan, _with_recharge(charging=False))
    assert FaultKind.TIME in _faults(plan, _with_recharge(recharge_s=1800))
    assert propose(_with_recharge(charging=False), GRID, solutions=FEW).unserved


def test_when_all_cannot_be_served_priority_decides() -> None:
    """A single far stop fits: the one with priority goes, even against two that are near."""
    case = scenario(
        [stop(1, 0, 1), stop(2, 0, 2), stop(3, 0, -9)],
        vehicles=(bike(count=1, shift_end_s=round(9.75 * HOUR)),),
    )
    ordinary = propose(case, GRID, solutions=FEW)
    assert [u.stop_id for u in ordinary.unserved] == ["stop-3"]
    urgent = replace(case, stops=(*case.stops[:2], replace(case.stops[2], priority=5)))
    plan = propose(urgent, GRID, solutions=60)
    assert "stop-3" not in [u.stop_id for u in plan.unserved]


@pytest.mark.parametrize("limit", ["max_stops", "max_trips"])
def test_no_more_stops_or_unloadings_than_allowed(limit: str) -> None:
    """Six stops of 60 kg with one bike: as many as the limit, the others are listed."""
    stops = [stop(n, 0.1 * n, 0.2, kg_per_visit=60.0) for n in range(6)]
    free = scenario(stops, vehicles=(bike(count=1),))
    limited = replace(free, vehicles=(bike(count=1, **{limit: 4}),))
    plan = propose(limited, GRID, solutions=FEW)
    assert len(_stops(plan.rounds[0])) == 4
    assert len(plan.unserved) == 2
    assert FaultKind.COUNT in _faults(propose(free, GRID, solutions=FEW), limited)


def test_a_locked_piece_stays_in_one_piece_and_a_fixed_stop_with_its_vehicle() -> None:
    """3 → 1 stay together in that order although the road says otherwise; 2 rides with no. 2."""
    # Three corners of a square, the depot the fourth: the best rounds meet 2 between 1 and 3.
    stops = [stop(1, 2, 0), stop(2, 2, 2), stop(3, 0, 2)]
    free = scenario(stops)
    locks = (
        Lock(stop_ids=("stop-3", "stop-1")),
        Lock(stop_ids=("stop-2",), vehicle_id="bike", vehicle_number=2),
    )
    case = replace(free, locks=locks)
    plan = propose(case, GRID, solutions=60)
    assert plan.unserved == ()
    numbers = {stop_id: r.vehicle_number for r in plan.rounds for stop_id in _stops(r)}
    assert numbers["stop-2"] == 2
    order = next(_stops(r) for r in plan.rounds if "stop-3" in _stops(r))
    assert order.index("stop-1") == order.index("stop-3") + 1
    natural = propose(free, GRID, solutions=FEW)
    assert {FaultKind.LOCK, FaultKind.ACCESS} <= _faults(natural, case)


def test_rounds_as_even_as_asked() -> None:
    """Stops on one side could all go in one round; with a most of ten minutes they do not."""
    stops = [stop(n, n, 0.5, kg_per_visit=30.0) for n in range(1, 7)]
    case = scenario(stops, vehicles=(bike(count=2, shift_end_s=11 * HOUR),), max_spread_s=600)
    plan = propose(case, GRID, solutions=150)
    lengths = [r.visits[-1].arrival_s - r.visits[0].arrival_s for r in plan.rounds]
    assert max(lengths) - min(lengths) <= 600
    strict = replace(case, max_spread_s=max(lengths) - min(lengths) - 1)
    if strict.max_spread_s is not None and strict.max_spread_s >= 0:
        assert FaultKind.BALANCE in _faults(plan, strict)


def test_a_weight_makes_rounds_more_even() -> None:
    """The heavier the weight, the smaller the spread; the money paid may only grow."""
    stops = [stop(n, n, 0, kg_per_visit=45.0) for n in range(1, 6)]
    case = scenario(stops, vehicles=(bike(count=2, shift_end_s=11 * HOUR),))

    def spread(plan: Plan) -> int:
        lengths = [r.visits[-1].arrival_s - r.visits[0].arrival_s for r in plan.rounds]
        return max(lengths) - min(lengths)

    plain = propose(case, GRID, solutions=150)
    even = propose(replace(case, balance_eur_per_hour=500.0), GRID, solutions=150)
    assert spread(even) <= spread(plain)
    assert even.cost_eur >= plain.cost_eur


def test_a_plain_problem_has_no_features_and_a_rich_one_names_them() -> None:
    """What an engine must know is told exactly; one that does not leaves its place."""
    assert build_problem(scenario([stop(1, 0, 1)]), GRID).features == frozenset()
    rich = build_problem(_with_pause(max_stops=9), GRID)
    assert rich.features == {Feature.BREAKS, Feature.MAX_STOPS}

    class Plain(OrToolsEngine):
        features = frozenset()

    plain = Plain()
    assert fit_engine(plain, build_problem(scenario([stop(1, 0, 1)]), GRID)) is plain
    assert type(fit_engine(plain, rich)) is OrToolsEngine


BAD_RULES: list[tuple[str, dict[str, Any], str, str]] = [
    ("depot", {"vehicles": (bike(depot_id="moon"),)}, "Dépôt", "moon"),
    ("depots", {"depots": (replace(NORTH, id="depot"),)}, "Dépôts", "ligne 2"),
    ("stops", {"vehicles": (bike(max_stops=0),)}, "Nombre maximal", "au moins 1"),
    ("pause", {"vehicles": (bike(break_s=60, break_from_s=9),)}, "Pause", "échangez"),
    ("recharge", {"vehicles": (bike(recharge_s=-1),)}, "Durée de recharge", "négative"),
    ("who", {"stops": (stop(1, 0, 1, vehicle_ids=("x",)),)}, "Véhicules admis", "« x »"),
    ("priority", {"stops": (stop(1, 0, 1, priority=12),)}, "Priorité", "12"),
    ("itself", {"incompatible": ((RESOURCE, RESOURCE),)}, "Ressources", "elle-même"),
    ("lock", {"locks": (Lock(stop_ids=("x",)),)}, "Choix imposés", "« x »"),
    ("twice", {"locks": (Lock(stop_ids=("stop-1", "stop-1")),)}, "Choix imposés", "deux fois"),
    (
        "two vehicles",
        {
            "locks": (
                Lock(stop_ids=("stop-1",), vehicle_id="bike", vehicle_number=1),
                Lock(stop_ids=("stop-1",), vehicle_id="bike", vehicle_number=2),
            )
        },
        "Choix imposés",
        "deux véhicules",
    ),
    (
        "no such bike",
        {"locks": (Lock(stop_ids=("stop-1",), vehicle_id="bike", vehicle_number=3),)},
        "Choix imposés",
        "n° 3",
    ),
    ("spread", {"max_spread_s": -1}, "Équilibre", "négatif"),
    ("weight", {"balance_eur_per_hour": float("nan")}, "Équilibre", "positif"),
]


@pytest.mark.parametrize(
    ("changes", "field", "words"), [bad[1:] for bad in BAD_RULES], ids=[bad[0] for bad in BAD_RULES]
)
def test_rules_that_contradict_themselves_are_refused_in_french(
    changes: dict[str, Any], field: str, words: str
) -> None:
    """Each fault has its sentence and its field before anything is solved."""
    with pytest.raises(InputError) as refused:
        propose(replace(scenario([stop(1, 0, 1)]), **changes), GRID, solutions=1)
    assert refused.value.field.startswith(field)
    assert words in str(refused.value).replace("\u00a0", " ").replace("\u202f", " ")


def test_five_hundred_stops_get_a_plan() -> None:
    """A size far above the usual: every stop is served once or listed."""
    stops = [
        stop(n, (n * 37 % 101) / 10 - 5, (n * 53 % 97) / 10 - 5, kg_per_visit=10.0)
        for n in range(500)
    ]
    case = scenario(stops, vehicles=(van(count=20, max_stops=60),))
    plan = propose(case, GRID, solutions=1)
    seen = Counter(stop_id for r in plan.rounds for stop_id in _stops(r))
    seen.update(u.stop_id for u in plan.unserved)
    assert len(seen) == 500
    assert set(seen.values()) == {1}


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=rich_scenarios(most_stops=5, balanced=False))
def test_the_routing_model_knows_the_rules_and_prices_them_alike(case: Scenario) -> None:
    """OR-Tools takes the plan as a start at its exact cost, but for two things it sees otherwise.

    A recharge at the very end is unknown to it; and its pauses may be taken between two places,
    ours never are: where a pause is asked for, its price may be lower.
    """
    try:
        validate(case)
    except InputError:
        assume(False)
    problem = build_problem(case, GRID)
    kept = [s for s in range(problem.n_stops) if alone(problem, s) is None]
    problem = problem.restricted(stops=kept, outlets=range(problem.n_outlets))
    solution = OrToolsEngine().solve(problem, Limits(seconds=60.0, solutions=5))
    assume(solution.routes)
    fleet = Counter(route.kind for route in solution.routes)
    reloads = Counter(t.outlet for route in solution.routes for t in route.trips[:-1])
    model = OrToolsModel(
        problem,
        [fleet[kind] for kind in range(len(problem.kinds))],
        [reloads[outlet] for outlet in range(problem.n_outlets)],
        pywrapcp.DefaultRoutingSearchParameters(),
    )
    start = model.assignment(solution.routes)
    if start is None:
        tables = [timetable(problem, route) for route in solution.routes]
        assert any(t is not None and len(t.locations) - 2 in t.recharges for t in tables)
        return
    left_out = int(problem.penalty_neur[list(solution.unserved)].sum())
    price = start.ObjectiveValue() - left_out
    if any(problem.kinds[route.kind].break_s for route in solution.routes):
        assert price <= solution.cost_neur + 10
    else:
        assert price == pytest.approx(solution.cost_neur, abs=10)


class OneWay:
    """The grid, but half as far again when going down, and no way at all to one place."""

    name = "Sens uniques"
    margin = 0.1

    def matrix(self, places: Sequence[Place], mode: TravelMode, speed_kmh: float) -> TravelMatrix:
        """Distances and times; x = 5 cannot be reached."""
        both = GRID.matrix(places, mode, speed_kmh)
        y = np.array([place[1] for place in places])
        down = y[:, None] > y[None, :]
        island = np.array([place[0] == 5 for place in places])
        gap = island[:, None] != island[None, :]
        return TravelMatrix(
            distance_m=np.where(gap, UNREACHABLE, both.distance_m * (2 + down) // 2),
            duration_s=np.where(gap, UNREACHABLE, both.duration_s * (2 + down) // 2),
        )

    def leg(self, a: Place, b: Place, mode: TravelMode) -> list[Place]:
        """As on the grid."""
        return GRID.leg(a, b, mode)


def test_one_way_roads_and_islands_are_planned_for_what_they_are() -> None:
    """An asymmetric matrix with a gap: the island is left out and named, the rest holds."""
    case = scenario([stop(1, 0, 2), stop(2, 2, 2), stop(3, 2, 1), stop(4, 5, 1)])
    plan = propose(case, OneWay(), solutions=FEW)
    (island,) = plan.unserved
    assert (island.stop_id, island.reason) == ("stop-4", UnservedReason.TOO_FAR)
    assert island.detail == "Aucun chemin connu jusqu’à ce point."
    assert check_plan(plan, case, OneWay()) == []
    assert FaultKind.DISTANCE in _faults(plan, case)
