"""What is wrong (refused) or odd (told) in a scenario, before anything is computed."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.errors import InputError
from data.french import clock, number, quote, tidy
from data.model import Outlet, Scenario, Stop, Territory, TimeWindow, Vehicle
from geo.locate import describe_outside
from optimization.rule_faults import check_rules

LONGEST_DAY_S = 48 * 3600
"""Times may pass midnight (a night shift), never by more than a day."""
_MINUTE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWarning:
    """Something odd that does not prevent planning.

    Attributes:
        message: French sentence.
        field: the field or column concerned, as named on screen.
        row: 1-based row in the scenario's table of stops, vehicles or outlets.
    """

    message: str
    field: str
    row: int | None = None


def inspect(scenario: Scenario, territory: Territory | None) -> tuple[PlanWarning, ...]:
    """Tell what looks odd; the plan can be computed all the same."""
    warnings = [
        *_outside(scenario, territory),
        *_same_place(scenario.stops),
        *_too_big(scenario),
        *_unused_outlets(scenario),
    ]
    return tuple(warnings)


def validate(scenario: Scenario) -> None:
    """Refuse a scenario that cannot be planned.

    Raises:
        InputError: the first fault met, with the field, the row and a way out.
    """
    if not scenario.stops:
        raise _bad("Aucun point de collecte : choisissez-en au moins un.", "Points")
    if sum(vehicle.count for vehicle in scenario.vehicles) <= 0:
        raise _bad("Aucun véhicule : ajoutez-en un ou augmentez le nombre.", "Véhicules")
    for depot in scenario.all_depots:
        _check_position(depot.lon, depot.lat, f"Le dépôt {quote(depot.name)}", "Dépôt", None)
    _check_ids("Points", [stop.id for stop in scenario.stops])
    _check_ids("Dépôts", [depot.id for depot in scenario.all_depots])
    _check_ids("Véhicules", [vehicle.id for vehicle in scenario.vehicles])
    _check_ids("Exutoires", [outlet.id for outlet in scenario.outlets])
    for row, vehicle in enumerate(scenario.vehicles, start=1):
        _check_vehicle(vehicle, row)
    _check_outlets(scenario)
    for row, stop in enumerate(scenario.stops, start=1):
        _check_stop(stop, row, scenario)
    _check_capacity(scenario)
    check_rules(scenario)


def _check_vehicle(vehicle: Vehicle, row: int) -> None:
    who = f"Le véhicule {quote(vehicle.name)}"
    if vehicle.count < 0:
        raise _bad(f"{who} : le nombre ne peut pas être négatif.", "Nombre", row)
    for value, field, unit in (
        (vehicle.capacity_kg, "Capacité (kg)", "kg"),
        (vehicle.capacity_containers, "Capacité (contenants)", "contenant"),
        (vehicle.speed_kmh, "Vitesse (km/h)", "km/h"),
    ):
        if not (math.isfinite(value) and value > 0):
            raise _bad(
                f"{who} : « {field} » vaut {number(value)}, il faut plus de 0 {unit}.", field, row
            )
    for value, field in (
        (vehicle.cost_eur_per_shift, "Coût par sortie (€)"),
        (vehicle.cost_eur_per_hour, "Coût horaire (€/h)"),
        (vehicle.cost_eur_per_km, "Coût au kilomètre (€/km)"),
        (vehicle.co2e_kg_per_km, "Émissions (kg CO₂e/km)"),
        (vehicle.co2e_uncertainty, "Incertitude des émissions"),
    ):
        _check_not_negative(value, who, field, row)
    if vehicle.range_m is not None and vehicle.range_m <= 0:
        raise _bad(
            f"{who} : l’autonomie doit dépasser 0 km ; laissez la case vide s’il n’y en a pas.",
            "Autonomie (km)",
            row,
        )
    if not 0 <= vehicle.shift_start_s < vehicle.shift_end_s <= LONGEST_DAY_S:
        raise _bad(
            f"{who} : le service finit à {clock(vehicle.shift_end_s)} alors qu’il commence à "
            f"{clock(vehicle.shift_start_s)} ; corrigez l’une des deux heures.",
            "Fin de service",
            row,
        )


def _check_outlets(scenario: Scenario) -> None:
    if not scenario.outlets:
        raise _bad("Aucun exutoire : choisissez où décharger la collecte.", "Exutoires")
    for row, outlet in enumerate(scenario.outlets, start=1):
        who = f"L’exutoire {quote(outlet.name)}"
        _check_position(outlet.lon, outlet.lat, who, "Position", row)
        _check_windows(outlet.windows, who, "Horaires", row)
        _check_not_negative(outlet.unload_s, who, "Durée de déchargement", row)
        if outlet.weekly_capacity_kg is not None:
            _check_not_negative(outlet.weekly_capacity_kg, who, "Capacité (kg/semaine)", row)
    if not any(_opens_in_time(outlet, scenario) for outlet in scenario.outlets):
        names = ", ".join(quote(outlet.name) for outlet in scenario.outlets)
        raise _bad(
            f"Aucun exutoire n’est ouvert pendant le service des véhicules ({names}) : changez "
            "ses horaires ou ceux des véhicules.",
            "Exutoires",
        )
    if not usable_outlets(scenario):
        names = ", ".join(quote(outlet.name) for outlet in scenario.outlets)
        raise _bad(
            f"Aucun exutoire n’accepte cette ressource ({names}) : "
            "choisissez-en un autre ou complétez les ressources qu’il accepte.",
            "Exutoires",
        )


def _opens_in_time(outlet: Outlet, scenario: Scenario) -> bool:
    """Whether some vehicle is out while the outlet is open."""
    return not outlet.windows or any(
        window.end_s >= vehicle.shift_start_s and window.start_s <= vehicle.shift_end_s
        for window in outlet.windows
        for vehicle in scenario.vehicles
        if vehicle.count > 0
    )


def usable_outlets(scenario: Scenario) -> tuple[Outlet, ...]:
    """Outlets that accept at least one of the scenario's resources."""
    return tuple(o for o in scenario.outlets if set(scenario.resources) & set(o.resource_ids))


def _check_stop(stop: Stop, row: int, scenario: Scenario) -> None:
    who = f"Le point {quote(stop.name)}"
    _check_position(stop.lon, stop.lat, who, "Position", row)
    if stop.resource_id not in scenario.resources:
        raise _bad(
            f"{who} concerne une autre ressource que la tournée : retirez-le, "
            "ou changez la ressource.",
            "Ressource",
            row,
        )
    for value, field in (
        (stop.kg_per_visit, "Kg par visite"),
        (stop.containers_per_visit, "Contenants par visite"),
        (stop.visits_per_week, "Visites par semaine"),
        (stop.service_s / _MINUTE_S, "Durée sur place"),
        (stop.skip_value_eur or 0.0, "Valeur (€)"),
        (stop.service_s_per_container, "Durée par contenant"),
    ):
        _check_not_negative(value, who, field, row)
    _check_windows(stop.windows, who, "Créneau", row)
    shifts = [(v.shift_start_s, v.shift_end_s) for v in scenario.vehicles if v.count > 0]
    opens, closes = min(start for start, _ in shifts), max(end for _, end in shifts)
    if stop.windows and not any(w.end_s >= opens and w.start_s <= closes for w in stop.windows):
        window = stop.windows[0]
        raise _bad(
            f"{who} : son créneau ({clock(window.start_s)} – {clock(window.end_s)}) est en dehors "
            f"du service des véhicules ({clock(opens)} – {clock(closes)}) ; changez l’un ou "
            "l’autre.",
            "Créneau",
            row,
        )


def _check_capacity(scenario: Scenario) -> None:
    """Refuse only when no stop at all fits; one that does not is left out with its reason."""
    vehicles = [vehicle for vehicle in scenario.vehicles if vehicle.count > 0]
    largest_kg = max(vehicle.capacity_kg for vehicle in vehicles)
    largest = max(vehicle.capacity_containers for vehicle in vehicles)
    if all(stop.kg_per_visit > largest_kg for stop in scenario.stops):
        raise _bad(
            f"Aucun point ne tient dans un véhicule (au plus {number(largest_kg)} kg) : augmentez "
            "la capacité, ou répartissez les kg sur plus de visites.",
            "Capacité (kg)",
        )
    if all(stop.containers_per_visit > largest for stop in scenario.stops):
        raise _bad(
            f"Aucun point ne tient dans un véhicule (au plus {number(largest)} contenants) : "
            "augmentez la capacité, ou répartissez les contenants sur plus de visites.",
            "Capacité (contenants)",
        )


def _check_position(lon: float, lat: float, who: str, field: str, row: int | None) -> None:
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 (degrees)
        raise _bad(
            f"{who} n’a pas de position valable : donnez sa longitude et sa latitude.", field, row
        )


def _check_not_negative(value: float, who: str, field: str, row: int) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise _bad(
            f"{who} : « {field} » vaut {number(value)}, il faut un nombre positif ou nul.",
            field,
            row,
        )


def _check_windows(windows: Sequence[TimeWindow], who: str, field: str, row: int) -> None:
    for window in windows:
        if not 0 <= window.start_s <= window.end_s <= LONGEST_DAY_S:
            raise _bad(
                f"{who} : le créneau {clock(window.start_s)} – {clock(window.end_s)} finit avant "
                "de commencer ; échangez les deux heures ou corrigez-les.",
                field,
                row,
            )


def _check_ids(table: str, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for row, id_ in enumerate(ids, start=1):
        if id_ in seen:
            raise _bad(
                f"{table} : la ligne {row} figure déjà plus haut ; retirez-en une.", table, row
            )
        seen.add(id_)


def _outside(scenario: Scenario, territory: Territory | None) -> Iterator[PlanWarning]:
    if territory is None:
        return
    for row, stop in enumerate(scenario.stops, start=1):
        outside = describe_outside(territory, stop.lon, stop.lat)
        if outside is not None:
            yield _odd(
                f"{quote(stop.name)} : {outside[0].lower()}{outside[1:]} Corrigez sa longitude "
                "et sa latitude, ou décochez ce point.",
                "Position",
                row,
            )


def _same_place(stops: Sequence[Stop]) -> Iterator[PlanWarning]:
    """Two stops within about a metre: often the same need keyed in twice."""
    places = [(round(stop.lon, 5), round(stop.lat, 5)) for stop in stops]
    counts = Counter(places)
    first: dict[tuple[float, float], Stop] = {}
    for row, (stop, place) in enumerate(zip(stops, places, strict=True), start=1):
        if place in first and counts[place] > 1:
            yield _odd(
                f"{quote(stop.name)} est au même endroit que {quote(first[place].name)} : "
                "vérifiez que ce n’est pas le même point saisi deux fois.",
                "Position",
                row,
            )
        first.setdefault(place, stop)


def _too_big(scenario: Scenario) -> Iterator[PlanWarning]:
    vehicles = [vehicle for vehicle in scenario.vehicles if vehicle.count > 0]
    largest_kg = max((vehicle.capacity_kg for vehicle in vehicles), default=math.inf)
    largest = max((vehicle.capacity_containers for vehicle in vehicles), default=math.inf)
    for row, stop in enumerate(scenario.stops, start=1):
        if stop.kg_per_visit > largest_kg:
            yield _odd(
                f"{quote(stop.name)} : {number(stop.kg_per_visit)} kg par visite, plus que le "
                f"plus grand véhicule ({number(largest_kg)} kg) ; ajoutez des visites ou un "
                "véhicule plus grand, sinon ce point restera hors des tournées.",
                "Kg par visite",
                row,
            )
        if stop.containers_per_visit > largest:
            yield _odd(
                f"{quote(stop.name)} : {number(stop.containers_per_visit)} contenants par visite, "
                f"plus que le plus grand véhicule ({number(largest)}) ; ajoutez des visites ou un "
                "véhicule plus grand, sinon ce point restera hors des tournées.",
                "Contenants par visite",
                row,
            )


def _unused_outlets(scenario: Scenario) -> Iterator[PlanWarning]:
    for row, outlet in enumerate(scenario.outlets, start=1):
        if not set(scenario.resources) & set(outlet.resource_ids):
            yield _odd(
                f"L’exutoire {quote(outlet.name)} n’accepte pas cette ressource : "
                "il ne servira pas.",
                "Exutoires",
                row,
            )


def _bad(message: str, field: str, row: int | None = None) -> InputError:
    return InputError(tidy(message), field=field, row=row)


def _odd(message: str, field: str, row: int) -> PlanWarning:
    return PlanWarning(message=tidy(message), field=field, row=row)
