"""The use case: validate → travel → solve → explain → check → plan. Needs no browser."""

import time
import uuid
from datetime import UTC, datetime

from data.errors import InputError, PlanRefusedError, SolveCancelledError
from data.french import euros, quantity, quote, tidy
from data.model import Plan, Scenario, UnservedReason, UnservedStop
from geo.travel.source import TravelSource
from optimization.assembly import rounds_of
from optimization.bound import lower_bound_eur
from optimization.check import check_plan
from optimization.feasibility import alone, cheapest_alone, outlet_within_reach
from optimization.inspection import PlanWarning, inspect, usable_outlets, validate
from optimization.routing.cautious import Cautious, with_margins
from optimization.routing.engine import Engine, Limits, OnProgress, ShouldStop
from optimization.routing.insertion import Insertion
from optimization.routing.joined_runs import RunsJoined, join_runs
from optimization.routing.ortools_engine import OrToolsEngine
from optimization.routing.portfolio import PortfolioEngine
from optimization.routing.problem import NO_LIMIT, Feature, Ints, Problem, build_problem
from optimization.routing.rules import pieces
from optimization.routing.solution import Solution

__all__ = ["PlanWarning", "inspect", "propose", "validate"]


def propose(
    scenario: Scenario,
    travel: TravelSource,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    engine: Engine | None = None,
    solutions: int | None = None,
) -> Plan:
    """Plan the rounds of a scenario.

    Args:
        scenario: its ``seed`` and ``time_limit_s`` bound the search.
        travel: distances and times.
        on_progress: told each time a better plan is found, and regularly in between.
        should_stop: asked several times a second; yes means the person cancelled.
        engine: see :func:`fit_engine`.
        solutions: budget in candidate plans examined, for repeatable results.

    Raises:
        InputError: the scenario cannot be planned; names the field, the row and a way out.
        SolveCancelledError: ``should_stop`` said yes.
        PlanRefusedError: the independent checker found a fault: nothing is shown or saved.
    """
    began = time.monotonic()
    validate(scenario)
    problem, left_out = _plannable(scenario, travel)
    engine = fit_engine(engine, problem)
    limits = Limits(seconds=scenario.time_limit_s, solutions=solutions, seed=scenario.seed)
    solution = engine.solve(problem, limits, on_progress, should_stop)
    if should_stop is not None and should_stop():
        raise SolveCancelledError(tidy("Calcul annulé : aucune tournée n’a été enregistrée."))
    rounds = rounds_of(problem, solution, scenario)
    plan = Plan(
        id=uuid.uuid4().hex,
        scenario_id=scenario.id,
        name=scenario.name,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        rounds=rounds,
        unserved=(*left_out, *_reasons(problem, solution)),
        travel_source=travel.name,
        travel_margin=travel.margin,
        engine=engine.name,
        cost_eur=round(solution.cost_neur / 1e9, 2),
        bound_eur=lower_bound_eur(problem, solution),
        elapsed_s=round(time.monotonic() - began, 3),
        solutions=solution.solutions,
    )
    faults = check_plan(plan, scenario, travel)
    if faults:
        raise PlanRefusedError(
            tidy(
                "Le plan calculé ne respecte pas toutes les règles, il a été refusé : "
                + " ".join(fault.message for fault in faults[:3])
            )
        )
    return plan


def fit_engine(engine: Engine | None, problem: Problem) -> Engine:
    """The engine asked for, the portfolio by default, helped where it does not know all rules.

    OR-Tools then goes on from its plan made with margins, or plans alone.

    Imposed runs are told as single stops to an engine that knows all but them.
    An engine says what it knows by an attribute ``features``; without one it knows none.
    """
    chosen = PortfolioEngine() if engine is None else engine
    known: frozenset[Feature] = getattr(chosen, "features", frozenset())
    direct = _told(chosen, known, problem)
    if direct is not None:
        return direct
    told = with_margins(problem)
    careful = _told(chosen, known, told)
    return OrToolsEngine() if careful is None else Cautious(careful, told)


def _told(engine: Engine, known: frozenset[Feature], problem: Problem) -> Engine | None:
    """The engine, made to understand the problem; ``None`` where it cannot be."""
    if problem.features <= known:
        return engine
    joined = join_runs(problem) if problem.features <= known | {Feature.LOCKS} else None
    return None if joined is None else RunsJoined(engine, joined)


def _plannable(
    scenario: Scenario, travel: TravelSource
) -> tuple[Problem, tuple[UnservedStop, ...]]:
    """The problem without what cannot be served even alone, and those stops with their reasons."""
    outlets = usable_outlets(scenario)
    whole = build_problem(scenario, travel, outlets=outlets)
    within = [o for o in range(whole.n_outlets) if outlet_within_reach(whole, o)]
    if not within:
        names = ", ".join(quote(outlet.name) for outlet in outlets)
        raise InputError(
            tidy(
                f"L’exutoire est hors d’atteinte ({names}) : aucun véhicule ne peut s’y rendre, "
                "décharger pendant les heures d’ouverture et rentrer avant la fin de son service. "
                "Choisissez un exutoire plus proche, ou allongez le service ou l’autonomie."
            ),
            field="Exutoires",
        )
    problem = whole.restricted(stops=range(whole.n_stops), outlets=within)
    reasons = {stop: alone(problem, stop) for stop in range(problem.n_stops)}
    left_out = tuple(
        UnservedStop(stop_id=problem.stop_ids[stop], reason=why[0], detail=why[1])
        for stop, why in reasons.items()
        if why is not None
    )
    kept = [stop for stop, why in reasons.items() if why is None]
    return problem.restricted(stops=kept, outlets=range(problem.n_outlets)), left_out


def _reasons(problem: Problem, solution: Solution) -> tuple[UnservedStop, ...]:
    """Why each stop is in no round, although it could be served alone."""
    if not solution.unserved:
        return ()
    free = problem.outlet_weekly_g.copy()
    for route in solution.routes:
        for trip in route.trips:
            free[trip.outlet] -= int(problem.weekly_g[list(trip.stops)].sum())
    state = Insertion(problem, solution.routes)
    return tuple(
        _reason(problem, stop, _most_free(problem, stop, free), state) for stop in solution.unserved
    )


def _most_free(problem: Problem, stop: int, free_g: Ints) -> int:
    """Weekly grams that the emptiest outlet which takes this resource can still receive."""
    if problem.accepts is not None and problem.resource is not None:
        free_g = free_g[problem.accepts[:, problem.resource[stop]]]
    return int(free_g.max())


def _reason(problem: Problem, stop: int, free_g: int, state: Insertion) -> UnservedStop:
    stop_id, skip = problem.stop_ids[stop], int(problem.skip_neur[stop])
    if problem.weekly_g[stop] > free_g:
        detail = (
            f"{quantity(int(problem.weekly_g[stop]) / 1000, 'kg')} par semaine à livrer, "
            f"{quantity(max(0, free_g) / 1000, 'kg')} encore acceptés par l’exutoire."
        )
        return UnservedStop(stop_id=stop_id, reason=UnservedReason.OUTLET_FULL, detail=detail)
    piece = pieces(problem).get(stop)
    marginal = state.cheapest(stop) if piece is None else state.cheapest_run(piece)
    if skip < NO_LIMIT and marginal is not None:
        detail = (
            f"Le desservir ajouterait {euros(marginal.cost_neur / 1e9)} pour une valeur de "
            f"{euros(skip / 1e9)}."
        )
        return UnservedStop(stop_id=stop_id, reason=UnservedReason.NOT_WORTH, detail=detail)
    own_round = cheapest_alone(problem, stop)
    cost = "" if own_round is None else f" (une tournée pour lui seul : {euros(own_round / 1e9)})"
    tied = "" if piece is None else ", mais imposé à la suite d’autres points"
    even = "" if problem.max_spread_s >= NO_LIMIT else " ou deviendraient trop inégaux"
    detail = tidy(
        f"Faisable seul{cost}{tied} : les véhicules n’ont plus le temps ou la place{even}."
        if tied or even
        else f"Faisable seul{cost}, mais les véhicules n’ont plus le temps ou la place."
    )
    return UnservedStop(stop_id=stop_id, reason=UnservedReason.NO_TIME_LEFT, detail=detail)
