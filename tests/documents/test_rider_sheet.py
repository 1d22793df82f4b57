"""The rider's sheet: complete, printable, and deaf to what people type."""

import datetime as dt
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from data.errors import InputError
from data.figures import load_figures
from data.model import Plan, Scenario
from pages.documents import rider_sheet
from pages.documents.typesetting import printable
from tests.documents.sample import StraightTravel, plan, scenario, stop, timed_round

TODAY = dt.date(2026, 3, 2)


def sheet(a_plan: Plan, a_scenario: Scenario, index: int | None = None) -> PdfReader:
    """Make a sheet and open it."""
    pdf = rider_sheet(a_plan, a_scenario, index, StraightTravel(), load_figures(), today=TODAY)
    return PdfReader(io.BytesIO(pdf))


def words(reader: PdfReader) -> str:
    """Return all the text of a PDF with plain blanks, invisible characters dropped."""
    text = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\u202f", " "))


def test_sheet_holds_stops_in_order_totals_and_date() -> None:
    """Every stop is there in visiting order, with the totals, the source and the date."""
    stops = [stop(i) for i in (3, 1, 2)]
    text = words(sheet(plan([timed_round(stops)]), scenario(stops)))
    found = [text.index(f"Restaurant n° {i} (exemple)") for i in (3, 1, 2)]
    assert found == sorted(found)
    for wanted in (
        "42 kg",  # 15 + 13 + 14
        "7,8 km",  # 3 × 900 m, 2 400 m, 2 700 m
        "42 / 190 kg",
        "établi le 02/03/2026 par Cartoflux",
        "05/03/2026",
        "à vol d’oiseau × coefficient de détour",
        "14 %",
        "Contact en cas de problème",
        "accès 8 h 00 – 11 h 00",
        "page 1 sur 1",
    ):
        assert wanted in text


def test_each_round_has_its_own_page_and_left_out_stops_their_reason() -> None:
    """Two rounds make two pages; the stop left out closes the document with its reason."""
    stops = [stop(i) for i in range(1, 6)]
    a_plan = plan([timed_round(stops[:2], 1), timed_round(stops[2:4], 2)], [stops[4].id])
    reader = sheet(a_plan, scenario(stops))
    assert len(reader.pages) == 2
    first, second = (page.extract_text() for page in reader.pages)
    assert "Restaurant n° 1" in first
    assert "Restaurant n° 3" not in first
    assert "Restaurant n° 3" in second
    assert "Restaurant n° 5" in second
    assert "pas de temps" in words(reader)
    only_second = words(sheet(a_plan, scenario(stops), 1))
    assert "Restaurant n° 1 " not in only_second
    assert "tournée 2 sur 2" in only_second


def test_long_round_repeats_the_header_on_the_next_page() -> None:
    """Forty stops need several pages; the table's header comes back on each."""
    stops = [stop(i) for i in range(1, 41)]
    reader = sheet(plan([timed_round(stops)]), scenario(stops))
    assert len(reader.pages) >= 2
    assert all("Remarques" in page.extract_text() for page in reader.pages[:2])
    assert "Restaurant n° 40" in words(reader)
    # No visit is cut in two: its name and its address are on the same page.
    texts = [page.extract_text() for page in reader.pages]
    for number in range(1, 41):
        (page,) = [text for text in texts if f"Restaurant n° {number} " in text]
        assert f"{number} rue de l’Exemple" in page


@pytest.mark.parametrize(
    "nasty",
    [
        '#eval("1+1")',
        "#panic()",
        "$x^2$ *gras* _it_ `code`",
        r"\u{41} \ #read('/etc/passwd')",
        '"); #let x = 1',
        "<label> @ref // fin /* */",
        "= Titre",
    ],
)
def test_markup_in_names_stays_text(nasty: str) -> None:
    """What someone typed is printed as typed: nothing in it is run by typst."""
    stops = [stop(1, name=nasty, address=nasty), stop(2)]
    a_plan = plan([timed_round(stops[:1])], ["stop-2"])
    assert words(sheet(a_plan, scenario(stops))).count(printable(nasty)) >= 2


def test_emoji_controls_and_endless_names_still_print() -> None:
    """Emoji, control characters, right-to-left overrides and endless words do not break it."""
    stops = [
        stop(1, name="🚲🍎 日本 \x00\x1b[31m\u202e caché"),
        stop(2, name="A" * 5000),
        stop(3, name="mot " * 2000),
        stop(4, name=""),
    ]
    reader = sheet(plan([timed_round(stops)]), scenario(stops))
    assert len(reader.pages) == 1
    assert words(reader).count("A") > 150


@given(st.text(max_size=300))
@settings(max_examples=40, deadline=None)
def test_any_name_can_be_printed(name: str) -> None:
    """No name at all can stop the sheet from being made."""
    stops = [stop(1, name=name)]
    assert len(sheet(plan([timed_round(stops)]), scenario(stops)).pages) == 1


def test_same_arguments_give_the_same_bytes() -> None:
    """The sheet is deterministic, date included."""
    stops = [stop(1), stop(2)]
    a_plan, a_scenario = plan([timed_round(stops)]), scenario(stops)
    once, again = (
        rider_sheet(a_plan, a_scenario, None, StraightTravel(), load_figures(), today=TODAY)
        for _ in range(2)
    )
    assert once == again


def test_heavy_load_recalls_the_declaration() -> None:
    """Above the legal threshold the sheet says that the transport must be declared."""
    heavy, light = [stop(1, kg_per_visit=501.0)], [stop(1, kg_per_visit=500.0)]
    assert "déclaré" in words(sheet(plan([timed_round(heavy)]), scenario(heavy)))
    assert "déclaré" not in words(sheet(plan([timed_round(light)]), scenario(light)))


@pytest.mark.parametrize("index", [-1, 1])
def test_unknown_round_is_refused_in_french(index: int) -> None:
    """Asking for a round that does not exist says how many there are."""
    stops = [stop(1)]
    with pytest.raises(InputError, match="le plan en compte 1"):
        sheet(plan([timed_round(stops)]), scenario(stops), index)


def test_empty_plan_is_refused_in_french() -> None:
    """A plan without rounds cannot be printed, and the message says what to do."""
    with pytest.raises(InputError, match="aucune tournée"):
        sheet(plan([]), scenario([stop(1)]))
