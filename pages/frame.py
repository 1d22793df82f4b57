"""The frame around every page: title, navigation in the users' order, demonstration badge.

A page is a module with ``render()``, imported when it is first opened: the map does not wait for
the solver's libraries. Flux, Synergies and Atelier will come after Tournées.
"""

from collections.abc import Callable
from importlib import import_module

import streamlit as st

from pages.ui import chrome, icons
from pages.ui.wording import APP_NAME


def _opening(module: str) -> Callable[[], None]:
    def render() -> None:
        import_module(f"pages.{module}").render()

    return render


st.set_page_config(page_title=APP_NAME, page_icon=chrome.ICON, layout="wide")
page = st.navigation(
    [
        st.Page(
            _opening("map_page"),
            title="Carte",
            icon=icons.MATERIAL_MAP,
            url_path="carte",
            default=True,
        ),
        st.Page(
            _opening("rounds_page"),
            title="Tournées",
            icon=icons.MATERIAL_ROUNDS,
            url_path="tournees",
        ),
        st.Page(
            _opening("flows_page"),
            title="Flux",
            icon=icons.MATERIAL_FLOWS,
            url_path="flux",
        ),
        st.Page(
            _opening("studies_page"),
            title="Études",
            icon=icons.MATERIAL_STUDIES,
            url_path="etudes",
        ),
        st.Page(
            _opening("data_page"),
            title="Données",
            icon=icons.MATERIAL_DATA,
            url_path="donnees",
        ),
        st.Page(
            _opening("about_page"),
            title="À propos",
            icon=icons.MATERIAL_ABOUT,
            url_path="a-propos",
        ),
    ],
    position="hidden" if chrome.presenting() else "top",
)
st.set_page_config(page_title=f"{page.title} – {APP_NAME}")
chrome.draw()
page.run()
