"""Pooling: several actors near one another with the same offer, or the same need."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.french import NNBSP, kilometres, number, quote, with_margin
from data.model import Side, TravelMode
from geo.projection import EARTH_RADIUS_M, great_circle_m
from optimization.matching.market import MASS, Group, Market, Table
from optimization.matching.model import Pool

_OWN_WORDS: Final = "mots:"


def pools(market: Market, *, radius_km: float = 5, at_least: int = 3) -> tuple[Pool, ...]:
    """Groups of actors that could share a collection, a supply or an outlet.

    Greedy and deterministic: within each side and resource, the listing with the most distinct
    actors within ``radius_km`` by the travel source (ties: smallest id) makes a pool with them;
    the rest is gathered again, until no pool is left. So no listing is in two pools, everyone is
    within the radius of the first listing, and two members are at most about twice as far apart.

    Returns:
        Most actors first, then the greatest mass, then the smallest first id.

    Raises:
        ValueError: the radius is not positive, or fewer than two actors are asked for.
    """
    if not radius_km > 0 or at_least < 2:  # noqa: PLR2004
        raise ValueError("radius_km must be positive and at_least at least 2")
    found = [
        _pool(market, side, table, group, members)
        for side, table in ((Side.OFFER, market.offers), (Side.NEED, market.needs))
        for group, rows in sorted(table.groups.items())
        for members in _gather(market, table, rows, radius_km, at_least)
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (-len(one.actor_ids), -(one.mass_t_per_year or 0.0), one.listing_ids),
        )
    )


def road_matrix_m(market: Market, table: Table, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Road metres between all pairs of some rows of one table."""
    lon, lat = table.lon[rows], table.lat[rows]
    straight = great_circle_m(lon[:, None], lat[:, None], lon, lat)
    return market.travel.road_m(straight, TravelMode.VAN)


def _gather(
    market: Market, table: Table, rows: NDArray[np.int64], radius_km: float, at_least: int
) -> list[NDArray[np.int64]]:
    if len(set(table.actor[rows].tolist())) < at_least:
        return []
    # Roads are never shorter than the great circle: the ball holds everyone the radius does.
    chord = 2 * np.sin(min(1000 * radius_km / EARTH_RADIUS_M, np.pi) / 2)
    balls = cKDTree(table.xyz[rows]).query_ball_point(table.xyz[rows], chord, return_sorted=True)
    near = [
        _within(market, table, (rows[i], i), (rows[ball], np.array(ball)), radius_km)
        for i, ball in enumerate(balls)
    ]
    free = np.ones(len(rows), dtype=bool)
    count = np.array([_actors(table, rows[members]) for members in near])
    found = []
    while len(count) and count.max() >= at_least:
        middle = int(count.argmax())
        members = near[middle][free[near[middle]]]
        true = _actors(table, rows[members]) if free[middle] else 0
        if true < count[middle]:  # some were taken since it was counted
            count[middle] = true
            continue
        found.append(rows[members])
        free[members] = False
        count[members] = 0
    return found


def _within(
    market: Market,
    table: Table,
    middle: tuple[int, int],
    ball: tuple[NDArray[np.int64], NDArray[np.int64]],
    radius_km: float,
) -> NDArray[np.int64]:
    """Members within the radius by road, nearest first, the middle itself leading.

    Args:
        market: where the distances come from.
        table: where they are.
        middle: row in the table and place in the group.
        ball: rows and places of those around.
        radius_km: by road.
    """
    (at, first), (others, places) = middle, ball
    straight = great_circle_m(table.lon[at], table.lat[at], table.lon[others], table.lat[others])
    road = market.travel.road_m(straight, TravelMode.VAN)
    order = np.lexsort((places, places != first, road))
    return np.asarray(places[order][road[order] <= 1000 * radius_km])


def _actors(table: Table, rows: NDArray[np.int64]) -> int:
    return len(np.unique(table.actor[rows]))


def _pool(market: Market, side: Side, table: Table, group: Group, rows: NDArray[np.int64]) -> Pool:
    ids = tuple(table.ids[row] for row in rows)
    actors = tuple(dict.fromkeys(market.listings[one].actor_id for one in ids))
    masses = [
        amount
        for row in rows
        if (amount := table.amounts[row]) is not None and amount.dimension == MASS
    ]
    total = [sum(getattr(one, end) for one in masses) for end in ("value", "low", "high")]
    spread = float(road_matrix_m(market, table, rows).max())
    pool = Pool(
        side=side,
        resource_id="" if group.startswith(_OWN_WORDS) else group,
        listing_ids=ids,
        actor_ids=actors,
        mass_t_per_year=total[0] if masses else None,
        low=total[1] if masses else None,
        high=total[2] if masses else None,
        spread_km=spread / 1000,
        text="",
    )
    return replace(pool, text=_text(pool, market.name_of(group), len(masses)))


def _text(pool: Pool, name: str, known: int) -> str:
    verb = "offrent" if pool.side is Side.OFFER else "cherchent"
    count = len(pool.listing_ids)
    mass = "quantités à préciser"
    if pool.mass_t_per_year is not None and pool.low is not None and pool.high is not None:
        partly = "" if known == count else f" (connu pour {known} sur {count})"
        total = with_margin(pool.mass_t_per_year, pool.low, pool.high, "t")
        mass = f"{total} par an en tout{partly}"
    return (
        f"{number(len(pool.actor_ids))} acteurs {verb} {quote(name)}{NNBSP}: {mass}, "
        f"à {kilometres(1000 * pool.spread_km)} au plus les uns des autres."
    )
