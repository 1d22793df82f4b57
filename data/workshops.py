"""Workshops: the code at the door, the cards that come in once each, the companies they name.

Codes have six characters of an alphabet without vowels (no words) and without look-alikes
(0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V): 20⁶ = 64 million. With at most 120 wrong codes a minute from
one address (the routes see to that), trying for a whole day finds a given code with a
probability under 0.3 %, and a code only lets one send cards to one workshop until it expires.
"""

import dataclasses
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import uuid4

from data.companies import Companies
from data.errors import InputError
from data.french import NNBSP, quote
from data.model import (
    Actor,
    Attendance,
    AttendeeRole,
    Card,
    CardState,
    Photo,
    Workshop,
    WorkshopState,
)
from data.nomenclature import Nomenclature
from data.store import Store, Transaction
from data.text import fold

ALPHABET: Final = "CDFGHJKMNPQRTWX34679"
CODE_LENGTH: Final = 6
LASTING: Final = timedelta(hours=12)
"""How long a code works when nobody says otherwise."""
WHO: Final = "participant à l’atelier"
"""Author, in the history, of what comes from the phones: they have no account."""

CARD_ID: Final = re.compile(r"(?P<phone>[0-9a-f]{16,32})-[0-9a-f]{16,32}")
"""What a phone makes: its own number, then one for the card."""

_SHORTEST_LABEL: Final = 3
_NIGHT: Final = time(4, tzinfo=UTC)


class Door(StrEnum):
    """Why a code does not open."""

    UNKNOWN = "unknown"
    EARLY = "early"
    EXPIRED = "expired"
    CLOSED = "closed"


class ClosedDoorError(InputError):
    """The code opens no workshop now; ``why`` says which of the four reasons."""

    def __init__(self, message: str, why: Door) -> None:
        super().__init__(message, field="code")
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the phone is told.

    Attributes:
        new: False when the card was already there: sent twice, written once.
        card: as it is kept.
    """

    card_id: str
    new: bool
    card: Card


def new_code(taken: Collection[str]) -> str:
    """Draw a code that nobody can guess and that is not in ``taken``."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if code not in taken:
            return code


def read_code(text: str) -> str:
    """Give a code as it is kept, from what someone typed: capitals, no blanks, no dashes."""
    return re.sub(r"[\s\-–.]+", "", text).upper()


def opened(
    workshop: Workshop, taken: Collection[str], now: datetime, *, lasting: timedelta = LASTING
) -> Workshop:
    """Give the workshop with its doors open; a code is drawn if it has none or a stale one.

    Args:
        workshop: prepared, or closed too soon.
        taken: codes of the other workshops.
        now: aware time.
        lasting: how long the code works from now.
    """
    code = workshop.code if workshop.code and workshop.code not in taken else new_code(taken)
    begins = _instant(workshop.opens_at) if workshop.opens_at else now
    return dataclasses.replace(
        workshop,
        code=code,
        state=WorkshopState.OPEN,
        opens_at=_iso(min(begins, now)),
        expires_at=_iso(now + lasting),
    )


def closed(workshop: Workshop) -> Workshop:
    """Give the workshop with its doors closed; its code stays, to say « closed » to latecomers."""
    return dataclasses.replace(workshop, state=WorkshopState.CLOSED)


def expiry(workshop: Workshop) -> datetime:
    """When the code stops working: as written, else at 4 in the morning after the day (UTC)."""
    if workshop.expires_at:
        return _instant(workshop.expires_at)
    return datetime.combine(date.fromisoformat(workshop.day) + timedelta(days=1), _NIGHT)


def find_open(store: Store, code: str, now: datetime) -> Workshop:
    """Give the workshop that a code opens.

    Args:
        store: where workshops are.
        code: as typed by a participant.
        now: aware time.

    Raises:
        ClosedDoorError: unknown, not yet open, expired or closed; the sentence says what to do.
    """
    clean = read_code(code)
    found = store.list(Workshop, code=clean) if clean else ()
    refusals = []
    for workshop in sorted(found, key=lambda w: w.day, reverse=True):
        try:
            check_open(workshop, now)
        except ClosedDoorError as refusal:
            refusals.append(refusal)
        else:
            return workshop
    if refusals:
        raise refusals[0]
    raise ClosedDoorError(
        "Ce code ne correspond à aucun atelier. Vérifiez-le sur l’écran de la salle"
        f"{NNBSP}: six lettres et chiffres.",
        Door.UNKNOWN,
    )


def check_open(workshop: Workshop, now: datetime) -> None:
    """Refuse what comes while a workshop's doors are closed.

    Raises:
        ClosedDoorError: not yet open, expired or closed.
    """
    name = quote(workshop.name)
    if workshop.state is WorkshopState.CLOSED:
        raise ClosedDoorError(
            f"L’atelier {name} est terminé{NNBSP}: il ne reçoit plus de fiches. "
            "Adressez-vous à l’équipe d’animation.",
            Door.CLOSED,
        )
    if now >= expiry(workshop):
        raise ClosedDoorError(
            f"Le code de l’atelier {name} n’est plus valable. "
            "Demandez à l’équipe d’animation d’en ouvrir un autre.",
            Door.EXPIRED,
        )
    early = bool(workshop.opens_at) and now < _instant(workshop.opens_at)
    if workshop.state is WorkshopState.PREPARED or early:
        raise ClosedDoorError(
            f"L’atelier {name} n’a pas encore commencé. "
            "Gardez cette page, et réessayez dans un instant.",
            Door.EARLY,
        )


def receive_card(
    store: Store,
    workshop: Workshop,
    card: Card,
    now: datetime,
    *,
    photo: Photo | None = None,
    companies: Companies | None = None,
    nomenclature: Nomenclature | None = None,
) -> Receipt:
    """Write a card, its photo and its company's attendance together, once.

    A card whose id is already kept is acknowledged and nothing is written, whether or not the
    doors have closed since: the phone must learn that its first attempt arrived. The company is
    linked to an actor when its name leaves no doubt, otherwise it stays a name.

    Args:
        store: where it goes.
        workshop: from :func:`find_open`.
        card: as the phone made it; ``state``, ``received_at`` and links are set here.
        now: aware time of the server.
        photo: already checked for type and size.
        companies: known actors by name; read from the store when not given.
        nomenclature: to classify the label; left unclassified when not given.

    Raises:
        ClosedDoorError: the doors closed meanwhile.
        InputError: a value is not allowed, or the id belongs to another workshop.
    """
    known = companies or Companies(store.list(Actor))
    resource_id = classify(card.label, nomenclature) if nomenclature else None
    with store.transaction(who=WHO, what=f"Fiche reçue, atelier {quote(workshop.name)}") as tx:
        kept = tx.find(Card, card.id)
        if kept is not None:
            if kept.workshop_id != workshop.id:
                raise InputError(
                    "Cette fiche porte l’identifiant d’une fiche d’un autre atelier. "
                    "Rechargez la page et recommencez.",
                    field="identifiant",
                )
            return Receipt(card_id=card.id, new=False, card=kept)
        current = tx.get(Workshop, workshop.id)
        check_open(current, now)
        attendance = _attend(tx, current, known, card.company, card.actor_id, table=card.table)
        complete = dataclasses.replace(
            card,
            workshop_id=current.id,
            company=" ".join(card.company.split()),
            actor_id=attendance.actor_id,
            resource_id=resource_id,
            photo_id=photo.id if photo else None,
            received_at=_iso(now),
            state=CardState.WAITING if current.moderated else CardState.SHOWN,
            revision=0,
        )
        if photo is not None:
            tx.put(photo)
        if attendance.revision == 0:
            tx.put(attendance)
        return Receipt(card_id=card.id, new=True, card=tx.put(complete))


def join(
    store: Store,
    workshop: Workshop,
    company: str,
    *,
    table: int = 0,
    actor_id: str | None = None,
    companies: Companies | None = None,
) -> Attendance:
    """Write that a company is there, once; gives what was there when it had come already.

    Raises:
        InputError: a value is not allowed.
    """
    known = companies or Companies(store.list(Actor))
    with store.transaction(who=WHO, what=f"Arrivée, atelier {quote(workshop.name)}") as tx:
        attendance = _attend(tx, workshop, known, company, actor_id, table=table)
        return attendance if attendance.revision else tx.put(attendance)


def classify(label: str, nomenclature: Nomenclature) -> str | None:
    """Give the resource that a participant's words name, or ``None`` when they name none.

    Two letters name nothing: the search would answer them with whatever begins so.
    """
    if len(fold(label)) < _SHORTEST_LABEL:
        return None
    found = nomenclature.search(label, limit=1)
    return found[0].id if found else None


def phone_of(card_id: str) -> str:
    """Give the phone's number from a card's id, or nothing for a card typed elsewhere."""
    match = CARD_ID.fullmatch(card_id)
    return match["phone"] if match else ""


def cards_from(store: Store, workshop_id: str, phone: str) -> tuple[str, ...]:
    """Give the ids of the cards received from one phone."""
    cards = store.list(Card, workshop_id=workshop_id) if phone else ()
    return tuple(card.id for card in cards if phone_of(card.id) == phone)


def _attend(
    tx: Transaction,
    workshop: Workshop,
    companies: Companies,
    company: str,
    actor_id: str | None,
    *,
    table: int,
) -> Attendance:
    """Find a company among those who came, or make its line (revision 0, not yet written)."""
    name = " ".join(company.split())
    known = companies.recognise(name, actor_id)
    if known is not None and tx.find(Actor, known) is None:  # deleted since the names were read
        known = None
    same = Companies.key(name)
    for line in tx.list(Attendance, workshop_id=workshop.id, role=AttendeeRole.COMPANY):
        if known is not None and line.actor_id == known:
            return line
        if known is None and Companies.key(line.name) == same:
            return line
    return Attendance(
        id=uuid4().hex, workshop_id=workshop.id, name=name, actor_id=known, table=table
    )


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
