"""From the form to a running computation, and from its end to the plan on screen."""

import uuid
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from data import french
from data.errors import CartofluxError, InputError, SolveCancelledError
from data.figures import Figures
from data.model import Lock, Scenario, Territory
from data.settings import read_settings
from geo.travel import TravelSource
from optimization.bounding.proof import Proof
from optimization.inspection import inspect, validate
from optimization.worker import JobState, Progress, Task, Worker, shared_worker
from pages.rounds_parts import tables
from pages.rounds_parts.outlet_table import read_outlets
from pages.rounds_parts.state import Form, RoundsState, Running, Shown
from pages.rounds_parts.travel import require_near
from pages.ui import escape, wording

_REFRESH_S = 0.5
_ASSUMED = ("vehicle", "collection", "container", "treatment", "travel", "fuel")
_MINUTE = 60

PROOFS: list[Task[Proof]] = []
"""The proof under way in this server, at most one: the other process stays free for plans."""


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
            replace(warning, row=rows.stops[warning.row - 1])
            if warning.row and warning.message.startswith("«") and warning.row <= len(rows.stops)
            else warning
            for warning in inspect(scenario, territory)
        )
        _validate(scenario, rows)
        require_near(scenario, travel)
        job = get_worker().submit(scenario, travel)
    except CartofluxError as error:
        state.error = error
        return
    if state.shown is not None:
        state.shown.stop()
    stop_proofs()
    state.running = Running(job, scenario)


def stop_proofs() -> None:
    """Make room for a plan: it comes before anybody's proof, which keeps its best."""
    for proof in PROOFS:
        if not proof.progress().state.is_final:
            proof.ask_to_stop()


@dataclass(frozen=True, slots=True)
class Rows:
    """Numbers of the rows on screen of a scenario's stops, vehicles and outlets."""

    stops: tuple[int, ...]
    vehicles: tuple[int, ...]
    outlets: tuple[int, ...]

    def of(self, message: str, row: int) -> int:
        """Return the row on screen of what a message calls row ``row`` of the scenario."""
        for label, rows in (
            ("Le point ", self.stops),
            ("Le véhicule ", self.vehicles),
            ("L’exutoire ", self.outlets),
        ):
            if message.startswith(label) and row <= len(rows):
                return rows[row - 1]
        return row


def read_form(form: Form, travel: TravelSource, figures: Figures) -> tuple[Scenario, Rows]:
    """Return the scenario on screen, and the table rows of what it is made of.

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
    known_outlets = read_outlets(form.sites.edited, form.outlets)
    outlets = tuple(known_outlets[id_] for id_ in form.outlet_ids)
    locks = _kept_locks(form, {stop.id for stop in stops})
    needed = {id_ for stop in stops for id_ in stop.vehicle_ids}
    needed |= {id_ for outlet in outlets for id_ in outlet.vehicle_ids}
    needed |= {lock.vehicle_id for lock in locks if lock.vehicle_id is not None}
    vehicles = tables.numbered_vehicles(
        form.vehicles.edited, form.known_vehicles, frozenset(needed)
    )
    named = {id_ for _, v in vehicles for id_ in (v.depot_id, v.end_depot_id)} - {depot.id}
    scenario = Scenario(
        id=uuid.uuid4().hex,
        name=default_name(form),
        resource_id=form.resource_id,
        stops=stops,
        vehicles=tuple(vehicle for _, vehicle in vehicles),
        depot=depot,
        outlets=outlets,
        travel_source=travel.name,
        assumptions=tuple(
            (figure.key, figure.value) for name in _ASSUMED for figure in figures.in_category(name)
        ),
        day=form.day.isoformat() if form.day else "",
        time_limit_s=float(form.seconds),
        resource_ids=tuple(form.other_resources),
        depots=tuple(one for id_, one in form.depots.items() if id_ in named),
        incompatible=tuple(form.incompatible),
        locks=locks,
        balance_eur_per_hour=form.balance_eur_per_hour,
        max_spread_s=None if form.max_spread_min is None else form.max_spread_min * _MINUTE,
    )
    row_of = _row_numbers(form.stops.edited)
    site_of = _row_numbers(form.sites.edited)
    return scenario, Rows(
        stops=tuple(row_of[stop.id] for stop in stops),
        vehicles=tuple(number for number, _ in vehicles),
        outlets=tuple(site_of[id_] for id_ in form.outlet_ids),
    )


def _row_numbers(table: pd.DataFrame) -> dict[str, int]:
    return dict(zip(table[tables.ID], table[tables.NUMBER].astype(int), strict=True))


def _kept_locks(form: Form, stop_ids: set[str]) -> tuple[Lock, ...]:
    """Return the locks without the stops that are no longer ticked."""
    kept = (
        replace(lock, stop_ids=tuple(id_ for id_ in lock.stop_ids if id_ in stop_ids))
        for lock in form.locks
    )
    return tuple(lock for lock in kept if lock.stop_ids)


def default_name(form: Form) -> str:
    """Name a plan before its author does."""
    count = int(form.stops.edited[tables.INCLUDED].fillna(value=False).astype(bool).sum())
    day = f", {french.date(form.day)}" if form.day else ""
    return f"Tournées de {count} {wording.plural(count, 'point')}{day}"


def _validate(scenario: Scenario, rows: Rows) -> None:
    """Check the scenario, naming the row of the table rather than that of the scenario."""
    try:
        validate(scenario)
    except InputError as error:
        if error.row:
            error.row = rows.of(str(error), error.row)
        raise


def settle(state: RoundsState) -> None:
    """Bring a finished computation onto the screen; the form is untouched either way."""
    running = state.running
    if running is None or not running.job.progress().state.is_final:
        return
    state.running = None
    try:
        shown = Shown(running.job.result(), running.scenario, fresh=True)
    except SolveCancelledError:
        return
    except CartofluxError as error:
        state.error = error
    else:
        before = state.shown
        alike = before is not None and before.scenario.resource_id == shown.scenario.resource_id
        state.show(shown, replaces=before if alike else None)


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
