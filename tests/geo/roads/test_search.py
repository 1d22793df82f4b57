"""Ways on networks, compared with a second, plainer implementation."""

import heapq
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.model import TravelMode
from geo.roads import hierarchy
from geo.roads.contract import segment_metres
from geo.roads.network import RoadNetwork, save_network
from geo.roads.router import MISSING, ModeRouter, open_router, order_path
from geo.travel.roads import RoadTravel
from geo.travel.source import UNREACHABLE
from tests.geo.roads.worlds import World, grid, place, places_in, random_network

BIKE, VAN = TravelMode.BIKE, TravelMode.VAN
MakeTravel = Callable[[World], RoadTravel]


def plain_search(network: RoadNetwork, mode: TravelMode, start: int) -> dict[int, tuple[int, int]]:
    """Milliseconds and metres to every junction, by the textbook, on a network without copies."""
    graph = network.modes[mode]
    out: dict[int, list[tuple[int, int, int]]] = {}
    for tail, head, edge, ms in zip(graph.tail, graph.head, graph.edge, graph.arc_ms, strict=True):
        out.setdefault(int(tail), []).append((int(head), int(ms), int(network.edge_m[edge])))
    best: dict[int, tuple[int, int]] = {}
    queue = [((0, 0), start)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node in best:
            continue
        best[node] = cost
        for head, ms, metres in out.get(node, []):
            heapq.heappush(queue, ((cost[0] + ms, cost[1] + metres), head))
    return best


def router_of(network: RoadNetwork, path: Path, mode: TravelMode) -> ModeRouter:
    """Answer on a network kept at this path."""
    save_network(network, path)
    return open_router(path).modes[mode]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(count=st.integers(20, 120), seed=st.integers(0, 10_000), mode=st.sampled_from(TravelMode))
def test_tables_agree_with_the_textbook(
    tmp_path: Path, count: int, seed: int, mode: TravelMode
) -> None:
    """Bounded searches with doors and combined weights find the plain optimum, both figures."""
    network = random_network(count, seed)
    router = router_of(network, tmp_path / f"{count}-{seed}-{mode}.npz", mode)
    used = np.unique(network.modes[mode].tail)
    nodes = np.random.default_rng(seed).choice(used, min(12, len(used)), replace=False)
    snapped = router.snap(
        [(network.node_lon[n] / 1e7, network.node_lat[n] / 1e7) for n in nodes.tolist()]
    )
    # A place at the mouth of a one-way street may lie on it, and is then reached through it only.
    graph = network.modes[mode]
    both_ways = (graph.forward_ms[snapped.edge] > 0) & (graph.backward_ms[snapped.edge] > 0)
    nodes, snapped = nodes[both_ways], snapped.taking(np.flatnonzero(both_ways))
    ms, metres = router.table(snapped)
    for row, start in enumerate(nodes.tolist()):
        best = plain_search(network, mode, start)
        for column, end in enumerate(nodes.tolist()):
            if row != column:
                assert (ms[row, column], metres[row, column]) == pytest.approx(best[end], abs=3)


def test_the_accelerator_finds_the_same(tmp_path: Path) -> None:
    """Times and lengths of the accelerator are those of the plain search."""
    pytest.importorskip("routingkit_cch")
    network = random_network(3_000, 5)
    path = tmp_path / "abc.npz"
    router = router_of(network, path, VAN)
    snapped = router.snap(places_in(network, 60))
    order = order_path(path.with_suffix(""), VAN)
    hierarchy.save_order(network, router.graph, order)
    quick = hierarchy.Hierarchy(router.graph, order).square(snapped)
    assert quick is not None
    plain = router.graph.square(snapped)
    apart = snapped.edge[:, None] != snapped.edge
    np.testing.assert_array_equal(quick[0][apart], (plain.astype(np.int64) >> 26)[apart])
    np.testing.assert_array_equal(quick[1][apart], (plain.astype(np.int64) & (2**26 - 1))[apart])


def test_a_stop_added_costs_one_row_and_one_column(tmp_path: Path) -> None:
    """With forty places known, one more costs two searches, and a known set none."""
    network = random_network(2_000, 3)
    router = router_of(network, tmp_path / "abc.npz", BIKE)
    places = places_in(network, 41)
    router.table(router.snap(places[:40]))
    before = router.graph.searches
    ms, _ = router.table(router.snap(places))
    assert router.graph.searches - before <= 2 + 1  # and the new place with itself
    again, _ = router.table(router.snap(places[::-1]))
    assert router.graph.searches - before <= 3
    np.testing.assert_array_equal(again, ms[::-1, ::-1])
    whole = router.graph.square(router.snap(places)).astype(np.int64) >> 26
    np.testing.assert_array_equal(ms, whole)


def test_another_process_reads_what_this_one_learnt(tmp_path: Path) -> None:
    """The memory lies beside the network: whoever opens it later searches nothing."""
    network = random_network(500, 4)
    router = router_of(network, tmp_path / "abc.npz", BIKE)
    snapped = router.snap(places_in(network, 20))
    known = router.table(snapped)
    other = ModeRouter(network, BIKE, tmp_path / "abc")
    found = other.table(snapped)
    assert other.graph.searches == 0
    np.testing.assert_array_equal(found, known)


def test_a_damaged_memory_is_computed_again(tmp_path: Path) -> None:
    """The memory is only a memory."""
    network = random_network(200, 4)
    (tmp_path / "abc-bike.pairs.npz").write_bytes(b"half a file")
    router = router_of(network, tmp_path / "abc.npz", BIKE)
    ms, _ = router.table(router.snap(places_in(network, 5)))
    assert (ms != MISSING).all()


def test_two_stops_of_one_street(travel: Callable[[World], RoadTravel]) -> None:
    """Stops on one edge are joined along it, both ways, without a detour by its ends."""
    source = travel(grid(2, 1000))
    matrix = source.matrix([place(300, 5), place(700, -5)], VAN, 30)
    assert matrix.distance_m[0, 1] == pytest.approx(400, abs=2)
    assert matrix.distance_m[1, 0] == pytest.approx(400, abs=2)


def test_two_stops_of_a_one_way_street(travel: Callable[[World], RoadTravel]) -> None:
    """Downstream costs the piece between them; upstream, a van goes all the way round."""
    world = World()
    for id_, (x, y) in enumerate([(0, 0), (1000, 0), (1000, 1000), (0, 1000)], 1):
        world.node(id_, x, y)
    world.node(5, -200, 0)
    world.node(6, 1200, 0)
    world.way([1, 2], "residential", oneway="yes")
    world.way([2, 3, 4, 1])
    world.way([5, 1])
    world.way([2, 6])
    matrix = travel(world).matrix([place(300, 0), place(700, 0)], VAN, 30)
    assert matrix.distance_m[0, 1] == pytest.approx(400, abs=3)
    assert matrix.distance_m[1, 0] == pytest.approx(300 + 3000 + 300, abs=5)


def test_contraflow_and_pushing(travel: Callable[[World], RoadTravel]) -> None:
    """Against a one-way street a bike rides where signs allow it, else it is pushed."""
    times = {}
    for name, tags in {
        "ridden": {"oneway": "yes", "oneway__bicycle": "no"},
        "pushed": {"oneway": "yes"},
    }.items():
        world = grid(2, 500)
        world.ways[0] = (world.ways[0][0], [1, 2], {"highway": "residential"})
        world.node(50, 0, -300)
        world.node(51, 500, -300)
        world.way([50, 51], "residential", **tags)
        world.way([1, 50])
        world.way([2, 51])
        matrix = travel(world).matrix([place(450, -300), place(50, -300)], BIKE, 15)
        times[name] = matrix.duration_s[0, 1]
    assert times["ridden"] == pytest.approx(400 / 15 * 3.6, abs=2)
    assert times["ridden"] < times["pushed"] <= 400 / 4.5 * 3.6 + 2


def test_parallel_streets_count_once(travel: Callable[[World], RoadTravel]) -> None:
    """Between two crossings joined twice the quicker street is taken; nothing is added up."""
    world = grid(2, 1000)
    world.node(50, 500, -400)
    world.way([1, 50, 2], "residential")
    world.node(60, -200, 0)
    world.node(61, 1200, 0)
    world.way([60, 1])
    world.way([2, 61])
    matrix = travel(world).matrix([place(-150, 0), place(1150, 0)], BIKE, 15)
    assert matrix.distance_m[0, 1] == pytest.approx(1300, abs=4)


def test_a_forbidden_turn_makes_vans_go_round(travel: Callable[[World], RoadTravel]) -> None:
    """Vans obey a turn restriction; bikes, whose rider may get off, do not."""

    def crossing(restriction: str | None) -> World:
        world = grid(3, 400)
        world.ways.clear()
        south, north = world.way([2, 5]), world.way([5, 8])
        west, east = world.way([4, 5]), world.way([5, 6])
        for ring in ([1, 2, 3], [7, 8, 9], [1, 4, 7], [3, 6, 9]):
            world.way(ring)
        assert north
        assert west
        if restriction:
            world.ban(south, 5, east, restriction=restriction)
        return world

    ends = [place(400, 300), place(500, 400)]
    free, forbidden = (
        travel(crossing(what)).matrix(ends, VAN, 30).distance_m[0, 1]
        for what in (None, "no_right_turn")
    )
    assert free == pytest.approx(200, abs=3)
    assert forbidden > 800
    bike = travel(crossing("no_right_turn")).matrix(ends, BIKE, 15)
    assert bike.distance_m[0, 1] == pytest.approx(200, abs=3)
    only = travel(crossing("only_straight_on")).matrix(ends, VAN, 30)
    assert only.distance_m[0, 1] == free  # that restriction names the turn east as the only one


def test_legs_are_as_long_as_the_matrix_says(tmp_path: Path) -> None:
    """The line drawn is the way measured, from place to place, on every pair."""
    network = random_network(400, 9)
    path = tmp_path / "abc.npz"
    save_network(network, path)
    source = RoadTravel(path=path, info=network.info, margin=0.05)
    places = places_in(network, 9)
    for mode in TravelMode:
        matrix = source.matrix(places, mode, 15)
        for i, a in enumerate(places):
            for j, b in enumerate(places):
                line = source.leg(a, b, mode)
                assert (line[0], line[-1]) == (a, b)
                if matrix.distance_m[i, j] in {0, UNREACHABLE}:
                    continue
                lon, lat = np.array(line[1:-1]).T
                drawn = segment_metres(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum()
                assert drawn == pytest.approx(matrix.distance_m[i, j], abs=1 + 0.7 * len(line))


def test_the_triangle_inequality_holds(tmp_path: Path) -> None:
    """Going through a third place is never quicker, to within rounding."""
    network = random_network(600, 2)
    router = router_of(network, tmp_path / "abc.npz", VAN)
    ms, _ = router.table(router.snap(places_in(network, 25)))
    through = (ms[:, :, None] + ms[None, :, :]).min(axis=1)
    assert (through >= ms - 4).all()
