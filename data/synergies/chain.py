"""The chain a synergy goes along, and the two ways out of it.

idée → à approfondir → en discussion → sur le point de se concrétiser → réalisée → pérenne;
suspendue and abandonnée leave it, always with a reason. Going forward may skip steps (things
happen between two Mondays), except that only what was realised can last. Going back, or coming
back from an abandonment, needs a reason too: the history must explain itself.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from data.errors import InputError
from data.french import NNBSP, quote
from data.french import date as french_date
from data.model import StatusStep, Synergy, SynergyStatus

CHAIN: Final = (
    SynergyStatus.IDEA,
    SynergyStatus.TO_EXPLORE,
    SynergyStatus.DISCUSSION,
    SynergyStatus.ABOUT_TO_BE_REALISED,
    SynergyStatus.REALISED,
    SynergyStatus.LASTING,
)
"""In order."""

OUT: Final = (SynergyStatus.SUSPENDED, SynergyStatus.ABANDONED)
NEED_A_REASON: Final = frozenset(OUT)
DONE: Final = frozenset({SynergyStatus.REALISED, SynergyStatus.LASTING})
"""Matter really changes hands."""
ALIVE: Final = frozenset(CHAIN) - DONE
"""Someone must push it."""

STATUS_NAMES: Final = {
    SynergyStatus.IDEA: "Idée",
    SynergyStatus.TO_EXPLORE: "À approfondir",
    SynergyStatus.DISCUSSION: "En discussion",
    SynergyStatus.ABOUT_TO_BE_REALISED: "Sur le point de se concrétiser",
    SynergyStatus.REALISED: "Réalisée",
    SynergyStatus.LASTING: "Pérenne",
    SynergyStatus.SUSPENDED: "Suspendue",
    SynergyStatus.ABANDONED: "Abandonnée",
}
"""On screen, in documents and in messages."""

LONGEST_REASON: Final = 1_000


def rank(status: SynergyStatus) -> int | None:
    """Place on the chain, 0 for an idea; ``None`` for what left it."""
    return CHAIN.index(status) if status in CHAIN else None


def reached(synergy: Synergy, until: str = "") -> SynergyStatus:
    """Farthest status on the chain it ever had, an idea at least.

    Args:
        synergy: whose steps are read.
        until: ISO date; later steps are not counted (empty = all are).
    """
    seen = [step.status for step in synergy.steps if not until or step.day <= until]
    if not synergy.steps:
        seen = [synergy.status]
    return CHAIN[max((rank(status) or 0 for status in seen), default=0)]


def next_status(synergy: Synergy) -> SynergyStatus | None:
    """Give the next status on the chain; ``None`` at its end.

    For what left it: the status it had before.
    """
    place = rank(synergy.status)
    if place is None:
        before = [step.status for step in synergy.steps if step.status in CHAIN]
        return before[-1] if before else SynergyStatus.IDEA
    return CHAIN[place + 1] if place + 1 < len(CHAIN) else None


def reason_needed(synergy: Synergy, status: SynergyStatus) -> bool:
    """Whether this change must be explained: leaving the chain, going back, coming back."""
    if status in NEED_A_REASON:
        return True
    here, there = rank(synergy.status), rank(status)
    if here is None or there is None:
        return synergy.status is SynergyStatus.ABANDONED
    return there < here


def advance(
    synergy: Synergy, status: SynergyStatus, *, day: str, who: str, reason: str = ""
) -> Synergy:
    """Change the status; the step joins the history.

    Args:
        synergy: left as it is.
        status: the new one.
        day: ISO date of the change, not before that of the last step.
        who: kept in the history.
        reason: why; see :func:`reason_needed`.

    Raises:
        InputError: the change makes no sense, or lacks its reason; the sentence says what to do.
    """
    day = _iso(day)
    reason = " ".join(reason.split())
    name = quote(STATUS_NAMES[status].lower())
    if status is synergy.status:
        raise InputError(f"Cette synergie est déjà {name}.", field="Statut")
    if status is SynergyStatus.LASTING and not _was_realised(synergy):
        raise InputError(
            "Une synergie ne devient pérenne qu’après avoir été réalisée"
            f"{NNBSP}: passez-la d’abord à {quote('réalisée')}.",
            field="Statut",
        )
    if synergy.steps and day < synergy.steps[-1].day:
        raise InputError(
            f"Ce changement daterait du {french_date(day)}, avant le dernier, du "
            f"{french_date(synergy.steps[-1].day)}{NNBSP}: choisissez une date plus récente.",
            field="Date",
        )
    if len(reason) > LONGEST_REASON:
        raise InputError(
            f"Le motif dépasse {LONGEST_REASON} caractères{NNBSP}: mettez le détail dans une note.",
            field="Motif",
        )
    if reason_needed(synergy, status) and not reason:
        raise InputError(_why(status, name), field="Motif")
    return replace(
        synergy,
        status=status,
        steps=(*synergy.steps, StatusStep(status=status, day=day, who=who, reason=reason)),
        reason=reason if status in NEED_A_REASON else "",
    )


def _was_realised(synergy: Synergy) -> bool:
    return synergy.status in DONE or any(step.status in DONE for step in synergy.steps)


def _why(status: SynergyStatus, name: str) -> str:
    if status in NEED_A_REASON:
        return f"Dites pourquoi elle est {name}{NNBSP}: le motif est obligatoire."
    return f"Revenir à {name} demande un motif{NNBSP}: dites ce qui a changé."


def _iso(day: str) -> str:
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise InputError(
            f"La date {quote(day)} est illisible{NNBSP}: écrivez-la jj/mm/aaaa.", field="Date"
        ) from error
