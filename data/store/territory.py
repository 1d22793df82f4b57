"""The territory's own tables: replaced as a whole, read as a whole."""

import hashlib
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from data.errors import InputError
from data.model import Commune, Epci, Territory
from data.store.codec import from_row, to_row
from data.store.tables import COMMUNE, EPCI, TERRITORY
from data.store.transaction import Transaction
from data.validate import validate


def load(connection: Connection) -> Territory | None:
    """Give the territory, or ``None`` before the first one is saved.

    The connection must see one state across statements.
    """
    header = connection.execute(select(TERRITORY)).mappings().one_or_none()
    if header is None:
        return None
    communes: dict[bool, list[Commune]] = {False: [], True: []}
    for row in connection.execute(select(COMMUNE).order_by(COMMUNE.c.position)).mappings():
        communes[row["neighbour"]].append(from_row(Commune, row))
    epcis = connection.execute(select(EPCI).order_by(EPCI.c.position)).mappings()
    return Territory(
        name=header["name"],
        epcis=tuple(from_row(Epci, row) for row in epcis),
        communes=tuple(communes[False]),
        neighbours=tuple(communes[True]),
        population_vintage=header["population_vintage"],
        boundary_vintage=header["boundary_vintage"],
        sources=tuple(header["sources"]),
    )


def replace(connection: Connection, transaction: Transaction, territory: Territory) -> None:
    """Put a territory in place of the former one; the audit trail keeps a summary of each.

    Raises:
        InputError: a value is not allowed.
    """
    validate(territory)
    _refuse_twice(territory)
    former = load(connection)
    for table in (COMMUNE, EPCI, TERRITORY):
        connection.execute(delete(table))
    connection.execute(
        insert(TERRITORY).values(
            name=territory.name,
            population_vintage=territory.population_vintage,
            boundary_vintage=territory.boundary_vintage,
            sources=list(territory.sources),
        )
    )
    epcis = [{**to_row(epci), "position": i} for i, epci in enumerate(territory.epcis)]
    marked = [(commune, False) for commune in territory.communes]
    marked += [(commune, True) for commune in territory.neighbours]
    communes = [
        {**to_row(commune), "neighbour": neighbour, "position": i}
        for i, (commune, neighbour) in enumerate(marked)
    ]
    for table, rows in ((EPCI, epcis), (COMMUNE, communes)):
        if rows:
            connection.execute(insert(table), rows)
    before = None if former is None else _summary(former)
    action = "create" if former is None else "update"
    transaction.audit([("Territory", "territory", action, before, _summary(territory))])


def _refuse_twice(territory: Territory) -> None:
    for field, places in (
        ("EPCI", territory.epcis),
        ("communes", (*territory.communes, *territory.neighbours)),
    ):
        seen: set[str] = set()
        for place in places:
            if place.code in seen:
                raise InputError(
                    f"Le territoire contient deux fois le code « {place.code} » parmi ses {field}.",
                    field=field,
                )
            seen.add(place.code)


def _summary(territory: Territory) -> dict[str, Any]:
    shapes = hashlib.sha256(b"".join(commune.boundary_wkb for commune in territory.communes))
    return {
        "name": territory.name,
        "epcis": [epci.code for epci in territory.epcis],
        "communes": len(territory.communes),
        "neighbours": len(territory.neighbours),
        "population": sum(commune.population for commune in territory.communes),
        "population_vintage": territory.population_vintage,
        "boundary_vintage": territory.boundary_vintage,
        "boundaries_sha256": shapes.hexdigest(),
    }
