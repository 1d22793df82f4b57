"""The same tonnes at every level, loops included, always in the same order."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given

from data.model import Flow, Reliability
from geo.flows import Level, Links, Measure, aggregate, measure_links
from geo.flows.measures import STEPS
from tests.geo.flows.worlds import RESOURCES, flow, flow_lists, law, links_of


@law
@given(flows=flow_lists())
def test_every_level_has_exactly_the_same_total(flows: list[Flow]) -> None:
    """For each measure, to the step: edges, nodes and links alike; bounds and counts too."""
    links = links_of(*flows)
    for measure in Measure:
        measured = measure_links(links, measure, RESOURCES)
        for level in Level:
            found = aggregate(links, level, measured=measured)
            for column in ("value", "low", "high"):
                steps = np.rint(np.nan_to_num(found.edges[column]) * STEPS[measure])
                assert int(steps.sum()) == int(measured.steps(column).sum())
            nodes = found.nodes
            for side in ("inflow", "outflow"):
                total = (nodes[side] + nodes["ring"]).sum()
                assert total == pytest.approx(measured.total()[0], rel=1e-9, abs=1e-6)
            assert int(found.edges["links"].sum()) == len(links)
            assert int(found.edges["unknown"].sum()) == measured.unknown_count


@law
@given(flows=flow_lists())
def test_edges_are_what_a_plain_loop_finds(flows: list[Flow]) -> None:
    """A dictionary and a for loop give the same edges in the same order."""
    links = links_of(*flows)
    for level in Level:
        found = aggregate(links, level).edges
        expected = naive_edges(links, level)
        assert list(zip(found["origin"], found["destination"], found["stream"], strict=True)) == (
            sorted(expected)
        )
        for row in found.itertuples():
            total, count, unknown = expected[(row.origin, row.destination, row.stream)]
            assert (row.links, row.unknown) == (count, unknown)
            assert row.ring == (row.origin == row.destination)
            if count == unknown:
                assert np.isnan(row.value)
            else:
                assert row.value == pytest.approx(total, abs=1e-6)


def naive_edges(links: Links, level: Level) -> dict[tuple[str, str, str], tuple[float, int, int]]:
    """Aggregate one link after the other."""
    places = links.places.to_dict("index")

    def up(place: str) -> str:
        return place if level is Level.ACTOR else places[place][f"at_{level}"]

    edges: dict[tuple[str, str, str], tuple[float, int, int]] = defaultdict(lambda: (0.0, 0, 0))
    for row in links.frame.to_dict("records"):
        key = (up(row["origin"]), up(row["destination"]), row["stream"])
        total, count, unknown = edges[key]
        mass = row["mass_t"]
        edges[key] = (
            total + (0.0 if np.isnan(mass) else mass),
            count + 1,
            unknown + bool(np.isnan(mass)),
        )
    return edges


def test_neighbours_become_a_ring_and_a_self_loop_stays_one() -> None:
    """Two actors of one commune: a line between actors, a ring at the commune and above."""
    links = links_of(flow(1, 0, 1), flow(2, 2, 2, quantity=5.0))
    actor, commune, epci = (aggregate(links, level).edges for level in Level)
    assert list(actor["ring"]) == [False, True]
    assert list(commune["ring"]) == [True, True]
    assert list(epci["origin"]) == ["epci:111111111"]
    assert list(epci["value"]) == [6.0]


def test_places_outside_stay_apart_at_every_level() -> None:
    """A gate, « hors territoire » and the unknown are never merged with each other."""
    links = links_of(
        flow(1, partner_place="Bordeaux"), flow(2, partner_place="loin"), flow(3), flow(4, 0, 6)
    )
    for level in (Level.COMMUNE, Level.EPCI):
        found = set(aggregate(links, level).edges["destination"])
        assert found == {"gate:bordeaux", "outside", "unknown", "gate:99001"}


def test_an_edge_of_unknown_quantity_is_there_without_a_value() -> None:
    """Shown, never zero; mixed with a known one, counted beside it."""
    links = links_of(flow(1, 0, 3, quantity=None), flow(2, 0, 4), flow(3, 0, 4, quantity=None))
    edges = aggregate(links, Level.ACTOR).edges
    assert np.isnan(edges["value"][0])
    assert edges["value"][1] == 1.0
    assert list(edges["unknown"]) == [1, 1]


def test_an_edge_is_as_reliable_as_its_least_reliable_link() -> None:
    """One estimate among measurements makes an estimated edge; told apart on demand."""
    links = links_of(
        flow(1, 0, 3, reliability=Reliability.MEASURED),
        flow(2, 0, 3, reliability=Reliability.ESTIMATED),
    )
    assert list(aggregate(links, Level.ACTOR).edges["reliability"]) == ["estimated"]
    apart = aggregate(links, Level.ACTOR, by=("stream", "reliability")).edges
    assert list(apart["reliability"]) == ["estimated", "measured"]


def test_each_link_knows_its_edge() -> None:
    """A click on an edge finds the links behind."""
    links = links_of(flow(1, 4, 0), flow(2, 0, 4), flow(3, 5, 0))
    found = aggregate(links, Level.COMMUNE)
    for number, edge in enumerate(found.edge_of_link):
        place = links.frame["origin"][number]
        assert found.edges["origin"][edge] == links.places.loc[place, "at_commune"]


def test_no_link_gives_no_edge_and_no_node() -> None:
    """Empty in, empty out, with the same columns."""
    nothing, one = aggregate(links_of(), Level.EPCI), aggregate(links_of(flow(1)), Level.EPCI)
    assert list(nothing.edges.columns) == list(one.edges.columns)
    assert (len(nothing.edges), len(nothing.nodes)) == (0, 0)
