"""The study that is open: what the store has of it, what is typed, and how it is saved."""

import dataclasses
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from data.errors import CartofluxError, ConflictError, InputError
from data.exchange import study_lines
from data.exchange.study_lines import Line
from data.french import clock, quote
from data.model import Actor, Flow, FlowStudy, Origin, StudyState, StudyStep
from data.text import slug
from pages.data_parts.session import directory, tell
from pages.ui import localtime
from pages.ui.session import get_store, snapshot, who

QUERY: Final = "etude"
"""Key of the address bar: the study that a reload opens again."""

_KEY: Final = "study-opened"
_NUMBER: Final = "study-number"


@dataclass
class Opened:
    """A study on screen.

    Attributes:
        study: as the store has it; ``None`` before the actor is chosen.
        number: tells the widgets of two openings apart.
        entry: the line in the entry form.
        entry_number: tells the widgets of two entries apart.
        editing: place of that line in ``lines``; ``None`` for a new one.
        errors: mistakes to show beside the button, with the line's number as row.
        final: the study as it was opened, if it was final and nothing is saved since.
        conflict: somebody else changed or deleted the study meanwhile.
    """

    study: FlowStudy | None
    number: int
    lines: list[Line] = field(default_factory=list)
    entry: Line = field(default_factory=dict)
    entry_number: int = 0
    editing: int | None = None
    step: StudyStep = StudyStep.ACTOR
    errors: tuple[InputError, ...] = ()
    conflict: bool = False
    saved_at: str = ""
    final: FlowStudy | None = None

    @property
    def prefix(self) -> str:
        """Start of the widgets' keys."""
        return f"study-{self.number}-"

    @property
    def entry_prefix(self) -> str:
        """Start of the entry form's keys."""
        return f"{self.prefix}entry-{self.entry_number}-"


def opened() -> Opened | None:
    """Return the study that is open; a reload finds it again by the address."""
    held: Opened | None = st.session_state.get(_KEY)
    asked = st.query_params.get(QUERY)
    if held is None and asked:
        open_study(asked)
        held = st.session_state.get(_KEY)
    elif held is not None and held.study is not None and asked != held.study.id:
        st.query_params[QUERY] = held.study.id
    return held


def start() -> None:
    """Open a form for a new study."""
    _put(Opened(study=None, number=_next()))


def open_study(study_id: str) -> None:
    """Open a study where it was left."""
    study = get_store().find(FlowStudy, study_id)
    if study is None:
        st.query_params.pop(QUERY, None)
        tell("Cette étude n’existe plus : quelqu’un l’a supprimée entre-temps.", good=False)
        return
    final = study.state is StudyState.FINAL
    if final:
        study = study_lines.reopened(study, flows_of(study).values(), directory())
    held = Opened(
        study=study,
        number=_next(),
        lines=study_lines.unpack(study),
        step=study.step,
        final=study if final else None,
    )
    new_entry(held)
    _put(held)


def close() -> None:
    """Go back to the list."""
    st.session_state.pop(_KEY, None)
    st.query_params.pop(QUERY, None)


def flows_of(study: FlowStudy) -> dict[str, Flow]:
    """The study's flows in the store, by id."""
    return {flow.id: flow for flow in get_store().list(Flow, study_id=study.id)}


def get_flow(flow_id: str) -> Flow | None:
    """Return the flow a line comes from, if any."""
    return get_store().find(Flow, flow_id) if flow_id else None


def new_entry(held: Opened, line: Line | None = None, place: int | None = None) -> None:
    """Empty the entry form, or put a line in it."""
    year = int(held.study.day[:4]) if held.study else localtime.today().year
    held.entry = dict(line) if line is not None else study_lines.blank_line(year)
    held.entry_number += 1
    held.editing = place


def create(actor: Actor | None, actor_id: str, day: str, surveyor: str) -> bool:
    """Begin a study in the store, with its actor when that one is new."""
    held = current()
    name = actor.name if actor else snapshot().actor[actor_id].name
    study = FlowStudy(
        id=f"etude-{slug(name)[:40].strip('-')}-{uuid.uuid4().hex[:8]}",
        actor_id=actor.id if actor else actor_id,
        day=day,
        surveyor=surveyor,
    )

    def work(tx: Any) -> FlowStudy:
        if actor is not None:
            tx.put(actor)
        written: FlowStudy = tx.put(study)
        return written

    if not _write(held, work, f"Étude de flux : début, {quote(name)}"):
        return False
    held.step = StudyStep.FLOWS
    new_entry(held)
    return True


def save(held: Opened, *, actor: Actor | None = None, say: bool = False, **changes: Any) -> bool:
    """Save the draft as it is on screen; nothing is written when nothing changed."""
    assert held.study is not None  # noqa: S101 (a draft exists from the first step on)
    lines = list(held.lines)
    if held.editing is not None:
        lines[held.editing] = dict(held.entry)
    elif study_lines.is_started(held.entry):
        lines.append(dict(held.entry))
    study = dataclasses.replace(
        held.study, lines=study_lines.pack(lines), step=held.step, **changes
    )
    now = get_store().find(FlowStudy, study.id)
    # A final study that is only looked at stays final.
    untouched = held.final is not None and (
        dataclasses.replace(study, step=held.final.step) == held.final
    )
    if actor is None and (study == now or untouched):
        held.study = study
        return True
    study = dataclasses.replace(study, origin=Origin.FIELD)  # an example taken over is no example

    def work(tx: Any) -> FlowStudy:
        if actor is not None:
            tx.put(actor)
        written: FlowStudy = tx.put(study)
        return written

    done = _write(held, work, f"Étude de flux : brouillon, {quote(actor_name(study))}")
    if done and say:
        tell("Brouillon enregistré : vous pouvez fermer et reprendre plus tard.")
    return done


def validate(held: Opened) -> bool:
    """Turn the lines into flows and close the study, all in one transaction."""
    study = held.study
    assert study is not None  # noqa: S101 (the review comes after the first step)
    result = study_lines.finish(study, held.lines, directory(), flows_of(study))
    held.errors = result.errors
    if result.errors:
        return False
    final = dataclasses.replace(
        study, state=StudyState.FINAL, step=StudyStep.REVIEW, lines=(), origin=Origin.FIELD
    )

    def work(tx: Any) -> FlowStudy:
        tx.put_all(result.flows)
        for flow_id, revision in result.deleted:
            tx.delete(Flow, flow_id, revision)
        written: FlowStudy = tx.put(final)
        return written

    name = actor_name(study)
    done = _write(held, work, f"Étude de flux validée : {quote(name)}", undo=True)
    if done:
        close()
    return done


def overwrite(held: Opened) -> None:
    """Save what is on screen over what somebody else saved (it stays in the history)."""
    assert held.study is not None  # noqa: S101
    now = get_store().find(FlowStudy, held.study.id)
    held.study = dataclasses.replace(held.study, revision=now.revision if now else 0)
    held.conflict = False
    save(held, say=True)


def delete(held: Opened, *, flows: bool) -> None:
    """Delete a study; its flows go with it, or stay without it."""
    study = held.study
    assert study is not None  # noqa: S101
    name = actor_name(study)
    kept = flows_of(study).values()
    try:
        with get_store().transaction(
            who=who(), what=f"Suppression de l’étude de flux {quote(name)}"
        ) as tx:
            if flows:
                tx.delete_all(Flow, [flow.id for flow in kept])
            else:
                tx.put_all(dataclasses.replace(flow, study_id=None) for flow in kept)
            tx.delete(FlowStudy, study.id, study.revision)
            number = tx.number()
    except CartofluxError as error:
        tell(str(error), good=False)
        return
    close()
    tell(f"L’étude {quote(name)} est supprimée.", undo=number)


def current() -> Opened:
    """Return the study that is open."""
    held: Opened = st.session_state[_KEY]
    return held


def actor_name(study: FlowStudy) -> str:
    """Name of the study's actor."""
    actor = get_store().find(Actor, study.actor_id)
    return actor.name if actor else study.actor_id


def _write(
    held: Opened, work: Callable[[Any], FlowStudy], what: str, *, undo: bool = False
) -> bool:
    try:
        with get_store().transaction(who=who(), what=what) as tx:
            written = work(tx)
            number = tx.number()
    except ConflictError as error:
        now = get_store().find(FlowStudy, held.study.id) if held.study else None
        held.conflict = held.study is not None and now != held.study
        if not held.conflict:
            held.errors = (InputError(str(error)),)
        return False
    except CartofluxError as error:
        held.errors = (InputError(str(error)),)
        return False
    held.study, held.conflict, held.errors, held.final = written, False, (), None
    held.saved_at = _clock()
    if undo:
        tell(f"{what}.", undo=number)
    return True


def _clock() -> str:
    now = localtime.now()
    return clock(now.hour * 3600 + now.minute * 60)


def _put(held: Opened) -> None:
    st.session_state[_KEY] = held
    if held.study is not None:
        st.query_params[QUERY] = held.study.id


def _next() -> int:
    st.session_state[_NUMBER] = int(st.session_state.get(_NUMBER, 0)) + 1
    return int(st.session_state[_NUMBER])
