"""Take the report away: each file is made in a thread of its own when its button is pressed."""

from functools import partial
from typing import Final

import streamlit as st

from pages.documents.programme_report import (
    Report,
    programme_report_pdf,
    programme_report_xlsx,
)
from pages.documents.workshop_report import (
    WorkshopDay,
    workshop_report_pdf,
    workshop_report_xlsx,
)
from pages.ui import icons

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(report: Report) -> None:
    """Draw the buttons of the period's report."""
    with st.container(horizontal=True, key="report-get"):
        st.download_button(
            "Bilan à remettre (PDF)",
            partial(programme_report_pdf, report),
            file_name=f"{report.stem}.pdf",
            mime="application/pdf",
            icon=":material/print:",
            type="primary",
            key="report-get-pdf",
            on_click="ignore",
            help="Chiffres, statuts, temps forts, ateliers, et comment chaque chiffre est compté.",
        )
        st.download_button(
            "Classeur (XLSX)",
            partial(programme_report_xlsx, report),
            file_name=f"{report.stem}.xlsx",
            mime=XLSX,
            icon=icons.MATERIAL_DOWNLOAD,
            key="report-get-xlsx",
            on_click="ignore",
            help="Les mêmes chiffres, et une feuille par liste de ce qui est compté.",
        )


def workshop(day: WorkshopDay) -> None:
    """Draw the buttons of the report of one workshop."""
    with st.container(horizontal=True, key=f"report-get-{day.workshop.id}"):
        st.download_button(
            "Compte rendu de la journée (PDF)",
            partial(workshop_report_pdf, day),
            file_name=f"{day.stem}.pdf",
            mime="application/pdf",
            icon=":material/print:",
            key=f"report-day-pdf-{day.workshop.id}",
            on_click="ignore",
        )
        st.download_button(
            "Compte rendu (XLSX)",
            partial(workshop_report_xlsx, day),
            file_name=f"{day.stem}.xlsx",
            mime=XLSX,
            icon=icons.MATERIAL_DOWNLOAD,
            key=f"report-day-xlsx-{day.workshop.id}",
            on_click="ignore",
        )
