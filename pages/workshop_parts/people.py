"""Who is there: companies present or represented, facilitators."""

import dataclasses

import streamlit as st

from data.french import number, tidy
from data.model import Attendance, Presence
from pages.ui import escape
from pages.ui.session import snapshot
from pages.workshop_parts import writes
from pages.workshop_parts.hall import Hall

_PRESENCE = {Presence.PRESENT: "présente", Presence.REPRESENTED: "représentée"}


def draw(now: Hall) -> None:
    """Draw both lists and a way to add to each."""
    represented = sum(one.presence is Presence.REPRESENTED for one in now.companies)
    st.markdown(
        f"**{number(len(now.companies) - represented)} entreprises présentes, "
        f"{number(represented)} représentées, {number(len(now.facilitators))} personnes à "
        "l’animation**"
    )
    st.caption(
        tidy(
            "Une entreprise qui envoie une fiche est notée présente d’elle-même. Pour l’animation, "
            "un rôle ou un prénom suffit."
        )
    )
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        _add_company(now)
        for one in now.companies:
            _company(now, one)
    with right:
        _add_facilitator(now)
        for one in now.facilitators:
            _facilitator(one)


def _company(now: Hall, one: Attendance) -> None:
    name, presence, table, gone = st.columns([4, 2.2, 1.4, 0.7], vertical_alignment="center")
    known = one.actor_id in snapshot().actor if one.actor_id else False
    with name.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(escape.markdown(one.name), width="content")
        if not known:
            st.button(
                "Créer l’acteur",
                key=f"workshop-actor-{one.id}",
                icon=":material/person_add:",
                type="tertiary",
                help="Pas encore parmi les acteurs. Il sera placé à la mairie de la commune de "
                "l’atelier, à corriger dans les Données\u202f; ses fiches lui seront rattachées.",
                on_click=writes.make_actor,
                args=(now, one),
            )
    key = f"workshop-presence-{one.id}-{one.revision}"
    presence.selectbox(
        f"Présence de {one.name}",
        list(Presence),
        index=list(Presence).index(one.presence),
        format_func=_PRESENCE.__getitem__,
        key=key,
        on_change=_set_presence,
        args=(one, key),
        label_visibility="collapsed",
    )
    seat = f"workshop-table-{one.id}-{one.revision}"
    table.selectbox(
        f"Table de {one.name}",
        range(now.workshop.tables + 1),
        index=min(one.table, now.workshop.tables),
        format_func=lambda number_: f"Table {number_}" if number_ else "—",
        key=seat,
        on_change=_set_table,
        args=(one, seat),
        label_visibility="collapsed",
    )
    gone.button(
        "",
        key=f"workshop-leave-{one.id}",
        icon=":material/close:",
        help=f"Retirer {escape.markdown(one.name)} de la liste",
        on_click=writes.leave,
        args=(one.id,),
        type="tertiary",
    )


def _set_presence(one: Attendance, key: str) -> None:
    presence = Presence(st.session_state[key])
    writes.attend(one.workshop_id, dataclasses.replace(one, presence=presence))


def _set_table(one: Attendance, key: str) -> None:
    writes.attend(one.workshop_id, dataclasses.replace(one, table=int(st.session_state[key])))


def _facilitator(one: Attendance) -> None:
    name, gone = st.columns([5, 1], vertical_alignment="center")
    name.markdown(escape.markdown(one.name))
    gone.button(
        "",
        key=f"workshop-leave-{one.id}",
        icon=":material/close:",
        help=f"Retirer {escape.markdown(one.name)} de la liste",
        on_click=writes.leave,
        args=(one.id,),
        type="tertiary",
    )


def _add_company(now: Hall) -> None:
    records = snapshot()
    with st.form("workshop-add-company", border=True, clear_on_submit=True):
        names = sorted({actor.name for actor in records.actors})
        name = st.selectbox(
            "Ajouter une entreprise",
            names,
            index=None,
            accept_new_options=True,
            placeholder="Son nom, connu ou nouveau",
        )
        represented = st.checkbox("Représentée par quelqu’un d’autre")
        if st.form_submit_button("Ajouter", icon=":material/add:") and name:
            actor = next((one for one in records.actors if one.name == name), None)
            writes.add_company(
                now,
                " ".join(name.split()),
                Presence.REPRESENTED if represented else Presence.PRESENT,
                actor.id if actor else None,
            )
            st.rerun()


def _add_facilitator(now: Hall) -> None:
    with st.form("workshop-add-facilitator", border=True, clear_on_submit=True):
        name = st.text_input("Ajouter à l’animation", max_chars=80, placeholder="Table 3, Camille")
        if st.form_submit_button("Ajouter", icon=":material/add:") and name.strip():
            writes.add_facilitator(now, " ".join(name.split()))
            st.rerun()
