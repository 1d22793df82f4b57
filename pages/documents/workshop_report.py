"""The report of one workshop: who came, what was written, what was kept, and who does what next.

For those who took part and the team: it names companies and owners, and says so at its foot.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from data import french
from data.exchange.tables import Cell, Sheet, xlsx_bytes
from data.french import number, tidy
from data.model import (
    Attendance,
    AttendeeRole,
    Card,
    CardState,
    Idea,
    IdeaState,
    Origin,
    Presence,
    Resource,
    Side,
    Synergy,
    SynergyStatus,
    Workshop,
)
from data.store import Store
from data.synergies import STATUS_NAMES
from data.text import fold
from optimization.programme import Tally, WorkshopFigures, workshop_figures
from pages.documents.typesetting import printable, typeset
from pages.ui import wording

AUDIENCE: Final = "réservé aux participants et à l’équipe du programme"
_MOST_REJECTED: Final = 60
_ORDER: Final = tuple(STATUS_NAMES)


@dataclass(frozen=True, kw_only=True)
class WorkshopDay:
    """Everything the report of a day is made from; plain records, safe in a thread or a worker.

    Attributes:
        resources: the nomenclature by id.
        place: where it was, in words.
        day: date written in the files; same arguments, same bytes.
    """

    workshop: Workshop
    attendances: tuple[Attendance, ...]
    cards: tuple[Card, ...]
    ideas: tuple[Idea, ...]
    synergies: tuple[Synergy, ...]
    resources: Mapping[str, Resource]
    place: str
    day: dt.date

    @classmethod
    def read(cls, store: Store, workshop_id: str, day: dt.date) -> "WorkshopDay":
        """Read a workshop and all that hangs from it.

        Raises:
            NotFoundError: no such workshop.
        """
        workshop = store.get(Workshop, workshop_id)
        territory = store.territory()
        communes = {c.code: c.name for c in territory.communes} if territory else {}
        parts = (workshop.place, communes.get(workshop.commune_code, workshop.commune_code))
        return cls(
            workshop=workshop,
            attendances=store.list(Attendance, workshop_id=workshop_id),
            cards=store.list(Card, workshop_id=workshop_id),
            ideas=store.list(Idea, workshop_id=workshop_id),
            synergies=store.list(Synergy, workshop_id=workshop_id),
            resources={one.id: one for one in store.list(Resource)},
            place=", ".join(dict.fromkeys(part for part in parts if part)),
            day=day,
        )

    @cached_property
    def figures(self) -> WorkshopFigures:
        """The day counted."""
        return workshop_figures(
            self.workshop, self.attendances, self.cards, self.ideas, self.synergies,
            resource_names={key: one.name for key, one in self.resources.items()},
        )  # fmt: skip

    @property
    def stem(self) -> str:
        """Beginning of the files' names."""
        return f"atelier-{self.workshop.day}"

    @cached_property
    def followed(self) -> Mapping[str, Synergy]:
        """The synergy each kept idea became, by idea id; the furthest along if several."""
        found: dict[str, Synergy] = {}
        for one in sorted(self.synergies, key=lambda s: (_ORDER.index(s.status), s.id)):
            if one.idea_id is None:
                continue
            known = found.get(one.idea_id)
            if known is None or known.status is not SynergyStatus.ABANDONED:
                found[one.idea_id] = one
        return found

    def ideas_in(self, state: IdeaState) -> list[Idea]:
        """Ideas in a state, by title."""
        return sorted(
            (one for one in self.ideas if one.state is state), key=lambda i: (fold(i.title), i.id)
        )

    @property
    def kept(self) -> list[Idea]:
        """Kept ideas, the furthest along first, those without synergy last but the abandoned."""
        return sorted(
            self.ideas_in(IdeaState.KEPT),
            key=lambda one: -self._advance(one),
        )

    def _advance(self, idea: Idea) -> int:
        synergy = self.followed.get(idea.id)
        if synergy is None:
            return 0
        out = synergy.status in {SynergyStatus.SUSPENDED, SynergyStatus.ABANDONED}
        return -1 if out else 1 + _ORDER.index(synergy.status)

    def resource_name(self, resource_id: str | None) -> str:
        """Name of a resource, empty when not classified."""
        resource = self.resources.get(resource_id or "")
        return resource.name if resource else ""

    def amount(self, card: Card) -> str:
        """Write the quantity on a card: « 120 palettes par mois »."""
        if card.quantity is None:
            return ""
        period = f" par {wording.PERIOD[card.period]}" if card.period else ""
        return f"{french.quantity(card.quantity, card.unit)}{period}"


def workshop_report_pdf(day: WorkshopDay) -> bytes:
    """Return the PDF (A4)."""
    figures, workshop = day.figures, day.workshop
    kept = day.kept
    merged = day.ideas_in(IdeaState.MERGED)
    rejected = day.ideas_in(IdeaState.REJECTED)
    titles = {one.id: one.title for one in day.ideas}
    demo = workshop.origin is not Origin.FIELD
    content = {
        "title": printable(workshop.name),
        "under": printable(tidy(f"{french.date(workshop.day)}, {day.place}".rstrip(", "))),
        "date": french.date(day.day),
        "audience": AUDIENCE,
        "demo": demo,
        "facts": [
            {"label": one.label, "value": one.short, "unit": "", "bounds": "", "change": note}
            for one, note in _headlines(figures)
        ],
        "status": [
            {
                "label": row.label,
                "count": row.text,
                "share": (row.value or 0) / (figures.kept.value or 1),
                "out": row.key.endswith((":abandoned", ":suspended")),
            }
            for row in figures.by_status.rows
        ],
        "kept": [_kept(day, one) for one in kept],
        "merged": [
            [printable(one.title), printable(titles.get(one.merged_into or "", "–"))]
            for one in merged[:_MOST_REJECTED]
        ],
        "rejected": [
            [printable(one.title), printable(one.reason or "–")]
            for one in rejected[:_MOST_REJECTED]
        ],
        "more_merged": max(0, len(merged) - _MOST_REJECTED),
        "more_rejected": max(0, len(rejected) - _MOST_REJECTED),
        "tables": _counts(figures.by_table),
        "resources": _counts(figures.by_resource),
        "companies": [
            {
                "name": printable(one.name),
                "represented": one.presence is Presence.REPRESENTED,
                "table": f"table {one.table}" if one.table else "",
            }
            for one in sorted(day.attendances, key=lambda a: fold(a.name))
            if one.role is AttendeeRole.COMPANY
        ],
        "facilitators": [
            printable(one.name)
            for one in sorted(day.attendances, key=lambda a: fold(a.name))
            if one.role is AttendeeRole.FACILITATOR
        ],
    }
    return typeset("workshop_report", content, day.day)


def _headlines(figures: WorkshopFigures) -> list[tuple[Any, str]]:
    represented = number(figures.represented.value or 0)
    offers, needs = (row.text for row in figures.by_side.rows)
    return [
        (figures.present, f"+ {represented} représentées" if represented != "0" else ""),
        (figures.facilitators, ""),
        (figures.cards, f"{offers} offres, {needs} besoins"),
        (figures.ideas, ""),
        (figures.kept, ""),
    ]


def _counts(tally: Tally) -> list[list[str]]:
    return [[printable(row.label), row.text] for row in tally.rows]


def _kept(day: WorkshopDay, idea: Idea) -> dict[str, str]:
    synergy = day.followed.get(idea.id)
    next_step = ""
    if synergy is not None:
        when = f"{french.date(synergy.next_step_day)} : " if synergy.next_step_day else ""
        next_step = tidy(f"{when}{synergy.next_step}".removesuffix(" : "))
    return {
        "title": printable(idea.title),
        "companies": printable(", ".join(idea.company_names)),
        "resource": printable(day.resource_name(idea.resource_id)),
        "owner": printable((synergy.owner if synergy else "") or idea.owner or "à désigner"),
        "status": STATUS_NAMES[synergy.status] if synergy else "sans synergie suivie",
        "next": printable(next_step or "à fixer"),
    }


def workshop_report_xlsx(day: WorkshopDay) -> bytes:
    """Return the workbook: figures, attendance, cards, ideas with owners and next steps."""
    figures = day.figures
    facts: list[dict[str, Cell]] = [
        {"Chiffre": one.label, "Nombre": int(one.value or 0), "Comment c’est compté": one.how}
        for one in figures.facts
    ]
    for tally in (figures.by_side, figures.by_status, figures.by_table, figures.by_resource):
        facts += [
            {
                "Chiffre": f"{tally.label}\u202f: {row.label}",
                "Nombre": int(row.value or 0),
                "Comment c’est compté": row.how,
            }
            for row in tally.rows
        ]
    sheets = [
        _sheet("Chiffres", ("Chiffre", "Nombre", "Comment c’est compté"), facts),
        _sheet(
            "Présences",
            ("Nom", "Rôle", "Présence", "Table"),
            [
                {
                    "Nom": one.name,
                    "Rôle": "Entreprise" if one.role is AttendeeRole.COMPANY else "Animation",
                    "Présence": "présente" if one.presence is Presence.PRESENT else "représentée",
                    "Table": one.table or None,
                }
                for one in sorted(day.attendances, key=lambda a: (a.role, fold(a.name)))
            ],
        ),
        _sheet(
            "Fiches",
            ("Sens", "Ressource", "Mots de la fiche", "Quantité", "Unité", "Période", "Précisions",
             "Entreprise", "Contact (rôle)", "Table"),
            [_card(day, one) for one in day.cards if one.state is not CardState.HIDDEN],
        ),
        _sheet(
            "Idées",
            ("Idée", "Suite", "Statut", "Entreprises", "Ressource", "Responsable",
             "Prochaine étape", "Date", "Regroupée dans", "Motif", "Proposée par"),
            [
                _idea(day, one)
                for state in (IdeaState.KEPT, IdeaState.PROPOSED, IdeaState.MERGED,
                              IdeaState.REJECTED)
                for one in (day.kept if state is IdeaState.KEPT else day.ideas_in(state))
            ],
        ),
        _sheet(
            "À lire",
            ("Quoi", "Dit"),
            [
                {"Quoi": "Atelier", "Dit": day.workshop.name},
                {"Quoi": "Date", "Dit": french.date(day.workshop.day)},
                {"Quoi": "Lieu", "Dit": day.place},
                {"Quoi": "Établi le", "Dit": french.date(day.day)},
                {"Quoi": "Diffusion", "Dit": AUDIENCE},
            ],
        ),
    ]  # fmt: skip
    return xlsx_bytes(sheets)


def _sheet(name: str, columns: tuple[str, ...], rows: list[dict[str, Cell]]) -> Sheet:
    return Sheet(name, columns, tuple(rows))


def _card(day: WorkshopDay, card: Card) -> dict[str, Cell]:
    return {
        "Sens": "Offre" if card.side is Side.OFFER else "Besoin",
        "Ressource": day.resource_name(card.resource_id),
        "Mots de la fiche": card.label,
        "Quantité": card.quantity,
        "Unité": card.unit,
        "Période": wording.PERIOD[card.period] if card.period else "",
        "Précisions": card.words,
        "Entreprise": card.company,
        "Contact (rôle)": card.contact_role,
        "Table": card.table or None,
    }


def _idea(day: WorkshopDay, idea: Idea) -> dict[str, Cell]:
    synergy = day.followed.get(idea.id)
    titles = {one.id: one.title for one in day.ideas} if idea.merged_into else {}
    return {
        "Idée": idea.title,
        "Suite": wording.IDEA_STATE[idea.state],
        "Statut": STATUS_NAMES[synergy.status] if synergy else "",
        "Entreprises": ", ".join(idea.company_names),
        "Ressource": day.resource_name(idea.resource_id),
        "Responsable": (synergy.owner if synergy else "") or idea.owner,
        "Prochaine étape": synergy.next_step if synergy else "",
        "Date": french.date(synergy.next_step_day) if synergy and synergy.next_step_day else "",
        "Regroupée dans": titles.get(idea.merged_into or "", ""),
        "Motif": idea.reason,
        "Proposée par": idea.proposed_by,
    }
