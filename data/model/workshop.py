"""Workshops (« ateliers »): who came, the cards they filled in, the ideas that followed."""

from dataclasses import dataclass
from enum import StrEnum

from data.model.common import Origin
from data.model.flow import Period
from data.model.listing import Side


class WorkshopState(StrEnum):
    """Cards are taken while a workshop is open."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """A day when companies look for synergies together.

    Attributes:
        day: ISO date.
        code: what participants type; letters and digits that cannot be mistaken for one another.
        opens_at: UTC ISO time the code starts working, or empty for as soon as it is open.
        expires_at: UTC ISO time the code stops working.
        tables: number of tables, numbered from 1.
        moderated: cards wait for the facilitator before they are projected.
        anonymous: the projection hides the names of companies.
    """

    id: str
    name: str
    day: str
    code: str
    place: str = ""
    commune_code: str = ""
    lon: float | None = None
    lat: float | None = None
    opens_at: str = ""
    expires_at: str = ""
    tables: int = 1
    state: WorkshopState = WorkshopState.PREPARED
    moderated: bool = False
    anonymous: bool = False
    notes: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0


class AttendeeRole(StrEnum):
    """Who someone is at a workshop."""

    COMPANY = "company"
    """One line a company, whoever came for it."""
    FACILITATOR = "facilitator"


class Presence(StrEnum):
    """Present, or represented by someone else."""

    PRESENT = "present"
    REPRESENTED = "represented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One company, or one facilitator, at a workshop.

    Attributes:
        actor_id: the company, once it is one of our actors.
        name: the company's name, or a facilitator's role (no person's name is needed).
        table: 0 when none.
    """

    id: str
    workshop_id: str
    name: str
    actor_id: str | None = None
    role: AttendeeRole = AttendeeRole.COMPANY
    presence: Presence = Presence.PRESENT
    table: int = 0
    origin: Origin = Origin.FIELD
    revision: int = 0


class CardState(StrEnum):
    """Whether a card is projected."""

    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a participant sends from a phone: one offer or one need.

    Attributes:
        id: made by the phone, so that sending twice writes once.
        company: as typed; ``actor_id`` once matched to one of ours.
        resource_id: ``None`` until the words are classified.
        label: the participant's words for the resource.
        words: anything else they say.
        table: 0 when not said.
        made_at: UTC ISO time by the phone's clock (may be wrong).
        received_at: UTC ISO time by the server's clock.
    """

    id: str
    workshop_id: str
    company: str
    side: Side
    label: str
    actor_id: str | None = None
    resource_id: str | None = None
    quantity: float | None = None
    unit: str = "t"
    period: Period | None = None
    words: str = ""
    contact_role: str = ""
    table: int = 0
    photo_id: str | None = None
    made_at: str = ""
    received_at: str = ""
    state: CardState = CardState.SHOWN
    origin: Origin = Origin.FIELD
    revision: int = 0


class IdeaState(StrEnum):
    """What became of an idea at the workshop."""

    PROPOSED = "proposed"
    KEPT = "kept"
    """It became a synergy to follow."""
    MERGED = "merged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """A possible synergy voiced or proposed during a workshop.

    Attributes:
        card_ids: the cards it joins, offer first.
        company_names: as written on the cards.
        merged_into: id of the idea that absorbed it.
        owner: who takes the next step (a role or a first name).
        proposed_by: a table, or « Cartoflux » when the matching found it.
    """

    id: str
    workshop_id: str
    title: str
    state: IdeaState = IdeaState.PROPOSED
    card_ids: tuple[str, ...] = ()
    company_names: tuple[str, ...] = ()
    resource_id: str | None = None
    merged_into: str | None = None
    owner: str = ""
    proposed_by: str = ""
    table: int = 0
    reason: str = ""
    made_at: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0
