"""Saved weeks on screen: keep, open, rename, delete (and take back)."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from data import french
from data.errors import CartofluxError
from data.model import Week
from geo.travel import TravelSource
from optimization.weeks.check import check_week
from optimization.weeks.model import WeekPlan, visits_of
from optimization.weeks.record import from_record
from optimization.weeks.validation import DAYS
from pages.rounds_parts import tables, week_shelf
from pages.rounds_parts.state import Deleted, EditedTable, RoundsState, form_of, fresh_form
from pages.rounds_parts.travel import Travels
from pages.rounds_parts.week_shelf import SavedWeek
from pages.rounds_parts.week_state import ShownWeek, WeekState, week_form
from pages.rounds_parts.week_tables import DAY_COLUMNS, write_days
from pages.ui import escape
from pages.ui.session import get_store, snapshot, who

_STALE = (
    "Cette semaine ne tient plus avec les distances ou les hypothèses d’aujourd’hui\u202f: ses "
    "choix sont rouverts dans le formulaire, proposez de nouveau la semaine. "
)


def source_of(travels: Travels, name: str) -> TravelSource:
    """The source of distances with that name, or the one in use when it is no longer there."""
    return next((one for one in travels.sources.values() if one.name == name), travels.used)


def show_saved_weeks(state: RoundsState, weeks: WeekState, travels: Travels) -> None:
    """Draw what can be done with the week on screen and with those saved before."""
    st.header("Semaines enregistrées", anchor=False)
    saved = week_shelf.saved_weeks(get_store())
    if weeks.shown is not None and any(one.plan.rounds for one in weeks.shown.week.days):
        _save_box(weeks.shown, saved)
    if weeks.deleted is not None:
        _undo_box(weeks, weeks.deleted)
    if not saved:
        st.info(
            "Aucune semaine enregistrée pour l’instant. Proposez-en une, puis enregistrez-la ici "
            "pour la retrouver.",
            icon=":material/info:",
        )
        return
    _shelf_box(state, weeks, saved, travels)


def _save_box(shown: ShownWeek, saved: Sequence[SavedWeek]) -> None:
    kept = next((one for one in saved if one.record.id == shown.id), None)
    revision = 0 if kept is None else kept.record.revision
    with st.form(f"rounds-week-save-{shown.id}-{revision}", border=False):
        field, go = st.columns([4, 1], vertical_alignment="bottom")
        name = field.text_input("Nom de la semaine", value=shown.name, max_chars=120)
        label = "Enregistrer la semaine" if kept is None else "Renommer"
        pressed = go.form_submit_button(label, icon=":material/save:", width="stretch")
    if pressed:

        def keep() -> None:
            store = get_store()
            if kept is None:
                one = week_shelf.save_week(store, shown.week, shown.id, name, who=who())
            else:
                one = week_shelf.rename_week(store, kept, name, who=who())
            shown.name = one.record.name
            st.toast(f"«\u00a0{escape.markdown(shown.name)}\u00a0» est enregistrée.")

        _write(keep)


def _undo_box(weeks: WeekState, deleted: Deleted) -> None:
    text, button = st.columns([4, 1], vertical_alignment="center")
    text.success(f"«\u00a0{escape.markdown(deleted.name)}\u00a0» est supprimée.")
    if button.button("Annuler la suppression", key="rounds-week-undo", width="stretch"):

        def take_back() -> None:
            get_store().undo(deleted.transaction_id, who=who())
            weeks.deleted = None

        _write(take_back)


def _shelf_box(
    state: RoundsState, weeks: WeekState, saved: Sequence[SavedWeek], travels: Travels
) -> None:
    by_id = {one.record.id: one for one in saved}
    pick, open_, delete = st.columns([4, 1, 1], vertical_alignment="bottom")
    week_id = pick.selectbox(
        "Semaine enregistrée",
        list(by_id),
        format_func=lambda id_: describe(by_id[id_].record),
        key="rounds-week-shelf",
    )
    chosen = by_id[week_id]
    if open_.button(
        "Ouvrir", icon=":material/folder_open:", key="rounds-week-open", width="stretch"
    ):
        open_week(state, weeks, chosen, travels)
        st.rerun()
    if delete.button(
        "Supprimer", icon=":material/delete:", key="rounds-week-delete", width="stretch"
    ):

        def remove() -> None:
            number = week_shelf.delete_week(get_store(), chosen, who=who())
            weeks.deleted = Deleted(chosen.record.name, number)
            if weeks.shown is not None and weeks.shown.id == chosen.record.id:
                weeks.shown = None

        _write(remove)


def describe(week: Week) -> str:
    """Name a saved week in a list."""
    return f"{week.name} ({french.date(week.created_at)}, {french.euros(week.cost_eur, 0)})"


def open_week(state: RoundsState, weeks: WeekState, saved: SavedWeek, travels: Travels) -> None:
    """Bring a saved week and its choices back on screen, judged again first."""
    week = from_record(saved.record, saved.scenario)
    _fill(state, weeks, week)
    state.error, state.warnings, weeks.deleted, weeks.stopped = None, (), None, False
    source = source_of(travels, week.travel_source)
    state.travel_key = next(key for key, one in travels.sources.items() if one is source)
    faults = check_week(week, source)
    if faults:
        weeks.shown, state.error = None, CartofluxError(_STALE + faults[0].message)
    else:
        weeks.shown = ShownWeek(saved.record.id, saved.record.name, week)


def _fill(state: RoundsState, weeks: WeekState, week: WeekPlan) -> None:
    """Put a week's choices into the form."""
    records, scenario, choices = snapshot(), week.scenario, week.choices
    version = state.form.version + 1
    fresh = fresh_form(get_store(), records, scenario.resource_id, version)
    state.drafts[state.form.resource_id] = state.form
    seconds = state.form.seconds
    state.form = form_of(scenario, fresh, records.commune)
    state.form.seconds = seconds
    state.form.day = date.fromisoformat(choices.monday) if choices.monday else None
    weeks.form = None
    form = week_form(weeks, state.form)
    form.version = version
    form.days, form.seconds = list(choices.days), round(scenario.time_limit_s)
    visits = {stop.id: visits_of(stop.visits_per_week) for stop in scenario.stops}
    form.rhythm = EditedTable.of(
        form.rhythm.edited.assign(
            **{
                DAYS: [
                    write_days(choices.allowed[id_], visits[id_]) if id_ in choices.allowed else ""
                    for id_ in form.rhythm.edited[tables.ID]
                ]
            }
        )
    )
    fleet = form.fleet.edited.set_index(tables.ID)
    for day, counts in choices.vehicles.items():
        for vehicle_id, count in counts.items():
            if vehicle_id in fleet.index:
                fleet.loc[vehicle_id, DAY_COLUMNS[day]] = float(count)
    form.fleet = EditedTable.of(fleet.reset_index())


def _write(action: Callable[[], None]) -> None:
    """Do a write, then draw the page again; say in French what prevented it."""
    try:
        action()
    except CartofluxError as error:
        st.error(escape.markdown(error), icon=":material/error:")
    else:
        st.rerun()
