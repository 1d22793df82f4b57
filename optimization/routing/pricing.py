"""From routes to a solution, priced by the timetable."""

from collections.abc import Iterable

from optimization.routing.problem import Problem
from optimization.routing.solution import Route, Solution
from optimization.routing.timetable import timetable


def route_cost(problem: Problem, route: Route) -> int:
    """Exact n€ of a route.

    Raises:
        ValueError: windows, shift or range forbid it.
    """
    table = timetable(problem, route)
    if table is None:
        raise ValueError(f"infeasible route: {route}")
    return table.cost_neur


def unserved(problem: Problem, routes: Iterable[Route]) -> tuple[int, ...]:
    """Stops on no route, in order."""
    served = {stop for route in routes for trip in route.trips for stop in trip.stops}
    return tuple(stop for stop in range(problem.n_stops) if stop not in served)


def skip_price(problem: Problem, stops: Iterable[int]) -> int:
    """n€ that leaving those stops out weighs."""
    penalty = problem.penalty_neur
    return sum(int(penalty[stop]) for stop in stops)


def objective(problem: Problem, solution: Solution) -> int:
    """What engines minimise: the cost of the routes and the price of the stops left out."""
    return solution.cost_neur + skip_price(problem, solution.unserved)


def assembled(problem: Problem, routes: Iterable[Route], solutions: int) -> Solution:
    """The solution made of those routes.

    Args:
        problem: what is planned.
        routes: feasible ones.
        solutions: candidate plans examined.
    """
    kept = tuple(routes)
    return Solution(
        routes=kept,
        unserved=unserved(problem, kept),
        cost_neur=sum(route_cost(problem, route) for route in kept),
        solutions=solutions,
    )
