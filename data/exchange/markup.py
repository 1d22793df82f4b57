"""A person's own file handed back: wrong cells in red with a comment, the rest untouched."""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from data.errors import InputError
from data.exchange.grids import Grid
from data.exchange.tables import csv_lines
from data.text import fold

AUTHOR: Final = "Cartoflux"
LIST_SHEET: Final = "À corriger"
RED: Final = "FFFFC7CE"
"""Light red (ARGB) under a wrong cell; the comment says it without colour."""
_INK: Final = "FF9C0006"
_WIDE: Final = 380
_TALL: Final = 110


def mark(content: bytes, grid: Grid, errors: Iterable[InputError]) -> bytes:
    """Return the file as a workbook with its mistakes marked, and a sheet that lists them.

    Other sheets, other columns, widths, formulas and styles stay. Marks of a former reading are
    taken away. A text file comes back as a workbook.

    Args:
        content: the file sent.
        grid: how it was read.
        errors: mistakes; ``row`` is a row of the sheet, ``field`` a header of it (a mistake of a
            whole row, or of a column that is not there, goes to the row's first cell).
    """
    errors = tuple(errors)
    book = _open(content, grid)
    page = book[grid.sheet] if grid.sheet is not None else book.worksheets[0]
    _unmark(page)
    places: dict[tuple[int, int], list[str]] = defaultdict(list)
    headers = {fold(title): position for title, position in grid.positions.items()}
    first = min(grid.positions.values(), default=1)
    for error in errors:
        row = error.row or grid.header_row
        places[(row, headers.get(fold(error.field), first))].append(reason(error))
    for (row, column), sentences in places.items():
        _mark_cell(_writable(page, row, column), sentences)
    _list_errors(book, errors, grid, headers, first)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reason(error: InputError) -> str:
    """Give the sentence without its place."""
    _, found, rest = error.message.partition("\u202f:")
    text = rest.strip() if found and error.row else error.message
    return text[:1].upper() + text[1:]


def _open(content: bytes, grid: Grid) -> Any:
    if grid.sheet is not None:
        return load_workbook(io.BytesIO(content))
    book = Workbook()
    page = book.active
    assert page is not None  # noqa: S101 (a new workbook has a sheet)
    page.title = "Flux"
    for number, line in enumerate(csv_lines(content), start=1):
        for position, text in enumerate(line, start=1):
            if text:
                _write_text(page.cell(row=number, column=position), text)
    page.freeze_panes = f"A{grid.header_row + 1}"
    return book


def _write_text(cell: Any, text: str) -> None:
    """Write a text that no spreadsheet will execute."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    if text.lstrip("' \t\r\n")[:1] in {"=", "+", "-", "@"}:
        cell.quotePrefix = True


def _unmark(page: Any) -> None:
    for line in page.iter_rows():
        for cell in line:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _writable(page: Any, row: int, column: int) -> Any:
    """The cell itself, or the one that shows for it when it is merged with others."""
    cell = page.cell(row=row, column=column)
    if isinstance(cell, MergedCell):
        for merged in page.merged_cells.ranges:
            if cell.coordinate in merged:
                return page.cell(row=merged.min_row, column=merged.min_col)
    return cell


def _mark_cell(cell: Any, sentences: list[str]) -> None:
    cell.fill = PatternFill("solid", fgColor=RED)
    comment = Comment("\n".join(sentences)[:2000], AUTHOR)
    comment.width, comment.height = _WIDE, _TALL
    cell.comment = comment


def _list_errors(
    book: Any,
    errors: Iterable[InputError],
    grid: Grid,
    headers: Mapping[str, int],
    first: int,
) -> None:
    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    page = book.create_sheet(LIST_SHEET)
    data = grid.sheet or "Flux"
    page.append(["Ligne", "Colonne", "À corriger"])
    for cell in page[1]:
        cell.font = Font(bold=True)
    for index, error in enumerate(errors, start=2):
        row = error.row or grid.header_row
        target = page.cell(row=index, column=1, value=row)
        column = headers.get(fold(error.field), first)
        address = book[data].cell(row=row, column=column).coordinate
        quoted = data.replace("'", "''")
        target.hyperlink = f"#'{quoted}'!{address}"
        target.font = Font(color=_INK, underline="single")
        _write_text(page.cell(row=index, column=2), error.field)
        _write_text(page.cell(row=index, column=3), reason(error))
        page.cell(row=index, column=3).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in (("A", 9), ("B", 28), ("C", 100)):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"
