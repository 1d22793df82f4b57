r"""Next steps as an iCalendar file (RFC 5545), for any agenda.

Ours, because three rules are all that is needed and no calendar library is among our
dependencies: lines end with CRLF and are folded at 75 octets without cutting a character
(§ 3.1), texts escape ``\ ; ,`` and line ends (§ 3.3.11), all-day events give a date without a
time and without an end, which means that one day (§ 3.6.1).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from data.french import NNBSP
from data.model import Synergy
from data.synergies.chain import STATUS_NAMES

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_WIDTH: Final = 75
_REMINDER: Final = "-P1D"


def calendar(synergies: Iterable[Synergy], names: Mapping[str, str], *, made_at: datetime) -> bytes:
    """Write the dated next steps as all-day events with a reminder the day before.

    The same synergy always has the same UID: importing again updates the agenda.

    Args:
        synergies: those without a dated next step are left out.
        names: actor's name by id.
        made_at: aware moment of the export.
    """
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Cartoflux//Synergies//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Cartoflux – prochaines étapes",
    ]
    for synergy in synergies:
        if synergy.next_step_day:
            lines += _event(synergy, names, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(fold(line) for line in lines)


def escape(text: str) -> str:
    """Write a text as an iCalendar value; other control characters are dropped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\n", "\\n")
    return "".join(c for c in text if c >= " " and c != "\x7f")


def fold(line: str) -> bytes:
    """Cut a content line at 75 octets, never inside a character; ends with CRLF."""
    return b"\r\n ".join(_pieces(line)) + b"\r\n"


def _pieces(line: str) -> Iterator[bytes]:
    piece, room = b"", _WIDTH
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > room:
            yield piece
            piece, room = b"", _WIDTH - 1  # the blank that begins a continuation counts
        piece += octets
    yield piece


def _event(synergy: Synergy, names: Mapping[str, str], stamp: str) -> list[str]:
    step = synergy.next_step or "Prochaine étape"
    parties = ", ".join(names.get(party.actor_id, "?") for party in synergy.parties)
    about = [f"Statut{NNBSP}: {STATUS_NAMES[synergy.status]}"]
    if parties:
        about.append(f"Avec{NNBSP}: {parties}")
    if synergy.owner:
        about.append(f"Responsable{NNBSP}: {synergy.owner}")
    summary = escape(f"{step} – {synergy.title}")
    return [
        "BEGIN:VEVENT",
        f"UID:synergie-{escape(synergy.id)}@cartoflux",
        f"DTSTAMP:{stamp}",
        f"SEQUENCE:{synergy.revision}",
        f"DTSTART;VALUE=DATE:{synergy.next_step_day.replace('-', '')}",
        f"SUMMARY:{summary}",
        f"DESCRIPTION:{escape(chr(10).join(about))}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{summary}",
        f"TRIGGER:{_REMINDER}",
        "END:VALARM",
        "END:VEVENT",
    ]
