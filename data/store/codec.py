"""Dataclass ↔ plain values, by reflection on the field types.

A *plain* value is what JSON can hold: text, numbers, booleans, ``None``, lists, dictionaries.
Handled field types: ``str``, ``int``, ``float``, ``bool``, ``bytes`` (base64), enumerations (by
value), dataclasses, ``tuple[X, ...]``, ``tuple[X, Y]`` and any of these or ``None``.

Decoding forgives time passing: a field missing from an old value takes its default, and a field
the model has lost is ignored, so that old scenarios and old audit entries stay readable.
"""

import base64
import dataclasses
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar, cast, get_args, get_origin

from data.errors import CartofluxError
from data.fields import hints, optional, remembered

T = TypeVar("T")
Convert = Callable[[Any], Any]


def to_plain(record: Any) -> dict[str, Any]:
    """Turn a dataclass instance into a dictionary that JSON can hold."""
    return cast("dict[str, Any]", _encoder(type(record))(record))


def from_plain(kind: type[T], plain: Mapping[Any, Any]) -> T:
    """Rebuild a ``kind`` from what :func:`to_plain` gave, possibly long ago.

    Raises:
        CartofluxError: the stored value cannot be read by this version of the model.
    """
    try:
        return cast("T", _decoder(kind)(plain))
    except (TypeError, ValueError, KeyError) as error:
        raise CartofluxError(
            f"Un enregistrement « {kind.__name__} » de la base est illisible : il a été écrit "
            "par une autre version de Cartoflux, ou abîmé."
        ) from error


def to_row(record: Any) -> dict[str, Any]:
    """Turn a record into column values: as :func:`to_plain`, but its own bytes stay bytes."""
    row = to_plain(record)
    for name in _bytes_fields(type(record)):
        row[name] = getattr(record, name)
    return row


def from_row(kind: type[T], row: Mapping[Any, Any]) -> T:
    """Rebuild a ``kind`` from the column values of :func:`to_row`.

    Raises:
        CartofluxError: the stored value cannot be read by this version of the model.
    """
    return from_plain(kind, row)


@remembered
def _bytes_fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(name for name, hint in hints(kind).items() if optional(hint)[0] is bytes)


def _same(value: Any) -> Any:
    return value


def _enum_value(value: Enum) -> Any:
    return value.value


def _to_base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _to_bytes(value: Any) -> bytes:
    return base64.b64decode(value) if isinstance(value, str) else bytes(value)


# Explicit calls to ``int`` and ``float`` also turn NumPy scalars into what JSON can hold.
_ENCODERS: dict[type, Convert] = {
    str: str,
    int: int,
    float: float,
    bool: bool,
    bytes: _to_base64,
}
_DECODERS: dict[type, Convert] = {
    str: _same,
    int: int,
    float: float,
    bool: bool,
    bytes: _to_bytes,
}


@remembered
def _encoder(hint: Any) -> Convert:
    inner, may_be_none = optional(hint)
    if may_be_none:
        encode = _encoder(inner)
        return lambda value: None if value is None else encode(value)
    if inner in _ENCODERS:
        return _ENCODERS[inner]
    if get_origin(inner) is tuple:
        return _tuple_encoder(get_args(inner))
    if dataclasses.is_dataclass(inner):
        fields = tuple((name, _encoder(part)) for name, part in hints(cast("type", inner)).items())
        return lambda value: {name: encode(getattr(value, name)) for name, encode in fields}
    if isinstance(inner, type) and issubclass(inner, Enum):
        return _enum_value
    raise TypeError(f"Unsupported type in the model: {inner}")


def _tuple_encoder(parts: tuple[Any, ...]) -> Convert:
    if len(parts) == 2 and parts[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        encode = _encoder(parts[0])
        return lambda value: [encode(item) for item in value]
    encoders = tuple(_encoder(part) for part in parts)
    return lambda value: [encode(item) for encode, item in zip(encoders, value, strict=True)]


@remembered
def _decoder(hint: Any) -> Convert:
    inner, may_be_none = optional(hint)
    if may_be_none:
        decode = _decoder(inner)
        return lambda value: None if value is None else decode(value)
    if inner in _DECODERS:
        return _DECODERS[inner]
    if get_origin(inner) is tuple:
        return _tuple_decoder(get_args(inner))
    if dataclasses.is_dataclass(inner):
        return _dataclass_decoder(cast("type", inner))
    if isinstance(inner, type) and issubclass(inner, Enum):
        return inner
    raise TypeError(f"Unsupported type in the model: {inner}")


def _tuple_decoder(parts: tuple[Any, ...]) -> Convert:
    if len(parts) == 2 and parts[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        decode = _decoder(parts[0])
        return lambda value: tuple([decode(item) for item in value])
    decoders = tuple(_decoder(part) for part in parts)
    return lambda value: tuple([decode(item) for decode, item in zip(decoders, value, strict=True)])


def _dataclass_decoder(kind: type[Any]) -> Convert:
    fields = tuple((name, _decoder(part)) for name, part in hints(kind).items())

    def decode_all(value: Mapping[str, Any]) -> Any:
        return kind(**{name: decode(value[name]) for name, decode in fields if name in value})

    return decode_all
