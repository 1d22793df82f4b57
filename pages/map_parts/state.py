"""The page's state: the address bar says it, the widgets hold it, this file keeps them agreed.

A link pasted, a page reloaded or « back » pressed changes the address first: it is read and put
into the widgets. A widget touched changes the selection first: it is written to the address. The
part ``vue`` (centre and zoom) belongs to the browser, which writes it without a rerun.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from data.model import Territory
from geo.select import Selection
from pages.ui.chrome import PRESENTATION

TEXT: Final = "map-text"
EPCI: Final = "map-epci"
COMMUNE: Final = "map-commune"
KINDS: Final = "map-kinds"
COLLEGES: Final = "map-colleges"
FAMILIES: Final = "map-families"
STREAMS: Final = "map-streams"
DIRECTION: Final = "map-direction"
MEASURE: Final = "map-measure"
ACTOR: Final = "map-actor"
_WRITTEN: Final = "map-written"
_VIEW: Final = "vue"
LAYERS: Final = "map-layers"
_LAYERS_WORD: Final = "couches"
_OTHERS: Final = (_VIEW, PRESENTATION)
EVENTS: Final = "temps-forts"
SYNERGIES: Final = "synergies"
OPTIONAL_LAYERS: Final = (EVENTS, SYNERGIES)
"""Names of the optional layers, as the address bar writes them."""


def read(territory: Territory) -> Selection:
    """Return the selection, taken from the address when it changed behind our back."""
    query = st.query_params.to_dict()
    arrived = {key: query[key] for key in sorted(query) if key not in _OTHERS}
    if st.session_state.get(_WRITTEN) != arrived or MEASURE not in st.session_state:
        put(Selection.from_query(arrived, territory))
        asked = arrived.get(_LAYERS_WORD, "").split(",")
        st.session_state[LAYERS] = [one for one in OPTIONAL_LAYERS if one in asked]
        st.session_state[_WRITTEN] = arrived
    return held()


def put(selection: Selection) -> None:
    """Set every widget to this selection (before they are drawn, or in a callback)."""
    state = st.session_state
    state[TEXT] = selection.text
    state[EPCI] = selection.epci
    state[COMMUNE] = selection.commune
    state[KINDS] = sorted(selection.kinds)
    state[COLLEGES] = sorted(selection.colleges)
    state[FAMILIES] = sorted(selection.families)
    state[STREAMS] = sorted(selection.streams)
    state[DIRECTION] = selection.direction
    state[MEASURE] = selection.measure
    state[ACTOR] = selection.actor


def held() -> Selection:
    """Return the selection that the widgets hold."""
    state = st.session_state
    return Selection(
        text=state.get(TEXT) or "",
        epci=state.get(EPCI),
        commune=state.get(COMMUNE),
        kinds=frozenset(state.get(KINDS) or ()),
        colleges=frozenset(state.get(COLLEGES) or ()),
        families=frozenset(state.get(FAMILIES) or ()),
        streams=frozenset(state.get(STREAMS) or ()),
        direction=state.get(DIRECTION),
        measure=state.get(MEASURE),
        actor=state.get(ACTOR),
    )


def write(selection: Selection) -> None:
    """Put selection and layers in the address bar, beside the view that the browser keeps."""
    wanted = selection.to_query()
    layers = [one for one in OPTIONAL_LAYERS if one in (st.session_state.get(LAYERS) or ())]
    if layers:
        wanted[_LAYERS_WORD] = ",".join(layers)
    written = {key: wanted[key] for key in sorted(wanted)}
    st.session_state[_WRITTEN] = written
    kept = {key: value for key in _OTHERS if (value := st.query_params.get(key)) is not None}
    target = {**wanted, **kept}
    if st.query_params.to_dict() != target:
        st.query_params.from_dict(target)


def open_card(actor_id: str | None) -> None:
    """Open an actor's card, or close it (a widget callback)."""
    st.session_state[ACTOR] = actor_id


def cleared(selection: Selection) -> Selection:
    """Return the selection without any filter; card and colours stay."""
    return Selection(actor=selection.actor, measure=selection.measure)


def active_filters(selection: Selection, words: Mapping[str, str]) -> list[tuple[str, Selection]]:
    """List the filters in use, each with the selection that drops it.

    Args:
        selection: current choices.
        words: EPCI and commune codes → names.
    """
    found: list[tuple[str, Selection]] = []

    def add(label: str, **without: object) -> None:
        found.append((label, replace(selection, **without)))  # type: ignore[arg-type]

    if selection.text.strip():
        add(f"«\u00a0{selection.text.strip()}\u00a0»", text="")
    if selection.epci:
        add(words.get(selection.epci, selection.epci), epci=None)
    if selection.commune:
        add(words.get(selection.commune, selection.commune), commune=None)
    for label, name in _SETS:
        chosen = getattr(selection, name)
        if chosen:
            add(f"{label} ({len(chosen)})", **{name: frozenset()})
    if selection.direction:
        add("Sens", direction=None)
    return found


_SETS: Final = (
    ("Type", "kinds"),
    ("Collège", "colleges"),
    ("Famille", "families"),
    ("Filière", "streams"),
)
