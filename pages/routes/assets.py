"""Leaflet, jQuery, Font Awesome and our own files, from this server: a village hall has no net.

Each folder is mounted under a path that holds its version (``/assets/leaflet/1.9.3.0/…``), so
browsers may keep a file for a year and still get the next version. Streamlit's own static folder
would serve ``.js`` with the wrong content type.
"""

import hashlib
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

OWN_ASSETS: Final = Path(__file__).resolve().parent.parent / "assets"
_YEAR_S: Final = 365 * 24 * 3600
_PACKAGES: Final = {
    "leaflet": ("XStatic-Leaflet", "xstatic.pkg.leaflet"),
    "jquery": ("XStatic-jQuery", "xstatic.pkg.jquery"),
    "fontawesome": ("XStatic-Font-Awesome", "xstatic.pkg.font_awesome"),
    "markercluster": ("XStatic-Leaflet-MarkerCluster", "xstatic.pkg.leaflet_markercluster"),
}


class _LastingFiles(StaticFiles):
    """Static files whose address changes with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = f"public, immutable, max-age={_YEAR_S}"
        return response


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _folders() -> dict[str, tuple[str, Path]]:
    folders = {
        name: (version(package), Path(str(files(module))) / "data")
        for name, (package, module) in _PACKAGES.items()
    }
    folders["cartoflux"] = (_digest(OWN_ASSETS), OWN_ASSETS)
    return folders


_FOLDERS: Final = _folders()


def url(folder: str, path: str) -> str:
    """Return the address of a file, version included.

    Args:
        folder: ``leaflet``, ``jquery``, ``fontawesome``, ``markercluster`` or ``cartoflux``.
        path: the file's path in that folder.

    Raises:
        KeyError: no such folder.
        FileNotFoundError: no such file in it.
    """
    mark, root = _FOLDERS[folder]
    if not (root / path).is_file():
        raise FileNotFoundError(path)
    return f"/assets/{folder}/{mark}/{path}"


def routes() -> list[BaseRoute]:
    """Return one mount per folder."""
    return [
        Mount(f"/assets/{name}/{mark}", app=_LastingFiles(directory=root), name=f"assets-{name}")
        for name, (mark, root) in _FOLDERS.items()
    ]
