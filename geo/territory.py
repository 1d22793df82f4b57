"""Read and write a territory as a GeoPackage (layers epci, communes, neighbours, meta)."""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import InputError
from data.french import tidy
from data.model import Commune, Epci, Territory
from geo.projection import GEOGRAPHIC_CRS

_COMMUNE_COLUMNS = (
    "code",
    "name",
    "epci_code",
    "population",
    "area_km2",
    "town_hall_lon",
    "town_hall_lat",
)
_EPCI_COLUMNS = ("code", "name", "short_name")
_LAYERS = ("epci", "communes", "neighbours", "meta")
_REBUILD = "Reconstruisez-le avec « python -m geo build-territory »."


def read_territory(path: Path | str) -> Territory:
    """Read a territory written by :func:`write_territory`.

    Raises:
        InputError: the file is missing, unreadable, incomplete or inconsistent.
    """
    path = Path(path)
    meta = read_meta(path)
    epcis = tuple(
        Epci(code=str(row["code"]), name=str(row["name"]), short_name=str(row["short_name"]))
        for row in _rows(path, "epci", _EPCI_COLUMNS)
    )
    territory = Territory(
        name=meta.get("name", ""),
        epcis=epcis,
        communes=_communes(path, "communes"),
        neighbours=_communes(path, "neighbours"),
        population_vintage=meta.get("population_vintage", ""),
        boundary_vintage=meta.get("boundary_vintage", ""),
        sources=tuple(line for line in meta.get("sources", "").split("\n") if line),
    )
    _validate(territory, path)
    return territory


def read_meta(path: Path | str) -> dict[str, str]:
    """Read the key/value table beside the layers: vintages, licence, rebuilding command.

    Raises:
        InputError: the file is missing or is not a territory.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(tidy(f"Le fichier du territoire « {path.name} » est absent. {_REBUILD}"))
    try:
        present = {str(name) for name, _ in pyogrio.list_layers(path)}
    except pyogrio.errors.DataSourceError as error:
        raise InputError(
            tidy(f"« {path.name} » n'est pas un GeoPackage lisible. {_REBUILD}")
        ) from error
    missing = [layer for layer in _LAYERS if layer not in present]
    if missing:
        raise InputError(
            tidy(f"Il manque à « {path.name} » la couche « {missing[0]} ». {_REBUILD}")
        )
    return {str(row["key"]): str(row["value"]) for row in _rows(path, "meta", ("key", "value"))}


def write_territory(
    territory: Territory, path: Path | str, *, extra: Mapping[str, str] | None = None
) -> None:
    """Write a territory; the same input gives the same file, byte for byte.

    The layer ``epci`` carries dissolved outlines for desktop GIS users; they are derived from the
    communes and are not read back. Boundaries come back as multipolygons.

    Args:
        territory: what to write.
        path: GeoPackage to create or replace.
        extra: further rows of the ``meta`` table (licence, date, rebuilding command).

    Raises:
        InputError: the territory is inconsistent; nothing is written.
    """
    path = Path(path)
    _validate(territory, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    meta = {
        "name": territory.name,
        "population_vintage": territory.population_vintage,
        "boundary_vintage": territory.boundary_vintage,
        "sources": "\n".join(territory.sources),
        **(extra or {}),
    }
    # A GeoPackage stamps each layer with the time of writing; a fixed one keeps it reproducible.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            draft = Path(folder) / "territory.gpkg"
            _write_layer(_epci_layer(territory), draft, "epci")
            _write_layer(_commune_layer(territory.communes), draft, "communes")
            _write_layer(_commune_layer(territory.neighbours), draft, "neighbours")
            table = pd.DataFrame({"key": list(meta), "value": list(meta.values())})
            pyogrio.write_dataframe(table, draft, layer="meta", driver="GPKG", append=True)
            draft.replace(path)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write_layer(frame: Any, path: Path, layer: str) -> None:
    pyogrio.write_dataframe(
        frame,
        path,
        layer=layer,
        driver="GPKG",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        append=path.exists(),
        layer_options={"SPATIAL_INDEX": "NO"},
    )


def _epci_layer(territory: Territory) -> Any:
    outlines = [
        shapely.coverage_union_all(
            [shapely.from_wkb(c.boundary_wkb) for c in territory.communes if c.epci_code == e.code]
        )
        for e in territory.epcis
    ]
    columns = {name: [getattr(e, name) for e in territory.epcis] for name in _EPCI_COLUMNS}
    return gpd.GeoDataFrame(columns, geometry=outlines, crs=GEOGRAPHIC_CRS)


def _commune_layer(communes: Iterable[Commune]) -> Any:
    communes = tuple(communes)
    columns = {name: [getattr(c, name) for c in communes] for name in _COMMUNE_COLUMNS}
    outlines = [shapely.from_wkb(c.boundary_wkb) for c in communes]
    return gpd.GeoDataFrame(columns, geometry=outlines, crs=GEOGRAPHIC_CRS)


def _rows(path: Path, layer: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows of a layer as dictionaries, every column of ``columns`` being there."""
    try:
        frame = pyogrio.read_dataframe(path, layer=layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InputError(
            tidy(f"La couche « {layer} » de « {path.name} » est illisible. {_REBUILD}")
        ) from error
    for column in columns:
        if column not in frame.columns:
            raise InputError(
                tidy(f"Il manque à la couche « {layer} » la colonne « {column} ». {_REBUILD}"),
                field=column,
            )
    crs = getattr(frame, "crs", None)
    if crs is not None and crs.to_epsg() != int(GEOGRAPHIC_CRS.removeprefix("EPSG:")):
        raise InputError(
            tidy(f"La couche « {layer} » doit être en longitude et latitude (EPSG:4326).")
        )
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _communes(path: Path, layer: str) -> tuple[Commune, ...]:
    communes = []
    for number, row in enumerate(_rows(path, layer, (*_COMMUNE_COLUMNS, "geometry")), start=1):
        try:
            communes.append(
                Commune(
                    code=str(row["code"]),
                    name=str(row["name"]),
                    epci_code=str(row["epci_code"] or ""),
                    population=int(row["population"]),
                    area_km2=float(row["area_km2"]),
                    town_hall_lon=float(row["town_hall_lon"]),
                    town_hall_lat=float(row["town_hall_lat"]),
                    boundary_wkb=_boundary(row["geometry"]),
                )
            )
        except (TypeError, ValueError) as error:
            raise InputError(
                tidy(
                    f"La commune « {row['name']} » (ligne {number} de la couche « {layer} ») "
                    f"est mal décrite ou sans contour valide. {_REBUILD}"
                ),
                row=number,
            ) from error
    return tuple(communes)


def _boundary(geometry: BaseGeometry | None) -> bytes:
    if geometry is None or geometry.is_empty or not geometry.is_valid:
        raise ValueError("no valid outline")
    return bytes(shapely.to_wkb(geometry))


def _validate(territory: Territory, path: Path) -> None:
    if not territory.epcis or not territory.communes:
        raise InputError(tidy(f"« {path.name} » ne contient aucune commune. {_REBUILD}"))
    seen: set[str] = set()
    known = {epci.code for epci in territory.epcis}
    for commune in territory.communes:
        if commune.code in seen:
            raise InputError(
                tidy(f"La commune {commune.name} ({commune.code}) figure deux fois. {_REBUILD}")
            )
        seen.add(commune.code)
        if commune.epci_code not in known:
            raise InputError(
                tidy(
                    f"La commune {commune.name} ({commune.code}) relève de l'EPCI "
                    f"« {commune.epci_code} », qui n'est pas décrit. {_REBUILD}"
                )
            )
    peopled = {commune.epci_code for commune in territory.communes}
    for epci in territory.epcis:
        if epci.code not in peopled:
            raise InputError(tidy(f"{epci.name} ({epci.code}) n'a aucune commune. {_REBUILD}"))
