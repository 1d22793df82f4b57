"""All workshops, and a form to prepare one."""

import streamlit as st

from data.french import date, number, tidy
from data.model import Workshop, WorkshopState
from pages.ui import escape, localtime, wording
from pages.ui.session import Snapshot, get_store, snapshot
from pages.workshop_parts import state, writes

_BADGE = {
    WorkshopState.PREPARED: ":gray-badge",
    WorkshopState.OPEN: ":green-badge",
    WorkshopState.CLOSED: ":blue-badge",
}


def draw() -> None:
    """Draw the list, the next workshops first."""
    workshops = sorted(get_store().list(Workshop), key=lambda one: (one.day, one.id), reverse=True)
    if not workshops:
        st.info(
            tidy(
                "Aucun atelier pour l’instant. Préparez-en un : vous aurez un code et un QR à "
                "projeter, les entreprises enverront leurs offres et leurs besoins depuis leur "
                "téléphone, sans compte, et les fiches apparaîtront sur la carte."
            ),
            icon=":material/info:",
        )
    _form(open_at_first=not workshops)
    for workshop in workshops:
        _line(workshop)


def _line(workshop: Workshop) -> None:
    with st.container(border=True, key=f"workshop-line-{workshop.id}"):
        left, right = st.columns([5, 1], vertical_alignment="center")
        badge = f"{_BADGE[workshop.state]}[{wording.WORKSHOP_STATE[workshop.state]}]"
        where = f" · {escape.markdown(workshop.place)}" if workshop.place else ""
        code = (
            f" · code **{escape.markdown(workshop.code)}**"
            if workshop.state is not WorkshopState.CLOSED
            else ""
        )
        left.markdown(
            f"**{escape.markdown(workshop.name)}** {badge}  \n{date(workshop.day)}{where} · "
            f"{number(workshop.tables)} {wording.plural(workshop.tables, 'table')}{code}"
        )
        right.button(
            "Ouvrir",
            key=f"workshop-open-{workshop.id}",
            on_click=state.open_workshop,
            args=(workshop.id,),
            width="stretch",
        )


def _form(*, open_at_first: bool) -> None:
    records = snapshot()
    with (
        st.expander("Préparer un atelier", expanded=open_at_first, icon=":material/add:"),
        st.form("workshop-new", border=False),
    ):
        name = st.text_input(
            "Nom de l’atelier", max_chars=120, placeholder="Atelier synergies de printemps"
        )
        left, middle, right = st.columns([1, 2, 1])
        today = localtime.today()
        day = left.date_input("Date", value=today, format="DD/MM/YYYY")
        where = middle.text_input(
            "Lieu", max_chars=120, placeholder="Espace Lagabrielle", help="La salle, l’adresse."
        )
        tables = right.number_input("Tables", min_value=1, max_value=200, value=6, step=1)
        commune = st.selectbox(
            "Commune",
            _communes(records),
            index=None,
            format_func=lambda code: records.commune[code].name,
            placeholder="Tapez les premières lettres",
        )
        moderated = st.checkbox(
            "Relire chaque fiche avant de la projeter",
            help="Sinon les fiches apparaissent dès leur arrivée ; vous pourrez toujours masquer.",
        )
        anonymous = st.checkbox(
            "Projeter sans le nom des entreprises",
            help="« Entreprise 7 » à l’écran ; le compte rendu, lui, garde les noms.",
        )
        if st.form_submit_button("Préparer cet atelier", type="primary"):
            if not name.strip():
                st.error("Donnez un nom à l’atelier\u202f: il figure sur le téléphone de chacun.")
                return
            made = writes.prepare(
                Workshop(
                    id="",
                    name=" ".join(name.split()),
                    day=day.isoformat(),
                    code="",
                    place=" ".join(where.split()),
                    commune_code=commune or "",
                    tables=int(tables),
                    moderated=moderated,
                    anonymous=anonymous,
                )
            )
            if made is not None:
                state.open_workshop(made)
                st.rerun()


def _communes(records: Snapshot) -> list[str]:
    return sorted(records.commune, key=lambda code: records.commune[code].name)
