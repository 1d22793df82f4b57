"""Links gathered at three levels: actor, commune, EPCI.

Places outside and unknown partners stay what they are at every level; a link whose two ends
become the same place is kept as a ring. Sums are made in whole steps of the measure (grams…), so
that every level has exactly the same total.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.flows.links import Links
from geo.flows.measures import STEPS, Measure, Measured, measure_links

RELIABILITIES = ("measured", "declared", "estimated")
"""From the best known to the least."""


class Level(StrEnum):
    """How finely places are told apart."""

    ACTOR = "actor"
    COMMUNE = "commune"
    EPCI = "epci"


@dataclass(frozen=True, slots=True, eq=False)
class LevelMap:
    """Edges between the places of one level.

    Attributes:
        level: at which places were gathered.
        unit: of ``value``, ``low``, ``high``, as on screen.
        edges: ordered by origin, destination and the ``by`` columns; columns ``origin``,
            ``destination``, the ``by`` columns, ``value``, ``low``, ``high`` (NaN when nothing
            behind is known), ``links``, ``unknown`` (how many), ``reliability`` (the least
            reliable behind; empty for a protected aggregate alone), ``protected`` (some of it
            stands for confidential links), ``ring``.
        nodes: indexed by place id, ordered; ``kind``, ``name``, ``lon``, ``lat``, ``inside``,
            ``inflow``, ``outflow`` (without rings), ``ring``, ``unknown`` (links).
        edge_of_link: row of ``edges`` for each link, in the links' order.
    """

    level: Level
    unit: str
    edges: pd.DataFrame
    nodes: pd.DataFrame
    edge_of_link: npt.NDArray[np.int64]


def ends_at(links: Links, level: Level) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows in ``links.places`` of origin and destination, gathered at a level."""
    places = links.places
    rows = [places.index.get_indexer(pd.Index(links.frame[e])) for e in ("origin", "destination")]
    if level is not Level.ACTOR:
        up = places.index.get_indexer(pd.Index(places[f"at_{level.value}"]))
        rows = [up[row] for row in rows]
    return rows[0], rows[1]


def aggregate(
    links: Links,
    level: Level,
    by: tuple[str, ...] = ("stream",),
    measured: Measured | None = None,
) -> LevelMap:
    """Gather links between the places of a level.

    Args:
        links: in any number, none included.
        level: actor, commune or EPCI.
        by: further link columns that tell edges apart (``stream``, ``family``, ``reliability``…).
        measured: what to sum, in the links' order; the mass by default.
    """
    measured = measured or measure_links(links, Measure.MASS)
    origin, destination = ends_at(links, level)
    keys: list[npt.NDArray[np.intp]] = [origin, destination]
    labels: list[pd.Index] = []
    for column in by:
        codes, uniques = pd.factorize(links.frame[column], sort=True)
        keys.append(codes)
        labels.append(pd.Index(uniques))
    _, first, edge = np.unique(_one_key(keys), return_index=True, return_inverse=True)
    count = len(first)
    places = links.places
    columns: dict[str, object] = {
        "origin": places.index[origin[first]],
        "destination": places.index[destination[first]],
    }
    for column, codes, names in zip(by, keys[2:], labels, strict=True):
        columns[column] = names[codes[first]]
    unknown = np.isnan(measured.value)
    links_count = np.bincount(edge, minlength=count)
    unknown_count = np.bincount(edge, weights=unknown, minlength=count).astype(np.int64)
    for column in ("value", "low", "high"):
        total = _sum(edge, measured.steps(column), count) / STEPS[measured.measure]
        columns[column] = np.where(unknown_count == links_count, np.nan, total)
    columns["links"] = links_count
    columns["unknown"] = unknown_count
    columns["reliability"] = _least_reliable(links, edge, count)
    protected = links.frame["protected"].to_numpy(dtype=np.float64)
    columns["protected"] = np.bincount(edge, weights=protected, minlength=count) > 0
    columns["ring"] = origin[first] == destination[first]
    edges = pd.DataFrame(columns)
    nodes = _nodes(links, measured, origin, destination)
    return LevelMap(level, measured.unit, edges, nodes, edge)


def _one_key(keys: list[npt.NDArray[np.intp]]) -> npt.NDArray[np.int64]:
    """One number a combination, in lexicographic order."""
    key = np.zeros(len(keys[0]), dtype=np.int64)
    for codes in keys:
        # Ranks stay below the number of links, so the product never overflows.
        ranks = np.unique(codes, return_inverse=True)[1]
        key = key * (int(ranks.max(initial=0)) + 1) + ranks
        key = np.unique(key, return_inverse=True)[1].astype(np.int64)
    return key


def _sum(
    group: npt.NDArray[np.int64], steps: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, group, steps)
    return total


def _least_reliable(
    links: Links, edge: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.object_]:
    ranks = pd.Index(RELIABILITIES).get_indexer(pd.Index(links.frame["reliability"]))
    worst = np.full(count, -1, dtype=np.int64)
    np.maximum.at(worst, edge, ranks)
    return np.array([*RELIABILITIES, ""], dtype=object)[worst]


def _nodes(
    links: Links,
    measured: Measured,
    origin: npt.NDArray[np.intp],
    destination: npt.NDArray[np.intp],
) -> pd.DataFrame:
    places = links.places
    steps, size = measured.steps(), len(places)
    ring = origin == destination
    scale = STEPS[measured.measure]
    unknown = np.isnan(measured.value)
    nodes = places[["kind", "name", "lon", "lat", "inside"]].copy()
    nodes["inflow"] = _sum(destination[~ring], steps[~ring], size) / scale
    nodes["outflow"] = _sum(origin[~ring], steps[~ring], size) / scale
    nodes["ring"] = _sum(origin[ring], steps[ring], size) / scale
    nodes["unknown"] = np.bincount(origin[unknown], minlength=size) + np.bincount(
        destination[unknown & ~ring], minlength=size
    )
    met = np.zeros(size, dtype=bool)
    met[origin] = True
    met[destination] = True
    return nodes[met]
