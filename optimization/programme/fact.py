"""A figure that can say where it comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from data.french import NNBSP, number, tidy, with_margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure of a report.

    Attributes:
        key: stable name of the figure.
        label: what it is, French, as on screen.
        value: in ``unit``; ``None`` when nothing is known (never zero for want of data).
        low: lower end when the figure is uncertain, with ``high``; ``None`` for a plain count.
        unit: « fiches », « t/an », … ; written after the value.
        how: one French sentence: what was counted, and what was left aside.
        kind: class of the records counted.
        ids: those records, in order; a click lists them.
    """

    key: str
    label: str
    value: float | None
    unit: str
    how: str
    kind: type[Any]
    ids: tuple[str, ...]
    low: float | None = None
    high: float | None = None

    @property
    def text(self) -> str:
        """The value in French: a count alone, a quantity with its unit and its range."""
        if self.value is None:
            return "inconnu"
        if self.low is not None and self.high is not None:
            return with_margin(self.value, self.low, self.high, self.unit)
        return number(self.value)

    @property
    def short(self) -> str:
        """The value alone, no more finely than its range: what is read three metres away."""
        if self.value is None:
            return "–"
        if self.low is not None and self.high is not None:
            return with_margin(self.value, self.low, self.high, "").partition(NNBSP + " (")[0]
        return number(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Records counted by what they share: rows of (label, fact), in the order to show them."""

    key: str
    label: str
    rows: tuple[Fact, ...]

    @property
    def total(self) -> float:
        """Sum of the rows that are known."""
        return sum(row.value for row in self.rows if row.value is not None)


def some(count: int, one: str, several: str) -> str:
    """Write a count with the words for it: « 1 étude ne compte pas », « 2 études … »."""
    return f"{number(count)} {several if count >= 2 else one}"  # noqa: PLR2004 - French plural


def counted(  # noqa: PLR0917 - each call reads like a row of a table
    key: str, label: str, unit: str, records: Sequence[Any], kind: type[Any], how: str
) -> Fact:
    """Count records; their order is kept."""
    return Fact(
        key=key,
        label=label,
        value=float(len(records)),
        unit=unit,
        how=tidy(how),
        kind=kind,
        ids=tuple(record.id for record in records),
    )


def tallied(
    key: str,
    label: str,
    groups: Iterable[tuple[str, str, Sequence[Any]]],
    *,
    unit: str,
    kind: type[Any],
    how: str,
) -> Tally:
    """Count records group by group.

    Args:
        key: stable name of the table; rows are ``key:row``.
        label: its French heading.
        groups: (key, French label, records) of each row.
        unit: what is counted, plural.
        kind: class of the records.
        how: one French sentence on how they were counted.
    """
    return Tally(
        key=key,
        label=label,
        rows=tuple(
            counted(f"{key}:{name}", words, unit, records, kind, how)
            for name, words, records in groups
        ),
    )
