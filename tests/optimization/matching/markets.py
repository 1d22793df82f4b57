"""Small markets, by hand and at random, and a slow scoring written another way."""

import calendar
import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from data.model import (
    Actor,
    ActorKind,
    College,
    Listing,
    Period,
    PositionPrecision,
    Resource,
    ResourceFamily,
    Side,
    Stream,
    TravelMode,
    Visibility,
)
from geo.projection import great_circle_m
from optimization.matching import Kinship, Market, market
from optimization.matching.quality import compatibility, read_quality

TODAY = dt.date(2026, 11, 23)


def resource(name: str, *substitutes: str, **changes: Any) -> Resource:
    """A waste whose id is its name, 0.5 kg/L."""
    fields: dict[str, Any] = {"density_kg_per_l": 0.5, **changes}
    return Resource(
        id=name,
        family=ResourceFamily.WASTE,
        stream=Stream.WOOD,
        name=name,
        substitutes=substitutes,
        source="essai",
        **fields,
    )


RESOURCES = (
    resource("palettes", "planches"),
    resource("sciures", "litière", density_kg_per_l=None),
    resource("planches"),
    resource("litière"),
)


def actor(number: int, lon: float = 0.48, lat: float = 44.85, **changes: Any) -> Actor:
    """A public company."""
    fields: dict[str, Any] = {"visibility": Visibility.PUBLIC, **changes}
    return Actor(
        id=f"a{number}",
        name=f"Acteur {number}",
        kind=ActorKind.COMPANY,
        college=College.PRIVATE,
        commune_code="24037",
        lon=lon,
        lat=lat,
        position_precision=PositionPrecision.ADDRESS,
        **fields,
    )


def listing(name: str, who: int, side: Side, what: str = "palettes", **changes: Any) -> Listing:
    """Ten tonnes a year, seen by everyone."""
    fields: dict[str, Any] = {"quantity": 10.0, "visibility": Visibility.PUBLIC, **changes}
    return Listing(id=name, actor_id=f"a{who}", side=side, resource_id=what, **fields)


def offer(name: str, who: int, what: str = "palettes", **changes: Any) -> Listing:
    """An offer of ten tonnes a year."""
    return listing(name, who, Side.OFFER, what, **changes)


def need(name: str, who: int, what: str = "palettes", **changes: Any) -> Listing:
    """A need of ten tonnes a year."""
    return listing(name, who, Side.NEED, what, **changes)


def gather(
    listings: Sequence[Listing], actors: Sequence[Actor] | None = None, **options: Any
) -> Market:
    """A market of these listings; actors stand one hundredth of a degree apart by default."""
    numbers = {int(one.actor_id[1:]) for one in listings}
    places = actors or [actor(number, lon=0.40 + number / 100) for number in sorted(numbers)]
    return market(listings, places, RESOURCES, **{"today": TODAY, **options})


_GRID = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(
    lambda at: (0.3 + at[0] * 0.11, 44.7 + at[1] * 0.07)
)
_DAYS = st.sampled_from(["", "2026-12-15", "2027-03-01", "2027-08-20", "2029-01-01"])


@st.composite
def markets(draw: st.DrawFn, most: int = 12) -> Market:
    """Random small markets, with ties, unknown quantities, dates, qualities and shared places."""
    actors = [
        actor(number, *place)
        for number, place in enumerate(draw(st.lists(_GRID, min_size=1, max_size=5)))
    ]
    listings = [
        draw(_listings(f"{side}-{number}", side, len(actors)))
        for side in Side
        for number in range(draw(st.integers(0, most)))
    ]
    return gather(listings, actors)


def _listings(name: str, side: Side, actors: int) -> SearchStrategy[Listing]:
    dates = st.tuples(_DAYS, _DAYS).map(
        lambda two: two if not all(two) or two[0] <= two[1] else two[::-1]
    )
    return st.builds(
        lambda who, what, between, **fields: listing(
            name, who, side, what, available_from=between[0], available_to=between[1], **fields
        ),
        who=st.integers(0, actors - 1),
        what=st.sampled_from([one.id for one in RESOURCES]),
        between=dates,
        quantity=st.sampled_from([None, 0.0, 0.5, 1.0, 3.0, 40.0]),
        unit=st.sampled_from(["t", "kg", "m³", "h"]),
        period=st.sampled_from([None, Period.YEAR, Period.MONTH]),
        uncertainty=st.sampled_from([None, 0.3, 1.0]),
        quality=st.sampled_from(["", "propre", "à trier", "souillé", "rose"]),
    )


def slow_score(found: Market, given: Listing, asked: Listing) -> tuple[float, int] | None:
    """Points and metres of one pair, in plain Python from the documented formula; ``None`` = no.

    Amounts come from the market: they have their own tests (``data.units``).
    """
    kinship = dict(found.givers[found.group_of[asked.id]]).get(found.group_of[given.id])
    if kinship is None or given.actor_id == asked.actor_id:
        return None
    first, last = dt.date.min.isoformat(), dt.date.max.isoformat()
    if max(given.available_from or first, asked.available_from or first) > min(
        given.available_to or last, asked.available_to or last
    ):
        return None
    metres = _metres(found, given, asked)
    points = (
        {Kinship.SAME: 40, Kinship.SUBSTITUTE: 25, Kinship.WORDS: 20}[kinship]
        + _half(20 * _covered(found, given, asked))
        + _half(20 * max(0.0, 1 - metres / 50_000))
        + _half(10 * compatibility(read_quality(given.quality), read_quality(asked.quality))[0])
        + (5 if (given.period is None) == (asked.period is None) else 2.5)
        + _half(5 * _together(found.today, given, asked))
    )
    return points, metres


def _half(points: float) -> float:
    return math.floor(points * 2 + 0.5 + 1e-9) / 2


def _metres(found: Market, given: Listing, asked: Listing) -> int:
    here, there = found.actors[given.actor_id], found.actors[asked.actor_id]
    straight = great_circle_m(here.lon, here.lat, there.lon, there.lat)
    return round(float(found.travel.road_m(straight, TravelMode.VAN)))


def _covered(found: Market, given: Listing, asked: Listing) -> float:
    offered = found.offers.amounts[found.offers.ids.index(given.id)]
    wanted = found.needs.amounts[found.needs.ids.index(asked.id)]
    if offered is None or wanted is None or offered.dimension != wanted.dimension:
        return 0.5
    worst = min(1.0, offered.low / wanted.high) if wanted.high > 0 else 1.0
    best = min(1.0, offered.high / wanted.low) if wanted.low > 0 else 1.0
    return (worst + best) / 2


def _together(today: dt.date, given: Listing, asked: Listing) -> float:
    both = wanted = 0.0
    for step in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
        days = calendar.monthrange(year, month + 1)[1]
        shares = []
        for one in (given, asked):
            present = [
                day
                for day in range(1, days + 1)
                if (one.available_from or "0000")
                <= dt.date(year, month + 1, day).isoformat()
                <= (one.available_to or "9999")
            ]
            shares.append(len(present) / days)
        both += min(shares)
        wanted += shares[1]
    return both / wanted if wanted else 0.0
