"""Files of a week to take away: sheets, table, agenda."""

from datetime import UTC, datetime

import streamlit as st

from data.figures import Figures
from data.synergies.agenda import MEDIA_TYPE
from geo.travel import TravelSource
from optimization.weeks.files import week_agenda, week_csv
from pages.documents.week_sheet import week_sheet
from pages.rounds_parts.downloads import file_stem
from pages.rounds_parts.week_state import ShownWeek
from pages.ui import icons
from pages.ui.session import snapshot


def show_week_downloads(shown: ShownWeek, travel: TravelSource, figures: Figures) -> None:
    """Draw one button a file; each file is made only when it is asked for."""
    week, name = shown.week, shown.name
    territory = snapshot().territory
    communes = territory.communes if territory else ()
    stem = file_stem(name)
    st.subheader("Emporter", anchor=False)
    with st.container(horizontal=True):
        st.download_button(
            "Semaine et feuilles de route (PDF)",
            lambda: week_sheet(week, name, travel, figures, communes=communes),
            file_name=f"{stem}.pdf",
            mime="application/pdf",
            icon=":material/print:",
            type="primary",
            key="rounds-week-pdf",
            on_click="ignore",
            help="La grille de la semaine, puis une feuille A4 par tournée, jour après jour.",
        )
        st.download_button(
            "Tableau de la semaine (CSV)",
            lambda: week_csv(week).encode(),
            file_name=f"{stem}.csv",
            mime="text/csv",
            icon=icons.MATERIAL_DOWNLOAD,
            key="rounds-week-csv",
            on_click="ignore",
        )
        if week.choices.monday:
            st.download_button(
                "Agenda (iCalendar)",
                lambda: week_agenda(week, name, made_at=datetime.now(UTC)),
                file_name=f"{stem}.ics",
                mime=MEDIA_TYPE,
                icon=":material/event:",
                key="rounds-week-ics",
                on_click="ignore",
                help="Une tournée par ligne d’agenda, à ses heures.",
            )
