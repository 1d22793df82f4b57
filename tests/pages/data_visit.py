"""Visits to a page through the frame, each with its own copy of a store filled once."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from data.settings import ROOT, read_settings
from data.store import Store, open_store
from geo.first_start import prepare


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file with the territory, the nomenclature and the demonstration."""
    path = tmp_path_factory.mktemp("filled") / "cartoflux.db"
    with open_store(f"sqlite:///{path}") as store:
        prepare(store, read_settings())
    return path


@pytest.fixture
def store(filled: Path) -> Store:
    """Return the store that the page under test will use."""
    var = read_settings().var_dir
    var.mkdir(parents=True, exist_ok=True)
    shutil.copy(filled, var / "cartoflux.db")
    return open_store(read_settings().database_url)


def visit(path: str, **query: str) -> AppTest:
    """Open the page at this address through the frame."""
    app = AppTest.from_file(ROOT / "pages" / "frame.py", default_timeout=60)
    # A page made from a function is known by its address only.
    app._page_hash = calc_hash(path)
    for name, value in query.items():
        app.query_params[name] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    """Run the page; an uncaught exception fails the test."""
    app.run()
    assert not app.exception, app.exception
    return app


def click(app: AppTest, key: str) -> AppTest:
    """Press a button and run."""
    app.button(key=key).click()
    return run(app)


def field(app: AppTest, suffix: str) -> Any:
    """Find the widget of a form whose key ends with a field's name."""
    for kind in (app.text_input, app.selectbox, app.radio, app.multiselect, app.text_area):
        for widget in kind:
            if re.fullmatch(rf"data-\w+-\d+-{suffix}", widget.key or ""):
                return widget
    raise AssertionError(f"no field {suffix}")


def messages(elements: Any) -> str:
    """Return what these elements say, unescaped, with ordinary blanks."""
    text = "\n".join(str(element.value) for element in elements).replace("\\", "")
    return text.replace("\u00a0", " ").replace("\u202f", " ")
