"""Which stops to take out before putting them back better.

Mostly *string removals* (Christiaens and Vanden Berghe, 2020): short runs of stops taken out of
routes that pass near one another, so that what is freed can be recombined; sometimes a whole
route, which is how a vehicle disappears. A locked piece is taken out whole.
"""

import numpy as np

from optimization.routing.gap_table import Flat
from optimization.routing.problem import Problem
from optimization.routing.rules import pieces

Lines = list[tuple[int, Flat]]

WHOLE_ROUTE_CHANCE = 0.1
AVERAGE_REMOVED = 10
LONGEST_STRING = 10
SPLIT_CHANCE = 0.5
"""Chance that a run keeps some stops in its middle."""


class Ruin:
    """Takes some stops out of lines.

    Args:
        problem: gives who is near whom.
        random: the search's only generator.
    """

    def __init__(self, problem: Problem, random: np.random.Generator) -> None:
        self._first = 1 + problem.n_outlets
        self._random = random
        apart = problem.distance_m[0][self._first :, self._first :]
        self._pieces = pieces(problem)
        self._near = np.argsort(apart, axis=1, kind="stable").tolist()

    def __call__(self, lines: Lines) -> tuple[list[int], Lines]:
        """Return the stops taken out and the lines left."""
        if not lines:
            return [], []
        if self._random.random() < WHOLE_ROUTE_CHANCE:
            gone = int(self._random.integers(len(lines)))
            return self._stops(lines[gone][1]), lines[:gone] + lines[gone + 1 :]
        return self._strings(lines)

    def _strings(self, lines: Lines) -> tuple[list[int], Lines]:
        line_of = {stop: row for row, (_, flat) in enumerate(lines) for stop in self._stops(flat)}
        longest = min(LONGEST_STRING, len(line_of) / len(lines))
        most = 4 * AVERAGE_REMOVED / (1 + longest) - 1
        wanted = int(self._random.uniform(1, max(1.0, most) + 1))
        centre = list(line_of)[int(self._random.integers(len(line_of)))]
        left = list(lines)
        removed: list[int] = []
        touched: set[int] = set()
        for stop in self._near[centre]:
            row = line_of.get(stop)
            if row is None or row in touched:
                continue
            touched.add(row)
            kind, flat = lines[row]
            out = self._whole(self._string(self._stops(flat), stop, longest))
            removed += out
            left[row] = (kind, self._without(flat, set(out)))
            if len(touched) >= wanted:
                break
        return removed, [line for line in left if line[1]]

    def _whole(self, out: list[int]) -> list[int]:
        """With the rest of the pieces that some of these stops belong to."""
        if not self._pieces:
            return out
        return list(dict.fromkeys(s for stop in out for s in self._pieces.get(stop, (stop,))))

    def _string(self, stops: list[int], stop: int, longest: float) -> list[int]:
        """A run of stops around one of them, in a few cases with its middle kept."""
        random, at = self._random, stops.index(stop)
        length = int(random.uniform(1, min(longest, len(stops)) + 1))
        kept = 0
        if 1 < length < len(stops) and random.random() < SPLIT_CHANCE:
            kept = int(random.integers(1, len(stops) - length + 1))
        first = int(
            random.integers(max(0, at - length - kept + 1), min(at, len(stops) - length - kept) + 1)
        )
        run = stops[first : first + length + kept]
        hole = int(random.integers(0, length + 1))
        return run[:hole] + run[hole + kept :]

    def _stops(self, flat: Flat) -> list[int]:
        return [location - self._first for location in flat if location >= self._first]

    def _without(self, flat: Flat, out: set[int]) -> Flat:
        """The line without those stops, nor the unloadings that have become useless."""
        kept: list[int] = []
        loaded = False
        for location in flat:
            if location >= self._first:
                if location - self._first in out:
                    continue
                loaded = True
            elif not loaded:
                continue
            else:
                loaded = False
            kept.append(location)
        return tuple(kept)
