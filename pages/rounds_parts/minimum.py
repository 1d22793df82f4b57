"""How far a plan or a week may be from the cheapest possible, in one sentence (Markdown)."""

import math

from data import french
from data.model import Plan
from optimization.bounding.proof import is_optimal
from optimization.weeks.model import DAY_NAMES, DaysTried, WeekPlan
from pages.ui import wording

GROUP = "Regrouper sur moins de jours si c’est moins cher"
"""Label of the choice, in the week's form."""

_THOUSANDTHS = 1000
_WIDE = 0.1
"""Share of the minimum above which fewer days are worth a try."""


def plan_minimum(plan: Plan) -> str:
    """Say how far the plan may be from the cheapest possible, rounded up."""
    served = "les seuls points desservis" if plan.unserved else "ces points"
    return _sentence(
        plan.cost_eur, plan.bound_eur, "ce plan", "aucun plan moins cher", served, "prouvé"
    )


def week_minimum(week: WeekPlan) -> str:
    """Say how far the week may be from the cheapest making the same visits, rounded up."""
    visits = "les seuls passages faits" if week.left_out else "ces passages"
    return _sentence(
        week.cost_eur,
        week.bound_eur,
        "cette semaine",
        "aucune semaine moins chère",
        visits,
        "prouvé, sans ce que coûtent le choix des jours et l’étalement",
    )


def grouping_hint(week: WeekPlan) -> str:
    """Say what a week of fewer days might save; empty where nothing suggests it, or once tried.

    Measured on made weeks: three days instead of five cost 12 to 23 % less.
    """
    used = sum(bool(one.plan.rounds) for one in week.days)
    needed = max(map(len, week.patterns.values()), default=0)
    bound = week.bound_eur or 0.0
    if week.tried or used <= needed or bound <= 0 or week.cost_eur <= (1 + _WIDE) * bound:
        return ""
    return (
        f"Une part de cet écart vient souvent de l’étalement sur {used} jours\u202f: cochez "
        f"«\u202f{GROUP}\u202f», à l’étape 2, pour voir ce que coûterait une semaine plus groupée "
        f"({needed} {wording.plural(needed, 'jour')} au moins)."
    )


def days_compared(week: WeekPlan) -> str:
    """Say what each number of days tried cost (Markdown); empty where none was."""
    if not week.tried:
        return ""
    return (
        "Coûts comparés, aux premières tournées trouvées\u202f: "
        + "\u202f; ".join(_one_tried(one, kept=one.days == week.choices.days) for one in week.tried)
        + "."
    )


def _one_tried(one: DaysTried, *, kept: bool) -> str:
    count = len(one.days)
    text = f"{count} {wording.plural(count, 'jour')}, {french.euros(one.cost_eur)}"
    if one.missed:
        lost = wording.plural(one.missed, "passage laissé", "passages laissés")
        text += f" ({one.missed} {lost} de côté)"
    names = ", ".join(DAY_NAMES[day] for day in one.days)
    chosen = wording.plural(count, "retenu")
    return f"**{text}, {chosen} ({names})**" if kept else text


def _sentence(  # noqa: PLR0917 - words in the order of the sentences
    cost: float, bound: float | None, this: str, cheaper: str, served: str, proved: str
) -> str:
    if bound is None or bound <= 0:
        return f"On ne connaît pas encore de minimum prouvé pour {this}."
    if is_optimal(cost, bound):
        return (
            f"**Optimal**\u202f: {cheaper} n’existe pour {served}, ces règles et ces distances "
            "(prouvé)."
        )
    gap = math.ceil((cost - bound) / bound * _THOUSANDTHS) / _THOUSANDTHS
    return (
        f"Coût **au plus {french.percent(gap, 1)} au-dessus du minimum possible** pour {served} "
        f"({french.euros(bound)} {proved})."
    )
