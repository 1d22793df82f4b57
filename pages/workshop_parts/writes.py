"""Everything the facilitator's page writes: one transaction an action, each can be taken back."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

from data import workshops
from data.companies import Companies
from data.errors import CartofluxError, NotFoundError
from data.french import date, number, quote
from data.model import (
    Actor,
    ActorKind,
    Attendance,
    AttendeeRole,
    Card,
    CardState,
    College,
    Idea,
    IdeaState,
    Listing,
    PositionPrecision,
    Presence,
    Synergy,
    Visibility,
    Workshop,
)
from data.store import Transaction
from data.synergies import from_idea
from optimization.matching import listing_of_card
from pages.data_parts.session import tell, tell_error
from pages.ui.session import get_store, snapshot, who
from pages.workshop_parts.hall import Hall, place
from pages.workshop_parts.proposals import Proposal

BY_MATCHING = "Cartoflux"


def _write(what: str, work: Callable[[Transaction], object], *, quiet: bool = False) -> bool:
    """Do the work in one transaction and say so; a refusal is shown, nothing is half-written."""
    try:
        with get_store().transaction(who=who(), what=what) as tx:
            work(tx)
            number_ = tx.number()
    except CartofluxError as error:
        tell_error(error, toast=False)
        return False
    if not quiet:
        tell(f"{what}.", undo=number_, toast=False)
    return True


def prepare(workshop: Workshop) -> str | None:
    """Write a new workshop with its code; its id, or ``None`` when it was refused."""
    taken = {one.code for one in get_store().list(Workshop)}
    fresh = dataclasses.replace(workshop, id=uuid4().hex, code=workshops.new_code(taken))
    done = _write(f"Atelier préparé : {quote(fresh.name)}", lambda tx: tx.put(fresh))
    return fresh.id if done else None


def change(
    workshop_id: str, what: str, field: Literal["anonymous", "moderated"], *, wanted: bool
) -> None:
    """Turn a switch of a workshop; nothing is written when it is already so."""

    def work(tx: Transaction) -> None:
        workshop = tx.get(Workshop, workshop_id)
        if field == "anonymous":
            tx.put(dataclasses.replace(workshop, anonymous=wanted))
        else:
            tx.put(dataclasses.replace(workshop, moderated=wanted))

    if getattr(get_store().get(Workshop, workshop_id), field) != wanted:
        _write(what, work)


def open_doors(workshop_id: str) -> None:
    """Let the phones in."""

    def work(tx: Transaction) -> None:
        workshop = tx.get(Workshop, workshop_id)
        taken = {one.code for one in tx.list(Workshop) if one.id != workshop_id}
        tx.put(workshops.opened(workshop, taken, datetime.now(UTC)))

    _write("Atelier ouvert aux téléphones", work)


def close_doors(workshop_id: str) -> None:
    """Take no more cards."""
    _write("Atelier clos", lambda tx: tx.put(workshops.closed(tx.get(Workshop, workshop_id))))


def delete(workshop_id: str) -> None:
    """Delete a workshop with its cards and ideas; can be taken back."""
    _write("Atelier supprimé", lambda tx: tx.delete(Workshop, workshop_id))


def set_card(card_id: str, state: CardState, *, quiet: bool = True) -> None:
    """Show or hide a card."""

    def work(tx: Transaction) -> None:
        tx.put(dataclasses.replace(tx.get(Card, card_id), state=state))

    words = {CardState.SHOWN: "Fiche projetée", CardState.HIDDEN: "Fiche masquée"}
    _write(words.get(state, "Fiche remise en attente"), work, quiet=quiet)


def show_all(card_ids: tuple[str, ...]) -> None:
    """Project every waiting card."""

    def work(tx: Transaction) -> None:
        tx.put_all(
            [dataclasses.replace(tx.get(Card, one), state=CardState.SHOWN) for one in card_ids]
        )

    _write(f"{number(len(card_ids))} fiches projetées", work)


def classify(card_id: str, resource_id: str | None) -> None:
    """Correct the resource of a card."""

    def work(tx: Transaction) -> None:
        tx.put(dataclasses.replace(tx.get(Card, card_id), resource_id=resource_id))

    _write("Ressource de la fiche corrigée", work)


def attend(workshop_id: str, line: Attendance) -> None:
    """Add or change a line of attendance."""
    fresh = line if line.id else dataclasses.replace(line, id=uuid4().hex, workshop_id=workshop_id)
    _write(f"Présence notée : {quote(fresh.name)}", lambda tx: tx.put(fresh))


def add_company(hall: Hall, name: str, presence: Presence, actor_id: str | None) -> None:
    """Write that a company is there, or represented."""
    attend(
        hall.workshop.id,
        Attendance(
            id="",
            workshop_id=hall.workshop.id,
            name=name,
            actor_id=actor_id,
            presence=presence,
        ),
    )


def add_facilitator(hall: Hall, name: str) -> None:
    """Write that a facilitator is there."""
    attend(
        hall.workshop.id,
        Attendance(
            id="",
            workshop_id=hall.workshop.id,
            name=name,
            role=AttendeeRole.FACILITATOR,
        ),
    )


def make_actor(hall: Hall, line: Attendance) -> None:
    """Make an actor of a company met at the workshop, and link its cards to it."""
    lon, lat = place(hall.workshop, snapshot())
    actor = Actor(
        id=uuid4().hex,
        name=line.name,
        kind=ActorKind.COMPANY,
        college=College.PRIVATE,
        commune_code=hall.workshop.commune_code,
        lon=lon,
        lat=lat,
        position_precision=PositionPrecision.COMMUNE,
        visibility=Visibility.NETWORK,
        source=f"Atelier {quote(hall.workshop.name)} du {date(hall.workshop.day)}",
    )

    def work(tx: Transaction) -> None:
        tx.put(actor)
        tx.put(dataclasses.replace(tx.get(Attendance, line.id), actor_id=actor.id))
        mine = Companies.key(line.name)
        for card in tx.list(Card, workshop_id=hall.workshop.id):
            if card.actor_id is None and Companies.key(card.company) == mine:
                tx.put(dataclasses.replace(card, actor_id=actor.id))

    _write(f"Acteur créé : {quote(line.name)}", work)


def leave(attendance_id: str) -> None:
    """Delete a line of attendance."""
    _write("Ligne de présence supprimée", lambda tx: tx.delete(Attendance, attendance_id))


def idea_of(hall: Hall, proposal: Proposal) -> Idea:
    """Make an idea, not yet written, of a proposal."""
    return Idea(
        id=uuid4().hex,
        workshop_id=hall.workshop.id,
        title=proposal.title(dataclasses.replace(hall, workshop=_named(hall.workshop))),
        card_ids=tuple(card.id for card in proposal.cards),
        company_names=tuple(dict.fromkeys(card.company for card in proposal.cards)),
        resource_id=proposal.resource_id,
        proposed_by=BY_MATCHING,
        made_at=_now(),
    )


def _named(workshop: Workshop) -> Workshop:
    """The workshop with names shown: what is written is not what is projected."""
    return dataclasses.replace(workshop, anonymous=False)


def say_idea(
    hall: Hall, title: str, cards: tuple[str, ...], companies: tuple[str, ...], table: int
) -> None:
    """Write an idea voiced in the room, with the cards it is about and who else is in it."""
    about = [hall.card[one] for one in cards if one in hall.card]
    idea = Idea(
        id=uuid4().hex,
        workshop_id=hall.workshop.id,
        title=title,
        card_ids=tuple(card.id for card in about),
        company_names=tuple(dict.fromkeys((*(card.company for card in about), *companies))),
        resource_id=next((card.resource_id for card in about if card.resource_id), None),
        table=table,
        proposed_by=f"table {table}" if table else "la salle",
        made_at=_now(),
    )
    _write(f"Idée notée : {quote(title)}", lambda tx: tx.put(idea))


def keep(hall: Hall, idea: Idea, owner: str) -> None:
    """Keep an idea: it becomes a synergy to follow."""

    def work(tx: Transaction) -> None:
        current = tx.find(Idea, idea.id) or idea
        kept = tx.put(dataclasses.replace(current, state=IdeaState.KEPT, owner=owner, reason=""))
        if not tx.list(Synergy, idea_id=kept.id):
            tx.put(dataclasses.replace(_synergy(tx, kept, hall.workshop.day), owner=owner))

    _write(f"Idée retenue : {quote(idea.title)}", work)


def _synergy(tx: Transaction, idea: Idea, day: str) -> Synergy:
    cards = [card for one in idea.card_ids if (card := tx.find(Card, one)) is not None]
    lines = tx.list(Attendance, workshop_id=idea.workshop_id)
    known = {line.name: line.actor_id for line in lines if line.actor_id}
    return from_idea(idea, cards, day=day, who=who(), known=known)


def reject(idea: Idea, reason: str = "") -> None:
    """Set an idea aside."""

    def work(tx: Transaction) -> None:
        current = tx.find(Idea, idea.id) or idea
        tx.put(dataclasses.replace(current, state=IdeaState.REJECTED, reason=reason))

    _write(f"Idée écartée : {quote(idea.title)}", work)


def merge(idea: Idea, into: Idea) -> None:
    """Join an idea to another, which carries on with the cards and companies of both.

    Already kept, its synergy gains the parties that it lacked.
    """

    def work(tx: Transaction) -> None:
        target = tx.find(Idea, into.id)
        if target is None:
            raise NotFoundError("L’idée choisie n’existe plus : rechargez la page.")
        current = tx.find(Idea, idea.id) or idea
        tx.put(dataclasses.replace(current, state=IdeaState.MERGED, merged_into=target.id))
        both = tx.put(
            dataclasses.replace(
                target,
                card_ids=tuple(dict.fromkeys((*target.card_ids, *current.card_ids))),
                company_names=tuple(dict.fromkeys((*target.company_names, *current.company_names))),
            )
        )
        for synergy in tx.list(Synergy, idea_id=target.id):
            there = {party.actor_id for party in synergy.parties}
            whole = _synergy(tx, both, synergy.steps[0].day if synergy.steps else "")
            more = tuple(party for party in whole.parties if party.actor_id not in there)
            if more:
                tx.put(dataclasses.replace(synergy, parties=(*synergy.parties, *more)))

    _write(f"Idée regroupée avec {quote(into.title)}", work)


def assign(idea_id: str, owner: str) -> None:
    """Name who takes the next step of an idea, on the synergy it became too."""

    def work(tx: Transaction) -> None:
        tx.put(dataclasses.replace(tx.get(Idea, idea_id), owner=owner))
        for synergy in tx.list(Synergy, idea_id=idea_id):
            tx.put(dataclasses.replace(synergy, owner=owner))

    _write(f"Responsable : {owner or 'personne'}", work)


def pour(hall: Hall) -> None:
    """Turn the cards of known actors into offers and needs, once each."""
    store = get_store()
    done = {one.card_id for one in store.list(Listing) if one.card_id}
    fresh = [
        listing_of_card(card, card.actor_id)
        for card in hall.cards
        if card.actor_id and card.state is not CardState.HIDDEN and card.id not in done
    ]
    if not fresh:
        tell(
            "Rien de nouveau à verser : tout y est déjà, ou sans acteur connu.",
            good=None,
            toast=False,
        )
        return
    _write(
        f"{number(len(fresh))} fiches versées dans les offres et besoins",
        lambda tx: tx.put_all(fresh),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
