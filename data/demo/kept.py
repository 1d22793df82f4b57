"""The synergies kept at the example workshop, and how far each one got."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from data.demo.flows import SOURCE
from data.demo.places import metres_between
from data.french import tidy
from data.model import (
    Actor,
    Card,
    Direction,
    Flow,
    Idea,
    Origin,
    Party,
    PartyRole,
    Period,
    Reliability,
    StatusStep,
    Stream,
    Synergy,
    SynergyKind,
    SynergyStatus,
)
from data.nomenclature import Nomenclature
from data.units import annual_mass

STRAIGHT: Final = "à vol d’oiseau"
_DAY: Final = date(2022, 10, 18)
_WHO: Final = "Animatrice de la démarche"
_REASONS: Final = (
    "Quantités trop petites pour justifier le déplacement.",
    "L’entreprise a trouvé un autre débouché entre-temps.",
    "La qualité demandée n’a pas pu être garantie.",
    "Le responsable qui portait l’idée a quitté l’entreprise.",
    "Le transport coûte plus que la matière ne vaut.",
    "L’assurance refuse le prêt de matériel.",
    "Les deux saisons ne se recouvrent pas.",
    "Le règlement sanitaire ne le permet pas sans agrément.",
    "Plus de réponse après trois relances.",
)
_FIRST_STEPS: Final = (
    "Appeler les deux entreprises pour fixer une visite",
    "Demander les quantités exactes",
    "Vérifier la qualité avec un échantillon",
    "Chercher qui peut transporter",
    "Comparer les coûts avec la solution actuelle",
    "Trouver une troisième entreprise intéressée",
    "Lire le contrat de déchets en cours",
    "Proposer une date de rencontre",
)
_LAST_STEPS: Final = (
    "Signer la convention",
    "Faire le premier enlèvement",
    "Fixer le jour de passage",
    "Faire un essai d’un mois",
    "Répartir le coût du transport",
)
_OWNERS: Final = (
    _WHO,
    "Club d’entreprises",
    "Responsable des achats",
    "Responsable de production",
    "Gérante",
    "Chargé de mission de l’agglomération",
)
_TAKEN_UP: Final = 20
"""Ideas to explore taken up again in the autumn of 2026, with a dated next step."""
_PLANNED: Final = 36
"""Those of the winter's campaign: their day is set, nothing to push before. The others sleep."""
WINTER: Final = date(2027, 1, 19)
"""The first day of that campaign; each week takes three ideas up."""


def kept_synergies(  # noqa: PLR0917 - what an idea is made of
    ideas: Sequence[Idea],
    cards: Mapping[str, Card],
    actors: Mapping[str, Actor],
    nomenclature: Nomenclature,
    counts: tuple[int, int],
    random: Random,
) -> tuple[Synergy, ...]:
    """Follow each idea kept.

    Args:
        ideas: the ideas kept, in order.
        cards: cards by id.
        actors: actors by id.
        nomenclature: masses.
        counts: how many are abandoned, how many about to be realised; the others are to explore.
        random: the only source of chance.
    """
    abandoned, about = counts
    statuses = [
        *[SynergyStatus.ABANDONED] * abandoned,
        *[SynergyStatus.ABOUT_TO_BE_REALISED] * about,
        *[SynergyStatus.TO_EXPLORE] * (len(ideas) - abandoned - about),
    ]
    random.shuffle(statuses)
    rank = dict.fromkeys(SynergyStatus, 0)
    synergies = []
    for number, (idea, status) in enumerate(zip(ideas, statuses, strict=True), start=1):
        joined = [cards[card_id] for card_id in idea.card_ids]
        synergies.append(
            _synergy(number, idea, joined, status, rank[status], actors, nomenclature, random)
        )
        rank[status] += 1
    return tuple(synergies)


def _synergy(  # noqa: PLR0917 - what an idea is made of
    number: int,
    idea: Idea,
    cards: Sequence[Card],
    status: SynergyStatus,
    rank: int,
    actors: Mapping[str, Actor],
    nomenclature: Nomenclature,
    random: Random,
) -> Synergy:
    pooled = cards[0].side is cards[-1].side
    reason = _REASONS[rank % len(_REASONS)] if status is SynergyStatus.ABANDONED else ""
    first, last = (actors[str(card.actor_id)] for card in (cards[0], cards[-1]))
    mass = None if pooled else _mass(cards, nomenclature)
    step, day = _next_step(status, rank, random)
    return Synergy(
        id=f"{idea.workshop_id}-synergie-{number:02d}",
        title=idea.title,
        kind=SynergyKind.POOLING if pooled else SynergyKind.SUBSTITUTION,
        status=status,
        steps=_steps(status, reason, random),
        parties=_parties(cards, pooled=pooled),
        resource_id=idea.resource_id,
        description="Idée retenue à l’atelier d’exemple.",
        owner=random.choice(_OWNERS),
        next_step=step,
        next_step_day=day,
        reason=reason,
        mass_t_per_year=None if mass is None else round(mass, 2),
        mass_uncertainty=None if mass is None else 0.5,
        baseline_key=_baseline(idea, nomenclature),
        distance_km=round(metres_between(first.lon, first.lat, last.lon, last.lat) / 1000, 1),
        distance_source=STRAIGHT,
        idea_id=idea.id,
        workshop_id=idea.workshop_id,
        reliability=Reliability.ESTIMATED,
        source=SOURCE,
        origin=Origin.DEMO_FICTIONAL,
    )


def _steps(status: SynergyStatus, reason: str, random: Random) -> tuple[StatusStep, ...]:
    day = _DAY
    chain = [SynergyStatus.IDEA, SynergyStatus.TO_EXPLORE]
    if status is SynergyStatus.ABOUT_TO_BE_REALISED:
        chain += [SynergyStatus.DISCUSSION, status]
    elif status is SynergyStatus.ABANDONED:
        chain.append(status)
    steps = []
    for place, one in enumerate(chain):
        if place > 1:
            day += timedelta(days=random.randrange(10, 29))
        why = reason if one is SynergyStatus.ABANDONED else ""
        steps.append(StatusStep(status=one, day=day.isoformat(), who=_WHO, reason=why))
    return tuple(steps)


def _parties(cards: Sequence[Card], *, pooled: bool) -> tuple[Party, ...]:
    roles = [PartyRole.PARTNER] * len(cards) if pooled else [PartyRole.GIVER, PartyRole.TAKER]
    return tuple(
        Party(actor_id=str(card.actor_id), role=role)
        for card, role in zip(cards, roles, strict=True)
    )


def _next_step(status: SynergyStatus, rank: int, random: Random) -> tuple[str, str]:
    if status is SynergyStatus.ABANDONED:
        return "", ""
    if status is SynergyStatus.ABOUT_TO_BE_REALISED:
        day = date(2026, 11, 17) + timedelta(days=3 * rank)
        return random.choice(_LAST_STEPS), day.isoformat()
    step = random.choice(_FIRST_STEPS)
    if rank < _TAKEN_UP:
        return step, (date(2026, 11, 18) + timedelta(days=3 * rank)).isoformat()
    if rank < _TAKEN_UP + _PLANNED:
        return step, (WINTER + timedelta(weeks=(rank - _TAKEN_UP) // 3)).isoformat()
    return step, ""


def _baseline(idea: Idea, nomenclature: Nomenclature) -> str:
    """What happened to the matter before: biowaste went to landfill, the rest is not known."""
    resource = nomenclature.get(str(idea.resource_id))
    return "landfill" if resource.stream is Stream.BIOWASTE else ""


def _mass(cards: Sequence[Card], nomenclature: Nomenclature) -> float | None:
    """Tonnes a year both sides speak of: the smaller of what is offered and what is sought."""
    masses = [_yearly(card, nomenclature) for card in cards]
    known = [mass for mass in masses if mass is not None]
    return min(known) if known else None


def _yearly(card: Card, nomenclature: Nomenclature) -> float | None:
    if card.quantity is None or not card.unit:
        return None
    mass = annual_mass(
        Flow(
            id=card.id,
            actor_id=str(card.actor_id),
            direction=Direction.OUT,
            resource_id=str(card.resource_id),
            quantity=card.quantity,
            unit=card.unit,
            period=card.period or Period.YEAR,
        ),
        nomenclature.get(str(card.resource_id)),
    )
    return None if mass is None else mass.t_per_year


def taken_up_note() -> str:
    """What is noted when an idea of the workshop is taken up again."""
    return tidy("Relance de l’automne : les entreprises sont toujours intéressées.")
