"""Material flows: what goes in and out of an actor."""

from dataclasses import dataclass
from enum import StrEnum

from data.model.common import Origin, Visibility


class Direction(StrEnum):
    """Seen from the actor."""

    IN = "in"
    OUT = "out"


class Period(StrEnum):
    """The time a quantity is counted over."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Reliability(StrEnum):
    """How a quantity is known."""

    MEASURED = "measured"
    DECLARED = "declared"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """An actor's input or output of a resource.

    Attributes:
        label: the actor's own words for the resource.
        quantity: amount in ``unit`` per ``period``; ``None`` when unknown (never zero).
        uncertainty: relative half-width (0.3 means ± 30 %); ``None`` when not stated.
        periods_per_year: how many such periods a year have this flow; ``None`` = all of them.
        visits_per_week: how often it is collected or delivered; ``None`` when unknown.
        seasonality: twelve monthly weights (January first), or empty when steady.
        partner_id: the actor on the other side, when it is one of ours.
        partner_name: the other side in words, when it is not.
        partner_place: where the other side is (commune code, or a place name outside).
        treatment_code: D/R code of the outlet (for example R3).
        reliability_note: how the quantity was measured, by whom declared, or the ratio used.
    """

    id: str
    actor_id: str
    direction: Direction
    resource_id: str
    label: str = ""
    quantity: float | None = None
    unit: str = "t"
    period: Period = Period.YEAR
    uncertainty: float | None = None
    periods_per_year: float | None = None
    visits_per_week: float | None = None
    year: int | None = None
    seasonality: tuple[float, ...] = ()
    packaging: str = ""
    quality: str = ""
    cost_eur_per_year: float | None = None
    """Positive when the actor pays, negative when it earns."""
    partner_id: str | None = None
    partner_name: str = ""
    partner_place: str = ""
    waste_code: str = ""
    treatment_code: str = ""
    reliability: Reliability = Reliability.DECLARED
    reliability_note: str = ""
    visibility: Visibility = Visibility.PUBLIC
    source: str = ""
    study_id: str | None = None
    origin: Origin = Origin.FIELD
    revision: int = 0
