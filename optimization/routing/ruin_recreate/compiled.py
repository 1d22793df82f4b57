"""How the kernel is compiled; its machine code is kept (see ``machine_code``)."""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core import config

from optimization.routing.ruin_recreate.machine_code import FOLDER

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile to machine code as a part of whatever calls it.

    A call would hand over every array of the instance and of the state one by one: that takes
    longer than many of these functions do (measured: twice as many steps a second without).
    """
    return _made(function, inlined=True)


def entrance(function: Function) -> Function:
    """Compile to machine code on first call, without the interpreter's lock, cached on disk."""
    return _made(function, inlined=False)


def _made(function: Function, *, inlined: bool) -> Function:
    before = config.CACHE_DIR
    config.CACHE_DIR = str(FOLDER)
    try:
        made: Function = numba.njit(
            cache=True, nogil=True, error_model="numpy", _nrt=False, forceinline=inlined
        )(function)
    finally:
        config.CACHE_DIR = before
    return made
