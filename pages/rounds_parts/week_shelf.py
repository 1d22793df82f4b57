"""Saved weeks: the writes, without a screen. A week goes with the scenario it was made from."""

from dataclasses import dataclass, replace

from data.errors import InputError
from data.model import Scenario, Week
from data.store import Store
from optimization.weeks.model import WeekPlan
from optimization.weeks.record import to_record

_LONGEST_NAME = 120
_FIELD = "Nom de la semaine"


@dataclass(frozen=True, slots=True)
class SavedWeek:
    """A week and its scenario, as stored."""

    record: Week
    scenario: Scenario


def saved_weeks(store: Store) -> tuple[SavedWeek, ...]:
    """Return every saved week with its scenario, the newest first."""
    scenarios = {scenario.id: scenario for scenario in store.list(Scenario)}
    weeks = sorted(store.list(Week), key=lambda week: (week.created_at, week.id), reverse=True)
    return tuple(SavedWeek(week, scenarios[week.scenario_id]) for week in weeks)


def save_week(store: Store, week: WeekPlan, record_id: str, name: str, *, who: str) -> SavedWeek:
    """Save a week not kept yet, with its scenario, in one transaction.

    Raises:
        InputError: the name is empty, too long or already taken.
        ConflictError: it is kept already.
    """
    name = _checked(store, name, record_id)
    with store.transaction(
        who=who, what=f"Enregistrement de la semaine «\u00a0{name}\u00a0»"
    ) as tx:
        scenario = tx.put(replace(week.scenario, name=name))
        return SavedWeek(tx.put(to_record(week, record_id, name)), scenario)


def rename_week(store: Store, saved: SavedWeek, name: str, *, who: str) -> SavedWeek:
    """Give a saved week another name.

    Raises:
        InputError: the name is empty, too long or already taken.
        ConflictError: someone else changed it meanwhile.
    """
    name = _checked(store, name, saved.record.id)
    with store.transaction(who=who, what=f"Renommage de la semaine «\u00a0{name}\u00a0»") as tx:
        scenario = tx.put(replace(saved.scenario, name=name))
        return SavedWeek(tx.put(replace(saved.record, name=name)), scenario)


def keep_bound(store: Store, record_id: str, bound_eur: float, *, who: str) -> None:
    """Keep a minimum proved after a week was saved; nothing to do for one not saved.

    Raises:
        ConflictError: someone else changed the week meanwhile.
    """
    kept = next((week for week in store.list(Week) if week.id == record_id), None)
    if kept is None or bound_eur <= (kept.bound_eur or 0.0):
        return
    with store.transaction(
        who=who, what=f"Minimum prouvé de la semaine «\u00a0{kept.name}\u00a0»"
    ) as tx:
        tx.put(replace(kept, bound_eur=bound_eur))


def delete_week(store: Store, saved: SavedWeek, *, who: str) -> int:
    """Delete a week and its scenario; return the transaction that ``store.undo`` takes back.

    Raises:
        NotFoundError: someone else deleted it meanwhile.
        ConflictError: someone else changed it meanwhile.
    """
    name = saved.record.name
    with store.transaction(who=who, what=f"Suppression de la semaine «\u00a0{name}\u00a0»") as tx:
        tx.delete(Week, saved.record.id, saved.record.revision)
        tx.delete(Scenario, saved.scenario.id)
        return tx.number()


def _checked(store: Store, name: str, record_id: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InputError("Donnez un nom à cette semaine pour l’enregistrer.", field=_FIELD)
    if len(name) > _LONGEST_NAME:
        raise InputError(
            f"Ce nom est trop long\u202f: {_LONGEST_NAME} caractères au plus.", field=_FIELD
        )
    taken = {week.name.casefold() for week in store.list(Week) if week.id != record_id}
    if name.casefold() in taken:
        raise InputError(
            f"Une semaine s’appelle déjà «\u00a0{name}\u00a0»\u202f: choisissez un autre nom.",
            field=_FIELD,
        )
    return name
