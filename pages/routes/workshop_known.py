"""What the phones' routes know of the store, read again every few seconds at most.

A snapshot per revision, as the pages have, would be rebuilt at every card that comes in.
"""

import threading
import time
from dataclasses import dataclass
from typing import Final

from data.companies import Companies
from data.model import Actor, Resource
from data.nomenclature import Nomenclature
from data.store import Store

_FRESH_S: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names that suggestions are drawn from, and cards are linked to."""

    companies: Companies
    nomenclature: Nomenclature
    commune_names: dict[str, str]


_lock = threading.Lock()
_kept: dict[int, tuple[float, Store, Known]] = {}


def known(store: Store) -> Known:
    """Give what is known, at most twenty seconds old."""
    now = time.monotonic()
    with _lock:
        found = _kept.get(id(store))
        if found is None or found[1] is not store or now - found[0] > _FRESH_S:
            names = found[2].commune_names if found and found[1] is store else {}
            found = (now, store, _read(store, names))
            _kept.clear()
            _kept[id(store)] = found
        return found[2]


def _read(store: Store, names: dict[str, str]) -> Known:
    if not names:
        territory = store.territory()
        names = {c.code: c.name for c in territory.communes} if territory else {}
    return Known(
        companies=Companies(store.list(Actor)),
        nomenclature=Nomenclature(store.list(Resource)),
        commune_names=names,
    )
