"""The one place where text becomes HTML, Markdown or script."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import escape

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.title += dict(attrs).get("title") or ""

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(alphabet=st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"])))
def test_html_shows_the_text_and_nothing_else(text: str) -> None:
    """A browser reads back the same text, in an element and in an attribute, without a tag."""
    reader = _Reader()
    reader.feed(f'<p title="{escape.html(text)}">{escape.html(text)}</p>')
    reader.close()
    assert reader.tags == ["p"]
    assert reader.text == text
    assert reader.title == text


@given(json_values)
def test_script_is_the_same_value(value: escape.Json) -> None:
    """The script's JSON is the value, whatever texts it holds."""
    assert json.loads(escape.script(value)) == value


@given(json_values)
def test_script_cannot_close_its_element(value: escape.Json) -> None:
    """No character that HTML, a template or another encoding could read otherwise comes out."""
    text = escape.script(value)
    assert text.isascii()
    assert not set("<>&'") & set(text)
    assert "{{" not in text


def test_script_refuses_what_json_cannot_say() -> None:
    """NaN would break the whole map in the browser: it is refused here."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        escape.script({"x": float("nan")})


@given(st.text())
def test_markdown_leaves_no_active_character(text: str) -> None:
    """Every character that Streamlit's Markdown could act on is behind a backslash."""
    bare = re.sub(r"\\.", "", escape.markdown(text))
    assert not set("`*_[]()<>#$:~|!&") & set(bare)
    assert "\n" not in bare


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://exemple.fr/page?x=1", True),
        (" http://exemple.fr ", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("//exemple.fr", False),
        ("https://", False),
        ("http://[broken", False),
        ("exemple.fr", False),
        ("", False),
    ],
)
def test_link_keeps_plain_web_addresses_only(url: str, *, kept: bool) -> None:
    """Only http and https addresses with a host become links."""
    assert escape.link(url) == (url.strip() if kept else None)
