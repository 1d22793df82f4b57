"""« Offres et besoins »: the list with its filters, and where listings come from."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.french import NNBSP, date, number, quantity
from data.model import Listing, Period, Side, Visibility
from data.text import fold
from optimization.matching import listings_from_flows
from pages.synergies_parts import actions, listing_form
from pages.synergies_parts.view import View
from pages.ui import icons, localtime, wording

_MOST: Final = 1000
_OPEN: Final = "synergies-listings-open"
_ACTIVE, _EXPIRED, _SECRET = "Actives", "Expirées", "Confidentielles"
_SIDES: Final = {"Offres": Side.OFFER, "Besoins": Side.NEED}


def draw(view: View) -> None:
    """Draw the list, or the form that is open."""
    if listing_form.is_open():
        with st.container(width=900):
            listing_form.draw(view)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for side, label in ((Side.OFFER, "Nouvelle offre"), (Side.NEED, "Nouveau besoin")):
            st.button(
                label,
                icon=":material/add:",
                key=f"synergies-add-{side}",
                type="primary" if side is Side.OFFER else "secondary",
                on_click=listing_form.start,
                args=(side,),
            )
        _from_flows(view)
    if not view.listings:
        _empty(view)
        return
    kept = _filtered(view)
    offers = sum(listing.side is Side.OFFER for listing in kept)
    needs = len(kept) - offers
    st.markdown(
        f"**{number(offers)} {wording.plural(offers, 'offre')}, "
        f"{number(needs)} {wording.plural(needs, 'besoin')}**"
    )
    if view.hidden_listings:
        st.caption(
            f":material/lock: {number(view.hidden_listings)} de plus, que cette vue ne montre pas."
        )
    if not kept:
        st.info("Aucune annonce avec ces filtres.", icon=icons.MATERIAL_FILTER)
        return
    _opener(view, kept[:_MOST])
    _table(view, kept[:_MOST])
    if len(kept) > _MOST:
        st.caption(
            f"Les {number(_MOST)} premières sur {number(len(kept))}{NNBSP}: précisez les filtres."
        )


def _empty(view: View) -> None:
    if view.hidden_listings:
        st.info(
            f"{number(view.hidden_listings)} annonces existent, que cette vue ne montre pas.",
            icon=":material/lock:",
        )
    else:
        st.info(
            "Aucune offre ni besoin pour l’instant. Saisissez-en une, tirez-les des études de "
            "flux, ou recueillez-les pendant un atelier.",
            icon=":material/info:",
        )


def _from_flows(view: View) -> None:
    flows = tuple(flow for flow in view.snapshot.flows if flow.actor_id in view.names)
    fresh = [one for one in listings_from_flows(flows) if one.id not in view.known_listings]
    with st.popover(
        f"Tirer des études de flux ({number(len(fresh))})",
        icon=":material/move_down:",
        key="synergies-from-flows",
        disabled=not fresh,
    ):
        offers = sum(one.side is Side.OFFER for one in fresh)
        st.markdown(
            f"Les flux déjà saisis donneraient **{number(offers)}** "
            f"{wording.plural(offers, 'offre')} (ce qui sort) et "
            f"**{number(len(fresh) - offers)}** {wording.plural(len(fresh) - offers, 'besoin')} "
            "(ce qui entre). Les annonces déjà là ne changent pas, et vous pourrez annuler."
        )
        st.button(
            "Ajouter ces annonces",
            key="synergies-from-flows-go",
            type="primary",
            on_click=_add,
            args=(fresh,),
        )


def _add(fresh: Sequence[Listing]) -> None:
    count = len(fresh)
    words = wording.plural(count, "annonce tirée", "annonces tirées")
    actions.write(
        f"{number(count)} {words} des études de flux",
        lambda transaction: transaction.put_all(fresh),
        f"{number(count)} {words} des études de flux.",
    )


def _filtered(view: View) -> list[Listing]:
    epcis = {epci.short_name: epci.code for epci in view.snapshot.epci.values()}
    streams = {wording.STREAM[stream]: stream for stream in wording.STREAM}
    with st.container(horizontal=True, vertical_alignment="bottom", key="synergies-filters"):
        text = st.text_input(
            "Rechercher",
            key="mots",
            type="search",
            live=True,
            icon=icons.MATERIAL_SEARCH,
            placeholder="NaOH, caisses bois, un acteur…",
            max_chars=100,
            width=260,
            bind="query-params",
        )
        side = st.segmented_control("Côté", list(_SIDES), key="cote", bind="query-params")
        chosen = st.multiselect(
            "Filière", list(streams), key="filiere", placeholder="Toutes", width=220,
            bind="query-params",
        )  # fmt: skip
        places = st.multiselect(
            "EPCI", list(epcis), key="epci", placeholder="Tous", width=220, bind="query-params"
        )
        shape = st.selectbox(
            "État",
            [_ACTIVE, _EXPIRED, _SECRET],
            index=0,
            key="etat",
            width=170,
            bind="query-params",
        )
    codes = {epcis[name] for name in places}
    wanted = {streams[name] for name in chosen}
    words = fold(text or "").split()
    meant = {r.id for r in view.snapshot.nomenclature.search(text, 3)} if words and text else set()
    return [
        listing
        for listing in view.listings
        if (side is None or listing.side is _SIDES[side])
        and _in_state(listing, shape)
        and (not wanted or _stream(view, listing) in wanted)
        and (not codes or _epci(view, listing) in codes)
        and (not words or _found(view, listing, words, meant))
    ]


def is_over(listing: Listing) -> bool:
    """Whether nobody should see it any more: expired, or no longer available."""
    ends = [day for day in (listing.expires_on, listing.available_to) if day]
    return bool(ends) and min(ends) < localtime.today().isoformat()


def _in_state(listing: Listing, shape: str) -> bool:
    if shape == _SECRET:
        return listing.visibility is Visibility.CONFIDENTIAL
    return is_over(listing) == (shape == _EXPIRED)


def _stream(view: View, listing: Listing) -> Any:
    resource = view.resource_of(listing)
    return resource.stream if resource else None


def _epci(view: View, listing: Listing) -> str:
    commune = view.commune_of(listing)
    return commune.epci_code if commune else ""


def _found(view: View, listing: Listing, words: Sequence[str], meant: set[str]) -> bool:
    """Whether the words name its resource (through the nomenclature) or appear in its texts."""
    if listing.resource_id in meant:
        return True
    text = fold(
        " ".join(
            (
                view.listing_name(listing),
                listing.label,
                listing.description,
                view.names.get(listing.actor_id, ""),
            )
        )
    )
    return all(word in text for word in words)


def amount(listing: Listing) -> str:
    """Write a quantity as it was given: « 12 t par an », « 40 palettes, une fois »."""
    if listing.quantity is None:
        return ""
    many = quantity(listing.quantity, listing.unit)
    return many + (
        f" par {wording.PERIOD[Period(listing.period)]}" if listing.period else ", une fois"
    )


def _table(view: View, kept: Sequence[Listing]) -> None:
    rows = []
    for listing in kept:
        commune = view.commune_of(listing)
        rows.append(
            {
                "Côté": wording.SIDE[listing.side],
                "Ressource": view.listing_name(listing),
                "Avec leurs mots": listing.label,
                "Acteur": view.names.get(listing.actor_id, "?"),
                "Commune": commune.name if commune else "",
                "Quantité": amount(listing),
                "Disponible": _available(listing),
                "Expire le": date(listing.expires_on) if listing.expires_on else "",
                "Fiabilité": wording.RELIABILITY[listing.reliability],
                "Visibilité": wording.VISIBILITY[listing.visibility],
                "Provenance": wording.LISTING_SOURCE[listing.listing_source],
                "Lettre": listing.in_letter,
            }
        )
    ids = [listing.id for listing in kept]
    key = f"synergies-listings-{hash(tuple(ids)) & 0xFFFFFF}"
    st.dataframe(
        pd.DataFrame(rows),
        key=key,
        hide_index=True,
        height=min(560, 36 * (len(rows) + 1) + 3),
        on_select=partial(_open_row, key, ids),
        selection_mode="single-row",
        placeholder="–",
        alt="Tableau des offres et des besoins",
    )
    st.caption("Cochez une ligne pour la voir en entier, la modifier ou la supprimer.")


def _opener(view: View, kept: Sequence[Listing]) -> None:
    """Offer the same choice as the table to those who use a keyboard or a screen reader."""
    titles = {
        one.id: f"{wording.SIDE[one.side]} – {view.listing_name(one)} – "
        f"{view.names.get(one.actor_id, '?')}"
        for one in kept
    }
    st.selectbox(
        "Ouvrir une annonce",
        list(titles),
        index=None,
        key=_OPEN,
        format_func=lambda one: titles.get(one, one),
        placeholder="Choisir, ou cocher une ligne du tableau",
        on_change=_open_chosen,
        width=480,
    )


def _open_chosen() -> None:
    chosen = st.session_state.pop(_OPEN, None)
    if chosen:
        listing_form.edit(chosen)


def _available(listing: Listing) -> str:
    start = f"du {date(listing.available_from)}" if listing.available_from else ""
    end = f"au {date(listing.available_to)}" if listing.available_to else ""
    return " ".join(filter(None, (start, end)))


def _open_row(key: str, ids: Sequence[str]) -> None:
    chosen = st.session_state[key]["selection"]["rows"]
    if chosen and chosen[0] < len(ids):
        listing_form.edit(ids[chosen[0]])
