"""Events one after another, month by month."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from data.french import number
from data.model import Event
from pages.report_parts.view import ReportView, event_days
from pages.ui import icons, wording
from pages.ui.escape import html

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


def timeline_html(view: ReportView, events: Sequence[Event], today: dt.date) -> str:
    """Return the events as a line of time; the most attended have the largest mark."""
    most = max((one.attendance or 0 for one in events), default=0) or 1
    months = "".join(
        f"<li><h3>{html(month_name(month))}</h3><ul>"
        f"{''.join(_event(view, one, most, today) for one in group)}</ul></li>"
        for month, group in groupby(events, key=lambda one: one.day[:7])
    )
    return f'<ol class="cf-timeline">{months}</ol>'


def month_name(month: str) -> str:
    """Write « 2026-03 » as « mars 2026 »."""
    return f"{MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def _event(view: ReportView, event: Event, most: int, today: dt.date) -> str:
    size = 1.7 + 1.1 * ((event.attendance or 0) / most) ** 0.5
    people = (
        f"{number(event.attendance)} {wording.plural(event.attendance, 'participant')}"
        if event.attendance is not None
        else ("à venir" if event.day > today.isoformat() else "présences non comptées")
    )
    words = " · ".join(
        part
        for part in (wording.EVENT_KIND[event.kind], event_days(event), view.place(event), people)
        if part
    )
    return (
        f'<li><span class="cf-mark" style="--cf-size:{size:.2f}rem">'
        f'<i class="{icons.EVENT_KIND[event.kind].css_class}" aria-hidden="true"></i></span>'
        f"<div><strong>{html(event.name)}</strong><br>{html(words)}"
        f"{f'<p>{html(event.description)}</p>' if event.description else ''}</div></li>"
    )
