"""Prepare a letter: its words, its listings in order."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Final

import streamlit as st

from data.errors import CartofluxError
from data.french import NNBSP, number, quote
from data.model import Letter, Origin
from pages.data_parts.session import forget_news, tell, tell_error
from pages.documents.letter_edition import HOW, TITLE, month_name
from pages.letter_parts import consent
from pages.letter_parts.view import LetterView
from pages.ui import wording
from pages.ui.session import get_store, who

_OPEN: Final = "letter-open"
_NEW: Final = "new"
_RECENT_DAYS: Final = 31


def choose(view: LetterView, today: dt.date) -> Letter:
    """Draw the choice of a draft; return it, or a new one for this month."""
    drafts = sorted(
        (one for one in view.letters if not one.sent_at),
        key=lambda one: (one.month, one.id),
        reverse=True,
    )
    names = {one.id: f"{month_name(one.month)} – {one.title or TITLE}" for one in drafts}
    names[_NEW] = "Nouvelle lettre"
    if st.session_state.get(_OPEN) not in names:
        st.session_state[_OPEN] = next(iter(names))
    chosen = st.selectbox(
        "Lettre en préparation", list(names), key=_OPEN, format_func=lambda one: names[one]
    )
    fresh = Letter(id=_NEW, month=f"{today:%Y-%m}", how_to_answer=HOW)
    return next((one for one in drafts if one.id == chosen), fresh)


def key(letter: Letter, name: str) -> str:
    """Name a widget of the form; another revision of the letter is another form."""
    return f"letter-{name}-{letter.id}-{letter.revision}"


def form(view: LetterView, letter: Letter, today: dt.date) -> Letter:
    """Draw the form; return the letter as it stands on screen, saved or not."""
    title = st.text_input(
        "Titre", letter.title, key=key(letter, "title"), max_chars=200,
        placeholder=f"{TITLE}, {month_name(letter.month)}",
    )  # fmt: skip
    month = st.selectbox(
        "Mois", _months(letter, today), key=key(letter, "month"), format_func=month_name, width=220,
        index=_months(letter, today).index(letter.month),
    )  # fmt: skip
    introduction = st.text_area(
        "Introduction", letter.introduction, key=key(letter, "introduction"), height=110,
        max_chars=2000,
        help="N’y nommez que des acteurs d’accord\u202f: ce texte part tel quel.",
    )  # fmt: skip
    chosen = _listings(view, letter, today)
    how = st.text_area(
        "Comment répondre", letter.how_to_answer, key=key(letter, "how"), height=90, max_chars=1000
    )
    typed = replace(
        letter,
        title=" ".join((title or "").split()),
        month=month or letter.month,
        introduction=(introduction or "").strip(),
        how_to_answer=(how or "").strip(),
        listing_ids=tuple(chosen),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Enregistrer la lettre", type="primary", icon=":material/save:", key="letter-save",
            on_click=save, args=(typed,), disabled=typed == letter,
        )  # fmt: skip
        st.button(
            "Marquer comme envoyée", icon=":material/send:", key="letter-sent",
            on_click=mark_sent, args=(typed,),
            disabled=not view.edition(typed, None, today).items,
            help="À presser une fois les messages partis de votre messagerie\u202f: la lettre "
            "rejoint l’historique et ne change plus.",
        )  # fmt: skip
    return typed


def _months(letter: Letter, today: dt.date) -> list[str]:
    """Return the months around this one, and the letter's own."""
    first = today.year * 12 + today.month - 1
    near = [f"{(first + k) // 12}-{(first + k) % 12 + 1:02d}" for k in range(-2, 4)]
    return sorted({*near, letter.month})


def _listings(view: LetterView, letter: Letter, today: dt.date) -> list[str]:
    """Draw the choice of listings; those that may not appear are told, never described."""
    eligible = view.eligible(today)
    name = key(letter, "listings")
    stale = [one for one in letter.listing_ids if one not in eligible]
    st.session_state.setdefault(name, list(letter.listing_ids))
    chosen: list[str] = st.multiselect(
        "Annonces de la lettre, dans l’ordre",
        [*eligible, *stale],
        key=name,
        format_func=lambda one: (
            consent.name(eligible[one])
            if one in eligible
            else f"Écartée{NNBSP}: {_why(view, one, today)}"
        ),
        placeholder="Chercher une ressource, un acteur, une commune…",
        wrap=True,
        help="L’ordre est celui dans lequel vous les ajoutez\u202f; la lettre les groupe par "
        "filière.",
    )
    recent = (today - dt.timedelta(days=_RECENT_DAYS)).isoformat()
    news = [one for one in eligible if view.listings[one].day >= recent and one not in chosen]
    with st.container(horizontal=True):
        st.button(
            f"Ajouter les nouvelles du mois ({number(len(news))})", key="letter-add-recent",
            on_click=_set, args=(name, [*chosen, *news]), disabled=not news,
        )  # fmt: skip
        st.button(
            "Offres d’abord", key="letter-sort", on_click=_set, disabled=len(chosen) <= 1,
            args=(name, sorted(chosen, key=lambda one: _rank(view, one))),
            help="Range les offres avant les besoins, les plus récentes d’abord.",
        )  # fmt: skip
        st.button(
            "Tout retirer", key="letter-clear", on_click=_set, args=(name, []),
            disabled=not chosen, type="tertiary",
        )  # fmt: skip
    dropped = [(one, why) for one in chosen if (why := view.refusal(one, today))]
    if dropped:
        reasons = sorted({why for _, why in dropped})
        st.warning(
            f"{number(len(dropped))} {wording.plural(len(dropped), 'annonce choisie ne partira', 'annonces choisies ne partiront')}"  # noqa: E501 - one sentence
            f" pas{NNBSP}: {', '.join(reasons)}.",
            icon=":material/event_busy:",
        )
    st.caption(
        f"{number(len(eligible))} annonces peuvent paraître aujourd’hui\u202f; "
        f"{number(view.refused)} n’ont pas l’accord de leur acteur pour la lettre (case "
        f"{quote('accord pour la lettre')} de l’annonce)."
    )
    consent.draw(view, name, today)
    return chosen


def _why(view: LetterView, listing_id: str, today: dt.date) -> str:
    return view.refusal(listing_id, today) or "annonce retirée"


def _rank(view: LetterView, listing_id: str) -> tuple[str, str]:
    listing = view.listings.get(listing_id)
    if listing is None:
        return ("z", "")
    # "offer" sorts after "need": the other way round, and the latest day first.
    day = "".join(chr(0x10FFFF - ord(c)) if c.isdigit() else c for c in listing.day)
    return ("a" if listing.side.value == "offer" else "b", day)


def _set(name: str, chosen: list[str]) -> None:
    st.session_state[name] = list(dict.fromkeys(chosen))


def save(letter: Letter) -> None:
    """Write a letter (a widget callback)."""
    _write(letter, f"Lettre de {month_name(letter.month)}", "La lettre est enregistrée.")


def mark_sent(letter: Letter) -> None:
    """Declare a letter sent (a widget callback)."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    month = month_name(letter.month)
    _write(
        replace(letter, sent_at=now),
        f"Lettre de {month} marquée comme envoyée",
        f"La lettre de {month} est dans l’historique des lettres envoyées.",
    )


def _write(letter: Letter, what: str, done: str) -> None:
    forget_news()
    if letter.id == _NEW:
        letter = replace(letter, id=uuid.uuid4().hex)
    try:
        with get_store().transaction(who=who(), what=what) as tx:
            tx.put(replace(letter, origin=Origin.FIELD))
            written = tx.number()
    except CartofluxError as error:
        tell_error(error)
        return
    if not letter.sent_at:
        st.session_state[_OPEN] = letter.id
    tell(done, undo=written)
