"""What the Lettre page works on: listings, readers, letters and sender of one revision."""

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from data.errors import InputError
from data.model import Letter, Listing, ListingSource, Origin, Subscriber, Visibility
from data.text import fold
from optimization.programme.letter import (
    Item,
    Sources,
    for_reader,
    items,
    may_receive,
    why_not,
)
from pages.documents.letter_edition import Edition, Sender
from pages.ui.session import Snapshot, get_store, snapshot

SENDER: Final = "lettre:expediteur"
REPLY: Final = "lettre:reponse"
BASE: Final = "lettre:adresse"
"""Settings of the store."""


@dataclass(frozen=True, kw_only=True)
class LetterView:
    """One revision of the store, for the letter."""

    snapshot: Snapshot
    listings: Mapping[str, Listing]
    readers: tuple[Subscriber, ...]
    letters: tuple[Letter, ...]
    sender: Sender

    @cached_property
    def sources(self) -> Sources:
        """What the gate looks things up in."""
        held = self.snapshot
        return Sources(
            actors=held.actor,
            resources=held.resource,
            communes=held.commune,
            secret_flows=frozenset(
                one.id for one in held.flows if one.visibility is Visibility.CONFIDENTIAL
            ),
        )

    def eligible(self, today: dt.date) -> dict[str, Item]:
        """Return every listing that may appear today, by id, the most recent first."""
        recent = sorted(self.listings.values(), key=lambda one: (one.day, one.id), reverse=True)
        found = items([one.id for one in recent], self.listings, self.sources, today)
        return {one.listing_id: one for one in found}

    def refusal(self, listing_id: str, today: dt.date) -> str:
        """Say why a listing chosen may not appear today; empty when it may."""
        listing = self.listings.get(listing_id)
        if listing is None:
            return "annonce retirée"
        return why_not(listing, self.sources, today)

    @cached_property
    def refused(self) -> int:
        """How many listings people stated without agreeing to the letter."""
        return sum(
            not one.in_letter and one.listing_source is not ListingSource.GUESS
            for one in self.listings.values()
        )

    def edition(self, letter: Letter, reader: Subscriber | None, today: dt.date) -> Edition:
        """Build the edition of a reader, or of everybody.

        Raises:
            InputError: this reader gave no consent, or has left.
        """
        if reader is not None and not may_receive(reader, today):
            raise InputError(
                "Cette personne n’est plus abonnée : choisissez-en une autre.", field="Édition"
            )
        found = items(letter.listing_ids, self.listings, self.sources, today)
        if reader is not None:
            found = for_reader(found, reader, self.snapshot.commune)
        territory = self.snapshot.territory
        return Edition(
            letter=letter,
            items=found,
            sender=self.sender,
            day=today,
            reader=reader,
            communes=territory.communes if territory else (),
            demo=any(self.listings[one.listing_id].origin is not Origin.FIELD for one in found),
        )

    def recipients(self, today: dt.date) -> tuple[Subscriber, ...]:
        """Return the readers who may receive a letter today, by name."""
        kept = (one for one in self.readers if may_receive(one, today))
        return tuple(sorted(kept, key=lambda one: (fold(one.name), one.id)))


_views: dict[tuple[str, int], LetterView] = {}
_lock = threading.Lock()
_KEPT: Final = 4


def letter_view() -> LetterView:
    """Return the view of this revision; also usable in the thread that makes a file."""
    store = get_store()
    held, revision = snapshot(), store.revision()
    key = (held.key, revision)
    with _lock:
        found = _views.get(key)
        if found is None:
            settings = store.settings("lettre:")
            found = LetterView(
                snapshot=held,
                listings={one.id: one for one in store.list(Listing)},
                readers=store.list(Subscriber),
                letters=store.list(Letter),
                sender=Sender(
                    name=str(settings.get(SENDER) or ""),
                    reply=str(settings.get(REPLY) or ""),
                    base=str(settings.get(BASE) or ""),
                ),
            )
            while len(_views) >= _KEPT:
                _views.pop(next(iter(_views)))
            _views[key] = found
        return found
