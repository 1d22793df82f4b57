"""The map and the diagram as drawings: sound XML, honest content, real pictures."""

import io
import math
import struct
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.flows import Level, Measure, Viewer
from pages.documents import flow_bands, flow_drawing, svg
from pages.documents.flow_bands import Band, Lane
from pages.flows_parts.choice import Choice
from tests.documents.flow_world import DAY, HOSTILE, taken
from tests.geo.flows.worlds import flow

WEB = "{http://www.w3.org/2000/svg}"


def words(drawing: bytes) -> list[str]:
    """Return every text of a drawing."""
    tree = ET.parse(io.BytesIO(drawing))  # noqa: S314 - our own drawing
    return [node.text or "" for node in tree.iter(f"{WEB}text")]


def test_the_map_says_what_it_shows() -> None:
    """Title, total, date, sources, places, gates and legend are texts of the drawing."""
    said = " ".join(words(flow_drawing.map_svg(taken())))
    for part in ("Flux de matières – Carrés", "12/03/2026", "contours d’essai", "CO", "Bordeaux"):
        assert part in said
    for part in ("Filières", "Largeur", "Bois", "quantité inconnue", "jamais comptés comme zéro"):
        assert part in said


@pytest.mark.parametrize("diagram", ["complet", "epci", "familles"])
def test_the_diagram_has_headings_and_ribbons(diagram: str) -> None:
    """Each way of cutting the diagram is drawn, with a title on each ribbon."""
    drawing = flow_drawing.sankey_svg(taken(diagram=diagram))
    tree = ET.parse(io.BytesIO(drawing))  # noqa: S314 - our own drawing
    assert tree.findall(f".//{WEB}path/{WEB}title")
    assert any("·" in text for text in words(drawing))


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("place", [None, "actor:a0000", "commune:01000", "epci:111111111"])
def test_every_measure_and_selection_can_be_drawn(measure: Measure, place: str | None) -> None:
    """No number in a drawing is NaN or infinite, whatever is chosen."""
    view = taken(measure=measure, choice=Choice(place=place), viewer=Viewer.TEAM)
    for drawing in (flow_drawing.map_svg(view), flow_drawing.sankey_svg(view)):
        ET.fromstring(drawing)  # noqa: S314 - our own drawing
        for bad in (b"nan", b"inf,", b'="inf'):
            assert bad not in drawing


def test_the_level_follows_the_selection() -> None:
    """Territory and EPCI are drawn between EPCI, a commune between communes, an actor by actor."""
    assert taken().level is Level.EPCI
    assert taken(epcis=("111111111",)).level is Level.EPCI
    assert taken(communes=("01000",)).level is Level.COMMUNE
    assert taken(actors=("a0000",)).level is Level.ACTOR


def test_hostile_text_stays_text() -> None:
    """A payload in a name makes no element, and control characters leave no broken XML."""
    view = taken(flow(1, 0, None, partner_place=HOSTILE, partner_name=HOSTILE, quantity=3.0))
    for drawing in (flow_drawing.map_svg(view), flow_drawing.sankey_svg(view)):
        tree = ET.parse(io.BytesIO(drawing))  # noqa: S314 - our own drawing
        assert {node.tag for node in tree.iter()} <= {
            f"{WEB}{tag}"
            for tag in ("svg", "title", "desc", "g", "rect", "circle", "path", "line", "text")
        }


def test_png_is_a_picture_of_the_right_size() -> None:
    """The picture is 2 750 pixels wide (900 points at 220 dots an inch)."""
    picture = flow_drawing.png(flow_drawing.sankey_svg(taken()), DAY)
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 2750
    assert height > 500


def test_a_full_ring_is_drawn() -> None:
    """A ring of one stream goes through its opposite point: two equal ends would draw nothing."""
    band = Band("a", "a", [Lane("wood", 5.0, "measured")], value=5.0, reach=10.0)
    ((_, path),) = flow_bands.arcs(band, (50.0, 50.0))
    assert path.count("A") == 2
    assert "50.0,60.0" in path


@given(st.floats(0, 900), st.floats(0, 400), st.floats(0, 900), st.floats(0, 400), st.floats(1, 22))
def test_a_band_goes_from_its_start_to_its_end(
    ax: float, ay: float, bx: float, by: float, width: float
) -> None:
    """Points are finite, it narrows at its start, and its arrow head points at the end."""
    band = Band("a", "b", width=width)
    path = flow_bands.lay(band, (ax, ay), (bx, by), (4.0, 4.0))
    if path is None:
        assert math.dist((ax, ay), (bx, by)) < 5
        return
    outline = path.strip(-width / 2, width / 2)
    assert all(math.isfinite(value) for point in outline for value in point)
    assert math.dist(outline[0], outline[-1]) < math.dist(
        outline[len(outline) // 2 - 1], outline[len(outline) // 2]
    )
    tip = path.arrow(-width / 2, width / 2, width / 2)[1]
    assert math.dist(tip, (bx, by)) < math.dist(tip, (ax, ay))


def test_opposite_ways_do_not_overlap() -> None:
    """There and back again bend to different sides."""
    there = flow_bands.lay(Band("a", "b", width=4), (0, 0), (100, 0), (2, 2))
    back = flow_bands.lay(Band("b", "a", width=4), (100, 0), (0, 0), (2, 2))
    assert there is not None
    assert back is not None
    assert math.dist(there.middle, back.middle) > 15


@given(st.text(max_size=60), st.floats(20, 300))
def test_a_shortened_text_fits_and_xml_takes_it(text: str, room: float) -> None:
    """Whatever people typed, what is drawn is well-formed and fits."""
    short = svg.shorten(text, room, 11)
    assert svg.width(short, 11) <= room or len(short) <= 2
    top = svg.root(10, 10, text, text)
    svg.text(top, text, 0, 0, size=10, fill="#000")
    ET.fromstring(svg.written(top))  # noqa: S314 - our own drawing
