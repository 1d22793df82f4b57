"""Tournées: which stops to collect together, in which order, at what cost? For planners."""

import streamlit as st

from data.french import NNBSP
from geo.travel import GreatCircleTravel
from pages.rounds_parts.form import show_form
from pages.rounds_parts.job import settle, show_progress, submit
from pages.rounds_parts.result import show_result
from pages.rounds_parts.saved import show_saved
from pages.rounds_parts.state import RoundsState, get_state
from pages.ui.session import get_figures, snapshot

_TITLE = f"Quelles tournées communes, dans quel ordre, à quel coût{NNBSP}?"


def render() -> None:
    """Draw the page: choices, computation, plan, saved plans, in one straight line."""
    st.title(_TITLE, anchor=False)
    figures = get_figures()
    travel = GreatCircleTravel(figures)
    state = get_state()
    settle(state)

    def start(asked: RoundsState) -> None:
        submit(asked, travel, figures, snapshot().territory)

    show_form(state, travel, start)
    if state.running is not None:
        show_progress(state)
    if state.shown is not None:
        show_result(state, travel, figures)
    show_saved(state, travel, figures)
