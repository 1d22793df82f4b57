"""The programme's figures, each with its unit, how it was counted and the records behind it.

Pure: records in, figures out. Nothing here knows the store or the screen, so that a page, a PDF
and a spreadsheet can only ever say the same thing.
"""

from optimization.programme.fact import Fact, Tally
from optimization.programme.figures import ProgrammeFigures, programme_figures
from optimization.programme.period import Span, quarter, year
from optimization.programme.records import Records
from optimization.programme.steps import Move, moves, status_on
from optimization.programme.workshop import WorkshopFigures, workshop_figures

__all__ = [
    "Fact",
    "Move",
    "ProgrammeFigures",
    "Records",
    "Span",
    "Tally",
    "WorkshopFigures",
    "moves",
    "programme_figures",
    "quarter",
    "status_on",
    "workshop_figures",
    "year",
]
