"""What each leg costs a vehicle, as the planner's « metres » and the price of one.

Only the road is paid in VROOM, never the wait: legs are therefore counted in whatever is paid
(seconds, metres, the file's own costs, or a mixture), and the planner's metre is one of these.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from optimization.formats.fields import wrong
from optimization.formats.instance import (
    METRES_PER_KM,
    NO_ROAD,
    SECONDS_PER_HOUR,
    Instance,
    Ints,
    Vehicle,
    durations_of,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tariff:
    """How one vehicle's legs are counted and paid.

    Attributes:
        legs: what is counted, by row and column; ``NO_ROAD`` where there is none.
        rate: the file's money for one of them.
        second: idem, for each second out of the depot.
        most: most of them in a route, ``None`` when unlimited.
        exact: whether ``rate`` alone tells the file's cost (see ``tariff_of``).
        key: the same for equal ``legs``.
    """

    legs: Ints
    rate: Fraction
    second: Fraction
    most: int | None
    exact: bool
    key: tuple[object, ...]


def tariff_of(instance: Instance, vehicle: Vehicle, *, limited: bool = True) -> Tariff:
    """The tariff of a vehicle.

    A limit is followed exactly when what it limits is what is paid. Otherwise legs are counted in
    what is limited, and what is paid is followed closely only.

    Args:
        instance: the file.
        vehicle: one of its vehicles.
        limited: ``False`` leaves the limits out, and costs are then exact.

    Raises:
        InputError: two limits at once on different quantities, or distances missing.
    """
    costs, roads = vehicle.costs, instance.roads[vehicle.profile]
    by_second = _fraction(costs.per_hour) / SECONDS_PER_HOUR
    by_metre = _fraction(costs.per_km) / METRES_PER_KM
    longest = _real_time_limit(vehicle) if limited else None
    farthest = vehicle.max_distance if limited else None
    if longest is not None and farthest is not None:
        raise wrong(
            f"{vehicle.label} : « max_travel_time » et « max_distance » ensemble ne sont pas "
            "prises en charge, gardez la plus contraignante.",
            field="max_distance",
        )
    if roads.costs is not None and (longest is not None or farthest is not None):
        raise wrong(
            f"{vehicle.label} : une limite de trajet et une matrice « costs » ensemble ne sont pas "
            "prises en charge.",
            field="costs",
        )
    simple = roads.costs is None and not costs.per_task_hour
    profile = (vehicle.profile, vehicle.speed_factor)
    timed = simple and by_metre == 0
    if longest is not None:
        rate = by_second if timed else by_second + by_metre * _speed(instance, vehicle)
        legs = durations_of(instance, vehicle)
        return _tariff(legs, rate, ("time", *profile), most=longest, exact=timed)
    if farthest is not None:
        exact = simple and by_second == 0
        return _tariff(
            _distances(instance, vehicle),
            by_metre,
            ("distance", vehicle.profile),
            second=by_second,
            most=farthest,
            exact=exact,
        )
    if roads.costs is not None and not costs.per_task_hour:
        return _tariff(roads.costs, Fraction(1), ("cost", vehicle.profile))
    if timed:
        return _tariff(durations_of(instance, vehicle), by_second, ("time", *profile))
    if simple and by_second == 0:
        return _tariff(_distances(instance, vehicle), by_metre, ("distance", vehicle.profile))
    return _mixed(instance, vehicle, by_second, by_metre)


def _tariff(
    legs: Ints,
    rate: Fraction,
    key: tuple[object, ...],
    *,
    second: Fraction = Fraction(0),
    most: int | None = None,
    exact: bool = True,
) -> Tariff:
    return Tariff(legs=legs, rate=rate, second=second, most=most, exact=exact, key=key)


def _mixed(instance: Instance, vehicle: Vehicle, by_second: Fraction, by_metre: Fraction) -> Tariff:
    """Legs in the greatest part of money that counts all of them in whole numbers."""
    roads = instance.roads[vehicle.profile]
    by_task = _fraction(vehicle.costs.per_task_hour) / SECONDS_PER_HOUR
    parts: list[tuple[Fraction, Ints]] = []
    if roads.costs is not None:
        parts.append((Fraction(1), roads.costs))
    else:
        if by_second:
            parts.append((by_second, durations_of(instance, vehicle)))
        if by_metre:
            parts.append((by_metre, _distances(instance, vehicle)))
    if by_task:
        parts.append((by_task, _services(instance)))
    common = _common([price for price, _ in parts])
    legs = np.zeros_like(roads.durations)
    for price, quantity in parts:
        legs = legs + int(price / common) * np.minimum(quantity, NO_ROAD)
    missing = np.any([quantity >= NO_ROAD for _, quantity in parts], axis=0)
    return _tariff(
        np.where(missing, NO_ROAD, legs),
        common,
        ("mixed", vehicle.profile, vehicle.speed_factor, vehicle.costs),
    )


def _common(prices: list[Fraction]) -> Fraction:
    """Their greatest common divisor."""
    bottom = lcm(*(price.denominator for price in prices))
    return Fraction(gcd(*(int(price * bottom) for price in prices)), bottom)


def _services(instance: Instance) -> Ints:
    """Seconds of service at the end of each leg; those of tasks at one place must agree."""
    size = len(next(iter(instance.roads.values())).durations)
    services = np.zeros(size, np.int64)
    for task in instance.tasks:
        if services[task.row] not in {0, task.service}:
            raise wrong(
                f"{task.label} : avec « per_task_hour », les services d’un même lieu doivent "
                "durer autant.",
                field="per_task_hour",
            )
        services[task.row] = task.service
    return np.broadcast_to(services, (size, size))


def _distances(instance: Instance, vehicle: Vehicle) -> Ints:
    distances = instance.roads[vehicle.profile].distances
    if distances is None:
        raise wrong(
            f"{vehicle.label} : un coût ou une limite de distance demande la matrice "
            f"« distances » du profil « {vehicle.profile} ».",
            field="distances",
        )
    return distances


def _speed(instance: Instance, vehicle: Vehicle) -> Fraction:
    """Mean metres by second."""
    metres, seconds = _distances(instance, vehicle), durations_of(instance, vehicle)
    known = (metres < NO_ROAD) & (seconds < NO_ROAD)
    return Fraction(int(metres[known].sum()), max(1, int(seconds[known].sum())))


def _real_time_limit(vehicle: Vehicle) -> int | None:
    """The travel-time limit, unless working hours are shorter."""
    limit, window = vehicle.max_travel_time, vehicle.window
    if limit is not None and window is not None and limit >= window[1] - window[0]:
        return None
    return limit


def _fraction(value: float) -> Fraction:
    return Fraction(str(value))
