"""Matching offers and needs: ranked pairs with reasons, pools, loops, allocation, guesses.

``market`` gathers what one audience may see on one day; everything else is asked of it. Inputs
and outputs are picklable and nothing reads the store: call any of it in a worker.

>>> found = market(listings, actors, resources, today=day)      # doctest: +SKIP
>>> offers_for(found, "besoin-12")[0].reasons[0].text           # doctest: +SKIP
"""

from optimization.matching.allocate import allocate
from optimization.matching.guesses import guesses
from optimization.matching.loops import loops
from optimization.matching.market import Market, can_see, market
from optimization.matching.model import (
    Allocation,
    AllocationLine,
    Kinship,
    Loop,
    Match,
    Pool,
    Reason,
)
from optimization.matching.pools import pools
from optimization.matching.ranking import Ranking, matches, needs_for, offers_for, rank
from optimization.matching.sources import listing_of_card, listings_from_flows

__all__ = [
    "Allocation",
    "AllocationLine",
    "Kinship",
    "Loop",
    "Market",
    "Match",
    "Pool",
    "Ranking",
    "Reason",
    "allocate",
    "can_see",
    "guesses",
    "listing_of_card",
    "listings_from_flows",
    "loops",
    "market",
    "matches",
    "needs_for",
    "offers_for",
    "pools",
    "rank",
]
