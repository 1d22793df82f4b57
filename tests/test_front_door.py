"""The README is the front door: its commands and its list of settings must stay true."""

import re
import tomllib
from pathlib import Path


def _code_blocks(readme: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)


def test_first_two_blocks_are_one_line_commands(project_root: Path) -> None:
    """Command 1 starts the app, command 2 runs the tests, each on one line."""
    readme = (project_root / "README.md").read_text(encoding="utf-8")
    start, test = _code_blocks(readme)[:2]
    assert start.count("\n") == test.count("\n") == 1
    assert start.rstrip().endswith("streamlit run app.py")
    assert test.rstrip().endswith("-m pytest")


def test_every_setting_is_documented(project_root: Path) -> None:
    """Each environment variable that the settings read has a row in the README."""
    settings = (project_root / "data" / "settings.py").read_text(encoding="utf-8")
    readme = (project_root / "README.md").read_text(encoding="utf-8")
    names = re.findall(r'environ\.get\(\s*"([A-Z_]+)"', settings)
    assert len(names) >= 5
    for name in names:
        assert f"| `{name}` |" in readme, name


def test_pins_name_no_place(project_root: Path) -> None:
    """The pinned requirements hold no URL, no hash and nothing unpinned."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (project_root / name).read_text(encoding="utf-8").splitlines():
            assert line == "-r requirements.txt" or "==" in line, line
            assert "://" not in line
            assert "--hash" not in line


def test_every_declared_dependency_is_pinned(project_root: Path) -> None:
    """What ``pyproject.toml`` asks for is in the pinned files."""
    project = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pins = (project_root / "requirements.txt").read_text(encoding="utf-8")
    pins += (project_root / "requirements-dev.txt").read_text(encoding="utf-8")
    pinned = {re.split(r"[\[=;]", line)[0].strip().lower() for line in pins.splitlines()}
    declared = {re.split(r"[\[<>=]", one)[0] for one in asked}
    assert "streamlit" in declared
    assert declared <= pinned
