"""Files: what is written is read back, and nothing in them executes."""

import io
import string
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from data.errors import InputError
from data.exchange.tables import Sheet, csv_bytes, read_csv, read_table, read_xlsx, xlsx_bytes

PAYLOADS = ("=1+1", "+33 5 53", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "'=1", "''=1", "＝1")
_cells = st.text(
    st.one_of(st.characters(exclude_categories=("Cs", "Cc")), st.sampled_from("=+-@'\t\r\n;\",|")),
    max_size=12,
)


@settings(deadline=None)
@given(st.lists(st.lists(_cells, min_size=2, max_size=2), max_size=5))
def test_csv_text_comes_back_identical(lines: list[list[str]]) -> None:
    """Every text written in a CSV file is read back, formula-like or not."""
    rows = [{"a": a, "b": b} for a, b in lines if (a + b).strip()]
    assert list(read_csv(csv_bytes(rows, ["a", "b"])).rows) == rows


@settings(deadline=None)
@given(_cells)
def test_no_csv_cell_starts_like_a_formula(text: str) -> None:
    """A spreadsheet never sees a text cell that starts with a formula sign."""
    body = csv_bytes([{"a": text}], ["a"]).decode("utf-8-sig").split("\r\n", 1)[1]
    body = body.removesuffix("\r\n")
    assert not body.lstrip('" ').startswith(("=", "+", "-", "@", "\t", "\r"))


def test_csv_follows_french_convention() -> None:
    """Semicolon, decimal comma, French dates, BOM and CRLF; numbers stay numbers."""
    row = {
        "n": -1.5,
        "d": date(2026, 3, 31),
        "h": datetime(2026, 3, 31, 8, 5),  # noqa: DTZ001
        "b": True,
        "v": None,
    }
    content = csv_bytes([row], ["n", "d", "h", "b", "v"])
    assert content == b"\xef\xbb\xbfn;d;h;b;v\r\n-1,5;31/03/2026;31/03/2026 08:05;oui;\r\n"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_xlsx_text_is_never_a_formula(payload: str) -> None:
    """Every text cell of a workbook is typed as text; dangerous ones carry the quote prefix."""
    book = load_workbook(io.BytesIO(xlsx_bytes([Sheet("s", ("a",), ({"a": payload},))])))
    cell = book.worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value == payload.replace("\r", "\n") or cell.value == payload


def test_xlsx_is_typed_and_readable() -> None:
    """Numbers are numbers, dates are dates, the header is frozen, widths follow the content."""
    rows = ({"quantité": 1234.5, "jour": date(2026, 3, 31), "nom": "Bergerac"},)
    content = xlsx_bytes([Sheet("a/b:c" * 9, ("quantité", "jour", "nom"), rows)])
    page = load_workbook(io.BytesIO(content)).worksheets[0]
    assert page["A2"].value == 1234.5
    assert page["B2"].value == datetime(2026, 3, 31)  # noqa: DTZ001
    assert page["B2"].number_format == "dd/mm/yyyy"
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["C"].width == len("Bergerac") + 2
    assert read_xlsx(content).rows == (
        {"quantité": "1234.5", "jour": "31/03/2026", "nom": "Bergerac"},
    )


def test_control_characters_do_not_break_a_workbook() -> None:
    """Characters that XML forbids are dropped rather than making the export fail."""
    content = xlsx_bytes([Sheet("s", ("a",), ({"a": "a\x00b\x0bc"},))])
    assert read_xlsx(content).rows == ({"a": "abc"},)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_foreign_csv_files_are_read(encoding: str, separator: str) -> None:
    """Encodings and separators that French spreadsheets produce are recognised."""
    text = f"nom{separator}activité\r\n\r\nCafé{separator}été\r\n"
    table = read_csv(text.encode(encoding))
    assert table.columns == ("nom", "activité")
    assert table.rows == ({"nom": "Café", "activité": "été"},)
    assert table.numbers == (3,)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "vide"),
        (b";;\r\n;;\r\n", "vide"),
        (b"nom;nom\r\na;b\r\n", "deux fois"),
        (b"nom\r\na;b\r\n", "Ligne 2"),
        (b"PK\x03\x04 not a workbook", "classeur XLSX"),
        (b"\xd0\xcf\x11\xe0 old excel", ".xlsx"),
        (b"a\x00b;c\r\n", "tableau CSV"),
        (b"a;b\r\n\x81;\x8d\r\n", "accents"),
        (b"a" * 20_000_001, "Mo"),
    ],
)
def test_unreadable_files_are_explained(content: bytes, expected: str) -> None:
    """A file that is not a table gives a sentence that says what to do."""
    with pytest.raises(InputError, match=expected):
        read_table(content)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_file_crashes_the_reader(content: bytes) -> None:
    """Whatever the bytes, the reader answers with a table or an InputError."""
    try:
        table = read_table(content)
    except InputError:
        return
    assert len(table.rows) == len(table.numbers)


def test_missing_sheet_is_named() -> None:
    """Asking for a sheet that is not there lists those that are."""
    content = xlsx_bytes([Sheet("acteurs", ("a",), ({"a": "x"},))])
    with pytest.raises(InputError, match="« acteurs »"):
        read_xlsx(content, "flux")


def test_wide_workbook_is_written_with_valid_columns() -> None:
    """More than 26 columns still make a valid sheet."""
    columns = tuple(f"{a}{b}" for a in "AB" for b in string.ascii_uppercase)
    content = xlsx_bytes([Sheet("s", columns, ({"AA": 1, "BZ": 2},))])
    assert read_xlsx(content).rows[0]["BZ"] == "2"
