"""Events (« temps forts ») of the programme."""

from dataclasses import dataclass
from enum import StrEnum

from data.model.common import Origin
from data.model.flow import Reliability


class EventKind(StrEnum):
    """What kind of moment it is."""

    PRESENTATION = "presentation"
    VISIT = "visit"
    EVENING = "evening"
    COMMITTEE = "committee"
    WORKSHOP = "workshop"
    TRAINING = "training"
    CONFERENCE = "conference"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated, located moment of the programme with its attendance.

    Attributes:
        day: ISO date it begins.
        end_day: ISO date it ends, or empty when it lasts one day.
        lon: ``None`` places it at its commune's town hall.
        attendance: number of people; ``None`` when nobody counted.
        workshop_id: when the event is a workshop kept here.
    """

    id: str
    name: str
    day: str
    end_day: str = ""
    kind: EventKind = EventKind.OTHER
    place: str = ""
    commune_code: str = ""
    lon: float | None = None
    lat: float | None = None
    attendance: int | None = None
    reliability: Reliability = Reliability.DECLARED
    description: str = ""
    workshop_id: str | None = None
    source: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0
