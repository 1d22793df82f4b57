"""A filter as short French query parameters: the state that the address bar holds."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any
from urllib.parse import quote as percent_encode
from urllib.parse import unquote

from data.errors import InputError
from data.french import NNBSP
from data.french import quote as guillemets
from data.model import Reliability, ResourceFamily, Stream, Visibility
from geo.flows.filters import FlowDirection, FlowFilter

KEYS = {
    "visibilities": "vis",
    "years": "annee",
    "families": "famille",
    "streams": "filiere",
    "resources": "ressource",
    "epcis": "epci",
    "communes": "commune",
    "actors": "acteur",
    "directions": "sens",
    "reliabilities": "fiab",
    "months": "mois",
    "known_only": "connu",
    "min_mass_t": "min",
    "top": "top",
}
"""Criterion → its key in the address bar."""

_READERS: dict[str, Callable[[str], Any]] = {
    "visibilities": Visibility,
    "years": int,
    "families": ResourceFamily,
    "streams": Stream,
    "resources": str,
    "epcis": str,
    "communes": str,
    "actors": str,
    "directions": FlowDirection,
    "reliabilities": Reliability,
    "months": int,
}


def to_query(chosen: FlowFilter) -> dict[str, str]:
    """Write a filter as short query parameters; what is not chosen is left out."""
    query = {}
    for field in fields(chosen):
        value = getattr(chosen, field.name)
        if value == field.default:
            continue
        if isinstance(value, tuple):
            # A comma inside an id must not split it.
            text = ",".join(percent_encode(str(item), safe=" :") for item in value)
        elif isinstance(value, bool):
            text = "1"
        else:
            text = repr(value)
        query[KEYS[field.name]] = text
    return query


def from_query(query: Mapping[str, str]) -> FlowFilter:
    """Read a filter from query parameters; other parameters are left alone.

    Raises:
        InputError: a value cannot be read; ``field`` is its key.
    """
    chosen: dict[str, Any] = {}
    for name, key in KEYS.items():
        if not query.get(key):
            continue
        try:
            chosen[name] = _read(name, query[key])
        except ValueError as error:
            raise InputError(
                f"Le lien contient un filtre illisible{NNBSP}: {guillemets(f'{key}={query[key]}')}."
                f" Retirez-le de l’adresse.",
                field=key,
            ) from error
    return FlowFilter(**chosen)


def _read(name: str, text: str) -> Any:
    if name in _READERS:
        return tuple(_READERS[name](unquote(item)) for item in text.split(","))
    if name == "known_only":
        return text == "1"
    return int(text) if name == "top" else float(text)
