"""The plan on screen: its proved minimum, why stops are left out, what is kept and moved."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.errors import SolveCancelledError
from data.model import Plan, Resource, Scenario, VisitKind
from data.store import Store
from geo.travel import TravelSource
from optimization.bounding.proof import Proof
from optimization.worker import JobState, Progress
from pages.rounds_parts import job as job_module
from pages.rounds_parts import proof as proof_module
from pages.rounds_parts import rules, tables
from tests.pages.data_visit import click, filled, messages, run, store, visit
from tests.pages.test_rounds_page import (
    DoneJob,
    InlineWorker,
    ask,
    errors,
    few_stops,
    inline,
    said,
    save,
    state_of,
    visit_everything,
)

__all__ = ["few_stops", "filled", "inline", "store"]


class SlowProof:
    """A proof under way, which rises and stops when told."""

    def __init__(self, cost: float) -> None:
        self.asked = False
        self.cancelled = False
        self.told = round(0.9 * cost, 2)
        self._cost = cost

    def progress(self) -> Progress:
        """Say how far it is."""
        state = JobState.DONE if self.asked else JobState.RUNNING
        return Progress(state=state, bound_eur=self.told, elapsed_s=12.0)

    def ask_to_stop(self) -> None:
        """End at the next look."""
        self.asked = True

    def cancel(self) -> None:
        """Be forgotten."""
        self.cancelled = self.asked = True

    def result(self) -> Proof:
        """Return what is proved so far."""
        if self.cancelled:
            raise SolveCancelledError("Calcul annulé.")
        return Proof(
            bound_eur=self.told,
            cost_eur=self._cost,
            optimal=False,
            iterations=3,
            complete=False,
        )


class SlowlyProving(InlineWorker):
    """Plans at once, proves slowly."""

    def __init__(self) -> None:
        self.proofs: list[SlowProof] = []

    def submit(self, scenario: Scenario, travel: TravelSource) -> DoneJob:
        """Plan with little proved at first."""
        plan = super().submit(scenario, travel).result()
        return DoneJob(replace(plan, bound_eur=round(plan.cost_eur / 2, 2)), None)

    def start(self, function: Callable[..., Any], *args: Any) -> Any:
        """Start a proof, do anything else at once."""
        if function is not proof_module.prove_job:
            return super().start(function, *args)
        self.proofs.append(SlowProof(args[0].cost_eur))
        return self.proofs[-1]


@pytest.fixture
def proving(monkeypatch: pytest.MonkeyPatch) -> SlowlyProving:
    """Prove slowly."""
    worker = SlowlyProving()
    monkeypatch.setattr(job_module, "get_worker", lambda: worker)
    monkeypatch.setattr(job_module, "PROOFS", [])
    return worker


@pytest.mark.usefixtures("few_stops")
def test_the_minimum_rises_on_screen_and_is_kept_with_the_plan(
    proving: SlowlyProving, store: Store
) -> None:
    """The plan is there first; the percentage follows the proof, rounded up; stopping saves it."""
    app = ask(visit_everything())
    shown = state_of(app).shown
    assert shown is not None
    assert "Le plan" in said(app)
    (proof,) = proving.proofs
    assert "au plus 11,2 % au-dessus du minimum possible" in said(app)
    save(app, "Prouvé")
    assert shown.proving is proof
    proof.told = round(0.95 * shown.plan.cost_eur, 2)
    click(app, "rounds-proof-stop")
    run(app)
    assert shown.proving is None
    (kept,) = store.list(Plan)
    assert kept.bound_eur == proof.told
    assert kept.revision == 2
    assert "au plus 5,3 % au-dessus" in said(app)
    click(app, "rounds-proof-longer")
    assert len(proving.proofs) == 2


@pytest.mark.usefixtures("few_stops")
def test_a_new_plan_comes_before_an_old_proof(proving: SlowlyProving) -> None:
    """Asking for another plan stops the proof of the first; its own starts afterwards."""
    app = ask(visit_everything())
    ask(app)
    assert [proof.cancelled for proof in proving.proofs] == [True, False]
    state = state_of(app)
    assert state.shown is not None
    assert state.shown.proving is proving.proofs[1]
    assert state.previous is not None


def overload(app: AppTest) -> AppTest:
    """Make the first stop heavier than every vehicle by a little, and ask."""
    form = state_of(app).form
    table = form.stops.edited.copy()
    heaviest = float(form.vehicles.edited[tables.CAPACITY_KG].max())
    table.loc[0, tables.KG] = heaviest + 18
    form.stops.edited = table
    form.reopen(form.version + 1)
    return ask(run(app))


@pytest.mark.usefixtures("few_stops", "inline")
def test_the_smallest_change_is_tried_and_taken_back() -> None:
    """A stop 18 kg too heavy asks for 20 kg more; tried, it is served; taken back, it is not."""
    app = overload(visit_everything())
    shown = state_of(app).shown
    assert shown is not None
    (left,) = shown.plan.unserved
    assert "Le plus petit changement : porter 20 kg de plus dans « Fourgonnette" in said(
        app
    ).replace("\u202f", " ").replace("\u00a0", " ")
    before = state_of(app).form
    click(app, f"rounds-try-{left.stop_id}-0")
    form = state_of(app).form
    assert form is not before
    assert "À l’essai dans le formulaire" in messages(app.success)
    ask(app)
    again = state_of(app).shown
    assert again is not None
    assert again.plan.unserved == ()
    click(app, "rounds-untry")
    assert state_of(app).form is before
    assert not app.error


@pytest.mark.usefixtures("few_stops", "inline")
def test_what_rules_cost_is_counted_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table names each family in use, with estimates that are never above zero."""
    monkeypatch.setattr("optimization.why.constraints.SECONDS", 0.2)
    app = ask(visit_everything())
    click(app, "rounds-costs")
    run(app)
    costs = state_of(app).shown.costs  # type: ignore[union-attr]
    assert costs is not None
    table = next(t.value for t in app.table if "Coût des mêmes points" in t.value.columns)
    assert "les créneaux des points" in table.index
    assert len(table) == len(costs.rules)
    assert all(cell.startswith("≈ −") or cell == "rien de gagné" for cell in table.iloc[:, 0])


@pytest.mark.usefixtures("few_stops", "inline")
def test_a_round_kept_and_a_stop_moved_are_respected() -> None:
    """One round is kept, a stop of another goes to a vehicle chosen; both plans are compared."""
    app = ask(visit_everything())
    state = state_of(app)
    assert state.shown is not None
    first = state.shown.plan
    trip = first.rounds[0]
    app.checkbox(key=f"rounds-keep-{first.id}-0").check()
    run(app)
    order = [v.place_id for v in trip.visits if v.kind is VisitKind.STOP]
    assert {id_ for lock in state.form.locks for id_ in lock.stop_ids} == set(order)
    moved = order[-1]
    vehicles = {one.id: one.count for one in state.shown.scenario.vehicles}
    seat = next(
        (id_, number)
        for id_, count in vehicles.items()
        for number in range(1, count + 1)
        if (id_, number) != (trip.vehicle_id, trip.vehicle_number)
    )
    app.selectbox(key=f"rounds-place-stop-{first.id}").set_value(moved)
    app.selectbox(key=f"rounds-place-seat-{first.id}").set_value(seat)
    run(app)
    click(app, "rounds-place")
    assert not app.checkbox(key=f"rounds-keep-{first.id}-0").value
    click(app, "rounds-around")
    run(app)
    assert not app.error, errors(app)
    second = state.shown.plan
    assert second.id != first.id
    by_seat = {
        (one.vehicle_id, one.vehicle_number): [
            v.place_id for v in one.visits if v.kind is VisitKind.STOP
        ]
        for one in second.rounds
    }
    missing = {left.stop_id for left in second.unserved}
    assert moved in {*by_seat.get(seat, []), *missing}
    stays = [id_ for id_ in order[:-1] if id_ not in missing]
    assert set(stays) <= set(by_seat.get((trip.vehicle_id, trip.vehicle_number), []))
    compared = next(t.value for t in app.table if "Avant" in t.value.columns)
    assert "Maintenant" in compared.columns
    click(app, "rounds-back")
    assert state.shown.plan == first
    assert state.form.locks == ()


@pytest.mark.usefixtures("few_stops", "inline")
def test_finer_rules_reach_the_plan_and_bad_ones_are_named() -> None:
    """A pause and a priority typed in the form are in the scenario; a bad one names its cell."""
    app = visit_everything()
    form = state_of(app).form
    form.vehicles.edited = form.vehicles.edited.assign(
        **{rules.BREAK: 30.0, rules.BREAK_SPAN: "10:00–12:00"}
    )
    form.stops.edited = form.stops.edited.assign(**{rules.PRIORITY: 2.0})
    form.max_spread_min = 300
    form.reopen(form.version + 1)
    ask(run(app))
    assert not app.error, errors(app)
    shown = state_of(app).shown
    assert shown is not None
    assert {vehicle.break_s for vehicle in shown.scenario.vehicles} == {1800}
    assert {stop.priority for stop in shown.scenario.stops} == {2}
    assert shown.scenario.max_spread_s == 18_000
    assert "Règles de plus en vigueur : priorité" in said(app).replace("\u202f", " ")
    form.vehicles.edited = form.vehicles.edited.assign(**{rules.BREAK_SPAN: ""})
    form.reopen(form.version + 1)
    ask(run(app))
    assert "Pause », ligne 1" in errors(app)
    assert "11:30–13:00" in errors(app)


@pytest.mark.usefixtures("inline")
def test_another_resource_joins_and_leaves(store: Store) -> None:
    """Choosing a second resource adds its stops ticked; without it, all is as before."""
    app = visit("tournees")
    form = state_of(app).form
    before = list(form.stops.edited[tables.ID])
    also = app.multiselect(key=form.key("also"))
    chosen = next(one.id for one in store.list(Resource) if one.name == also.options[0])
    also.set_value([chosen])
    run(app)
    assert form.other_resources == [chosen]
    added = [id_ for id_ in form.stops.edited[tables.ID] if id_ not in before]
    assert {form.known_stops[id_].resource_id for id_ in added} <= {chosen}
    app.multiselect(key=form.key("also")).set_value([])
    run(app)
    assert list(form.stops.edited[tables.ID]) == before
