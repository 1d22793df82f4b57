"""Which period, and where: kept in the address, so that a link shows the same report."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from data.errors import InputError
from optimization.programme import Span, quarter, year
from pages.report_parts.view import ReportView
from pages.ui import chrome, escape, icons, viewer

YEAR: Final = "Année"
QUARTER: Final = "Trimestre"
WHOLE: Final = "Tout"
FREE: Final = "Dates"
_QUARTERS: Final = {"T1": 1, "T2": 2, "T3": 3, "T4": 4}
_BY_QUERY: Final[dict[str, Any]] = {"bind": "query-params"}
_VIEWERS: Final = {"public": "Publique", "network": "Réseau", "team": "Équipe"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked of the page; ``epci`` is a SIREN, ``None`` for the whole territory."""

    span: Span
    epci: str | None


def bar(view: ReportView, today: dt.date, *, bare: bool = False) -> Choice | None:
    """Draw the choices; ``None`` when the dates typed make no period.

    Args:
        view: gives the years and EPCI to choose from.
        today: last day of what is under way.
        bare: for a projector, the period and the EPCI only.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="report-bar"):
        kind = st.segmented_control(
            "Période", [YEAR, QUARTER, WHOLE, FREE], default=YEAR, required=True, key="periode",
            **_BY_QUERY,
        )  # fmt: skip
        span = _span(view, kind or YEAR, today)
        epci = _epci(view)
        if not bare:
            _viewer(view)
            st.button(
                "Présentation",
                key="report-present",
                icon=icons.MATERIAL_SCREEN,
                on_click=chrome.set_presenting,
                kwargs={"wanted": True},
                help="Plein écran, grands chiffres\u202f: pour un vidéoprojecteur.",
            )
    return Choice(span, epci) if span else None


def _span(view: ReportView, kind: str, today: dt.date) -> Span | None:
    if kind == FREE:
        return _free(today)
    if kind == WHOLE:
        return Span(dt.date(min(view.first_year or today.year, today.year), 1, 1), today)
    years = list(range(today.year, (view.first_year or today.year) - 1, -1))
    chosen = st.selectbox("Année", [str(one) for one in years], key="annee", width=110, **_BY_QUERY)
    number = int(chosen or today.year)
    if kind == YEAR:
        return year(number)
    now = f"T{(today.month - 1) // 3 + 1}"
    part = st.segmented_control(
        "Trimestre", list(_QUARTERS), default=now, required=True, key="trimestre", **_BY_QUERY
    )
    return quarter(number, _QUARTERS[part or now])


def _free(today: dt.date) -> Span | None:
    start: object = st.date_input(
        "Du", dt.date(today.year, 1, 1), key="du", format="DD/MM/YYYY", width=150, **_BY_QUERY
    )
    end: object = st.date_input("Au", today, key="au", format="DD/MM/YYYY", width=150, **_BY_QUERY)
    if not isinstance(start, dt.date) or not isinstance(end, dt.date):
        return None
    try:
        return Span(start, end)
    except InputError as error:
        st.error(escape.markdown(error), icon=":material/error:")
        return None


def _epci(view: ReportView) -> str | None:
    epcis = {one.short_name: one.code for one in view.snapshot.epci.values()}
    chosen = st.pills(
        "EPCI",
        list(epcis),
        key="epci",
        help="Sans choix\u202f: tout le territoire. Une synergie entre deux EPCI compte dans "
        "chacun\u202f: leurs chiffres ne s’additionnent pas.",
        **_BY_QUERY,
    )
    return epcis.get(chosen or "")


def _viewer(view: ReportView) -> None:
    if not viewer.is_local():
        return
    with st.popover(
        f"Vue\u202f: {_VIEWERS[view.viewer.value].lower()}", icon=":material/visibility:"
    ):
        st.session_state.setdefault(viewer.WIDGET, view.viewer)
        st.segmented_control(
            "Qui regarde\u202f?",
            list(type(view.viewer)),
            key=viewer.WIDGET,
            format_func=lambda one: _VIEWERS[one.value],
            required=True,
        )
        st.caption(
            "Les chiffres comptent tout. Les noms réservés au réseau ou à l’équipe ne sont écrits, "
            "à l’écran et dans les fichiers, que pour qui peut les lire."
        )
