"""Dataclass ↔ plain values."""

import dataclasses
import json
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import CartofluxError
from data.model import Flow, Territory, TravelMode, Vehicle
from data.store.codec import from_plain, from_row, to_plain, to_row
from data.store.tables import KINDS
from data.validate import validate
from tests import strategies
from tests.store import samples
from tests.store.samples import LAW

EVERYTHING = [*KINDS, *strategies.NESTED]


@pytest.mark.parametrize("kind", EVERYTHING, ids=lambda kind: kind.__name__)
@LAW
@given(data=st.data())
def test_round_trip(kind: type[Any], data: st.DataObject) -> None:
    """Every valid record survives a passage through JSON text, and one through columns."""
    record = data.draw(strategies.of(kind))
    validate(record)
    text = json.dumps(to_plain(record), allow_nan=False, ensure_ascii=False)
    assert from_plain(kind, json.loads(text)) == record
    assert from_row(kind, to_row(record)) == record


@LAW
@given(strategies.territories())
def test_nested_bytes(territory: Territory) -> None:
    """Boundaries inside a territory survive JSON as base64."""
    assert from_plain(Territory, json.loads(json.dumps(to_plain(territory)))) == territory


def test_types_come_back_exactly() -> None:
    """Enumerations and tuples come back as such, not as the texts and lists they were kept as."""
    bike = from_plain(Vehicle, json.loads(json.dumps(to_plain(samples.vehicle()))))
    assert bike.mode is TravelMode.BIKE
    scenario = samples.scenario(assumptions=(("prix", 1.0),))
    again = from_plain(type(scenario), json.loads(json.dumps(to_plain(scenario))))
    assert again.assumptions == (("prix", 1.0),)
    assert isinstance(again.assumptions[0], tuple)
    assert hash(again) == hash(scenario)


def test_old_values_stay_readable() -> None:
    """A field added since takes its default; a field lost since is ignored."""
    plain = to_plain(samples.flow())
    del plain["seasonality"]
    plain["colour"] = "bleu"
    assert from_plain(Flow, plain) == samples.flow()


@pytest.mark.parametrize(
    "harm", [{"direction": "sideways"}, {"quantity": "beaucoup"}, {"seasonality": 3}]
)
def test_unreadable_value(harm: dict[str, Any]) -> None:
    """A value of another version gives a French sentence, not a stack trace."""
    with pytest.raises(CartofluxError, match="Flow"):
        from_plain(Flow, to_plain(samples.flow()) | harm)


def test_missing_required_field() -> None:
    """A value without a required field is refused."""
    with pytest.raises(CartofluxError, match="autre version"):
        from_plain(Flow, {"id": "f"})


class _Shade(StrEnum):
    DARK = "dark"


@dataclasses.dataclass(frozen=True)
class _Sample:
    shade: _Shade | None
    pairs: tuple[tuple[str, float], ...]
    both: tuple[int, bytes | None]


@LAW
@given(
    st.builds(
        _Sample,
        shade=st.none() | st.sampled_from(_Shade),
        pairs=st.lists(st.tuples(st.text(), st.floats(allow_nan=False))).map(tuple),
        both=st.tuples(st.integers(), st.none() | st.binary()),
    )
)
def test_any_dataclass(sample: _Sample) -> None:
    """The codec needs to know nothing of the model."""
    assert from_plain(_Sample, to_plain(sample)) == sample


def test_unsupported_type() -> None:
    """A field type that no column can hold is noticed at once, by the programmer."""

    @dataclasses.dataclass
    class Odd:
        either: int | str

    with pytest.raises(TypeError, match="union"):
        to_plain(Odd(either=1))
