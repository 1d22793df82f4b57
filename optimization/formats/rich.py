"""The collection benchmark's JSON: bikes and vans, one disposal site, unloading after each trip."""

from collections.abc import Mapping
from typing import Any

from optimization.formats.fields import Fields, wrong
from optimization.formats.instance import (
    SECONDS_PER_HOUR,
    Costs,
    Instance,
    Outlet,
    Roads,
    Task,
    Vehicle,
)
from optimization.formats.places import square

KEYS = frozenset({"n", "T", "kg", "bins", "svc", "tw", "unload", "types"})

FIRST = 2
"""Location of the first stop; 0 is the depot, 1 the disposal site."""

MOST_VEHICLES = 10_000


def is_rich(content: Mapping[str, Any]) -> bool:
    """Whether a JSON object has the family's keys."""
    return set(content) >= KEYS


def read_rich(content: Mapping[str, Any], name: str) -> Instance:
    """Read a file already parsed.

    Raises:
        InputError: a list has not one entry by location, or an entry is wrong.
    """
    file = Fields(content, "Le fichier")
    for key, place in (("depot", 0), ("disp", 1)):
        if file.has(key) and file.whole(key) != place:
            raise file.refuse(key, f"ce lieu est toujours le numéro {place}")
    stops = file.whole("n")
    size = stops + FIRST
    for key in ("kg", "bins", "svc", "tw"):
        if len(file.entries(key)) != size:
            raise file.refuse(key, f"{size} valeurs attendues (dépôt, exutoire, {stops} points)")
    roads = {
        str(number): Roads(durations=square(matrix, f"T[{number}]"))
        for number, matrix in enumerate(file.entries("T"))
    }
    for profile, one in roads.items():
        if len(one.durations) != size:
            raise file.refuse("T", f"la matrice {profile} n’a pas {size} lignes")
    locations = file.entries("locs")
    return Instance(
        format="collecte",
        name=name,
        jobs=tuple(_job(file, number) for number in range(FIRST, size)),
        vehicles=tuple(_fleet(file, roads)),
        roads=roads,
        outlets=(Outlet(id=1, row=1, unload=file.whole("unload"), description="disposal"),),
        locations=tuple((float(lon), float(lat)) for lat, lon in locations)
        if len(locations) == size
        else (),
        amounts=2,
        travel="matrices du fichier",
    )


def _job(file: Fields, number: int) -> Task:
    one = Fields(
        {key: file.entries(key)[number] for key in ("kg", "bins", "svc")}
        | {"tw": [file.entries("tw")[number]]},
        f"point {number}",
    )
    return Task(
        kind="job",
        id=number,
        row=number,
        service=one.whole("svc"),
        windows=one.windows("tw"),
        pickup=(one.number("kg"), one.number("bins")),
    )


def _fleet(file: Fields, roads: Mapping[str, Roads]) -> list[Vehicle]:
    fleet: list[Vehicle] = []
    for kind in file.objects("types", "type de véhicule"):
        profile = str(kind.whole("T"))
        if profile not in roads:
            raise kind.refuse("T", f"il n’y a pas de matrice {profile}")
        count = kind.whole("count", 1)
        if len(fleet) + count > MOST_VEHICLES:
            raise kind.refuse("count", f"plus de {MOST_VEHICLES} véhicules")
        for _ in range(count):
            fleet.append(
                Vehicle(
                    id=len(fleet) + 1,
                    description=kind.text("name"),
                    start=0,
                    end=0,
                    profile=profile,
                    capacity=(kind.number("kg"), kind.number("bins")),
                    window=kind.window("shift"),
                    costs=Costs(
                        fixed=kind.number("fixed", 0),
                        per_hour=SECONDS_PER_HOUR * kind.number("unit", 1),
                    ),
                )
            )
    if not fleet:
        raise wrong("Le fichier ne donne aucun véhicule (« types »).", field="types")
    return fleet
