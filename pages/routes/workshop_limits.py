"""How often a phone, or an address, may ask: kept in memory, forgotten at a restart.

A hall of sixty phones often shares one address (network translation), so each phone has its own
small allowance and the address a large one. A phone's number is made by itself: only the
address's allowance stops someone who invents numbers.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, then so many a second."""

    burst: float
    per_second: float


CARDS_PHONE: Final = Allowance(40, 0.5)
CARDS_ADDRESS: Final = Allowance(900, 20)
SEARCH_PHONE: Final = Allowance(40, 4)
SEARCH_ADDRESS: Final = Allowance(600, 100)
PAGES_ADDRESS: Final = Allowance(600, 30)
WRONG_CODES_ADDRESS: Final = Allowance(120, 2)
"""120 a minute: what ``data.workshops`` reckons with."""


class Limits:
    """Token buckets by key; the least recently used are forgotten. Safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[tuple[Allowance, str, str], tuple[float, float]] = OrderedDict()

    def wait(self, allowance: Allowance, what: str, key: str, *, cost: float = 1) -> float:
        """Take ``cost`` from a bucket.

        Returns:
            0 when allowed; otherwise the seconds to wait, and nothing is taken.
        """
        now = self._clock()
        place = (allowance, what, key)
        with self._lock:
            tokens, since = self._buckets.pop(place, (allowance.burst, now))
            tokens = min(allowance.burst, tokens + (now - since) * allowance.per_second)
            enough = tokens >= cost
            self._buckets[place] = (tokens - cost if enough else tokens, now)
            while len(self._buckets) > _KEPT:
                self._buckets.popitem(last=False)
        return 0 if enough else (cost - tokens) / allowance.per_second

    def empty(self, allowance: Allowance, what: str, key: str) -> float:
        """Give the seconds to wait before one more, taking nothing."""
        return self.wait(allowance, what, key, cost=0) or self._lack(allowance, what, key)

    def _lack(self, allowance: Allowance, what: str, key: str) -> float:
        with self._lock:
            tokens, _ = self._buckets[allowance, what, key]
        return max(0.0, (1 - tokens) / allowance.per_second)
