"""Lettre: what can be shared this month, and with whom? For the programme lead."""

import datetime as dt
from collections.abc import Callable
from typing import Final

import streamlit as st

from data.french import NNBSP
from pages.data_parts.session import draw_name, draw_news
from pages.letter_parts import compose, preview, readers, sent
from pages.letter_parts.view import LetterView, letter_view
from pages.ui import localtime

_TITLE: Final = f"Que peut-on partager ce mois-ci{NNBSP}?"


def render() -> None:
    """Draw the page."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(_TITLE, anchor=False)
        draw_name()
    part = st.segmented_control(
        "Rubrique",
        list(_PARTS),
        key="rubrique",
        default=next(iter(_PARTS)),
        required=True,
        label_visibility="collapsed",
        bind="query-params",
    )
    draw_news()
    today = localtime.today()
    _PARTS[part or next(iter(_PARTS))](letter_view(), today)


def _prepare(view: LetterView, today: dt.date) -> None:
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        letter = compose.form(view, compose.choose(view, today), today)
        preview.sending(view, letter, today)
    with right:
        preview.draw(view, letter, today)


_PARTS: Final[dict[str, Callable[[LetterView, dt.date], None]]] = {
    "Préparer": _prepare,
    "Abonnements": readers.draw,
    "Lettres envoyées": sent.draw,
}
