"""Who may go where with what, as arrays, from what people decided in a scenario."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.model import Lock, Outlet, Scenario, Stop, Vehicle

Fleet = Sequence[tuple[Vehicle, int | None]]
"""Vehicle of each kind, and its number where a lock calls it by number."""


def access_rules(
    scenario: Scenario, stops: Sequence[Stop], outlets: Sequence[Outlet], fleet: Fleet
) -> dict[str, Any]:
    """Fields of a problem about access, locks, priorities and charging."""
    fixed = {
        stop_id: lock
        for lock in scenario.locks
        if lock.vehicle_id is not None
        for stop_id in lock.stop_ids
    }
    allowed = np.array(
        [[_may_visit(stop, fixed.get(stop.id), *who) for who in fleet] for stop in stops],
        dtype=np.bool_,
    ).reshape(len(stops), len(fleet))
    outlet_allowed = np.array(
        [
            [not outlet.vehicle_ids or who.id in outlet.vehicle_ids for who, _ in fleet]
            for outlet in outlets
        ],
        dtype=np.bool_,
    ).reshape(len(outlets), len(fleet))
    number = {stop.id: row for row, stop in enumerate(stops)}
    pieces = (
        tuple(number[stop_id] for stop_id in lock.stop_ids if stop_id in number)
        for lock in scenario.locks
    )
    priority = np.array([stop.priority for stop in stops], dtype=np.int64)
    charging = np.array([outlet.charging for outlet in outlets], dtype=np.bool_)
    return {
        "allowed": None if allowed.all() else allowed,
        "outlet_allowed": None if outlet_allowed.all() else outlet_allowed,
        "locks": tuple(piece for piece in pieces if len(piece) > 1),
        "priority": priority if priority.any() else None,
        "charging": charging if charging.any() else None,
    }


def resource_rules(
    scenario: Scenario, stops: Sequence[Stop], outlets: Sequence[Outlet]
) -> dict[str, Any]:
    """Fields of a problem about what may be aboard together and unloaded where."""
    resources = scenario.resources
    accepts = np.array(
        [[resource in outlet.resource_ids for resource in resources] for outlet in outlets],
        dtype=np.bool_,
    ).reshape(len(outlets), len(resources))
    together = np.ones((len(resources), len(resources)), dtype=np.bool_)
    row = {resource: number for number, resource in enumerate(resources)}
    for first, second in scenario.incompatible:
        if first in row and second in row and first != second:
            together[row[first], row[second]] = together[row[second], row[first]] = False
    if accepts.all() and together.all():
        return {}
    return {
        "resource": np.array([row[stop.resource_id] for stop in stops], dtype=np.int64),
        "accepts": accepts,
        "together": together,
    }


def _may_visit(stop: Stop, lock: Lock | None, vehicle: Vehicle, number: int | None) -> bool:
    if stop.modes and vehicle.mode not in stop.modes:
        return False
    if stop.vehicle_ids and vehicle.id not in stop.vehicle_ids:
        return False
    if lock is None:
        return True
    return vehicle.id == lock.vehicle_id and lock.vehicle_number in {None, number}
