"""What people really send: encodings, separators, merged cells, formulas, other formats."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from data.errors import InputError
from data.exchange import grids
from data.exchange.flow_import import FlowPreview, prepare
from data.exchange.tables import MAX_FILE_BYTES
from tests.exchange.strategies import actor, directory

WHERE = directory(actor())
HEADER = ["acteur", "sens", "ressource", "quantité", "unité", "période", "année"]
ROW: list[Any] = ["Menuiserie du Port", "Sortant", "cartons", 2.5, "kg", "semaine", 2025]


def plain(text: str) -> str:
    """Return a sentence with ordinary blanks, as one would type it."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def read(content: bytes, name: str = "flux.xlsx") -> FlowPreview:
    """Prepare an import into an empty store."""
    return prepare(content, name, WHERE, ())


def saved(book: Workbook) -> bytes:
    """Save a workbook as its person would."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(*lines: list[Any], title: str = "Flux") -> Workbook:
    """Make a workbook of one sheet."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for line in lines:
        page.append(line)
    return book


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_text_files_of_every_kind(encoding: str, separator: str) -> None:
    """UTF-8 with and without mark, Windows, UTF-16; semicolons, tabs, commas; comma or point."""
    quantity = '"2,5"' if separator == "," else "2,5"
    cells = [quantity if cell == 2.5 else str(cell) for cell in ROW]
    lines = [separator.join(HEADER), separator.join(cells), separator.join(map(str, ROW[:-1]))]
    text = "\r\n".join(lines).replace("Sortant", "Sortant") + "\r\n"
    result = read(text.encode(encoding), "flux.csv")
    assert not result.errors
    assert [flow.quantity for flow in result.new] == [2.5, 2.5]


@pytest.mark.parametrize("year", ["31/03/2025", "2025-03-31", "2025", "2025,0"])
def test_dates_stand_for_their_year(year: str) -> None:
    """French and ISO dates in the year's column give the year."""
    text = ";".join(HEADER) + "\r\n" + ";".join([*map(str, ROW[:-1]), year]) + "\r\n"
    (flow,) = read(text.encode(), "flux.csv").new
    assert flow.year == 2025


def test_titles_above_empty_rows_and_own_columns() -> None:
    """Titles above the header are left, empty rows skipped, unknown columns said."""
    book = book_of(
        ["Ma collecte 2025"], [], [*HEADER, "mon code"], [*ROW, "x"], [], [*ROW[:6], 2024]
    )
    result = read(saved(book))
    assert not result.errors
    assert len(result.new) == 2
    said = [plain(note) for note in result.notes]
    assert any("ligne 3" in note for note in said)
    assert "Colonne ignorée : « mon code »." in said


def test_rows_keep_their_numbers_below_titles() -> None:
    """A mistake under titles and gaps has the row that the spreadsheet shows."""
    book = book_of(["Ma collecte"], [], HEADER, [], [*ROW[:4], "brouette", *ROW[5:]])
    (error,) = read(saved(book)).errors
    assert (error.row, error.field) == (5, "unité")


def test_merged_and_hidden_rows() -> None:
    """An actor written once for three rows counts for each; hidden rows are read as well."""
    labels = ["a", "b", "c"]
    book = book_of([*HEADER, "libellé"], *([*ROW, label] for label in labels))
    page = book.active
    assert page is not None
    page.merge_cells("A2:A4")
    page.row_dimensions[3].hidden = True
    result = read(saved(book))
    assert not result.errors
    assert len(result.new) == 3
    said = " ".join(plain(note) for note in result.notes)
    assert "fusionnées" in said
    assert "masquées" in said


def test_percentages_as_shown() -> None:
    """30 % typed in a percentage cell is thirty per cent, not three thousandths."""
    book = book_of([*HEADER, "incertitude (%)"], [*ROW, 0.3])
    page = book.active
    assert page is not None
    page["H2"].number_format = "0%"
    (flow,) = read(saved(book)).new
    assert flow.uncertainty == pytest.approx(0.3)


def test_formula_without_value_is_named() -> None:
    """A formula never computed has no value: the cell is named, not read as unknown."""
    book = book_of(HEADER, [*ROW[:3], "=2+2", *ROW[4:]])
    result = read(saved(book))
    (error,) = result.errors
    assert (error.row, error.field) == (2, "quantité")
    assert "formule" in error.message


def test_formula_error_is_named_but_not_such_a_text() -> None:
    """A cell in error is named; the same letters typed as text are a text."""
    book = book_of([*HEADER, "source"], [*ROW, "#REF!"], [*ROW[:6], 2024, "ok"])
    page = book.active
    assert page is not None
    page["H2"].data_type = "e"
    (error,) = read(saved(book)).errors
    assert (error.row, error.field) == (2, "source")
    page["H2"].data_type = "s"
    assert {flow.source for flow in read(saved(book)).new} == {"#REF!", "ok"}


def test_a_formula_in_a_name_stays_a_text() -> None:
    """Text that looks like a formula is kept as text and runs nowhere."""
    text = ";".join([*HEADER, "libellé"]) + "\r\n" + ";".join([*map(str, ROW), "=1+1"]) + "\r\n"
    (flow,) = read(text.encode(), "flux.csv").new
    assert flow.label == "=1+1"


def test_the_right_sheet_is_found() -> None:
    """The sheet with the columns is read, wherever it is; another with some is mentioned."""
    book = book_of(["rien", "ici"], title="Accueil")
    for name in ("Relevés", "Copie"):
        page = book.create_sheet(name)
        page.append(HEADER)
        page.append(ROW)
    result = read(saved(book))
    assert len(result.new) == 1
    assert any("« Relevés »" in plain(note) for note in result.notes)


def test_no_sheet_with_the_columns() -> None:
    """A workbook of something else is refused with its sheets and what is expected."""
    book = book_of(["nom", "prénom"], ["A", "B"], title="Adhérents")
    book.create_sheet("Budget").append(["poste", "montant"])
    with pytest.raises(InputError, match="Aucune feuille") as caught:
        read(saved(book))
    assert "« Adhérents »" in plain(str(caught.value))
    assert "« acteur »" in plain(str(caught.value))


def test_missing_columns_are_named_and_marked() -> None:
    """A file without an obligatory column is refused once; the header says why."""
    result = read(saved(book_of(HEADER[:4], ROW[:4])))
    assert [error.field for error in result.errors] == ["unité", "période"]
    assert result.marked is not None


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (OLE, "flux.xls", "ancien format Excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "flux.xlsx", "mot de passe"),
        (b"%PDF-1.7 ...", "flux.pdf", "n’est pas un tableur"),
        (b"PK\x03\x04 not really a zip", "flux.xlsx", "n’est pas un classeur"),
        (b"", "flux.csv", "vide"),
        (b"   \r\n", "flux.csv", "vide"),
        (b"\0\1\2" * 50, "flux.csv", "tableau CSV"),
        (b"x" * (MAX_FILE_BYTES + 1), "flux.csv", "dépasse"),
        (b"acteur sens ressource\r\na b c\r\n", "flux.csv", ""),
    ],
)
def test_files_that_cannot_be_read(content: bytes, name: str, says: str) -> None:
    """Each refused format says what to do, in French; no stack trace reaches anyone."""
    if not says:
        assert read(content, name).errors
        return
    with pytest.raises(InputError, match=says):
        read(content, name)


def test_libreoffice_file_is_refused_kindly() -> None:
    """An .ods file is recognised by what is inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(InputError, match="LibreOffice"):
        read(out.getvalue(), "flux.ods")


def test_zip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook whose sheet unpacks two hundred times bigger is not unpacked."""
    monkeypatch.setattr(grids, "_SMALL", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    with pytest.raises(InputError, match="anormale"):
        read(out.getvalue())
