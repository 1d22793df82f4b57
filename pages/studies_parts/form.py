"""The form in four steps: each one saves the draft when it is left."""

from typing import Any, Final

import streamlit as st

from data.french import NNBSP, tidy
from data.model import FlowStudy, StudyStep
from pages.data_parts.session import when
from pages.studies_parts import actor_step, flow_step, last_steps, opened
from pages.studies_parts.opened import Opened
from pages.ui import escape, icons
from pages.ui.session import get_store

_STEPS: Final = {
    StudyStep.ACTOR: "1. Acteur",
    StudyStep.FLOWS: "2. Flux",
    StudyStep.DIFFICULTIES: "3. Difficultés",
    StudyStep.REVIEW: "4. Relecture",
}
_ORDER: Final = tuple(_STEPS)


def draw(held: Opened) -> None:
    """Draw the step where the study is, with its buttons."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Toutes les études",
            icon=icons.MATERIAL_BACK,
            type="tertiary",
            key=f"{held.prefix}back",
            on_click=_quit,
            args=(held,),
            help="Le brouillon est enregistré avant de quitter.",
        )
        if held.study is not None:
            st.markdown(f"**{escape.markdown(opened.actor_name(held.study))}**", width="content")
        if held.saved_at:
            st.caption(f":material/cloud_done: enregistré à {held.saved_at}", width="content")
    _draw_steps(held)
    if held.conflict:
        _draw_conflict(held)
    _DRAW[held.step](held)
    shown = [error for error in held.errors if error.row is None]
    if shown and held.step is not StudyStep.FLOWS:
        lines = "\n".join(f"- {escape.markdown(error.message)}" for error in shown)
        st.error(f"Rien n’est perdu. À corriger{NNBSP}:\n\n{lines}", icon=":material/error:")
    _draw_buttons(held)


def _draw_steps(held: Opened) -> None:
    place = _ORDER.index(held.step)
    st.segmented_control(
        "Étape",
        _ORDER,
        default=held.step,
        format_func=_STEPS.__getitem__,
        key=f"{held.prefix}step-{place}-{held.entry_number}",
        required=True,
        disabled=held.study is None,
        label_visibility="collapsed",
        on_change=_jump,
        args=(held, f"{held.prefix}step-{place}-{held.entry_number}"),
    )


def _draw_buttons(held: Opened) -> None:
    place = _ORDER.index(held.step)
    with st.container(horizontal=True, key="study-buttons"):
        if place:
            st.button(
                "Précédent",
                key=f"{held.prefix}previous-{place}",
                on_click=_go,
                args=(held, _ORDER[place - 1]),
            )
        if held.step is StudyStep.REVIEW:
            st.button(
                "Valider l’étude",
                key=f"{held.prefix}validate",
                type="primary",
                icon=":material/check:",
                on_click=_validate,
                args=(held,),
            )
        else:
            st.button(
                "Continuer",
                key=f"{held.prefix}next-{place}",
                type="primary" if held.step is not StudyStep.FLOWS else "secondary",
                icon=":material/arrow_forward:",
                icon_position="right",
                on_click=_go,
                args=(held, _ORDER[place + 1]),
            )
        if held.study is not None:
            st.button(
                "Enregistrer le brouillon",
                key=f"{held.prefix}save-{place}",
                icon=":material/save:",
                on_click=_save,
                args=(held,),
            )
            with st.popover("Supprimer…", icon=":material/delete:"):
                _draw_delete(held)


def _draw_delete(held: Opened) -> None:
    assert held.study is not None  # noqa: S101 (drawn for a study of the store only)
    flows = len(opened.flows_of(held.study))
    st.markdown(tidy("Supprimer cette étude ? Vous pourrez annuler."))
    if flows:
        st.button(
            f"Supprimer, et garder ses {flows} flux",
            key=f"{held.prefix}delete-keep",
            on_click=opened.delete,
            args=(held,),
            kwargs={"flows": False},
        )
    st.button(
        f"Supprimer avec ses {flows} flux" if flows else "Supprimer l’étude",
        key=f"{held.prefix}delete",
        type="primary",
        on_click=opened.delete,
        args=(held,),
        kwargs={"flows": True},
    )


def _draw_conflict(held: Opened) -> None:
    assert held.study is not None  # noqa: S101 (a conflict is about a stored study)
    last = get_store().history(FlowStudy, held.study.id, limit=1)
    author = f"{last[0].who}, {when(last[0].at)}" if last else "une autre personne"
    st.warning(
        tidy(
            f"Cette étude a été modifiée entre-temps par {escape.markdown(author)}. Votre saisie "
            "est encore là."
        ),
        icon=":material/sync_problem:",
    )
    with st.container(horizontal=True):
        st.button(
            "Reprendre la version enregistrée",
            key=f"{held.prefix}reload",
            on_click=opened.open_study,
            args=(held.study.id,),
        )
        st.button(
            "Enregistrer la mienne par-dessus",
            key=f"{held.prefix}overwrite",
            on_click=opened.overwrite,
            args=(held,),
        )


# --- What buttons do


def _gather(held: Opened) -> dict[str, Any]:
    """Bring what is on screen into the study, before it is saved."""
    if held.step is StudyStep.FLOWS:
        flow_step.collect(held)
    if held.step is StudyStep.DIFFICULTIES:
        return dict(last_steps.leave_difficulties(held))
    return {}


def _go(held: Opened, step: StudyStep) -> None:
    if held.step is StudyStep.ACTOR:
        actor_step.leave(held, step)
        return
    changes = _gather(held)
    if held.step is StudyStep.FLOWS:
        flow_step.leave(held)
    before, held.step = held.step, step
    if not opened.save(held, **changes):
        held.step = before


def _validate(held: Opened) -> None:
    opened.validate(held)


def _jump(held: Opened, key: str) -> None:
    step = st.session_state.get(key)
    if step and step != held.step:
        _go(held, StudyStep(step))


def _save(held: Opened) -> None:
    if held.step is StudyStep.ACTOR:
        actor_step.leave(held, StudyStep.ACTOR)
        return
    opened.save(held, say=True, **_gather(held))


def _quit(held: Opened) -> None:
    if held.study is None:
        opened.close()
        return
    if held.step is StudyStep.ACTOR:
        actor_step.leave(held, StudyStep.ACTOR)
        if not held.errors and not held.conflict:
            opened.close()
        return
    if opened.save(held, **_gather(held)):
        opened.close()


_DRAW: Final = {
    StudyStep.ACTOR: actor_step.draw,
    StudyStep.FLOWS: flow_step.draw,
    StudyStep.DIFFICULTIES: last_steps.draw_difficulties,
    StudyStep.REVIEW: last_steps.draw_review,
}
