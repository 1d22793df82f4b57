"""One number a commune, sorted into a few readable classes."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from data.model import Actor, Flow, Territory
from data.nomenclature import Nomenclature
from data.units import annual_mass
from geo.frames import density

CLASSES = 5


class Measure(StrEnum):
    """What a commune is shaded by."""

    POPULATION = "population"
    DENSITY = "density"
    ACTORS = "actors"
    TONNES = "tonnes"


_UNITS = {
    Measure.POPULATION: "habitants",
    Measure.DENSITY: "hab./km²",
    Measure.ACTORS: "acteurs",
    Measure.TONNES: "t/an",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choropleth:
    """Values and classes of a measure.

    Attributes:
        unit: French, as shown after a value.
        vintage: of the figures behind the measure; empty for what the programme records itself.
        values: (commune code, value) in the territory's order; None = not known, never zero.
        edges: rising class limits, one more than there are classes; class ``i`` holds the values
            in ``[edges[i], edges[i + 1])``, the last one its upper limit too. Empty: no value.
        classes: (commune code, class number) of the communes that have a value.
    """

    measure: Measure
    unit: str
    vintage: str
    values: tuple[tuple[str, float | None], ...]
    edges: tuple[float, ...]
    classes: tuple[tuple[str, int], ...]


def choropleth(
    territory: Territory,
    actors: Iterable[Actor],
    flows_mass_by_commune: Mapping[str, float],
    measure: Measure,
) -> Choropleth:
    """Measure every commune and sort the values into at most ``CLASSES`` classes.

    Args:
        territory: communes, populations and areas.
        actors: those to count.
        flows_mass_by_commune: tonnes a year by commune code, from :func:`mass_by_commune`; a
            commune that is not in it has no known flow.
        measure: which number.
    """
    count = Counter(actor.commune_code for actor in actors) if measure is Measure.ACTORS else {}

    def value(code: str, population: int, people_per_km2: float) -> float | None:
        match measure:
            case Measure.POPULATION:
                return float(population)
            case Measure.DENSITY:
                return people_per_km2
            case Measure.ACTORS:
                return float(count.get(code, 0))
            case Measure.TONNES:
                return flows_mass_by_commune.get(code)

    values = tuple((c.code, value(c.code, c.population, density(c))) for c in territory.communes)
    known = [v for _, v in values if v is not None]
    edges = class_edges(known, whole=measure in {Measure.POPULATION, Measure.ACTORS})
    inhabitants = measure in {Measure.POPULATION, Measure.DENSITY}
    return Choropleth(
        measure=measure,
        unit=_UNITS[measure],
        vintage=territory.population_vintage if inhabitants else "",
        values=values,
        edges=edges,
        classes=tuple((code, class_of(v, edges)) for code, v in values if v is not None),
    )


def class_edges(values: Sequence[float], *, whole: bool = False) -> tuple[float, ...]:
    """Readable limits of classes that hold about as many values each (rounded quantiles).

    Every class holds at least one value; the limits span all of them. Zeros, when there are any
    among larger values, have a class of their own: « none » is not « a few ».

    Args:
        values: finite, not negative; any order.
        whole: limits are whole numbers.
    """
    data = np.sort(np.asarray(values, dtype=float))
    if data.size == 0:
        return ()
    smallest = 1.0 if whole else 0.0
    positive = data[data > 0]
    if positive.size == 0:
        return (0.0, 1.0)
    zeros = positive.size < data.size
    wanted = CLASSES - zeros
    inner = np.quantile(positive, np.arange(1, wanted) / wanted)
    limits = {readable(float(q)) for q in inner}
    if whole:
        limits = {float(round(limit)) for limit in limits}
    low = max(readable(float(positive[0]), math.floor), smallest)
    high = readable(float(positive[-1]), math.ceil)
    if whole:
        low, high = float(math.floor(low)), float(math.ceil(high))
    if high <= low:
        high = low + 1.0
    edges = [low, *sorted(x for x in limits if low < x < high), high]
    if zeros:
        edges = [0.0, *edges]
    return _without_empty_classes(data, edges)


def class_of(value: float, edges: Sequence[float]) -> int:
    """Class of a value within the limits of :func:`class_edges`."""
    return int(np.clip(np.searchsorted(edges, value, side="right") - 1, 0, len(edges) - 2))


def mass_by_commune(
    actors: Iterable[Actor], flows: Iterable[Flow], nomenclature: Nomenclature
) -> dict[str, float]:
    """Tonnes a year of these flows by commune of their actor.

    Flows without a known mass add nothing, and a commune with none of known mass is absent. Give
    flows of one direction only: an input and the output it comes from would count twice.
    """
    home = {actor.id: actor.commune_code for actor in actors}
    total: dict[str, float] = defaultdict(float)
    for flow in flows:
        code = home.get(flow.actor_id)
        if code is None:
            continue
        mass = annual_mass(flow, nomenclature.get(flow.resource_id))
        if mass is not None:
            total[code] += mass.t_per_year
    return dict(total)


def readable(value: float, rounding: Callable[[float], int] = round) -> float:
    """Round to half a unit of the leading digit: 1 234 gives 1 000, 1 260 gives 1 500."""
    if value <= 0 or not math.isfinite(value):
        return 0.0
    exponent = math.floor(math.log10(value))
    step = 0.5 * 10.0**exponent
    # Powers of ten below one are inexact: keep the digits that mean something.
    return round(rounding(value / step) * step, max(0, 1 - exponent))


def _without_empty_classes(data: npt.NDArray[np.float64], edges: list[float]) -> tuple[float, ...]:
    kept = [edges[0]]
    for upper in edges[1:-1]:
        if np.any((data >= kept[-1]) & (data < upper)):
            kept.append(upper)
    if len(kept) > 1 and not np.any(data >= kept[-1]):
        kept.pop()
    return (*kept, edges[-1])
