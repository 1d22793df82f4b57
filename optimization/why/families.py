"""Families of rules, and the scenario without one of them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Final

from data.model import Scenario, Vehicle

_DAY_S = 24 * 3600


class Family(StrEnum):
    """Rules of a kind, in the order they are tried."""

    WINDOWS = "windows"
    SHIFT = "shift"
    FLEET = "fleet"
    CAPACITY_KG = "capacity_kg"
    CONTAINERS = "containers"
    RANGE = "range"
    OUTLET_HOURS = "outlet_hours"
    OUTLET_KG = "outlet_kg"
    ACCESS = "access"
    BREAKS = "breaks"
    COUNTS = "counts"
    MIXING = "mixing"
    LOCKS = "locks"
    BALANCE = "balance"


FAMILY: Final = {
    Family.WINDOWS: "les créneaux des points",
    Family.SHIFT: "les horaires de service des véhicules",
    Family.FLEET: "la limite du nombre de véhicules",
    Family.CAPACITY_KG: "la limite de charge (kg)",
    Family.CONTAINERS: "la limite de contenants",
    Family.RANGE: "la limite d’autonomie",
    Family.OUTLET_HOURS: "les horaires des exutoires",
    Family.OUTLET_KG: "la capacité des exutoires",
    Family.ACCESS: "les limites d’accès",
    Family.BREAKS: "les pauses",
    Family.COUNTS: "le nombre maximal de points et de vidages",
    Family.MIXING: "les ressources à ne pas mélanger",
    Family.LOCKS: "vos choix imposés",
    Family.BALANCE: "l’équilibre entre tournées",
}
"""What a plan does without, after « Sans »."""


def without(scenario: Scenario, family: Family) -> Scenario:
    """The scenario without those rules; every plan of the one is a plan of the other.

    Vehicles cost what they cost: « as many as wanted » are still paid for.
    """
    return _EDITS[family](scenario)


def in_use(scenario: Scenario) -> Iterator[Family]:
    """Families that this scenario has rules of."""
    for family in Family:
        if without(scenario, family) != scenario:
            yield family


def _vehicles(scenario: Scenario, edit: Callable[[Vehicle], Vehicle]) -> Scenario:
    return replace(scenario, vehicles=tuple(edit(vehicle) for vehicle in scenario.vehicles))


def _without_access(scenario: Scenario) -> Scenario:
    return replace(
        scenario,
        stops=tuple(replace(stop, modes=(), vehicle_ids=()) for stop in scenario.stops),
        outlets=tuple(replace(outlet, vehicle_ids=()) for outlet in scenario.outlets),
    )


def _heavy(scenario: Scenario) -> float:
    return math.fsum(stop.kg_per_visit for stop in scenario.stops)


def _bulky(scenario: Scenario) -> float:
    return math.fsum(stop.containers_per_visit for stop in scenario.stops)


_EDITS: dict[Family, Callable[[Scenario], Scenario]] = {
    Family.WINDOWS: lambda s: replace(
        s, stops=tuple(replace(stop, windows=()) for stop in s.stops)
    ),
    Family.SHIFT: lambda s: _vehicles(
        s, lambda v: replace(v, shift_start_s=0, shift_end_s=max(_DAY_S, v.shift_end_s))
    ),
    Family.FLEET: lambda s: _vehicles(
        s, lambda v: replace(v, count=max(v.count, len(s.stops) if v.count else 0))
    ),
    Family.CAPACITY_KG: lambda s: _vehicles(
        s, lambda v: replace(v, capacity_kg=max(v.capacity_kg, math.ceil(_heavy(s))))
    ),
    Family.CONTAINERS: lambda s: _vehicles(
        s, lambda v: replace(v, capacity_containers=max(v.capacity_containers, _bulky(s) + 1))
    ),
    Family.RANGE: lambda s: _vehicles(s, lambda v: replace(v, range_m=None)),
    Family.OUTLET_HOURS: lambda s: replace(
        s, outlets=tuple(replace(outlet, windows=()) for outlet in s.outlets)
    ),
    Family.OUTLET_KG: lambda s: replace(
        s, outlets=tuple(replace(outlet, weekly_capacity_kg=None) for outlet in s.outlets)
    ),
    Family.ACCESS: _without_access,
    Family.BREAKS: lambda s: _vehicles(
        s, lambda v: replace(v, break_s=0, break_from_s=0, break_until_s=0)
    ),
    Family.COUNTS: lambda s: _vehicles(s, lambda v: replace(v, max_stops=None, max_trips=None)),
    Family.MIXING: lambda s: replace(s, incompatible=()),
    Family.LOCKS: lambda s: replace(s, locks=()),
    Family.BALANCE: lambda s: replace(s, balance_eur_per_hour=0.0, max_spread_s=None),
}
