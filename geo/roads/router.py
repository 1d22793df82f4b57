"""Answers questions about one network, and remembers the answers between pairs of places.

What is known is kept beside the network's file: the worker that plans fills it, the web process
that draws reads it, and a stop added later costs one row and one column.
"""

import threading
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.model import TravelMode
from geo.roads import hierarchy
from geo.roads.geometry import line_of
from geo.roads.network import RoadNetwork, load_network, write_arrays
from geo.roads.search import Graph
from geo.roads.snap import Snapped, Snapper
from geo.roads.weights import combine, separate

Ints = NDArray[np.int64]
Place = tuple[float, float]

MISSING: Final = -1
"""Milliseconds and metres that stand for « no way »."""
MOST_POINTS: Final = 1_000
"""Points whose pairs are remembered; beyond, only the last question is."""
_MANY: Final = 30
"""From this many new points on, the accelerator is worth its start."""


@dataclass(frozen=True, slots=True)
class Known:
    """Travel between all pairs of some points.

    Attributes:
        edge: of each point; ``along``: metres along it.
        ms: shape (points, points), ``MISSING`` where no way; ``m`` likewise.
    """

    edge: Ints
    along: Ints
    ms: Ints
    m: Ints

    @classmethod
    def nothing(cls) -> "Known":
        """No point yet."""
        none, square = np.empty(0, np.int64), np.empty((0, 0), np.int64)
        return cls(none, none, square, square)

    def index(self) -> dict[tuple[int, int], int]:
        """Where each point is."""
        pairs = zip(self.edge.tolist(), self.along.tolist(), strict=True)
        return {point: at for at, point in enumerate(pairs)}


class ModeRouter:
    """One mode of one network.

    Args:
        network: the roads.
        mode: which graph.
        stem: path of the network's file without its suffix; memory and order lie beside it.
    """

    def __init__(self, network: RoadNetwork, mode: TravelMode, stem: Path) -> None:
        self._network = network
        self._mode = mode
        self._memory = stem.with_name(f"{stem.name}-{mode}.pairs.npz")
        self._order = order_path(stem, mode)
        self._lock = threading.RLock()
        self._known = Known.nothing()
        self._read_at = 0

    @cached_property
    def graph(self) -> Graph:
        """The arcs to search."""
        return Graph(self._network, self._network.modes[self._mode])

    @cached_property
    def snapper(self) -> Snapper:
        """Puts places on this mode's roads."""
        return Snapper(self._network, self._mode)

    @cached_property
    def _hierarchy(self) -> hierarchy.Hierarchy | None:
        if not hierarchy.is_installed() or not self._order.is_file():
            return None
        return hierarchy.Hierarchy(self.graph, self._order)

    def snap(self, places: Sequence[Place]) -> Snapped:
        """Put places on roads."""
        with self._lock:
            return self.snapper.snap(places)

    def table(self, snapped: Snapped) -> tuple[Ints, Ints]:
        """Milliseconds and metres between points, shape (points, points)."""
        with self._lock:
            self._refresh()
            points = list(zip(snapped.edge.tolist(), snapped.along_m.tolist(), strict=True))
            index = self._known.index()
            new = {point: at for at, point in enumerate(points) if point not in index}
            if new:
                fresh = snapped.taking(np.array(list(new.values()), dtype=np.int64))
                if len(index) + len(new) > MOST_POINTS:
                    every = {point: at for at, point in enumerate(points)}
                    fresh = snapped.taking(np.array(list(every.values()), dtype=np.int64))
                    self._known = Known.nothing()
                self._learn(fresh)
                index = self._known.index()
            rows = np.array([index[point] for point in points], dtype=np.int64)
            return self._known.ms[np.ix_(rows, rows)], self._known.m[np.ix_(rows, rows)]

    def line(self, a: Place, b: Place) -> list[Place]:
        """Points of the quickest way, on the road; empty where there is none."""
        with self._lock:
            ends = self.snapper.snap([a, b])
            source = ends.taking(np.array([0]))
            target = ends.taking(np.array([1]))
            self._refresh()
            index = self._known.index()
            rows = [
                index.get((int(edge), int(along)))
                for edge, along in zip(ends.edge, ends.along_m, strict=True)
            ]
            limit = np.inf
            if rows[0] is not None and rows[1] is not None:
                ms, m = self._known.ms[rows[0], rows[1]], self._known.m[rows[0], rows[1]]
                # The accelerator's distance may belong to another path, as quick.
                limit = np.inf if ms == MISSING else float(combine(ms + 2, m))
            return line_of(self._network, self.graph, source, target, limit)

    def _learn(self, fresh: Snapped) -> None:
        """Add points to what is known, with one row and one column each."""
        old = self._known
        ms, m = self._square(fresh)
        if len(old.edge):
            before = Snapped(
                edge=old.edge,
                along_m=old.along,
                offset_m=np.zeros(len(old.edge)),
                lon=np.zeros(len(old.edge)),
                lat=np.zeros(len(old.edge)),
            )
            row_ms, row_m = separate(self.graph.rows(fresh, before), MISSING)
            column_ms, column_m = separate(self.graph.columns(before, fresh), MISSING)
            ms = np.block([[old.ms, column_ms], [row_ms, ms]])
            m = np.block([[old.m, column_m], [row_m, m]])
        self._known = Known(
            np.concatenate((old.edge, fresh.edge)),
            np.concatenate((old.along, fresh.along_m)),
            ms,
            m,
        )
        known = self._known
        write_arrays(
            self._memory,
            {
                "edge": known.edge,
                "along": known.along,
                "ms": known.ms,
                "m": known.m,
            },
        )
        self._read_at = self._memory.stat().st_mtime_ns

    def _square(self, points: Snapped) -> tuple[Ints, Ints]:
        if len(points.edge) >= _MANY and self._hierarchy is not None:
            found = self._hierarchy.square(points)
            if found is not None:
                whole = combine(*found).astype(np.float64)
                return separate(self.graph.shorten(whole, points), MISSING)
        return separate(self.graph.square(points), MISSING)

    def _refresh(self) -> None:
        """Read what another process has learnt meanwhile."""
        try:
            written = self._memory.stat().st_mtime_ns
        except OSError:
            return
        if written == self._read_at:
            return
        try:
            with self._memory.open("rb") as content, np.load(content, allow_pickle=False) as file:
                found = Known(file["edge"], file["along"], file["ms"], file["m"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return  # a memory only: it is computed again
        self._known, self._read_at = found, written


class Router:
    """A network once loaded, with a :class:`ModeRouter` a mode."""

    def __init__(self, path: Path) -> None:
        self.network = load_network(path)
        stem = path.with_suffix("")
        self.modes = {mode: ModeRouter(self.network, mode, stem) for mode in TravelMode}


def order_path(stem: Path, mode: TravelMode) -> Path:
    """Where the accelerator's order of a network is kept."""
    return stem.with_name(f"{stem.name}-{mode}.order.npz")


_opening = threading.Lock()


def open_router(path: Path) -> Router:
    """Return the network of a file, loaded once a process.

    Raises:
        InputError: missing or unreadable.
    """
    with _opening:
        return _open(path)


@lru_cache(maxsize=3)
def _open(path: Path) -> Router:
    return Router(path)
