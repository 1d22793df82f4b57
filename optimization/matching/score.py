"""The score: a sum of points a person can recompute, for many pairs at a time.

Every part is rounded to the half point, so sums are exact. See ``docs/methode.md``.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.model import TravelMode
from geo.projection import great_circle_m
from optimization.matching.market import Market
from optimization.matching.model import Kinship

RESOURCE: Final[Mapping[Kinship, float]] = {
    Kinship.SAME: 40.0,
    Kinship.SUBSTITUTE: 25.0,
    Kinship.WORDS: 20.0,
}
MOST: Final[Mapping[str, float]] = {
    "resource": 40.0,
    "quantity": 20.0,
    "distance": 20.0,
    "quality": 10.0,
    "rhythm": 5.0,
    "season": 5.0,
}
"""Points of each part, 100 in all."""

REACH_KM: Final = 50.0
"""At and beyond this distance there are no points for being near."""

_NOISE: Final = 1e-9

Halves = NDArray[np.int64]
"""Half points."""


class Parts(NamedTuple):
    """Half points of each part, and what a pair must satisfy; all of the pairs' shape."""

    quantity: Halves
    distance: Halves
    quality: Halves
    rhythm: Halves
    season: Halves
    distance_m: NDArray[np.int64]
    allowed: NDArray[np.bool_]

    @property
    def total(self) -> Halves:
        """All but the resource's."""
        return self.quantity + self.distance + self.quality + self.rhythm + self.season


def parts(market: Market, offers: NDArray[np.int64], needs: NDArray[np.int64]) -> Parts:
    """Score pairs.

    Args:
        market: where they are.
        offers: rows of offers; broadcasts with ``needs``.
        needs: rows of needs.
    """
    given, asked = market.offers, market.needs
    straight = great_circle_m(
        given.lon[offers], given.lat[offers], asked.lon[needs], asked.lat[needs]
    )
    metres = np.rint(market.travel.road_m(straight, TravelMode.VAN)).astype(np.int64)
    return Parts(
        quantity=_quantity(market, offers, needs),
        distance=distance_halves(metres),
        quality=halves(MOST["quality"] * market.fit[given.quality[offers], asked.quality[needs]]),
        rhythm=np.where(given.once[offers] == asked.once[needs], 10, 5),
        season=_season(given.months[offers], asked.months[needs]),
        distance_m=metres,
        allowed=(given.actor[offers] != asked.actor[needs])
        & (given.first[offers] <= asked.last[needs])
        & (asked.first[needs] <= given.last[offers]),
    )


def halves(points: NDArray[np.float64]) -> Halves:
    """Points rounded to the nearest half (a quarter goes up), counted in halves."""
    # A sum a hair under a quarter by floating-point noise is that quarter, for everyone alike.
    return np.floor(points * 2 + 0.5 + _NOISE).astype(np.int64)


def distance_halves(metres: NDArray[np.int64]) -> Halves:
    """``20 × (1 - km / 50)``, none beyond."""
    return halves(MOST["distance"] * np.clip(1 - metres / (1000 * REACH_KM), 0, None))


def cover(
    offer: tuple[NDArray[np.float64], NDArray[np.float64]],
    need: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Share of the need that the offer covers: the mean of the worst and of the best case.

    Args:
        offer: low and high amounts.
        need: low and high amounts.
    """
    # Nothing wanted is wholly covered, also by nothing.
    worst = np.where(need[1] > 0, np.minimum(1, offer[0] / np.where(need[1] > 0, need[1], 1)), 1)
    best = np.where(need[0] > 0, np.minimum(1, offer[1] / np.where(need[0] > 0, need[0], 1)), 1)
    return np.asarray((worst + best) / 2)


def _quantity(market: Market, offers: NDArray[np.int64], needs: NDArray[np.int64]) -> Halves:
    given, asked = market.offers, market.needs
    share = cover((given.low[offers], given.high[offers]), (asked.low[needs], asked.high[needs]))
    dimension = given.dimension[offers]
    comparable = (dimension == asked.dimension[needs]) & (dimension >= 0)
    return np.where(comparable, halves(MOST["quantity"] * share), int(MOST["quantity"]))


def _season(offers: NDArray[np.float64], needs: NDArray[np.float64]) -> Halves:
    return halves(MOST["season"] * season_share(offers, needs))


def season_share(offers: NDArray[np.float64], needs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the need's calendar when the offer is there, month by month; 0 without calendar.

    Args:
        offers: shares of twelve months, shape (..., 12).
        needs: idem; broadcasts.
    """
    wanted = needs.sum(axis=-1)
    both = np.minimum(offers, needs).sum(axis=-1)
    return np.asarray(np.where(wanted > 0, both / np.where(wanted > 0, wanted, 1), 0.0))
