"""A synergy opened: where it stands, what is next, what was said, what it brings, its history."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from data.errors import InputError
from data.french import NNBSP, date, number, tidy
from data.model import Synergy, SynergyNote, SynergyStatus
from data.synergies import CHAIN, NEED_A_REASON, OUT, next_status
from pages.data_parts.history import change_rows
from pages.data_parts.session import tell_error, when
from pages.synergies_parts import actions, brings, edit_form, pieces, state, to_round, week
from pages.synergies_parts.view import View
from pages.ui import escape, icons, localtime, wording
from pages.ui.session import get_store

_CHANGES: Final = 40
_ENGLISH: Final = {status.value: name for status, name in wording.SYNERGY_STATUS.items()} | {
    each.value: name for each, name in wording.VISIBILITY.items()
}
_ENGLISH_FIELDS: Final = frozenset({"statut", "visibilité"})


def draw(view: View, synergy_id: str) -> None:
    """Draw the synergy, or say that it is not here."""
    st.button(
        "Retour",
        icon=icons.MATERIAL_BACK,
        key="synergies-back",
        type="tertiary",
        on_click=state.close_synergy,
    )
    synergy = view.synergy.get(synergy_id)
    if synergy is None:
        st.warning(
            tidy(
                "Cette synergie n’est pas visible dans cette vue, ou elle a été supprimée : "
                "revenez à la liste."
            ),
            icon=":material/lock:",
        )
        return
    _head(view, synergy)
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        _change(synergy)
        _plan(view, synergy)
        _notes(view, synergy)
    with right:
        brings.draw(view, synergy)
        to_round.draw(view, synergy)
        with st.expander("Compléter la fiche", icon=":material/edit:"):
            edit_form.draw(view, synergy)
        with st.popover("Supprimer…", icon=":material/delete:"):
            st.markdown("La synergie et ses notes disparaissent. Vous pourrez annuler.")
            st.button(
                "Supprimer la synergie",
                key="synergies-delete",
                type="primary",
                on_click=actions.delete,
                args=(synergy,),
            )
    _history(view, synergy)


def _head(view: View, synergy: Synergy) -> None:
    st.subheader(escape.markdown(synergy.title), anchor=False)
    facts = [
        pieces.status_badge(synergy.status),
        wording.SYNERGY_KIND[synergy.kind],
        pieces.about(view, synergy),
        f"Responsable{NNBSP}: {escape.markdown(synergy.owner)}" if synergy.owner else "",
        escape.markdown(synergy.source),
    ]
    st.markdown(" · ".join(filter(None, facts)))
    st.markdown(f":material/groups: {pieces.parties(view, synergy)}")
    if synergy.reason:
        st.warning(f"Motif{NNBSP}: {escape.markdown(synergy.reason)}", icon=":material/help:")
    if synergy.description:
        for line in synergy.description.splitlines():
            st.markdown(escape.markdown(line))
    _path(synergy)


def _path(synergy: Synergy) -> None:
    """Draw the chain with the day each status was entered."""
    days = {step.status: date(step.day) for step in synergy.steps}
    passed = [
        f"**{icons.SYNERGY_STATUS[s]} {wording.SYNERGY_STATUS[s]}** ({days[s]})"
        if s is synergy.status and s in days
        else f"{icons.SYNERGY_STATUS[s]} {wording.SYNERGY_STATUS[s]} ({days[s]})"
        if s in days
        else f":gray[{wording.SYNERGY_STATUS[s]}]"
        for s in (*CHAIN, *(out for out in OUT if out in days))
    ]
    st.markdown(" → ".join(passed))


def _change(synergy: Synergy) -> None:
    st.markdown("##### Changer le statut")
    others = [status for status in (*CHAIN, *OUT) if status is not synergy.status]
    proposed = next_status(synergy)
    key = f"synergies-status-{synergy.id}-{synergy.revision}"
    with st.form(key, border=True):
        left, right = st.columns([2, 1])
        left.selectbox(
            "Nouveau statut",
            others,
            index=others.index(proposed) if proposed in others else None,
            key=f"{key}-to",
            format_func=wording.SYNERGY_STATUS.__getitem__,
            placeholder="Au bout de la chaîne",
        )
        right.date_input(
            "Le",
            localtime.today(),
            key=f"{key}-day",
            format="DD/MM/YYYY",
            max_value=localtime.today(),
        )
        reasons = " ou ".join(wording.SYNERGY_STATUS[s].lower() for s in OUT if s in NEED_A_REASON)
        st.text_input(
            f"Motif (obligatoire pour {reasons}, ou pour revenir en arrière)",
            key=f"{key}-reason",
            max_chars=1000,
        )
        st.form_submit_button(
            "Changer le statut",
            key=f"{key}-go",
            type="primary",
            on_click=_do_change,
            args=(synergy, key),
        )


def _do_change(synergy: Synergy, key: str) -> None:
    held = st.session_state
    if held[f"{key}-to"] is None:
        tell_error(InputError("Choisissez d’abord le nouveau statut.", field="Nouveau statut"))
        return
    day = held[f"{key}-day"] or localtime.today()
    actions.move(
        synergy,
        SynergyStatus(held[f"{key}-to"]),
        day=day.isoformat(),
        reason=str(held[f"{key}-reason"] or ""),
    )


def _plan(view: View, synergy: Synergy) -> None:
    st.markdown("##### Prochaine étape")
    owners = sorted({each.owner for each in view.synergies if each.owner})
    key = f"synergies-plan-{synergy.id}-{synergy.revision}"
    with st.form(key, border=True):
        st.text_input(
            "Quoi faire", synergy.next_step, key=f"{key}-step", max_chars=500,
            placeholder="Appeler le responsable logistique, fixer une visite…",
        )  # fmt: skip
        left, right = st.columns(2)
        day = pd.to_datetime(synergy.next_step_day).date() if synergy.next_step_day else None
        left.date_input("Pour le", day, key=f"{key}-day", format="DD/MM/YYYY")
        right.selectbox(
            "Responsable",
            owners,
            index=owners.index(synergy.owner) if synergy.owner else None,
            key=f"{key}-owner",
            accept_new_options=True,
            placeholder="Choisir, ou écrire puis Entrée",
            help="Un rôle ou un prénom",
        )
        st.form_submit_button(
            "Enregistrer", key=f"{key}-go", on_click=_do_plan, args=(synergy, key)
        )


def _do_plan(synergy: Synergy, key: str) -> None:
    held = st.session_state
    day = held[f"{key}-day"]
    actions.plan(
        synergy,
        owner=str(held[f"{key}-owner"] or ""),
        step=str(held[f"{key}-step"] or ""),
        day=day.isoformat() if day else "",
    )


def _notes(view: View, synergy: Synergy) -> None:
    st.markdown("##### Notes")
    week.note_form(synergy, "detail")
    notes = view.notes.get(synergy.id, ())
    if not notes:
        st.caption("Aucune note.")
    for note in reversed(notes):
        with st.container(border=True):
            who = f" · {escape.markdown(note.who)}" if note.who else ""
            st.markdown(f":gray[{when(note.at)}{who}]")
            for line in note.text.splitlines():
                st.markdown(escape.markdown(line))


def _history(view: View, synergy: Synergy) -> None:
    with st.expander("Historique de tous les changements", icon=":material/history:"):
        steps = [
            {
                "Le": date(step.day),
                "Statut": wording.SYNERGY_STATUS[step.status],
                "Par": step.who,
                "Motif": step.reason,
            }
            for step in reversed(synergy.steps)
        ]
        if steps:
            st.dataframe(pd.DataFrame(steps), hide_index=True, alt="Statuts successifs")
        store = get_store()
        changes = list(store.history(Synergy, synergy.id, limit=_CHANGES))
        for note in view.notes.get(synergy.id, ()):
            changes += store.history(SynergyNote, note.id, limit=5)
        changes.sort(key=lambda change: change.id, reverse=True)
        lines = [_french(row) for change in changes for row in change_rows(change)]
        if not lines:
            st.caption("Rien n’a encore été écrit.")
            return
        st.caption(
            f"{number(len(changes))} {wording.plural(len(changes), 'écriture')}, champ par champ, "
            "la plus récente d’abord."
        )
        st.dataframe(
            pd.DataFrame(lines).drop(columns=["Fiche"]),
            hide_index=True,
            alt="Historique des changements",
        )


def _french(row: dict[str, Any]) -> dict[str, Any]:
    """Write the values of enumerations as the screen does."""
    if row.get("Champ") not in _ENGLISH_FIELDS:
        return row
    return {
        name: _ENGLISH.get(value, value) if name in {"Avant", "Après"} else value
        for name, value in row.items()
    }
