"""The letter as a message: HTML in tables with its styles inline, plain text beside, as ``.eml``.

Nothing is fetched from anywhere: no image, no font, no script, no counter of openings. Cartoflux
sends nothing itself: these files are for one's own mail program (``X-Unsent`` opens a draft).
"""

import io
import zipfile
from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from urllib.parse import quote as url_quote

from data.french import NNBSP
from data.model import Side
from data.text import fold
from optimization.programme.letter import Item
from pages.documents.letter_edition import (
    Edition,
    facts_of,
    letter_text,
    one_line,
    paragraphs,
    who_of,
)
from pages.ui import wording
from pages.ui.escape import html
from pages.ui.palette import LIGHT, ON_CATEGORY, STREAM

_FONT: Final = "font-family:'Segoe UI',Arial,sans-serif"
_WIDTH: Final = 640
_BOUNDARY: Final = "=_cartoflux_lettre"
_SIDE: Final = {
    Side.OFFER: (LIGHT.primary, LIGHT.on_primary),
    Side.NEED: (LIGHT.notice, LIGHT.on_notice),
}


def letter_html(edition: Edition) -> str:
    """Return the letter as a whole HTML page."""
    return (
        '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{html(edition.title)}</title></head><body style="margin:0;padding:0;'
        f'background:{LIGHT.stone}">{letter_body(edition)}</body></html>\n'
    )


def letter_body(edition: Edition) -> str:
    """Return what stands inside ``body``; every text of it is escaped."""
    title = (
        f'<h1 style="margin:0;font-size:24px;line-height:1.25;color:{LIGHT.text}">'
        f"{html(edition.title)}</h1>"
    )
    rows = [
        title,
        *(_paragraph(words) for words in edition.introduction),
        _paragraph(f"Dans cette lettre{NNBSP}: {edition.summary}.", muted=True),
        *(_group(name, STREAM[s] if s else LIGHT.muted, g) for s, name, g in edition.groups),
        f'<h2 style="margin:20px 0 4px;font-size:18px;color:{LIGHT.text}">Comment répondre</h2>',
        *(_paragraph(words) for words in edition.how),
        _signature(edition),
        _footer(edition),
    ]
    inner = "".join(rows)
    return (
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="background:{LIGHT.stone}"><tr><td align="center" style="padding:16px 8px">'
        f'<table role="presentation" width="{_WIDTH}" cellpadding="0" cellspacing="0" border="0" '
        f'style="width:100%;max-width:{_WIDTH}px;background:{LIGHT.background};{_FONT};'
        f'color:{LIGHT.text};border:1px solid {LIGHT.border}"><tr>'
        f'<td style="padding:24px 20px">{inner}</td></tr></table></td></tr></table>'
    )


def _paragraph(words: str, *, muted: bool = False) -> str:
    color = LIGHT.muted if muted else LIGHT.text
    return (
        f'<p style="margin:10px 0 0;font-size:15px;line-height:1.5;color:{color}">{html(words)}</p>'
    )


def _group(name: str, color: str, group: Iterable[Item]) -> str:
    cells = "".join(_row(item) for item in group)
    return (
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="margin-top:20px"><tr><td style="background:{color};color:{ON_CATEGORY};'
        f'padding:6px 10px;font-size:16px;font-weight:bold">{html(name)}</td></tr>{cells}</table>'
    )


def _row(item: Item) -> str:
    background, color = _SIDE[item.side]
    lines = "".join(
        f'<div style="font-size:{size}px;line-height:1.45;color:{shade}">{html(words)}</div>'
        for words, size, shade in (
            (item.words, 14, LIGHT.text),
            (facts_of(item), 14, LIGHT.text),
            *((part, 14, LIGHT.muted) for part in paragraphs(item.description)),
            (who_of(item), 14, LIGHT.muted),
        )
        if words
    )
    return (
        f'<tr><td style="padding:10px;border-bottom:1px solid {LIGHT.border}">'
        f'<div style="font-size:16px;line-height:1.4"><span style="font-weight:bold">'
        f"{item.number}.</span> "
        f'<span style="background:{background};color:{color};font-size:12px;font-weight:bold;'
        f'padding:1px 6px">{html(wording.SIDE[item.side])}</span> '
        f"<strong>{html(item.resource)}</strong></div>{lines}</td></tr>"
    )


def _signature(edition: Edition) -> str:
    sender = edition.sender
    reply = one_line(sender.reply)
    link = (
        f'<a href="mailto:{html(url_quote(reply, safe="@.+-_"))}" style="color:{LIGHT.link}">'
        f"{html(reply)}</a>"
        if reply
        else ""
    )
    parts = [part for part in (html(one_line(sender.name)), link) if part]
    return f'<p style="margin:14px 0 0;font-size:15px">{"<br>".join(parts)}</p>' if parts else ""


def _footer(edition: Edition) -> str:
    words = [html(part) for part in (edition.consent, edition.goodbye) if part]
    if edition.leaving:
        words[-1] += (
            f' <a href="{html(edition.leaving)}" style="color:{LIGHT.link}">me désinscrire</a>'
        )
    if edition.demo:
        words.append("Données de démonstration.")
    return (
        f'<p style="margin:22px 0 0;padding-top:10px;border-top:1px solid {LIGHT.border};'
        f'font-size:12px;line-height:1.5;color:{LIGHT.muted}">{"<br>".join(words)}</p>'
    )


def letter_message(edition: Edition) -> bytes:
    """Return the edition as a message to open in one's own mail program.

    With a reader it is addressed to it; without, « À » is left empty for a blind-copy list.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = edition.title
    sender, reader = edition.sender, edition.reader
    reply = _address(sender.name, sender.reply)
    if reply is not None:
        message["From"] = reply
        message["Reply-To"] = reply
    if reader is not None:
        to = _address(reader.name, reader.email)
        if to is not None:
            message["To"] = to
    leave = [f"<{edition.leaving}>"] if edition.leaving else []
    if reply is not None:
        leave.append(f"<mailto:{url_quote(reply.addr_spec, safe='@.+-_')}?subject=desinscription>")
    if leave:
        message["List-Unsubscribe"] = ", ".join(leave)
    if edition.leaving.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["X-Unsent"] = "1"
    message.set_content(letter_text(edition), cte="quoted-printable")
    message.add_alternative(letter_html(edition), subtype="html", cte="quoted-printable")
    # The library draws it at random: the same edition must be the same file.
    message.set_boundary(_BOUNDARY)
    return message.as_bytes()


def _address(name: str, email: str) -> Address | None:
    """Return an address as a header wants it, or ``None`` when it cannot be one."""
    local, _, domain = one_line(email).rpartition("@")
    try:
        return Address(one_line(name), local, domain) if local and domain else None
    except (ValueError, IndexError):
        return None


def letter_archive(editions: Iterable[Edition]) -> bytes:
    """Return one message a reader, in a ZIP file; readers with nothing of interest get none."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, edition in enumerate((e for e in editions if e.items and e.reader), start=1):
            slug = "-".join(fold(edition.reader.name if edition.reader else "").split())[:40]
            plain = "".join(char for char in slug if char.isalnum() or char == "-")
            entry = zipfile.ZipInfo(
                f"{edition.stem}-{number:03d}-{plain}.eml".replace("-.eml", ".eml"),
                date_time=(edition.day.year, edition.day.month, edition.day.day, 0, 0, 0),
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, letter_message(edition))
    return out.getvalue()
