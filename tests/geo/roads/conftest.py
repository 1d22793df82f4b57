"""Networks built from small worlds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geo.roads.shelf import Kept, Wish, import_network
from geo.travel.roads import RoadTravel
from tests.geo.roads.worlds import World

Keep = Callable[[World], Kept]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Write a world as a PBF and import all of it."""

    def build(world: World) -> Kept:
        extract = world.write(tmp_path / "petit-monde.osm.pbf")
        return import_network(Wish(path=extract), tmp_path / "roads")

    return build


@pytest.fixture
def travel(keep: Keep) -> Callable[[World], RoadTravel]:
    """The same, ready to answer."""

    def build(world: World) -> RoadTravel:
        kept = keep(world)
        return RoadTravel(path=kept.path, info=kept.info, margin=0.05)

    return build
