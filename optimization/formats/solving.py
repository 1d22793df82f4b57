"""Plan a file: model, search, explain, check, write."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any

from data.errors import PlanRefusedError, SolveCancelledError
from data.french import quote, tidy
from optimization.bound import lower_bound_eur
from optimization.bounding.prove import prove
from optimization.formats.carrying import carried, is_carried, served_by
from optimization.formats.fields import wrong
from optimization.formats.instance import Instance, Outlet
from optimization.formats.modelling import Model, Run, model_of, runs_of
from optimization.formats.reasons import NO_ROOM, impossible, left_out
from optimization.formats.schedule import schedule_of
from optimization.formats.timing import Step, timed
from optimization.formats.told import told_of
from optimization.formats.verifying import verify
from optimization.formats.writing import Json, Writer
from optimization.planning import fit_engine
from optimization.routing.engine import Engine, Limits, OnProgress, ShouldStop
from optimization.routing.ortools_engine import OrToolsEngine
from optimization.routing.portfolio import PortfolioEngine
from optimization.routing.pricing import assembled
from optimization.routing.problem import NANO_PER_EURO, Feature, Problem
from optimization.routing.pyvrp_engine import PyvrpEngine
from optimization.routing.pyvrp_model import supports
from optimization.routing.ruin_recreate.engine import RuinRecreateEngine
from optimization.routing.solution import Route, Solution, Trip

ENGINES: dict[str, Callable[[], Engine]] = {
    "portfolio": PortfolioEngine,
    "ruin": RuinRecreateEngine,
    "pyvrp": PyvrpEngine,
    "ortools": OrToolsEngine,
}

RULES = {
    Feature.ACCESS: "les compétences demandées (« skills »)",
    Feature.RESOURCES: "les exutoires réservés à certaines matières (« accepts »)",
    Feature.LOCKS: "les envois (« shipments »)",
    Feature.PRIORITIES: "les priorités",
    Feature.MAX_STOPS: "le nombre limité de tâches (« max_tasks »)",
    Feature.MAX_TRIPS: "le nombre limité de trajets par véhicule",
    Feature.BREAKS: "les pauses (« breaks »)",
    Feature.RECHARGE: "les recharges",
    Feature.BALANCE: "l’équilibre entre tournées",
}

UNBOUNDED_S = 86_400.0
"""Stands for « as long as it takes » where only plans are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person asked for.

    Attributes:
        seconds: of search; ``None`` = 10, or no limit when plans are counted.
        solutions: candidate plans to examine, for the same plan each time.
        engine: one of ``ENGINES``, ``None`` for the one that suits the file.
        prove_s: seconds spent on a better lower bound, after the search.
    """

    seconds: float | None = None
    solutions: int | None = None
    seed: int = 1
    engine: str | None = None
    prove_s: float = 0.0


USUAL_SECONDS = 10.0

CARRYING_SHARE = 0.7
"""Of the budget, for what the planner's stops are too simple for."""

CLOSE = Fraction(1, 10**6)


def solve(
    instance: Instance,
    wish: Wish,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Json:
    """VROOM's solution JSON, with our indicators and bound.

    Raises:
        InputError: the file holds what is not supported, or the engine asked for does not know it.
        SolveCancelledError: ``should_stop`` said yes.
        PlanRefusedError: the checker found a fault: nothing is to be written.
    """
    began = time.monotonic()
    _check_outlets(instance)
    model = model_of(instance)
    answer = _searched(model, wish, on_progress, should_stop)
    most = instance.most_vehicles
    if most is not None and len(answer.runs) > most:
        fewer = replace(instance, vehicles=instance.vehicles[:most])
        answer = _searched(model_of(fewer), wish, on_progress, should_stop)
    content = _written(answer, wish)
    content["summary"]["computing_times"] = {
        "loading": 0,
        "solving": round(1000 * (time.monotonic() - began)),
        "routing": 0,
    }
    faults = verify(instance, told_of(content))
    if faults:
        raise PlanRefusedError(
            tidy(
                "Le plan calculé ne respecte pas toutes les règles, il a été refusé : "
                + " ".join(faults[:3])
            )
        )
    return content


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    model: Model
    solution: Solution
    """Stops are the model's."""
    runs: tuple[Run, ...]
    reasons: dict[int, str]
    engine: str
    bound: Json
    simpler: bool = True
    """Whether stops were planned as the remarks about them say."""


def _searched(
    model: Model, wish: Wish, on_progress: OnProgress | None, should_stop: ShouldStop | None
) -> _Answer:
    reasons = impossible(model)
    kept = [stop for stop in range(model.problem.n_stops) if stop not in reasons]
    outlets = range(model.problem.n_outlets)
    problem = model.problem.restricted(stops=kept, outlets=outlets)
    engine = engine_for(problem, wish.engine)
    limits = limits_of(wish)
    later = CARRYING_SHARE if is_carried(model) else 0.0
    found = engine.solve(problem, _part(limits, 1 - later), on_progress, should_stop)
    _stop_if(should_stop)
    reasons |= left_out(model, problem, found, kept)
    routes = [
        Route(
            route.kind,
            tuple(Trip(tuple(kept[s] for s in trip.stops), trip.outlet) for trip in route.trips),
        )
        for route in found.routes
    ]
    solution = replace(
        found, routes=tuple(routes), unserved=tuple(kept[stop] for stop in found.unserved)
    )
    bound = _bound(model, kept, found, wish, should_stop)
    _stop_if(should_stop)
    answer = _Answer(
        model=model,
        solution=solution,
        runs=runs_of(model, solution),
        reasons=reasons,
        engine=engine.name,
        bound=bound,
    )
    if not later:
        return answer
    better = carried(model, answer.runs, _part(limits, later), should_stop)
    _stop_if(should_stop)
    return answer if better is None else _carried(answer, better)


def _carried(answer: _Answer, runs: tuple[Run, ...]) -> _Answer:
    """The answer with a better plan, where stops are what the file says; the same if refused."""
    model, served = answer.model, served_by(runs)
    reasons = {
        stop: answer.reasons.get(stop, NO_ROOM)
        for stop, task in enumerate(model.stops.tasks)
        if (task.kind, task.id) not in served
    }
    bound = answer.bound
    if reasons.keys() != answer.reasons.keys():
        bound = {"value": None, "gap": None, "method": bound["method"]}
    name = f"{answer.engine}, puis OR-Tools (enlèvements et livraisons)"
    better = replace(answer, runs=runs, reasons=reasons, bound=bound, engine=name, simpler=False)
    try:
        faults = verify(model.instance, told_of(_written(better, Wish())))
    except ValueError:  # a way or an hour that the model does not know
        return answer
    return answer if faults else better


def _part(limits: Limits, share: float) -> Limits:
    """A share of the budget."""
    solutions = None if limits.solutions is None else max(1, round(share * limits.solutions))
    return replace(limits, seconds=share * limits.seconds, solutions=solutions)


def _stop_if(should_stop: ShouldStop | None) -> None:
    if should_stop is not None and should_stop():
        raise SolveCancelledError(tidy("Calcul annulé : aucun plan n’a été écrit."))


def engine_for(problem: Problem, asked: str | None) -> Engine:
    """The engine asked for, or by default the first that knows every rule.

    Raises:
        InputError: the engine asked for does not know a rule of the file; names it.
    """
    if asked is None:
        return fit_engine(PortfolioEngine(), problem)
    engine = ENGINES[asked]()
    if isinstance(engine, OrToolsEngine):
        return engine
    known: frozenset[Feature] = getattr(engine, "features", frozenset())
    missing = sorted(RULES[feature] for feature in problem.features - known)
    if not missing and isinstance(engine, PyvrpEngine) and not supports(problem):
        missing = ["les capacités par semaine ou les horaires de ces exutoires"]
    if missing:
        raise wrong(
            f"Le moteur {quote(asked)} ne connaît pas {' ni '.join(missing)} de ce fichier. "
            "Retirez --engine : un moteur qui convient sera choisi.",
            field="--engine",
        )
    return engine


def limits_of(wish: Wish) -> Limits:
    """When to stop."""
    usual = USUAL_SECONDS if wish.solutions is None else UNBOUNDED_S
    seconds = usual if wish.seconds is None else wish.seconds
    return Limits(seconds=seconds, solutions=wish.solutions, seed=wish.seed)


def _check_outlets(instance: Instance) -> None:
    """Refuse a file whose outlets never open while a vehicle works, or take nothing."""
    if not instance.outlets:
        return
    shifts = [v.window for v in instance.vehicles if v.window is not None]
    always = len(shifts) < len(instance.vehicles)

    def opens(outlet: Outlet) -> bool:
        if outlet.weekly == 0:
            return False
        return (
            always
            or not outlet.windows
            or any(a <= end and b >= start for a, b in outlet.windows for start, end in shifts)
        )

    if not any(opens(outlet) for outlet in instance.outlets):
        names = ", ".join(str(outlet.id) for outlet in instance.outlets)
        raise wrong(
            f"Exutoire {names} : fermé toute la semaine pendant les heures des véhicules, ou "
            "n’accepte rien. Rien ne peut être déchargé : changez ses horaires (« time_windows ») "
            "ou sa capacité (« weekly_capacity »).",
            field="outlets",
        )


def _bound(
    model: Model,
    kept: Sequence[int],
    found: Solution,
    wish: Wish,
    should_stop: ShouldStop | None,
) -> Json:
    """What no plan serving the same tasks can cost less than."""
    relaxed = model.relaxed.restricted(stops=kept, outlets=range(model.relaxed.n_outlets))
    plan = assembled(relaxed, found.routes, 0) if found.routes else found
    value = lower_bound_eur(relaxed, plan)
    method = "relaxation linéaire"
    if wish.prove_s > 0 and value is not None:
        seconds = UNBOUNDED_S if wish.solutions is not None else wish.prove_s
        # A count of prices instead of a time, where the result must be repeatable.
        most = max(1, round(wish.prove_s)) if wish.solutions is not None else None
        proof = prove(relaxed, plan, seconds=seconds, iterations=most, should_stop=should_stop)
        if proof is not None and proof.bound_eur > value:
            value, method = proof.bound_eur, "génération de colonnes"
    if value is None:
        return {"value": None, "gap": None, "method": method}
    told = Fraction(str(max(0.0, value))) * NANO_PER_EURO / model.unit
    if model.whole:
        told = Fraction(ceil(told - CLOSE))  # costs are whole numbers
    return {"value": Writer(model.instance).money(told), "gap": None, "method": method}


def _written(answer: _Answer, wish: Wish) -> Json:
    model = answer.model
    instance, writer = model.instance, Writer(model.instance)
    hull = schedule_of(instance, paid=False).hull
    steps = [timed(instance, run, hull) for run in answer.runs]
    routes = [writer.route(run, one) for run, one in zip(answer.runs, steps, strict=True)]
    cost = sum((writer.price(run) for run in answer.runs), start=Fraction(0))
    unassigned = [
        {"type": task.kind, **writer.task(task), "reason": reason}
        for stop, reason in sorted(answer.reasons.items())
        for task in _tasks(model, stop)
    ]
    bound = answer.bound
    value = writer.money(cost)
    if bound["value"]:
        bound = {**bound, "gap": max(0.0, round(value / bound["value"] - 1, 6))}
    return {
        "code": 0,
        "summary": {
            "cost": value,
            "routes": len(routes),
            "unassigned": len(unassigned),
            **writer.totals(routes),
            "violations": [],
        },
        "unassigned": unassigned,
        "routes": routes,
        "indicators": _indicators(answer, routes, steps, writer),
        "bound": bound,
        "engine": answer.engine,
        "seed": wish.seed,
        "solutions": answer.solution.solutions,
        "travel": instance.travel,
        "format": instance.format,
        "name": instance.name,
        "remarks": [*instance.remarks, *_simplified(answer), *_closely(model)],
    }


def _simplified(answer: _Answer) -> list[str]:
    return list(answer.model.stops.remarks) if answer.simpler else []


def _closely(model: Model) -> list[str]:
    if model.exact:
        return []
    return [
        tidy(
            "Une limite de trajet porte sur autre chose que ce qui est payé : elle est respectée, "
            "mais la recherche ne suit le coût que de près."
        )
    ]


def _tasks(model: Model, stop: int) -> list[Any]:
    task = model.stops.tasks[stop]
    other = model.stops.delivered.get(task.id)
    return [task] if other is None else [task, other]


def _indicators(
    answer: _Answer, routes: Sequence[Json], steps: Sequence[Sequence[Step]], writer: Writer
) -> Json:
    tasks = answer.model.instance.tasks
    unloads = sum(step["type"] == "unload" for route in routes for step in route["steps"])
    longest = max((one[-1].arrival - one[0].arrival for one in steps), default=0)
    served = len(tasks) - sum(len(_tasks(answer.model, stop)) for stop in answer.reasons)
    return {
        "vehicles_used": len(routes),
        "trips": unloads or len(routes),
        "tasks": len(tasks),
        "served": served,
        "served_share": round(served / len(tasks), 4) if tasks else 1,
        "longest_route": writer.time(longest),
    }
