"""The rounds page through the frame: one click to a plan, mistakes told, plans kept."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from data import demo
from data.errors import CartofluxError, SolveCancelledError
from data.model import Actor, Depot, Outlet, Plan, Scenario, Stop, TravelMode, Vehicle
from data.store import Store
from geo.travel import TravelSource
from optimization.planning import propose
from optimization.worker import JobState, Progress
from pages.rounds_parts import job as job_module
from pages.rounds_parts import tables
from pages.rounds_parts.state import Form, RoundsState
from tests.pages.data_visit import click, filled, messages, run, store, visit

__all__ = ["filled", "store"]

SOLUTIONS = 60


class DoneJob:
    """A computation already over."""

    def __init__(self, plan: Any, error: CartofluxError | None) -> None:
        self._plan, self._error = plan, error

    def progress(self) -> Progress:
        """Say that it is over."""
        return Progress(state=JobState.DONE if self._plan else JobState.FAILED)

    def result(self) -> Any:
        """Return the plan or raise what went wrong."""
        if self._plan is None:
            assert self._error is not None
            raise self._error
        return self._plan

    def cancel(self) -> None:
        """Come too late."""


class InlineWorker:
    """Plans in this process, bounded by solutions: no cluster, same result every time."""

    def submit(self, scenario: Scenario, travel: TravelSource) -> DoneJob:
        """Compute at once."""
        try:
            return DoneJob(propose(scenario, travel, solutions=SOLUTIONS), None)
        except CartofluxError as error:
            return DoneJob(None, error)

    def start(self, function: Callable[..., Any], *args: Any) -> DoneJob:
        """Call at once."""
        try:
            return DoneJob(function(lambda _: None, lambda: False, *args), None)
        except CartofluxError as error:
            return DoneJob(None, error)


@dataclass
class EndlessJob:
    """A computation that goes on until it is cancelled."""

    cancelled: bool = False

    def progress(self) -> Progress:
        """Say how it goes."""
        state = JobState.CANCELLED if self.cancelled else JobState.RUNNING
        return Progress(
            state=state, best_cost=123.5, solutions=7, elapsed_s=2.0, message="En cours"
        )

    def result(self) -> Plan:
        """Never return a plan."""
        raise SolveCancelledError("Calcul annulé.")

    def cancel(self) -> None:
        """Stop."""
        self.cancelled = True


class EndlessWorker:
    """Starts computations that do not end by themselves."""

    def __init__(self) -> None:
        self.jobs: list[EndlessJob] = []

    def submit(self, scenario: Scenario, travel: TravelSource) -> EndlessJob:
        """Start one."""
        del scenario, travel
        self.jobs.append(EndlessJob())
        return self.jobs[-1]


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch, compiled: None) -> None:  # noqa: ARG001
    """Compute in this process, which must not stop to compile the proof."""
    monkeypatch.setattr(job_module, "get_worker", InlineWorker)


@pytest.fixture
def few_stops(store: Store) -> Store:
    """Keep six stops only, so that a plan takes a blink."""
    with store.transaction(who="essai", what="moins de points") as tx:
        tx.delete_all(Stop, [stop.id for stop in tx.list(Stop)][6:])
    return store


def visit_everything() -> AppTest:
    """Open the page and include every stop and every kind of vehicle."""
    app = visit("tournees")
    (button,) = [one for one in app.button if one.label == "Tout inclure"]
    button.click()
    return run(app)


def state_of(app: AppTest) -> RoundsState:
    """Return the page's memory."""
    state = app.session_state["rounds"]
    assert isinstance(state, RoundsState)
    return state


def ask(app: AppTest) -> AppTest:
    """Press « Proposer les tournées »."""
    return click(app, "rounds-propose")


def said(app: AppTest) -> str:
    """Return all the page says outside tables, in plain text."""
    elements = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.info]
    return messages(elements)


def errors(app: AppTest) -> str:
    """Return the mistakes told."""
    return messages(app.error)


@pytest.mark.usefixtures("few_stops", "inline")
def test_one_click_gives_a_plan_with_its_reasons_and_margins() -> None:
    """From a fresh page, one click shows rounds, gains, bound, travel margin and files."""
    app = visit_everything()
    assert "6 points sur 6" in said(app).replace("**", "")
    assert "Fourgonnette" in said(app)
    ask(app)
    assert not app.error
    text = said(app)
    assert "Le plan : Tournées de 6 points" in text
    assert "pour les **6 points** demandés" in text
    assert "au-dessus du minimum possible" in text or "**Optimal**" in text
    assert "(prouvé)" in text or "€ prouvé)" in text
    assert "± 14 %" in text
    assert [metric.label for metric in app.metric] == [
        "Distance",
        "Temps",
        "CO₂e du transport",
        "Coût",
    ]
    assert all("de moins" in metric.delta for metric in app.metric)
    labels = [button.label for button in app.get("download_button")]
    assert [label.split(" (")[0] for label in labels] == [
        "Feuilles de route",
        "Tableau",
        "Trace pour GPS",
        "Carte",
    ]
    shown = state_of(app).shown
    assert shown is not None
    names = " ".join(str(table.value) for table in app.table)
    assert all(stop.name.split(" (")[0] in names for stop in shown.scenario.stops)


@pytest.mark.usefixtures("few_stops", "inline")
def test_first_proposal_is_by_bike() -> None:
    """A fresh page ticks what a bike reaches and leaves the van out, and says so."""
    app = visit("tournees")
    text = said(app).replace("**", "")
    assert "3 points sur 6" in text
    assert "Vélo" in text
    assert "Fourgonnette" not in text
    ask(app)
    shown = state_of(app).shown
    assert shown is not None
    assert {vehicle.mode for vehicle in shown.scenario.vehicles} == {TravelMode.BIKE}
    assert len(shown.scenario.stops) == 3


Change = Callable[[Form], None]


def cell(column: str, value: object) -> Change:
    """Type a value in the first row of the table of stops."""

    def change(form: Form) -> None:
        table = form.stops.edited.copy()
        table[column] = table[column].astype(object)
        table.loc[0, column] = value
        form.stops.edited = table

    return change


def every(column: str, value: object) -> Change:
    """Type a value in every row of the table of stops."""

    def change(form: Form) -> None:
        form.stops.edited = form.stops.edited.assign(**{column: value})

    return change


def vehicle(column: str, value: object) -> Change:
    """Type a value in every row of the table of vehicles."""

    def change(form: Form) -> None:
        form.vehicles.edited = form.vehicles.edited.assign(**{column: value})

    return change


def no_outlet(form: Form) -> None:
    """Choose no outlet."""
    form.outlet_ids = []


MISTAKES = [
    (cell(tables.KG, -5.0), "Kg par visite », ligne 1", "positif"),
    (cell(tables.KG, math.nan), "Kg par visite », ligne 1", "est vide"),
    (cell(tables.WINDOWS, "tôt le matin"), "Créneau », ligne 1", "8:00–11:30"),
    (cell(tables.WINDOWS, "5:00–6:00"), "Créneau », ligne 1", "en dehors du service"),
    (cell(tables.WINDOWS, "11:00–9:00"), "Créneau », ligne 1", "finit avant"),
    (cell(tables.LAT, 200.0), "Position », ligne 1", "longitude et sa latitude"),
    (every(tables.KG, 5000.0), "Capacité (kg)", "répartissez"),
    (every(tables.INCLUDED, value=False), "Points", "choisissez-en au moins un"),
    (vehicle(tables.COUNT, 0), "Véhicules", "Aucun véhicule"),
    (vehicle(tables.SHIFT_START, "8 heure 99"), "Début de service », ligne 1", "8:00 ou 14:30"),
    (vehicle(tables.SHIFT_END, "7:00"), "Fin de service », ligne 2", "corrigez"),
    (vehicle(tables.SPEED, 0.0), "Vitesse (km/h) », ligne 2", "plus de 0"),
    (vehicle(tables.RANGE, 0.1), "Exutoires", "hors d’atteinte"),
    (no_outlet, "Exutoires", "choisissez où décharger"),
]


@pytest.mark.usefixtures("few_stops", "inline")
def test_each_mistake_names_the_field_and_a_way_out_and_loses_nothing() -> None:
    """Every kind of bad input gives its sentence next to the form, which stays as typed."""
    app = visit("tournees")
    sound = state_of(app).form
    for change, field, way_out in MISTAKES:
        form = replace(sound, version=sound.version)
        form.stops = replace(sound.stops)
        form.vehicles = replace(sound.vehicles)
        change(form)
        form.reopen(state_of(app).form.version + 1)
        state = state_of(app)
        state.form, state.error, state.shown = form, None, None
        run(app)
        ask(app)
        assert field in errors(app), (field, errors(app))
        assert way_out in errors(app), (way_out, errors(app))
        assert state_of(app).shown is None
        assert form.stops.edited.shape == sound.stops.edited.shape
        assert state_of(app).form is form


@pytest.mark.usefixtures("few_stops", "inline")
def test_oddities_are_told_but_do_not_stop_the_plan() -> None:
    """A stop outside the territory, two at one place and one too heavy are told by row."""
    app = visit_everything()
    form = state_of(app).form
    table = form.stops.edited.copy()
    table.loc[1, [tables.LON, tables.LAT]] = table.loc[0, [tables.LON, tables.LAT]].to_numpy()
    table.loc[2, tables.LON] = 2.5
    table.loc[3, tables.KG] = 5000.0
    form.stops.edited = table
    form.reopen(form.version + 1)
    run(app)
    ask(app)
    told = messages(app.warning)
    assert "Ligne 2, " in told
    assert "même endroit" in told
    assert "Ligne 3, " in told
    assert "hors du territoire" in told
    assert "Ligne 4, " in told
    text = said(app)
    assert "laissés de côté" in text or "point laissé de côté" in text
    assert "Un seul passage dépasse la charge" in text
    assert "Augmentez les passages" in text


@pytest.mark.usefixtures("few_stops", "inline")
def test_many_oddities_do_not_bury_the_page() -> None:
    """All stops outside the territory: three remarks in sight, the others folded, none lost."""
    app = visit_everything()
    form = state_of(app).form
    table = form.stops.edited.copy()
    table[tables.LON] = [2.5 + 0.01 * row for row in range(len(table))]
    form.stops.edited = table
    form.reopen(form.version + 1)
    run(app)
    ask(app)
    told = [warning.value for warning in app.warning if "hors du territoire" in warning.value]
    assert len(told) == 3
    (folded,) = [box for box in app.expander if box.label.startswith("Encore")]
    others = folded.markdown[0].value
    assert others.count("hors du territoire") == len(table) - 3
    assert f"Ligne {len(table)}, " in others


@pytest.mark.usefixtures("few_stops", "inline")
def test_edits_survive_an_error_a_solve_and_another_page() -> None:
    """What was typed is still there after a refusal, a plan, and a visit to the map."""
    app = visit("tournees")
    form = state_of(app).form
    form.stops.edited = form.stops.edited.assign(**{tables.KG: 11.5, tables.WINDOWS: "?"})
    form.reopen(form.version + 1)
    ask(run(app))
    assert "n’est pas un créneau" in errors(app)
    form.stops.edited = form.stops.edited.assign(**{tables.WINDOWS: "8:00–12:00"})
    form.reopen(form.version + 1)
    ask(run(app))
    assert not app.error
    app._page_hash = calc_hash("a-propos")
    run(app)
    app._page_hash = calc_hash("tournees")
    run(app)
    kept = state_of(app).form.stops.edited
    assert set(kept[tables.KG]) == {11.5}
    assert set(kept[tables.WINDOWS]) == {"8:00–12:00"}
    assert "Le plan" in said(app)
    shown = state_of(app).shown
    assert shown is not None
    assert {stop.kg_per_visit for stop in shown.scenario.stops} == {11.5}


@pytest.mark.usefixtures("few_stops")
def test_running_job_is_found_again_and_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaving the page loses nothing: the job is there on return, and cancelling keeps the form."""
    worker = EndlessWorker()
    monkeypatch.setattr(job_module, "get_worker", lambda: worker)
    app = ask(visit("tournees"))
    assert app.button(key="rounds-propose").disabled
    assert "123,50 €" in messages(app.metric)
    app._page_hash = calc_hash("a-propos")
    run(app)
    app._page_hash = calc_hash("tournees")
    run(app)
    form = state_of(app).form
    click(app, "rounds-cancel")
    assert [job.cancelled for job in worker.jobs] == [True]
    assert not app.button(key="rounds-propose").disabled
    assert state_of(app).form is form
    assert not app.error


@pytest.mark.usefixtures("inline")
def test_save_reopen_compare_delete_undo(few_stops: Store) -> None:
    """Two plans are saved, one reopened, both compared, one deleted and taken back."""
    app = ask(visit_everything())
    save(app, "Avec tous")
    form = state_of(app).form
    form.stops.edited.loc[0, tables.INCLUDED] = False
    left_out = form.stops.edited.loc[0, tables.POINT]
    form.reopen(form.version + 1)
    ask(run(app))
    save(app, "Sans un point")
    assert {plan.name for plan in few_stops.list(Plan)} == {"Avec tous", "Sans un point"}

    comparison = next(t.value for t in app.table if any("Avec tous" in c for c in t.value.columns))
    assert sorted(comparison.loc["Points desservis"]) == ["5 sur 5", "6 sur 6"]
    assert left_out.split(" (")[0] in said(app)

    first = next(plan for plan in few_stops.list(Plan) if plan.name == "Avec tous")
    app.selectbox(key="rounds-shelf").set_value(first.id)
    run(app)
    click(app, "rounds-open")
    shown = state_of(app).shown
    assert shown is not None
    assert shown.plan == first
    assert state_of(app).form.stops.edited[tables.INCLUDED].all()

    click(app, "rounds-delete")
    assert [plan.name for plan in few_stops.list(Plan)] == ["Sans un point"]
    assert state_of(app).shown is None
    click(app, "rounds-undo")
    assert {plan.name for plan in few_stops.list(Plan)} == {"Avec tous", "Sans un point"}
    deletion = next(change for change in few_stops.history(Plan) if change.action == "delete")
    assert (deletion.who, deletion.what) == (
        "poste local",
        "Suppression du plan «\u00a0Avec tous\u00a0»",
    )


def save(app: AppTest, name: str) -> None:
    """Give the plan on screen a name and save it."""
    (field,) = [one for one in app.text_input if one.label == "Nom du plan"]
    field.set_value(name)
    (button,) = [one for one in app.button if one.label in {"Enregistrer le plan", "Renommer"}]
    button.click()
    run(app)


@pytest.mark.usefixtures("inline")
def test_a_name_is_needed_and_may_change(few_stops: Store) -> None:
    """An empty or taken name is refused in French; a saved plan can be renamed."""
    app = ask(visit("tournees"))
    save(app, "  ")
    assert "Donnez un nom" in errors(app)
    save(app, "Mardi")
    save(app, "Mercredi")
    (plan,) = few_stops.list(Plan)
    assert (plan.name, plan.revision) == ("Mercredi", 2)
    ask(app)
    save(app, "mercredi")
    assert "Un plan s’appelle déjà" in errors(app)


@pytest.mark.usefixtures("few_stops", "inline")
def test_hostile_names_are_shown_as_text(few_stops: Store) -> None:
    """Markup in a stop's name stays text in the tables and sentences."""
    stop = few_stops.list(Stop)[0]
    with few_stops.transaction(who="essai", what="nom hostile") as tx:
        tx.put(replace(stop, name='<img src=x onerror="alert(1)"> **gras** :red[x] $y$'))
    app = ask(visit("tournees"))
    cells = " ".join(str(table.value) for table in app.table)
    assert "\\<img" in cells
    assert "\\*\\*gras" in cells
    assert all("onerror" not in html.body for html in app.get("html") if hasattr(html, "body"))


@pytest.mark.usefixtures("inline")
def test_an_actor_without_a_stop_can_be_added(few_stops: Store) -> None:
    """An actor with this output and no stop joins the table with kg from its yearly mass."""
    app = visit("tournees")
    form = state_of(app).form
    box = app.selectbox(key=form.key("add"))
    chosen = next(id_ for id_ in box.options if "Attache" not in id_)
    actor_id = next(actor.id for actor in few_stops.list(Actor) if actor.name == chosen)
    box.set_value(actor_id)
    run(app)
    click(app, form.key("add-go"))
    form = state_of(app).form
    assert list(form.stops.edited[tables.POINT])[-1] == chosen
    assert len(form.stops.edited) == 7


@pytest.mark.usefixtures("inline")
def test_nothing_to_collect_says_what_to_do(store: Store) -> None:
    """With no stop and no output of any resource, the page points to Données."""
    demo.remove(store, who="essai")
    app = visit("tournees")
    assert "page **Données**" in said(app)
    assert "rounds-propose" not in [button.key for button in app.button]


@pytest.mark.usefixtures("inline")
def test_without_vehicle_depot_or_outlet_each_is_asked_for(few_stops: Store) -> None:
    """With stops but no means, the messages say what is missing, one after the other."""
    with few_stops.transaction(who="essai", what="plus de dépôt") as tx:
        tx.delete_all(Depot, [one.id for one in tx.list(Depot)])
        tx.delete_all(Outlet, [one.id for one in tx.list(Outlet)])
        tx.delete_all(Vehicle, [one.id for one in tx.list(Vehicle)])
    app = ask(visit("tournees"))
    assert "Aucun dépôt" in errors(app)


def test_real_worker_plans_from_the_page(few_stops: Store) -> None:
    """Through the real Dask worker, a plan asked for on the page comes back to it."""
    app = visit("tournees")
    state_of(app).form.seconds = 5
    ask(app)
    running = state_of(app).running
    assert running is not None
    running.job.result(timeout_s=50)
    run(app)
    assert state_of(app).shown is not None
    assert "Le plan" in said(app)
    assert few_stops.count(Plan) == 0
    job_module.get_worker().close()
