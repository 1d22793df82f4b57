"""The domain model: plain frozen dataclasses, standard library only.

One word per concept (see ``docs/glossaire.md``). Quantities carry their unit in the name:
``load_kg``, ``distance_m``, ``duration_s``, ``mass_t_per_year``. Times of day are seconds
since midnight, local time. Positions are longitude and latitude in degrees (EPSG:4326).

Every stored record has ``id`` (opaque text), ``revision`` (0 = never stored; the store adds one
at each write and refuses a write made from an older revision) and ``origin`` (who it came from,
so that demonstration data is never mixed up with the field's).
"""

from data.model.actor import Actor, ActorKind, College, PositionPrecision
from data.model.collection import Depot, Outlet, Stop, TimeWindow, TravelMode, Vehicle
from data.model.common import Origin, Record, Visibility
from data.model.event import Event, EventKind
from data.model.flow import Direction, Flow, Period, Reliability
from data.model.letter import Letter, Subscriber
from data.model.listing import Listing, ListingSource, Photo, Side
from data.model.plan import (
    Lock,
    Plan,
    Round,
    Scenario,
    UnservedReason,
    UnservedStop,
    Visit,
    VisitKind,
)
from data.model.resource import Resource, ResourceFamily, Stream
from data.model.study import Difficulty, FlowStudy, StudyState, StudyStep
from data.model.synergy import (
    Party,
    PartyRole,
    StatusStep,
    Synergy,
    SynergyKind,
    SynergyNote,
    SynergyStatus,
)
from data.model.territory import Commune, Epci, Territory
from data.model.week import DayFleet, Passage, Week, WeekDay
from data.model.workshop import (
    Attendance,
    AttendeeRole,
    Card,
    CardState,
    Idea,
    IdeaState,
    Presence,
    Workshop,
    WorkshopState,
)

__all__ = [
    "Actor",
    "ActorKind",
    "Attendance",
    "AttendeeRole",
    "Card",
    "CardState",
    "College",
    "Commune",
    "DayFleet",
    "Depot",
    "Difficulty",
    "Direction",
    "Epci",
    "Event",
    "EventKind",
    "Flow",
    "FlowStudy",
    "Idea",
    "IdeaState",
    "Letter",
    "Listing",
    "ListingSource",
    "Lock",
    "Origin",
    "Outlet",
    "Party",
    "PartyRole",
    "Passage",
    "Period",
    "Photo",
    "Plan",
    "PositionPrecision",
    "Presence",
    "Record",
    "Reliability",
    "Resource",
    "ResourceFamily",
    "Round",
    "Scenario",
    "Side",
    "StatusStep",
    "Stop",
    "Stream",
    "StudyState",
    "StudyStep",
    "Subscriber",
    "Synergy",
    "SynergyKind",
    "SynergyNote",
    "SynergyStatus",
    "Territory",
    "TimeWindow",
    "TravelMode",
    "UnservedReason",
    "UnservedStop",
    "Vehicle",
    "Visibility",
    "Visit",
    "VisitKind",
    "Week",
    "WeekDay",
    "Workshop",
    "WorkshopState",
]
