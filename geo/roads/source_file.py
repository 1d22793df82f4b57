"""Reads the ways, points and turn restrictions of an OpenStreetMap file (PBF or XML).

Node positions are kept by the reading library while it streams the file (``flex_mem``): only what
has a ``highway``, ``barrier``, ``railway`` or ``restriction`` tag ever becomes a Python object.
"""

import datetime as dt
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import osmium

from data.errors import InputError, SolveCancelledError
from data.french import number, quote, tidy
from geo.roads.profiles import PointRules, Rules, exempts_vans, point_rules, way_rules

SUFFIXES: Final = (".osm.pbf", ".pbf", ".osm.gz", ".osm.bz2", ".osm")
CANCELLED: Final = "L’import du réseau routier est annulé."
_KEYS: Final = ("highway", "barrier", "railway", "restriction")
_EVERY: Final = 2_000
"""Objects between two looks at whether someone cancelled."""

Tell = Callable[[float, str], None]
ShouldStop = Callable[[], bool]
Box = tuple[float, float, float, float]
"""West, south, east, north, degrees."""


@dataclass(slots=True)
class Restriction:
    """A turn at one node that vans may not make: from a way, through a node, into a way."""

    from_way: int
    via: int
    to_way: int
    only: bool


@dataclass(slots=True)
class RawRoads:
    """What was read: ways one after the other in flat arrays.

    Attributes:
        way_ids: OSM id of each way; ``starts[i]:starts[i + 1]`` are its points.
        refs: OSM ids of the points; ``lon`` and ``lat`` their positions, degrees.
        rules: what each way's tags allow.
        points: rules of the few points that have some.
        date: of the extract, ISO, or empty when the file does not say.
    """

    way_ids: "array[int]" = field(default_factory=lambda: array("q"))
    starts: "array[int]" = field(default_factory=lambda: array("q", [0]))
    refs: "array[int]" = field(default_factory=lambda: array("q"))
    lon: "array[float]" = field(default_factory=lambda: array("d"))
    lat: "array[float]" = field(default_factory=lambda: array("d"))
    rules: list[Rules] = field(default_factory=list)
    points: dict[int, PointRules] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    date: str = ""


def read_roads(
    path: Path,
    *,
    box: Box | None = None,
    tell: Tell = lambda _share, _what: None,
    should_stop: ShouldStop = lambda: False,
) -> RawRoads:
    """Read a file.

    Args:
        path: ``.osm.pbf``, ``.osm.gz``, ``.osm.bz2`` or ``.osm``.
        box: keep only ways with a point inside.
        tell: hears the share done (0 to 1, estimated) and a French sentence.
        should_stop: asked regularly.

    Raises:
        InputError: not an OpenStreetMap file, empty, damaged, or without any road.
        SolveCancelledError: ``should_stop`` said so.
    """
    require(path)
    found, newest, seen = RawRoads(), 0, 0
    # A way costs some 350 bytes of a PBF on real extracts: enough for a progress bar.
    expected = max(path.stat().st_size / 350, 1.0)
    try:
        found.date = _header_date(path)
        for item in _objects(path):
            seen += 1
            if seen % _EVERY == 0:
                if should_stop():
                    raise SolveCancelledError(CANCELLED)
                read = len(found.way_ids)
                tell(min(seen / (seen + expected), 0.95), f"{number(read)} voies lues…")
            _take(found, item, box)
            if not found.date:
                newest = max(newest, int(item.timestamp.timestamp()))
    except (RuntimeError, ValueError) as error:
        raise InputError(_unreadable(path), field="Fichier") from error
    if not found.date and newest:
        found.date = dt.datetime.fromtimestamp(newest, tz=dt.UTC).date().isoformat()
    if not seen:
        raise InputError(
            tidy(
                f"{quote(path.name)} ne contient aucune route : prenez un extrait OpenStreetMap "
                "complet de votre région (par exemple chez Geofabrik)."
            ),
            field="Fichier",
        )
    return found


_NOTHING: Final = PointRules()


def require(path: Path) -> None:
    """Refuse, before any work, what cannot be an extract.

    Raises:
        InputError: missing, empty, or named like something else.
    """
    if not path.is_file():
        raise InputError(tidy(f"Le fichier {quote(path.name)} n’existe pas."), field="Fichier")
    if not path.name.lower().endswith(SUFFIXES):
        raise InputError(
            tidy(
                f"{quote(path.name)} n’est pas un extrait OpenStreetMap : donnez un fichier "
                ".osm.pbf, .osm.gz, .osm.bz2 ou .osm."
            ),
            field="Fichier",
        )
    if not path.stat().st_size:
        raise InputError(
            tidy(f"{quote(path.name)} est vide : téléchargez-le de nouveau."), field="Fichier"
        )


def _unreadable(path: Path) -> str:
    return tidy(
        f"{quote(path.name)} est illisible : fichier abîmé, incomplet, ou qui n’est pas un extrait "
        "OpenStreetMap. Téléchargez-le de nouveau."
    )


def _header_date(path: Path) -> str:
    with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
        stamp = reader.header().get("osmosis_replication_timestamp")
    return stamp[:10]


def _objects(path: Path) -> Any:
    return (
        osmium.FileProcessor(str(path))
        .with_locations("flex_mem")
        .with_filter(osmium.filter.KeyFilter(*_KEYS))
    )


def _take(found: RawRoads, item: Any, box: Box | None) -> None:
    if item.is_way():
        _take_way(found, item, box)
    elif item.is_node():
        rules = point_rules(item.tags)
        if rules != _NOTHING:
            found.points[item.id] = rules
    else:
        _take_restriction(found, item)


def _take_way(found: RawRoads, way: Any, box: Box | None) -> None:
    if "highway" not in way.tags:
        return
    rules = way_rules(way.tags)
    if not rules.usable:
        return
    # Where a way leaves the extract its points have no position.
    points = [
        (node.ref, node.location.lon, node.location.lat)
        for node in way.nodes
        if node.location.valid()
    ]
    if len(points) < 2:  # noqa: PLR2004 (a line)
        return
    if box is not None:
        west, south, east, north = box
        if not any(west <= lon <= east and south <= lat <= north for _, lon, lat in points):
            return
    found.way_ids.append(way.id)
    for ref, lon, lat in points:
        found.refs.append(ref)
        found.lon.append(lon)
        found.lat.append(lat)
    found.starts.append(len(found.refs))
    found.rules.append(rules)


def _take_restriction(found: RawRoads, relation: Any) -> None:
    value = relation.tags.get("restriction", "")
    if relation.tags.get("type") != "restriction" or exempts_vans(relation.tags):
        return
    only = value.startswith("only_")
    if not (only or value.startswith("no_")) or value == "no_u_turn":
        return
    members: dict[str, list[tuple[str, int]]] = {}
    for member in relation.members:
        members.setdefault(member.role, []).append((member.type, member.ref))
    origin, via, target = (members.get(role, []) for role in ("from", "via", "to"))
    if [kind for kind, _ in (*origin, *via, *target)] == ["w", "n", "w"]:
        found.restrictions.append(Restriction(origin[0][1], via[0][1], target[0][1], only))
