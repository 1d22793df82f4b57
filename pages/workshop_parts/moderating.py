"""Cards: those that wait, those on screen, those hidden; the resource each was understood as."""

import streamlit as st

from data.french import number, tidy
from data.model import Card, CardState, Photo
from data.text import fold
from pages.ui import escape, icons, wording
from pages.ui.session import Snapshot, get_store, snapshot
from pages.workshop_parts import writes
from pages.workshop_parts.hall import Hall
from pages.workshop_parts.live import amount

_MOST = 30


def draw(now: Hall) -> None:
    """Draw the cards with their buttons."""
    records = snapshot()
    if not now.cards:
        st.info(
            "Aucune fiche reçue. Elles arrivent ici dès que les téléphones en envoient.",
            icon=":material/info:",
        )
        return
    if now.waiting:
        ids = tuple(card.id for card in now.waiting)
        st.button(
            f"Tout projeter ({number(len(ids))})",
            key="workshop-show-all",
            type="primary",
            icon=":material/visibility:",
            on_click=writes.show_all,
            args=(ids,),
        )
    text = fold(
        st.text_input(
            "Rechercher une fiche",
            key="workshop-card-search",
            icon=icons.MATERIAL_SEARCH,
            placeholder="Entreprise, ressource…",
            max_chars=100,
            width=320,
        )
        or ""
    )
    order = {CardState.WAITING: 0, CardState.SHOWN: 1, CardState.HIDDEN: 2}
    found = [card for card in now.cards if text in fold(f"{card.company} {card.label}")]
    found.sort(key=lambda card: card.received_at, reverse=True)
    found.sort(key=lambda card: order[card.state])
    for card in found[:_MOST]:
        _line(card, records)
    if len(found) > _MOST:
        rest = number(len(found) - _MOST)
        st.caption(tidy(f"Et {rest} autres : précisez la recherche."))


def _line(card: Card, records: Snapshot) -> None:
    with st.container(border=True, key=f"workshop-card-{card.id}"):
        left, middle, right = st.columns([4, 3, 1.4], vertical_alignment="center")
        color = {"offer": ":green-badge", "need": ":orange-badge"}[card.side.value]
        hidden = " :gray-badge[masquée]" if card.state is CardState.HIDDEN else ""
        waiting = " :blue-badge[en attente]" if card.state is CardState.WAITING else ""
        table = f" · table {card.table}" if card.table else ""
        words = f"  \n{escape.markdown(card.words)}" if card.words else ""
        left.markdown(
            f"{color}[{wording.SIDE[card.side]}] **{escape.markdown(card.label)}**"
            f"{escape.markdown(amount(card))}{hidden}{waiting}  \n"
            f"{escape.markdown(card.company)}{table}{words}"
        )
        photo = get_store().find(Photo, card.photo_id) if card.photo_id else None
        if photo is not None:
            with left.popover("Voir la photo", icon=":material/photo_camera:"):
                st.image(photo.content, width=480)
                st.caption("Jamais projetée\u202f; elle suit la fiche dans les offres et besoins.")
        key = f"workshop-card-resource-{card.id}-{card.revision}"
        middle.selectbox(
            "Ressource comprise",
            sorted(records.resource, key=lambda one: fold(records.resource[one].name)),
            index=_index(card, records),
            format_func=lambda one: records.resource[one].name,
            placeholder="Non classée : choisissez",
            key=key,
            on_change=_classify,
            args=(card.id, key),
            label_visibility="collapsed",
        )
        with right:
            if card.state is CardState.SHOWN:
                st.button(
                    "Masquer",
                    key=f"workshop-hide-{card.id}",
                    on_click=writes.set_card,
                    args=(card.id, CardState.HIDDEN),
                    width="stretch",
                )
            else:
                st.button(
                    "Projeter",
                    key=f"workshop-show-{card.id}",
                    on_click=writes.set_card,
                    args=(card.id, CardState.SHOWN),
                    width="stretch",
                )


def _index(card: Card, records: Snapshot) -> int | None:
    names = sorted(records.resource, key=lambda one: fold(records.resource[one].name))
    return names.index(card.resource_id) if card.resource_id in names else None


def _classify(card_id: str, key: str) -> None:
    writes.classify(card_id, st.session_state.get(key))
