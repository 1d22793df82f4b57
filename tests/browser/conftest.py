"""A real server and a real Chromium; every request that leaves the machine is blocked."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.conftest import missing

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
WAIT_MS = 60_000
"""Generous: the two cores of a continuous-integration machine also run the workers."""


@dataclass(slots=True)
class Server:
    """A running application and where it keeps its files."""

    url: str
    var_dir: Path
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def run_server(var_dir: Path, **environment: str) -> Iterator[Server]:
    """Start the application as README command 1 does, wait for its health, stop it after."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log_path = var_dir / "server.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"],
            cwd=ROOT,
            env={**os.environ, "CARTOFLUX_VAR": str(var_dir), "TZ": "Europe/Paris", **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://localhost:{port}"
    try:
        wait_for_health(url, process, log_path)
        yield Server(url=url, var_dir=var_dir, process=process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for_health(url: str, process: subprocess.Popen[bytes], log_path: Path) -> None:
    """Poll the health route; fail with the server's own words when it dies."""
    for _ in range(600):
        if process.poll() is not None:
            pytest.fail(f"The server stopped:\n{log_path.read_text()[-3000:]}")
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{url}/health", timeout=2) as answer,  # noqa: S310
        ):
            if json.load(answer)["status"] == "ok":
                return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
    pytest.fail(f"No health after a minute:\n{log_path.read_text()[-3000:]}")


@dataclass(slots=True)
class Visitor:
    """A page with what went wrong in it and what it tried to fetch from outside."""

    page: Page
    base: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page of the application and wait until Streamlit has drawn it."""
        self.page.goto(self.base + path)
        self.page.get_by_test_id("stMainBlockContainer").wait_for(timeout=WAIT_MS)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script has finished running."""
        self.page.wait_for_function(
            "() => document.querySelector('[data-test-script-state]')"
            "?.getAttribute('data-test-script-state') === 'notRunning'",
            timeout=WAIT_MS,
        )


@pytest.fixture(scope="package")
def chromium(compiled: None) -> Iterator[Browser]:  # noqa: ARG001
    """Return the system's Chromium; playwright downloads nothing."""
    if CHROMIUM is None:
        missing("Chromium")
    expect.set_options(timeout=WAIT_MS / 2)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server on demonstration data, shared by journeys that only add to it."""
    if CHROMIUM is None:
        missing("Chromium")
    with run_server(tmp_path_factory.mktemp("browser")) as running:
        yield running


@contextlib.contextmanager
def visit(
    browser: Browser, base: str, *, width: int = 1440, height: int = 900
) -> Iterator[Visitor]:
    """Open a browser context (one person) that cannot leave this machine."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        accept_downloads=True,
    )
    context.set_default_timeout(WAIT_MS)
    visitor = Visitor(page=context.new_page(), base=base)

    def stay_home(route: Route) -> None:
        if urlparse(route.request.url).hostname in {"localhost", "127.0.0.1"}:
            route.continue_()
        else:
            visitor.outside.append(route.request.url)
            route.abort()

    context.route("**/*", stay_home)
    visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))
    try:
        yield visitor
    finally:
        context.close()


@pytest.fixture
def visitor(chromium: Browser, server: Server) -> Iterator[Visitor]:
    """Return one person at a desk."""
    with visit(chromium, server.url) as person:
        yield person


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lives here as browser tests, played once more when they fail.

    Browser, server and solvers share two cores: once in some hundred journeys a click lands
    between two redraws. The summary names what was played twice.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))
