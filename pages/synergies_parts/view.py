"""What the page shows of one revision of the store, to one kind of reader."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from data.model import Commune, Idea, Listing, Resource, Synergy, SynergyNote, Visibility
from data.store import Store
from data.synergies import epcis_of
from geo.flows import Viewer
from geo.flows.confidentiality import VISIBLE
from geo.locate import commune_at
from pages.ui.session import Snapshot, get_store, snapshot

AUDIENCE: Mapping[Viewer, Visibility] = {
    Viewer.PUBLIC: Visibility.PUBLIC,
    Viewer.NETWORK: Visibility.NETWORK,
    Viewer.TEAM: Visibility.CONFIDENTIAL,
}
"""Reader → the most secret records it may see."""

_KEPT = 4
_lock = threading.Lock()
_KINDS = frozenset({"Listing", "Synergy", "SynergyNote", "Idea"})


@dataclass(frozen=True, kw_only=True)
class Records:
    """The kinds this page needs, as of one revision; shared by all sessions."""

    revision: int
    listings: tuple[Listing, ...]
    synergies: tuple[Synergy, ...]
    notes: tuple[SynergyNote, ...]
    ideas: tuple[Idea, ...]


@dataclass(kw_only=True)
class _Held:
    """Records read beside a snapshot, and the last revision they were found to hold at."""

    of: Snapshot
    seen: int
    records: Records


_read: list[_Held] = []


@dataclass(frozen=True, kw_only=True)
class View:
    """What this reader may see; anything about an actor it may not see is left out as well.

    Attributes:
        known_listings: ids of every listing stored, so that none is written twice.
        hidden_listings: how many offers and needs are kept from this reader.
        hidden_synergies: idem.
    """

    snapshot: Snapshot
    revision: int
    viewer: Viewer
    listings: tuple[Listing, ...]
    synergies: tuple[Synergy, ...]
    notes: Mapping[str, tuple[SynergyNote, ...]]
    ideas: tuple[Idea, ...]
    known_listings: frozenset[str]
    hidden_listings: int
    hidden_synergies: int

    @property
    def key(self) -> str:
        """Names the revision and the reader, for caches."""
        return f"{self.snapshot.key}-{self.revision}-{self.viewer}"

    @cached_property
    def names(self) -> dict[str, str]:
        """Name by id of every actor this reader may see."""
        allowed = VISIBLE[self.viewer]
        return {a.id: a.name for a in self.snapshot.actors if a.visibility in allowed}

    @cached_property
    def listing(self) -> dict[str, Listing]:
        """Listings by id."""
        return {listing.id: listing for listing in self.listings}

    @cached_property
    def synergy(self) -> dict[str, Synergy]:
        """Synergies by id."""
        return {synergy.id: synergy for synergy in self.synergies}

    @cached_property
    def epcis(self) -> dict[str, frozenset[str]]:
        """EPCI codes of each synergy's parties."""
        actors, communes = self.snapshot.actor, self.snapshot.commune
        return {synergy.id: epcis_of(synergy, actors, communes) for synergy in self.synergies}

    def commune_of(self, listing: Listing) -> Commune | None:
        """Return the commune a listing is in: by its own position, else by its actor's."""
        if listing.lon is not None and listing.lat is not None and self.snapshot.territory:
            return commune_at(self.snapshot.territory, listing.lon, listing.lat)
        actor = self.snapshot.actor.get(listing.actor_id)
        return self.snapshot.commune.get(actor.commune_code) if actor else None

    def resource_of(self, listing: Listing) -> Resource | None:
        """Return a listing's entry of the nomenclature, if it has been classified."""
        return self.snapshot.resource.get(listing.resource_id or "")

    def listing_name(self, listing: Listing) -> str:
        """Name what is offered or sought: the entry's name, else the actor's words."""
        resource = self.resource_of(listing)
        return resource.name if resource else listing.label or "?"


def view_for(viewer: Viewer) -> View:
    """Return the view of the current revision for a reader."""
    records = snapshot()
    held = _records(get_store(), records)
    allowed = VISIBLE[viewer]
    seen = {actor.id for actor in records.actors if actor.visibility in allowed}

    def may_see_listing(listing: Listing) -> bool:
        return listing.visibility in allowed and listing.actor_id in seen

    listings = tuple(filter(may_see_listing, held.listings))
    visible = {listing.id for listing in listings}
    known = {listing.id for listing in held.listings}

    def may_see(synergy: Synergy) -> bool:
        ends = {synergy.offer_id, synergy.need_id} & known
        return (
            synergy.visibility in allowed
            and all(party.actor_id in seen for party in synergy.parties)
            and ends <= visible
        )

    synergies = tuple(filter(may_see, held.synergies))
    shown = {synergy.id for synergy in synergies}
    notes: dict[str, list[SynergyNote]] = {}
    for note in sorted(held.notes, key=lambda n: (n.at, n.id)):
        if note.synergy_id in shown:
            notes.setdefault(note.synergy_id, []).append(note)
    return View(
        snapshot=records,
        revision=held.revision,
        viewer=viewer,
        listings=listings,
        synergies=synergies,
        notes={id_: tuple(found) for id_, found in notes.items()},
        ideas=held.ideas if viewer is not Viewer.PUBLIC else (),
        known_listings=frozenset(known),
        hidden_listings=len(held.listings) - len(listings),
        hidden_synergies=len(held.synergies) - len(synergies),
    )


def _records(store: Store, records: Snapshot) -> Records:
    """Read our kinds again only when one of them changed: a snapshot outlives such changes."""
    revision = store.revision()
    with _lock:
        held = next((each for each in _read if each.of is records), None)
        if held is not None and not _changed(store, held.seen, revision):
            held.seen = revision
            return held.records
        if held is not None:
            _read.remove(held)
        read: Callable[[type[Any]], Any] = store.list
        found = Records(
            revision=revision,
            listings=read(Listing),
            synergies=read(Synergy),
            notes=read(SynergyNote),
            ideas=read(Idea),
        )
        del _read[: max(0, len(_read) - _KEPT + 1)]
        _read.append(_Held(of=records, seen=revision, records=found))
        return found


def _changed(store: Store, seen: int, revision: int) -> bool:
    if seen == revision:
        return False
    changed = store.kinds_changed_since(seen)
    return not changed or bool(changed & _KINDS)
