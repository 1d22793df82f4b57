"""Where synergies come from: pairs, groups, ideas, the keyboard."""

from dataclasses import dataclass

import pytest

from data.errors import InputError
from data.model import (
    Card,
    Idea,
    Listing,
    Party,
    PartyRole,
    Reliability,
    Side,
    SynergyKind,
    SynergyStatus,
    Visibility,
)
from data.synergies import already_followed, from_idea, from_loop, from_match, from_pool, typed
from data.validate import validate

NAMES = {"scierie": "Scierie", "maraicher": "Maraîcher"}


@dataclass(frozen=True)
class _Match:
    offer_id: str = "o"
    need_id: str = "n"
    distance_km: float = 7.5
    distance_source: str = "À vol d’oiseau × facteur route"
    shared_t_per_year: float | None = 4.0
    low: float | None = 3.0
    high: float | None = 6.0


@dataclass(frozen=True)
class _Pool:
    resource_id: str = "pallet"
    actor_ids: tuple[str, ...] = ("scierie", "maraicher", "ehpad")
    mass_t_per_year: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = "Trois acteurs à moins de 5 km"


def _listing(side: Side, actor_id: str, **fields: object) -> Listing:
    return Listing(id=side[0], actor_id=actor_id, side=side, resource_id="pallet", **fields)  # type: ignore[arg-type]


def test_a_pair_followed_keeps_the_strictest_and_the_weakest() -> None:
    """The synergy is as secret as its most secret side and as sure as its least sure one."""
    offer = _listing(Side.OFFER, "scierie", visibility=Visibility.CONFIDENTIAL)
    need = _listing(Side.NEED, "maraicher", reliability=Reliability.ESTIMATED)
    made = from_match(
        _Match(), offer, need, names=NAMES, resource_name="Palettes", day="2026-03-02", who="Alix"
    )
    validate(made)
    assert made.title == "Palettes\u202f: Scierie → Maraîcher"
    assert [party.role for party in made.parties] == [PartyRole.GIVER, PartyRole.TAKER]
    assert made.visibility is Visibility.CONFIDENTIAL
    assert made.reliability is Reliability.ESTIMATED
    assert made.mass_uncertainty == 0.5
    assert (made.status, made.steps[0].who) == (SynergyStatus.IDEA, "Alix")
    assert already_followed([made])[0] == {("o", "n"): made}


def test_groups_are_recognised_by_their_actors() -> None:
    """A pooling and a loop are found again whatever the order of their actors."""
    pool = from_pool(_Pool(), [], resource_name="Palettes", day="2026-03-02", who="Alix")
    loop = from_loop(
        ("scierie", "maraicher", "scierie"),
        [],
        names=NAMES,
        text="Palettes contre copeaux",
        closed=True,
        day="2026-03-02",
        who="Alix",
    )
    validate(pool)
    validate(loop)
    assert pool.kind is SynergyKind.POOLING
    assert pool.title.endswith("3 acteurs ensemble")
    assert loop.title == "Boucle\u202f: Scierie → Maraîcher"
    groups = already_followed([pool, loop])[1]
    assert groups["pallet", frozenset({"ehpad", "scierie", "maraicher"})] is pool
    assert groups[None, frozenset({"scierie", "maraicher"})] is loop


def test_an_idea_brings_its_cards() -> None:
    """An offer and a need make a substitution; a company not in the directory is named in words."""
    give = Card(
        id="1",
        workshop_id="w",
        company="Scierie",
        side=Side.OFFER,
        label="Palettes",
        actor_id="scierie",
        resource_id="pallet",
    )
    take = Card(id="2", workshop_id="w", company="Tonnellerie", side=Side.NEED, label="Palettes")
    idea = Idea(
        id="i", workshop_id="w", title=" Palettes perdues ", card_ids=("1", "2"), owner="Alix"
    )
    made = from_idea(idea, [take, give], day="2026-03-02", who="Alix")
    validate(made)
    assert made.kind is SynergyKind.SUBSTITUTION
    assert [party.actor_id for party in made.parties] == ["scierie"]
    assert made.description.endswith("Pas encore dans l’annuaire\u202f: Tonnellerie")
    assert (made.idea_id, made.workshop_id, made.owner) == ("i", "w", "Alix")
    assert (made.title, made.resource_id) == ("Palettes perdues", "pallet")


def test_the_same_need_twice_is_a_pooling() -> None:
    """Cards of one side only are shared, not exchanged."""
    cards = [
        Card(id=i, workshop_id="w", company=i, side=Side.NEED, label="Benne", actor_id=i)
        for i in ("a", "b")
    ]
    made = from_idea(
        Idea(id="i", workshop_id="w", title="Benne", card_ids=("a", "b")),
        cards,
        day="2026-03-02",
        who="Alix",
    )
    assert made.kind is SynergyKind.POOLING
    assert {party.role for party in made.parties} == {PartyRole.PARTNER}


def test_an_idea_without_cards_keeps_its_names() -> None:
    """Ideas told aloud have no card: the companies stay in the description."""
    idea = Idea(id="i", workshop_id="w", title="", company_names=("Scierie", "Ferme"))
    made = from_idea(idea, [], day="2026-03-02", who="Alix")
    validate(made)
    assert made.title == "Idée sans titre"
    assert "Scierie, Ferme" in made.description


def test_companies_named_aloud_are_parties_when_known() -> None:
    """Without a card too: partners of a pooling; with cards, partners beside giver and taker."""
    known = {"Scierie": "scierie", "Ferme": "ferme"}
    aloud = Idea(
        id="i", workshop_id="w", title="Benne", company_names=("Scierie", "Ferme", "Chai Neuf")
    )
    made = from_idea(aloud, [], day="2026-03-02", who="Alix", known=known)
    validate(made)
    assert made.kind is SynergyKind.POOLING
    assert [(p.actor_id, p.role) for p in made.parties] == [
        ("scierie", PartyRole.PARTNER),
        ("ferme", PartyRole.PARTNER),
    ]
    assert made.description == "Pas encore dans l’annuaire\u202f: Chai Neuf"
    cards = [
        Card(id=name, workshop_id="w", company=name, side=side, label="Copeaux", actor_id=name)
        for name, side in (("donne", Side.OFFER), ("prend", Side.NEED))
    ]
    both = from_idea(
        Idea(
            id="i",
            workshop_id="w",
            title="Copeaux",
            card_ids=("donne", "prend"),
            company_names=("donne", "prend", "Scierie"),
        ),
        cards,
        day="2026-03-02",
        who="Alix",
        known=known,
    )
    assert both.kind is SynergyKind.SUBSTITUTION
    assert [(p.actor_id, p.role) for p in both.parties] == [
        ("donne", PartyRole.GIVER),
        ("prend", PartyRole.TAKER),
        ("scierie", PartyRole.PARTNER),
    ]


def test_typing_a_synergy_asks_for_two_actors_and_a_title() -> None:
    """A synergy with oneself is none."""
    pair = [Party(actor_id=i, role=PartyRole.PARTNER) for i in ("a", "b")]
    made = typed(
        " Benne  commune ", kind=SynergyKind.POOLING, parties=pair, day="2026-03-02", who="Alix"
    )
    assert made.title == "Benne commune"
    with pytest.raises(InputError, match="titre"):
        typed(" ", kind=SynergyKind.POOLING, parties=pair, day="2026-03-02", who="Alix")
    with pytest.raises(InputError, match="deux acteurs différents"):
        typed("X", kind=SynergyKind.POOLING, parties=[pair[0]] * 2, day="2026-03-02", who="Alix")
