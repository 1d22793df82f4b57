"""Takes a transaction back, as a new audited transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from data.errors import ConflictError, InputError
from data.store import read
from data.store.codec import from_plain
from data.store.forget import FORGOTTEN
from data.store.history import Change, changes
from data.store.tables import BY_NAME, KINDS, RecordKind
from data.store.transaction import Step, Transaction
from data.validate import named


def take_back(connection: Connection, transaction: Transaction, transaction_id: int) -> None:
    """Write, in ``transaction``, the contrary of everything another transaction did.

    The contents become exactly what they were; revisions keep growing, so that a page still
    showing the undone state cannot overwrite the restored one.

    Raises:
        ConflictError: a record changed since, was forgotten, or something new depends on it.
    """
    newest_first = changes(connection, transaction_id=transaction_id, limit=None)
    if any(change.action == FORGOTTEN for change in newest_first):
        raise ConflictError(
            "Annulation impossible : cette modification touche une fiche effacée définitivement, "
            "dont le contenu n’existe plus, même dans l’historique."
        )
    net = _net_steps(newest_first)
    back = {keeper: _contrary(connection, keeper, steps) for keeper, steps in net.items()}
    parents_first = [keeper for keeper in KINDS.values() if keeper in back]
    try:
        for keeper in parents_first:
            transaction.apply(keeper.cls, [step for step in back[keeper] if step.after])
    except InputError as error:
        raise ConflictError(
            f"Annulation impossible : un élément nécessaire a été supprimé depuis. {error}"
        ) from error
    for keeper in reversed(parents_first):
        gone = [step for step in back[keeper] if step.after is None]
        transaction.refuse_dependents(keeper.cls, [step.before for step in gone])
        transaction.apply(keeper.cls, gone)


def _net_steps(newest_first: Sequence[Change]) -> dict[RecordKind, list[Step]]:
    """Give, for each record touched, its state before the first change and after the last."""
    first: dict[tuple[str, str], Change] = {}
    last: dict[tuple[str, str], Change] = {}
    for change in reversed(newest_first):
        key = (change.kind, change.record_id)
        first.setdefault(key, change)
        last[key] = change
    net: dict[RecordKind, list[Step]] = {}
    for key, change in first.items():
        if change.kind not in BY_NAME:
            raise ConflictError(
                "Le chargement d’un territoire ne s’annule pas : rechargez l’ancien territoire "
                "pour y revenir."
            )
        keeper = BY_NAME[change.kind]
        step = Step(_record(keeper, change.before), _record(keeper, last[key].after))
        if step.before is not None or step.after is not None:
            net.setdefault(keeper, []).append(step)
    return net


def _record(keeper: RecordKind, plain: dict[str, Any] | None) -> Any:
    return None if plain is None else from_plain(keeper.cls, plain)


def _contrary(connection: Connection, keeper: RecordKind, steps: Iterable[Step]) -> list[Step]:
    """Turn steps round, checking that every record still is as they left it."""
    steps = list(steps)
    ids = [(step.after or step.before).id for step in steps]
    stored: dict[str, Any] = read.by_ids(connection, keeper.cls, ids)
    back = []
    for record_id, step in zip(ids, steps, strict=True):
        now = stored.get(record_id)
        if now != step.after:
            raise ConflictError(
                f"Annulation impossible : {named(now or step.after or step.before)} a changé "
                "depuis. Annulez d’abord les modifications plus récentes."
            )
        restored = step.before
        if restored is not None and keeper.revisioned:
            newest = max(restored.revision, now.revision if now is not None else 0)
            restored = replace(restored, revision=newest + 1)
        back.append(Step(now, restored))
    return back
