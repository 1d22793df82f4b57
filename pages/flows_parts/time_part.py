"""Flows in time: year by year, and the twelve months of a year."""

from dataclasses import replace
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from data.french import NNBSP, with_margin
from geo.flows import Measure, Scope, monthly_profile
from pages.flows_parts.brief import totals
from pages.flows_parts.state import Asked
from pages.flows_parts.view import FlowView, picture
from pages.ui import wording
from pages.ui.palette import SCOPE, SCOPE_PATTERN, Theme, surfaces
from pages.ui.session import theme

_MONTHS: Final = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.",
                  "oct.", "nov.", "déc.")  # fmt: skip
_ORDER: Final = (Scope.INSIDE, Scope.ENTERING, Scope.LEAVING, Scope.UNKNOWN, Scope.OUTSIDE)
_CONFIG: Final = {"displayModeBar": False, "locale": "fr"}
_FEWEST_YEARS: Final = 2


def draw(view: FlowView, asked: Asked) -> None:
    """Draw both charts side by side, each where it has something to say."""
    st.header("Dans le temps")
    left, right = st.columns(2)
    with left:
        st.subheader("Au fil des mois")
        _months(view, asked)
    with right:
        st.subheader("Année par année")
        _years(view, asked)


def _months(view: FlowView, asked: Asked) -> None:
    # A filter on months cuts masses down to them: the profile needs the whole year.
    whole = picture(view, replace(asked.filter, months=()), Measure.MASS)
    shown = whole.pick(asked.choice)
    profile = monthly_profile(shown.links)
    if not profile.to_numpy().any():
        st.markdown("Aucune masse connue à répartir sur l’année.")
        return
    st.plotly_chart(
        months_figure(profile, theme()),
        config=_CONFIG,
        key="flows-chart-months",
        alt="Tonnes par mois : reste, entre, sort",
    )
    seasonal = int(shown.links.frame["seasonal"].sum())
    steady = len(shown.links) - seasonal
    st.caption(
        f"{seasonal} flux ont un profil de saison déclaré{NNBSP}; {steady} sont répartis "
        "également sur l’année."
    )


def months_figure(profile: pd.DataFrame, colors: Theme) -> go.Figure:
    """Return tonnes by month, one stacked series a direction."""
    figure = go.Figure()
    for scope in _ORDER:
        values = profile[f"{scope.value}_t"]
        if values.any():
            figure.add_bar(x=list(_MONTHS), y=values.to_list(), **_series(scope, colors))
    return _dressed(figure, colors, "t par mois")


def _years(view: FlowView, asked: Asked) -> None:
    years = view.links.years
    if len(years) < _FEWEST_YEARS:
        said = f"Une seule année est connue ({years[0]})" if years else "Aucun flux n’a d’année"
        st.markdown(f"{said} : la comparaison viendra avec la deuxième.")
        return
    kept = picture(view, replace(asked.filter, years=years, top=None), Measure.MASS)
    kept = kept.pick(asked.choice)
    frame = kept.links.frame
    if frame.empty:
        st.markdown("Aucun flux daté parmi ceux choisis.")
        return
    table = totals(kept.measured, frame["year"].astype("Int64"), frame["scope"])
    st.plotly_chart(
        years_figure(table, theme()),
        config=_CONFIG,
        key="flows-chart-years",
        alt="Tonnes par année : reste, entre, sort",
    )
    st.caption(
        "Flux déclarés pour chaque année : une année plus basse peut seulement avoir été moins "
        "étudiée. Le nombre de flux est donné au survol."
    )


def years_figure(table: pd.DataFrame, colors: Theme) -> go.Figure:
    """Return tonnes by year.

    Args:
        table: index year and scope; ``value``, ``low``, ``high``, ``links``.
        colors: light or dark.
    """
    figure = go.Figure()
    for scope in _ORDER:
        if scope.value not in table.index.get_level_values(1):
            continue
        rows = pd.DataFrame(table.xs(scope.value, level=1)).dropna(subset="value")
        figure.add_bar(
            x=[str(year) for year in rows.index],
            y=rows["value"].to_list(),
            customdata=[
                [with_margin(row["value"], row["low"], row["high"], "t"), int(row["links"])]
                for _, row in rows.iterrows()
            ],
            **{
                **_series(scope, colors),
                "hovertemplate": "%{x} : %{customdata[0]}<br>%{customdata[1]} flux",
            },
        )
    figure.update_xaxes(type="category", categoryorder="category ascending")
    return _dressed(figure, colors, "t par an")


def _series(scope: Scope, colors: Theme) -> dict[str, Any]:
    return {
        "name": wording.FLOW_SCOPE[scope.value],
        "marker": {
            "color": SCOPE[colors][scope.value],
            "pattern": {
                "shape": SCOPE_PATTERN[scope.value],
                "bgcolor": SCOPE[colors][scope.value],
                "fgcolor": surfaces(colors).background,
                "solidity": 0.2,
            },
        },
        "hovertemplate": "%{x} : %{y:.3~r} t",
    }


def _dressed(figure: go.Figure, colors: Theme, unit: str) -> go.Figure:
    look = surfaces(colors)
    figure.update_layout(
        barmode="stack",
        height=340,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        separators=f",{NNBSP}",
        legend={"orientation": "h", "y": -0.15},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": look.text},
    )
    figure.update_yaxes(title=unit, gridcolor=look.border, rangemode="tozero")
    return figure
