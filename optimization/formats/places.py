"""Places of a VROOM file and the roads between them: its matrices, or the great circle."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from data.figures import load_figures
from data.french import number, quote, tidy
from data.model import TravelMode
from geo.travel.great_circle import GreatCircleTravel
from geo.travel.source import UNREACHABLE
from optimization.formats.fields import Fields, wrong
from optimization.formats.instance import NO_ROAD, Ints, Roads

TWO_WHEELS = ("bike", "cycl", "velo", "vélo", "cargo")
"""What the name of a profile holds when it is a bike's."""

MOST_PLACES = 3_000
"""Beyond it, the matrices alone would fill the memory of a small machine."""


class Places:
    """Numbers the places of one file as rows of its matrices.

    Args:
        matrices: the file's, already read; empty when it only gives coordinates.
    """

    def __init__(self, matrices: Mapping[str, Roads]) -> None:
        self._given = dict(matrices)
        self._size = min((len(r.durations) for r in matrices.values()), default=0)
        self._rows: dict[tuple[float, float], int] = {}
        self._locations: dict[int, tuple[float, float]] = {}

    @property
    def indexed(self) -> bool:
        """Whether the file gives matrices."""
        return bool(self._given)

    @property
    def locations(self) -> tuple[tuple[float, float] | None, ...]:
        """Of each row."""
        size = self._size if self.indexed else len(self._rows)
        return tuple(self._locations.get(row) for row in range(size))

    def row(self, fields: Fields, key: str) -> int | None:
        """Row of the place under ``key``, ``None`` when there is none.

        Raises:
            InputError: beside the matrices, or without an index where there are matrices.
        """
        location = fields.place(key)
        if not self.indexed:
            if location is None:
                if fields.has(f"{key}_index"):
                    raise fields.refuse(
                        f"{key}_index", "il renvoie à une matrice, mais le fichier n’en a pas"
                    )
                return None
            row = self._rows.setdefault(location, len(self._rows))
            self._locations[row] = location
            return row
        index = fields.limit(f"{key}_index")
        if index is None:
            if location is not None:
                raise fields.refuse(
                    f"{key}_index", "il est nécessaire puisque le fichier donne des matrices"
                )
            return None
        if index >= self._size:
            raise fields.refuse(
                f"{key}_index", f"{index} est hors de la matrice, numérotée de 0 à {self._size - 1}"
            )
        if location is not None:
            self._locations[index] = location
        return index

    def needed(self, fields: Fields) -> int:
        """Row of a task, which must have one."""
        row = self.row(fields, "location")
        if row is None:
            key = "location_index" if self.indexed else "location"
            raise fields.refuse(key, "le lieu manque")
        return row

    def roads(self, profiles: set[str]) -> tuple[dict[str, Roads], str]:
        """Matrices of those profiles, and where they come from.

        Raises:
            InputError: a profile has no matrix, or there are too many places.
        """
        if self.indexed:
            for profile in sorted(profiles - set(self._given)):
                known = ", ".join(quote(name) for name in self._given)
                raise wrong(
                    f"Aucune matrice pour le profil {quote(profile)} : le fichier donne {known}.",
                    field="matrices",
                )
            return {p: self._given[p] for p in sorted(profiles)}, "matrices du fichier"
        if len(self._rows) > MOST_PLACES:
            raise wrong(f"Plus de {number(MOST_PLACES)} lieux : découpez le fichier.", field="jobs")
        figures = load_figures()
        source = GreatCircleTravel(figures)
        found, speeds = {}, []
        for profile in sorted(profiles):
            bike = any(word in profile.lower() for word in TWO_WHEELS)
            mode = TravelMode.BIKE if bike else TravelMode.VAN
            speed = figures[f"{mode}_speed"].value
            matrix = source.matrix(list(self._rows), mode, speed)
            speeds.append(f"{number(speed)} km/h pour {quote(profile)}")
            found[profile] = Roads(durations=matrix.duration_s, distances=matrix.distance_m)
        return found, f"{source.name}, {', '.join(speeds)}"


def read_matrices(file: Fields) -> dict[str, Roads]:
    """The file's matrices by profile; the old key ``matrix`` is the profile « car ».

    Raises:
        InputError: a matrix is not square, or not made of numbers; names the row and column.
    """
    given = file.inside("matrices", "matrices")
    found: dict[str, Roads] = {}
    if file.has("matrix"):
        found["car"] = Roads(durations=square(file.raw("matrix"), "matrix"))
    names = file.raw("matrices") or {}
    for name in names:
        one = given.inside(name, f"matrices.{name}")
        if not one.has("durations"):
            raise one.refuse("durations", "la matrice des durées manque")
        parts = {
            key: square(one.raw(key), f"matrices.{name}.{key}")
            for key in ("durations", "distances", "costs")
            if one.has(key)
        }
        if len({len(part) for part in parts.values()}) > 1:
            raise wrong(f"matrices.{name} : les matrices n’ont pas toutes la même taille.")
        found[name] = Roads(
            durations=parts["durations"],
            distances=parts.get("distances"),
            costs=parts.get("costs"),
        )
    if len({len(roads.durations) for roads in found.values()}) > 1:
        raise wrong("Les matrices des profils n’ont pas toutes la même taille.", field="matrices")
    return found


def square(value: Any, name: str) -> Ints:
    """A matrix of whole numbers; ``null`` is « no way from here to there ».

    Asymmetry is no fault: one-way streets exist.

    Raises:
        InputError: a row is missing, too short or too long; a cell is no number or negative.
    """
    if not isinstance(value, list) or not value:
        raise wrong(f"{name} : une matrice [[…], […]] est attendue.", field=name)
    size = len(value)
    if size > MOST_PLACES:
        raise wrong(
            f"{name} : plus de {number(MOST_PLACES)} lieux, découpez le fichier.", field=name
        )
    for line, row in enumerate(value):
        if not isinstance(row, list) or len(row) != size:
            got = f"{len(row)} valeurs" if isinstance(row, list) else "pas une liste"
            raise wrong(
                f"{name}, ligne {line} : {size} valeurs attendues pour une matrice carrée, {got}.",
                field=name,
            )
    cells = [[NO_ROAD if cell is None else cell for cell in row] for row in value]
    for line, row in enumerate(cells):
        for column, cell in enumerate(row):
            fit = isinstance(cell, int | float) and not isinstance(cell, bool)
            if not fit or not cell >= 0:
                raise wrong(
                    f"{name}, ligne {line}, colonne {column} : {quote(str(cell)[:20])} n’est "
                    "pas un nombre positif (écrivez null s’il n’y a pas de chemin).",
                    field=name,
                )
    # From a list of Python numbers: « inf » and VROOM's own « no way » are both beyond the limit.
    legs = np.minimum(np.array(cells, dtype=np.float64), float(UNREACHABLE))
    return np.rint(legs).astype(np.int64)


def gaps(legs: Ints) -> int:
    """How many pairs of places have no way between them."""
    return int((legs >= NO_ROAD).sum())


def unreached(name: str, count: int) -> str:
    """A remark about gaps."""
    return tidy(f"{name} : {count} trajets sans chemin, aucune tournée ne les emprunte.")
