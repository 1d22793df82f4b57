"""Tags → speeds and permissions."""

import pytest

from geo.roads.profiles import (
    BIKE_BASE_KMH,
    PUSH_KMH,
    STEPS_KMH,
    exempts_vans,
    point_rules,
    posted_kmh,
    way_rules,
)

B = BIKE_BASE_KMH


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"highway": "residential"}, B, B),
        ({"highway": "residential", "oneway": "yes"}, B, PUSH_KMH),
        ({"highway": "residential", "oneway": "-1"}, PUSH_KMH, B),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, B, B),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"}, B, B),
        ({"highway": "residential", "oneway": "yes", "cycleway:left": "opposite"}, B, B),
        (
            {
                "highway": "residential",
                "oneway": "yes",
                "cycleway:left": "lane",
                "cycleway:left:oneway": "no",
            },
            B,
            B,
        ),
        ({"highway": "primary", "oneway": "yes"}, B, 0),
        ({"highway": "tertiary", "junction": "roundabout"}, B, 0),
        ({"highway": "footway"}, PUSH_KMH, PUSH_KMH),
        ({"highway": "footway", "bicycle": "yes"}, 12, 12),
        ({"highway": "footway", "access": "private"}, 0, 0),
        ({"highway": "steps"}, STEPS_KMH, STEPS_KMH),
        ({"highway": "path", "bicycle": "dismount"}, PUSH_KMH, PUSH_KMH),
        ({"highway": "residential", "bicycle": "no"}, PUSH_KMH, PUSH_KMH),
        ({"highway": "residential", "bicycle": "no", "foot": "no"}, 0, 0),
        ({"highway": "residential", "access": "no", "bicycle": "yes"}, B, B),
        ({"highway": "motorway", "bicycle": "yes"}, 0, 0),
        ({"highway": "trunk"}, 0, 0),
        ({"highway": "trunk", "bicycle": "yes"}, B, B),
        ({"highway": "primary", "motorroad": "yes"}, 0, 0),
        ({"highway": "track", "tracktype": "grade4"}, 9, 9),
        ({"highway": "track", "surface": "asphalt"}, 11.5, 11.5),
        ({"highway": "unclassified", "surface": "gravel"}, 9.5, 9.5),
        ({"highway": "path", "sac_scale": "alpine_hiking"}, 0, 0),
        ({"highway": "pedestrian", "area": "yes"}, 0, 0),
        ({"highway": "construction"}, 0, 0),
    ],
)
def test_bikes(tags: dict[str, str], forward: float, backward: float) -> None:
    """A bike rides, is pushed or stays out, in each direction."""
    rules = way_rules(tags)
    assert (rules.bike_forward, rules.bike_backward) == (forward, backward)


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"highway": "residential"}, 25, 25),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, 25, 0),
        ({"highway": "secondary", "maxspeed": "50"}, 42.5, 42.5),
        ({"highway": "residential", "maxspeed": "FR:zone30"}, 25.5, 25.5),
        ({"highway": "unclassified", "maxspeed": "80"}, 50, 50),
        ({"highway": "motorway"}, 105, 0),
        ({"highway": "residential", "access": "private"}, 0, 0),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, 25, 25),
        ({"highway": "residential", "vehicle": "no", "bicycle": "yes"}, 0, 0),
        ({"highway": "residential", "motor_vehicle": "destination"}, 12.5, 12.5),
        ({"highway": "service", "service": "driveway"}, 12, 12),
        ({"highway": "track"}, 0, 0),
        ({"highway": "track", "tracktype": "grade1"}, 12, 12),
        ({"highway": "track", "motor_vehicle": "agricultural", "surface": "asphalt"}, 0, 0),
        ({"highway": "cycleway"}, 0, 0),
        ({"highway": "pedestrian"}, 0, 0),
        ({"highway": "residential", "oneway": "reversible"}, 0, 0),
    ],
)
def test_vans(tags: dict[str, str], forward: float, backward: float) -> None:
    """A van drives at the road's speed, where it may."""
    rules = way_rules(tags)
    assert (rules.van_forward, rules.van_backward) == pytest.approx((forward, backward))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50", 50),
        ("30 mph", 48.28032),
        ("20mph", 32.18688),
        ("FR:urban", 50),
        ("FR:rural", 80),
        ("walk", 7),
        ("50;70", 50),
        ("none", None),
        ("signals", None),
        ("999", None),
        ("", None),
    ],
)
def test_posted_speeds(text: str, expected: float | None) -> None:
    """Posted speeds are read as people write them; nonsense is ignored."""
    assert posted_kmh({"maxspeed": text}) == (None if expected is None else pytest.approx(expected))


def test_points() -> None:
    """Signals cost time, bollards stop vans, stiles stop bikes, private gates stop both."""
    assert point_rules({"highway": "traffic_signals"}).delay_s > 5
    bollard = point_rules({"barrier": "bollard"})
    assert bollard.blocks_van
    assert not bollard.blocks_bike
    assert not point_rules({"barrier": "bollard", "motor_vehicle": "yes"}).blocks_van
    assert point_rules({"barrier": "stile"}).blocks_bike
    gate = point_rules({"barrier": "gate", "access": "private"})
    assert gate.blocks_bike
    assert gate.blocks_van
    assert not point_rules({"barrier": "gate"}).blocks_van


def test_exceptions_of_restrictions() -> None:
    """A restriction may spare vans, or only others."""
    assert exempts_vans({"except": "bus;motorcar"})
    assert not exempts_vans({"except": "bicycle"})
