"""One change, made in the form's cells, and taken back: nothing else on screen moves."""

from dataclasses import replace
from typing import Final

import pandas as pd

from data.model import Vehicle
from optimization.why.changes import Change, Lever, changed
from pages.rounds_parts import outlet_table, rules, tables
from pages.rounds_parts.state import EditedTable, Form, Shown

_VEHICLE_CELLS: Final = {
    Lever.SHIFT_LATER: tables.SHIFT_END,
    Lever.SHIFT_EARLIER: tables.SHIFT_START,
    Lever.CAPACITY_KG: tables.CAPACITY_KG,
    Lever.CONTAINERS: tables.CAPACITY_CONTAINERS,
    Lever.RANGE: tables.RANGE,
    Lever.MAX_STOPS: rules.MAX_STOPS,
    Lever.MAX_TRIPS: rules.MAX_TRIPS,
    Lever.VEHICLE: tables.COUNT,
}
_OUTLETS: Final = {Lever.OUTLET_KG, Lever.OUTLET_LATER, Lever.OUTLET_EARLIER}


def spare_vehicles(form: Form) -> tuple[Vehicle, ...]:
    """Return the vehicles of the table that are counted 0: they could come out."""
    table = form.vehicles.edited
    idle = table[table[tables.COUNT].fillna(0) == 0][tables.ID]
    return tuple(
        replace(form.known_vehicles[id_], count=0) for id_ in idle if id_ in form.known_vehicles
    )


def apply_change(form: Form, change: Change, shown: Shown, stop_id: str) -> Form:
    """Return the form with that change made; the form given is kept in ``before``.

    Args:
        form: on screen.
        change: proposed for the plan shown.
        shown: whose scenario says what the change gives.
        stop_id: the stop it is made for.
    """
    tried = form.copy()
    tried.before = form
    after = changed(shown.scenario, change, stop_id=stop_id, spare=spare_vehicles(form))
    subject = change.subject_id
    if change.lever in _VEHICLE_CELLS:
        row = tables.vehicles_table([one for one in after.vehicles if one.id == subject])
        _copy(tried.vehicles, row, _VEHICLE_CELLS[change.lever])
    elif change.lever is Lever.LOCK:
        tried.locks = after.locks
    elif change.lever is Lever.OUTLET_ACCEPTS:
        outlets = {one.id: one for one in after.outlets}
        accepted = outlets[subject].resource_ids
        tried.outlets = form.outlets | {
            subject: replace(form.outlets[subject], resource_ids=accepted)
        }
    elif change.lever in _OUTLETS:
        outlet = next(one for one in after.outlets if one.id == subject)
        row = outlet_table.outlets_table([outlet])
        for column in (outlet_table.CAPACITY, outlet_table.HOURS):
            _copy(tried.sites, row, column)
    else:
        stop = next(one for one in after.stops if one.id == subject)
        row = tables.stops_table([stop], {})
        columns = {
            Lever.VALUE: (tables.VALUE,),
            Lever.ACCESS: (rules.ACCESS, rules.ADMITTED),
        }.get(change.lever, (tables.WINDOWS,))
        for column in columns:
            _copy(tried.stops, row, column)
    tried.reopen(form.version + 1)
    return tried


def take_back(form: Form) -> Form:
    """Return the form as it was before the last change tried."""
    if form.before is None:
        return form
    form.before.reopen(form.version + 1)
    return form.before


def _copy(table: EditedTable, one_row: pd.DataFrame, column: str) -> None:
    """Put a cell of a table of one row into the row of the same id."""
    edited = table.edited.copy()
    at = edited.index[edited[tables.ID] == one_row[tables.ID].iloc[0]]
    for index in at:
        edited.at[index, column] = one_row[column].iloc[0]  # noqa: PD008 - a cell may hold a list
    table.edited = edited
