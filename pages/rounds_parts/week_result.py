"""The week on screen: the grid, one day's rounds on the map, totals, what is missing, files."""

import streamlit as st

from data import french
from data.figures import Figures
from geo.travel import TravelSource
from optimization.weeks.model import DAY_NAMES, DayPlan, WeekPlan
from pages.rounds_parts.measures import vehicle_of
from pages.rounds_parts.minimum import days_compared
from pages.rounds_parts.proof import show_week_proof
from pages.rounds_parts.reasons import SUGGESTION
from pages.rounds_parts.result import legend
from pages.rounds_parts.round_map import RoundAssets, round_layer
from pages.rounds_parts.round_table import fill_sentence, round_table
from pages.rounds_parts.week_downloads import show_week_downloads
from pages.rounds_parts.week_figures import (
    day_kg,
    day_metres,
    day_seconds,
    days_table,
    headline,
    outlets_table,
    quality,
)
from pages.rounds_parts.week_grid import week_grid
from pages.rounds_parts.week_state import ShownWeek, WeekState
from pages.ui import escape, maps, wording
from pages.ui.palette import surfaces
from pages.ui.session import snapshot, theme

_HEIGHT = 520


@st.fragment
def show_week(weeks: WeekState, travel: TravelSource, figures: Figures) -> None:
    """Draw the week that ``weeks`` shows."""
    if weeks.shown is None:
        return
    shown, week = weeks.shown, weeks.shown.week
    st.header(f"La semaine\u202f: {escape.markdown(shown.name)}", anchor=False)
    st.markdown(headline(week))
    _totals(week)
    if compared := days_compared(week):
        st.markdown(compared)
    show_week_proof(weeks, travel)
    st.caption(escape.markdown(quality(week)))
    st.html(week_grid(week, surfaces(theme()).background))
    _left_out(week)
    if any(one.plan.rounds for one in week.days):
        _day(shown, travel)
        _tables(week)
        show_week_downloads(shown, travel, figures)


def _totals(week: WeekPlan) -> None:
    with st.container(horizontal=True):
        st.metric("Coût de la semaine", french.euros(week.cost_eur), border=True, width=220)
        kg = sum(day_kg(one) for one in week.days)
        st.metric("Collecté", french.quantity(kg, "kg", 0), border=True, width=180)
        seconds = sum(day_seconds(one) for one in week.days)
        st.metric("Heures des équipes", french.duration(seconds), border=True, width=200)
        metres = sum(day_metres(one) for one in week.days)
        st.metric("Distance", french.kilometres(metres), border=True, width=180)


def _left_out(week: WeekPlan) -> None:
    left_out = week.left_out
    if not left_out:
        return
    names = {stop.id: stop.name for stop in week.scenario.stops}
    count = sum(left.visits for left in left_out)
    st.subheader(
        f"{count} {wording.plural(count, 'passage laissé', 'passages laissés')} de côté",
        anchor=False,
    )
    for left in left_out:
        when = "toute la semaine" if left.day is None else DAY_NAMES[left.day]
        st.markdown(
            f"- **{escape.markdown(names[left.stop_id])}**, {when}\u202f: "
            f"{escape.markdown(wording.UNSERVED_REASON[left.reason])} "
            f"{escape.markdown(left.detail)}  \n  _{escape.markdown(SUGGESTION[left.reason])}_"
        )


def _day(shown: ShownWeek, travel: TravelSource) -> None:
    """Draw the choice of a day, then its rounds."""
    by_day = {one.day: one for one in shown.week.days if one.plan.rounds}
    picked = st.segmented_control(
        "Jour à regarder",
        list(by_day),
        default=next(iter(by_day)),
        format_func=lambda day: DAY_NAMES[day].capitalize(),
        key=f"rounds-week-day-{shown.id}",
        required=True,
    )
    one = by_day[next(iter(by_day)) if picked is None else picked]
    colors = theme()
    st.html(legend(one.plan, one.scenario, colors))
    maps.show_map(
        "rounds-week-map",
        snapshot().territory,
        round_layer(
            one.plan, one.scenario, travel, list(range(len(one.plan.rounds))), theme=colors
        ),
        theme=colors,
        height=_HEIGHT,
        label=f"Carte des tournées du {DAY_NAMES[one.day]}\u202f; les tableaux sous la carte "
        "disent la même chose",
        plugins=[RoundAssets()],
    )
    _rounds(shown, one)


def _rounds(shown: ShownWeek, one: DayPlan) -> None:
    rounds = one.plan.rounds
    tabs = st.tabs(
        [f"Tournée {number}" for number in range(1, len(rounds) + 1)],
        key=f"rounds-week-tabs-{shown.id}-{one.day}",
    )
    for tab, trip in zip(tabs, rounds, strict=True):
        with tab:
            st.markdown(escape.markdown(fill_sentence(trip, vehicle_of(trip, one.scenario))))
            st.table(round_table(trip, one.scenario))


def _tables(week: WeekPlan) -> None:
    st.subheader("Jour par jour", anchor=False)
    st.table(days_table(week))
    st.subheader("Ce que reçoit chaque exutoire", anchor=False)
    st.table(outlets_table(week))
