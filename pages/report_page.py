"""Bilan: what has the programme produced? For officials and the programme lead."""

import datetime as dt
from typing import Final

import streamlit as st

from data.french import NNBSP, date
from optimization.programme import ProgrammeFigures
from pages.data_parts.session import draw_name, draw_news
from pages.documents.programme_report import Report
from pages.documents.workshop_report import WorkshopDay
from pages.report_parts import choice, downloads, event_form, funnel, headlines, tables, timeline
from pages.report_parts.view import ReportView, report_view
from pages.routes import assets
from pages.ui import chrome, escape, icons, localtime, viewer

_TITLE: Final = f"Qu’avons-nous fait ensemble{NNBSP}?"
_STYLES: Final = assets.OWN_ASSETS / "report.css"
_PRESENTATION_STYLES: Final = assets.OWN_ASSETS / "presentation.css"


def render() -> None:
    """Draw the page."""
    st.html(_STYLES)
    today = localtime.today()
    view = report_view(viewer.viewer())
    if chrome.presenting():
        st.html(_PRESENTATION_STYLES)
        st.button(
            "Quitter la présentation",
            key="report-leave-presentation",
            icon=icons.MATERIAL_BACK,
            on_click=chrome.set_presenting,
            kwargs={"wanted": False},
        )
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title(_TITLE, anchor=False)
            draw_name()
    asked = choice.bar(view, today, bare=chrome.presenting())
    if asked is None:
        st.info("Choisissez deux dates, la seconde après la première.", icon=":material/event:")
        return
    found = view.figures(asked.span, asked.epci, today)
    epci = view.snapshot.epci.get(asked.epci or "")
    territory = view.snapshot.territory
    place = epci.name if epci else territory.name if territory else ""
    span = found.span
    heading = f"{span.label[:1].upper()}{span.label[1:]}"
    dates = f" · du {date(span.start)} au {date(span.end)}" if span.is_named else ""
    st.markdown(f"**{heading}**, {escape.markdown(place)}{dates}")
    if chrome.presenting():
        headlines.present(found)
        return
    before = view.figures(found.span.previous, asked.epci, today)
    report = Report(view=view, found=found, before=before, place=place, day=today)
    downloads.draw(report)
    draw_news()
    _body(view, found, before, today)


def _body(
    view: ReportView, found: ProgrammeFigures, before: ProgrammeFigures, today: dt.date
) -> None:
    headlines.draw(view, found, before)
    st.header("Où en sont les synergies", anchor=False)
    st.html(funnel.funnel_html(found, before))
    st.header("Temps forts", anchor=False)
    if found.events:
        st.html(timeline.timeline_html(view, found.events, today))
    else:
        st.caption("Aucun temps fort pendant cette période.")
    with st.expander(
        "Ajouter ou modifier un temps fort", icon=":material/edit_calendar:", key="report-events"
    ):
        event_form.draw(view)
    if found.workshops:
        st.header("Ateliers", anchor=False)
        for one in found.workshops:
            _workshop(view, one.workshop_id, today)
    st.header("Tous les chiffres, à côté de la période précédente", anchor=False)
    tables.draw(found, before)
    for note in found.notes:
        st.caption(escape.markdown(note))


def _workshop(view: ReportView, workshop_id: str, today: dt.date) -> None:
    """Draw one workshop in a few words, with its report to take away."""
    workshop = next(one for one in view.records.workshops if one.id == workshop_id)
    with st.container(border=True, key=f"report-workshop-{workshop_id}"):
        st.subheader(escape.markdown(workshop.name), anchor=False)
        records = view.records
        day = WorkshopDay(
            workshop=workshop,
            attendances=tuple(a for a in records.attendances if a.workshop_id == workshop_id),
            cards=tuple(c for c in records.cards if c.workshop_id == workshop_id),
            ideas=tuple(i for i in records.ideas if i.workshop_id == workshop_id),
            synergies=tuple(s for s in records.synergies if s.workshop_id == workshop_id),
            resources=view.snapshot.resource,
            place=view.place(workshop),
            day=today,
        )
        figures = day.figures
        said = ", ".join(f"**{one.short}** {escape.markdown(one.label.lower())}"
                         for one in figures.facts if one.value)  # fmt: skip
        st.markdown(f"{date(workshop.day)}, {escape.markdown(day.place)}{NNBSP}: {said}.")
        rows = ", ".join(f"{escape.markdown(r.label.lower())} **{r.short}**"
                         for r in figures.by_status.rows)  # fmt: skip
        if rows:
            st.markdown(f"Idées retenues, aujourd’hui{NNBSP}: {rows}.")
        if view.sees_network:
            downloads.workshop(day)
        else:
            st.caption(
                "Le compte rendu nomme les entreprises\u202f: il se prend avec la vue du réseau ou "
                "de l’équipe."
            )
