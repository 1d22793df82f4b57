"""The demonstration's workshop, synergies, offers and needs, events and letter."""

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from data.demo import load_demo
from data.demo.kinds import SUFFIX
from data.model import (
    Actor,
    AttendeeRole,
    Card,
    EventKind,
    IdeaState,
    ListingSource,
    Origin,
    Presence,
    Side,
    Synergy,
    SynergyKind,
    SynergyNote,
    SynergyStatus,
    Visibility,
)
from data.nomenclature import load_nomenclature
from data.synergies import monday
from data.units import find_unit

DEMO = load_demo()
NOMENCLATURE = load_nomenclature()
ACTORS: dict[str, Actor] = {actor.id: actor for actor in DEMO.actors}
CARDS: dict[str, Card] = {card.id: card for card in DEMO.cards}
FOLLOWED: tuple[Synergy, ...] = tuple(s for s in DEMO.synergies if s.workshop_id)
EXAMPLES: tuple[Synergy, ...] = tuple(s for s in DEMO.synergies if not s.workshop_id)
TODAY = date(2026, 11, 23)
CLOSED = {
    SynergyStatus.ABANDONED, SynergyStatus.SUSPENDED, SynergyStatus.LASTING, SynergyStatus.REALISED
}  # fmt: skip


def test_the_workshop_gives_the_published_counts() -> None:
    """34 present + 2 represented, 12 facilitators, 278 cards, 510 ideas, 87 kept = 9 + 14 + 64."""
    (workshop,) = DEMO.workshops
    companies = Counter(a.presence for a in DEMO.attendances if a.role is AttendeeRole.COMPANY)
    assert companies == {Presence.PRESENT: 34, Presence.REPRESENTED: 2}
    assert sum(a.role is AttendeeRole.FACILITATOR for a in DEMO.attendances) == 12
    assert len(DEMO.cards) == 278
    assert len(DEMO.ideas) == 510
    assert sum(idea.state is IdeaState.KEPT for idea in DEMO.ideas) == 87
    assert Counter(synergy.status for synergy in FOLLOWED) == {
        SynergyStatus.ABANDONED: 9,
        SynergyStatus.ABOUT_TO_BE_REALISED: 14,
        SynergyStatus.TO_EXPLORE: 64,
    }
    parts: tuple[Any, ...] = (*DEMO.attendances, *DEMO.cards, *DEMO.ideas, *FOLLOWED)
    assert {part.workshop_id for part in parts} == {workshop.id}
    assert all(part.origin is Origin.DEMO_FICTIONAL for part in (workshop, *parts))


def test_who_came_is_anonymous() -> None:
    """Companies are invented actors or numbers, and every name says it is an example."""
    for attendance in DEMO.attendances:
        assert attendance.name.endswith(SUFFIX)
        if attendance.actor_id:
            assert ACTORS[attendance.actor_id].name == attendance.name
            assert ACTORS[attendance.actor_id].origin is Origin.DEMO_FICTIONAL
        elif attendance.role is AttendeeRole.COMPANY:
            assert re.fullmatch(r"Entreprise \d+ \(exemple\)", attendance.name)
    names = Counter(a.name for a in DEMO.attendances if a.role is AttendeeRole.COMPANY)
    assert max(names.values()) == 1


def test_cards_come_from_those_who_came() -> None:
    """Every company sent seven or eight cards, in known words, units and tables."""
    tables = {a.name: a.table for a in DEMO.attendances}
    sent = Counter(card.company for card in DEMO.cards)
    assert len(sent) == 36
    assert set(sent.values()) <= {7, 8}
    for card in DEMO.cards:
        assert card.table == tables[card.company]
        assert card.resource_id in NOMENCLATURE
        assert find_unit(card.unit)
        assert (card.quantity is None) == (card.resource_id == "group_purchase")


def test_ideas_join_cards_that_fit() -> None:
    """An offer and a need it can meet, or the same wish twice or more; never one company alone."""
    pooled = 0
    for idea in DEMO.ideas:
        cards = [CARDS[card_id] for card_id in idea.card_ids]
        assert len({card.company for card in cards}) == len(cards) >= 2
        assert idea.company_names == tuple(card.company for card in cards)
        if len({card.side for card in cards}) == 1:
            pooled += 1
            assert len({card.resource_id for card in cards}) == 1
        else:
            offer, need = cards
            assert (offer.side, need.side) == (Side.OFFER, Side.NEED)
            offered = NOMENCLATURE.get(str(offer.resource_id))
            assert need.resource_id in {offered.id, *offered.substitutes}
        assert (idea.state is IdeaState.REJECTED) == bool(idea.reason)
    assert 50 < pooled < 200
    joined = {frozenset(idea.card_ids) for idea in DEMO.ideas}
    assert len(joined) == len(DEMO.ideas)
    assert len({idea.title for idea in DEMO.ideas}) > 300


def test_each_idea_kept_is_followed() -> None:
    """One synergy an idea kept, with its parties, its owner, its steps and what comes next."""
    kept = {idea.id: idea for idea in DEMO.ideas if idea.state is IdeaState.KEPT}
    assert sorted(str(synergy.idea_id) for synergy in FOLLOWED) == sorted(kept)
    for synergy in FOLLOWED:
        idea = kept[str(synergy.idea_id)]
        assert synergy.title == idea.title
        assert synergy.owner
        cards = [CARDS[card_id] for card_id in idea.card_ids]
        assert [party.actor_id for party in synergy.parties] == [card.actor_id for card in cards]
        pooled = cards[0].side is cards[-1].side
        assert (synergy.kind is SynergyKind.POOLING) is pooled
        if synergy.status is SynergyStatus.ABANDONED:
            assert synergy.reason == synergy.steps[-1].reason
            assert not synergy.next_step
        else:
            assert synergy.next_step


def test_synergies_follow_the_chain() -> None:
    """Steps are in order, begin with the idea or what was published, and all parties exist."""
    chain = list(SynergyStatus)
    for synergy in DEMO.synergies:
        days = [step.day for step in synergy.steps]
        assert days == sorted(days)
        assert synergy.steps[-1].status is synergy.status
        assert all(party.actor_id in ACTORS for party in synergy.parties)
        places = [chain.index(step.status) for step in synergy.steps]
        assert places == sorted(places)
    assert {synergy.status for synergy in DEMO.synergies} == set(SynergyStatus)


def test_the_three_published_synergies() -> None:
    """They are realised, sourced, without invented quantities, and say who stands in."""
    real = [synergy for synergy in DEMO.synergies if synergy.origin is Origin.DEMO_REAL]
    assert len(real) == 3
    for synergy in real:
        assert synergy.status is SynergyStatus.REALISED
        assert "rapport d’activités 2022" in synergy.source
        assert synergy.mass_t_per_year is None
        assert all(party.gain_eur_per_year is None for party in synergy.parties)
        assert "acteurs inventés" in synergy.description


def test_the_examples_have_something_to_do_on_monday() -> None:
    """On 23 November 2026 some examples sleep for over six weeks, some next steps are due."""
    alive = [synergy for synergy in EXAMPLES if synergy.status not in CLOSED]
    asleep = [s for s in alive if s.steps[-1].day < (TODAY - timedelta(weeks=6)).isoformat()]
    due = [s for s in alive if s.next_step_day and s.next_step_day <= TODAY.isoformat()]
    soon = [s for s in alive if s.next_step_day > TODAY.isoformat()]
    assert len(asleep) >= 2
    assert len(due) >= 2
    assert len(soon) >= 2
    assert len(asleep) < len(alive)
    assert DEMO.notes
    assert all(note.at[:10] <= TODAY.isoformat() for note in DEMO.notes)


def test_the_whole_list_of_monday_can_be_read() -> None:
    """On that Monday a handful is late, due or asleep; most of the workshop's wait for winter."""
    notes: dict[str, list[SynergyNote]] = defaultdict(list)
    for note in DEMO.notes:
        notes[note.synergy_id].append(note)
    listed = monday(DEMO.synergies, notes, today=TODAY)
    assert 3 <= len(listed.late) <= 9
    assert 3 <= len(listed.due) <= 9
    assert 3 <= len(listed.sleeping) <= 12
    assert any(synergy.workshop_id for synergy in listed.sleeping)
    later = [s for s in FOLLOWED if s.next_step_day > (TODAY + timedelta(weeks=6)).isoformat()]
    assert len(later) > len(FOLLOWED) / 3


def test_everybody_sees_some_synergies() -> None:
    """The published ones, and examples that say so in their very title; all others stay ours."""
    shown = [s for s in DEMO.synergies if s.visibility is Visibility.PUBLIC]
    assert {s.id for s in DEMO.synergies if s.origin is Origin.DEMO_REAL} < {s.id for s in shown}
    assert len({s.status for s in shown}) >= 4
    for synergy in shown:
        assert synergy.title.endswith(SUFFIX) is (synergy.origin is Origin.DEMO_FICTIONAL)
        assert all(ACTORS[p.actor_id].visibility is Visibility.PUBLIC for p in synergy.parties)
        assert not synergy.workshop_id


def test_the_market_shows_every_situation() -> None:
    """Offers and needs, studied and typed, unclassified, expired, restricted, for the letter."""
    listings = DEMO.listings
    assert 60 <= len(listings) <= 90
    assert {listing.side for listing in listings} == set(Side)
    sources = {listing.listing_source for listing in listings}
    assert sources == {ListingSource.STUDY, ListingSource.TYPED}
    assert 3 <= sum(listing.resource_id is None for listing in listings) <= 8
    today = TODAY.isoformat()
    assert 2 <= sum(bool(x.expires_on) and x.expires_on < today for x in listings) <= 6
    assert 2 <= sum(x.visibility is Visibility.CONFIDENTIAL for x in listings) <= 6
    assert 15 <= sum(listing.in_letter for listing in listings) <= 45
    flows = {flow.id: flow for flow in DEMO.flows}
    for listing in listings:
        assert find_unit(listing.unit), listing.id
        assert listing.day <= today
        assert ACTORS[listing.actor_id].origin is Origin.DEMO_FICTIONAL
        if listing.flow_id:
            flow = flows[listing.flow_id]
            assert (listing.actor_id, listing.resource_id) == (flow.actor_id, flow.resource_id)
            assert (listing.quantity, listing.unit) == (flow.quantity, flow.unit)


def test_events_are_sourced_or_say_they_are_examples() -> None:
    """Seven published events of 2022 with their attendance where known; others are examples."""
    real = {e.day: e for e in DEMO.events if e.origin is Origin.DEMO_REAL}
    assert sorted(real) == [
        "2022-03-28", "2022-04-01", "2022-04-06", "2022-04-13", "2022-05-15", "2022-09-08",
        "2022-12-09",
    ]  # fmt: skip
    counted = {day: event.attendance for day, event in real.items() if event.attendance}
    assert counted == {"2022-03-28": 30, "2022-09-08": 15}
    for event in DEMO.events:
        assert event.source
        assert event.commune_code
        assert event.name.endswith(SUFFIX) is (event.origin is Origin.DEMO_FICTIONAL)
    (workshop,) = [event for event in DEMO.events if event.workshop_id]
    assert workshop.kind is EventKind.WORKSHOP
    assert workshop.day == DEMO.workshops[0].day


def test_the_letter_meets_what_must_drop_out() -> None:
    """The draft names agreed listings only, among them an expired and a confidential one."""
    (letter,) = DEMO.letters
    assert (letter.month, letter.sent_at) == ("2026-11", "")
    known = {listing.id: listing for listing in DEMO.listings}
    chosen = [known[listing_id] for listing_id in letter.listing_ids]
    assert all(listing.in_letter for listing in chosen)
    assert {listing.side for listing in chosen} == set(Side)
    assert any(listing.visibility is Visibility.CONFIDENTIAL for listing in chosen)
    assert any(x.expires_on and x.expires_on < TODAY.isoformat() for x in chosen)
    consents = Counter(
        (bool(reader.consent_day), bool(reader.unsubscribed_day)) for reader in DEMO.subscribers
    )
    assert consents == {(True, False): 6, (True, True): 1, (False, False): 1}
    assert len({reader.token for reader in DEMO.subscribers}) == len(DEMO.subscribers)
