"""What a link amounts to: tonnes, cubic metres, trips, euros, tonne-kilometres, kg CO₂e.

Every measure is three arrays beside the links (value, low, high), NaN where unknown: the unknown
is counted, never taken for zero. Each measure has a smallest step (a gram, a tenth of a litre…);
sums are made in whole steps, so that they are the same at every level.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.figures import Figures, load_figures
from data.french import NNBSP, number, percent, quantity
from data.model import Resource
from geo.flows.links import Links
from geo.projection import great_circle_m
from geo.travel.great_circle import BAND_MIDDLES_M, BANDS

Array = npt.NDArray[np.float64]


class Measure(StrEnum):
    """What to count."""

    MASS = "mass"
    VOLUME = "volume"
    TRIPS = "trips"
    COST = "cost"
    TONNE_KM = "tonne_km"
    CO2E = "co2e"


UNITS = {
    Measure.MASS: "t/an",
    Measure.VOLUME: "m³/an",
    Measure.TRIPS: "trajets/an",
    Measure.COST: "€/an",
    Measure.TONNE_KM: "t·km/an",
    Measure.CO2E: "kg CO₂e/an",
}
"""Unit of each measure, as on screen."""

STEPS = {
    Measure.MASS: 1e6,
    Measure.VOLUME: 1e4,
    Measure.TRIPS: 1e3,
    Measure.COST: 1e2,
    Measure.TONNE_KM: 1e4,
    Measure.CO2E: 1e4,
}
"""Steps in one unit of each measure."""


SAME_POINT_M = 1.0
"""Two different places closer than this share one approximate position."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A measure of each link, in the links' order.

    Attributes:
        value: in ``unit``, NaN when unknown; ``low <= value <= high``.
    """

    measure: Measure
    value: Array
    low: Array
    high: Array

    @property
    def unit(self) -> str:
        """Unit, as on screen."""
        return UNITS[self.measure]

    @property
    def unknown_count(self) -> int:
        """Links that this measure cannot tell."""
        return int(np.isnan(self.value).sum())

    def steps(self, column: str = "value") -> npt.NDArray[np.int64]:
        """Whole steps of ``value``, ``low`` or ``high``; the unknown adds nothing."""
        values: Array = np.nan_to_num(getattr(self, column), nan=0.0)
        return np.rint(values * STEPS[self.measure]).astype(np.int64)

    def total(self) -> tuple[float, float, float]:
        """Sum of what is known: value, low, high (bounds add up: errors may share a cause)."""
        value, low, high = (
            float(self.steps(column).sum() / STEPS[self.measure])
            for column in ("value", "low", "high")
        )
        return value, low, high


def measure_links(
    links: Links,
    measure: Measure,
    resources: Iterable[Resource] = (),
    figures: Figures | None = None,
) -> Measured:
    """Measure every link.

    - mass: as declared, with its range.
    - volume: as declared when the quantity is a volume, else mass ÷ bulk density of the resource
      (its range widens the result); unknown without a density.
    - trips: visits a week as declared, else mass ÷ payload of a van, at least one; an inside
      loop makes no trip.
    - cost: as declared by the actor (positive when it pays); no range is declared.
    - tonne-kilometres: mass × great circle × road factor of a van; unknown when one end has no
      position, when it is a whole department or country, or when both ends share one approximate
      position; zero for an inside loop.
    - CO₂e of transport: tonne-kilometres × the factor of a van.

    Args:
        links: what to measure.
        measure: which one.
        resources: the nomenclature's entries; needed for volumes only.
        figures: with the users' values; the project's table by default.
    """
    table = figures if figures is not None else load_figures()
    if measure is Measure.MASS:
        return Measured(measure, *_mass(links))
    if measure is Measure.VOLUME:
        return Measured(measure, *_volume(links, resources))
    if measure is Measure.TRIPS:
        return Measured(measure, *_trips(links, table))
    if measure is Measure.COST:
        cost = _column(links, "cost_eur")
        return Measured(measure, cost, cost, cost)
    value, low, high = _tonne_km(links, table)
    if measure is Measure.CO2E:
        factor = table["van_co2e_per_t_km"]
        value, low, high = value * factor.value, low * factor.low, high * factor.high
    return Measured(measure, value, low, high)


def explain(measure: Measure, figures: Figures | None = None) -> str:
    """Say in French how a measure is made, with the figures used and their ranges."""
    table = figures if figures is not None else load_figures()
    if measure is Measure.MASS:
        return (
            "Masse déclarée, ramenée à l’année ; volumes et pièces sont pesés avec la densité ou "
            "la masse unitaire de la ressource. Une quantité inconnue est comptée à part, jamais "
            "comme un zéro."
        )
    if measure is Measure.VOLUME:
        return (
            "Volume déclaré, sinon masse ÷ densité en vrac de la ressource, avec la fourchette de "
            "cette densité. Inconnu quand la densité l’est."
        )
    if measure is Measure.TRIPS:
        load = table["van_payload"]
        return (
            "Passages déclarés par semaine × 52, sinon masse ÷ charge d’une fourgonnette "
            f"({quantity(load.value, 'kg')}, de {number(load.low)} à {quantity(load.high, 'kg')}), "
            "un trajet au moins."
        )
    if measure is Measure.COST:
        return "Coût annuel déclaré par l’acteur (négatif quand il y gagne)."
    roads = [table[f"road_factor_van_{band}"].value for band in BANDS]
    distance = (
        "Masse × distance à vol d’oiseau × facteur route "
        f"({number(min(roads))} à {number(max(roads))} selon la distance)"
    )
    if measure is Measure.TONNE_KM:
        return f"{distance}. Inconnu quand l’autre bout n’est pas localisé."
    factor = table["van_co2e_per_t_km"]
    return (
        f"{distance} × {quantity(factor.value, 'kg CO₂e par t·km')} "
        f"(fourgonnette, ±{NNBSP}{percent(factor.relative_margin)}). Transport seul, sans la "
        f"fabrication ni le traitement. Source{NNBSP}: {factor.source}."
    )


def _column(links: Links, name: str) -> Array:
    return links.frame[name].to_numpy(dtype=np.float64)


def _mass(links: Links) -> tuple[Array, Array, Array]:
    return tuple(_column(links, name) for name in ("mass_t", "mass_low_t", "mass_high_t"))  # type: ignore[return-value]


def _volume(links: Links, resources: Iterable[Resource]) -> tuple[Array, Array, Array]:
    known = {r.id: r for r in resources if r.density_kg_per_l}
    density = pd.DataFrame(
        {
            "value": {i: r.density_kg_per_l for i, r in known.items()},
            "low": {i: r.density_low_kg_per_l or r.density_kg_per_l for i, r in known.items()},
            "high": {i: r.density_high_kg_per_l or r.density_kg_per_l for i, r in known.items()},
        },
        dtype=np.float64,
    ).reindex(pd.Index(links.frame["resource_id"]))
    value, low, high = _mass(links)
    stated = _column(links, "volume_m3")
    width = np.nan_to_num(_column(links, "uncertainty"), nan=0.0)
    is_stated = ~np.isnan(stated)
    return (
        np.where(is_stated, stated, value / density["value"].to_numpy()),
        np.where(is_stated, stated * np.maximum(0.0, 1 - width), low / density["high"].to_numpy()),
        np.where(is_stated, stated * (1 + width), high / density["low"].to_numpy()),
    )


def _trips(links: Links, figures: Figures) -> tuple[Array, Array, Array]:
    load = figures["van_payload"]
    stated = _column(links, "trips_stated")
    ring = (links.frame["origin"] == links.frame["destination"]).to_numpy(dtype=bool)
    mass = _mass(links)
    result = []
    for tonnes, load_kg in zip(mass, (load.value, load.high, load.low), strict=True):
        trips = np.where(tonnes > 0, np.maximum(1.0, tonnes * 1000 / load_kg), tonnes)
        trips = np.where(ring & ~np.isnan(tonnes), 0.0, trips)
        result.append(np.where(np.isnan(stated), trips, stated))
    return result[0], result[1], result[2]


def _tonne_km(links: Links, figures: Figures) -> tuple[Array, Array, Array]:
    straight = distances_m(links)
    value, low, high = _mass(links)
    return (
        value * road_km(straight, figures, "value"),
        low * road_km(straight, figures, "low"),
        high * road_km(straight, figures, "high"),
    )


def distances_m(links: Links) -> Array:
    """Great circle between the two ends, metres: 0 for a loop, NaN when it cannot be told."""
    places = links.places
    ends = []
    for end in ("origin", "destination"):
        rows = places.index.get_indexer(pd.Index(links.frame[end]))
        ends += [places["true_lon"].to_numpy()[rows], places["true_lat"].to_numpy()[rows]]
    straight = great_circle_m(*ends)
    ring = (links.frame["origin"] == links.frame["destination"]).to_numpy(dtype=bool)
    # Two places on one point are two approximate positions, not two neighbours.
    straight = np.where(straight > SAME_POINT_M, straight, np.nan)
    # A loop at a place stays there; « unknown to unknown » is no loop.
    located = np.isfinite(ends[0])
    return np.where(ring & located, 0.0, straight)


def road_km(straight_m: Array, figures: Figures, column: str) -> Array:
    """Road kilometres of a van from great-circle metres.

    Args:
        straight_m: any shape.
        figures: needs ``road_factor_van_<band>``.
        column: ``value``, ``low`` or ``high`` of the factors.
    """
    factors = np.array([getattr(figures[f"road_factor_van_{band}"], column) for band in BANDS])
    knots = np.array(BAND_MIDDLES_M)
    road = knots * factors
    beyond = np.maximum(straight_m - knots[-1], 0.0) * factors[-1]
    return np.asarray(
        (np.interp(straight_m, np.append(0.0, knots), np.append(0.0, road)) + beyond) / 1000
    )
