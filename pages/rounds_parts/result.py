"""The plan on screen: what it saves, the map, a table a round, what is left out, files to take."""

from collections.abc import Sequence

import streamlit as st

from data.figures import Figures
from data.model import Plan, Scenario
from geo.travel import TravelSource
from pages.rounds_parts.around import show_around
from pages.rounds_parts.downloads import show_downloads
from pages.rounds_parts.gains import show_gains
from pages.rounds_parts.measures import stop_count, vehicle_name, vehicle_of
from pages.rounds_parts.proof import search_sentence, show_proof
from pages.rounds_parts.round_map import RoundAssets, round_layer
from pages.rounds_parts.round_table import fill_sentence, round_sentence, round_table
from pages.rounds_parts.state import RoundsState
from pages.rounds_parts.why import show_why
from pages.ui import escape, maps, wording
from pages.ui.palette import LineStyle, Theme, round_style
from pages.ui.session import snapshot, theme

_HEIGHT = 520


@st.fragment
def show_result(state: RoundsState, travel: TravelSource, figures: Figures) -> None:
    """Draw the plan that ``state`` shows."""
    if state.shown is None:
        return
    plan, scenario = state.shown.plan, state.shown.scenario
    st.header(f"Le plan\u202f: {escape.markdown(plan.name)}", anchor=False)
    st.markdown(headline(plan, scenario))
    if plan.rounds:
        show_gains(plan, scenario, travel, figures)
    show_proof(state, travel)
    st.caption(search_sentence(plan))
    if not plan.rounds:
        show_why(state, travel)
        return
    colors = theme()
    shown = _chosen_rounds(plan, scenario, colors)
    maps.show_map(
        "rounds-map",
        snapshot().territory,
        round_layer(plan, scenario, travel, shown, theme=colors),
        theme=colors,
        height=_HEIGHT,
        label="Carte des tournées\u202f; les tableaux sous la carte disent la même chose",
        plugins=[RoundAssets()],
    )
    _show_tables(plan, scenario, shown)
    show_why(state, travel)
    show_around(state, travel, figures)
    show_downloads(plan, scenario, travel, figures)


def headline(plan: Plan, scenario: Scenario) -> str:
    """Say what the plan does in one sentence (Markdown)."""
    served = sum(stop_count(trip) for trip in plan.rounds)
    total = len(scenario.stops)
    if not plan.rounds:
        return f"Aucune tournée possible pour ces {total} points\u202f: voyez pourquoi ci-dessous."
    rounds = f"{len(plan.rounds)} {wording.plural(len(plan.rounds), 'tournée')}"
    if served == total:
        return f"**{rounds}** pour les **{total} {wording.plural(total, 'point')}** demandés."
    left = total - served
    return (
        f"**{rounds}** pour **{served} {wording.plural(served, 'point')}** sur {total}\u202f; "
        f"**{left}** {wording.plural(left, 'est laissé', 'sont laissés')} de côté."
    )


def _chosen_rounds(plan: Plan, scenario: Scenario, colors: Theme) -> list[int]:
    """Draw the legend, which is also the choice of rounds to look at."""
    everything = list(range(len(plan.rounds)))
    st.html(legend(plan, scenario, colors))
    if len(everything) == 1:
        return everything
    picked = st.pills(
        "Tournées à regarder",
        everything,
        selection_mode="multi",
        default=everything,
        format_func=lambda index: f"Tournée {index + 1}",
        key=f"rounds-shown-{plan.id}",
    )
    return list(picked) or everything


def legend(plan: Plan, scenario: Scenario, colors: Theme) -> str:
    """Return the legend as HTML: number, line as on the map, vehicle, hours and loads."""
    items = []
    for index, trip in enumerate(plan.rounds):
        style = round_style(index, colors)
        items.append(
            f'<li><span class="cf-line" style="background:{_stripes(style)}"></span>'
            f"<span><strong>Tournée {index + 1}</strong>, "
            f"{escape.html(vehicle_name(trip, vehicle_of(trip, scenario)))}\u202f: "
            f"{escape.html(round_sentence(trip))}</span></li>"
        )
    return (
        "<style>.cf-rounds{list-style:none;margin:0!important;padding:0!important}"
        ".cf-rounds li{display:flex;gap:.6rem;align-items:center;margin:.15rem 0!important}"
        ".cf-rounds .cf-line{flex:none;width:56px;height:5px}</style>"
        f'<ul class="cf-rounds">{"".join(items)}</ul>'
    )


def _stripes(style: LineStyle) -> str:
    """Return a CSS background with the dashes of the map's line."""
    lengths = [int(part) for part in style.dash.split()] or [1]
    stops, at = [], 0
    for number, length in enumerate(lengths):
        color = "transparent" if number % 2 else style.color
        stops.append(f"{color} {at}px {at + length}px")
        at += length
    return f"repeating-linear-gradient(90deg,{','.join(stops)})"


def _show_tables(plan: Plan, scenario: Scenario, shown: Sequence[int]) -> None:
    tabs = st.tabs([f"Tournée {index + 1}" for index in shown], key=f"rounds-tabs-{plan.id}")
    for tab, index in zip(tabs, shown, strict=True):
        trip = plan.rounds[index]
        with tab:
            st.markdown(escape.markdown(fill_sentence(trip, vehicle_of(trip, scenario))))
            st.table(round_table(trip, scenario))
