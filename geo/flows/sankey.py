"""Flows as a Sankey diagram that never loops.

A node belongs to one stage (« origine », « filière », « destination »…), so that the same EPCI as
origin and as destination is two nodes: cycles are broken by construction, and an EPCI's own loop
is a ribbon like another. Whatever enters a stage leaves it: sums are made in whole grams.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from data.model import ResourceFamily, Stream
from geo.flows.levels import Level, ends_at
from geo.flows.links import Links, Scope
from geo.flows.measures import STEPS, Measure, Measured, measure_links
from geo.flows.places import PlaceKind


class Stage(StrEnum):
    """A column of the diagram."""

    ORIGIN = "origin"
    """EPCI, « hors territoire » or « partenaire inconnu » that sends."""
    FAMILY = "family"
    STREAM = "stream"
    SCOPE = "scope"
    """Inside, entering, leaving…"""
    DESTINATION = "destination"
    """EPCI, « hors territoire » or « partenaire inconnu » that receives."""


@dataclass(frozen=True, slots=True, eq=False)
class Sankey:
    """Nodes and ribbons.

    Attributes:
        nodes: ``id`` (``stage:key``), ``stage`` (its position, 0 = left), ``kind`` (a
            :class:`Stage`), ``key`` (place id, or value of the family, stream or scope; empty =
            not told), ``name`` (of a place; empty otherwise), ``value``; ordered by stage, then
            by key in the order of the territory and of the model.
        ribbons: ``source``, ``target`` (rows of ``nodes``), ``value``, ``low``, ``high``,
            ``links``, ``unknown``; ordered by source, then target. A ribbon of which nothing is
            known has the value NaN.
        unit: of the values, as on screen.
        unknown: links that could not be drawn because this measure cannot tell them.
    """

    nodes: pd.DataFrame
    ribbons: pd.DataFrame
    unit: str
    unknown: int


BY_DIRECTION = (Stage.FAMILY, Stage.SCOPE)
BY_EPCI = (Stage.ORIGIN, Stage.DESTINATION)
FULL = (Stage.ORIGIN, Stage.STREAM, Stage.DESTINATION)
"""Ready-made columns."""

_ORDERS: dict[Stage, tuple[str, ...]] = {
    Stage.FAMILY: (*(f.value for f in ResourceFamily), ""),
    Stage.STREAM: (*(s.value for s in Stream), ""),
    Stage.SCOPE: tuple(s.value for s in Scope),
}


def sankey(
    links: Links, stages: tuple[Stage, ...] = BY_DIRECTION, measured: Measured | None = None
) -> Sankey:
    """Draw links as ribbons between stages.

    Args:
        links: what the viewer may see.
        stages: at least two columns, left to right.
        measured: what to sum, in the links' order; the mass by default.

    Raises:
        ValueError: fewer than two stages, or one twice.
    """
    if len(stages) < 2 or len(set(stages)) != len(stages):  # noqa: PLR2004
        raise ValueError("Un diagramme de Sankey demande au moins deux colonnes différentes.")
    measured = measured or measure_links(links, Measure.MASS)
    blocks, codes, base = [], [], 0
    for position, stage in enumerate(stages):
        keys, names, code = _column(links, stage)
        met, code = np.unique(code, return_inverse=True)
        blocks.append(
            pd.DataFrame(
                {
                    "id": [f"{stage.value}:{keys[k]}" for k in met],
                    "stage": position,
                    "kind": stage.value,
                    "key": [keys[k] for k in met],
                    "name": [names[k] for k in met],
                }
            )
        )
        codes.append(code + base)
        base += len(met)
    nodes = pd.concat(blocks, ignore_index=True)
    ribbons = pd.concat(
        [_ribbons(a, b, measured) for a, b in pairwise(codes)],
        ignore_index=True,
    )
    value = np.zeros(base, dtype=np.int64)
    for code in codes:
        np.add.at(value, code, measured.steps())
    nodes["value"] = value / STEPS[measured.measure]
    return Sankey(nodes, ribbons, measured.unit, measured.unknown_count)


def _column(links: Links, stage: Stage) -> tuple[list[str], list[str], Any]:
    """Keys and names of a stage in their order, and the key's number for each link."""
    if stage in _ORDERS:
        keys = list(_ORDERS[stage])
        code = pd.Index(keys).get_indexer(pd.Index(links.frame[stage.value]))
        return keys, [""] * len(keys), code
    places = links.places
    ends = ends_at(links, Level.EPCI)[0 if stage is Stage.ORIGIN else 1]
    # All gates are one « hors territoire » here; EPCI keep the order of their ids.
    is_gate = places["kind"].isin([PlaceKind.GATE, PlaceKind.ACTOR]).to_numpy(dtype=bool)
    outside = int(np.flatnonzero(places["kind"] == PlaceKind.OUTSIDE)[0])
    folded = np.where(is_gate, outside, np.arange(len(places)))
    kinds = [k.value for k in (PlaceKind.EPCI, PlaceKind.TERRITORY, PlaceKind.OUTSIDE)]
    rank = pd.Index(kinds).get_indexer(pd.Index(places["kind"]))
    rank = np.where(rank < 0, len(kinds), rank)
    order = np.lexsort((np.arange(len(places)), rank))
    position = np.argsort(order)
    return (
        [str(place) for place in places.index[order]],
        [str(name) for name in places["name"].to_numpy()[order]],
        position[folded[ends]],
    )


def _ribbons(source: Any, target: Any, measured: Measured) -> pd.DataFrame:
    pairs, group = np.unique(np.column_stack([source, target]), axis=0, return_inverse=True)
    size = len(pairs)
    table = pd.DataFrame({"source": pairs[:, 0], "target": pairs[:, 1]})
    unknown = np.isnan(measured.value)
    links = np.bincount(group, minlength=size)
    unknown_links = np.bincount(group[unknown], minlength=size)
    for column in ("value", "low", "high"):
        total = np.zeros(size, dtype=np.int64)
        np.add.at(total, group, measured.steps(column))
        known = total / STEPS[measured.measure]
        table[column] = np.where(links == unknown_links, np.nan, known)
    table["links"] = links
    table["unknown"] = unknown_links
    return table
