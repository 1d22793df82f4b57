"""A week in numbers and words: who is seen when, what each day and each outlet gets."""

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from data import french
from data.model import Outlet, VisitKind
from optimization.weeks.model import DAY_NAMES, DayPlan, WeekPlan, visits_of
from optimization.weeks.patterns import gaps
from pages.rounds_parts.measures import collected_kg, distance_m, lasting_s
from pages.ui import escape, wording


@dataclass(frozen=True, slots=True)
class GridRow:
    """One stop's week.

    Attributes:
        times: arrival by day, seconds, where a round comes.
        missed: days meant, where no round comes.
        gap: longest time between two visits, days, week-end included; 0 = no visit.
        storage: longest allowed, days.
    """

    name: str
    times: dict[int, int]
    missed: frozenset[int]
    gap: int
    storage: int


def grid(week: WeekPlan) -> tuple[GridRow, ...]:
    """Return every stop's week, in the scenario's order; the gap counts visits really made."""
    times: dict[str, dict[int, int]] = defaultdict(dict)
    for one in week.days:
        for trip in one.plan.rounds:
            for visit in trip.visits:
                if visit.kind is VisitKind.STOP:
                    times[visit.place_id][one.day] = visit.arrival_s
    return tuple(
        GridRow(
            name=stop.name,
            times=times[stop.id],
            missed=frozenset(week.patterns.get(stop.id, frozenset()) - set(times[stop.id])),
            gap=max(gaps(times[stop.id]), default=0),
            storage=stop.longest_storage_days,
        )
        for stop in week.scenario.stops
    )


def gap_text(row: GridRow) -> str:
    """Write the longest gap beside the limit: « 4 j (7 au plus) »."""
    return f"{row.gap}\u202fj ({row.storage} au plus)" if row.gap else "aucun passage"


def day_kg(one: DayPlan) -> float:
    """Return the kilograms collected on a day."""
    return sum(collected_kg(trip) for trip in one.plan.rounds)


def day_metres(one: DayPlan) -> int:
    """Return the distance ridden on a day."""
    return sum(distance_m(trip) for trip in one.plan.rounds)


def day_seconds(one: DayPlan) -> int:
    """Return the riders' time on a day, all rounds added up."""
    return sum(lasting_s(trip) for trip in one.plan.rounds)


def made(week: WeekPlan) -> int:
    """Return how many visits the week makes."""
    return sum(len(row.times) for row in grid(week))


def asked(week: WeekPlan) -> int:
    """Return how many visits the week was asked for."""
    return sum(visits_of(stop.visits_per_week) for stop in week.scenario.stops)


def headline(week: WeekPlan) -> str:
    """Say what the week does in one sentence (Markdown)."""
    rounds = sum(len(one.plan.rounds) for one in week.days)
    points, visits, wanted = len(week.scenario.stops), made(week), asked(week)
    if not rounds:
        return f"Aucune tournée possible pour ces {points} points\u202f: voyez pourquoi ci-dessous."
    days = sum(bool(one.plan.rounds) for one in week.days)
    text = (
        f"**{rounds} {wording.plural(rounds, 'tournée')}** sur **{days} "
        f"{wording.plural(days, 'jour')}** font "
    )
    if visits == wanted:
        return f"{text}les **{wanted} {wording.plural(wanted, 'passage')}** de {points} points."
    left = wanted - visits
    return (
        f"{text}**{visits} {wording.plural(visits, 'passage')}** sur {wanted}, pour {points} "
        f"points\u202f; **{left}** {wording.plural(left, 'est laissé', 'sont laissés')} de côté."
    )


def quality(week: WeekPlan) -> str:
    """Say what was searched and what distances are worth (plain text)."""
    gain = ""
    if week.improved_eur > 0:
        gain = (
            f"Décider jours et tournées ensemble a économisé {french.euros(week.improved_eur)} "
            "sur le premier choix des jours. "
        )
    return (
        f"{gain}{french.number(week.solutions)} plans examinés en "
        f"{french.duration(week.elapsed_s)} par {week.engine}. {travel_text(week)}"
    )


def travel_text(week: WeekPlan) -> str:
    """Name the source of distances and its margin (plain text)."""
    return (
        f"Distances\u202f: {week.travel_source}\u202f; les vraies tournées peuvent être plus "
        f"longues ou plus courtes de {french.percent(week.travel_margin)}."
    )


def days_table(week: WeekPlan) -> pd.DataFrame:
    """Return what each day takes."""
    rows = [
        {
            "Jour": DAY_NAMES[one.day].capitalize(),
            "Tournées": french.number(len(one.plan.rounds)),
            "Passages": french.number(sum(one.day in row.times for row in grid(week))),
            "Collecté": french.quantity(day_kg(one), "kg", 0),
            "Heures de conduite et d’arrêt": french.duration(day_seconds(one)),
            "Distance": french.kilometres(day_metres(one)),
            "Coût": french.euros(one.plan.cost_eur),
        }
        for one in week.days
    ]
    return pd.DataFrame(rows).set_index("Jour")


def outlet_kg(week: WeekPlan) -> dict[str, float]:
    """Return the kilograms that each outlet gets in the week, by id."""
    got = dict.fromkeys((outlet.id for outlet in week.scenario.outlets), 0.0)
    for one in week.days:
        for trip in one.plan.rounds:
            aboard = 0.0
            for visit in trip.visits:
                if visit.kind is VisitKind.UNLOAD:
                    got[visit.place_id] += aboard
                aboard = visit.load_kg
    return got


def share_text(outlet: Outlet, kg: float) -> str:
    """Write how much of an outlet's week is used."""
    limit = outlet.weekly_capacity_kg
    if limit is None:
        return "sans limite"
    used = f" ({french.percent(kg / limit)})" if limit else ""
    return f"{french.quantity(limit, 'kg', 0)}{used}"


def outlets_table(week: WeekPlan) -> pd.DataFrame:
    """Return what each outlet gets, with its weekly capacity, texts escaped for Markdown cells."""
    got = outlet_kg(week)
    rows = [
        {
            "Exutoire": escape.markdown(outlet.name),
            "Reçoit dans la semaine": french.quantity(got[outlet.id], "kg", 0),
            "Capacité par semaine": share_text(outlet, got[outlet.id]),
        }
        for outlet in week.scenario.outlets
    ]
    return pd.DataFrame(rows).set_index("Exutoire")
