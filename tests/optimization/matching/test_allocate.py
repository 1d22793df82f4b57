"""Sharing offers between needs: balanced, and as good as linear programming says."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from optimization.matching import Market, allocate
from tests.optimization.matching.markets import actor, gather, markets, need, offer, slow_score


def best(found: Market) -> tuple[int, int]:
    """Kilograms kept and kilogram-metres of the best sharing, by two linear programmes."""
    stock, wish = (
        [int(v * 1000 + 1e-6) if d == 0 else 0 for v, d in zip(t.value, t.dimension, strict=True)]
        for t in (found.offers, found.needs)
    )
    pairs = []
    for (o, given_id), (n, asked_id) in itertools.product(
        enumerate(found.offers.ids), enumerate(found.needs.ids)
    ):
        score = slow_score(found, found.listings[given_id], found.listings[asked_id])
        if score is not None:
            pairs.append((o, n, score[1]))
    if not pairs:
        return 0, 0
    limits = np.zeros((len(stock) + len(wish), len(pairs)))
    for column, (o, n, _) in enumerate(pairs):
        limits[o, column] = limits[len(stock) + n, column] = 1
    most = linprog(-np.ones(len(pairs)), A_ub=limits, b_ub=[*stock, *wish])
    kept = round(-most.fun)
    metres = [metre for _, _, metre in pairs]
    shortest = linprog(
        metres, A_ub=limits, b_ub=[*stock, *wish], A_eq=np.ones((1, len(pairs))), b_eq=[kept]
    )
    return kept, round(shortest.fun)


@settings(max_examples=50)
@given(markets(most=6))
def test_as_good_as_linear_programming(found: Market) -> None:
    """Most tonnes first, then fewest tonne-kilometres, exactly."""
    shared = allocate(found)
    kept, metres = best(found)
    assert shared.proved
    assert round(shared.tonnes * 1000) == kept
    assert shared.tonne_km == pytest.approx(metres / 1e6, rel=1e-9, abs=1e-6)


@settings(max_examples=50)
@given(markets())
def test_mass_is_balanced(found: Market) -> None:
    """No offer gives more than it has, no need takes more; what is left is listed."""
    shared = allocate(found)
    left = dict(shared.left_over)
    assert len(left) == len(shared.left_over)
    assert shared.tonnes == pytest.approx(sum(line.t_per_year for line in shared.lines))
    assert all(line.t_per_year > 0 for line in shared.lines)
    for table, end in ((found.offers, "offer_id"), (found.needs, "need_id")):
        for row, name in enumerate(table.ids):
            moved = sum(line.t_per_year for line in shared.lines if getattr(line, end) == name)
            whole = table.value[row] if table.dimension[row] == 0 else 0.0
            assert moved <= whole + 1e-9
            assert moved + left.get(name, 0.0) == pytest.approx(whole, abs=1.1e-3)


def test_an_offer_is_shared_and_nearness_decides() -> None:
    """15 t for two needs of 10 t: the nearer one is served wholly, 5 t are missing."""
    found = gather(
        [offer("o", 1, quantity=15), need("near", 2), need("far", 3)],
        [actor(1), actor(2, lon=0.49), actor(3, lon=0.60)],
    )
    shared = allocate(found)
    assert {line.need_id: line.t_per_year for line in shared.lines} == {"near": 10, "far": 5}
    assert shared.left_over == (("far", 5.0),)


def test_tonnes_come_before_kilometres() -> None:
    """The farther assignment wins when it keeps more matter in use."""
    found = gather(
        [offer("p", 1), offer("b", 2, "planches"), need("np", 3), need("nb", 4, "planches")],
        # Pallets could go next door as planks, but then the pallets' own need gets nothing.
        [actor(1), actor(2, lon=0.9), actor(3, lon=0.7), actor(4)],
    )
    shared = allocate(found)
    assert {(line.offer_id, line.need_id) for line in shared.lines} == {("p", "np"), ("b", "nb")}
    assert shared.tonnes == 20


def test_too_many_pairs_are_not_called_proved() -> None:
    """When far pairs are left out, the answer is good but says so."""
    found = gather([offer("o", 1), offer("p", 2), need("n", 3)])
    assert allocate(found).proved
    restricted = allocate(found, most_pairs=1)
    assert not restricted.proved
    assert restricted.tonnes == 10


def test_nothing_to_share() -> None:
    """An empty market, or unknown quantities, share nothing."""
    assert allocate(gather([])).lines == ()
    unknown = allocate(gather([offer("o", 1, quantity=None), need("n", 2)]))
    assert (unknown.lines, unknown.tonnes, unknown.left_over) == ((), 0, (("n", 10.0),))
