"""Workshops in the store: the code at the door, cards written once, companies counted once."""

import dataclasses
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from data.errors import InputError
from data.model import (
    Attendance,
    Card,
    CardState,
    Listing,
    Period,
    Photo,
    Side,
    Workshop,
    WorkshopState,
)
from data.nomenclature import load_nomenclature, load_resources
from data.store import Store
from data.workshops import (
    ALPHABET,
    ClosedDoorError,
    Door,
    cards_from,
    classify,
    closed,
    expiry,
    find_open,
    join,
    new_code,
    opened,
    phone_of,
    read_code,
    receive_card,
)
from tests.store.samples import actor

NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
PHONE = "0123456789abcdef"


def workshop(**fields: object) -> Workshop:
    """Make a workshop whose doors are open."""
    prepared = Workshop(
        id="atelier", name="Bois et palettes", day="2026-03-31", code="CDF347", tables=4
    )
    return dataclasses.replace(opened(prepared, (), NOW), **fields)  # type: ignore[arg-type]


def card(number: int = 1, **fields: object) -> Card:
    """Make a card as a phone does."""
    made = Card(
        id=f"{PHONE}-{number:016x}",
        workshop_id="atelier",
        company="Chai du Barail",
        side=Side.OFFER,
        label="palettes",
        quantity=40,
        unit="palette",
        period=Period.MONTH,
        table=2,
        made_at="2026-03-31T09:00:00Z",
    )
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]


@pytest.fixture
def ready(store: Store) -> Workshop:
    """Put an open workshop in the store, beside one actor and the nomenclature."""
    with store.transaction(who="test", what="préparation") as tx:
        tx.put_all(load_resources())
        tx.put(actor())
        return tx.put(workshop())


def test_codes_are_readable_and_free() -> None:
    """Six characters that cannot be mistaken, and never one that is taken."""
    codes = {new_code(()) for _ in range(500)}
    assert len(codes) > 490
    assert all(len(code) == 6 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("0O1IL2Z5S8BAEUYV")
    taken = {a + "CDFGH" for a in ALPHABET}
    assert new_code(taken) not in taken


def test_codes_are_read_as_people_type_them() -> None:
    """Small letters, blanks and dashes do not matter."""
    assert read_code(" cdf-7 34 ") == "CDF734"


def test_the_doors_open_and_close(store: Store, ready: Workshop) -> None:
    """Each reason to stay outside has its own sentence and its own name."""
    assert find_open(store, ready.code.lower(), NOW) == ready
    cases = {
        Door.UNKNOWN: (ready, "CCCCCC", NOW),
        Door.EXPIRED: (ready, ready.code, NOW + timedelta(hours=12)),
        Door.CLOSED: (closed(ready), ready.code, NOW),
        Door.EARLY: (
            dataclasses.replace(ready, state=WorkshopState.PREPARED),
            ready.code,
            NOW,
        ),
    }
    for why, (changed, code, when) in cases.items():
        with store.transaction(who="test", what="portes") as tx:
            ready = tx.put(dataclasses.replace(changed, revision=ready.revision))
        with pytest.raises(ClosedDoorError) as refusal:
            find_open(store, code, when)
        assert refusal.value.why is why
        assert str(refusal.value).endswith((".", "chiffres."))


def test_a_planned_opening_is_waited_for(store: Store) -> None:
    """A workshop that opens at ten does not open at nine."""
    later = workshop(opens_at="2026-03-31T10:00:00+00:00")
    with store.transaction(who="test", what="préparation") as tx:
        tx.put(later)
    with pytest.raises(ClosedDoorError) as refusal:
        find_open(store, later.code, NOW)
    assert refusal.value.why is Door.EARLY
    assert find_open(store, later.code, NOW + timedelta(hours=1)).id == later.id


def test_every_code_expires() -> None:
    """A workshop without an end is over the next morning; reopening gives twelve hours more."""
    assert expiry(workshop(expires_at="")) == datetime(2026, 4, 1, 4, tzinfo=UTC)
    again = opened(closed(workshop()), (), NOW + timedelta(days=3))
    assert expiry(again) == NOW + timedelta(days=3, hours=12)
    assert again.code != opened(again, {again.code}, NOW).code


def test_a_card_is_written_once(store: Store, ready: Workshop) -> None:
    """Sent three times, kept once, with its company linked, counted and its words classified."""
    told = [
        receive_card(store, ready, card(), NOW, nomenclature=load_nomenclature()) for _ in range(3)
    ]
    assert [receipt.new for receipt in told] == [True, False, False]
    (kept,) = store.list(Card)
    assert kept == told[0].card == told[2].card
    assert kept.actor_id == "chai"
    assert kept.resource_id == classify("palettes", load_nomenclature())
    assert kept.resource_id is not None
    assert kept.state is CardState.SHOWN
    assert kept.received_at == "2026-03-31T09:00:00.000+00:00"
    (present,) = store.list(Attendance)
    assert (present.actor_id, present.table) == ("chai", 2)


def test_one_card_from_many_threads_is_one_card(
    opened: Callable[[], Store], ready: Workshop
) -> None:
    """Eight simultaneous sendings through two stores write one card and one attendance."""
    stores = [opened(), opened()]
    told: list[bool] = []

    def send(store: Store) -> None:
        told.append(receive_card(store, ready, card(), NOW).new)

    threads = [threading.Thread(target=send, args=(stores[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 7 + [True]
    assert stores[0].count(Card) == stores[0].count(Attendance) == 1


def test_an_acknowledgement_outlives_the_closing(store: Store, ready: Workshop) -> None:
    """A phone whose answer was lost is told « received » after the end; a new card is refused."""
    receive_card(store, ready, card(), NOW)
    with store.transaction(who="test", what="fin") as tx:
        tx.put(closed(ready))
    assert not receive_card(store, ready, card(), NOW).new
    with pytest.raises(ClosedDoorError):
        receive_card(store, ready, card(2), NOW)
    assert store.count(Card) == 1


def test_a_card_of_another_workshop_is_refused(store: Store, ready: Workshop) -> None:
    """An id already used elsewhere is an error, not a silent acknowledgement."""
    receive_card(store, ready, card(), NOW)
    with store.transaction(who="test", what="autre") as tx:
        other = tx.put(workshop(id="autre", code=new_code({ready.code})))
    with pytest.raises(InputError, match="autre atelier"):
        receive_card(store, other, card(), NOW)


def test_bad_values_write_nothing(store: Store, ready: Workshop) -> None:
    """Neither the card, nor its photo, nor the company when one field is refused."""
    picture = Photo(id="p", media_type="image/jpeg", content=b"x")
    with pytest.raises(InputError):
        receive_card(store, ready, card(quantity=-1.0), NOW, photo=picture)
    assert store.count(Card) == store.count(Attendance) == store.count(Photo) == 0


def test_unknown_companies_are_counted_once_and_never_linked(store: Store, ready: Workshop) -> None:
    """Two spellings of a new name are one company; a likeness to an actor stays apart."""
    for number, name in enumerate(("Atelier Neuf", " atelier  NEUF", "Chai du Baril")):
        receive_card(store, ready, card(number, company=name), NOW)
    present = store.list(Attendance)
    assert sorted(line.name for line in present) == ["Atelier Neuf", "Chai du Baril"]
    assert all(line.actor_id is None for line in present)
    assert join(store, ready, "ATELIER NEUF") in present
    assert join(store, ready, "Chai du Barail", table=3).actor_id == "chai"
    assert store.count(Attendance) == 3


def test_moderation_holds_cards_back(store: Store, ready: Workshop) -> None:
    """In a moderated workshop a card waits; its photo comes with it."""
    with store.transaction(who="test", what="modération") as tx:
        tx.put(dataclasses.replace(ready, moderated=True))
    picture = Photo(id="p", media_type="image/jpeg", content=b"x")
    kept = receive_card(store, ready, card(), NOW, photo=picture).card
    assert kept.state is CardState.WAITING
    assert store.get(Photo, kept.photo_id or "").content == b"x"


def test_a_photo_goes_with_its_last_user(store: Store, ready: Workshop) -> None:
    """Deleting a card deletes its photo, unless an offer made of it shows it too; undo restores."""
    photos = [Photo(id=name, media_type="image/jpeg", content=b"x") for name in ("p", "q")]
    for number, photo in enumerate(photos, start=1):
        receive_card(store, ready, card(number), NOW, photo=photo)
    poured = Listing(
        id="versee",
        actor_id="chai",
        side=Side.OFFER,
        resource_id=None,
        label="Palettes",
        unit="t",
        photo_id="q",
        card_id=card(2).id,
    )
    with store.transaction(who="test", what="versée") as tx:
        tx.put(poured)
    with store.transaction(who="test", what="suppression") as tx:
        tx.delete(Workshop, ready.id)
        gone = tx.number()
    assert [photo.id for photo in store.list(Photo)] == ["q"]
    assert store.get(Listing, poured.id).photo_id == "q"
    store.undo(gone, who="test")
    assert store.get(Card, card(1).id).photo_id == "p"
    assert {photo.id for photo in store.list(Photo)} == {"p", "q"}


def test_a_phone_finds_its_own_cards(store: Store, ready: Workshop) -> None:
    """Cards carry their phone's number; another phone's are not counted."""
    receive_card(store, ready, card(1), NOW)
    receive_card(store, ready, card(2, id="f" * 16 + "-" + "0" * 16), NOW)
    assert cards_from(store, ready.id, PHONE) == (card(1).id,)
    assert cards_from(store, ready.id, "") == ()
    assert phone_of("typed-by-hand") == ""


def test_words_that_name_nothing_are_not_classified() -> None:
    """Two letters or an unknown word leave the resource open."""
    assert classify("ac", load_nomenclature()) is None
    assert classify("xylophones", load_nomenclature()) is None
