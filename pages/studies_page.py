"""Études: what did the company tell us? For programme leads, in a visit or from a spreadsheet."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from pages.data_parts.session import draw_name, draw_news
from pages.studies_parts import exporting, form, importing, listing, opened
from pages.ui.session import snapshot

_FORM_WIDTH: Final = 980
"""Pixels; longer lines are hard to read."""


def render() -> None:
    """Draw the page."""
    held = opened.opened()
    if held is not None:
        st.title("Une visite, cinq minutes" if held.study is None else "Étude de flux")
        with st.container(width=_FORM_WIDTH):
            draw_news()
            form.draw(held)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Que nous ont dit les entreprises\u202f?")
        draw_name()
    if snapshot().territory is None:
        st.warning(
            "Aucun territoire n’est chargé\u202f: les acteurs ont besoin de communes. "
            "Construisez-le avec « python -m geo build-territory », puis relancez Cartoflux.",
            icon=":material/map:",
        )
        return
    part = st.segmented_control(
        "Rubrique",
        list(_PARTS),
        key="partie",
        default=next(iter(_PARTS)),
        required=True,
        label_visibility="collapsed",
        bind="query-params",
    )
    draw_news()
    _PARTS[part or next(iter(_PARTS))]()


_PARTS: Final[dict[str, Callable[[], None]]] = {
    "Visites": listing.draw,
    "Importer un tableur": importing.draw,
    "Exporter": exporting.draw,
}
