"""Any file that the planner reads, recognised by its content."""

import json
from pathlib import Path
from typing import Any

from data.french import quote
from optimization.formats.fields import wrong
from optimization.formats.instance import Instance
from optimization.formats.rich import is_rich, read_rich
from optimization.formats.textbook import read_textbook
from optimization.formats.vroom import is_vroom, read_vroom

LARGEST_BYTES = 500_000_000


def read_instance(path: Path) -> Instance:
    """Read VROOM's JSON, the collection benchmark's, VRPLIB or Solomon.

    Raises:
        InputError: the file is missing, or none of these; says why.
    """
    text = read_text(path)
    if not text.lstrip().startswith(("{", "[")):
        return read_textbook(path, text)
    content = parse(text, path)
    if is_rich(content):
        return read_rich(content, path.stem)
    if is_vroom(content):
        return read_vroom(content, path.stem)
    raise wrong(
        f"{quote(path.name)} n’est pas un problème de tournées : un fichier VROOM contient "
        "« vehicles » et « jobs » (voir docs/formats.md)."
    )


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        InputError: missing, unreadable, empty, too large, or not text.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise wrong(f"{quote(path.name)} est trop gros.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        why = "il n’existe pas" if isinstance(error, FileNotFoundError) else str(error.strerror)
        raise wrong(f"Impossible de lire {quote(str(path))} : {why}.") from error
    except UnicodeDecodeError as error:
        raise wrong(f"{quote(path.name)} n’est pas un fichier texte en UTF-8.") from error
    if not text.strip():
        raise wrong(f"{quote(path.name)} est vide.")
    return text


def parse(text: str, path: Path) -> dict[str, Any]:
    """A JSON object.

    Raises:
        InputError: not JSON (says where), or not an object.
    """
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = (
            f" ligne {error.lineno}, colonne {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else ""
        )
        raise wrong(f"{quote(path.name)} n’est pas du JSON valide{where}.") from error
    if not isinstance(content, dict):
        raise wrong(f"{quote(path.name)} : un objet JSON {{…}} est attendu.")
    return content
