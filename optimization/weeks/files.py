"""A week in files: CSV for the spreadsheet, iCalendar for agendas."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta

from data.french import quantity, tidy
from data.model import Round, Scenario, VisitKind
from data.synergies.agenda import escape, fold
from optimization.exports import BOM, COLUMNS, to_csv
from optimization.weeks.model import DAY_NAMES, WeekPlan


def week_csv(week: WeekPlan) -> str:
    """Every day's visits in order, then those left out: « ; », decimal comma, byte-order mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(("Jour", *COLUMNS))
    for one in week.days:
        rows = csv.reader(
            io.StringIO(to_csv(one.plan, one.scenario).removeprefix(BOM)), delimiter=";"
        )
        next(rows)
        writer.writerows([DAY_NAMES[one.day], *row] for row in rows)
    return BOM + text.getvalue()


def week_agenda(week: WeekPlan, name: str, *, made_at: datetime) -> bytes:
    """One event a round, at its local hours (RFC 5545, « floating » times).

    Args:
        week: one with a date.
        name: as kept.
        made_at: aware moment of the export.

    Raises:
        ValueError: the week has no date.
    """
    if not week.choices.monday:
        raise ValueError("a week without a date has no agenda")
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Cartoflux//Tournees//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape(name)}",
    ]
    for one in week.days:
        day = date.fromisoformat(week.choices.date_of(one.day))
        for number, trip in enumerate(one.plan.rounds, start=1):
            start, end = trip.visits[0].departure_s, trip.visits[-1].arrival_s
            lines += [
                "BEGIN:VEVENT",
                f"UID:tournee-{escape(week.scenario.id)}-{one.day}-{number}@cartoflux",
                f"DTSTAMP:{stamp}",
                f"DTSTART:{_local(day, start)}",
                f"DTEND:{_local(day, end)}",
                f"SUMMARY:{escape(_summary(number, trip, one.scenario))}",
                f"DESCRIPTION:{escape(_stops(trip, one.scenario))}",
                "END:VEVENT",
            ]
    lines.append("END:VCALENDAR")
    return b"".join(fold(line) for line in lines)


def _local(day: date, seconds: int) -> str:
    moment = datetime.combine(day, time()) + timedelta(seconds=seconds)
    return moment.strftime("%Y%m%dT%H%M%S")


def _summary(number: int, trip: Round, scenario: Scenario) -> str:
    vehicle = next(one for one in scenario.vehicles if one.id == trip.vehicle_id)
    kg = {stop.id: stop.kg_per_visit for stop in scenario.stops}
    mass = sum(kg[v.place_id] for v in trip.visits if v.kind is VisitKind.STOP)
    return tidy(f"Tournée {number} : {vehicle.name}, {quantity(mass, 'kg', 0)}")


def _stops(trip: Round, scenario: Scenario) -> str:
    names = {stop.id: stop.name for stop in scenario.stops}
    return "\n".join(names[v.place_id] for v in trip.visits if v.kind is VisitKind.STOP)
