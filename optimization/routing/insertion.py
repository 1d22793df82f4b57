"""Cheapest insertion of stops into unfinished routes, all places tried at once with numpy.

A *line* is a route as a flat list of locations, unloadings included; between two of its visits
``u`` and ``w`` (depot ends included) is a *gap*. A stop ``x`` goes into a gap in one of three
ways: ``u x w``; ``u x outlet w``, which ends the trip after it; ``u outlet x w``, which ends the
trip before it. A vehicle not used yet is a line with one gap, from depot to depot.

Earliest and latest times kept at every gap make each trial exact for windows (several a day
too), shift, range, loads and outlets' weekly capacity. Costs are exact too, but for the paid wait
of places with several windows a day: there the window that the earliest times fall in is taken,
and the timetable prices the most promising insertions.

Rules that the table of gaps does not know (pauses, recharges, resources aboard together, locked
pieces, most stops or trips) can only forbid more: promising places are then verified one by one,
the cheapest first.

Paid time is added up with *segments* (duration, first and last start that allow it), which join
in constant time (Vidal et al., 2013).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from optimization.routing.gap_table import Flat, Row, Segment, gap_table, join
from optimization.routing.problem import ALWAYS, NO_LIMIT, Ints, Problem, Windows
from optimization.routing.rules import LINE_FEATURES, line_keeps_rules
from optimization.routing.solution import Route, Trip
from optimization.routing.timetable import locations_of, timetable_of

NEVER = 2**60
"""n€ or seconds that stand for « impossible »."""

PRICED = 4
"""Lines whose best place is priced by the timetable, where some place has several windows."""

TRIED = 60
"""Places verified, where rules ask for it, once one has been found."""


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
        # Without paid hours or windows nobody's wait costs anything.
        self._waits = any(kind.second_neur for kind in problem.kinds) and any(
            windows != ALWAYS for windows in (*problem.windows, *problem.outlet_windows)
        )
        self._several = self._waits and any(
            len(windows) > 1 for windows in (*problem.windows, *problem.outlet_windows)
        )
        self._limited = bool((problem.outlet_weekly_g < NO_LIMIT).any())
        kinds = problem.kinds
        self._metre = np.array([kind.metre_neur for kind in kinds], dtype=np.int64)
        self._second = np.array([kind.second_neur for kind in kinds], dtype=np.int64)
        self._fixed = np.array([kind.fixed_neur for kind in kinds], dtype=np.int64)
        self._grams = np.array([kind.capacity_g for kind in kinds], dtype=np.int64)
        self._boxes = np.array([kind.capacity_mc for kind in kinds], dtype=np.int64)
        self._profile = np.array([kind.profile for kind in kinds], dtype=np.int64)
        self._table: Callable[[int, Flat], Ints | None] = lru_cache(20_000)(
            partial(gap_table, problem)
        )
        self._rich = bool(problem.features & LINE_FEATURES)
        self._priced: Callable[[int, Flat], tuple[int, int] | None] = lru_cache(50_000)(
            partial(_price_and_time, problem)
        )
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
        if self._rich:
            return self._cheapest_allowed(stop, costs, [inserted for _, inserted in trials])
        ways = costs.argmin(axis=0)
        least = costs[ways, np.arange(len(ways))]
        gap = int(least.argmin())
        if least[gap] >= NEVER:
            return None
        if not self._several:
            return self._place(gap, int(least[gap]), trials[int(ways[gap])][1])
        # The best gap of the few best lines, at their true price.
        by_line = np.minimum.reduceat(least, self._starts)
        places = []
        for line in np.argsort(by_line, kind="stable")[:PRICED]:
            if by_line[line] >= NEVER:
                break
            first = int(self._starts[line])
            gap = first + int(least[first : first + len(self._open[line][1]) + 1].argmin())
            place = self._place(gap, 0, trials[int(ways[gap])][1])
            kind, flat = self._open[line]
            cost = self._price(kind, self._longer(place)) - (self._price(kind, flat) if flat else 0)
            places.append(replace(place, cost_neur=cost))
        return min(places, key=lambda place: place.cost_neur)

    def _cheapest_allowed(self, stop: int, costs: Ints, ways: list[Flat]) -> Place | None:
        """The cheapest place that all rules allow, at its true price among the first few."""
        self._bar_access(stop, costs, ways)
        best: Place | None = None
        found = 0
        for tried, choice in enumerate(np.argsort(costs, axis=None, kind="stable").tolist()):
            row, gap = divmod(choice, costs.shape[1])
            if costs[row, gap] >= NEVER or (found and tried >= TRIED):
                break
            place = self._verified(self._place(gap, 0, ways[row]))
            if place is None:
                continue
            found += 1
            if best is None or place.cost_neur < best.cost_neur:
                best = place
            if found == PRICED:
                break
        return best

    def _bar_access(self, stop: int, costs: Ints, ways: list[Flat]) -> None:
        """No gap of a vehicle that may not go there."""
        problem, kinds = self.problem, self._gap[Row.KIND]
        if problem.allowed is not None:
            costs[:, ~problem.allowed[stop][kinds]] = NEVER
        if problem.outlet_allowed is None:
            return
        for row, inserted in enumerate(ways):
            for location in inserted:
                if location <= problem.n_outlets:
                    costs[row, ~problem.outlet_allowed[location - 1][kinds]] = NEVER

    def cheapest_run(self, stops: Sequence[int]) -> Place | None:
        """Cheapest place of several stops that stay one after the other in that order."""
        problem = self.problem
        run = tuple(problem.stop_location(stop) for stop in stops)
        outlets = [(problem.outlet_location(outlet),) for outlet in range(problem.n_outlets)]
        best: Place | None = None
        for line, (kind, flat) in enumerate(self._open):
            for gap in range(len(flat) + 1):
                ways = [run] if gap < len(flat) else []
                if gap == len(flat) or flat[gap] > problem.n_outlets:
                    ways += [run + outlet for outlet in outlets]
                if 0 < gap < len(flat) and flat[gap - 1] > problem.n_outlets:
                    ways += [outlet + run for outlet in outlets]
                for inserted in ways:
                    longer = flat[:gap] + inserted + flat[gap:]
                    if self._table(kind, longer) is None or not self._accepted(flat, longer):
                        continue
                    place = self._verified(Place(0, line, gap, inserted))
                    if place and (best is None or place.cost_neur < best.cost_neur):
                        best = place
        return best

    def _verified(self, place: Place) -> Place | None:
        """The place at its true price; ``None`` when a rule forbids it."""
        kind, flat = self._open[place.line]
        longer = self._longer(place)
        if not line_keeps_rules(self.problem, kind, longer):
            return None
        priced = self._priced(kind, longer)
        if priced is None:
            return None
        return replace(place, cost_neur=priced[0] - (self._price(kind, flat) if flat else 0))

    def _place(self, gap: int, cost: int, inserted: Flat) -> Place:
        line = int(np.searchsorted(self._starts, gap, side="right")) - 1
        return Place(cost, line, gap - int(self._starts[line]), inserted)

    def _longer(self, place: Place) -> Flat:
        """The line with the insertion made."""
        flat = self._open[place.line][1]
        return flat[: place.gap] + place.inserted + flat[place.gap :]

    @property
    def gaps(self) -> int:
        """Number of gaps, unused vehicles' included."""
        return int(self._gap.shape[1])

    def opens(self, kinds: Sequence[int]) -> NDArray[np.bool_]:
        """Gaps that would use one more vehicle of those kinds, shape (``self.gaps``,)."""
        return np.asarray((self._gap[Row.FRESH] == 1) & np.isin(self._gap[Row.KIND], kinds))

    def insert(self, place: Place) -> None:
        """Put a stop where :meth:`cheapest` said."""
        kind, flat = self._open[place.line]
        longer = self._longer(place)
        lines = list(self.lines)
        if place.line < len(lines):
            lines[place.line] = (kind, longer)
        else:
            lines.append((kind, longer))
        self._switch(flat, longer)
        self.lines = lines
        self._gather()

    def settle_outlets(self) -> None:
        """Unload elsewhere, or not in between, wherever that makes a line cheaper."""
        for row, (kind, flat) in enumerate(self.lines):
            best = flat
            while (better := self._cheaper_unloading(kind, best)) is not None:
                self._switch(best, better)
                best = better
            self.lines[row] = (kind, best)
        self._gather()

    def _cheaper_unloading(self, kind: int, flat: Flat) -> Flat | None:
        """The line with one unloading moved to another outlet or left out, if that is cheaper."""
        price = self._price(kind, flat)
        for position, location in enumerate(flat):
            if location > self.problem.n_outlets:
                continue
            others: list[Flat] = [
                (o,) for o in range(1, 1 + self.problem.n_outlets) if o != location
            ]
            if position < len(flat) - 1:
                others.append(())
            for other in others:
                trial = flat[:position] + other + flat[position + 1 :]
                if (
                    self.feasible(kind, trial)
                    and self._price(kind, trial) < price
                    and self._accepted(flat, trial)
                ):
                    return trial
        return None

    def _accepted(self, before: Flat, after: Flat) -> bool:
        """Whether the outlets' weekly capacities allow a line to change."""
        if not self._limited:
            return True
        self._switch(before, after)
        allowed = bool((self._free >= 0).all())
        self._switch(after, before)
        return allowed

    def feasible(self, kind: int, flat: Flat) -> bool:
        """Whether a line keeps loads, times and rules (not the weekly capacities)."""
        if self._table(kind, flat) is None:
            return False
        if not self._rich or not flat:
            return True
        return line_keeps_rules(self.problem, kind, flat) and self._priced(kind, flat) is not None

    def durations_s(self) -> list[int]:
        """From departure to return, of each line."""
        found = [self._priced(kind, flat) for kind, flat in self.lines if flat]
        return [priced[1] for priced in found if priced is not None]

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
            if table is None or not self.feasible(kind, flat):
                raise ValueError(f"infeasible line: {flat}")
            tables.append(table)
        sizes = [table.shape[1] for table in tables]
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._gap = np.concatenate(tables, axis=1)

    def _ways(self, stop: int) -> Iterator[tuple[Ints, Flat]]:
        """Cost at every gap, and what to put there, for each way of inserting a stop."""
        problem, gap = self.problem, self._gap
        x = problem.stop_location(stop)
        roads = _Roads(problem, self._profile[gap[Row.KIND]], gap[Row.U], gap[Row.W])
        yield self._in_trip(stop, x, roads), (x,)
        for outlet in range(problem.n_outlets):
            o = problem.outlet_location(outlet)
            yield self._trip_ends_after(stop, x, outlet, roads), (x, o)
            yield self._trip_ends_before(stop, x, outlet, roads), (o, x)

    def _in_trip(self, stop: int, x: int, roads: "_Roads") -> Ints:
        """Way ``u x w``: within a trip."""
        problem, gap = self.problem, self._gap
        kind, ends, service = gap[Row.KIND], gap[Row.OUTLET], int(problem.service_s[stop])
        (m_ux, s_ux), (m_xw, s_xw) = roads.from_u(x), roads.to_w(x)
        arrival = gap[Row.LEAVE] + s_ux
        start = _starts(problem.windows[stop], arrival)
        metres = m_ux + m_xw - roads.m_uw
        ok = gap[Row.BEFORE_G] + gap[Row.AFTER_G] + problem.demand_g[stop] <= self._grams[kind]
        ok &= gap[Row.BEFORE_MC] + gap[Row.AFTER_MC] + problem.demand_mc[stop] <= self._boxes[kind]
        ok &= (ends >= 0) & (start + service + s_xw <= gap[Row.LATE]) & (metres <= gap[Row.SPARE])
        if self._limited:
            ok &= problem.weekly_g[stop] <= self._free[ends]
        spent = s_ux + s_xw - roads.s_uw + service
        if self._waits:
            at_x = _visit(problem.windows[stop], start, service)
            spent = self._paid(join(self._head(), s_ux, at_x), s_xw)
        return np.where(ok, self._metre[kind] * metres + self._second[kind] * spent, NEVER)

    def _trip_ends_after(self, stop: int, x: int, outlet: int, roads: "_Roads") -> Ints:
        """Way ``u x outlet w``: a new trip when u is the depot or an outlet."""
        problem, gap = self.problem, self._gap
        kind, service = gap[Row.KIND], int(problem.service_s[stop])
        o, unload = problem.outlet_location(outlet), int(problem.unload_s[outlet])
        (m_ux, s_ux), (m_xo, s_xo), (m_ow, s_ow) = roads.from_u(x), roads.leg(x, o), roads.to_w(o)
        arrival = gap[Row.LEAVE] + s_ux
        start = _starts(problem.windows[stop], arrival)
        unloading = _starts(problem.outlet_windows[outlet], start + service + s_xo)
        metres = m_ux + m_xo + m_ow - roads.m_uw
        # Just before an unloading, the next trip would be left empty.
        ok = (gap[Row.W] == 0) | (gap[Row.W] > problem.n_outlets)
        ok &= gap[Row.BEFORE_G] + problem.demand_g[stop] <= self._grams[kind]
        ok &= gap[Row.BEFORE_MC] + problem.demand_mc[stop] <= self._boxes[kind]
        ok &= (unloading + unload + s_ow <= gap[Row.LATE]) & (metres <= gap[Row.SPARE])
        if self._limited:
            ok &= self._moved(outlet) + problem.weekly_g[stop] <= self._free[outlet]
        spent = s_ux + s_xo + s_ow - roads.s_uw + service + unload
        if self._waits:
            at_x = _visit(problem.windows[stop], start, service)
            at_o = _visit(problem.outlet_windows[outlet], unloading, unload)
            spent = self._paid(join(join(self._head(), s_ux, at_x), s_xo, at_o), s_ow)
        cost = self._metre[kind] * metres + self._second[kind] * spent
        return np.where(ok, cost + gap[Row.FRESH] * self._fixed[kind], NEVER)

    def _trip_ends_before(self, stop: int, x: int, outlet: int, roads: "_Roads") -> Ints:
        """Way ``u outlet x w``: only after a stop, where the trip goes on."""
        problem, gap = self.problem, self._gap
        kind, ends, service = gap[Row.KIND], gap[Row.OUTLET], int(problem.service_s[stop])
        o, unload = problem.outlet_location(outlet), int(problem.unload_s[outlet])
        (m_uo, s_uo), (m_ox, s_ox), (m_xw, s_xw) = roads.from_u(o), roads.leg(o, x), roads.to_w(x)
        unloading = _starts(problem.outlet_windows[outlet], gap[Row.LEAVE] + s_uo)
        arrival = unloading + unload + s_ox
        start = _starts(problem.windows[stop], arrival)
        metres = m_uo + m_ox + m_xw - roads.m_uw
        ok = gap[Row.AFTER_G] + problem.demand_g[stop] <= self._grams[kind]
        ok &= gap[Row.AFTER_MC] + problem.demand_mc[stop] <= self._boxes[kind]
        ok &= (ends >= 0) & (gap[Row.U] > problem.n_outlets)
        ok &= (start + service + s_xw <= gap[Row.LATE]) & (metres <= gap[Row.SPARE])
        if self._limited:
            ok &= self._moved(outlet) <= self._free[outlet]
            ok &= problem.weekly_g[stop] <= self._free[ends]
        spent = s_uo + s_ox + s_xw - roads.s_uw + service + unload
        if self._waits:
            at_o = _visit(problem.outlet_windows[outlet], unloading, unload)
            at_x = _visit(problem.windows[stop], start, service)
            spent = self._paid(join(join(self._head(), s_uo, at_o), s_ox, at_x), s_xw)
        return np.where(ok, self._metre[kind] * metres + self._second[kind] * spent, NEVER)

    def _head(self) -> Segment:
        return self._gap[Row.HEAD], self._gap[Row.HEAD + 1], self._gap[Row.HEAD + 2]

    def _paid(self, head: Segment, leg: Ints) -> Ints:
        """Seconds paid more when ``head`` is followed by the rest of each line."""
        gap = self._gap
        whole = join(head, leg, (gap[Row.TAIL], gap[Row.TAIL + 1], gap[Row.TAIL + 2]))
        return np.asarray(whole[0] - gap[Row.PAID])

    def _moved(self, outlet: int) -> Ints:
        """Weekly grams on board at u that unloading here would bring to that outlet."""
        return np.where(self._gap[Row.OUTLET] == outlet, 0, self._gap[Row.BEFORE_WEEK])

    def _price(self, kind: int, flat: Flat) -> int:
        priced = self._priced(kind, flat)
        if priced is None:
            raise ValueError(f"infeasible line: {flat}")
        return priced[0]


def _price_and_time(problem: Problem, kind: int, flat: Flat) -> tuple[int, int] | None:
    """n€ and seconds of a line, ``None`` when its times forbid it."""
    table = timetable_of(problem, kind, (0, *flat, 0))
    return None if table is None else (table.cost_neur, table.duration_s)


class _Roads:
    """Metres and seconds between a place and both ends of every gap, each looked up once."""

    def __init__(self, problem: Problem, profile: Ints, u: Ints, w: Ints) -> None:
        self._metres, self._seconds = problem.distance_m, problem.duration_s
        self._profile, self._u, self._w = profile, u, w
        self._from_u: dict[int, tuple[Ints, Ints]] = {}
        self._to_w: dict[int, tuple[Ints, Ints]] = {}
        self.m_uw, self.s_uw = self._metres[profile, u, w], self._seconds[profile, u, w]

    def from_u(self, place: int) -> tuple[Ints, Ints]:
        """From the location before each gap."""
        if place not in self._from_u:
            at = self._profile, self._u, place
            self._from_u[place] = self._metres[at], self._seconds[at]
        return self._from_u[place]

    def to_w(self, place: int) -> tuple[Ints, Ints]:
        """To the location after each gap."""
        if place not in self._to_w:
            at = self._profile, place, self._w
            self._to_w[place] = self._metres[at], self._seconds[at]
        return self._to_w[place]

    def leg(self, a: int, b: int) -> tuple[Ints, Ints]:
        """Between two places, for the vehicle of each gap."""
        return self._metres[self._profile, a, b], self._seconds[self._profile, a, b]


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


def _visit(windows: Windows, start: Ints, stay: int) -> Segment:
    """One visit, in the window that its earliest start falls in."""
    opens, closes = windows[-1]
    if len(windows) == 1:
        return stay, opens, closes
    first, last = np.full_like(start, opens), np.full_like(start, closes)
    for opens, closes in reversed(windows[:-1]):
        within = start <= closes
        first, last = np.where(within, opens, first), np.where(within, closes, last)
    return stay, first, last
