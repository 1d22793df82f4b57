"""What a plan costs, and what it saves against everyone on their own, in plain French."""

from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from data import french
from data.figures import Figures
from data.model import Plan, Scenario
from geo.travel import TravelSource
from optimization.indicators import Estimate, Indicators, Totals, compare
from pages.rounds_parts.hypotheses import hint
from pages.ui import escape

_BASELINE_FIGURES: Final = ("van_speed", "van_payload", "van_cost_per_hour", "van_co2e_per_km")


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    unit: str
    field: str

    def of(self, totals: Totals) -> Estimate:
        estimate: Estimate = getattr(totals, self.field)
        return estimate


_ALONE: Final = (
    "**Chacun de son côté**\u202f: sans collecte commune, chaque acteur desservi porterait ses "
    "déchets en utilitaire à l’exutoire le plus proche, aller-retour, sans compter le "
    "carburant\u202f; le gain est donc plutôt prudent. Il mêle deux effets\u202f: le partage et "
    "le changement de véhicule."
)
_DEDICATED: Final = (
    "**Une tournée par point**\u202f: le même véhicule irait chercher chaque point seul. Ce gain "
    "n’est dû qu’au partage."
)
_MEASURES: Final = (
    _Measure("Distance", "km", "km"),
    _Measure("Temps", "h", "hours"),
    _Measure("CO₂e du transport", "kg", "co2e_kg"),
    _Measure("Coût", "€", "cost_eur"),
)


def show_gains(plan: Plan, scenario: Scenario, travel: TravelSource, figures: Figures) -> None:
    """Draw the four measures with what pooling saves, then how they were obtained."""
    found = compare(plan, scenario, travel, figures)
    with st.container(horizontal=True, key="rounds-gains"):
        for measure in _MEASURES:
            saved = measure.of(found.separate.saved)
            st.metric(
                measure.name,
                _short(measure.of(found.total), measure.unit),
                delta=_saving(saved, measure.unit),
                delta_color="green" if saved.value > 0 else "orange",
                delta_arrow="down" if saved.value > 0 else "up",
                border=True,
                width="stretch",
            )
    st.caption(
        "De moins ou de plus que si chaque acteur desservi portait lui-même ses déchets en "
        "utilitaire à l’exutoire le plus proche."
    )
    with st.expander("D’où viennent ces chiffres\u202f?", icon=":material/calculate:"):
        alone, dedicated = gain_tables(found)
        st.markdown(_ALONE)
        st.table(alone)
        st.markdown(_DEDICATED)
        st.table(dedicated)
        st.markdown(_widths(found))
        st.markdown(_treatment(found, figures))
        st.caption(hint(figures, *_BASELINE_FIGURES))


def gain_tables(found: Indicators) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the plan beside each reference, ranges included; narrow enough for a phone."""
    tables = [
        pd.DataFrame.from_dict(
            {
                measure.name: {
                    "Ce plan": _range(measure.of(found.total), measure.unit),
                    name: _range(measure.of(reference.effort), measure.unit),
                    "Gain": _range(measure.of(reference.saved), measure.unit),
                }
                for measure in _MEASURES
            },
            orient="index",
        )
        for name, reference in (
            ("Chacun de son côté", found.separate),
            ("Une tournée par point", found.dedicated),
        )
    ]
    return tables[0], tables[1]


def gain_column(
    plan: Plan, scenario: Scenario, travel: TravelSource, figures: Figures
) -> dict[str, str]:
    """Return a plan's indicators as one column of a comparison."""
    found = compare(plan, scenario, travel, figures)
    column = {
        "Points desservis": f"{found.stops_served} sur {found.stops_served + found.stops_left_out}",
        "Masse collectée": french.quantity(found.kg, "kg", 0),
        "Tournées": french.number(len(found.rounds)),
        "Remplissage en kg": french.percent(found.fill_kg),
        "Remplissage en contenants": french.percent(found.fill_containers),
    }
    for measure in _MEASURES:
        column[measure.name] = _range(measure.of(found.total), measure.unit)
    for measure in _MEASURES:
        saved = measure.of(found.separate.saved)
        column[f"{measure.name}, gain sur chacun de son côté"] = _range(saved, measure.unit)
    return column


def _saving(saved: Estimate, unit: str) -> str:
    """Write what is saved with its range: « 87 kg de moins (de 61 à 113) »."""
    sign = 1 if saved.value > 0 else -1
    low, high = sorted((sign * saved.low, sign * saved.high))
    words = "de moins" if sign > 0 else "de plus"
    return (
        f"{_amount(sign * saved.value, unit)} {words} "
        f"(de {_plain(low, unit)} à {_plain(high, unit)})"
    )


def _plain(value: float, unit: str) -> str:
    return _amount(value, unit) if unit == "h" else french.number(value, _decimals(value))


def _amount(value: float, unit: str) -> str:
    if unit == "h":
        sign = french.MINUS if value < 0 else ""
        return sign + french.duration(3600 * abs(value))
    return french.quantity(value, unit, _decimals(value))


def _short(estimate: Estimate, unit: str) -> str:
    return _amount(estimate.value, unit)


def _range(estimate: Estimate, unit: str) -> str:
    if unit == "h":
        low, high = _amount(estimate.low, unit), _amount(estimate.high, unit)
        return f"{_amount(estimate.value, unit)} (de {low} à {high})"
    return french.with_margin(estimate.value, estimate.low, estimate.high, unit)


def _decimals(value: float) -> int:
    """Keep tenths of small amounts only: the margins do not allow more."""
    return 0 if abs(value) >= 20 else 1  # noqa: PLR2004


def _widths(found: Indicators) -> str:
    margin = french.percent(found.travel_margin)
    return (
        f"Les fourchettes combinent la marge des distances (± {margin}) et celle des facteurs "
        "d’émission, au pire et au mieux\u202f: elles sont plutôt larges."
    )


def _treatment(found: Indicators, figures: Figures) -> str:
    treatment = found.treatment
    landfill = _range(treatment.landfill_kg, "kg CO₂e")
    if treatment.impact_kg is None:
        return (
            "**Traitement** (à part du transport)\u202f: celui d’un des exutoires n’est pas "
            f"connu\u202f; enfouie, cette masse émettrait {landfill}."
        )
    ways = ", ".join(
        f"{escape.markdown(figures[key].label_fr)} ({french.quantity(kg, 'kg', 0)})"
        for key, kg in treatment.treated_kg
    )
    return (
        f"**Traitement** (à part du transport, jamais déduit)\u202f: {ways}\u202f: "
        f"{_range(treatment.impact_kg, 'kg CO₂e')}\u202f; enfouie, cette masse émettrait "
        f"{landfill}."
    )
