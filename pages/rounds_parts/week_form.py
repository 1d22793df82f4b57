"""The choices of a week: those of one day, then days, rhythms and vehicles of each day."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from data import french
from data.errors import InputError
from optimization.weeks.model import DAY_NAMES, DAYS_IN_WEEK, visits_of
from optimization.weeks.validation import DAYS, STORAGE, VISITS, WORKING_DAYS
from pages.rounds_parts import tables
from pages.rounds_parts.around import show_locks
from pages.rounds_parts.editor import show_editor
from pages.rounds_parts.form import explain, show_first_step, show_stops_step, show_vehicles_step
from pages.rounds_parts.minimum import GROUP
from pages.rounds_parts.remarks import show_remarks
from pages.rounds_parts.rule_fields import show_rules
from pages.rounds_parts.state import RoundsState
from pages.rounds_parts.travel import Travels, show_choice, show_offsets
from pages.rounds_parts.week_state import WeekForm, WeekState, week_form
from pages.rounds_parts.week_tables import fleet_columns, rhythm_columns
from pages.ui import wording
from pages.ui.session import get_figures, snapshot

_SECONDS: Final = (15, 30, 60, 120, 300)
_RHYTHM_FIELDS: Final = frozenset({VISITS, STORAGE, DAYS})


@st.fragment
def show_week_form(
    state: RoundsState, weeks: WeekState, travels: Travels, submit: Callable[[], None]
) -> None:
    """Draw the form; ``submit`` is called when a week is asked for."""
    records, figures = snapshot(), get_figures()
    show_first_step(state, records)
    if state.form.day is not None:
        st.caption(f"Semaine du lundi {french.date(_monday(state))}.")
    if not state.form.known_stops:
        st.info(
            "Aucun point de collecte pour cette ressource\u202f: ajoutez-en dans la page "
            "**Données**, ou choisissez une autre ressource ci-dessus.",
            icon=":material/info:",
        )
        return
    show_stops_step(state, records, figures)
    form = week_form(weeks, state.form)
    _rhythm(state, form)
    show_vehicles_step(state, figures)
    form = week_form(weeks, state.form)
    _fleet(form)
    show_rules(state, records)
    _last_step(state, weeks, form, travels, submit)


def _monday(state: RoundsState) -> str:
    day = state.form.day
    return "" if day is None else day.fromordinal(day.toordinal() - day.weekday()).isoformat()


def _rhythm(state: RoundsState, form: WeekForm) -> None:
    picked = st.pills(
        WORKING_DAYS,
        list(range(DAYS_IN_WEEK)),
        selection_mode="multi",
        default=form.days,
        format_func=lambda day: DAY_NAMES[day],
        key=form.key("days"),
        help="Les jours où les véhicules sortent.",
    )
    form.days = sorted(picked)
    form.grouped = st.toggle(
        GROUP,
        form.grouped,
        key=form.key("grouped"),
        help="Le calcul compare les tournées sur tous ces jours, puis sur un de moins, et ainsi de "
        "suite tant que cela coûte moins ; il retient les jours les moins chers. Chaque point "
        "garde ses passages et son stockage.",
    )
    summary = st.empty()
    about = isinstance(state.error, InputError) and state.error.field in _RHYTHM_FIELDS
    with st.expander(
        "Voir et modifier le rythme des passages", expanded=about, icon=":material/date_range:"
    ):
        show_editor(
            form.rhythm,
            form.key("rhythm"),
            rhythm_columns(),
            disabled=(tables.NUMBER, tables.POINT),
        )
    ticked = state.form.stops.edited[tables.INCLUDED].fillna(value=False).astype(bool)
    visits = form.rhythm.edited[VISITS].fillna(0)[ticked.to_numpy()]
    count = sum(visits_of(float(each)) for each in visits)
    summary.markdown(
        f"**{french.number(count)} {wording.plural(count, 'passage')}** dans la semaine"
    )


def _fleet(form: WeekForm) -> None:
    with st.expander("D’autres véhicules certains jours\u202f?", icon=":material/edit_calendar:"):
        st.caption("Une case vide garde le nombre habituel\u202f; 0 laisse le véhicule au dépôt.")
        show_editor(
            form.fleet,
            form.key(f"fleet-{'-'.join(map(str, form.days))}"),
            fleet_columns(form.days),
            disabled=(tables.NAME,),
        )


def _last_step(
    state: RoundsState,
    weeks: WeekState,
    form: WeekForm,
    travels: Travels,
    submit: Callable[[], None],
) -> None:
    st.subheader("4. Proposer", anchor=False)
    show_locks(state)
    if state.error is not None:
        st.error(explain(state.error), icon=":material/error:")
    if weeks.stopped:
        st.info(
            "Calcul annulé\u202f: vos choix sont restés comme ils étaient.",
            icon=":material/cancel:",
        )
    show_remarks(state.warnings)
    go, limit, source = st.columns([3, 2, 6], vertical_alignment="bottom")
    pressed = go.button(
        "Proposer la semaine",
        type="primary",
        icon=":material/date_range:",
        key="rounds-week-propose",
        disabled=weeks.running is not None,
        width="stretch",
    )
    choices = sorted({*_SECONDS, form.seconds})
    form.seconds = limit.selectbox(
        "Temps de calcul",
        choices,
        index=choices.index(form.seconds),
        format_func=french.duration,
        key=form.key("seconds"),
    )
    with source:
        show_choice(state, travels)
    show_offsets(state.form, travels.used)
    if pressed:
        submit()
        st.rerun()
