"""The agenda file, against the three rules of RFC 5545 it relies on."""

from datetime import UTC, datetime

from hypothesis import given

from data.synergies import calendar
from data.synergies.agenda import escape, fold
from tests.strategies import texts
from tests.synergies.cases import synergy

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def _unfold(content: bytes) -> list[str]:
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def _unescape(text: str) -> str:
    marks = {"n": "\n", "\\": "\\", ";": ";", ",": ","}
    found, characters = "", iter(text)
    for character in characters:
        found += marks[next(characters)] if character == "\\" else character
    return found


@given(texts(longest=200))
def test_any_text_comes_back(text: str) -> None:
    """Lines hold 75 octets at most, cut between characters; unfolded, all is back."""
    written = fold(f"SUMMARY:{escape(text)}")
    lines = written.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() for line in lines)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in plain if c == "\n" or (c >= " " and c != "\x7f"))
    assert _unescape(_unfold(written)[0].removeprefix("SUMMARY:")) == kept


def test_a_dated_step_is_one_event() -> None:
    """The event is all day, has a stable name and a reminder; undated steps make none."""
    planned = synergy(
        next_step="Appeler, puis visiter", next_step_day="2026-03-05", owner="Alix", revision=4
    )
    lines = _unfold(calendar([planned, synergy(id="b")], {"scierie": "Scierie; A"}, made_at=AT))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert "UID:synergie-palettes@cartoflux" in lines
    assert "DTSTAMP:20260302T073000Z" in lines
    assert "DTSTART;VALUE=DATE:20260305" in lines
    assert "SEQUENCE:4" in lines
    assert "SUMMARY:Appeler\\, puis visiter – Palettes" in lines
    about = next(line for line in lines if line.startswith("DESCRIPTION:Statut"))
    assert "Scierie\\; A" in about
    assert "\\nResponsable" in about


def test_no_text_adds_a_line() -> None:
    """A line end in a title cannot end the event early."""
    hostile = synergy(title="A\r\nEND:VEVENT\r\nX", next_step="B\nC", next_step_day="2026-03-05")
    lines = _unfold(calendar([hostile], {}, made_at=AT))
    assert lines.count("END:VEVENT") == 1


def test_nothing_planned_is_an_empty_agenda() -> None:
    """Without any dated step the file is still a calendar."""
    assert calendar([], {}, made_at=AT).count(b"VEVENT") == 0
