"""Everything the rounds page remembers for one person, in one typed object.

Streamlit forgets a widget's value when its page is left; this object stays, so a form survives
errors, solves and visits to other pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd
import streamlit as st

from data.errors import CartofluxError
from data.model import Commune, Depot, Lock, Outlet, Plan, Scenario, Stop, Vehicle
from data.store import Store
from optimization.bounding.proof import Proof
from optimization.inspection import PlanWarning
from optimization.why.found import Explained, RuleCosts
from optimization.worker import Job, Task
from pages.rounds_parts import prefill, tables
from pages.rounds_parts.outlet_table import outlets_table
from pages.ui.session import Snapshot, get_store, snapshot

_KEY = "rounds"
DEFAULT_SECONDS = 10
_MINUTE = 60


@dataclass(slots=True)
class EditedTable:
    """A table on screen.

    ``base`` is what the editor was opened with and must not change while it is open; ``edited``
    is what the person sees.
    """

    base: pd.DataFrame
    edited: pd.DataFrame

    @classmethod
    def of(cls, table: pd.DataFrame) -> "EditedTable":
        """Return a table nobody has edited yet."""
        return cls(table, table)

    def reopen(self) -> None:
        """Make the editor start again from what the person last saw."""
        self.edited = self.edited.reset_index(drop=True)
        self.base = self.edited


@dataclass(slots=True)
class Form:
    """The choices on screen.

    Attributes:
        known_stops: what the table of stops was made from, by id.
        known_vehicles: idem.
        version: grows when the form is filled from elsewhere; part of every widget's key.
        sites: the table of outlets.
        other_resources: collected in the same rounds.
        incompatible: pairs of resources that are never aboard together.
        locks: what a person decided about a plan shown, kept when planned again.
        before: the form as it was before a change was tried, to take it back.
    """

    resource_id: str
    stops: EditedTable
    vehicles: EditedTable
    known_stops: dict[str, Stop]
    known_vehicles: dict[str, Vehicle]
    depots: dict[str, Depot]
    outlets: dict[str, Outlet]
    depot_id: str | None
    outlet_ids: list[str]
    day: date | None = None
    seconds: int = DEFAULT_SECONDS
    version: int = 0
    sites: EditedTable = field(default_factory=lambda: EditedTable.of(outlets_table(())))
    other_resources: list[str] = field(default_factory=list)
    incompatible: list[tuple[str, str]] = field(default_factory=list)
    balance_eur_per_hour: float = 0.0
    max_spread_min: int | None = None
    locks: tuple[Lock, ...] = ()
    before: "Form | None" = None

    def key(self, name: str) -> str:
        """Return the widget key for ``name``, new each time the form is filled from elsewhere."""
        return f"rounds-{name}-{self.version}"

    def reopen(self, version: int) -> None:
        """Show the form again under new keys, every choice kept."""
        self.stops.reopen()
        self.vehicles.reopen()
        self.sites.reopen()
        self.version = version

    def copy(self) -> "Form":
        """Return the same form, whose tables live their own life."""
        return replace(
            self,
            stops=replace(self.stops),
            vehicles=replace(self.vehicles),
            sites=replace(self.sites),
            before=None,
        )

    def include_everything(self) -> None:
        """Tick every stop and give every vehicle at least one; other cells stay as typed."""
        self.stops.edited = self.stops.edited.assign(**{tables.INCLUDED: True})
        counts = self.vehicles.edited[tables.COUNT].fillna(0).clip(lower=1)
        self.vehicles.edited = self.vehicles.edited.assign(**{tables.COUNT: counts})
        self.reopen(self.version + 1)

    @property
    def leaves_out(self) -> bool:
        """Whether a stop is unticked or a vehicle unused."""
        ticked = self.stops.edited[tables.INCLUDED].fillna(value=False).astype(bool)
        return not ticked.all() or bool((self.vehicles.edited[tables.COUNT].fillna(0) == 0).any())

    def add_stop(self, stop: Stop, communes: Mapping[str, Commune]) -> None:
        """Add a ticked stop at the end of the table; other cells stay as typed."""
        self.known_stops[stop.id] = stop
        self.stops.edited = tables.add_stop(self.stops.edited, stop, communes)
        self.reopen(self.version + 1)

    @property
    def resources(self) -> tuple[str, ...]:
        """Every resource collected, the main one first."""
        return tuple(dict.fromkeys((self.resource_id, *self.other_resources)))

    def collect_also(
        self, resource_ids: Sequence[str], stops: Sequence[Stop], communes: Mapping[str, Commune]
    ) -> None:
        """Collect those resources too: their stops join the table ticked, others' leave it.

        Args:
            resource_ids: besides the main one.
            stops: every stop of the store.
            communes: to name where they are.
        """
        wanted = [id_ for id_ in resource_ids if id_ != self.resource_id]
        kept = {self.resource_id, *wanted}
        table = self.stops.edited
        leaving = {id_ for id_, stop in self.known_stops.items() if stop.resource_id not in kept}
        self.stops.edited = table[~table[tables.ID].isin(leaving)].reset_index(drop=True)
        self.stops.edited[tables.NUMBER] = range(1, len(self.stops.edited) + 1)
        self.known_stops = {
            id_: stop for id_, stop in self.known_stops.items() if id_ not in leaving
        }
        for stop in stops:
            if stop.resource_id in wanted and stop.id not in self.known_stops:
                self.known_stops[stop.id] = stop
                self.stops.edited = tables.add_stop(self.stops.edited, stop, communes)
        for outlet_id, outlet in self.outlets.items():
            new = set(wanted) - set(self.other_resources)
            if new & set(outlet.resource_ids) and outlet_id not in self.outlet_ids:
                self.outlet_ids = [*self.outlet_ids, outlet_id]
        self.other_resources = wanted
        self.incompatible = [pair for pair in self.incompatible if set(pair) <= kept]
        self.reopen(self.version + 1)


@dataclass(slots=True)
class Running:
    """A computation under way."""

    job: Job
    scenario: Scenario
    waited_s: float | None = None
    """How long the job waited for a free process, once it has one."""


@dataclass(slots=True, kw_only=True)
class Provable:
    """Something on screen whose minimum cost can be proved.

    Attributes:
        proving: the proof of its minimum under way.
        proved: the last proof that ended, by itself or stopped.
        fresh: just computed: its minimum is to be proved without being asked.
    """

    proving: Task[Proof] | None = None
    proved: Proof | None = None
    fresh: bool = False


@dataclass(slots=True)
class Shown(Provable):
    """The plan on screen.

    Attributes:
        explaining, explained: what would serve the stops left out, being looked for and found.
        counting, costs: idem for what each family of rules costs.
    """

    plan: Plan
    scenario: Scenario
    explaining: Task[tuple[Explained, ...]] | None = None
    explained: tuple[Explained, ...] | None = None
    counting: Task[RuleCosts] | None = None
    costs: RuleCosts | None = None

    def stop(self) -> None:
        """Stop what is being computed about it."""
        for task in (self.proving, self.explaining, self.counting):
            if task is not None:
                task.cancel()


@dataclass(slots=True)
class Deleted:
    """A plan just deleted, for as long as it can be taken back in one click."""

    name: str
    transaction_id: int


@dataclass(slots=True)
class RoundsState:
    """The page's memory."""

    form: Form
    drafts: dict[str, Form] = field(default_factory=dict)
    """Forms of the other resources, as they were left, by resource id."""
    running: Running | None = None
    shown: Shown | None = None
    error: CartofluxError | None = None
    warnings: tuple[PlanWarning, ...] = ()
    deleted: Deleted | None = None
    tried: str = ""
    """The change just tried in the form, for as long as it can be taken back in one click."""
    travel_key: str = ""
    """The source of distances chosen; empty = the best one for the depot."""

    previous: Shown | None = None
    """The plan that the one on screen replaced, to compare and to come back to."""

    def show(self, shown: Shown | None, replaces: Shown | None = None) -> None:
        """Put a plan on screen; what is being computed about the one before is stopped.

        Args:
            shown: the plan.
            replaces: the plan to compare it with.
        """
        if self.shown is not None:
            self.shown.stop()
        self.shown, self.previous = shown, replaces


def get_state() -> RoundsState:
    """Return this session's memory, prefilled from the store the first time."""
    state = st.session_state.get(_KEY)
    if not isinstance(state, RoundsState):
        state = RoundsState(form=fresh_form(get_store(), snapshot()))
        st.session_state[_KEY] = state
    return state


def fresh_form(
    store: Store, records: Snapshot, resource_id: str | None = None, version: int = 0
) -> Form:
    """Return a form prefilled from the store, for a resource or for the default one."""
    all_stops = store.list(Stop)
    if resource_id is None:
        offered = prefill.collectable(records.resources, all_stops, records.flows)
        resource_id = offered[0].id if offered else prefill.DEFAULT_RESOURCE
    stops = [stop for stop in all_stops if stop.resource_id == resource_id]
    vehicles = store.list(Vehicle)
    depots = store.list(Depot)
    outlets = store.list(Outlet)
    ticked, offered_vehicles = prefill.by_bike(stops, vehicles, depots[0] if depots else None)
    return Form(
        resource_id=resource_id,
        stops=EditedTable.of(tables.stops_table(stops, records.commune, ticked)),
        vehicles=EditedTable.of(tables.vehicles_table(offered_vehicles)),
        known_stops={stop.id: stop for stop in stops},
        known_vehicles={vehicle.id: vehicle for vehicle in vehicles},
        depots={depot.id: depot for depot in depots},
        outlets={outlet.id: outlet for outlet in outlets},
        depot_id=depots[0].id if depots else None,
        outlet_ids=[outlet.id for outlet in prefill.accepting(outlets, resource_id)],
        version=version,
        sites=EditedTable.of(outlets_table(outlets)),
    )


def form_of(scenario: Scenario, fresh: Form, communes: Mapping[str, Commune]) -> Form:
    """Return the form that gives this scenario; stops of the store it left out stay unticked."""
    chosen = {stop.id for stop in scenario.stops}
    others = [stop for id_, stop in fresh.known_stops.items() if id_ not in chosen]
    stops: Sequence[Stop] = [*scenario.stops, *others]
    outlets = fresh.outlets | {outlet.id: outlet for outlet in scenario.outlets}
    depots = {depot.id: depot for depot in scenario.all_depots}
    return replace(
        fresh,
        stops=EditedTable.of(tables.stops_table(stops, communes, frozenset(chosen))),
        vehicles=EditedTable.of(tables.vehicles_table(scenario.vehicles)),
        known_stops={stop.id: stop for stop in stops},
        known_vehicles={vehicle.id: vehicle for vehicle in scenario.vehicles},
        depots=fresh.depots | depots,
        outlets=outlets,
        sites=EditedTable.of(outlets_table(outlets.values())),
        depot_id=scenario.depot.id,
        outlet_ids=[outlet.id for outlet in scenario.outlets],
        day=date.fromisoformat(scenario.day) if scenario.day else None,
        seconds=round(scenario.time_limit_s),
        other_resources=list(scenario.resource_ids),
        incompatible=list(scenario.incompatible),
        balance_eur_per_hour=scenario.balance_eur_per_hour,
        max_spread_min=None if scenario.max_spread_s is None else scenario.max_spread_s // _MINUTE,
        locks=scenario.locks,
    )
