"""What surrounds every page: name, skip target, demonstration badge, shared styles."""

from pathlib import Path
from typing import Final

import streamlit as st

from pages.ui import icons
from pages.ui.palette import css_variables
from pages.ui.session import snapshot, theme
from pages.ui.wording import DEMO_BADGE, DEMO_HELP

_ASSETS: Final = Path(__file__).resolve().parent.parent / "assets"
_STYLES: Final = _ASSETS / "pages.css"
ICON: Final = _ASSETS / "icon.svg"
PRESENTATION: Final = "presentation"
"""Key of the address bar."""


def presenting() -> bool:
    """Whether the page is shown on a projector (``?presentation=1``): no navigation then."""
    return st.query_params.get(PRESENTATION) == "1"


def set_presenting(*, wanted: bool) -> None:
    """Enter or leave presentation mode (a widget callback)."""
    if wanted:
        st.query_params[PRESENTATION] = "1"
    else:
        st.query_params.pop(PRESENTATION, None)


def draw() -> None:
    """Draw the frame's own elements above the page."""
    variables = ";".join(f"{name}:{color}" for name, color in css_variables(theme()).items())
    styles = _STYLES.read_text(encoding="utf-8")
    st.html(f"<style>:root{{{variables}}}{styles}</style>")
    st.logo(ICON, size="medium")
    st.html('<div id="contenu" tabindex="-1"></div>')
    if snapshot().has_demo:
        with st.container(key="demo-badge"):
            st.badge(DEMO_BADGE, icon=icons.MATERIAL_DEMO, color="orange", help=DEMO_HELP)
