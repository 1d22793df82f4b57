"""Hours and windows as planners type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.model import TimeWindow
from pages.rounds_parts.hours import parse_hour, parse_windows, write_hour, write_windows


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("8:00", 480),
        ("08:05", 485),
        ("8h", 480),
        ("8 h 05", 485),
        ("8\u202fh\u202f05", 485),
        ("8 H 30", 510),
        ("14h30", 870),
        (" 8 ", 480),
        ("0:00", 0),
        ("24:00", 1440),
        ("8 heures", 480),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, minutes: int) -> None:
    """The usual French ways to write an hour are all understood."""
    assert parse_hour(text, field="Créneau") == minutes * 60


@pytest.mark.parametrize("text", ["", "huit", "25:00", "24:01", "8:60", "8:5", "-8:00", "8:00:00"])
def test_other_texts_are_refused_with_an_example(text: str) -> None:
    """What is not an hour is refused, naming the field, the row and an example."""
    with pytest.raises(InputError, match="8:00 ou 14:30") as caught:
        parse_hour(text, field="Début de service", row=2)
    assert (caught.value.field, caught.value.row) == ("Début de service", 2)


@pytest.mark.parametrize(
    "text",
    ["8:00–11:30", "8:00-11:30", "8h - 11h30", "de 8 h à 11 h 30", "8:00 au 11:30", "8:00→11:30"],
)
def test_a_window_is_read_as_people_write_it(text: str) -> None:
    """Dashes and words between the two hours are all understood."""
    assert parse_windows(text, field="Créneau") == (TimeWindow(start_s=28_800, end_s=41_400),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8:00", "n’est pas un créneau"),
        ("8:00–10:00–12:00", "n’est pas un créneau"),
        ("matin", "n’est pas un créneau"),
        ("8:00–midi", "n’est pas une heure"),
        ("11:00–8:00", "finit avant de commencer"),
    ],
)
def test_a_bad_window_says_what_is_wrong(text: str, said: str) -> None:
    """Each way a window can be wrong has its own sentence."""
    with pytest.raises(InputError, match=said):
        parse_windows(text, field="Créneau", row=1)


minutes = st.integers(0, 24 * 60)


@given(st.lists(st.tuples(minutes, minutes).map(sorted), max_size=4))
def test_windows_survive_writing_and_reading(pairs: list[list[int]]) -> None:
    """What the table shows reads back as the same windows."""
    windows = tuple(TimeWindow(start_s=60 * a, end_s=60 * b) for a, b in pairs)
    assert parse_windows(write_windows(windows), field="Créneau") == windows


@given(minutes)
def test_hours_survive_writing_and_reading(minute: int) -> None:
    """What the table shows reads back as the same hour."""
    assert parse_hour(write_hour(60 * minute), field="Début de service") == 60 * minute
