"""Where compiled code is kept, so that nobody waits for the compiler twice.

Numba looks only at the file of the function itself when it decides whether its cached machine
code is still good, not at the files of the functions it calls. The folder is therefore named
after the content of all the sources of the kernel.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import config

from data.settings import read_settings

Function = TypeVar("Function", bound=Callable[..., Any])

_KERNEL = Path(__file__).parent


def _folder() -> Path:
    digest = sha256(numba.__version__.encode())
    for source in sorted(_KERNEL.glob("*.py")):
        digest.update(source.read_bytes())
    return read_settings().var_dir / "numba" / digest.hexdigest()[:16]


_FOLDER = str(_folder())


def compiled(function: Function) -> Function:
    """Compile to machine code on first call, without the interpreter's lock, cached on disk."""
    before = config.CACHE_DIR
    config.CACHE_DIR = _FOLDER
    try:
        made: Function = numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(
            function
        )
    finally:
        config.CACHE_DIR = before
    return made
