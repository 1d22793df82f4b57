"""Cheapest insertion of stops into unfinished routes, all places tried at once with numpy.

A *line* is a route as a flat list of locations, unloadings included; between two of its visits
``u`` and ``w`` (depot ends included) is a *gap*. A stop ``x`` goes into a gap in one of three
ways: ``u x w``; ``u x outlet w``, which ends the trip after it; ``u outlet x w``, which ends the
trip before it. A vehicle not used yet is a line with one gap, from depot to depot.

Earliest and latest times kept at every gap make each trial exact for windows (several a day
too), shift, range, loads and outlets' weekly capacity. Costs are exact for shifts, metres and
driving; the wait is estimated, and settled afterwards by the timetable.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimization.routing.problem import ALWAYS, NO_LIMIT, Ints, Kind, Problem, Windows
from optimization.routing.solution import Route, Trip
from optimization.routing.timetable import (
    earliest_start,
    latest_arrival,
    locations_of,
    service_of,
    timetable,
    windows_of,
)

NEVER = 2**60
"""n€ or seconds that stand for « impossible »."""

Flat = tuple[int, ...]
"""Locations of a line between its two depot ends."""

_ROWS = 14
(
    _U,  # location before
    _W,  # location after
    _LEAVE,  # earliest departure from u
    _LATE,  # latest arrival at w
    _EASE,  # latest departure from u for which nobody has to wait
    _BEFORE_G,  # grams on board when leaving u
    _BEFORE_MC,  # thousandths of containers, idem
    _BEFORE_WEEK,  # weekly grams, idem
    _AFTER_G,  # grams still to come before the next outlet
    _AFTER_MC,
    _OUTLET,  # outlet that ends the trip of w; -1 when no outlet follows
    _SPARE,  # metres left in the range
    _KIND,
    _FRESH,  # 1 when the vehicle is not used yet
) = range(_ROWS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stop can go: line and gap numbers, and the locations to put there."""

    cost_neur: int
    line: int
    gap: int
    inserted: Flat


class Insertion:
    """Lines of a plan under construction.

    Args:
        problem: what to plan.
        routes: feasible routes to start from.
    """

    def __init__(self, problem: Problem, routes: Iterable[Route] = ()) -> None:
        self.problem = problem
        self._limited = bool((problem.outlet_weekly_g < NO_LIMIT).any())
        kinds = problem.kinds
        self._metre = np.array([kind.metre_neur for kind in kinds], dtype=np.int64)
        self._second = np.array([kind.second_neur for kind in kinds], dtype=np.int64)
        self._fixed = np.array([kind.fixed_neur for kind in kinds], dtype=np.int64)
        self._grams = np.array([kind.capacity_g for kind in kinds], dtype=np.int64)
        self._boxes = np.array([kind.capacity_mc for kind in kinds], dtype=np.int64)
        self._profile = np.array([kind.profile for kind in kinds], dtype=np.int64)
        self._table: Callable[[int, Flat], Ints | None] = lru_cache(20_000)(self._new_table)
        self._price: Callable[[int, Flat], int] = lru_cache(50_000)(self._new_price)
        self.lines: list[tuple[int, Flat]] = []
        self.load([(route.kind, flatten(problem, route)) for route in routes])

    def load(self, lines: Sequence[tuple[int, Flat]]) -> None:
        """Start again from those lines (kind, locations), all feasible."""
        self.lines = list(lines)
        self._free = self.problem.outlet_weekly_g.copy()
        if self._limited:
            for _, flat in self.lines:
                for outlet, grams in _deliveries(self.problem, flat):
                    self._free[outlet] -= grams
        self._gather()

    def routes(self) -> tuple[Route, ...]:
        """The lines as routes."""
        return tuple(Route(kind, _trips(self.problem, flat)) for kind, flat in self.lines if flat)

    def cost_neur(self) -> int:
        """Exact cost of all lines (shifts, hours, metres)."""
        return sum(self._price(kind, flat) for kind, flat in self.lines)

    def cheapest(self, stop: int, barred: NDArray[np.bool_] | None = None) -> Place | None:
        """Cheapest place of a stop; ``None`` when it fits nowhere.

        Args:
            stop: its number.
            barred: gaps not to try, shape (``self.gaps``,).
        """
        trials = [*self._ways(stop)]
        costs = np.stack([cost for cost, _ in trials])
        if barred is not None:
            costs[:, barred] = NEVER
        best = int(costs.argmin())
        way, gap = divmod(best, costs.shape[1])
        cost = int(costs[way, gap])
        if cost >= NEVER:
            return None
        line = int(np.searchsorted(self._starts, gap, side="right")) - 1
        return Place(cost, line, gap - int(self._starts[line]), trials[way][1])

    @property
    def gaps(self) -> int:
        """Number of gaps, unused vehicles' included."""
        return int(self._gap.shape[1])

    def opens(self, kinds: Sequence[int]) -> NDArray[np.bool_]:
        """Gaps that would use one more vehicle of those kinds, shape (``self.gaps``,)."""
        return np.asarray((self._gap[_FRESH] == 1) & np.isin(self._gap[_KIND], kinds))

    def insert(self, place: Place) -> None:
        """Put a stop where :meth:`cheapest` said."""
        kind, flat = self._open[place.line]
        longer = flat[: place.gap] + place.inserted + flat[place.gap :]
        lines = list(self.lines)
        if place.line < len(lines):
            lines[place.line] = (kind, longer)
        else:
            lines.append((kind, longer))
        self._switch(flat, longer)
        self.lines = lines
        self._gather()

    def feasible(self, kind: int, flat: Flat) -> bool:
        """Whether a line keeps loads, windows, shift and range (not the weekly capacities)."""
        return self._table(kind, flat) is not None

    def price(self, kind: int, flat: Flat) -> int:
        """Exact cost of a feasible line."""
        return self._price(kind, flat)

    def _switch(self, before: Flat, after: Flat) -> None:
        """Keep the outlets' remaining weekly grams up to date."""
        if self._limited:
            for outlet, grams in _deliveries(self.problem, before):
                self._free[outlet] += grams
            for outlet, grams in _deliveries(self.problem, after):
                self._free[outlet] -= grams

    def _gather(self) -> None:
        """Put the tables of all lines side by side, then one unused vehicle of each kind left."""
        used = Counter(kind for kind, _ in self.lines)
        self._open: list[tuple[int, Flat]] = list(self.lines)
        self._open += [
            (number, ())
            for number, kind in enumerate(self.problem.kinds)
            if used[number] < kind.count
        ]
        tables = []
        for kind, flat in self._open:
            table = self._table(kind, flat)
            if table is None:
                raise ValueError(f"infeasible line: {flat}")
            tables.append(table)
        sizes = [table.shape[1] for table in tables]
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._gap = np.concatenate(tables, axis=1)

    def _ways(self, stop: int) -> Iterator[tuple[Ints, Flat]]:
        """Cost at every gap, and what to put there, for each way of inserting a stop."""
        problem, gap = self.problem, self._gap
        x = problem.stop_location(stop)
        u, w, kind = gap[_U], gap[_W], gap[_KIND]
        profile, grams, boxes = self._profile[kind], self._grams[kind], self._boxes[kind]
        metre, second, fixed = self._metre[kind], self._second[kind], self._fixed[kind]
        metres, seconds = problem.distance_m, problem.duration_s
        kg, mc, week = (
            int(a[stop]) for a in (problem.demand_g, problem.demand_mc, problem.weekly_g)
        )
        service = int(problem.service_s[stop])
        m_ux, s_ux = metres[profile, u, x], seconds[profile, u, x]
        m_xw, s_xw = metres[profile, x, w], seconds[profile, x, w]
        m_uw, s_uw = metres[profile, u, w], seconds[profile, u, w]
        fits_before = (gap[_BEFORE_G] + kg <= grams) & (gap[_BEFORE_MC] + mc <= boxes)
        fits_after = (gap[_AFTER_G] + kg <= grams) & (gap[_AFTER_MC] + mc <= boxes)
        fits = (gap[_BEFORE_G] + gap[_AFTER_G] + kg <= grams) & (
            gap[_BEFORE_MC] + gap[_AFTER_MC] + mc <= boxes
        )
        ends = gap[_OUTLET]
        opening = gap[_FRESH] * fixed
        windows = problem.windows[stop]
        arrival = gap[_LEAVE] + s_ux
        start = _starts(windows, arrival)
        wait = np.maximum(start - np.maximum(arrival, gap[_EASE] + s_ux), 0)
        leave = start + service

        longer = m_ux + m_xw - m_uw
        ok = fits & (ends >= 0) & (leave + s_xw <= gap[_LATE]) & (longer <= gap[_SPARE])
        if self._limited:
            ok &= week <= self._free[ends]
        cost = metre * longer + second * (s_ux + s_xw - s_uw + service + wait)
        yield np.where(ok, cost, NEVER), (x,)

        for outlet in range(problem.n_outlets):
            o = problem.outlet_location(outlet)
            unload = int(problem.unload_s[outlet])
            hours = problem.outlet_windows[outlet]
            m_xo, s_xo = metres[profile, x, o], seconds[profile, x, o]
            m_ox, s_ox = metres[profile, o, x], seconds[profile, o, x]
            m_ow, s_ow = metres[profile, o, w], seconds[profile, o, w]
            m_uo, s_uo = metres[profile, u, o], seconds[profile, u, o]
            moved = np.where(ends == outlet, 0, gap[_BEFORE_WEEK])
            takes = (moved + week) <= self._free[outlet]

            # u x outlet w: after the last outlet of a line this is a new trip.
            longer = m_ux + m_xo + m_ow - m_uw
            done = _starts(hours, leave + s_xo) + unload
            ok = fits_before & takes & (done + s_ow <= gap[_LATE]) & (longer <= gap[_SPARE])
            drive = s_ux + s_xo + s_ow - s_uw
            cost = metre * longer + second * (drive + service + unload + wait) + opening
            yield np.where(ok, cost, NEVER), (x, o)

            # u outlet x w: only where something is on board before and to come after.
            longer = m_uo + m_ox + m_xw - m_uw
            arrival = _starts(hours, gap[_LEAVE] + s_uo) + unload + s_ox
            begun = _starts(windows, arrival)
            ok = fits_after & (ends >= 0) & (u > problem.n_outlets) & (longer <= gap[_SPARE])
            ok &= begun + service + s_xw <= gap[_LATE]
            if self._limited:
                ok &= (moved <= self._free[outlet]) & (week <= self._free[ends])
            drive = s_uo + s_ox + s_xw - s_uw
            cost = metre * longer + second * (drive + service + unload + begun - arrival)
            yield np.where(ok, cost, NEVER), (o, x)

    def _new_price(self, kind: int, flat: Flat) -> int:
        table = timetable(self.problem, Route(kind, _trips(self.problem, flat)))
        if table is None:
            raise ValueError(f"infeasible line: {flat}")
        return table.cost_neur

    def _new_table(self, kind: int, flat: Flat) -> Ints | None:
        """Everything known of the gaps of a line, shape (_ROWS, gaps); ``None`` if infeasible."""
        problem, vehicle = self.problem, self.problem.kinds[kind]
        nodes = (0, *flat, 0)
        metres, seconds = problem.distance_m[vehicle.profile], problem.duration_s[vehicle.profile]
        legs = [int(seconds[a, b]) for a, b in pairwise(nodes)]
        spare = vehicle.range_m - sum(int(metres[a, b]) for a, b in pairwise(nodes))
        windows = [windows_of(problem, vehicle, node) for node in nodes]
        service = [service_of(problem, node) for node in nodes]
        table = np.empty((_ROWS, len(legs)), dtype=np.int64)
        table[_U], table[_W] = nodes[:-1], nodes[1:]
        table[_SPARE], table[_KIND], table[_FRESH] = spare, kind, not flat
        if spare < 0 or not _fill_times(table, vehicle, legs, windows, service):
            return None
        if not _fill_loads(table, problem, vehicle, nodes):
            return None
        return table


def flatten(problem: Problem, route: Route) -> Flat:
    """Locations of a route between its two depot ends."""
    return locations_of(problem, route)[1:-1]


def _trips(problem: Problem, flat: Flat) -> tuple[Trip, ...]:
    trips: list[Trip] = []
    stops: list[int] = []
    for location in flat:
        if location > problem.n_outlets:
            stops.append(location - 1 - problem.n_outlets)
        else:
            trips.append(Trip(tuple(stops), location - 1))
            stops = []
    return tuple(trips)


def _deliveries(problem: Problem, flat: Flat) -> Iterator[tuple[int, int]]:
    for trip in _trips(problem, flat):
        yield trip.outlet, int(problem.weekly_g[list(trip.stops)].sum())


def _starts(windows: Windows, arrivals: Ints) -> Ints:
    """First moments within a window for each arrival, ``NEVER`` when closed for good."""
    if windows == ALWAYS:
        return arrivals
    starts = np.full_like(arrivals, NEVER)
    for opens, closes in reversed(windows):
        starts = np.where(arrivals <= closes, np.maximum(arrivals, opens), starts)
    return starts


def _fill_times(
    table: Ints,
    vehicle: Kind,
    legs: list[int],
    windows: list[Windows],
    service: list[int],
) -> bool:
    leave, ease = vehicle.shift_start_s, vehicle.shift_end_s
    leaves, eases = [leave], [ease]
    for leg, opening, stay in zip(legs, windows[1:], service[1:], strict=True):
        start = earliest_start(opening, leave + leg)
        if start is None:
            return False
        late = latest_arrival(opening, ease + leg)
        leave = start + stay
        ease = leave if late is None else max(leave, late + stay)
        leaves.append(leave)
        eases.append(ease)
    table[_LEAVE], table[_EASE] = leaves[:-1], eases[:-1]
    late_w = vehicle.shift_end_s
    lates = [late_w]
    for leg, opening, stay in zip(
        reversed(legs[1:]), reversed(windows[1:-1]), reversed(service[1:-1]), strict=True
    ):
        last = latest_arrival(opening, late_w - leg - stay)
        if last is None:
            return False
        late_w = last
        lates.append(late_w)
    table[_LATE] = lates[::-1]
    return leaves[-1] <= vehicle.shift_end_s


def _fill_loads(table: Ints, problem: Problem, vehicle: Kind, nodes: Flat) -> bool:
    """Loads around each gap; False when a trip is too heavy or too bulky."""
    outlets = problem.n_outlets
    carried = np.zeros((3, len(nodes)), dtype=np.int64)
    for column, node in enumerate(nodes):
        if node > outlets:
            stop = node - 1 - outlets
            carried[:, column] = carried[:, column - 1]
            carried[0, column] += problem.demand_g[stop]
            carried[1, column] += problem.demand_mc[stop]
            carried[2, column] += problem.weekly_g[stop]
    table[_BEFORE_G : _BEFORE_WEEK + 1] = carried[:, :-1]
    outlet, total_g, total_mc = -1, 0, 0
    for column in range(len(nodes) - 2, -1, -1):
        node = nodes[column + 1]
        if 0 < node <= outlets:
            outlet = node - 1
            total_g, total_mc = (int(v) for v in carried[:2, column])
            if total_g > vehicle.capacity_g or total_mc > vehicle.capacity_mc:
                return False
        table[_OUTLET, column] = outlet
        table[_AFTER_G, column] = total_g - carried[0, column]
        table[_AFTER_MC, column] = total_mc - carried[1, column]
    return not carried[0, -2]
