"""Tables as files, the French way: CSV (``;``, decimal comma, UTF-8 with BOM, CRLF) and XLSX.

Text is data, never a formula. In a CSV file a text cell that a spreadsheet would execute
(``=``, ``+``, ``-``, ``@``, tab, carriage return first) gets one leading apostrophe, which
:func:`read_csv` takes away, so that reading gives back exactly what was written. In an XLSX file
every text cell is typed as text and carries the « quote prefix » style.
"""

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from data.errors import InputError

Cell = str | int | float | bool | date | None
"""What a cell may hold; ``datetime`` is a ``date``."""

Row = Mapping[str, Cell]

MAX_FILE_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 200

_DANGEROUS = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
"""A start that a spreadsheet may execute, however many apostrophes already protect it."""

_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, its column names in order, its rows by column name."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read: every cell is text, empty cells are ``""``.

    Attributes:
        columns: header cells, trimmed.
        rows: one mapping per row that is not wholly empty.
        numbers: for each row, its number in the file as a spreadsheet shows it (the header is 1).
    """

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    numbers: tuple[int, ...]


def csv_bytes(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """Write a CSV file for a French spreadsheet; missing cells are left empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_protect(column) for column in columns])
    for row in rows:
        writer.writerow([_csv_text(row.get(column)) for column in columns])
    return out.getvalue().encode("utf-8-sig")


def read_csv(content: bytes) -> Table:
    """Read a CSV file: ``;``, ``,`` or tab; UTF-8, UTF-16 or Windows-1252 (older Excel).

    Raises:
        InputError: the file is empty, too big, or not a text table.
    """
    return to_table(csv_lines(content))


def csv_lines(content: bytes) -> list[list[str]]:
    """Read the cells of a CSV file, line by line, without looking for a header.

    Raises:
        InputError: as :func:`read_csv`.
    """
    check_size(content)
    text = _decode(content)
    if "\0" in text:
        raise InputError("Ce fichier n’est pas un tableau CSV : enregistrez-le en CSV ou XLSX.")
    csv.field_size_limit(MAX_FILE_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        lines = list(islice(reader, MAX_ROWS + 2))
    except csv.Error as error:
        raise InputError(
            "Ce fichier CSV est illisible : ouvrez-le dans un tableur et enregistrez-le à nouveau."
        ) from error
    return [[_unprotect(cell) for cell in line] for line in lines]


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Write an XLSX workbook: header frozen and bold, fitted widths, typed cells, text as text."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_SHEET_FORBIDDEN.sub(" ", sheet.name)[:31] or "Feuille")
        page.freeze_panes = "A2"
        for index, column in enumerate(sheet.columns, start=1):
            longest = max(
                (len(_csv_text(row.get(column))) for row in sheet.rows), default=len(column)
            )
            page.column_dimensions[get_column_letter(index)].width = (
                min(max(longest, len(column)), _WIDEST) + 2
            )
        page.append([_xlsx_cell(page, column, bold=True) for column in sheet.columns])
        for row in sheet.rows:
            page.append([_xlsx_cell(page, row.get(column)) for column in sheet.columns])
        if sheet.columns:
            last = f"{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
            page.auto_filter.ref = f"A1:{last}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_xlsx(content: bytes, sheet: str | None = None) -> Table:
    """Read one sheet of a workbook (the first by default); formulas give their last value.

    Raises:
        InputError: not a workbook, too big once unpacked, or no such sheet.
    """
    check_size(content)
    try:
        check_unpacked(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except InputError:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        raise InputError(
            "Ce fichier n’est pas un classeur XLSX lisible : "
            "enregistrez-le au format « Classeur Excel (.xlsx) » ou en CSV."
        ) from error
    try:
        names = book.sheetnames
        if sheet is not None and sheet not in names:
            found = ", ".join(f"« {name} »" for name in names)
            raise InputError(f"La feuille « {sheet} » manque ; feuilles trouvées : {found}.")
        page = book[sheet] if sheet is not None else book.worksheets[0]
        lines = [
            [cell_text(value) for value in line]
            for line in islice(page.iter_rows(values_only=True, max_col=MAX_COLUMNS), MAX_ROWS + 2)
        ]
    except IndexError as error:
        raise InputError("Ce classeur n’a aucune feuille de calcul.") from error
    finally:
        book.close()
    return to_table(lines)


def read_table(content: bytes, file_name: str = "") -> Table:
    """Read a CSV or XLSX file, recognised by its first bytes (then by its name).

    Raises:
        InputError: the format is another one, or the file cannot be read.
    """
    if content.startswith(b"PK"):
        return read_xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0") or file_name.casefold().endswith((".xls", ".ods")):
        raise InputError(
            "Ce format de tableur n’est pas lu : enregistrez le fichier en « .xlsx » ou en CSV."
        )
    return read_csv(content)


def cell_text(value: object) -> str:
    """Text of a typed cell, in the form the field parsers read (numbers with a point)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second)
        return f"{value:%d/%m/%Y}" if midnight else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return plain(value)
    return str(value)


def typed_text(value: Cell) -> str:
    """Text of a typed cell as a French hand would type it (numbers with a comma)."""
    if isinstance(value, float):
        return plain(value).replace(".", ",")
    return cell_text(value)


def plain(value: float) -> str:
    """Write a number without exponent, with just the digits that give it back."""
    if not math.isfinite(value):
        return ""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _csv_text(value: Cell) -> str:
    return _protect(value) if isinstance(value, str) else typed_text(value)


def _protect(text: str) -> str:
    return f"'{text}" if _DANGEROUS.match(text) else text


def _unprotect(text: str) -> str:
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text


def _xlsx_cell(page: Any, value: Cell, *, bold: bool = False) -> OpenpyxlCell:
    cell = WriteOnlyCell(page)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # openpyxl guesses formulas and error codes from the text: everything stays text.
        cell.data_type = "s"
        if _DANGEROUS.match(value):
            cell.quotePrefix = True
    elif isinstance(value, float):
        # openpyxl would write sixteen digits, and a float may need seventeen to come back.
        cell._value = plain(value) or None  # type: ignore[attr-defined]  # noqa: SLF001
        cell.data_type = "n"
    elif isinstance(value, bool) or value is None:
        cell.value = cell_text(value) or None
    else:
        cell.value = value
        if isinstance(value, datetime):
            cell.number_format = "dd/mm/yyyy hh:mm"
        elif isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell


def check_size(content: bytes) -> None:
    """Refuse an empty or too big file (InputError)."""
    if not content.strip():
        raise InputError("Ce fichier est vide.")
    if len(content) > MAX_FILE_BYTES:
        raise InputError(
            f"Ce fichier dépasse {MAX_FILE_BYTES // 1_000_000} Mo : découpez-le en plusieurs."
        )


def check_unpacked(content: bytes) -> None:
    """Refuse a workbook that would fill the memory once unpacked (InputError)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise InputError("Ce classeur est trop volumineux : découpez-le en plusieurs fichiers.")


def _decode(content: bytes) -> str:
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if utf16 else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(
        "Les accents de ce fichier sont illisibles : enregistrez-le en « CSV UTF-8 » ou en XLSX."
    )


def _delimiter(text: str) -> str:
    """The separator most used in the header, outside quotes; ``;`` when there is none."""
    lines = re.sub(r'"[^"]*"', "", text[:20_000]).splitlines()
    header = next((line for line in lines if any(sign in line for sign in ";,\t")), "")
    return max(";,\t", key=header.count)


def to_table(lines: list[list[str]]) -> Table:
    """Take the first line that is not empty as the header.

    Raises:
        InputError: nothing there, a header twice, too many lines, a cell under no header.
    """
    numbered = [(n, line) for n, line in enumerate(lines, start=1) if any(c.strip() for c in line)]
    if not numbered:
        raise InputError("Ce fichier est vide.")
    header_number, header = numbered[0]
    columns = [name.strip() for name in header]
    while columns and not columns[-1]:
        columns.pop()
    named = [name for name in columns if name]
    for name in named:
        if named.count(name) > 1:
            raise InputError(
                f"Ligne {header_number} : la colonne « {name} » apparaît deux fois ; "
                "gardez-en une seule.",
                field=name,
                row=header_number,
            )
    body = numbered[1:]
    if len(body) > MAX_ROWS:
        raise InputError(f"Ce fichier dépasse {MAX_ROWS} lignes : découpez-le en plusieurs.")
    for number, line in body:
        if any(cell.strip() for cell in line[len(columns) :]):
            raise InputError(
                f"Ligne {number} : plus de cellules que de colonnes nommées ; "
                "vérifiez le séparateur ou ajoutez un titre à chaque colonne.",
                row=number,
            )
    return Table(
        columns=tuple(named),
        rows=tuple(
            {
                name: (line[index] if index < len(line) else "")
                for index, name in enumerate(columns)
                if name
            }
            for _, line in body
        ),
        numbers=tuple(number for number, _ in body),
    )
