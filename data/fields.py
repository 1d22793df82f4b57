"""What a dataclass of the model is made of, read from its type hints."""

import dataclasses
from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

F = TypeVar("F", bound=Callable[..., Any])


def remembered(function: F) -> F:
    """Cache a function of types; there are few of them, so for ever."""
    return cast("F", cache(function))


@remembered
def hints(kind: type[Any]) -> dict[str, Any]:
    """Give the resolved type of each field of a dataclass, in order."""
    resolved = get_type_hints(kind)
    return {field.name: resolved[field.name] for field in dataclasses.fields(kind)}


def optional(hint: Any) -> tuple[Any, bool]:
    """Split ``X | None`` into ``(X, True)``; anything else is ``(hint, False)``.

    Raises:
        TypeError: a union of several types, which no column can hold.
    """
    if get_origin(hint) not in {Union, UnionType}:
        return hint, False
    inner = [part for part in get_args(hint) if part is not NoneType]
    if len(inner) != 1:
        raise TypeError(f"Unsupported union in the model: {hint}")
    return inner[0], True
