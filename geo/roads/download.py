"""Fetches an extract from Geofabrik: resumes where it stopped, and checks what it received."""

import hashlib
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from data.errors import InputError, SolveCancelledError
from data.french import number, quote, tidy
from geo.roads.source_file import CANCELLED, ShouldStop, Tell

SERVER: Final = "https://download.geofabrik.de"
TIMEOUT_S: Final = 30
_BLOCK: Final = 1 << 18
_MEGABYTE: Final = 1_000_000
_NAMED: Final = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")
_MD5: Final = re.compile(r"[0-9a-f]{32}")
_PARTIAL: Final = 206
_NOT_FOUND: Final = 404
_COMPLETE: Final = 416


def download_region(
    region: str,
    folder: Path,
    *,
    server: str = SERVER,
    tell: Tell = lambda _share, _what: None,
    should_stop: ShouldStop = lambda: False,
) -> Path:
    """Fetch the latest extract of a region, or return the one already there if it is the same.

    Args:
        region: as in Geofabrik's addresses: « europe/france/aquitaine ».
        folder: where the file goes; an unfinished one stays there and is resumed.
        server: address of a site organised like Geofabrik's.
        tell: hears the share done and a French sentence.
        should_stop: asked at every block.

    Raises:
        InputError: no internet, no such region, or what was received is damaged.
        SolveCancelledError: ``should_stop`` said so; what was received stays.
    """
    if not _NAMED.fullmatch(region) or not server.startswith(("https://", "http://")):
        raise InputError(
            tidy(
                f"{quote(region)} n’est pas une région : écrivez-la comme chez Geofabrik, par "
                "exemple « europe/france/aquitaine »."
            ),
            field="Région",
        )
    url = f"{server.rstrip('/')}/{region}-latest.osm.pbf"
    expected = _checksum(url, region)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{region.rsplit('/', 1)[-1]}-latest.osm.pbf"
    if path.is_file() and _md5(path) == expected:
        return path
    # The checksum is in the name: a part of an older extract is never continued.
    part = folder / f"{path.name}.{expected}.part"
    _fetch(url, part, tell, should_stop)
    if _md5(part) != expected:
        part.unlink()
        raise InputError(
            tidy(
                f"L’extrait reçu de {url} est abîmé (somme de contrôle différente) : il est "
                "effacé, relancez le téléchargement."
            ),
            field="Téléchargement",
        )
    part.replace(path)
    for other in folder.glob(f"{path.name}.*.part"):
        other.unlink()
    return path


def _checksum(url: str, region: str) -> str:
    try:
        with _open(f"{url}.md5") as answer:
            text = answer.read(200).decode("ascii", "replace")
    except urllib.error.HTTPError as error:
        if error.code == _NOT_FOUND:
            raise InputError(
                tidy(f"Aucun extrait pour la région {quote(region)} : vérifiez son nom."),
                field="Région",
            ) from error
        raise _unreachable(url) from error
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(url) from error
    found = _MD5.match(text)
    if found is None:
        raise _unreachable(url)
    return found[0]


def _fetch(url: str, part: Path, tell: Tell, should_stop: ShouldStop) -> None:
    have = part.stat().st_size if part.is_file() else 0
    try:
        with _open(url, {"Range": f"bytes={have}-"} if have else {}) as answer:
            # A server that cannot resume sends everything again.
            have = have if answer.status == _PARTIAL else 0
            whole = have + int(answer.headers.get("Content-Length") or 0)
            with part.open("ab" if have else "wb") as file:
                while block := answer.read(_BLOCK):
                    if should_stop():
                        raise SolveCancelledError(CANCELLED)
                    file.write(block)
                    have += len(block)
                    tell(have / max(whole, have), _progress(have, whole))
        if have < whole:  # the line was cut, which reading by blocks does not say
            raise _unreachable(url)
    except urllib.error.HTTPError as error:
        if error.code == _COMPLETE:  # everything was there already
            return
        raise _unreachable(url) from error
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(url) from error


def _progress(have: int, whole: int) -> str:
    received = number(have / _MEGABYTE, 0)
    return f"Téléchargement\u202f: {received} Mo sur {number(max(whole, have) / _MEGABYTE, 0)}…"


def _open(url: str, headers: Mapping[str, str] | None = None) -> Any:
    request = urllib.request.Request(  # noqa: S310 (http and https only: checked above)
        url, headers={"User-Agent": "Cartoflux", **(headers or {})}
    )
    return urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310


def _unreachable(url: str) -> InputError:
    return InputError(
        tidy(
            "Le téléchargement n’a pas abouti : pas d’accès à Internet, ou le site ne répond pas. "
            f"Relancez-le plus tard (il reprendra où il en est), ou récupérez {url} depuis un "
            "autre poste et importez le fichier."
        ),
        field="Téléchargement",
    )


def _md5(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
