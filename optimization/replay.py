"""From a plan's rounds back to what engines understand, to start or to judge from it."""

from data.errors import CartofluxError
from data.french import tidy
from data.model import Plan, Round, VisitKind
from optimization.routing.pricing import assembled
from optimization.routing.problem import Problem
from optimization.routing.solution import Route, Solution, Trip


def solution_of(problem: Problem, plan: Plan) -> Solution:
    """The plan as a solution of a problem that knows its stops, outlets and vehicles.

    Raises:
        CartofluxError: the problem has no such place or vehicle, or forbids a round.
    """
    try:
        return assembled(problem, [_route(problem, trip) for trip in plan.rounds], plan.solutions)
    except (KeyError, ValueError) as error:
        raise CartofluxError(
            tidy(
                "Ce plan ne tient plus avec les distances ou les choix d’aujourd’hui : proposez de "
                "nouveau les tournées."
            )
        ) from error


def kind_of(problem: Problem, vehicle_id: str, number: int) -> int:
    """Which kind of vehicle that one belongs to.

    Raises:
        KeyError: none.
    """
    for rank, kind in enumerate(problem.kinds):
        if kind.vehicle_id == vehicle_id and 0 <= number - kind.first_number < kind.count:
            return rank
    raise KeyError(vehicle_id)


def _route(problem: Problem, trip: Round) -> Route:
    stop_at = {stop_id: stop for stop, stop_id in enumerate(problem.stop_ids)}
    outlet_at = {outlet_id: outlet for outlet, outlet_id in enumerate(problem.outlet_ids)}
    trips: list[Trip] = []
    stops: list[int] = []
    for visit in trip.visits:
        if visit.kind is VisitKind.STOP:
            stops.append(stop_at[visit.place_id])
        elif visit.kind is VisitKind.UNLOAD:
            trips.append(Trip(tuple(stops), outlet_at[visit.place_id]))
            stops = []
    return Route(kind_of(problem, trip.vehicle_id, trip.vehicle_number), tuple(trips))
