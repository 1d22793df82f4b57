"""Random scenarios where finer rules meet: depots, access, pauses, recharges, locks, balance."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from data.model import Depot, Lock, Scenario, Stop, TravelMode
from tests.optimization.cases import HOUR, RESOURCE, scenarios, window

OTHER = "cardboard"
NORTH = Depot(id="north", name="Dépôt nord", commune_code="24037", lon=0.0, lat=4.0)
EAST = Depot(id="east", name="Dépôt est", commune_code="24037", lon=4.0, lat=0.0)


@st.composite
def rich_scenarios(draw: st.DrawFn, *, most_stops: int = 6, balanced: bool = True) -> Scenario:
    """Scenarios of :func:`scenarios` with any mixture of the finer rules.

    Args:
        draw: given by Hypothesis.
        most_stops: at least one.
        balanced: whether rounds may have to be about as long as one another.
    """
    case = draw(scenarios(most_stops=most_stops))
    stops = [_stop(draw, stop, case) for stop in case.stops]
    if len(stops) > 1 and draw(st.booleans()):  # a long round, which a pause cannot avoid
        stops[0] = replace(stops[0], windows=(window(8, 9),))
        stops[1] = replace(stops[1], windows=(window(9.75, 13),))
    case = replace(case, stops=tuple(stops))
    case = replace(
        case,
        depots=(NORTH, EAST),
        resource_ids=(OTHER,),
        vehicles=tuple(replace(vehicle, **_vehicle_rules(draw)) for vehicle in case.vehicles),
        outlets=tuple(
            replace(
                outlet,
                resource_ids=draw(
                    st.sampled_from([*[(RESOURCE, OTHER)] * 4, (RESOURCE,), (OTHER,)])
                ),
                charging=draw(st.booleans()),
                vehicle_ids=draw(st.sampled_from([(), (), (), (), ("bike",)])),
            )
            for outlet in case.outlets
        ),
        incompatible=draw(st.sampled_from([(), ((RESOURCE, OTHER),)])),
        locks=_locks(draw, case),
    )
    if not balanced:
        return case
    return replace(
        case,
        balance_eur_per_hour=draw(st.sampled_from([0.0, 20.0])),
        max_spread_s=draw(st.sampled_from([None, None, 0, 600, 3600])),
    )


def _stop(draw: st.DrawFn, stop: Stop, case: Scenario) -> Stop:
    everyone = tuple(vehicle.id for vehicle in case.vehicles)
    return replace(
        stop,
        resource_id=draw(st.sampled_from([RESOURCE, RESOURCE, OTHER])),
        service_s_per_container=draw(st.sampled_from([0.0, 45.5])),
        priority=draw(st.sampled_from([0, 0, 3])),
        modes=draw(st.sampled_from([(), (), (), (), (TravelMode.BIKE,), (TravelMode.VAN,)])),
        vehicle_ids=draw(st.sampled_from([(), (), (), (), everyone[:1]])),
    )


def _vehicle_rules(draw: st.DrawFn) -> dict[str, Any]:
    pause = draw(st.booleans())
    from_h = draw(st.sampled_from([8.5, 9.0, 11.5]))
    return {
        "depot_id": draw(st.sampled_from(["", "north"])),
        "end_depot_id": draw(st.sampled_from(["", "", "east"])),
        "max_stops": draw(st.sampled_from([None, None, 2, 3])),
        "max_trips": draw(st.sampled_from([None, None, 1, 2])),
        "break_s": draw(st.sampled_from([900, 1800])) if pause else 0,
        "break_from_s": round(from_h * HOUR) if pause else 0,
        "break_until_s": round(from_h * HOUR) + draw(st.sampled_from([0, 1800, 7200])),
        "range_m": draw(st.sampled_from([None, None, 15_000, 25_000])),
        "recharge_s": draw(st.sampled_from([0, 300, 1500])),
    }


def _locks(draw: st.DrawFn, case: Scenario) -> tuple[Lock, ...]:
    ids = [stop.id for stop in case.stops]
    locks = []
    if len(ids) > 2 and draw(st.booleans()):
        locks.append(Lock(stop_ids=tuple(ids[:2]) if draw(st.booleans()) else (ids[1], ids[0])))
    if draw(st.booleans()):
        vehicle = case.vehicles[0]
        number = draw(st.one_of(st.none(), st.integers(1, vehicle.count)))
        locks.append(Lock(stop_ids=(ids[-1],), vehicle_id=vehicle.id, vehicle_number=number))
    return tuple(locks)
