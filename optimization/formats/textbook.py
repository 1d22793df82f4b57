"""Textbook instances (VRPLIB's CVRP and VRPTW, Solomon's VRPTW) as files of ours.

Conventions, as published results follow them:

* CVRP: Euclidean distances rounded to the nearest whole number, or the file's own matrix.
* VRPTW: distances and times truncated to one decimal (the DIMACS challenge); all counted in tenths.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np
import vrplib

from data.errors import InputError
from data.french import number, quote
from optimization.formats.fields import wrong
from optimization.formats.instance import Instance, Roads, Task, Vehicle, Window
from optimization.formats.places import MOST_PLACES

TENTHS = 10
FLEET_COLUMNS, COLUMNS = 2, 7
"""Of Solomon's two tables: vehicles and capacity; number, x, y, demand, hours, service."""

_DIMENSION = re.compile(r"^DIMENSION\s*:\s*(\d+)", re.MULTILINE)

ANY_LOAD = float(2**40)
KNOWN_TYPES = {"CVRP", "ACVRP", "DCVRP", "VRPTW", "CVRPTW"}


def read_textbook(path: Path, text: str) -> Instance:
    """Read a file whose text is ``text``.

    Raises:
        InputError: it is neither, or holds a rule that is not supported.
    """
    titled = path.suffix.lower() == ".vrp" and "CUSTOMER" not in text.upper()
    solomon = "DIMENSION" not in text and not titled
    nodes = text.count("\n")
    if (size := _DIMENSION.search(text)) is not None:
        nodes = int(size[1])
    if nodes > MOST_PLACES:
        raise wrong(
            f"{quote(path.name)} : plus de {number(MOST_PLACES)} lieux, découpez le fichier."
        )
    try:
        fields = _solomon(text) if solomon else vrplib.read_instance(str(path))
        return _instance(fields, "Solomon" if solomon else "VRPLIB", path.stem)
    except InputError:
        raise
    except (OSError, KeyError, ValueError, IndexError, TypeError, RuntimeError) as error:
        kind = "VRPTW au format Solomon" if solomon else "CVRP ou VRPTW au format VRPLIB"
        why = f"il y manque {error}" if isinstance(error, KeyError) else str(error)
        raise wrong(f"{quote(path.name)} n’est pas une instance {kind} lisible : {why}.") from error


def _solomon(text: str) -> dict[str, Any]:
    """Fields of a Solomon file, wherever its blank lines are and whatever its titles.

    Raises:
        ValueError: neither the vehicles nor the customers are found.
    """
    rows = [_numbers(line) for line in text.splitlines()]
    fleet = next((row for row in rows if row is not None and len(row) == FLEET_COLUMNS), None)
    customers = [row for row in rows if row is not None and len(row) == COLUMNS]
    if fleet is None or not customers:
        raise ValueError("ni véhicules, ni clients à sept colonnes")
    table = np.array(customers)
    if sorted(table[:, 0].tolist()) != list(range(len(table))):
        raise ValueError("les clients ne sont pas numérotés à partir de 0, le dépôt")
    table = table[np.argsort(table[:, 0])]
    apart = table[:, None, 1:3] - table[None, :, 1:3]
    return {
        "name": next((line.strip() for line in text.splitlines() if line.strip()), ""),
        "vehicles": int(fleet[0]),
        "capacity": fleet[1],
        "demand": table[:, 3],
        "time_window": table[:, 4:6],
        "service_time": table[:, 6],
        "edge_weight": np.sqrt((apart**2).sum(axis=2)),
    }


def _numbers(line: str) -> list[float] | None:
    """A line of numbers only."""
    try:
        return [float(word) for word in line.split()] or None
    except ValueError:
        return None


def _instance(fields: dict[str, Any], form: str, stem: str) -> Instance:
    kind = str(fields.get("type", "VRPTW" if form == "Solomon" else "CVRP")).upper()
    if kind not in KNOWN_TYPES:
        raise wrong(f"Instance de type {quote(kind)}, non pris en charge : CVRP ou VRPTW attendu.")
    depots = [int(depot) for depot in np.atleast_1d(fields.get("depot", [0]))]
    if len(depots) != 1:
        raise wrong(f"Instance à {len(depots)} dépôts, un seul est pris en charge.")
    hours = fields.get("time_window")
    scale = 1 if hours is None else TENTHS
    real = np.asarray(fields["edge_weight"], dtype=np.float64)
    legs = (np.rint(real) if hours is None else np.floor(TENTHS * real + 1e-6)).astype(np.int64)
    np.fill_diagonal(legs, 0)
    demand = np.asarray(fields["demand"])
    if len(demand) != len(legs):
        raise ValueError("demandes et distances n’ont pas la même taille")
    if (demand < 0).any():
        raise ValueError("une demande est négative")
    customers = [node for node in range(len(legs)) if node != depots[0]]
    service = _service(fields, len(legs), scale)
    windows: list[tuple[Window, ...]] = [()] * len(legs)
    if hours is not None:
        windows = [((_whole(scale, a), _whole(scale, b)),) for a, b in np.asarray(hours)]
    return Instance(
        format=form,
        name=str(fields.get("name", stem)),
        jobs=tuple(
            Task(
                kind="job",
                id=node,
                row=node,
                service=service[node],
                windows=windows[node],
                pickup=(float(demand[node]),),
            )
            for node in customers
        ),
        vehicles=_fleet(fields, len(customers), depots[0], _shift(fields, windows, depots[0])),
        roads={"car": Roads(durations=legs, distances=legs)},
        amounts=1,
        scale=scale,
        most_vehicles=_limit(fields.get("vehicles")),
        travel=_convention(fields, hours is not None),
    )


def _fleet(
    fields: dict[str, Any], customers: int, depot: int, window: Window | None
) -> tuple[Vehicle, ...]:
    """As many vehicles as customers, so that trips are independent (see ``most_vehicles``)."""
    capacity = (float(fields.get("capacity", ANY_LOAD)),)
    return tuple(
        Vehicle(id=number, start=depot, end=depot, capacity=capacity, window=window)
        for number in range(1, max(1, customers) + 1)
    )


def _shift(fields: dict[str, Any], windows: list[tuple[Window, ...]], depot: int) -> Window | None:
    """The depot's hours; the longest route allowed (« DISTANCE ») counts as hours."""
    if windows[depot]:
        return windows[depot][0]
    return (0, int(fields["distance"])) if "distance" in fields else None


def _service(fields: dict[str, Any], size: int, scale: int) -> list[int]:
    given = fields.get("service_time", 0)
    if np.ndim(given) == 0:
        return [_whole(scale, given)] * size
    return [_whole(scale, value) for value in given]


def _limit(vehicles: Any) -> int | None:
    return None if vehicles is None or np.ndim(vehicles) else max(1, int(vehicles))


def _whole(scale: int, value: float) -> int:
    return int(np.rint(scale * float(value)))


def _convention(fields: dict[str, Any], timed: bool) -> str:
    if str(fields.get("edge_weight_type", "EUC_2D")).upper() == "EXPLICIT":
        return "matrice du fichier"
    return (
        "distances euclidiennes tronquées au dixième"
        if timed
        else "distances euclidiennes arrondies à l’unité"
    )
