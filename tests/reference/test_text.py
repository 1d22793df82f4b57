"""Search normalisation."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

import data.text
from data.text import fold, slug, words


def test_docstring_examples_hold() -> None:
    """The examples in the documentation are true."""
    assert doctest.testmod(data.text).failed == 0


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    """Folding twice changes nothing more."""
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aàâeéèêiîoôuùçœAÉÈ 'bcd", max_size=30))
def test_fold_ignores_case(text: str) -> None:
    """Capitals and small letters fold alike, accents included."""
    assert fold(text.upper()) == fold(text.lower())


@given(st.text())
def test_slug_is_plain_ascii(text: str) -> None:
    """A slug holds ASCII letters, digits and hyphens only, whatever the text."""
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_words_forget_plurals_and_link_words() -> None:
    """« Les caisses en bois » and « caisse bois » are the same words."""
    assert words("Les caisses en bois") == words("caisse bois") == ("caisse", "bois")
    assert words("eaux") == words("Eau")


def test_words_keep_something_of_link_words_alone() -> None:
    """A query made of link words only is still searched."""
    assert words("de la") == ("de", "la")
