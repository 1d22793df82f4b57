"""The hours of a file on the planner's clock, which starts at zero and runs eleven days."""

from dataclasses import dataclass

from optimization.formats.fields import wrong
from optimization.formats.instance import (
    NO_ROAD,
    Break,
    Instance,
    Vehicle,
    Window,
    durations_of,
)
from optimization.routing.problem import ALWAYS, Windows

HORIZON = ALWAYS[0][1]

NEVER: Windows = ((HORIZON + 1, HORIZON + 1),)
"""After the end of every shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A clock.

    Attributes:
        timed: whether hours matter at all.
        origin: the file's moment at the clock's zero.
        hull: first and last moment of all shifts that the file leaves open.
    """

    timed: bool
    origin: int
    hull: Window

    def shift(self, vehicle: Vehicle) -> Window:
        """First and last moment of a vehicle."""
        start, end = vehicle.window or self.hull
        return start - self.origin, end - self.origin

    def windows(self, windows: tuple[Window, ...]) -> Windows:
        """Opening hours."""
        if not windows:
            return ALWAYS
        shifted = ((start - self.origin, end - self.origin) for start, end in windows)
        return (
            tuple((max(0, s), min(HORIZON, e)) for s, e in shifted if e >= 0 and s <= HORIZON)
            or NEVER
        )

    def pause(self, vehicle: Vehicle) -> tuple[int, int, int]:
        """Length, first and last start of the pause; zeros when there is none.

        Its hours are cut so that it fits within the shift even before leaving or once back.

        Raises:
            InputError: it cannot fit in the shift.
        """
        if not vehicle.breaks:
            return 0, 0, 0
        pause = vehicle.breaks[0]
        opens, closes = self.shift(vehicle)
        length = max(1, pause.service)
        widest: Window | None = None
        for start, end in self.windows(pause.windows):
            cut = max(start, opens), min(end, closes - length)
            if cut[0] <= cut[1] and (widest is None or cut[1] - cut[0] > widest[1] - widest[0]):
                widest = cut
        if widest is None:
            raise wrong(
                f"{vehicle.label} : la pause {pause.id} ne tient pas dans ses heures de service.",
                field="breaks",
            )
        return length, *widest


def schedule_of(instance: Instance, *, paid: bool) -> Schedule:
    """The clock of a file.

    Args:
        instance: the file.
        paid: whether time out is paid, so that it matters even without hours.

    Raises:
        InputError: hours span more than eleven days.
    """
    breaks: list[Break] = [pause for v in instance.vehicles for pause in v.breaks]
    shifts = [v.window for v in instance.vehicles if v.window is not None]
    tasks: list[Window] = [w for t in instance.tasks for w in t.windows]
    tasks += [w for outlet in instance.outlets for w in outlet.windows]
    tasks += [w for pause in breaks for w in pause.windows]
    timed = paid or bool(shifts or tasks or breaks)
    if not timed:
        return Schedule(timed=False, origin=0, hull=(0, HORIZON))
    if len(shifts) == len(instance.vehicles):
        low, high = min(s for s, _ in shifts), max(e for _, e in shifts)
    else:
        known = [*shifts, *tasks] or [(0, 0)]
        low, high = min(start for start, _ in known), max(end for _, end in known)
        room = max(0, HORIZON - (high - low))
        before = min(low, _longest(instance), room // 2)
        low -= before
        high += min(_longest(instance), room - before)
    if high - low > HORIZON:
        raise wrong(
            "Les horaires du fichier s’étalent sur plus de onze jours : découpez-le.",
            field="time_windows",
        )
    return Schedule(timed=True, origin=low, hull=(low, high))


def _longest(instance: Instance) -> int:
    """Seconds that no sensible route exceeds, waits aside."""
    legs = 0
    for vehicle in {v.alike for v in instance.vehicles}:
        durations = durations_of(instance, vehicle)
        legs = max(legs, int(durations[durations < NO_ROAD].max(initial=0)))
    stays = sum(task.setup + task.service for task in instance.tasks)
    unloads = max((outlet.unload for outlet in instance.outlets), default=0)
    stays += sum(p.service for v in instance.vehicles for p in v.breaks)
    return stays + (2 * len(instance.tasks) + 2) * (legs + unloads)
