"""What the Bilan page may say: the records of one revision, counted, and named for its reader."""

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from data.exchange.tables import Cell
from data.french import date, number, tidy
from data.model import (
    Actor,
    Attendance,
    AttendeeRole,
    Card,
    Event,
    FlowStudy,
    Idea,
    Plan,
    Presence,
    Scenario,
    Synergy,
    Visibility,
    Workshop,
)
from data.synergies import STATUS_NAMES
from data.text import fold
from geo.flows import Viewer
from geo.flows.confidentiality import VISIBLE
from optimization.programme import ProgrammeFigures, Records, Span, programme_figures
from pages.ui import wording
from pages.ui.session import Snapshot, get_store, snapshot

Row = dict[str, Cell]

RESERVED: Final = "(réservé)"
"""Written instead of a name that this reader may not see."""
_KINDS: Final = {
    "actors": Actor,
    "studies": FlowStudy,
    "events": Event,
    "workshops": Workshop,
    "attendances": Attendance,
    "cards": Card,
    "ideas": Idea,
    "synergies": Synergy,
    "plans": Plan,
    "scenarios": Scenario,
}


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """One revision of the store, as one viewer may see it.

    Attributes:
        records: everything; counts are of everything, names only of what the viewer may see.
    """

    snapshot: Snapshot
    records: Records
    viewer: Viewer

    def figures(self, span: Span, epci: str | None, today: dt.date) -> ProgrammeFigures:
        """Count a period, over the territory or an EPCI; days after ``today`` count nothing."""
        records = self.records
        territory = self.snapshot.territory
        if epci and territory:
            records = records.within(
                [one.code for one in territory.communes if one.epci_code == epci]
            )
        return programme_figures(
            records,
            start=span.start,
            end=span.end,
            territory=territory,
            resources=self.snapshot.resource,
            event_kinds={kind.value: words for kind, words in wording.EVENT_KIND.items()},
            figures=self.snapshot.figures,
            today=today,
        )

    @cached_property
    def first_year(self) -> int | None:
        """Year of the oldest dated record; ``None`` when nothing is dated."""
        records = self.records
        days = [
            *(one.day for one in records.studies),
            *(one.day for one in records.events),
            *(one.day for one in records.workshops),
            *(step.day for one in records.synergies for step in one.steps),
        ]
        return min((int(day[:4]) for day in days if day), default=None)

    def rows(self, kind: type[Any], ids: Iterable[str]) -> list[Row]:
        """Return one row a record, in this order, with what the viewer may read of it."""
        by_id, row = self._by_kind[kind]
        return [row(by_id[one]) for one in ids if one in by_id]

    @cached_property
    def _by_kind(self) -> Mapping[type[Any], tuple[Mapping[str, Any], Callable[[Any], Row]]]:
        rows: dict[type[Any], Callable[[Any], Row]] = {
            Actor: self._actor,
            FlowStudy: self._study,
            Event: self._event,
            Workshop: self._workshop,
            Attendance: self._attendance,
            Card: self._card,
            Idea: self._idea,
            Synergy: self._synergy,
            Plan: self._plan,
        }
        return {
            kind: ({one.id: one for one in getattr(self.records, name)}, rows[kind])
            for name, kind in _KINDS.items()
            if kind in rows
        }

    def sees(self, visibility: Visibility) -> bool:
        """Whether the viewer may read what has this visibility."""
        return visibility in VISIBLE[self.viewer]

    @property
    def sees_network(self) -> bool:
        """Whether the viewer belongs to the network: what is said at a workshop stays in it."""
        return self.sees(Visibility.NETWORK)

    def actor_name(self, actor_id: str | None) -> str:
        """Name of an actor, if the viewer may read it."""
        actor = self.snapshot.actor.get(actor_id or "")
        if actor is None:
            return ""
        return actor.name if self.sees(actor.visibility) else RESERVED

    def commune_name(self, code: str) -> str:
        """Name of a commune, or its code outside the territory."""
        commune = self.snapshot.commune.get(code)
        return commune.name if commune else code

    def place(self, one: Event | Workshop) -> str:
        """Where something happened: « Salle des fêtes, Eymet »."""
        commune = self.commune_name(one.commune_code)
        # « Espace Lagabrielle, Bergerac » says its commune already.
        parts = (one.place, "" if fold(commune) in fold(one.place) else commune)
        return ", ".join(part for part in parts if part)

    def _actor(self, actor: Actor) -> Row:
        shown = self.sees(actor.visibility)
        return {
            "Acteur": actor.name if shown else RESERVED,
            "Type": wording.ACTOR_KIND[actor.kind],
            "Collège": wording.COLLEGE[actor.college],
            "Commune": self.commune_name(actor.commune_code) if shown else RESERVED,
        }

    def _study(self, study: FlowStudy) -> Row:
        return {"Date": date(study.day), "Acteur": self.actor_name(study.actor_id)}

    def _event(self, event: Event) -> Row:
        return {
            "Date": event_days(event),
            "Temps fort": event.name,
            "Type": wording.EVENT_KIND[event.kind],
            "Lieu": self.place(event),
            "Participants": event.attendance,
        }

    def _workshop(self, workshop: Workshop) -> Row:
        return {
            "Date": date(workshop.day),
            "Atelier": workshop.name,
            "Lieu": self.place(workshop),
            "État": wording.WORKSHOP_STATE[workshop.state],
        }

    def _attendance(self, one: Attendance) -> Row:
        company = one.role is AttendeeRole.COMPANY
        return {
            "Nom": one.name if self.sees_network or not company else RESERVED,
            "Rôle": "Entreprise" if company else "Animation",
            "Présence": "présente" if one.presence is Presence.PRESENT else "représentée",
            "Table": one.table or None,
        }

    def _card(self, card: Card) -> Row:
        resource = self.snapshot.resource.get(card.resource_id or "")
        amount = "" if card.quantity is None else f"{number(card.quantity)} {card.unit}".strip()
        period = f" par {wording.PERIOD[card.period]}" if card.period and amount else ""
        return {
            "Sens": wording.SIDE[card.side],
            "Ressource": resource.name if resource else "pas encore classée",
            "Mots de la fiche": card.label if self.sees_network else RESERVED,
            "Quantité": amount + period,
            "Entreprise": card.company if self.sees_network else RESERVED,
            "Table": card.table or None,
        }

    def _idea(self, idea: Idea) -> Row:
        shown = self.sees_network
        return {
            "Idée": idea.title if shown else RESERVED,
            "Suite": wording.IDEA_STATE[idea.state],
            "Entreprises": ", ".join(idea.company_names) if shown else RESERVED,
            "Responsable": idea.owner if shown else RESERVED,
        }

    def _synergy(self, synergy: Synergy) -> Row:
        shown = self.sees(synergy.visibility)
        open_mass = shown and synergy.visibility is not Visibility.CONFIDENTIAL
        return {
            "Synergie": synergy.title if shown else RESERVED,
            "Statut": STATUS_NAMES[synergy.status],
            "Depuis": date(synergy.steps[-1].day) if synergy.steps else "",
            "Acteurs": ", ".join(self.actor_name(party.actor_id) for party in synergy.parties)
            if shown
            else RESERVED,
            "Tonnes par an": synergy.mass_t_per_year if open_mass else None,
        }

    def _plan(self, plan: Plan) -> Row:
        metres = sum(visit.distance_m for trip in plan.rounds for visit in trip.visits)
        return {
            "Plan": plan.name,
            "Calculé le": date(plan.created_at),
            "Tournées": len(plan.rounds),
            "Kilomètres": round(metres / 1000, 1),
        }


def event_days(event: Event) -> str:
    """Write the day or days of an event."""
    first = date(event.day)
    if not event.end_day or event.end_day == event.day:
        return first
    return f"{first} au {date(event.end_day)}"


def difference(now: float | None, before: float | None) -> str:
    """Write how a figure changed: « +12 », « −3 », « = »; empty when one is unknown."""
    if now is None or before is None:
        return ""
    change = now - before
    text = number(change, 0 if abs(change) >= 10 or change == round(change) else 1)  # noqa: PLR2004
    if text == "0":
        return "="
    return tidy(text if change < 0 else f"+{text}")


_views: dict[tuple[str, int, Viewer], ReportView] = {}
_lock = threading.Lock()
_KEPT: Final = 6


def report_view(viewer: Viewer) -> ReportView:
    """Return the view of this revision, read once for all sessions."""
    store = get_store()
    revision = store.revision()
    held = snapshot()
    key = (held.key, revision, viewer)
    with _lock:
        found = _views.get(key)
        if found is None:
            same = next((v for (k, r, _), v in _views.items() if (k, r) == key[:2]), None)
            records = (
                same.records
                if same
                else Records(**{name: store.list(kind) for name, kind in _KINDS.items()})
            )
            found = ReportView(snapshot=held, records=records, viewer=viewer)
            while len(_views) >= _KEPT:
                _views.pop(next(iter(_views)))
            _views[key] = found
        return found
