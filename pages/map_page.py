"""Carte: who is here, and with which flows? For officials, who explore and never type."""

import streamlit as st

from data.french import NNBSP
from geo.select import Selected, Selection
from pages.map_parts import card, content, filters, overlays, state, summary, table
from pages.map_parts.view import PublicView, public_view
from pages.routes import assets
from pages.ui import chrome, icons, maps
from pages.ui.session import snapshot, theme

_TITLE = f"Qui est là, et avec quels flux{NNBSP}?"
_PRESENTATION_STYLES = assets.OWN_ASSETS / "presentation.css"
_HEIGHT = 600


def render() -> None:
    """Draw the page."""
    view = public_view(snapshot())
    if view is None:
        st.title(_TITLE, anchor=False)
        st.warning(
            "Aucun territoire n’est chargé. Construisez-le avec "
            "«\u00a0python -m geo build-territory\u00a0», puis relancez Cartoflux."
        )
        return
    selection = state.read(view.territory)
    if chrome.presenting():
        _present(view, selection)
    else:
        _explore(view, selection)


def _explore(view: PublicView, selection: Selection) -> None:
    st.title(_TITLE, anchor=False)
    layers = filters.bar(view, selection)
    kept = view.select(selection)
    filters.found(view, selection, kept)
    if not kept.actors:
        filters.nobody(view, selection)
    added = overlays.overlays(view, selection, layers)
    left, right = st.columns([2.3, 1])
    with left:
        _map(view, selection, kept, added, scale=1.0)
        added.note()
    with right, st.container(height=_HEIGHT, border=True, key="map-side"):
        _side(view, selection, kept)
    state.write(selection)
    if kept.actors:
        st.header("Les mêmes acteurs en tableau", anchor=False)
        table.draw(view, selection, kept)
        table.downloads(view, kept)
    added.tables()


def _present(view: PublicView, selection: Selection) -> None:
    st.html(_PRESENTATION_STYLES)
    with st.container(horizontal=True, vertical_alignment="center", key="map-present"):
        st.button(
            "Quitter la présentation",
            key="map-leave-presentation",
            icon=icons.MATERIAL_BACK,
            on_click=chrome.set_presenting,
            kwargs={"wanted": False},
        )
        filters.epci(view)
        kept = view.select(selection)
        added = overlays.overlays(view, selection, overlays.choose())
        st.markdown(filters.sentence(view, kept))
    if view.snapshot.actor.get(selection.actor or ""):
        left, right = st.columns([2.4, 1])
        with right, st.container(key="map-side"):
            _side(view, selection, kept)
    else:
        left = st.container()
    with left:
        _map(view, selection, kept, added, scale=maps.LARGE)
    state.write(selection)


def _map(
    view: PublicView,
    selection: Selection,
    kept: Selected,
    added: overlays.Overlays,
    *,
    scale: float,
) -> None:
    colors = theme()
    actors = maps.Content(content.payload(view, selection, kept, colors))
    maps.show_map(
        added.mount,
        view.territory,
        [actors, *added.groups(colors)] if added.wanted else actors,
        theme=colors,
        height=_HEIGHT,
        scale=scale,
        label="Carte des acteurs\u202f; le tableau sous la carte dit la même chose",
        on_click=added.on_click(state.open_card),
        plugins=added.plugins,
    )


def _side(view: PublicView, selection: Selection, kept: Selected) -> None:
    actor = view.snapshot.actor.get(selection.actor or "")
    if actor is not None and actor.id in view.position:
        card.draw(view, actor)
    else:
        summary.draw(view, selection, kept)
