"""From an engine's routes to the plan's rounds, with times, distances and loads."""

from collections import defaultdict

from data.model import Round, Scenario, Visit, VisitKind
from optimization.routing.problem import Problem
from optimization.routing.solution import Route, Solution
from optimization.routing.timetable import Timetable, timetable


def rounds_of(problem: Problem, solution: Solution, scenario: Scenario) -> tuple[Round, ...]:
    """Rounds in the order of the scenario's vehicles, then of departure.

    Raises:
        ValueError: a route cannot keep its windows, shift or range.
    """
    timed: list[tuple[int, int, Route, Timetable]] = []
    for route in solution.routes:
        table = timetable(problem, route)
        if table is None:
            raise ValueError(f"route without a timetable: {route}")
        timed.append((route.kind, table.arrivals_s[0], route, table))
    timed.sort(key=lambda item: (item[0], item[1], item[2].trips[0].stops))
    used: dict[int, int] = defaultdict(int)
    rounds = []
    for kind, _, _, table in timed:
        number = problem.kinds[kind].first_number + used[kind]
        used[kind] += 1
        rounds.append(
            Round(
                vehicle_id=problem.kinds[kind].vehicle_id,
                vehicle_number=number,
                visits=_visits(problem, kind, table, scenario),
            )
        )
    return tuple(rounds)


def _visits(problem: Problem, kind: int, table: Timetable, scenario: Scenario) -> tuple[Visit, ...]:
    stops = {stop.id: stop for stop in scenario.stops}
    profile = problem.kinds[kind].profile
    vehicle = next(v for v in scenario.vehicles if v.id == problem.kinds[kind].vehicle_id)
    start, end = scenario.ends_of(vehicle)
    visits: list[Visit] = []
    on_board, boxes = 0.0, 0.0
    for index, location in enumerate(table.locations):
        place_id, what = (start.id, VisitKind.START) if index == 0 else (end.id, VisitKind.END)
        if 0 < location <= problem.n_outlets:
            place_id, what = problem.outlet_ids[location - 1], VisitKind.UNLOAD
            on_board, boxes = 0.0, 0.0
        elif location > problem.n_outlets:
            place_id = problem.stop_ids[location - 1 - problem.n_outlets]
            what, stop = VisitKind.STOP, stops[place_id]
            on_board, boxes = on_board + stop.kg_per_visit, boxes + stop.containers_per_visit
        before = table.locations[index - 1] if index else location
        visits.append(
            Visit(
                kind=what,
                place_id=place_id,
                arrival_s=table.arrivals_s[index],
                wait_s=table.starts_s[index] - table.arrivals_s[index],
                service_s=table.stays_s[index],
                distance_m=int(problem.distance_m[profile, before, location]),
                travel_s=int(problem.duration_s[profile, before, location]),
                load_kg=round(on_board, 6),
                load_containers=round(boxes, 6),
                pause_s=problem.kinds[kind].break_s if table.pause_at == index else 0,
                pause_start_s=table.pause_start_s if table.pause_at == index else 0,
            )
        )
    return tuple(visits)
