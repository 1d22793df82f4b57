"""Ranking the offers of every need, beside scoring every pair; then 20 000 × 20 000.

Times and memory are printed, never asserted: machines differ. Run with ``-s`` to read them.
"""

import datetime as dt
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from data.demo import load_demo
from data.model import Listing, Period, Side, Visibility
from data.nomenclature import load_resources
from optimization.matching import Market, allocate, loops, market, pools, rank
from optimization.matching.score import RESOURCE, parts
from tests.optimization.matching.markets import slow_score

TODAY = dt.date(2026, 11, 23)
RESOURCES = load_resources()
TOP = 10
BLOCK = 100
"""Needs scored against all offers at a time by the naive way."""


def many(count: int, *, only: str = "") -> Market:
    """As many offers as needs, around Bergerac; resources as uneven as words in a language.

    Args:
        count: on each side; half as many actors.
        only: a single resource for all, the worst case.
    """
    random = Random(count)  # noqa: S311 - the same market every time
    base = load_demo().actors
    actors = [
        replace(
            random.choice(base),
            id=f"a{i}",
            visibility=Visibility.PUBLIC,
            lon=0.47 + random.gauss(0, 0.25),
            lat=44.85 + random.gauss(0, 0.18),
        )
        for i in range(max(2, count // 2))
    ]
    weights = [1 / (place + 1) ** 0.8 for place in range(len(RESOURCES))]
    listings = []
    for side in Side:
        for i in range(count):
            chosen = random.choices(RESOURCES, weights)[0]
            listings.append(
                Listing(
                    id=f"{side}-{i}",
                    actor_id=f"a{random.randrange(len(actors))}",
                    side=side,
                    resource_id=only or chosen.id,
                    quantity=random.choice([None, *(random.lognormvariate(1, 1.5),) * 4]),
                    unit=random.choice(["t", "kg", "m³", chosen.unit]),
                    period=random.choice([None, Period.YEAR, Period.YEAR, Period.MONTH]),
                    uncertainty=random.choice([None, 0.2, 0.5]),
                    quality=random.choice(["", "", "", "propre", "à trier", "sec, non traité"]),
                    available_from=random.choice(["", "", "2027-03-01"]),
                    available_to=random.choice(["", "", "2027-09-30"]),
                )
            )
    return market(listings, actors, RESOURCES, today=TODAY)


def in_python(found: Market) -> list[tuple[str, str]]:
    """Every pair, one after the other."""
    kept = []
    for asked in found.needs.ids:
        scored = [
            (-score[0], score[1], offered)
            for offered in found.offers.ids
            if (score := slow_score(found, found.listings[offered], found.listings[asked]))
        ]
        kept += [(asked, offered) for _, _, offered in sorted(scored)[:TOP]]
    return kept


def in_columns(found: Market) -> list[tuple[str, str]]:
    """Every pair, with numpy, a hundred needs at a time against all offers."""
    offers = np.arange(len(found.offers.ids))
    groups = sorted(found.offers.groups)
    group_of = np.empty(len(offers), dtype=np.int64)
    for number, group in enumerate(groups):
        group_of[found.offers.groups[group]] = number
    base = {
        asked: np.array(
            [2 * RESOURCE[dict(givers)[g]] if g in dict(givers) else -1 for g in groups]
        )
        for asked, givers in found.givers.items()
    }
    kept = []
    for start in range(0, len(found.needs.ids), BLOCK):
        needs = np.arange(start, min(start + BLOCK, len(found.needs.ids)))
        kin = np.stack([base[found.group_of[found.needs.ids[n]]][group_of] for n in needs])
        scored = parts(found, offers[None, :], needs[:, None])
        total = np.where(scored.allowed & (kin >= 0), scored.total + kin, -1)
        for line, need in enumerate(needs):
            order = np.lexsort((offers, scored.distance_m[line], -total[line]))[:TOP]
            kept += [
                (found.needs.ids[need], found.offers.ids[row])
                for row in order
                if total[line, row] >= 0
            ]
    return kept


def ours(found: Market) -> list[tuple[str, str]]:
    """The ranking under test, as ids."""
    kept = rank(found, per_need=TOP)
    return [
        (found.needs.ids[need], found.offers.ids[offer])
        for need, offer in zip(kept.need_rows, kept.offer_rows, strict=True)
    ]


def timed(
    make: Callable[[Market], list[tuple[str, str]]], found: Market
) -> tuple[float, list[tuple[str, str]]]:
    """Seconds and answer of one run."""
    start = time.perf_counter()
    answer = make(found)
    return time.perf_counter() - start, answer


@pytest.mark.parametrize(
    ("naive", "count"), [(in_python, 200), (in_columns, 2_000)], ids=["python", "numpy"]
)
def test_beside_every_pair(naive: Callable[[Market], list[tuple[str, str]]], count: int) -> None:
    """The very same ten offers of every need, in the same order; both times are printed."""
    found = many(count)
    slow, expected = timed(naive, found)
    fast, answer = timed(ours, found)
    assert answer == expected
    print(  # noqa: T201
        f"\n{count} × {count} : toutes les paires ({naive.__name__}) {slow * 1e3:.0f} ms,"
        f" ici {fast * 1e3:.0f} ms, {slow / fast:.0f} fois plus vite"
    )


@pytest.mark.parametrize("only", ["", "pallet_wood"], ids=["uneven", "one-resource"])
def test_twenty_thousand_by_twenty_thousand(only: str) -> None:
    """Every need that has an answer gets its ten best; time and peak memory are printed."""
    began = time.perf_counter()
    found = many(20_000, only=only)
    built = time.perf_counter()
    market(found.listings.values(), found.actors.values(), RESOURCES, today=TODAY)
    gathered = time.perf_counter()
    kept = rank(found, per_need=TOP)
    ranked = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"\n20 000 × 20 000 ({only or 'toutes ressources'}) : marché {gathered - built:.1f} s,"
        f" classement {ranked - gathered:.1f} s, {len(kept)} paires gardées,"
        f" mémoire du processus {peak:.0f} Mo (préparation {built - began:.1f} s)"
    )
    assert len(np.unique(kept.need_rows)) == len(found.needs.ids)
    assert np.bincount(kept.need_rows).max() == TOP


def test_pools_loops_and_allocation_of_two_thousand() -> None:
    """What is asked of a whole market; times are printed."""
    found = many(2_000)
    for name, ask in (("pools", pools), ("loops", loops), ("allocate", allocate)):
        start = time.perf_counter()
        answer = ask(found)
        print(f"\n2 000 × 2 000, {name} : {time.perf_counter() - start:.2f} s")  # noqa: T201
        assert answer
