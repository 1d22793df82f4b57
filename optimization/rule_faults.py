"""What is wrong in the finer rules of a scenario: depots, access, pauses, recharges, locks."""

import math

from data.errors import InputError
from data.french import clock, number, quote, tidy
from data.model import Lock, Scenario, Vehicle

HIGHEST_PRIORITY = 9


def check_rules(scenario: Scenario) -> None:
    """Refuse rules that contradict the scenario or themselves.

    Raises:
        InputError: the first fault met, with the field, the row and a way out.
    """
    for row, vehicle in enumerate(scenario.vehicles, start=1):
        _check_vehicle(vehicle, scenario, row)
    known = {vehicle.id for vehicle in scenario.vehicles}
    for row, stop in enumerate(scenario.stops, start=1):
        who = f"Le point {quote(stop.name)}"
        if not 0 <= stop.priority <= HIGHEST_PRIORITY:
            raise _bad(
                f"{who} : la priorité vaut {number(stop.priority)}, il faut de 0 à "
                f"{HIGHEST_PRIORITY}.",
                "Priorité",
                row,
            )
        _check_known(stop.vehicle_ids, known, who, row)
    for row, outlet in enumerate(scenario.outlets, start=1):
        _check_known(outlet.vehicle_ids, known, f"L’exutoire {quote(outlet.name)}", row)
    for first, second in scenario.incompatible:
        if first == second:
            raise _bad(
                "Une ressource ne peut pas être incompatible avec elle-même : retirez cette paire.",
                "Ressources à ne pas mélanger",
            )
    _check_locks(scenario)
    _check_balance(scenario)


def _check_vehicle(vehicle: Vehicle, scenario: Scenario, row: int) -> None:
    who = f"Le véhicule {quote(vehicle.name)}"
    depots = {depot.id for depot in scenario.all_depots}
    for depot_id in (vehicle.depot_id, vehicle.end_depot_id):
        if depot_id and depot_id not in depots:
            raise _bad(
                f"{who} : son dépôt {quote(depot_id)} n’est pas dans le scénario ; ajoutez-le ou "
                "choisissez-en un autre.",
                "Dépôt",
                row,
            )
    for value, field in (
        (vehicle.max_stops, "Nombre maximal de points"),
        (vehicle.max_trips, "Nombre maximal de vidages"),
    ):
        if value is not None and value < 1:
            raise _bad(f"{who} : « {field} » vaut {value}, il faut au moins 1.", field, row)
    for value, field in (
        (vehicle.break_s, "Durée de la pause"),
        (vehicle.recharge_s, "Durée de recharge"),
    ):
        if value < 0:
            raise _bad(f"{who} : « {field} » ne peut pas être négative.", field, row)
    if vehicle.break_s and vehicle.break_until_s < vehicle.break_from_s:
        raise _bad(
            f"{who} : la pause devrait commencer entre {clock(vehicle.break_from_s)} et "
            f"{clock(vehicle.break_until_s)} ; échangez les deux heures ou corrigez-les.",
            "Pause",
            row,
        )


def _check_known(vehicle_ids: tuple[str, ...], known: set[str], who: str, row: int) -> None:
    for vehicle_id in vehicle_ids:
        if vehicle_id not in known:
            raise _bad(
                f"{who} : le véhicule {quote(vehicle_id)} n’est pas dans le scénario ; ajoutez-le "
                "ou retirez-le des véhicules admis.",
                "Véhicules admis",
                row,
            )


def _check_locks(scenario: Scenario) -> None:
    stops = {stop.id: stop.name for stop in scenario.stops}
    vehicles = {vehicle.id: vehicle for vehicle in scenario.vehicles}
    in_piece: set[str] = set()
    owner: dict[str, tuple[str, int | None]] = {}
    for row, lock in enumerate(scenario.locks, start=1):
        _check_lock(lock, stops, vehicles, row)
        for stop_id in lock.stop_ids:
            who = quote(stops[stop_id])
            if len(lock.stop_ids) > 1:
                if stop_id in in_piece:
                    raise _bad(
                        f"{who} figure deux fois dans les suites imposées : gardez-en une.",
                        "Choix imposés",
                        row,
                    )
                in_piece.add(stop_id)
            if lock.vehicle_id is not None:
                choice = lock.vehicle_id, lock.vehicle_number
                if owner.setdefault(stop_id, choice) != choice:
                    raise _bad(
                        f"{who} est imposé à deux véhicules : gardez-en un.", "Choix imposés", row
                    )


def _check_lock(lock: Lock, stops: dict[str, str], vehicles: dict[str, Vehicle], row: int) -> None:
    for stop_id in lock.stop_ids:
        if stop_id not in stops:
            raise _bad(
                f"Le point imposé {quote(stop_id)} n’est pas dans le scénario : ajoutez-le, ou "
                "retirez-le des choix imposés.",
                "Choix imposés",
                row,
            )
    if lock.vehicle_id is None:
        return
    vehicle = vehicles.get(lock.vehicle_id)
    if vehicle is None:
        raise _bad(
            f"Le véhicule imposé {quote(lock.vehicle_id)} n’est pas dans le scénario : choisissez-"
            "en un autre.",
            "Choix imposés",
            row,
        )
    if lock.vehicle_number is not None and not 1 <= lock.vehicle_number <= vehicle.count:
        raise _bad(
            f"{quote(vehicle.name)} n° {lock.vehicle_number} n’existe pas : il y en a "
            f"{vehicle.count}.",
            "Choix imposés",
            row,
        )


def _check_balance(scenario: Scenario) -> None:
    weight = scenario.balance_eur_per_hour
    if not (math.isfinite(weight) and weight >= 0):
        raise _bad("Le poids de l’équilibre doit être un nombre positif ou nul.", "Équilibre")
    if scenario.max_spread_s is not None and scenario.max_spread_s < 0:
        raise _bad("L’écart maximal entre tournées ne peut pas être négatif.", "Équilibre")


def _bad(message: str, field: str, row: int | None = None) -> InputError:
    return InputError(tidy(message), field=field, row=row)
