"""What to push this week: late and due next steps, what sleeps, what is new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from data.errors import InputError
from data.french import NNBSP
from data.model import Idea, IdeaState, Synergy, SynergyNote, SynergyStatus
from data.synergies.chain import ALIVE

DEFAULT_WEEKS: Final = 6
"""Without a sign of life for longer, a synergy sleeps; a setting of the page."""

_NOBODY: Mapping[str, Sequence[SynergyNote]] = {}


def last_sign(synergy: Synergy, notes: Iterable[SynergyNote] = ()) -> str:
    """ISO date of the last change of status or note; empty when there was never any."""
    days = [step.day for step in synergy.steps] + [note.at[:10] for note in notes]
    return max(days, default="")


def asleep(synergy: Synergy, today: date, weeks: int, notes: Iterable[SynergyNote] = ()) -> bool:
    """Whether nobody moves it: no change of status, no note for ``weeks`` weeks.

    What is realised, suspended or abandoned does not sleep, nor does what has a next step on a
    day to come. What never had a dated sign of life sleeps.
    """
    if synergy.status not in ALIVE or synergy.next_step_day >= today.isoformat():
        return False
    return last_sign(synergy, notes) <= (today - timedelta(weeks=weeks)).isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Monday:
    """The list of the week; a synergy is in one part only, the most pressing.

    Attributes:
        late: next step due before today, the oldest first.
        due: next step due from today to the end of the horizon.
        sleeping: without a sign of life, the longest asleep first.
        idle: alive, with nothing planned and no one asleep yet.
        fresh: ideas (status idée) born lately.
        ideas: of workshops, nobody having kept, merged or rejected them.
    """

    late: tuple[Synergy, ...]
    due: tuple[Synergy, ...]
    sleeping: tuple[Synergy, ...]
    fresh: tuple[Synergy, ...]
    idle: tuple[Synergy, ...]
    ideas: tuple[Idea, ...]

    @property
    def count(self) -> int:
        """How many synergies need something this week."""
        return len(self.late) + len(self.due) + len(self.sleeping) + len(self.fresh)


def monday(
    synergies: Iterable[Synergy],
    notes: Mapping[str, Sequence[SynergyNote]] = _NOBODY,
    ideas: Iterable[Idea] = (),
    *,
    today: date,
    weeks: int = DEFAULT_WEEKS,
    horizon_days: int = 7,
) -> Monday:
    """Sort the synergies to push this week.

    Args:
        synergies: any.
        notes: by synergy id.
        ideas: of workshops; only those still to be sorted are returned.
        today: the reader's day.
        weeks: see :func:`asleep`.
        horizon_days: how far ahead a step is « due », and how far back an idea is « fresh ».
    """
    now = today.isoformat()
    ahead = (today + timedelta(days=horizon_days)).isoformat()
    lately = (today - timedelta(days=horizon_days)).isoformat()
    parts: dict[str, list[Synergy]] = {
        name: [] for name in ("late", "due", "sleeping", "fresh", "idle")
    }
    for synergy in synergies:
        day = synergy.next_step_day
        if synergy.status in ALIVE or (day and synergy.status is not SynergyStatus.ABANDONED):
            mine = notes.get(synergy.id, ())
            if day and day < now:
                parts["late"].append(synergy)
            elif day and day < ahead:
                parts["due"].append(synergy)
            elif asleep(synergy, today, weeks, mine):
                parts["sleeping"].append(synergy)
            elif day:
                continue
            elif synergy.status is SynergyStatus.IDEA and last_sign(synergy) > lately:
                parts["fresh"].append(synergy)
            else:
                parts["idle"].append(synergy)

    def sign(synergy: Synergy) -> tuple[str, str]:
        return last_sign(synergy, notes.get(synergy.id, ())), synergy.id

    return Monday(
        late=tuple(sorted(parts["late"], key=lambda s: (s.next_step_day, s.id))),
        due=tuple(sorted(parts["due"], key=lambda s: (s.next_step_day, s.id))),
        sleeping=tuple(sorted(parts["sleeping"], key=sign)),
        fresh=tuple(sorted(parts["fresh"], key=sign, reverse=True)),
        idle=tuple(sorted(parts["idle"], key=sign)),
        ideas=tuple(idea for idea in ideas if idea.state is IdeaState.PROPOSED),
    )


def plan_next(synergy: Synergy, *, owner: str, step: str, day: str) -> Synergy:
    """Say who does what by when.

    Raises:
        InputError: a date without a step, or a date that cannot be read.
    """
    step = " ".join(step.split())
    if day and not step:
        raise InputError(
            f"Une date sans action ne dit pas quoi faire{NNBSP}: écrivez la prochaine étape.",
            field="Prochaine étape",
        )
    if day:
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise InputError(
                f"La date de la prochaine étape est illisible{NNBSP}: écrivez-la jj/mm/aaaa.",
                field="Date",
            ) from error
    return replace(synergy, owner=" ".join(owner.split()), next_step=step, next_step_day=day)


def postpone(synergy: Synergy, *, today: date, days: int) -> Synergy:
    """Put the next step off, counted from today or from its own day when that is later.

    Raises:
        InputError: there is no step to put off, or ``days`` is not positive.
    """
    if days <= 0:
        raise InputError("Un report compte au moins un jour.", field="Date")
    if not synergy.next_step:
        raise InputError(
            f"Aucune prochaine étape à reporter{NNBSP}: écrivez d’abord ce qu’il faut faire.",
            field="Prochaine étape",
        )
    start = max(synergy.next_step_day, today.isoformat())
    day = date.fromisoformat(start) + timedelta(days=days)
    return replace(synergy, next_step_day=day.isoformat())
