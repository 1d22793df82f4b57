"""The sheet a rider takes along: one round, or all of them, each on its own page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise

from data import french
from data.errors import InputError
from data.figures import Figure
from data.model import (
    Commune,
    Depot,
    Plan,
    Round,
    Scenario,
    Stop,
    TimeWindow,
    Vehicle,
    Visit,
    VisitKind,
)
from geo.travel import TravelSource
from pages.documents.sketch import Mark, Position, sketches
from pages.documents.typesetting import printable, typeset
from pages.rounds_parts.measures import (
    collected_containers,
    collected_kg,
    distance_m,
    lasting_s,
    stop_count,
    vehicle_name,
    vehicle_of,
)
from pages.rounds_parts.sites import Site, Sites
from pages.ui import localtime, palette, wording

_SKETCH_WIDTH_MM = 182.0
_SKETCH_HEIGHT_MM = 58.0
_STRAIGHT = 2
_DECLARATION_KG = "transport_declaration_kg"


def rider_sheet(
    plan: Plan,
    scenario: Scenario,
    round_index: int | None,
    travel: TravelSource,
    figures: Mapping[str, Figure],
    *,
    communes: Sequence[Commune] = (),
    today: dt.date | None = None,
) -> bytes:
    """Return the PDF (A4) of one round, or of all rounds when ``round_index`` is ``None``.

    Args:
        plan: a checked plan.
        scenario: the choices it was made from.
        round_index: 0-based index in ``plan.rounds``.
        travel: gives the drawing of each leg; its figures are not used again.
        figures: reference figures (the threshold of the transport declaration).
        communes: outlines for the map sketch; none gives a sketch without background.
        today: date printed at the foot; same arguments, same bytes.

    Raises:
        InputError: the plan has no round, or not that one.
    """
    if not plan.rounds:
        raise InputError(
            "Ce plan n’a aucune tournée à imprimer : proposez d’abord des tournées.",
            field="Tournée",
        )
    if round_index is not None and not 0 <= round_index < len(plan.rounds):
        raise InputError(
            f"La tournée {round_index + 1} n’existe pas : le plan en compte {len(plan.rounds)}.",
            field="Tournée",
        )
    day = today or localtime.today()
    chosen = range(len(plan.rounds)) if round_index is None else [round_index]
    content = {
        "title": printable(plan.name or scenario.name),
        "day": _day(scenario.day),
        "established": french.date(day),
        "travel": travel_note(plan),
        "sheets": [
            sheet_of(plan, scenario, index, travel=travel, figures=figures, communes=communes)
            for index in chosen
        ],
        "left_out": _left_out(plan, scenario),
    }
    return typeset("rider_sheet", content, day)


def _day(iso: str) -> str:
    return french.date(iso) if iso else "jour type"


def travel_note(plan: Plan) -> str:
    """Return where distances come from and what they are worth."""
    margin = french.percent(plan.travel_margin)
    return french.tidy(
        f"Distances et heures : {printable(plan.travel_source)}. La tournée réelle peut être plus "
        f"longue ou plus courte de {margin}."
    )


def sheet_of(
    plan: Plan,
    scenario: Scenario,
    index: int,
    *,
    travel: TravelSource,
    figures: Mapping[str, Figure],
    communes: Sequence[Commune],
) -> dict[str, object]:
    """Return what the template's ``sheet`` shows of one round."""
    trip = plan.rounds[index]
    sites = Sites(scenario)
    vehicle = vehicle_of(trip, scenario)
    labels = halt_labels(trip)
    marks = [
        Mark(label, (place.lon, place.lat), visit.kind is VisitKind.STOP)
        for label, visit in zip(labels, trip.visits, strict=True)
        for place in [sites.of(visit)]
    ]
    legs = [
        list(travel.leg(a.position, b.position, vehicle.mode))
        for a, b in pairwise(marks)
        if a.position != b.position
    ]
    drawings = sketches(
        marks, legs, communes, width_mm=_SKETCH_WIDTH_MM, height_mm=_SKETCH_HEIGHT_MM
    )
    return {
        "number": index + 1,
        "of": len(plan.rounds),
        "color": palette.round_style(index).color,
        "facts": _facts(trip, vehicle, scenario.depot),
        "sketches": drawings,
        "straight": _all_straight(legs),
        "rows": [
            _row(label, visit, sites.of(visit))
            for label, visit in zip(labels, trip.visits, strict=True)
        ],
        "totals": _totals(trip, vehicle),
        "notes": _notes(trip, figures),
    }


def halt_labels(trip: Round) -> list[str]:
    """Name each visit of a round: D for the depot, E for an outlet, 1, 2, 3… for stops."""
    labels: list[str] = []
    number = 0
    for visit in trip.visits:
        if visit.kind is VisitKind.STOP:
            number += 1
            labels.append(str(number))
        else:
            labels.append("E" if visit.kind is VisitKind.UNLOAD else "D")
    return labels


def _all_straight(legs: Sequence[Sequence[Position]]) -> bool:
    return all(len(leg) <= _STRAIGHT for leg in legs)


def _facts(trip: Round, vehicle: Vehicle, depot: Depot) -> list[list[str]]:
    name = printable(vehicle_name(trip, vehicle))
    mode = wording.TRAVEL_MODE[vehicle.mode].casefold()
    if mode not in name.casefold():
        name += f" ({mode})"
    where = printable(depot.name)
    if depot.address:
        where += f", {printable(depot.address)}"
    return [
        ["Véhicule", name],
        ["Dépôt", where],
        ["Départ", french.clock(trip.visits[0].departure_s)],
        ["Retour prévu", french.clock(trip.visits[-1].arrival_s)],
    ]


def _row(label: str, visit: Visit, place: Site) -> dict[str, object]:
    kg = containers = ""
    if isinstance(place, Stop) and visit.kind is VisitKind.STOP:
        kg = french.number(place.kg_per_visit, 0 if place.kg_per_visit >= 10 else 1)  # noqa: PLR2004 - tenths of a kilo only for small loads
        containers = french.number(place.containers_per_visit)
    return {
        "label": label,
        "kind": visit.kind.value,
        "name": printable(place.name),
        # The depot's address is at the top of the sheet already.
        "address": "" if isinstance(place, Depot) else printable(place.address),
        "clock": french.clock(visit.arrival_s),
        "kg": kg,
        "containers": containers,
        "load": french.number(visit.load_kg, 0),
        "remarks": " · ".join(_remarks(visit, place)),
    }


def _remarks(visit: Visit, place: Site) -> list[str]:
    remarks: list[str] = []
    if visit.kind is VisitKind.START:
        remarks.append(f"partir à {french.clock(visit.departure_s)}")
    if visit.wait_s >= 60:  # noqa: PLR2004 - waits under a minute are noise
        remarks.append(f"attendre {french.duration(visit.wait_s)}")
    if not isinstance(place, Depot) and place.windows:
        remarks.append("accès " + ", ".join(window_text(w) for w in place.windows))
    if visit.kind is VisitKind.UNLOAD:
        remarks.append(f"vider, {french.duration(visit.service_s)}")
    elif visit.kind is VisitKind.STOP:
        remarks.append(f"arrêt {french.duration(visit.service_s)}")
    return remarks


def window_text(window: TimeWindow) -> str:
    """Write a window: « 8 h 00 – 11 h 30 »."""
    return f"{french.clock(window.start_s)} – {french.clock(window.end_s)}"


def _totals(trip: Round, vehicle: Vehicle) -> list[list[str]]:
    heaviest = max(visit.load_kg for visit in trip.visits)
    return [
        ["Points", french.number(stop_count(trip))],
        ["À collecter", french.quantity(collected_kg(trip), "kg", 0)],
        ["Contenants", french.number(collected_containers(trip))],
        ["Distance", french.kilometres(distance_m(trip))],
        ["Durée", french.duration(lasting_s(trip))],
        [
            "Charge la plus forte",
            f"{french.number(heaviest, 0)} / {french.quantity(vehicle.capacity_kg, 'kg', 0)}",
        ],
    ]


def _notes(trip: Round, figures: Mapping[str, Figure]) -> list[str]:
    threshold = figures.get(_DECLARATION_KG)
    if threshold is None or max(v.load_kg for v in trip.visits) <= threshold.value:
        return []
    limit = french.quantity(threshold.value, threshold.unit)
    return [
        french.tidy(
            f"Chargement de plus de {limit} : ce transport de déchets doit être déclaré "
            f"({printable(threshold.source)})."
        )
    ]


def _left_out(plan: Plan, scenario: Scenario) -> list[dict[str, str]]:
    names = {stop.id: stop.name for stop in scenario.stops}
    return [
        {
            "name": printable(names.get(stop.stop_id, stop.stop_id)),
            "reason": wording.UNSERVED_REASON[stop.reason],
            "detail": printable(stop.detail),
        }
        for stop in plan.unserved
    ]
