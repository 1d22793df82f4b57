"""The frame: titles, demonstration badge, errors said in French."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

FRAME = Path(__file__).resolve().parent.parent.parent / "pages" / "frame.py"


@pytest.fixture(scope="module")
def shared_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one runtime folder for the whole file: these tests write nothing."""
    return tmp_path_factory.mktemp("frame")


@pytest.fixture
def app(shared_var: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """Return the application on demonstration data."""
    monkeypatch.setenv("CARTOFLUX_VAR", str(shared_var))
    return AppTest.from_file(str(FRAME), default_timeout=60)


def test_first_page_is_the_map(app: AppTest) -> None:
    """Without an address, the map opens, with what it answers as its title."""
    app.run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Qui est là, et avec quels flux\u202f?"]


def test_demonstration_is_badged(app: AppTest) -> None:
    """As long as demonstration data is there, every page says so."""
    app.run()
    assert any("Données de démonstration" in one.value for one in app.markdown)


def test_no_badge_without_demonstration(
    tmp_path: Path, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store without demonstration data has no badge, and its empty map still opens."""
    monkeypatch.setenv("CARTOFLUX_VAR", str(tmp_path))
    monkeypatch.setenv("CARTOFLUX_DEMO", "0")
    app.run()
    assert not app.exception
    assert not any("Données de démonstration" in one.value for one in app.markdown)


def test_skip_link_has_its_target(app: AppTest) -> None:
    """The link « Aller au contenu » of the HTML page leads somewhere."""
    app.run()
    assert any('id="contenu"' in one.body for one in app.html)


def our_error() -> None:
    """Show one of our own errors, as ``st.App`` would."""
    from data.errors import InputError  # noqa: PLC0415 (AppTest runs this text on its own)
    from pages.ui.errors import show_script_error  # noqa: PLC0415

    show_script_error(InputError("La charge « -3 » est négative : corrigez-la. <b>*x*</b>"))


def other_error() -> None:
    """Show an error nobody foresaw."""
    from pages.ui.errors import show_script_error  # noqa: PLC0415

    show_script_error(ZeroDivisionError("secret detail"))


def test_our_errors_say_their_sentence() -> None:
    """The sentence of an InputError is shown, literally."""
    page = AppTest.from_function(our_error).run()
    (error,) = page.error
    assert error.value.replace("\\", "") == (
        "La charge « -3 » est négative : corrigez-la. <b>*x*</b>"
    )
    assert "\\<b\\>" in error.value


def test_other_errors_give_a_number_that_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """An unforeseen error shows a French sentence and a number, and no detail."""
    page = AppTest.from_function(other_error).run()
    (error,) = page.error
    assert error.value.startswith("Une erreur inattendue")
    assert "secret detail" not in error.value
    number = error.value.rstrip(".").rsplit(" ", 1)[1]
    assert len(number) == 6
    assert any(number in record.message and record.exc_info for record in caplog.records)
