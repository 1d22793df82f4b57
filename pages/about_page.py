"""À propos: what is this, where do the numbers come from, and which are hypotheses?"""

from collections.abc import Callable
from typing import Final

import streamlit as st

from pages.about_parts import accessibility, hypotheses, presentation, privacy, sources

_SECTIONS: Final[dict[str, Callable[[], None]]] = {
    "Cartoflux": presentation.draw,
    "Hypothèses": hypotheses.draw,
    "Sources et licences": sources.draw,
    "Données personnelles": privacy.draw,
    "Accessibilité": accessibility.draw,
}


def render() -> None:
    """Draw the page."""
    st.title("Qu’est-ce que Cartoflux, et d’où viennent ses chiffres\u202f?", anchor=False)
    first = next(iter(_SECTIONS))
    section = st.segmented_control(
        "Sujet",
        list(_SECTIONS),
        key="sujet",
        default=first,
        required=True,
        label_visibility="collapsed",
        bind="query-params",
    )
    # Text is read in lines of some ninety characters; the tables of figures need the width.
    wide = section == "Hypothèses"
    with st.container(width="stretch" if wide else 900):
        _SECTIONS[section or first]()
