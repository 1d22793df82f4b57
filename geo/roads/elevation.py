"""Heights of the ground from a raster: ESRI ASCII grid (``.asc``) or SRTM tile (``.hgt``)."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from data.errors import InputError
from data.french import quote, tidy
from geo.projection import GEOGRAPHIC_CRS, METRIC_CRS

_HGT_SIDES: Final = {1201: 1200, 3601: 3600}
_HGT_VOID: Final = -32768
_HGT_NAME: Final = re.compile(r"([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
_MOST_LINES: Final = 8


@dataclass(frozen=True, slots=True)
class Elevation:
    """A regular grid of heights.

    Attributes:
        heights: metres, float64, shape (rows, columns), first row to the north; NaN = unknown.
        west: x of the middle of the first column, in ``crs``.
        north: y of the middle of the first row.
        step: between two columns, and between two rows.
        crs: of the grid.
    """

    heights: NDArray[np.float64]
    west: float
    north: float
    step: float
    crs: str

    def at(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Heights at positions in degrees, interpolated; NaN outside or unknown. Shape of lon."""
        x, y = lon, lat
        if self.crs != GEOGRAPHIC_CRS:
            x, y = Transformer.from_crs(GEOGRAPHIC_CRS, self.crs, always_xy=True).transform(
                lon, lat
            )
        column, row = (x - self.west) / self.step, (self.north - y) / self.step
        rows, columns = self.heights.shape
        inside = (column >= 0) & (row >= 0) & (column <= columns - 1) & (row <= rows - 1)
        column, row = np.where(inside, column, 0.0), np.where(inside, row, 0.0)
        left = np.minimum(column.astype(np.int64), columns - 2)
        top = np.minimum(row.astype(np.int64), rows - 2)
        dx, dy = column - left, row - top
        grid = self.heights
        value = (
            grid[top, left] * (1 - dx) * (1 - dy)
            + grid[top, left + 1] * dx * (1 - dy)
            + grid[top + 1, left] * (1 - dx) * dy
            + grid[top + 1, left + 1] * dx * dy
        )
        return np.where(inside, value, np.nan)


def read_elevation(path: Path) -> Elevation:
    """Read a grid; an ``.asc`` takes its projection from a ``.prj`` beside it, or else from sight.

    Raises:
        InputError: missing, of another format, or damaged.
    """
    if not path.is_file():
        raise InputError(tidy(f"Le fichier {quote(path.name)} n’existe pas."), field="Altitudes")
    suffix = path.suffix.lower()
    try:
        if suffix == ".hgt":
            return _read_hgt(path)
        if suffix == ".asc":
            return _read_asc(path)
    except (ValueError, KeyError, IndexError, CRSError) as error:
        raise InputError(
            tidy(f"{quote(path.name)} est illisible : grille d’altitudes abîmée ou incomplète."),
            field="Altitudes",
        ) from error
    raise InputError(
        tidy(
            f"{quote(path.name)} : donnez une grille d’altitudes .asc (ESRI ASCII, comme la "
            "BD ALTI) ou .hgt (SRTM)."
        ),
        field="Altitudes",
    )


def _read_hgt(path: Path) -> Elevation:
    values = np.fromfile(path, dtype=">i2")
    side = round(len(values) ** 0.5)
    name = _HGT_NAME.search(path.stem)
    if side * side != len(values) or side not in _HGT_SIDES or name is None:
        raise ValueError("not an SRTM tile")
    lat = int(name[2]) * (1 if name[1].upper() == "N" else -1)
    lon = int(name[4]) * (1 if name[3].upper() == "E" else -1)
    heights = values.reshape(side, side).astype(np.float64)
    heights[heights == _HGT_VOID] = np.nan
    return Elevation(heights, float(lon), float(lat + 1), 1 / _HGT_SIDES[side], GEOGRAPHIC_CRS)


def _read_asc(path: Path) -> Elevation:
    header: dict[str, float] = {}
    with path.open(encoding="ascii", errors="strict") as file:
        for _ in range(_MOST_LINES):
            at = file.tell()
            words = file.readline().split()
            if not words or not words[0][0].isalpha():
                file.seek(at)
                break
            header[words[0].lower()] = float(words[1])
        heights = np.array(file.read().split(), dtype=np.float64)
    rows, columns, step = int(header["nrows"]), int(header["ncols"]), header["cellsize"]
    heights = heights.reshape(rows, columns)
    if min(rows, columns) < 2 or not step > 0:  # noqa: PLR2004 (nothing to interpolate)
        raise ValueError("too small a grid")
    heights[heights == header.get("nodata_value", -9999.0)] = np.nan
    centred = "xllcenter" in header
    half = 0.0 if centred else step / 2
    west = header["xllcenter" if centred else "xllcorner"] + half
    south = header["yllcenter" if centred else "yllcorner"] + half
    side_file = path.with_suffix(".prj")
    if side_file.is_file():
        crs = CRS.from_user_input(side_file.read_text(encoding="utf-8")).to_string()
    else:
        degrees = abs(west) <= 180 and abs(south) <= 90  # noqa: PLR2004 (degrees end there)
        crs = GEOGRAPHIC_CRS if degrees else METRIC_CRS
    return Elevation(heights, west, south + step * (rows - 1), step, crs)
