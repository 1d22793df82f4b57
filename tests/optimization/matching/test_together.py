"""Pools, loops, chains and guesses."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.model import Card, ListingSource, Side, TravelMode, Visibility
from data.nomenclature import load_nomenclature
from geo.projection import great_circle_m
from optimization.matching import (
    Market,
    guesses,
    listing_of_card,
    loops,
    pools,
    rank,
)
from optimization.matching.guesses import USUAL
from optimization.matching.loops import LEAST_SCORE, PER_NEED
from tests.optimization.matching.markets import actor, gather, markets, need, offer


def road_km(found: Market, a: str, b: str) -> float:
    """Between the actors of two listings."""
    one, two = (found.actors[found.listings[each].actor_id] for each in (a, b))
    straight = great_circle_m(one.lon, one.lat, two.lon, two.lat)
    return float(found.travel.road_m(straight, TravelMode.VAN)) / 1000


@settings(max_examples=40)
@given(markets(), st.sampled_from([1.0, 12.0, 30.0]), st.integers(2, 3))
def test_pools_are_near_alike_apart_and_exhaustive(
    found: Market, radius_km: float, at_least: int
) -> None:
    """Within the radius of the first, one resource and side, no listing twice, none forgotten."""
    made = pools(found, radius_km=radius_km, at_least=at_least)
    used = [one for pool in made for one in pool.listing_ids]
    assert len(set(used)) == len(used)
    for pool in made:
        middle = pool.listing_ids[0]
        members = [found.listings[one] for one in pool.listing_ids]
        assert {found.group_of[one.id] for one in members} == {pool.resource_id}
        assert {one.side for one in members} == {pool.side}
        assert {one.actor_id for one in members} == set(pool.actor_ids)
        assert len(pool.actor_ids) >= at_least
        assert all(road_km(found, middle, one) <= radius_km + 1e-9 for one in pool.listing_ids)
        farthest = max(road_km(found, a, b) for a in pool.listing_ids for b in pool.listing_ids)
        assert pool.spread_km == pytest.approx(farthest)
    for table in (found.offers, found.needs):
        for rows in table.groups.values():
            free = [table.ids[row] for row in rows if table.ids[row] not in used]
            for middle in free:
                around = [one for one in free if road_km(found, middle, one) <= radius_km]
                assert len({found.listings[one].actor_id for one in around}) < at_least
    sizes = [len(pool.actor_ids) for pool in made]
    assert sizes == sorted(sizes, reverse=True)


def test_a_pool_says_what_it_is() -> None:
    """Three neighbours with pallets: one sentence with number, thing, mass and spread."""
    (pool,) = pools(gather([offer(f"o{i}", i, uncertainty=0.2) for i in (1, 2, 3)]))
    assert pool.side is Side.OFFER
    assert (pool.mass_t_per_year, pool.low, pool.high) == pytest.approx((30, 24, 36))
    assert pool.text.startswith("3 acteurs offrent «\u00a0palettes\u00a0»")


def slow_loops(found: Market, longest: int) -> set[frozenset[str]]:
    """Sets of actors that some loop of links joins, by trying every order."""
    links = {
        (found.listings[one.offer_id].actor_id, found.listings[one.need_id].actor_id)
        for one in rank(found, per_need=PER_NEED)
        if one.score >= LEAST_SCORE
    }
    return {
        frozenset(order)
        for count in range(2, longest + 1)
        for order in permutations(found.actors, count)
        if all(pair in links for pair in pairwise([*order, order[0]]))
    }


@settings(max_examples=40)
@given(markets(), st.integers(2, 4))
def test_loops_are_all_the_loops(found: Market, longest: int) -> None:
    """Every set of actors joined by a loop is found, once; links follow one another."""
    made = loops(found, longest, limit=10_000)
    closed = [one for one in made if one.closed]
    assert {frozenset(one.actor_ids) for one in closed} == slow_loops(found, longest)
    assert len({frozenset(one.actor_ids) for one in closed}) == len(closed)
    assert [one.closed for one in made] == sorted((o.closed for o in made), reverse=True)
    for one in made:
        givers = [found.listings[link.offer_id].actor_id for link in one.links]
        takers = [found.listings[link.need_id].actor_id for link in one.links]
        ends = [*one.actor_ids, one.actor_ids[0]] if one.closed else [*one.actor_ids]
        assert givers == ends[:-1]
        assert takers == ends[1:]
        assert len(set(one.actor_ids)) == len(one.actor_ids) <= longest
        if not one.closed:
            assert len(one.actor_ids) >= 3
            assert not any(set(one.actor_ids) <= set(loop.actor_ids) for loop in closed)


def test_a_loop_of_two_tells_its_story() -> None:
    """Each gives what the other seeks: one loop, named, strongest first."""
    found = gather(
        [offer("o1", 1), need("n2", 2), offer("o2", 2, "litière"), need("n1", 1, "litière")]
    )
    (loop,) = loops(found)
    assert loop.closed
    assert loop.actor_ids == ("a1", "a2")
    assert "Boucle de 2 acteurs" in loop.text
    assert loop.text.count("Acteur 1") == 2


def test_guesses_are_hypotheses_of_the_nomenclature() -> None:
    """Every guess names known resources, is marked as one, and never outgrows its actor."""
    known = load_nomenclature()
    assert all(one in known for pair in USUAL.values() for ids in pair for one in ids)
    made = guesses(
        [
            actor(1, naf_code="56.10A"),
            actor(2, naf_code="99.99Z"),
            actor(3),
            actor(4, naf_code="01.21Z", visibility=Visibility.CONFIDENTIAL),
        ]
    )
    assert {one.actor_id for one in made} == {"a1", "a4"}
    assert all(one.listing_source is ListingSource.GUESS for one in made)
    assert all(one.quantity is None and "ypothèse" in one.source for one in made)
    assert ("a1", Side.OFFER, "cooking_oil_used") in {
        (one.actor_id, one.side, one.resource_id) for one in made
    }
    hidden = {one.visibility for one in made if one.actor_id == "a4"}
    assert hidden == {Visibility.CONFIDENTIAL}
    assert len({one.id for one in made}) == len(made)


def test_the_longest_code_wins() -> None:
    """01.21 (vines) is read before 01.1 or nothing."""
    offered = {one.resource_id for one in guesses([actor(1, naf_code="01.21Z")])}
    assert "grape_marc" in offered


def test_a_card_becomes_a_listing() -> None:
    """Words, quantity and company are kept; a quantity without unit is only told."""
    card = Card(
        id="c",
        workshop_id="w",
        company="Essai",
        side=Side.OFFER,
        label="palettes",
        quantity=12,
        unit="",
    )
    made = listing_of_card(card, "a1")
    assert (made.id, made.card_id, made.actor_id) == ("fiche:c", "c", "a1")
    assert made.quantity is None
    assert "12 (sans unité)" in made.description
    assert made.listing_source is ListingSource.CARD
