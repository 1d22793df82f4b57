"""A short load in the suite: only that nothing is lost and nothing doubled (no time asserted)."""

from pathlib import Path

from tests.load.workshop_load import Load, report, run, sound


def test_a_killed_server_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Six phones, a broken line now and then, ``kill -9`` in the middle: every card there once."""
    load = Load(
        phones=6,
        cards=36,
        seconds=3,
        watchers=0,
        kill=True,
        phones_only=True,
        demo=False,
        hang_ups=0.2,
    )
    outcome = run(load, tmp_path)
    assert sound(outcome), report(load, outcome)
    assert outcome.waits, "the accident disturbed nobody: the test proves nothing"
