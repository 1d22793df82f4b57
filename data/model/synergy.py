"""Synergies, followed from the idea until they last."""

from dataclasses import dataclass
from enum import StrEnum

from data.model.common import Origin, Visibility
from data.model.flow import Reliability


class SynergyKind(StrEnum):
    """The two forms of industrial ecology."""

    SUBSTITUTION = "substitution"
    """One's output replaces another's input."""
    POOLING = "pooling"
    """« Mutualisation »: shared supply, service, equipment, staff, space or collection."""


class SynergyStatus(StrEnum):
    """The chain, in order, then the two ways out of it."""

    IDEA = "idea"
    TO_EXPLORE = "to_explore"
    DISCUSSION = "discussion"
    ABOUT_TO_BE_REALISED = "about_to_be_realised"
    REALISED = "realised"
    LASTING = "lasting"
    SUSPENDED = "suspended"
    ABANDONED = "abandoned"


class PartyRole(StrEnum):
    """What an actor does in a synergy."""

    GIVER = "giver"
    TAKER = "taker"
    PARTNER = "partner"
    """In a pooling, where all do the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An actor in a synergy.

    Attributes:
        gain_eur_per_year: what it saves or earns, minus what it pays; ``None`` when unknown.
        gain_note: where that figure comes from.
    """

    actor_id: str
    role: PartyRole
    gain_eur_per_year: float | None = None
    gain_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusStep:
    """One change of status: what, when (ISO date), by whom, and why."""

    status: SynergyStatus
    day: str
    who: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synergy:
    """A synergy between actors.

    Attributes:
        status: always that of the last of ``steps`` when there are steps.
        steps: every status it went through, oldest first.
        owner: who takes the next step (a role or a first name).
        next_step_day: ISO date, or empty.
        reason: mandatory when suspended or abandoned.
        mass_t_per_year: matter kept in use, tonnes a year; ``None`` when unknown or meaningless.
        mass_uncertainty: relative half-width; ``None`` when not stated.
        baseline_key: key of the figure for what happened to the matter before (treatment).
        distance_km: between the parties, by the travel source named in ``distance_source``.
    """

    id: str
    title: str
    kind: SynergyKind = SynergyKind.SUBSTITUTION
    status: SynergyStatus = SynergyStatus.IDEA
    steps: tuple[StatusStep, ...] = ()
    parties: tuple[Party, ...] = ()
    resource_id: str | None = None
    description: str = ""
    owner: str = ""
    next_step: str = ""
    next_step_day: str = ""
    reason: str = ""
    mass_t_per_year: float | None = None
    mass_uncertainty: float | None = None
    reliability: Reliability = Reliability.ESTIMATED
    baseline_key: str = ""
    distance_km: float | None = None
    distance_source: str = ""
    offer_id: str | None = None
    need_id: str | None = None
    idea_id: str | None = None
    workshop_id: str | None = None
    visibility: Visibility = Visibility.NETWORK
    source: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SynergyNote:
    """Something said or done about a synergy; ``at`` is a UTC ISO time."""

    id: str
    synergy_id: str
    at: str
    text: str
    who: str = ""
    origin: Origin = Origin.FIELD
    revision: int = 0
