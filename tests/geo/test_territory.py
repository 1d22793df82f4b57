"""Read and write territory files, sound and broken."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from data.errors import InputError
from data.model import Territory
from geo.territory import read_meta, read_territory, write_territory


def test_round_trip(squares: Territory, tmp_path: Path) -> None:
    """What is written is read back equal, neighbours and sources included."""
    path = tmp_path / "t.gpkg"
    write_territory(squares, path, extra={"licence": "LO"})
    assert read_territory(path) == squares
    assert read_meta(path)["licence"] == "LO"


def test_round_trip_of_the_shipped_file(territory: Territory, tmp_path: Path) -> None:
    """The real territory survives writing and reading, to the last bit."""
    path = tmp_path / "t.gpkg"
    write_territory(territory, path)
    assert read_territory(path) == territory


def test_without_neighbours(squares: Territory, tmp_path: Path) -> None:
    """An island has no neighbour and is a territory all the same."""
    path = tmp_path / "t.gpkg"
    island = replace(squares, neighbours=())
    write_territory(island, path)
    assert read_territory(path) == island


def test_writing_replaces(squares: Territory, tmp_path: Path) -> None:
    """A second writing leaves nothing of the first, and no draft beside it."""
    path = tmp_path / "t.gpkg"
    write_territory(squares, path)
    smaller = replace(
        squares, name="Moitié", epcis=squares.epcis[:1], communes=squares.communes[:2]
    )
    write_territory(smaller, path)
    assert read_territory(path) == smaller
    assert [p.name for p in tmp_path.iterdir()] == ["t.gpkg"]


def test_an_inconsistent_territory_is_not_written(squares: Territory, tmp_path: Path) -> None:
    """A territory that could not be read back is refused, and the file there stays."""
    path = tmp_path / "t.gpkg"
    write_territory(squares, path)
    with pytest.raises(InputError, match="relève de l'EPCI"):
        write_territory(replace(squares, epcis=squares.epcis[:1]), path)
    assert read_territory(path) == squares


def test_dissolved_outlines_for_desktop_software(squares: Territory, tmp_path: Path) -> None:
    """The EPCI layer opens in a GIS with one outline an EPCI."""
    path = tmp_path / "t.gpkg"
    write_territory(squares, path)
    epcis = gpd.read_file(path, layer="epci")
    assert epcis.crs.to_epsg() == 4326
    assert list(epcis["short_name"]) == ["CO", "CE"]
    assert epcis.geometry.iloc[0].equals(shapely.box(0.0, 45.0, 0.2, 45.1))


def test_a_missing_file(tmp_path: Path) -> None:
    """A missing file says how to build it."""
    with pytest.raises(InputError, match=r"absent.*build-territory"):
        read_territory(tmp_path / "none.gpkg")


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    """A file that is no GeoPackage is refused by name."""
    path = tmp_path / "notes.gpkg"
    path.write_text("rien")
    with pytest.raises(InputError, match=r"notes\.gpkg"):
        read_territory(path)


def _drop_layer(layers: dict[str, pd.DataFrame]) -> None:
    del layers["meta"]


def _drop_column(layers: dict[str, pd.DataFrame]) -> None:
    layers["communes"] = layers["communes"].drop(columns="population")


def _repeat_commune(layers: dict[str, pd.DataFrame]) -> None:
    layers["communes"] = pd.concat([layers["communes"], layers["communes"].head(1)])


def _lose_epci(layers: dict[str, pd.DataFrame]) -> None:
    layers["epci"] = layers["epci"].tail(1)


def _lone_epci(layers: dict[str, pd.DataFrame]) -> None:
    layers["communes"] = layers["communes"].head(2)


def _bow_tie(layers: dict[str, pd.DataFrame]) -> None:
    twisted = shapely.Polygon([(0, 45), (1, 46), (1, 45), (0, 46)])
    layers["communes"].loc[0, "geometry"] = shapely.MultiPolygon([twisted])


def _no_people(layers: dict[str, pd.DataFrame]) -> None:
    layers["communes"]["population"] = [None, 1.0, 1.0, 1.0]


def _lambert(layers: dict[str, pd.DataFrame]) -> None:
    layers["communes"] = gpd.GeoDataFrame(layers["communes"]).to_crs("EPSG:2154")


def _nobody(layers: dict[str, pd.DataFrame]) -> None:
    layers["communes"] = layers["communes"].head(0)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_drop_layer, "la couche « meta »"),
        (_drop_column, "la colonne « population »"),
        (_repeat_commune, r"Aubépine \(01000\) figure deux fois"),
        (_lose_epci, r"Aubépine \(01000\) relève de l'EPCI « 111111111 »"),
        (_lone_epci, r"Communauté de l'Est \(222222222\) n'a aucune commune"),
        (_bow_tie, "« Aubépine » .* sans contour valide"),
        (_no_people, "« Aubépine » .* mal décrite"),
        (_lambert, "EPSG:4326"),
        (_nobody, "aucune commune"),
    ],
)
def test_damaged_files(
    squares: Territory,
    tmp_path: Path,
    damage: Callable[[dict[str, pd.DataFrame]], None],
    sentence: str,
) -> None:
    """Whatever is missing or contradictory is named in French."""
    sound, broken = tmp_path / "sound.gpkg", tmp_path / "broken.gpkg"
    write_territory(squares, sound)
    layers = {
        str(name): pyogrio.read_dataframe(sound, layer=name)
        for name, _ in pyogrio.list_layers(sound)
    }
    damage(layers)
    for name, frame in layers.items():
        pyogrio.write_dataframe(frame, broken, layer=name, driver="GPKG", append=broken.exists())
    with pytest.raises(InputError) as caught:
        read_territory(broken)
    plain = str(caught.value).replace("\u00a0", " ").replace("\u202f", " ")
    assert re.search(sentence, plain)
