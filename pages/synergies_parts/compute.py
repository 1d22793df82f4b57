"""Where proposals are computed: here when it is quick, by the worker when it is long."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

import streamlit as st

from data.errors import CartofluxError, SolveCancelledError
from data.settings import read_settings
from optimization.matching import Match
from optimization.proposals import Proposals, Question, answers, find_all
from optimization.worker import Task, shared_worker
from pages.synergies_parts.view import AUDIENCE, View
from pages.ui import escape, localtime
from pages.ui.session import Snapshot

QUICK = 400
"""Listings up to which every proposal takes less than 200 ms (measured): no worker is needed."""
QUICK_ONE = 4_000
"""The same for the answers to one listing."""

_REFRESH_S: Final = 0.4
_KEPT: Final = 16
_RUNNING: Final = "synergies-running"
_lock = threading.Lock()
_known: dict[str, tuple[Snapshot, Any]] = {}


@dataclass(slots=True)
class Running:
    """A computation by the worker, for this session."""

    key: str
    task: Task[Any]


def question(view: View) -> Question:
    """Return what is matched in this view."""
    records = view.snapshot
    return Question(
        listings=view.listings,
        actors=records.actors,
        resources=records.resources,
        flows=records.flows,
        figures=records.figures,
        audience=AUDIENCE[view.viewer],
        today=localtime.today(),
    )


def proposals(view: View) -> Proposals | None:
    """Return every proposal, or ``None`` while they are being computed (progress is drawn)."""
    return cast("Proposals | None", _get(view, "all", QUICK, find_all))


def ranked(view: View, listing_id: str) -> tuple[Match, ...] | None:
    """Return what answers a listing, best first, or ``None`` while it is being computed."""
    return cast("tuple[Match, ...] | None", _get(view, listing_id, QUICK_ONE, answers, listing_id))


def _get(view: View, name: str, quick: int, function: Callable[..., Any], *args: Any) -> Any:
    key = f"{view.key}-{localtime.today()}-{name}"
    with _lock:
        of, found = _known.get(key, (None, None))
        if of is view.snapshot:
            return found
    if len(view.listings) <= quick:
        return _keep(view, key, function(lambda _: None, lambda: False, question(view), *args))
    running: Running | None = st.session_state.get(_RUNNING)
    if running is None or running.key != key:
        if running is not None:
            running.task.cancel()
        worker = shared_worker(read_settings())
        running = Running(key, worker.start(function, question(view), *args))
        st.session_state[_RUNNING] = running
    if not running.task.progress().state.is_final:
        _progress()
        return None
    try:
        found = running.task.result()
    except SolveCancelledError:
        if st.button("Reprendre le calcul", key="synergies-again", icon=":material/refresh:"):
            st.session_state.pop(_RUNNING)
            st.rerun()
        return None
    except CartofluxError as error:
        st.session_state.pop(_RUNNING)
        st.error(escape.markdown(error), icon=":material/error:")
        return None
    st.session_state.pop(_RUNNING)
    return _keep(view, key, found)


def _keep(view: View, key: str, found: Any) -> Any:
    with _lock:
        while len(_known) >= _KEPT:
            _known.pop(next(iter(_known)))
        _known[key] = (view.snapshot, found)
    return found


@st.fragment(run_every=_REFRESH_S)
def _progress() -> None:
    running: Running | None = st.session_state.get(_RUNNING)
    if running is None:
        return
    progress = running.task.progress()
    if progress.state.is_final:
        st.rerun()
    with st.container(border=True):
        st.progress(progress.share, text=escape.markdown(progress.message))
        st.button(
            "Annuler le calcul",
            icon=":material/cancel:",
            key="synergies-cancel",
            on_click=running.task.cancel,
        )
