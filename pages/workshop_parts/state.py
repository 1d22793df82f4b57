"""Which workshop is on screen: the address bar says it, so that a link or a reload finds it."""

from typing import Final

import streamlit as st

OPENED: Final = "atelier"
"""Key of the address bar: id of the workshop."""


def opened_id() -> str | None:
    """Id of the workshop in the address, if any."""
    return st.query_params.get(OPENED)


def open_workshop(workshop_id: str) -> None:
    """Show a workshop (a widget callback)."""
    st.query_params[OPENED] = workshop_id


def leave() -> None:
    """Go back to the list of workshops (a widget callback)."""
    for key in (OPENED, "rubrique", "vue"):
        st.query_params.pop(key, None)
