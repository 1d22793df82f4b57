"""Following synergies: the chain of statuses, where they come from, what to push, the funnel."""

from data.synergies.agenda import calendar
from data.synergies.chain import (
    ALIVE,
    CHAIN,
    DONE,
    NEED_A_REASON,
    OUT,
    STATUS_NAMES,
    advance,
    next_status,
    rank,
    reached,
    reason_needed,
)
from data.synergies.creation import (
    MatchLike,
    PoolLike,
    already_followed,
    from_idea,
    from_loop,
    from_match,
    from_pool,
    typed,
)
from data.synergies.funnel import Funnel, Stay, entries, epcis_of, funnel, stalls
from data.synergies.monday import Monday, asleep, last_sign, monday, plan_next, postpone

__all__ = [
    "ALIVE",
    "CHAIN",
    "DONE",
    "NEED_A_REASON",
    "OUT",
    "STATUS_NAMES",
    "Funnel",
    "MatchLike",
    "Monday",
    "PoolLike",
    "Stay",
    "advance",
    "already_followed",
    "asleep",
    "calendar",
    "entries",
    "epcis_of",
    "from_idea",
    "from_loop",
    "from_match",
    "from_pool",
    "funnel",
    "last_sign",
    "monday",
    "next_status",
    "plan_next",
    "postpone",
    "rank",
    "reached",
    "reason_needed",
    "stalls",
    "typed",
]
