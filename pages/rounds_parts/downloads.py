"""Files to take away: the rider's sheet, and the rounds for other tools."""

import re

import streamlit as st

from data.figures import Figures
from data.model import Plan, Scenario
from data.text import fold
from geo.travel import TravelSource
from optimization.exports import to_csv, to_geojson, to_gpx
from pages.documents import rider_sheet
from pages.ui import icons
from pages.ui.session import snapshot


def show_downloads(plan: Plan, scenario: Scenario, travel: TravelSource, figures: Figures) -> None:
    """Draw one button a file; each file is made only when it is asked for."""
    territory = snapshot().territory
    communes = territory.communes if territory else ()
    stem = file_stem(plan.name)
    st.subheader("Emporter", anchor=False)
    with st.container(horizontal=True):
        st.download_button(
            "Feuilles de route (PDF)",
            lambda: rider_sheet(plan, scenario, None, travel, figures, communes=communes),
            file_name=f"{stem}.pdf",
            mime="application/pdf",
            icon=":material/print:",
            type="primary",
            key="rounds-pdf",
            on_click="ignore",
            help="Une feuille A4 par tournée\u202f: croquis, ordre, heures, kg, cases à cocher.",
        )
        st.download_button(
            "Tableau (CSV)",
            lambda: to_csv(plan, scenario).encode(),
            file_name=f"{stem}.csv",
            mime="text/csv",
            icon=icons.MATERIAL_DOWNLOAD,
            key="rounds-csv",
            on_click="ignore",
        )
        st.download_button(
            "Trace pour GPS (GPX)",
            lambda: to_gpx(plan, scenario, travel),
            file_name=f"{stem}.gpx",
            mime="application/gpx+xml",
            icon=icons.MATERIAL_DOWNLOAD,
            key="rounds-gpx",
            on_click="ignore",
            help="À ouvrir dans l’application de navigation du téléphone.",
        )
        st.download_button(
            "Carte (GeoJSON)",
            lambda: to_geojson(plan, scenario, travel).encode(),
            file_name=f"{stem}.geojson",
            mime="application/geo+json",
            icon=icons.MATERIAL_DOWNLOAD,
            key="rounds-geojson",
            on_click="ignore",
            help="À ouvrir dans QGIS ou umap.",
        )


def file_stem(name: str) -> str:
    """Name files after a plan, with plain letters only."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60]
    return (
        f"tournees-{words}" if words and not words.startswith("tournees") else words or "tournees"
    )
