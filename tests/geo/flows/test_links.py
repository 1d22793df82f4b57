"""Every flow becomes a link with two placed ends, and nothing unknown becomes zero."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.model import Direction, Flow, Period, Territory, Visibility
from geo.flows import MassGap, Scope, build_links
from tests.geo.conftest import make_actor
from tests.geo.flows.worlds import (
    ACTORS,
    RESOURCES,
    SQUARES,
    SUMMER,
    flow,
    flow_lists,
    law,
    links_of,
)


@pytest.mark.parametrize(
    ("text", "place", "scope"),
    [
        ("", "unknown", Scope.UNKNOWN),
        ("France", "unknown", Scope.UNKNOWN),
        ("01001", "commune:01001", Scope.INSIDE),
        ("  bouleau ", "commune:01001", Scope.INSIDE),
        ("CE", "epci:222222222", Scope.INSIDE),
        ("Bordeaux", "gate:bordeaux", Scope.LEAVING),
        ("BORDEAUX MÉTROPOLE", "gate:bordeaux", Scope.LEAVING),
        ("33063", "gate:bordeaux", Scope.LEAVING),
        ("Frêne", "gate:02001", Scope.LEAVING),
        ("hors territoire", "outside", Scope.LEAVING),
        ("Trifouillis-les-Oies", "outside", Scope.LEAVING),
        ("sur place", "actor:a0000", Scope.INSIDE),
    ],
)
def test_the_partner_is_found_from_its_place(text: str, place: str, scope: Scope) -> None:
    """Codes and names inside, known names outside, any other name outside, nothing is unknown."""
    row = links_of(flow(1, partner_place=text)).frame.iloc[0]
    assert (row["origin"], row["destination"], row["scope"]) == ("actor:a0000", place, scope)


def test_a_known_partner_wins_over_its_place_and_a_lost_one_does_not() -> None:
    """The actor's own position is better than a text; an actor that is gone leaves the text."""
    links = links_of(
        flow(1, 0, 3, partner_place="Bordeaux"),
        flow(2, partner_id="gone", partner_place="Bordeaux"),
        flow(3, partner_id="gone", partner_name="Disparu"),
    )
    assert list(links.frame["destination"]) == ["actor:a0003", "gate:bordeaux", "unknown"]
    assert links.frame["partner_label"][2] == "Disparu"


def test_unknown_partner_and_outside_are_never_merged() -> None:
    """Two places, two kinds, two names, two positions."""
    links = links_of(flow(1), flow(2, partner_place="ailleurs"))
    unknown, outside = links.places.loc["unknown"], links.places.loc["outside"]
    assert (unknown["kind"], outside["kind"]) == ("unknown", "outside")
    assert (unknown["name"], outside["name"]) == ("Partenaire inconnu", "Hors territoire")
    assert math.dist((unknown["lon"], unknown["lat"]), (outside["lon"], outside["lat"])) > 0.1


def test_direction_decides_which_end_is_which() -> None:
    """An input comes from the partner."""
    links = links_of(flow(1, 0, 3, direction=Direction.IN))
    row = links.frame.iloc[0]
    assert (row["origin"], row["destination"]) == ("actor:a0003", "actor:a0000")
    assert (row["origin_epci"], row["destination_epci"]) == ("222222222", "111111111")
    assert row["declared_by"] == "destination"


def test_an_actor_outside_stands_on_the_border_and_keeps_its_true_place() -> None:
    """It is drawn at the eastern gate, but a distance to it is the true one."""
    links = links_of(flow(1, 0, 6))
    row, place = links.frame.iloc[0], links.places.loc["actor:a0006"]
    assert row["scope"] == Scope.LEAVING
    assert (place["lon"], place["lat"]) == pytest.approx((0.4, 45.05))
    assert (place["true_lon"], place["true_lat"]) == (3.0, 45.05)
    assert place["at_epci"] == place["at_commune"] == "gate:99001"
    assert links.places.loc["gate:99001", "name"] == "Hors territoire (99001)"


def test_an_actor_in_a_known_town_outside_shares_its_gate() -> None:
    """An actor of Bordeaux and « Bordeaux » as a place are gathered at one gate."""
    bordelais = make_actor(9, commune="33063", lon=-0.57, lat=44.84)
    links = links_of(
        flow(1, partner_id="a0009"),
        flow(2, partner_place="Bordeaux"),
        actors=(*ACTORS, bordelais),
    )
    assert links.places.loc["actor:a0009", "at_epci"] == "gate:bordeaux"


@pytest.mark.parametrize(
    ("fields", "gap"),
    [
        ({"quantity": None}, MassGap.QUANTITY),
        ({"unit": ""}, MassGap.UNIT),
        ({"unit": "gros sacs"}, MassGap.UNIT),
        ({"unit": "h"}, MassGap.NO_MASS),
        ({"unit": "m³", "resource_id": "biowaste"}, MassGap.NO_MASS),
        ({"resource_id": "never heard of"}, MassGap.NO_MASS),
        ({"quantity": -1.0}, MassGap.IMPLAUSIBLE),
        ({"quantity": math.nan}, MassGap.IMPLAUSIBLE),
        ({"quantity": math.inf}, MassGap.IMPLAUSIBLE),
        ({"quantity": 2e8}, MassGap.IMPLAUSIBLE),
    ],
)
def test_an_unknown_mass_says_why_and_is_not_zero(fields: dict[str, object], gap: MassGap) -> None:
    """Counted apart, absent from the total, with its reason."""
    links = links_of(flow(1, **fields), flow(2, quantity=3.0))
    assert links.frame["gap"][0] == gap
    assert math.isnan(links.frame["mass_t"][0])
    assert (links.unknown_count, links.total_t()) == (1, 3.0)


def test_a_stated_zero_is_a_zero() -> None:
    """Zero is an answer, unlike « unknown »."""
    links = links_of(flow(1, quantity=0.0))
    assert (links.frame["mass_t"][0], links.frame["gap"][0]) == (0.0, "")


def test_a_million_tonnes_does_not_swallow_two_kilograms() -> None:
    """Sums are exact to the gram."""
    links = links_of(flow(1, quantity=1e6), flow(2, quantity=2.0, unit="kg"))
    assert links.total_t() == 1_000_000.002


def test_an_empty_territory_keeps_every_flow() -> None:
    """Everything is outside or unknown, drawn where it is, and weighs the same."""
    empty = Territory(name="", epcis=(), communes=())
    flows = [flow(1, 0, 3), flow(2), flow(3, partner_place="Bordeaux")]
    links = build_links(flows, ACTORS, empty, RESOURCES)
    assert list(links.frame["scope"]) == [Scope.OUTSIDE, Scope.UNKNOWN, Scope.OUTSIDE]
    assert links.total_t() == 3.0
    assert links.places.loc["actor:a0000", "lon"] == 0.02


def test_no_flow_gives_no_link_and_the_whole_territory() -> None:
    """The empty frame has all its columns; communes and EPCI are there."""
    links = links_of()
    one = links_of(flow(1))
    assert len(links) == 0
    assert links.frame.dtypes.equals(one.frame.dtypes)
    assert {"commune:01003", "epci:111111111", "outside", "unknown"} <= set(links.places.index)
    assert (links.total_t(), links.years, links.unknown_count) == (0.0, (), 0)


def test_a_link_is_as_secret_as_its_strictest_part() -> None:
    """A public flow of a confidential actor, on either side, is confidential."""
    hidden = make_actor(9, name="Discret")
    actors = (*ACTORS, replace(hidden, visibility=Visibility.CONFIDENTIAL))
    links = links_of(
        flow(1, 0, 3),
        flow(2, 0, 3, resource_id="pallets", visibility=Visibility.NETWORK),
        flow(3, actor_id="a0009"),
        flow(4, 0, partner_id="a0009"),
        actors=actors,
    )
    assert list(links.frame["visibility"]) == ["public", "network", "confidential", "confidential"]


def test_the_latest_year_of_a_transfer_is_the_current_one() -> None:
    """Older years of the same transfer are not; undated flows always are."""
    links = links_of(
        flow(1, 0, 3, year=2021),
        flow(2, 0, 3, year=2023),
        flow(3, 0, 3, year=None),
        flow(4, 0, 2, year=2021),
        flow(5, partner_place="Bordeaux", partner_name="Scierie", year=2021),
        flow(6, partner_place="Bordeaux", partner_name="Menuiserie", year=2022),
    )
    assert list(links.frame["current"]) == [False, True, True, True, True, True]
    assert links.years == (2021, 2022, 2023)


def test_months_trips_and_volumes_come_along() -> None:
    """Weights become shares; a campaign of ten weeks makes ten weeks of trips."""
    links = links_of(
        flow(
            1,
            period=Period.WEEK,
            periods_per_year=10,
            visits_per_week=2,
            seasonality=SUMMER,
            quantity=3.0,
            unit="m³",
        ),
        flow(2),
    )
    row, steady = links.frame.iloc[0], links.frame.iloc[1]
    assert [row["m06"], row["m07"], row["m08"], row["m01"]] == [0.25, 0.5, 0.25, 0.0]
    assert row["trips_stated"] == pytest.approx(20)
    assert row["volume_m3"] == pytest.approx(30)
    assert (row["seasonal"], steady["seasonal"]) == (True, False)
    assert steady["m01"] == pytest.approx(1 / 12)
    assert math.isnan(steady["trips_stated"])


@law
@given(flows=flow_lists(), data=st.data())
def test_links_do_not_depend_on_the_order_of_flows(flows: list[Flow], data: st.DataObject) -> None:
    """Shuffled in, the same links out."""
    shuffled = data.draw(st.permutations(flows))
    one = build_links(flows, ACTORS, SQUARES, RESOURCES)
    other = build_links(shuffled, ACTORS, SQUARES, RESOURCES)
    assert one.frame.equals(other.frame)
    assert one.places.equals(other.places)
    assert one.disagreements == other.disagreements


@law
@given(flows=flow_lists())
def test_no_declaration_is_ever_lost(flows: list[Flow]) -> None:
    """Each flow is behind exactly one link; bounds enclose the mass; shares sum to one."""
    links = build_links(flows, ACTORS, SQUARES, RESOURCES)
    behind = [flow_id for ids in links.frame["flow_ids"] for flow_id in ids]
    assert sorted(behind) == sorted(f.id for f in flows)
    known = links.frame.dropna(subset="mass_t")
    assert (known["mass_low_t"] <= known["mass_t"]).all()
    assert (known["mass_t"] <= known["mass_high_t"]).all()
    assert (links.frame["mass_t"].isna() == (links.frame["gap"] != "")).all()
    months = links.frame[[f"m{m:02d}" for m in range(1, 13)]].sum(axis=1)
    assert months.between(1 - 1e-9, 1 + 1e-9).all()
