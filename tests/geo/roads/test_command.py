"""The command ``road-network``."""

from pathlib import Path

import pytest

from geo.__main__ import main
from geo.roads.job import import_job
from geo.roads.shelf import Wish, kept_networks
from tests.geo.roads.worlds import grid


def test_the_command_builds_and_speaks_french(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints what the network holds and whose data it is; a second run finds it there."""
    extract = grid(4).write(tmp_path / "bourg.osm.pbf")
    arguments = ["road-network", str(extract), "--output", str(tmp_path / "roads")]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "Réseau «\u00a0bourg\u00a0», extrait du 01/03/2026" in said
    assert "À vélo\u202f: 12 carrefours, 20 tronçons, 5 km" in said
    assert "© les contributeurs d’OpenStreetMap, ODbL 1.0" in said
    assert main(arguments) == 0
    assert "Déjà importé" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["absent.osm.pbf"], "n’existe pas"),
        ([], "l’un ou l’autre"),
        (["a.osm.pbf", "--download"], "l’un ou l’autre"),
        (["--download", "--server", "http://127.0.0.1:9"], "aquitaine-latest.osm.pbf"),
    ],
)
def test_mistakes_are_said_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    """A sentence and status 2, never a stack trace."""
    assert main(["road-network", *arguments, "--output", str(tmp_path)]) == 2
    assert sentence in capsys.readouterr().err


def test_the_job_tells_its_progress(tmp_path: Path) -> None:
    """What the worker sends has the fields that the screen shows."""
    news: list[dict[str, object]] = []
    kept = import_job(
        news.append,
        lambda: False,
        Wish(path=grid(3).write(tmp_path / "a.osm.pbf")),
        tmp_path / "roads",
    )
    assert news[-1] == {"share": 1.0, "message": "Réseau prêt."}
    assert kept_networks(tmp_path / "roads")[0].info == kept.info
