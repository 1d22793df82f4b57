"""Flow studies: one visit of a company, what it said of its flows and its difficulties."""

from dataclasses import dataclass
from enum import StrEnum

from data.model.common import Origin


class StudyState(StrEnum):
    """A draft is being keyed in; a final study's flows are on the map."""

    DRAFT = "draft"
    FINAL = "final"


class StudyStep(StrEnum):
    """The steps of the form, in order."""

    ACTOR = "actor"
    FLOWS = "flows"
    DIFFICULTIES = "difficulties"
    REVIEW = "review"


class Difficulty(StrEnum):
    """What companies of the territory complain of most often."""

    RECRUITMENT = "recruitment"
    SKILLS = "skills"
    WOOD_PALLETS = "wood_pallets"
    CARDBOARD = "cardboard"
    PLASTICS = "plastics"
    BIOWASTE = "biowaste"
    WASTE_COST = "waste_cost"
    ENERGY = "energy"
    WATER = "water"
    SUPPLY = "supply"
    TRANSPORT = "transport"
    SPACE = "space"
    EQUIPMENT = "equipment"
    REGULATION = "regulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStudy:
    """One visit of an actor.

    Attributes:
        day: ISO date of the visit.
        surveyor: who made the visit.
        other_difficulties: those of no category, in the actor's words.
        step: how far the form went.
        lines: flows being keyed in, as typed: pairs of (field of a flow, text). Kept as text so
            that a draft loses nothing, not even what cannot be read yet. Empty once final.
    """

    id: str
    actor_id: str
    day: str
    surveyor: str = ""
    state: StudyState = StudyState.DRAFT
    step: StudyStep = StudyStep.FLOWS
    difficulties: tuple[Difficulty, ...] = ()
    other_difficulties: str = ""
    notes: str = ""
    lines: tuple[tuple[tuple[str, str], ...], ...] = ()
    origin: Origin = Origin.FIELD
    revision: int = 0
