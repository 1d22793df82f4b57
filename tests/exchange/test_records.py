"""Records as rows: import(export(x)) == x for every kind, contacts kept in."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.exchange.actors import ACTORS, actor_rows
from data.exchange.collection import DEPOTS, OUTLETS, STOPS, VEHICLES
from data.exchange.flows import FLOWS
from data.exchange.importing import preview
from data.exchange.records import Format, to_row
from data.exchange.tables import Sheet, csv_bytes, read_table, xlsx_bytes
from data.model import Actor
from tests.exchange import strategies as draw
from tests.exchange.strategies import actor, directory

# The machine may be busy: a slow example is not a wrong one.
FAST = settings(max_examples=40, deadline=None)


def _back(format_: Format[Any], records: list[Any], *people: Actor, xlsx: bool) -> tuple[Any, ...]:
    """Export records with everything, read the file into an empty store's preview."""
    where = directory(*people)
    rows = tuple(to_row(format_, record, where) for record in records)
    titles = format_.titles(personal=True)
    content = xlsx_bytes([Sheet(format_.nouns, titles, rows)]) if xlsx else csv_bytes(rows, titles)
    result = preview(format_, read_table(content), (), where)
    assert not result.errors, result.errors
    assert not result.notes
    return result.new


def _distinct(format_: Format[Any]) -> Any:
    """Tell which things make two records the same, to draw records that are not."""
    return (lambda r: r.id, *(key for _, key in format_.keys))


@FAST
@given(st.lists(draw.actors, min_size=1, max_size=3, unique_by=_distinct(ACTORS)), st.booleans())
def test_actors_come_back(records: list[Actor], xlsx: bool) -> None:
    """Exporting actors then importing them gives the same actors."""
    assert _back(ACTORS, records, xlsx=xlsx) == tuple(records)


@FAST
@given(st.data(), st.booleans())
def test_flows_come_back(data: st.DataObject, xlsx: bool) -> None:
    """Exporting flows then importing them gives the same flows."""
    people = (actor(), actor(id="voisin", name="Voisin"))
    records = data.draw(
        st.lists(
            draw.flows([p.id for p in people]),
            min_size=1,
            max_size=2,
            unique_by=_distinct(FLOWS),
        )
    )
    assert _back(FLOWS, records, *people, xlsx=xlsx) == tuple(records)


@pytest.mark.parametrize(
    ("format_", "strategy"),
    [
        (STOPS, draw.stops),
        (VEHICLES, draw.vehicles),
        (DEPOTS, draw.depots),
        (OUTLETS, draw.outlets),
    ],
    ids=lambda value: getattr(value, "noun", ""),
)
@FAST
@given(st.data())
def test_collection_comes_back(
    format_: Format[Any], strategy: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    """Exporting what rounds are made of then importing it gives the same records."""
    record = data.draw(strategy)
    assert _back(format_, [record], xlsx=False) == (record,)


def test_contacts_stay_in_unless_asked_for() -> None:
    """A contact leaves only on request, and no other column repeats it."""
    (hidden,) = actor_rows([actor()], directory())
    (shown,) = actor_rows([actor()], directory(), contacts=True)
    assert "port@exemple.fr" not in map(str, hidden.values())
    assert "contact" not in hidden
    assert shown["contact"] == "port@exemple.fr"


def test_every_field_has_a_column() -> None:
    """No field of a record is forgotten by its format (the revision belongs to the store)."""
    for format_ in (ACTORS, FLOWS, STOPS, VEHICLES, DEPOTS, OUTLETS):
        columns = {column.attribute for column in format_.columns}
        assert columns == set(format_.kind.__dataclass_fields__) - {"revision"}
