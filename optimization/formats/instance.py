"""What a planning file says, whatever its format: tasks, vehicles, outlets and roads.

The words and rules are VROOM's (https://github.com/VROOM-Project/vroom, docs/API.md): loads grow
at a pickup and shrink at a delivery, a window limits when service begins, only the road is paid.
Outlets, where a vehicle empties itself on the way, are ours. Numbers are integers in the file's
own units times ``scale`` (10 where a benchmark counts in tenths, 1 otherwise).
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Id = int | str
Window = tuple[int, int]
Amounts = tuple[float, ...]

NO_ROAD = 1_000_000_000
"""Stands for « no way from here to there » in a matrix."""

SECONDS_PER_HOUR = 3600
METRES_PER_KM = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A place to serve.

    Attributes:
        kind: « job », « pickup » or « delivery » (the two ends of a shipment).
        row: its row and column in the matrices.
        windows: when service (and the setup before it) may begin; empty = any time.
        pickup, delivery: amounts taken and left, as many as the file counts.
        priority: 0 … 100.
        resource: what is collected, for outlets that do not take everything.
        value: what leaving it out costs, ``None`` when it should be served at any price.
        visits: visits a week, for the weekly capacity of an outlet.
    """

    kind: str
    id: Id
    row: int
    description: str = ""
    setup: int = 0
    service: int = 0
    windows: tuple[Window, ...] = ()
    pickup: Amounts = ()
    delivery: Amounts = ()
    skills: frozenset[int] = frozenset()
    priority: int = 0
    resource: str = ""
    value: float | None = None
    visits: float = 1.0

    @property
    def label(self) -> str:
        """As named in messages: « job 12 »."""
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """What is taken at one place must be brought to another by the same vehicle."""

    pickup: Task
    delivery: Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A pause that begins within one of its windows (empty = any time)."""

    id: Id
    service: int
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a vehicle costs: once, per hour and per kilometre of road, per hour of service."""

    fixed: float = 0.0
    per_hour: float = 3600.0
    per_km: float = 0.0
    per_task_hour: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One vehicle; ``start`` and ``end`` are rows, ``None`` where the route is open."""

    id: Id
    start: int | None
    end: int | None
    profile: str = "car"
    description: str = ""
    capacity: Amounts = ()
    skills: frozenset[int] = frozenset()
    window: Window | None = None
    breaks: tuple[Break, ...] = ()
    speed_factor: float = 1.0
    costs: Costs = field(default_factory=Costs)
    max_tasks: int | None = None
    max_trips: int | None = None
    max_travel_time: int | None = None
    max_distance: int | None = None

    @property
    def label(self) -> str:
        """As named in messages."""
        return f"véhicule {self.id}"

    @property
    def alike(self) -> "Vehicle":
        """The same for all vehicles that may stand in for one another."""
        breaks = tuple(replace(pause, id=0) for pause in self.breaks)
        return replace(self, id=0, description="", breaks=breaks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where vehicles unload all they carry.

    Attributes:
        windows: when unloading may begin; empty = any time.
        weekly: what it takes in a week, first amount of the file; ``None`` = everything.
        accepts: resources, empty = all.
    """

    id: Id
    row: int
    unload: int = 0
    windows: tuple[Window, ...] = ()
    weekly: float | None = None
    accepts: frozenset[str] = frozenset()
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roads:
    """Matrices of one profile, row = from, column = to; ``NO_ROAD`` where there is none.

    Attributes:
        durations: seconds.
        distances: metres, ``None`` when the file gives none.
        costs: what each leg costs when that is neither time nor distance.
    """

    durations: Ints
    distances: Ints | None = None
    costs: Ints | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """A file, read.

    Attributes:
        format: « VROOM », « VRPLIB », « Solomon » or « collecte ».
        locations: longitude and latitude of each row, where the file gives them.
        indexed: whether the file numbers its places itself (``location_index``).
        outlets: none in a pure VROOM file: a vehicle is then loaded and emptied at its ends.
        amounts: how many quantities the file counts.
        scale: of times and costs (see the module).
        travel: where durations come from, in French.
        most_vehicles: of all, ``None`` for all of them.
        remarks: French sentences that a reader of the plan should see.
    """

    format: str
    name: str
    jobs: tuple[Task, ...]
    vehicles: tuple[Vehicle, ...]
    roads: dict[str, Roads]
    shipments: tuple[Shipment, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    locations: tuple[tuple[float, float] | None, ...] = ()
    indexed: bool = True
    amounts: int = 0
    scale: int = 1
    most_vehicles: int | None = None
    travel: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Jobs, then both ends of each shipment."""
        ends = (task for pair in self.shipments for task in (pair.pickup, pair.delivery))
        return (*self.jobs, *ends)


def durations_of(instance: Instance, vehicle: Vehicle) -> Ints:
    """Seconds between all rows for that vehicle, speed factor included."""
    whole = instance.roads[vehicle.profile].durations
    if vehicle.speed_factor == 1:
        return whole
    scaled = np.rint(whole / vehicle.speed_factor).astype(np.int64)
    return np.where(whole >= NO_ROAD, NO_ROAD, scaled)


def windowed(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """Sorted windows, merged where they touch."""
    merged: list[Window] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
