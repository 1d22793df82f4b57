"""Tournées: which stops to collect together, in which order, at what cost? For planners."""

import streamlit as st

from data.figures import Figures
from data.french import NNBSP
from pages.rounds_parts.arrival import arrive
from pages.rounds_parts.form import show_form
from pages.rounds_parts.job import settle, show_progress, submit
from pages.rounds_parts.period import Period, show_period
from pages.rounds_parts.result import show_result
from pages.rounds_parts.saved import show_saved
from pages.rounds_parts.state import RoundsState, get_state
from pages.rounds_parts.travel import Travels, get_travels
from pages.rounds_parts.week_form import show_week_form
from pages.rounds_parts.week_job import settle_week, show_week_progress, submit_week
from pages.rounds_parts.week_result import show_week
from pages.rounds_parts.week_saved import show_saved_weeks, source_of
from pages.rounds_parts.week_state import get_week_state
from pages.ui.session import get_figures, snapshot

_TITLE = f"Quelles tournées communes, dans quel ordre, à quel coût{NNBSP}?"


def render() -> None:
    """Draw the page: choices, computation, plan, saved plans, in one straight line."""
    st.title(_TITLE, anchor=False)
    figures = get_figures()
    state = get_state()
    arrive(state)
    period = show_period(state)
    settle(state)
    travels = get_travels(state, figures)
    if period is Period.WEEK:
        _render_week(state, travels, figures)
        return

    def start(asked: RoundsState) -> None:
        submit(asked, travels.used, figures, snapshot().territory)

    show_form(state, travels, start)
    if state.running is not None:
        show_progress(state)
    if state.shown is not None:
        show_result(state, travels.of(state.shown.plan), figures)
    show_saved(state, travels, figures)


def _render_week(state: RoundsState, travels: Travels, figures: Figures) -> None:
    weeks = get_week_state()
    settle_week(state, weeks)

    def start() -> None:
        submit_week(state, weeks, travels.used, figures, snapshot().territory)

    show_week_form(state, weeks, travels, start)
    if weeks.running is not None:
        show_week_progress(weeks)
    if weeks.shown is not None:
        show_week(weeks, source_of(travels, weeks.shown.week.travel_source), figures)
    show_saved_weeks(state, weeks, travels)
