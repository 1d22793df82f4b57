"""One edition of the letter: its words and items, by stream, ready to be laid out three ways."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote as url_quote

from data import french
from data.french import NNBSP
from data.model import Commune, Letter, Side, Stream, Subscriber
from optimization.programme.letter import Item
from pages.ui import escape, wording

TITLE: Final = "La lettre des ressources à partager"
HOW: Final = (
    "Répondez à ce message en citant le numéro de l’annonce : nous vous mettons en relation."
)
OTHERS: Final = "Autres ressources"
UNSUBSCRIBE: Final = "/lettre/desinscription/"
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends the letter.

    Attributes:
        name: shown as the author.
        reply: address readers answer to.
        base: public address of this Cartoflux when it can be reached, or empty.
    """

    name: str = ""
    reply: str = ""
    base: str = ""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What one reader gets, or everybody when ``reader`` is ``None``.

    Attributes:
        items: those that may be printed on ``day`` and interest the reader.
        communes: outlines for the map.
        day: date of the edition; same arguments, same bytes.
    """

    letter: Letter
    items: tuple[Item, ...]
    sender: Sender
    day: dt.date
    reader: Subscriber | None = None
    communes: Sequence[Commune] = ()
    demo: bool = False

    @property
    def title(self) -> str:
        """The letter's title, or the usual one with its month."""
        return one_line(self.letter.title) or f"{TITLE}, {month_name(self.letter.month)}"

    @property
    def introduction(self) -> tuple[str, ...]:
        """Its paragraphs."""
        return paragraphs(self.letter.introduction)

    @property
    def how(self) -> tuple[str, ...]:
        """How to answer, paragraph by paragraph."""
        return paragraphs(self.letter.how_to_answer) or (HOW,)

    @property
    def groups(self) -> tuple[tuple[Stream | None, str, tuple[Item, ...]], ...]:
        """Items by stream, in the order of the streams' first item."""
        grouped: dict[Stream | None, list[Item]] = {}
        for one in self.items:
            grouped.setdefault(one.stream, []).append(one)
        ordered = sorted(grouped, key=lambda stream: stream is None)
        return tuple(
            (stream, wording.STREAM[stream] if stream else OTHERS, tuple(grouped[stream]))
            for stream in ordered
        )

    @property
    def summary(self) -> str:
        """« 8 offres et 6 besoins »."""
        offers = sum(one.side is Side.OFFER for one in self.items)
        needs = len(self.items) - offers
        parts = (
            f"{french.number(count)} {wording.plural(count, word)}"
            for count, word in ((offers, "offre"), (needs, "besoin"))
            if count
        )
        return " et ".join(parts) or "aucune annonce"

    @property
    def leaving(self) -> str:
        """Address of this reader's page to leave; empty when there is none."""
        base = escape.link(self.sender.base)
        if self.reader is None or not self.reader.token or base is None:
            return ""
        return f"{base.rstrip('/')}{UNSUBSCRIBE}{url_quote(self.reader.token, safe='')}"

    @property
    def goodbye(self) -> str:
        """How to stop receiving the letter, in words (the address itself comes beside)."""
        if self.leaving:
            return "Pour ne plus recevoir cette lettre :"
        return (
            "Pour ne plus recevoir cette lettre, répondez « désinscription » : c’est immédiat, "
            "et votre adresse n’est plus utilisée."
        )

    @property
    def consent(self) -> str:
        """Why the reader gets it: the day and source of its consent."""
        if self.reader is None or not self.reader.consent_day:
            return ""
        source = one_line(self.reader.consent_source)
        given = f" ({source})" if source else ""
        return (
            f"Vous la recevez avec votre accord du {french.date(self.reader.consent_day)}{given}."
        )

    @property
    def stem(self) -> str:
        """Beginning of the files' names."""
        return f"lettre-{self.letter.month}"


def facts_of(item: Item) -> str:
    """Write the second line of an item: quantity, quality, dates."""
    return " · ".join(part for part in (item.amount, item.quality, item.until) if part)


def who_of(item: Item) -> str:
    """Write the last line of an item: who, where, and whom to ask for."""
    asked = f"demander{NNBSP}: {item.contact_role}" if item.contact_role else ""
    return " · ".join(part for part in (item.actor, item.commune, asked) if part)


def month_name(month: str) -> str:
    """Write « 2026-11 » as « novembre 2026 »."""
    return f"{MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def paragraphs(text: str) -> tuple[str, ...]:
    """Cut a text at its line ends."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def one_line(text: str) -> str:
    """Put a text on one line: a mail header must not hold a line end."""
    return " ".join(text.split())


def letter_text(edition: Edition) -> str:
    """Return the letter as plain text, 76 columns of ordinary prose."""
    lines = [edition.title.upper(), "=" * min(len(edition.title), 72), ""]
    for paragraph in edition.introduction:
        lines += [paragraph, ""]
    lines += [f"Dans cette lettre{NNBSP}: {edition.summary}.", ""]
    for _, name, group in edition.groups:
        lines += [f"--- {name} ---", ""]
        for item in group:
            lines.append(f"{item.number}. {wording.SIDE[item.side].upper()} – {item.resource}")
            lines += [
                f"   {part}"
                for part in (
                    item.words,
                    facts_of(item),
                    *paragraphs(item.description),
                    who_of(item),
                )
                if part
            ]
            lines.append("")
    lines += ["COMMENT RÉPONDRE", *edition.how, ""]
    if edition.sender.name:
        lines += [one_line(edition.sender.name)]
    if edition.sender.reply:
        lines += [one_line(edition.sender.reply)]
    ending = (edition.consent, f"{edition.goodbye} {edition.leaving}".strip())
    lines += ["", *(part for part in ending if part)]
    return "\n".join(lines) + "\n"
