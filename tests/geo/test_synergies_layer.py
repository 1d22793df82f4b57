"""Synergies as links on the map."""

from data.model import (
    Actor,
    ActorKind,
    College,
    Party,
    PartyRole,
    PositionPrecision,
    Synergy,
    SynergyKind,
    SynergyStatus,
)
from geo.layers import synergies_layer


def _actor(name: str, lon: float, lat: float) -> Actor:
    return Actor(
        id=name,
        name=name.upper(),
        kind=ActorKind.COMPANY,
        college=College.PRIVATE,
        commune_code="24037",
        lon=lon,
        lat=lat,
        position_precision=PositionPrecision.ADDRESS,
    )


ACTORS = {a.id: a for a in (_actor("a", 0.4, 44.8), _actor("b", 0.6, 44.8), _actor("c", 0.5, 44.9))}


def _synergy(**roles: PartyRole) -> Synergy:
    return Synergy(
        id="s",
        title="<b>Palettes</b>",
        kind=SynergyKind.SUBSTITUTION,
        status=SynergyStatus.DISCUSSION,
        parties=tuple(Party(actor_id=name, role=role) for name, role in roles.items()),
        mass_t_per_year=4.0,
    )


def test_a_pair_goes_from_giver_to_taker() -> None:
    """The line starts at the giver, whatever the order of the parties; texts stay plain."""
    layer = synergies_layer([_synergy(b=PartyRole.TAKER, a=PartyRole.GIVER)], ACTORS)
    (found,) = layer["features"]
    assert found["geometry"]["coordinates"] == [[[0.4, 44.8], [0.6, 44.8]]]
    properties = found["properties"]
    assert properties["directed"]
    assert properties["status"] == "discussion"
    assert properties["title"] == "<b>Palettes</b>"
    assert properties["parties"] == ["b", "a"]


def test_partners_meet_in_the_middle() -> None:
    """Three partners are three spokes to one point, with no direction."""
    partner = PartyRole.PARTNER
    (found,) = synergies_layer([_synergy(a=partner, b=partner, c=partner)], ACTORS)["features"]
    lines = found["geometry"]["coordinates"]
    assert {tuple(line[1]) for line in lines} == {(0.5, 44.83333)}
    assert len(lines) == 3
    assert not found["properties"]["directed"]


def test_two_partners_are_one_line() -> None:
    """A wheel with two spokes would only be a broken line."""
    (found,) = synergies_layer([_synergy(a=PartyRole.PARTNER, b=PartyRole.PARTNER)], ACTORS)[
        "features"
    ]
    assert len(found["geometry"]["coordinates"]) == 1


def test_fewer_than_two_known_parties_are_not_drawn() -> None:
    """A link needs two ends; actors unknown here have none."""
    alone = _synergy(a=PartyRole.GIVER, nobody=PartyRole.TAKER)
    assert synergies_layer([alone, Synergy(id="t", title="T")], ACTORS)["features"] == []
