"""Where machine code is kept, so that nobody waits for the compiler twice.

Numba looks only at the file of the function itself when it decides whether its cached machine
code is still good, not at the files of the functions it calls. The folder is therefore named
after the content of all the sources of the kernel. Known without importing numba, which is slow.
"""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from data.settings import read_settings


def _folder() -> Path:
    digest = sha256(version("numba").encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return read_settings().compiled_dir / digest.hexdigest()[:16]


FOLDER = _folder()
"""Machine code of exactly these sources."""

READY = FOLDER / "ready"
"""There once everything is compiled."""
