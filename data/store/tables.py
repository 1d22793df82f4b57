"""The tables. A record kind is one dataclass of the model, one line here and one migration.

Columns follow the fields: text, numbers and enumerations (by value) have a typed column, tuples
and nested dataclasses a JSON one. Foreign keys have no ``ON DELETE`` rule: the store removes or
detaches dependents itself, so that each is audited.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from data.fields import hints, optional
from data.model import (
    Actor,
    Attendance,
    Card,
    Commune,
    Depot,
    Epci,
    Event,
    Flow,
    FlowStudy,
    Idea,
    Letter,
    Listing,
    Outlet,
    Photo,
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

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ID = Text().with_variant(Text(collation="C"), "postgresql")
"""Identifiers sort by code point on both databases, whatever the server's language."""

BIG = BigInteger().with_variant(Integer, "sqlite")

_COLUMN_TYPES: dict[type, TypeEngine[Any]] = {
    str: Text(),
    int: BIG,
    float: Double(),
    bool: Boolean(),
    bytes: LargeBinary(),
}


class OnDelete(StrEnum):
    """What becomes of a record when the one it refers to is deleted."""

    CASCADE = "cascade"
    DETACH = "detach"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that holds the id of another record.

    Attributes:
        on_delete: what becomes of the referring record when the other is deleted.
        owned: the other record exists only for those that refer to it: it goes with the last.
    """

    kind: type[Any]
    on_delete: OnDelete
    owned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RecordKind:
    """How one class of the model is kept.

    Attributes:
        revisioned: False for reference data without ``revision``, where a put replaces.
        json_columns: names of the columns that cannot be compared in a query.
    """

    cls: type[Any]
    table: Table
    references: Mapping[str, Reference] = field(default_factory=dict)
    revisioned: bool = True
    json_columns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One entry of the key and value table; ``value`` is JSON text."""

    id: str
    value: str


KINDS: dict[type[Any], RecordKind] = {}
"""Every kind, parents before children."""


def column_type(hint: Any) -> TypeEngine[Any]:
    """Choose the column type of a field type (without its ``| None``)."""
    if hint in _COLUMN_TYPES:
        return _COLUMN_TYPES[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Text()
    return JSON(none_as_null=True)


def _columns(cls: type[Any], references: Mapping[str, Reference]) -> list[Column[Any]]:
    columns: list[Column[Any]] = []
    for name, hint in hints(cls).items():
        inner, nullable = optional(hint)
        if name == "id":
            columns.append(Column(name, ID, primary_key=True))
        elif name in references:
            parent = KINDS[references[name].kind].table
            columns.append(Column(name, ID, ForeignKey(parent.c.id), nullable=nullable, index=True))
        else:
            columns.append(Column(name, column_type(inner), nullable=nullable))
    return columns


def _keep(
    cls: type[Any],
    name: str,
    *,
    references: Mapping[str, Reference] | None = None,
    indices: tuple[str, ...] = (),
) -> RecordKind:
    references = references or {}
    columns = _columns(cls, references)
    table = Table(name, METADATA, *columns)
    for column in indices:
        Index(None, table.c[column])
    kept = RecordKind(
        cls=cls,
        table=table,
        references=references,
        revisioned="revision" in hints(cls),
        json_columns=frozenset(c.name for c in columns if isinstance(c.type, JSON)),
    )
    KINDS[cls] = kept
    return kept


def _to(kind: type[Any], on_delete: OnDelete, *, owned: bool = False) -> Reference:
    return Reference(kind, on_delete, owned)


CASCADE, DETACH, REFUSE = OnDelete.CASCADE, OnDelete.DETACH, OnDelete.REFUSE

# A commune code is no foreign key: actors, depots and outlets may lie outside the territory.
_keep(Setting, "setting")
_keep(Resource, "resource")
_keep(Actor, "actor", indices=("commune_code", "origin"))
_keep(
    Flow,
    "flow",
    references={
        "actor_id": _to(Actor, CASCADE),
        "resource_id": _to(Resource, REFUSE),
        "partner_id": _to(Actor, DETACH),
    },
    indices=("origin",),
)
# A flow's ``study_id`` is no foreign key: an import may name a study kept elsewhere.
_keep(FlowStudy, "flow_study", references={"actor_id": _to(Actor, CASCADE)})
_keep(
    Stop,
    "stop",
    references={"actor_id": _to(Actor, CASCADE), "resource_id": _to(Resource, REFUSE)},
    indices=("origin",),
)
_keep(Vehicle, "vehicle")
_keep(Depot, "depot")
_keep(Outlet, "outlet", references={"actor_id": _to(Actor, DETACH)})
_keep(Scenario, "scenario", references={"resource_id": _to(Resource, REFUSE)})
_keep(Plan, "plan", references={"scenario_id": _to(Scenario, CASCADE)})
_keep(Week, "week", references={"scenario_id": _to(Scenario, CASCADE)})
_keep(Photo, "photo")
_keep(Workshop, "workshop", indices=("code",))
_keep(
    Attendance,
    "attendance",
    references={"workshop_id": _to(Workshop, CASCADE), "actor_id": _to(Actor, DETACH)},
)
_keep(
    Card,
    "card",
    references={
        "workshop_id": _to(Workshop, CASCADE),
        "actor_id": _to(Actor, DETACH),
        "resource_id": _to(Resource, DETACH),
        "photo_id": _to(Photo, DETACH, owned=True),
    },
)
_keep(
    Idea,
    "idea",
    references={"workshop_id": _to(Workshop, CASCADE), "resource_id": _to(Resource, DETACH)},
)
_keep(
    Listing,
    "listing",
    references={
        "actor_id": _to(Actor, CASCADE),
        "resource_id": _to(Resource, REFUSE),
        "photo_id": _to(Photo, DETACH, owned=True),
        "flow_id": _to(Flow, DETACH),
        "card_id": _to(Card, DETACH),
    },
    indices=("origin",),
)
# The parties of a synergy are no foreign keys: the story of a synergy outlives an actor's record.
_keep(
    Synergy,
    "synergy",
    references={
        "resource_id": _to(Resource, DETACH),
        "offer_id": _to(Listing, DETACH),
        "need_id": _to(Listing, DETACH),
        "idea_id": _to(Idea, DETACH),
        "workshop_id": _to(Workshop, DETACH),
    },
    indices=("status",),
)
_keep(SynergyNote, "synergy_note", references={"synergy_id": _to(Synergy, CASCADE)})
_keep(Event, "event", references={"workshop_id": _to(Workshop, DETACH)})
_keep(Subscriber, "subscriber", references={"actor_id": _to(Actor, DETACH)})
_keep(Letter, "letter")

BY_NAME: dict[str, RecordKind] = {cls.__name__: kept for cls, kept in KINDS.items()}
"""Kinds by class name, as written in the audit trail."""


def dependents(kind: type[Any]) -> tuple[tuple[RecordKind, str, OnDelete], ...]:
    """List who refers to a kind: the referring kind, its column, and what deletion does."""
    return tuple(
        (kept, column, reference.on_delete)
        for kept in KINDS.values()
        for column, reference in kept.references.items()
        if reference.kind is kind
    )


CHANGE_SET = Table(
    "change_set",
    METADATA,
    Column("id", BIG, primary_key=True, autoincrement=True),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("undoes", BIG, ForeignKey("change_set.id"), nullable=True, index=True),
    sqlite_autoincrement=True,
)
"""One line per committed transaction. Its greatest id is the store's revision: writers take
turns, so ids are handed out in the order of commits, and never twice."""

CHANGE = Table(
    "change",
    METADATA,
    Column("id", BIG, primary_key=True, autoincrement=True),
    Column("transaction_id", BIG, ForeignKey(CHANGE_SET.c.id), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("record_id", ID, nullable=False),
    Column("action", Text, nullable=False),
    Column("before", JSON(none_as_null=True), nullable=True),
    Column("after", JSON(none_as_null=True), nullable=True),
    Index(None, "kind", "record_id"),
    sqlite_autoincrement=True,
)
"""One line per record created, updated or deleted by a transaction."""

TERRITORY = Table(
    "territory",
    METADATA,
    Column("name", Text, nullable=False, primary_key=True),
    Column("population_vintage", Text, nullable=False),
    Column("boundary_vintage", Text, nullable=False),
    Column("sources", JSON, nullable=False),
)

EPCI = Table(
    "epci",
    METADATA,
    Column("position", BIG, nullable=False),
    Column("code", ID, primary_key=True),
    *(c for c in _columns(Epci, {}) if c.name != "code"),
)

COMMUNE = Table(
    "commune",
    METADATA,
    Column("position", BIG, nullable=False),
    Column("code", ID, primary_key=True),
    Column("neighbour", Boolean, nullable=False),
    *(c for c in _columns(Commune, {}) if c.name != "code"),
)
"""The territory's communes and, marked, the ones around it (whose EPCI is not kept)."""
