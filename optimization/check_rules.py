"""The checker's finer laws: access, locked pieces, balance, counts and pauses."""

from collections.abc import Iterator
from itertools import pairwise

from data.french import clock, duration, quote
from data.model import Plan, Round, Scenario, Stop, Vehicle, VisitKind
from optimization.faults import FaultKind, Finding


def may_visit(stop: Stop, vehicle: Vehicle, number_: int | None, scenario: Scenario) -> bool:
    """Whether a vehicle may visit a stop; ``None`` stands for whichever number suits."""
    if stop.modes and vehicle.mode not in stop.modes:
        return False
    if stop.vehicle_ids and vehicle.id not in stop.vehicle_ids:
        return False
    return all(
        lock.vehicle_id == vehicle.id
        and (number_ is None or lock.vehicle_number in {None, number_})
        for lock in scenario.locks
        if lock.vehicle_id is not None and stop.id in lock.stop_ids
    )


def locks(plan: Plan, scenario: Scenario) -> Iterator[Finding]:
    """The stops of a piece that are served follow one another, in its order."""
    names = {stop.id: stop.name for stop in scenario.stops}
    found = {
        visit.place_id: (row, place)
        for row, round_ in enumerate(plan.rounds)
        for place, visit in enumerate(round_.visits)
        if visit.kind is VisitKind.STOP
    }
    for lock in scenario.locks:
        served = [stop_id for stop_id in lock.stop_ids if stop_id in found]
        for before, after in pairwise(served):
            row, place = found[before]
            if found[after] != (row, place + 1):
                yield (
                    FaultKind.LOCK,
                    f"{quote(names[after])} devait suivre {quote(names[before])} sans rien entre.",
                )


def balance(plan: Plan, scenario: Scenario) -> list[Finding]:
    """Rounds about as long as one another, where that was asked."""
    lengths = [r.visits[-1].arrival_s - r.visits[0].arrival_s for r in plan.rounds]
    most = scenario.max_spread_s
    if most is None or not lengths or max(lengths) - min(lengths) <= most:
        return []
    apart = duration(max(lengths) - min(lengths))
    text = f"{apart} d’écart entre deux tournées, au plus {duration(most)} demandées."
    return [(FaultKind.BALANCE, text)]


def counts(round_: Round, vehicle: Vehicle) -> Iterator[Finding]:
    """Most stops and most unloadings of a shift."""
    stops = sum(visit.kind is VisitKind.STOP for visit in round_.visits)
    trips = sum(visit.kind is VisitKind.UNLOAD for visit in round_.visits)
    if vehicle.max_stops is not None and stops > vehicle.max_stops:
        yield FaultKind.COUNT, f"{stops} points, au plus {vehicle.max_stops}."
    if vehicle.max_trips is not None and trips > vehicle.max_trips:
        yield FaultKind.COUNT, f"{trips} déchargements, au plus {vehicle.max_trips}."


def pause(round_: Round, vehicle: Vehicle) -> Iterator[Finding]:
    """One pause of the right length at the right time, unless the round is out of its hours."""
    pauses = [visit for visit in round_.visits if visit.pause_s]
    leaves, back = round_.visits[0].arrival_s, round_.visits[-1].arrival_s
    if vehicle.break_s and not pauses:
        if back > vehicle.break_until_s and leaves < vehicle.break_from_s + vehicle.break_s:
            yield FaultKind.PAUSE, f"pause de {duration(vehicle.break_s)} oubliée."
        return
    if len(pauses) > (1 if vehicle.break_s else 0):
        yield FaultKind.PAUSE, "compte trop de pauses."
        return
    for visit in pauses:
        begins, ends = visit.pause_start_s, visit.pause_start_s + visit.pause_s
        served_from = visit.arrival_s + visit.wait_s
        if visit.pause_s != vehicle.break_s:
            yield FaultKind.PAUSE, f"la pause doit durer {duration(vehicle.break_s)}."
        if not vehicle.break_from_s <= begins <= vehicle.break_until_s:
            yield FaultKind.PAUSE, f"pause à {clock(begins)}, en dehors de sa plage."
        before = visit.arrival_s <= begins and ends <= served_from
        if visit.kind not in {VisitKind.STOP, VisitKind.UNLOAD} or not (
            before or begins >= served_from + visit.service_s
        ):
            yield FaultKind.PAUSE, f"pause à {clock(begins)}, pendant autre chose."
