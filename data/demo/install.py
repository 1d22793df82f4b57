"""Put the demonstration into a store, and take it away without touching anything else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.demo.content import DemoData
from data.french import number, tidy
from data.model import (
    Actor,
    Attendance,
    Card,
    Depot,
    Event,
    Flow,
    FlowStudy,
    Idea,
    Letter,
    Listing,
    Origin,
    Outlet,
    Plan,
    Resource,
    Scenario,
    Stop,
    Subscriber,
    Synergy,
    SynergyNote,
    Vehicle,
    Week,
    Workshop,
)
from data.nomenclature import load_resources
from data.store import Store, Transaction
from data.store.tables import KINDS

DEMO_ORIGINS: Final = frozenset({Origin.DEMO_REAL, Origin.DEMO_FICTIONAL})

_CHILDREN_FIRST: Final[tuple[type[Any], ...]] = (
    Week,
    Plan,
    Scenario,
    Stop,
    Letter,
    Subscriber,
    SynergyNote,
    Synergy,
    Event,
    Listing,
    Idea,
    Card,
    Attendance,
    Workshop,
    Flow,
    FlowStudy,
    Outlet,
    Depot,
    Vehicle,
    Actor,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What was done.

    Attributes:
        done: False when nothing was written.
        count: records written or removed.
        kept: demonstration records left in place because field data refers to them.
        message: one French sentence for the screen.
    """

    done: bool
    count: int
    kept: int = 0
    message: str


def install_into(store: Store, data: DemoData, who: str) -> DemoReport:
    """Write the demonstration in one transaction; records already there are left alone.

    The demonstration is skipped whole when the store's territory lacks the commune of one of its
    actors: it would stand in the void.
    """
    territory = store.territory()
    if territory is None:
        return DemoReport(
            done=False,
            count=0,
            message="La démonstration attend un territoire\u202f: il n’y en a pas encore.",
        )
    communes = {commune.code for commune in territory.communes}
    outside = sorted({actor.commune_code for actor in data.actors} - communes)
    if outside:
        return DemoReport(
            done=False,
            count=0,
            message=tidy(
                "La démonstration n’a pas été chargée : elle décrit un autre territoire "
                f"(commune {outside[0]} absente de celui-ci)."
            ),
        )
    with store.transaction(who=who, what="Chargement des données de démonstration") as tx:
        _put_missing_resources(tx)
        there = {(kind, known.id) for kind in _CHILDREN_FIRST for known in tx.list(kind)}
        fresh = [record for record in data.records() if (type(record), record.id) not in there]
        if fresh:
            tx.put_all(fresh)
    return DemoReport(
        done=bool(fresh),
        count=len(fresh),
        message=f"{number(len(fresh))} fiches de démonstration chargées."
        if fresh
        else "Les données de démonstration sont déjà là.",
    )


def remove(store: Store, who: str) -> DemoReport:
    """Delete every demonstration record, in one transaction that can be undone.

    A record someone took over (its origin is now the field) stays, and so do the demonstration
    records it refers to, so that nothing real loses a partner or a place.
    """
    with store.transaction(who=who, what="Retrait des données de démonstration") as tx:
        records: dict[type[Any], Sequence[Any]] = {k: tx.list(k) for k in _CHILDREN_FIRST}
        needed = _needed(records)
        count = kept = 0
        for kind in _CHILDREN_FIRST:
            demo = [record.id for record in records[kind] if record.origin in DEMO_ORIGINS]
            gone = [record_id for record_id in demo if (kind, record_id) not in needed]
            tx.delete_all(kind, gone)
            count += len(gone)
            kept += len(demo) - len(gone)
    message = f"{number(count)} fiches de démonstration retirées."
    if kept:
        message += f" {number(kept)} sont restées : des fiches du terrain s’y rattachent."
    if not count:
        message = "Aucune fiche de démonstration à retirer."
    return DemoReport(done=count > 0, count=count, kept=kept, message=tidy(message))


def _put_missing_resources(tx: Transaction) -> None:
    known = {resource.id for resource in tx.list(Resource)}
    missing = [resource for resource in load_resources() if resource.id not in known]
    if missing:
        tx.put_all(missing)


def _needed(records: Mapping[type[Any], Sequence[Any]]) -> set[tuple[type[Any], str]]:
    """Kinds and ids that field records refer to, and those that these cannot do without."""
    by_id = {(kind, record.id): record for kind, found in records.items() for record in found}
    needed: set[tuple[type[Any], str]] = set()
    waiting = [record for record in by_id.values() if record.origin not in DEMO_ORIGINS]
    while waiting:
        new = set(_referred(waiting.pop())) - needed
        needed |= new
        waiting += [by_id[key] for key in new if key in by_id]
    return needed


def _referred(record: Any) -> Iterator[tuple[type[Any], str]]:
    """Kinds and ids of the records that a record names."""
    for column, reference in KINDS[type(record)].references.items():
        if getattr(record, column) is not None:
            yield reference.kind, getattr(record, column)
    match record:
        case Flow() if record.study_id:
            yield FlowStudy, record.study_id
        case Synergy():
            yield from ((Actor, party.actor_id) for party in record.parties)
        case Idea():
            yield from ((Card, card_id) for card_id in record.card_ids)
        case Letter():
            yield from ((Listing, listing_id) for listing_id in record.listing_ids)
