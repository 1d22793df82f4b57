"""Who reads the letter: consent with its date and source, leaving at any time, undo."""

import datetime as dt
import secrets
import uuid
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from data.errors import CartofluxError
from data.french import date, number, quantity, quote
from data.model import Origin, Stream, Subscriber
from data.text import fold
from optimization.programme.letter import may_receive
from pages.data_parts.session import forget_news, tell, tell_error
from pages.letter_parts.view import BASE, REPLY, SENDER, LetterView
from pages.ui import icons, viewer, wording
from pages.ui.session import get_store, who

_TOKEN_BYTES: Final = 24


def draw(view: LetterView, today: dt.date) -> None:
    """Draw the readers, the form to add one, and the sender."""
    if not viewer.is_local():
        st.info(
            "Les abonnements sont des données personnelles\u202f: cette rubrique ne s’ouvre que "
            "sur le poste qui fait tourner Cartoflux.",
            icon=":material/lock:",
        )
        return
    text = st.text_input(
        "Rechercher", key="letter-reader-search", type="search", icon=icons.MATERIAL_SEARCH,
        placeholder="Nom, adresse, commune…", max_chars=100, width=320,
    )  # fmt: skip
    words = fold(text or "").split()
    found = [one for one in view.readers if all(w in _said(view, one) for w in words)]
    found.sort(key=lambda one: (fold(one.name), one.id))
    active = sum(may_receive(one, today) for one in found)
    st.markdown(
        f"**{number(active)}** {wording.plural(active, 'abonnement actif', 'abonnements actifs')}"
        f" sur {number(len(found))}."
    )
    _table(view, found, today)
    with st.expander("Abonner quelqu’un", icon=":material/person_add:", key="letter-add"):
        _add(view, today)
    with st.expander("Expéditeur", icon=":material/alternate_email:", key="letter-sender"):
        _sender(view)


def _said(view: LetterView, one: Subscriber) -> str:
    return fold(" ".join((one.name, one.email, _commune(view, one), one.consent_source)))


def _commune(view: LetterView, one: Subscriber) -> str:
    commune = view.snapshot.commune.get(one.commune_code)
    return commune.name if commune else one.commune_code


def state_of(one: Subscriber, today: dt.date) -> str:
    """Say whether a reader receives the letter, and since when not."""
    if one.unsubscribed_day:
        return f"désinscrit le {date(one.unsubscribed_day)}"
    if not one.consent_day:
        return "pas d’accord noté"
    return "actif" if may_receive(one, today) else f"à partir du {date(one.consent_day)}"


def _table(view: LetterView, found: list[Subscriber], today: dt.date) -> None:
    if not found:
        st.caption("Personne pour l’instant.")
        return
    rows = [
        {
            "Nom": one.name,
            "Adresse": one.email,
            "État": state_of(one, today),
            "Autour de": _commune(view, one),
            "Rayon": quantity(one.radius_km, "km") if one.radius_km else "tout le territoire",
            "Filières": ", ".join(wording.STREAM[s] for s in one.streams) or "toutes",
            "Accord": date(one.consent_day) if one.consent_day else "",
            "Origine de l’accord": one.consent_source,
        }
        for one in found
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Abonnements à la lettre")
    active = {one.id: one for one in found if not one.unsubscribed_day}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Désinscrire", list(active), index=None, key="letter-leave", width=320,
            format_func=lambda one: f"{active[one].name} ({active[one].email})",
            placeholder="Choisir un abonnement",
        )  # fmt: skip
        st.button(
            "Désinscrire", key="letter-leave-do", icon=":material/person_remove:",
            disabled=chosen not in active,
            on_click=leave, args=(active.get(chosen or ""), today),
        )  # fmt: skip


def leave(reader: Subscriber | None, today: dt.date) -> None:
    """Unsubscribe a reader (a widget callback)."""
    if reader is None:
        return
    _write(
        replace(reader, unsubscribed_day=today.isoformat()),
        f"Désinscription de {quote(reader.name)}",
        f"{reader.name} ne recevra plus la lettre.",
    )


def _add(view: LetterView, today: dt.date) -> None:
    mark = len(view.readers)
    with st.form(f"letter-reader-{mark}", border=False, enter_to_submit=False):
        left, right = st.columns(2)
        left.text_input(
            "Nom de la structure", key=f"letter-name-{mark}", max_chars=200,
            placeholder="Menuiserie, bureau",
            help="La structure ou la fonction plutôt qu’une personne.",
        )  # fmt: skip
        right.text_input(
            "Adresse électronique", key=f"letter-email-{mark}", max_chars=200,
            placeholder="accueil@exemple.fr",
        )  # fmt: skip
        codes = sorted(view.snapshot.commune, key=lambda code: view.snapshot.commune[code].name)
        left.selectbox(
            "Autour de quelle commune", codes, index=None, key=f"letter-commune-{mark}",
            format_func=lambda code: view.snapshot.commune[code].name, placeholder="Choisir",
        )  # fmt: skip
        right.number_input(
            "Rayon (km)", min_value=1, max_value=200, value=None, step=5,
            key=f"letter-radius-{mark}", placeholder="tout le territoire",
        )  # fmt: skip
        st.multiselect(
            "Filières qui l’intéressent", list(Stream), key=f"letter-streams-{mark}",
            format_func=wording.STREAM.__getitem__, placeholder="Toutes",
        )  # fmt: skip
        left, right = st.columns(2)
        left.date_input(
            "Date de l’accord", today, max_value=today, format="DD/MM/YYYY",
            key=f"letter-consent-{mark}",
        )  # fmt: skip
        right.text_input(
            "Comment l’accord a été donné", key=f"letter-source-{mark}", max_chars=200,
            placeholder="Formulaire de l’atelier du 12/03",
        )  # fmt: skip
        st.form_submit_button(
            "Abonner", type="primary", icon=":material/person_add:", key="letter-add-do",
            on_click=_save, args=(view, mark),
        )  # fmt: skip


def _save(view: LetterView, mark: int) -> None:
    """Write a new reader (a widget callback)."""
    held = st.session_state
    email = str(held.get(f"letter-email-{mark}") or "").strip()
    name = " ".join(str(held.get(f"letter-name-{mark}") or "").split())
    source = " ".join(str(held.get(f"letter-source-{mark}") or "").split())
    consent = held.get(f"letter-consent-{mark}")
    forget_news()
    if consent is None or not source:
        tell(
            "Sans la date de l’accord ni la façon dont il a été donné, personne n’est abonné : "
            "complétez les deux.",
            good=False,
        )
        return
    known = next((one for one in view.readers if fold(one.email) == fold(email)), None)
    if known is not None and not known.unsubscribed_day:
        tell(f"{email} est déjà abonnée, au nom de {quote(known.name)}.", good=False)
        return
    radius = held.get(f"letter-radius-{mark}")
    base = known or Subscriber(id=uuid.uuid4().hex, name=name, email=email)
    _write(
        replace(
            base,
            name=name,
            email=email,
            commune_code=str(held.get(f"letter-commune-{mark}") or ""),
            radius_km=None if radius is None else float(radius),
            streams=tuple(held.get(f"letter-streams-{mark}") or ()),
            consent_day=consent.isoformat(),
            consent_source=source,
            unsubscribed_day="",
            token=secrets.token_urlsafe(_TOKEN_BYTES),
            origin=Origin.FIELD,
        ),
        f"Abonnement de {quote(name)} à la lettre",
        f"{name} recevra la prochaine lettre.",
    )


def _write(reader: Subscriber, what: str, done: str) -> None:
    forget_news()
    try:
        with get_store().transaction(who=who(), what=what) as tx:
            tx.put(reader)
            written = tx.number()
    except CartofluxError as error:
        tell_error(error)
        return
    tell(done, undo=written)


def _sender(view: LetterView) -> None:
    with st.form("letter-sender-form", border=False, enter_to_submit=False):
        st.text_input("Nom affiché", view.sender.name, key="letter-sender-name", max_chars=120)
        st.text_input(
            "Adresse de réponse", view.sender.reply, key="letter-sender-reply", max_chars=200,
            help="Les réponses et les désinscriptions y arrivent.",
        )  # fmt: skip
        st.text_input(
            "Adresse publique de ce Cartoflux, s’il est joignable d’internet", view.sender.base,
            key="letter-sender-base", max_chars=200, placeholder="https://cartoflux.exemple.fr",
            help="Vide\u202f: la lettre demande de répondre «\u00a0désinscription\u00a0». Avec une "
            "adresse\u202f: chaque message a son lien, qui désinscrit en un clic.",
        )  # fmt: skip
        st.form_submit_button("Enregistrer", key="letter-sender-save", on_click=_save_sender)


def _save_sender() -> None:
    """Write the sender's settings (a widget callback)."""
    held = st.session_state
    forget_news()
    try:
        with get_store().transaction(who=who(), what="Expéditeur de la lettre") as tx:
            for setting, widget in ((SENDER, "name"), (REPLY, "reply"), (BASE, "base")):
                tx.set_setting(
                    setting, " ".join(str(held.get(f"letter-sender-{widget}") or "").split())
                )
            written = tx.number()
    except CartofluxError as error:
        tell_error(error)
        return
    tell("L’expéditeur est enregistré.", undo=written)
