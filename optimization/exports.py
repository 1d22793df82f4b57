"""A plan in files: CSV for the spreadsheet, GPX for the rider's phone, GeoJSON for any map."""

import csv
import io
import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from data.french import clock, kilometres, quantity
from data.model import Depot, Outlet, Plan, Round, Scenario, Stop, Visit, VisitKind
from geo.travel.source import Place, TravelSource

GPX_NAMESPACE = "http://www.topografix.com/GPX/1/1"
LOCAL_TIME = ZoneInfo("Europe/Paris")
BOM = "\ufeff"

KIND_FR = {
    VisitKind.START: "Départ",
    VisitKind.STOP: "Collecte",
    VisitKind.UNLOAD: "Déchargement",
    VisitKind.END: "Retour",
}

COLUMNS = (
    "Tournée",
    "Véhicule",
    "Ordre",
    "Étape",
    "Lieu",
    "Adresse",
    "Arrivée",
    "Attente (min)",
    "Départ",
    "Kg collectés",
    "Kg à bord au départ",
    "Contenants à bord au départ",
    "Distance depuis l’étape précédente (km)",
    "Motif si non desservi",
)


def to_csv(plan: Plan, scenario: Scenario) -> str:
    """Visits in order, then the stops left out: « ; », decimal comma, byte-order mark."""
    places = _places(scenario)
    stops = {stop.id: stop for stop in scenario.stops}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, round_ in enumerate(plan.rounds, start=1):
        name = _vehicle_name(round_, scenario)
        for order, visit in enumerate(round_.visits):
            place = places[_role(visit.kind), visit.place_id]
            collected = (
                _decimal(stops[visit.place_id].kg_per_visit, 1)
                if visit.kind is VisitKind.STOP
                else ""
            )
            row = [
                str(number),
                name,
                str(order),
                KIND_FR[visit.kind],
                place.name,
                place.address,
                _hhmm(visit.arrival_s),
                _decimal(visit.wait_s / 60, 0),
                "" if visit.kind is VisitKind.END else _hhmm(visit.departure_s),
                collected,
                _decimal(visit.load_kg, 1),
                _decimal(visit.load_containers, 1),
                _decimal(visit.distance_m / 1000, 2),
                "",
            ]
            writer.writerow(_harmless(cell) for cell in row)
    for unserved in plan.unserved:
        stop = stops[unserved.stop_id]
        row = ["", "", "", "Non desservi", stop.name, stop.address, *[""] * 7]
        writer.writerow(_harmless(cell) for cell in (*row, unserved.detail or unserved.reason))
    return BOM + text.getvalue()


def to_gpx(
    plan: Plan, scenario: Scenario, travel: TravelSource, *, round_number: int | None = None
) -> bytes:
    """GPX 1.1: a waypoint per visit, and a route and a track per round.

    Args:
        plan: the plan.
        scenario: what it answers.
        travel: draws each leg.
        round_number: 1-based; that round only. All of them by default.
    """
    ET.register_namespace("", GPX_NAMESPACE)
    root = ET.Element(_tag("gpx"), {"version": "1.1", "creator": "Cartoflux"})
    metadata = ET.SubElement(root, _tag("metadata"))
    _text(metadata, "name", plan.name)
    _text(metadata, "desc", f"Distances : {plan.travel_source}")
    places = _places(scenario)
    chosen = [
        (number, round_)
        for number, round_ in enumerate(plan.rounds, start=1)
        if round_number in {None, number}
    ]
    # The schema wants all waypoints, then all routes, then all tracks.
    for _, round_ in chosen:
        for order, visit in enumerate(round_.visits):
            place = places[_role(visit.kind), visit.place_id]
            point = ET.SubElement(root, _tag("wpt"), _lat_lon((place.lon, place.lat)))
            _describe(point, visit, place.name, order, scenario.day)
    for number, round_ in chosen:
        route = ET.SubElement(root, _tag("rte"))
        _text(route, "name", f"Tournée {number} – {_vehicle_name(round_, scenario)}")
        _text(route, "number", str(number))
        for order, visit in enumerate(round_.visits):
            place = places[_role(visit.kind), visit.place_id]
            point = ET.SubElement(route, _tag("rtept"), _lat_lon((place.lon, place.lat)))
            _describe(point, visit, place.name, order, scenario.day)
    for number, round_ in chosen:
        track = ET.SubElement(root, _tag("trk"))
        _text(track, "name", f"Tournée {number} – {_vehicle_name(round_, scenario)}")
        segment = ET.SubElement(track, _tag("trkseg"))
        for position in line_of(round_, scenario, travel):
            ET.SubElement(segment, _tag("trkpt"), _lat_lon(position))
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def to_geojson(plan: Plan, scenario: Scenario, travel: TravelSource) -> str:
    """One line per round and one point per visit, then the stops left out."""
    places = _places(scenario)
    features: list[dict[str, Any]] = []
    for number, round_ in enumerate(plan.rounds, start=1):
        shared = {"round": number, "vehicle": _vehicle_name(round_, scenario)}
        line = {
            "type": "LineString",
            "coordinates": [list(position) for position in line_of(round_, scenario, travel)],
        }
        length = sum(visit.distance_m for visit in round_.visits)
        sequence = [visit.place_id for visit in round_.visits]
        details = {"kind": "round", "distance_m": length, "sequence": sequence}
        features.append(_feature(line, {**shared, **details}))
        for order, visit in enumerate(round_.visits):
            place = places[_role(visit.kind), visit.place_id]
            details = {
                "kind": str(visit.kind),
                "order": order,
                "place_id": visit.place_id,
                "name": place.name,
                "arrival_s": visit.arrival_s,
                "departure_s": visit.departure_s,
                "load_kg": visit.load_kg,
            }
            features.append(_feature(_point(place), {**shared, **details}))
    for unserved in plan.unserved:
        place = places["stop", unserved.stop_id]
        details = {
            "kind": "unserved",
            "place_id": unserved.stop_id,
            "name": place.name,
            "reason": str(unserved.reason),
            "detail": unserved.detail,
        }
        features.append(_feature(_point(place), details))
    collection = {"type": "FeatureCollection", "name": plan.name, "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False)


def line_of(round_: Round, scenario: Scenario, travel: TravelSource) -> list[Place]:
    """The line of a round, leg after leg, as the travel source draws it."""
    modes = {vehicle.id: vehicle.mode for vehicle in scenario.vehicles}
    places = _places(scenario)
    positions = [
        (place.lon, place.lat)
        for place in (places[_role(visit.kind), visit.place_id] for visit in round_.visits)
    ]
    line = positions[:1]
    for a, b in pairwise(positions):
        line += travel.leg(a, b, modes[round_.vehicle_id])[1:]
    return line


def _places(scenario: Scenario) -> dict[tuple[str, str], Stop | Outlet | Depot]:
    found: dict[tuple[str, str], Stop | Outlet | Depot] = {}
    found |= {("stop", stop.id): stop for stop in scenario.stops}
    found |= {("outlet", outlet.id): outlet for outlet in scenario.outlets}
    found |= {("depot", depot.id): depot for depot in reversed(scenario.all_depots)}
    return found


def _role(kind: VisitKind) -> str:
    return {VisitKind.STOP: "stop", VisitKind.UNLOAD: "outlet"}.get(kind, "depot")


def _vehicle_name(round_: Round, scenario: Scenario) -> str:
    vehicle = next(v for v in scenario.vehicles if v.id == round_.vehicle_id)
    return f"{vehicle.name} n° {round_.vehicle_number}" if vehicle.count > 1 else vehicle.name


def _harmless(cell: str) -> str:
    """Disarm what a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _decimal(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")


def _hhmm(seconds: int) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _tag(name: str) -> str:
    return f"{{{GPX_NAMESPACE}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    # Control characters have no place in XML, escaped or not.
    clean = "".join(c for c in text if c.isprintable() or c in "\n\t")
    ET.SubElement(parent, _tag(name)).text = clean


def _lat_lon(position: Place) -> dict[str, str]:
    return {"lat": f"{position[1]:.6f}", "lon": f"{position[0]:.6f}"}


def _describe(point: ET.Element, visit: Visit, name: str, order: int, day: str) -> None:
    if day:  # « un jour type » has no date, and GPX no time of day without one
        midnight = datetime.combine(date.fromisoformat(day), time(), tzinfo=LOCAL_TIME)
        arrival = (midnight + timedelta(seconds=visit.arrival_s)).astimezone(UTC)
        _text(point, "time", arrival.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _text(point, "name", f"{order} – {name}")
    parts = [KIND_FR[visit.kind], clock(visit.arrival_s)]
    if visit.distance_m:
        parts.append(kilometres(visit.distance_m))
    if visit.kind is VisitKind.STOP:
        parts.append(f"à bord : {quantity(visit.load_kg, 'kg')}")
    _text(point, "desc", ", ".join(parts))


def _point(place: Stop | Outlet | Depot) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [place.lon, place.lat]}


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
