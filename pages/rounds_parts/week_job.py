"""From the form to a week being computed, and from its end to the week on screen."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Final

import streamlit as st

from data import french
from data.errors import CartofluxError, InputError, SolveCancelledError
from data.figures import Figures
from data.model import Scenario, Territory
from geo.travel import TravelSource
from optimization.inspection import inspect
from optimization.weeks.job import week_job
from optimization.weeks.model import WeekChoices
from optimization.weeks.validation import VISITS, validate_week
from optimization.worker import JobState
from pages.rounds_parts import tables
from pages.rounds_parts.job import get_worker, read_form, stop_proofs
from pages.rounds_parts.state import RoundsState
from pages.rounds_parts.travel import require_near
from pages.rounds_parts.week_state import RunningWeek, ShownWeek, WeekForm, WeekState, week_form
from pages.rounds_parts.week_tables import read_fleet, read_rhythm
from pages.ui import escape, wording

_REFRESH_S: Final = 0.5
_STOP_LABELS: Final = ("Le point ", "Un point ")


def submit_week(
    state: RoundsState,
    weeks: WeekState,
    travel: TravelSource,
    figures: Figures,
    territory: Territory | None,
) -> None:
    """Start computing the week that the form says, or remember what is wrong with it."""
    state.error, state.warnings, weeks.stopped = None, (), False
    try:
        form = week_form(weeks, state.form)
        scenario, choices = read_week(state, form, travel, figures)
        rows = _rows(state, scenario)
        state.warnings = tuple(
            replace(warning, row=rows[warning.row - 1])
            if warning.row and warning.message.startswith("«") and warning.row <= len(rows)
            else warning
            for warning in inspect(scenario, territory)
        )
        _validate(scenario, choices, rows)
        require_near(scenario, travel)
        job = get_worker().start(week_job, scenario, choices, travel)
    except CartofluxError as error:
        state.error = error
        return
    if weeks.shown is not None and weeks.shown.proving is not None:
        weeks.shown.proving.cancel()
    stop_proofs()
    weeks.running = RunningWeek(job, scenario.time_limit_s)


def read_week(
    state: RoundsState, form: WeekForm, travel: TravelSource, figures: Figures
) -> tuple[Scenario, WeekChoices]:
    """Return the week's scenario and choices on screen.

    Raises:
        InputError: something cannot be read; names the field and the row.
    """
    scenario, _ = read_form(state.form, travel, figures)
    stops, allowed = [], {}
    for stop in scenario.stops:
        visits, storage, patterns = read_rhythm(form.rhythm.edited, stop.id)
        stops.append(replace(stop, visits_per_week=visits, longest_storage_days=storage))
        if patterns is not None:
            allowed[stop.id] = patterns
    day = state.form.day
    monday = day - timedelta(days=day.weekday()) if day else None
    when = f" du {french.date(monday)}" if monday else ""
    points = f"{len(stops)} {wording.plural(len(stops), 'point')}"
    choices = WeekChoices(
        days=tuple(form.days),
        vehicles=read_fleet(form.fleet.edited, form.days),
        allowed=allowed,
        monday=monday.isoformat() if monday else "",
        grouped=form.grouped,
    )
    return replace(
        scenario,
        name=f"Semaine{when}, {points}",
        day="",
        stops=tuple(stops),
        time_limit_s=float(form.seconds),
    ), choices


def _rows(state: RoundsState, scenario: Scenario) -> tuple[int, ...]:
    table = state.form.stops.edited
    row_of = dict(zip(table[tables.ID], table[tables.NUMBER].astype(int), strict=True))
    return tuple(row_of[stop.id] for stop in scenario.stops)


def _validate(scenario: Scenario, choices: WeekChoices, rows: tuple[int, ...]) -> None:
    """Check the week, naming the row of the table rather than that of the scenario."""
    try:
        validate_week(scenario, choices)
    except InputError as error:
        if error.row and str(error).startswith(_STOP_LABELS):
            error.row = rows[error.row - 1]
        if error.field == tables.VISITS:
            error.field = VISITS
        raise


def settle_week(state: RoundsState, weeks: WeekState) -> None:
    """Bring a finished computation onto the screen; the form is untouched either way."""
    running = weeks.running
    if running is None or not running.job.progress().state.is_final:
        return
    weeks.running = None
    try:
        week = running.job.result()
    except SolveCancelledError:
        weeks.stopped = True
    except CartofluxError as error:
        state.error = error
    else:
        weeks.shown = ShownWeek(uuid.uuid4().hex, week.scenario.name, week, fresh=True)


@st.fragment(run_every=_REFRESH_S)
def show_week_progress(weeks: WeekState) -> None:
    """Draw which step the computation is at, with a way to stop it."""
    running = weeks.running
    if running is None:
        return
    progress = running.job.progress()
    if progress.state.is_final:
        st.rerun()
    if running.waited_s is None and progress.state is JobState.RUNNING:
        running.waited_s = progress.elapsed_s
    elapsed = 0.0 if running.waited_s is None else progress.elapsed_s - running.waited_s
    known = progress.best_cost is not None
    with st.container(border=True):
        share = min(1.0, max(0.0, progress.share))
        st.progress(share, text=escape.markdown(f"{progress.message} {french.percent(share)}"))
        with st.container(horizontal=True):
            cost = french.euros(progress.best_cost or 0.0) if known else "…"
            st.metric("Coût de la semaine trouvée", cost, width=240)
            left = french.number(progress.unserved) if known else "…"
            st.metric("Passages laissés de côté", left, width=220)
            limit = french.duration(running.seconds)
            st.metric("Temps écoulé", f"{french.duration(elapsed)} sur {limit}", width=220)
        if st.button("Annuler le calcul", icon=":material/cancel:", key="rounds-week-cancel"):
            running.job.cancel()
            weeks.running, weeks.stopped = None, True
            st.rerun()
