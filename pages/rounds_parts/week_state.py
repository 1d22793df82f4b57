"""What the rounds page remembers of a week, beside the form it shares with one day."""

from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from optimization.weeks.model import MONDAY_TO_FRIDAY, WeekPlan
from optimization.worker import Task
from pages.rounds_parts.state import Deleted, EditedTable, Form, Provable
from pages.rounds_parts.week_tables import fleet_table, rhythm_table

_KEY: Final = "rounds-week"
DEFAULT_SECONDS: Final = 30


@dataclass(slots=True)
class WeekForm:
    """The choices that only a week has.

    Attributes:
        made_for: the form's version, stops and vehicles that the tables were made for.
    """

    rhythm: EditedTable
    fleet: EditedTable
    made_for: tuple[object, ...]
    days: list[int] = field(default_factory=lambda: list(MONDAY_TO_FRIDAY))
    grouped: bool = False
    seconds: int = DEFAULT_SECONDS
    version: int = 0

    def key(self, name: str) -> str:
        """Return the widget key for ``name``, new each time a table is made again."""
        return f"rounds-week-{name}-{self.version}"


@dataclass(slots=True)
class RunningWeek:
    """A week being computed."""

    job: Task[WeekPlan]
    seconds: float
    waited_s: float | None = None


@dataclass(slots=True)
class ShownWeek(Provable):
    """The week on screen; kept or not, its record has this id."""

    id: str
    name: str
    week: WeekPlan


@dataclass(slots=True)
class WeekState:
    """The page's memory of weeks."""

    form: WeekForm | None = None
    running: RunningWeek | None = None
    shown: ShownWeek | None = None
    deleted: Deleted | None = None
    stopped: bool = False
    """Whether the last computation was cancelled, until something else happens."""


def get_week_state() -> WeekState:
    """Return this session's memory of weeks."""
    state = st.session_state.get(_KEY)
    if not isinstance(state, WeekState):
        state = WeekState()
        st.session_state[_KEY] = state
    return state


def week_form(state: WeekState, form: Form) -> WeekForm:
    """Return the week's choices for the stops and vehicles on screen; what was typed is kept."""
    held = state.form
    made_for = (
        form.version,
        tuple(form.known_stops),
        tuple(map(str, form.vehicles.edited.iloc[:, 0])),
        tuple(map(str, form.vehicles.edited.iloc[:, 1])),
    )
    if held is not None and held.made_for == made_for:
        return held
    typed = None if held is None else held.rhythm.edited
    counts = None if held is None else held.fleet.edited
    fresh = WeekForm(
        rhythm=EditedTable.of(rhythm_table(form.stops.edited, form.known_stops, typed)),
        fleet=EditedTable.of(fleet_table(form.vehicles.edited, counts)),
        made_for=made_for,
    )
    if held is not None:
        fresh.days, fresh.grouped = held.days, held.grouped
        fresh.seconds, fresh.version = held.seconds, held.version + 1
    state.form = fresh
    return fresh
