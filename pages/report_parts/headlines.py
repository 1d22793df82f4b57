"""The headline figures, readable from the back of the room; a click lists what is counted."""

from typing import Final

import pandas as pd
import streamlit as st

from data.french import NNBSP, number
from optimization.programme import Fact, ProgrammeFigures
from pages.report_parts.view import ReportView, difference
from pages.ui import escape
from pages.ui.escape import html

GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Mobiliser", ("actors", "active", "studies", "events", "attendance")),
    ("Imaginer", ("workshops", "cards", "ideas", "kept")),
    ("Concrétiser", ("synergies", "moved", "realised", "tonnes", "co2e")),
    ("Collecter ensemble", ("rounds", "km")),
)
PRESENTED: Final = (
    "actors", "studies", "events", "attendance", "workshops", "cards", "ideas", "kept",
    "synergies", "realised", "tonnes", "co2e",
)  # fmt: skip
UNDATED: Final = frozenset({"actors"})
"""Figures that are today's whatever the period: comparing periods would say nothing."""
_SHOWN_ROWS: Final = 500


def draw(view: ReportView, found: ProgrammeFigures, before: ProgrammeFigures) -> None:
    """Draw every group of figures, each beside what it was the period before."""
    for title, keys in GROUPS:
        st.header(title, anchor=False)
        with st.container(horizontal=True, key=f"report-group-{keys[0]}"):
            for key in keys:
                _card(view, found.fact(key), before)


def present(found: ProgrammeFigures) -> None:
    """Draw the figures alone, for a projector."""
    cells = "".join(
        f"<li><strong>{_value(found.fact(key))}</strong>"
        f"<span>{html(found.fact(key).label)}</span></li>"
        for key in PRESENTED
        if found.fact(key).value is not None
    )
    st.html(f'<ul class="cf-wall">{cells}</ul>')


def _card(view: ReportView, fact: Fact, before: ProgrammeFigures) -> None:
    with st.container(border=True, key=f"report-fact-{fact.key}", width=228):
        bounds = ""
        if fact.low is not None and fact.high is not None:
            bounds = fact.text.partition(" (")[2].removesuffix(")")
        note = bounds or change(fact, before)
        st.html(
            f'<div class="cf-fact"><strong>{_value(fact)}</strong>'
            f"<span>{html(note) or '&nbsp;'}</span></div>"
        )
        st.button(
            fact.label,
            key=f"report-open-{fact.key}",
            type="tertiary",
            on_click=_open,
            args=(fact.key,),
            help="Comment c’est compté, et la liste.",
        )
    if st.session_state.get(_ASKED) == fact.key:
        st.session_state.pop(_ASKED)
        _details(view, fact, before)


def _value(fact: Fact) -> str:
    """Return the number, with its unit when it is not a count that the label says already."""
    unit = "" if fact.value is None or fact.low is None else fact.unit
    return html(fact.short) + (f"<small>{NNBSP}{html(unit)}</small>" if unit else "")


def change(fact: Fact, before: ProgrammeFigures) -> str:
    """Say how a figure changed: « +12 (année 2025 : 22) »; empty when there is nothing to say."""
    if fact.key in UNDATED:
        return "aujourd’hui"
    if fact.value is None:
        return "pas assez d’éléments connus"
    former = before.fact(fact.key)
    moved = difference(fact.value, former.value)
    if not moved:
        return ""
    when = before.span.label if before.span.is_named else "juste avant"
    return f"{moved} ({when}{NNBSP}: {former.short})"


_ASKED: Final = "report-asked"


def _open(key: str) -> None:
    st.session_state[_ASKED] = key


def _details(view: ReportView, fact: Fact, before: ProgrammeFigures) -> None:
    @st.dialog(f"{fact.label}{NNBSP}: {fact.text}", width="large")
    def show() -> None:
        st.markdown(f"**Comment c’est compté.** {escape.markdown(fact.how)}")
        said = change(fact, before)
        if said and fact.key not in UNDATED:
            st.markdown(f"**Évolution.** {escape.markdown(said)}")
        rows = view.rows(fact.kind, fact.ids)
        if not rows:
            st.caption("Rien à lister pour cette période.")
            return
        st.dataframe(
            pd.DataFrame(rows[:_SHOWN_ROWS]), hide_index=True, placeholder="–",
            alt=f"Liste{NNBSP}: {fact.label}",
        )  # fmt: skip
        if len(rows) > _SHOWN_ROWS:
            st.caption(
                f"Les {number(_SHOWN_ROWS)} premières lignes sur {number(len(rows))}\u202f; le "
                "classeur XLSX les donne toutes."
            )

    show()
