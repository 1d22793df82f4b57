"""The hour and the day on the wall: those of the territory, whatever the server's own zone."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """Return the present moment, in local time."""
    return datetime.now(PARIS)


def today() -> date:
    """Return the present day, in local time."""
    return now().date()
