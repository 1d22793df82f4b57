"""Textbook and benchmark files, solved and checked with their conventions."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from data.errors import InputError
from optimization.formats.modelling import model_of
from optimization.formats.output import as_sol
from optimization.formats.reading import read_instance
from optimization.formats.solving import Wish, solve
from optimization.formats.told import read_told
from optimization.formats.verifying import verify
from optimization.routing.ruin_recreate.instance import is_direct
from tests.benchmarks.rich_files import made_rich_fields
from tests.optimization.engine.textbook import write_cvrp, write_vrptw
from tests.optimization.formats.files import plain

COUNTED = Wish(solutions=1_000)

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

SOLOMON = """TWO

vehicle
number capacity
 2 10

customer
0 0 0 0 0 100 0
1 1 1 6 0 100 10

2 0 5.0 4 50 60 10
"""


def test_cvrp_rounds_and_takes_the_shortest(tmp_path: Path) -> None:
    """Two customers too heavy for one vehicle: 1 + 1 and 5 + 5; the fast engine's case."""
    path = tmp_path / "three.vrp"
    path.write_text(CVRP, encoding="utf-8")
    instance = read_instance(path)
    assert is_direct(model_of(instance).problem)
    plan = solve(instance, COUNTED)
    assert plan["summary"]["cost"] == 12
    assert plan["bound"]["value"] == 12
    assert as_sol(plan).splitlines()[-1] == "Cost 12"


def test_solomon_counts_in_truncated_tenths(tmp_path: Path) -> None:
    """Any titles and blank lines; 1.4 + 4.1 + 5 for one route, times in the file's unit."""
    path = tmp_path / "two.txt"
    path.write_text(SOLOMON, encoding="utf-8")
    plan = solve(read_instance(path), COUNTED)
    assert plan["summary"]["cost"] == 10.5
    steps = plan["routes"][0]["steps"]
    assert [step.get("id") for step in steps] == [None, 1, 2, None]
    assert steps[2]["arrival"] + steps[2]["waiting_time"] == 50


def test_made_files_are_solved_checked_and_written_both_ways(tmp_path: Path) -> None:
    """Both families: JSON and ``.sol`` tell the same plan, and the checker accepts both."""
    for path in (
        write_cvrp(tmp_path / "a.vrp", stops=40, seed=1),
        write_vrptw(tmp_path / "b.txt", stops=30, seed=2),
    ):
        instance = read_instance(path)
        plan = solve(instance, COUNTED)
        assert plan["unassigned"] == []
        assert plan["bound"]["value"] <= plan["summary"]["cost"]
        for name, text in (("plan.json", json.dumps(plan)), ("plan.sol", as_sol(plan))):
            (tmp_path / name).write_text(text, encoding="utf-8")
            assert verify(instance, read_told(tmp_path / name, instance)) == []


def test_the_depot_s_closing_time_and_the_fleet_are_followed(tmp_path: Path) -> None:
    """A customer who cannot be reached in time is left out; one vehicle cannot serve two loads."""
    path = tmp_path / "two.txt"
    path.write_text(SOLOMON.replace("50 60 10", "2 3 10"), encoding="utf-8")
    (left,) = solve(read_instance(path), COUNTED)["unassigned"]
    assert left["id"] == 2
    path.write_text(SOLOMON.replace(" 2 10\n", " 1 6\n"), encoding="utf-8")
    plan = solve(read_instance(path), COUNTED)
    assert plan["summary"]["routes"] == 1
    assert plan["summary"]["unassigned"] == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("TYPE : CVRP", "TYPE : TSP"), "TSP"),
        (("\n1\n-1", "\n1\n2\n-1"), "2 dépôts"),
        (("3 6\n", ""), "lisible"),
        (("2 6\n", "2 -6\n"), "négative"),
        (("DIMENSION : 3", "DIMENSION : 30000"), "plus de 3.000 lieux"),
    ],
)
def test_other_instances_are_refused(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    """With the reason."""
    path = tmp_path / "x.vrp"
    path.write_text(CVRP.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_instance(path)


def test_another_depot_and_a_longest_route(tmp_path: Path) -> None:
    """The depot is the second point; no route may be longer than 9: the third is out of reach."""
    path = tmp_path / "x.vrp"
    text = CVRP.replace("\n1\n-1", "\n2\n-1").replace("CAPACITY", "DISTANCE : 5\nCAPACITY")
    path.write_text(text, encoding="utf-8")
    plan = solve(read_instance(path), COUNTED)
    assert [one["id"] for one in plan["unassigned"]] == [2]
    assert plan["summary"]["cost"] == 2


def test_too_heavy_a_customer_is_told(tmp_path: Path) -> None:
    """Demand above the vehicle's."""
    path = tmp_path / "x.vrp"
    path.write_text(CVRP.replace("2 6\n", "2 60\n"), encoding="utf-8")
    (left,) = solve(read_instance(path), COUNTED)["unassigned"]
    assert "plus que la capacité" in left["reason"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Route #1: 1 2\nCost 12", "charge 12 pour une capacité de 10"),
        ("Route #1: 1\nCost 2", "job 2 : ni desservi"),
        ("Route #1: 1\nRoute #2: 2 2\nCost 12", "desservi 2 fois"),
        ("Route #1: 1\nRoute #2: 2\nCost 11", "coût total annoncé 11, recalculé 12"),
        ("Route #1: 1\nRoute #2: 7\nCost 12", "job 7 n’est pas dans le fichier"),
    ],
)
def test_wrong_sol_files_are_seen(tmp_path: Path, text: str, told: str) -> None:
    """As JSON is."""
    path, sol = tmp_path / "x.vrp", tmp_path / "x.sol"
    path.write_text(CVRP, encoding="utf-8")
    sol.write_text(text, encoding="utf-8")
    instance = read_instance(path)
    faults = plain(verify(instance, read_told(sol, instance)))
    assert told in faults


def test_the_collection_benchmark_is_read(tmp_path: Path) -> None:
    """Unloading after each trip, loads within both limits, costs in the file's own unit."""
    path = tmp_path / "made.json"
    fields = made_rich_fields(stops=12, seed=1)
    path.write_text(json.dumps(fields), encoding="utf-8")
    instance = read_instance(path)
    plan = solve(instance, COUNTED)
    assert instance.format == "collecte"
    assert plan["unassigned"] == []
    price = 0
    for route in plan["routes"]:
        name = instance.vehicles[route["vehicle"] - 1].description
        kind = next(kind for kind in fields["types"] if kind["name"] == name)
        rows = [step["location_index"] for step in route["steps"]]
        legs = fields["T"][kind["T"]]
        travel = sum(legs[a][b] for a, b in pairwise(rows))
        price += kind["fixed"] + kind["unit"] * travel
        assert route["steps"][-2]["type"] == "unload"
    assert plan["summary"]["cost"] == price


def test_a_rich_file_with_a_short_list_is_refused(tmp_path: Path) -> None:
    """The list is named."""
    fields = made_rich_fields(stops=5, seed=1)
    fields["svc"].pop()
    path = tmp_path / "made.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(InputError, match=r"svc.*7 valeurs"):
        read_instance(path)
