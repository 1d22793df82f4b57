"""A filter keeps what was chosen, and accounts for all the rest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.model import Direction, Flow, Reliability, ResourceFamily, Stream, Visibility
from geo.flows import (
    SEASONS,
    UNDATED,
    FlowDirection,
    FlowFilter,
    apply_filter,
    from_query,
    to_query,
)
from geo.flows.links import GRAMS, grams
from geo.flows.query import KEYS
from tests.geo.flows.worlds import ACTORS, SUMMER, flow, flow_lists, law, links_of

WEST, EAST = "111111111", "222222222"


def some(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """None, one or several of these values."""
    return st.lists(st.sampled_from(list(values)), max_size=3, unique=True).map(tuple)


def filters() -> st.SearchStrategy[FlowFilter]:
    """Any filter over the small world."""
    return st.builds(
        FlowFilter,
        visibilities=some(Visibility),
        years=some([2021, 2022, 2023, UNDATED]),
        families=some(ResourceFamily),
        streams=some(Stream),
        resources=some(["wood", "pallets", "a,b", "50 % é&=?"]),
        epcis=some([WEST, EAST]),
        communes=some(["01000", "01003"]),
        actors=some([a.id for a in ACTORS]),
        directions=some(FlowDirection),
        reliabilities=some(Reliability),
        months=some(range(1, 13)),
        known_only=st.booleans(),
        min_mass_t=st.sampled_from([0.0, 0.001, 1.0, 1e5]),
        top=st.none() | st.integers(1, 30),
    )


@law
@given(flows=flow_lists(), chosen=filters())
def test_kept_and_hidden_make_the_whole(flows: list[Flow], chosen: FlowFilter) -> None:
    """Links and grams: nothing vanishes without being said."""
    links = links_of(*flows)
    found = apply_filter(links, chosen)
    assert len(found.links) + found.hidden_count == len(links)
    kept = int(grams(found.links.frame["mass_t"]).sum())
    assert kept + round(found.hidden_t * GRAMS) == int(grams(links.frame["mass_t"]).sum())
    assert found.links.unknown_count + sum(h.unknown for h in found.hidden) == links.unknown_count


@given(chosen=filters())
def test_the_address_bar_gives_the_filter_back(chosen: FlowFilter) -> None:
    """Round trip, whatever the ids contain; other parameters are left alone."""
    assert from_query({**to_query(chosen), "page": "flux", "zoom": "x"}) == chosen


def test_an_empty_filter_writes_nothing() -> None:
    """A clean address for the default view; every criterion has its own short key."""
    assert to_query(FlowFilter()) == {}
    assert from_query({}) == FlowFilter()
    assert len(set(KEYS.values())) == len(KEYS)
    assert set(KEYS) == set(FlowFilter.__dataclass_fields__)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"filiere": "bois"}, "filiere"),
        ({"annee": "l’an passé"}, "annee"),
        ({"mois": "13"}, "mois"),
        ({"min": "nan"}, "min"),
        ({"min": "-1"}, "min"),
        ({"top": "0"}, "top"),
        ({"top": "dix"}, "top"),
        ({"sens": "in,de travers"}, "sens"),
    ],
)
def test_an_unreadable_link_is_refused_by_its_key(query: dict[str, str], field: str) -> None:
    """A pasted link gone wrong gives a French sentence, never a stack trace."""
    with pytest.raises(InputError) as caught:
        from_query(query)
    assert caught.value.field == field
    assert caught.value.message.endswith(".")


def kept(*flows: Flow, **chosen: Any) -> list[str]:
    """Ids of the links kept."""
    found = apply_filter(links_of(*flows), FlowFilter(**chosen))
    return list(found.links.frame["link_id"])


WAYS = (
    flow(1, 0, 1),  # within the west
    flow(2, 0, 4),  # west to east
    flow(3, 4, 0),  # east to west
    flow(4, 4, partner_place="Bordeaux"),
    flow(5, 0, direction=Direction.IN, partner_place="Bordeaux"),
    flow(6, 0),  # to nobody knows where
)


@pytest.mark.parametrize(
    ("direction", "everywhere", "in_the_west"),
    [
        (FlowDirection.IN, ["f0005"], ["f0003", "f0005"]),
        (FlowDirection.OUT, ["f0004", "f0006"], ["f0002", "f0006"]),
        (FlowDirection.INSIDE, ["f0001", "f0002", "f0003"], ["f0001", "f0002", "f0003"]),
        (FlowDirection.LEAVING, ["f0004"], []),
        (FlowDirection.ENTERING, ["f0005"], ["f0005"]),
        (FlowDirection.UNKNOWN, ["f0006"], ["f0006"]),
    ],
)
def test_in_and_out_are_seen_from_the_focus(
    direction: FlowDirection, everywhere: list[str], in_the_west: list[str]
) -> None:
    """In and out follow the chosen EPCI; inside, leaving, entering follow the territory."""
    assert kept(*WAYS, directions=(direction,)) == everywhere
    assert kept(*WAYS, directions=(direction,), epcis=(WEST,)) == in_the_west


def test_places_narrow_each_other_at_one_end() -> None:
    """An actor of the east, asked for in the west, is not there, even with a western partner."""
    assert kept(*WAYS, actors=("a0004",)) == ["f0002", "f0003", "f0004"]
    assert kept(*WAYS, actors=("a0004",), epcis=(WEST,)) == []
    assert kept(*WAYS, actors=("a0004",), communes=("01003",)) == ["f0002", "f0003", "f0004"]


def test_without_a_year_only_the_latest_counts() -> None:
    """Two years of one transfer never add up by accident; both are there when asked for."""
    flows = (flow(1, 0, 3, year=2022), flow(2, 0, 3, year=2023), flow(3, 0, 4, year=None))
    assert kept(*flows) == ["f0002", "f0003"]
    assert kept(*flows, years=(2022,)) == ["f0001"]
    assert kept(*flows, years=(2022, 2023)) == ["f0001", "f0002"]
    assert kept(*flows, years=(UNDATED,)) == ["f0003"]


def test_months_cut_amounts_down_to_themselves() -> None:
    """In July half of a summer flow moves, a twelfth of a steady one; the rest is accounted."""
    links = links_of(
        flow(1, 0, 3, quantity=12.0, seasonality=SUMMER, cost_eur_per_year=120.0),
        flow(2, 0, 4, quantity=12.0),
    )
    july = apply_filter(links, FlowFilter(months=(7,)))
    assert list(july.links.frame["mass_t"]) == [6.0, 1.0]
    assert july.links.frame["cost_eur"][0] == 60.0
    assert [(h.field, h.links, h.mass_t) for h in july.hidden] == [("months", 0, 17.0)]
    winter = apply_filter(links, FlowFilter(months=SEASONS["hiver"]))
    assert list(winter.links.frame["link_id"]) == ["f0002"]


def test_a_minimum_keeps_the_unknown_and_says_so_on_demand() -> None:
    """Nobody knows that an unknown quantity is small; it can be hidden on purpose."""
    flows = (flow(1, 0, 3, quantity=None), flow(2, 0, 4, quantity=0.5), flow(3, 0, 5, quantity=5.0))
    assert kept(*flows, min_mass_t=1.0) == ["f0001", "f0003"]
    assert kept(*flows, min_mass_t=1.0, known_only=True) == ["f0003"]


def test_the_top_is_by_mass_and_then_by_id() -> None:
    """Ties are broken the same way every time; unknown masses come last."""
    flows = [
        flow(n, 0, 3, resource_id="wood", quantity=q) for n, q in enumerate((1, 3, None, 3, 2))
    ]
    assert kept(*flows, top=1) == ["f0001"]
    assert kept(*flows, top=3) == ["f0001", "f0003", "f0004"]
    assert kept(*flows, top=9) == [f"f000{n}" for n in range(5)]


def test_each_criterion_says_what_it_hides() -> None:
    """In order, with links, tonnes and unknowns, in French."""
    links = links_of(
        flow(1, 0, 3), flow(2, 0, 3, resource_id="biowaste", quantity=None), flow(3, 4, 5)
    )
    found = apply_filter(links, FlowFilter(streams=(Stream.WOOD,), epcis=(WEST,)))
    assert [(h.field, h.links, h.mass_t, h.unknown) for h in found.hidden] == [
        ("streams", 1, 0.0, 1),
        ("epcis", 1, 1.0, 0),
    ]
    assert found.hidden[0].sentence == (
        "Filière\u202f: 1 flux masqué (0\u202ft/an, dont 1 de quantité inconnue)"
    )
