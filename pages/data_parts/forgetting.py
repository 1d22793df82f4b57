"""« Effacer définitivement »: what someone may ask for, and what cannot be taken back."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from data.errors import CartofluxError
from data.french import quote, tidy
from data.model import Actor, Subscriber
from pages.data_parts.kinds import Spec
from pages.data_parts.session import tell, tell_error
from pages.ui import escape
from pages.ui.session import get_store, snapshot, who

PERSONAL: Final = frozenset({Actor, Subscriber})
"""Kinds that may be about a person, who may ask to be forgotten."""


def draw_button(spec: Spec, ask: Callable[[], None]) -> None:
    """Draw the button that opens the question."""
    st.button(
        "Effacer définitivement…",
        key=f"data-{spec.slug}-forget",
        icon=":material/person_off:",
        type="tertiary",
        help="À la demande de la personne\u202f: la fiche disparaît, et son contenu dans "
        "l’historique aussi.",
        on_click=ask,
    )


def draw_question(
    spec: Spec, record: Any, close: Callable[[], None], keep: Callable[[], None]
) -> None:
    """Draw the question, a box to tick and the two answers.

    Args:
        spec: kind of the record.
        record: what would be forgotten.
        close: leaves the form.
        keep: takes the question away.
    """
    name = quote(escape.markdown(spec.title(record, snapshot())))
    st.error(
        tidy(
            f"Effacer {name} définitivement ? La fiche, ce qui part avec elle et leur contenu dans "
            "l’historique disparaissent. Rien ne pourra les rétablir, et les modifications qui y "
            "ont touché ne s’annuleront plus. L’historique gardera seulement qu’un effacement a "
            "eu lieu, quand et par qui."
        ),
        icon=":material/person_off:",
    )
    sure = st.checkbox(
        "Je comprends que c’est définitif", key=f"data-{spec.slug}-forget-sure-{record.id}"
    )
    with st.container(horizontal=True):
        st.button(
            "Effacer définitivement",
            key=f"data-{spec.slug}-forget-yes",
            type="primary",
            disabled=not sure,
            on_click=_forget,
            args=(spec, record.id, close),
        )
        st.button("Non, garder", key=f"data-{spec.slug}-forget-no", on_click=keep)


def _forget(spec: Spec, record_id: str, close: Callable[[], None]) -> None:
    close()
    try:
        get_store().forget(spec.kind, record_id, who=who())
    except CartofluxError as error:
        tell_error(error)
        return
    tell(
        "La fiche est effacée définitivement, dans l’historique aussi. Pensez aux sauvegardes et "
        "aux fichiers déjà exportés."
    )
