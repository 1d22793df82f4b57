"""Compiling ahead: in a process of its own, once, and known without importing the compiler."""

import subprocess
import sys

import pytest

from data.settings import ROOT
from optimization.routing import warming
from optimization.routing.warming import is_warm, start_warming, warm_up


def test_once_warm_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first time, starting the application compiles nothing."""
    warm_up()
    assert is_warm()

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(warming.subprocess, "Popen", refuse)
    start_warming()


def test_asking_needs_no_compiler() -> None:
    """A web process that asks whether the engine is ready does not import numba."""
    code = (
        "import sys; from optimization.routing.warming import is_warm; is_warm();"
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
