"""Networks kept on this machine, one file each, named by the hash of what they were made from."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from shapely.geometry.base import BaseGeometry

from data.errors import InputError
from data.model import Territory, TravelMode
from geo.roads import hierarchy
from geo.roads.build import Source, build_network, plain_name, territory_area
from geo.roads.elevation import read_elevation
from geo.roads.network import VERSION, NetworkInfo, read_info, save_network
from geo.roads.router import open_router, order_path
from geo.roads.source_file import ShouldStop, Tell, require

_KEY_LENGTH: Final = 16
_NAME: Final = re.compile(rf"[0-9a-f]{{{_KEY_LENGTH}}}\.npz")
_BLOCK: Final = 1 << 20
_BUILDING: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A network on the shelf.

    Attributes:
        path: of its file.
        info: what it says of itself.
        reused: it was already there when it was asked for.
    """

    path: Path
    info: NetworkInfo
    reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to import.

    Attributes:
        path: of the extract.
        territory: keep it and 10 km around; ``None`` keeps the whole extract.
        elevation: grid of heights, or ``None``.
        name: shown on screen; the file's own by default.
    """

    path: Path
    territory: Territory | None = None
    elevation: Path | None = None
    name: str = ""


def import_network(
    wish: Wish,
    directory: Path,
    *,
    tell: Tell = lambda _share, _what: None,
    should_stop: ShouldStop = lambda: False,
) -> Kept:
    """Build a network and put it on the shelf; the same content is never built twice.

    Raises:
        InputError: something is wrong with a file; the sentence says what to do.
        SolveCancelledError: ``should_stop`` said so; nothing is kept.
    """
    require(wish.path)
    tell(0.0, "Lecture du fichier…")
    area = None if wish.territory is None else territory_area(wish.territory)
    key = content_key(wish.path, area, wish.elevation)
    path = directory / f"{key}.npz"
    if path.is_file():
        try:
            return Kept(path=path, info=_info(path, path.stat().st_mtime_ns), reused=True)
        except InputError:
            path.unlink()  # damaged: built again
    network = build_network(
        Source(
            path=wish.path,
            area=area,
            elevation=None if wish.elevation is None else read_elevation(wish.elevation),
            elevation_name=wish.elevation.name if wish.elevation else "",
            key=key,
            name=wish.name or plain_name(wish.path),
        ),
        tell=lambda share, what: tell(_BUILDING * share, what),
        should_stop=should_stop,
    )
    tell(_BUILDING, "Enregistrement du réseau…")
    save_network(network, path)
    if hierarchy.is_installed():
        router = open_router(path)
        for mode in TravelMode:
            tell(_BUILDING, "Préparation des recherches rapides…")
            hierarchy.save_order(
                router.network, router.modes[mode].graph, order_path(path.with_suffix(""), mode)
            )
    tell(1.0, "Réseau prêt.")
    return Kept(path=path, info=network.info)


def kept_networks(directory: Path) -> tuple[Kept, ...]:
    """List what can be used, the latest import first; files of other versions are passed over."""
    return tuple(_readable(directory))


def remove_network(kept: Kept) -> None:
    """Take a network off the shelf, with all that was remembered of it."""
    stem = kept.path.with_suffix("").name
    for path in kept.path.parent.glob(f"{stem}*"):
        path.unlink(missing_ok=True)


def content_key(path: Path, area: BaseGeometry | None, elevation: Path | None) -> str:
    """Hash of all that decides what a network contains."""
    digest = hashlib.sha256(f"{VERSION}".encode())
    _feed(digest, path)
    digest.update(b"" if area is None else area.wkb)
    if elevation is not None and elevation.is_file():
        _feed(digest, elevation)
    return digest.hexdigest()[:_KEY_LENGTH]


def _feed(digest: "hashlib._Hash", path: Path) -> None:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)


def _readable(directory: Path) -> Iterator[Kept]:
    if not directory.is_dir():
        return
    found = [path for path in directory.iterdir() if _NAME.fullmatch(path.name)]
    dated = sorted(((path.stat().st_mtime_ns, path) for path in found), reverse=True)
    for stamp, path in dated:
        try:
            yield Kept(path=path, info=_info(path, stamp))
        except InputError:
            continue


@lru_cache(maxsize=32)
def _info(path: Path, _stamp: int) -> NetworkInfo:
    return read_info(path)
