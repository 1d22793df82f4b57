"""Add, change or remove a « temps fort »; everything can be taken back."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from data.errors import CartofluxError
from data.french import date, quote
from data.model import Event, EventKind, Origin
from pages.data_parts.session import forget_news, tell, tell_error
from pages.report_parts.view import ReportView
from pages.ui import wording
from pages.ui.session import get_store, who

_CHOSEN: Final = "report-event"
_FORM: Final = "report-event-form"


@dataclass(frozen=True, slots=True)
class _Typed:
    """Keys of the form's widgets; another event is another form."""

    mark: str

    def key(self, name: str) -> str:
        return f"report-event-{name}-{self.mark}"


def draw(view: ReportView) -> None:
    """Draw the choice of an event, then its form."""
    events = {one.id: one for one in sorted(view.records.events, key=lambda e: e.day, reverse=True)}
    chosen = st.selectbox(
        "Temps fort",
        [None, *events],
        key=_CHOSEN,
        format_func=lambda one: _title(events[one]) if one in events else "Nouveau temps fort",
    )
    event = events.get(chosen or "")
    typed = _Typed(f"{event.id}-{event.revision}" if event else f"new-{len(events)}")
    with st.form(_FORM, border=False):
        _fields(view, typed, event)
        with st.container(horizontal=True):
            st.form_submit_button(
                "Enregistrer", type="primary", icon=":material/save:", key="report-event-save",
                on_click=_save, args=(typed, event),
            )  # fmt: skip
            if event is not None:
                st.form_submit_button(
                    "Supprimer", icon=":material/delete:", key="report-event-delete",
                    on_click=_delete, args=(event,),
                )  # fmt: skip


def _title(event: Event) -> str:
    return f"{date(event.day)} – {event.name}"


def _fields(view: ReportView, typed: _Typed, event: Event | None) -> None:
    st.text_input(
        "Nom", value=event.name if event else "", key=typed.key("name"), max_chars=200,
        placeholder="Visite d’entreprise, comité, soirée…",
    )  # fmt: skip
    first, last, kind = st.columns(3)
    first.date_input(
        "Jour", _day(event.day) if event else "today", format="DD/MM/YYYY", key=typed.key("day")
    )
    last.date_input(
        "Dernier jour, s’il y en a plusieurs", _day(event.end_day) if event else None,
        format="DD/MM/YYYY", key=typed.key("end"),
    )  # fmt: skip
    kinds = list(EventKind)
    kind.selectbox(
        "Type", kinds, index=kinds.index(event.kind) if event else kinds.index(EventKind.OTHER),
        format_func=wording.EVENT_KIND.__getitem__, key=typed.key("kind"),
    )  # fmt: skip
    place, commune, people = st.columns(3)
    place.text_input("Lieu", value=event.place if event else "", key=typed.key("place"))
    codes = sorted(view.snapshot.commune, key=view.commune_name)
    commune.selectbox(
        "Commune", codes, format_func=view.commune_name, key=typed.key("commune"),
        index=codes.index(event.commune_code) if event and event.commune_code in codes else None,
        placeholder="Choisir", help="Le temps fort est placé à sa mairie sur la carte.",
    )  # fmt: skip
    people.number_input(
        "Participants", value=event.attendance if event else None, min_value=0, step=1,
        key=typed.key("people"), placeholder="pas compté",
        help="Laissez vide si personne n’a compté\u202f: ce n’est pas zéro.",
    )  # fmt: skip
    st.text_area(
        "En une phrase", value=event.description if event else "", key=typed.key("words"),
        height=80, max_chars=600,
    )  # fmt: skip


def _day(iso: str) -> dt.date | None:
    return dt.date.fromisoformat(iso) if iso else None


def _save(typed: _Typed, event: Event | None) -> None:
    """Write what the form holds (a widget callback)."""
    state = st.session_state
    day, end = state.get(typed.key("day")), state.get(typed.key("end"))
    people = state.get(typed.key("people"))
    fresh = event or Event(id=uuid.uuid4().hex, name="", day="")
    code = str(state.get(typed.key("commune")) or "")
    moved = event is not None and code != event.commune_code
    wanted = replace(
        fresh,
        name=" ".join(str(state.get(typed.key("name")) or "").split()),
        day=day.isoformat() if day else "",
        end_day=end.isoformat() if end else "",
        kind=state.get(typed.key("kind")) or EventKind.OTHER,
        place=" ".join(str(state.get(typed.key("place")) or "").split()),
        commune_code=code,
        # A position of its own belongs to the commune it was given in.
        lon=None if moved else fresh.lon,
        lat=None if moved else fresh.lat,
        attendance=None if people is None else int(people),
        description=str(state.get(typed.key("words")) or "").strip(),
        origin=Origin.FIELD,
    )
    forget_news()
    try:
        with get_store().transaction(who=who(), what=f"Temps fort {quote(wanted.name)}") as tx:
            tx.put(wanted)
            number = tx.number()
    except CartofluxError as error:
        tell_error(error)
        return
    tell(f"Le temps fort {quote(wanted.name)} est enregistré.", undo=number)


def _delete(event: Event) -> None:
    """Remove an event (a widget callback)."""
    forget_news()
    try:
        with get_store().transaction(
            who=who(), what=f"Suppression du temps fort {quote(event.name)}"
        ) as tx:
            tx.delete(Event, event.id, event.revision)
            number = tx.number()
    except CartofluxError as error:
        tell_error(error)
        return
    tell(f"Le temps fort {quote(event.name)} est supprimé.", undo=number)
