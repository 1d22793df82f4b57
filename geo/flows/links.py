"""Flows → links: one row a physical transfer, with both ends placed.

A flow is what *one* actor declares; a link is what moved. The same transfer declared by both
sides becomes one link that keeps both declarations (see :mod:`geo.flows.pairs`).

Columns of ``Links.frame`` (one row a link, in order of ``link_id``):

- ``link_id``, ``flow_ids`` (tuple, the declaration kept first), ``actor_id`` (who declares it),
  ``declared_by`` (``origin``, ``destination`` or ``both``);
- ``origin``, ``destination``: place ids; ``origin_actor``, ``origin_commune``, ``origin_epci``
  and the same for the destination (empty where they have no meaning); ``scope``
  (:class:`Scope`); ``partner_label``: the partner in the actor's words;
- ``resource_id``, ``resource_name``, ``family``, ``stream`` (empty for an unknown resource);
- ``mass_t``, ``mass_low_t``, ``mass_high_t``: tonnes a year to the gram, NaN when unknown (never
  zero); ``gap``: why it is unknown (:class:`MassGap`);
- ``volume_m3``: only where the quantity itself was given as a volume; ``trips_stated``,
  ``cost_eur``: a year, NaN when unknown; the cost is seen from the actor who declares it;
- ``reliability``, ``visibility`` (the strictest of the flows and actors behind), ``year`` (Int64),
  ``current`` (the latest year of that transfer, or no year at all), ``treatment_code``,
  ``uncertainty`` (relative half-width of the quantity, NaN when not stated), ``tolerance``
  (granted in comparisons when it is not);
- ``m01`` … ``m12``: share of the year's amount in each month (sum 1, NaN when it may not be
  told), ``seasonal``;
- ``protected``: True for an aggregate that stands for confidential links
  (:mod:`geo.flows.confidentiality`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.figures import Figures
from data.model import (
    Actor,
    Direction,
    Flow,
    Period,
    Reliability,
    Resource,
    Territory,
    Visibility,
)
from data.units import PERIODS_PER_YEAR, UnitKind, annual_mass, find_unit, periods_per_year
from geo.flows.gates import OutsidePlace
from geo.flows.pairs import Disagreement, merge_pairs
from geo.flows.places import UNKNOWN, PlaceBook, PlaceKind

MONTHS = tuple(f"m{month:02d}" for month in range(1, 13))
"""The twelve columns of monthly shares."""

LARGEST_T = 1e8
"""Above this, a yearly mass is a slip of the keyboard (a third of all the waste of France)."""

GRAMS = 1e6
"""Grams in a tonne: masses are kept to the gram so that sums are exact at every level."""

UNSTATED: Mapping[Reliability, float] = {
    Reliability.MEASURED: 0.05,
    Reliability.DECLARED: 0.20,
    Reliability.ESTIMATED: 0.50,
}
"""Relative half-width granted to a quantity given without uncertainty, *only* when two sides are
compared: without it, 10 t against 10.1 t would be a disagreement. The project's own hypothesis."""

_VISIBILITY_RANK = {Visibility.PUBLIC: 0, Visibility.NETWORK: 1, Visibility.CONFIDENTIAL: 2}
_VISIBILITIES = np.array([v.value for v in _VISIBILITY_RANK], dtype=object)


class Scope(StrEnum):
    """Where a link goes, seen from the territory."""

    INSIDE = "inside"
    LEAVING = "leaving"
    ENTERING = "entering"
    OUTSIDE = "outside"
    """Both ends outside: an actor of ours that is elsewhere."""
    UNKNOWN = "unknown"
    """One end at least is nowhere known."""


class MassGap(StrEnum):
    """Why a mass is unknown."""

    NONE = ""
    QUANTITY = "quantity_unknown"
    UNIT = "unit_missing"
    """No unit, or a word that is not one."""
    NO_MASS = "no_mass"
    """The unit has no mass (hours, m²…) or nothing tells how to weigh it."""
    IMPLAUSIBLE = "implausible"
    """Negative, not a number, or over ``LARGEST_T``."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Links, the places they join and what both sides say differently.

    Attributes:
        frame: one row a link, columns as in the module's description.
        places: one row a place, indexed by id (see :mod:`geo.flows.places`).
        disagreements: pairs of declarations that differ beyond their uncertainties.
    """

    frame: pd.DataFrame
    places: pd.DataFrame
    disagreements: tuple[Disagreement, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    def where(self, mask: npt.NDArray[np.bool_] | pd.Series) -> "Links":
        """Keep the links of a boolean mask, and the disagreements about them."""
        frame = self.frame[np.asarray(mask, dtype=bool)].reset_index(drop=True)
        kept = set(frame["link_id"]) if self.disagreements else set()
        return replace(
            self,
            frame=frame,
            disagreements=tuple(d for d in self.disagreements if d.flow_ids[0] in kept),
        )

    @property
    def years(self) -> tuple[int, ...]:
        """Years met, ascending."""
        return tuple(int(year) for year in sorted(self.frame["year"].dropna().unique()))

    @property
    def unknown_count(self) -> int:
        """Links whose mass is unknown."""
        return int(self.frame["mass_t"].isna().sum())

    def total_t(self) -> float:
        """Known tonnes a year, all links together."""
        return float(grams(self.frame["mass_t"]).sum() / GRAMS)


def grams(tonnes: "pd.Series[float] | npt.NDArray[np.float64]") -> npt.NDArray[np.int64]:
    """Tonnes as whole grams; the unknown adds nothing (count it apart)."""
    values = np.nan_to_num(np.asarray(tonnes, dtype=np.float64), nan=0.0)
    return np.rint(values * GRAMS).astype(np.int64)


def build_links(
    flows: Iterable[Flow],
    actors: Iterable[Actor],
    territory: Territory,
    resources: Iterable[Resource],
    *,
    outside_places: Sequence[OutsidePlace] | None = None,
    figures: Figures | None = None,
    unstated: Mapping[Reliability, float] = UNSTATED,
) -> Links:
    """Place both ends of every flow, weigh it, and count twice-declared transfers once.

    The partner is, in this order: the actor ``partner_id``; the actor itself (« sur place »); the
    commune, EPCI or known outside place that ``partner_place`` names (code or name); « hors
    territoire » for any other place name; « partenaire inconnu » when no place is given or it is
    too wide (« France »). An actor whose commune is not in the territory stands on the border, in
    its direction.

    Args:
        flows: in any order; the result does not depend on it.
        actors: every actor that a flow may name.
        territory: may be empty (everything is then outside).
        resources: the nomenclature's entries.
        outside_places: the project's table by default.
        figures: with the users' values; the project's table by default.
        unstated: what a quantity without uncertainty is granted when two sides are compared.
    """
    ordered = sorted(flows, key=lambda flow: flow.id)
    known_actors = {actor.id: actor for actor in actors}
    book = PlaceBook(territory, known_actors.values(), outside_places)
    frame = _declarations(ordered, book, known_actors, {r.id: r for r in resources}, figures)
    granted = frame["reliability"].map({r.value: width for r, width in unstated.items()})
    frame["tolerance"] = np.where(frame["uncertainty"].notna(), 0.0, granted.astype(np.float64))
    places = book.table()
    frame, disagreements = merge_pairs(frame, places["name"])
    return Links(_finish(frame, places), places, disagreements)


def _declarations(
    flows: Sequence[Flow],
    book: PlaceBook,
    actors: dict[str, Actor],
    resources: dict[str, Resource],
    figures: Figures | None,
) -> pd.DataFrame:
    """One row a flow, its two ends as place ids."""
    own = [book.of_actor(f.actor_id) or UNKNOWN for f in flows]
    partner = [
        book.partner_of(place, f.partner_id, f.partner_place)
        for place, f in zip(own, flows, strict=True)
    ]
    is_in = np.array([f.direction is Direction.IN for f in flows], dtype=bool)
    found = [resources.get(f.resource_id) for f in flows]
    weighed = [_mass(f, r, figures) for f, r in zip(flows, found, strict=True)]
    mass = np.array([w[:3] for w in weighed], dtype=np.float64).reshape(-1, 3)
    mass = np.rint(mass * GRAMS) / GRAMS
    frame = pd.DataFrame(
        {
            "link_id": _text([f.id for f in flows]),
            "actor_id": _text([f.actor_id for f in flows]),
            "is_in": is_in,
            "origin": _text(np.where(is_in, partner, own)),
            "destination": _text(np.where(is_in, own, partner)),
            "partner_label": _text([f.partner_name or f.partner_place for f in flows]),
            "resource_id": _text([f.resource_id for f in flows]),
            "resource_name": _text(
                [r.name if r else f.resource_id for f, r in zip(flows, found, strict=True)]
            ),
            "family": _text([r.family.value if r else "" for r in found]),
            "stream": _text([r.stream.value if r else "" for r in found]),
            "mass_t": mass[:, 0],
            "mass_low_t": mass[:, 1],
            "mass_high_t": mass[:, 2],
            "gap": _text([w[3].value for w in weighed]),
            "volume_m3": _numbers(_volume(f) for f in flows),
            "trips_stated": _numbers(_trips(f) for f in flows),
            "cost_eur": _numbers(f.cost_eur_per_year for f in flows),
            "reliability": _text([f.reliability.value for f in flows]),
            "uncertainty": _numbers(f.uncertainty for f in flows),
            "secrecy": np.array([_secrecy(f, actors) for f in flows], dtype=np.int8),
            "year": pd.array([f.year for f in flows], dtype="Int64"),
            "treatment_code": _text([f.treatment_code for f in flows]),
        }
    )
    shares = np.array([_shares(f.seasonality) for f in flows], dtype=np.float64).reshape(-1, 12)
    for column, month in enumerate(MONTHS):
        frame[month] = shares[:, column]
    frame["seasonal"] = np.ptp(shares, axis=1) > 0 if len(frame) else np.zeros(0, dtype=bool)
    return frame


def _finish(frame: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Add what follows from the two ends, and the order."""
    origin = places.index.get_indexer(pd.Index(frame["origin"]))
    destination = places.index.get_indexer(pd.Index(frame["destination"]))
    for end, row in (("origin", origin), ("destination", destination)):
        for column in ("actor_id", "commune_code", "epci_code"):
            frame[f"{end}_{column.split('_')[0]}"] = _text(places[column].to_numpy()[row])
    frame["scope"] = _text(scopes(places, origin, destination))
    frame["visibility"] = _text(_VISIBILITIES[frame.pop("secrecy").to_numpy()])
    both_actors = (frame["origin_actor"] != "") & (frame["destination_actor"] != "")
    key = [frame["origin"], frame["destination"], frame["resource_id"]]
    label = frame["partner_label"].where(~both_actors, "")
    latest = frame.groupby([*key, label], sort=False)["year"].transform("max")
    frame["current"] = (frame["year"].isna() | (frame["year"] == latest).fillna(True)).astype(bool)
    frame["protected"] = False
    return frame.sort_values("link_id", kind="stable", ignore_index=True)


def scopes(
    places: pd.DataFrame, origin: npt.NDArray[np.intp], destination: npt.NDArray[np.intp]
) -> npt.NDArray[Any]:
    """Scope of each link from the row numbers of its two ends in ``places``."""
    inside = places["inside"].to_numpy(dtype=bool)
    nowhere = (places["kind"] == PlaceKind.UNKNOWN).to_numpy(dtype=bool)
    return np.select(
        [
            nowhere[origin] | nowhere[destination],
            inside[origin] & inside[destination],
            inside[origin],
            inside[destination],
        ],
        [s.value for s in (Scope.UNKNOWN, Scope.INSIDE, Scope.LEAVING, Scope.ENTERING)],
        default=Scope.OUTSIDE.value,
    ).astype(object)


def _mass(
    flow: Flow, resource: Resource | None, figures: Figures | None
) -> tuple[float, float, float, MassGap]:
    """Tonnes a year, low and high (NaN when unknown), and why it is unknown."""
    gap = MassGap.NONE
    mass = None
    if flow.quantity is None:
        gap = MassGap.QUANTITY
    elif find_unit(flow.unit) is None:
        gap = MassGap.UNIT
    elif not 0 <= flow.quantity < np.inf:
        gap = MassGap.IMPLAUSIBLE
    else:
        mass = annual_mass(flow, resource, figures) if resource is not None else None
        if mass is None:
            gap = MassGap.NO_MASS
        elif not 0 <= mass.t_per_year <= LARGEST_T:
            gap = MassGap.IMPLAUSIBLE
    if mass is None or gap:
        return np.nan, np.nan, np.nan, gap
    return mass.t_per_year, mass.low, min(mass.high, 10 * LARGEST_T), gap


def _volume(flow: Flow) -> float | None:
    """Cubic metres a year of a quantity given as a volume."""
    unit = find_unit(flow.unit)
    if flow.quantity is None or unit is None or unit.kind is not UnitKind.VOLUME:
        return None
    litres = flow.quantity * periods_per_year(flow) * unit.factor
    return litres / 1000 if 0 <= litres <= 1000 * 1000 * LARGEST_T else None


def _trips(flow: Flow) -> float | None:
    """Trips a year from the visits a week, over the part of the year the flow exists."""
    if flow.visits_per_week is None or not 0 <= flow.visits_per_week < np.inf:
        return None
    share = periods_per_year(flow) / PERIODS_PER_YEAR[flow.period]
    return flow.visits_per_week * PERIODS_PER_YEAR[Period.WEEK] * min(1.0, share)


def _shares(seasonality: Sequence[float]) -> Sequence[float]:
    """Monthly shares that sum to 1; steady when no usable weights are given."""
    total = sum(seasonality)
    if len(seasonality) != len(MONTHS) or not 0 < total < np.inf or min(seasonality) < 0:
        return (1 / 12,) * 12
    return tuple(weight / total for weight in seasonality)


def _secrecy(flow: Flow, actors: dict[str, Actor]) -> int:
    """Rank of the strictest visibility among the flow and the actors at its ends."""
    ends = (actors.get(flow.actor_id), actors.get(flow.partner_id or ""))
    levels = [flow.visibility, *(actor.visibility for actor in ends if actor is not None)]
    return max(_VISIBILITY_RANK[level] for level in levels)


def _text(values: Any) -> "pd.Series[str]":
    return pd.Series(values, dtype="str")


def _numbers(values: Iterable[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
