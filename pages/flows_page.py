"""Flux: where do materials come from, where do they go, what stays? For officials, who explore."""

import streamlit as st

from geo.flows import Level
from pages.flows_parts import (
    balance_part,
    brief,
    controls,
    details,
    downloads,
    sankey_chart,
    state,
    table,
    time_part,
)
from pages.flows_parts.choice import Choice
from pages.flows_parts.state import Asked
from pages.flows_parts.view import FlowView, Picture, flow_view, picture
from pages.routes.assets import OWN_ASSETS
from pages.ui import escape, flow_map, icons, maps
from pages.ui.session import snapshot, theme
from pages.ui.viewer import viewer

_HEIGHT = 700
_STYLES = (OWN_ASSETS / "flows.css").read_text(encoding="utf-8")
_TITLE = "D’où viennent les matières, où vont-elles ?"


def render() -> None:
    """Draw the page."""
    view = flow_view(snapshot(), viewer())
    if view is None:
        st.title(_TITLE)
        st.warning(
            "Aucun territoire n’est chargé. Construisez-le avec « python -m geo build-territory », "
            "puis relancez Cartoflux."
        )
        return
    st.html(f"<style>{_STYLES}</style>")
    asked = state.read(view)
    kept = picture(view, asked.filter, asked.measure)
    if state.presenting():
        _present(view, asked, kept)
    else:
        _explore(view, asked, kept)
    state.write(asked)


def _explore(view: FlowView, asked: Asked, kept: Picture) -> None:
    # One container for all that comes and goes above the map: were the map to change place in the
    # page, the browser would mount it anew and lose its zoom.
    with st.container():
        st.title(_TITLE)
        controls.bar(view, asked)
        if state.notice():
            st.warning(escape.markdown(state.notice()))
        controls.found(view, asked, kept)
        if not len(kept.links):
            controls.nothing(view, asked)
        picked = _picked(view, asked, kept)
        if len(kept.links):
            brief.facts(picked or kept, theme())
    left, right = st.columns([2.5, 1])
    with left:
        _map(view, kept, picked, scale=1.0)
    with right, st.container(height=_HEIGHT, border=True, key="flows-side"):
        _side(view, asked, kept, picked)
    if not len(kept.links):
        return
    st.header("Les mêmes flux en rubans")
    _diagram(view, asked, kept, picked)
    st.header("Les mêmes flux en tableau")
    shown = kept.pick(asked.choice.without_link)
    table.draw(view, shown, asked.choice, _replace_choice)
    balance_part.draw(view, kept)
    time_part.draw(view, asked)
    downloads.draw(view, asked, kept)


def _present(view: FlowView, asked: Asked, kept: Picture) -> None:
    with st.container():
        with st.container(horizontal=True, vertical_alignment="center", key="flows-present"):
            st.button(
                "Quitter la présentation",
                icon=icons.MATERIAL_BACK,
                on_click=state.set_presenting,
                kwargs={"wanted": False},
            )
            controls.streams(view)
            st.markdown(controls.sentence(view, kept))
        picked = _picked(view, asked, kept)
        if len(kept.links):
            brief.facts(picked or kept, theme())
    with st.container(key="flows-stage"):
        _map(view, kept, picked, scale=maps.LARGE)
    if picked is not None:
        _side(view, asked, kept, picked)


def _picked(view: FlowView, asked: Asked, kept: Picture) -> Picture | None:
    """Return the selected part of what is kept, said in a banner; ``None`` without a selection."""
    if not asked.choice:
        return None
    picked = kept.pick(asked.choice)
    details.banner(view, asked.choice, picked)
    return picked


def _map(view: FlowView, kept: Picture, picked: Picture | None, *, scale: float) -> None:
    colors = theme()
    payload = flow_map.flow_payload(
        kept.levels,
        picked=picked.levels if picked else None,
        theme=colors,
        names=view.names,
        positions=view.positions,
    )
    flow_map.show_flows(
        "flows",
        view.territory,
        payload,
        theme=colors,
        height=_HEIGHT,
        scale=scale,
        on_click=_clicked,
    )
    nowhere = int(kept.levels[Level.ACTOR].nodes["lon"].isna().sum())
    if nowhere:
        st.caption(f"{nowhere} lieux sans position ne sont pas dessinés ; le tableau les contient.")


def _clicked(text: str) -> None:
    found = flow_map.read_click(text)
    if found is None:
        return
    kind, parts = found
    if kind == "lieu":
        state.choose(Choice(place=parts[0]))
    else:
        state.choose(Choice(origin=parts[0], destination=parts[1], stream=parts[2]))


def _replace_choice(choice: Choice) -> None:
    if choice != state.asked().choice:
        state.choose(choice)


def _side(view: FlowView, asked: Asked, kept: Picture, picked: Picture | None) -> None:
    if picked is not None:
        details.card(view, asked.choice, picked)
    elif len(kept.links):
        brief.streams(view, kept, theme())
    else:
        st.markdown("Rien à montrer avec ces filtres.")


def _diagram(view: FlowView, asked: Asked, kept: Picture, picked: Picture | None) -> None:
    st.segmented_control(
        "Colonnes du diagramme",
        list(state.DIAGRAMS),
        key=state.STAGES,
        format_func={
            "complet": "Départ → filière → arrivée",
            "epci": "EPCI → EPCI",
            "familles": "Famille → sens",
        }.__getitem__,
        required=True,
        label_visibility="collapsed",
    )
    sankey_chart.draw(
        view,
        kept,
        picked,
        state.DIAGRAMS[asked.diagram],
        theme=theme(),
        on_choice=state.choose,
    )
    st.caption(
        "Cliquez sur un ruban ou un nom : la carte et le tableau suivent. Un lieu apparaît à "
        "gauche quand il envoie et à droite quand il reçoit, si bien qu’aucune boucle ne se cache."
    )
