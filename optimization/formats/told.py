"""A solution as its file tells it: VROOM's JSON or VRPLIB's ``.sol``, nothing recomputed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.french import quote
from optimization.formats.fields import Fields, wrong
from optimization.formats.instance import Id, Instance
from optimization.formats.reading import parse, read_text

_ROUTE = re.compile(r"route\s*#?\s*(\d+)\s*:\s*(.*)", re.IGNORECASE)
_COST = re.compile(r"(?:cost|total distance|distance)\s*:?\s*([0-9.]+)", re.IGNORECASE)

STEP_TYPES = {"start", "job", "pickup", "delivery", "break", "unload", "end"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStep:
    """One step; ``None`` for what the file does not tell."""

    type: str
    id: Id | None = None
    arrival: float | None = None
    waiting: float | None = None
    setup: float | None = None
    service: float | None = None
    duration: float | None = None
    distance: float | None = None
    load: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRoute:
    """One vehicle's steps."""

    vehicle: Id
    steps: tuple[ToldStep, ...]
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A whole solution; ``unassigned`` holds types (« » when not told) and identifiers."""

    routes: tuple[ToldRoute, ...]
    unassigned: tuple[tuple[str, Id], ...] = ()
    cost: float | None = None
    announced_unassigned: float | None = None


def read_told(path: Path, instance: Instance) -> Told:
    """Read a solution file.

    Args:
        path: VROOM's JSON, or ``.sol``.
        instance: the problem, for the vehicles that a ``.sol`` does not name.

    Raises:
        InputError: it is neither.
    """
    text = read_text(path)
    if text.lstrip().startswith(("{", "[")):
        return told_of(parse(text, path))
    return _sol(text, path, instance)


def told_of(content: Mapping[str, Any]) -> Told:
    """From VROOM's JSON.

    Raises:
        InputError: it is not a solution, or tells an error.
    """
    file = Fields(content, "La solution")
    if not file.has("routes"):
        why = f" : {content['error']}" if content.get("error") else ""
        raise wrong(f"La solution ne contient aucune tournée (« routes »){why}.", field="routes")
    summary = file.inside("summary", "summary")
    return Told(
        routes=tuple(_route(one) for one in file.objects("routes", "tournée")),
        unassigned=tuple(
            (one.text("type"), one.id()) for one in file.objects("unassigned", "non affecté")
        ),
        cost=summary.number("cost") if summary.has("cost") else None,
        announced_unassigned=(summary.number("unassigned") if summary.has("unassigned") else None),
    )


def _route(one: Fields) -> ToldRoute:
    return ToldRoute(
        vehicle=one.id("vehicle"),
        steps=tuple(_step(step) for step in one.objects("steps", "étape")),
        cost=_maybe(one, "cost"),
    )


def _step(one: Fields) -> ToldStep:
    kind = one.text("type")
    if kind not in STEP_TYPES:
        raise one.refuse("type", f"type d’étape inconnu {quote(kind)}")
    key = "id" if one.has("id") else "job"
    return ToldStep(
        type=kind,
        id=one.id(key) if one.has(key) and kind not in {"start", "end"} else None,
        arrival=_maybe(one, "arrival"),
        waiting=_maybe(one, "waiting_time"),
        setup=_maybe(one, "setup"),
        service=_maybe(one, "service"),
        duration=_maybe(one, "duration"),
        distance=_maybe(one, "distance"),
        load=one.amounts("load") if one.has("load") else None,
    )


def _maybe(one: Fields, key: str) -> float | None:
    return one.number(key, least=-(2.0**40)) if one.has(key) else None


def _sol(text: str, path: Path, instance: Instance) -> Told:
    tours: list[list[int]] = []
    cost = None
    for line in text.splitlines():
        if route := _ROUTE.match(line.strip()):
            try:
                tours.append([int(word) for word in route[2].split()])
            except ValueError:
                raise wrong(
                    f"{quote(path.name)}, {line.strip()[:40]} : des numéros de clients attendus."
                ) from None
        elif found := _COST.match(line.strip()):
            cost = float(found[1])
    if not tours:
        raise wrong(f"{quote(path.name)} n’est ni du JSON, ni un fichier .sol (« Route #1: … »).")
    if len(tours) > len(instance.vehicles):
        raise wrong(
            f"{quote(path.name)} : {len(tours)} tournées pour {len(instance.vehicles)} véhicules."
        )
    return Told(
        routes=tuple(
            ToldRoute(
                vehicle=vehicle.id,
                steps=(
                    ToldStep(type="start"),
                    *(ToldStep(type="job", id=client) for client in tour),
                    ToldStep(type="end"),
                ),
            )
            for tour, vehicle in zip(tours, instance.vehicles, strict=False)
            if tour
        ),
        cost=cost,
    )
