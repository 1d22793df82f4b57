"""What a person chooses to see, and what that choice hides.

Criteria are applied in a fixed order; each says how many links and tonnes it takes away, so that
kept + hidden = everything, to the gram. A criterion left empty hides nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.errors import InputError
from data.french import NNBSP, quantity
from data.model import Reliability, ResourceFamily, Stream, Visibility
from geo.flows.links import GRAMS, MONTHS, Links, Scope, grams

Mask = npt.NDArray[np.bool_]


class FlowDirection(StrEnum):
    """Which way a link goes; « the focus » is the chosen EPCI, communes or actors, else all."""

    IN = "in"
    """Arrives in the focus from elsewhere."""
    OUT = "out"
    """Leaves the focus for elsewhere."""
    INSIDE = "inside"
    """Both ends inside the territory."""
    LEAVING = "leaving"
    """From the territory to outside."""
    ENTERING = "entering"
    """From outside into the territory."""
    UNKNOWN = "unknown"
    """One end is an unknown partner."""


SEASONS: Mapping[str, tuple[int, ...]] = {
    "hiver": (12, 1, 2),
    "printemps": (3, 4, 5),
    "ete": (6, 7, 8),
    "automne": (9, 10, 11),
}
"""Months of each (meteorological) season."""

UNDATED = 0
"""Stands for « année inconnue » among the chosen years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFilter:
    """A choice of flows. Values of one criterion add up; criteria narrow each other.

    Attributes:
        visibilities: which of the flows that the viewer may see; never shows more than that.
        years: chosen years (``UNDATED`` for flows without a year). None chosen = the latest year
            of each transfer, undated flows included: several years never add up by accident.
        epcis: either end there; likewise ``communes`` (INSEE codes) and ``actors`` (ids).
        months: 1 to 12; masses, trips and costs become those of these months.
        min_mass_t: smallest mass, tonnes; links of unknown mass stay (see ``known_only``).
        known_only: hide links of unknown mass.
        top: keep so many of the heaviest links (unknown masses come last).
    """

    visibilities: tuple[Visibility, ...] = ()
    years: tuple[int, ...] = ()
    families: tuple[ResourceFamily, ...] = ()
    streams: tuple[Stream, ...] = ()
    resources: tuple[str, ...] = ()
    epcis: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    directions: tuple[FlowDirection, ...] = ()
    reliabilities: tuple[Reliability, ...] = ()
    months: tuple[int, ...] = ()
    known_only: bool = False
    min_mass_t: float = 0.0
    top: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a choice.

        Raises:
            InputError: a month, a mass or a number of links out of range.
        """
        if any(month not in range(1, 13) for month in self.months):
            raise InputError(f"Les mois vont de 1 à 12{NNBSP}: corrigez le filtre.", field="mois")
        if not 0 <= self.min_mass_t < float("inf"):
            raise InputError(
                "La masse minimale est un nombre de tonnes positif ou nul.", field="min"
            )
        if self.top is not None and self.top < 1:
            raise InputError("Le nombre de flux à garder est au moins 1.", field="top")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What one criterion takes away.

    Attributes:
        field: name of the criterion in :class:`FlowFilter`.
        label: the criterion, in French.
        links: links hidden altogether.
        mass_t: known tonnes hidden (for months: those of the other months too).
        unknown: among ``links``, how many of unknown mass.
    """

    field: str
    label: str
    links: int
    mass_t: float
    unknown: int

    @property
    def sentence(self) -> str:
        """« Filière : 12 flux masqués (34 t/an) », in French."""
        plural = "s" if self.links > 1 else ""
        mass = quantity(self.mass_t, "t/an")
        unknown = f", dont {self.unknown} de quantité inconnue" if self.unknown else ""
        return f"{self.label}{NNBSP}: {self.links} flux masqué{plural} ({mass}{unknown})"


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """Links kept, and the account of the others, in order of application."""

    links: Links
    hidden: tuple[Hidden, ...]

    @property
    def hidden_count(self) -> int:
        """Links hidden by all criteria together."""
        return sum(h.links for h in self.hidden)

    @property
    def hidden_t(self) -> float:
        """Known tonnes hidden by all criteria together."""
        return sum(round(h.mass_t * GRAMS) for h in self.hidden) / GRAMS


def apply_filter(links: Links, chosen: FlowFilter) -> Filtered:
    """Keep the chosen links and say what each criterion hides.

    Args:
        links: what the viewer may see (:func:`geo.flows.confidentiality.release`); protected
            aggregates have no actor, commune, resource, reliability or months, so that any such
            criterion hides them whole.
        chosen: the criteria.
    """
    hidden: list[Hidden] = []
    for name, label, narrow in _CRITERIA:
        value = getattr(chosen, name)
        if not value and name != "years":
            continue
        before, links = links, narrow(links, chosen)
        _account(hidden, name, label, before, links)
    return Filtered(links, tuple(hidden))


def _account(hidden: list[Hidden], name: str, label: str, before: Links, after: Links) -> None:
    lost = grams(before.frame["mass_t"]).sum() - grams(after.frame["mass_t"]).sum()
    count = len(before) - len(after)
    if count or lost:
        hidden.append(
            Hidden(
                field=name,
                label=label,
                links=count,
                mass_t=float(lost / GRAMS),
                unknown=before.unknown_count - after.unknown_count,
            )
        )


Narrow = Callable[[Links, FlowFilter], Links]


def _kept(keep: Callable[[Links, FlowFilter], Mask]) -> Narrow:
    def narrow(links: Links, chosen: FlowFilter) -> Links:
        return links.where(keep(links, chosen))

    return narrow


def _in_months(links: Links, chosen: FlowFilter) -> Links:
    """Keep what moves in the chosen months, amounts cut down to them."""
    columns = [MONTHS[month - 1] for month in sorted(set(chosen.months))]
    share = links.frame[columns].sum(axis=1, skipna=False).to_numpy(dtype=np.float64)
    kept = links.where(share > 0)
    frame, share = kept.frame.copy(), share[share > 0]
    for column in ("mass_t", "mass_low_t", "mass_high_t"):
        frame[column] = np.rint(frame[column] * share * GRAMS) / GRAMS
    for column in ("volume_m3", "trips_stated", "cost_eur"):
        frame[column] = frame[column] * share
    return replace(kept, frame=frame)


def _years(links: Links, chosen: FlowFilter) -> Mask:
    if not chosen.years:
        return links.frame["current"].to_numpy(dtype=bool)
    year = links.frame["year"].fillna(UNDATED).to_numpy(dtype=np.int64)
    return np.isin(year, chosen.years)


def _any_of(column: str, criterion: str) -> Callable[[Links, FlowFilter], Mask]:
    def keep(links: Links, chosen: FlowFilter) -> Mask:
        values = [str(value) for value in getattr(chosen, criterion)]
        return links.frame[column].isin(values).to_numpy(dtype=bool)

    return keep


_FOCUS = (("epcis", "epci"), ("communes", "commune"), ("actors", "actor"))


def _focus(links: Links, chosen: FlowFilter) -> tuple[Mask, Mask]:
    """Whether the origin, and the destination, are in the focus."""
    located = [(name, column) for name, column in _FOCUS if getattr(chosen, name)]
    masks = []
    for end in ("origin", "destination"):
        rows = links.places.index.get_indexer(pd.Index(links.frame[end]))
        mask = links.places["inside"].to_numpy(dtype=bool)[rows]
        if located:
            mask = np.ones(len(links), dtype=bool)
        for name, column in located:
            mask &= links.frame[f"{end}_{column}"].isin(list(getattr(chosen, name))).to_numpy(bool)
        masks.append(mask)
    return masks[0], masks[1]


def _here(*names: str) -> Callable[[Links, FlowFilter], Mask]:
    """Either end in the focus made of these criteria (they narrow each other at one end)."""
    others: dict[str, Any] = {name: () for name, _ in _FOCUS if name not in names}

    def keep(links: Links, chosen: FlowFilter) -> Mask:
        origin, destination = _focus(links, replace(chosen, **others))
        return origin | destination

    return keep


def _directions(links: Links, chosen: FlowFilter) -> Mask:
    origin, destination = _focus(links, chosen)
    scope = links.frame["scope"].to_numpy(dtype=object)
    ways: dict[FlowDirection, Mask] = {
        FlowDirection.IN: destination & ~origin,
        FlowDirection.OUT: origin & ~destination,
        FlowDirection.INSIDE: scope == Scope.INSIDE.value,
        FlowDirection.LEAVING: scope == Scope.LEAVING.value,
        FlowDirection.ENTERING: scope == Scope.ENTERING.value,
        FlowDirection.UNKNOWN: scope == Scope.UNKNOWN.value,
    }
    mask = np.zeros(len(links), dtype=bool)
    for direction in chosen.directions:
        mask |= ways[direction]
    return mask


def _known(links: Links, chosen: FlowFilter) -> Mask:  # noqa: ARG001
    return links.frame["mass_t"].notna().to_numpy(dtype=bool)


def _heavy(links: Links, chosen: FlowFilter) -> Mask:
    # « Not lighter » keeps the unknown: nobody knows that it is light.
    return ~(links.frame["mass_t"].to_numpy(dtype=np.float64) < chosen.min_mass_t)


def _top(links: Links, chosen: FlowFilter) -> Mask:
    mass = links.frame["mass_t"].fillna(-1.0).to_numpy(dtype=np.float64)
    order = np.lexsort((links.frame["link_id"].to_numpy(dtype=object), -mass))
    mask = np.zeros(len(links), dtype=bool)
    mask[order[: chosen.top]] = True
    return mask


_CRITERIA: tuple[tuple[str, str, Narrow], ...] = (
    ("visibilities", "Visibilité", _kept(_any_of("visibility", "visibilities"))),
    ("years", "Année", _kept(_years)),
    ("families", "Famille de ressources", _kept(_any_of("family", "families"))),
    ("streams", "Filière", _kept(_any_of("stream", "streams"))),
    ("resources", "Ressource", _kept(_any_of("resource_id", "resources"))),
    ("epcis", "EPCI", _kept(_here("epcis"))),
    ("communes", "Commune", _kept(_here("epcis", "communes"))),
    ("actors", "Acteur", _kept(_here("epcis", "communes", "actors"))),
    ("directions", "Sens", _kept(_directions)),
    ("reliabilities", "Fiabilité", _kept(_any_of("reliability", "reliabilities"))),
    ("months", "Mois", _in_months),
    ("known_only", "Quantité inconnue", _kept(_known)),
    ("min_mass_t", "Masse minimale", _kept(_heavy)),
    ("top", "Les plus gros flux", _kept(_top)),
)
