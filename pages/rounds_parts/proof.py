"""How far the plan on screen may be from the best one: what is proved, live, never more."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import streamlit as st

from data import french
from data.errors import CartofluxError, SolveCancelledError
from data.model import Plan
from geo.travel import TravelSource
from optimization.proving import PROVING, Proof, is_optimal, prove_job
from optimization.weeks.proving import prove_week_job
from optimization.worker import Task
from pages.rounds_parts import job, shelf, week_shelf
from pages.rounds_parts.minimum import grouping_hint, plan_minimum, week_minimum
from pages.rounds_parts.state import Provable, RoundsState
from pages.rounds_parts.week_state import WeekState
from pages.ui import escape, wording
from pages.ui.session import get_store, who

SECONDS = 30.0
LONGER_SECONDS = 120.0
_REFRESH_S = 1.0


@dataclass(frozen=True)
class _Subject:
    """What is proved: a plan or a week.

    Attributes:
        shown: what is on screen.
        on_screen: whether it still is.
        start: starts a proof of so many seconds.
        cost_eur: of what is shown.
        bound_eur: no cheaper one exists, as far as known.
        lift: a better one is known.
        keep: a proof has ended: store it if what it is about is stored.
        sentence: what is known (Markdown).
        hint: what to try, empty if nothing.
    """

    shown: Provable
    on_screen: Callable[[], bool]
    start: Callable[[float], Task[Proof]]
    cost_eur: float
    bound_eur: Callable[[], float | None]
    lift: Callable[[float], None]
    keep: Callable[[], None]
    sentence: Callable[[], str]
    hint: Callable[[], str] = str

    @property
    def optimal(self) -> bool:
        return is_optimal(self.cost_eur, self.bound_eur())


def show_proof(state: RoundsState, travel: TravelSource) -> None:
    """Draw what is proved of the plan on screen; prove a fresh one as soon as there is room."""
    shown = state.shown
    if shown is None or not shown.plan.rounds:
        return

    def lift(bound_eur: float) -> None:
        shown.plan = replace(shown.plan, bound_eur=bound_eur)

    def keep() -> None:
        if shown.plan.revision:
            shown.plan = shelf.keep_bound(get_store(), shown.plan, who=who())

    _show(
        _Subject(
            shown,
            on_screen=lambda: state.shown is shown,
            start=lambda seconds: job.get_worker().start(
                prove_job, shown.plan, shown.scenario, travel, seconds
            ),
            cost_eur=shown.plan.cost_eur,
            bound_eur=lambda: shown.plan.bound_eur,
            lift=lift,
            keep=keep,
            sentence=lambda: plan_minimum(shown.plan),
        )
    )


def show_week_proof(weeks: WeekState, travel: TravelSource) -> None:
    """Draw what is proved of the week on screen; prove a fresh one as soon as there is room."""
    shown = weeks.shown
    if shown is None or not any(one.plan.rounds for one in shown.week.days):
        return

    def lift(bound_eur: float) -> None:
        shown.week = replace(shown.week, bound_eur=bound_eur)

    def keep() -> None:
        if shown.week.bound_eur is not None:
            week_shelf.keep_bound(get_store(), shown.id, shown.week.bound_eur, who=who())

    _show(
        _Subject(
            shown,
            on_screen=lambda: weeks.shown is shown,
            start=lambda seconds: job.get_worker().start(
                prove_week_job, shown.week, travel, seconds
            ),
            cost_eur=shown.week.cost_eur,
            bound_eur=lambda: shown.week.bound_eur,
            lift=lift,
            keep=keep,
            sentence=lambda: week_minimum(shown.week),
            hint=lambda: grouping_hint(shown.week),
        )
    )


def _show(subject: _Subject) -> None:
    if subject.optimal:
        subject.shown.fresh = False
    lively = subject.shown.proving is not None or subject.shown.fresh
    st.fragment(_draw, run_every=_REFRESH_S if lively else None)(subject)


def _draw(subject: _Subject) -> None:
    if not subject.on_screen():
        return  # this fragment was drawn for a plan that has left the screen
    shown = subject.shown
    if shown.fresh and shown.proving is None:
        _start(subject, SECONDS)
    ended = _settle(subject)
    st.markdown(subject.sentence())
    if hint := subject.hint():
        st.caption(hint)
    if ended:
        st.rerun()
    if shown.proving is not None:
        _show_progress(shown.proving)
    elif shown.fresh:
        st.caption("La preuve du minimum attend qu’un processus se libère.")
    elif not subject.optimal and shown.proved is not None and shown.proved.complete:
        st.caption("La preuve est allée au bout de ce que sa méthode permet.")
    elif not subject.optimal and _longer():
        shown.fresh = not _start(subject, LONGER_SECONDS)
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


def _start(subject: _Subject, seconds: float) -> bool:
    """Start proving if no other proof is under way and something is left to prove."""
    proofs = job.PROOFS
    proofs[:] = [task for task in proofs if not task.progress().state.is_final]
    if proofs:
        return False
    subject.shown.proving = subject.start(seconds)
    proofs.append(subject.shown.proving)
    subject.shown.fresh = False
    return True


def _settle(subject: _Subject) -> bool:
    """Take over what is proved so far; whether the proof has just ended."""
    shown, task = subject.shown, subject.shown.proving
    if task is None:
        return False
    progress = task.progress()
    _raise(subject, progress.bound_eur)
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
    _raise(subject, shown.proved.bound_eur)
    with suppress(CartofluxError):  # changed or deleted by someone else: theirs stays
        subject.keep()
    return True


def _raise(subject: _Subject, bound_eur: float | None) -> None:
    if bound_eur is not None and bound_eur > (subject.bound_eur() or 0.0):
        subject.lift(bound_eur)


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
