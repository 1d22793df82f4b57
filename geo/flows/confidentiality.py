"""Who may see what, and how confidential flows still count in totals without being told.

The scheme, in one sentence: *what a viewer may not see is added up once, over a fixed partition
that depends on no choice of the viewer; only sums that pass the rule are released; everything on
screen is computed from the release.* A difference between two filters or totals can then only
give back released sums (or what the viewer sees anyway), never one flow: this is why no
suppression has to be recomputed filter by filter.

1. Visibility. The public sees public links, the network also network links, the team all. A link
   is as secret as the strictest of its declarations and of the actors at its two ends.
2. The rule, after the French statistical secret (Insee: at least three units, none above 85 %).
   A sum is released only if its links are declared by three actors at least; if no actor touches
   85 % of it or more, as sender or receiver; and if, once the links of any one actor are taken
   away (it knows them), two other declarers remain.
3. The partition. First by (EPCI of origin, EPCI of destination, stream, year); outside and
   unknown count as one zone each. Sums that fail are merged into (inside / entering / leaving…,
   stream, year), then into (inside / entering / leaving…, year): the complement of what was
   released is itself a sum that passes the rule, or is not released at all, not even in totals.
4. Several viewers. The network could subtract what it sees from what the public sees. So the
   confidential links are partitioned first, alone; the public's sums only ever take whole
   released sums of them.
5. Only masses are released, with a coarse margin (tens of percent). Volumes, costs or trips of
   the same links would be further equations on the same few unknowns.

Limits, said plainly: that hidden flows exist, and how many in all, is not secret; someone who
notes a sum before and after a new flow is keyed in learns that flow; actors who share what they
know defeat any threshold.

Source of the thresholds: Insee, « Guide du secret statistique »; manuel de protection des
tableaux (frequency rule: 3 units; dominance rule: 85 %).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.french import NNBSP
from data.model import Visibility
from geo.flows.disclosure import FEWEST_ACTORS, released_sums
from geo.flows.links import GRAMS, MONTHS, Links, MassGap, grams, scopes
from geo.flows.places import OUTSIDE, TERRITORY, UNKNOWN, PlaceKind

MARGIN_STEP = 0.1
"""Margins of released sums are rounded up to this step."""

AGGREGATE_NAME = "Flux confidentiels agrégés"


class Viewer(StrEnum):
    """Who looks."""

    PUBLIC = "public"
    NETWORK = "network"
    TEAM = "team"


VISIBLE = {
    Viewer.PUBLIC: (Visibility.PUBLIC,),
    Viewer.NETWORK: (Visibility.PUBLIC, Visibility.NETWORK),
    Viewer.TEAM: (Visibility.PUBLIC, Visibility.NETWORK, Visibility.CONFIDENTIAL),
}
"""Visibilities each viewer sees link by link."""

_NO_TEXT = (
    "actor_id",
    "declared_by",
    "partner_label",
    "resource_id",
    "family",
    "reliability",
    "treatment_code",
    "origin_actor",
    "origin_commune",
    "destination_actor",
    "destination_commune",
)
"""Columns that a released sum leaves empty."""


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """All that a viewer's screen may be computed from.

    Attributes:
        links: visible links, then one link a released sum (``protected`` True, no flow, actor,
            commune or resource), and only the places they need.
        hidden_count: links that the viewer may not see; the same whatever the filters.
        masked_count: those of them that are in no released sum (or whose mass is unknown).
    """

    viewer: Viewer
    links: Links
    hidden_count: int
    masked_count: int

    @property
    def sentence(self) -> str:
        """Say in French what is not shown; empty when all is."""
        if not self.hidden_count:
            return ""
        counted = self.hidden_count - self.masked_count
        return (
            f"{_flows(self.hidden_count)} non détaillés ici (confidentialité){NNBSP}: "
            f"{counted} comptés dans des sommes d’au moins {FEWEST_ACTORS} acteurs, "
            f"{self.masked_count} dans aucun total."
        )


def release(links: Links, viewer: Viewer) -> Release:
    """Make what a viewer may see out of all links.

    Args:
        links: every link, of every visibility.
        viewer: who looks.
    """
    if viewer is Viewer.TEAM:
        return Release(viewer=viewer, links=links, hidden_count=0, masked_count=0)
    visibility = links.frame["visibility"]
    is_visible = visibility.isin([v.value for v in VISIBLE[viewer]]).to_numpy(dtype=bool)
    visible = links.where(is_visible)
    hidden = _contributions(links)[~is_visible]
    hidden = hidden[hidden["grams"] > 0]
    secret = (visibility == Visibility.CONFIDENTIAL).to_numpy(dtype=bool)[hidden["row"]]
    sums = released_sums(hidden, secret)
    frame = visible.frame
    if len(sums):
        added = _sum_links(sums, links.places)
        frame = pd.concat([frame, added[frame.columns].astype(frame.dtypes)], ignore_index=True)
    hidden_count = int((~is_visible).sum())
    return Release(
        viewer=viewer,
        links=_prune(replace(visible, frame=frame)),
        hidden_count=hidden_count,
        masked_count=hidden_count - (int(sums["links"].sum()) if len(sums) else 0),
    )


def _contributions(links: Links) -> pd.DataFrame:
    """What the rule and the partition need of each link (see :mod:`geo.flows.disclosure`)."""
    frame = links.frame
    zones = _zones(links.places)
    columns: dict[str, Any] = {
        "row": np.arange(len(frame)),
        "grams": grams(frame["mass_t"]),
        "margin": _margins(frame),
        "stream": frame["stream"].to_numpy(dtype=object),
        "year": frame["year"].array,
        "current": frame["current"].to_numpy(dtype=bool),
    }
    names = [frame["actor_id"].to_numpy(dtype=object)]
    label = frame["partner_label"].str.casefold().str.strip().to_numpy(dtype=object)
    for end in ("origin", "destination"):
        zone = zones.reindex(pd.Index(frame[end])).to_numpy(dtype=object)
        columns[f"{end}_zone"] = zone
        columns[f"{end}_side"] = np.where(np.isin(zone, (OUTSIDE, UNKNOWN)), zone, TERRITORY)
        actor = frame[f"{end}_actor"].to_numpy(dtype=object)
        # A partner outside is no actor of ours, but it may be the one behind everything.
        other = pd.Series("?" + label, dtype=object).mask(label == "", None)
        names.append(other.where(actor == "", actor).to_numpy(dtype=object))
    codes = pd.factorize(np.concatenate(names))[0].reshape(3, -1)
    columns["declarer"], columns["sender"], columns["receiver"] = codes
    return pd.DataFrame(columns)


def _margins(frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Larger relative half-width of each mass; 0 where there is none."""
    mass, low, high = (
        frame[column].to_numpy(dtype=np.float64)
        for column in ("mass_t", "mass_low_t", "mass_high_t")
    )
    safe = np.where(mass > 0, mass, 1.0)
    return np.where(mass > 0, np.maximum(1 - low / safe, high / safe - 1), 0.0)


def _zones(places: pd.DataFrame) -> "pd.Series[str]":
    """EPCI place, or « outside », or « unknown », of every place."""
    zone = places["at_epci"].where(places["inside"], OUTSIDE)
    return zone.mask(places["kind"] == PlaceKind.UNKNOWN, UNKNOWN)


def _sum_links(sums: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Released sums as rows of a links frame."""
    fine = sums["step"] == 0
    margin = np.ceil(np.round(sums["margin"] / MARGIN_STEP, 9)) * MARGIN_STEP
    added = pd.DataFrame(
        {
            "origin": sums["origin_zone"].where(fine, sums["origin_side"]),
            "destination": sums["destination_zone"].where(fine, sums["destination_side"]),
            "stream": sums["stream"].where(sums["step"] <= 1, ""),
            "year": sums["year"],
            "current": sums["current"],
            "mass_t": sums["grams"] / GRAMS,
            "mass_low_t": (sums["grams"] * np.maximum(0.0, 1 - margin)).round() / GRAMS,
            "mass_high_t": (sums["grams"] * (1 + margin)).round() / GRAMS,
        }
    )
    ends = [places.index.get_indexer(pd.Index(added[e])) for e in ("origin", "destination")]
    for end, row in zip(("origin", "destination"), ends, strict=True):
        added[f"{end}_epci"] = places["epci_code"].to_numpy()[row]
    added["scope"] = scopes(places, ends[0], ends[1])
    year = [str(y) for y in added["year"].fillna(0)]
    state = np.where(added["current"], "", "|past")
    names = [added[column].astype("str") for column in ("origin", "destination", "stream")]
    added["link_id"] = "protected:" + names[0] + "|" + names[1] + "|" + names[2] + "|" + year
    added["link_id"] += state
    added["flow_ids"] = pd.Series([()] * len(added), index=added.index, dtype=object)
    for column in _NO_TEXT:
        added[column] = ""
    for column in ("volume_m3", "trips_stated", "cost_eur", "uncertainty", *MONTHS):
        added[column] = np.nan
    added["resource_name"] = AGGREGATE_NAME
    added["gap"] = MassGap.NONE.value
    added["visibility"] = Visibility.PUBLIC.value
    added["tolerance"] = 0.0
    added["seasonal"] = False
    added["protected"] = True
    return added.sort_values("link_id", kind="stable", ignore_index=True)


def _prune(links: Links) -> Links:
    """Forget the places that only hidden links mention."""
    places = links.places
    fixed = ~places["kind"].isin([PlaceKind.ACTOR, PlaceKind.GATE])
    used = places.index.isin(links.frame["origin"]) | places.index.isin(links.frame["destination"])
    parents = places.loc[used, ["at_commune", "at_epci"]].to_numpy().ravel()
    return replace(links, places=places[fixed | used | places.index.isin(parents)])


def _flows(count: int) -> str:
    return "1 flux" if count == 1 else f"{count} flux"
