"""The form of one offer or need: typed words find the entry of the nomenclature."""

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import streamlit as st

from data.errors import CartofluxError, InputError
from data.french import NNBSP, number, parse_number, quote
from data.model import Listing, Period, Photo, Reliability, Side, Visibility
from data.units import KNOWN_UNITS, parse_unit
from pages.data_parts.session import forget_news, tell_error
from pages.synergies_parts import actions, pictures, state
from pages.synergies_parts.view import View
from pages.ui import escape, icons, localtime, wording
from pages.ui.session import get_store

_KEY: Final = "synergies-listing"
_SUGGESTIONS: Final = 5
_ONCE: Final = "une fois"
_OWN_WORDS: Final = "Garder mes mots, sans classer"
_LARGEST_UPLOAD_MB: Final = 20


@dataclass
class Draft:
    """The form that is open.

    Attributes:
        listing_id: the listing being changed; empty for a new one.
        number: tells the widgets of two openings apart.
        remove_photo: the picture it has is to go.
    """

    side: Side
    listing_id: str = ""
    number: str = ""
    remove_photo: bool = False


def is_open() -> bool:
    """Whether a form is open."""
    return _KEY in st.session_state


def start(side: Side) -> None:
    """Open an empty form (a widget callback)."""
    forget_news()
    st.session_state[_KEY] = Draft(side=side, number=uuid.uuid4().hex[:8])


def edit(listing_id: str) -> None:
    """Open a listing (a widget callback)."""
    forget_news()
    st.session_state[_KEY] = Draft(
        side=Side.OFFER, listing_id=listing_id, number=uuid.uuid4().hex[:8]
    )


def close() -> None:
    """Close the form (a widget callback)."""
    st.session_state.pop(_KEY, None)


def draw(view: View) -> None:
    """Draw the form that is open."""
    draft: Draft = st.session_state[_KEY]
    st.button(
        "Retour à la liste",
        icon=icons.MATERIAL_BACK,
        type="tertiary",
        key="synergies-listing-back",
        on_click=close,
    )
    before = view.listing.get(draft.listing_id) if draft.listing_id else None
    if draft.listing_id and before is None:
        st.warning("Cette annonce n’est plus là, ou pas visible ici.", icon=":material/lock:")
        return
    base = before or Listing(id="", actor_id="", side=draft.side, resource_id=None, unit="t")
    key = f"{_KEY}-{draft.number}-"
    st.subheader(
        f"{wording.SIDE[base.side]}{NNBSP}: {escape.markdown(view.listing_name(base))}"
        if before
        else ("Nouvelle offre" if base.side is Side.OFFER else "Nouveau besoin"),
        anchor=False,
    )
    _what(view, base, key)
    _how_much(base, key)
    _when_and_who(base, key)
    _more(base, key, draft)
    with st.container(horizontal=True):
        st.button(
            "Enregistrer",
            type="primary",
            icon=":material/save:",
            key=f"{key}save",
            on_click=_save,
            args=(before, base.side, key, draft),
        )
        if before is not None:
            st.button(
                "Voir ce qui lui répond",
                icon=":material/join_inner:",
                key=f"{key}answers",
                on_click=_answers,
                args=(before.id,),
            )
            with st.popover("Supprimer…", icon=":material/delete:"):
                st.markdown("L’annonce disparaît de la liste. Vous pourrez annuler.")
                st.button(
                    "Supprimer l’annonce",
                    key=f"{key}delete",
                    type="primary",
                    on_click=actions.delete_listing,
                    args=(before.id, view.listing_name(before), before.revision),
                )


def _what(view: View, base: Listing, key: str) -> None:
    actors = sorted(view.names, key=lambda id_: view.names[id_].casefold())
    st.selectbox(
        "Acteur :red[\\*]",
        actors,
        index=actors.index(base.actor_id) if base.actor_id in actors else None,
        key=f"{key}actor",
        format_func=lambda id_: view.names.get(id_, id_),
        placeholder="Choisir (un nouvel acteur s’ajoute dans la page Données)",
    )
    resource = view.snapshot.resource.get(base.resource_id or "")
    words = st.text_input(
        "Quoi\u202f? Avec les mots de l’acteur :red[\\*]",
        base.label or (resource.name if resource else ""),
        key=f"{key}words",
        live=True,
        max_chars=200,
        placeholder="caisses bois, NaOH, chutes de chêne, 20 01 08…",
    )
    found = view.snapshot.nomenclature.search(words, _SUGGESTIONS) if (words or "").strip() else []
    ids = [each.id for each in found]
    if resource is not None and resource.id not in ids:
        ids.insert(0, resource.id)
    options = [*ids, _OWN_WORDS]
    first = resource.id if resource is not None else (ids[0] if ids else _OWN_WORDS)
    # Another list of suggestions is another widget: the first one is proposed again.
    st.session_state[f"{key}resource"] = st.radio(
        "C’est bien\u202f:",
        options,
        index=options.index(first),
        key=f"{key}resource-{hash(tuple(options)) & 0xFFFFFF}",
        format_func=lambda id_: (
            view.snapshot.resource[id_].name if id_ in view.snapshot.resource else id_
        ),
        horizontal=True,
    )


def _how_much(base: Listing, key: str) -> None:
    amount, unit, period, margin = st.columns([1.2, 1.2, 1.2, 1])
    amount.text_input(
        "Quantité",
        "" if base.quantity is None else number(base.quantity),
        key=f"{key}quantity",
        max_chars=30,
        placeholder="vide si inconnue",
    )
    units = list(KNOWN_UNITS)
    if base.unit and base.unit not in units:
        units.append(base.unit)
    unit.selectbox(
        "Unité", units, index=units.index(base.unit) if base.unit in units else 0,
        key=f"{key}unit", accept_new_options=True,
        help="Un contenant se donne avec sa taille\u202f: bac 240 L, bidon 60 L.",
    )  # fmt: skip
    periods = [*(f"par {wording.PERIOD[each]}" for each in Period), _ONCE]
    now = f"par {wording.PERIOD[base.period]}" if base.period else _ONCE
    period.selectbox("Rythme", periods, index=periods.index(now), key=f"{key}period")
    margin.text_input(
        "± %",
        "" if base.uncertainty is None else number(100 * base.uncertainty),
        key=f"{key}margin",
        max_chars=10,
        placeholder="inconnu",
    )
    left, right = st.columns(2)
    left.text_input(
        "Qualité, état", base.quality, key=f"{key}quality", max_chars=200,
        placeholder="propre, à trier, alimentaire…",
    )  # fmt: skip
    right.selectbox(
        "Cette quantité est",
        list(Reliability),
        index=list(Reliability).index(base.reliability),
        key=f"{key}reliability",
        format_func=wording.RELIABILITY.__getitem__,
    )


def _when_and_who(base: Listing, key: str) -> None:
    for column, name, label, value in zip(
        st.columns(3),
        ("from", "to", "expires"),
        ("Disponible à partir du", "Jusqu’au", "Ne plus montrer après le"),
        (base.available_from, base.available_to, base.expires_on),
        strict=True,
    ):
        column.date_input(
            label,
            date.fromisoformat(value) if value else None,
            key=f"{key}{name}",
            format="DD/MM/YYYY",
        )
    left, right = st.columns(2)
    left.text_input(
        "Qui contacter, par son rôle", base.contact_role, key=f"{key}contact", max_chars=200,
        placeholder="responsable logistique",
        help="Jamais un nom\u202f: un rôle, pour ne garder aucune donnée personnelle.",
    )  # fmt: skip
    right.selectbox(
        "Visibilité",
        list(Visibility),
        index=list(Visibility).index(base.visibility),
        key=f"{key}visibility",
        format_func=wording.VISIBILITY.__getitem__,
        help="Public\u202f: tout le monde. Réseau\u202f: les acteurs du programme. "
        "Confidentiel\u202f: l’équipe seule, jamais dans la lettre.",
    )
    st.checkbox(
        "L’acteur est d’accord pour paraître dans la lettre des ressources à partager",
        base.in_letter,
        key=f"{key}letter",
    )


def _more(base: Listing, key: str, draft: Draft) -> None:
    with st.expander("Détails, photo, position"):
        st.text_area(
            "Précisions", base.description, key=f"{key}description", max_chars=5000, height=80
        )
        left, right = st.columns(2)
        left.text_input(
            "Latitude", "" if base.lat is None else number(base.lat, 5), key=f"{key}lat",
            placeholder="celle de l’acteur", max_chars=20,
        )  # fmt: skip
        right.text_input(
            "Longitude", "" if base.lon is None else number(base.lon, 5), key=f"{key}lon",
            placeholder="celle de l’acteur", max_chars=20,
        )  # fmt: skip
        photo = get_store().find(Photo, base.photo_id) if base.photo_id else None
        if photo is not None and not draft.remove_photo:
            st.image(photo.content, width=320)
            st.button(
                "Retirer la photo", key=f"{key}photo-remove", on_click=_remove_photo, args=(draft,)
            )
        st.file_uploader(
            "Photo (JPEG, PNG ou WebP)",
            type=["jpg", "jpeg", "png", "webp"],
            key=f"{key}photo",
            max_upload_size=_LARGEST_UPLOAD_MB,
            help="Réduite ici\u202f; le lieu et la date que l’appareil y a inscrits sont effacés.",
        )


def _answers(listing_id: str) -> None:
    """Go to what answers this listing, in the proposals."""
    close()
    state.go_to_answers(listing_id)


def _remove_photo(draft: Draft) -> None:
    draft.remove_photo = True


def _save(before: Listing | None, side: Side, key: str, draft: Draft) -> None:
    try:
        listing, photo = read_form(before, side, key)
    except CartofluxError as error:
        tell_error(error)
        return
    old = before.photo_id if before is not None else None
    gone = old if old is not None and (photo is not None or draft.remove_photo) else None
    if photo is not None:
        listing = replace(listing, photo_id=photo.id)
    elif gone is not None:
        listing = replace(listing, photo_id=None)

    def do(transaction: Any) -> None:
        if photo is not None:
            transaction.put(photo)
        transaction.put(listing)
        if gone is not None:
            transaction.delete(Photo, gone)

    name = f"{wording.SIDE[side]} {quote(listing.label)}"
    what = f"{name} modifiée" if before else f"Nouvelle annonce{NNBSP}: {name}"
    if actions.write(what, do, f"{name}{NNBSP}: c’est enregistré."):
        close()


def read_form(before: Listing | None, side: Side, key: str) -> tuple[Listing, Photo | None]:
    """Return the listing on screen, and its new picture if there is one.

    Raises:
        InputError: something is missing or cannot be read; the sentence names the field.
    """
    held = st.session_state
    if not held.get(f"{key}actor"):
        raise InputError(
            f"De quel acteur s’agit-il{NNBSP}? Choisissez-le dans la liste.", field="Acteur"
        )
    words = " ".join(str(held.get(f"{key}words") or "").split())
    if not words:
        raise InputError(
            f"Dites de quoi il s’agit, avec les mots de l’acteur{NNBSP}: par exemple "
            f"{quote('caisses bois')}.",
            field="Quoi",
        )
    resource = held.get(f"{key}resource")
    period = str(held[f"{key}period"])
    periods = {f"par {wording.PERIOD[each]}": each for each in Period}
    margin = _number(held[f"{key}margin"], "Incertitude")
    base = before or Listing(
        id=uuid.uuid4().hex,
        actor_id="",
        side=side,
        resource_id=None,
        day=localtime.today().isoformat(),
    )
    sent = held.get(f"{key}photo")
    return replace(
        base,
        actor_id=str(held[f"{key}actor"]),
        resource_id=None if resource in (None, _OWN_WORDS) else str(resource),
        label=words,
        quantity=_number(held[f"{key}quantity"], "Quantité"),
        unit=parse_unit(str(held[f"{key}unit"] or "")).symbol,
        period=periods.get(period),
        uncertainty=None if margin is None else margin / 100,
        quality=str(held[f"{key}quality"] or "").strip(),
        reliability=Reliability(held[f"{key}reliability"]),
        description=str(held[f"{key}description"] or "").strip(),
        available_from=_day(held[f"{key}from"]),
        available_to=_day(held[f"{key}to"]),
        expires_on=_day(held[f"{key}expires"]),
        lat=_number(held[f"{key}lat"], "Latitude"),
        lon=_number(held[f"{key}lon"], "Longitude"),
        contact_role=str(held[f"{key}contact"] or "").strip(),
        visibility=Visibility(held[f"{key}visibility"]),
        in_letter=bool(held[f"{key}letter"]),
    ), (pictures.photo_of(sent.getvalue()) if sent is not None else None)


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _number(text: object, field: str) -> float | None:
    typed = str(text or "").strip()
    return parse_number(typed, field=field) if typed else None
