"""The letters already sent."""

import datetime as dt

import streamlit as st

from data.french import NNBSP, number
from pages.data_parts.session import when
from pages.documents.letter_edition import TITLE, month_name
from pages.letter_parts.view import LetterView
from pages.ui import escape, wording


def draw(view: LetterView, today: dt.date) -> None:
    """Draw the letters sent, the latest first, with what of each may still be shown."""
    found = sorted(
        (one for one in view.letters if one.sent_at), key=lambda one: one.sent_at, reverse=True
    )
    if not found:
        st.info(
            "Aucune lettre envoyée pour l’instant. Une lettre arrive ici quand vous la marquez "
            "comme envoyée.",
            icon=":material/info:",
        )
        return
    for letter in found:
        shown = view.edition(letter, None, today).items
        chosen = len(letter.listing_ids)
        with st.container(border=True, key=f"letter-past-{letter.id}"):
            st.markdown(
                f"**{escape.markdown(letter.title or TITLE)}** · {month_name(letter.month)}  \n"
                f"Envoyée {when(letter.sent_at)}, {number(chosen)} "
                f"{wording.plural(chosen, 'annonce')}{NNBSP}; {number(len(shown))} toujours "
                "valables aujourd’hui."
            )
