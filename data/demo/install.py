"""Put the demonstration into a store, and take it away without touching anything else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from data.demo.content import DemoData
from data.french import number, tidy
from data.model import Actor, Depot, Flow, Origin, Outlet, Plan, Resource, Scenario, Stop, Vehicle
from data.nomenclature import load_resources
from data.store import Store, Transaction

DEMO_ORIGINS: Final = frozenset({Origin.DEMO_REAL, Origin.DEMO_FICTIONAL})

_CHILDREN_FIRST: Final[tuple[type[Any], ...]] = (
    Plan,
    Scenario,
    Stop,
    Flow,
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
        fresh = [r for r in data.records() if tx.find(type(r), r.id) is None]
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
        records = {kind: tx.list(kind) for kind in _CHILDREN_FIRST}
        needed = _needed(record for found in records.values() for record in found)
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


def _needed(records: Iterable[Any]) -> set[tuple[type[Any], str | None]]:
    """Kinds and ids that field records refer to."""
    needed: set[tuple[type[Any], str | None]] = set()
    for record in records:
        if record.origin in DEMO_ORIGINS:
            continue
        needed |= {
            (Actor, getattr(record, "actor_id", None)),
            (Actor, getattr(record, "partner_id", None)),
            (Scenario, getattr(record, "scenario_id", None)),
        }
    return needed
