"""The map sketch: everything in its frame, numbers readable, lengths honest."""

import math
from itertools import pairwise

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.model import Commune
from pages.documents.sketch import Mark, sketches

WIDTH, HEIGHT = 180.0, 68.0
positions = st.tuples(st.floats(0.0, 0.9), st.floats(44.6, 45.0))


def draw(marks: list[Mark], communes: tuple[Commune, ...] = ()) -> list[dict]:
    """Sketch straight legs between the marks."""
    legs = [[a.position, b.position] for a, b in pairwise(marks)]
    return sketches(marks, legs, communes, width_mm=WIDTH, height_mm=HEIGHT)


@given(st.lists(positions, min_size=1, max_size=15))
@settings(max_examples=60, deadline=None)
def test_discs_stay_in_the_frame(places: list[tuple[float, float]]) -> None:
    """Wherever the stops are, even all in one place, each has a disc inside the frame."""
    marks = [Mark(str(i), place, True) for i, place in enumerate(places, 1)]
    whole = draw(marks)[0]
    assert {disc["label"] for disc in whole["discs"]} == {mark.label for mark in marks}
    for disc in whole["discs"]:
        assert 0 <= disc["at"][0] <= whole["width"]
        assert 0 <= disc["at"][1] <= whole["height"]


def test_stops_at_one_place_are_pushed_apart() -> None:
    """Three stops at one address show three discs that do not hide each other."""
    marks = [Mark("D", (0.40, 44.80), False)]
    marks += [Mark(str(i), (0.48, 44.85), True) for i in (1, 2, 3)]
    (drawing,) = draw(marks)
    discs = [d["at"] for d in drawing["discs"] if d["stop"]]
    gaps = [math.dist(a, b) for i, a in enumerate(discs) for b in discs[i + 1 :]]
    assert min(gaps) > 2 * drawing["radius"]


def test_huddled_stops_get_a_close_up() -> None:
    """Stops within 500 m of each other, 10 km from the depot, are drawn a second time, larger."""
    marks = [Mark("D", (0.60, 44.85), False)]
    marks += [Mark(str(i), (0.480 + 0.002 * i, 44.850), True) for i in (1, 2, 3)]
    whole, close = draw(marks)
    assert close["scale"]["mm"] > 0
    assert [d["label"] for d in close["discs"]] == ["1", "2", "3"]
    assert len(whole["discs"]) == 4


def test_scale_bar_measures_the_drawing() -> None:
    """The bar's length matches the distance between two places a known way apart."""
    marks = [Mark("D", (0.5, 44.80), False), Mark("1", (0.5, 44.89), True)]
    (drawing,) = draw(marks)
    (bottom, top) = (d["true"] for d in drawing["discs"])
    drawn_mm = math.dist(bottom, top)
    assert drawing["scale"]["label"] == "10\u202fkm"
    metres_per_mm = 10_000 / drawing["scale"]["mm"]
    assert math.isclose(drawn_mm * metres_per_mm, 0.09 * 111_195, rel_tol=0.01)


def test_communes_in_view_are_outlined_and_named() -> None:
    """A commune around the round is drawn and named; one far away is not."""

    def commune(code: str, west: float) -> Commune:
        square = shapely.box(west, 44.7, west + 0.2, 44.9)
        return Commune(
            code=code,
            name=code,
            epci_code="",
            population=0,
            area_km2=1,
            town_hall_lon=west,
            town_hall_lat=44.8,
            boundary_wkb=shapely.to_wkb(square),
        )

    marks = [Mark("D", (0.42, 44.80), False), Mark("1", (0.44, 44.80), True)]
    (drawing,) = draw(marks, (commune("Ici", 0.4), commune("Loin", 3.0)))
    assert len(drawing["areas"]) == 1
    assert [name["text"] for name in drawing["names"]] == ["Ici"]
