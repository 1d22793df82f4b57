"""Can a stop be served alone, by an empty vehicle? And why not?"""

from collections.abc import Iterator
from itertools import pairwise

from data.french import clock, duration, kilometres, number, quantity, tidy
from data.model import UnservedReason
from geo.travel.source import UNREACHABLE
from optimization.routing.problem import Kind, Problem
from optimization.routing.rules import may_serve
from optimization.routing.solution import Route, Trip
from optimization.routing.timetable import locations_of, service_of, timetable


def alone(problem: Problem, stop: int) -> tuple[UnservedReason, str] | None:
    """Why a stop cannot be served even alone, with the numbers in French; ``None`` if it can."""
    present = [k for k, kind in enumerate(problem.kinds) if kind.count > 0]
    admitted = [k for k in present if problem.allowed is None or problem.allowed[stop, k]]
    if not admitted:
        return UnservedReason.NO_ACCESS, "Aucun des véhicules ne peut venir à ce point."
    ways = [
        (kind, outlet)
        for kind in admitted
        for outlet in range(problem.n_outlets)
        if may_serve(problem, stop, kind, outlet)
    ]
    if not ways:
        return UnservedReason.NO_OUTLET, tidy(
            "Aucun exutoire n’accepte ce qui y est collecté, ou pas de ces véhicules."
        )
    kinds = [problem.kinds[k] for k in sorted({k for k, _ in ways})]
    return _room(problem, stop, kinds) or _timing(problem, stop)


def _room(problem: Problem, stop: int, kinds: list[Kind]) -> tuple[UnservedReason, str] | None:
    """Why its load does not fit in any of those vehicles, nor in an outlet's week."""
    heavy = int(problem.demand_g[stop])
    largest = max(kind.capacity_g for kind in kinds)
    if heavy > largest:
        return UnservedReason.TOO_HEAVY, tidy(
            f"{quantity(heavy / 1000, 'kg')} à collecter, "
            f"{quantity(largest / 1000, 'kg')} dans le plus grand véhicule."
        )
    bulky = int(problem.demand_mc[stop])
    roomiest = max(kind.capacity_mc for kind in kinds)
    if bulky > roomiest:
        return UnservedReason.TOO_MANY_CONTAINERS, tidy(
            f"{number(bulky / 1000)} contenants à collecter, "
            f"{number(roomiest / 1000)} dans le plus grand véhicule."
        )
    if not any(kind.capacity_g >= heavy and kind.capacity_mc >= bulky for kind in kinds):
        return UnservedReason.TOO_HEAVY, (
            "Aucun véhicule n’a à la fois assez de kg et assez de contenants."
        )
    if not any(_solo_routes(problem, stop)):
        return UnservedReason.OUTLET_FULL, tidy(
            f"{quantity(int(problem.weekly_g[stop]) / 1000, 'kg')} par semaine, plus que ce "
            "qu’accepte le plus grand exutoire."
        )
    return None


def cheapest_alone(problem: Problem, stop: int) -> int | None:
    """Cost (n€) of the cheapest round that serves this stop only; ``None`` when impossible."""
    costs = [
        table.cost_neur
        for route in _solo_routes(problem, stop)
        if (table := timetable(problem, route)) is not None
    ]
    return min(costs, default=None)


def outlet_within_reach(problem: Problem, outlet: int) -> bool:
    """Whether some vehicle can go there, unload and come back within its shift and range."""
    empty = Trip(stops=(), outlet=outlet)
    return any(
        timetable(problem, Route(kind, (empty,))) is not None
        for kind, vehicle in enumerate(problem.kinds)
        if vehicle.count > 0
        and (problem.outlet_allowed is None or problem.outlet_allowed[outlet, kind])
    )


def _timing(problem: Problem, stop: int) -> tuple[UnservedReason, str] | None:
    routes = list(_solo_routes(problem, stop))
    if any(timetable(problem, route) is not None for route in routes):
        return None
    # Shortfalls are compared vehicle by vehicle: the one with the range may not have the shift.
    metres, reach = min(
        ((_metres(problem, route), problem.kinds[route.kind].range_m) for route in routes),
        key=lambda pair: pair[0] - pair[1],
    )
    if metres >= UNREACHABLE:
        return UnservedReason.TOO_FAR, "Aucun chemin connu jusqu’à ce point."
    if metres > reach:
        return UnservedReason.TOO_FAR, tidy(
            f"{kilometres(metres)} aller-retour par l’exutoire, {kilometres(reach)} d’autonomie."
        )
    seconds, shift = min(
        ((_seconds(problem, route), _shift(problem.kinds[route.kind])) for route in routes),
        key=lambda pair: pair[0] - pair[1],
    )
    if seconds > shift:
        return UnservedReason.TOO_FAR, tidy(
            f"{duration(seconds)} aller-retour par l’exutoire, {duration(shift)} de service."
        )
    spans = " ou ".join(f"{clock(start)} – {clock(end)}" for start, end in problem.windows[stop])
    return UnservedReason.WINDOW_IMPOSSIBLE, tidy(
        f"Créneau {spans} : aucun véhicule ne peut y être, puis décharger à l’exutoire ouvert et "
        "rentrer avant la fin de son service."
    )


def _solo_routes(problem: Problem, stop: int) -> Iterator[Route]:
    """Rounds of that stop only whose loads fit; times and range are still to be checked."""
    for index, kind in enumerate(problem.kinds):
        fits = problem.demand_g[stop] <= kind.capacity_g
        if kind.count == 0 or not fits or problem.demand_mc[stop] > kind.capacity_mc:
            continue
        for outlet in range(problem.n_outlets):
            if problem.weekly_g[stop] <= problem.outlet_weekly_g[outlet] and may_serve(
                problem, stop, index, outlet
            ):
                yield Route(index, (Trip(stops=(stop,), outlet=outlet),))


def _metres(problem: Problem, route: Route) -> int:
    profile = problem.kinds[route.kind].profile
    arcs = pairwise(locations_of(problem, route))
    return sum(int(problem.distance_m[profile, a, b]) for a, b in arcs)


def _seconds(problem: Problem, route: Route) -> int:
    """Driving, service and unloading, with no wait at all."""
    profile = problem.kinds[route.kind].profile
    locations = locations_of(problem, route)
    driving = sum(int(problem.duration_s[profile, a, b]) for a, b in pairwise(locations))
    return driving + sum(service_of(problem, location) for location in locations)


def _shift(kind: Kind) -> int:
    return kind.shift_end_s - kind.shift_start_s
