"""Fill an empty store so that the first page has something to show."""

import threading

from data import demo
from data.model import Actor, Resource
from data.nomenclature import load_resources
from data.settings import Settings
from data.store import Store
from geo.territory import read_territory

WHO = "Cartoflux"
"""Author, in the history, of what the application writes by itself."""

DEMO_OFFERED = "first_start:demo_offered"
"""Setting that stays once the demonstration was loaded: removed, it must not come back."""

_one_at_a_time = threading.Lock()


def prepare(store: Store, settings: Settings) -> None:
    """Load the territory, the nomenclature, then the demonstration if it is wanted.

    Does nothing to a store that is ready. Sessions of one process take turns; of two processes
    that start together, the second finds the work done.

    Args:
        store: open store, empty or not.
        settings: where the territory is, and whether the demonstration is wanted.

    Raises:
        InputError: the territory file is missing or broken.
    """
    with _one_at_a_time:
        if store.territory() is None:
            store.save_territory(read_territory(settings.territory_path), who=WHO)
        _load_nomenclature(store)
        if settings.load_demo and store.setting(DEMO_OFFERED) is None:
            _load_demo(store)


def _load_nomenclature(store: Store) -> None:
    """Write the entries that are new or changed since the store was last prepared."""
    stored = {resource.id: resource for resource in store.list(Resource)}
    fresh = [resource for resource in load_resources() if stored.get(resource.id) != resource]
    if fresh:
        with store.transaction(who=WHO, what="Chargement de la nomenclature") as tx:
            tx.put_all(fresh)


def _load_demo(store: Store) -> None:
    """Offer the demonstration once, to a store without any actor."""
    if store.count(Actor) == 0 and not demo.install(store, who=WHO).done:
        # It describes another territory: a store that gets that territory later may have it.
        return
    with store.transaction(who=WHO, what="Premier démarrage") as tx:
        tx.set_setting(DEMO_OFFERED, value=True)
