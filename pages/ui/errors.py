"""What people read when something goes wrong: a sentence, never a stack trace."""

import logging
import secrets

import streamlit as st

from data.errors import CartofluxError
from pages.ui import escape
from pages.ui.wording import UNEXPECTED_ERROR

log = logging.getLogger(__name__)


def show_script_error(error: Exception) -> bool:
    """Show an uncaught error in French; used as ``st.App(on_script_error=…)``.

    Our own errors carry their sentence. Any other gets a number that is also in the log, so that
    the two can be brought together.

    Returns:
        True: Streamlit's own display (with the stack trace) is replaced.
    """
    if isinstance(error, CartofluxError):
        st.error(escape.markdown(error), icon=":material/error:")
        return True
    number = secrets.token_hex(3).upper()
    log.error("Unexpected error %s", number, exc_info=error)
    st.error(UNEXPECTED_ERROR.format(number=number), icon=":material/error:")
    return True
