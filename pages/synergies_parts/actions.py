"""What buttons write: each is one transaction, said at once and undone in one click."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from data.errors import CartofluxError, InputError
from data.french import NNBSP, date, quote
from data.model import Listing, Synergy, SynergyNote, SynergyStatus
from data.store import Transaction
from data.synergies import STATUS_NAMES, advance, plan_next, postpone
from data.synergies import reason_needed as needed
from pages.data_parts.session import tell, tell_error
from pages.synergies_parts import state
from pages.ui import localtime
from pages.ui.session import get_store, who


def write(what: str, do: Callable[[Transaction], Any], said: str) -> bool:
    """Do something in one transaction; tell it, with « Annuler », or tell why not."""
    try:
        with get_store().transaction(who=who(), what=what) as transaction:
            do(transaction)
            number = transaction.id
    except CartofluxError as error:
        tell_error(error)
        return False
    tell(said, undo=number)
    return True


def move(synergy: Synergy, status: SynergyStatus, *, day: str = "", reason: str = "") -> bool:
    """Change the status."""

    def do(transaction: Transaction) -> None:
        moved = advance(
            synergy, status, day=day or localtime.today().isoformat(), who=who(), reason=reason
        )
        transaction.put(moved)

    name = STATUS_NAMES[status].lower()
    return write(
        f"Synergie {quote(synergy.title)}{NNBSP}: {name}",
        do,
        f"{quote(synergy.title)} est maintenant {quote(name)}.",
    )


def push(synergy: Synergy, status: SynergyStatus) -> None:
    """Go one step forward, or open the synergy when the change must be explained."""
    if needed(synergy, status):
        state.open_synergy(synergy.id)
    else:
        move(synergy, status)


def put_off(synergy: Synergy, days: int) -> None:
    """Put the next step off."""

    def do(transaction: Transaction) -> None:
        transaction.put(postpone(synergy, today=localtime.today(), days=days))

    write(
        f"Report de {quote(synergy.title)}",
        do,
        f"La prochaine étape de {quote(synergy.title)} est reportée.",
    )


def plan(synergy: Synergy, *, owner: str, step: str, day: str) -> bool:
    """Say who does what by when."""

    def do(transaction: Transaction) -> None:
        transaction.put(plan_next(synergy, owner=owner, step=step, day=day))

    when = f" pour le {date(day)}" if day else ""
    return write(
        f"Prochaine étape de {quote(synergy.title)}",
        do,
        f"C’est noté{NNBSP}: {quote(step.strip())}{when}."
        if step.strip()
        else f"{quote(synergy.title)} n’a plus de prochaine étape.",
    )


def note(synergy: Synergy, text: str) -> bool:
    """Add a note."""
    text = text.strip()
    if not text:
        tell_error(InputError("La note est vide : écrivez ce qui s’est dit ou fait."))
        return False
    at = datetime.now(UTC).isoformat(timespec="seconds")
    record = SynergyNote(id=uuid.uuid4().hex, synergy_id=synergy.id, at=at, text=text, who=who())

    def do(transaction: Transaction) -> None:
        transaction.put(record)

    return write(f"Note sur {quote(synergy.title)}", do, f"Note ajoutée à {quote(synergy.title)}.")


def create(synergy: Synergy) -> bool:
    """Follow a new synergy, and open it."""

    def do(transaction: Transaction) -> None:
        transaction.put(synergy)

    return write(
        f"Nouvelle synergie {quote(synergy.title)}",
        do,
        f"{quote(synergy.title)} est suivie{NNBSP}: elle a rejoint les idées du tableau.",
    )


def change(before: Synergy, **fields: Any) -> bool:
    """Change what is known of a synergy."""

    def do(transaction: Transaction) -> None:
        transaction.put(replace(before, **fields))

    return write(
        f"Synergie {quote(before.title)} complétée", do, f"{quote(before.title)} est enregistrée."
    )


def delete(synergy: Synergy) -> None:
    """Delete a synergy with its notes (a widget callback)."""

    def do(transaction: Transaction) -> None:
        mine = transaction.list(SynergyNote, synergy_id=synergy.id)
        transaction.delete_all(SynergyNote, [each.id for each in mine])
        transaction.delete(Synergy, synergy.id, synergy.revision)

    done = write(
        f"Suppression de la synergie {quote(synergy.title)}",
        do,
        f"{quote(synergy.title)} est supprimée.",
    )
    if done:
        state.close_synergy()


def delete_listing(listing_id: str, what: str, revision: int) -> None:
    """Delete an offer or a need with its picture (a widget callback)."""

    def do(transaction: Transaction) -> None:
        transaction.delete(Listing, listing_id, revision)

    if write(f"Suppression de {quote(what)}", do, f"{quote(what)} est supprimée."):
        st.session_state.pop("synergies-listing", None)
