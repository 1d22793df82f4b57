"""From a file to the planner's problem, and from its routes back to the file's tasks.

* A vehicle of a pure VROOM file makes one trip and unloads at its own end: the problem's only
  outlet is that end, wherever it is. With outlets, trips are as many as wanted.
* Only the road is paid: the problem's metres are what is paid (see ``tariffs``).
* Where no hour is given at all, times are left out of the problem.
* Deliveries are loaded at the start: as long as a file only delivers, or only collects, the sum
  of a route's loads is what must fit (see ``loads`` for the mixture of both).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from optimization.formats.arrays import DEAREST, Arrays
from optimization.formats.fields import wrong
from optimization.formats.instance import (
    NO_ROAD,
    Instance,
    Outlet,
    Task,
    Vehicle,
)
from optimization.formats.loads import Shipping, loads_of
from optimization.formats.schedule import HORIZON, schedule_of
from optimization.formats.stops import Stops, stops_of
from optimization.formats.tariffs import Tariff, tariff_of
from optimization.routing.problem import NANO_PER_EURO, Problem
from optimization.routing.solution import Solution

FINEST = 1_000
"""n€ of the file's unit of money below which rounding would show."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A file in the planner's terms.

    Attributes:
        problem: what is searched; its stops are ``stops.tasks``.
        relaxed: a problem that no plan of the file can cost less than, for lower bounds.
        unit: n€ of the file's unit of money (times ``Instance.scale``).
        fleet: vehicles of each kind, in the order they are used.
        exact: whether the problem's costs are the file's.
        whole: whether every plan costs a whole number (times ``Instance.scale``).
    """

    instance: Instance
    stops: Stops
    problem: Problem
    relaxed: Problem
    unit: Fraction
    fleet: tuple[tuple[Vehicle, ...], ...]
    exact: bool
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one vehicle does, from its start to its end."""

    vehicle: Vehicle
    steps: tuple[Task | Outlet, ...]


def model_of(instance: Instance) -> Model:
    """Model a file.

    Raises:
        InputError: it holds a rule that is not supported; names where and what to do.
    """
    stops = stops_of(instance)
    groups: dict[Vehicle, list[Vehicle]] = {}
    for vehicle in instance.vehicles:
        groups.setdefault(vehicle.alike, []).append(vehicle)
    fleet = tuple(tuple(group) for group in groups.values())
    tariffs = [tariff_of(instance, group[0]) for group in fleet]
    clock = schedule_of(instance, paid=any(tariff.second for tariff in tariffs))
    loads = loads_of(instance, stops.tasks, stops.shipping)
    exact = all(tariff.exact for tariff in tariffs)
    money = _unit(fleet, tariffs)
    whole = Arrays(instance, stops, fleet, clock, loads, money)
    problem = whole.problem(tariffs)
    prices = [t.rate for t in tariffs] + [Fraction(str(g[0].costs.fixed)) for g in fleet]
    free = tariffs if exact else [tariff_of(instance, g[0], limited=False) for g in fleet]
    simpler = not exact or loads.mixed or stops.pieces
    relaxed = replace(whole.problem(free, relaxed=True), locks=()) if simpler else problem
    return Model(
        instance=instance,
        stops=stops,
        problem=problem,
        relaxed=relaxed,
        unit=money,
        fleet=fleet,
        exact=exact,
        whole=exact and all(price.denominator == 1 for price in prices),
    )


def runs_of(model: Model, solution: Solution) -> tuple[Run, ...]:
    """What each vehicle used does, in the file's terms and order.

    A route of several trips whose vehicle would be back at its own end in between is as many
    vehicles of the kind.
    """
    waiting = [list(group) for group in model.fleet]
    # In a hub's file the stays of stops were changed: the file's own tasks are told.
    own = {(task.kind, task.id): task for task in model.instance.tasks}
    runs = []
    for route in solution.routes:
        parts = [[trip] for trip in route.trips] if not model.stops.outlets else [route.trips]
        for trips in parts:
            steps: list[Task | Outlet] = []
            for trip in trips:
                tasks = [model.stops.tasks[stop] for stop in trip.stops]
                steps += [own[task.kind, task.id] for task in tasks]
                if model.stops.shipping is Shipping.HUB:
                    steps += [model.stops.delivered[task.id] for task in tasks]
                elif model.stops.outlets:
                    steps.append(model.stops.outlets[trip.outlet])
            runs.append(Run(vehicle=waiting[route.kind].pop(0), steps=tuple(steps)))
    rank = {vehicle.id: row for row, vehicle in enumerate(model.instance.vehicles)}
    return tuple(sorted(runs, key=lambda run: rank[run.vehicle.id]))


def _unit(fleet: Sequence[Sequence[Vehicle]], tariffs: Sequence[Tariff]) -> Fraction:
    """n€ of one of the file's: all prices whole if possible, none too large.

    Raises:
        InputError: prices too far apart for both.
    """
    prices = [t.rate for t in tariffs] + [t.second for t in tariffs]
    prices += [Fraction(str(group[0].costs.fixed)) for group in fleet]
    bottom = lcm(*(price.denominator for price in prices))
    unit = Fraction(bottom * -(-NANO_PER_EURO // bottom))
    dearest = Fraction(1)
    for group, tariff in zip(fleet, tariffs, strict=True):
        legs = tariff.legs[tariff.legs < NO_ROAD]
        detour = Fraction(str(group[0].costs.fixed)) + 3 * tariff.rate * int(legs.max(initial=0))
        dearest = max(dearest, detour + tariff.second * HORIZON)
    if dearest * unit > DEAREST:
        unit = Fraction(DEAREST) / dearest
    if unit < FINEST:
        raise wrong(
            "Les coûts du fichier sont trop grands : exprimez-les dans une unité plus grande.",
            field="costs",
        )
    return unit
