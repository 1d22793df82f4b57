"""From an OpenStreetMap extract to a road network, step by step."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from data.errors import InputError, SolveCancelledError
from data.french import quote, tidy
from data.model import Territory
from geo.projection import GEOGRAPHIC_CRS, METRIC_CRS, legal_crs, to_metric
from geo.roads.assemble import assemble
from geo.roads.contract import Segments, contract, cut
from geo.roads.elevation import Elevation
from geo.roads.network import RoadNetwork
from geo.roads.source_file import CANCELLED, RawRoads, ShouldStop, Tell, read_roads
from geo.roads.turns import Ban

MARGIN_M: Final = 10_000.0
"""Kept around the territory: a round may leave it, and rarely by more."""
_READING: Final = 0.7
"""Share of the whole work that reading the file takes."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a network is made from.

    Attributes:
        path: of the extract.
        area: what to keep, EPSG:4326; ``None`` keeps everything.
        elevation: heights, for gradients; ``None`` = flat.
        elevation_name: of its file.
        key: content hash of all this.
        name: shown on screen; the file's own by default.
    """

    path: Path
    area: BaseGeometry | None = None
    elevation: Elevation | None = None
    elevation_name: str = ""
    key: str = ""
    name: str = ""


def territory_area(territory: Territory, margin_m: float = MARGIN_M) -> BaseGeometry:
    """Outline of a territory and of what surrounds it, EPSG:4326."""
    outlines = [shapely.from_wkb(c.boundary_wkb) for c in territory.communes if c.boundary_wkb]
    crs = legal_crs(territory.communes[0].code) if territory.communes else METRIC_CRS
    around = to_metric(shapely.union_all(outlines), crs).simplify(100).buffer(margin_m)
    back = Transformer.from_crs(crs, GEOGRAPHIC_CRS, always_xy=True)
    return shapely.transform(
        around, lambda points: np.column_stack(back.transform(points[:, 0], points[:, 1]))
    )


def build_network(
    source: Source,
    *,
    tell: Tell = lambda _share, _what: None,
    should_stop: ShouldStop = lambda: False,
) -> RoadNetwork:
    """Build the network of an extract.

    Args:
        source: the file and the options.
        tell: hears the share done, 0 to 1, and a French sentence.
        should_stop: asked between steps, and regularly while reading.

    Raises:
        InputError: unreadable file, no road, or nothing within the area.
        SolveCancelledError: ``should_stop`` said so.
    """

    def step(share: float, what: str) -> None:
        if should_stop():
            raise SolveCancelledError(CANCELLED)
        tell(share, what)

    box = None if source.area is None else source.area.bounds
    raw = read_roads(
        source.path,
        box=box,
        tell=lambda share, what: tell(_READING * share, what),
        should_stop=should_stop,
    )
    step(_READING, "Découpage des voies…")
    segments = cut(raw, _inside(source.area), source.elevation.at if source.elevation else None)
    if not len(segments.a):
        raise InputError(_nothing(source), field="Fichier")
    step(0.8, "Recherche des carrefours…")
    bans = _bans(raw, segments)
    chains = contract(segments, np.array(sorted({ban.node for ban in bans}), dtype=np.int64))
    step(0.9, "Assemblage du réseau…")
    network = assemble(segments, chains, bans)
    if network is None:
        raise InputError(_nothing(source), field="Fichier")
    info = dataclasses.replace(
        network.info,
        key=source.key,
        name=source.name or plain_name(source.path),
        date=raw.date,
        elevation=source.elevation_name,
        clipped=source.area is not None,
    )
    return dataclasses.replace(network, info=info)


def _inside(area: BaseGeometry | None) -> Callable[[Floats, Floats], NDArray[np.bool_]] | None:
    if area is None:
        return None
    shapely.prepare(area)
    return lambda lon, lat: np.asarray(shapely.contains_xy(area, lon, lat))


def _nothing(source: Source) -> str:
    name = quote(source.path.name)
    if source.area is None:
        return tidy(f"{name} ne contient aucune route utilisable à vélo ou en utilitaire.")
    return tidy(
        f"{name} ne touche pas le territoire : aucune route n’est gardée. Prenez l’extrait de "
        "votre région, ou demandez à tout garder (case « Garder tout l’extrait », option "
        "--keep-all)."
    )


def _bans(raw: RawRoads, segments: Segments) -> list[Ban]:
    """Restrictions whose ways and node are in the network, in its own numbers."""
    ways = {osm: index for index, osm in enumerate(raw.way_ids)}
    ends = {}
    for index, osm in enumerate(raw.way_ids):
        ends[osm] = (raw.refs[raw.starts[index]], raw.refs[raw.starts[index + 1] - 1])
    bans = []
    for one in raw.restrictions:
        if one.from_way not in ways or one.to_way not in ways:
            continue
        # A way that goes on beyond the node leaves open which of its two sides is meant.
        if one.via not in ends[one.from_way] or one.via not in ends[one.to_way]:
            continue
        if one.from_way == one.to_way:
            continue
        node = int(np.searchsorted(segments.refs, one.via))
        bans.append(
            Ban(node=node, from_way=ways[one.from_way], to_way=ways[one.to_way], only=one.only)
        )
    return bans


def plain_name(path: Path) -> str:
    """Name of an extract, without its suffixes."""
    name = path.name
    for suffix in (".pbf", ".gz", ".bz2", ".osm"):
        name = name.removesuffix(suffix)
    return name
