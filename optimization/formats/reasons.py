"""Why a task is in no route, in a sentence."""

from collections.abc import Sequence

from data.french import number, tidy
from optimization.formats.instance import NO_ROAD, Instance, Outlet, Task, Vehicle
from optimization.formats.modelling import Model
from optimization.routing.problem import NO_LIMIT, Problem
from optimization.routing.rules import may_serve
from optimization.routing.solution import Route, Solution, Trip
from optimization.routing.timetable import timetable

NO_ROOM = tidy(
    "Faisable seul, mais les véhicules n’ont plus le temps ou la place à côté des autres."
)


def impossible(model: Model) -> dict[int, str]:
    """Stops that no vehicle can serve even alone (with those of their piece), and why."""
    pieces = {stop: piece for piece in model.stops.pieces for stop in piece}
    found: dict[int, str] = {}
    for stop in range(model.problem.n_stops):
        piece = pieces.get(stop, (stop,))
        if stop == piece[0] and not _feasible(model.problem, piece):
            reason = next(
                filter(None, (_reason(model, one) for one in piece)), _no_time(model, piece)
            )
            found |= dict.fromkeys(piece, reason)
    return found


def left_out(
    model: Model, problem: Problem, solution: Solution, kept: Sequence[int]
) -> dict[int, str]:
    """Why the engine left stops out that could be served alone.

    Args:
        model: the file.
        problem: what was solved: the model's problem with the stops of ``kept`` only.
        solution: of ``problem``.
        kept: stops of the model.
    """
    free = problem.outlet_weekly_g.copy()
    for route in solution.routes:
        for trip in route.trips:
            free[trip.outlet] -= int(problem.weekly_g[list(trip.stops)].sum())
    found = {}
    for stop in solution.unserved:
        task = model.stops.tasks[kept[stop]]
        if problem.weekly_g[stop] > free.max() and free.max() < NO_LIMIT // 2:
            found[kept[stop]] = tidy(
                "Les exutoires ont reçu tout ce qu’ils acceptent en une semaine."
            )
        elif task.value is not None:
            found[kept[stop]] = tidy(
                f"La valeur de ce point ({number(task.value)}) ne paie pas le détour, ou les "
                "véhicules n’ont plus le temps ou la place."
            )
        else:
            found[kept[stop]] = NO_ROOM
    return found


def _feasible(problem: Problem, piece: Sequence[int]) -> bool:
    """Whether some vehicle can serve those stops, one after the other, and nothing else."""
    grams, boxes = (int(load[list(piece)].sum()) for load in (problem.demand_g, problem.demand_mc))
    weekly = int(problem.weekly_g[list(piece)].sum())
    for row, kind in enumerate(problem.kinds):
        if grams > kind.capacity_g or boxes > kind.capacity_mc or kind.max_stops < len(piece):
            continue
        if kind.count == 0 or kind.max_trips < 1:
            continue
        for outlet in range(problem.n_outlets):
            if weekly <= problem.outlet_weekly_g[outlet] and all(
                may_serve(problem, stop, row, outlet) for stop in piece
            ):
                route = Route(row, (Trip(tuple(piece), outlet),))
                if timetable(problem, route) is not None:
                    return True
    return False


def _reason(model: Model, stop: int) -> str | None:
    """The first thing that forbids a stop, times aside."""
    task = model.stops.tasks[stop]
    able = [group[0] for group in model.fleet if task.skills <= group[0].skills]
    if not able:
        wanted = ", ".join(str(skill) for skill in sorted(task.skills))
        return tidy(f"Aucun véhicule n’a toutes les compétences demandées ({wanted}).")
    return (
        _too_heavy(task, able)
        or _no_outlet(task, model.stops.outlets)
        or _no_road(model.instance, task, able)
    )


def _too_heavy(task: Task, able: Sequence[Vehicle]) -> str | None:
    for amounts in (task.pickup, task.delivery):
        for k, amount in enumerate(amounts):
            most = max(vehicle.capacity[k] for vehicle in able)
            if amount > most:
                return tidy(
                    f"Quantité {number(amount)}, plus que la capacité du plus grand véhicule "
                    f"possible ({number(most)})."
                )
        if amounts and not any(
            all(a <= c for a, c in zip(amounts, v.capacity, strict=True)) for v in able
        ):
            return tidy("Aucun véhicule n’a à la fois assez de place pour toutes ses quantités.")
    return None


def _no_outlet(task: Task, outlets: Sequence[Outlet]) -> str | None:
    if not outlets:
        return None
    taking = [o for o in outlets if not o.accepts or task.resource in o.accepts]
    if not taking:
        return tidy(f"Aucun exutoire n’accepte « {task.resource or 'sans nom'} ».")
    weekly = (task.pickup[0] if task.pickup else 0) * max(1.0, task.visits)
    if all(o.weekly is not None and o.weekly < weekly for o in taking):
        return tidy(f"{number(weekly)} par semaine, plus que ce qu’accepte le plus grand exutoire.")
    return None


def _no_road(instance: Instance, task: Task, able: Sequence[Vehicle]) -> str | None:
    for vehicle in able:
        legs = instance.roads[vehicle.profile].durations
        to = vehicle.start is None or legs[vehicle.start, task.row] < NO_ROAD
        back = vehicle.end is None or legs[task.row, vehicle.end] < NO_ROAD
        if to and back:
            return None
    return tidy("Aucun chemin connu entre ce point et les véhicules : il est hors du réseau.")


def _no_time(model: Model, piece: Sequence[int]) -> str:
    spans = [w for stop in piece for w in model.stops.tasks[stop].windows]
    text = " ou ".join(f"{start} – {end}" for start, end in spans)
    hours = f"Créneau {text} : aucun" if spans else "Aucun"
    return tidy(
        f"{hours} véhicule ne peut y être, y rester et rentrer dans ses heures et ses limites."
    )
