"""``python -m optimization`` as its user runs it: exit codes, what is said, what is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from optimization.formats import command
from optimization.formats.command import main
from optimization.formats.output import as_json, write_whole
from tests.optimization.formats.files import small, written

COUNTED = ["--solutions", "60"]
ROOT = Path(__file__).parents[3]


def _without_times(path: Path) -> str:
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["summary"]["computing_times"]
    return json.dumps(content)


def test_a_file_is_solved_then_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON alone on the standard output; the checker says so when nothing is wrong."""
    path = written(tmp_path, small())
    assert main(["solve", str(path), *COUNTED]) == 0
    output = capsys.readouterr().out
    plan = json.loads(output)
    assert plan["code"] == 0
    solution = tmp_path / "plan.json"
    solution.write_text(output, encoding="utf-8")
    assert main(["check", str(path), str(solution)]) == 0
    assert "Aucune faute" in capsys.readouterr().out
    plan["summary"]["cost"] += 5
    solution.write_text(json.dumps(plan), encoding="utf-8")
    assert main(["check", str(path), str(solution)]) == 1
    assert "coût total annoncé" in capsys.readouterr().out


def test_the_same_seed_and_count_give_the_same_bytes(tmp_path: Path) -> None:
    """The times spent aside; two searches side by side included."""
    content = small()
    content["matrices"]["car"]["durations"] = [
        [0 if a == b else 100 + 37 * a * b % 211 for b in range(4)] for a in range(4)
    ]
    path = written(tmp_path, content)
    texts = set()
    for name in ("a.json", "b.json"):
        arguments = ["--solutions", "800", "--seed", "4", "--output", str(tmp_path / name)]
        assert main(["solve", str(path), *arguments]) == 0
        texts.add(_without_times(tmp_path / name))
    assert len(texts) == 1


@pytest.mark.parametrize("engine", ["portfolio", "ruin", "pyvrp", "ortools"])
def test_every_engine_can_be_asked_for(tmp_path: Path, engine: str) -> None:
    """A file without finer rules."""
    content = small(outlets=[{"id": 1, "location_index": 0}])
    path, plan = written(tmp_path, content), tmp_path / "plan.json"
    assert main(["solve", str(path), *COUNTED, "--engine", engine, "--output", str(plan)]) == 0
    assert main(["check", str(path), str(plan)]) == 0


def test_an_engine_that_does_not_know_a_rule_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rule is named; by default another engine is taken."""
    content = small()
    content["vehicles"][0]["breaks"] = [{"id": 1, "service": 5}]
    path, plan = written(tmp_path, content), tmp_path / "plan.json"
    for engine in ("ruin", "pyvrp"):
        assert main(["solve", str(path), *COUNTED, "--engine", engine]) == 2
        assert "les pauses" in capsys.readouterr().err
    assert main(["solve", str(path), *COUNTED, "--output", str(plan)]) == 0


def test_bad_input_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, one French sentence, no file."""
    path = written(tmp_path, small(vehicles=[]))
    plan = tmp_path / "plan.json"
    assert main(["solve", str(path), "--output", str(plan)]) == 2
    captured = capsys.readouterr()
    assert "aucun véhicule" in captured.err
    assert captured.out == ""
    assert sorted(tmp_path.iterdir()) == [path]
    assert (
        main(["solve", str(written(tmp_path, small())), "--output", str(tmp_path / "x" / "y")]) == 2
    )
    assert main(["solve", str(path), "--output", str(tmp_path)]) == 2
    capsys.readouterr()
    assert main(["solve", str(written(tmp_path, small(vehicles=[]), "none.json"))]) == 2
    told = json.loads(capsys.readouterr().out)  # as VROOM answers a program
    assert told["code"] == 2
    assert "aucun véhicule" in told["error"]
    good = written(tmp_path, small())
    assert main(["solve", str(good), "--output", str(tmp_path / "x.sol")]) == 2
    assert ".sol" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--seconds", "0"], ["--solutions", "x"], ["--seed", "-1"], ["--engine", "magie"]]
)
def test_wrong_options_are_refused(tmp_path: Path, options: list[str]) -> None:
    """By argparse, with its exit code."""
    with pytest.raises(SystemExit) as caught:
        main(["solve", str(written(tmp_path, small())), *options])
    assert caught.value.code == 2


def test_progress_is_shown_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the error output only."""
    assert main(["solve", str(written(tmp_path, small())), *COUNTED, "--progress"]) == 0
    captured = capsys.readouterr()
    assert "plans examinés" in captured.err
    assert json.loads(captured.out)["code"] == 0


def test_a_slow_first_time_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The engine is compiled once."""
    monkeypatch.setattr(command, "SLOW_WARM_UP_S", 0.01)
    monkeypatch.setattr(command, "warm_up", lambda: time.sleep(0.3))
    command._warm("ruin")
    assert "Compilation unique" in capsys.readouterr().err


def test_a_refused_plan_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Should an engine be wrong, the checker has the last word."""
    monkeypatch.setattr("optimization.formats.solving.verify", lambda *_: ["Faute."])
    plan = tmp_path / "plan.json"
    path = written(tmp_path, small())
    assert main(["solve", str(path), *COUNTED, "--output", str(plan)]) == 3
    assert "refusé" in capsys.readouterr().err
    assert not plan.exists()


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one stays, and no draft is left."""
    path = tmp_path / "plan.json"
    write_whole(path, as_json({"code": 0}))
    monkeypatch.setattr(Path, "replace", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "autre")
    assert json.loads(path.read_text(encoding="utf-8")) == {"code": 0}
    assert list(tmp_path.iterdir()) == [path]


def test_a_device_is_written_to_not_replaced(tmp_path: Path) -> None:
    """Or the null device would become a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, "bonjour")
    assert os.read(reader, 100) == b"bonjour"
    os.close(reader)
    assert pipe.is_fifo()


def _interrupted(*_: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("how", "engine"),
    [
        (signal.SIGINT, "portfolio"),
        (signal.SIGINT, "ortools"),
        (signal.SIGTERM, "portfolio"),
        (signal.SIGKILL, "portfolio"),
    ],
)
def test_an_interrupted_search_writes_nothing(
    tmp_path: Path, how: signal.Signals, engine: str
) -> None:
    """Ctrl-C and a polite kill are answered in French; a brutal one leaves nothing either."""
    path, plan = written(tmp_path, small()), tmp_path / "plan.json"
    arguments = ["solve", str(path), "--seconds", "600", "--progress", "--output", str(plan)]
    arguments += ["--engine", engine]
    with subprocess.Popen(
        [sys.executable, "-m", "optimization", *arguments],
        cwd=ROOT,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        seen = b""
        while b"examin" not in seen:
            more = os.read(process.stderr.fileno(), 4096)
            assert more, seen
            seen += more
        process.send_signal(how)
        rest = process.stderr.read().decode()
        code = process.wait(timeout=60)
    if how is signal.SIGKILL:
        assert code == -signal.SIGKILL
    else:
        assert code == 130
        assert "aucun plan n’a été écrit" in rest
    assert list(tmp_path.iterdir()) == [path]
