"""Both questions as jobs of another process (see ``Worker.start``).

What solves is imported where it runs: the web process asks, it never solves.
"""

from collections.abc import Callable

from data.model import Plan, Scenario, Vehicle
from geo.travel.source import TravelSource
from optimization.why.families import FAMILY, Family
from optimization.why.found import Explained, RuleCosts
from optimization.worker import Tell


def why_job(  # noqa: PLR0917 - the worker passes them by position
    tell: Tell,
    should_stop: Callable[[], bool],
    plan: Plan,
    scenario: Scenario,
    travel: TravelSource,
    spare: tuple[Vehicle, ...],
) -> tuple[Explained, ...]:
    """Explain in another process (see ``Worker.start``)."""
    from optimization.why.left_out import why_left_out  # noqa: PLC0415

    message = "Recherche du plus petit changement…"
    tell({"message": message})
    return why_left_out(
        plan,
        scenario,
        travel,
        spare=spare,
        on_progress=lambda share: tell({"message": message, "share": share}),
        should_stop=should_stop,
    )


def costs_job(
    tell: Tell,
    should_stop: Callable[[], bool],
    plan: Plan,
    scenario: Scenario,
    travel: TravelSource,
) -> RuleCosts:
    """Count in another process (see ``Worker.start``); asked to stop, what is known is returned."""
    from optimization.why.constraints import SECONDS, cost_of_constraints  # noqa: PLC0415

    def told(family: Family | None, share: float) -> None:
        what = "avec toutes les règles" if family is None else f"sans {FAMILY[family]}"
        tell({"message": f"Essai {what}…", "share": share})

    return cost_of_constraints(
        plan, scenario, travel, seconds=SECONDS, on_progress=told, should_stop=should_stop
    )
