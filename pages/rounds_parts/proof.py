"""How far the plan on screen may be from the best one: what is proved, live, never more."""

import math
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from data import french
from data.errors import CartofluxError, SolveCancelledError
from data.model import Plan
from geo.travel import TravelSource
from optimization.proving import PROVING, Proof, is_optimal, prove_job
from optimization.worker import Task
from pages.rounds_parts import job, shelf
from pages.rounds_parts.state import RoundsState, Shown
from pages.ui import escape, wording
from pages.ui.session import get_store, who

SECONDS = 30.0
LONGER_SECONDS = 120.0
_REFRESH_S = 1.0
_THOUSANDTHS = 1000


def show_proof(state: RoundsState, travel: TravelSource) -> None:
    """Draw what is proved of the plan on screen; prove a fresh one as soon as there is room."""
    shown = state.shown
    if shown is None or not shown.plan.rounds:
        return
    if is_optimal(shown.plan.cost_eur, shown.plan.bound_eur):
        shown.fresh = False
    lively = shown.proving is not None or shown.fresh
    st.fragment(_draw, run_every=_REFRESH_S if lively else None)(state, shown, travel)


def _draw(state: RoundsState, shown: Shown, travel: TravelSource) -> None:
    if state.shown is not shown:
        return  # this fragment was drawn for a plan that has left the screen
    if shown.fresh and shown.proving is None:
        _start(shown, travel, SECONDS)
    ended = _settle(shown)
    st.markdown(minimum_sentence(shown.plan))
    if ended:
        st.rerun()
    optimal = is_optimal(shown.plan.cost_eur, shown.plan.bound_eur)
    if shown.proving is not None:
        _show_progress(shown.proving)
    elif shown.fresh:
        st.caption("La preuve du minimum attend qu’un processus se libère.")
    elif not optimal and shown.proved is not None and shown.proved.complete:
        st.caption("La preuve est allée au bout de ce que sa méthode permet.")
    elif not optimal and _longer():
        shown.fresh = not _start(shown, travel, LONGER_SECONDS)
        st.rerun()


def _show_progress(task: Task[Proof]) -> None:
    elapsed = french.duration(task.progress().elapsed_s)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/hourglass_top: {PROVING} {elapsed}")
        if st.button("Arrêter la preuve", key="rounds-proof-stop", type="tertiary"):
            task.ask_to_stop()


def _longer() -> bool:
    return st.button(
        f"Chercher un meilleur minimum ({french.duration(LONGER_SECONDS)})",
        key="rounds-proof-longer",
        type="tertiary",
        icon=":material/verified:",
        help="Ne change pas le plan\u202f: resserre ce qu’on sait de l’écart au meilleur possible.",
    )


def _start(shown: Shown, travel: TravelSource, seconds: float) -> bool:
    """Start proving if no other proof is under way and something is left to prove."""
    proofs = job.PROOFS
    proofs[:] = [task for task in proofs if not task.progress().state.is_final]
    if proofs:
        return False
    shown.proving = job.get_worker().start(prove_job, shown.plan, shown.scenario, travel, seconds)
    proofs.append(shown.proving)
    shown.fresh = False
    return True


def _settle(shown: Shown) -> bool:
    """Take over what is proved so far; whether the proof has just ended."""
    task = shown.proving
    if task is None:
        return False
    progress = task.progress()
    _raise(shown, progress.bound_eur)
    if not progress.state.is_final:
        return False
    shown.proving = None
    try:
        shown.proved = task.result()
    except SolveCancelledError:
        return True
    except CartofluxError as error:
        st.caption(escape.markdown(error))  # the plan stays, with the minimum known before
        return True
    _raise(shown, shown.proved.bound_eur)
    if shown.plan.revision:
        with suppress(CartofluxError):  # changed or deleted by someone else: theirs stays
            shown.plan = shelf.keep_bound(get_store(), shown.plan, who=who())
    return True


def _raise(shown: Shown, bound_eur: float | None) -> None:
    if bound_eur is not None and bound_eur > (shown.plan.bound_eur or 0.0):
        shown.plan = replace(shown.plan, bound_eur=bound_eur)


def minimum_sentence(plan: Plan) -> str:
    """Say how far the plan may be from the cheapest possible, rounded up (Markdown)."""
    bound, cost = plan.bound_eur, plan.cost_eur
    served = "les seuls points desservis" if plan.unserved else "ces points"
    if bound is None or bound <= 0:
        return "On ne connaît pas encore de minimum prouvé pour ce plan."
    if is_optimal(cost, bound):
        return (
            f"**Optimal**\u202f: aucun plan moins cher n’existe pour {served}, ces règles et ces "
            "distances (prouvé)."
        )
    gap = math.ceil((cost - bound) / bound * _THOUSANDTHS) / _THOUSANDTHS
    return (
        f"Coût **au plus {french.percent(gap, 1)} au-dessus du minimum possible** pour {served} "
        f"({french.euros(bound)} prouvé)."
    )


def search_sentence(plan: Plan) -> str:
    """Say how the plan was found, and what its distances are worth (Markdown)."""
    searched = (
        f"{french.number(plan.solutions)} {wording.plural(plan.solutions, 'plan')} "
        f"{wording.plural(plan.solutions, 'examiné')} en {french.duration(plan.elapsed_s)} par "
        f"{plan.engine}"
    )
    travel = (
        f"Distances\u202f: {plan.travel_source}\u202f; la vraie tournée peut être plus longue ou "
        f"plus courte de {french.percent(plan.travel_margin)}"
    )
    return f"{escape.markdown(searched)}. {escape.markdown(travel)}."
