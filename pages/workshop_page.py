"""Atelier: thirty companies, one screen, and nothing lost. For the facilitator and the room."""

from collections.abc import Callable
from typing import Final, Literal

import streamlit as st

from data.french import date
from data.model import WorkshopState
from pages.data_parts.session import draw_name, draw_news
from pages.routes import assets
from pages.ui import chrome, escape, icons, wording
from pages.ui.session import get_store
from pages.workshop_parts import closing, deciding, listing, live, moderating, people, state, writes
from pages.workshop_parts.hall import Hall, hall

_STYLES: Final = assets.OWN_ASSETS / "hall.css"
_PROJECTION: Final = "Salle"


def render() -> None:
    """Draw the page."""
    st.html(_STYLES)
    workshop_id = state.opened_id()
    now = hall(get_store(), workshop_id) if workshop_id else None
    if now is None:
        _all(missing=workshop_id is not None)
    elif chrome.presenting():
        _present(now)
    else:
        _facilitate(now)


def _all(*, missing: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Qui cherche, qui propose\u202f?", anchor=False)
        draw_name()
    draw_news()
    if missing:
        st.warning(
            "Cet atelier n’existe plus, ou l’adresse est incomplète.", icon=":material/info:"
        )
    listing.draw()


def _present(now: Hall) -> None:
    st.html(assets.OWN_ASSETS / "presentation.css")
    with st.container(horizontal=True, vertical_alignment="center", key="workshop-present"):
        st.title(escape.markdown(now.workshop.name), anchor=False)
        st.button(
            "Quitter la projection",
            key="workshop-leave-presentation",
            icon=icons.MATERIAL_BACK,
            on_click=chrome.set_presenting,
            kwargs={"wanted": False},
        )
    live.draw(now.workshop.id)


def _facilitate(now: Hall) -> None:
    workshop = now.workshop
    st.button(
        "Tous les ateliers",
        key="workshop-back",
        icon=icons.MATERIAL_BACK,
        type="tertiary",
        on_click=state.leave,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(escape.markdown(workshop.name), anchor=False)
        draw_name()
        if workshop.state is WorkshopState.PREPARED:
            st.button(
                "Ouvrir aux téléphones",
                key="workshop-open-doors",
                type="primary",
                icon=":material/lock_open:",
                on_click=writes.open_doors,
                args=(workshop.id,),
            )
        st.button(
            "Projeter",
            key="workshop-project",
            icon=icons.MATERIAL_SCREEN,
            on_click=chrome.set_presenting,
            kwargs={"wanted": True},
        )
    where = f" · {escape.markdown(workshop.place)}" if workshop.place else ""
    st.caption(f"{date(workshop.day)}{where} · {wording.WORKSHOP_STATE[workshop.state]}")
    part = st.segmented_control(
        "Rubrique",
        list(_PARTS),
        key="rubrique",
        default=_PROJECTION,
        required=True,
        label_visibility="collapsed",
        bind="query-params",
    )
    draw_news()
    _PARTS[part or _PROJECTION](now)


def _room(now: Hall) -> None:
    with st.container(horizontal=True):
        for field, label in _SWITCHES.items():
            key = f"workshop-{field}"
            st.session_state[key] = getattr(now.workshop, field)
            st.toggle(label, key=key, on_change=_switch, args=(now.workshop.id, field, key))
    live.draw(now.workshop.id)


def _switch(workshop_id: str, field: Literal["anonymous", "moderated"], key: str) -> None:
    wanted = bool(st.session_state[key])
    label = _SWITCHES[field]
    writes.change(workshop_id, f"{label} : {'oui' if wanted else 'non'}", field, wanted=wanted)


_SWITCHES: Final[dict[Literal["anonymous", "moderated"], str]] = {
    "anonymous": "Sans le nom des entreprises",
    "moderated": "Relire avant de projeter",
}
_PARTS: Final[dict[str, Callable[[Hall], None]]] = {
    _PROJECTION: _room,
    "Fiches": moderating.draw,
    "Idées": deciding.draw,
    "Présences": people.draw,
    "Fin de journée": closing.draw,
}
