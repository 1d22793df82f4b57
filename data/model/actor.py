"""Actors of the territory."""

from dataclasses import dataclass
from enum import StrEnum

from data.model.common import Origin, Visibility


class ActorKind(StrEnum):
    """What an actor is; decides its icon and colour on every page."""

    COMPANY = "company"
    SSE = "sse"
    """Association, cooperative: social and solidarity economy (ESS)."""
    PUBLIC_BODY = "public_body"
    FARM = "farm"
    RESIDENTS = "residents"


class College(StrEnum):
    """The cooperation committee's three colleges."""

    PUBLIC = "public"
    PRIVATE = "private"
    POPULATION = "population"


class PositionPrecision(StrEnum):
    """How exactly ``lon``/``lat`` are known."""

    ADDRESS = "address"
    STREET = "street"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A company, association, public body, farm or residents' group.

    Attributes:
        activity: what it does, in plain French.
        naf_code: activity code, with the nomenclature it belongs to in ``naf_version``.
        contact: personal data; hidden by default on screen and left out of exports.
        source: where this description comes from.
    """

    id: str
    name: str
    kind: ActorKind
    college: College
    commune_code: str
    lon: float
    lat: float
    position_precision: PositionPrecision
    activity: str = ""
    competences: tuple[str, ...] = ()
    naf_code: str = ""
    naf_version: str = "NAF rév. 2"
    siret: str = ""
    address: str = ""
    website: str = ""
    contact: str = ""
    description: str = ""
    visibility: Visibility = Visibility.PUBLIC
    source: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0
