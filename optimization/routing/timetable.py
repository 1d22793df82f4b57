"""When each visit of a route happens, with the least paid time.

Hours are paid from departure to return. For a given order of visits the vehicle returns as early
as it can and leaves as late as that return allows; when stops have several windows a day, a later
return may be shorter still, so every departure after which nothing is gained is tried.
"""

from dataclasses import dataclass
from itertools import pairwise

from optimization.routing.problem import Kind, Problem, Windows
from optimization.routing.solution import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Times of one route; the tuples have one entry per location of ``locations``.

    Attributes:
        locations: depot, stops and outlets in order, depot.
        arrivals_s: reaching the location; for the first, leaving it.
        starts_s: service begins.
    """

    locations: tuple[int, ...]
    arrivals_s: tuple[int, ...]
    starts_s: tuple[int, ...]
    distance_m: int
    cost_neur: int

    @property
    def duration_s(self) -> int:
        """From departure to return."""
        return self.arrivals_s[-1] - self.arrivals_s[0]


def locations_of(problem: Problem, route: Route) -> tuple[int, ...]:
    """Location numbers of a route, from depot to depot."""
    inside = (
        location
        for trip in route.trips
        for location in (
            *(problem.stop_location(stop) for stop in trip.stops),
            problem.outlet_location(trip.outlet),
        )
    )
    return (0, *inside, 0)


def timetable(problem: Problem, route: Route) -> Timetable | None:
    """Cheapest times of a route, or ``None`` when windows, shift or range forbid it.

    Loads are not looked at here.
    """
    kind = problem.kinds[route.kind]
    locations = locations_of(problem, route)
    arcs = list(pairwise(locations))
    distance = sum(int(problem.distance_m[kind.profile, a, b]) for a, b in arcs)
    if distance > kind.range_m:
        return None
    travels = [int(problem.duration_s[kind.profile, a, b]) for a, b in arcs]
    windows = [windows_of(problem, kind, location) for location in locations]
    services = [service_of(problem, location) for location in locations]
    best: tuple[int, list[int], list[int]] | None = None
    for departure in _departures(kind, windows, services, travels):
        times = _forward(departure, windows, services, travels)
        if times is None or times[0][-1] > kind.shift_end_s:
            continue
        arrivals, starts = times
        duration = arrivals[-1] - departure
        if best is None or duration < best[0]:
            best = (duration, arrivals, starts)
    if best is None:
        return None
    duration, arrivals, starts = best
    cost = kind.fixed_neur + kind.second_neur * duration + kind.metre_neur * distance
    return Timetable(
        locations=locations,
        arrivals_s=tuple(arrivals),
        starts_s=tuple(starts),
        distance_m=distance,
        cost_neur=cost,
    )


def windows_of(problem: Problem, kind: Kind, location: int) -> Windows:
    """When service may start at a location, for a vehicle of that kind."""
    if location == 0:
        return ((kind.shift_start_s, kind.shift_end_s),)
    if location <= problem.n_outlets:
        return problem.outlet_windows[location - 1]
    return problem.windows[location - 1 - problem.n_outlets]


def service_of(problem: Problem, location: int) -> int:
    """Seconds spent at a location once service has begun."""
    if location == 0:
        return 0
    if location <= problem.n_outlets:
        return int(problem.unload_s[location - 1])
    return int(problem.service_s[location - 1 - problem.n_outlets])


def earliest_start(windows: Windows, arrival: int) -> int | None:
    """First moment at or after ``arrival`` within a window."""
    for start, end in windows:
        if arrival <= end:
            return max(arrival, start)
    return None


def latest_arrival(windows: Windows, latest_start: int) -> int | None:
    """Last moment at or before ``latest_start`` within a window."""
    for start, end in reversed(windows):
        if start <= latest_start:
            return min(end, latest_start)
    return None


def _forward(
    departure: int, windows: list[Windows], services: list[int], travels: list[int]
) -> tuple[list[int], list[int]] | None:
    arrivals, starts = [departure], [departure]
    clock = departure
    for travel, opening, service in zip(travels, windows[1:], services[1:], strict=True):
        clock += travel
        start = earliest_start(opening, clock)
        if start is None:
            return None
        arrivals.append(clock)
        starts.append(start)
        clock = start + service
    return arrivals, starts


def _departures(
    kind: Kind, windows: list[Windows], services: list[int], travels: list[int]
) -> list[int]:
    """Departures that can be best, the earliest first.

    As a function of the departure, the paid time falls by as much as the departure is put off
    while somebody waits, and rises or stays otherwise; so it is least at the start of the shift
    or where the wait at some visit vanishes, that is, reached without waiting at an opening. When
    nobody waits from the start of the shift, that is the answer.
    """
    first = kind.shift_start_s
    times = _forward(first, windows, services, travels)
    if times is not None and times[0] == times[1]:
        return [first]
    candidates = {first}
    offset = 0
    for travel, opening, service in zip(travels, windows[1:], services[1:], strict=True):
        offset += travel
        candidates.update(start - offset for start, _ in opening)
        candidates.update(end - offset for _, end in opening)
        offset += service
    return sorted(c for c in candidates if first <= c <= kind.shift_end_s)
