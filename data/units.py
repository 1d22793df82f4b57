"""Units people write on flows, and what a flow weighs in a year, with its uncertainty."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from data.errors import InputError
from data.figures import Figures, load_figures
from data.french import NNBSP, number, quote
from data.model import Flow, Period, Resource
from data.text import fold, words

PERIODS_PER_YEAR: Final = {
    Period.DAY: 365.0,
    Period.WEEK: 52.0,
    Period.MONTH: 12.0,
    Period.QUARTER: 4.0,
    Period.YEAR: 1.0,
}
"""Periods counted in a year when the flow does not say (52 weeks, as the 52 t/yr cap does)."""

_KG_PER_T = 1000.0
_PIECE = "pièce"


class UnitKind(StrEnum):
    """What a unit measures; decides what is needed to turn it into a mass."""

    MASS = "mass"
    VOLUME = "volume"
    PIECE = "piece"
    OTHER = "other"
    """Hours, surfaces, energy, meals: no mass of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit.

    Attributes:
        symbol: how it is written on screen.
        factor: kilograms (mass), litres (volume) or pieces per unit; 1 for the others.
    """

    symbol: str
    kind: UnitKind
    factor: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mass:
    """A yearly mass with its range, ``low <= t_per_year <= high``, tonnes per year."""

    t_per_year: float
    low: float
    high: float


_TABLE: Final = (
    (Unit(symbol="t", kind=UnitKind.MASS, factor=1000), ("tonne", "tonnes", "to")),
    (Unit(symbol="kg", kind=UnitKind.MASS), ("kilo", "kilos", "kilogramme", "kilogrammes", "kgs")),
    (Unit(symbol="g", kind=UnitKind.MASS, factor=0.001), ("gramme", "grammes", "gr")),
    (Unit(symbol="L", kind=UnitKind.VOLUME), ("litre", "litres")),
    (Unit(symbol="hL", kind=UnitKind.VOLUME, factor=100), ("hectolitre", "hectolitres")),
    (
        Unit(symbol="m³", kind=UnitKind.VOLUME, factor=1000),
        ("m3", "metre cube", "metres cubes", "mètre cube", "mètres cubes"),
    ),
    (Unit(symbol=_PIECE, kind=UnitKind.PIECE), ("pieces", "unite", "unites", "u")),
    (Unit(symbol="palette", kind=UnitKind.PIECE), ("palettes",)),
    (Unit(symbol="caisse", kind=UnitKind.PIECE), ("caisses", "cagette", "cagettes", "cageots")),
    (Unit(symbol="barrique", kind=UnitKind.PIECE), ("barriques",)),
    (Unit(symbol="bouteille", kind=UnitKind.PIECE), ("bouteilles",)),
    (Unit(symbol="cuve", kind=UnitKind.PIECE), ("cuves",)),
    (Unit(symbol="repas", kind=UnitKind.OTHER), ("couvert", "couverts")),
    (Unit(symbol="h", kind=UnitKind.OTHER), ("heure", "heures")),
    (Unit(symbol="jour", kind=UnitKind.OTHER), ("jours", "j", "journee", "journees")),
    (Unit(symbol="trajet", kind=UnitKind.OTHER), ("trajets", "voyage", "voyages", "course")),
    (Unit(symbol="m²", kind=UnitKind.OTHER), ("m2", "metre carre", "metres carres")),
    (Unit(symbol="kWh", kind=UnitKind.OTHER), ("kilowattheure", "kilowattheures")),
    (Unit(symbol="MWh", kind=UnitKind.OTHER), ("megawattheure", "megawattheures")),
)
_BY_NAME: Final = {fold(name): unit for unit, names in _TABLE for name in (unit.symbol, *names)}
_CONTAINER: Final = re.compile(
    r"(?P<what>bac|big bag|bidon|seau|benne|cuve|fut|conteneur|caisse-palette|poubelle)s?"
    r"(?: roulants?)?(?: de)? ?(?P<size>\d+(?:[.,]\d+)?) ?(?P<unit>l|litres?|m3)"
)
_CONTAINER_NAMES: Final = {"fut": "fût"}

KNOWN_UNITS: Final = (*(unit.symbol for unit, _ in _TABLE), "bac 120 L", "bidon 20 L")
"""What a unit menu proposes; any other « bac 240 L » or « bidon 60 L » is read as well."""


def find_unit(text: str) -> Unit | None:
    """Read a unit, or ``None`` when the text is empty or unknown.

    A container with its size (« bac 120 L ») is a volume, counted full.
    """
    name = fold(text)
    if name in _BY_NAME:
        return _BY_NAME[name]
    match = _CONTAINER.fullmatch(name)
    if match is None:
        return None
    size = float(match["size"].replace(",", "."))
    litres = size * (1000 if match["unit"] == "m3" else 1)
    what = _CONTAINER_NAMES.get(match["what"], match["what"])
    symbol = f"{what} {number(size)} {'m³' if match['unit'] == 'm3' else 'L'}"
    return Unit(symbol=symbol, kind=UnitKind.VOLUME, factor=litres) if size > 0 else None


def parse_unit(text: str, *, field: str = "Unité", row: int | None = None) -> Unit:
    """Read a unit typed by a person.

    Raises:
        InputError: empty or unknown; the sentence lists what is understood.
    """
    unit = find_unit(text)
    if unit is None:
        where = f", ligne {row}" if row is not None else ""
        raise InputError(
            f"Unité inconnue{NNBSP}: {quote(text.strip()[:40])}{where}. "
            f"Écrivez l’une de celles-ci{NNBSP}: {', '.join(KNOWN_UNITS)}.",
            field=field,
            row=row,
        )
    return unit


def periods_per_year(flow: Flow) -> float:
    """How many of the flow's periods a year has: its own count, else the calendar's."""
    if flow.periods_per_year is not None:
        return flow.periods_per_year
    return PERIODS_PER_YEAR[flow.period]


def annual_mass(flow: Flow, resource: Resource, figures: Figures | None = None) -> Mass | None:
    """Yearly mass of a flow, with the range its uncertainties leave.

    ``m = quantity × periods per year × factor × k / 1000`` tonnes, where ``k`` is 1 for a mass
    unit, the bulk density (kg/L) for a volume, the mass of one piece (kg) for pieces.

    The flow's own relative half-width ``u`` and that of ``k`` are independent, so they add in
    quadrature, each side on its own because a density range need not be symmetric:

    ``low = m × max(0, 1 - sqrt(u² + ((k - k_low) / k)²))``,
    ``high = m × (1 + sqrt(u² + ((k_high - k) / k)²))``.

    An uncertainty that is not stated adds nothing. A piece's mass varies by the figure
    ``piece_mass_margin``, both ways.

    Args:
        flow: ``quantity`` in ``unit`` per ``period``.
        resource: the flow's resource.
        figures: the figures table with users' values; the project's own by default.

    Returns:
        ``None``, never zero, when the quantity or unit is unknown, when the unit has no mass, or
        when the resource lacks the density or piece mass that is needed.
    """
    unit = find_unit(flow.unit)
    if flow.quantity is None or unit is None:
        return None
    factor = _kg_per_unit(unit, resource, figures or load_figures())
    if factor is None:
        return None
    kg, below, above = factor
    mass = flow.quantity * periods_per_year(flow) * kg / _KG_PER_T
    own = flow.uncertainty or 0.0
    return Mass(
        t_per_year=mass,
        low=mass * max(0.0, 1 - math.hypot(own, below)),
        high=mass * (1 + math.hypot(own, above)),
    )


def _kg_per_unit(
    unit: Unit, resource: Resource, figures: Figures
) -> tuple[float, float, float] | None:
    """Kilograms per unit, and how far below and above the truth may be, relatively."""
    if unit.kind is UnitKind.MASS:
        return unit.factor, 0.0, 0.0
    if unit.kind is UnitKind.VOLUME and resource.density_kg_per_l:
        density = resource.density_kg_per_l
        low = resource.density_low_kg_per_l
        high = resource.density_high_kg_per_l
        below = 0.0 if low is None else (density - low) / density
        above = 0.0 if high is None else (high - density) / density
        return unit.factor * density, below, above
    if unit.kind is UnitKind.PIECE and resource.unit_mass_kg and _is_piece_of(unit, resource):
        margin = figures.value("piece_mass_margin")
        return unit.factor * resource.unit_mass_kg, margin, margin
    return None


def _is_piece_of(unit: Unit, resource: Resource) -> bool:
    """« 3 palettes » weighs three pallets for pallets, but nothing known for bottles."""
    return unit.symbol == _PIECE or fold(unit.symbol) in words(resource.name)
