"""Lines for QGIS: one a link, in degrees, with units in the headings."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import given

from data.model import Flow, Territory
from geo.flows import build_links, flows_lines_frame
from tests.geo.flows.worlds import ACTORS, RESOURCES, SQUARES, flow, flow_lists, law, links_of


@law
@given(flows=flow_lists())
def test_one_valid_line_a_link(flows: list[Flow]) -> None:
    """In the links' order, from origin to destination, loops closed on themselves."""
    links = links_of(*flows)
    frame = flows_lines_frame(links, SQUARES)
    assert list(frame["lien"]) == list(links.frame["link_id"])
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    assert (frame.geometry.geom_type == "LineString").all()
    positions = links.places[["lon", "lat"]]
    for line, origin, destination in zip(
        frame.geometry, links.frame["origin"], links.frame["destination"], strict=True
    ):
        assert line.coords[0] == pytest.approx(tuple(positions.loc[origin]))
        assert line.coords[-1] == pytest.approx(tuple(positions.loc[destination]))
        assert line.length > 0
    assert list(frame["boucle"]) == [line.is_closed for line in frame.geometry]


@pytest.mark.parametrize("name", ["flux.gpkg", "flux.geojson"])
def test_a_file_opens_with_its_unknowns(tmp_path: Path, name: str) -> None:
    """Written and read back: tonnes, names, an unknown that is not zero."""
    links = links_of(flow(1, 0, 3, year=2023), flow(2, 0, 0, quantity=None))
    path = tmp_path / name
    flows_lines_frame(links, SQUARES).to_file(path)
    back = gpd.read_file(path)
    assert back["masse_t_an"][0] == 1.0
    assert back["masse_t_an"].isna()[1]
    assert back["masse_inconnue_car"][1] == "quantity_unknown"
    assert (back["origine"][0], back["destination_commune"][0]) == ("Aulne", "Châtaignier")
    assert (back["origine_epci"][0], back["flux"][0]) == ("CO", "f0001")
    assert shapely.get_num_points(back.geometry[1]) > 10


def test_without_territory_a_row_may_have_no_line() -> None:
    """« Hors territoire » stands nowhere when there is no border: the row is kept."""
    empty = Territory(name="", epcis=(), communes=())
    links = build_links([flow(1), flow(2, 0, 3)], ACTORS, empty, RESOURCES)
    frame = flows_lines_frame(links, empty)
    assert [g is None for g in frame.geometry] == [True, False]


def test_no_flow_gives_an_empty_file_with_headings() -> None:
    """Headings do not depend on the content."""
    assert list(flows_lines_frame(links_of(), SQUARES).columns) == list(
        flows_lines_frame(links_of(flow(1)), SQUARES).columns
    )
