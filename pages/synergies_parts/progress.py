"""« Avancement »: the funnel by period and EPCI, where it stalls, and what is gained."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from data.french import NNBSP, euros, number, quantity, significant
from data.model import Reliability, Synergy
from data.synergies import CHAIN, DONE, OUT, Funnel, Stay, funnel, stalls
from data.synergies.funnel import born
from optimization.gains import gains, total
from pages.synergies_parts import pieces
from pages.synergies_parts.brings import UNKNOWN, written
from pages.synergies_parts.view import View
from pages.ui import escape, localtime, wording
from pages.ui.palette import RELIABILITY, surfaces, synergy_style
from pages.ui.session import theme

_ALL: Final = "Depuis le début"
_PATTERNS: Final = {
    Reliability.MEASURED: "",
    Reliability.DECLARED: "/",
    Reliability.ESTIMATED: ".",
}
_WEEK: Final = 7
_MONTH: Final = 30.44
_YEAR: Final = 365.25
_MONTHS_FROM: Final = 112
_YEARS_FROM: Final = 700
"""Days from which a duration is told in months, then in years."""


def draw(view: View) -> None:
    """Draw the progress of the programme's synergies."""
    if not view.synergies:
        st.info("Aucune synergie dans cette vue.", icon=":material/info:")
        return
    kept, start, end = _choice(view)
    st.subheader("Jusqu’où vont les idées", anchor=False)
    _funnel(funnel(kept, start=start, end=end))
    st.subheader("Où ça bloque", anchor=False)
    _stalls(stalls(kept, today=localtime.today()))
    st.subheader("Ce que gagnent celles qui sont réalisées", anchor=False)
    _gains(view, [synergy for synergy in kept if synergy.status in DONE])


def _choice(view: View) -> tuple[list[Synergy], dt.date | None, dt.date | None]:
    epcis = {epci.short_name: epci.code for epci in view.snapshot.epci.values()}
    years = sorted({born(each)[:4] for each in view.synergies if born(each)}, reverse=True)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        year = st.selectbox("Nées en", [_ALL, *years], key="annee", width=200, bind="query-params")
        places = st.multiselect(
            "EPCI", list(epcis), key="epci", placeholder="Tous", width=240, bind="query-params"
        )
    codes = {epcis[name] for name in places}
    kept = [each for each in view.synergies if not codes or codes & view.epcis[each.id]]
    if year == _ALL:
        return kept, None, None
    return kept, dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)


def _funnel(found: Funnel) -> None:
    if not found.total:
        st.info("Aucune synergie née dans cette période.", icon=":material/info:")
        return
    colors = theme()
    labels = [wording.SYNERGY_STATUS[status] for status in CHAIN]
    counts = [found.reached[status] for status in CHAIN]
    figure = go.Figure(
        go.Funnel(
            y=labels,
            x=counts,
            text=[f"{number(count)} ({_share(count, found.total)})" for count in counts],
            textinfo="text",
            textposition="auto",
            insidetextfont={"color": surfaces(colors).background},
            hoverinfo="skip",
            marker={"color": [synergy_style(status, colors).color for status in CHAIN]},
            connector={"line": {"color": surfaces(colors).border}},
        )
    )
    _show(figure, 330, "synergies-funnel")
    rows = [
        {
            "Statut": wording.SYNERGY_STATUS[status],
            "L’ont atteint": found.reached.get(status),
            "Y sont aujourd’hui": found.standing[status],
        }
        for status in (*CHAIN, *OUT)
    ]
    with st.expander("Les mêmes nombres en tableau"):
        st.dataframe(
            pd.DataFrame(rows), hide_index=True, placeholder="–", alt="Entonnoir des synergies"
        )
        st.caption(
            "Une synergie compte dans la période où elle est née, et dans tous les statuts qu’elle "
            "a atteints ou sautés. «\u00a0Y sont aujourd’hui\u00a0» fait le total."
        )
    if found.undated:
        st.caption(
            f"{number(found.undated)} synergies sans date de naissance ne sont pas comptées."
        )


def _share(count: int, whole: int) -> str:
    return f"{number(100 * count / whole, 0)}{NNBSP}%"


def _stalls(stays: Sequence[Stay]) -> None:
    shown = [stay for stay in stays if stay.status not in DONE and (stay.left or stay.here)]
    alive = [stay for stay in shown if stay.status not in OUT]
    worst = max((stay for stay in alive if stay.median_here_days), key=_weight, default=None)
    if worst is not None and worst.median_here_days is not None:
        st.markdown(
            f"{pieces.status_badge(worst.status)} **{number(worst.here)} y attendent, la moitié "
            f"depuis plus de {_weeks(worst.median_here_days)}.**"
        )
    colors = theme()
    figure = go.Figure()
    series: tuple[tuple[str, Callable[[Stay], float | None], str], ...] = (
        ("Pour celles qui en sont sorties", lambda stay: stay.median_left_days, ""),
        ("Pour celles qui y sont encore", lambda stay: stay.median_here_days, "/"),
    )
    for name, value, pattern in series:
        days = [value(stay) for stay in alive]
        figure.add_bar(
            name=name,
            y=[wording.SYNERGY_STATUS[stay.status] for stay in alive],
            x=[None if day is None else day / _WEEK for day in days],
            text=["" if day is None else _weeks(day) for day in days],
            textposition="outside",
            cliponaxis=False,
            orientation="h",
            hoverinfo="skip",
            marker={
                "color": surfaces(colors).primary if not pattern else surfaces(colors).selected,
                "pattern": {"shape": pattern},
            },
        )
    figure.update_layout(
        barmode="group",
        xaxis_title="Temps médian dans le statut (semaines)",
        yaxis={"autorange": "reversed"},
        legend={"orientation": "h", "y": -0.3},
    )
    _show(figure, 330, "synergies-stalls")
    with st.expander("Les mêmes durées en tableau"):
        rows = [
            {
                "Statut": wording.SYNERGY_STATUS[stay.status],
                "Sorties": stay.left,
                "Temps médian passé (jours)": stay.median_left_days,
                "Y sont": stay.here,
                "Depuis (médiane, jours)": stay.median_here_days,
            }
            for stay in shown
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="–", alt="Durées par statut")


def _weight(stay: Stay) -> float:
    """How much waiting a status holds: synergies × days."""
    return stay.here * (stay.median_here_days or 0)


def _weeks(days: float) -> str:
    if days < 2 * _WEEK:
        return quantity(days, "j", 0)
    if days < _MONTHS_FROM:
        return f"{number(days / _WEEK, 0)} semaines"
    if days < _YEARS_FROM:
        return f"{number(days / _MONTH, 0)} mois"
    return f"{number(days / _YEAR, 1)} ans"


def _gains(view: View, done: Sequence[Synergy]) -> None:
    if not done:
        st.info("Aucune synergie réalisée ici pour l’instant.", icon=":material/info:")
        return
    figures, resources = view.snapshot.figures, view.snapshot.resource
    each = {s.id: gains(s, figures, resources.get(s.resource_id or "")) for s in done}
    summed = total(each.values())
    with st.container(horizontal=True):
        st.metric("Réalisées ou pérennes", number(summed.count), border=True, width=190)
        st.metric(
            "Matière gardée en usage",
            quantity(summed.tonnes.value, "t/an", 1),
            border=True,
            width=220,
            help=written(summed.tonnes, "t/an"),
        )
        money = UNKNOWN if summed.eur_per_year is None else euros(summed.eur_per_year, 0) + "/an"
        st.metric("Gains déclarés", money, border=True, width=220)
    colors = theme()
    figure = go.Figure()
    for reliability, part in summed.tonnes_by:
        figure.add_bar(
            name=f"{wording.RELIABILITY[reliability]}{NNBSP}: {quantity(part.value, 't/an', 1)}",
            x=[part.value],
            y=["t/an"],
            orientation="h",
            hoverinfo="skip",
            marker={
                "color": RELIABILITY[colors][reliability],
                "pattern": {"shape": _PATTERNS[reliability]},
            },
        )
    figure.update_layout(barmode="stack", legend={"orientation": "h", "y": -0.5})
    figure.update_yaxes(visible=False)
    _show(figure, 150, "synergies-tonnes")
    table = pd.DataFrame(
        [
            ("Matière gardée en usage", written(summed.tonnes, "t/an"), summed.unknown_tonnes),
            (
                "Émissions de traitement qui n’ont plus lieu",
                written(summed.avoided_kg, "kg CO₂e/an"),
                summed.unknown_avoided,
            ),
            (
                "Émissions du transport entre les parties",
                written(summed.transport_kg, "kg CO₂e/an"),
                summed.unknown_transport,
            ),
            ("Gains déclarés par les parties", money, summed.unknown_parties),
        ],
        columns=["Mesure", "Total de ce qui est connu", "Non connus"],
    )
    st.table(table.set_index("Mesure"))
    st.caption(
        "Les émissions évitées et celles du transport ne sont jamais soustraites. «\u00a0Non "
        "connus\u00a0»\u202f: synergies (parties pour les euros) dont la valeur manque, comptées "
        "nulle part."
    )
    rows = [
        {
            "Synergie": s.title,
            "t/an": significant(mass.value, 3) if (mass := each[s.id].tonnes) else None,
            "Fiabilité": wording.RELIABILITY[s.reliability] if mass else "",
            "€/an": each[s.id].eur_per_year,
            "kg CO₂e évités": significant(avoided.value, 3)
            if (avoided := each[s.id].emission("baseline").kg_per_year)
            else None,
            "kg CO₂e du transport": significant(carried.value, 3)
            if (carried := each[s.id].emission("transport").kg_per_year)
            else None,
        }
        for s in done
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="localized")
            for name in ("t/an", "€/an", "kg CO₂e évités", "kg CO₂e du transport")
        },
        placeholder=UNKNOWN,
        alt="Gains de chaque synergie réalisée",
    )
    used = {key for one in each.values() for key in one.hypotheses}
    for key in sorted(used):
        figure_ = figures[key]
        st.markdown(
            f":orange-badge[{wording.HYPOTHESIS_BADGE}] {escape.markdown(figure_.label_fr)}"
            f"{NNBSP}: :gray[{escape.markdown(figure_.source)}]"
        )


def _show(figure: go.Figure, height: int, key: str) -> None:
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": surfaces(theme()).text},
        separators=", ",
    )
    st.plotly_chart(figure, key=key, config={"displayModeBar": False, "staticPlot": True})
