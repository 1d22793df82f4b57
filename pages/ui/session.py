"""What a page needs from the session: the store, the figures, who is there, the theme."""

import hashlib
import logging
import threading
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from data.figures import SETTING_PREFIX, Figures, load_figures
from data.model import (
    Actor,
    Attendance,
    Card,
    Commune,
    Epci,
    Event,
    Flow,
    FlowStudy,
    Idea,
    Letter,
    Listing,
    Origin,
    Photo,
    Plan,
    Resource,
    Scenario,
    Subscriber,
    Synergy,
    SynergyNote,
    Territory,
    Week,
    Workshop,
)
from data.nomenclature import Nomenclature
from data.settings import Settings, read_settings
from data.store import Store, open_store
from geo.first_start import prepare
from pages.ui.memory import set_aside
from pages.ui.palette import Theme

log = logging.getLogger(__name__)

_opening = threading.Lock()
_stores: dict[str, Store] = {}


def shared_store(settings: Settings | None = None) -> Store:
    """Return the process's store for these settings, opened and filled on first use.

    Usable outside a Streamlit session (lifespan, plain routes), where caching decorators warn.
    """
    settings = settings or read_settings()
    with _opening:
        store = _stores.get(settings.database_url)
        if store is None:
            store = open_store(settings.database_url)
            prepare(store, settings)
            _stores[settings.database_url] = store
            log.info("Store ready")
        return store


def get_store() -> Store:
    """Return the store; the first call creates it, loads the territory and the demo data."""
    return shared_store()


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Every record that pages read, as of one revision of the store; shared by all sessions.

    Attributes:
        revision: the store's revision it was read at; it holds until one of its kinds changes.
        key: a short text that names the store and the revision, for cache keys.
    """

    revision: int
    key: str
    territory: Territory | None
    actors: tuple[Actor, ...]
    flows: tuple[Flow, ...]
    resources: tuple[Resource, ...]
    figures: Figures

    @cached_property
    def actor(self) -> dict[str, Actor]:
        """Actors by id."""
        return {actor.id: actor for actor in self.actors}

    @cached_property
    def nomenclature(self) -> Nomenclature:
        """Resources, found by id or by whatever words people use."""
        return Nomenclature(self.resources)

    @cached_property
    def resource(self) -> dict[str, Resource]:
        """Resources by id."""
        return {resource.id: resource for resource in self.resources}

    @cached_property
    def flows_of(self) -> dict[str, tuple[Flow, ...]]:
        """Flows by actor id; an actor without flows is absent."""
        grouped: dict[str, list[Flow]] = {}
        for flow in self.flows:
            grouped.setdefault(flow.actor_id, []).append(flow)
        return {actor_id: tuple(flows) for actor_id, flows in grouped.items()}

    @cached_property
    def commune(self) -> dict[str, Commune]:
        """Communes by INSEE code."""
        communes = self.territory.communes if self.territory else ()
        return {commune.code: commune for commune in communes}

    @cached_property
    def epci(self) -> dict[str, Epci]:
        """EPCI by SIREN."""
        return {epci.code: epci for epci in (self.territory.epcis if self.territory else ())}

    @cached_property
    def has_demo(self) -> bool:
        """True while demonstration data is among the actors or flows."""
        origins = {actor.origin for actor in self.actors} | {flow.origin for flow in self.flows}
        return bool(origins - {Origin.FIELD})


_snapshots: dict[str, Snapshot] = {}
_seen: dict[str, int] = {}
"""By database, the store's revision up to which the snapshot is known to hold."""
_OF_NO_CONCERN = frozenset(
    kind.__name__
    for kind in (
        Attendance,
        Card,
        Event,
        FlowStudy,
        Idea,
        Letter,
        Listing,
        Photo,
        Plan,
        Scenario,
        Subscriber,
        Synergy,
        SynergyNote,
        Week,
        Workshop,
    )
)
"""Kinds a snapshot does not hold: sixty phones sending cards must not make every page read
thousands of flows again."""
_reading = threading.Lock()


def snapshot() -> Snapshot:
    """Return the current content of the store, read once per revision for all sessions."""
    store = get_store()
    url = read_settings().database_url
    revision = store.revision()
    with _reading:
        found = _snapshots.get(url)
        if found is None or not _still_holds(store, url, revision):
            found = Snapshot(
                revision=revision,
                key=f"{hashlib.sha256(url.encode()).hexdigest()[:8]}-{revision}",
                territory=store.territory(),
                actors=store.list(Actor),
                flows=store.list(Flow),
                resources=store.list(Resource),
                figures=_figures(store),
            )
            _snapshots[url] = found
            set_aside()
        _seen[url] = revision
        return found


def _still_holds(store: Store, url: str, revision: int) -> bool:
    if _seen[url] == revision:
        return True
    changed = store.kinds_changed_since(_seen[url])
    return bool(changed) and changed <= _OF_NO_CONCERN


def _figures(store: Store) -> Figures:
    edited = store.settings(SETTING_PREFIX)
    return load_figures().with_overrides(
        {key.removeprefix(SETTING_PREFIX): float(value) for key, value in edited.items() if value}
    )


def get_figures() -> Figures:
    """Return the reference figures with the values edited by users in place of the published."""
    return snapshot().figures


def who() -> str:
    """Return the name that the audit trail records for this session."""
    return str(st.session_state.get("who") or "poste local")


def theme() -> Theme:
    """Return the theme on this person's screen."""
    return "dark" if st.context.theme.type == "dark" else "light"
