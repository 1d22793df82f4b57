"""Everything proposed at once: told with progress, stopped on demand, guesses kept apart."""

from datetime import date

import pytest

from data.errors import SolveCancelledError
from data.figures import load_figures
from data.model import (
    Actor,
    ActorKind,
    College,
    Listing,
    ListingSource,
    PositionPrecision,
    Side,
    Visibility,
)
from data.nomenclature import load_resources
from optimization.proposals import Question, answers, find_all

TODAY = date(2026, 3, 2)


def _actor(name: str, lon: float, naf: str = "") -> Actor:
    return Actor(
        id=name,
        name=name,
        kind=ActorKind.COMPANY,
        college=College.PRIVATE,
        commune_code="24037",
        lon=lon,
        lat=44.85,
        position_precision=PositionPrecision.ADDRESS,
        naf_code=naf,
    )


RESOURCES = load_resources()
WOOD = next(one.id for one in RESOURCES if "palette" in one.name.lower())
ACTORS = tuple(
    _actor(name, 0.45 + 0.01 * place, naf)
    for place, (name, naf) in enumerate(
        (("a", "16.24Z"), ("b", "10.71C"), ("c", "56.10A"), ("d", "46.34Z"))
    )
)


def _question(*listings: Listing, audience: Visibility = Visibility.NETWORK) -> Question:
    return Question(
        listings=listings,
        actors=ACTORS,
        resources=RESOURCES,
        flows=(),
        figures=load_figures(),
        audience=audience,
        today=TODAY,
    )


def _pair(**fields: object) -> tuple[Listing, ...]:
    return tuple(
        Listing(
            id=f"{side}-{actor}",
            actor_id=actor,
            side=side,
            resource_id=WOOD,
            quantity=10.0,
            **fields,  # type: ignore[arg-type]
        )
        for side, actor in (
            (Side.OFFER, "a"),
            (Side.OFFER, "b"),
            (Side.OFFER, "c"),
            (Side.NEED, "d"),
        )
    )


def _quiet(_: dict[str, object]) -> None:
    """Hear nothing."""


def test_everything_is_proposed_and_told_in_order() -> None:
    """Pairs best first, a pooling of three, a sharing; the share told never goes back."""
    told: list[float] = []
    found = find_all(lambda news: told.append(news["share"]), lambda: False, _question(*_pair()))
    scores = [match.score for match in found.matches]
    assert scores == sorted(scores, reverse=True)
    assert {match.need_id for match in found.matches} == {"need-d"}
    assert found.pools[0].actor_ids
    assert found.allocation.tonnes == pytest.approx(10)
    assert told == sorted(told)
    assert all(0 <= share <= 1 for share in told)


def test_guesses_never_mix_with_what_people_said() -> None:
    """No stated pair names a guess; every hypothesis names at least one."""
    found = find_all(_quiet, lambda: False, _question(*_pair()))
    guessed = {one.id for one in found.guessed}
    assert all(one.listing_source is ListingSource.GUESS for one in found.guessed)
    for match in found.matches:
        assert not {match.offer_id, match.need_id} & guessed
    for match in found.hypotheses:
        assert {match.offer_id, match.need_id} & guessed


def test_the_audience_decides_what_is_matched() -> None:
    """What is confidential is proposed to the team only."""
    secret = _pair(visibility=Visibility.CONFIDENTIAL)
    assert not find_all(_quiet, lambda: False, _question(*secret)).matches
    team = _question(*secret, audience=Visibility.CONFIDENTIAL)
    assert find_all(_quiet, lambda: False, team).matches


def test_both_sides_can_ask() -> None:
    """An offer gets needs, a need gets offers, something unknown gets nothing."""
    asked = _question(*_pair())
    assert {one.offer_id for one in answers(_quiet, lambda: False, asked, "need-d")} == {
        "offer-a",
        "offer-b",
        "offer-c",
    }
    assert [one.need_id for one in answers(_quiet, lambda: False, asked, "offer-a")] == ["need-d"]
    assert answers(_quiet, lambda: False, asked, "partie") == ()


def test_stopping_stops() -> None:
    """Asked to stop, both computations say so instead of answering."""
    with pytest.raises(SolveCancelledError):
        find_all(_quiet, lambda: True, _question(*_pair()))
    with pytest.raises(SolveCancelledError):
        answers(_quiet, lambda: True, _question(*_pair()), "need-d")
