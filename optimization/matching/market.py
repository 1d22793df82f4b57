"""The market: every offer and need that an audience may see, in columns ready to be scored."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.classifier import content_words
from data.errors import NotFoundError
from data.figures import Figures, load_figures
from data.french import quote
from data.model import (
    Actor,
    Direction,
    Flow,
    Listing,
    ListingSource,
    Period,
    Resource,
    Side,
    Visibility,
)
from data.nomenclature import Nomenclature
from data.units import PERIODS_PER_YEAR, UnitKind, annual_mass, find_unit
from geo.travel import GreatCircleTravel
from optimization.matching.model import Kinship
from optimization.matching.months import FIRST_DAY, LAST_DAY, presence, read_day
from optimization.matching.quality import Quality, compatibility, read_quality

MASS: Final = "mass"
_OWN_WORDS: Final = "mots:"
_WIDTH: Final = {Visibility.PUBLIC: 0, Visibility.NETWORK: 1, Visibility.CONFIDENTIAL: 2}

Group = str
"""What is matched together: a resource's id, or « mots:… » for words outside the nomenclature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A yearly amount (or the whole of it, when it happens once) with its range.

    Attributes:
        dimension: ``mass`` in tonnes; else what is counted (litres, hours, square metres…).
    """

    dimension: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """One side of the market in columns; row order is that of the ids.

    Attributes:
        actor: number of the actor, shape (n,).
        xyz: position on the unit sphere, shape (n, 3): chords grow with the great circle.
        dimension: number of what the amount counts, -1 when unknown.
        value: amount, with ``low`` and ``high``; 0 when unknown.
        once: it happens once.
        first: ordinal day it begins, with ``last``.
        months: share of each coming month it is there, shape (n, 12).
        quality: number of its quality in the market's table.
        groups: rows of each group, increasing.
    """

    ids: tuple[str, ...]
    actor: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    xyz: NDArray[np.float64]
    dimension: NDArray[np.int64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    once: NDArray[np.bool_]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    months: NDArray[np.float64]
    quality: NDArray[np.int64]
    groups: Mapping[Group, NDArray[np.int64]]
    amounts: tuple[Amount | None, ...]
    row: Mapping[str, int]


@dataclass(frozen=True, eq=False, kw_only=True)
class Market:
    """Offers and needs that one audience may see, on one day. Picklable; never changes.

    Attributes:
        listings: those that entered, by id.
        group_of: group of each listing.
        givers: for each group of needs, the groups of offers that can answer it, best first.
        fit: share of the quality points, offered quality × wanted quality.
        left_out: how many listings did not enter, by French reason.
        travel: source of the distances.
    """

    today: dt.date
    audience: Visibility
    listings: Mapping[str, Listing]
    actors: Mapping[str, Actor]
    resources: Mapping[str, Resource]
    offers: Table
    needs: Table
    group_of: Mapping[str, Group]
    givers: Mapping[Group, tuple[tuple[Group, Kinship], ...]]
    qualities: tuple[Quality, ...]
    fit: NDArray[np.float64]
    left_out: Mapping[str, int]
    travel: GreatCircleTravel

    def row(self, side: Side, listing_id: str) -> int:
        """Row of a listing in its table.

        Raises:
            NotFoundError: it is not in the market (hidden, expired, or on the other side).
        """
        table = self.offers if side is Side.OFFER else self.needs
        try:
            return table.row[listing_id]
        except KeyError as error:
            what = "offre" if side is Side.OFFER else "besoin"
            raise NotFoundError(
                f"L’annonce {quote(listing_id)} n’est pas visible ici comme {what}."
            ) from error

    def name_of(self, group: Group) -> str:
        """French name of a group."""
        known = self.resources.get(group)
        return known.name if known else group.removeprefix(_OWN_WORDS)


def market(
    listings: Iterable[Listing],
    actors: Iterable[Actor],
    resources: Iterable[Resource],
    *,
    today: dt.date,
    figures: Figures | None = None,
    audience: Visibility = Visibility.NETWORK,
    flows: Iterable[Flow] = (),
    hypothetical: bool = False,
) -> Market:
    """Gather what one audience may match on one day.

    Left out: what the audience may not see (listing or actor), what has expired or is no longer
    available, actors that are not known, and listings whose words say nothing.

    Args:
        listings: offers and needs of any source.
        actors: who they belong to; places those without a position of their own.
        resources: the nomenclature.
        today: listings that end before it are left out.
        figures: the figures table with users' values; the project's own by default.
        audience: ``NETWORK`` sees public and network listings, ``CONFIDENTIAL`` sees all.
        flows: those the listings of flow studies come from, for their seasons.
        hypothetical: keep guesses from activity codes, otherwise left out.
    """
    builder = _Builder(
        {actor.id: actor for actor in actors},
        Nomenclature(resources),
        figures or load_figures(),
        {flow.id: flow.seasonality for flow in flows if flow.seasonality},
    )
    kept: dict[str, Listing] = {}
    groups: dict[str, Group] = {}
    left_out: Counter[str] = Counter()
    for listing in sorted(listings, key=lambda each: each.id):
        reason = builder.refusal(listing, today, audience, hypothetical=hypothetical)
        group = "" if reason else builder.group(listing)
        reason = reason or ("" if group else "sans ressource reconnue")
        if reason:
            left_out[reason] += 1
        else:
            kept[listing.id] = listing
            groups[listing.id] = group
    sides = {
        side: builder.table([one for one in kept.values() if one.side is side], groups, today)
        for side in Side
    }
    qualities = tuple(builder.qualities)
    fit = np.array([[compatibility(o, n)[0] for n in qualities] for o in qualities]).reshape(
        len(qualities), len(qualities)
    )
    return Market(
        today=today,
        audience=audience,
        listings=kept,
        actors={one.actor_id: builder.actors[one.actor_id] for one in kept.values()},
        resources=builder.resources,
        offers=sides[Side.OFFER],
        needs=sides[Side.NEED],
        group_of=groups,
        givers=_givers(sides[Side.OFFER], sides[Side.NEED], builder.resources),
        qualities=qualities,
        fit=fit,
        left_out=dict(left_out),
        travel=GreatCircleTravel(builder.figures),
    )


def can_see(audience: Visibility, visibility: Visibility) -> bool:
    """Whether an audience may see a record."""
    return _WIDTH[visibility] <= _WIDTH[audience]


@dataclass
class _Builder:
    actors: Mapping[str, Actor]
    nomenclature: Nomenclature
    figures: Figures
    seasons: Mapping[str, tuple[float, ...]]
    numbers: dict[str, int] = field(default_factory=dict)
    dimensions: dict[str, int] = field(default_factory=lambda: {MASS: 0})
    qualities: dict[Quality, int] = field(default_factory=dict)
    classified: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.resources = {resource.id: resource for resource in self.nomenclature}

    def refusal(
        self, listing: Listing, today: dt.date, audience: Visibility, *, hypothetical: bool
    ) -> str:
        actor = self.actors.get(listing.actor_id)
        if actor is None:
            return "acteur inconnu"
        if not (can_see(audience, listing.visibility) and can_see(audience, actor.visibility)):
            return "non visible"
        if listing.listing_source is ListingSource.GUESS and not hypothetical:
            return "hypothèse"
        end = min(read_day(listing.expires_on, LAST_DAY), read_day(listing.available_to, LAST_DAY))
        return "terminée" if end < today.toordinal() else ""

    def group(self, listing: Listing) -> Group:
        if listing.resource_id is not None:
            return listing.resource_id
        label = listing.label
        if label not in self.classified:
            self.classified[label] = self.nomenclature.classify(label).resource_id
        found = self.classified[label]
        return found or own_words(label)

    def table(
        self, listings: Sequence[Listing], groups: Mapping[str, Group], today: dt.date
    ) -> Table:
        rows: defaultdict[Group, list[int]] = defaultdict(list)
        for row, listing in enumerate(listings):
            rows[groups[listing.id]].append(row)
        amounts = tuple(self._amount(one, groups[one.id]) for one in listings)
        places = np.array([self._place(one) for one in listings], dtype=float).reshape(-1, 2)
        lon, lat = np.radians(places[:, 0]), np.radians(places[:, 1])
        first = np.array([read_day(one.available_from, FIRST_DAY) for one in listings], np.int64)
        last = np.array([read_day(one.available_to, LAST_DAY) for one in listings], np.int64)
        seasons = [self.seasons.get(one.flow_id or "", ()) for one in listings]
        return Table(
            ids=tuple(one.id for one in listings),
            actor=_column(
                [self.numbers.setdefault(one.actor_id, len(self.numbers)) for one in listings]
            ),
            lon=places[:, 0],
            lat=places[:, 1],
            xyz=np.column_stack(
                (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
            ),
            dimension=_column(
                [
                    -1
                    if amount is None
                    else self.dimensions.setdefault(amount.dimension, len(self.dimensions))
                    for amount in amounts
                ]
            ),
            value=np.array([a.value if a else 0.0 for a in amounts], dtype=float),
            low=np.array([a.low if a else 0.0 for a in amounts], dtype=float),
            high=np.array([a.high if a else 0.0 for a in amounts], dtype=float),
            once=np.array([one.period is None for one in listings], dtype=bool),
            first=first,
            last=last,
            months=presence(first, last, seasons, today),
            quality=_column(
                [
                    self.qualities.setdefault(read_quality(one.quality), len(self.qualities))
                    for one in listings
                ]
            ),
            groups={group: _column(found) for group, found in rows.items()},
            amounts=amounts,
            row={one.id: row for row, one in enumerate(listings)},
        )

    def _place(self, listing: Listing) -> tuple[float, float]:
        if listing.lon is not None and listing.lat is not None:
            return listing.lon, listing.lat
        actor = self.actors[listing.actor_id]
        return actor.lon, actor.lat

    def _amount(self, listing: Listing, group: Group) -> Amount | None:
        unit = find_unit(listing.unit)
        if listing.quantity is None or unit is None:
            return None
        resource = self.resources.get(group)
        flow = Flow(
            id=listing.id,
            actor_id=listing.actor_id,
            direction=Direction.OUT,
            resource_id=group,
            quantity=listing.quantity,
            unit=listing.unit,
            period=listing.period or Period.YEAR,
            uncertainty=listing.uncertainty,
        )
        mass = annual_mass(flow, resource, self.figures) if resource else None
        if mass is not None:
            return Amount(dimension=MASS, value=mass.t_per_year, low=mass.low, high=mass.high)
        times = PERIODS_PER_YEAR[flow.period]
        own = listing.uncertainty or 0.0
        if unit.kind is UnitKind.MASS:
            dimension, factor = MASS, unit.factor / 1000
        elif unit.kind is UnitKind.VOLUME:
            dimension, factor = "L", unit.factor
        else:
            dimension, factor = unit.symbol, unit.factor
        value = listing.quantity * times * factor
        return Amount(
            dimension=dimension,
            value=value,
            low=value * max(0.0, 1 - own),
            high=value * (1 + own),
        )


def own_words(label: str) -> Group:
    """Group of a text outside the nomenclature: its words in order, or empty when it has none."""
    content = sorted(content_words(label))
    return _OWN_WORDS + " ".join(content) if content else ""


def _givers(
    offers: Table, needs: Table, resources: Mapping[str, Resource]
) -> dict[Group, tuple[tuple[Group, Kinship], ...]]:
    replaced_by: defaultdict[str, list[str]] = defaultdict(list)
    for resource in resources.values():
        for wanted in resource.substitutes:
            replaced_by[wanted].append(resource.id)
    found: dict[Group, tuple[tuple[Group, Kinship], ...]] = {}
    for group in needs.groups:
        same = Kinship.WORDS if group.startswith(_OWN_WORDS) else Kinship.SAME
        kin = [(group, same), *((other, Kinship.SUBSTITUTE) for other in replaced_by[group])]
        found[group] = tuple((other, kind) for other, kind in kin if other in offers.groups)
    return found


def _column(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
