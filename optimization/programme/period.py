"""The days a report is about."""

import calendar
import datetime as dt
from dataclasses import dataclass

from data.errors import InputError
from data.french import date as french_date
from data.french import quote

_QUARTERS = ("1er", "2e", "3e", "4e")
_MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``start`` to ``end``, both included.

    Raises:
        InputError: the end comes before the start.
    """

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InputError(
                f"La période se termine le {french_date(self.end)}, avant de commencer le "
                f"{french_date(self.start)} : inversez les deux dates.",
                field="Période",
            )

    @property
    def days(self) -> int:
        """How many days, both ends included."""
        return (self.end - self.start).days + 1

    def holds(self, iso: str) -> bool:
        """Whether an ISO date (or date-time) falls in it; an empty text never does."""
        return bool(iso) and self.start.isoformat() <= iso[:10] <= self.end.isoformat()

    @property
    def previous(self) -> "Span":
        """The period just before: the same year or quarter one earlier, or as many days."""
        if self == year(self.start.year) and self.start.year > dt.MINYEAR:
            return year(self.start.year - 1)
        number = (self.start.month - 1) // _MONTHS_A_QUARTER + 1
        if self == quarter(self.start.year, number):
            return (
                quarter(self.start.year, number - 1)
                if number > 1
                else quarter(self.start.year - 1, len(_QUARTERS))
            )
        before = self.start - dt.timedelta(days=1)
        return Span(before - dt.timedelta(days=self.days - 1), before)

    @property
    def is_named(self) -> bool:
        """Whether it is a whole year or quarter, which has a name of its own."""
        return not self.label.startswith("du ")

    @property
    def label(self) -> str:
        """« année 2026 », « 2e trimestre 2026 », « du 01/02/2026 au 15/03/2026 »."""
        if self == year(self.start.year):
            return f"année {self.start.year}"
        number = (self.start.month - 1) // _MONTHS_A_QUARTER + 1
        if self == quarter(self.start.year, number):
            return f"{_QUARTERS[number - 1]} trimestre {self.start.year}"
        return f"du {french_date(self.start)} au {french_date(self.end)}"


def year(number: int) -> Span:
    """Return a calendar year."""
    return Span(dt.date(number, 1, 1), dt.date(number, 12, 31))


def quarter(of_year: int, number: int) -> Span:
    """Return a quarter of a calendar year.

    Raises:
        InputError: there are four quarters, numbered from 1.
    """
    if not 1 <= number <= len(_QUARTERS):
        raise InputError(
            f"Le trimestre {quote(str(number))} n’existe pas : choisissez de 1 à 4.",
            field="Trimestre",
        )
    first = (number - 1) * _MONTHS_A_QUARTER + 1
    last = first + _MONTHS_A_QUARTER - 1
    return Span(
        dt.date(of_year, first, 1),
        dt.date(of_year, last, calendar.monthrange(of_year, last)[1]),
    )
