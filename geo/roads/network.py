"""A road network as plain arrays, and its file (npz, without pickle)."""

import dataclasses
import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.errors import InputError
from data.french import quote, tidy
from data.model import TravelMode

Ints = NDArray[np.int64]
SmallInts = NDArray[np.int32]
FORBIDDEN: Final = -1
DEGREE: Final = 10_000_000
"""Positions are whole numbers of 1e-7 degree, as OpenStreetMap keeps them."""
VERSION: Final = 1
"""Grows when the meaning of the arrays, or the rules that made them, change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeStats:
    """What a mode can use: nodes, edges, and kilometres of road (each counted once)."""

    nodes: int
    edges: int
    km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInfo:
    """Where a network comes from and what is in it.

    Attributes:
        key: content hash of the extract and of the options; names the file.
        name: of the extract, without its suffixes.
        date: of the extract, ISO, or empty when unknown.
        bounds: west, south, east, north, degrees.
        restrictions: turn restrictions that vans obey.
        elevation: name of the grid that gave the gradients, or empty.
        clipped: only the territory and its surroundings were kept.
    """

    key: str
    name: str
    date: str
    bounds: tuple[float, float, float, float]
    stats: dict[str, ModeStats]
    restrictions: int
    elevation: str
    clipped: bool
    version: int = VERSION

    def covers(self, lon: float, lat: float) -> bool:
        """Whether a place lies within the network's bounds."""
        west, south, east, north = self.bounds
        return west <= lon <= east and south <= lat <= north

    def to_json(self) -> str:
        """Write it as JSON."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "NetworkInfo":
        """Read it back."""
        fields = json.loads(text)
        fields["bounds"] = tuple(fields["bounds"])
        fields["stats"] = {mode: ModeStats(**stats) for mode, stats in fields["stats"].items()}
        return cls(**fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeGraph:
    """The arcs a mode may take, all within one strongly connected component.

    A node with turn restrictions has copies, numbered after the junctions: whoever arrives at a
    copy finds only the turns allowed from there.

    Attributes:
        tail: node left, shape (arcs,); likewise ``head``.
        edge: edge followed.
        forward: True along the edge as drawn.
        copies: junction that each copied node stands for, shape (copies,).
        forward_ms: time along each edge as drawn, shape (edges,); ``FORBIDDEN`` where none.
        backward_ms: idem in the other direction.
    """

    tail: Ints
    head: Ints
    edge: Ints
    forward: NDArray[np.bool_]
    copies: Ints
    forward_ms: Ints
    backward_ms: Ints

    @property
    def arc_ms(self) -> Ints:
        """Time along each arc, shape (arcs,)."""
        return np.where(self.forward, self.forward_ms[self.edge], self.backward_ms[self.edge])


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadNetwork:
    """Junctions, edges with their geometry, and what each mode may do with them.

    Attributes:
        node_lon: 1e-7 degree, shape (junctions,); likewise ``node_lat``.
        edge_m: length of each edge, metres.
        edge_start: where each edge's points begin, shape (edges + 1,).
        point_lon: 1e-7 degree, points of all edges one after the other, ends included.
    """

    info: NetworkInfo
    node_lon: SmallInts
    node_lat: SmallInts
    edge_m: Ints
    edge_start: Ints
    point_lon: SmallInts
    point_lat: SmallInts
    modes: dict[TravelMode, ModeGraph]

    @property
    def node_count(self) -> int:
        """Junctions, copies not counted."""
        return len(self.node_lon)


_ARRAYS: Final = ("node_lon", "node_lat", "edge_m", "edge_start", "point_lon", "point_lat")


def save_network(network: RoadNetwork, path: Path) -> None:
    """Write the file, whole or not at all."""
    arrays: dict[str, NDArray[np.generic]] = {name: getattr(network, name) for name in _ARRAYS}
    for mode, graph in network.modes.items():
        for field in dataclasses.fields(ModeGraph):
            arrays[f"{mode}_{field.name}"] = getattr(graph, field.name)
    arrays["info"] = np.array(network.info.to_json())
    write_arrays(path, arrays)


def write_arrays(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    """Write arrays to an npz file; another process sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, 0o644)  # a worker may run under another name
            np.savez_compressed(file, allow_pickle=False, **arrays)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load_network(path: Path) -> RoadNetwork:
    """Read the file.

    Raises:
        InputError: missing, damaged, or made by another version.
    """
    try:
        with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
            info = NetworkInfo.from_json(str(file["info"]))
            shared = {name: file[name] for name in _ARRAYS}
            modes = {
                mode: ModeGraph(
                    **{f.name: file[f"{mode}_{f.name}"] for f in dataclasses.fields(ModeGraph)}
                )
                for mode in TravelMode
            }
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(_lost(path), field="Réseau routier") from error
    if info.version != VERSION:
        raise InputError(_lost(path), field="Réseau routier")
    return RoadNetwork(info=info, modes=modes, **shared)


def read_info(path: Path) -> NetworkInfo:
    """Read what a file says of itself, without its roads.

    Raises:
        InputError: as :func:`load_network`.
    """
    try:
        with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
            info = NetworkInfo.from_json(str(file["info"]))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(_lost(path), field="Réseau routier") from error
    if info.version != VERSION:
        raise InputError(_lost(path), field="Réseau routier")
    return info


def _lost(path: Path) -> str:
    return tidy(
        f"Le réseau routier {quote(path.stem)} est introuvable ou illisible sur cette machine : "
        "importez de nouveau l’extrait OpenStreetMap, ou choisissez une autre source de distances."
    )
