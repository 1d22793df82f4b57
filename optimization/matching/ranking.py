"""The best offers of every need, exactly, without looking at every pair.

Pairs meet group by group (same resource, then each accepted substitute). Within a group, offers
are taken nearest first from a k-d tree, a few more at a time; a need stops asking when even a
perfect offer beyond the last one seen could not enter its list, since points for distance never
grow with it. The tree holds points of the unit sphere: chords keep the order of great circles
exactly, which a projection would only do nearly.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.model import Side, TravelMode
from geo.projection import EARTH_RADIUS_M
from optimization.matching.market import Group, Market
from optimization.matching.model import Kinship, Match
from optimization.matching.reasons import explain
from optimization.matching.score import (
    MOST,
    RESOURCE,
    cover,
    distance_halves,
    halves,
    parts,
    season_share,
)

FIRST_LOOK: Final = 32
_GROWTH: Final = 4
_ALL: Final = 2
"""Once 1/2 of a group would be looked at, looking at all of it is quicker."""
_PAIRS: Final = 400_000
"""Most pairs scored in one go: about a hundred megabytes."""
_ROUNDING_M: Final = 2
"""Metres by which a chord and a great circle may disagree once rounded."""

_LEEWAY: Final = 1e-9
"""Sums of the same twelve numbers may differ by rounding."""

# A pair's rank in one integer: score, then nearness, then the smaller row (so the smaller id).
_ROW_BITS: Final = 21
_METRE_BITS: Final = 25
_ROWS: Final = (1 << _ROW_BITS) - 1
_METRES: Final = (1 << _METRE_BITS) - 1
_NOTHING: Final = -1

Keys = NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranking(Sequence[Match]):
    """Kept matches, best first for each need; a :class:`Match` is made when one is read.

    Attributes:
        need_rows: needs' rows, in order of need id.
        offer_rows: of the same length.
        scores: idem, 0 to 100.
    """

    market: Market
    need_rows: NDArray[np.int64]
    offer_rows: NDArray[np.int64]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.need_rows)

    @overload
    def __getitem__(self, index: int) -> Match: ...

    @overload
    def __getitem__(self, index: slice) -> "Ranking": ...

    def __getitem__(self, index: int | slice) -> "Match | Ranking":
        if isinstance(index, slice):
            return Ranking(
                market=self.market,
                need_rows=self.need_rows[index],
                offer_rows=self.offer_rows[index],
                scores=self.scores[index],
            )
        return explain(self.market, int(self.offer_rows[index]), int(self.need_rows[index]))

    def __iter__(self) -> Iterator[Match]:
        return (self[index] for index in range(len(self)))


def rank(
    market: Market,
    *,
    per_need: int = 10,
    on_progress: Callable[[float], None] | None = None,
    first_look: int = FIRST_LOOK,
) -> Ranking:
    """Best offers of every need: highest score, then nearest, then smallest offer id.

    Args:
        market: where they are.
        per_need: most offers kept for a need.
        on_progress: told the share done, 0 to 1.
        first_look: nearest offers of a group looked at first; changes the time taken only.

    Raises:
        ValueError: ``per_need`` or ``first_look`` is not positive, or there are more than 2
            million offers.
    """
    if min(per_need, first_look) < 1:
        raise ValueError("per_need and first_look must be positive")
    if len(market.offers.ids) > _ROWS:
        raise ValueError("too many offers")
    best = np.full((len(market.needs.ids), per_need), _NOTHING, dtype=np.int64)
    forests: dict[Group, cKDTree] = {}
    done = 0
    for group, needs in sorted(market.needs.groups.items()):
        for giver, kinship in market.givers[group]:
            if giver not in forests:
                forests[giver] = cKDTree(market.offers.xyz[market.offers.groups[giver]])
            search = _Search(market, giver, kinship, forests[giver])
            best[needs] = search.improve(needs, best[needs], first_look)
        done += len(needs)
        if on_progress is not None:
            on_progress(done / len(market.needs.ids))
    kept = best != _NOTHING
    return Ranking(
        market=market,
        need_rows=np.nonzero(kept)[0],
        offer_rows=_ROWS - (best[kept] & _ROWS),
        scores=(best[kept] >> (_METRE_BITS + _ROW_BITS)) / 2,
    )


def matches(
    market: Market, per_need: int = 10, on_progress: Callable[[float], None] | None = None
) -> tuple[Match, ...]:
    """Every kept match with its reasons, best first over the whole market.

    For more than a few thousand listings prefer :func:`rank`, which writes reasons on demand.
    """
    found = rank(market, per_need=per_need, on_progress=on_progress)
    return tuple(
        sorted(found, key=lambda one: (-one.score, one.distance_km, one.need_id, one.offer_id))
    )


def offers_for(market: Market, need_id: str, limit: int = 20) -> tuple[Match, ...]:
    """Best offers of one need: highest score, then nearest, then smallest offer id.

    Raises:
        NotFoundError: no such need for this audience.
    """
    need = market.row(Side.NEED, need_id)
    found: list[tuple[int, int, int]] = []
    for giver, kinship in market.givers[market.group_of[need_id]]:
        offers = market.offers.groups[giver]
        found += _scored(market, offers, np.full_like(offers, need), kinship, offers)
    return tuple(explain(market, row, need) for _, _, row in sorted(found)[:limit])


def needs_for(market: Market, offer_id: str, limit: int = 20) -> tuple[Match, ...]:
    """Best needs of one offer: highest score, then nearest, then smallest need id.

    Raises:
        NotFoundError: no such offer for this audience.
    """
    offer = market.row(Side.OFFER, offer_id)
    group = market.group_of[offer_id]
    found: list[tuple[int, int, int]] = []
    for asked, givers in market.givers.items():
        for kinship in (kind for giver, kind in givers if giver == group):
            needs = market.needs.groups[asked]
            found += _scored(market, np.full_like(needs, offer), needs, kinship, needs)
    return tuple(explain(market, offer, row) for _, _, row in sorted(found)[:limit])


def _scored(
    market: Market,
    offers: NDArray[np.int64],
    needs: NDArray[np.int64],
    kinship: Kinship,
    rows: NDArray[np.int64],
) -> list[tuple[int, int, int]]:
    """Sort keys (minus half points, metres, row) of the pairs that are allowed."""
    scored = parts(market, offers, needs)
    total = scored.total + int(2 * RESOURCE[kinship])
    kept = scored.allowed
    return list(
        zip(
            (-total[kept]).tolist(),
            scored.distance_m[kept].tolist(),
            rows[kept].tolist(),
            strict=True,
        )
    )


class _Search:
    """The offers of one group, for the needs of another."""

    def __init__(self, market: Market, giver: Group, kinship: Kinship, tree: cKDTree) -> None:
        self._market = market
        self._offers = market.offers.groups[giver]
        self._base = int(2 * RESOURCE[kinship])
        self._tree = tree

    def improve(self, needs: NDArray[np.int64], before: Keys, look: int) -> Keys:
        """Best keys of each need, once these offers are added to those it had.

        Args:
            needs: rows, shape (n,).
            before: keys, best first, shape (n, k).
            look: nearest offers looked at first.
        """
        after = before.copy()
        ceiling = self._ceiling(needs)
        active = np.flatnonzero(_bound(ceiling, np.zeros(len(needs), np.int64)) > before[:, -1])
        while len(active):
            if look * _ALL >= len(self._offers):
                for block in _blocks(active, len(self._offers)):
                    everyone = np.broadcast_to(self._offers, (len(block), len(self._offers)))
                    after[block] = self._merge(needs[block], everyone, before[block])
                break
            going_on = []
            for block in _blocks(active, look):
                chords, near = self._nearest(needs[block], look)
                after[block] = self._merge(needs[block], self._offers[near], before[block])
                beyond = self._metres(chords[:, -1])
                going_on.append(block[_bound(ceiling[block], beyond) > after[block, -1]])
            active = np.concatenate(going_on)
            look *= _GROWTH
        return after

    def _nearest(
        self, needs: NDArray[np.int64], count: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Chords and places in the group, shape (n, count)."""
        chords, near = self._tree.query(self._market.needs.xyz[needs], k=range(1, count + 1))
        return np.asarray(chords), np.asarray(near)

    def _merge(self, needs: NDArray[np.int64], offers: NDArray[np.int64], before: Keys) -> Keys:
        scored = parts(self._market, offers, needs[:, None])
        total = scored.total + self._base
        nearness = _METRES - scored.distance_m
        keys = (((total << _METRE_BITS) | nearness) << _ROW_BITS) | (_ROWS - offers)
        keys = np.where(scored.allowed, keys, _NOTHING)
        pool = np.concatenate((before, keys), axis=1)
        count = before.shape[1]
        top = np.partition(pool, pool.shape[1] - count, axis=1)[:, -count:]
        return np.asarray(np.sort(top, axis=1)[:, ::-1])

    def _ceiling(self, needs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Half points that no offer of the group can exceed for each need, distance apart."""
        given, asked = self._market.offers, self._market.needs
        group = self._offers
        quantity = np.full(len(needs), -1, dtype=np.int64)
        for dimension in np.unique(given.dimension[group]):
            members = group[given.dimension[group] == dimension]
            same = (asked.dimension[needs] == dimension) & (dimension >= 0)
            share = cover(
                (given.low[members].max(), given.high[members].max()),
                (asked.low[needs], asked.high[needs]),
            )
            points = np.where(same, halves(MOST["quantity"] * share), int(MOST["quantity"]))
            quantity = np.maximum(quantity, points)
        fit = self._market.fit[np.unique(given.quality[group])].max(axis=0)
        rhythm = np.full(len(needs), 5)
        for once in np.unique(given.once[group]):
            rhythm = np.where(asked.once[needs] == once, 10, rhythm)
        there = given.months[group].max(axis=0)
        season = season_share(there, asked.months[needs]) + _LEEWAY
        return np.asarray(
            self._base
            + quantity
            + halves(MOST["quality"] * fit[asked.quality[needs]])
            + rhythm
            + halves(MOST["season"] * season)
        )

    def _metres(self, chords: NDArray[np.float64]) -> NDArray[np.int64]:
        """Road metres that anything beyond these chords cannot be under."""
        straight = 2 * EARTH_RADIUS_M * np.arcsin(np.clip(chords / 2, 0, 1))
        road = self._market.travel.road_m(straight, TravelMode.VAN)
        return np.maximum(np.rint(road).astype(np.int64) - _ROUNDING_M, 0)


def _bound(ceiling: NDArray[np.int64], metres: NDArray[np.int64]) -> Keys:
    """Greatest key an offer at least so far away could have."""
    total = ceiling + distance_halves(metres)
    return np.asarray((((total << _METRE_BITS) | (_METRES - metres)) << _ROW_BITS) | _ROWS)


def _blocks(rows: NDArray[np.int64], width: int) -> Iterator[NDArray[np.int64]]:
    step = max(1, _PAIRS // max(1, width))
    return (rows[start : start + step] for start in range(0, len(rows), step))
