"""Données: what do we know, and how to correct it? For programme leads, who key data in."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from pages.data_parts import demo, editor, exchange, history
from pages.data_parts.kinds import ACTOR_SPEC, COLLECTION_SPECS, FLOW_SPEC
from pages.data_parts.programme_kinds import PROGRAMME_SPECS
from pages.data_parts.session import draw_name, draw_news
from pages.roads_parts import section as roads
from pages.ui.session import snapshot


def render() -> None:
    """Draw the page."""
    st.title("Que savons-nous, et comment le corriger\u202f?", anchor=False)
    if snapshot().territory is None:
        st.warning(
            "Aucun territoire n’est chargé\u202f: les fiches ont besoin de communes. "
            "Construisez-le avec «\u00a0python -m geo build-territory\u00a0», puis relancez "
            "Cartoflux.",
            icon=":material/map:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="center", key="data-head"):
        section = st.segmented_control(
            "Rubrique",
            list(_SECTIONS),
            key="rubrique",
            default=next(iter(_SECTIONS)),
            required=True,
            label_visibility="collapsed",
            bind="query-params",
            wrap=True,
        )
        draw_name()
    draw_news()
    _SECTIONS[section or next(iter(_SECTIONS))]()


def _actors() -> None:
    editor.draw(ACTOR_SPEC)


def _flows() -> None:
    editor.draw(FLOW_SPEC)


def _collection() -> None:
    specs = {spec.format.nouns.capitalize(): spec for spec in COLLECTION_SPECS}
    chosen = st.segmented_control(
        "Collecte",
        list(specs),
        key="collecte",
        default=next(iter(specs)),
        required=True,
        label_visibility="collapsed",
        bind="query-params",
    )
    editor.draw(specs[chosen or next(iter(specs))])


def _programme() -> None:
    specs = {spec.format.nouns.capitalize(): spec for spec in PROGRAMME_SPECS}
    chosen = st.segmented_control(
        "Programme",
        list(specs),
        key="programme",
        default=next(iter(specs)),
        required=True,
        label_visibility="collapsed",
        bind="query-params",
    )
    editor.draw(specs[chosen or next(iter(specs))])


_SECTIONS: Final[dict[str, Callable[[], None]]] = {
    "Acteurs": _actors,
    "Flux": _flows,
    "Collecte": _collection,
    "Programme": _programme,
    "Importer, exporter": exchange.draw,
    "Routes": roads.draw,
    "Historique": history.draw,
    "Démonstration": demo.draw,
}
