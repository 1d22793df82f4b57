"""What is wrong in a week to plan, before anything is computed."""

from data.errors import InputError
from data.french import number, quote, tidy
from data.model import Scenario, Stop
from optimization.inspection import validate
from optimization.weeks.model import DAY_NAMES, DAYS_IN_WEEK, WeekChoices, visits_of
from optimization.weeks.patterns import even_patterns, fewest_visits

VISITS = "Passages par semaine"
STORAGE = "Stockage le plus long (jours)"
DAYS = "Jours possibles"
WORKING_DAYS = "Jours de travail"


def validate_week(scenario: Scenario, choices: WeekChoices) -> None:
    """Refuse a week that cannot be planned.

    Raises:
        InputError: the first fault met, with the field, the row and a way out.
    """
    if not choices.days:
        raise _bad("Aucun jour de travail : choisissez-en au moins un.", WORKING_DAYS)
    if len(set(choices.days)) < len(choices.days) or not all(
        0 <= day < DAYS_IN_WEEK for day in choices.days
    ):
        raise _bad("Les jours de travail vont du lundi au dimanche, chacun une fois.", WORKING_DAYS)
    for row, stop in enumerate(scenario.stops, start=1):
        if not stop.visits_per_week > 0:
            raise _bad(
                f"Le point {quote(stop.name)} : {number(stop.visits_per_week)} passage par "
                "semaine, il en faut au moins un ; corrigez la case ou décochez ce point.",
                VISITS,
                row,
            )
    for day, counts in choices.vehicles.items():
        if any(count < 0 for count in counts.values()):
            raise _bad(
                f"Le {DAY_NAMES[day]} : le nombre de véhicules ne peut pas être négatif.",
                "Véhicules",
            )
    validate(scenario)
    for row, stop in enumerate(scenario.stops, start=1):
        _check_rhythm(stop, row, choices)


def _check_rhythm(stop: Stop, row: int, choices: WeekChoices) -> None:
    visits, who = visits_of(stop.visits_per_week), f"Le point {quote(stop.name)}"
    days = len(choices.days)
    if visits > days:
        raise _bad(
            f"{who} demande {visits} passages par semaine, pour {_days(days)} de travail ; ajoutez "
            "des jours ou baissez le nombre de passages.",
            VISITS,
            row,
        )
    longest, allowed = stop.longest_storage_days, choices.allowed.get(stop.id)
    if even_patterns(choices.days, visits, longest, allowed):
        return
    if allowed is not None:
        raise _bad(
            f"{who} : aucun des jours possibles ne donne {visits} {_visits(visits)} par semaine à "
            f"{_days(longest)} d’écart au plus ; changez les jours ou les passages.",
            DAYS,
            row,
        )
    needed = fewest_visits(choices.days, longest)
    way_out = (
        "ajoutez des jours de travail"
        if needed is None
        else f"il en faut {needed} par semaine avec ces jours de travail"
    )
    raise _bad(
        f"{who} ne garde pas sa matière plus de {_days(longest)}, week-end compris : {visits} "
        f"{_visits(visits)} ne suffisent pas, {way_out}.",
        VISITS,
        row,
    )


def _days(count: int) -> str:
    return f"{count} {'jours' if count > 1 else 'jour'}"


def _visits(count: int) -> str:
    return "passages" if count > 1 else "passage"


def _bad(message: str, field: str, row: int | None = None) -> InputError:
    return InputError(tidy(message), field=field, row=row)
