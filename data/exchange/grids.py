"""A person's own spreadsheet: which sheet, which header row, what its cells show.

Unlike ``tables``, which reads the files this application wrote, nothing is taken for granted
here: titles above the header, merged cells, other sheets, formulas, percentages, old formats.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from data.errors import InputError
from data.exchange.records import Format, header_map, located
from data.exchange.tables import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    Table,
    cell_text,
    check_size,
    check_unpacked,
    csv_lines,
    plain,
    to_table,
)
from data.french import NNBSP, number, quote
from data.text import fold

HELP_SHEETS: Final = ("Aide", "Exemples", "Listes", "À corriger")
"""Sheets of our own templates and of the files we hand back; never read as data."""

_HEADER_WITHIN: Final = 30
_MOST_RATIO: Final = 200
"""Unpacked over packed size from which a workbook is a bomb and not a table."""
_SMALL: Final = 20_000_000
_FORMULA: Final = re.compile(
    rb'<c r="([A-Z]{1,3}\d+)"[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(<v\s*/>|<v></v>|</c>)'
)
_MERGED: Final = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)"')
_HIDDEN: Final = re.compile(rb'<row [^>]*hidden="(?:1|true)"')
_MOST_MERGED_CELLS: Final = 200_000


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A file as read.

    Attributes:
        sheet: the sheet read; ``None`` for a text file.
        header_row: its number, as a spreadsheet shows it.
        positions: 1-based column number of each header.
        notes: what a person may want to know about how the file was read.
        faults: cells that cannot be read whatever their column.
    """

    table: Table
    sheet: str | None
    header_row: int
    positions: Mapping[str, int]
    notes: tuple[str, ...] = ()
    faults: tuple[InputError, ...] = ()


def read_grid(
    content: bytes,
    file_name: str,
    format_: Format[Any],
    on_row: Callable[[int], None] = lambda _rows: None,
) -> Grid:
    """Read a CSV or XLSX file that somebody filled in.

    Args:
        content: the file.
        file_name: as the person calls it.
        format_: the columns looked for.
        on_row: told how many rows are read so far; may raise to stop.

    Raises:
        InputError: the file cannot be read, or no sheet of it looks like this format.
    """
    _refuse_other_formats(content, file_name)
    if content.startswith(b"PK"):
        return _read_workbook(content, format_, on_row)
    lines = csv_lines(content)
    return _grid(lines, format_, sheet=None)


def _refuse_other_formats(content: bytes, file_name: str) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise InputError(
                "Ce classeur est protégé par un mot de passe. Ouvrez-le, retirez le mot de passe "
                f"(Fichier{NNBSP}> Informations{NNBSP}> Protéger le classeur), enregistrez-le, "
                "puis envoyez-le à nouveau."
            )
        raise InputError(
            f"Ce fichier est à l’ancien format Excel (.xls). Ouvrez-le, choisissez "
            f"{quote('Enregistrer sous')}, {quote('Classeur Excel (.xlsx)')}, puis envoyez-le."
        )
    if content.startswith(b"PK") and b"opendocument.spreadsheet" in content[:200]:
        raise InputError(
            f"Ce classeur est au format LibreOffice (.ods). Choisissez "
            f"{quote('Enregistrer sous')}, {quote('Excel 2007-365 (.xlsx)')}, puis envoyez-le."
        )
    if content.startswith(b"%PDF") or file_name.casefold().endswith((".pdf", ".doc", ".docx")):
        raise InputError(
            "Ce fichier n’est pas un tableur. Recopiez ses lignes dans le modèle Excel ou CSV."
        )


def _read_workbook(content: bytes, format_: Format[Any], on_row: Callable[[int], None]) -> Grid:
    check_size(content)
    try:
        check_unpacked(content)
        _refuse_bomb(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except InputError:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        raise InputError(
            "Ce fichier n’est pas un classeur XLSX lisible. Ouvrez-le dans un tableur et "
            f"enregistrez-le au format {quote('Classeur Excel (.xlsx)')}, ou en CSV."
        ) from error
    try:
        page, others = _choose(book.worksheets, format_)
        raw = _raw_sheet(content, page)
        lines = []
        errors: list[tuple[int, int, str]] = []
        wide = page.max_column or 0
        # Rows are padded up to this width: no wider than the sheet says, when it says so.
        width = min(wide, MAX_COLUMNS) if wide >= _fewest(format_) else MAX_COLUMNS
        for done, line in enumerate(
            islice(page.iter_rows(max_col=width), MAX_ROWS + _HEADER_WITHIN + 1)
        ):
            on_row(done)
            lines.append([_shown(cell) for cell in line])
            errors += [
                (done + 1, position, str(cell.value))
                for position, cell in enumerate(line, start=1)
                if cell.data_type == "e"
            ]
        notes = list(others)
        filled = _fill_merged(lines, raw)
        if filled:
            notes.append(
                f"{number(filled)} plages de cellules fusionnées{NNBSP}: leur valeur est reprise "
                "sur chaque ligne."
                if filled > 1
                else "Une plage de cellules fusionnées : sa valeur est reprise sur chaque ligne."
            )
        hidden = len(_HIDDEN.findall(raw))
        if hidden:
            notes.append(
                f"Lignes masquées ou filtrées{NNBSP}: {number(hidden)}. Elles sont lues comme "
                "les autres."
            )
        grid = _grid(lines, format_, sheet=page.title, notes=tuple(notes))
        return _with_faults(grid, errors, raw)
    finally:
        book.close()


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            ratio = entry.file_size / max(1, entry.compress_size)
            if entry.file_size > _SMALL and ratio > _MOST_RATIO:
                raise InputError(
                    "Ce classeur se déplie de façon anormale (plus de "
                    f"{number(MAX_UNPACKED_BYTES / 1e6)}{NNBSP}Mo possibles). Copiez vos lignes "
                    "dans le modèle et envoyez le modèle."
                )


def _choose(pages: Sequence[Any], format_: Format[Any]) -> tuple[Any, list[str]]:
    """Pick the sheet that has the format's name, else the one with most of its columns."""
    ours = {fold(name) for name in HELP_SHEETS}
    scored = []
    for page in pages:
        if fold(page.title) in ours:
            continue
        first = [
            [cell_text(value) for value in line]
            for line in islice(
                page.iter_rows(values_only=True, max_row=_HEADER_WITHIN, max_col=MAX_COLUMNS),
                _HEADER_WITHIN,
            )
        ]
        _, score = _header(first, format_)
        named = fold(page.title) == fold(format_.nouns)
        if any(any(line) for line in first):
            scored.append((score, named, page))
    if not scored:
        raise InputError("Ce classeur est vide. Remplissez le modèle, puis envoyez-le.")
    best = max(scored, key=lambda s: (s[1] and s[0] > 1, s[0]))
    if best[0] < _fewest(format_) and len(pages) > 1:
        names = ", ".join(quote(page.title) for page in pages)
        raise InputError(
            f"Aucune feuille de ce classeur n’a les colonnes attendues (feuilles{NNBSP}: {names})."
            f" {_first_titles(format_)}"
        )
    also = [page.title for score, _, page in scored if page is not best[2] and score > 1]
    ignored = ", ".join(quote(title) for title in also)
    notes = (
        [f"Feuille lue{NNBSP}: {quote(best[2].title)}. Non lues{NNBSP}: {ignored}."] if also else []
    )
    return best[2], notes


def _fewest(format_: Format[Any]) -> int:
    return min(3, sum(column.required for column in format_.columns))


def _first_titles(format_: Format[Any]) -> str:
    wanted = [c.reference.named if c.reference else c.title for c in format_.columns if c.required]
    return (
        f"La première ligne doit nommer les colonnes, dont{NNBSP}: "
        f"{', '.join(map(quote, wanted))}. Le modèle les a toutes."
    )


def _header(lines: Iterable[Sequence[str]], format_: Format[Any]) -> tuple[int, int]:
    """Index of the line with most known headers, and how many it has."""
    best = (0, 0)
    for index, line in enumerate(lines):
        found, _ = header_map(format_, [cell.strip() for cell in line if cell.strip()])
        if len(found) > best[1]:
            best = (index, len(found))
    return best


def _grid(
    lines: list[list[str]],
    format_: Format[Any],
    *,
    sheet: str | None,
    notes: tuple[str, ...] = (),
) -> Grid:
    index, score = _header(lines[:_HEADER_WITHIN], format_)
    if score < _fewest(format_):
        # Fewer known columns than that: the first line is the header, and its gaps get named.
        index = next((i for i, line in enumerate(lines) if any(c.strip() for c in line)), 0)
    if index and any(any(c.strip() for c in line) for line in lines[:index]):
        notes += (
            f"En-têtes trouvés ligne {index + 1}{NNBSP}; les lignes au-dessus sont laissées.",
        )
    below = [[] if i < index else line for i, line in enumerate(lines)]
    if score and score < _fewest(format_) and sheet is None and len(lines[index]) == 1:
        raise InputError(
            "Une seule colonne trouvée : le séparateur du fichier CSV n’est pas reconnu. "
            "Utilisez le point-virgule, ou envoyez un classeur Excel."
        )
    table = to_table(below)
    positions: dict[str, int] = {}
    for position, name in enumerate(lines[index], start=1):
        if name.strip():
            positions.setdefault(name.strip(), position)
    return Grid(
        table=table,
        sheet=sheet,
        header_row=index + 1,
        positions=positions,
        notes=notes,
    )


def _shown(cell: Any) -> str:
    """Text of a cell as its reader sees it: 0.3 shown as a percentage is « 30 % »."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "%" in (cell.number_format or ""):
            return f"{plain(round(float(value) * 100, 9))} %"
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
    return cell_text(value)


def _raw_sheet(content: bytes, page: Any) -> bytes:
    """The sheet's XML, for what a streamed reading does not tell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(page._worksheet_path)  # noqa: SLF001 (nothing public gives it)


def _fill_merged(lines: list[list[str]], raw: bytes) -> int:
    """Repeat the value of merged cells on all of them; returns how many ranges."""
    count, cells = 0, 0
    for match in _MERGED.finditer(raw):
        left, top, right, bottom = _box(match[1])
        bottom, right = min(bottom, len(lines)), min(right, MAX_COLUMNS)
        # Across columns, a value belongs to the first of them: a title, or a wide note.
        if top > len(lines) or left > len(lines[top - 1]) or bottom == top:
            continue
        cells += bottom - top
        if cells > _MOST_MERGED_CELLS:
            break
        value = lines[top - 1][left - 1]
        for line in lines[top:bottom]:
            if left <= len(line) and any(line):
                line[left - 1] = value
        count += 1
    return count


def _box(address: bytes) -> tuple[int, int, int, int]:
    """First column, first row, last column, last row of « A1:B2 »."""
    return tuple(bound or 1 for bound in range_boundaries(address.decode()))  # type: ignore[return-value]


def _with_faults(grid: Grid, errors: Iterable[tuple[int, int, str]], raw: bytes) -> Grid:
    """Name the formulas that have no value, and those whose value is an error."""
    titles = {position: title for title, position in grid.positions.items()}
    faults = []
    for match in _FORMULA.finditer(raw):
        left, top, _, _ = _box(match[1])
        if top > grid.header_row and left in titles:
            faults.append(
                located(
                    "cette formule n’a pas de valeur enregistrée. Ouvrez le fichier dans un "
                    "tableur et enregistrez-le, ou écrivez la valeur.",
                    titles[left],
                    top,
                )
            )
    faults += [
        located(
            f"cette formule donne une erreur ({text}). Corrigez-la, ou écrivez la valeur.",
            titles.get(position, get_column_letter(position)),
            row,
        )
        for row, position, text in errors
        if row > grid.header_row
    ]
    return Grid(
        table=grid.table,
        sheet=grid.sheet,
        header_row=grid.header_row,
        positions=grid.positions,
        notes=grid.notes,
        faults=tuple(faults),
    )
