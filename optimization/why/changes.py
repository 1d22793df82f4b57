"""Single changes to a scenario, how large they are, and the scenario they give."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from data.model import Outlet, Scenario, Stop, TimeWindow, Vehicle

_MINUTE = 60
_DAY_S = 24 * 3600
_HALF_DAY_MIN = 240.0
"""What minutes of a window weigh against: opening half a day is as much as a whole vehicle."""

_LONGEST_MIN, _STEP_MIN = 240.0, 5.0
_FARTHEST_KM = 100.0


class Lever(StrEnum):
    """What can be changed."""

    SHIFT_LATER = "shift_later"
    SHIFT_EARLIER = "shift_earlier"
    CAPACITY_KG = "capacity_kg"
    CONTAINERS = "containers"
    RANGE = "range"
    MAX_STOPS = "max_stops"
    MAX_TRIPS = "max_trips"
    VEHICLE = "vehicle"
    WINDOW_LATER = "window_later"
    WINDOW_EARLIER = "window_earlier"
    ACCESS = "access"
    VALUE = "value"
    LOCK = "lock"
    OUTLET_KG = "outlet_kg"
    OUTLET_LATER = "outlet_later"
    OUTLET_EARLIER = "outlet_earlier"
    OUTLET_ACCEPTS = "outlet_accepts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change.

    Attributes:
        subject_id: the vehicle, stop or outlet changed.
        amount: minutes, kilograms, containers, kilometres, stops, unloadings, vehicles or (for a
            value) euros, on top of what is there; 1 for what is simply allowed.
    """

    lever: Lever
    subject_id: str
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A lever to try, by how much at most.

    Attributes:
        step: amounts are multiples of it.
        most: largest amount worth proposing.
        whole: what is there today, so that sizes compare: amount / whole.
    """

    lever: Lever
    subject_id: str
    step: float = 1.0
    most: float = 1.0
    whole: float = 1.0

    def change(self, steps: int) -> Change:
        """That many steps, the last one cut short at ``most``."""
        amount = min(self.most, round(steps * self.step, 6))
        return Change(lever=self.lever, subject_id=self.subject_id, amount=amount)

    @property
    def steps(self) -> int:
        """Steps up to ``most``."""
        return max(1, -int(-self.most // self.step))


def candidates(scenario: Scenario, stop: Stop, spare: Sequence[Vehicle]) -> Iterator[Candidate]:
    """Every single change that could let that stop be served.

    Args:
        scenario: as planned.
        stop: left out.
        spare: vehicles that could come out but are not in the scenario.
    """
    for vehicle in scenario.vehicles:
        if vehicle.count > 0:
            yield from _of_vehicle(vehicle, stop)
    for vehicle in (*scenario.vehicles, *spare):
        yield Candidate(lever=Lever.VEHICLE, subject_id=vehicle.id)
    if stop.windows:
        for lever in (Lever.WINDOW_LATER, Lever.WINDOW_EARLIER):
            yield _minutes(lever, stop.id, _HALF_DAY_MIN)
    if stop.modes or stop.vehicle_ids:
        yield Candidate(lever=Lever.ACCESS, subject_id=stop.id)
    if any(stop.id in lock.stop_ids for lock in scenario.locks):
        yield Candidate(lever=Lever.LOCK, subject_id=stop.id)
    for outlet in scenario.outlets:
        yield from _of_outlet(outlet, stop)


def _minutes(lever: Lever, subject_id: str, whole: float) -> Candidate:
    return Candidate(
        lever=lever, subject_id=subject_id, step=_STEP_MIN, most=_LONGEST_MIN, whole=whole
    )


def _of_vehicle(vehicle: Vehicle, stop: Stop) -> Iterator[Candidate]:
    """Its shift, loads, range and counts; twice the load is another vehicle, not a change."""
    shift = (vehicle.shift_end_s - vehicle.shift_start_s) / _MINUTE
    yield _minutes(Lever.SHIFT_LATER, vehicle.id, shift)
    if vehicle.shift_start_s > 0:
        most = min(_LONGEST_MIN, vehicle.shift_start_s / _MINUTE)
        yield replace(_minutes(Lever.SHIFT_EARLIER, vehicle.id, shift), most=most)
    if stop.kg_per_visit > 0:
        yield Candidate(
            lever=Lever.CAPACITY_KG,
            subject_id=vehicle.id,
            step=5.0,
            most=min(-(-stop.kg_per_visit // 5) * 5.0, vehicle.capacity_kg),
            whole=vehicle.capacity_kg,
        )
    if stop.containers_per_visit > 0:
        yield Candidate(
            lever=Lever.CONTAINERS,
            subject_id=vehicle.id,
            most=min(-(-stop.containers_per_visit // 1), vehicle.capacity_containers),
            whole=vehicle.capacity_containers,
        )
    if vehicle.range_m is not None:
        yield Candidate(
            lever=Lever.RANGE,
            subject_id=vehicle.id,
            most=_FARTHEST_KM,
            whole=vehicle.range_m / 1000,
        )
    if vehicle.max_stops is not None:
        yield Candidate(lever=Lever.MAX_STOPS, subject_id=vehicle.id, whole=vehicle.max_stops)
    if vehicle.max_trips is not None:
        yield Candidate(lever=Lever.MAX_TRIPS, subject_id=vehicle.id, whole=vehicle.max_trips)


def _of_outlet(outlet: Outlet, stop: Stop) -> Iterator[Candidate]:
    if outlet.weekly_capacity_kg is not None:
        weekly = stop.kg_per_visit * max(1.0, stop.visits_per_week)
        if weekly > 0:
            yield Candidate(
                lever=Lever.OUTLET_KG,
                subject_id=outlet.id,
                step=10.0,
                most=-(-weekly // 10) * 10.0,
                whole=max(1.0, outlet.weekly_capacity_kg),
            )
    if outlet.windows:
        for lever in (Lever.OUTLET_LATER, Lever.OUTLET_EARLIER):
            yield _minutes(lever, outlet.id, _HALF_DAY_MIN)
    if stop.resource_id not in outlet.resource_ids:
        yield Candidate(lever=Lever.OUTLET_ACCEPTS, subject_id=outlet.id)


def changed(
    scenario: Scenario, change: Change, *, stop_id: str = "", spare: Sequence[Vehicle] = ()
) -> Scenario:
    """The scenario with that change made.

    Args:
        scenario: any that knows the subject.
        change: what to do to it.
        stop_id: the stop it is made for, whose resource an outlet may have to accept.
        spare: see :func:`candidates`.
    """
    edit = _EDITS[change.lever]
    if change.lever in _ON_STOPS:
        stops = (
            edit(stop, change.amount) if stop.id == change.subject_id else stop
            for stop in scenario.stops
        )
        return replace(scenario, stops=tuple(stops))
    if change.lever is Lever.LOCK:
        return replace(scenario, locks=_without(scenario, change.subject_id))
    if change.lever is Lever.OUTLET_ACCEPTS:
        resource = next(stop.resource_id for stop in scenario.stops if stop.id == stop_id)
        return _outlets(scenario, change, lambda o, _: _accepting(o, resource))
    if change.lever in _ON_OUTLETS:
        return _outlets(scenario, change, edit)
    known = {vehicle.id for vehicle in scenario.vehicles}
    vehicles = [
        edit(vehicle, change.amount) if vehicle.id == change.subject_id else vehicle
        for vehicle in scenario.vehicles
    ]
    vehicles += [
        replace(vehicle, count=1)
        for vehicle in spare
        if vehicle.id == change.subject_id and vehicle.id not in known
    ]
    return replace(scenario, vehicles=tuple(vehicles))


Edit = Callable[[Any, float], Any]


def _outlets(scenario: Scenario, change: Change, edit: Edit) -> Scenario:
    outlets = (
        edit(outlet, change.amount) if outlet.id == change.subject_id else outlet
        for outlet in scenario.outlets
    )
    return replace(scenario, outlets=tuple(outlets))


def _accepting(outlet: Outlet, resource_id: str) -> Outlet:
    return replace(outlet, resource_ids=(*outlet.resource_ids, resource_id))


def _without(scenario: Scenario, stop_id: str) -> tuple[Any, ...]:
    """The locks with that stop freed."""
    kept = (
        replace(lock, stop_ids=tuple(id_ for id_ in lock.stop_ids if id_ != stop_id))
        for lock in scenario.locks
    )
    return tuple(lock for lock in kept if lock.stop_ids)


def _later(windows: tuple[TimeWindow, ...], minutes: float) -> tuple[TimeWindow, ...]:
    extra = round(minutes * _MINUTE)
    return tuple(replace(w, end_s=min(2 * _DAY_S, w.end_s + extra)) for w in windows)


def _earlier(windows: tuple[TimeWindow, ...], minutes: float) -> tuple[TimeWindow, ...]:
    extra = round(minutes * _MINUTE)
    return tuple(replace(w, start_s=max(0, w.start_s - extra)) for w in windows)


_ON_STOPS = {Lever.WINDOW_LATER, Lever.WINDOW_EARLIER, Lever.ACCESS, Lever.VALUE}
_ON_OUTLETS = {Lever.OUTLET_KG, Lever.OUTLET_LATER, Lever.OUTLET_EARLIER}
_EDITS: dict[Lever, Edit] = {
    Lever.SHIFT_LATER: lambda v, n: replace(
        v, shift_end_s=min(2 * _DAY_S, v.shift_end_s + round(n * _MINUTE))
    ),
    Lever.SHIFT_EARLIER: lambda v, n: replace(
        v, shift_start_s=max(0, v.shift_start_s - round(n * _MINUTE))
    ),
    Lever.CAPACITY_KG: lambda v, n: replace(v, capacity_kg=v.capacity_kg + n),
    Lever.CONTAINERS: lambda v, n: replace(v, capacity_containers=v.capacity_containers + n),
    Lever.RANGE: lambda v, n: replace(v, range_m=(v.range_m or 0) + round(n * 1000)),
    Lever.MAX_STOPS: lambda v, n: replace(v, max_stops=(v.max_stops or 0) + round(n)),
    Lever.MAX_TRIPS: lambda v, n: replace(v, max_trips=(v.max_trips or 0) + round(n)),
    Lever.VEHICLE: lambda v, n: replace(v, count=v.count + round(n)),
    Lever.WINDOW_LATER: lambda s, n: replace(s, windows=_later(s.windows, n)),
    Lever.WINDOW_EARLIER: lambda s, n: replace(s, windows=_earlier(s.windows, n)),
    Lever.ACCESS: lambda s, _: replace(s, modes=(), vehicle_ids=()),
    Lever.VALUE: lambda s, n: replace(s, skip_value_eur=(s.skip_value_eur or 0.0) + n),
    Lever.LOCK: lambda s, _: s,
    Lever.OUTLET_KG: lambda o, n: replace(o, weekly_capacity_kg=(o.weekly_capacity_kg or 0) + n),
    Lever.OUTLET_LATER: lambda o, n: replace(o, windows=_later(o.windows, n)),
    Lever.OUTLET_EARLIER: lambda o, n: replace(o, windows=_earlier(o.windows, n)),
    Lever.OUTLET_ACCEPTS: lambda o, _: o,
}
