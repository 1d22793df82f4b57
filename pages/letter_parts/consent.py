"""« Noter un accord »: an actor says yes to the letter; its listing may appear, and is chosen."""

import datetime as dt
from dataclasses import replace
from typing import Final

import streamlit as st

from data.errors import CartofluxError, NotFoundError
from data.french import NNBSP, number, quote
from data.model import Listing, ListingSource, Origin
from optimization.programme.letter import Item, items, why_not
from pages.data_parts.session import forget_news, tell, tell_error
from pages.letter_parts.view import LetterView
from pages.ui import viewer, wording
from pages.ui.session import get_store, who

_CHOSEN: Final = "letter-consent-listing"


def name(item: Item) -> str:
    """Name an item in a list: « Offre – Palettes – Brasserie du Pont, Bergerac »."""
    where = ", ".join(part for part in (item.actor, item.commune) if part)
    return f"{wording.SIDE[item.side]} – {item.resource} – {where}"


def missing(view: LetterView, today: dt.date) -> dict[str, Item]:
    """Return, by id, what only lacks its actor's consent, the most recent first."""
    willing = {
        one.id: replace(one, in_letter=True)
        for one in view.listings.values()
        if not one.in_letter and one.listing_source is not ListingSource.GUESS
    }
    fit = [one for one in willing.values() if not why_not(one, view.sources, today)]
    fit.sort(key=lambda one: (one.day, one.id), reverse=True)
    found = items([one.id for one in fit], willing, view.sources, today)
    return {one.listing_id: one for one in found}


def draw(view: LetterView, chosen_key: str, today: dt.date) -> None:
    """Draw how to note a consent; ``chosen_key`` is the widget of the letter's listings.

    Only where Cartoflux runs: these listings were not yet said to be for everybody.
    """
    waiting = missing(view, today) if viewer.is_local() else {}
    if not waiting:
        return
    with st.expander(
        f"Noter l’accord d’un acteur ({number(len(waiting))} annonces attendent)",
        icon=":material/how_to_reg:",
    ):
        st.caption(
            "Demandez-le-lui d’abord\u202f: la lettre dit son nom et sa commune. L’accord se "
            "retire sur l’annonce, page Synergies."
        )
        chosen = st.selectbox(
            "L’annonce de cet acteur",
            list(waiting),
            index=None,
            key=_CHOSEN,
            format_func=lambda one: name(waiting[one]) if one in waiting else one,
            placeholder="Tapez un acteur, une ressource…",
        )
        st.button(
            "Il est d’accord\u202f: mettre dans la lettre",
            key="letter-consent-go",
            icon=":material/check:",
            on_click=_agree,
            args=(chosen, chosen_key),
            disabled=chosen is None,
        )


def _agree(listing_id: str, chosen_key: str) -> None:
    forget_news()
    store = get_store()
    try:
        listing = store.find(Listing, listing_id)
        if listing is None:
            raise NotFoundError(f"Cette annonce vient d’être supprimée{NNBSP}: rechargez la page.")
        called = quote(listing.label or listing.id)
        with store.transaction(who=who(), what=f"Accord pour la lettre{NNBSP}: {called}") as tx:
            tx.put(replace(listing, in_letter=True, origin=Origin.FIELD))
            written = tx.number()
    except CartofluxError as error:
        tell_error(error)
        return
    st.session_state[_CHOSEN] = None
    before = st.session_state.get(chosen_key) or ()
    st.session_state[chosen_key] = list(dict.fromkeys((*before, listing_id)))
    tell(f"Accord noté, {called} est dans la lettre. Enregistrez-la.", undo=written)
