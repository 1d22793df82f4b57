"""A week planned in another process, with its progress; see ``optimization.worker``."""

from collections.abc import Callable

from data.model import Scenario
from geo.travel.source import TravelSource
from optimization.weeks.model import WeekChoices, WeekPlan
from optimization.worker import Tell


def week_job(
    tell: Tell,
    should_stop: Callable[[], bool],
    scenario: Scenario,
    choices: WeekChoices,
    travel: TravelSource,
) -> WeekPlan:
    """Plan one week; by OR-Tools alone while the other engines are still being compiled."""
    # Imported here: pages import this module, and only workers solve.
    from optimization.routing.ortools_engine import OrToolsEngine  # noqa: PLC0415
    from optimization.routing.warming import is_warm, start_warming  # noqa: PLC0415
    from optimization.weeks.planning import WeekProgress, propose_week  # noqa: PLC0415

    def on_progress(progress: WeekProgress) -> None:
        tell(
            {
                "share": progress.share,
                "message": f"{progress.message}…",
                "best_cost": progress.cost_eur,
                "unserved": progress.missed,
                "solutions": progress.solutions,
            }
        )

    start_warming()
    return propose_week(
        scenario,
        choices,
        travel,
        on_progress=on_progress,
        should_stop=should_stop,
        engine=None if is_warm() else OrToolsEngine(),
    )
