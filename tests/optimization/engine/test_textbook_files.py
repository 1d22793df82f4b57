"""Textbook instance files, with their conventions."""

from pathlib import Path

import pytest

from data.errors import InputError
from optimization.routing import Limits, Route, Solution, Trip
from optimization.routing.portfolio import PortfolioEngine
from optimization.routing.pricing import assembled
from optimization.vrplib_files import read_textbook_case
from tests.optimization.engine.textbook import write_cvrp, write_vrptw

CVRP = """NAME : three
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 1 1
3 0 5
DEMAND_SECTION
1 0
2 6
3 6
DEPOT_SECTION
1
-1
EOF
"""

VRPTW = """TWO

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME

0 0 0 0 0 100 0
1 1 1 6 0 100 10
2 0 5 4 50 60 10
"""


def test_cvrp_distances_are_rounded(tmp_path: Path) -> None:
    """The square root of two counts one; two customers too heavy for one vehicle take two."""
    path = tmp_path / "three.vrp"
    path.write_text(CVRP, encoding="utf-8")
    case = read_textbook_case(path)
    assert (case.name, case.scale, case.problem.n_stops) == ("three", 1, 2)
    assert case.problem.distance_m[0, 0].tolist() == [0, 0, 1, 5]
    solution = PortfolioEngine().solve(case.problem, Limits(seconds=600.0, solutions=400))
    assert len(solution.routes) == 2
    assert case.distance(solution) == 12


def test_solomon_counts_in_truncated_tenths(tmp_path: Path) -> None:
    """1.41421 counts 1.4; times and windows are in the same tenths."""
    path = tmp_path / "two.txt"
    path.write_text(VRPTW, encoding="utf-8")
    case = read_textbook_case(path)
    assert case.problem.distance_m[0, 0].tolist() == [0, 0, 14, 50]
    assert case.problem.windows == (((0, 1000),), ((500, 600),))
    assert case.problem.service_s.tolist() == [100, 100]
    one_route = assembled(case.problem, [Route(0, (Trip((0, 1), 0),))], 0)
    assert case.distance(one_route) == pytest.approx(1.4 + 4.1 + 5.0)


def test_engine_serves_made_instances(tmp_path: Path) -> None:
    """Both families, every customer once, within capacity."""
    for path in (
        write_cvrp(tmp_path / "a.vrp", stops=40, seed=1),
        write_vrptw(tmp_path / "b.txt", stops=30, seed=2),
    ):
        problem = read_textbook_case(path).problem
        solution = PortfolioEngine().solve(problem, Limits(seconds=600.0, solutions=2_000))
        _assert_serves_all(problem.n_stops, solution)
        for route in solution.routes:
            (trip,) = route.trips
            load = problem.demand_g[list(trip.stops)].sum()
            assert load <= problem.kinds[0].capacity_g


def _assert_serves_all(stops: int, solution: Solution) -> None:
    served = [stop for route in solution.routes for trip in route.trips for stop in trip.stops]
    assert sorted(served) == list(range(stops))


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.vrp", "hello", "CVRP"),
        ("a.txt", "hello", "Solomon"),
        ("b.vrp", CVRP.replace("TYPE : CVRP", "TYPE : TSP"), "TSP"),
        ("c.vrp", CVRP.replace("\n1\n-1", "\n1\n2\n-1"), "dépôt"),
        ("e.vrp", CVRP.replace("3 6\n", ""), "CVRP"),
    ],
)
def test_other_files_are_refused_in_french(tmp_path: Path, name: str, text: str, told: str) -> None:
    """A file that is not such an instance is named, with the reason."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_textbook_case(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """Rather than a stack of calls."""
    with pytest.raises(InputError, match=r"absent\.vrp"):
        read_textbook_case(tmp_path / "absent.vrp")
