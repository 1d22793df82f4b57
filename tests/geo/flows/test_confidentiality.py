"""The attacker: no filter, and no difference of two, gives a confidential flow back.

Every mass is a multiple of four million tonnes plus its own power of five, in grams: from any
published number, or difference of two, the attacker reads which flows went into it, and how many
times (once or twice, added or taken away). Each side of each difference must then pass the rule,
written here a second time, one link after the other.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.model import Direction, Flow, Stream, Visibility
from geo.flows import (
    FlowDirection,
    FlowFilter,
    Level,
    Links,
    Perimeter,
    Stage,
    Viewer,
    aggregate,
    apply_filter,
    balance,
    build_links,
    release,
    sankey,
)
from geo.flows.disclosure import passes
from geo.flows.links import GRAMS, grams
from tests.geo.conftest import make_actor
from tests.geo.flows.worlds import RESOURCES, SQUARES, law

ACTORS = tuple(
    make_actor(n, commune=f"0100{n % 4}", lon=0.05 + n % 4 / 10 + n / 1e3) for n in range(12)
)
BASE_G = 4 * 10**12
"""Four million tonnes, in grams; the marks stay far below."""
MOST = 16
"""Flows in a world: 5 to the power of 16 is a twentieth of the base."""

PUBLIC, NETWORK, SECRET = Visibility.PUBLIC, Visibility.NETWORK, Visibility.CONFIDENTIAL


def marked(number: int, actor: int, partner: int | None, weight: int, **fields: object) -> Flow:
    """Make a flow whose mass says which flow it is."""
    return Flow(
        **{  # type: ignore[arg-type]
            "id": f"f{number:02d}",
            "actor_id": ACTORS[actor].id,
            "direction": Direction.OUT,
            "resource_id": "wood",
            "quantity": (weight * BASE_G + 5**number) / GRAMS,
            "unit": "t",
            "partner_id": None if partner is None else ACTORS[partner].id,
            **fields,
        }
    )


@st.composite
def worlds(draw: st.DrawFn) -> list[Flow]:
    """Flows of all visibilities, crowded into few cells so that many are close to the rule."""
    chance = draw(st.randoms(use_true_random=True))
    actors = chance.sample(range(12), chance.choice([4, 6, 12]))
    usual = chance.choice(["wood", "biowaste"])

    def seldom(value: object, otherwise: object) -> object:
        return value if chance.random() < 1 / 8 else otherwise

    return [
        marked(
            number,
            chance.choice(actors),
            seldom(chance.randrange(12), None),  # type: ignore[arg-type]
            chance.choice([1, 1, 1, 2, 9]),
            resource_id=seldom("wood", usual),
            direction=seldom(Direction.IN, Direction.OUT),
            visibility=chance.choice([PUBLIC, NETWORK, NETWORK, SECRET, SECRET, SECRET]),
            year=seldom(2023, None),
            partner_place=seldom("Bordeaux", ""),
            partner_name=seldom("Négoce", ""),
        )
        for number in range(draw(st.integers(6, MOST)))
    ]


def links_of(flows: Iterable[Flow]) -> Links:
    """Links of these flows; declarations are never paired (one resource and direction each)."""
    return build_links(flows, ACTORS, SQUARES, RESOURCES)


def decoded(difference: int, weights: dict[int, int]) -> dict[int, int]:
    """Which flows make up a sum of marked masses, and how many times (-2 … 2).

    Raises:
        AssertionError: the number is no sum of whole masses.
    """
    count = round(difference / BASE_G)
    rest = difference - count * BASE_G
    times = {}
    for number in range(MOST):
        digit = (rest + 2) % 5 - 2
        rest = (rest - digit) // 5
        if digit:
            times[number] = digit
    assert rest == 0
    assert sum(weights[n] * digit for n, digit in times.items()) == count
    return times


def may_be_told(rows: pd.DataFrame) -> bool:
    """Apply the rule link by link: three declarers, no one at 85 %, two left without any one."""
    if rows["actor_id"].nunique() < 3:
        return False
    total = int(grams(rows["mass_t"]).sum())
    touch = [
        {
            row["actor_id"],
            row["origin_actor"] or "name:" + row["partner_label"],
            row["destination_actor"] or "name:" + row["partner_label"],
        }
        - {"name:"}
        for row in rows.to_dict("records")
    ]
    masses = grams(rows["mass_t"])
    for actor in set().union(*touch):
        touched = sum(int(m) for m, who in zip(masses, touch, strict=True) if actor in who)
        others = {
            declarer
            for declarer, who in zip(rows["actor_id"], touch, strict=True)
            if actor not in who
        }
        if touched / total >= 0.85 or len(others) < 2:
            return False
    return True


def filters() -> st.SearchStrategy[FlowFilter]:
    """Anything the public may choose: mostly criteria that released sums survive."""

    def some(*values: object) -> st.SearchStrategy[tuple[object, ...]]:
        return st.one_of(st.just(()), st.sampled_from([(value,) for value in values]))

    return st.builds(
        FlowFilter,
        streams=some(Stream.WOOD, Stream.BIOWASTE),
        epcis=some("111111111", "222222222"),
        directions=some(*FlowDirection),
        years=some(2023, 0),
        communes=st.just(()) | some("01000"),
        actors=st.just(()) | some("a0000"),
        resources=st.just(()) | some("wood"),
        min_mass_t=st.sampled_from([0.0, 0.0, 1e7, 3e7]),
        top=st.sampled_from([None, None, 1, 3]),
    )


def published(seen: Links, chosen: FlowFilter) -> set[int]:
    """Numbers a screen shows, in grams, less what the viewer sees link by link."""
    found = apply_filter(seen, chosen).links
    apart = found.where(~found.frame["protected"])
    numbers = {round((found.total_t() - apart.total_t()) * GRAMS)}
    for level in (Level.ACTOR, Level.EPCI):
        keys = ["origin", "destination", "stream"]
        numbers |= less(aggregate(found, level).edges, aggregate(apart, level).edges, keys, "value")
    for column in ("inputs_t", "outputs_t", "stock_t"):
        tables = [balance(links, Perimeter.EPCI, ("year",)) for links in (found, apart)]
        numbers |= less(*tables, ["place", "year"], column)
    stages = (Stage.STREAM, Stage.SCOPE)
    return numbers | less(sankey(found, stages).nodes, sankey(apart, stages).nodes, ["id"], "value")


def less(table: pd.DataFrame, apart: pd.DataFrame, keys: list[str], column: str) -> set[int]:
    """Published minus visible, key by key, in grams."""
    numbers: Counter[str] = Counter()
    for frame, sign in ((table, 1), (apart, -1)):
        for *key, value in frame[[*keys, column]].itertuples(index=False, name=None):
            numbers[str(key)] += sign * round(np.nan_to_num(value) * GRAMS)
    return set(numbers.values())


@settings(max_examples=30, deadline=None)
@given(
    flows=worlds(),
    one=filters(),
    other=filters(),
    viewer=st.sampled_from([Viewer.PUBLIC, Viewer.NETWORK]),
)
def test_no_two_published_numbers_give_a_flow_back(
    flows: list[Flow], one: FlowFilter, other: FlowFilter, viewer: Viewer
) -> None:
    """Each number, and each difference of two, is made of sums that pass the rule."""
    links = links_of(flows)
    weights = {int(f.id[1:]): round((f.quantity or 0) * GRAMS / BASE_G) for f in flows}
    rows = links.frame.set_index(links.frame["link_id"].str[1:].astype(int))
    seen = release(links, viewer).links
    numbers = {0} | published(seen, one) | published(seen, other)
    suspects = set()
    for a, b in combinations(sorted(numbers), 2):
        times = decoded(b - a, weights)
        suspects |= {frozenset(n for n in times if times[n] * sign > 0) for sign in (1, -1)}
    for chosen in suspects - {frozenset()}:
        assert may_be_told(rows.loc[sorted(chosen)])


def test_the_attacker_would_catch_a_leak() -> None:
    """The same attack on totals of all flows, rule or no rule, finds the lone flow at once."""
    flows = [*secrets(1, 1, 1, 1), *secrets(5, first=10, resource_id="biowaste")]
    links = links_of(flows)
    weights = {int(f.id[1:]): round((f.quantity or 0) * GRAMS / BASE_G) for f in flows}
    wood = apply_filter(links, FlowFilter(streams=(Stream.WOOD,))).links.total_t()
    times = decoded(round((links.total_t() - wood) * GRAMS), weights)
    assert times == {10: 1}
    rows = links.frame.set_index(links.frame["link_id"].str[1:].astype(int))
    assert not may_be_told(rows.loc[list(times)])


@law
@given(flows=worlds())
def test_the_network_learns_no_secret_from_the_public_page(flows: list[Flow]) -> None:
    """Public sums, less what the network sees, are whole sums that the network was told."""
    links = links_of(flows)
    weights = {int(f.id[1:]): round((f.quantity or 0) * GRAMS / BASE_G) for f in flows}
    secret = {int(f.id[1:]) for f in flows if f.visibility is SECRET}
    told = {}
    for viewer in (Viewer.PUBLIC, Viewer.NETWORK):
        frame = release(links, viewer).links.frame
        sums = grams(frame["mass_t"][frame["protected"]])
        told[viewer] = [set(decoded(int(g), weights)) for g in sums]
        assert sum(map(len, told[viewer])) == len(set().union(*told[viewer])), "sums are disjoint"
    for numbers in told[Viewer.PUBLIC]:
        left = numbers & secret
        for whole in told[Viewer.NETWORK]:
            assert whole <= left or not whole & left
        assert left == set().union(*(w for w in told[Viewer.NETWORK] if w <= left))


@law
@given(
    data=st.lists(
        st.tuples(
            st.integers(0, 1),
            st.sampled_from([1, 2, 3, 20, 60]),
            st.integers(0, 4),
            st.none() | st.integers(0, 5),
            st.none() | st.integers(0, 5),
        ),
        min_size=1,
        max_size=14,
    )
)
def test_the_rule_is_the_one_written_link_by_link(
    data: list[tuple[int, int, int, int | None, int | None]],
) -> None:
    """The vectorised rule and the naive one agree on every cell."""
    cell = np.unique([d[0] for d in data], return_inverse=True)[1].astype(np.int64)
    contributions = pd.DataFrame(
        {
            "grams": [d[1] for d in data],
            "declarer": [d[2] for d in data],
            "sender": [-1 if d[3] is None else d[3] for d in data],
            "receiver": [-1 if d[4] is None else d[4] for d in data],
        }
    )
    naive = pd.DataFrame(
        {
            "mass_t": [d[1] / GRAMS for d in data],
            "actor_id": [str(d[2]) for d in data],
            "origin_actor": ["" if d[3] is None else str(d[3]) for d in data],
            "destination_actor": ["" if d[4] is None else str(d[4]) for d in data],
            "partner_label": "",
        }
    )
    assert list(passes(contributions, cell)) == [
        may_be_told(naive[cell == number]) for number in range(cell.max() + 1)
    ]


def secret_total(*flows: Flow, viewer: Viewer = Viewer.PUBLIC) -> float:
    """Tonnes of secret flows that the viewer's totals contain."""
    frame = release(links_of(flows), viewer).links.frame
    return float(frame.loc[frame["protected"], "mass_t"].sum())


def secrets(*weights: int, first: int = 0, actor: int = 0, **fields: object) -> list[Flow]:
    """Secret flows of as many actors to as many partners nowhere known."""
    return [
        marked(first + n, actor + n, None, weight, visibility=SECRET, **fields)
        for n, weight in enumerate(weights)
    ]


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ((1, 1, 1), True),
        ((1, 1), False),
        ((1,), False),
        ((20, 1, 1), False),
        ((8, 1, 1), True),
    ],
)
def test_three_actors_none_at_85_percent(weights: tuple[int, ...], told: bool) -> None:
    """The threshold and the dominance rule, seen from a total."""
    flows = secrets(*weights)
    expected = sum(f.quantity or 0 for f in flows) if told else 0.0
    assert secret_total(*flows) == pytest.approx(expected)


def test_one_actor_behind_every_flow_masks_them() -> None:
    """Three declarers, one buyer: the sum is the buyer's secret."""
    flows = [marked(n, n, 7, 1, visibility=SECRET) for n in range(3)]
    assert secret_total(*flows) == 0
    named = secrets(1, 1, 1, partner_place="Bordeaux", partner_name="Négoce")
    assert secret_total(*named) == 0


def test_a_partner_who_knows_two_flows_does_not_learn_the_third() -> None:
    """Three declarers, but one partner of two of them: the third would be alone."""
    flows = [
        marked(0, 0, 9, 1, visibility=SECRET),
        marked(1, 1, 9, 1, visibility=SECRET),
        marked(2, 2, None, 1, visibility=SECRET),
    ]
    assert secret_total(*flows) == 0


def test_a_masked_cell_is_not_given_back_by_the_total() -> None:
    """Four wood flows are told, one biowaste flow is not: the total leaves it out as well."""
    wood = secrets(1, 1, 1, 1)
    lone = secrets(5, first=10, resource_id="biowaste")
    assert secret_total(*wood, *lone) == pytest.approx(sum(f.quantity or 0 for f in wood))


def test_masked_cells_are_told_together_when_enough_of_them() -> None:
    """Two flows of wood, two of biowaste: neither stream is told, their sum is."""
    flows = [*secrets(1, 1), *secrets(1, 1, first=8, actor=4, resource_id="biowaste")]
    seen = release(links_of(flows), Viewer.PUBLIC)
    (row,) = seen.links.frame.to_dict("records")
    assert (row["stream"], row["origin"], row["destination"]) == ("", "territory", "unknown")
    assert row["mass_t"] == pytest.approx(sum(f.quantity or 0 for f in flows))
    assert apply_filter(seen.links, FlowFilter(streams=(Stream.WOOD,))).links.total_t() == 0
    assert (seen.hidden_count, seen.masked_count) == (4, 0)
    assert "4 flux" in seen.sentence


def test_each_viewer_sees_what_is_theirs() -> None:
    """The public sees public links, the network also its own, the team everything, untouched."""
    flows = [
        marked(0, 0, 1, 1),
        marked(1, 0, 2, 1, visibility=NETWORK),
        marked(2, 0, 3, 1, visibility=SECRET),
    ]
    links = links_of(flows)
    seen = {v: release(links, v) for v in Viewer}
    assert [list(seen[v].links.frame["link_id"]) for v in Viewer] == [
        ["f00"],
        ["f00", "f01"],
        ["f00", "f01", "f02"],
    ]
    assert [seen[v].hidden_count for v in Viewer] == [2, 1, 0]
    assert seen[Viewer.TEAM].sentence == ""


def test_a_release_names_nobody_hidden() -> None:
    """Places, gates, labels and disagreements that only secret flows mention are gone."""
    flows = [
        marked(0, 0, 1, 1),
        marked(1, 2, 3, 1, visibility=SECRET),
        marked(2, 3, 2, 9, visibility=SECRET, direction=Direction.IN),
        marked(3, 4, None, 1, visibility=SECRET, partner_place="Bordeaux", partner_name="Discret"),
    ]
    links = links_of(flows)
    assert len(links.disagreements) == 1
    seen = release(links, Viewer.PUBLIC).links
    assert seen.disagreements == ()
    assert set(seen.places.index[seen.places["kind"] == "actor"]) == {"actor:a0000", "actor:a0001"}
    assert "gate:bordeaux" not in seen.places.index
    assert "Discret" not in set(seen.frame["partner_label"])


def test_a_told_sum_has_no_detail_but_a_coarse_margin() -> None:
    """No actor, commune, month, cost, trip or resource; bounds in steps of ten percent."""
    flows = [
        replace(f, uncertainty=0.12 + n / 100, cost_eur_per_year=5.0, visits_per_week=1.0)
        for n, f in enumerate(secrets(1, 1, 1, 1))
    ]
    frame = release(links_of(flows), Viewer.PUBLIC).links.frame
    (row,) = frame.to_dict("records")
    for column in ("actor_id", "origin_actor", "origin_commune", "resource_id", "reliability"):
        assert row[column] == ""
    for column in ("cost_eur", "trips_stated", "volume_m3", "m01", "m12"):
        assert np.isnan(row[column])
    assert row["flow_ids"] == ()
    assert row["origin_epci"] == ""
    assert row["mass_low_t"] == pytest.approx(row["mass_t"] * 0.8)
    assert row["mass_high_t"] == pytest.approx(row["mass_t"] * 1.2)


def test_the_release_does_not_depend_on_what_is_asked() -> None:
    """What is hidden is counted once for all; secrets of unknown mass are in no sum."""
    flows = [*secrets(1, 1, 1), replace(secrets(1, first=9)[0], quantity=None)]
    seen = release(links_of(flows), Viewer.PUBLIC)
    assert (seen.hidden_count, seen.masked_count) == (4, 1)
    assert seen.links.unknown_count == 0


def test_nothing_to_hide_and_nothing_at_all() -> None:
    """An empty world is released as it is, to everyone."""
    for viewer in Viewer:
        seen = release(links_of([]), viewer)
        assert (len(seen.links), seen.hidden_count, seen.sentence) == (0, 0, "")
        assert "epci:111111111" in seen.links.places.index
