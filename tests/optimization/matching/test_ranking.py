"""The ranking: exact whatever the shortcuts, explained, and discreet."""

import pickle
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import NotFoundError
from data.model import Direction, Flow, ListingSource, Period, Visibility
from optimization.matching import (
    Kinship,
    Market,
    allocate,
    listings_from_flows,
    loops,
    matches,
    needs_for,
    offers_for,
    pools,
    rank,
)
from optimization.matching.score import MOST
from tests.optimization.matching.markets import (
    RESOURCES,
    TODAY,
    actor,
    gather,
    markets,
    need,
    offer,
    slow_score,
)


def slow_rank(found: Market, per_need: int) -> list[tuple[str, str, float]]:
    """Best offers of each need by looking at every pair."""
    kept = []
    for need_id in found.needs.ids:
        scored = [
            (-score[0], score[1], offer_id)
            for offer_id in found.offers.ids
            if (score := slow_score(found, found.listings[offer_id], found.listings[need_id]))
        ]
        kept += [(need_id, one[2], -one[0]) for one in sorted(scored)[:per_need]]
    return kept


@given(markets(), st.integers(1, 4), st.sampled_from([1, 2, 32]))
def test_the_shortcuts_lose_nothing(found: Market, per_need: int, first_look: int) -> None:
    """The kept offers, their order and scores are those of looking at every pair."""
    kept = rank(found, per_need=per_need, first_look=first_look)
    assert [(one.need_id, one.offer_id, one.score) for one in kept] == slow_rank(found, per_need)


@settings(max_examples=25)
@given(markets(most=30), st.integers(1, 3))
def test_looking_near_first_loses_nothing_in_larger_groups(found: Market, per_need: int) -> None:
    """One offer at a time or all at once: the same ranking."""
    slowly = rank(found, per_need=per_need, first_look=1)
    at_once = rank(found, per_need=per_need, first_look=10_000)
    assert slowly.offer_rows.tolist() == at_once.offer_rows.tolist()
    assert slowly.need_rows.tolist() == at_once.need_rows.tolist()


@settings(max_examples=30)
@given(markets())
def test_a_score_is_the_sum_of_its_reasons(found: Market) -> None:
    """Each part has a sentence and half points within its most; the sum is exactly the score."""
    assert sum(MOST.values()) == 100
    for match in matches(found):
        assert [reason.key for reason in match.reasons] == list(MOST)
        assert match.score == sum(reason.points for reason in match.reasons)
        for reason in match.reasons:
            assert 0 <= reason.points <= reason.most == MOST[reason.key]
            assert reason.points * 2 == int(reason.points * 2)
            assert reason.text.endswith(".")
        if match.shared_t_per_year is not None:
            assert match.low is not None
            assert match.high is not None
            assert match.low <= match.shared_t_per_year <= match.high


@settings(max_examples=30)
@given(markets())
def test_every_way_to_ask_gives_the_same_matches(found: Market) -> None:
    """Offers of a need, needs of an offer and the whole ranking agree; best first."""
    everything = matches(found, per_need=1_000)
    pairs = {(one.offer_id, one.need_id): one for one in everything}
    for need_id in found.needs.ids:
        asked = offers_for(found, need_id, limit=1_000)
        assert list(asked) == [one for one in rank(found, per_need=1_000) if one.need_id == need_id]
    seen = [one for each in found.offers.ids for one in needs_for(found, each, limit=1_000)]
    assert {(one.offer_id, one.need_id): one for one in seen} == pairs
    assert [one.score for one in everything] == sorted((o.score for o in everything), reverse=True)


@settings(max_examples=30)
@given(markets())
def test_all_survives_the_trip_to_a_worker(found: Market) -> None:
    """A pickled market gives the same answers, and answers can be pickled."""
    again = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert matches(again) == matches(found)
    assert pickle.loads(pickle.dumps(matches(found))) == matches(found)  # noqa: S301


def test_a_score_reckoned_by_hand() -> None:
    """Half the need, 0 km, quality not said, one-off against regular, every month."""
    found = gather(
        [
            offer("o", 1, quantity=5, period=None),
            need("n", 2, quality="propre"),
        ],
        [actor(1), actor(2)],
    )
    (match,) = matches(found)
    points = {reason.key: reason.points for reason in match.reasons}
    assert points == {
        "resource": 40,
        "quantity": 10,
        "distance": 20,
        "quality": 5,
        "rhythm": 2.5,
        "season": 5,
    }
    assert match.score == 82.5
    assert match.shared_t_per_year == 5
    assert match.distance_source == found.travel.name


def test_substitutes_count_one_way_only() -> None:
    """Pallets can replace planks; planks are no answer to who seeks pallets."""
    found = gather([offer("p", 1), offer("b", 1, "planches"), need("n", 2, "planches")])
    assert {one.offer_id: one.kinship for one in matches(found)} == {
        "p": Kinship.SUBSTITUTE,
        "b": Kinship.SAME,
    }
    assert matches(gather([offer("b", 1, "planches"), need("n", 2)])) == ()


def test_words_outside_the_nomenclature_meet_by_words() -> None:
    """Without resource, the words are classified; unknown but equal words still meet."""
    found = gather(
        [
            replace(offer("o", 1), resource_id=None, label="200 kg de pneus usagés"),
            replace(need("n", 2), resource_id=None, label="Pneus"),
            replace(need("x", 3), resource_id=None, label="planche"),
        ]
    )
    (match,) = matches(found)
    assert (match.need_id, match.kinship) == ("n", Kinship.WORDS)
    assert found.group_of["x"] == "planches"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"visibility": Visibility.CONFIDENTIAL}, "non visible"),
        ({"expires_on": "2026-11-22"}, "terminée"),
        ({"available_to": "2026-11-22"}, "terminée"),
        ({"listing_source": ListingSource.GUESS}, "hypothèse"),
    ],
)
def test_what_does_not_enter_the_market(wrong: dict[str, Any], why: str) -> None:
    """Hidden, finished and guessed listings stay out, counted by reason."""
    found = gather([offer("o", 1, **wrong), need("n", 2)])
    assert matches(found) == ()
    assert found.left_out == {why: 1}
    with pytest.raises(NotFoundError, match="visible"):
        needs_for(found, "o")


def test_the_last_day_still_counts() -> None:
    """A listing that expires today is still there."""
    found = gather([offer("o", 1, expires_on=TODAY.isoformat()), need("n", 2)])
    assert len(matches(found)) == 1


def test_dates_that_never_meet_do_not_match() -> None:
    """An offer that ends before the need begins is no answer."""
    found = gather(
        [offer("o", 1, available_to="2027-01-31"), need("n", 2, available_from="2027-02-01")]
    )
    assert matches(found) == ()


def test_nobody_answers_their_own_need() -> None:
    """An actor's offer never meets its own need."""
    assert matches(gather([offer("o", 1), need("n", 1)])) == ()


@settings(max_examples=30)
@given(markets(), st.data())
def test_nothing_hidden_shows_anywhere(found: Market, data: st.DataObject) -> None:
    """Neither ids, names nor words of hidden listings and actors are in any answer."""
    hidden = data.draw(st.sets(st.sampled_from(sorted(found.listings) or ["none"])))
    secret = actor(99, visibility=Visibility.CONFIDENTIAL)
    listings = [
        replace(one, visibility=Visibility.CONFIDENTIAL, label="SECRET")
        if one.id in hidden
        else one
        for one in found.listings.values()
    ]
    listings += [offer("SECRET-offre", 99), need("SECRET-besoin", 99)]
    again = gather(listings, [*found.actors.values(), secret], audience=Visibility.NETWORK)
    told = repr((matches(again), pools(again, at_least=2), loops(again), allocate(again)))
    assert "SECRET" not in told
    assert "Acteur 99" not in told
    assert not {one for one in hidden if f"'{one}'" in told}
    assert again.left_out.get("non visible", 0) == len(hidden & set(found.listings)) + 2


def test_audience_decides() -> None:
    """The public sees public listings, the network its own too, the team all."""
    listings = [need("n", 2)] + [
        offer(str(one), number, visibility=one) for number, one in enumerate(Visibility, 3)
    ]
    seen = [len(matches(gather(listings, audience=one))) for one in Visibility]
    assert seen == [1, 2, 3]


def test_seasons_of_flows_count() -> None:
    """A harvest offer answers two months in twelve of a steady need, one in season wholly."""
    harvest = tuple(1.0 if month in {9, 10} else 0.0 for month in range(1, 13))
    flows = [
        Flow(
            id=name,
            actor_id=f"a{number}",
            direction=direction,
            resource_id="palettes",
            quantity=4,
            seasonality=season,
        )
        for number, (name, direction, season) in enumerate(
            [
                ("o", Direction.OUT, harvest),
                ("steady", Direction.IN, ()),
                ("harvest", Direction.IN, harvest),
            ],
            start=1,
        )
    ]
    found = gather(listings_from_flows(flows), flows=flows)
    season = {one.need_id: one.reasons[-1].points for one in matches(found)}
    assert season == {"flux:steady": 1.0, "flux:harvest": 5.0}


def test_a_canteen_flow_becomes_a_quantity_a_year() -> None:
    """36 weeks of 100 kg are 3.6 t a year, not 5.2."""
    flow = Flow(
        id="f",
        actor_id="a1",
        direction=Direction.OUT,
        resource_id="palettes",
        quantity=100,
        unit="kg",
        period=Period.WEEK,
        periods_per_year=36,
        visibility=Visibility.CONFIDENTIAL,
    )
    (made,) = listings_from_flows([flow])
    assert (made.id, made.visibility) == ("flux:f", Visibility.CONFIDENTIAL)
    found = gather([made], audience=Visibility.CONFIDENTIAL)
    amount = found.offers.amounts[0]
    assert amount is not None
    assert amount.value == pytest.approx(3.6)


def test_progress_is_told() -> None:
    """The share done grows to 1."""
    told: list[float] = []
    listings = [offer("o", 1)] + [need(one.id, 2, one.id) for one in RESOURCES]
    rank(gather(listings), on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_unreasonable_requests_are_refused() -> None:
    """Nothing asked for is a mistake of the caller."""
    with pytest.raises(ValueError, match="positive"):
        rank(gather([]), per_need=0)
    assert len(rank(gather([]))) == 0
