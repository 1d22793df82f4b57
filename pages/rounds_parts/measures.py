"""A round in a few numbers, for the screen and for the rider's sheet."""

from itertools import pairwise

from data.model import Round, Scenario, Vehicle, VisitKind


def vehicle_of(trip: Round, scenario: Scenario) -> Vehicle:
    """Return the vehicle of a round."""
    return next(one for one in scenario.vehicles if one.id == trip.vehicle_id)


def vehicle_name(trip: Round, vehicle: Vehicle) -> str:
    """Name the vehicle of a round, with its number when there are several alike."""
    return f"{vehicle.name} n° {trip.vehicle_number}" if vehicle.count > 1 else vehicle.name


def distance_m(trip: Round) -> int:
    """Return the length of a round."""
    return sum(visit.distance_m for visit in trip.visits)


def lasting_s(trip: Round) -> int:
    """Return how long a round takes, depot to depot."""
    return trip.visits[-1].arrival_s - trip.visits[0].departure_s


def stop_count(trip: Round) -> int:
    """Return how many stops a round serves."""
    return sum(visit.kind is VisitKind.STOP for visit in trip.visits)


def collected_kg(trip: Round) -> float:
    """Return the kilograms a round collects over its trips."""
    return sum(
        after.load_kg - before.load_kg
        for before, after in pairwise(trip.visits)
        if after.kind is VisitKind.STOP
    )


def collected_containers(trip: Round) -> float:
    """Return the containers a round collects over its trips."""
    return sum(
        after.load_containers - before.load_containers
        for before, after in pairwise(trip.visits)
        if after.kind is VisitKind.STOP
    )
