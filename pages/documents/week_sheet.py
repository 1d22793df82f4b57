"""The week on paper: its grid and totals, then the riders' sheets day after day."""

import datetime as dt
from collections.abc import Mapping, Sequence

from data import french
from data.errors import InputError
from data.figures import Figure
from data.model import Commune
from geo.travel import TravelSource
from optimization.weeks.model import DAY_NAMES, DayPlan, WeekPlan
from pages.documents.rider_sheet import sheet_of
from pages.documents.typesetting import printable, typeset
from pages.rounds_parts.minimum import week_minimum
from pages.rounds_parts.week_figures import (
    asked,
    day_kg,
    day_metres,
    day_seconds,
    gap_text,
    grid,
    made,
    outlet_kg,
    share_text,
    travel_text,
)
from pages.ui import localtime, wording


def week_sheet(
    week: WeekPlan,
    name: str,
    travel: TravelSource,
    figures: Mapping[str, Figure],
    *,
    communes: Sequence[Commune] = (),
    today: dt.date | None = None,
) -> bytes:
    """Return the PDF (A4) of a week.

    Args:
        week: a judged week.
        name: as shown.
        travel: gives the drawing of each leg; its figures are not used again.
        figures: reference figures (the threshold of the transport declaration).
        communes: outlines for the map sketches.
        today: date printed at the foot; same arguments, same bytes.

    Raises:
        InputError: the week has no round.
    """
    if not any(one.plan.rounds for one in week.days):
        raise InputError(
            "Cette semaine n’a aucune tournée à imprimer : proposez d’abord une semaine.",
            field="Semaine",
        )
    day = today or localtime.today()
    monday = week.choices.monday
    content = {
        "title": printable(name),
        "day": f"semaine du {french.date(monday)}" if monday else "semaine type",
        "established": french.date(day),
        "travel": printable(travel_text(week)),
        "bound": week_minimum(week).replace("**", ""),
        "days": [DAY_NAMES[one.day].capitalize() for one in week.days],
        "grid": _grid(week),
        "totals": _totals(week),
        "by_day": [_day_row(one) for one in week.days],
        "outlets": [
            [
                printable(outlet.name),
                french.quantity(got, "kg", 0),
                share_text(outlet, got),
            ]
            for outlet in week.scenario.outlets
            for got in [outlet_kg(week)[outlet.id]]
        ],
        "missing": _missing(week),
        "sheets": [
            sheet_of(
                one.plan, one.scenario, index, travel=travel, figures=figures, communes=communes
            )
            | {"day": _day_name(week, one)}
            for one in week.days
            for index in range(len(one.plan.rounds))
        ],
        "left_out": [],
    }
    return typeset("week_sheet", content, day)


def _day_name(week: WeekPlan, one: DayPlan) -> str:
    when = week.choices.date_of(one.day)
    return f"{DAY_NAMES[one.day]} {french.date(when)}" if when else DAY_NAMES[one.day]


def _grid(week: WeekPlan) -> list[list[str]]:
    return [
        [
            printable(row.name),
            *(
                french.clock(row.times[one.day])
                if one.day in row.times
                else ("manqué" if one.day in row.missed else "")
                for one in week.days
            ),
            gap_text(row),
        ]
        for row in grid(week)
    ]


def _totals(week: WeekPlan) -> list[list[str]]:
    return [
        ["Points", french.number(len(week.scenario.stops))],
        ["Passages", f"{made(week)} sur {asked(week)}"],
        ["Collecté", french.quantity(sum(map(day_kg, week.days)), "kg", 0)],
        ["Heures des équipes", french.duration(sum(map(day_seconds, week.days)))],
        ["Distance", french.kilometres(sum(map(day_metres, week.days)))],
        ["Coût", french.euros(week.cost_eur)],
    ]


def _day_row(one: DayPlan) -> list[str]:
    return [
        DAY_NAMES[one.day].capitalize(),
        french.number(len(one.plan.rounds)),
        french.quantity(day_kg(one), "kg", 0),
        french.duration(day_seconds(one)),
        french.kilometres(day_metres(one)),
    ]


def _missing(week: WeekPlan) -> list[dict[str, str]]:
    names = {stop.id: stop.name for stop in week.scenario.stops}
    return [
        {
            "name": printable(names[left.stop_id]),
            "when": "toute la semaine" if left.day is None else DAY_NAMES[left.day],
            "reason": wording.UNSERVED_REASON[left.reason],
            "detail": printable(left.detail),
        }
        for left in week.left_out
    ]
