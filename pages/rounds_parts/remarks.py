"""What is odd in a request, without burying the page under it."""

from collections.abc import Sequence

import streamlit as st

from data import french
from optimization.inspection import PlanWarning
from pages.ui import escape

_SHOWN = 3


def show_remarks(warnings: Sequence[PlanWarning]) -> None:
    """Show the first remarks one by one, the others folded."""
    for warning in warnings[:_SHOWN]:
        st.warning(escape.markdown(_sentence(warning)), icon=":material/warning:")
    others = warnings[_SHOWN:]
    if others:
        label = f"Encore {french.quantity(len(others), 'remarque')}"
        with st.expander(label, icon=":material/warning:"):
            st.markdown("\n".join(f"- {escape.markdown(_sentence(w))}" for w in others))


def _sentence(warning: PlanWarning) -> str:
    return f"Ligne {warning.row}, {warning.message}" if warning.row else warning.message
