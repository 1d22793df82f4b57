"""When each visit of a route happens, with the least paid time.

Hours are paid from departure to return. For a given order of visits the vehicle returns as early
as it can and leaves as late as that return allows; when a place has several windows a day, a later
return may be shorter still, so the few later departures that can be are tried too.

A pause is a visit that takes no road: it is tried before and after the service of each place. A
recharge lengthens an unloading, and is only taken where the range would not last until the next.
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
        stays_s: length of the service, recharge included.
        recharges: entries at which the range is given back.
        pause_at: entry at which the rider's pause is taken, ``None`` when none is.
    """

    locations: tuple[int, ...]
    arrivals_s: tuple[int, ...]
    starts_s: tuple[int, ...]
    stays_s: tuple[int, ...]
    distance_m: int
    cost_neur: int
    recharges: tuple[int, ...] = ()
    pause_at: int | None = None
    pause_start_s: int = 0

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
    charges = [] if distance <= kind.range_m else _recharges(problem, kind, locations)
    if charges is None:
        return None
    for at in charges:
        ride.services_s[at] = max(ride.services_s[at], kind.recharge_s)
    pause: tuple[int, int] | None = None
    if kind.break_s:
        found = _times_with_pause(kind, ride)
        if found is None:
            return None
        times, pause = found
    else:
        alone = _cheapest_times(ride)
        if alone is None:
            return None
        times = alone
    arrivals, starts = times
    duration = arrivals[-1] - arrivals[0]
    cost = kind.fixed_neur + kind.second_neur * duration + kind.metre_neur * distance
    return Timetable(
        locations=locations,
        arrivals_s=tuple(arrivals),
        starts_s=tuple(starts),
        stays_s=tuple(ride.services_s),
        distance_m=distance,
        cost_neur=cost,
        recharges=tuple(charges),
        pause_at=None if pause is None else pause[0],
        pause_start_s=0 if pause is None else pause[1],
    )


def _recharges(problem: Problem, kind: Kind, locations: tuple[int, ...]) -> list[int] | None:
    """Entries at which to recharge, each as late as can be; ``None`` when the range is too short.

    As a recharge gives the whole range back, that is the fewest of them.
    """
    if problem.charging is None:
        return None
    metres = _lists(problem).metres[kind.profile]
    charges, since, after_point, point = [], 0, 0, None
    for at, (a, b) in enumerate(pairwise(locations), start=1):
        leg = metres[a][b]
        since, after_point = since + leg, after_point + leg
        if since > kind.range_m:
            if point is None or after_point > kind.range_m:
                return None
            charges.append(point)
            since, point = after_point, None
        if 0 < b <= problem.n_outlets and problem.charging[b - 1]:
            point, after_point = at, 0
    return charges


Times = tuple[list[int], list[int]]
"""Arrivals and starts of service."""


def _cheapest_times(ride: "Ride") -> Times | None:
    """Times with the least paid time."""
    (opens, _), *_ = ride.windows[0]
    times = _forward(opens, ride)
    if times is None:
        return None
    if times[0][-1] - opens > ride.busy_s:
        departure = _latest_departure(times[0][-1], ride)
        times = _forward(departure, ride) or times
        for later in _later_departures(departure, ride):
            if times[0][-1] - times[0][0] == ride.busy_s:
                break
            other = _forward(later, ride)
            if other is not None and other[0][-1] - later < times[0][-1] - times[0][0]:
                times = other
    return times


def _times_with_pause(kind: Kind, ride: "Ride") -> tuple[Times, tuple[int, int] | None] | None:
    """Times with the least paid time, and where (which entry) and when the pause begins.

    None is needed on the way by who is back when it may still begin, or leaves when it may be
    over.
    """
    best: tuple[Times, tuple[int, int] | None] | None = None
    least = 2**60
    for trial, where in _ways_to_pause(kind, ride):
        times = _cheapest_times(trial)
        if times is None or times[0][-1] - times[0][0] >= least:
            continue
        least = times[0][-1] - times[0][0]
        if where is None:
            best = times, None
            continue
        at, entry = where
        begins = times[1][entry]
        if entry == at:  # before the service: who pauses has arrived
            times[0][at + 1] = times[0][at]
        del times[0][entry], times[1][entry]
        best = times, (at, begins)
    return best


def _ways_to_pause(kind: Kind, ride: "Ride") -> Iterator[tuple["Ride", tuple[int, int] | None]]:
    """Rides without and with a pause; with its place and its entry in the longer ride."""
    from_s, until_s, windows = kind.break_from_s, kind.break_until_s, ride.windows
    early = ((kind.shift_start_s, min(kind.shift_end_s, until_s)),)
    late = ((max(kind.shift_start_s, from_s + kind.break_s), kind.shift_end_s),)
    if early[0][0] <= early[0][1]:
        yield Ride([*windows[:-1], early], ride.services_s, ride.travels_s), None
    if late[0][0] <= late[0][1]:
        yield Ride([late, *windows[1:]], ride.services_s, ride.travels_s), None
    first = _forward(kind.shift_start_s, ride)
    if first is None:
        return
    for at in range(1, len(windows) - 1):
        if first[0][at] > until_s:
            return
        for entry in (at, at + 1):
            # Legs around the pause: the road is ridden before it, or after.
            leg = at - 1 if entry == at else at
            legs = (ride.travels_s[leg], 0) if entry == at else (0, ride.travels_s[leg])
            longer = Ride(
                [*windows[:entry], ((from_s, until_s),), *windows[entry:]],
                [*ride.services_s[:entry], kind.break_s, *ride.services_s[entry:]],
                [*ride.travels_s[:leg], *legs, *ride.travels_s[leg + 1 :]],
            )
            yield longer, (at, entry)


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


def _forward(departure: int, ride: Ride) -> Times | None:
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


def _later_departures(after: int, ride: Ride) -> list[int]:
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
    last = ride.windows[-1][0][1] - ride.busy_s
    return sorted(c for c in candidates if after < c <= last)
