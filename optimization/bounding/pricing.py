"""Shifts worth adding, the least that any shift can cost, and all that cost little enough.

All for given prices of the stops: the *reduced* cost of a shift is what it costs less the prices
of its stops.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from optimization.bounding.endings import endings
from optimization.bounding.instance import Fleet, Floats, Instance
from optimization.bounding.joining import join
from optimization.bounding.kernel import DONE, PAUSED, SLICE_S, price
from optimization.bounding.listing import list_shifts
from optimization.routing.problem import Ints

MOST_SHIFTS = 60_000
"""In a list: CP-SAT does not finish with more."""

LOPSIDED = 2
"""So many times more beginnings than endings, or fewer, and the middle is moved ..."""

STEPS = 20
"""... by one over that of the shift."""


@dataclass(frozen=True, slots=True)
class Column:
    """A shift: kind (its rank among fleets), stops with repetitions, and euros (never too many)."""

    fleet: int
    stops: tuple[int, ...]
    euros: float


class Pricer:
    """Work space of the kernels, kept from one call to the next.

    Args:
        instance: what is planned.
        labels: partial shifts kept at once.
        over: asked now and then; once it says so, calls give up.
    """

    def __init__(
        self, instance: Instance, labels: int, over: Callable[[], bool] = lambda: False
    ) -> None:
        places = len(instance.grams)
        self._instance = instance
        self._over = over
        self._costs = np.empty((labels, 2))
        self._state = np.empty((labels, 9), np.int64)
        self._lists = np.empty(places, np.int64)
        self._best = np.empty(places)
        self._labels = np.empty(places, np.int64)
        self._middle: dict[int, int] = {}
        self._listing: _Listing | None = None

    def cheapest(self, rank: int, prices: Floats, *, rough: bool) -> tuple[float, list[Column]]:
        """Least reduced cost of a shift of that fleet, and good shifts.

        The least is -inf when labels or time lack, and only an upper bound of it when ``rough``.
        """
        if rough:
            ended = self._begin(rank, prices, self._instance.fleets[rank].shift[1], rough=True)
            columns = [
                self._column(rank, label, None, prices)
                for label in self._labels.tolist()
                if label >= 0
            ]
        else:
            ended, columns = self._both_ways(rank, prices)
        return float(self._best.min()) if ended else -np.inf, columns

    def _begin(self, rank: int, prices: Floats, middle: int, *, rough: bool) -> int:
        """Beginnings of a shift up to its middle: how many, 0 when labels or time lack."""
        instance = self._instance
        fleet = instance.fleets[rank]
        position = np.zeros(2, np.int64)
        kernel = partial(
            price,
            *self._ground(fleet, prices),
            instance.opens,
            instance.closes,
            instance.grams,
            instance.boxes,
            instance.near,
            instance.outlets,
            np.array([fleet.fixed_eur, fleet.second_eur]),
            np.array((*_limits(fleet), middle, int(rough))),
            self._costs,
            self._state,
            self._lists,
            _queue(fleet),
            self._best,
            self._labels,
        )
        return int(position[1]) if self._run(kernel, position) else 0

    def _both_ways(self, rank: int, prices: Floats) -> tuple[bool, list[Column]]:
        """Beginnings and endings, joined; the next call cuts where both would be as many."""
        instance = self._instance
        fleet = instance.fleets[rank]
        begin, end = fleet.shift
        middle = self._middle.get(rank, (begin + end) // 2)
        ends = self._endings(fleet, prices, middle)
        used = self._begin(rank, prices, middle, rough=False) if ends is not None else 0
        if ends is None or not used:
            return False, []
        step = (end - begin) // STEPS
        if used > LOPSIDED * len(ends.places):
            middle = max(begin, middle - step)
        elif LOPSIDED * used < len(ends.places):
            middle = min(end, middle + step)
        self._middle[rank] = middle
        pairs = np.empty((len(instance.grams), 2), np.int64)
        kernel = partial(
            join,
            instance.grams,
            instance.boxes,
            instance.outlets,
            fleet.second_eur,
            np.array(_limits(fleet)),
            self._costs,
            self._state,
            ends.first,
            ends.costs,
            ends.state,
            self._best,
            pairs,
        )
        ended = self._run(kernel, np.array([0, used]))
        return ended, [
            self._column(rank, label, ends.after(ending), prices)
            for label, ending in pairs.tolist()
            if label >= 0
        ]

    def list_shifts(self, rank: int, prices: Floats, most: float) -> list[Column] | None:
        """Every set of stops that a shift of that fleet can serve at that reduced cost or less.

        Each comes with its cheapest order; ``None`` when labels or time lack.
        """
        instance = self._instance
        fleet = instance.fleets[rank]
        ends = self._endings(fleet, prices, fleet.shift[0])
        if ends is None:
            return None
        self._listing = work = self._listing or _Listing(len(self._costs))
        position = np.zeros(3, np.int64)
        kernel = partial(
            list_shifts,
            *self._ground(fleet, prices),
            instance.opens,
            instance.closes,
            instance.grams,
            instance.boxes,
            instance.outlets,
            np.array([fleet.fixed_eur, fleet.second_eur, most]),
            np.array(_limits(fleet)),
            ends.first,
            ends.costs,
            ends.state,
            self._costs,
            work.state,
            _queue(fleet),
            work.table,
            work.found,
            work.cost,
            work.found_table,
        )
        if not self._run(kernel, position):
            return None
        columns = []
        for code, cost in zip(
            work.found[: position[2]].tolist(), work.cost[: position[2]].tolist(), strict=True
        ):
            stops = tuple(stop for stop in range(instance.stops) if code >> stop & 1)
            columns.append(Column(rank, stops, cost + float(prices[list(stops)].sum())))
        return columns

    def _endings(self, fleet: Fleet, prices: Floats, middle: int) -> "_Endings | None":
        """Endings of a shift back to the middle of it; ``None`` when labels or time lack."""
        instance, costs, state = self._instance, self._costs, self._state
        position = np.zeros(2, np.int64)
        kernel = partial(
            endings,
            *self._ground(fleet, prices),
            instance.opens.min(axis=1),
            instance.closes.max(axis=1),
            instance.grams,
            instance.boxes,
            instance.near,
            instance.outlets,
            fleet.second_eur,
            np.array((*_limits(fleet), middle)),
            costs,
            state,
            self._lists,
            _queue(fleet),
        )
        if not self._run(kernel, position):
            return None
        labels = int(position[1])
        alive = np.flatnonzero(state[:labels, 8])
        busy, back = costs[alive].T
        least = np.maximum(busy, back - fleet.second_eur * state[alive, 0])
        order = np.lexsort((least, state[alive, 4]))
        rows = alive[order]
        return _Endings(
            first=np.searchsorted(state[rows, 4], np.arange(len(instance.grams) + 1)),
            costs=np.column_stack((least[order], costs[rows])),
            state=state[rows, :4].copy(),
            rows=rows,
            places=state[:labels, 4].copy(),
            children=state[:labels, 5].copy(),
        )

    def _run(self, kernel: Callable[[Ints], int], position: Ints) -> bool:
        """Call again and again until it is done; False if labels or time lacked."""
        while (ended := kernel(position)) == PAUSED:
            if self._over():
                return False
        return ended == DONE

    def _ground(
        self, fleet: Fleet, prices: Floats
    ) -> tuple[Ints, Floats, Floats, NDArray[np.bool_]]:
        """What every kernel reads first: seconds, euros, prices by place, places open."""
        by_place = np.concatenate((np.zeros(1 + self._instance.outlets), prices))
        return fleet.seconds, fleet.euros, by_place, fleet.rideable

    def _column(self, rank: int, label: int, rest: Sequence[int] | None, prices: Floats) -> Column:
        """The shift of a beginning and the places after it; ``None`` = it is whole."""
        places = []
        at = label
        while at >= 0:
            places.append(int(self._state[at, 4]))
            at = int(self._state[at, 5])
        places.reverse()
        outlets = self._instance.outlets
        # Whole shifts are kept by last stop (an outlet follows), joined ones by where both meet.
        reduced = float(self._best[places[-2] if rest is None else places[-1]])
        places += rest or ()
        stops = [place - 1 - outlets for place in places if place > outlets]
        return Column(rank, tuple(stops), reduced + float(prices[stops].sum()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Endings:
    """Endings of a shift that none dominates, by place and rising cost.

    Attributes:
        first: those of each place begin there, shape (places + 1,).
        costs: least, busy and back, shape (endings, 3).
        state: last, grams, boxes, memory, shape (endings, 4).
        rows: their labels.
        places: of all labels.
        children: what follows each, -1 at the depot.
    """

    first: Ints
    costs: Floats
    state: Ints
    rows: Ints
    places: Ints
    children: Ints

    def after(self, ending: int) -> list[int]:
        """Places visited after the one where the ending stands."""
        places = []
        at = int(self.children[self.rows[ending]])
        while at >= 0:
            places.append(int(self.places[at]))
            at = int(self.children[at])
        return places


class _Listing:
    """Work space of the listing."""

    def __init__(self, labels: int) -> None:
        self.state = np.empty((labels, 8), np.int64)
        self.table = np.empty(1 << (labels - 1).bit_length(), np.int64)
        self.found = np.empty(MOST_SHIFTS, np.int64)
        self.cost = np.empty(MOST_SHIFTS)
        self.found_table = np.empty(2 << (MOST_SHIFTS - 1).bit_length(), np.int64)


def _limits(fleet: Fleet) -> tuple[int, int, int, int]:
    return fleet.capacity_g, fleet.capacity_mc, *fleet.shift


def _queue(fleet: Fleet) -> Ints:
    begin, end = fleet.shift
    return np.empty(max(1, (end - begin) // SLICE_S + 1), np.int64)
