"""One cell ↔ one value: how each type of value is written in a file and read back exactly.

A reader is given non-empty, trimmed text and raises :class:`InputError` with the rest of a
sentence that will begin with « Ligne 3, colonne « SIRET » : ».
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from data.errors import InputError
from data.exchange.labels import label, read_choice
from data.exchange.tables import Cell, plain
from data.french import NNBSP, parse_number, quote
from data.model import (
    Party,
    PartyRole,
    Period,
    StatusStep,
    SynergyStatus,
    TimeWindow,
)
from data.units import parse_unit

Reader = Callable[[str], Any]
Writer = Callable[[Any], Cell]
LISTED = "|"
"""Separates the items of a list in one cell."""

_FIRST_YEAR = 1900
_LAST_YEAR = 2200
_DATE = re.compile(
    r"(?:(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})"
    r"|(?P<Y>\d{4})-(?P<M>\d{1,2})-(?P<D>\d{1,2}))(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
)
_SIRET = 14
_LA_POSTE = "356000000"
_DAY_S = 86_400
_ITEM = re.compile(r"(?:\\.|[^|\\])+")
_PART = re.compile(r"((?:\\.|[^;\\])*)(?:;|$)", re.DOTALL)
ONCE = "une fois"
"""A quantity given or wanted once, not per period."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?(?:\s*:\s*(\d{2}))?)?")
_NAF = re.compile(r"\d{2}(?:\.?\d{1,2}[A-Z]?)?")
_WEBSITE = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE
)
_IDENTIFIER = re.compile(r"[\w.:-]{1,120}")
_WASTE_CODE = re.compile(r"(\d{2})\s?(\d{2})\s?(\d{2})\s?(\*?)")


def clean(text: str) -> str:
    """Trim a text, compose its accents and give its line ends one form."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", unified).strip()


def shifted(value: float, power: int) -> float:
    """Give ``value × 10^power`` without the rounding noise of a binary product."""
    return float(Decimal(repr(float(value))).scaleb(power))


def read_number(text: str) -> float:
    """Read a number typed by a French hand."""
    return parse_number(text)


def read_whole(text: str) -> int:
    """Read a whole number."""
    value = parse_number(text)
    if not value.is_integer():
        raise InputError(f"{quote(text)} doit être un nombre entier.")
    return int(value)


def read_year(text: str) -> int:
    """Read a year, or take it from a date: « 2025 », « 31/03/2025 », « 2025-03-31 »."""
    match = _DATE.fullmatch(text.strip())
    if match:
        try:
            return date(int(match["y"] or match["Y"]), int(match["m"] or match["M"]),
                        int(match["d"] or match["D"])).year  # fmt: skip
        except ValueError as error:
            raise InputError(
                f"{quote(text)} n’est pas une date du calendrier. Écrivez l’année, par exemple "
                "2025."
            ) from error
    try:
        year = parse_number(text)
    except InputError as error:
        raise InputError(f"{quote(text)} n’est pas une année. Écrivez par exemple 2025.") from error
    if not year.is_integer() or not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise InputError(
            f"{quote(text)} n’est pas une année entre {_FIRST_YEAR} et {_LAST_YEAR}. "
            "Écrivez quatre chiffres, par exemple 2025."
        )
    return int(year)


def read_percent(text: str) -> float:
    """Read « 30 » or « 30 % » as 0.3."""
    return shifted(parse_number(text.removesuffix("%").rstrip()), -2)


def write_percent(value: float | None) -> Cell:
    """Write 0.3 as 30."""
    return None if value is None else shifted(value, 2)


def read_minutes(text: str) -> int:
    """Read minutes as whole seconds."""
    return round(parse_number(text) * 60)


def write_minutes(seconds: float) -> Cell:
    """Write seconds as minutes."""
    return seconds / 60


def read_kilometres(text: str) -> int:
    """Read kilometres as whole metres."""
    return round(parse_number(text) * 1000)


def write_kilometres(metres: float | None) -> Cell:
    """Write metres as kilometres."""
    return None if metres is None else metres / 1000


def read_clock(text: str) -> int:
    """Read a time of day (« 8:30 », « 8h30 », « 8 h ») as seconds since midnight."""
    match = _CLOCK.fullmatch(text.strip().translate({0xA0: " ", 0x202F: " "}))
    if match:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = hours * 3600 + minutes * 60 + seconds
        if minutes < 60 and seconds < 60 and total <= 2 * _DAY_S:  # noqa: PLR2004
            return total
    raise InputError(f"{quote(text)} n’est pas une heure. Écrivez par exemple 8:30.")


def write_clock(seconds: int) -> str:
    """Write seconds since midnight as ``08:30`` (``08:30:15`` when seconds count)."""
    minutes, rest = divmod(int(seconds), 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{rest:02d}" if rest else text


def read_windows(text: str) -> tuple[TimeWindow, ...]:
    """Read « 8:00-12:00 ; 14:00-18:00 »."""
    windows = []
    for part in re.split(r"[;,|]|\bet\b", text):
        if not part.strip():
            continue
        ends = re.split(r"[-–—−]|\bà\b", part)
        if len(ends) != 2:  # noqa: PLR2004
            raise InputError(
                f"{quote(part.strip())} n’est pas un créneau. Écrivez 8:00-12:00, "
                "et séparez plusieurs créneaux par un point-virgule."
            )
        start, end = (read_clock(end.strip()) for end in ends)
        if end < start:
            raise InputError(f"le créneau {quote(part.strip())} finit avant de commencer.")
        windows.append(TimeWindow(start_s=start, end_s=end))
    return tuple(windows)


def write_windows(windows: Sequence[TimeWindow]) -> str:
    """Write time windows, in order."""
    return " ; ".join(f"{write_clock(w.start_s)}-{write_clock(w.end_s)}" for w in windows)


def read_list(text: str) -> tuple[str, ...]:
    r"""Read items separated by ``|`` (``\|`` inside an item); blanks around them do not count."""
    items = (clean(_ESCAPED.sub(r"\1", item)) for item in _ITEM.findall(text))
    return tuple(item for item in items if item)


def write_list(items: Sequence[str]) -> str:
    """Write items so that :func:`read_list` gives them back."""
    return f" {LISTED} ".join(re.sub(r"([|\\])", r"\\\1", item) for item in items)


def read_day(text: str) -> str:
    """Read a date as people or spreadsheets write it, as an ISO day."""
    match = _DATE.fullmatch(text.strip())
    try:
        if match:
            return date(int(match["y"] or match["Y"]), int(match["m"] or match["M"]),
                        int(match["d"] or match["D"])).isoformat()  # fmt: skip
    except ValueError:
        pass
    raise InputError(f"{quote(text)} n’est pas une date. Écrivez par exemple 31/03/2026.")


def read_yes(text: str) -> bool:
    """Read « oui » or « non »."""
    known = {"oui": True, "o": True, "vrai": True, "x": True, "1": True}
    known |= dict.fromkeys(("non", "n", "faux", "0"), False)
    word = text.strip().lower()
    if word not in known:
        raise InputError(
            f"{quote(text)} n’est ni oui ni non. Écrivez {quote('oui')}, ou {quote('non')}."
        )
    return known[word]


def write_yes(value: bool) -> str:
    """Write « oui » or « non »."""
    return "oui" if value else "non"


def read_period(text: str) -> Period | None:
    """Read a period, or « une fois »."""
    if text.strip().lower() in {ONCE, "1 fois", "ponctuel"}:
        return None
    try:
        return read_choice(text, Period)
    except InputError as error:
        raise InputError(f"{error.message.rstrip('.')}, ou {quote(ONCE)}.") from error


def write_period(period: Period | None) -> str:
    """Write a period, or « une fois »."""
    return ONCE if period is None else label(period)


def read_steps(text: str) -> tuple[StatusStep, ...]:
    """Read « 2026-03-31 ; En discussion ; animatrice ; motif | … », oldest first."""
    return tuple(
        StatusStep(
            day=read_day(day), status=read_choice(status, SynergyStatus), who=who, reason=why
        )
        for day, status, who, why in _lines(text, 2, 4, "jour ; statut ; auteur ; motif")
    )


def write_steps(steps: Sequence[StatusStep]) -> str:
    """Write steps so that :func:`read_steps` gives them back."""
    return write_list([_line(s.day, label(s.status), s.who, s.reason) for s in steps])


def read_parties(text: str) -> tuple[Party, ...]:
    """Read « identifiant de l’acteur ; Donne ; gain en euros par an ; source | … »."""
    return tuple(
        Party(
            actor_id=actor_id,
            role=read_choice(role, PartyRole),
            gain_eur_per_year=parse_number(gain) if gain else None,
            gain_note=note,
        )
        for actor_id, role, gain, note in _lines(text, 2, 4, "acteur ; rôle ; gain ; source")
    )


def write_parties(parties: Sequence[Party]) -> str:
    """Write parties so that :func:`read_parties` gives them back."""
    return write_list(
        [
            _line(
                party.actor_id,
                label(party.role),
                ""
                if party.gain_eur_per_year is None
                else plain(party.gain_eur_per_year).replace(".", ","),
                party.gain_note,
            )
            for party in parties
        ]
    )


def _line(*parts: str) -> str:
    escaped = [re.sub(r"([;\\])", r"\\\1", part) for part in parts]
    while escaped and not escaped[-1]:
        escaped.pop()
    return " ; ".join(escaped)


def _lines(text: str, least: int, most: int, shape: str) -> list[list[str]]:
    lines = []
    for item in read_list(text):
        parts = [clean(_ESCAPED.sub(r"\1", part)) for part in _PART.findall(item)][:-1]
        if not least <= len(parts) <= most:
            raise InputError(f"{quote(item)} se lit mal. Écrivez{NNBSP}: {shape}.")
        lines.append(parts + [""] * (most - len(parts)))
    return lines


def read_weights(text: str) -> tuple[float, ...]:
    """Read twelve monthly weights separated by ``|``."""
    weights = tuple(parse_number(part) for part in text.split(LISTED))
    if len(weights) != 12:  # noqa: PLR2004
        raise InputError(f"il faut douze poids séparés par « {LISTED} », un par mois.")
    return weights


def write_weights(weights: Sequence[float]) -> str:
    """Write monthly weights."""
    return f" {LISTED} ".join(plain(w).replace(".", ",") for w in weights)


def read_unit(text: str) -> str:
    """Check that a unit is understood; the text itself is kept."""
    parse_unit(text)
    return text


def read_identifier(text: str) -> str:
    """Read an identifier: letters, digits, hyphens, points, colons."""
    if not _IDENTIFIER.fullmatch(text):
        raise InputError(
            f"{quote(text[:40])} n’est pas un identifiant. Laissez la cellule vide pour une "
            "nouvelle fiche, ou gardez celui de l’export."
        )
    return text


def read_siret(text: str) -> str:
    """Read a SIRET: 14 digits whose control key is right.

    The key is Luhn's; La Poste's establishments follow a rule of their own (INSEE).
    """
    digits = re.sub(r"[\s\u00a0\u202f.]", "", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) != _SIRET:
        raise InputError(
            f"{quote(text)} n’est pas un SIRET{NNBSP}: il faut 14 chiffres "
            f"(reçu{NNBSP}: {sum(c.isdigit() for c in text)})."
        )
    luhn = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(digits))
    if luhn % 10 and not (digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0):
        raise InputError(
            f"le SIRET {quote(text)} a une clé de contrôle fausse{NNBSP}: "
            "un chiffre est sans doute mal recopié."
        )
    return digits


def read_naf(text: str) -> str:
    """Read an activity code such as 10.71C."""
    code = text.upper()
    if not _NAF.fullmatch(code):
        raise InputError(f"{quote(text)} n’est pas un code NAF. Écrivez par exemple 10.71C.")
    return code


def read_website(text: str) -> str:
    """Read a web address; nothing but http and https."""
    if not _WEBSITE.fullmatch(text):
        raise InputError(
            f"{quote(text[:60])} n’est pas une adresse de site. Écrivez https://www.exemple.fr."
        )
    return text


def read_waste_code(text: str) -> str:
    """Read a code of the European list, such as 20 01 08 or 15 01 10*."""
    match = _WASTE_CODE.fullmatch(text)
    if not match:
        raise InputError(
            f"{quote(text)} n’est pas un code déchet{NNBSP}: écrivez six chiffres, "
            "par exemple 20 01 08."
        )
    return f"{match[1]} {match[2]} {match[3]}{match[4]}"


def read_degrees(limit: float) -> Reader:
    """Make a reader of degrees between ``-limit`` and ``limit``."""

    def read(text: str) -> float:
        value = parse_number(text.rstrip("° "))
        if abs(value) > limit:
            raise InputError(f"{quote(text)} sort de −{limit:g} à {limit:g} degrés.")
        return value

    return read
