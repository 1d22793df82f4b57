"""« À pousser cette semaine »: what a programme lead reads every Monday."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from data.french import NNBSP, number
from data.model import Idea, Synergy
from data.synergies import monday, next_status, reason_needed
from data.synergies.monday import DEFAULT_WEEKS, Monday
from pages.synergies_parts import actions, pieces, state
from pages.synergies_parts.view import View
from pages.ui import escape, localtime, wording
from pages.ui.session import get_store, who

_MOST: Final = 12
_ASLEEP: Final = "Ce qui dort"
_DELAYS: Final = (("1 semaine", 7), ("2 semaines", 14), ("1 mois", 30))


def weeks() -> int:
    """Return after how many weeks of silence a synergy sleeps."""
    kept = get_store().setting(state.WEEKS_SETTING)
    return int(kept) if isinstance(kept, int | float) and kept >= 1 else DEFAULT_WEEKS


def draw(view: View) -> None:
    """Draw the list of the week."""
    listed = monday(view.synergies, view.notes, view.ideas, today=localtime.today(), weeks=weeks())
    if not view.synergies and not listed.ideas:
        _nothing_yet(view)
        return
    _summary(listed)
    _part(view, "En retard", listed.late, ":material/alarm:", "Rien n’est en retard.")
    _part(view, "À faire cette semaine", listed.due, ":material/event:", "Rien de daté à faire.")
    _part(
        view,
        _ASLEEP,
        listed.sleeping,
        ":material/bedtime:",
        f"Rien ne dort depuis {weeks()} semaines.",
    )
    _weeks_setting()
    _part(
        view, "Idées nouvelles", listed.fresh, ":material/lightbulb:", "Aucune idée cette semaine."
    )
    _workshop_ideas(listed.ideas)
    if listed.idle:
        with st.expander(f"Sans prochaine étape{NNBSP}: {number(len(listed.idle))}"):
            st.caption("Elles ne dorment pas encore, mais personne n’a dit quoi faire ensuite.")
            _cards(view, listed.idle, "idle")


def _nothing_yet(view: View) -> None:
    hidden = view.hidden_synergies
    if hidden:
        st.info(
            f"{number(hidden)} {wording.plural(hidden, 'synergie n’est', 'synergies ne sont')} pas "
            "visibles dans cette vue.",
            icon=":material/lock:",
        )
        return
    st.info(
        "Aucune synergie n’est suivie pour l’instant. Elles naissent d’un rapprochement "
        "(rubrique Propositions), d’une idée d’atelier, ou d’une saisie (rubrique Suivi).",
        icon=":material/info:",
    )


def _summary(listed: Monday) -> None:
    facts = (
        ("En retard", len(listed.late)),
        ("Cette semaine", len(listed.due)),
        ("Dorment", len(listed.sleeping)),
        ("Idées nouvelles", len(listed.fresh)),
    )
    with st.container(horizontal=True, key="synergies-week-facts"):
        for label, count in facts:
            st.metric(label, number(count), border=True, width=150)


def _part(view: View, title: str, found: Sequence[Synergy], icon: str, nothing: str) -> None:
    st.subheader(f"{icon} {title}", anchor=False)
    if found:
        _cards(view, found, title)
    else:
        st.caption(nothing)


def _cards(view: View, found: Sequence[Synergy], part: str) -> None:
    key = f"synergies-week-more-{part}"
    shown = int(st.session_state.get(key, _MOST))
    for synergy in found[:shown]:
        card(view, synergy, quiet=part == _ASLEEP)
    left = len(found) - shown
    if left > 0:
        st.button(
            f"En voir {number(min(_MOST, left))} de plus, sur {number(left)}",
            key=f"{key}-go",
            type="tertiary",
            on_click=_more,
            args=(key, shown),
        )


def _more(key: str, shown: int) -> None:
    st.session_state[key] = shown + _MOST


def card(view: View, synergy: Synergy, *, quiet: bool = False) -> None:
    """Draw a synergy with its one-click actions; ``quiet`` says since when nothing happened."""
    with st.container(border=True, key=f"synergies-week-{synergy.id}"):
        step = pieces.next_step(synergy)
        lines = [
            f"{pieces.status_badge(synergy.status)} **{escape.markdown(synergy.title)}**",
            " · ".join(filter(None, (pieces.parties(view, synergy), pieces.about(view, synergy)))),
            step,
            f":gray[{pieces.silence(view, synergy)}]" if quiet or not step else "",
        ]
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.markdown("  \n".join(filter(None, lines)))
        with right, st.container(horizontal=True, horizontal_alignment="right"):
            _buttons(synergy)


def _buttons(synergy: Synergy) -> None:
    id_ = synergy.id
    status = next_status(synergy)
    if status is not None and not reason_needed(synergy, status):
        st.button(
            wording.SYNERGY_STATUS[status],
            icon=":material/arrow_forward:",
            key=f"synergies-push-{id_}",
            help=f"Passer à «\u00a0{wording.SYNERGY_STATUS[status].lower()}\u00a0»",
            on_click=actions.push,
            args=(synergy, status),
        )
    if synergy.next_step:
        with st.popover("Reporter", icon=":material/update:", key=f"synergies-later-{id_}"):
            for label, days in _DELAYS:
                st.button(
                    label,
                    key=f"synergies-later-{id_}-{days}",
                    on_click=actions.put_off,
                    args=(synergy, days),
                    width="stretch",
                )
    with st.popover("Noter", icon=":material/edit_note:", key=f"synergies-note-{id_}"):
        note_form(synergy, "week")
    st.button(
        "Ouvrir",
        icon=":material/open_in_full:",
        key=f"synergies-open-{id_}",
        type="tertiary",
        on_click=state.open_synergy,
        args=(id_,),
    )


def note_form(synergy: Synergy, place: str) -> None:
    """Draw the form that adds a note."""
    key = f"synergies-{place}-note-text-{synergy.id}"
    with st.form(f"{key}-form", border=False, clear_on_submit=True):
        st.text_area(
            "Ce qui s’est dit ou fait", key=key, max_chars=5000, height=100, width="stretch"
        )
        st.form_submit_button(
            "Ajouter la note",
            key=f"{key}-go",
            on_click=_add_note,
            args=(synergy, key),
        )


def _add_note(synergy: Synergy, key: str) -> None:
    actions.note(synergy, str(st.session_state.get(key) or ""))


def _workshop_ideas(ideas: Sequence[Idea]) -> None:
    if not ideas:
        return
    count = len(ideas)
    st.markdown(
        f":material/groups: **{number(count)}** "
        f"{wording.plural(count, 'idée d’atelier attend', 'idées d’atelier attendent')} d’être "
        "gardée ou écartée, dans la page Atelier."
    )


def _weeks_setting() -> None:
    with st.popover("Régler le sommeil", icon=":material/tune:", key="synergies-weeks-box"):
        st.number_input(
            "Une synergie dort après (semaines sans signe de vie)",
            min_value=1,
            max_value=52,
            value=weeks(),
            step=1,
            key=state.WEEKS,
            on_change=_keep_weeks,
        )


def _keep_weeks() -> None:
    wanted = int(st.session_state[state.WEEKS])
    with get_store().transaction(who=who(), what="Réglage du sommeil des synergies") as tx:
        tx.set_setting(state.WEEKS_SETTING, wanted)
