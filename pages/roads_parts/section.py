"""The section « Routes »: the networks at hand, then the import."""

import streamlit as st

from data.french import tidy
from pages.roads_parts import importing, kept


def draw() -> None:
    """Draw the section."""
    st.markdown(
        tidy(
            "Avec un réseau routier, les tournées suivent les vraies rues : sens uniques, "
            "contresens cyclables, chemins, vitesses. Sans réseau, elles comptent à vol d’oiseau, "
            "corrigé d’un facteur mesuré."
        )
    )
    kept.draw()
    importing.draw()
