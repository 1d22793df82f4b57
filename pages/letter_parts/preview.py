"""See the letter as its readers will, and take its files away."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from data.french import NNBSP, number, tidy
from data.model import Letter, Subscriber
from pages.documents.letter_edition import Edition, letter_text
from pages.documents.letter_mail import (
    letter_archive,
    letter_body,
    letter_html,
    letter_message,
)
from pages.documents.letter_sheet import letter_pdf
from pages.letter_parts.view import LetterView, letter_view
from pages.ui import escape, icons, localtime, viewer, wording

EVERYBODY: Final = "Édition générale"
_MAIL: Final = "Courriel"
_TEXT: Final = "Texte"


def draw(view: LetterView, letter: Letter, today: dt.date) -> None:
    """Draw the choice of an edition, its preview and the files."""
    readers = {one.id: one for one in view.recipients(today)} if viewer.is_local() else {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Édition", [None, *readers], key="letter-edition", width=280,
            format_func=lambda one: readers[one].name if one in readers else EVERYBODY,
            help="Chaque abonné·e reçoit ce qui est dans son rayon et dans ses filières.",
        )  # fmt: skip
        shown = st.segmented_control(
            "Aperçu", [_MAIL, _TEXT], default=_MAIL, required=True, key="letter-preview"
        )
    reader = readers.get(chosen or "")
    edition = view.edition(letter, reader, today)
    st.markdown(_sentence(edition, reader))
    _files(letter, reader)
    if shown == _TEXT:
        st.code(letter_text(edition), language=None, wrap_lines=True)
    else:
        with st.container(border=True, height=900, key="letter-mail"):
            st.html(letter_body(edition))


def _sentence(edition: Edition, reader: Subscriber | None) -> str:
    if not edition.items:
        return (
            "**Rien dans cette édition**\u202f: cette personne ne reçoit rien ce mois-ci."
            if reader
            else "**Aucune annonce**\u202f: choisissez-en au moins une."
        )
    return f"**{escape.markdown(edition.summary)}** dans cette édition."


@dataclass(frozen=True, slots=True)
class _File:
    key: str
    label: str
    ending: str
    mime: str
    make: Callable[[Edition], bytes]
    icon: str


_FILES: Final = (
    _File("pdf", "PDF", ".pdf", "application/pdf", letter_pdf, ":material/print:"),
    _File(
        "eml", "Message (.eml)", ".eml", "message/rfc822", letter_message, icons.MATERIAL_LETTER
    ),
    _File(
        "html", "HTML", ".html", "text/html", lambda e: letter_html(e).encode(), ":material/code:"
    ),
    _File(
        "txt", "Texte", ".txt", "text/plain", lambda e: letter_text(e).encode("utf-8-sig"),
        ":material/notes:",
    ),
)  # fmt: skip


def _files(letter: Letter, reader: Subscriber | None) -> None:
    with st.container(horizontal=True, key="letter-files"):
        for file in _FILES:
            st.download_button(
                file.label,
                _maker(file.make, letter, reader.id if reader else None),
                file_name=f"lettre-{letter.month}{file.ending}",
                mime=file.mime,
                icon=file.icon,
                key=f"letter-get-{file.key}",
                type="primary" if file.key == "eml" else "secondary",
                on_click="ignore",
            )


def _maker(
    make: Callable[[Edition], bytes], letter: Letter, reader_id: str | None
) -> Callable[[], bytes]:
    """Make the file from what the store holds at the press, not when the page was drawn.

    A listing that expired, was hidden, or a reader who left in between is not in the file.
    """

    def made() -> bytes:
        view = letter_view()
        reader = next((one for one in view.readers if one.id == reader_id), None)
        if reader_id is not None and reader is None:
            raise LookupError(reader_id)
        return make(view.edition(letter, reader, localtime.today()))

    return made


def every_reader(letter: Letter) -> Callable[[], bytes]:
    """Return what makes one message a reader, in a ZIP file."""

    def made() -> bytes:
        view, today = letter_view(), localtime.today()
        return letter_archive(
            view.edition(letter, reader, today) for reader in view.recipients(today)
        )

    return made


def sending(view: LetterView, letter: Letter, today: dt.date) -> None:
    """Draw how to send: by one's own mail program, one message a reader or blind copies."""
    st.header("Envoyer", anchor=False)
    st.info(
        "Cartoflux n’envoie aucun message lui-même. Il prépare des fichiers que vous ouvrez dans "
        "votre messagerie (Thunderbird, Outlook, Apple Mail…)\u202f: chacun s’ouvre comme un "
        "brouillon, prêt à relire et à envoyer.",
        icon=":material/outgoing_mail:",
    )
    if not viewer.is_local():
        st.caption("Les adresses ne se prennent que sur le poste qui fait tourner Cartoflux.")
        return
    readers = view.recipients(today)
    filled = [one for one in readers if view.edition(letter, one, today).items]
    count = len(filled)
    st.markdown(
        f"**{number(count)}** {wording.plural(count, 'abonné·e reçoit', 'abonné·es reçoivent')} "
        f"quelque chose, sur {number(len(readers))} qui ont donné leur accord{NNBSP}; "
        f"{number(len(view.readers) - len(readers))} sans accord valable ou désinscrits ne "
        "reçoivent rien."
    )
    if not view.sender.reply:
        st.warning(
            tidy(
                "Indiquez l’adresse de réponse, dans « Abonnements », « Expéditeur » : sans elle, "
                "personne ne peut répondre ni se désinscrire."
            ),
            icon=":material/reply:",
        )
    st.download_button(
        "Un message par abonné·e (ZIP de .eml)",
        every_reader(letter),
        file_name=f"lettre-{letter.month}-messages.zip",
        mime="application/zip",
        icon=icons.MATERIAL_DOWNLOAD,
        key="letter-get-zip",
        on_click="ignore",
        disabled=not filled,
        help="Chacun avec son édition, son adresse, et son lien de désinscription.",
    )
    with st.expander("Ou une seule édition, en copie cachée (Cci)", icon=":material/group:"):
        st.caption(
            tidy(
                "Ouvrez le message de l’édition générale et collez ces adresses dans « Cci », "
                "jamais dans « À » : les adresses des uns ne regardent pas les autres."
            )
        )
        st.code(", ".join(one.email for one in readers) or "–", language=None, wrap_lines=True)
