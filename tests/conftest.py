"""What every test shares: a store of its own, and nothing of the developer's machine."""

import os
from pathlib import Path

import pytest

REQUIRE_ALL = os.environ.get("CARTOFLUX_REQUIRE_ALL") == "1"
"""In continuous integration a missing browser or database is a failure, not a skip."""


@pytest.fixture(autouse=True)
def _own_settings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Give each test its own runtime folder and forget the developer's settings."""
    for name in ("DATABASE_URL", "CARTOFLUX_TERRITORY", "CARTOFLUX_DEMO", "DASK_SCHEDULER_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CARTOFLUX_VAR", str(tmp_path_factory.mktemp("var")))


def missing(what: str) -> None:
    """Skip for want of ``what``, or fail where everything is required."""
    message = f"{what} introuvable : test non exécuté"
    if REQUIRE_ALL:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """Return the project's root."""
    return Path(__file__).resolve().parent.parent
