"""The figures of one workshop: who came, what they wrote, what was kept, what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.model import (
    Attendance,
    AttendeeRole,
    Card,
    CardState,
    Idea,
    IdeaState,
    Presence,
    Side,
    Synergy,
    SynergyStatus,
    Workshop,
)
from data.synergies import OUT, STATUS_NAMES
from optimization.programme.fact import Fact, Tally, counted, some, tallied

UNFOLLOWED = "unfollowed"
_RANK = {status: rank for rank, status in enumerate(STATUS_NAMES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopFigures:
    """What a day gave.

    Attributes:
        by_status: kept ideas by the status of the synergy each became; adds up to ``kept``.
        by_table: cards by table; by_resource: cards by resource, the most frequent first.
        by_side: offers and needs among the cards.
    """

    workshop_id: str
    companies: Fact
    present: Fact
    represented: Fact
    facilitators: Fact
    cards: Fact
    ideas: Fact
    kept: Fact
    merged: Fact
    rejected: Fact
    undecided: Fact
    by_side: Tally
    by_table: Tally
    by_resource: Tally
    by_status: Tally

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every headline figure, in the order to read them."""
        return (
            self.companies, self.present, self.represented, self.facilitators, self.cards,
            self.ideas, self.kept, self.merged, self.rejected, self.undecided,
        )  # fmt: skip


def workshop_figures(
    workshop: Workshop,
    attendances: Iterable[Attendance],
    cards: Iterable[Card],
    ideas: Iterable[Idea],
    synergies: Iterable[Synergy],
    *,
    resource_names: Mapping[str, str] | None = None,
) -> WorkshopFigures:
    """Count a workshop.

    Args:
        workshop: the day; records of other workshops are ignored.
        attendances: one line a company or facilitator.
        cards: those a facilitator hid (moderation) are not counted.
        ideas: every idea voiced or proposed, whatever became of it.
        synergies: those that came out of it, whatever their status now.
        resource_names: resource id → name, for the table of cards by resource.
    """
    here = [one for one in attendances if one.workshop_id == workshop.id]
    companies = [one for one in here if one.role is AttendeeRole.COMPANY]
    present = [one for one in companies if one.presence is Presence.PRESENT]
    represented = [one for one in companies if one.presence is Presence.REPRESENTED]
    facilitators = [one for one in here if one.role is AttendeeRole.FACILITATOR]
    mine = [one for one in cards if one.workshop_id == workshop.id]
    shown = [one for one in mine if one.state is not CardState.HIDDEN]
    hidden = len(mine) - len(shown)
    voiced = [one for one in ideas if one.workshop_id == workshop.id]
    by_state = {state: [i for i in voiced if i.state is state] for state in IdeaState}
    kept = by_state[IdeaState.KEPT]
    masked = some(
        hidden,
        "masquée par l’animation ne compte pas",
        "masquées par l’animation ne comptent pas",
    )
    left_out = f" ; {masked}" if hidden else ""
    return WorkshopFigures(
        workshop_id=workshop.id,
        companies=counted(
            "companies", "Entreprises", "entreprises", companies, Attendance,
            "Une ligne de présence par entreprise, présente ou représentée.",
        ),
        present=counted(
            "present", "Entreprises présentes", "entreprises", present, Attendance,
            "Entreprises venues elles-mêmes, quel que soit le nombre de personnes.",
        ),
        represented=counted(
            "represented", "Entreprises représentées", "entreprises", represented, Attendance,
            "Entreprises dont une autre personne portait les fiches.",
        ),
        facilitators=counted(
            "facilitators", "Animateurs et animatrices", "personnes", facilitators, Attendance,
            "Lignes de présence au titre de l’animation.",
        ),
        cards=counted(
            "cards", "Fiches", "fiches", shown, Card, f"Offres et besoins reçus{left_out}.",
        ),
        ideas=counted(
            "ideas", "Idées", "idées", voiced, Idea,
            "Toutes les idées émises ou proposées, quelle que soit la suite.",
        ),
        kept=counted(
            "kept", "Idées retenues", "idées", kept, Idea, "Idées que l’animation a gardées.",
        ),
        merged=counted(
            "merged", "Idées regroupées", "idées", by_state[IdeaState.MERGED], Idea,
            "Idées réunies à une autre, qui porte la suite.",
        ),
        rejected=counted(
            "rejected", "Idées écartées", "idées", by_state[IdeaState.REJECTED], Idea,
            "Idées que l’animation a écartées.",
        ),
        undecided=counted(
            "undecided", "Idées sans décision", "idées", by_state[IdeaState.PROPOSED], Idea,
            "Idées ni retenues, ni regroupées, ni écartées.",
        ),
        by_side=tallied(
            "by_side", "Fiches par sens",
            (
                ("offer", "Offres", [c for c in shown if c.side is Side.OFFER]),
                ("need", "Besoins", [c for c in shown if c.side is Side.NEED]),
            ),
            unit="fiches", kind=Card, how="Fiches reçues, selon ce que l’entreprise a coché.",
        ),
        by_table=_by_table(shown),
        by_resource=_by_resource(shown, resource_names or {}),
        by_status=_by_status(kept, synergies),
    )  # fmt: skip


def _by_table(cards: Sequence[Card]) -> Tally:
    tables: dict[int, list[Card]] = defaultdict(list)
    for card in cards:
        tables[card.table].append(card)
    # Table 0 is « not said »: last, whatever its size.
    numbers = sorted(tables, key=lambda number: (number == 0, number))
    return tallied(
        "by_table",
        "Fiches par table",
        ((str(n), f"Table {n}" if n else "Table non précisée", tables[n]) for n in numbers),
        unit="fiches",
        kind=Card,
        how="Fiches reçues, selon la table indiquée.",
    )


def _by_resource(cards: Sequence[Card], names: Mapping[str, str]) -> Tally:
    found: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        found[card.resource_id or ""].append(card)
    order = sorted(found, key=lambda one: (one == "", -len(found[one]), names.get(one, one)))
    return tallied(
        "by_resource",
        "Fiches par ressource",
        ((one, names.get(one, one) if one else "Pas encore classées", found[one]) for one in order),
        unit="fiches",
        kind=Card,
        how="Fiches reçues, selon la ressource de la nomenclature.",
    )


def _by_status(kept: Sequence[Idea], synergies: Iterable[Synergy]) -> Tally:
    """Sort kept ideas by what they became; the furthest along when one became several."""
    became: dict[str, Synergy] = {}
    for synergy in synergies:
        if synergy.idea_id is None:
            continue
        known = became.get(synergy.idea_id)
        if known is None or _progress(synergy.status) > _progress(known.status):
            became[synergy.idea_id] = synergy
    groups: dict[str, list[Idea]] = defaultdict(list)
    for idea in kept:
        found = became.get(idea.id)
        groups[found.status.value if found else UNFOLLOWED].append(idea)
    words = {status.value: text for status, text in STATUS_NAMES.items()}
    words[UNFOLLOWED] = "Sans synergie suivie"
    return tallied(
        "by_status",
        "Idées retenues, par statut de leur synergie",
        ((key, label, groups[key]) for key, label in words.items() if groups.get(key)),
        unit="idées",
        kind=Idea,
        how="Statut actuel de la synergie issue de chaque idée retenue.",
    )


def _progress(status: SynergyStatus) -> int:
    return -1 if status in OUT else _RANK[status]
