"""What comes in, goes out, stays inside: the balance of a perimeter, with its uncertainty.

For a perimeter P (the territory, one EPCI, one commune, one actor) and the links given:

- ``inside``: both ends in P; ``entering``: from another known place into P; ``leaving``: from P
  to another known place; ``unknown_in`` / ``unknown_out``: the other end is an unknown partner;
- ``inputs`` = inside + entering + unknown_in; ``outputs`` = inside + leaving + unknown_out;
- ``stock`` = inputs - outputs (declared flows only: what is consumed, transformed or simply not
  declared shows here too);
- ``local_share`` = inside / inputs: the part of what P receives that comes from P itself;
- ``circularity`` = U / M, after Eurostat's circular material use rate (env_ac_cur, calculation
  method, 2018: U = material recycled and fed back, M = overall material use), brought down to
  declared flows: M = inputs of P in material streams (no energy, water or shared means), U = the
  part of M that is of the family « déchets », stays inside P and is not sent to disposal (D
  codes) nor energy recovery (R1). Low end: only links that state a recovery code R2 to R13.
  Protected aggregates, of unknown family, stay out of both U and M.

A rate whose denominator is zero is NaN: nothing can be said. Bounds of sums add up (errors may
share a cause); bounds of a rate u / (u + rest) take u and the rest at opposite ends.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.model import ResourceFamily, Stream
from geo.flows.levels import Level, ends_at
from geo.flows.links import GRAMS, MONTHS, Links, grams
from geo.flows.places import TERRITORY, PlaceKind

IMMATERIAL = (Stream.ENERGY, Stream.WATER, Stream.SHARED_MEANS)
"""Streams left out of the circularity rate."""

PARTS = ("inside", "entering", "leaving", "unknown_in", "unknown_out")
BOUNDS = ("", "_low", "_high")

_MASS_COLUMNS = dict(zip(BOUNDS, ("mass_t", "mass_low_t", "mass_high_t"), strict=True))


class Perimeter(StrEnum):
    """Whose balance."""

    TERRITORY = "territory"
    EPCI = "epci"
    COMMUNE = "commune"
    ACTOR = "actor"


def balance(
    links: Links, perimeter: Perimeter = Perimeter.TERRITORY, split: Sequence[str] = ()
) -> pd.DataFrame:
    """Balance of every perimeter met, ordered by place id.

    Args:
        links: what the viewer may see, usually one year or the current links of it.
        perimeter: whose balance. Finer than the territory, the row ``territory`` holds the
            protected aggregates that are not told by EPCI.
        split: link columns that cut each balance further (``stream``, ``resource_id``, ``family``,
            ``year``…).

    Returns:
        Columns ``place``, ``name``, those of ``split``, then in tonnes a year with ``_low_t`` and
        ``_high_t`` beside each: ``inside_t``, ``entering_t``, ``leaving_t``, ``unknown_in_t``,
        ``unknown_out_t``, ``inputs_t``, ``outputs_t``, ``stock_t``; the rates ``local_share`` and
        ``circularity`` (with ``_low`` and ``_high``, NaN when nothing can be said); ``links`` and
        ``unknown_links`` (of unknown mass, counted nowhere in tonnes).
    """
    frame = links.frame
    origin, destination = _perimeters(links, perimeter)
    is_unknown = (links.places["kind"] == PlaceKind.UNKNOWN).to_numpy(dtype=bool)
    from_row, to_row = ends_at(links, Level.ACTOR)
    inside = (origin == destination) & (origin >= 0)
    leaves = (origin >= 0) & ~inside
    enters = (destination >= 0) & ~inside
    members = {
        "inside": (inside, origin),
        "entering": (enters & ~is_unknown[from_row], destination),
        "leaving": (leaves & ~is_unknown[to_row], origin),
        "unknown_in": (enters & is_unknown[from_row], destination),
        "unknown_out": (leaves & is_unknown[to_row], origin),
    }
    rows = [np.flatnonzero(mask) for mask, _ in members.values()]
    owners = [owner[r] for r, (_, owner) in zip(rows, members.values(), strict=True)]
    row = np.concatenate(rows).astype(np.int64)
    long = pd.DataFrame(
        {
            "place": np.concatenate(owners),
            "part": np.repeat(np.arange(len(PARTS)), [len(r) for r in rows]),
        }
    )
    for column in split:
        long[column] = frame[column].array[row]
    keys = ["place", *split]
    groups = long[keys].drop_duplicates().sort_values(keys, ignore_index=True)
    group = long.groupby(keys, dropna=False, sort=True).ngroup().to_numpy().astype(np.int64)
    table = groups.copy()
    table["name"] = links.places["name"].to_numpy()[groups["place"]]
    table["place"] = links.places.index.to_numpy()[groups["place"]]
    _add_masses(table, frame, row, long["part"].to_numpy(), group)
    _add_rates(table, frame, row, long["part"].to_numpy(), group)
    known = frame["mass_t"].notna().to_numpy(dtype=bool)[row]
    table["links"] = np.bincount(group, minlength=len(table))
    table["unknown_links"] = np.bincount(group[~known], minlength=len(table))
    return table[["place", "name", *[c for c in table.columns if c not in {"place", "name"}]]]


def monthly_profile(links: Links) -> pd.DataFrame:
    """Tonnes moved in each month, seen from the territory.

    Returns:
        Index ``month`` 1 … 12; columns ``inside_t``, ``entering_t``, ``leaving_t``,
        ``outside_t``, ``unknown_t`` (one a scope). Protected aggregates, whose months are not
        told, are left out.
    """
    frame = links.frame[~links.frame["protected"]]
    mass = np.nan_to_num(frame["mass_t"].to_numpy(dtype=np.float64), nan=0.0)
    shares = frame[list(MONTHS)].to_numpy(dtype=np.float64)
    profile = pd.DataFrame(index=pd.RangeIndex(1, 13, name="month"))
    for scope in ("inside", "entering", "leaving", "outside", "unknown"):
        here = (frame["scope"] == scope).to_numpy(dtype=bool)
        profile[f"{scope}_t"] = mass[here] @ shares[here]
    return profile


def _perimeters(
    links: Links, perimeter: Perimeter
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row (in places) of the perimeter that each end belongs to, -1 for none."""
    places = links.places
    level = Level.EPCI if perimeter is Perimeter.TERRITORY else Level(perimeter.value)
    ends = ends_at(links, level)
    is_ours = places["inside"].to_numpy(dtype=bool)
    if perimeter is Perimeter.ACTOR:
        is_ours = is_ours | (places["kind"] == PlaceKind.ACTOR).to_numpy(dtype=bool)
    whole = int(places.index.get_indexer(pd.Index([TERRITORY]))[0])
    found = []
    for end in ends:
        row = np.where(is_ours[end], end, -1)
        found.append(np.where(row >= 0, whole, -1) if perimeter is Perimeter.TERRITORY else row)
    return found[0], found[1]


def _add_masses(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    row: npt.NDArray[np.int64],
    part: npt.NDArray[np.int64],
    group: npt.NDArray[np.int64],
) -> None:
    size = len(table)
    sums: dict[str, npt.NDArray[np.int64]] = {}
    for bound, column in _MASS_COLUMNS.items():
        mass = grams(frame[column])[row]
        for code, name in enumerate(PARTS):
            here = part == code
            sums[name + bound] = _sum(group[here], mass[here], size)
        sums["inputs" + bound] = _sum_of(sums, bound, "inside", "entering", "unknown_in")
        sums["outputs" + bound] = _sum_of(sums, bound, "inside", "leaving", "unknown_out")
    # What stays inside comes in and goes out alike: its uncertainty is none of the stock's.
    for bound, out_bound in (("", ""), ("_low", "_high"), ("_high", "_low")):
        sums["stock" + bound] = _sum_of(sums, bound, "entering", "unknown_in") - _sum_of(
            sums, out_bound, "leaving", "unknown_out"
        )
    for name in (*PARTS, "inputs", "outputs", "stock"):
        for bound in BOUNDS:
            table[f"{name}{bound}_t"] = sums[name + bound] / GRAMS


def _sum_of(
    sums: dict[str, npt.NDArray[np.int64]], bound: str, *names: str
) -> npt.NDArray[np.int64]:
    """Add up some parts at one bound."""
    return np.asarray(np.sum([sums[name + bound] for name in names], axis=0), dtype=np.int64)


def _add_rates(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    row: npt.NDArray[np.int64],
    part: npt.NDArray[np.int64],
    group: npt.NDArray[np.int64],
) -> None:
    size = len(table)
    mass = {bound: grams(frame[column])[row] for bound, column in _MASS_COLUMNS.items()}
    is_input = np.isin(part, [PARTS.index(p) for p in ("inside", "entering", "unknown_in")])
    is_inside = part == PARTS.index("inside")
    code = frame["treatment_code"].str.strip().str.upper().str.replace(" ", "")
    is_material = ~(frame["stream"].isin([s.value for s in IMMATERIAL]) | frame["protected"])
    is_waste = frame["family"] == ResourceFamily.WASTE.value
    is_lost = code.str.startswith("D") | (code == "R1")
    is_reuse = (is_waste & ~is_lost).to_numpy(dtype=bool)[row] & is_inside
    is_stated = is_reuse & (code.str.startswith("R") & (code != "R1")).to_numpy(dtype=bool)[row]
    material = is_material.to_numpy(dtype=bool)[row] & is_input
    rates = {
        "local_share": (is_input, is_inside, is_inside),
        "circularity": (material, is_reuse & material, is_stated & material),
    }
    for name, (whole, counted, sure) in rates.items():
        total = {b: _sum(group[whole], m[whole], size) for b, m in mass.items()}
        use = {b: _sum(group[counted], m[counted], size) for b, m in mass.items()}
        least = _sum(group[sure], mass["_low"][sure], size)
        sure_high = _sum(group[sure], mass["_high"][sure], size)
        table[name] = _ratio(use[""], total[""] - use[""])
        table[f"{name}_low"] = _ratio(least, total["_high"] - sure_high)
        table[f"{name}_high"] = _ratio(use["_high"], total["_low"] - use["_low"])


def _ratio(part: npt.NDArray[np.int64], rest: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    whole = (part + rest).astype(np.float64)
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


def _sum(
    group: npt.NDArray[np.int64], values: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.int64]:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, group, values)
    return total
