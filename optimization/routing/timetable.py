"""When each visit of a route happens, with the least paid time.

Hours are paid from departure to return. For a given order of visits the vehicle returns as early
as it can and leaves as late as that return allows; when a place has several windows a day, a later
return may be shorter still, so the few later departures that can be are tried too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from optimization.routing.problem import ALWAYS, Kind, Problem, Windows
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
    return timetable_of(problem, route.kind, locations_of(problem, route))


def timetable_of(problem: Problem, number: int, locations: tuple[int, ...]) -> Timetable | None:
    """The same for a vehicle of kind ``number`` and the locations of a route, depot to depot."""
    kind = problem.kinds[number]
    ride, distance = ride_of(problem, kind, locations)
    if distance > kind.range_m:
        return None
    times = _forward(kind.shift_start_s, ride)
    if times is None or times[0][-1] > kind.shift_end_s:
        return None
    if times[0][-1] - kind.shift_start_s > ride.busy_s:
        departure = _latest_departure(times[0][-1], ride)
        times = _forward(departure, ride) or times
        for later in _later_departures(kind, departure, ride):
            if times[0][-1] - times[0][0] == ride.busy_s:
                break
            other = _forward(later, ride)
            if other is None or other[0][-1] > kind.shift_end_s:
                continue
            if other[0][-1] - later < times[0][-1] - times[0][0]:
                times = other
    arrivals, starts = times
    duration = arrivals[-1] - arrivals[0]
    cost = kind.fixed_neur + kind.second_neur * duration + kind.metre_neur * distance
    return Timetable(
        locations=locations,
        arrivals_s=tuple(arrivals),
        starts_s=tuple(starts),
        distance_m=distance,
        cost_neur=cost,
    )


@dataclass(frozen=True, slots=True)
class Ride:
    """Opening hours and stays of the locations in order, and the legs between them."""

    windows: list[Windows]
    services_s: list[int]
    travels_s: list[int]

    @property
    def busy_s(self) -> int:
        """Paid time if nobody ever waited."""
        return sum(self.travels_s) + sum(self.services_s)

    def arrivals(self) -> Iterator[tuple[int, Windows, int]]:
        """Leg, opening hours and stay of each location but the first."""
        return zip(self.travels_s, self.windows[1:], self.services_s[1:], strict=True)


def ride_of(problem: Problem, kind: Kind, locations: tuple[int, ...]) -> tuple[Ride, int]:
    """What a vehicle of that kind meets on its way, and the metres it rides."""
    lists = _lists(problem)
    metres, seconds = lists.metres[kind.profile], lists.seconds[kind.profile]
    arcs = list(pairwise(locations))
    shift = ((kind.shift_start_s, kind.shift_end_s),)
    windows = [shift, *(lists.windows[location] for location in locations[1:-1]), shift]
    services = [lists.services[location] for location in locations]
    ride = Ride(windows, services, [seconds[a][b] for a, b in arcs])
    return ride, sum(metres[a][b] for a, b in arcs)


@dataclass(frozen=True, slots=True)
class _Lists:
    """A problem's arrays as plain lists, many times faster to read one number at a time."""

    metres: list[list[list[int]]]
    seconds: list[list[list[int]]]
    windows: list[Windows]
    services: list[int]


@lru_cache(maxsize=4)
def _lists(problem: Problem) -> _Lists:
    return _Lists(
        metres=problem.distance_m.tolist(),
        seconds=problem.duration_s.tolist(),
        windows=[ALWAYS, *problem.outlet_windows, *problem.windows],
        services=[0, *problem.unload_s.tolist(), *problem.service_s.tolist()],
    )


def service_of(problem: Problem, location: int) -> int:
    """Seconds spent at a location once service has begun."""
    return _lists(problem).services[location]


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


def _forward(departure: int, ride: Ride) -> tuple[list[int], list[int]] | None:
    arrivals, starts = [departure], [departure]
    clock = departure
    for travel, opening, service in ride.arrivals():
        clock += travel
        start = earliest_start(opening, clock)
        if start is None:
            return None
        arrivals.append(clock)
        starts.append(start)
        clock = start + service
    return arrivals, starts


def _latest_departure(back: int, ride: Ride) -> int:
    """Latest departure that still allows to be back then, the earliest possible return."""
    latest = back
    for travel, opening, service in zip(
        reversed(ride.travels_s),
        reversed(ride.windows[:-1]),
        reversed(ride.services_s[:-1]),
        strict=True,
    ):
        found = latest_arrival(opening, latest - travel - service)
        if found is None:
            raise ValueError("the return given is not a possible one")
        latest = found
    return latest


def _later_departures(kind: Kind, after: int, ride: Ride) -> list[int]:
    """Departures after the usual one that may be paid less.

    Past it the return is put off as much as the departure, until somewhere a window is missed
    for the next one; then the paid time falls again as long as somebody waits: until the place
    with the next window is reached without waiting, or just before another window is missed.
    """
    if all(len(opening) == 1 for opening in ride.windows):
        return []
    candidates: set[int] = set()
    offset = 0
    for travel, opening, service in ride.arrivals():
        offset += travel
        candidates.update(start - offset for start, _ in opening[1:])
        candidates.update(end - offset for _, end in opening)
        offset += service
    return sorted(c for c in candidates if after < c <= kind.shift_end_s - ride.busy_s)
