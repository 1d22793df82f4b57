"""Ribbons between stages: nothing lost, no cycle, always the same order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.model import Flow
from geo.flows import BY_DIRECTION, BY_EPCI, FULL, Measure, Stage, measure_links, sankey
from tests.geo.flows.worlds import RESOURCES, flow, flow_lists, law, links_of


@law
@given(flows=flow_lists(), stages=st.sampled_from([BY_DIRECTION, BY_EPCI, FULL]))
def test_whatever_enters_a_stage_leaves_it(flows: list[Flow], stages: tuple[Stage, ...]) -> None:
    """Each node's ribbons weigh what the node weighs, on both sides; each stage the total."""
    links = links_of(*flows)
    found = sankey(links, stages)
    nodes, ribbons = found.nodes, found.ribbons.fillna({"value": 0.0})
    for node in nodes.itertuples():
        if node.stage > 0:
            into = ribbons.loc[ribbons["target"] == node.Index, "value"].sum()
            assert into == pytest.approx(node.value, abs=1e-5)
        if node.stage < len(stages) - 1:
            out = ribbons.loc[ribbons["source"] == node.Index, "value"].sum()
            assert out == pytest.approx(node.value, abs=1e-5)
    for stage in range(len(stages)):
        total = nodes.loc[nodes["stage"] == stage, "value"].sum()
        assert total == pytest.approx(links.total_t(), abs=1e-5)
    steps = nodes["stage"].to_numpy()
    assert (steps[ribbons["target"]] - steps[ribbons["source"]] == 1).all()
    assert found.unknown == links.unknown_count
    assert int(ribbons["links"].sum()) == len(links) * (len(stages) - 1)


def test_a_cycle_between_two_epcis_and_a_loop_are_plain_ribbons() -> None:
    """West to east, east to west, west to west: three ribbons, four nodes."""
    found = sankey(links_of(flow(1, 0, 4), flow(2, 4, 0), flow(3, 0, 0)), BY_EPCI)
    assert list(found.nodes["id"]) == [
        "origin:epci:111111111",
        "origin:epci:222222222",
        "destination:epci:111111111",
        "destination:epci:222222222",
    ]
    assert list(zip(found.ribbons["source"], found.ribbons["target"], strict=True)) == [
        (0, 2),
        (0, 3),
        (1, 2),
    ]


def test_all_gates_are_one_and_the_unknown_is_apart() -> None:
    """Bordeaux, an actor elsewhere and « hors territoire » together; the unknown comes last."""
    found = sankey(
        links_of(
            flow(1, partner_place="Bordeaux"), flow(2, 0, 6), flow(3, partner_place="x"), flow(4)
        ),
        BY_EPCI,
    )
    ends = found.nodes[found.nodes["kind"] == "destination"]
    assert list(ends["key"]) == ["outside", "unknown"]
    assert list(ends["value"]) == [3.0, 1.0]


def test_an_unknown_quantity_has_a_ribbon_without_a_value() -> None:
    """It is there to be told, not drawn as zero."""
    found = sankey(links_of(flow(1, 0, 3, quantity=None)))
    assert np.isnan(found.ribbons["value"][0])
    assert found.unknown == 1


def test_another_measure_can_be_drawn() -> None:
    """Euros as well as tonnes."""
    links = links_of(flow(1, 0, 3, cost_eur_per_year=70.0), flow(2, 0, 4))
    found = sankey(links, BY_DIRECTION, measure_links(links, Measure.COST, RESOURCES))
    assert (found.unit, found.unknown) == ("€/an", 1)
    assert found.nodes["value"][0] == 70.0


def test_an_unknown_resource_is_a_family_not_told() -> None:
    """A flow of a resource that left the nomenclature is still in the total."""
    found = sankey(links_of(flow(1, 0, 3, resource_id="gone")), BY_DIRECTION)
    assert found.nodes["key"][0] == ""


def test_no_flow_gives_an_empty_diagram() -> None:
    """No node, no ribbon."""
    found = sankey(links_of(), FULL)
    assert (len(found.nodes), len(found.ribbons), found.unknown) == (0, 0, 0)


@pytest.mark.parametrize("stages", [(Stage.ORIGIN,), (Stage.ORIGIN, Stage.ORIGIN)])
def test_stages_must_be_two_different_ones(stages: tuple[Stage, ...]) -> None:
    """One column makes no diagram."""
    with pytest.raises(ValueError, match="deux colonnes"):
        sankey(links_of(flow(1)), stages)
