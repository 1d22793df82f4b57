"""The end of the day: the figures, the report, the cards poured into offers and needs."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from data.french import number, tidy
from data.model import Workshop, WorkshopState
from optimization.programme import workshop_figures
from pages.documents.workshop_report import (
    WorkshopDay,
    workshop_report_pdf,
    workshop_report_xlsx,
)
from pages.ui import escape, localtime, wording
from pages.ui.session import get_store, snapshot
from pages.workshop_parts import state, writes
from pages.workshop_parts.hall import Hall

_SURE: Final = "workshop-delete-sure"


def draw(now: Hall) -> None:
    """Draw the figures of the day and what to do with them."""
    records = snapshot()
    figures = workshop_figures(
        now.workshop,
        now.attendances,
        now.cards,
        now.ideas,
        now.synergies,
        resource_names={one.id: one.name for one in records.resources},
    )
    shown = st.columns(5)
    for column, fact in zip(
        shown,
        (figures.present, figures.represented, figures.facilitators, figures.cards, figures.ideas),
        strict=True,
    ):
        column.metric(fact.label, number(fact.value or 0), help=fact.how)
    kept = ", ".join(
        f"{number(row.value or 0)} {_said(row.label, int(row.value or 0))}"
        for row in figures.by_status.rows
    )
    st.markdown(
        f"**{number(len(now.kept))} "
        f"{wording.plural(len(now.kept), 'idée retenue', 'idées retenues')}**"
        + (f"\u202f: {escape.markdown(kept)}" if kept else "")
    )
    _report(now)
    st.divider()
    _pour(now)
    st.divider()
    _doors(now.workshop)


def _said(status: str, count: int) -> str:
    """« 9 abandonnées », « 14 sur le point de se concrétiser »."""
    word = status[:1].lower() + status[1:]
    return f"{word}s" if count > 1 and " " not in word else word


def _report(now: Hall) -> None:
    st.subheader("Compte rendu de la journée", anchor=False)
    st.caption(
        "Il garde le nom des entreprises, même si la projection était anonyme\u202f: "
        "relisez-le avant de le diffuser."
    )
    name = f"atelier-{now.workshop.day}"
    with st.container(horizontal=True):
        st.download_button(
            "Compte rendu (PDF)",
            _later(workshop_report_pdf, now.workshop.id),
            file_name=f"{name}.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
            key="workshop-report-pdf",
            type="primary",
        )
        st.download_button(
            "Tableur (XLSX)",
            _later(workshop_report_xlsx, now.workshop.id),
            file_name=f"{name}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/table_view:",
            on_click="ignore",
            key="workshop-report-xlsx",
        )


def _later(make: Callable[[WorkshopDay], bytes], workshop_id: str) -> Callable[[], bytes]:
    """Make the file when someone asks for it, not at each drawing of the page."""
    return lambda: make(WorkshopDay.read(get_store(), workshop_id, localtime.today()))


def _pour(now: Hall) -> None:
    st.subheader("Et après\u202f?", anchor=False)
    known = sum(card.actor_id is not None for card in now.cards)
    st.markdown(
        tidy(
            "Les idées retenues sont déjà dans le suivi des synergies. "
            f"{number(known)} fiches sur {number(len(now.cards))} viennent d’acteurs connus : "
            "versées dans les offres et besoins, elles continueront à chercher preneur. Pour les "
            "autres, créez d’abord l’acteur depuis les Présences."
        )
    )
    st.button(
        "Verser les fiches dans les offres et besoins",
        key="workshop-pour",
        icon=":material/move_to_inbox:",
        on_click=writes.pour,
        args=(now,),
        disabled=not known,
    )


def _doors(workshop: Workshop) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if workshop.state is WorkshopState.OPEN:
            st.button(
                "Clore l’atelier",
                key="workshop-close",
                icon=":material/lock:",
                on_click=writes.close_doors,
                args=(workshop.id,),
            )
        elif workshop.state is WorkshopState.CLOSED:
            st.button(
                "Rouvrir aux téléphones",
                key="workshop-reopen",
                icon=":material/lock_open:",
                on_click=writes.open_doors,
                args=(workshop.id,),
            )
        sure = st.checkbox("Je veux supprimer cet atelier, ses fiches et ses idées", key=_SURE)
        st.button(
            "Supprimer l’atelier",
            key="workshop-delete",
            icon=":material/delete:",
            disabled=not sure,
            on_click=_delete,
            args=(workshop.id,),
        )


def _delete(workshop_id: str) -> None:
    writes.delete(workshop_id)
    state.leave()
