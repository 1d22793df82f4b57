"""One number for time and distance, so that one search gives both.

Of all quickest paths a search then finds the shortest, and both figures are read back exactly:
a float64 holds whole numbers up to 2**53, 37 hours in milliseconds × 67 000 km in metres.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_BITS: Final = 26
_MASK: Final = (1 << _BITS) - 1


def combine(milliseconds: Any, metres: Any) -> Any:
    """Time first, distance second; whole numbers or arrays of them (int64)."""
    return (milliseconds << _BITS) + metres


def separate(combined: Floats, missing: int) -> tuple[Ints, Ints]:
    """Milliseconds and metres; ``missing`` where infinite."""
    reached = np.isfinite(combined)
    whole = np.where(reached, combined, 0).astype(np.int64)
    return (
        np.where(reached, whole >> _BITS, missing),
        np.where(reached, whole & _MASK, missing),
    )
