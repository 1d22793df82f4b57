"""Figures of one workshop, counted from records built here."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from data.model import (
    Attendance,
    AttendeeRole,
    Card,
    CardState,
    Idea,
    IdeaState,
    Presence,
    Side,
    StatusStep,
    Synergy,
    SynergyStatus,
    Workshop,
)
from optimization.programme import workshop_figures

DAY = Workshop(id="w", name="Atelier", day="2026-03-12", tables=6, code="ABC234")
S = SynergyStatus


def came(number: int, **fields: object) -> Attendance:
    """Return one line of attendance."""
    return replace(Attendance(id=f"a{number}", workshop_id="w", name=f"E{number}"), **fields)  # type: ignore[arg-type]


def card(number: int, **fields: object) -> Card:
    """Return one card."""
    made = Card(id=f"c{number}", workshop_id="w", company="E", side=Side.OFFER, label="palettes")
    return replace(made, **fields)  # type: ignore[arg-type]


def idea(number: int, state: IdeaState = IdeaState.KEPT) -> Idea:
    """Return one idea."""
    return Idea(id=f"i{number}", workshop_id="w", title=f"Idée {number}", state=state)


def grown(number: int, status: SynergyStatus) -> Synergy:
    """Return the synergy that an idea became."""
    step = StatusStep(status=status, day="2026-03-12", reason="motif")
    return Synergy(
        id=f"s{number}", title=f"Synergie {number}", status=status, steps=(step,),
        idea_id=f"i{number}", workshop_id="w", reason="motif",
    )  # fmt: skip


def test_attendance_by_role_and_presence() -> None:
    """Companies present, represented and facilitators are told apart."""
    lines = [
        came(1),
        came(2, presence=Presence.REPRESENTED),
        came(3, role=AttendeeRole.FACILITATOR),
        came(4, workshop_id="another"),
    ]
    found = workshop_figures(DAY, lines, [], [], [])
    assert [one.value for one in found.facts[:4]] == [2, 1, 1, 1]
    assert found.represented.ids == ("a2",)


def test_hidden_cards_do_not_count() -> None:
    """A card hidden by the facilitator is in no count, and the explanation says so."""
    cards = [card(1), card(2, side=Side.NEED), card(3, state=CardState.HIDDEN)]
    found = workshop_figures(DAY, [], cards, [], [])
    assert found.cards.value == 2
    assert "1 masquée" in found.cards.how
    assert [row.value for row in found.by_side.rows] == [1, 1]


def test_cards_by_table_and_resource() -> None:
    """Tables come in order, the unsaid last; resources by frequency, the unclassified last."""
    cards = [
        card(1, table=2, resource_id="bois"),
        card(2, table=0),
        card(3, table=1, resource_id="verre"),
        card(4, table=2, resource_id="verre"),
    ]
    found = workshop_figures(DAY, [], cards, [], [], resource_names={"verre": "Verre"})
    tables = [(row.label, row.value) for row in found.by_table.rows]
    assert tables == [("Table 1", 1), ("Table 2", 2), ("Table non précisée", 1)]
    assert [(row.label, row.value) for row in found.by_resource.rows] == [
        ("Verre", 2), ("bois", 1), ("Pas encore classées", 1),
    ]  # fmt: skip


def test_kept_ideas_by_status_of_their_synergy() -> None:
    """Each kept idea counts once, at the furthest status it reached; one without synergy too."""
    ideas = [idea(1), idea(2), idea(3), idea(4, IdeaState.REJECTED)]
    synergies = [
        grown(1, S.ABANDONED),
        replace(grown(1, S.DISCUSSION), id="other"),
        grown(2, S.TO_EXPLORE),
        grown(4, S.REALISED),
    ]
    found = workshop_figures(DAY, [], [], ideas, synergies)
    assert {row.key.partition(":")[2]: row.ids for row in found.by_status.rows} == {
        "discussion": ("i1",),
        "to_explore": ("i2",),
        "unfollowed": ("i3",),
    }


@given(
    st.lists(st.sampled_from(IdeaState), max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from(SynergyStatus)), max_size=12),
)
def test_statuses_add_up_to_the_kept_ideas(
    states: list[IdeaState], grew: list[tuple[int, SynergyStatus]]
) -> None:
    """Whatever the synergies, statuses add up to kept, and the four outcomes to all ideas."""
    ideas = [idea(n, state) for n, state in enumerate(states)]
    synergies = [replace(grown(n, status), id=f"s{k}") for k, (n, status) in enumerate(grew)]
    found = workshop_figures(DAY, [], [], ideas, synergies)
    assert found.by_status.total == found.kept.value
    outcomes = (found.kept, found.merged, found.rejected, found.undecided)
    assert sum(one.value or 0 for one in outcomes) == found.ideas.value == len(states)
    assert {i for row in found.by_status.rows for i in row.ids} == set(found.kept.ids)
