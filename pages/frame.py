"""The frame around every page: title, navigation in the users' order, demonstration badge.

A page is a module with ``render()``, imported when it is first opened: the map does not wait for
the solver's libraries.
"""

import sys
from collections.abc import Callable
from importlib import import_module

import streamlit as st

from pages.ui import chrome, icons
from pages.ui.memory import set_aside
from pages.ui.wording import APP_NAME


def _opening(module: str) -> Callable[[], None]:
    def render() -> None:
        first = f"pages.{module}" not in sys.modules
        page = import_module(f"pages.{module}")
        if first:
            set_aside()
        page.render()

    return render


# Module, title, icon, address; the first is the front page.
PAGES = (
    ("map_page", "Carte", icons.MATERIAL_MAP, "carte"),
    ("rounds_page", "Tournées", icons.MATERIAL_ROUNDS, "tournees"),
    ("flows_page", "Flux", icons.MATERIAL_FLOWS, "flux"),
    ("synergies_page", "Synergies", icons.MATERIAL_SYNERGIES, "synergies"),
    ("workshop_page", "Atelier", icons.MATERIAL_WORKSHOP, "atelier"),
    ("letter_page", "Lettre", icons.MATERIAL_LETTER, "lettre"),
    ("report_page", "Bilan", icons.MATERIAL_REPORT, "bilan"),
    ("studies_page", "Études", icons.MATERIAL_STUDIES, "etudes"),
    ("data_page", "Données", icons.MATERIAL_DATA, "donnees"),
    ("about_page", "À propos", icons.MATERIAL_ABOUT, "a-propos"),
)

st.set_page_config(page_title=APP_NAME, page_icon=chrome.ICON, layout="wide")
page = st.navigation(
    [
        st.Page(_opening(module), title=title, icon=icon, url_path=path, default=not place)
        for place, (module, title, icon, path) in enumerate(PAGES)
    ],
    position="hidden" if chrome.presenting() else "top",
)
st.set_page_config(page_title=f"{page.title} – {APP_NAME}")
chrome.draw()
page.run()
