"""Invented visits of companies: what their flows are said to come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from data.model import Actor, Difficulty, Flow, FlowStudy, Origin, StudyState, StudyStep

_WHO: Final = "Équipe Coop’R (exemple)"


@dataclass(frozen=True, slots=True)
class _Visit:
    """The first actor of a kind, when it was visited, and what it complained of."""

    kind: str
    day: str
    difficulties: tuple[Difficulty, ...]
    words: str = ""


_VISITS: Final = (
    _Visit("restaurant", "2025-02-11", (Difficulty.RECRUITMENT, Difficulty.BIOWASTE)),
    _Visit("joinery", "2025-03-06", (Difficulty.WOOD_PALLETS, Difficulty.WASTE_COST),
           "Sciures fines, sans repreneur."),
    _Visit("winery", "2025-04-15", (Difficulty.EQUIPMENT, Difficulty.TRANSPORT)),
    _Visit("metal", "2025-06-03", (Difficulty.RECRUITMENT, Difficulty.SKILLS)),
    _Visit("market_gardener", "2025-09-23", (Difficulty.WATER, Difficulty.SUPPLY)),
    _Visit("printer", "2025-11-18", (Difficulty.CARDBOARD, Difficulty.WASTE_COST)),
    _Visit("brewery", "2026-01-20", (Difficulty.ENERGY, Difficulty.SPACE),
           "Drêches à enlever le jour même."),
    _Visit("garage", "2026-03-10", (Difficulty.PLASTICS, Difficulty.REGULATION)),
    _Visit("food_maker", "2026-04-28", (Difficulty.PLASTICS, Difficulty.ENERGY)),
    _Visit("livestock", "2026-06-16", (Difficulty.WATER,)),
    _Visit("bakery", "2026-09-08", (Difficulty.ENERGY, Difficulty.RECRUITMENT)),
    _Visit("shop", "2026-10-13", (Difficulty.CARDBOARD, Difficulty.SPACE)),
)  # fmt: skip

_BEGUN: Final = _Visit("campsite", "2026-11-17", ())
"""Its flows are still to be keyed in."""


def studies(by_kind: Mapping[str, Sequence[Actor]]) -> tuple[FlowStudy, ...]:
    """Twelve finished studies and one draft.

    Args:
        by_kind: kind key → invented actors, in a fixed order.
    """
    done = [_study(by_kind[visit.kind][0], visit, StudyState.FINAL) for visit in _VISITS]
    return (*done, _study(by_kind[_BEGUN.kind][0], _BEGUN, StudyState.DRAFT))


def studied(flows: Iterable[Flow], found: Iterable[FlowStudy]) -> tuple[Flow, ...]:
    """The flows, with the finished study that their actor's come from."""
    study_of = {one.actor_id: one.id for one in found if one.state is StudyState.FINAL}
    return tuple(replace(flow, study_id=study_of.get(flow.actor_id)) for flow in flows)


def _study(actor: Actor, visit: _Visit, state: StudyState) -> FlowStudy:
    return FlowStudy(
        id=f"demo-etude-{visit.kind.replace('_', '-')}",
        actor_id=actor.id,
        day=visit.day,
        surveyor=_WHO,
        state=state,
        step=StudyStep.REVIEW if state is StudyState.FINAL else StudyStep.FLOWS,
        difficulties=visit.difficulties,
        other_difficulties=visit.words,
        origin=Origin.DEMO_FICTIONAL,
    )
