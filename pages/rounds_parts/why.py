"""« Pourquoi ce plan ? »: what would serve each stop left out, and what each rule costs."""

from contextlib import suppress
from typing import TypeVar

import pandas as pd
import streamlit as st

from data import french
from data.errors import CartofluxError
from data.model import Plan, UnservedStop
from geo.travel import TravelSource
from optimization.why.families import FAMILY
from optimization.why.found import Explained, RuleCosts
from optimization.why.jobs import costs_job, why_job
from optimization.why.words import say_answer, say_change
from optimization.worker import Task
from pages.rounds_parts import job
from pages.rounds_parts.reasons import SUGGESTION
from pages.rounds_parts.state import RoundsState, Shown
from pages.rounds_parts.trying import apply_change, spare_vehicles
from pages.ui import escape, wording

Found = TypeVar("Found")

_REFRESH_S = 1.0
_ONE_PERCENT = 0.01
_TITLE = "Pourquoi ce plan\u202f? Ce que coûte chaque règle"
_NONE_ALONE = (
    "Aucun changement seul ne suffit pour ce point, les tournées restant ce qu’elles sont."
)
_TRIED = "Le formulaire a changé\u202f: proposez de nouveau les tournées pour voir le plan."
_FITS_NOW = (
    "Il tient dans les tournées telles qu’elles sont\u202f: proposez-les de nouveau, avec plus de "
    "temps de calcul."
)


def show_why(state: RoundsState, travel: TravelSource) -> None:
    """Draw the stops left out with what would serve them, then the cost of the rules."""
    shown = state.shown
    if shown is None:
        return
    if shown.plan.unserved and shown.explained is None and shown.explaining is None:
        shown.explaining = job.get_worker().start(
            why_job, shown.plan, shown.scenario, travel, spare_vehicles(state.form)
        )
    if shown.plan.unserved:
        waiting = shown.explaining is not None
        st.fragment(_left_out, run_every=_REFRESH_S if waiting else None)(state, shown)
    if shown.plan.rounds:
        with st.expander(
            "Pourquoi ce plan\u202f? Ce que coûte chaque règle", icon=":material/help:"
        ):
            counting = shown.counting is not None
            st.fragment(_rules, run_every=_REFRESH_S if counting else None)(state, shown, travel)


def _left_out(state: RoundsState, shown: Shown) -> None:
    if state.shown is not shown:
        return  # this fragment was drawn for a plan that has left the screen
    task = shown.explaining
    if task is not None and task.progress().state.is_final:
        shown.explaining, shown.explained = None, _result(task) or ()
        st.rerun()
    plan, scenario = shown.plan, shown.scenario
    names = {stop.id: stop.name for stop in scenario.stops}
    count = len(plan.unserved)
    st.subheader(
        f"{count} {wording.plural(count, 'point laissé', 'points laissés')} de côté", anchor=False
    )
    if task is not None:
        st.caption(f":material/hourglass_top: {escape.markdown(task.progress().message)}")
    found = {one.stop_id: one for one in shown.explained or ()}
    for left in plan.unserved:
        _show_stop(state, shown, left, names[left.stop_id], found.get(left.stop_id))


def _show_stop(
    state: RoundsState, shown: Shown, left: UnservedStop, name: str, found: Explained | None
) -> None:
    st.markdown(
        f"- **{escape.markdown(name)}**\u202f: "
        f"{escape.markdown(wording.UNSERVED_REASON[left.reason])} {escape.markdown(left.detail)}"
    )
    if found is None:
        st.markdown(f"  _{escape.markdown(SUGGESTION[left.reason])}_")
        return
    if not found.answers:
        why = _FITS_NOW if found.fits_now else f"{_NONE_ALONE} {SUGGESTION[left.reason]}"
        st.markdown(f"  _{escape.markdown(why)}_")
        return
    spare = spare_vehicles(state.form)
    for number, answer in enumerate(found.answers):
        lead = "Le plus petit changement" if number == 0 else "Ou bien"
        said = say_change(answer.change, shown.scenario, spare=spare)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"{lead}\u202f: {escape.markdown(said)} "
                f"(**{escape.markdown(say_answer(answer))}**)."
            )
            if st.button(
                "Essayer ce changement",
                key=f"rounds-try-{left.stop_id}-{number}",
                icon=":material/edit:",
                type="tertiary",
                help="Le fait dans le formulaire, sans rien enregistrer\u202f; il se reprend d’un "
                "clic.",
            ):
                state.form = apply_change(state.form, answer.change, shown, left.stop_id)
                state.tried = said
                st.toast(_TRIED, icon=":material/edit:")
                st.rerun()


def _rules(state: RoundsState, shown: Shown, travel: TravelSource) -> None:
    if state.shown is not shown:
        return
    task = shown.counting
    if task is not None and task.progress().state.is_final:
        shown.counting, shown.costs = None, _result(task) or shown.costs
        st.rerun()
    st.markdown(
        "Chaque famille de règles est levée à son tour et les mêmes points sont replanifiés, en "
        "partant de ce plan. Ce sont des **estimations (≈)**\u202f: une recherche plus longue "
        "pourrait trouver davantage, jamais moins."
    )
    if task is not None:
        progress = task.progress()
        st.progress(progress.share, text=escape.markdown(progress.message))
        if st.button("Arrêter là", key="rounds-costs-stop", icon=":material/cancel:"):
            task.ask_to_stop()
        return
    if shown.costs is not None:
        _show_costs(shown.plan, shown.costs)
    label = "Chiffrer les règles" if shown.costs is None else "Chiffrer de nouveau"
    if st.button(label, key="rounds-costs", icon=":material/calculate:"):
        shown.counting = job.get_worker().start(costs_job, shown.plan, shown.scenario, travel)
        st.rerun()


def _show_costs(plan: Plan, costs: RuleCosts) -> None:
    if costs.better_eur > 0:
        st.info(
            f"En cherchant plus longtemps, sans rien lever, un plan à "
            f"{french.euros(costs.cost_eur)} a été trouvé\u202f: proposez de nouveau les tournées. "
            "Les lignes ci-dessous lui sont comparées.",
            icon=":material/info:",
        )
    st.table(cost_table(costs, with_stops=bool(plan.unserved)))
    if not costs.complete:
        st.caption("Arrêté avant la fin\u202f: les règles absentes n’ont pas été essayées.")


def cost_table(costs: RuleCosts, *, with_stops: bool) -> pd.DataFrame:
    """Return the cost of each family of rules, the dearest first.

    Args:
        costs: as computed.
        with_stops: whether some stops are left out, so that taking more of them says something.
    """
    rows = []
    for rule in costs.rules:
        share = french.percent(-rule.share) if rule.share >= _ONE_PERCENT else "moins de 1\u202f%"
        saved = f"≈ {french.euros(-rule.saved_eur)} ({share})"
        row = {
            "Sans…": FAMILY[rule.family],
            "Coût des mêmes points": saved if rule.saved_eur else "rien de gagné",
        }
        if with_stops:
            more = rule.more_stops
            row["Points de plus"] = french.number(more) if more else "aucun"
        rows.append(row)
    return pd.DataFrame(rows).set_index("Sans…") if rows else pd.DataFrame()


def _result(task: Task[Found]) -> Found | None:
    """Return what was found, ``None`` when something prevented it."""
    with suppress(CartofluxError):  # the plan stays, with its general advice
        return task.result()
    return None
