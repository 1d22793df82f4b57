"""Forgetting for good: nothing of the person is left, and everything else is as it was."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from data.errors import ConflictError, NotFoundError
from data.model import (
    Actor,
    Flow,
    Listing,
    Party,
    PartyRole,
    Photo,
    Resource,
    Side,
    Stop,
    Subscriber,
    Synergy,
)
from data.store import Store, open_store
from data.store.tables import METADATA
from tests.store.samples import BIOWASTE, actor, content, flow, put, stop

NAME = "Ferme d’Adèle"
SECRETS = ("Adèle", "06 11 22 33 44", "ferme-adele", "adele-marc")


def person(**fields: Any) -> Actor:
    """Make the actor to be forgotten."""
    return actor("ferme-adele", name=NAME, contact="06 11 22 33 44", **fields)


def everything(url: str) -> str:
    """Read every table of the database as one text."""
    engine = create_engine(make_url(url).set(drivername=_driver(url)))
    with engine.connect() as connection:
        rows = [
            str(row)
            for table in METADATA.sorted_tables
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608
        ]
    engine.dispose()
    return "\n".join(rows)


def _driver(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql+psycopg"


def filled(store: Store) -> None:
    """Put a person with a flow, a stop, a partner and a synergy, changed several times."""
    put(store, BIOWASTE, actor(), what="Départ")
    known = put(store, person(), what=f"Ajout : acteur « {NAME} (Bergerac) »")
    put(store, dataclasses.replace(known, activity="fromages"), what=f"Correction de {NAME}")
    put(
        store,
        flow("adele-marc", actor_id="ferme-adele"),
        flow("recu", actor_id="chai", partner_id="ferme-adele"),
        stop("adele-point", actor_id="ferme-adele"),
        Synergy(
            id="palettes",
            title="Palettes",
            parties=(
                Party(actor_id="ferme-adele", role=PartyRole.GIVER),
                Party(actor_id="chai", role=PartyRole.TAKER),
            ),
        ),
        what="Saisie",
    )


def test_a_photo_is_forgotten_with_what_showed_it(store: Store, url: str) -> None:
    """The picture of an offer leaves the table and the history; one shown elsewhere stays."""
    filled(store)
    put(
        store,
        *(Photo(id=name, media_type="image/png", content=name.encode()) for name in ("seule", "x")),
        *(
            Listing(
                id=f"{who}-{photo}", actor_id=who, side=Side.OFFER, resource_id=None, unit="t",
                label="Caisses", photo_id=photo,
            )
            for who, photo in (("ferme-adele", "seule"), ("ferme-adele", "x"), ("chai", "x"))
        ),
    )  # fmt: skip
    store.forget(Actor, "ferme-adele", who="Camille")
    assert [photo.id for photo in store.list(Photo)] == ["x"]
    assert "seule" not in everything(url)


def test_nothing_of_the_person_is_left(store: Store, url: str) -> None:
    """No table holds the name, the contact or the identifiers any more."""
    filled(store)
    assert all(secret in everything(url) for secret in SECRETS)
    store.forget(Actor, "ferme-adele", who="Camille")
    left = everything(url)
    assert not [secret for secret in SECRETS if secret in left]
    assert store.find(Actor, "ferme-adele") is None
    assert (store.count(Stop), [f.id for f in store.list(Flow)]) == (0, ["recu"])


def test_a_record_deleted_before_is_forgotten_too(store: Store, url: str) -> None:
    """What went with it long ago is found in the history; nothing else is."""
    filled(store)
    with store.transaction(who="Camille", what="Suppression") as tx:
        tx.delete(Actor, "ferme-adele")
    store.forget(Actor, "ferme-adele", who="Camille")
    left = everything(url)
    assert not [secret for secret in SECRETS if secret in left]
    assert store.history(limit=1)[0].action == "forget"
    with pytest.raises(NotFoundError):
        store.forget(Actor, "ferme-adele", who="Camille")


def test_everybody_else_is_as_before(store: Store) -> None:
    """Other records, their history and the undo of their changes are untouched."""
    filled(store)
    chai = store.get(Actor, "chai")
    done = put(store, dataclasses.replace(chai, activity="vin"), what="Autre")
    before, history = content(store), store.history(Actor, "chai")
    store.forget(Actor, "ferme-adele", who="Camille")
    after = content(store)
    assert after["Actor"] == {"chai": before["Actor"]["chai"]}
    assert after["Resource"] == before["Resource"]
    assert store.history(Actor, "chai") == history
    (synergy,) = store.list(Synergy)
    stranger, known = synergy.parties
    assert stranger.actor_id.startswith("efface-")
    assert (known.actor_id, synergy.title) == ("chai", "Palettes")
    store.undo(history[0].transaction_id, who="Camille")
    assert store.get(Actor, "chai").activity != done.activity


def test_the_forgetting_itself_is_audited(store: Store) -> None:
    """Who and when are kept, the kind too; neither the content nor the identifier."""
    filled(store)
    number = store.forget(Actor, "ferme-adele", who="Dominique")
    (latest, *_) = store.transactions()
    assert (latest.id, latest.who) == (number, "Dominique")
    assert latest.what == "Effacement définitif : acteur"
    forgotten = [c for c in store.history(transaction_id=number) if c.kind == "Actor"]
    assert [(c.action, c.before, c.after) for c in forgotten] == [("forget", None, None)]
    (change,) = forgotten
    assert change.record_id.startswith("efface-")
    story = store.history(Actor, change.record_id)
    assert {c.action for c in story} == {"forget"}
    assert len(story) == 3


def test_what_was_forgotten_cannot_come_back(store: Store) -> None:
    """No transaction that touched it can be undone, and the sentence says why; nothing moves."""
    filled(store)
    number = store.forget(Actor, "ferme-adele", who="Camille")
    before = content(store)
    touched = {c.transaction_id for c in store.history(limit=200) if c.action == "forget"}
    assert number in touched
    assert len(touched) == 4
    for transaction_id in touched:
        with pytest.raises(ConflictError, match="effacée définitivement"):
            store.undo(transaction_id, who="Camille")
    assert content(store) == before


def test_a_reader_is_forgotten(store: Store, url: str) -> None:
    """A subscription goes with its address and its secret, from the history too."""
    reader = Subscriber(
        id="mairie",
        name="Mairie d’essai",
        email="adele@essai.example",
        token="jeton-de-mairie",  # noqa: S106
    )
    known = put(store, reader, what="Ajout de adele@essai.example")
    put(store, dataclasses.replace(known, unsubscribed_day="2026-11-23"))
    store.forget(Subscriber, "mairie", who="Camille")
    left = everything(url)
    assert "adele" not in left
    assert "jeton-de-mairie" not in left


def test_what_is_in_use_is_not_forgotten(store: Store) -> None:
    """A refusal leaves the store and the history as they were."""
    filled(store)
    before, history = content(store), store.history()
    with pytest.raises(ConflictError):
        store.forget(Resource, BIOWASTE.id, who="Camille")
    assert (content(store), store.history()) == (before, history)


def test_a_short_identifier_takes_nobody_else_along(store: Store, url: str) -> None:
    """An identifier found inside other words is left alone there."""
    put(store, BIOWASTE, actor("a%"), actor("b", description="a% de remise", source="a%b"))
    put(store, dataclasses.replace(store.get(Actor, "b"), activity="vin"))
    store.forget(Actor, "a%", who="Camille")
    assert store.get(Actor, "b").description == "a% de remise"
    assert "a%b" in everything(url)


def test_the_file_itself_holds_nothing(tmp_path: Path) -> None:
    """On SQLite the freed pages are overwritten: the bytes of the name are gone."""
    url = f"sqlite:///{tmp_path / 'own.db'}"
    with open_store(url) as store:
        filled(store)
        store.forget(Actor, "ferme-adele", who="Camille")
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    assert "Adèle".encode() not in (tmp_path / "own.db").read_bytes()
