"""A transfer declared by both sides is counted once, and disagreement is said."""

from typing import Any

import pytest

from data.model import Direction, Flow, Reliability, Visibility
from tests.geo.flows.worlds import flow, links_of


def received(number: int, actor: int = 3, partner: int = 0, **fields: Any) -> Flow:
    """Make the same flow as seen by the receiver."""
    return flow(number, actor, partner, direction=Direction.IN, **fields)


def test_both_sides_of_one_transfer_make_one_link() -> None:
    """One link, one tonne, both declarations behind, the sender's kept."""
    links = links_of(flow(1, 0, 3, year=2023), received(2, year=2023))
    assert list(links.frame["flow_ids"]) == [("f0001", "f0002")]
    assert links.total_t() == 1.0
    assert links.frame["declared_by"][0] == "both"
    assert links.disagreements == ()


@pytest.mark.parametrize(
    "other",
    [
        {"resource_id": "pallets", "unit": "kg"},
        {"year": 2022},
        {"partner": 1},
        {"actor": 4},
    ],
)
def test_what_differs_in_kind_is_another_transfer(other: dict[str, Any]) -> None:
    """Another resource, year or actor: two links."""
    assert len(links_of(flow(1, 0, 3, year=2023), received(2, **{"year": 2023, **other}))) == 2


def test_two_declarations_of_one_side_are_two_transfers() -> None:
    """An actor may send twice: nothing is merged without the other side."""
    links = links_of(flow(1, 0, 3), flow(2, 0, 3))
    assert links.total_t() == 2.0


def test_several_declarations_face_one() -> None:
    """Two deliveries declared by the sender, one total by the receiver: the two links stay."""
    links = links_of(flow(1, 0, 3), flow(2, 0, 3, quantity=2.0), received(3, quantity=3.0))
    assert list(links.frame["flow_ids"]) == [("f0001", "f0003"), ("f0002",)]
    assert links.total_t() == 3.0
    assert links.disagreements == ()


@pytest.mark.parametrize(
    ("sender", "receiver", "kept"),
    [
        ({}, {}, "f0001"),
        ({}, {"reliability": Reliability.MEASURED}, "f0002"),
        ({"reliability": Reliability.ESTIMATED}, {}, "f0002"),
        ({"quantity": None}, {"reliability": Reliability.ESTIMATED}, "f0002"),
        ({}, {"quantity": None, "reliability": Reliability.MEASURED}, "f0001"),
        ({"quantity": None}, {"quantity": None}, "f0001"),
    ],
)
def test_the_better_known_side_is_kept(
    sender: dict[str, Any], receiver: dict[str, Any], kept: str
) -> None:
    """Known before unknown, then measured before declared before estimated, then the sender."""
    links = links_of(flow(1, 0, 3, **sender), received(2, **receiver))
    assert links.frame["link_id"].tolist() == [kept]


def test_a_silent_side_borrows_treatment_and_frequency() -> None:
    """What only the other side knows is not lost."""
    links = links_of(
        flow(1, 0, 3), received(2, treatment_code="R3", visits_per_week=1.0, cost_eur_per_year=9.0)
    )
    assert links.frame["treatment_code"][0] == "R3"
    assert links.frame["trips_stated"][0] == 52


def test_one_secret_side_makes_the_link_secret() -> None:
    """What one side wants hidden, the other's declaration must not show."""
    links = links_of(flow(1, 0, 3), received(2, visibility=Visibility.CONFIDENTIAL))
    assert links.frame["visibility"][0] == "confidential"


def test_an_undated_declaration_joins_the_only_year_of_the_other_side() -> None:
    """Between two years nothing can be said: the undated one stays apart."""
    one = links_of(flow(1, 0, 3, year=None), received(2, year=2023))
    assert list(one.frame["flow_ids"]) == [("f0001", "f0002")]
    assert one.years == (2023,)
    several = links_of(flow(1, 0, 3, year=None), received(2, year=2022), received(3, year=2023))
    assert len(several) == 3
    dated = links_of(flow(1, 0, 3, year=None), flow(2, 0, 3, year=2023), received(3, year=2023))
    assert list(dated.frame["flow_ids"]) == [("f0001",), ("f0002", "f0003")]


def test_disagreement_beyond_the_stated_uncertainties_is_flagged() -> None:
    """10 t ± 10 % against 15 t ± 10 %: said in French, and the range covers both."""
    links = links_of(
        flow(1, 0, 3, quantity=10.0, uncertainty=0.1, year=2023),
        received(2, quantity=15.0, uncertainty=0.1, year=2023),
    )
    (found,) = links.disagreements
    assert found.flow_ids == ("f0001", "f0002")
    assert (found.out_t, found.in_t, found.year) == (10.0, 15.0, 2023)
    for word in ("Aulne", "Daphné", "10\u202ft/an", "15\u202ft/an", "Bois d’œuvre", "2023"):
        assert word in found.sentence
    row = links.frame.iloc[0]
    assert (row["mass_low_t"], row["mass_t"]) == (9.0, 10.0)
    assert row["mass_high_t"] == pytest.approx(16.5)


@pytest.mark.parametrize(
    ("sender", "receiver", "flagged"),
    [
        ({"quantity": 10.0, "uncertainty": 0.3}, {"quantity": 15.0, "uncertainty": 0.3}, False),
        ({"quantity": 10.0}, {"quantity": 12.0}, False),
        ({"quantity": 10.0}, {"quantity": 20.0}, True),
        ({"quantity": 10.0, "uncertainty": 0.0}, {"quantity": 10.1, "uncertainty": 0.0}, True),
        ({"quantity": 10.0}, {"quantity": None}, False),
    ],
)
def test_only_ranges_that_do_not_meet_disagree(
    sender: dict[str, Any], receiver: dict[str, Any], flagged: bool
) -> None:
    """A quantity without uncertainty is granted some; an unknown one disagrees with nobody."""
    links = links_of(flow(1, 0, 3, **sender), received(2, **receiver))
    assert bool(links.disagreements) is flagged


def test_a_loop_declared_as_output_and_input_is_one_ring() -> None:
    """An actor that feeds itself says it twice; the sentence does not name it twice over."""
    links = links_of(flow(1, 0, 0, quantity=10.0), received(2, 0, 0, quantity=30.0))
    assert links.total_t() == 10.0
    assert "pour son propre usage" in links.disagreements[0].sentence


def test_disagreements_follow_the_links_that_are_kept() -> None:
    """A filter that hides the link hides its disagreement."""
    links = links_of(flow(1, 0, 3, quantity=1.0), received(2, quantity=9.0), flow(3, 1, 3))
    assert links.where(links.frame["link_id"] == "f0003").disagreements == ()
    assert len(links.where(links.frame["link_id"] == "f0001").disagreements) == 1
