"""The figures behind the form, each hypothesis badged with its range and source."""

from typing import Final

import streamlit as st

from data import french
from data.figures import Figure, Figures
from pages.ui import escape, wording

_USED: Final = ("vehicle", "collection", "container", "biowaste", "treatment", "fuel")
_UNITS: Final = {
    "kgCO2e/km": "kg CO₂e/km",
    "kgCO2e/t": "kg CO₂e/t",
    "kgCO2e/L": "kg CO₂e/L",
    "kgCO2e/t.km": "kg CO₂e/t.km",
    "1": "",
}


def written(figure: Figure) -> str:
    """Write a figure with its range: « 30 €/h (de 25 à 35) »."""
    unit = _UNITS.get(figure.unit, figure.unit)
    if figure.low == figure.high:
        return french.quantity(figure.value, unit)
    low, high = french.number(figure.low), french.number(figure.high)
    return f"{french.quantity(figure.value, unit)} (de {low} à {high})"


def hint(figures: Figures, *keys: str) -> str:
    """Return a column's help: reference values, hypotheses named as such, with their source."""
    lines = []
    for key in keys:
        figure = figures[key]
        kind = f"**{wording.HYPOTHESIS_BADGE}**, " if figure.is_hypothesis else ""
        source = escape.markdown(figure.source)
        lines.append(
            f"{escape.markdown(figure.label_fr)}\u202f: {escape.markdown(written(figure))} – "
            f"{kind}{source}."
        )
    return "\n\n".join(lines)


def show_hypotheses(figures: Figures) -> None:
    """List the figures the form and the indicators rely on, badges first."""
    used = [figure for category in _USED for figure in figures.in_category(category)]
    doubtful = [figure for figure in used if figure.is_hypothesis]
    with st.popover(f"{len(doubtful)} hypothèses derrière ces chiffres", icon=":material/science:"):
        st.caption(
            "Aucune source officielle n’a été lue pour ces valeurs. Les cases des tableaux se "
            "changent ici même, pour ce calcul\u202f; les autres dans la page À propos."
        )
        for figure in doubtful:
            badge = f":orange-badge[{wording.HYPOTHESIS_BADGE}]"
            st.markdown(
                f"{badge} **{escape.markdown(figure.label_fr)}**\u202f: "
                f"{escape.markdown(written(figure))}  \n"
                f":gray[{escape.markdown(figure.source)}]"
            )
