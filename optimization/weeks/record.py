"""Between a planned week and the record kept of it; days' scenarios follow from the week's."""

from collections import defaultdict
from datetime import UTC, datetime

from data.model import DayFleet, Passage, Plan, Scenario, Week, WeekDay
from optimization.weeks.model import DayPlan, Pattern, WeekChoices, WeekPlan
from optimization.weeks.setting import day_scenario


def to_record(week: WeekPlan, record_id: str, name: str) -> Week:
    """The record of a week not kept yet; it goes with ``week.scenario``."""
    choices = week.choices
    return Week(
        id=record_id,
        scenario_id=week.scenario.id,
        name=name,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        monday=choices.monday,
        fleet=tuple(
            DayFleet(weekday=day, vehicle_id=vehicle_id, count=count)
            for day, counts in sorted(choices.vehicles.items())
            for vehicle_id, count in sorted(counts.items())
        ),
        allowed=tuple(
            Passage(stop_id=stop_id, weekdays=tuple(sorted(pattern)))
            for stop_id, patterns in sorted(choices.allowed.items())
            for pattern in patterns
        ),
        passages=tuple(
            Passage(stop_id=stop_id, weekdays=tuple(sorted(pattern)))
            for stop_id, pattern in week.patterns.items()
        ),
        days=tuple(
            WeekDay(
                weekday=one.day,
                rounds=one.plan.rounds,
                unserved=one.plan.unserved,
                cost_eur=one.plan.cost_eur,
            )
            for one in week.days
        ),
        without=week.without,
        travel_source=week.travel_source,
        travel_margin=week.travel_margin,
        engine=week.engine,
        cost_eur=week.cost_eur,
        improved_eur=week.improved_eur,
        elapsed_s=week.elapsed_s,
        solutions=week.solutions,
        bound_eur=week.bound_eur,
    )


def from_record(record: Week, scenario: Scenario) -> WeekPlan:
    """The week that a record keeps; to be judged again before it is shown.

    Args:
        record: as :func:`to_record` made it.
        scenario: kept with it.
    """
    vehicles: dict[int, dict[str, int]] = defaultdict(dict)
    for line in record.fleet:
        vehicles[line.weekday][line.vehicle_id] = line.count
    allowed: dict[str, tuple[Pattern, ...]] = {}
    for each in record.allowed:
        allowed[each.stop_id] = (*allowed.get(each.stop_id, ()), frozenset(each.weekdays))
    choices = WeekChoices(
        days=tuple(one.weekday for one in record.days),
        vehicles=dict(vehicles),
        allowed=allowed,
        monday=record.monday,
    )
    patterns = {each.stop_id: frozenset(each.weekdays) for each in record.passages}
    return WeekPlan(
        scenario=scenario,
        choices=choices,
        patterns=patterns,
        days=tuple(_day(record, one, scenario, choices) for one in record.days),
        without=record.without,
        cost_eur=record.cost_eur,
        improved_eur=record.improved_eur,
        elapsed_s=record.elapsed_s,
        solutions=record.solutions,
        engine=record.engine,
        travel_source=record.travel_source,
        travel_margin=record.travel_margin,
        bound_eur=record.bound_eur,
    )


def _day(record: Week, one: WeekDay, scenario: Scenario, choices: WeekChoices) -> DayPlan:
    due = frozenset(each.stop_id for each in record.passages if one.weekday in each.weekdays)
    asked = day_scenario(scenario, choices, one.weekday, due)
    return DayPlan(
        day=one.weekday,
        scenario=asked,
        plan=Plan(
            id=f"{record.id}-{one.weekday}",
            scenario_id=asked.id,
            name=asked.name,
            created_at=record.created_at,
            rounds=one.rounds,
            unserved=one.unserved,
            travel_source=record.travel_source,
            travel_margin=record.travel_margin,
            engine=record.engine,
            cost_eur=one.cost_eur,
        ),
    )
