"""French typography for the screen and French numbers from the keyboard.

Pure functions, text in and out. ``NNBSP`` (U+202F) separates thousands and stands before units
and « ; : ! ? »; ``NBSP`` (U+00A0) stands inside quotation marks.
"""

import datetime as dt
import math
import re

from data.errors import InputError
from data.text import fold

NBSP = "\u00a0"
NNBSP = "\u202f"
MINUS = "\u2212"
UNKNOWN = "inconnu"

_VOWELS = frozenset("aeiouy")
_MINUTE = 60
_HOUR = 3600
_KILOMETRE = 1000
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\t'’", " "))
_FRENCH = re.compile(r"(?P<int>\d+|\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+(?=,))?(?:,(?P<dec>\d+))?")
_ENGLISH = re.compile(
    r"(?P<int>\d+|\d{1,3}(?: \d{3})+|\d{1,3}(?:,\d{3})+(?=\.))?(?:\.(?P<dec>\d+))?"
)


def number(value: float, decimals: int | None = None) -> str:
    """Write a number the French way: « 1 234,5 ».

    Args:
        value: any finite number; NaN and infinities read « inconnu ».
        decimals: digits after the comma; ``None`` = at most two (three significant digits below
            one, so that 0.011 does not read 0,01), without trailing zeros.
    """
    if not math.isfinite(value):
        return UNKNOWN
    places = _natural_decimals(value) if decimals is None else max(decimals, 0)
    text = f"{abs(value):,.{places}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    # « −0 » would puzzle everyone.
    sign = MINUS if value < 0 and any(c in "123456789" for c in text) else ""
    return sign + text.replace(",", NNBSP).replace(".", ",")


_COUNTED = re.compile("[a-zéè]{3,}[a-rt-wyzé]")
"""Units that are words, not symbols (« palette », not « kWh » nor « repas »): they take an s."""
_SIZED = re.compile("((?:[a-zéèû]+ )*[a-zéèû]+[a-rt-wyzéè])( [0-9].*)")
"""Containers with their size (« bac 120 L »): the container takes an s."""


def quantity(value: float, unit: str, decimals: int | None = None) -> str:
    """Write a number and its unit: « 1 234,5 kg », « 2 palettes »."""
    if not math.isfinite(value):
        return UNKNOWN
    unit = _counted(value, unit)
    return f"{number(value, decimals)}{NNBSP}{unit}" if unit else number(value, decimals)


def _counted(value: float, unit: str) -> str:
    if abs(value) < 2:  # noqa: PLR2004 - French plural
        return unit
    sized = _SIZED.fullmatch(unit)
    if sized is not None:
        return f"{sized[1]}s{sized[2]}"
    return f"{unit}s" if _COUNTED.fullmatch(unit) else unit


def euros(value: float, decimals: int = 2) -> str:
    """Write an amount: « 12,50 € »."""
    return quantity(value, "€", decimals)


def percent(ratio: float, decimals: int = 0) -> str:
    """Write a ratio as a percentage: 0.125 with one decimal gives « 12,5 % »."""
    return quantity(ratio * 100, "%", decimals)


def date(iso: str | dt.date) -> str:
    """Write a date as ``jj/mm/aaaa`` from an ISO date or date-time.

    Raises:
        InputError: the text is not an ISO date.
    """
    day = _iso_date(iso) if isinstance(iso, str) else iso
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def clock(seconds: float) -> str:
    """Write a time of day from seconds since midnight, to the nearest minute: « 8 h 05 »."""
    hours, minutes = divmod(_minutes(seconds), _MINUTE)
    return f"{hours}{NNBSP}h{NNBSP}{minutes:02d}"


def duration(seconds: float) -> str:
    """Write a duration: « 1 h 20 », « 45 min », « 30 s » (below one minute)."""
    if 0 < seconds < _MINUTE:
        return f"{max(1, min(59, round(seconds)))}{NNBSP}s"
    minutes = _minutes(seconds)
    if minutes < _MINUTE:
        return f"{minutes}{NNBSP}min"
    return f"{minutes // _MINUTE}{NNBSP}h{NNBSP}{minutes % _MINUTE:02d}"


def kilometres(metres: float) -> str:
    """Write a length given in metres: « 12,3 km », « 350 m » below one kilometre."""
    if round(metres / 10) * 10 < _KILOMETRE:
        return quantity(round(metres / 10) * 10, "m", 0)
    return quantity(metres / _KILOMETRE, "km", 1)


def significant(value: float, digits: int = 2) -> float:
    """Round to ``digits`` significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def with_margin(value: float, low: float, high: float, unit: str) -> str:
    """Write an uncertain value no more finely than its margin: « 60 t (de 45 à 75) ».

    The last digit kept is the second significant digit of the half-width ``(high - low) / 2``.
    With no margin: three significant digits below 1 000, the unit above, and no brackets.

    Args:
        value: central value, ``low <= value <= high``.
        low: lower end, same unit.
        high: upper end, same unit.
        unit: shown once, after the central value.
    """
    half = (high - low) / 2
    if not math.isfinite(half):
        return quantity(value, unit)
    if half <= 0:
        return quantity(significant(value, 3) if abs(value) < _KILOMETRE else round(value), unit)
    decimals = min(6, 1 - math.floor(math.log10(half)))
    middle, bottom, top = (_rounded(bound, decimals) for bound in (value, low, high))
    return f"{middle}{NNBSP}{_counted(value, unit)} (de {bottom} à {top})"


def of(name: str) -> str:
    """Write « de » before a place: « de Bergerac », « d’Eymet », « du Fleix », « des Lèches »."""
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return joined + name.removeprefix(article)
    return f"d’{name}" if fold(name)[:1] in _VOWELS else f"de {name}"


def quote(text: str) -> str:
    """Put a text between French quotation marks."""
    return f"«{NBSP}{text}{NBSP}»"


def tidy(text: str) -> str:
    """Replace ordinary blanks by the proper fixed ones around « » and before ; : ! ? € %.

    Only existing blanks change: an address such as ``https://…`` is left alone.
    """
    text = re.sub(r"«[ \u00a0\u202f]", f"«{NBSP}", text)
    text = re.sub(r"[ \u00a0\u202f]»", f"{NBSP}»", text)
    return re.sub(r"[ \u00a0](?=[;:!?€%])", NNBSP, text)


def parse_number(text: str, *, field: str = "", row: int | None = None) -> float:
    """Read a number typed by a French hand.

    Accepts « 1 234,5 » with any kind of blank, ``1234.5``, ``1.234,5`` and ``1,234.5``. A single
    comma or point is the decimal mark (``1.234`` is a little more than one).

    Args:
        text: what was typed.
        field: the field's name on screen, for the message.
        row: the 1-based row in the file, for the message.

    Raises:
        InputError: not a number; the sentence names the field and the row.
    """
    body = " ".join(text.translate(_BLANKS).split())
    sign = 1.0
    if body[:1] in {"-", MINUS, "+"}:
        sign = 1.0 if body[0] == "+" else -1.0
        body = body[1:].lstrip()
    match = _FRENCH.fullmatch(body) or _ENGLISH.fullmatch(body)
    if not body.isascii() or match is None or not any(c.isdigit() for c in body):
        where = f"{NNBSP}: champ {quote(field)}" if field else ""
        where += f", ligne {row}" if row is not None else ""
        raise InputError(
            f"{quote(text.strip()[:40])} n’est pas un nombre{where}. Écrivez par exemple 1234,5.",
            field=field,
            row=row,
        )
    whole = re.sub(r"\D", "", match["int"] or "0")
    return sign * float(f"{whole}.{match['dec'] or 0}")


def _iso_date(text: str) -> dt.date:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"La date {quote(text)} est illisible{NNBSP}: écrivez-la aaaa-mm-jj."
        ) from error


def _natural_decimals(value: float) -> int:
    if value == 0 or abs(value) >= 1:
        return 2
    return min(9, 2 - math.floor(math.log10(abs(value))))


def _minutes(seconds: float) -> int:
    return math.floor(seconds / _MINUTE + 0.5)


def _rounded(value: float, decimals: int) -> str:
    text = number(round(value, decimals), max(decimals, 0))
    return text.rstrip("0").rstrip(",") if "," in text else text
