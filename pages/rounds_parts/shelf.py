"""Saved plans: the writes, without a screen. A plan goes with the scenario it was made from."""

from dataclasses import dataclass, replace

from data.errors import InputError
from data.model import Plan, Scenario
from data.store import Store

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Saved:
    """A plan and its scenario, as stored."""

    plan: Plan
    scenario: Scenario


def saved_plans(store: Store) -> tuple[Saved, ...]:
    """Return every saved plan with its scenario, the newest first."""
    scenarios = {scenario.id: scenario for scenario in store.list(Scenario)}
    plans = sorted(store.list(Plan), key=lambda plan: (plan.created_at, plan.id), reverse=True)
    return tuple(
        Saved(plan, scenarios[plan.scenario_id]) for plan in plans if plan.scenario_id in scenarios
    )


def save(store: Store, plan: Plan, scenario: Scenario, name: str, *, who: str) -> Saved:
    """Save a plan under a name, or give a saved one another name.

    Raises:
        InputError: the name is empty, too long or already taken.
        ConflictError: someone else changed the plan meanwhile.
    """
    name = _checked(store, name, plan.id)
    what = "Renommage" if plan.revision else "Enregistrement"
    with store.transaction(who=who, what=f"{what} du plan «\u00a0{name}\u00a0»") as tx:
        kept = tx.put(replace(scenario, name=name))
        return Saved(tx.put(replace(plan, name=name)), kept)


def keep_bound(store: Store, plan: Plan, *, who: str) -> Plan:
    """Keep a minimum proved after a plan was saved.

    Raises:
        ConflictError: someone else changed the plan meanwhile.
        NotFoundError: someone else deleted it meanwhile.
    """
    with store.transaction(who=who, what=f"Minimum prouvé du plan «\u00a0{plan.name}\u00a0»") as tx:
        return tx.put(plan)


def delete(store: Store, saved: Saved, *, who: str) -> int:
    """Delete a plan and its scenario; return the transaction that ``store.undo`` takes back.

    Raises:
        NotFoundError: someone else deleted it meanwhile.
        ConflictError: someone else changed it meanwhile.
    """
    with store.transaction(
        who=who, what=f"Suppression du plan «\u00a0{saved.plan.name}\u00a0»"
    ) as tx:
        tx.delete(Plan, saved.plan.id, saved.plan.revision)
        if not tx.list(Plan, scenario_id=saved.scenario.id):
            tx.delete(Scenario, saved.scenario.id)
        return tx.number()


def _checked(store: Store, name: str, plan_id: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InputError("Donnez un nom à ce plan pour l’enregistrer.", field="Nom du plan")
    if len(name) > _LONGEST_NAME:
        raise InputError(
            f"Ce nom est trop long\u202f: {_LONGEST_NAME} caractères au plus.", field="Nom du plan"
        )
    taken = {plan.name.casefold() for plan in store.list(Plan) if plan.id != plan_id}
    if name.casefold() in taken:
        raise InputError(
            f"Un plan s’appelle déjà «\u00a0{name}\u00a0»\u202f: choisissez un autre nom.",
            field="Nom du plan",
        )
    return name
