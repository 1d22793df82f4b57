"""The best overall sharing of offers between needs: a minimum-cost flow (OR-Tools)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from optimization.matching.market import Market, Table
from optimization.matching.model import Allocation, AllocationLine
from optimization.matching.ranking import rank
from optimization.matching.score import parts

MOST_PAIRS: Final = 2_000_000
_KG: Final = 1000
_NEAREST: Final = 50


def allocate(market: Market, *, most_pairs: int = MOST_PAIRS) -> Allocation:
    """Share offers between needs: most tonnes kept first, then fewest tonne-kilometres.

    Whole kilograms flow from offers (no more than each has) to needs (no more than each wants)
    over the pairs that may match; a unit costs the pair's road metres. The largest flow of least
    cost is found exactly, in integers, without weights between the two aims: a lexicographic
    optimum. Only listings whose mass is known take part; a one-off counts as its mass, this year.

    Args:
        market: where the offers and needs are.
        most_pairs: above this many possible pairs only the 50 best offers of each need are
            looked at, and the result is not called proved.
    """
    offers, needs, metres, complete = _pairs(market, most_pairs)
    stock, wish = _kilograms(market.offers), _kilograms(market.needs)
    useful = (stock[offers] > 0) & (wish[needs] > 0)
    offers, needs, metres = offers[useful], needs[useful], metres[useful]
    moved, solved = _flow(stock, wish, offers, needs, metres)
    lines = tuple(
        AllocationLine(
            offer_id=market.offers.ids[offers[pair]],
            need_id=market.needs.ids[needs[pair]],
            t_per_year=int(moved[pair]) / _KG,
            distance_km=int(metres[pair]) / 1000,
        )
        for pair in np.flatnonzero(moved)
    )
    np.subtract.at(stock, offers, moved)
    np.subtract.at(wish, needs, moved)
    return Allocation(
        lines=tuple(sorted(lines, key=lambda line: (line.need_id, line.offer_id))),
        left_over=(*_left(market.offers, stock), *_left(market.needs, wish)),
        tonnes=int(moved.sum()) / _KG,
        tonne_km=int((moved * metres).sum()) / (_KG * 1000),
        proved=complete and solved,
    )


def _pairs(
    market: Market, most_pairs: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], bool]:
    """Rows of offers and needs that may match, and the metres between them; all of them or not."""
    possible = [
        (market.offers.groups[giver], needs)
        for group, needs in sorted(market.needs.groups.items())
        for giver, _ in market.givers[group]
    ]
    complete = sum(len(offers) * len(needs) for offers, needs in possible) <= most_pairs
    if complete:
        grids = [np.meshgrid(offers, needs, indexing="ij") for offers, needs in possible]
        empty = np.empty(0, dtype=np.int64)
        offers = np.concatenate([empty, *(grid[0].ravel() for grid in grids)])
        needs = np.concatenate([empty, *(grid[1].ravel() for grid in grids)])
    else:
        best = rank(market, per_need=_NEAREST)
        offers, needs = best.offer_rows, best.need_rows
    scored = parts(market, offers, needs)
    kept = scored.allowed
    return offers[kept], needs[kept], scored.distance_m[kept], complete


def _kilograms(table: Table) -> NDArray[np.int64]:
    """Whole kilograms of each row; 0 when its mass is unknown."""
    return np.where(table.dimension == 0, np.floor(table.value * _KG + 1e-6), 0).astype(np.int64)


def _flow(
    stock: NDArray[np.int64],
    wish: NDArray[np.int64],
    offers: NDArray[np.int64],
    needs: NDArray[np.int64],
    metres: NDArray[np.int64],
) -> tuple[NDArray[np.int64], bool]:
    """Kilograms moved by each pair, and whether that is proved best."""
    if not len(offers):
        return np.zeros(0, dtype=np.int64), True
    source, sink = len(stock) + len(wish), len(stock) + len(wish) + 1
    givers, takers = np.unique(offers), np.unique(needs)
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        offers, len(stock) + needs, np.minimum(stock[offers], wish[needs]), metres
    )
    for tail, head, most in (
        (np.full_like(givers, source), givers, stock[givers]),
        (len(stock) + takers, np.full_like(takers, sink), wish[takers]),
    ):
        solver.add_arcs_with_capacity_and_unit_cost(tail, head, most, np.zeros_like(most))
    supply = int(min(stock[givers].sum(), wish[takers].sum()))
    solver.set_node_supply(source, supply)
    solver.set_node_supply(sink, -supply)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"min-cost flow ended with status {status}")
    return np.asarray(solver.flows(arcs), dtype=np.int64), True


def _left(table: Table, kilograms: NDArray[np.int64]) -> list[tuple[str, float]]:
    return [(table.ids[row], int(kilograms[row]) / _KG) for row in np.flatnonzero(kilograms)]
