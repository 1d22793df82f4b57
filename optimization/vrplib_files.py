"""Textbook instances: CVRP in VRPLIB's format, VRPTW in Solomon's, with their conventions.

* CVRP: Euclidean distances rounded to the nearest whole number (Uchoa et al., 2017), or explicit.
* VRPTW: distances and times with one decimal, truncated (the DIMACS challenge, 2021); everything
  is therefore counted in tenths.

The objective is the distance, vehicles are free and as many as needed; a load unit is one of the
problem's grams, a distance unit (or tenth) one metre and one euro.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import vrplib

from data.errors import InputError
from data.french import quote, tidy
from optimization.routing.problem import (
    ALWAYS,
    NANO_PER_EURO,
    NO_LIMIT,
    Ints,
    Kind,
    Problem,
    Windows,
)
from optimization.routing.solution import Solution

TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TextbookCase:
    """An instance as a problem.

    Attributes:
        name: as the file says.
        problem: its only outlet is the depot itself.
        scale: the problem's metres in one unit of the file's distances.
    """

    name: str
    problem: Problem
    scale: int

    def distance(self, solution: Solution) -> float:
        """Length of a solution in the file's unit, comparable with published values."""
        return solution.cost_neur / NANO_PER_EURO / self.scale


def read_textbook_case(path: Path) -> TextbookCase:
    """Read a CVRP (``.vrp``) or VRPTW (Solomon, any other ending) file.

    Raises:
        InputError: the file cannot be read as such, or is of another kind.
    """
    is_solomon = path.suffix.lower() != ".vrp"
    try:
        fields = vrplib.read_instance(
            str(path), instance_format="solomon" if is_solomon else "vrplib"
        )
        return _vrptw(fields) if is_solomon else _cvrp(fields)
    except (OSError, KeyError, ValueError, IndexError, TypeError, RuntimeError) as error:
        if isinstance(error, InputError):
            raise
        kind = "VRPTW au format Solomon" if is_solomon else "CVRP au format VRPLIB"
        raise InputError(
            tidy(f"{quote(path.name)} n’est pas une instance {kind} lisible : {error}."),
            field="Fichier",
        ) from error


def _cvrp(fields: dict[str, Any]) -> TextbookCase:
    kind = str(fields.get("type", "CVRP")).upper()
    if kind not in {"CVRP", "ACVRP"}:
        raise _unknown(f"le type {quote(kind)}")
    if [int(depot) for depot in fields["depot"]] != [0]:
        raise _unknown("un autre dépôt que le premier point")
    for extra in ("distance", "service_time", "vehicles"):
        if extra in fields:
            raise _unknown(f"la contrainte {quote(extra)}")
    legs = np.rint(np.asarray(fields["edge_weight"], dtype=float)).astype(np.int64)
    size = len(legs)
    if len(fields["demand"]) != size:
        raise ValueError("demandes et distances n’ont pas la même taille")
    problem = _problem(
        legs=legs,
        seconds=np.zeros_like(legs),
        demand=np.asarray(fields["demand"]),
        service=np.zeros(size, np.int64),
        windows=(ALWAYS,) * size,
        capacity=int(fields["capacity"]),
        end_s=ALWAYS[0][1],
    )
    return TextbookCase(name=str(fields["name"]), problem=problem, scale=1)


def _vrptw(fields: dict[str, Any]) -> TextbookCase:
    legs = np.floor(TENTHS * np.asarray(fields["edge_weight"], dtype=float) + 1e-6).astype(np.int64)
    hours = TENTHS * np.asarray(fields["time_window"]).astype(np.int64)
    windows = tuple(((int(start), int(end)),) for start, end in hours)
    problem = _problem(
        legs=legs,
        seconds=legs,
        demand=np.asarray(fields["demand"]),
        service=TENTHS * np.asarray(fields["service_time"]).astype(np.int64),
        windows=windows,
        capacity=int(fields["capacity"]),
        end_s=windows[0][0][1],
    )
    return TextbookCase(name=str(fields["name"]), problem=problem, scale=TENTHS)


def _problem(
    *,
    legs: Ints,
    seconds: Ints,
    demand: Ints,
    service: Ints,
    windows: tuple[Windows, ...],
    capacity: int,
    end_s: int,
) -> Problem:
    """The problem with the depot as its outlet, where unloading takes no time."""
    stops = len(legs) - 1
    if stops < 1:
        raise ValueError("aucun client")
    both = np.ix_([0, 0, *range(1, stops + 1)], [0, 0, *range(1, stops + 1)])
    grams = demand[1:].astype(np.int64)
    vehicle = Kind(
        vehicle_id="vehicle",
        count=stops,
        profile=0,
        capacity_g=capacity,
        capacity_mc=NO_LIMIT,
        range_m=NO_LIMIT,
        shift_start_s=0,
        shift_end_s=end_s,
        fixed_neur=0,
        second_neur=0,
        metre_neur=NANO_PER_EURO,
    )
    return Problem(
        stop_ids=tuple(str(number) for number in range(1, stops + 1)),
        outlet_ids=("depot",),
        kinds=(vehicle,),
        distance_m=legs[both][None],
        duration_s=seconds[both][None],
        demand_g=grams,
        demand_mc=np.zeros(stops, np.int64),
        weekly_g=grams,
        service_s=service[1:].astype(np.int64),
        windows=windows[1:],
        skip_neur=np.full(stops, NO_LIMIT, np.int64),
        unload_s=np.zeros(1, np.int64),
        outlet_windows=(ALWAYS,),
        outlet_weekly_g=np.full(1, NO_LIMIT, np.int64),
    )


def _unknown(what: str) -> InputError:
    return InputError(tidy(f"Instance non prise en charge : {what}."), field="Fichier")
