"""Which commune is here, and what is said outside."""

from hypothesis import given
from hypothesis import strategies as st

from data.model import Territory
from geo.locate import commune_at, communes_at, describe_outside, nearest_commune


def test_every_town_hall_is_located_at_home(territory: Territory) -> None:
    """The commune found at a town hall is its own, but for the one known exception."""
    found = communes_at(
        territory,
        [c.town_hall_lon for c in territory.communes],
        [c.town_hall_lat for c in territory.communes],
    )
    strays = [c.name for c, here in zip(territory.communes, found, strict=True) if here is not c]
    assert strays == ["Saint-Seurin-de-Prats"]


@given(st.floats(-0.1, 0.5), st.floats(44.95, 45.15))
def test_against_plain_comparisons(squares: Territory, lon: float, lat: float) -> None:
    """In a row of squares the commune is a matter of four comparisons."""
    expected = None
    if 45.0 <= lat <= 45.1:
        expected = next(
            (c for i, c in enumerate(squares.communes) if i / 10 <= lon <= i / 10 + 0.1), None
        )
    assert commune_at(squares, lon, lat) == expected


def test_a_shared_boundary_belongs_to_the_first_listed(squares: Territory) -> None:
    """A place on the line between two communes has one answer, always the same."""
    here = commune_at(squares, 0.1, 45.05)
    assert here is not None
    assert here.name == "Aubépine"


def test_outside_is_said_in_french(squares: Territory) -> None:
    """Outside, the sentence names the nearest commune and how far it is; inside, nothing."""
    assert describe_outside(squares, 0.05, 45.05) is None
    said = describe_outside(squares, 0.55, 45.05)
    assert said is not None
    assert "Carrés" in said
    assert "11,8\u202fkm d’Érable" in said
    assert nearest_commune(squares, 0.55, 45.05).commune.name == "Érable"
    assert nearest_commune(squares, 0.05, 45.05).distance_m == 0


def test_impossible_positions_are_said_in_french(squares: Territory) -> None:
    """Degrees beyond the globe, or no number at all, are not « outside » but impossible."""
    for lon, lat in ((200.0, 45.0), (0.0, 91.0), (float("nan"), 45.0), (0.0, float("inf"))):
        said = describe_outside(squares, lon, lat)
        assert said is not None
        assert "n’existe pas" in said


def test_no_positions(squares: Territory) -> None:
    """Nothing to locate gives nothing."""
    assert communes_at(squares, [], []) == []
