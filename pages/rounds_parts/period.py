"""One day or a whole week: the choice, which the address also says."""

from enum import StrEnum
from typing import Final

import streamlit as st

from pages.rounds_parts.state import RoundsState

_QUERY: Final = "periode"
_KEY: Final = "rounds-period"
_LAST: Final = "rounds-period-last"


class Period(StrEnum):
    """What is planned."""

    DAY = "jour"
    WEEK = "semaine"


_WORDS: Final = {Period.DAY: "Un jour", Period.WEEK: "Une semaine"}


def show_period(state: RoundsState) -> Period:
    """Draw the choice; the address is read when it changed, and written when the choice does."""
    asked = Period.WEEK if st.query_params.get(_QUERY) == Period.WEEK else Period.DAY
    if _KEY not in st.session_state or asked is not st.session_state.get(_LAST):
        st.session_state[_KEY] = asked
    chosen = Period(
        st.segmented_control(
            "Planifier",
            list(Period),
            format_func=_WORDS.__getitem__,
            key=_KEY,
            label_visibility="collapsed",
            required=True,
        )
        or asked
    )
    if chosen is not st.session_state.get(_LAST):
        state.error, state.warnings = None, ()
        st.session_state[_LAST] = chosen
    if chosen is Period.WEEK:
        st.query_params[_QUERY] = chosen.value
    else:
        st.query_params.pop(_QUERY, None)
    return chosen
