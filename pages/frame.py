"""The frame around every page: title, navigation in the users' order, demonstration badge.

A page is a module with ``render()``. Flux, Synergies and Atelier will come after Tournées.
"""

from importlib import import_module
from importlib.util import find_spec

import streamlit as st

from pages.ui import chrome, icons
from pages.ui.wording import APP_NAME

_PAGES = (
    ("map_page", "Carte", icons.MATERIAL_MAP, "carte"),
    ("rounds_page", "Tournées", icons.MATERIAL_ROUNDS, "tournees"),
    ("data_page", "Données", icons.MATERIAL_DATA, "donnees"),
    ("about_page", "À propos", icons.MATERIAL_ABOUT, "a-propos"),
)

st.set_page_config(page_title=APP_NAME, page_icon="🧭", layout="wide")
page = st.navigation(
    [
        st.Page(
            import_module(f"pages.{module}").render,
            title=title,
            icon=icon,
            url_path=path,
            default=module == "map_page",
        )
        for module, title, icon, path in _PAGES
        if find_spec(f"pages.{module}")
    ],
    position="top",
)
st.set_page_config(page_title=f"{page.title} – {APP_NAME}")
chrome.draw()
page.run()
