"""Writing a result whole or not at all."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from data.french import quote
from optimization.formats.fields import wrong


def as_json(content: dict[str, Any]) -> str:
    """Readable, and the same for the same content."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_sol(content: dict[str, Any]) -> str:
    """VRPLIB's ``.sol``: clients route by route, and the cost."""
    tours = [
        " ".join(str(step["id"]) for step in route["steps"] if step["type"] == "job")
        for route in content["routes"]
    ]
    lines = [f"Route #{number}: {tour}" for number, tour in enumerate(tours, start=1)]
    return "\n".join([*lines, f"Cost {content['summary']['cost']}"]) + "\n"


def write_whole(path: Path, text: str) -> None:
    """Write beside, then rename: nobody ever sees half a file, and nothing is left on failure.

    What is no ordinary file (a terminal, a pipe, the null device) is written to, not replaced.

    Raises:
        InputError: the folder does not exist or cannot be written in.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise _unwritable(path, error) from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, error: OSError) -> Exception:
    return wrong(f"Impossible d’écrire {quote(str(path))} : {error.strerror}.", field="--output")
