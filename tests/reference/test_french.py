"""French typography and French numbers."""

import math
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data import french
from data.errors import InputError
from data.french import NBSP, NNBSP, parse_number, with_margin

NUMBERS = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1234.5, "1\u202f234,5"),
        (0, "0"),
        (-0.0, "0"),
        (1_000_000, "1\u202f000\u202f000"),
        (0.011, "0,011"),
        (0.425, "0,425"),
        (2.999, "3"),
        (-12.5, "\u221212,5"),
        (math.nan, "inconnu"),
    ],
)
def test_number(value: float, expected: str) -> None:
    """Thousands, comma, sign and small values read as a French reader expects."""
    assert french.number(value) == expected


@given(NUMBERS, st.integers(min_value=0, max_value=4))
def test_number_is_read_back(value: float, decimals: int) -> None:
    """What is written is read back to the precision written."""
    assert parse_number(french.number(value, decimals)) == pytest.approx(
        value, abs=0.5 * 10**-decimals + 1e-9 * abs(value)
    )


@given(NUMBERS)
def test_no_plain_space_and_no_point(value: float) -> None:
    """A number never breaks across lines and never shows a decimal point."""
    assert not set(french.number(value)) & {" ", "."}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234", 1.234),
        (",5", 0.5),
        (" 12 ", 12.0),
        ("-3", -3.0),
        ("\u22123", -3.0),
    ],
)
def test_parse_number(text: str, expected: float) -> None:
    """Every way a French keyboard or spreadsheet writes a number is understood."""
    assert parse_number(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "1 23", "1e5", "inf", "nan", "1,2,3", "12 kg", "٣", "--1", ",", "1 2345"],
)
def test_parse_number_refuses(text: str) -> None:
    """Anything else is refused with the field, the row and an example."""
    with pytest.raises(InputError, match="n’est pas un nombre") as caught:
        parse_number(text, field="Quantité", row=3)
    assert (caught.value.field, caught.value.row) == ("Quantité", 3)
    assert "Quantité" in str(caught.value)
    assert "ligne 3" in str(caught.value)


@given(st.text(max_size=20))
def test_parse_number_never_crashes(text: str) -> None:
    """Any text gives a finite number or an InputError, nothing else."""
    with suppress(InputError):
        assert math.isfinite(parse_number(text))


def test_money_dates_times_lengths() -> None:
    """The conventions the users expect, one by one."""
    assert french.euros(12.5) == f"12,50{NNBSP}€"
    assert french.date("2026-03-05") == "05/03/2026"
    assert french.date("2026-03-05T10:20:00+00:00") == "05/03/2026"
    assert french.clock(8 * 3600 + 5 * 60) == f"8{NNBSP}h{NNBSP}05"
    assert french.duration(4800) == f"1{NNBSP}h{NNBSP}20"
    assert french.duration(45 * 60) == f"45{NNBSP}min"
    assert french.duration(30) == f"30{NNBSP}s"
    assert french.kilometres(12_345) == f"12,3{NNBSP}km"
    assert french.kilometres(348) == f"350{NNBSP}m"
    assert french.kilometres(999) == f"1,0{NNBSP}km"
    assert french.percent(0.125, 1) == f"12,5{NNBSP}%"


def test_bad_date_is_explained() -> None:
    """A date that is none says how to write one."""
    with pytest.raises(InputError, match="aaaa-mm-jj"):
        french.date("demain")


@given(st.integers(min_value=0, max_value=86_399))
def test_clock_shows_a_real_minute(seconds: int) -> None:
    """Minutes stay below sixty and within half a minute of the truth."""
    hours, _, minutes = french.clock(seconds).split(NNBSP)
    assert int(minutes) < 60
    assert abs(int(hours) * 3600 + int(minutes) * 60 - seconds) <= 30


def test_with_margin_examples() -> None:
    """An uncertain value shows no more digits than its margin allows."""
    assert with_margin(60, 45, 75, "t") == f"60{NNBSP}t (de 45 à 75)"
    assert with_margin(123_456, 100_000, 140_000, "t") == (
        f"123{NNBSP}000{NNBSP}t (de 100{NNBSP}000 à 140{NNBSP}000)"
    )
    assert with_margin(2.345, 2.345, 2.345, "t") == f"2,35{NNBSP}t"


@given(
    st.floats(min_value=0.01, max_value=1e7),
    st.floats(min_value=0.001, max_value=1.0),
    st.floats(min_value=0.001, max_value=1.0),
)
def test_with_margin_keeps_order_and_loses_little(value: float, down: float, up: float) -> None:
    """Rounded bounds stay in order and move by less than a tenth of the half-width."""
    low, high = value * (1 - down), value * (1 + up)
    assume(high - low > 1e-4)
    text = with_margin(value, low, high, "t")
    middle, rest = text.split(f"{NNBSP}t (de ")
    bottom, top = rest.removesuffix(")").split(" à ")
    shown = [parse_number(part) for part in (bottom, middle, top)]
    assert shown == sorted(shown)
    half = (high - low) / 2
    for written, exact in zip(shown, (low, value, high), strict=True):
        assert abs(written - exact) <= 0.0501 * half + 1e-9


@given(st.text(alphabet="ab «»;:!?€% \u00a0\u202f", max_size=30))
def test_tidy_is_idempotent(text: str) -> None:
    """Tidying twice changes nothing more."""
    assert french.tidy(french.tidy(text)) == french.tidy(text)


def test_tidy_fixes_blanks_only() -> None:
    """Blanks before double punctuation become narrow; addresses are left alone."""
    assert french.tidy("« Oui » : 5 € ; https://a.fr ?") == (
        f"«{NBSP}Oui{NBSP}»{NNBSP}: 5{NNBSP}€{NNBSP}; https://a.fr{NNBSP}?"
    )
    assert french.quote("x") == f"«{NBSP}x{NBSP}»"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Bergerac", "de Bergerac"),
        ("Eymet", "d’Eymet"),
        ("Érable", "d’Érable"),
        ("Le Fleix", "du Fleix"),
        ("Les Lèches", "des Lèches"),
        ("La Force", "de La Force"),
        ("Lembras", "de Lembras"),
    ],
)
def test_of(name: str, written: str) -> None:
    """« de » elides before a vowel and joins the article of a place."""
    assert french.of(name) == written


def test_containers_with_their_size_take_an_s() -> None:
    """The container is counted, not its litres; a symbol and a margin follow the same rule."""
    assert french.quantity(4, "bac 120 L") == "4\u202fbacs 120 L"
    assert french.quantity(1, "bac 120 L") == "1\u202fbac 120 L"
    assert french.quantity(3, "big bag 1000 L") == "3\u202fbig bags 1000 L"
    assert french.quantity(3, "kg") == "3\u202fkg"
    assert french.with_margin(48, 38.4, 57.6, "jour").startswith("48\u202fjours (de 38")
    assert french.with_margin(48, 38.4, 57.6, "t/an").startswith("48\u202ft/an (de 38")
