"""From the form to a running computation, and from its end to the plan on screen."""

import uuid
from dataclasses import replace

import streamlit as st

from data import french
from data.errors import CartofluxError, InputError, SolveCancelledError
from data.figures import Figures
from data.model import Scenario, Territory
from data.settings import read_settings
from geo.travel import TravelSource
from optimization.inspection import inspect, validate
from optimization.worker import JobState, Progress, Worker, shared_worker
from pages.rounds_parts import tables
from pages.rounds_parts.state import Form, RoundsState, Running, Shown
from pages.ui import escape, wording

_REFRESH_S = 0.5
_ASSUMED = ("vehicle", "collection", "container", "treatment", "travel", "fuel")
_STOP_LABEL = "Le point "


def get_worker() -> Worker:
    """Return the one worker of this server process."""
    return shared_worker(read_settings())


def submit(
    state: RoundsState, travel: TravelSource, figures: Figures, territory: Territory | None
) -> None:
    """Start computing what the form says, or remember what is wrong with it."""
    state.error, state.warnings = None, ()
    try:
        scenario, rows = read_form(state.form, travel, figures)
        state.warnings = tuple(
            replace(warning, row=rows[warning.row - 1])
            if warning.row and warning.message.startswith("«") and warning.row <= len(rows)
            else warning
            for warning in inspect(scenario, territory)
        )
        _validate(scenario, rows)
        job = get_worker().submit(scenario, travel)
    except CartofluxError as error:
        state.error = error
        return
    state.running = Running(job, scenario)


def read_form(
    form: Form, travel: TravelSource, figures: Figures
) -> tuple[Scenario, tuple[int, ...]]:
    """Return the scenario on screen, and the table row of each of its stops.

    Raises:
        InputError: something cannot be read; names the field and the row.
    """
    depot = form.depots.get(form.depot_id or "")
    if depot is None:
        raise InputError(
            "Aucun dépôt\u202f: choisissez d’où partent les véhicules, ou ajoutez un dépôt dans "
            "la page Données.",
            field="Dépôt",
        )
    stops = tables.read_stops(form.stops.edited, form.known_stops)
    row_of = dict(
        zip(form.stops.edited[tables.ID], form.stops.edited[tables.NUMBER].astype(int), strict=True)
    )
    scenario = Scenario(
        id=uuid.uuid4().hex,
        name=default_name(form),
        resource_id=form.resource_id,
        stops=stops,
        vehicles=tables.read_vehicles(form.vehicles.edited, form.known_vehicles),
        depot=depot,
        outlets=tuple(form.outlets[id_] for id_ in form.outlet_ids),
        travel_source=travel.name,
        assumptions=tuple(
            (figure.key, figure.value) for name in _ASSUMED for figure in figures.in_category(name)
        ),
        day=form.day.isoformat() if form.day else "",
        time_limit_s=float(form.seconds),
    )
    return scenario, tuple(row_of[stop.id] for stop in stops)


def default_name(form: Form) -> str:
    """Name a plan before its author does."""
    count = int(form.stops.edited[tables.INCLUDED].fillna(value=False).astype(bool).sum())
    day = f", {french.date(form.day)}" if form.day else ""
    return f"Tournées de {count} {wording.plural(count, 'point')}{day}"


def _validate(scenario: Scenario, rows: tuple[int, ...]) -> None:
    """Check the scenario, naming the row of the table rather than that of the scenario."""
    try:
        validate(scenario)
    except InputError as error:
        if error.row and str(error).startswith(_STOP_LABEL):
            error.row = rows[error.row - 1]
        raise


def settle(state: RoundsState) -> None:
    """Bring a finished computation onto the screen; the form is untouched either way."""
    running = state.running
    if running is None or not running.job.progress().state.is_final:
        return
    state.running = None
    try:
        state.shown = Shown(running.job.result(), running.scenario)
    except SolveCancelledError:
        return
    except CartofluxError as error:
        state.error = error


@st.fragment(run_every=_REFRESH_S)
def show_progress(state: RoundsState) -> None:
    """Draw the live progress of the computation, with a way to stop it."""
    running = state.running
    if running is None:
        return
    progress = running.job.progress()
    if progress.state.is_final:
        st.rerun()
    if running.waited_s is None and progress.state is JobState.RUNNING:
        running.waited_s = progress.elapsed_s
    limit = running.scenario.time_limit_s
    elapsed = 0.0 if running.waited_s is None else progress.elapsed_s - running.waited_s
    with st.container(border=True):
        st.progress(min(elapsed / limit, 1.0), text=escape.markdown(progress.message))
        with st.container(horizontal=True):
            st.metric("Meilleur coût trouvé", _euros(progress.best_cost), width=200)
            st.metric("Points laissés de côté", _count(progress), width=200)
            st.metric("Plans examinés", french.number(progress.solutions), width=160)
            st.metric(
                "Temps écoulé",
                f"{french.duration(elapsed)} sur {french.duration(limit)}",
                width=200,
            )
        if st.button("Annuler le calcul", icon=":material/cancel:", key="rounds-cancel"):
            running.job.cancel()
            state.running = None
            st.rerun()


def _count(progress: Progress) -> str:
    return "…" if progress.best_cost is None else french.number(progress.unserved)


def _euros(cost: float | None) -> str:
    return "…" if cost is None else french.euros(cost)
