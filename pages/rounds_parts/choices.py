"""What a planner decides about a plan shown, as locks of the next one: pure, no screen."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from data.model import Lock, Round, VisitKind

Locks = tuple[Lock, ...]


def trips_of(trip: Round) -> tuple[tuple[str, ...], ...]:
    """Return the stops of a round, unloading by unloading."""
    trips: list[tuple[str, ...]] = []
    stops: list[str] = []
    for visit in trip.visits:
        if visit.kind is VisitKind.STOP:
            stops.append(visit.place_id)
        elif visit.kind is VisitKind.UNLOAD and stops:
            trips.append(tuple(stops))
            stops = []
    return tuple(trips)


def release(locks: Locks, stop_ids: Collection[str]) -> Locks:
    """Return the locks without those stops."""
    left = (
        replace(lock, stop_ids=tuple(id_ for id_ in lock.stop_ids if id_ not in stop_ids))
        for lock in locks
    )
    return tuple(lock for lock in left if lock.stop_ids)


def keep_round(locks: Locks, trip: Round) -> Locks:
    """Return the locks with that round kept: its vehicle, and the order between unloadings."""
    pieces = trips_of(trip)
    free = release(locks, {id_ for piece in pieces for id_ in piece})
    kept = (
        Lock(stop_ids=piece, vehicle_id=trip.vehicle_id, vehicle_number=trip.vehicle_number)
        for piece in pieces
    )
    return (*free, *kept)


def release_round(locks: Locks, trip: Round) -> Locks:
    """Return the locks with the stops of that round free."""
    return release(locks, {id_ for piece in trips_of(trip) for id_ in piece})


def is_kept(locks: Locks, trip: Round) -> bool:
    """Whether that round is kept as it is."""
    held = {
        lock.stop_ids
        for lock in locks
        if (lock.vehicle_id, lock.vehicle_number) == (trip.vehicle_id, trip.vehicle_number)
    }
    return set(trips_of(trip)) <= held


def place_stop(locks: Locks, stop_id: str, vehicle_id: str, number: int) -> Locks:
    """Return the locks with that stop given to one vehicle, at any place of its round."""
    lock = Lock(stop_ids=(stop_id,), vehicle_id=vehicle_id, vehicle_number=number)
    return (*release(locks, {stop_id}), lock)


def placed(locks: Locks, rounds: Sequence[Round]) -> Locks:
    """Return the locks that are not of a round kept as it is."""
    whole = {piece for trip in rounds if is_kept(locks, trip) for piece in trips_of(trip)}
    return tuple(lock for lock in locks if lock.stop_ids not in whole)
