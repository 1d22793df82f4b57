"""The page's state: the address bar says it, the widgets hold it, this file keeps them agreed.

Who looks (public, réseau, équipe) is kept in the session only, never in the address: a link that
is shared must not show more than its reader may see.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st

from data.errors import InputError
from geo.flows import SEASONS, UNDATED, FlowFilter, Measure, Stage, from_query, to_query
from geo.flows.sankey import BY_DIRECTION, BY_EPCI, FULL
from pages.flows_parts.choice import KEY, Choice
from pages.flows_parts.view import FlowView
from pages.ui.viewer import WIDGET

MEASURE: Final = "flows-measure"
STAGES: Final = "flows-stages"
SEASON: Final = "flows-season"
VIEWER: Final = WIDGET
_PAGE: Final = "flows-page"
_WRITTEN: Final = "flows-written"
_PAST: Final = "flows-past"
_NOTICE: Final = "flows-notice"
_VIEW: Final = "vue"
_PRESENTATION: Final = "presentation"

WIDGETS: Final = {
    name: f"flows-{name}"
    for name in (
        "years",
        "families",
        "streams",
        "resources",
        "epcis",
        "communes",
        "actors",
        "directions",
        "reliabilities",
        "known_only",
        "min_mass_t",
        "top",
    )
}
"""Criterion of the filter → key of its widget."""

DIAGRAMS: Final[Mapping[str, tuple[Stage, ...]]] = {
    "complet": FULL,
    "epci": BY_EPCI,
    "familles": BY_DIRECTION,
}
MEASURE_WORDS: Final = {
    Measure.MASS: "masse",
    Measure.VOLUME: "volume",
    Measure.TRIPS: "trajets",
    Measure.COST: "cout",
    Measure.TONNE_KM: "tkm",
    Measure.CO2E: "co2e",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All that a person asked of the page."""

    filter: FlowFilter = field(default_factory=FlowFilter)
    measure: Measure = Measure.MASS
    diagram: str = "complet"
    choice: Choice = field(default_factory=Choice)

    def to_query(self) -> dict[str, str]:
        """Return the address-bar parameters; what is not asked is left out."""
        query = {**to_query(self.filter), **self.choice.to_query()}
        if self.measure is not Measure.MASS:
            query["mesure"] = MEASURE_WORDS[self.measure]
        if self.diagram != "complet":
            query["diagramme"] = self.diagram
        return query


def presenting() -> bool:
    """Whether the page is shown on a projector (``?presentation=1``)."""
    return st.query_params.get(_PRESENTATION) == "1"


def set_presenting(*, wanted: bool) -> None:
    """Enter or leave presentation mode (a widget callback)."""
    if wanted:
        st.query_params[_PRESENTATION] = "1"
    else:
        st.query_params.pop(_PRESENTATION, None)


def read(view: FlowView) -> Asked:
    """Return what is asked, taken from the address when it changed behind our back."""
    query = st.query_params.to_dict()
    arrived = {key: query[key] for key in sorted(query) if key not in {_VIEW, _PRESENTATION}}
    state = st.session_state
    if state.get(_WRITTEN) != arrived or _PAGE not in state:
        state[_NOTICE] = ""
        put(_sound(_from_query(arrived), view))
        state[_WRITTEN] = arrived
    state[_PAGE] = _held(state[_PAGE])
    return asked()


def asked() -> Asked:
    """Return what was asked last."""
    found: Asked = st.session_state[_PAGE]
    return found


def notice() -> str:
    """Say what of the address could not be read; empty when all was."""
    return str(st.session_state.get(_NOTICE) or "")


def put(wanted: Asked) -> None:
    """Set page and widgets to this (before they are drawn, or in a callback)."""
    state = st.session_state
    state[_PAGE] = wanted
    for name, key in WIDGETS.items():
        value = getattr(wanted.filter, name)
        state[key] = list(value) if isinstance(value, tuple) else value
    state[SEASON] = [name for name, months in SEASONS.items() if _covers(wanted, months)]
    state[MEASURE] = wanted.measure
    state[STAGES] = wanted.diagram


def write(wanted: Asked) -> None:
    """Put what is asked in the address bar, beside the view that the browser keeps there."""
    query = wanted.to_query()
    st.session_state[_WRITTEN] = {key: query[key] for key in sorted(query)}
    kept = {
        key: value
        for key in (_VIEW, _PRESENTATION)
        if (value := st.query_params.get(key)) is not None
    }
    target = {**query, **kept}
    if st.query_params.to_dict() != target:
        st.query_params.from_dict(target)


def choose(choice: Choice) -> None:
    """Select, or clear when it was selected already (a widget callback)."""
    page = asked()
    past = st.session_state.setdefault(_PAST, [])
    past.append(page.choice)
    del past[:-20]
    st.session_state[_PAGE] = replace(page, choice=Choice() if page.choice == choice else choice)


def set_filter(chosen: FlowFilter) -> None:
    """Set the filters, all else unchanged (a widget callback)."""
    put(replace(asked(), filter=chosen))


def go_back() -> None:
    """Return to the selection before this one (a widget callback)."""
    past = st.session_state.get(_PAST) or [Choice()]
    st.session_state[_PAGE] = replace(asked(), choice=past.pop())


def can_go_back() -> bool:
    """Whether there was another selection before this one."""
    past = st.session_state.get(_PAST) or []
    return bool(past) and past[-1] != Choice()


def _held(page: Asked) -> Asked:
    """Bring the page up to date with the widgets; those not drawn have nothing to say."""
    state = st.session_state
    chosen: dict[str, Any] = {}
    for name, key in WIDGETS.items():
        if key in state:
            value = state[key]
            if isinstance(getattr(page.filter, name), tuple):
                value = tuple(value or ())
            chosen[name] = value
    if chosen.get("min_mass_t", 0.0) is None:
        chosen["min_mass_t"] = 0.0
    if SEASON in state:
        seasons = [SEASONS[name] for name in state[SEASON]]
        # Months that are not whole seasons came with a link: no season chosen leaves them alone.
        if seasons or _is_seasons(page.filter.months):
            chosen["months"] = tuple(sorted(m for months in seasons for m in months))
    return replace(
        page,
        filter=replace(page.filter, **chosen),
        measure=state.get(MEASURE) or page.measure,
        diagram=state.get(STAGES) or page.diagram,
    )


def _covers(page: Asked, months: Iterable[int]) -> bool:
    return bool(page.filter.months) and set(months) <= set(page.filter.months)


def _is_seasons(months: tuple[int, ...]) -> bool:
    """Whether these months are whole seasons, so that the season buttons can say them."""
    whole = {m for season in SEASONS.values() if set(season) <= set(months) for m in season}
    return whole == set(months)


def _from_query(query: Mapping[str, str]) -> Asked:
    try:
        chosen = from_query(query)
    except (InputError, OverflowError) as error:
        st.session_state[_NOTICE] = str(error)
        chosen = FlowFilter()
    measures = {word: measure for measure, word in MEASURE_WORDS.items()}
    diagram = query.get("diagramme", "")
    return Asked(
        filter=chosen,
        measure=measures.get(query.get("mesure", ""), Measure.MASS),
        diagram=diagram if diagram in DIAGRAMS else "complet",
        choice=Choice.from_query({KEY: query.get(KEY, "")}),
    )


def _sound(wanted: Asked, view: FlowView) -> Asked:
    """Drop the codes that are not here (any more), and say so."""
    known: Mapping[str, Callable[[Any], bool]] = {
        "epcis": {e.code for e in view.territory.epcis}.__contains__,
        "communes": {c.code for c in view.territory.communes}.__contains__,
        "actors": view.actor_names.__contains__,
        "resources": view.resource_names.__contains__,
        "years": {*view.links.years, UNDATED}.__contains__,
    }
    changes: dict[str, Any] = {}
    for name, is_known in known.items():
        asked_for = getattr(wanted.filter, name)
        kept = tuple(value for value in asked_for if is_known(value))
        if kept != asked_for:
            changes[name] = kept
    if not changes:
        return wanted
    st.session_state[_NOTICE] = (
        "Ce lien filtre sur un lieu, un acteur, une ressource ou une année que cette vue ne montre "
        "pas : ce filtre est laissé de côté."
    )
    return replace(wanted, filter=replace(wanted.filter, **changes))
