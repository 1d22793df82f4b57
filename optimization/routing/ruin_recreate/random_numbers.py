"""A small fast generator with its state in an array: the same seed, the same search, in any thread.

SplitMix64 (Steele, Lea and Flood, 2014).
"""

import numpy as np
from numpy.typing import NDArray

from optimization.routing.ruin_recreate.compiled import compiled

Random = NDArray[np.uint64]
"""State of the generator, shape (1,)."""

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_UNIT = 1.0 / 9007199254740992.0  # 2**-53


@compiled
def mixed(value: np.uint64) -> np.uint64:
    """A 64-bit number scrambled, also used as a hash."""
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@compiled
def uniform(state: Random) -> float:
    """A float in [0, 1)."""
    state[0] += _STEP
    return np.float64(mixed(state[0]) >> np.uint64(11)) * _UNIT


@compiled
def below(state: Random, bound: int) -> int:
    """An integer in [0, bound)."""
    return np.int64(uniform(state) * bound)
