"""An anonymous example workshop: who came, the cards, the ideas, the synergies kept.

Its counts are those the programme published for its synergy workshop of 2022 (34 companies
present and 2 represented, 12 facilitators, 278 cards, 510 ideas, 87 kept of which 9 abandoned,
14 about to be realised and 64 to explore). Everything else is invented: the report gives neither
the day, nor the place, nor a name, nor a card.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from random import Random
from typing import Final

from data.demo.kept import kept_synergies
from data.demo.kinds import SUFFIX
from data.demo.real import BERGERAC
from data.demo.sayings import POOLED, SAYINGS, TRADES, Saying
from data.french import tidy
from data.model import (
    Actor,
    Attendance,
    AttendeeRole,
    Card,
    CardState,
    Idea,
    IdeaState,
    Origin,
    Presence,
    ResourceFamily,
    Side,
    Synergy,
    Workshop,
    WorkshopState,
)
from data.nomenclature import Nomenclature

ID: Final = "demo-atelier-synergies"
DAY: Final = "2022-10-18"
"""Between the presentation of 8 September and the press article of 17 November 2022."""
PRESENT: Final = 34
REPRESENTED: Final = 2
FACILITATORS: Final = (
    *("Région", "Département", "Club d’entreprises", "Chambre consulaire"),
    *("Association de réemploi", "Association d’insertion", "Agglomération"),
    *("Communauté de communes", "Syndicat de déchets", "Animatrice de la démarche"),
    *("Facilitatrice graphique", "Animateur de table"),
)
CARDS: Final = 278
IDEAS: Final = 510
ABANDONED, ABOUT, TO_EXPLORE = 9, 14, 64
KEPT: Final = ABANDONED + ABOUT + TO_EXPLORE
_TABLES: Final = 6
_POOLINGS: Final = 130
"""Of the ideas, how many do something together; the others join an offer and a need."""
_REJECTED: Final = 90
_GOODS: Final = frozenset({ResourceFamily.WASTE, ResourceFamily.MATERIAL})
_COUNTS: Final = {2: "deux", 3: "trois"}
_TRADES_THERE: Final = {
    "food_maker": 4, "joinery": 4, "metal": 4, "printer": 2, "brewery": 2,
    "winery": 4, "market_gardener": 3, "shop": 2, "reuse": 2, "garden_centre": 1,
}  # fmt: skip
"""Kind of invented actor → how many of them came."""
_OTHERS_THERE: Final = (
    *("garage", "canteen", "livestock", "metal"),
    *("food_maker", "joinery", "shop", "campsite"),
)
"""Trades of the companies known by a number only."""
_STAND_IN: Final = frozenset({11, 30})
"""Ranks of the companies that were represented by another."""
_REJECTIONS: Final = (
    "Déjà proposée à une autre table.",
    "Hors du sujet de la journée.",
    "Personne à la table pour la porter.",
    "La réglementation ne le permet pas.",
    "Trop loin pour si peu de matière.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopData:
    """The workshop and all that belongs to it."""

    workshops: tuple[Workshop, ...]
    attendances: tuple[Attendance, ...]
    cards: tuple[Card, ...]
    ideas: tuple[Idea, ...]
    synergies: tuple[Synergy, ...]


def example_workshop(
    actors: Mapping[str, Sequence[Actor]], nomenclature: Nomenclature, random: Random
) -> WorkshopData:
    """Make the workshop.

    Args:
        actors: kind key → invented actors of that kind.
        nomenclature: substitutes, families and masses.
        random: the only source of chance.
    """
    companies, trades = _companies(actors)
    cards = _cards(companies, trades, random)
    trade_of = {company.name: trade for company, trade in zip(companies, trades, strict=True)}
    ideas = _ideas(cards, trade_of, nomenclature, random)
    return WorkshopData(
        workshops=(_workshop(),),
        attendances=(*companies, *_facilitators()),
        cards=cards,
        ideas=ideas,
        synergies=kept_synergies(
            [idea for idea in ideas if idea.state is IdeaState.KEPT],
            {card.id: card for card in cards},
            {actor.id: actor for group in actors.values() for actor in group},
            nomenclature,
            (ABANDONED, ABOUT),
            random,
        ),
    )


def _workshop() -> Workshop:
    return Workshop(
        id=ID,
        name="Atelier synergies" + SUFFIX,
        day=DAY,
        place="Salle communale" + SUFFIX,
        commune_code=BERGERAC,
        code="K7M4PX",
        opens_at=f"{DAY}T11:30:00+00:00",
        expires_at=f"{DAY}T18:00:00+00:00",
        tables=_TABLES,
        state=WorkshopState.CLOSED,
        anonymous=True,
        notes=tidy(
            "Exemple anonyme : les nombres d’entreprises, de fiches, d’idées et de suites sont "
            "ceux que le rapport d’activités 2022 de Coop’actions publie pour l’atelier de "
            "détection de synergies. Le rapport ne donne ni le jour ni le lieu : la date est "
            "choisie entre la réunion du 8 septembre et l’article de presse du 17 novembre 2022, "
            "et les entreprises, les fiches et les idées sont inventées."
        ),
        origin=Origin.DEMO_FICTIONAL,
    )


def _companies(actors: Mapping[str, Sequence[Actor]]) -> tuple[list[Attendance], list[str]]:
    known = [
        (actor, trade) for trade, count in _TRADES_THERE.items() for actor in actors[trade][:count]
    ]
    trades = [*(trade for _, trade in known), *_OTHERS_THERE]
    if len(trades) != PRESENT + REPRESENTED:
        raise ValueError(f"{len(trades)} companies at the workshop")
    companies = []
    for rank in range(len(trades)):
        actor = known[rank][0] if rank < len(known) else None
        companies.append(
            Attendance(
                id=f"{ID}-entreprise-{rank + 1:02d}",
                workshop_id=ID,
                name=actor.name if actor else f"Entreprise {rank + 1}{SUFFIX}",
                actor_id=actor.id if actor else None,
                presence=Presence.REPRESENTED if rank in _STAND_IN else Presence.PRESENT,
                table=rank % _TABLES + 1,
                origin=Origin.DEMO_FICTIONAL,
            )
        )
    return companies, trades


def _facilitators() -> Iterator[Attendance]:
    for rank, role in enumerate(FACILITATORS):
        yield Attendance(
            id=f"{ID}-animation-{rank + 1:02d}",
            workshop_id=ID,
            name=role + SUFFIX,
            role=AttendeeRole.FACILITATOR,
            table=rank % _TABLES + 1,
            origin=Origin.DEMO_FICTIONAL,
        )


def _cards(
    companies: Sequence[Attendance], trades: Sequence[str], random: Random
) -> tuple[Card, ...]:
    """Share the cards out between the companies; nobody says the same thing twice."""
    least, more = divmod(CARDS, len(companies))
    said: list[tuple[Attendance, Saying]] = []
    for rank, (company, trade) in enumerate(zip(companies, trades, strict=True)):
        fit = [saying for saying in SAYINGS if not saying.trades or trade in saying.trades]
        count = least + (rank < more)
        said += [(company, saying) for saying in random.sample(fit, count)]
    random.shuffle(said)
    return tuple(
        _card(rank, company, saying, random) for rank, (company, saying) in enumerate(said)
    )


def _card(rank: int, company: Attendance, saying: Saying, random: Random) -> Card:
    at = _time(12, 10, rank * 18 + random.randrange(18))
    return Card(
        id=f"{ID}-fiche-{rank + 1:03d}",
        workshop_id=ID,
        company=company.name,
        side=saying.side,
        label=random.choice(saying.labels),
        actor_id=company.actor_id,
        resource_id=saying.resource_id,
        quantity=float(random.choice(saying.amounts)) if saying.amounts else None,
        unit=saying.unit,
        period=saying.period,
        words=random.choice(saying.words),
        table=company.table,
        made_at=at,
        received_at=at,
        state=CardState.SHOWN,
        origin=Origin.DEMO_FICTIONAL,
    )


def _ideas(
    cards: Sequence[Card], trade_of: Mapping[str, str], nomenclature: Nomenclature, random: Random
) -> tuple[Idea, ...]:
    """Join cards: offers with needs they can meet, and cards that say the same thing."""
    poolings = _sample(list(_alike(cards)), _POOLINGS, random)
    exchanges = _sample(list(_pairs(cards, nomenclature)), IDEAS - len(poolings), random)
    joined = [*poolings, *exchanges]
    random.shuffle(joined)
    # What is kept can be followed: every company in it has a record.
    known = [rank for rank, group in enumerate(joined) if all(card.actor_id for card in group)]
    kept = set(random.sample(known, KEPT))
    others = [rank for rank in range(len(joined)) if rank not in kept]
    rejected = set(random.sample(others, _REJECTED))
    return tuple(
        Idea(
            id=f"{ID}-idee-{rank + 1:03d}",
            workshop_id=ID,
            title=_title(group, trade_of, nomenclature, rank),
            state=IdeaState.KEPT
            if rank in kept
            else IdeaState.REJECTED
            if rank in rejected
            else IdeaState.PROPOSED,
            card_ids=tuple(card.id for card in group),
            company_names=tuple(card.company for card in group),
            resource_id=group[0].resource_id,
            owner="Animatrice de la démarche" if rank in kept else "",
            proposed_by=f"Table {group[0].table}",
            table=group[0].table,
            reason=random.choice(_REJECTIONS) if rank in rejected else "",
            made_at=_time(13, 35, rank * 12),
            origin=Origin.DEMO_FICTIONAL,
        )
        for rank, group in enumerate(joined)
    )


def _sample(groups: list[tuple[Card, ...]], count: int, random: Random) -> list[tuple[Card, ...]]:
    if len(groups) < count:
        raise ValueError(f"{len(groups)} ideas can be made of these cards, {count} are wanted")
    return random.sample(groups, count)


def _pairs(cards: Sequence[Card], nomenclature: Nomenclature) -> Iterator[tuple[Card, Card]]:
    """Every offer with every need of another company that it can meet."""
    offers = [card for card in cards if card.side is Side.OFFER]
    needs = [card for card in cards if card.side is Side.NEED]
    for offer, need in product(offers, needs):
        offered = nomenclature.get(str(offer.resource_id))
        meets = need.resource_id in {offered.id, *offered.substitutes}
        if meets and offer.company != need.company:
            yield offer, need


def _alike(cards: Sequence[Card]) -> Iterator[tuple[Card, ...]]:
    """Two or three cards of different companies that offer, or look for, the same thing."""
    groups: dict[tuple[Side, str], list[Card]] = defaultdict(list)
    for card in cards:
        if card.side is Side.NEED or card.resource_id in POOLED:
            groups[card.side, str(card.resource_id)].append(card)
    for group in groups.values():
        yield from combinations(group, 2)
        yield from (three for three in combinations(group, 3) if three[0].table < three[2].table)


def _title(
    group: Sequence[Card],
    trade_of: Mapping[str, str],
    nomenclature: Nomenclature,
    rank: int,
) -> str:
    first, last = group[0], group[-1]
    trades = [trade_of[card.company] for card in group]
    label, lower = first.label, first.label[:1].lower() + first.label[1:]
    if first.side is last.side:
        what = POOLED.get(str(first.resource_id), "Achat groupé")
        return tidy(f"{what} : {lower}, {_together(trades)}")
    (of_one, one, _), (_, other, _) = TRADES[trades[0]], TRADES[trades[1]]
    if nomenclature.get(str(first.resource_id)).family not in _GOODS:
        return tidy(f"{label} : {one} dépanne {_another(one, other)}")
    if rank % 4 == 0 and one != other:
        return tidy(f"Pour {other}, {lower} {of_one}")
    return tidy(f"{label} {of_one} pour {_another(one, other)}")


def _another(one: str, other: str) -> str:
    """« un garage », or « un autre garage » after a first one."""
    article, name = other.split(" ", 1)
    return f"{article} autre {name}" if one == other else other


def _together(trades: Sequence[str]) -> str:
    """« deux menuiseries et un garage »."""
    counts = Counter(trades)
    names = [
        TRADES[trade][1] if count == 1 else f"{_COUNTS[count]} {TRADES[trade][2]}"
        for trade, count in counts.items()
    ]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"


def _time(hour: int, minute: int, seconds: int) -> str:
    """UTC time on the day, so many seconds after an hour and a minute."""
    total = hour * 3600 + minute * 60 + seconds
    return f"{DAY}T{total // 3600:02d}:{total // 60 % 60:02d}:{total % 60:02d}+00:00"
