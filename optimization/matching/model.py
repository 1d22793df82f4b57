"""What the matching answers: plain frozen records, picklable, without the store."""

from dataclasses import dataclass
from enum import StrEnum

from data.model import Side


class Kinship(StrEnum):
    """Why an offer can answer a need, by the vocabulary."""

    SAME = "same"
    """The same entry of the nomenclature."""
    SUBSTITUTE = "substitute"
    """The nomenclature says that the offer's resource can replace the need's."""
    WORDS = "words"
    """Both are outside the nomenclature, and described with the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One part of a score.

    Attributes:
        key: ``resource``, ``quantity``, ``distance``, ``quality``, ``rhythm`` or ``season``.
        points: a multiple of one half, ``0 <= points <= most``.
        text: why, in plain French.
    """

    key: str
    points: float
    most: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An offer that can answer a need.

    Attributes:
        score: 0 to 100, exactly the sum of the reasons' points.
        distance_km: by ``distance_source``, whose French name holds its margin.
        shared_t_per_year: what both have in common, tonnes a year (in all when it happens once);
            ``None`` when a mass is unknown or meaningless.
        low: lower end of it, idem.
        high: upper end of it, idem.
    """

    offer_id: str
    need_id: str
    score: float
    reasons: tuple[Reason, ...]
    distance_km: float
    distance_source: str
    kinship: Kinship
    shared_t_per_year: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Several actors near one another with the same offer or the same need.

    Attributes:
        resource_id: entry of the nomenclature; empty when only the words are the same.
        listing_ids: nearest to the middle one first.
        actor_ids: without repetition, in the same order.
        mass_t_per_year: sum of the known masses; ``None`` when none is known.
        spread_km: greatest distance between two of them, by the travel source.
        text: French sentence.
    """

    side: Side
    resource_id: str
    listing_ids: tuple[str, ...]
    actor_ids: tuple[str, ...]
    mass_t_per_year: float | None
    low: float | None
    high: float | None
    spread_km: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Matches that follow one another: what one gives, the next takes, and gives in turn.

    Attributes:
        links: in order; the taker of one is the giver of the next.
        actor_ids: givers in order, then the last taker when not ``closed``.
        closed: the last one gives to the first.
        text: French sentence.
    """

    links: tuple[Match, ...]
    actor_ids: tuple[str, ...]
    closed: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationLine:
    """How much of an offer goes to a need, tonnes a year, over how many kilometres."""

    offer_id: str
    need_id: str
    t_per_year: float
    distance_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The best overall sharing of offers between needs.

    Attributes:
        left_over: listings of known mass, offers then needs, with the tonnes a year that found
            no taker or no giver (at least one kilogram).
        tonnes: kept in use a year, the sum of the lines.
        tonne_km: a year, the sum of mass × distance.
        proved: no sharing keeps more tonnes, nor as many over fewer tonne-kilometres (to the
            kilogram and the metre). False when far pairs had to be left out.
    """

    lines: tuple[AllocationLine, ...]
    left_over: tuple[tuple[str, float], ...]
    tonnes: float
    tonne_km: float
    proved: bool
