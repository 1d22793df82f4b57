"""Heights and slopes."""

from pathlib import Path

import numpy as np
import pytest

from data.errors import InputError
from data.model import TravelMode
from geo.roads.contract import gradient_factor
from geo.roads.elevation import read_elevation
from geo.roads.shelf import Wish, import_network
from geo.travel.roads import RoadTravel
from tests.geo.roads.worlds import LAT, LON, grid, place

HILL = 0.05
"""The ground rises eastwards by 5 %."""


def _hill(path: Path) -> Path:
    step = 0.001
    columns, rows = 60, 40
    metres = (np.arange(columns) * step - 0.02) * 79_052
    heights = np.tile(100 + HILL * metres, (rows, 1))
    header = (
        f"ncols {columns}\nnrows {rows}\nxllcenter {LON - 0.02}\nyllcenter {LAT - 0.01}\n"
        f"cellsize {step}\nNODATA_value -9999\n"
    )
    lines = "\n".join(" ".join(f"{value:.3f}" for value in row) for row in heights)
    path.write_text(header + lines, encoding="ascii")
    return path


def test_an_ascii_grid_is_interpolated(tmp_path: Path) -> None:
    """Between two cells the height is in between; outside it is unknown."""
    grid_ = read_elevation(_hill(tmp_path / "h.asc"))
    lon = np.array([LON, LON + 0.0005, LON + 9])
    heights = grid_.at(lon, np.full(3, LAT))
    assert heights[:2] == pytest.approx([100, 100 + HILL * 39.5], abs=0.1)
    assert np.isnan(heights[2])


def test_an_srtm_tile(tmp_path: Path) -> None:
    """A tile is placed by its name, its first row to the north, its voids unknown."""
    values = np.zeros((1201, 1201), dtype=">i2")
    values[0, 0], values[0, 9], values[-1, -1] = 50, -32768, 70
    values.tofile(tmp_path / "N44E000.hgt")
    tile = read_elevation(tmp_path / "N44E000.hgt")
    heights = tile.at(np.array([0.0, 1.0, 9 / 1200]), np.array([45.0, 44.0, 45.0]))
    assert heights[:2].tolist() == [50, 70]
    assert np.isnan(heights[2])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.hgt", b"abc", "illisible"),
        ("N44E000.hgt", b"ab" * 100, "illisible"),
        ("x.asc", b"ncols 3\nnrows 2\ncellsize 1\nxllcorner 0\nyllcorner 0\n1 2 3", "illisible"),
        ("x.asc", b"bonjour", "illisible"),
        ("x.png", b"abc", ".asc"),
    ],
)
def test_files_that_are_no_grid(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    """Each wrong file gets a sentence that names it."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name}.*{sentence}"):
        read_elevation(tmp_path / name)


def test_hills_slow_bikes_down_on_the_way_up(tmp_path: Path) -> None:
    """Uphill is slower than flat, downhill a little quicker; vans and distances do not change."""
    extract = grid(6).write(tmp_path / "a.osm.pbf")
    directory = tmp_path / "roads"
    flat = import_network(Wish(path=extract), directory)
    hilly = import_network(Wish(path=extract, elevation=_hill(tmp_path / "h.asc")), directory)
    assert hilly.info.key != flat.info.key
    assert hilly.info.elevation == "h.asc"
    ends = [place(0, 200), place(1000, 200)]
    times = {
        (kept.info.key, mode): RoadTravel(path=kept.path, info=kept.info, margin=0.05).matrix(
            ends, mode, 15
        )
        for kept in (flat, hilly)
        for mode in TravelMode
    }
    level, slope = (times[kept.info.key, TravelMode.BIKE] for kept in (flat, hilly))
    np.testing.assert_array_equal(level.distance_m, slope.distance_m)
    assert slope.duration_s[0, 1] > 1.3 * level.duration_s[0, 1]
    assert 0.75 < slope.duration_s[1, 0] / level.duration_s[1, 0] < 1
    vans = [times[kept.info.key, TravelMode.VAN].duration_s for kept in (flat, hilly)]
    np.testing.assert_array_equal(*vans)


def test_the_gradient_law() -> None:
    """5 % up gives two thirds of the speed, 10 % half; downhill never beyond a fifth more."""
    slopes = np.array([0.0, 0.05, 0.1, -0.05, -0.2])
    factors = gradient_factor(slopes)
    assert factors[:3] == pytest.approx([1, 2 / 3, 1 / 2])
    assert 1 <= factors[4] <= factors[3] <= 1.2
    assert (np.diff(gradient_factor(np.linspace(0, 0.2, 30))) < 0).all()
