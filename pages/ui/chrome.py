"""What surrounds every page: name, skip target, demonstration badge, shared styles."""

from pathlib import Path
from typing import Final

import streamlit as st

from pages.ui import icons
from pages.ui.palette import css_variables
from pages.ui.session import snapshot, theme
from pages.ui.wording import DEMO_BADGE, DEMO_HELP

_STYLES: Final = Path(__file__).resolve().parent.parent / "assets" / "pages.css"


def draw() -> None:
    """Draw the frame's own elements above the page."""
    variables = ";".join(f"{name}:{color}" for name, color in css_variables(theme()).items())
    styles = _STYLES.read_text(encoding="utf-8")
    st.html(f"<style>:root{{{variables}}}{styles}</style>")
    st.html('<div id="contenu" tabindex="-1"></div>')
    if snapshot().has_demo:
        with st.container(key="demo-badge"):
            st.badge(DEMO_BADGE, icon=icons.MATERIAL_DEMO, color="orange", help=DEMO_HELP)
