"""The programme's figures over a period."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from data.figures import Figures
from data.french import NNBSP, tidy
from data.model import (
    Actor,
    Card,
    CardState,
    College,
    Event,
    FlowStudy,
    Idea,
    IdeaState,
    Plan,
    Resource,
    StudyState,
    Synergy,
    SynergyStatus,
    Territory,
    Visibility,
    Workshop,
)
from data.synergies import DONE, STATUS_NAMES
from optimization.programme.fact import Fact, Tally, counted, some, tallied
from optimization.programme.matter import matter_facts
from optimization.programme.period import Span
from optimization.programme.records import Records
from optimization.programme.steps import (
    Move,
    moves,
    working_days,
)
from optimization.programme.workshop import WorkshopFigures, workshop_figures

Dated = TypeVar("Dated", Event, Workshop)

_KM = 1000.0

COLLEGES = {College.PUBLIC: "Public", College.PRIVATE: "Privé", College.POPULATION: "Population"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeFigures:
    """Everything a report says of a period.

    Attributes:
        facts: headline figures, in the order to read them.
        by_status: synergies by status on the last day.
        entered: synergies by the status they entered during the period (one that went through
            two counts in both).
        moves: what became of each synergy between the eve and the last day.
        workshops: figures of each workshop of the period, oldest first.
        events: events that begin in the period, oldest first, those to come included (the
            figures count those that have begun).
        notes: what the figures leave out, one French sentence each.
    """

    span: Span
    facts: tuple[Fact, ...]
    by_college: Tally
    by_epci: Tally
    by_event: Tally
    by_status: Tally
    entered: Tally
    moves: tuple[Move, ...]
    workshops: tuple[WorkshopFigures, ...]
    events: tuple[Event, ...]
    notes: tuple[str, ...]

    def fact(self, key: str) -> Fact:
        """Return a headline figure.

        Raises:
            KeyError: no such figure.
        """
        for one in self.facts:
            if one.key == key:
                return one
        raise KeyError(key)

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Every table of counts."""
        return (self.by_college, self.by_epci, self.by_event, self.by_status, self.entered)


def programme_figures(
    records: Records,
    *,
    start: dt.date,
    end: dt.date,
    territory: Territory | None = None,
    event_kinds: Mapping[str, str] | None = None,
    resources: Mapping[str, Resource] | None = None,
    figures: Figures | None = None,
    today: dt.date | None = None,
) -> ProgrammeFigures:
    """Count the programme over a period.

    Args:
        records: already narrowed to an EPCI with :meth:`Records.within`, if one is asked for.
        start: first day.
        end: last day, included.
        territory: names the EPCI of actors.
        event_kinds: event kind → French words.
        resources: the nomenclature by id.
        figures: hypotheses, for CO₂e; without them nothing is said of it.
        today: days after it have not happened: nothing is kept nor avoided on them.

    Raises:
        InputError: the period ends before it begins.
    """
    span = Span(start, end)
    past = _past(span, today)
    names = {key: one.name for key, one in (resources or {}).items()}
    found = moves(records.synergies, span)
    workshops = _dated(records.workshops, past)
    events = _dated(records.events, past)
    planned = _dated(records.events, span)
    undated = [one for one in records.synergies if not one.steps]
    drafts = [
        one for one in records.studies if span.holds(one.day) and one.state is StudyState.DRAFT
    ]
    secret = [
        one
        for one in records.synergies
        if one.visibility is Visibility.CONFIDENTIAL and past and working_days(one, past)
    ]
    facts = (
        *_people(records, span, found),
        *_days(records, events, workshops),
        *_synergies(records, found),
        *matter_facts(records, span, past, figures, resources or {}),
        *_rounds(records, span),
    )
    notes = (
        "La période n’est pas finie : tonnes et CO₂ s’arrêtent à aujourd’hui, et la période "
        "d’avant, elle, est entière."
        if past != span
        else "",
        some(
            len(planned) - len(events),
            "temps fort à venir ne compte pas encore.",
            "temps forts à venir ne comptent pas encore.",
        )
        if len(planned) > len(events)
        else "",
        some(
            len(undated),
            "synergie sans étape datée n’est dans aucun compte.",
            "synergies sans étape datée ne sont dans aucun compte.",
        )
        if undated
        else "",
        some(
            len(drafts),
            "étude encore à l’état de brouillon ne compte pas.",
            "études encore à l’état de brouillon ne comptent pas.",
        )
        if drafts
        else "",
        some(
            len(secret),
            "synergie confidentielle compte parmi les synergies, jamais dans les tonnes ni le CO₂.",
            "synergies confidentielles comptent parmi les synergies, jamais dans les tonnes ni "
            "le CO₂.",
        )
        if secret
        else "",
        "Les fiches d’acteurs ne portent pas de date : leur nombre est celui d’aujourd’hui."
        if records.actors
        else "",
    )
    return ProgrammeFigures(
        span=span,
        facts=facts,
        by_college=tallied(
            "by_college", "Acteurs par collège",
            (
                (college.value, words, [a for a in records.actors if a.college is college])
                for college, words in COLLEGES.items()
            ),
            unit="acteurs", kind=Actor, how="Acteurs connus aujourd’hui, selon leur collège.",
        ),
        by_epci=_by_epci(records.actors, territory),
        by_event=_by_event(events, event_kinds or {}),
        by_status=_by_status(records.synergies, found),
        entered=_entered(records.synergies, found),
        moves=found,
        workshops=tuple(
            workshop_figures(
                one, records.attendances, records.cards, records.ideas, records.synergies,
                resource_names=names,
            )
            for one in workshops
        ),
        events=tuple(planned),
        notes=tuple(tidy(note) for note in notes if note),
    )  # fmt: skip


def _past(span: Span, today: dt.date | None) -> Span | None:
    """Return the days of a period that have happened; ``None`` when none has."""
    if today is None or today >= span.end:
        return span
    return Span(span.start, today) if today >= span.start else None


def _dated(records: Iterable[Dated], span: Span | None) -> list[Dated]:
    """Keep what begins in the period, oldest first: consecutive periods then add up."""
    if span is None:
        return []
    return sorted((one for one in records if span.holds(one.day)), key=lambda o: (o.day, o.id))


def _people(records: Records, span: Span, found: Sequence[Move]) -> tuple[Fact, ...]:
    studied = [
        one for one in records.studies if one.state is StudyState.FINAL and span.holds(one.day)
    ]
    days = {one.id for one in records.workshops if span.holds(one.day)}
    moved = {one.synergy_id for one in found if one.reached}
    active = {one.actor_id for one in studied}
    active |= {
        one.actor_id for one in records.attendances if one.workshop_id in days and one.actor_id
    }
    active |= {
        party.actor_id for one in records.synergies if one.id in moved for party in one.parties
    }
    known = sorted(records.actors, key=lambda one: (one.name.casefold(), one.id))
    return (
        counted(
            "actors", "Acteurs connus", "acteurs", known, Actor,
            "Fiches d’acteurs du répertoire, aujourd’hui.",
        ),
        counted(
            "active", "Acteurs mobilisés", "acteurs", [a for a in known if a.id in active], Actor,
            "Acteurs qui, pendant la période, ont eu une étude validée, sont venus à un atelier, "
            "ou sont partie d’une synergie qui a avancé ; chacun compte une fois.",
        ),
        counted(
            "studies", "Études de flux", "études",
            sorted(studied, key=lambda one: (one.day, one.id)), FlowStudy,
            "Études validées, à la date de la visite.",
        ),
    )  # fmt: skip


def _days(
    records: Records, events: Sequence[Event], workshops: Sequence[Workshop]
) -> tuple[Fact, ...]:
    counted_events = [one for one in events if one.attendance is not None]
    uncounted = len(events) - len(counted_events)
    people = sum(one.attendance or 0 for one in counted_events)
    held = {one.id for one in workshops}
    cards = [
        one
        for one in records.cards
        if one.workshop_id in held and one.state is not CardState.HIDDEN
    ]
    ideas = [one for one in records.ideas if one.workshop_id in held]
    kept = [one for one in ideas if one.state is IdeaState.KEPT]
    silent = some(
        uncounted, "temps fort sans comptage n’y est pas", "temps forts sans comptage n’y sont pas"
    )
    apart = f" ; {silent}" if uncounted else ""
    return (
        counted(
            "events", "Temps forts", "temps forts", events, Event,
            "Temps forts qui commencent pendant la période, ateliers inscrits compris.",
        ),
        Fact(
            key="attendance", label="Participations", unit="participations",
            value=float(people) if counted_events or not events else None,
            how=tidy(f"Somme des présences comptées à chaque temps fort{apart}. Une personne venue "
                     "deux fois compte deux fois."),
            kind=Event, ids=tuple(one.id for one in counted_events),
        ),
        counted(
            "workshops", "Ateliers", "ateliers", workshops, Workshop,
            "Ateliers dont la date tombe dans la période.",
        ),
        counted(
            "cards", "Fiches d’atelier", "fiches", cards, Card,
            "Offres et besoins reçus aux ateliers de la période, sans les fiches masquées.",
        ),
        counted(
            "ideas", "Idées", "idées", ideas, Idea,
            "Idées émises aux ateliers de la période, quelle que soit la suite.",
        ),
        counted(
            "kept", "Idées retenues", "idées", kept, Idea,
            "Idées gardées à l’issue des ateliers de la période.",
        ),
    )  # fmt: skip


def _synergies(records: Records, found: Sequence[Move]) -> tuple[Fact, ...]:
    by_id = {one.id: one for one in records.synergies}
    moved = [by_id[one.synergy_id] for one in found if one.reached]
    followed = [by_id[one.synergy_id] for one in found if one.after is not SynergyStatus.ABANDONED]
    realised = [
        by_id[one.synergy_id]
        for one in found
        if one.before not in DONE and any(status in DONE for status in one.reached)
    ]
    return (
        counted(
            "synergies", "Synergies suivies", "synergies", followed, Synergy,
            "Synergies ouvertes au dernier jour de la période, d’après leurs étapes datées ; les "
            "abandonnées n’y sont pas.",
        ),
        counted(
            "moved", "Synergies ayant changé de statut", "synergies", moved, Synergy,
            "Synergies dont le statut a changé pendant la période.",
        ),
        counted(
            "realised", "Synergies réalisées", "synergies", realised, Synergy,
            "Synergies devenues réalisées (ou pérennes) pendant la période.",
        ),
    )  # fmt: skip


def _rounds(records: Records, span: Span) -> tuple[Fact, ...]:
    """Count the last plan of each scenario only: the others are drafts of the same rounds."""
    days = {one.id: one.day for one in records.scenarios}
    last: dict[str, Plan] = {}
    for plan in sorted(records.plans, key=lambda one: (one.created_at, one.id)):
        last[plan.scenario_id] = plan
    kept = [
        plan for plan in last.values() if span.holds(days.get(plan.scenario_id) or plan.created_at)
    ]
    rounds = sum(len(plan.rounds) for plan in kept)
    lengths = [
        (sum(visit.distance_m for trip in plan.rounds for visit in trip.visits) / _KM, plan)
        for plan in kept
    ]
    how = (
        "Dernier plan enregistré de chaque scénario, au jour prévu pour la tournée ou, pour un "
        "jour type, au jour du calcul ; une tournée planifiée n’est pas forcément roulée."
    )
    ids = tuple(plan.id for plan in kept)
    return (
        Fact(
            key="rounds", label="Tournées planifiées", value=float(rounds), unit="tournées",
            how=tidy(how), kind=Plan, ids=ids,
        ),
        Fact(
            key="km", label="Kilomètres planifiés", value=sum(km for km, _ in lengths), unit="km",
            low=sum(km * (1 - min(1.0, p.travel_margin)) for km, p in lengths) if kept else None,
            high=sum(km * (1 + p.travel_margin) for km, p in lengths) if kept else None,
            how=tidy(f"Longueur de ces tournées, avec la marge de leur source de trajets. {how}"),
            kind=Plan, ids=ids,
        ),
    )  # fmt: skip


def _by_epci(actors: Iterable[Actor], territory: Territory | None) -> Tally:
    home = {c.code: c.epci_code for c in territory.communes} if territory else {}
    groups: dict[str, list[Actor]] = defaultdict(list)
    for actor in actors:
        groups[home.get(actor.commune_code, "")].append(actor)
    names = [(e.code, e.short_name) for e in territory.epcis] if territory else []
    rows = [(code, name, groups.get(code, [])) for code, name in names if groups.get(code)]
    if groups.get(""):
        rows.append(("outside", "Hors du territoire", groups[""]))
    return tallied(
        "by_epci", "Acteurs par EPCI", rows,
        unit="acteurs", kind=Actor, how="Acteurs connus aujourd’hui, selon leur commune.",
    )  # fmt: skip


def _by_event(events: Iterable[Event], words: Mapping[str, str]) -> Tally:
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        groups[event.kind.value].append(event)
    return tallied(
        "by_event", "Temps forts par type",
        (
            (kind, words.get(kind, kind), group)
            for kind, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        ),
        unit="temps forts", kind=Event, how="Temps forts qui commencent pendant la période.",
    )  # fmt: skip


def _by_status(synergies: Iterable[Synergy], found: Sequence[Move]) -> Tally:
    by_id = {one.id: one for one in synergies}
    return tallied(
        "by_status", f"Synergies par statut{NNBSP}: au dernier jour",
        (
            (status.value, words, [by_id[m.synergy_id] for m in found if m.after is status])
            for status, words in STATUS_NAMES.items()
        ),
        unit="synergies", kind=Synergy,
        how="Statut de chaque synergie à la fin du dernier jour, d’après ses étapes datées.",
    )  # fmt: skip


def _entered(synergies: Iterable[Synergy], found: Sequence[Move]) -> Tally:
    by_id = {one.id: one for one in synergies}
    return tallied(
        "entered", "Passages pendant la période",
        (
            (status.value, words, [by_id[m.synergy_id] for m in found if status in m.reached])
            for status, words in STATUS_NAMES.items()
        ),
        unit="synergies", kind=Synergy,
        how="Synergies entrées dans ce statut pendant la période ; celle qui en a traversé deux "
        "compte dans les deux.",
    )  # fmt: skip
