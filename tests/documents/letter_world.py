"""Listings, actors and readers for the tests of the letter, any of them secret in some way."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from data.model import (
    Actor,
    ActorKind,
    College,
    Commune,
    Letter,
    Listing,
    ListingSource,
    PositionPrecision,
    Side,
    Stream,
    Subscriber,
    Visibility,
)
from data.nomenclature import load_resources
from optimization.programme.letter import Sources, for_reader, items
from pages.documents.letter_edition import Edition, Sender

TODAY = dt.date(2026, 11, 23)
RESOURCES = {one.id: one for one in load_resources()[:4]}
COMMUNE = Commune(
    code="24037", name="Bergerac", epci_code="200070647", population=26_000, area_km2=56.0,
    town_hall_lon=0.4833, town_hall_lat=44.8533, boundary_wkb=b"",
)  # fmt: skip
SENDER = Sender(name="EIT", reply="eit@exemple.fr", base="https://carto.exemple.fr")
DAYS = st.sampled_from(["", "2026-11-22", "2026-11-23", "2027-01-01"])


@dataclass(frozen=True, slots=True)
class World:
    """Everything a letter is made from, and the letter that chose it all."""

    listings: Mapping[str, Listing]
    sources: Sources
    letter: Letter
    reader: Subscriber

    def edition(self, reader: Subscriber | None = None) -> Edition:
        """Return the edition of today."""
        found = items(self.letter.listing_ids, self.listings, self.sources, TODAY)
        if reader is not None:
            found = for_reader(found, reader, self.sources.communes)
        return Edition(letter=self.letter, items=found, sender=SENDER, day=TODAY, reader=reader)


def actor(name: str, visibility: Visibility = Visibility.PUBLIC) -> Actor:
    """Return an actor whose every word can be recognised."""
    return Actor(
        id=name, name=f"Nom-{name}", kind=ActorKind.COMPANY, college=College.PRIVATE,
        commune_code="24037", lon=0.4312, lat=44.8123, address=f"Adresse-{name}",
        contact=f"Contact-{name}", position_precision=PositionPrecision.ADDRESS,
        visibility=visibility,
    )  # fmt: skip


def listing(name: str, **fields: object) -> Listing:
    """Return a listing that may appear, whose every word can be recognised."""
    made: dict[str, object] = {
        "id": name, "actor_id": f"a-{name}", "side": Side.OFFER, "resource_id": None,
        "label": f"Mots-{name}", "quality": f"Qualité-{name}", "description": f"Dit-{name}",
        "contact_role": f"Rôle-{name}", "photo_id": f"Photo-{name}", "quantity": 3.0,
        "in_letter": True, "day": "2026-11-01",
    }  # fmt: skip
    return Listing(**{**made, **fields})  # type: ignore[arg-type]


def reader(**fields: object) -> Subscriber:
    """Return a reader who agreed."""
    made: dict[str, object] = {
        "id": "r", "name": "Menuiserie", "email": "accueil@menuiserie.example",
        "commune_code": "24037", "consent_day": "2026-03-12", "consent_source": "Atelier",
        "token": "jeton-du-lecteur",
    }  # fmt: skip
    return Subscriber(**{**made, **fields})  # type: ignore[arg-type]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Build a letter of listings, each secret or not in its own way."""
    listings: dict[str, Listing] = {}
    actors: dict[str, Actor] = {}
    secret_flows: set[str] = set()
    for number in range(draw(st.integers(0, 6))):
        name = f"annonce{number}"
        if draw(st.booleans()):
            secret_flows.add(f"flux-{name}")
        listings[name] = listing(
            name,
            side=draw(st.sampled_from(Side)),
            resource_id=draw(st.sampled_from([None, *sorted(RESOURCES)])),
            in_letter=draw(st.booleans()),
            visibility=draw(st.sampled_from(Visibility)),
            expires_on=draw(DAYS),
            available_to=draw(DAYS),
            listing_source=draw(st.sampled_from(ListingSource)),
            flow_id=draw(st.sampled_from([None, f"flux-{name}"])),
        )
        if draw(st.integers(0, 4)):
            actors[f"a-{name}"] = actor(f"a-{name}", draw(st.sampled_from(Visibility)))
    chosen = draw(st.permutations([*listings, "annonce-disparue"]))
    return World(
        listings=listings,
        sources=Sources(
            actors=actors,
            resources=RESOURCES,
            communes={"24037": COMMUNE},
            secret_flows=frozenset(secret_flows),
        ),
        letter=Letter(id="l", month="2026-11", listing_ids=tuple(chosen)),
        reader=reader(
            radius_km=draw(st.sampled_from([None, 1.0, 50.0])),
            streams=tuple(draw(st.sets(st.sampled_from(Stream), max_size=3))),
        ),
    )
