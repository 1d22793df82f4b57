"""The figures table: every number the application relies on, with its source and uncertainty.

Read from ``data/reference/figures.toml``. A figure of confidence ``M`` (trade or press source) or
``B`` (belief) is a hypothesis: the screen badges it and lets people change it. Changes live in
the store under the setting ``figure:<key>`` and come back through :meth:`Figures.with_overrides`.
"""

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from data.errors import InputError
from data.french import NNBSP, quote
from data.settings import ROOT

FIGURES_PATH: Final = ROOT / "data" / "reference" / "figures.toml"
SETTING_PREFIX: Final = "figure:"
"""``SETTING_PREFIX + key`` is the store setting that holds a user's value."""

Confidence = Literal["H", "M", "B"]

CATEGORIES: Final[Mapping[str, str]] = {
    "biowaste": "Biodéchets",
    "container": "Contenants",
    "law": "Réglementation",
    "price": "Prix constatés",
    "vehicle": "Véhicules",
    "collection": "Collecte",
    "treatment": "Traitement des biodéchets",
    "fuel": "Carburant",
    "travel": "Distances sans réseau routier",
    "roads": "Distances par les routes",
    "territory": "Territoire",
}
"""Category → French heading."""

UNITS: Final = frozenset(
    {
        "1",  # a pure ratio
        "L",
        "kg",
        "kg/L",
        "kg/repas",
        "kg/résident/jour",
        "kg/semaine",
        "kg/habitant/an",
        "j",
        "min",
        "km",
        "km/h",
        "kgCO2e/km",
        "kgCO2e/L",
        "kgCO2e/t",
        "kgCO2e/t.km",
        "L/km",
        "€/L",
        "€/h",
        "€/mois",
        "contenants",
        "clients",
        "visites/semaine",
        "t/an",
    }
)
"""Every unit the table may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with its range and where it comes from.

    Attributes:
        value: central value, ``low <= value <= high``, in ``unit`` (one of :data:`UNITS`).
        low: lower end of what is plausible; equal to ``value`` when no range is known.
        high: upper end.
        label_fr: what it is, for the screen.
        date: when the source was read or published, ISO (year, year-month or day).
        confidence: ``H`` official or primary source, ``M`` trade or press, ``B`` belief.
        edited: True when a user replaced the table's value.
    """

    key: str
    value: float
    low: float
    high: float
    unit: str
    label_fr: str
    source: str
    date: str
    confidence: Confidence
    category: str
    edited: bool = False

    @property
    def is_hypothesis(self) -> bool:
        """True when no official or primary source was read."""
        return self.confidence != "H"

    @property
    def relative_margin(self) -> float:
        """Larger relative half-width of the range (0.5 means ± 50 %); 0 for a zero value."""
        if self.value == 0:
            return 0.0
        return max(self.high - self.value, self.value - self.low) / abs(self.value)


class Figures(Mapping[str, Figure]):
    """Immutable table key → :class:`Figure`."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = {figure.key: figure for figure in figures}

    def __getitem__(self, key: str) -> Figure:
        return self._figures[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def value(self, key: str) -> float:
        """Central value of a figure."""
        return self._figures[key].value

    def in_category(self, category: str) -> tuple[Figure, ...]:
        """Figures of one category, in the table's order."""
        return tuple(f for f in self._figures.values() if f.category == category)

    def with_overrides(self, overrides: Mapping[str, float]) -> "Figures":
        """Copy with users' values; keys this table does not know are ignored.

        The range widens when needed so that ``low <= value <= high`` stays true: a typed value
        does not make the source's range go away.

        Raises:
            InputError: a value is not a finite positive number.
        """
        edited = dict(self._figures)
        for key, value in overrides.items():
            if key not in edited:
                continue
            figure = edited[key]
            if not math.isfinite(value) or value < 0:
                raise InputError(
                    f"L’hypothèse {quote(figure.label_fr)} doit être un nombre positif"
                    f"{NNBSP}: corrigez-la ou rétablissez la valeur d’origine.",
                    field=figure.label_fr,
                )
            edited[key] = replace(
                figure,
                value=value,
                low=min(figure.low, value),
                high=max(figure.high, value),
                edited=value != figure.value or figure.edited,
            )
        return Figures(edited.values())


def read_figures(path: Path) -> Figures:
    """Read a figures file.

    Raises:
        ValueError: an entry is incomplete, out of order or uses an unknown unit or category.
    """
    with path.open("rb") as file:
        tables: dict[str, dict[str, Any]] = tomllib.load(file)
    return Figures(_figure(key, table) for key, table in tables.items())


@cache
def load_figures() -> Figures:
    """Read the project's figures table (once per process)."""
    return read_figures(FIGURES_PATH)


def _figure(key: str, table: Mapping[str, Any]) -> Figure:
    value = float(table["value"])
    figure = Figure(
        key=key,
        value=value,
        low=float(table.get("low", value)),
        high=float(table.get("high", value)),
        unit=table["unit"],
        label_fr=table["label_fr"],
        source=table["source"],
        date=table["date"],
        confidence=table["confidence"],
        category=table["category"],
    )
    if not figure.low <= figure.value <= figure.high:
        raise ValueError(f"{key}: {figure.low} <= {figure.value} <= {figure.high} is false")
    if figure.unit not in UNITS or figure.category not in CATEGORIES:
        raise ValueError(f"{key}: unknown unit {figure.unit!r} or category {figure.category!r}")
    if figure.confidence not in get_args(Confidence) or not (
        figure.label_fr and figure.source and figure.date
    ):
        raise ValueError(f"{key}: confidence, label, source or date is missing")
    return figure
