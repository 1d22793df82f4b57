"""What every test shares: a store of its own, and nothing of the developer's machine."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from optimization.bounding.warming import warm_up as warm_up_proof
from optimization.routing.warming import warm_up as warm_up_engine

REQUIRE_ALL = os.environ.get("CARTOFLUX_REQUIRE_ALL") == "1"
"""In continuous integration a missing browser or database is a failure, not a skip."""

# A law is about answers: a slow machine does not break it. At a desk the cases are drawn anew at
# each run; continuous integration always judges a change on the same ones.
settings.register_profile(
    "laws", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=REQUIRE_ALL
)
settings.load_profile("laws")


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


@pytest.fixture(scope="session")
def compiled() -> None:
    """Compile engine and proof beforehand: what follows neither waits nor plans without them."""
    warm_up_engine()
    warm_up_proof()
