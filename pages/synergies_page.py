"""Synergies: what to push this week, so that ideas become real? For programme leads."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from pages.data_parts.session import draw_name, draw_news
from pages.routes.assets import OWN_ASSETS
from pages.synergies_parts import (
    board,
    detail,
    listings,
    progress,
    proposals,
    state,
    synergy_map,
    week,
)
from pages.synergies_parts.view import View, view_for
from pages.ui import chrome, icons

_SECTIONS: Final[dict[str, Callable[[View], None]]] = {
    "À pousser": week.draw,
    "Offres et besoins": listings.draw,
    state.PROPOSALS: proposals.draw,
    "Suivi": board.draw,
    "Carte": synergy_map.draw,
    "Avancement": progress.draw,
}
_FIRST: Final = next(iter(_SECTIONS))
_STYLES: Final = (OWN_ASSETS / "synergies.css").read_text(encoding="utf-8")
_PRESENTATION: Final = (OWN_ASSETS / "presentation.css").read_text(encoding="utf-8")


def render() -> None:
    """Draw the page."""
    st.html(f"<style>{_STYLES}</style>")
    view = view_for(state.viewer())
    if chrome.presenting():
        _present(view)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="synergies-head"):
        st.title("Que faut-il pousser cette semaine\u202f?", anchor=False)
        draw_name()
        state.draw_viewer()
    section = _choose()
    draw_news()
    if state.opened():
        detail.draw(view, state.opened())
    else:
        _SECTIONS[section](view)


def _choose() -> str:
    chosen = st.segmented_control(
        "Rubrique",
        list(_SECTIONS),
        key=state.SECTION,
        default=_FIRST,
        required=True,
        label_visibility="collapsed",
        bind="query-params",
        on_change=state.close_synergy,
    )
    return chosen or _FIRST


def _present(view: View) -> None:
    st.html(f"<style>{_PRESENTATION}</style>")
    with st.container(horizontal=True, vertical_alignment="center", key="synergies-present-bar"):
        st.button(
            "Quitter la présentation",
            icon=icons.MATERIAL_BACK,
            key="synergies-leave-presentation",
            on_click=chrome.set_presenting,
            kwargs={"wanted": False},
        )
        st.segmented_control(
            "Rubrique",
            ["Suivi", "Carte"],
            key=state.SECTION,
            default="Suivi",
            required=True,
            label_visibility="collapsed",
            bind="query-params",
        )
    if st.session_state.get(state.SECTION) == "Carte":
        synergy_map.draw(view)
    else:
        board.draw(view)
