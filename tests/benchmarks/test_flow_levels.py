"""20 000 flows of 500 actors through links, release, filter and levels, beside a naive loop."""

import random
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from data.model import (
    Actor,
    ActorKind,
    College,
    Direction,
    Flow,
    PositionPrecision,
    Reliability,
    Stream,
    Territory,
    Visibility,
)
from data.nomenclature import load_resources
from data.settings import read_settings
from geo.flows import (
    FlowFilter,
    Level,
    Links,
    Perimeter,
    Viewer,
    aggregate,
    apply_filter,
    balance,
    build_links,
    check_balance,
    flows_lines_frame,
    release,
    sankey,
)
from geo.territory import read_territory

FLOWS, ACTORS = 20_000, 500
ROUNDS = 5


@pytest.fixture(scope="module")
def territory() -> Territory:
    """Return the territory the application ships with."""
    return read_territory(read_settings().territory_path)


@pytest.fixture(scope="module")
def world(territory: Territory) -> tuple[list[Flow], list[Actor]]:
    """Return flows between actors spread over the communes, always the same."""
    chance = random.Random(1)  # noqa: S311
    actors = []
    for number in range(ACTORS):
        commune = chance.choice(territory.communes)
        actors.append(
            Actor(
                id=f"a{number:04d}",
                name=f"Acteur {number}",
                kind=ActorKind.COMPANY,
                college=College.PRIVATE,
                commune_code=commune.code,
                lon=commune.town_hall_lon + chance.uniform(-0.01, 0.01),
                lat=commune.town_hall_lat + chance.uniform(-0.01, 0.01),
                position_precision=PositionPrecision.STREET,
            )
        )
    resources = load_resources()
    flows = [
        Flow(
            id=f"f{number:05d}",
            actor_id=chance.choice(actors).id,
            direction=chance.choice(list(Direction)),
            resource_id=chance.choice(resources).id,
            quantity=None if chance.random() < 0.05 else round(chance.lognormvariate(1, 2), 3),
            unit=chance.choice(["t", "kg", "m³"]),
            uncertainty=chance.choice([None, 0.1, 0.3]),
            year=chance.choice([None, 2022, 2023]),
            partner_id=chance.choice(actors).id if chance.random() < 0.6 else None,
            partner_place=chance.choice(["", "Bordeaux", "Limoges", "hors territoire"]),
            visibility=chance.choice(list(Visibility)),
            reliability=chance.choice(list(Reliability)),
        )
        for number in range(FLOWS)
    ]
    return flows, actors


@pytest.fixture(scope="module")
def links(world: tuple[list[Flow], list[Actor]], territory: Territory) -> Links:
    """Return the links of that world."""
    return build_links(*world, territory, load_resources())


def naive(
    links: Links, level: Level
) -> dict[tuple[str, str, str], tuple[float, float, float, int, int]]:
    """Aggregate the same columns with a dictionary and a loop over the rows."""
    places: dict[Any, Any] = links.places.to_dict("index")
    edges: dict[tuple[str, str, str], tuple[float, float, float, int, int]] = defaultdict(
        lambda: (0.0, 0.0, 0.0, 0, 0)
    )
    for row in links.frame.itertuples():
        ends: tuple[Any, Any] = (row.origin, row.destination)
        if level is not Level.ACTOR:
            ends = (places[ends[0]][f"at_{level}"], places[ends[1]][f"at_{level}"])
        key = (*ends, row.stream)
        value, low, high, count, unknown = edges[key]
        if row.gap:
            edges[key] = (value, low, high, count + 1, unknown + 1)
        else:
            edges[key] = (
                value + row.mass_t,
                low + row.mass_low_t,
                high + row.mass_high_t,
                count + 1,
                unknown,
            )
    return edges


@pytest.mark.parametrize("level", Level)
def test_levels_against_a_loop(benchmark: BenchmarkFixture, links: Links, level: Level) -> None:
    """The vectorised aggregation finds the loop's edges, and faster."""
    found = benchmark.pedantic(aggregate, (links, level), rounds=ROUNDS, warmup_rounds=1)
    started = time.perf_counter()
    expected = naive(links, level)
    elapsed = time.perf_counter() - started
    ratio = elapsed / benchmark.stats.stats.median
    benchmark.extra_info.update(naive_seconds=round(elapsed, 3), ratio=round(ratio, 1))
    assert len(found.edges) == len(expected)
    total = sum(edge[0] for edge in expected.values())
    assert found.edges["value"].sum() == pytest.approx(total)
    assert ratio > 1


STEPS: dict[str, Callable[[Links, Territory], Any]] = {
    "release_public": lambda links, _: release(links, Viewer.PUBLIC),
    "filter": lambda links, _: apply_filter(
        links, FlowFilter(streams=(Stream.WOOD, Stream.FOOD), min_mass_t=1.0, top=1000)
    ),
    "balance_by_actor": lambda links, _: balance(links, Perimeter.ACTOR),
    "mass_check": lambda links, _: check_balance(links),
    "sankey": lambda links, _: sankey(links),
    "lines": flows_lines_frame,
}
"""What a page may ask for, each on all 20 000 links."""


@pytest.mark.parametrize("step", STEPS)
def test_each_step_on_20000_links(
    benchmark: BenchmarkFixture, links: Links, territory: Territory, step: str
) -> None:
    """Recorded, not judged: the clock of a shared machine proves nothing."""
    result = benchmark.pedantic(STEPS[step], (links, territory), rounds=ROUNDS, warmup_rounds=1)
    assert result is not None


def test_building_links(
    benchmark: BenchmarkFixture, world: tuple[list[Flow], list[Actor]], territory: Territory
) -> None:
    """From 20 000 declarations to links; nothing is lost."""
    built = benchmark.pedantic(build_links, (*world, territory, load_resources()), rounds=3)
    assert sum(map(len, built.frame["flow_ids"])) == FLOWS
