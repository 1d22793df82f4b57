"""One transfer, two declarations: A says it sends, B says it receives.

Declarations of the two sides about the same two actors, resource and year are the same physical
transfer. One side is *kept* (its declarations become the links) and the other's are attached to
it, so that nothing is counted twice and nothing said is lost. The kept side is the one with fewer
unknown quantities, then the more reliable (measured, declared, estimated), then the sender.

A declaration without a year joins the other side's when that side speaks of one year only.
Two declarations of one side are two transfers: they are never merged.

When both sides are known and their ranges do not meet, the disagreement is kept and the link's
range is widened to cover both.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.french import NNBSP, quantity, quote
from data.model import Reliability

_RELIABILITY_RANK = {
    Reliability.MEASURED.value: 0,
    Reliability.DECLARED.value: 1,
    Reliability.ESTIMATED.value: 2,
}
_LABELS = {True: "destination", False: "origin"}
_TRANSFER = ["origin", "destination", "resource_id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two sides of one transfer say different masses, beyond their uncertainties.

    Attributes:
        origin: place id of the sender.
        origin_name: its name, the user's own words (escape before making HTML).
        flow_ids: the declarations, the kept side's first.
        out_t: tonnes a year the sender declares, in a range ``out_low_t`` … ``out_high_t``.
        in_t: tonnes a year the receiver declares, likewise.
        year: ``None`` when not stated.
    """

    origin: str
    origin_name: str
    destination: str
    destination_name: str
    resource_name: str
    year: int | None
    flow_ids: tuple[str, ...]
    out_t: float
    out_low_t: float
    out_high_t: float
    in_t: float
    in_low_t: float
    in_high_t: float

    @property
    def sentence(self) -> str:
        """Say it in French, naming both actors."""
        when = f" en {self.year}" if self.year is not None else ""
        if self.origin == self.destination:
            return (
                f"{quote(self.resource_name)}{when}{NNBSP}: {self.origin_name} déclare garder pour "
                f"son propre usage {quantity(self.out_t, 't/an')} en sortie mais "
                f"{quantity(self.in_t, 't/an')} en entrée. L’écart dépasse les incertitudes"
                f"{NNBSP}: à vérifier."
            )
        return (
            f"{quote(self.resource_name)}{when}{NNBSP}: {self.origin_name} déclare envoyer "
            f"{quantity(self.out_t, 't/an')}, {self.destination_name} déclare en recevoir "
            f"{quantity(self.in_t, 't/an')}. L’écart dépasse leurs incertitudes"
            f"{NNBSP}: à vérifier auprès des deux."
        )


def merge_pairs(
    frame: pd.DataFrame, names: "pd.Series[str]"
) -> tuple[pd.DataFrame, tuple[Disagreement, ...]]:
    """Keep one side of every transfer declared by both.

    Args:
        frame: one row a declaration (see :mod:`geo.flows.links`), in order of ``link_id``, with
            ``is_in`` (declared by the receiver) and ``secrecy`` (rank of visibility).
        names: names by place id.

    Returns:
        The frame of kept declarations with ``flow_ids`` and ``declared_by`` instead of ``is_in``,
        and the disagreements, in order.
    """
    frame = frame.reset_index(drop=True)
    frame["flow_ids"] = pd.Series([(i,) for i in frame["link_id"]], index=frame.index, dtype=object)
    frame["declared_by"] = frame["is_in"].map(_LABELS).astype("str")
    both = frame["origin"].str.startswith("actor:") & frame["destination"].str.startswith("actor:")
    pairs = frame[both].copy()
    if not pairs.empty:
        pairs["year"] = _years_told_by_the_other_side(pairs)
        keys = [*_TRANSFER, "year"]
        pairs = pairs[pairs.groupby(keys, dropna=False)["is_in"].transform("nunique") == 2]  # noqa: PLR2004
    if pairs.empty:
        return frame.drop(columns="is_in"), ()
    return _merge(frame, pairs.copy(), names)


def _years_told_by_the_other_side(pairs: pd.DataFrame) -> "pd.Series[int]":
    """Fill a missing year when the other side speaks of one year only, this side of none."""
    key = pairs.groupby(_TRANSFER).ngroup().to_numpy()
    is_in = pairs["is_in"].to_numpy(dtype=bool)
    grouped = pairs.groupby([key, is_in])["year"]
    told = pd.DataFrame({"count": grouped.nunique(), "year": grouped.max()})
    own = told.reindex(pd.MultiIndex.from_arrays([key, is_in]))
    other = told.reindex(pd.MultiIndex.from_arrays([key, ~is_in]))
    fill = (own["count"].to_numpy() == 0) & (other["count"].to_numpy() == 1)
    year = pairs["year"].copy()
    year[fill] = other["year"].array[fill]
    return year


def _merge(
    frame: pd.DataFrame, pairs: pd.DataFrame, names: "pd.Series[str]"
) -> tuple[pd.DataFrame, tuple[Disagreement, ...]]:
    pairs["group"] = pairs.groupby([*_TRANSFER, "year"], dropna=False, sort=True).ngroup()
    width = pairs["tolerance"]
    sides = (
        pairs.assign(
            unknown=pairs["mass_t"].isna(),
            rank=pairs["reliability"].map(_RELIABILITY_RANK),
            low=np.minimum(pairs["mass_low_t"], pairs["mass_t"] * (1 - width)),
            high=np.maximum(pairs["mass_high_t"], pairs["mass_t"] * (1 + width)),
        )
        .groupby(["is_in", "group"])
        .agg(
            unknown=("unknown", "sum"),
            rank=("rank", "max"),
            mass=("mass_t", "sum"),
            low=("low", "sum"),
            high=("high", "sum"),
        )
    )
    out, back = pd.DataFrame(sides.xs(False)), pd.DataFrame(sides.xs(True))
    keep_in = (back["unknown"] < out["unknown"]) | (
        (back["unknown"] == out["unknown"]) & (back["rank"] < out["rank"])
    )
    known = (out["unknown"] == 0) & (back["unknown"] == 0)
    differ = known & ((out["low"] > back["high"]) | (back["low"] > out["high"]))

    group = pairs["group"].to_numpy()
    is_kept = pairs["is_in"].to_numpy(dtype=bool) == keep_in.to_numpy()[group]
    pairs["secrecy"] = pairs.groupby("group")["secrecy"].transform("max")
    pairs = _complete(pairs)
    kept, other = pairs[is_kept].copy(), pairs[~is_kept]
    others = other.groupby("group")["link_id"].agg(tuple)
    first = ~kept["group"].duplicated()
    kept["flow_ids"] = pd.Series(
        [
            (flow_id, *others[group]) if is_first else (flow_id,)
            for flow_id, group, is_first in zip(kept["link_id"], kept["group"], first, strict=True)
        ],
        index=kept.index,
        dtype=object,
    )
    kept["declared_by"] = "both"
    _widen(kept, out, back, differ)

    said = kept.groupby("group")["flow_ids"].agg(lambda ids: tuple(i for t in ids for i in t))
    disagreements = tuple(
        _disagreement(kept[kept["group"] == g].iloc[0], said[g], out.loc[g], back.loc[g], names)
        for g in differ.index[differ]
    )
    untouched = frame.drop(index=pairs.index)
    merged = pd.concat([untouched, kept[frame.columns]]).sort_index()
    return merged.drop(columns="is_in").reset_index(drop=True), disagreements


def _complete(pairs: pd.DataFrame) -> pd.DataFrame:
    """Let a silent side borrow what the other side says of treatment and frequency."""
    pairs = pairs.copy()
    said = pairs["treatment_code"].replace("", None)
    pairs["treatment_code"] = said.fillna(said.groupby(pairs["group"]).transform("first")).fillna(
        ""
    )
    trips = pairs["trips_stated"]
    pairs["trips_stated"] = trips.fillna(trips.groupby(pairs["group"]).transform("first"))
    return pairs


def _widen(
    kept: pd.DataFrame, out: pd.DataFrame, back: pd.DataFrame, differ: "pd.Series[bool]"
) -> None:
    """Stretch the range of disputed links over both sides, in proportion to their masses."""
    group = kept["group"].to_numpy()
    disputed = differ.to_numpy()[group]
    low = np.minimum(out["low"].to_numpy(), back["low"].to_numpy())[group]
    high = np.maximum(out["high"].to_numpy(), back["high"].to_numpy())[group]
    mass = kept["mass_t"].to_numpy()
    total = kept.groupby("group")["mass_t"].transform("sum").to_numpy()
    count = kept.groupby("group")["mass_t"].transform("size").to_numpy()
    share = np.where(total > 0, mass / np.where(total > 0, total, 1.0), 1.0 / count)
    kept["mass_low_t"] = np.where(disputed, np.minimum(low * share, mass), kept["mass_low_t"])
    kept["mass_high_t"] = np.where(disputed, np.maximum(high * share, mass), kept["mass_high_t"])
    for column in ("mass_low_t", "mass_high_t"):
        kept[column] = np.rint(kept[column] * 1e6) / 1e6


def _disagreement(
    row: "pd.Series[str]",
    flow_ids: tuple[str, ...],
    out: "pd.Series[float]",
    back: "pd.Series[float]",
    names: "pd.Series[str]",
) -> Disagreement:
    return Disagreement(
        origin=row["origin"],
        origin_name=str(names[row["origin"]]),
        destination=row["destination"],
        destination_name=str(names[row["destination"]]),
        resource_name=row["resource_name"],
        year=None if pd.isna(row["year"]) else int(row["year"]),
        flow_ids=flow_ids,
        out_t=float(out["mass"]),
        out_low_t=float(out["low"]),
        out_high_t=float(out["high"]),
        in_t=float(back["mass"]),
        in_low_t=float(back["low"]),
        in_high_t=float(back["high"]),
    )
