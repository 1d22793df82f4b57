"""Saved plans: keep, open, rename, delete (and take back), compare two."""

from collections.abc import Callable, Sequence

import streamlit as st

from data import french
from data.errors import CartofluxError
from data.figures import Figures
from data.model import Plan, Scenario
from optimization.check import check_plan
from pages.rounds_parts import shelf
from pages.rounds_parts.around import show_before
from pages.rounds_parts.comparison import show_comparison
from pages.rounds_parts.shelf import Saved
from pages.rounds_parts.state import Deleted, RoundsState, Shown, form_of, fresh_form
from pages.rounds_parts.travel import Travels
from pages.ui import escape
from pages.ui.session import get_store, snapshot, who

_STALE = (
    "Ce plan ne tient plus avec les distances ou les hypothèses d’aujourd’hui\u202f: ses choix "
    "sont rouverts dans le formulaire, proposez de nouveau les tournées. "
)


def show_saved(state: RoundsState, travels: Travels, figures: Figures) -> None:
    """Draw what can be done with the plan on screen and with those saved before."""
    show_before(state, travels, figures)
    st.header("Plans enregistrés", anchor=False)
    if state.shown is not None and state.shown.plan.rounds:
        _save_box(state, travels)
    _undo_box(state)
    saved = shelf.saved_plans(get_store())
    if not saved:
        st.info(
            "Aucun plan enregistré pour l’instant. Proposez des tournées, puis enregistrez-les ici "
            "pour les retrouver et les comparer.",
            icon=":material/info:",
        )
        return
    _shelf_box(state, saved, travels)
    if len(saved) > 1:
        _compare_box(saved, travels, figures)


def _save_box(state: RoundsState, travels: Travels) -> None:
    if state.shown is None:
        return
    plan, scenario = state.shown.plan, state.shown.scenario
    with st.form(f"rounds-save-{plan.id}-{plan.revision}", border=False):
        field, go = st.columns([4, 1], vertical_alignment="bottom")
        name = field.text_input("Nom du plan", value=plan.name, max_chars=120)
        label = "Renommer" if plan.revision else "Enregistrer le plan"
        pressed = go.form_submit_button(label, icon=":material/save:", width="stretch")
    if pressed:
        faults = check_plan(plan, scenario, travels.of(plan))
        if faults and not plan.revision:
            st.error(escape.markdown(faults[0].message), icon=":material/error:")
            return
        _write(lambda: _keep(state, plan, scenario, name))


def _keep(state: RoundsState, plan: Plan, scenario: Scenario, name: str) -> None:
    kept = shelf.save(get_store(), plan, scenario, name, who=who())
    if state.shown is not None:
        state.shown.plan, state.shown.scenario = kept.plan, kept.scenario
    st.toast(f"«\u00a0{escape.markdown(kept.plan.name)}\u00a0» est enregistré.")


def _undo_box(state: RoundsState) -> None:
    deleted = state.deleted
    if deleted is None:
        return
    text, button = st.columns([4, 1], vertical_alignment="center")
    text.success(f"«\u00a0{escape.markdown(deleted.name)}\u00a0» est supprimé.")
    if button.button("Annuler la suppression", key="rounds-undo", width="stretch"):

        def take_back() -> None:
            get_store().undo(deleted.transaction_id, who=who())
            state.deleted = None

        _write(take_back)


def _shelf_box(state: RoundsState, saved: Sequence[Saved], travels: Travels) -> None:
    by_id = {one.plan.id: one for one in saved}
    pick, open_, delete = st.columns([4, 1, 1], vertical_alignment="bottom")
    plan_id = pick.selectbox(
        "Plan enregistré",
        list(by_id),
        format_func=lambda id_: describe(by_id[id_].plan),
        key="rounds-shelf",
    )
    chosen = by_id[plan_id]
    if open_.button("Ouvrir", icon=":material/folder_open:", key="rounds-open", width="stretch"):
        open_plan(state, chosen, travels)
        st.rerun()
    if delete.button("Supprimer", icon=":material/delete:", key="rounds-delete", width="stretch"):

        def remove() -> None:
            number = shelf.delete(get_store(), chosen, who=who())
            state.deleted = Deleted(chosen.plan.name, number)
            if state.shown is not None and state.shown.plan.id == chosen.plan.id:
                state.show(None)

        _write(remove)


def describe(plan: Plan) -> str:
    """Name a saved plan in a list."""
    return f"{plan.name} ({french.date(plan.created_at)}, {french.euros(plan.cost_eur, 0)})"


def open_plan(state: RoundsState, saved: Saved, travels: Travels) -> None:
    """Bring a saved plan and its choices back on screen, checked again first."""
    records = snapshot()
    version = state.form.version + 1
    fresh = fresh_form(get_store(), records, saved.scenario.resource_id, version)
    state.drafts[state.form.resource_id] = state.form
    state.form = form_of(saved.scenario, fresh, records.commune)
    state.error, state.warnings, state.deleted = None, (), None
    state.travel_key = travels.key_of(saved.plan)
    faults = check_plan(saved.plan, saved.scenario, travels.of(saved.plan))
    if faults:
        state.show(None)
        state.error = CartofluxError(_STALE + faults[0].message)
    else:
        state.show(Shown(saved.plan, saved.scenario))


def _compare_box(saved: Sequence[Saved], travels: Travels, figures: Figures) -> None:
    by_id = {one.plan.id: one for one in saved}
    with st.expander("Comparer deux plans", icon=":material/compare_arrows:"):
        left, right = st.columns(2)
        first = left.selectbox(
            "Premier plan",
            list(by_id),
            index=1,
            format_func=lambda id_: describe(by_id[id_].plan),
            key="rounds-first",
        )
        second = right.selectbox(
            "Second plan",
            list(by_id),
            index=0,
            format_func=lambda id_: describe(by_id[id_].plan),
            key="rounds-second",
        )
        if first == second:
            st.info("Choisissez deux plans différents.", icon=":material/info:")
            return
        a, b = by_id[first], by_id[second]
        show_comparison(a, b, travels, figures)


def _write(action: Callable[[], None]) -> None:
    """Do a write, then draw the page again; say in French what prevented it."""
    try:
        action()
    except CartofluxError as error:
        st.error(escape.markdown(error), icon=":material/error:")
    else:
        st.rerun()
