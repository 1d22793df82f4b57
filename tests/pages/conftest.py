"""What every page test shares: the day it is."""

from datetime import datetime

import pytest

from pages.ui import localtime

NOON = datetime(2026, 11, 26, 12, tzinfo=localtime.PARIS)
"""A day on which the demonstration is fresh; a test that runs at midnight must not see two days."""


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock on the wall."""
    monkeypatch.setattr(localtime, "now", lambda: NOON)
