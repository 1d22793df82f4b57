"""The programme’s report over a period: a PDF for a council, a workbook to count again."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from data import french
from data.exchange.tables import Sheet, xlsx_bytes
from data.french import number
from data.model import Event
from optimization.programme import Fact, ProgrammeFigures, WorkshopFigures
from pages.documents.typesetting import printable, typeset
from pages.report_parts.headlines import GROUPS, UNDATED, change
from pages.report_parts.tables import comparison
from pages.report_parts.timeline import month_name
from pages.report_parts.view import ReportView, event_days
from pages.ui import wording

_OUT: Final = frozenset({"suspended", "abandoned"})
_AUDIENCE: Final = {"public": "publique", "network": "du réseau", "team": "de l’équipe"}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is on screen, and when.

    Attributes:
        view: names are written only if its viewer may read them.
        place: « Grand Bergeracois » or the name of an EPCI.
        day: date written in the files; same arguments, same bytes.
    """

    view: ReportView
    found: ProgrammeFigures
    before: ProgrammeFigures
    place: str
    day: dt.date

    @property
    def title(self) -> str:
        """« Bilan du programme – année 2026 »."""
        return f"Bilan du programme – {self.found.span.label}"

    @property
    def stem(self) -> str:
        """Beginning of the files' names."""
        span = self.found.span
        return f"bilan-{span.start.isoformat()}-{span.end.isoformat()}"


def programme_report_pdf(report: Report) -> bytes:
    """Return the PDF (A4, two pages or a few)."""
    found, before, view = report.found, report.before, report.view
    content = {
        "title": printable(report.title),
        "place": printable(report.place),
        "date": french.date(report.day),
        "viewer": _AUDIENCE[view.viewer.value],
        "demo": view.snapshot.has_demo,
        "before": before.span.label,
        "groups": [
            {"title": title, "facts": [_fact(found.fact(key), before) for key in keys]}
            for title, keys in GROUPS
        ],
        "funnel": _funnel(found, before),
        "events": [
            {
                "month": month_name(one.day[:7]),
                "days": event_days(one),
                "name": printable(one.name),
                "kind": wording.EVENT_KIND[one.kind],
                "place": printable(view.place(one)),
                "people": _people(one, report.day),
            }
            for one in found.events
        ],
        "workshops": [_workshop(view, one) for one in found.workshops],
        "tallies": [
            {"label": one.label, "rows": [[row.label, row.text] for row in one.rows]}
            for one in (found.by_college, found.by_epci, found.by_event)
            if one.rows
        ],
        "how": [[one.label, one.text, one.how] for one in found.facts],
        "notes": list(found.notes),
    }
    return typeset("programme_report", content, report.day)


def _fact(fact: Fact, before: ProgrammeFigures) -> dict[str, str]:
    ranged = fact.low is not None
    return {
        "label": fact.label,
        "value": fact.short,
        "unit": fact.unit if ranged and fact.value is not None else "",
        "bounds": fact.text.partition(" (")[2].removesuffix(")") if ranged else "",
        "change": change(fact, before),
    }


def _people(event: Event, day: dt.date) -> str:
    if event.attendance is not None:
        return number(event.attendance)
    return "à venir" if event.day > day.isoformat() else "–"


def _funnel(found: ProgrammeFigures, before: ProgrammeFigures) -> list[dict[str, Any]]:
    most = max((row.value or 0 for row in found.by_status.rows), default=0) or 1
    former = {row.key: row.text for row in before.by_status.rows}
    entered = {row.key.partition(":")[2]: row.value or 0 for row in found.entered.rows}
    return [
        {
            "label": row.label,
            "count": row.text,
            "share": (row.value or 0) / most,
            "entered": f"+{number(entered[key])}" if entered.get(key) else "–",
            "before": former.get(row.key, "–"),
            "out": key in _OUT,
        }
        for row in found.by_status.rows
        for key in [row.key.partition(":")[2]]
    ]


def _workshop(view: ReportView, found: WorkshopFigures) -> dict[str, Any]:
    one = next(w for w in view.records.workshops if w.id == found.workshop_id)
    return {
        "name": printable(one.name),
        "where": printable(f"{french.date(one.day)}, {view.place(one)}"),
        "facts": [[fact.label, fact.text] for fact in found.facts if fact.value],
        "status": [[row.label, row.text] for row in found.by_status.rows],
    }


def programme_report_xlsx(report: Report) -> bytes:
    """Return the workbook: figures, counts, and the records behind each figure."""
    found, before, view = report.found, report.before, report.view
    figures = comparison(found, before)
    sheets = [
        Sheet("Chiffres", tuple(figures[0]), tuple(figures)),
        Sheet(
            "Valeurs",
            ("Chiffre", "Valeur", "Au moins", "Au plus", "Unité", "Période précédente"),
            tuple(
                {
                    "Chiffre": one.label,
                    "Valeur": one.value,
                    "Au moins": one.low,
                    "Au plus": one.high,
                    "Unité": one.unit,
                    "Période précédente": None
                    if one.key in UNDATED
                    else before.fact(one.key).value,
                }
                for one in found.facts
            ),
        ),
        Sheet(
            "Comptes",
            ("Rubrique", "Ligne", "Nombre"),
            tuple(
                {"Rubrique": tally.label, "Ligne": row.label, "Nombre": int(row.value or 0)}
                for tally in found.tallies
                for row in tally.rows
            ),
        ),
    ]
    for fact in found.facts:
        rows = view.rows(fact.kind, fact.ids)
        if rows:
            sheets.append(Sheet(fact.label, tuple(rows[0]), tuple(rows)))
    about: list[tuple[str, str]] = [
        ("Titre", report.title),
        ("Territoire", report.place),
        ("Établi le", french.date(report.day)),
        ("Vue", _AUDIENCE[view.viewer.value]),
        *(("Réserve", note) for note in found.notes),
    ]
    sheets.append(Sheet("À lire", ("Quoi", "Dit"), tuple({"Quoi": a, "Dit": b} for a, b in about)))
    return xlsx_bytes(_distinct(sheets))


def _distinct(sheets: list[Sheet]) -> list[Sheet]:
    """Number sheets whose first 31 characters are alike: a workbook refuses twins."""
    seen: dict[str, int] = {}
    kept = []
    for sheet in sheets:
        short = sheet.name[:28].casefold()
        seen[short] = seen.get(short, 0) + 1
        name = sheet.name[:28] if seen[short] == 1 else f"{sheet.name[:28]} {seen[short]}"
        kept.append(Sheet(name, sheet.columns, sheet.rows))
    return kept
