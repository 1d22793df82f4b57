"""Hours as planners type them: « 8:00 », « 8 h 30 », « 8:00–11:30 ; 14:00–16:00 »."""

import re

from data import french
from data.errors import InputError
from data.model import TimeWindow

_MINUTE = 60
_HOUR = 3600
_DAY = 24 * _HOUR
_HOUR_TEXT = re.compile(
    r"(?P<hours>\d{1,2})(?:\s*(?:h|:|heures?)\s*(?P<minutes>\d{2})?)?(?:\s*mi?n)?"
)
_DASH = re.compile(r"\s*(?:–|—|-|−|→|\bà\b|\bau?\b)\s*")
_BETWEEN = re.compile(r"\s*(?:;|,|\bet\b|\bpuis\b|/|\n)\s*")


def write_hour(seconds: int) -> str:
    """Write a time of day so that it can be typed over: « 8:00 »."""
    minutes = round(seconds / _MINUTE)
    return f"{minutes // _MINUTE}:{minutes % _MINUTE:02d}"


def write_windows(windows: tuple[TimeWindow, ...]) -> str:
    """Write windows so that they can be typed over: « 8:00–11:30 ; 14:00–16:00 »."""
    return " ; ".join(f"{write_hour(w.start_s)}–{write_hour(w.end_s)}" for w in windows)


def parse_hour(text: str, *, field: str, row: int | None = None) -> int:
    """Read a time of day, in seconds since midnight (« 24:00 » is allowed).

    Raises:
        InputError: not a time of day; the sentence gives an example.
    """
    match = _HOUR_TEXT.fullmatch(text.strip().casefold())
    seconds = -1
    if match is not None:
        minutes = int(match["minutes"] or 0)
        if minutes < _MINUTE:
            seconds = int(match["hours"]) * _HOUR + minutes * _MINUTE
    if not 0 <= seconds <= _DAY:
        shown = french.quote(text.strip()[:40]) if text.strip() else "une case vide"
        raise InputError(
            french.tidy(f"{shown} n’est pas une heure : écrivez par exemple 8:00 ou 14:30."),
            field=field,
            row=row,
        )
    return seconds


def parse_windows(text: str, *, field: str, row: int | None = None) -> tuple[TimeWindow, ...]:
    """Read one or several windows; an empty text means any time of day.

    Raises:
        InputError: unreadable, or one that ends before it starts.
    """
    windows = []
    for part in _BETWEEN.split(text.strip().casefold()):
        if not part:
            continue
        ends = [end for end in _DASH.split(part.removeprefix("de ")) if end]
        if len(ends) != 2:  # noqa: PLR2004 - a window has two ends
            raise InputError(
                french.tidy(
                    f"{french.quote(part[:40])} n’est pas un créneau : écrivez le début et la fin, "
                    "par exemple 8:00–11:30, ou laissez vide pour toute heure."
                ),
                field=field,
                row=row,
            )
        start, end = (parse_hour(one, field=field, row=row) for one in ends)
        if end < start:
            raise InputError(
                french.tidy(
                    f"Le créneau {french.quote(part[:40])} finit avant de commencer : échangez "
                    "les deux heures ou corrigez-les."
                ),
                field=field,
                row=row,
            )
        windows.append(TimeWindow(start_s=start, end_s=end))
    return tuple(windows)
